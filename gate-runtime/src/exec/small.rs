//! Whole passes of small cells, in every way in which threads share them: for tools that take a
//! hundred or a thousand times as long. ThreadSanitizer sees nothing of what registers load and
//! store: only the comparison, bit for bit, tells of two threads in one element there.

use std::sync::{Mutex, MutexGuard, PoisonError};

use ndarray::{Array2, Array3};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::cells::{DeltaNet, GruResetAfter, LayerNormLstm, Lstm, MinGru, ZoneoutLstm};
use crate::train::Linear;
use crate::{
    Cell, CellGrads, Float, Seeds, Sequence, Tape, compute_again_after, set_threads,
    share_small_runs,
};

crate::cell! {
    /// The gradient of `W` has two parts that are computed at once.
    struct Turned {
        z   = sigmoid(x_t * U^(z) + h_{t-1} * W);
        n   = tanh(x_t * U^(n) + h_{t-1} * W^T);
        h_t = z .* n;
    }
}

/// Settings of the process: tests take turns, and put them back.
struct Turn(#[allow(dead_code)] MutexGuard<'static, ()>);

impl Turn {
    fn take() -> Turn {
        static SETTINGS: Mutex<()> = Mutex::new(());
        let turn = Turn(SETTINGS.lock().unwrap_or_else(PoisonError::into_inner));
        share_small_runs(true);
        turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        set_threads(0);
        share_small_runs(false);
        compute_again_after(0);
    }
}

fn array<A: Float>(shape: (usize, usize, usize)) -> Array3<A> {
    Array3::from_shape_fn(shape, |(t, b, i)| {
        A::from_f64(((7 * t + 5 * b + 3 * i) % 11) as f64 / 6.0 - 0.8)
    })
}

/// What a recorded sequence and its backward pass give; masks are drawn where there are some.
fn passes<C: Cell>(steps: usize, lengths: &[usize]) -> Vec<C::Scalar> {
    let sizes = &[3, 17, 5][..C::INFO.sizes.len()];
    let cell = C::with_sizes(sizes, &mut ChaCha8Rng::seed_from_u64(1)).expect("sizes");
    let rows = lengths.len();
    let x = array((steps, rows, cell.input_width(0)));
    let dy = array((steps, rows, cell.output_width(0)));
    let (mut tape, mut grads) = (Tape::new(), cell.zero_grads());
    let sequence = Sequence::new(x.view()).lengths(lengths).training(5);
    cell.record(sequence, &mut tape).expect("a recording");
    let mut out: Vec<C::Scalar> = tape.output(0).iter().copied().collect();
    cell.backward(&mut tape, Seeds::from(&dy), &mut grads)
        .expect("gradients");
    out.extend(grads.params());
    out.extend(grads.input(0));
    out
}

/// One row and rows of different lengths, whose units two threads share; and a batch of which each
/// takes rows.
fn threads_give_the_same<C: Cell>() {
    let _turn = Turn::take();
    for (steps, lengths) in [(5, &[5][..]), (3, &[2, 3]), (2, &[2; 13])] {
        set_threads(1);
        let alone = passes::<C>(steps, lengths);
        set_threads(2);
        assert!(alone == passes::<C>(steps, lengths), "{lengths:?}");
    }
}

#[test]
fn lstm() {
    threads_give_the_same::<Lstm<f32>>();
}

#[test]
fn gru() {
    threads_give_the_same::<GruResetAfter<f64>>();
}

#[test]
fn linear_recurrence() {
    threads_give_the_same::<MinGru<f32>>();
}

#[test]
fn reductions() {
    threads_give_the_same::<LayerNormLstm<f32>>();
}

#[test]
fn masks() {
    threads_give_the_same::<ZoneoutLstm<f32>>();
}

#[test]
fn a_matrix_and_its_transpose() {
    threads_give_the_same::<Turned<f32>>();
}

#[test]
fn matrices_on_the_tape_and_computed_again() {
    threads_give_the_same::<DeltaNet<f32>>();
    let _turn = Turn::take();
    set_threads(2);
    let lengths = [5, 2, 5, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5];
    for rows in [1, 2, 13] {
        compute_again_after(0);
        let kept = passes::<DeltaNet<f32>>(5, &lengths[..rows]);
        compute_again_after(2);
        assert!(kept == passes::<DeltaNet<f32>>(5, &lengths[..rows]));
    }
}

/// Clones share the packed weights, and nothing else.
#[test]
fn streams_side_by_side() {
    let cell = Lstm::<f32>::new(3, 17, &mut ChaCha8Rng::seed_from_u64(1)).expect("sizes");
    let x = Array2::from_elem((1, 3), 0.5_f32);
    let mut first = cell.stream(1);
    let step = |stream: &mut crate::Stream<Lstm<f32>>| {
        let mut h = Array2::zeros((1, 17));
        let mut outputs = [h.view_mut()];
        stream.step(&[x.view()], &mut outputs).expect("a step");
        h
    };
    step(&mut first);
    let mut second = first.clone();
    let (a, b) = std::thread::scope(|scope| {
        let other = scope.spawn(|| (0..3).map(|_| step(&mut second)).collect::<Vec<_>>());
        let own: Vec<_> = (0..3).map(|_| step(&mut first)).collect();
        (own, other.join().expect("steps"))
    });
    assert_eq!(a, b);
}

#[test]
fn predictions_side_by_side() {
    let cell = MinGru::<f32>::new(3, 17, &mut ChaCha8Rng::seed_from_u64(1)).expect("sizes");
    let x = array((2, 2, 3));
    let expected = cell.clone().forward(&x).expect("a run").outputs;
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..2 {
                    assert_eq!(cell.forward(&x).expect("a run").outputs, expected);
                }
            });
        }
    });
}

/// Products without time: few rows, whose columns threads share, and rows of their own; a copy of
/// rows that stand apart, in parts.
#[test]
fn linear_layers() {
    let _turn = Turn::take();
    let layer = Linear::<f32>::new(5, 33, &mut ChaCha8Rng::seed_from_u64(1)).expect("sizes");
    for rows in [1, 3, 50] {
        let run = || {
            let (x, dy) = (array::<f32>((1, rows, 5)), array::<f32>((1, rows, 33)));
            let mut grads = layer.zero_grads();
            let y = layer.forward(x.view()).expect("products");
            let dx = layer.backward(x.view(), dy.view(), &mut grads);
            (y, dx.expect("gradients"), grads.params().to_vec())
        };
        set_threads(1);
        let alone = run();
        set_threads(2);
        assert!(alone == run(), "{rows} rows");
    }
}
