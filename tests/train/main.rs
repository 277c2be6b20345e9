//! Layers, losses and optimisers: gradients against central differences, optimisers against steps by
//! hand.

mod dropout;
mod going_on;
mod layers;
mod losses;
mod optimisers;
mod parts;
mod predictions;
mod refusals;
mod sizes;
mod states;

use ndarray::{Array, Dimension};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Distance of central differences.
const STEP: f64 = 1e-5;

fn generator(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// The result is an error whose text has this part.
#[track_caller]
fn refused<R>(result: Result<R, gate_runtime::Error>, part: &str) {
    let Err(error) = result else {
        panic!("accepted, but should be refused: {part}")
    };
    assert!(error.to_string().contains(part), "{error}");
}

/// Numbers between -1 and 1.
fn numbers<D: Dimension, S: ndarray::ShapeBuilder<Dim = D>>(
    shape: S,
    rng: &mut ChaCha8Rng,
) -> Array<f64, D> {
    Array::from_shape_simple_fn(shape, || rng.random_range(-1.0..1.0))
}

/// Central differences of `f` by every element of `at`.
fn differences<D: Dimension>(
    at: &Array<f64, D>,
    f: impl Fn(&Array<f64, D>) -> f64,
) -> Array<f64, D> {
    let mut out = Array::zeros(at.raw_dim());
    for k in 0..at.len() {
        let shifted = |by: f64| {
            let mut shifted = at.clone();
            *shifted.iter_mut().nth(k).unwrap() += by;
            f(&shifted)
        };
        *out.iter_mut().nth(k).unwrap() = (shifted(STEP) - shifted(-STEP)) / (2.0 * STEP);
    }
    out
}

#[track_caller]
fn assert_close<'a>(
    a: impl IntoIterator<Item = &'a f64>,
    b: impl IntoIterator<Item = &'a f64>,
    tolerance: f64,
) {
    let (a, b): (Vec<_>, Vec<_>) = (a.into_iter().collect(), b.into_iter().collect());
    assert_eq!(a.len(), b.len());
    for (k, (a, b)) in a.into_iter().zip(b).enumerate() {
        assert!((a - b).abs() <= tolerance, "element {k}: {a} and {b}");
    }
}
