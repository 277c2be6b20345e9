//! Laws that hold bit for bit, or to the last digits.

use gate_runtime::{Cell, CellGrads, CellState, Sequence};
use ndarray::{Array2, s};

use super::Problem;

/// A stream of steps gives what the sequence gives.
pub fn steps_equal_the_sequence<C: Cell<Scalar = f64>>(problem: &Problem<C>) {
    let run = problem.cell.forward(problem.sequence()).expect("a run");
    let (steps, rows, _) = problem.inputs[0].dim();
    let mut stream = problem.cell.stream(rows);
    if let Some(state) = &problem.state {
        stream.set_state(state).expect("a state that fits");
    }
    let mut outputs: Vec<Array2<f64>> = (0..run.outputs.len())
        .map(|i| Array2::zeros((rows, problem.cell.output_width(i))))
        .collect();
    for time in 0..steps {
        let inputs: Vec<_> = problem
            .inputs
            .iter()
            .map(|x| x.slice(s![time, .., ..]))
            .collect();
        let mut views: Vec<_> = outputs.iter_mut().map(|y| y.view_mut()).collect();
        stream.step(&inputs, &mut views).expect("a step");
        for (stepped, whole) in outputs.iter().zip(&run.outputs) {
            assert_eq!(
                stepped,
                &whole.slice(s![time, .., ..]),
                "{} at step {time}",
                C::INFO.name
            );
        }
    }
    let state = stream.state();
    for (a, b) in state.fields().iter().zip(run.state.fields()) {
        assert_eq!(a, &b, "{}: final state", C::INFO.name);
    }
}

/// Each row alone gives what it gives in the batch.
pub fn rows_equal_the_batch<C: Cell<Scalar = f64>>(problem: &Problem<C>) {
    let run = problem.cell.forward(problem.sequence()).expect("a run");
    for row in 0..problem.inputs[0].dim().1 {
        let inputs: Vec<_> = problem
            .inputs
            .iter()
            .map(|x| x.slice(s![.., row..=row, ..]).to_owned())
            .collect();
        let mut state = problem.cell.zero_state(1);
        if let Some(whole) = &problem.state {
            for (mut part, field) in state.fields_mut().into_iter().zip(whole.fields()) {
                let axis = batch_axis(part.shape(), field.shape());
                part.assign(&field.slice_axis(axis, ndarray::Slice::from(row..=row)));
            }
        }
        let mut sequence = Sequence::new(inputs[0].view()).state(&state);
        for input in &inputs[1..] {
            sequence = sequence.with(input.view());
        }
        let single = problem.cell.forward(sequence).expect("a run of one row");
        for (one, all) in single.outputs.iter().zip(&run.outputs) {
            assert_eq!(
                one,
                &all.slice(s![.., row..=row, ..]),
                "{}: row {row}",
                C::INFO.name
            );
        }
    }
}

/// The axis along which two shapes differ (the batch).
fn batch_axis(one: &[usize], all: &[usize]) -> ndarray::Axis {
    let at = one.iter().zip(all).position(|(a, b)| a != b);
    ndarray::Axis(at.unwrap_or(0))
}

/// What stands beyond a row's length changes nothing: neither outputs nor gradients.
pub fn padding_equals_truncation<C: Cell<Scalar = f64>>(sizes: &[usize]) {
    let mut padded = Problem::<C>::with(sizes, 5, 5, 2, Some(vec![5, 3]), true);
    let clean = padded.gradients();
    let run = padded.cell.forward(padded.sequence()).expect("a run");
    for input in &mut padded.inputs {
        input.slice_mut(s![3.., 1, ..]).fill(f64::NAN);
    }
    for output in &mut padded.outputs {
        output.slice_mut(s![3.., 1, ..]).fill(f64::NAN);
    }
    let other = padded.cell.forward(padded.sequence()).expect("a run");
    let name = C::INFO.name;
    assert_eq!(
        run.outputs, other.outputs,
        "{name}: padding reaches the outputs"
    );
    for output in &run.outputs {
        assert!(
            output.slice(s![3.., 1, ..]).iter().all(|&y| y == 0.0),
            "{name}: outputs beyond the length"
        );
    }
    let gradients = padded.gradients();
    assert_eq!(
        clean.params(),
        gradients.params(),
        "{name}: padding reaches the gradients"
    );
    let mut short = padded.copy();
    short.lengths = None;
    short.inputs = padded
        .inputs
        .iter()
        .map(|x| x.slice(s![..3, .., ..]).to_owned())
        .collect();
    let truncated = short.cell.forward(short.sequence()).expect("a run");
    for (y, z) in truncated.outputs.iter().zip(&run.outputs) {
        assert_eq!(
            y.slice(s![.., 1, ..]),
            z.slice(s![..3, 1, ..]),
            "{name}: truncated row"
        );
    }
}

/// A sequence in two halves, the state handed on, is the whole sequence.
pub fn halves_equal_the_whole<C: Cell<Scalar = f64>>(problem: &Problem<C>) {
    let run = problem.cell.forward(problem.sequence()).expect("a run");
    let half = problem.inputs[0].dim().0 / 2;
    let mut state = problem
        .state
        .clone()
        .unwrap_or_else(|| problem.cell.zero_state(problem.inputs[0].dim().1));
    for (from, to) in [(0, half), (half, 2 * half)] {
        let mut views = problem.inputs.iter().map(|x| x.slice(s![from..to, .., ..]));
        let mut sequence = Sequence::new(views.next().expect("an input")).state(&state);
        for view in views {
            sequence = sequence.with(view);
        }
        let part = problem.cell.forward(sequence).expect("a run of a half");
        for (y, whole) in part.outputs.iter().zip(&run.outputs) {
            assert_eq!(
                y,
                &whole.slice(s![from..to, .., ..]),
                "{}: steps {from} to {to}",
                C::INFO.name
            );
        }
        state = part.state;
    }
}
