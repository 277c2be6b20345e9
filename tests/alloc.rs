//! A step of a stream allocates nothing, nor does a training loop after its first round. Each
//! thread counts for itself: the test's own harness allocates when it likes.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell as Counter;

use gate_runtime::cells::{
    Gru, LayerNormLstm, Lstm, MLstm, MinGru, Nas, PeepholeLstm, ProjectedLstm, TauGru,
    TimeAwareLstm, ZoneoutLstm,
};
use gate_runtime::train::{
    Adam, Bidirectional, BidirectionalTape, Classifier, Group, Layer, Linear, Optimiser, Pooling,
    RmsProp, Sgd, SigmoidLoss, SoftmaxLoss, Stacked, StackedTape, clip_groups, huber_into,
    mean_absolute_error_into, mean_squared_error_into,
};
use gate_runtime::{Cell, CellGrads, Seeds, Sequence, Tape};
use ndarray::{Array2, Array3};
use rand::SeedableRng;

/// Counts what it hands on to the system's allocator.
struct Counting;

thread_local! {
    static COUNT: Counter<usize> = const { Counter::new(0) };
}

fn count() {
    COUNT.with(|count| count.set(count.get() + 1));
}

// SAFETY: every call goes unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: `pointer` came from `alloc` above, hence from the system.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: `pointer` came from `alloc` above, hence from the system.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations during some work.
fn allocations(work: impl FnOnce()) -> usize {
    let before = COUNT.get();
    work();
    COUNT.get() - before
}

fn check<C: Cell<Scalar = f32>>() {
    let sizes = &[12, 20, 4][..C::INFO.sizes.len()];
    let cell = C::with_sizes(sizes, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))
        .expect("sizes that fit");
    for rows in [1, 3] {
        let x = Array2::from_elem((rows, cell.input_width(0)), 0.5);
        let mut y = Array2::zeros((rows, cell.output_width(0)));
        let mut stream = cell.stream(rows);
        let (other, mut state) = (cell.zero_state(rows), cell.zero_state(rows));
        let count = allocations(|| {
            for _ in 0..20 {
                stream
                    .step(&[x.view()], &mut [y.view_mut()])
                    .expect("a step");
                stream.read_state(&mut state);
                stream.set_state(&other).expect("a state");
                stream.reset();
                stream.reset_row(rows - 1).expect("a row");
                stream.set_state(&state).expect("a state");
            }
        });
        assert_eq!(
            count,
            0,
            "{}: allocations in 20 steps of {rows} rows, with states set",
            C::INFO.name
        );
        assert!(
            y.iter().any(|&v| v != 0.0),
            "{}: the steps computed something",
            C::INFO.name
        );
    }
}

/// What a training loop does, with and without lengths, from the definition's state and from the
/// one before, for two shapes in turn.
fn train<C: Cell<Scalar = f32>>() {
    let sizes = &[12, 20, 4][..C::INFO.sizes.len()];
    let mut cell = C::with_sizes(sizes, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))
        .expect("sizes that fit");
    let inputs = C::INFO
        .symbols
        .iter()
        .filter(|s| s.role == gate_runtime::RoleInfo::Input);
    let widths: Vec<usize> = inputs
        .enumerate()
        .map(|(i, _)| cell.input_width(i))
        .collect();
    let (mut tape, mut grads, mut adam) = (Tape::new(), cell.zero_grads(), Adam::new(1e-3));
    let problems = [(10, 33), (7, 5)].map(|(steps, batch)| {
        let x: Vec<Array3<f32>> = widths
            .iter()
            .map(|&width| Array3::from_elem((steps, batch, width), 0.5))
            .collect();
        let lengths: Vec<usize> = (0..batch).map(|row| 1 + row % steps).collect();
        let seeds = Array3::ones((steps, batch, cell.output_width(0)));
        let last = cell.zero_state(batch);
        (x, lengths, seeds, last)
    });
    let mut epoch = || {
        for (x, lengths, seeds, last) in &problems {
            for turn in 0..4 {
                let mut sequence = Sequence::new(x[0].view()).training(turn);
                for input in &x[1..] {
                    sequence = sequence.with(input.view());
                }
                sequence = match turn {
                    0 => sequence,
                    1 => sequence.continued(),
                    2 => sequence.continued().lengths(lengths),
                    _ => sequence.state(last),
                };
                grads.zero();
                cell.record(sequence, &mut tape).expect("a recording");
                let back = Seeds::from(seeds);
                let back = if turn == 3 { back.state(last) } else { back };
                cell.backward(&mut tape, back, &mut grads)
                    .expect("a backward pass");
                let group = Group::new("cell", cell.params_mut(), grads.params_mut());
                adam.step(&mut [group]).expect("a step");
            }
        }
    };
    epoch();
    let count = allocations(epoch);
    assert_eq!(count, 0, "{}: allocations in a training loop", C::INFO.name);
}

/// The same of a stack with dropout, also in parts.
fn train_stack() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let stack = Stacked::<Lstm<f32>>::new(&[12, 20], 3, &mut rng).expect("sizes that fit");
    let stack = stack.with_dropout(0.3);
    let (mut tape, mut grads) = (StackedTape::default(), stack.new_grads());
    let problems = [(10, 33), (7, 5)].map(|(steps, batch)| {
        let x = Array3::from_elem((steps, batch, 12), 0.5);
        (x, Array3::ones((steps, batch, 20)))
    });
    let mut epoch = || {
        for (x, seeds) in &problems {
            for goes_on in [false, true] {
                let sequence = Sequence::new(x.view()).training(1);
                let sequence = if goes_on {
                    sequence.continued()
                } else {
                    sequence
                };
                stack
                    .record(sequence, None, &mut tape)
                    .expect("a recording");
                stack
                    .backward(&mut tape, seeds.view(), true, &mut grads)
                    .expect("a backward pass");
            }
        }
    };
    epoch();
    assert_eq!(allocations(epoch), 0, "allocations in training a stack");
}

/// Predictions of a stack of two directions, with and without lengths.
fn predict_stack() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let stack = Stacked::<Bidirectional<Lstm<f32>>>::new(&[12, 20], 2, &mut rng);
    let (stack, mut tape) = (stack.expect("sizes that fit"), StackedTape::default());
    let problems = [(10, 33), (7, 5)].map(|(steps, batch)| {
        let lengths: Vec<usize> = (0..batch).map(|row| 1 + row % steps).collect();
        (Array3::from_elem((steps, batch, 12), 0.5), lengths)
    });
    let mut round = || {
        for (x, lengths) in &problems {
            let whole = Sequence::new(x.view());
            for sequence in [whole.clone(), whole.lengths(lengths)] {
                stack
                    .predict(sequence, None, &mut tape)
                    .expect("a prediction");
            }
        }
    };
    round();
    assert_eq!(
        allocations(round),
        0,
        "allocations in predictions of a stack"
    );
}

/// Training two directions, with and without lengths.
fn train_both_ways() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let layer = Bidirectional::<Lstm<f32>>::new(&[12, 20], &mut rng).expect("sizes that fit");
    let (mut tape, mut grads) = (BidirectionalTape::default(), layer.new_grads());
    let problems = [(10, 33), (7, 5)].map(|(steps, batch)| {
        let x = Array3::from_elem((steps, batch, 12), 0.5);
        let lengths: Vec<usize> = (0..batch).map(|row| 1 + row % steps).collect();
        (x, Array3::ones((steps, batch, 40)), lengths)
    });
    let mut epoch = || {
        for (x, seeds, lengths) in &problems {
            let whole = Sequence::new(x.view());
            for sequence in [whole.clone(), whole.lengths(lengths)] {
                layer
                    .record(sequence, None, &mut tape)
                    .expect("a recording");
                layer
                    .backward(&mut tape, seeds.view(), true, &mut grads)
                    .expect("a backward pass");
            }
        }
    };
    epoch();
    assert_eq!(allocations(epoch), 0, "allocations in training both ways");
}

/// Whole steps of training a classifier, with clipping and an optimiser.
fn train_classifier(pooling: Pooling) {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let layers = Stacked::<Bidirectional<Lstm<f32>>>::new(&[12, 20], 2, &mut rng);
    let model = Classifier::new(layers.expect("sizes"), pooling, 5, &mut rng);
    let mut model = model.expect("a model");
    let (mut workspace, mut adam) = (model.workspace(), Adam::new(1e-3));
    let problems = [(10, 33), (7, 5)].map(|(steps, batch)| {
        let x = Array3::from_elem((steps, batch, 12), 0.5);
        let lengths: Vec<usize> = (0..batch).map(|row| 1 + row % steps).collect();
        let labels: Vec<usize> = (0..batch).map(|row| row % 5).collect();
        (x, lengths, labels)
    });
    let mut epoch = || {
        for (x, lengths, labels) in &problems {
            let sequence = Sequence::new(x.view()).lengths(lengths);
            model
                .gradients(sequence, labels, &mut workspace)
                .expect("gradients");
            let mut groups = model.groups(&mut workspace).expect("groups");
            clip_groups(&mut groups, 1.0).expect("a norm");
            adam.step(&mut groups).expect("a step");
        }
    };
    epoch();
    let count = allocations(epoch);
    assert_eq!(count, 0, "{pooling:?}: allocations in training");
}

/// The same of a head at every step, with every loss.
fn train_head() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let cell = Gru::<f32>::new(12, 20, &mut rng).expect("sizes");
    let head = Linear::<f32>::new(20, 5, &mut rng).expect("sizes");
    let (mut tape, mut grads, mut slopes) = (Tape::new(), cell.zero_grads(), head.zero_grads());
    let [mut y, mut dy, mut dx] = [(); 3].map(|()| Array3::zeros((0, 0, 0)));
    let x = Array3::from_elem((10, 33, 12), 0.5);
    let targets = Array3::from_elem((10, 33, 5), 0.5);
    let (mask, labels) = (targets.mapv(|t| t > 0.1), vec![3; 330]);
    let mut epoch = || {
        for loss in 0..5 {
            cell.record(&x, &mut tape).expect("a recording");
            head.forward_into(tape.output(0), &mut y).expect("outputs");
            let (p, t) = (y.view(), targets.view());
            let value = match loss {
                0 => SoftmaxLoss::new()
                    .of_into(p, &labels, &mut dy)
                    .map(|(loss, _)| loss),
                1 => SigmoidLoss::new().of_into(p, t, None, &mut dy),
                2 => mean_squared_error_into(p, t, Some(mask.view()), &mut dy),
                3 => mean_absolute_error_into(p, t, t, &mut dy),
                _ => huber_into(p, t, 1.0, None, &mut dy),
            };
            assert!(value.expect("a loss") > 0.0);
            head.backward_into(tape.output(0), dy.view(), &mut slopes, &mut dx)
                .expect("gradients");
            cell.backward(&mut tape, &dx, &mut grads)
                .expect("a backward pass");
        }
    };
    epoch();
    assert_eq!(allocations(epoch), 0, "allocations in training a head");
}

/// A step of a stack's stream.
fn stream_stack() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let stack = Stacked::<Lstm<f32>>::new(&[12, 20], 3, &mut rng).expect("sizes that fit");
    let (x, mut y) = (Array2::from_elem((3, 12), 0.5), Array2::zeros((3, 20)));
    let (other, mut states) = (stack.zero_state(3), stack.zero_state(3));
    let mut stream = stack.stream(3).expect("layers that fit");
    let count = allocations(|| {
        for _ in 0..20 {
            stream.step(x.view(), y.view_mut()).expect("a step");
            stream.read_state(&mut states).expect("states");
            stream.set_state(&other).expect("states");
            stream.reset();
            stream.reset_row(2).expect("a row");
            stream.set_state(&states).expect("states");
        }
    });
    assert_eq!(count, 0, "allocations in 20 steps of a stack");
    assert!(y.iter().any(|&v| v != 0.0));
}

/// Every optimiser, with clipping.
fn optimise(mut optimiser: impl Optimiser<f32>) {
    let (mut p, mut g) = ([1.0; 100], [0.5; 100]);
    let mut step = || {
        let (first, second) = p.split_at_mut(30);
        let (own, other) = g.split_at_mut(30);
        let mut groups = [
            Group::new("second", second, other),
            Group::new("first", first, own),
        ];
        clip_groups(&mut groups, 1.0).expect("a norm");
        optimiser.step(&mut groups).expect("a step");
    };
    step();
    assert_eq!(allocations(step), 0, "allocations in a step");
}

gate_runtime::cell! {
    /// A ready-made cell of fixed sizes.
    #[fixed(TinyLstm, x = 12, h = 20)]
    pub struct Own = Lstm with {}
}

/// A step of fixed sizes.
fn fixed() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let cell = Own::<f32>::new(12, 20, &mut rng).expect("sizes");
    let tiny = TinyLstm::try_from(&cell).expect("the same sizes");
    let mut state = tiny.zero_state();
    let count = allocations(|| {
        for _ in 0..20 {
            tiny.step(&[0.5; 12], &mut state);
        }
    });
    assert_eq!(count, 0, "allocations in 20 steps of fixed sizes");
    assert!(state.h.iter().any(|&v| v != 0.0));
}

#[test]
fn steps_and_training_allocate_nothing() {
    // The count sees an allocation.
    assert_eq!(
        allocations(|| drop(std::hint::black_box(Box::new(1_u64)))),
        1
    );
    gate_runtime::set_threads(1);
    check::<Lstm<f32>>();
    check::<Gru<f32>>();
    check::<TauGru<f32>>();
    check::<MLstm<f32>>();
    fixed();
    train_stack();
    predict_stack();
    train_both_ways();
    for pooling in [Pooling::Last, Pooling::Mean, Pooling::Ends] {
        train_classifier(pooling);
    }
    train_head();
    stream_stack();
    optimise(Adam::new(0.1).amsgrad());
    optimise(Sgd::new(0.1).momentum(0.9).dampening(0.1));
    optimise(RmsProp::new(0.1).momentum(0.9).centred());
    train::<Lstm<f32>>();
    train::<Gru<f32>>();
    train::<TauGru<f32>>();
    train::<MLstm<f32>>();
    gate_runtime::compute_again_after(2);
    train::<MLstm<f32>>();
    gate_runtime::compute_again_after(0);
    train::<PeepholeLstm<f32>>();
    train::<ProjectedLstm<f32>>();
    train::<ZoneoutLstm<f32>>();
    train::<TimeAwareLstm<f32>>();
    train::<LayerNormLstm<f32>>();
    train::<Nas<f32>>();
    train::<MinGru<f32>>();
}
