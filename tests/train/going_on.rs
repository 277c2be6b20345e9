//! Stacks that go on: sequences in parts, and step by step.

use ndarray::{Array2, Array3, Axis, s};

use super::layers::flat;
use super::{generator, numbers, refused};
use gate_runtime::Cell;
use gate_runtime::Sequence;
use gate_runtime::cells::{Gru, Lstm, ProjectedLstm, Rnn};
use gate_runtime::train::{Bidirectional, Layer, Stacked, StackedTape};

const LENGTHS: [usize; 3] = [3, 1, 4];

/// A part that goes on is one that starts from the final states of the part before, bit for bit.
#[test]
fn a_stack_goes_on_in_every_layer() {
    fn check<C: Cell<Scalar = f64>>(sizes: &[usize]) {
        let stack = Stacked::<C>::new(sizes, 3, &mut generator(1)).unwrap();
        let stack = stack.with_dropout(0.3);
        let x = numbers((7, 3, sizes[0]), &mut generator(2));
        let parts = [x.slice(s![..3, .., ..]), x.slice(s![3.., .., ..])];
        let dy = numbers((4, 3, stack.output_features()), &mut generator(3));
        let sequence = |k: usize| Sequence::new(parts[k]).training(k as u64);
        let (mut tape, mut other) = (StackedTape::default(), StackedTape::default());
        stack.record(sequence(0), None, &mut tape).unwrap();
        let states = stack.last_state(&tape).unwrap();
        let second = || sequence(1).lengths(&LENGTHS);
        stack.record(second().continued(), None, &mut tape).unwrap();
        stack.record(second(), Some(&states), &mut other).unwrap();
        assert_eq!(tape.output(), other.output());
        let mut grads = [stack.new_grads(), stack.new_grads()];
        for (tape, grads) in [&mut tape, &mut other].into_iter().zip(&mut grads) {
            stack.backward(tape, dy.view(), true, grads).unwrap();
        }
        let [a, b] = &grads;
        assert_eq!(flat(&stack, a).1, flat(&stack, b).1);
        assert_eq!(
            Stacked::<C>::input_gradient(a),
            Stacked::<C>::input_gradient(b)
        );
    }
    check::<Lstm<f64>>(&[2, 3]);
    check::<Gru<f64>>(&[2, 3]);
}

#[test]
fn there_must_be_something_to_go_on_from() {
    let stack = Stacked::<Rnn<f64>>::new(&[2, 3], 2, &mut generator(1)).unwrap();
    let x = numbers((4, 3, 2), &mut generator(2));
    let mut tape = StackedTape::default();
    let next = || Sequence::new(x.view()).continued();
    let error = stack.record(next(), None, &mut tape).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the sequence is `continued`, but nothing of Rnn was recorded"),
        "{error}"
    );
    // Runs by themselves go on from nothing, whatever was run before.
    for _ in 0..2 {
        refused(stack.forward(next(), None), "nothing of Rnn was recorded");
        stack.forward(&x, None).unwrap();
    }
    stack.predict(&x, None, &mut tape).unwrap();
    let states = stack.last_state(&tape).unwrap();
    stack.predict(next(), None, &mut tape).unwrap();
    let (expected, _) = stack.forward(&x, Some(&states)).unwrap();
    assert_eq!(tape.output().unwrap(), expected);
    stack.record(&x, None, &mut tape).unwrap();
    let states = stack.last_state(&tape).unwrap();
    let error = stack.record(next(), Some(&states), &mut tape).unwrap_err();
    assert!(error.to_string().contains("two initial states"), "{error}");
    // What was refused at once leaves the states; another stack's are none.
    let narrow = Sequence::new(x.slice(s![.., .., ..1])).continued();
    refused(
        stack.record(narrow, None, &mut tape),
        "of Rnn must have shape",
    );
    stack.record(next(), None, &mut tape).unwrap();
    let deep = Stacked::<Rnn<f64>>::new(&[2, 3], 3, &mut generator(1)).unwrap();
    refused(
        deep.record(next(), None, &mut tape),
        "nothing of Rnn was recorded",
    );
    // A layer that failed has not taken the steps of those below.
    let mut broken = stack.clone();
    broken.layers_mut()[1] = Rnn::new(4, 3, &mut generator(1)).unwrap();
    refused(
        broken.record(next(), None, &mut tape),
        "of Rnn must have shape",
    );
    let error = stack.record(next(), None, &mut tape).unwrap_err();
    assert!(
        error.to_string().contains("nothing of Rnn was recorded"),
        "{error}"
    );
    stack.record(&x, None, &mut tape).unwrap();
    stack.record(next(), None, &mut tape).unwrap();
}

#[test]
fn two_directions_cannot_go_on() {
    let stack = Stacked::<Bidirectional<Rnn<f64>>>::new(&[2, 3], 2, &mut generator(1)).unwrap();
    let x = numbers((4, 3, 2), &mut generator(2));
    let mut tape = StackedTape::default();
    for _ in 0..2 {
        let sequence = Sequence::new(x.view()).continued();
        let error = stack
            .record(sequence, None, &mut tape)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("the sequence is `continued`, but a layer of Rnn reads it in both"),
            "{error}"
        );
        stack.record(&x, None, &mut tape).unwrap();
    }
    let layer = &stack.layers()[0];
    let sequence = Sequence::new(x.view()).continued();
    let error = layer
        .record(sequence, None, &mut Default::default())
        .unwrap_err();
    assert!(error.to_string().contains("in both directions"), "{error}");
}

/// A stream of a stack does what the streams of its layers do one after the other, to the bit.
#[test]
fn a_stack_streams_as_its_layers_do() {
    fn check<C: Cell<Scalar = f64>>(sizes: &[usize]) {
        let stack = Stacked::<C>::new(sizes, 3, &mut generator(1)).unwrap();
        let (rows, width) = (2, stack.output_features());
        let x = numbers((6, rows, sizes[0]), &mut generator(2));
        let mut whole = stack.stream(rows).unwrap();
        let mut singly: Vec<_> = stack.layers().iter().map(|c| c.stream(rows)).collect();
        let (mut y, mut states) = (Array2::zeros((rows, width)), stack.zero_state(rows));
        let long = stack.forward(&x, None).unwrap().0;
        for (time, x) in x.outer_iter().enumerate() {
            whole.step(x, y.view_mut()).unwrap();
            let mut between = x.to_owned();
            for (cell, stream) in stack.layers().iter().zip(&mut singly) {
                let outputs = C::INFO.graph.outputs.len();
                let mut all: Vec<Array2<f64>> = (0..outputs)
                    .map(|i| Array2::zeros((rows, cell.output_width(i))))
                    .collect();
                let mut views: Vec<_> = all.iter_mut().map(|y| y.view_mut()).collect();
                stream.step(&[between.view()], &mut views).unwrap();
                between = all.swap_remove(0);
            }
            assert_eq!(y, between);
            let by_step = stack.step(x, &mut states).unwrap();
            let of_all = long.index_axis(Axis(0), time);
            for found in [&y, &by_step] {
                assert!((found - &of_all).iter().all(|d| d.abs() < 1e-12));
            }
        }
        let fields = |states: &[C::State]| -> Vec<f64> {
            use gate_runtime::CellState;
            let fields = states.iter().flat_map(|state| state.fields());
            fields
                .flat_map(|field| field.iter().copied().collect::<Vec<_>>())
                .collect()
        };
        let singles: Vec<C::State> = singly.iter().map(|stream| stream.state()).collect();
        assert_eq!(fields(&whole.state()), fields(&singles));
        // A clone and a stream that takes over the states go on alike; a row begins anew alone.
        let (mut clone, mut other) = (whole.clone(), stack.stream(rows).unwrap());
        whole.read_state(&mut states).unwrap();
        other.set_state(&states).unwrap();
        let last = x.index_axis(Axis(0), 5);
        let mut step = |stream: &mut gate_runtime::train::StackedStream<C>| {
            stream.step(last, y.view_mut()).unwrap();
            y.clone()
        };
        let expected = step(&mut clone);
        assert_eq!(step(&mut other), expected);
        whole.reset_row(1).unwrap();
        let reset = step(&mut whole);
        assert_eq!(reset.row(0), expected.row(0));
        assert_ne!(reset.row(1), expected.row(1));
        other.reset();
        assert_eq!(step(&mut other).row(1), reset.row(1));
    }
    check::<Lstm<f64>>(&[2, 3]);
    check::<Gru<f64>>(&[2, 3]);
    check::<ProjectedLstm<f64>>(&[2, 5, 3]);
}

#[test]
fn what_does_not_fit_a_stream_leaves_all_layers() {
    let stack = Stacked::<Lstm<f64>>::new(&[2, 3], 2, &mut generator(1)).unwrap();
    let mut stream = stack.stream(2).unwrap();
    let (x, mut y) = (Array2::ones((2, 2)), Array2::zeros((2, 3)));
    let narrow = Array2::ones((2, 1));
    let error = stream.step(narrow.view(), y.view_mut()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("`input` of Stacked must have shape [2, 2], but has [2, 1]"),
        "{error}"
    );
    let mut wide = Array2::zeros((2, 4));
    let error = stream.step(x.view(), wide.view_mut()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("`output` of Stacked must have shape [2, 3]"),
        "{error}"
    );
    let mut states = stack.zero_state(2);
    states[0].h.fill(0.5);
    states[1] = stack.layers()[1].zero_state(3);
    refused(
        stream.set_state(&states),
        "of Lstm must have shape [2, 3], but has [3, 3]",
    );
    refused(
        stream.set_state(&states[..1]),
        "2 layers of Lstm starts from a state for each, but 1",
    );
    refused(stream.reset_row(2), "no row 2, but 2 rows");
    assert!(
        stream
            .state()
            .iter()
            .all(|state| state.h.iter().all(|&h| h == 0.0))
    );
    stream.step(x.view(), y.view_mut()).unwrap();
    let mut broken = stack.clone();
    broken.layers_mut()[1] = Lstm::new(4, 3, &mut generator(1)).unwrap();
    refused(
        broken.stream(2),
        "layer 1 of the stack of Lstm reads 4 features",
    );
    assert_eq!(
        stack
            .forward(&Array3::ones((1, 2, 2)), None)
            .unwrap()
            .0
            .len(),
        y.len()
    );
}
