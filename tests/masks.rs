//! Dropout and zoneout: masks come from the seed alone, and act as their expectation without one.

mod proof;

use gate_runtime::cells::{
    RecurrentDropoutLstm, RecurrentDropoutLstmState, ZoneoutLstm, ZoneoutLstmState,
};
use gate_runtime::interpret::{Inputs, Interpreter, OutputSeeds};
use gate_runtime::{Cell, CellGrads, CellState, Run, Seeds, Sequence, Tape};
use ndarray::{Array2, Array3, s};
use proof::Problem;

const SIZES: &[usize] = &[3, 5];

fn problem<C: Cell<Scalar = f64>>(steps: usize, rows: usize) -> Problem<C> {
    Problem::with(SIZES, 8, steps, rows, None, true)
}

fn run<C: Cell<Scalar = f64>>(problem: &Problem<C>, seed: Option<u64>) -> Run<C> {
    let sequence = problem.sequence();
    let sequence = match seed {
        Some(seed) => sequence.training(seed),
        None => sequence,
    };
    problem.cell.forward(sequence).expect("a run")
}

fn seeds_decide<C: Cell<Scalar = f64>>() {
    let problem = problem::<C>(6, 4);
    let outputs = |seed| run(&problem, seed).outputs;
    assert_eq!(outputs(Some(1)), outputs(Some(1)));
    assert_ne!(outputs(Some(1)), outputs(Some(2)));
    assert_ne!(outputs(Some(1)), outputs(None));
    assert_eq!(outputs(None), outputs(None));
}

#[test]
fn seeds_decide_zoneout() {
    seeds_decide::<ZoneoutLstm<f64>>();
}

#[test]
fn seeds_decide_dropout() {
    seeds_decide::<RecurrentDropoutLstm<f64>>();
}

/// The loss of a problem with the masks of a seed.
fn loss<C: Cell<Scalar = f64>>(problem: &Problem<C>, seed: u64) -> f64 {
    let run = run(problem, Some(seed));
    let outputs: f64 = run
        .outputs
        .iter()
        .zip(&problem.outputs)
        .map(|(y, g)| (y * g).sum())
        .sum();
    let states: f64 = run
        .state
        .fields()
        .iter()
        .zip(problem.last.fields())
        .map(|(s, g)| (s * &g).sum())
        .sum();
    outputs + states
}

/// Central difference of the loss.
fn difference<C: Cell<Scalar = f64>>(
    problem: &mut Problem<C>,
    seed: u64,
    number: impl Fn(&mut Problem<C>) -> &mut f64,
) -> f64 {
    const STEP: f64 = 1e-5;
    let before = *number(problem);
    *number(problem) = before + STEP;
    let above = loss(problem, seed);
    *number(problem) = before - STEP;
    let below = loss(problem, seed);
    *number(problem) = before;
    (above - below) / (2.0 * STEP)
}

fn close(found: f64, expected: f64, what: &str) {
    assert!(
        (found - expected).abs() < 2e-7 * (1.0 + expected.abs()),
        "{what}: derived {found}, by differences {expected}"
    );
}

/// The backward pass uses the masks of the forward pass.
fn gradients_are_differences<C: Cell<Scalar = f64>>() {
    const SEED: u64 = 5;
    let lengths = Some(vec![4, 6, 1, 3]);
    let mut problem = Problem::<C>::with(SIZES, 8, 6, 4, lengths, true);
    let (mut tape, mut grads) = (Tape::new(), problem.cell.zero_grads());
    problem
        .cell
        .record(problem.sequence().training(SEED), &mut tape)
        .expect("a recording");
    let views: Vec<_> = problem.outputs.iter().map(|g| g.view()).collect();
    problem
        .cell
        .backward(
            &mut tape,
            Seeds::outputs(&views).state(&problem.last),
            &mut grads,
        )
        .expect("a backward pass");
    let name = C::INFO.name;
    for (at, &found) in grads.params().iter().enumerate() {
        close(
            found,
            difference(&mut problem, SEED, |p| &mut p.cell.params_mut()[at]),
            &format!("{name}: parameter {at}"),
        );
    }
    for (at, &found) in grads.input(0).iter().enumerate() {
        let expected = difference(&mut problem, SEED, |p| {
            &mut p.inputs[0].as_slice_mut().expect("contiguous")[at]
        });
        close(found, expected, &format!("{name}: input at {at}"));
    }
}

#[test]
fn gradients_of_zoneout_are_differences() {
    gradients_are_differences::<ZoneoutLstm<f64>>();
}

#[test]
fn gradients_of_dropout_are_differences() {
    gradients_are_differences::<RecurrentDropoutLstm<f64>>();
}

/// The mean of some numbers, and how far it may be from the expectation: five standard errors.
fn mean(samples: &[f64]) -> (f64, f64) {
    let count = samples.len() as f64;
    let mean = samples.iter().sum::<f64>() / count;
    let variance = samples.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, 5.0 * (variance / count).sqrt() + 1e-12)
}

/// After one step the memory is linear in the masks: its mean over many seeds is what a run
/// without a seed gives.
fn expectation<C: Cell<Scalar = f64>>(memory: impl Fn(&C::State) -> Array2<f64>) {
    let problem = problem::<C>(1, 3);
    let expected = memory(&run(&problem, None).state);
    let samples: Vec<Array2<f64>> = (0..2000)
        .map(|seed| memory(&run(&problem, Some(seed)).state))
        .collect();
    for (at, &value) in expected.indexed_iter() {
        let (mean, tolerance) = mean(&samples.iter().map(|sample| sample[at]).collect::<Vec<_>>());
        assert!(tolerance > 1e-9, "the mask changes something");
        assert!(
            (mean - value).abs() <= tolerance,
            "{} at {at:?}: mean {mean}, expectation {value}",
            C::INFO.name
        );
    }
}

#[test]
fn without_training_zoneout_is_its_expectation() {
    expectation::<ZoneoutLstm<f64>>(|s: &ZoneoutLstmState<f64>| s.C.clone());
    expectation::<ZoneoutLstm<f64>>(|s: &ZoneoutLstmState<f64>| s.h.clone());
}

#[test]
fn without_training_dropout_is_its_expectation() {
    expectation::<RecurrentDropoutLstm<f64>>(|s: &RecurrentDropoutLstmState<f64>| s.C.clone());
}

/// Dropout leaves out as many as it says, scales the others, and draws anew for every step, row
/// and unit.
#[test]
fn dropout_draws_for_every_element() {
    let (steps, rows, units) = (20, 30, 5);
    let problem = Problem::<RecurrentDropoutLstm<f64>>::with(SIZES, 8, steps, rows, None, false);
    let p = problem.cell.hypers()[0];
    let mut tape = Tape::new();
    problem
        .cell
        .record(problem.sequence().training(4), &mut tape)
        .expect("a recording");
    let get = |symbol| {
        tape.get(&problem.cell, symbol)
            .expect("a symbol of the equations")
    };
    let (f, i, g, memory) = (get("f"), get("i"), get("g"), get("C"));
    let factor = Array3::from_shape_fn((steps, rows, units), |(t, b, k)| {
        let before = if t == 0 { 0.0 } else { memory[[t - 1, b, k]] };
        (memory[[t, b, k]] - f[[t, b, k]] * before) / (i[[t, b, k]] * g[[t, b, k]])
    });
    let dropped = factor.mapv(|v| {
        assert!(
            v.abs() < 1e-6 || (v - 1.0 / (1.0 - p)).abs() < 1e-6,
            "a factor of {v}"
        );
        f64::from(u8::from(v.abs() < 1e-6))
    });
    let share = dropped.mean().expect("elements");
    assert!(
        (share - p).abs() < 5.0 * (p * (1.0 - p) / 3000.0_f64).sqrt(),
        "{share} are dropped"
    );
    for axis in 0..3 {
        let lanes: Vec<_> = dropped.axis_iter(ndarray::Axis(axis)).collect();
        let different = lanes.windows(2).all(|pair| pair[0] != pair[1]);
        assert!(different, "masks repeat along axis {axis}");
    }
}

/// Two masks of one cell are drawn apart.
#[test]
fn masks_of_one_cell_differ() {
    let mut problem = Problem::<ZoneoutLstm<f64>>::with(SIZES, 8, 1, 60, None, true);
    problem.cell.set_p(0.5);
    problem.cell.set_q(0.5);
    let after = run(&problem, Some(1)).state;
    let before = problem.state.as_ref().expect("a state of its own");
    let kept = |now: &Array2<f64>, then: &Array2<f64>| {
        ndarray::Zip::from(now).and(then).map_collect(|a, b| a == b)
    };
    let (memory, state) = (kept(&after.C, &before.C), kept(&after.h, &before.h));
    let both =
        memory.iter().zip(&state).filter(|(a, b)| a == b).count() as f64 / memory.len() as f64;
    assert!(
        (both - 0.5).abs() < 5.0 * 0.5 / (memory.len() as f64).sqrt(),
        "{both} of the masks agree"
    );
}

/// Masks follow the row's place in the batch and the step, not how the batch is cut for the
/// kernels or sorted by length.
fn cutting_changes_nothing<C: Cell<Scalar = f64>>() {
    let (steps, rows) = (6, 50);
    let problem = Problem::<C>::with(SIZES, 8, steps, rows, None, false);
    let whole = run(&problem, Some(9));
    for few in [1, 5, 13, 49] {
        let x = problem.inputs[0].slice(s![.., ..few, ..]);
        let part = problem
            .cell
            .forward(Sequence::new(x).training(9))
            .expect("a run");
        assert_eq!(
            part.output(),
            &whole.output().slice(s![.., ..few, ..]),
            "{}: {few} rows",
            C::INFO.name
        );
    }
    let lengths: Vec<usize> = (0..rows).map(|row| 1 + row * 5 % steps).collect();
    let sorted = problem
        .cell
        .forward(problem.sequence().lengths(&lengths).training(9))
        .expect("a run");
    for (row, &length) in lengths.iter().enumerate() {
        let (a, b) = (
            sorted.output().slice(s![..length, row, ..]),
            whole.output().slice(s![..length, row, ..]),
        );
        assert_eq!(a, b, "{}: row {row} of length {length}", C::INFO.name);
    }
}

#[test]
fn cutting_changes_no_zoneout() {
    cutting_changes_nothing::<ZoneoutLstm<f64>>();
}

#[test]
fn cutting_changes_no_dropout() {
    cutting_changes_nothing::<RecurrentDropoutLstm<f64>>();
}

/// Rows of different lengths have the masks of their places in the backward pass too.
#[test]
fn gradients_follow_the_place_in_the_batch() {
    let problem = Problem::<ZoneoutLstm<f64>>::with(SIZES, 8, 6, 50, None, false);
    let gradient = |rows: usize, lengths: Option<&[usize]>| {
        let mut sequence = Sequence::new(problem.inputs[0].slice(s![.., ..rows, ..])).training(9);
        if let Some(lengths) = lengths {
            sequence = sequence.lengths(lengths);
        }
        let (mut tape, mut grads) = (Tape::new(), problem.cell.zero_grads());
        problem
            .cell
            .record(sequence, &mut tape)
            .expect("a recording");
        problem
            .cell
            .backward(
                &mut tape,
                problem.outputs[0].slice(s![.., ..rows, ..]),
                &mut grads,
            )
            .expect("a backward pass");
        grads.input(0).to_owned()
    };
    let whole = gradient(50, None);
    assert_eq!(gradient(5, None), whole.slice(s![.., ..5, ..]));
    let lengths: Vec<usize> = (0..50)
        .map(|row| if row % 3 == 0 { 6 } else { 2 })
        .collect();
    let sorted = gradient(50, Some(&lengths));
    for row in (0..50).step_by(3) {
        assert_eq!(
            sorted.slice(s![.., row, ..]),
            whole.slice(s![.., row, ..]),
            "row {row}"
        );
    }
}

/// A hyper-parameter that is no probability would scale or extrapolate instead.
#[test]
fn what_is_no_probability_is_refused() {
    gate_runtime::cell! {
        struct Halved {
            p: hyper = 0.5;
            h_t = tanh(x_t * W) + dropout(2 * p - 0.8, h_{t-1});
        }
    }
    fn check<C: Cell<Scalar = f64>>(hyper: usize, value: f64, parts: &[&str]) {
        let mut problem = problem::<C>(3, 2);
        let mut tape = Tape::new();
        let record = |problem: &Problem<C>, tape: &mut Tape<C>| {
            problem.cell.record(problem.sequence().training(1), tape)
        };
        let step = |cell: &C| {
            let (x, mut y) = (
                problem.inputs[0].slice(s![0, .., ..]),
                problem.outputs[0].clone(),
            );
            let mut y = y.slice_mut(s![0, .., ..]);
            cell.stream(2).step(&[x], &mut [y.view_mut()])
        };
        let slow = Interpreter::new(C::INFO, problem.cell.sizes()).expect("sizes that fit");
        let views = [problem.inputs[0].view()];
        let params = problem.cell.params().to_vec();
        let read = |cell: &C| slow.run(&Inputs::new(&params, &views).hypers(cell.hypers()));
        let back = |cell: &C| {
            let inputs = Inputs::new(&params, &views).hypers(cell.hypers());
            slow.gradients(&inputs, &OutputSeeds::default())
        };
        record(&problem, &mut tape).expect("a probability");
        step(&problem.cell).expect("a probability");
        read(&problem.cell).expect("a probability");
        let before = problem.cell.hypers()[hyper];
        problem.cell.hypers_mut()[hyper] = value;
        for result in [
            record(&problem, &mut tape),
            problem.cell.forward(problem.sequence()).map(|_| ()),
            step(&problem.cell),
            read(&problem.cell).map(|_| ()),
            back(&problem.cell).map(|_| ()),
        ] {
            let text = result.expect_err("no probability").to_string();
            for part in parts {
                assert!(text.contains(part), "no `{part}` in: {text}");
            }
        }
        problem.cell.hypers_mut()[hyper] = before;
        record(&problem, &mut tape).expect("a probability");
    }
    for value in [1.0, 1.5, -0.5, f64::NAN] {
        let shown = format!("is {value}, but must be at least 0 and below 1");
        let parts = ["dropout in RecurrentDropoutLstm", "`p`", &shown];
        check::<RecurrentDropoutLstm<f64>>(0, value, &parts);
    }
    for value in [1.5, -0.5, f64::INFINITY, f64::NAN] {
        let shown = format!("is {value}, but must be between 0 and 1");
        check::<ZoneoutLstm<f64>>(1, value, &["zoneout in ZoneoutLstm", "`q`", &shown]);
    }
    check::<Halved<f64>>(0, 0.25, &["dropout in Halved", "is -0.3"]);
    let mut cell = problem::<ZoneoutLstm<f64>>(3, 2).cell;
    cell.set_p(1.0);
    cell.forward(&Array3::zeros((2, 1, SIZES[0])))
        .expect("all is kept");
}
