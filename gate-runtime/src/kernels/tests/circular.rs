//! Sine and cosine: next to their zeros, where the library takes over, and beside other angles.

use std::f64::consts::FRAC_PI_2;

use super::super::circular::Circular;
use super::super::{Float, Isa, Scalar};
use super::accuracy::{Cos, Function, Sin, apply, relative, sets, units};
use super::numbers;

/// Numbers of quarter turns: every one at first, then some, up to far beyond the limits.
fn quarters() -> impl Iterator<Item = f64> {
    let large = (13..60).map(|exponent| 1.7 * f64::from(exponent).exp2());
    (0..5000)
        .chain((5000..300_000).step_by(59))
        .map(f64::from)
        .chain(large.map(f64::round))
}

/// Multiples of π/2 and their neighbours, of both signs.
fn single_angles() -> Vec<f32> {
    let mut x = Vec::new();
    for nearest in quarters().map(|k| (k * FRAC_PI_2) as f32) {
        for bits in nearest.to_bits().saturating_sub(3)..=nearest.to_bits() + 3 {
            x.extend([f32::from_bits(bits), -f32::from_bits(bits)]);
        }
    }
    // The one that is closest to a multiple, and the limit.
    let limit = f32::FAR;
    x.extend([
        16_573_937.0 / 65536.0,
        limit.next_down(),
        limit,
        limit.next_up(),
    ]);
    x
}

/// The same, and numbers around the multiples, so that roundings differ.
fn double_angles() -> Vec<f64> {
    let mut x = Vec::new();
    let around = numbers::<f64>(1 << 14, 7);
    for (k, around) in quarters().zip(around.into_iter().cycle()) {
        let nearest = k * FRAC_PI_2;
        for bits in nearest.to_bits().saturating_sub(2)..=nearest.to_bits() + 2 {
            x.extend([f64::from_bits(bits), -f64::from_bits(bits)]);
        }
        x.extend([1e-9, 1e-7, 1e-3, 1.5].map(|width| nearest + width * around));
    }
    // Those that are closest to multiples, in themselves and for what π loses, and the limit.
    let limit = f64::FAR;
    x.extend([29.0, 204_551.0].map(|k| k * FRAC_PI_2));
    x.extend([6_411_027_962_775_774.0 / (1_u64 << 47) as f64, limit]);
    x.extend([limit.next_down(), limit.next_up(), 1e22, f64::MAX]);
    x
}

fn check_single<F: Function>() {
    let x = single_angles();
    for isa in sets() {
        for (&x, y) in x.iter().zip(apply::<f32, F>(isa, &x)) {
            let units = units::<F>(x, y, F::exact(f64::from(x)));
            let name = F::NAME;
            assert!(
                units <= 2,
                "{name}({x:e}) = {y:e}: {units} units on {isa:?}"
            );
            assert!(y.abs() <= 1.0, "{name}({x:e}) = {y:e} on {isa:?}");
        }
    }
}

fn check_double<F: Function>() {
    let x = double_angles();
    for isa in sets() {
        for (&x, y) in x.iter().zip(apply::<f64, F>(isa, &x)) {
            let (name, error) = (F::NAME, relative::<F>(x, y));
            assert!(
                error <= 1e-15,
                "{name}({x:e}) = {y:e}: {error:e} on {isa:?}"
            );
            assert!(y.abs() <= 1.0, "{name}({x:e}) = {y:e} on {isa:?}");
        }
    }
}

#[test]
fn angles_next_to_zeros_and_far_away() {
    check_single::<Sin>();
    check_single::<Cos>();
    check_double::<Sin>();
    check_double::<Cos>();
}

#[track_caller]
fn assert_same<A: Float>(found: &[A], expected: &[A], place: impl std::fmt::Debug) {
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        let same = A::same_bits(&[*found], &[*expected]);
        assert!(same, "{found}, not {expected}, at {i} of {place:?}");
    }
}

fn negative<A: Float>(x: &[A]) -> Vec<A> {
    x.iter().map(|&x| -x).collect()
}

fn check_symmetry<A: Float>(x: &[A]) {
    let zeros = [A::ZERO, -A::ZERO];
    for isa in sets() {
        let sin = apply::<A, Sin>(isa, x);
        assert_same(&apply::<A, Sin>(isa, &negative(x)), &negative(&sin), isa);
        let cos = apply::<A, Cos>(isa, x);
        assert_same(&apply::<A, Cos>(isa, &negative(x)), &cos, isa);
        assert_same(&apply::<A, Sin>(isa, &zeros), &zeros, isa);
        assert_same(&apply::<A, Cos>(isa, &zeros), &[A::ONE; 2], isa);
    }
}

#[test]
fn sine_is_odd_and_cosine_even() {
    check_symmetry(&single_angles());
    check_symmetry(&double_angles());
}

/// A single number's value, by the formulas of an instruction set.
fn alone<A: Float, F: Function>(isa: Isa, x: A) -> A {
    match isa {
        Isa::Baseline => F::eval([A::Plain::new(x)])[0].get(),
        _ => F::eval([A::Fused::new(x)])[0].get(),
    }
}

fn check_alone<A: Float, F: Function>(x: &[A]) {
    for isa in sets() {
        let expected: Vec<A> = x.iter().map(|&x| alone::<A, F>(isa, x)).collect();
        assert_same(&apply::<A, F>(isa, x), &expected, (F::NAME, isa));
    }
}

#[test]
fn single_numbers_and_registers_are_the_same() {
    check_alone::<f32, Sin>(&single_angles());
    check_alone::<f32, Cos>(&single_angles());
    check_alone::<f64, Sin>(&double_angles());
    check_alone::<f64, Cos>(&double_angles());
}

/// Every place of a register holds an angle for the library once, the others near ones: each is
/// what it is alone, and at the near ones that is not the library's.
fn check_mixed<A: Float, F: Function>(limit: A) {
    let near: Vec<A> = numbers(32, 5)
        .into_iter()
        .map(|x: A| x * A::from_f64(40.0))
        .collect();
    let far = [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e30, -1e7].map(A::from_f64);
    for isa in sets() {
        let each =
            |x: &[A]| -> Vec<A> { x.iter().flat_map(|&x| apply::<A, F>(isa, &[x])).collect() };
        let expected = each(&near);
        assert_same(&apply::<A, F>(isa, &near), &expected, (F::NAME, isa));
        for at in 0..near.len() {
            for &far in far.iter().chain([&limit]) {
                let (mut x, mut expected) = (near.clone(), expected.clone());
                x[at] = far;
                expected[at] = each(&[far])[0];
                let mut found = apply::<A, F>(isa, &x);
                if !far.is_finite() {
                    assert!(found[at].to_f64().is_nan(), "{}({far})", F::NAME);
                    // Any NaN.
                    found[at] = expected[at];
                }
                assert_same(&found, &expected, (F::NAME, isa, far));
            }
        }
    }
}

#[test]
fn far_angles_leave_those_beside_them_as_they_are() {
    check_mixed::<f32, Sin>(f32::FAR);
    check_mixed::<f32, Cos>(f32::FAR);
    check_mixed::<f64, Sin>(f64::FAR);
    check_mixed::<f64, Cos>(f64::FAR);
}
