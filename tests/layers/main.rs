//! What holds of every layer, whatever it is made of: rows and padding do not meet, masked is
//! truncated, memory may lie as it likes, threads change no bit, parts of a sequence are the whole,
//! a tape is of what was recorded last.

mod classifiers;

use std::sync::{Mutex, PoisonError};

use gate_runtime::cells::{Gru, Lstm, MLstm, RecurrentDropoutLstm, TauGru, ZoneoutLstm};
use gate_runtime::train::{Bidirectional, Layer, Stacked};
use gate_runtime::{Cell, Sequence, set_threads, share_small_runs};
use ndarray::{Array3, ArrayView3, Axis, Slice, s};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Features and units.
const I: usize = 3;
const H: usize = 4;

/// Does some work with so many threads, which is a setting of the process: tests take turns. All
/// other work is on one thread.
fn on_threads<T>(threads: usize, work: impl FnOnce() -> T) -> T {
    static SETTINGS: Mutex<()> = Mutex::new(());
    let _turn = SETTINGS.lock().unwrap_or_else(PoisonError::into_inner);
    share_small_runs(true);
    set_threads(threads);
    let out = work();
    set_threads(1);
    out
}

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn array(shape: (usize, usize, usize), rng: &mut ChaCha8Rng) -> Array3<f64> {
    Array3::from_shape_simple_fn(shape, || rng.random_range(-1.0..1.0))
}

/// A sequence with the gradient of its outputs.
#[derive(Clone)]
struct Batch {
    x: Array3<f64>,
    dy: Array3<f64>,
    lengths: Option<Vec<usize>>,
    training: Option<u64>,
}

impl Batch {
    fn new<L: Layer<Scalar = f64>>(layer: &L, rng: &mut ChaCha8Rng) -> Self {
        let (steps, rows) = (rng.random_range(1..9), rng.random_range(1..6));
        let mut lengths = || (0..rows).map(|_| rng.random_range(1..=steps)).collect();
        let lengths = [None, Some(lengths())];
        let [none, some] = lengths;
        let lengths = if rng.random_bool(0.7) { some } else { none };
        Batch {
            x: array(
                (steps, rows, layer.input_features().expect("one input")),
                rng,
            ),
            dy: array((steps, rows, layer.output_features()), rng),
            lengths,
            training: rng.random_bool(0.5).then(|| rng.random()),
        }
    }

    fn sequence<'b>(&'b self, x: ArrayView3<'b, f64>) -> Sequence<'b, f64> {
        let mut sequence = Sequence::new(x);
        if let Some(lengths) = &self.lengths {
            sequence = sequence.lengths(lengths);
        }
        match self.training {
            Some(seed) => sequence.training(seed),
            None => sequence,
        }
    }

    fn length(&self, row: usize) -> usize {
        self.lengths.as_ref().map_or(self.x.dim().0, |l| l[row])
    }

    /// A number beyond the end of every row.
    fn padded(&self, x: f64, dy: f64) -> Batch {
        let mut batch = self.clone();
        for row in 0..self.x.dim().1 {
            batch.x.slice_mut(s![self.length(row).., row, ..]).fill(x);
            batch.dy.slice_mut(s![self.length(row).., row, ..]).fill(dy);
        }
        batch
    }

    /// One row as far as it goes.
    fn row(&self, row: usize) -> Batch {
        let part = s![..self.length(row), row..row + 1, ..];
        Batch {
            x: self.x.slice(part).to_owned(),
            dy: self.dy.slice(part).to_owned(),
            lengths: None,
            training: None,
        }
    }
}

/// Output, gradient of the input, gradients of the parameters.
#[derive(Clone, Debug, PartialEq)]
struct Results {
    y: Array3<f64>,
    dx: Array3<f64>,
    grads: Vec<f64>,
}

fn params<L: Layer<Scalar = f64>>(layer: &L, grads: &mut L::Grads) -> Vec<f64> {
    let mut layer = layer.clone();
    let groups = layer.groups(grads).expect("its own gradients");
    groups.iter().flat_map(|g| g.grads.to_vec()).collect()
}

fn back<L: Layer<Scalar = f64>>(layer: &L, dy: ArrayView3<'_, f64>, tape: &mut L::Tape) -> Results {
    let (y, mut grads) = (L::traced(tape).to_owned(), layer.new_grads());
    layer
        .pull_back(tape, dy, true, &mut grads)
        .expect("a way back");
    Results {
        y,
        dx: L::input_gradient(&grads).to_owned(),
        grads: params(layer, &mut grads),
    }
}

fn on<L: Layer<Scalar = f64>>(layer: &L, batch: &Batch, tape: &mut L::Tape) -> Results {
    let sequence = batch.sequence(batch.x.view());
    layer.trace(sequence, None, tape).expect("a recording");
    back(layer, batch.dy.view(), tape)
}

fn results<L: Layer<Scalar = f64>>(layer: &L, batch: &Batch) -> Results {
    on(layer, batch, &mut L::Tape::default())
}

#[track_caller]
fn close<'a>(a: impl IntoIterator<Item = &'a f64>, b: impl IntoIterator<Item = &'a f64>) {
    let (a, b): (Vec<_>, Vec<_>) = (a.into_iter().collect(), b.into_iter().collect());
    assert_eq!(a.len(), b.len());
    for (a, b) in a.into_iter().zip(b) {
        assert!((a - b).abs() <= 1e-11 * (1.0 + a.abs()), "{a} and {b}");
    }
}

fn changed<L: Layer<Scalar = f64>>(layer: &L, by: f64) -> L {
    let mut layer = layer.clone();
    let mut grads = layer.new_grads();
    for group in layer.groups(&mut grads).expect("its own gradients") {
        group.params.iter_mut().for_each(|p| *p += by);
    }
    layer
}

fn laws<L: Layer<Scalar = f64>>(layer: &L) {
    // Initial values such as zero hide what reads them.
    let (layer, rng) = (&changed(layer, 0.01), &mut rng(7));
    let mut tape = L::Tape::default();
    for round in 0..12 {
        let batch = Batch::new(layer, rng);
        let expected = on_threads(1, || results(layer, &batch));
        assert_eq!(results(layer, &batch.padded(9.0, 9.0)), expected, "padding");
        let nothing = batch.padded(f64::NAN, f64::NAN);
        assert_eq!(results(layer, &nothing), expected, "NaN behind the ends");
        assert_eq!(
            on(layer, &batch, &mut tape),
            expected,
            "a tape that was used"
        );
        let inferred = layer.infer(batch.sequence(batch.x.view()), None);
        assert_eq!(inferred.expect("a run").0, expected.y, "without a tape");
        ends_are_zero(&batch, &expected);
        memory_may_lie_as_it_likes(layer, &batch, &expected);
        // Small runs on several threads take long.
        if round % 3 == 0 {
            let three = on_threads(3, || results(layer, &batch));
            assert_eq!(three, expected, "three threads");
        }
        rows_do_not_meet(
            layer,
            &Batch {
                training: None,
                ..batch.clone()
            },
        );
        parts_are_the_whole(
            layer,
            &Batch {
                training: None,
                lengths: None,
                ..batch.clone()
            },
        );
        // The parameters are those of the recording.
        layer
            .trace(batch.sequence(batch.x.view()), None, &mut tape)
            .expect("a recording");
        assert_eq!(
            back(&changed_in_place(layer), batch.dy.view(), &mut tape),
            expected
        );
    }
}

/// A clone whose parameters change.
fn changed_in_place<L: Layer<Scalar = f64>>(layer: &L) -> L {
    changed(layer, 0.5)
}

fn ends_are_zero(batch: &Batch, results: &Results) {
    for row in 0..batch.x.dim().1 {
        let end = s![batch.length(row).., row, ..];
        assert!(results.y.slice(end).iter().all(|&v| v == 0.0), "output");
        assert!(results.dx.slice(end).iter().all(|&v| v == 0.0), "gradient");
    }
}

fn memory_may_lie_as_it_likes<L: Layer<Scalar = f64>>(
    layer: &L,
    batch: &Batch,
    expected: &Results,
) {
    let mut tape = L::Tape::default();
    type Turn = fn(&Array3<f64>) -> Array3<f64>;
    let turns: [Turn; 3] = [
        |a| {
            a.view()
                .permuted_axes([1, 0, 2])
                .as_standard_layout()
                .into_owned()
                .permuted_axes([1, 0, 2])
        },
        |a| {
            a.view()
                .reversed_axes()
                .as_standard_layout()
                .into_owned()
                .reversed_axes()
        },
        |a| {
            let mut backwards = a.clone();
            backwards.invert_axis(Axis(0));
            backwards.invert_axis(Axis(2));
            let mut copy = backwards.as_standard_layout().into_owned();
            copy.invert_axis(Axis(0));
            copy.invert_axis(Axis(2));
            copy
        },
    ];
    for turn in turns {
        let (x, dy) = (turn(&batch.x), turn(&batch.dy));
        assert_eq!(x, batch.x);
        layer
            .trace(batch.sequence(x.view()), None, &mut tape)
            .expect("a recording");
        assert_eq!(
            &back(layer, dy.view(), &mut tape),
            expected,
            "another order in memory"
        );
    }
    // One row for all.
    let row = batch.x.slice_axis(Axis(1), Slice::from(..1));
    let all = row.broadcast(batch.x.dim()).expect("a broadcast");
    let own = Batch {
        x: all.to_owned(),
        ..batch.clone()
    };
    layer
        .trace(batch.sequence(all), None, &mut tape)
        .expect("a recording");
    assert_eq!(
        back(layer, batch.dy.view(), &mut tape),
        results(layer, &own),
        "broadcast"
    );
}

fn rows_do_not_meet<L: Layer<Scalar = f64>>(layer: &L, batch: &Batch) {
    let whole = results(layer, batch);
    let mut sum = vec![0.0; whole.grads.len()];
    for row in 0..batch.x.dim().1 {
        let (alone, part) = (
            results(layer, &batch.row(row)),
            s![..batch.length(row), row, ..],
        );
        close(whole.y.slice(part), &alone.y);
        close(whole.dx.slice(part), &alone.dx);
        sum.iter_mut()
            .zip(&alone.grads)
            .for_each(|(sum, g)| *sum += g);
    }
    close(&whole.grads, &sum);
}

/// By `continued` where a layer allows it, by the final state where it does not look ahead.
fn parts_are_the_whole<L: Layer<Scalar = f64>>(layer: &L, batch: &Batch) {
    let steps = batch.x.dim().0;
    let ahead = layer.check_continued().is_err();
    let (first, second) = batch.x.view().split_at(Axis(0), steps / 2);
    if ahead || first.is_empty() {
        return;
    }
    let whole = layer
        .infer(Sequence::from(&batch.x), None)
        .expect("a run")
        .0;
    let mut tape = L::Tape::default();
    layer
        .trace(Sequence::new(first), None, &mut tape)
        .expect("a recording");
    let state = layer.last_state(&tape).expect("a state");
    layer
        .trace(Sequence::new(second).continued(), None, &mut tape)
        .expect("a recording");
    close(whole.slice(s![steps / 2.., .., ..]), L::traced(&tape));
    let given = layer
        .infer(Sequence::new(second), Some(&state))
        .expect("a run")
        .0;
    assert_eq!(given, L::traced(&tape));
    let lengths = vec![1; batch.x.dim().1];
    layer
        .trace(Sequence::from(&batch.x).lengths(&lengths), None, &mut tape)
        .expect("a recording");
    let second = Sequence::from(&batch.x).continued();
    layer.trace(second, None, &mut tape).expect("a recording");
    let one = batch.x.slice(s![..1, .., ..]);
    let both = ndarray::concatenate(Axis(0), &[one, batch.x.view()]).expect("features agree");
    let whole = layer.infer(Sequence::from(&both), None).expect("a run").0;
    close(whole.slice(s![1.., .., ..]), L::traced(&tape));
}

fn cell<C: Cell<Scalar = f64>>(seed: u64) -> C {
    C::with_sizes(&[I, H], &mut rng(seed)).expect("sizes")
}

fn stacked<C: Cell<Scalar = f64>>(layers: usize) -> Stacked<C> {
    Stacked::<C>::new(&[I, H], layers, &mut rng(2)).expect("sizes")
}

fn both<L: Layer>(make: impl Fn(u64) -> L) -> Bidirectional<L> {
    Bidirectional::from_layers(make(1), make(2)).expect("equal sizes")
}

#[test]
fn cells() {
    laws(&cell::<Lstm<f64>>(1));
    laws(&cell::<TauGru<f64>>(1));
    laws(&cell::<RecurrentDropoutLstm<f64>>(1));
    laws(
        &MLstm::<f64>::with_sizes(&[I, H, 2][..MLstm::<f64>::INFO.sizes.len()], &mut rng(1))
            .expect("sizes"),
    );
}

#[test]
fn stacks() {
    laws(&stacked::<Gru<f64>>(3).with_dropout(0.3));
    laws(&stacked::<ZoneoutLstm<f64>>(2));
    laws(
        &Stacked::from_layers(vec![
            stacked::<Lstm<f64>>(1),
            Stacked::<Lstm<f64>>::new(&[H, H], 2, &mut rng(3))
                .expect("sizes")
                .with_dropout(0.5),
        ])
        .expect("widths"),
    );
}

#[test]
fn two_directions() {
    laws(&both(cell::<Gru<f64>>));
    laws(&both(|_| {
        stacked::<RecurrentDropoutLstm<f64>>(2).with_dropout(0.2)
    }));
    let layers = Stacked::<Bidirectional<Lstm<f64>>>::new(&[I, H], 2, &mut rng(4));
    laws(&layers.expect("sizes").with_dropout(0.4));
}
