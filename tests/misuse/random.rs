//! Calls in any order with arguments that fit or do not: each is done or refused, and what was
//! refused shows in nothing that is done later.

use gate_runtime::cells::{DeltaNet, Gru, Lstm, ZoneoutLstm};
use gate_runtime::train::{Bidirectional, Layer, Stacked};
use gate_runtime::{Cell, Error, Sequence};
use ndarray::{Array3, ArrayView3};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{H, I};

/// What a run is given.
#[derive(Clone)]
struct Given<L: Layer> {
    x: Array3<f64>,
    lengths: Option<Vec<usize>>,
    state: Option<L::State>,
    training: Option<u64>,
}

impl<L: Layer<Scalar = f64>> Given<L> {
    /// Mostly what fits.
    fn random(states: &[L::State], rng: &mut impl Rng) -> Self {
        let (steps, rows) = (rng.random_range(0..5), rng.random_range(0..4));
        let features = near(I, rng);
        let x = Array3::from_shape_simple_fn((steps, rows, features), || value(rng));
        let lengths = rng.random_bool(0.5).then(|| {
            let count = near(rows, rng);
            let length = |_| near(rng.random_range(1..=steps.max(1)), rng);
            (0..count).map(length).collect()
        });
        let known = states.len();
        Given {
            x,
            lengths,
            state: (known > 0 && rng.random_bool(0.4))
                .then(|| states[rng.random_range(0..known)].clone()),
            training: rng.random_bool(0.3).then(|| rng.random()),
        }
    }

    fn sequence(&self) -> Sequence<'_, f64> {
        let mut sequence = Sequence::new(self.x.view());
        if let Some(lengths) = &self.lengths {
            sequence = sequence.lengths(lengths);
        }
        match self.training {
            Some(seed) => sequence.training(seed),
            None => sequence,
        }
    }
}

/// A number, or now and then one beside it.
fn near(number: usize, rng: &mut impl Rng) -> usize {
    match rng.random_range(0..20) {
        0 => number + 1,
        1 => number.saturating_sub(1),
        2 => [0, 100, usize::MAX][rng.random_range(0..3)].min(1000),
        _ => number,
    }
}

/// NaN and infinities are numbers as others are.
fn value(rng: &mut impl Rng) -> f64 {
    match rng.random_range(0..400) {
        0 => f64::NAN,
        1 => f64::INFINITY,
        2 => -1e300,
        _ => rng.random_range(-1.0..1.0),
    }
}

/// Whether it was done; what was refused says why.
fn done<V>(result: Result<V, Error>) -> Option<V> {
    result
        .map_err(|error| assert!(error.to_string().len() > 20, "{error}"))
        .ok()
}

fn bits(values: ArrayView3<'_, f64>) -> Vec<u64> {
    // Which of several NaN it is does not matter.
    let bits = |v: &f64| if v.is_nan() { u64::MAX } else { v.to_bits() };
    values.iter().map(bits).collect()
}

/// The gradients of the input and of the parameters, on a tape that has recorded.
fn back<L: Layer<Scalar = f64>>(
    layer: &L,
    (tape, seed, last): (&mut L::Tape, &Array3<f64>, Option<&L::State>),
) -> Option<Vec<u64>> {
    let (mut layer, mut grads) = (layer.clone(), layer.new_grads());
    done(layer.pull_back_both(tape, seed.view(), last, true, &mut grads))?;
    let mut out = bits(L::input_gradient(&grads));
    for group in layer.groups(&mut grads).expect("its own gradients") {
        let shape = (1, 1, group.grads.len());
        out.extend(bits(
            ArrayView3::from_shape(shape, group.grads).expect("a row"),
        ));
    }
    Some(out)
}

/// `FUZZ_ROUNDS` has more than the usual rounds.
fn shaken<L: Layer<Scalar = f64>>(layer: &L) {
    let more = std::env::var("FUZZ_ROUNDS").ok();
    let rounds = more.and_then(|n| n.parse().ok()).unwrap_or(600);
    let rng = &mut ChaCha8Rng::seed_from_u64(8);
    let (mut used, mut states) = (L::Tape::default(), Vec::new());
    let (mut runs, mut returns) = (0, 0);
    for _ in 0..rounds {
        let given = Given::<L>::random(&states, rng);
        if rng.random_bool(0.1) {
            done(layer.trace(given.sequence().continued(), None, &mut used));
        }
        if rng.random_bool(0.2) {
            done(layer.infer_on(given.sequence(), given.state.as_ref(), &mut used));
        }
        let mut fresh = L::Tape::default();
        let [first, second] = [&mut used, &mut fresh]
            .map(|tape| done(layer.trace(given.sequence(), given.state.as_ref(), tape)));
        let inferred = done(layer.infer(given.sequence(), given.state.as_ref()));
        assert!(first.is_some() == second.is_some() && first.is_some() == inferred.is_some());
        let Some((outputs, state)) = inferred else {
            continue;
        };
        runs += 1;
        assert_eq!(bits(L::traced(&used)), bits(L::traced(&fresh)));
        if given.training.is_none() {
            assert_eq!(bits(outputs.view()), bits(L::traced(&used)));
        }
        let (steps, rows, width) = outputs.dim();
        let dim = (near(steps, rng), near(rows, rng), near(width, rng));
        let seed = Array3::from_shape_simple_fn(dim, || value(rng));
        let last = rng.random_bool(0.3).then_some(&state);
        let [own, other] = [&mut used, &mut fresh].map(|tape| back(layer, (tape, &seed, last)));
        assert_eq!(own, other);
        returns += usize::from(own.is_some());
        states.push(state);
    }
    let enough = runs > rounds / 6 && returns > rounds / 12;
    assert!(enough, "{runs} runs, {returns} returns");
}

fn cell<C: Cell<Scalar = f64>>() -> C {
    let sizes = &[I, H, 3][..C::INFO.sizes.len()];
    C::with_sizes(sizes, &mut ChaCha8Rng::seed_from_u64(1)).expect("sizes")
}

#[test]
fn cells() {
    shaken(&cell::<Lstm<f64>>());
    shaken(&cell::<ZoneoutLstm<f64>>());
    shaken(&cell::<DeltaNet<f64>>());
}

#[test]
fn layers() {
    let rng = &mut ChaCha8Rng::seed_from_u64(2);
    let stack = Stacked::<Gru<f64>>::new(&[I, H], 2, rng).expect("sizes");
    shaken(&stack.with_dropout(0.3));
    shaken(&Bidirectional::<Lstm<f64>>::new(&[I, H], rng).expect("sizes"));
}
