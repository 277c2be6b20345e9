//! The elementary functions over all magnitudes, and at the edges.

use super::super::{Float, Isa, Map, Operand, Real, Target, map};
use super::sets;

macro_rules! function {
    ($name:ident, $method:ident) => {
        struct $name;
        impl Map<1, 1> for $name {
            #[inline(always)]
            fn eval<V: Real>(x: [V; 1]) -> [V; 1] {
                [x[0].$method()]
            }
        }
    };
}

function!(Sigmoid, sigmoid);
function!(Tanh, tanh);
function!(Exp, exp);
function!(ExpM1, exp_m1);
function!(Log, log);
function!(Softplus, softplus);
function!(Erf, erf);
function!(Sin, sin);
function!(Cos, cos);
function!(Sqrt, sqrt);
function!(Recip, recip);
function!(Square, square);
function!(Abs, abs);
function!(Sign, sign);
function!(Relu, relu);

/// All of a map over a slice.
fn apply<A: Float, M: Map<1, 1>>(isa: Isa, x: &[A]) -> Vec<A> {
    let mut y = vec![A::ZERO; x.len()];
    let input = Operand {
        ptr: x.as_ptr(),
        row: x.len(),
        unit: 1,
    };
    let output = Target {
        ptr: y.as_mut_ptr(),
        row: x.len(),
    };
    // SAFETY: both have one row of `x.len()` elements.
    unsafe { map::<A, M, 1, 1>(isa, 1, x.len(), &[input], &[output]) };
    y
}

fn sigmoid(x: f64) -> f64 {
    if x < 0.0 {
        x.exp() / (1.0 + x.exp())
    } else {
        1.0 / (1.0 + (-x).exp())
    }
}

fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// Distance in units of the last place from the `f32` nearest to the exact value.
fn ulps(found: f32, exact: f64) -> f64 {
    let nearest = exact as f32;
    if nearest.is_infinite() || nearest.is_nan() {
        let same = found == nearest || found.is_nan() && nearest.is_nan();
        return if same { 0.0 } else { f64::INFINITY };
    }
    let exponent = (nearest.abs().to_bits() >> 23).max(1) as i32 - 127 - 23;
    (f64::from(found) - f64::from(nearest)).abs() / f64::from(exponent).exp2()
}

/// Every `STRIDE`th `f32`; prime, so that all fractions occur. With 1 it is every one, and takes
/// some minutes.
const STRIDE: usize = 1009;

fn within_four_ulps<M: Map<1, 1>>(name: &str, exact: impl Fn(f64) -> f64) {
    // A piece at a time: all of them would be gigabytes.
    const PIECE: usize = 1 << 20;
    let mut most = (0.0, 0.0);
    for first in (0..=u32::MAX).step_by(STRIDE * PIECE) {
        let bits = (first..=u32::MAX).step_by(STRIDE).take(PIECE);
        let x: Vec<f32> = bits.map(f32::from_bits).collect();
        let expected: Vec<f64> = x.iter().map(|&x| exact(f64::from(x))).collect();
        for isa in sets() {
            let y = apply::<f32, M>(isa, &x);
            for ((&x, &y), &expected) in x.iter().zip(&y).zip(&expected) {
                let error = ulps(y, expected);
                assert!(
                    error <= 4.0,
                    "{name}({x:e}) = {y:e}: {error} units on {isa:?}"
                );
                if error > most.0 {
                    most = (error, x);
                }
            }
        }
    }
    println!("{name}: at most {:.2} units, at {:e}", most.0, most.1);
}

#[test]
fn single_precision_is_within_four_ulps_of_all_finite_numbers() {
    within_four_ulps::<Sigmoid>("sigmoid", sigmoid);
    within_four_ulps::<Tanh>("tanh", f64::tanh);
    within_four_ulps::<Exp>("exp", f64::exp);
    within_four_ulps::<ExpM1>("exp_m1", f64::exp_m1);
    within_four_ulps::<Log>("log", f64::ln);
    within_four_ulps::<Softplus>("softplus", softplus);
    within_four_ulps::<Erf>("erf", libm::erf);
    within_four_ulps::<Sin>("sin", f64::sin);
    within_four_ulps::<Cos>("cos", f64::cos);
}

/// Numbers of all magnitudes up to `largest`, of both signs.
fn magnitudes(largest: f64) -> Vec<f64> {
    let mut x = Vec::new();
    let mut size = 1e-320;
    while size < largest {
        x.extend([size, -size]);
        size *= 1.000_9 + size.min(1.0) * 1e-4;
    }
    x.extend([largest, -largest]);
    x
}

fn within_relative<M: Map<1, 1>>(name: &str, largest: f64, exact: impl Fn(f64) -> f64) {
    let x = magnitudes(largest);
    for isa in sets() {
        let y = apply::<f64, M>(isa, &x);
        for (&x, &y) in x.iter().zip(&y) {
            let exact = exact(x);
            // Subnormal results are right to some units of the smallest number.
            let error = (y - exact).abs();
            let near = error <= 1e-14 * exact.abs() || error <= 2e-323;
            assert!(
                near || y.is_nan() && exact.is_nan() || y == exact,
                "{name}({x:e}) = {y:e}, not {exact:e} on {isa:?}"
            );
        }
    }
}

#[test]
fn double_precision_is_within_1e_14() {
    within_relative::<Sigmoid>("sigmoid", 800.0, sigmoid);
    within_relative::<Tanh>("tanh", 800.0, f64::tanh);
    within_relative::<Exp>("exp", 800.0, f64::exp);
    within_relative::<ExpM1>("exp_m1", 800.0, f64::exp_m1);
    within_relative::<Log>("log", 1e308, f64::ln);
    within_relative::<Softplus>("softplus", 800.0, softplus);
    within_relative::<Erf>("erf", 30.0, libm::erf);
    within_relative::<Sin>("sin", 1e5, f64::sin);
    within_relative::<Cos>("cos", 1e5, f64::cos);
}

fn edges<A: Float>() {
    let [infinity, nan] = [f64::INFINITY, f64::NAN].map(A::from_f64);
    let x = [infinity, -infinity, A::ZERO, nan, A::from_f64(-2.0)];
    let check = |name: &str, y: Vec<A>, expected: [f64; 5]| {
        for (&y, expected) in y.iter().zip(expected) {
            let y = y.to_f64();
            assert!(
                y == expected || y.is_nan() && expected.is_nan(),
                "{name}: {y} {expected}"
            );
        }
    };
    let inf = f64::INFINITY;
    for isa in sets() {
        let y = apply::<A, Sigmoid>(isa, &x);
        check("sigmoid", y[..4].to_vec(), [1.0, 0.0, 0.5, f64::NAN, 0.0]);
        let y = apply::<A, Tanh>(isa, &x);
        check("tanh", y[..4].to_vec(), [1.0, -1.0, 0.0, f64::NAN, 0.0]);
        let y = apply::<A, Erf>(isa, &x);
        check("erf", y[..4].to_vec(), [1.0, -1.0, 0.0, f64::NAN, 0.0]);
        let y = apply::<A, Exp>(isa, &x);
        check("exp", y[..4].to_vec(), [inf, 0.0, 1.0, f64::NAN, 0.0]);
        let y = apply::<A, ExpM1>(isa, &x);
        check("exp_m1", y[..4].to_vec(), [inf, -1.0, 0.0, f64::NAN, 0.0]);
        let y = apply::<A, Softplus>(isa, &x);
        let log_2 = A::from_f64(2f64.ln()).to_f64();
        check(
            "softplus",
            y[..4].to_vec(),
            [inf, 0.0, log_2, f64::NAN, 0.0],
        );
        let y = apply::<A, Log>(isa, &x);
        check("log", y, [inf, f64::NAN, -inf, f64::NAN, f64::NAN]);
        let y = apply::<A, Sqrt>(isa, &x);
        check("sqrt", y, [inf, f64::NAN, 0.0, f64::NAN, f64::NAN]);
        check(
            "recip",
            apply::<A, Recip>(isa, &x),
            [0.0, 0.0, inf, f64::NAN, -0.5],
        );
        check(
            "square",
            apply::<A, Square>(isa, &x),
            [inf, inf, 0.0, f64::NAN, 4.0],
        );
        check(
            "abs",
            apply::<A, Abs>(isa, &x),
            [inf, inf, 0.0, f64::NAN, 2.0],
        );
        check(
            "sign",
            apply::<A, Sign>(isa, &x),
            [1.0, -1.0, 0.0, f64::NAN, -1.0],
        );
        check(
            "relu",
            apply::<A, Relu>(isa, &x),
            [inf, 0.0, 0.0, f64::NAN, 0.0],
        );
    }
}

#[test]
fn infinities_and_nan_are_those_of_mathematics() {
    edges::<f32>();
    edges::<f64>();
}

/// A NaN whose lowest bits are set does not turn into a number.
#[test]
fn nan_with_a_payload_stays_nan() {
    let x: Vec<f32> = (0..512)
        .map(|bits| f32::from_bits(0x7fc0_0000 | bits))
        .collect();
    for isa in sets() {
        assert!(apply::<f32, Exp>(isa, &x).iter().all(|y| y.is_nan()));
        assert!(apply::<f32, ExpM1>(isa, &x).iter().all(|y| y.is_nan()));
        assert!(apply::<f32, Sigmoid>(isa, &x).iter().all(|y| y.is_nan()));
        assert!(apply::<f32, Softplus>(isa, &x).iter().all(|y| y.is_nan()));
    }
}

struct Pairs;
impl Map<2, 5> for Pairs {
    #[inline(always)]
    fn eval<V: Real>([a, b]: [V; 2]) -> [V; 5] {
        let (one, two) = (V::num(1.0), V::num(2.0));
        [
            a.min(b),
            a.max(b),
            a.pow(b),
            V::select_gt(a, b, one, two),
            V::select_ge(a, b, one, two),
        ]
    }
}

#[test]
fn functions_of_two_numbers() {
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    let a = [1.0, 2.0, 3.0, -2.0, -2.0, nan, 1.0, inf, 0.0];
    let b = [2.0, 1.0, 3.0, 3.0, 0.5, 1.0, nan, 2.0, 0.0];
    let expected = [
        [1.0, 1.0, 3.0, -2.0, -2.0, nan, nan, 2.0, 0.0],
        [2.0, 2.0, 3.0, 3.0, 0.5, nan, nan, inf, 0.0],
        [1.0, 2.0, 27.0, -8.0, nan, nan, 1.0, inf, 1.0],
        [2.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 1.0, 2.0],
        [2.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 1.0, 1.0],
    ];
    for isa in sets() {
        let mut y = [[0.0; 9]; 5];
        let base = y.as_mut_ptr().cast::<f64>();
        let inputs = [&a, &b].map(|x| Operand {
            ptr: x.as_ptr(),
            row: 9,
            unit: 1,
        });
        let outputs = std::array::from_fn(|o| Target {
            ptr: base.wrapping_add(9 * o),
            row: 9,
        });
        // SAFETY: one row of nine elements everywhere.
        unsafe { map::<f64, Pairs, 2, 5>(isa, 1, 9, &inputs, &outputs) };
        for (y, expected) in y.iter().flatten().zip(expected.iter().flatten()) {
            assert!(
                y == expected || y.is_nan() && expected.is_nan(),
                "{y} {expected}"
            );
        }
    }
}
