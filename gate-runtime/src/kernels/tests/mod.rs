//! The kernels against naive loops in `f64`, on every instruction set that this machine has.

mod accuracy;
mod circular;
mod fixed;
mod functions;
mod maps;
mod matrices;
mod packing;
mod plans;
mod powers;
mod products;
mod refusals;
mod rows;
mod small;
mod stages;
mod team;

use super::{Float, Isa, set_isa};
use accuracy::sets;

/// Numbers in −½ … ½ from a fixed sequence.
fn numbers<A: Float>(n: usize, seed: u64) -> Vec<A> {
    let mut state = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963);
        A::from_f64((state >> 40) as f64 / (1u64 << 24) as f64 - 0.5)
    };
    (0..n).map(|_| next()).collect()
}

/// The tolerance for sums of `terms` products of numbers up to ½.
fn tolerance<A: Float>(terms: usize) -> f64 {
    let epsilon = if A::NAME == "f32" {
        f64::from(f32::EPSILON)
    } else {
        f64::EPSILON
    };
    epsilon * (terms as f64 + 4.0)
}

#[track_caller]
fn assert_near<A: Float>(found: A, expected: f64, tolerance: f64, place: impl std::fmt::Debug) {
    let error = (found.to_f64() - expected).abs();
    assert!(
        error <= tolerance || found.to_f64() == expected,
        "{found} instead of {expected} at {place:?}"
    );
}

#[test]
fn an_instruction_set_that_is_not_there_is_refused() {
    for isa in Isa::ALL {
        assert_eq!(isa.is_supported(), sets().any(|set| set == isa));
        if !isa.is_supported() {
            assert!(!set_isa(Some(isa)));
        }
    }
}
