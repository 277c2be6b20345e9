//! Bad use gives an error whose text names the symbol and both sizes. Nothing panics, and what
//! was refused leaves no trace.

mod back;
mod random;
mod steps;

use gate_runtime::cells::{Lstm, LstmState, MLstm, TauGru, TimeAwareLstm};
use gate_runtime::train::Bidirectional;
use gate_runtime::{Cell, CellGrads, Error, Sequence, Tape};
use ndarray::{Array2, Array3};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Steps, rows, features, units.
const T: usize = 5;
const B: usize = 3;
const I: usize = 4;
const H: usize = 6;

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(1)
}

fn lstm() -> Lstm<f64> {
    Lstm::new(I, H, &mut rng()).expect("sizes that fit")
}

fn timed() -> TimeAwareLstm<f64> {
    TimeAwareLstm::with_sizes(
        &[I, H][..TimeAwareLstm::<f64>::INFO.sizes.len()],
        &mut rng(),
    )
    .expect("sizes that fit")
}

fn x() -> Array3<f64> {
    Array3::from_elem((T, B, I), 0.5)
}

/// The result is an error whose text has all these parts.
#[track_caller]
fn refused<V>(result: Result<V, Error>, parts: &[&str]) {
    let text = match result {
        Ok(_) => panic!("accepted, but {parts:?} is wrong"),
        Err(error) => error.to_string(),
    };
    for part in parts {
        assert!(text.contains(part), "no `{part}` in: {text}");
    }
}

// ---- sizes of a cell ------------------------------------------------------------------------

#[test]
fn a_size_of_zero() {
    refused(
        Lstm::<f64>::new(0, H, &mut rng()),
        &["Lstm", "`x`", "0", "at least 1"],
    );
    refused(
        Lstm::<f64>::new(I, 0, &mut rng()),
        &["Lstm", "`h`", "0", "at least 1"],
    );
}

/// Sizes whose products cannot be counted, and such that no memory holds.
#[test]
fn sizes_beyond_memory() {
    let (many, more) = (usize::MAX / 4, usize::MAX >> 24);
    for (x, h) in [
        (many, 4),
        (4, many),
        (more, 1 << 20),
        (usize::MAX, usize::MAX),
    ] {
        let sizes = format!("[{x}, {h}]");
        let cell = Lstm::<f64>::new(x, h, &mut rng());
        refused(cell, &["Lstm of sizes", &sizes, "do not fit in memory"]);
        let head = gate_runtime::train::Linear::<f32>::new(x, h, &mut rng());
        refused(head, &["Linear of sizes", &sizes, "do not fit in memory"]);
    }
    gate_runtime::cell! {
        struct Doubled { h_t = W * [x_t, x_t, 0.5 * h_{t-1}]; }
    }
    refused(
        Doubled::<f32>::new(usize::MAX / 2, 1, &mut rng()),
        &["Doubled", "do not fit in memory"],
    );
}

fn panics<R>(work: impl FnOnce() -> R + std::panic::UnwindSafe) -> String {
    let done = std::panic::catch_unwind(work).map(drop);
    let panic = done.expect_err("a panic");
    panic.downcast_ref::<String>().expect("a text").clone()
}

#[test]
fn rows_beyond_memory() {
    for rows in [usize::MAX, usize::MAX >> 4] {
        let expected = format!("there is no memory for {rows} rows of Lstm; use fewer");
        assert_eq!(panics(move || drop(lstm().zero_state(rows))), expected);
        assert_eq!(panics(move || drop(lstm().stream(rows))), expected);
    }
}

/// What has no such number is named, and so is a tape that nothing ran on.
#[test]
fn numbers_of_inputs_and_outputs_that_are_none() {
    let cell = lstm();
    let none = "Lstm has 1 input, counted from 0, so no input 2";
    assert_eq!(panics(|| lstm().input_width(2)), none);
    assert_eq!(panics(|| lstm().zero_grads().input(2).dim()), none);
    let none = "Lstm has 1 output, counted from 0, so no output 1";
    assert_eq!(panics(|| lstm().output_width(1)), none);
    let mut tape = Tape::new();
    cell.predict(&x(), &mut tape).expect("a sequence that fits");
    let dim = std::panic::AssertUnwindSafe(|| tape.output(1).dim());
    assert_eq!(panics(dim), none);
    let empty = "the tape has no run of Lstm; call `record` or `predict` first";
    type Empty = Tape<Lstm<f64>>;
    assert_eq!(panics(|| Empty::new().output(0).dim()), empty);
    assert_eq!(panics(|| Empty::new().state().clone()), empty);
}

/// Costs and cards for sizes of which no cell is made.
#[test]
fn costs_of_sizes_that_are_none() {
    let info = Lstm::<f32>::INFO;
    let few = "Lstm has 2 independent sizes, but 1 was given";
    assert!(panics(move || drop(info.card(&[I]))).starts_with(few));
    let cost = panics(move || assert_eq!(info.cost(&[I]).tape, 0));
    assert!(cost.starts_with(few), "{cost}");
    for sizes in [[usize::MAX; 2], [1 << 33; 2]] {
        let cost = panics(move || assert_eq!(info.cost(&sizes).tape, 0));
        assert!(cost.contains("do not fit in memory"), "{cost}");
    }
}

/// A view may repeat its elements: it is long without taking memory.
#[test]
fn sequences_beyond_memory() {
    let (cell, mut tape, row) = (lstm(), Tape::new(), [0.5; I]);
    let both = Bidirectional::from_layers(lstm(), lstm()).expect("two alike");
    cell.record(&x(), &mut tape).expect("a sequence that fits");
    let before = tape.output(0).to_owned();
    for (steps, rows) in [(1 << 40, 1), (1, 1 << 40), (1 << 56, 1), (1 << 20, 1 << 20)] {
        let long = ndarray::aview1(&row);
        let long = long.broadcast((steps, rows, I)).expect("repeated elements");
        let of = |count, noun| match count {
            1 => format!("1 {noun}"),
            _ => format!("{count} {noun}s"),
        };
        let (steps, rows) = (of(steps, "step"), of(rows, "row"));
        let expected = format!("a sequence of {steps} of {rows} for Lstm does not fit in memory");
        refused(cell.forward(long), &[&expected]);
        refused(cell.predict(long, &mut tape), &[&expected]);
        refused(cell.record(long, &mut tape), &[&expected]);
        assert_eq!(tape.output(0), before);
        refused(both.forward(long, None), &[&expected]);
        refused(
            both.record(long, None, &mut Default::default()),
            &[&expected],
        );
    }
    let next = x();
    let on = Sequence::new(next.view()).continued();
    cell.record(on, &mut tape).expect("the earlier state");
}

#[test]
fn slices_that_do_not_fit() {
    gate_runtime::cell! {
        struct Sliced { g_t = W * x_t; h_t = V * g_t[2..5] + 0.5 * h_{t-1}; }
    }
    gate_runtime::cell! {
        struct Halves { (a, b) = chunk(x_t, 2); h_t = V * (a .* b) + 0.5 * h_{t-1}; }
    }
    refused(
        Sliced::<f64>::with_sizes(&[I, H, 4], &mut rng()),
        &["Sliced", "`g`", "ends at 5", "there are 4 elements"],
    );
    assert!(Sliced::<f64>::with_sizes(&[I, H, 5], &mut rng()).is_ok());
    refused(
        Halves::<f64>::with_sizes(&[5, H], &mut rng()),
        &["Halves", "5/2", "no whole number"],
    );
}

#[test]
fn a_wrong_number_of_sizes() {
    refused(
        Lstm::<f64>::with_sizes(&[I], &mut rng()),
        &["Lstm", "2 independent", "1 was given", "Lstm::INFO.sizes"],
    );
    refused(
        Lstm::<f64>::with_sizes(&[I, H, 2], &mut rng()),
        &["2 independent", "3 were given"],
    );
    refused(
        Lstm::<f64>::with_sizes(&[], &mut rng()),
        &["2 independent", "0 were given"],
    );
}

// ---- what a run is given --------------------------------------------------------------------

#[test]
fn a_wrong_number_of_features() {
    let wrong = Array3::zeros((T, B, I + 1));
    refused(
        lstm().forward(&wrong),
        &[
            "`x",
            "Lstm",
            "[5, 3, 4]",
            "[5, 3, 5]",
            "axis 2 is 5 instead of 4",
        ],
    );
    refused(
        lstm().record(&wrong, &mut Tape::new()),
        &["`x", "[5, 3, 4]", "[5, 3, 5]"],
    );
    let none = Array3::zeros((T, B, 0));
    refused(lstm().forward(&none), &["`x", "[5, 3, 4]", "[5, 3, 0]"]);
}

#[test]
fn inputs_that_do_not_fit_one_another() {
    let x = x();
    let (batch, steps, wide) = (
        Array3::zeros((T, B + 1, 1)),
        Array3::zeros((T - 1, B, 1)),
        Array3::zeros((T, B, 2)),
    );
    refused(
        timed().forward([&x, &batch]),
        &["`d", "[5, 3, 1]", "[5, 4, 1]", "axis 1 is 4 instead of 3"],
    );
    refused(
        timed().forward([&x, &steps]),
        &["`d", "[5, 3, 1]", "[4, 3, 1]", "axis 0 is 4 instead of 5"],
    );
    refused(
        timed().forward([&x, &wide]),
        &["`d", "[5, 3, 1]", "[5, 3, 2]", "axis 2 is 2 instead of 1"],
    );
}

#[test]
fn a_wrong_number_of_inputs() {
    let x = x();
    refused(
        timed().forward(&x),
        &["TimeAwareLstm", "2 inputs, but 1 was given"],
    );
    refused(
        lstm().forward([&x, &x]),
        &["Lstm", "1 input, but 2 were given"],
    );
}

#[test]
fn an_empty_sequence() {
    refused(
        lstm().forward(&Array3::zeros((0, B, I))),
        &["Lstm", "0 steps of 3 rows"],
    );
    refused(
        lstm().forward(&Array3::zeros((T, 0, I))),
        &["Lstm", "5 steps of 0 rows"],
    );
}

#[test]
fn lengths_that_do_not_fit() {
    let x = x();
    let with = |lengths: &[usize]| lstm().forward(Sequence::new(x.view()).lengths(lengths));
    refused(with(&[5, 6, 1]), &["row 1", "length 6", "5 steps"]);
    refused(with(&[5, 2, 0]), &["row 2", "length 0", "5 steps"]);
    refused(with(&[usize::MAX, 2, 1]), &["row 0", "5 steps"]);
    refused(
        with(&[5, 2]),
        &["2 lengths were given for a batch of 3 rows"],
    );
    refused(with(&[5, 2, 1, 1]), &["4 lengths were", "3 rows"]);
    refused(with(&[]), &["0 lengths were", "3 rows"]);
}

#[test]
fn a_state_of_the_wrong_shape() {
    let x = x();
    let mut narrow: LstmState<f64> = lstm().zero_state(B);
    narrow.C = Array2::zeros((B, H - 1));
    refused(
        lstm().forward(Sequence::new(x.view()).state(&narrow)),
        &["`C", "Lstm", "[3, 6]", "[3, 5]"],
    );
    let other_batch = lstm().zero_state(B + 2);
    refused(
        lstm().forward(Sequence::new(x.view()).state(&other_batch)),
        &["Lstm", "[3, 6]", "[5, 6]", "axis 0 is 5 instead of 3"],
    );
    // A state of another cell.
    let other = timed();
    let tau = TauGru::<f64>::new(I, H, &mut rng()).expect("sizes that fit");
    refused(
        tau.forward(Sequence::new(x.view()).state(&lstm().zero_state(B))),
        &["TauGru", "1 field, but 2 were given"],
    );
    refused(
        tau.forward(Sequence::new(x.view()).state(&tau.zero_state(B + 1))),
        &["`h", "[5, 3, 6]", "[5, 4, 6]"],
    );
    assert!(other.forward([&x, &Array3::ones((T, B, 1))]).is_ok());
}

#[test]
fn going_on_where_a_tape_ended() {
    let (cell, x, mut tape) = (lstm(), x(), Tape::new());
    let on = |x: &Array3<f64>, tape: &mut Tape<_>| cell.record(Sequence::from(x).continued(), tape);
    refused(on(&x, &mut tape), &["Lstm", "`continued`"]);
    refused(
        cell.forward(Sequence::from(&x).continued()),
        &["`continued`", "`forward` has no tape", "give it a state"],
    );
    cell.record(&x, &mut tape).expect("a recording");
    let state = tape.state().clone();
    refused(
        on(&Array3::zeros((T, B + 1, I)), &mut tape),
        &["`h", "[4, 6]", "[3, 6]"],
    );
    on(&x, &mut tape).expect("a recording");
    let given = cell
        .forward(Sequence::from(&x).state(&state))
        .expect("a run");
    assert_eq!(tape.output(0), given.output());
    assert_eq!(tape.state(), &given.state);
}

#[test]
fn two_initial_states() {
    use gate_runtime::train::Layer;
    let (cell, x) = (lstm(), x());
    let (a, b) = (cell.zero_state(B), cell.zero_state(B));
    let two = ["Lstm", "two initial states", "leave one of them out"];
    let sequence = || Sequence::from(&x);
    refused(cell.infer(sequence().state(&a), Some(&b)), &two);
    let mut tape = Tape::new();
    refused(cell.trace(sequence().state(&a), Some(&b), &mut tape), &two);
    cell.trace(sequence(), None, &mut tape)
        .expect("a recording");
    refused(
        cell.trace(sequence().continued(), Some(&b), &mut tape),
        &two,
    );
    cell.infer(sequence().state(&a), None).expect("one state");
    cell.infer(sequence(), Some(&a)).expect("one state");
}

#[test]
fn a_matrix_state_of_another_batch() {
    let sizes = &[I, H, 2][..MLstm::<f64>::INFO.sizes.len()];
    let cell = MLstm::<f64>::with_sizes(sizes, &mut rng()).expect("sizes that fit");
    let x = Array3::zeros((T, B, cell.input_width(0)));
    let state = cell.zero_state(B + 1);
    refused(
        cell.forward(Sequence::new(x.view()).state(&state)),
        &["MLstm", "must have shape [3", "has [4"],
    );
}

/// A sequence that lies in no memory, as every step is the same one.
#[test]
fn an_interpreter_of_a_sequence_without_end() {
    use gate_runtime::interpret::{Inputs, Interpreter};
    let (cell, step) = (lstm(), Array3::ones((1, 1, I)));
    let slow = Interpreter::new(Lstm::<f64>::INFO, cell.sizes()).expect("sizes that fit");
    let views = [step.broadcast((1 << 50, 1, I)).expect("a view")];
    let refusal = slow.run(&Inputs::new(cell.params(), &views));
    refused(
        refusal,
        &["1125899906842624 steps", "does not fit in memory"],
    );
}
