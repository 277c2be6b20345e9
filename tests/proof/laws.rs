//! Laws that hold bit for bit, or to the last digits.

use gate_runtime::train::{Bidirectional, BidirectionalTape, Layer};
use gate_runtime::{Cell, CellGrads, CellState, Sequence, Stream, Tape};
use ndarray::{Array2, Array3, ArrayView2, ArrayView3, Axis, ShapeBuilder, concatenate, s};

use super::Problem;

/// A stream of steps gives what the sequence gives.
pub fn steps_equal_the_sequence<C: Cell<Scalar = f64>>(problem: &Problem<C>) {
    let run = problem.cell.forward(problem.sequence()).expect("a run");
    let (steps, rows, _) = problem.inputs[0].dim();
    let mut stream = problem.cell.stream(rows);
    if let Some(state) = &problem.state {
        stream.set_state(state).expect("a state that fits");
    }
    for time in 0..steps {
        // Arrays lie row by row, or column by column.
        let columns = time % 2 == 1;
        let given = problem.inputs.iter().map(|x| x.slice(s![time, .., ..]));
        let given: Vec<_> = given.map(|x| lying(&x, columns)).collect();
        let inputs: Vec<_> = given.iter().map(|x| x.view()).collect();
        let mut outputs: Vec<Array2<f64>> = (0..run.outputs.len())
            .map(|i| Array2::zeros((rows, problem.cell.output_width(i)).set_f(columns)))
            .collect();
        let mut views: Vec<_> = outputs.iter_mut().map(|y| y.view_mut()).collect();
        // A copy goes on where the stream was; what that does next is its own affair.
        let copy = stream.clone();
        stream.reset();
        stream.step(&inputs, &mut views).expect("a step");
        stream = copy;
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
    start_again(problem, stream, rows);
}

/// The same values, column by column if told so.
fn lying(x: &ArrayView2<'_, f64>, columns: bool) -> Array2<f64> {
    let mut copy = Array2::zeros(x.raw_dim().set_f(columns));
    copy.assign(x);
    copy
}

/// A stream starts again, row by row, from the definition's state.
fn start_again<C: Cell<Scalar = f64>>(problem: &Problem<C>, mut stream: Stream<C>, rows: usize) {
    let (before, start) = (stream.state(), problem.cell.zero_state(rows));
    stream.reset_row(rows - 1).expect("a row");
    let one = problem.cell.zero_state(1);
    let mut state = one.clone();
    stream.read_state(&mut state);
    let fields = state.fields().into_iter().zip(before.fields());
    let starts = start.fields().into_iter().zip(one.fields());
    for ((now, before), (start, one)) in fields.zip(starts) {
        let axis = batch_axis(one.shape(), now.shape());
        for row in 0..rows {
            let from = if row + 1 == rows { &start } else { &before };
            let (found, expected) = (now.index_axis(axis, row), from.index_axis(axis, row));
            assert_eq!(found, expected, "{}: row {row}", C::INFO.name);
        }
    }
    stream.reset();
    for (now, start) in stream.state().fields().iter().zip(start.fields()) {
        assert_eq!(now, &start, "{}: after a new start", C::INFO.name);
    }
    let none = stream.reset_row(rows).expect_err("no such row");
    let text = format!("the stream has no row {rows}, but {rows} row");
    assert!(none.to_string().contains(&text), "{none}");
}

/// Each row alone gives what it gives in the batch, on a tape that takes both in turn.
pub fn rows_equal_the_batch<C: Cell<Scalar = f64>>(problem: &Problem<C>) {
    let run = problem.cell.forward(problem.sequence()).expect("a run");
    let mut tape = Tape::new();
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
        let single = problem.cell.predict(sequence, &mut tape);
        single.expect("a run of one row");
        for (i, all) in run.outputs.iter().enumerate() {
            let all = all.slice(s![.., row..=row, ..]);
            assert_eq!(tape.output(i), all, "{}: row {row}", C::INFO.name);
        }
        let again = problem.cell.predict(problem.sequence(), &mut tape);
        again.expect("a run");
        for (i, all) in run.outputs.iter().enumerate() {
            assert_eq!(tape.output(i), all, "{}: after row {row}", C::INFO.name);
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

/// One thread against two and five: the same bits. With many rows each thread takes some of
/// them, with few they share the units. Changes settings of the process.
pub fn threads_change_nothing<C: Cell<Scalar = f64>>() {
    gate_runtime::share_small_runs(true);
    for batch in [50, 3] {
        let lengths = (0..batch).map(|row| 1 + row * 5 % 6).collect();
        let sizes = super::sizes::<C>();
        let problem = Problem::<C>::with(sizes, 6, 6, batch, Some(lengths), true);
        let with = |threads: usize| {
            gate_runtime::set_threads(threads);
            problem.results()
        };
        let one = with(1);
        for threads in [2, 5] {
            for ((what, a), (_, b)) in one.iter().zip(&with(threads)) {
                let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                assert!(
                    bits(a) == bits(b),
                    "{}: {what} of {batch} rows with {threads} threads",
                    C::INFO.name
                );
            }
        }
    }
    gate_runtime::set_threads(0);
    gate_runtime::share_small_runs(false);
}

/// Each row's steps in reverse order, within its length.
fn reversed(steps: ArrayView3<'_, f64>, lengths: &[usize]) -> Array3<f64> {
    let mut out = steps.to_owned();
    for (row, &length) in lengths.iter().enumerate() {
        for time in 0..length {
            let from = steps.slice(s![length - 1 - time, row, ..]);
            out.slice_mut(s![time, row, ..]).assign(&from);
        }
    }
    out
}

/// The direction that reads backwards, on a reversed sequence, is the one that reads forwards:
/// outputs and gradients, for every cell that a layer takes (one input).
pub fn reversed_twice_is_itself<C: Cell<Scalar = f64>>() {
    if super::inputs_of::<C>() != 1 {
        return;
    }
    let lengths = vec![4, 6, 1];
    let problem = Problem::<C>::new(super::sizes::<C>(), 7, Some(lengths.clone()), false);
    let cell = &problem.cell;
    let layer = Bidirectional::from_layers(cell.clone(), cell.clone()).expect("equal layers");
    let (x, seed) = (&problem.inputs[0], &problem.outputs[0]);
    let none = Array3::<f64>::zeros(seed.dim());
    let (back, back_seed) = (
        reversed(x.view(), &lengths),
        reversed(seed.view(), &lengths),
    );
    let run = |x: &Array3<f64>, seeds: [ArrayView3<'_, f64>; 2]| {
        let (mut tape, mut grads) = (BidirectionalTape::default(), layer.new_grads());
        let sequence = Sequence::new(x.view()).lengths(&lengths);
        layer
            .record(sequence, None, &mut tape)
            .expect("a recording");
        let seeds = concatenate(Axis(2), &seeds).expect("seeds of both directions");
        layer
            .backward(&mut tape, seeds.view(), true, &mut grads)
            .expect("a backward pass");
        (tape.output().expect("an output").to_owned(), grads)
    };
    let (there, first) = run(x, [seed.view(), none.view()]);
    let (again, second) = run(&back, [none.view(), back_seed.view()]);
    let half = seed.dim().2;
    let name = C::INFO.name;
    for (row, &length) in lengths.iter().enumerate() {
        for time in 0..length {
            assert_eq!(
                there.slice(s![time, row, ..half]),
                again.slice(s![length - 1 - time, row, half..]),
                "{name}: output of row {row} at step {time}"
            );
            assert_eq!(
                Bidirectional::<C>::input_gradient(&first).slice(s![time, row, ..]),
                Bidirectional::<C>::input_gradient(&second).slice(s![length - 1 - time, row, ..]),
                "{name}: gradient of the input, row {row} at step {time}"
            );
        }
    }
    assert_eq!(
        first.forward.params(),
        second.backward.params(),
        "{name}: gradients of parameters"
    );
}
