//! Going back over a tape.

use gate_runtime::cells::Lstm;
use gate_runtime::{Cell, CellGrads, Seeds, Sequence, Tape};
use ndarray::Array3;

use super::{B, H, I, T, lstm, refused, rng, x};

#[test]
fn going_back_before_a_recording() {
    let seeds = Array3::zeros((T, B, H));
    refused(
        lstm().backward(&mut Tape::new(), &seeds, &mut lstm().zero_grads()),
        &["Lstm", "`record`", "`backward`"],
    );
}

#[test]
fn going_back_twice() {
    let (cell, mut tape, seeds) = (lstm(), Tape::new(), Array3::ones((T, B, H)));
    let mut grads = cell.zero_grads();
    cell.record(&x(), &mut tape).expect("a recording");
    cell.backward(&mut tape, &seeds, &mut grads)
        .expect("the first time");
    let before = grads.params().to_vec();
    refused(
        cell.backward(&mut tape, &seeds, &mut grads),
        &["Lstm", "`record` before each `backward`"],
    );
    assert_eq!(before, grads.params(), "a refused pass adds nothing");
}

#[test]
fn seeds_of_the_wrong_shape() {
    let cell = lstm();
    let back = |seeds: Seeds<'_, f64>| {
        let mut tape = Tape::new();
        cell.record(&x(), &mut tape).expect("a recording");
        cell.backward(&mut tape, seeds, &mut cell.zero_grads())
    };
    let (right, steps, rows, units) = (
        Array3::zeros((T, B, H)),
        Array3::zeros((T + 1, B, H)),
        Array3::zeros((T, 1, H)),
        Array3::zeros((T, B, I)),
    );
    refused(
        back(Seeds::from(&steps)),
        &["`h", "[5, 3, 6]", "[6, 3, 6]", "axis 0"],
    );
    refused(
        back(Seeds::from(&rows)),
        &["`h", "[5, 3, 6]", "[5, 1, 6]", "axis 1"],
    );
    refused(
        back(Seeds::from(&units)),
        &["`h", "[5, 3, 6]", "[5, 3, 4]", "axis 2"],
    );
    refused(
        back(Seeds::outputs(&[right.view(), right.view()])),
        &["1 output,", "2 were given"],
    );
    refused(
        back(Seeds::from(&right).state(&cell.zero_state(B - 1))),
        &["[3, 6]", "[2, 6]"],
    );
    assert!(
        back(Seeds::outputs(&[])).is_ok(),
        "seeds that are left out are zero"
    );
}

/// Seeds that do not fit can be corrected without another recording.
#[test]
fn refused_seeds_do_not_use_up_the_tape() {
    let (cell, mut tape) = (lstm(), Tape::new());
    let mut grads = cell.zero_grads();
    cell.record(&x(), &mut tape).expect("a recording");
    refused(
        cell.backward(&mut tape, &Array3::zeros((T, B, I)), &mut grads),
        &["[5, 3, 6]"],
    );
    cell.backward(&mut tape, &Array3::ones((T, B, H)), &mut grads)
        .expect("the right seeds");
    assert!(grads.params().iter().any(|&g| g != 0.0));
}

#[test]
fn a_tape_of_a_cell_of_other_sizes() {
    let (cell, mut tape) = (lstm(), Tape::new());
    let other = Lstm::<f64>::new(I, H + 1, &mut rng()).expect("sizes that fit");
    cell.record(&x(), &mut tape).expect("a recording");
    let result = other.backward(
        &mut tape,
        &Array3::zeros((T, B, H + 1)),
        &mut other.zero_grads(),
    );
    refused(result, &["Lstm", "[4, 6]", "[4, 7]", "record again"]);
    refused(tape.get(&other, "f"), &["Lstm", "[4, 6]", "[4, 7]"]);
}

#[test]
fn a_tape_of_another_cell() {
    let (cell, mut tape, seeds) = (lstm(), Tape::new(), Array3::ones((T, B, H)));
    let mut other = lstm();
    other.params_mut()[0] += 1.0;
    let mut grads = other.zero_grads();
    cell.record(&x(), &mut tape).expect("a recording");
    let parts = ["the tape was recorded by another Lstm", "record again"];
    refused(other.backward(&mut tape, &seeds, &mut grads), &parts);
    refused(tape.get(&other, "f"), &parts);
    refused(
        other.record(Sequence::from(&x()).continued(), &mut tape),
        &parts,
    );
    assert!(grads.params().iter().all(|&g| g == 0.0));
}

/// The tape has the parameters of the recording, so that they may change before the way back.
#[test]
fn a_tape_of_the_same_cell_at_another_time_or_place() {
    let (mut cell, seeds) = (lstm(), Array3::ones((T, B, H)));
    let gradients = |cell: &Lstm<f64>, tape: &mut Tape<_>| {
        let mut grads = cell.zero_grads();
        cell.backward(tape, &seeds, &mut grads).expect("a way back");
        grads.params().to_vec()
    };
    let record = |cell: &Lstm<f64>| {
        let mut tape = Tape::new();
        cell.record(&x(), &mut tape).expect("a recording");
        tape
    };
    let expected = gradients(&cell, &mut record(&cell));
    // A copy by numbers, as from a file or another thread.
    let mut equal = lstm();
    equal.params_mut().fill(0.0);
    equal.params_mut().copy_from_slice(cell.params());
    assert_eq!(gradients(&equal, &mut record(&cell)), expected);
    let (mut tape, mut of_clone) = (record(&cell), record(&cell.clone()));
    cell.params_mut().iter_mut().for_each(|p| *p *= 0.5);
    assert_eq!(gradients(&cell, &mut tape), expected);
    assert_eq!(gradients(&cell, &mut of_clone), expected);
    cell.record(Sequence::from(&x()).continued(), &mut tape)
        .expect("to go on after a step");
}

#[test]
fn a_recording_that_failed() {
    let (cell, mut tape, wide) = (lstm(), Tape::new(), Array3::zeros((T, B, I + 1)));
    let (seeds, mut grads) = (Array3::ones((T, B, H)), cell.zero_grads());
    cell.record(&x(), &mut tape).expect("a recording");
    refused(cell.record(&wide, &mut tape), &["[5, 3, 5]"]);
    refused(
        cell.backward(&mut tape, &seeds, &mut grads),
        &["`record` before each `backward`"],
    );
    refused(tape.get(&cell, "f"), &["recorded"]);
    cell.record(Sequence::from(&x()).continued(), &mut tape)
        .expect("its state is still there");
}

#[test]
fn gradients_of_a_cell_of_other_sizes() {
    let (cell, mut tape) = (lstm(), Tape::new());
    let other = Lstm::<f64>::new(I, H + 1, &mut rng()).expect("sizes that fit");
    let mut grads = other.zero_grads();
    cell.record(&x(), &mut tape).expect("a recording");
    refused(
        cell.backward(&mut tape, &Array3::ones((T, B, H)), &mut grads),
        &["Lstm", "[4, 7]", "[4, 6]"],
    );
    assert!(
        grads.params().iter().all(|&g| g == 0.0),
        "a refused pass adds nothing"
    );
}

#[test]
fn gradients_that_were_left_out() {
    let (cell, mut tape, seeds) = (lstm(), Tape::new(), Array3::ones((T, B, H)));
    let mut grads = cell.zero_grads();
    cell.record(&x(), &mut tape).expect("a recording");
    cell.backward(&mut tape, Seeds::from(&seeds).without_inputs(), &mut grads)
        .expect("a backward pass");
    assert_eq!(grads.input(0).len(), 0);
}

#[test]
fn an_unknown_symbol() {
    let (cell, mut tape) = (lstm(), Tape::new());
    refused(tape.get(&cell, "f"), &["Lstm", "recorded"]);
    cell.record(&x(), &mut tape).expect("a recording");
    refused(
        tape.get(&cell, "forget"),
        &["Lstm", "`forget`", "f, i, g, o, C, h"],
    );
    refused(tape.get(&cell, "W_x_f"), &["Lstm", "`W_x_f`"]);
    assert_eq!(tape.get(&cell, "f").expect("a gate").dim(), (T, B, H));
    let [by_ident, as_written] = ["C", "C_t"].map(|name| tape.get(&cell, name).expect("a state"));
    assert_eq!(by_ident, as_written);
    refused(tape.get(&cell, "C_t_t"), &["`C_t_t`"]);
}
