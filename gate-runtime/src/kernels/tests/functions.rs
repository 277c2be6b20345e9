//! The elementary functions over all magnitudes, and at the edges.

use super::super::{Float, Map, Operand, Real, Target, map};
use super::accuracy::{Function, Visitor, apply, every, relative, sets, units};
use super::tolerance;

/// Every `STRIDE`th `f32`; prime, so that all fractions occur. `benches/accuracy.rs` takes all.
const STRIDE: usize = 8209;

struct WithinUnits;

impl Visitor for WithinUnits {
    fn visit<F: Function>(&mut self) {
        let bits = (0..=u32::MAX).step_by(STRIDE);
        let x: Vec<f32> = bits.map(f32::from_bits).collect();
        let expected: Vec<f64> = x.iter().map(|&x| F::exact(f64::from(x))).collect();
        for isa in sets() {
            let y = apply::<f32, F>(isa, &x);
            for ((&x, &y), &expected) in x.iter().zip(&y).zip(&expected) {
                let between = units::<F>(x, y, expected);
                assert!(
                    between <= F::UNITS,
                    "{}({x:e}) = {y:e}: {between} units on {isa:?}",
                    F::NAME
                );
            }
        }
    }
}

#[test]
fn single_precision_is_within_some_units_of_all_numbers() {
    every(&mut WithinUnits);
}

/// Numbers of all magnitudes, of both signs.
fn magnitudes() -> Vec<f64> {
    let mut x = vec![f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 0.0, -0.0];
    let mut size = 1e-320;
    while size < 1e308 {
        x.extend([size, -size]);
        size *= 1.01;
    }
    x
}

struct WithinRelative(Vec<f64>);

impl Visitor for WithinRelative {
    fn visit<F: Function>(&mut self) {
        for isa in sets() {
            let y = apply::<f64, F>(isa, &self.0);
            for (&x, &y) in self.0.iter().zip(&y) {
                let error = relative::<F>(x, y);
                assert!(
                    error <= 1e-14,
                    "{}({x:e}) = {y:e}, not {:e} on {isa:?}",
                    F::NAME,
                    F::exact(x)
                );
            }
        }
    }
}

#[test]
fn double_precision_is_within_1e_14() {
    every(&mut WithinRelative(magnitudes()));
}

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// Values at infinity, minus infinity and 0. `Softsign` is the quotient that it is written as.
const EDGES: [(&str, [f64; 3]); 32] = [
    ("Sigmoid", [1.0, 0.0, 0.5]),
    ("SigmoidSlope", [0.0, 0.0, 0.25]),
    ("Tanh", [1.0, -1.0, 0.0]),
    ("Relu", [INF, 0.0, 0.0]),
    ("LeakyRelu", [INF, -INF, 0.0]),
    ("Elu", [INF, -1.0, 0.0]),
    ("Selu", [INF, -1.758_099_340_847_376_6, 0.0]),
    ("Silu", [INF, 0.0, 0.0]),
    ("SiluSlope", [1.0, 0.0, 0.5]),
    ("Gelu", [INF, 0.0, 0.0]),
    ("GeluSlope", [1.0, 0.0, 0.5]),
    ("Softplus", [INF, 0.0, std::f64::consts::LN_2]),
    ("LogSigmoid", [0.0, -INF, -std::f64::consts::LN_2]),
    ("Softsign", [NAN, NAN, 0.0]),
    ("HardSigmoid", [1.0, 0.0, 0.5]),
    ("HardTanh", [1.0, -1.0, 0.0]),
    ("Exp", [INF, 0.0, 1.0]),
    ("ExpM1", [INF, -1.0, 0.0]),
    ("Log", [INF, NAN, -INF]),
    ("Sqrt", [INF, NAN, 0.0]),
    ("Recip", [0.0, 0.0, INF]),
    ("Square", [INF, INF, 0.0]),
    ("Abs", [INF, INF, 0.0]),
    ("Sign", [1.0, -1.0, 0.0]),
    ("Sin", [NAN, NAN, 0.0]),
    ("Cos", [NAN, NAN, 1.0]),
    ("Power", [INF, INF, 0.0]),
    ("Root", [0.0, 0.0, INF]),
    ("Hundredth", [INF, INF, 0.0]),
    ("Growth", [INF, 0.0, 1.0]),
    ("Decay", [0.0, INF, 1.0]),
    ("Alternating", [INF, 0.0, 1.0]),
];

struct AtEdges;

impl AtEdges {
    fn check<A: Float, F: Function>() {
        let row = EDGES.iter().find(|(name, _)| *name == F::NAME);
        let (_, expected) = row.expect("a row for every function");
        let x = [INF, -INF, 0.0].map(A::from_f64);
        for isa in sets() {
            for (y, &expected) in apply::<A, F>(isa, &x).into_iter().zip(expected) {
                let (y, epsilon) = (y.to_f64(), tolerance::<A>(1));
                assert!(
                    y == expected
                        || y.is_nan() && expected.is_nan()
                        || (y - expected).abs() < epsilon,
                    "{}: {y}, not {expected}, on {isa:?}",
                    F::NAME
                );
            }
        }
    }
}

impl Visitor for AtEdges {
    fn visit<F: Function>(&mut self) {
        Self::check::<f32, F>();
        Self::check::<f64, F>();
        // NaN whose lowest bits are set do not turn into numbers.
        let single: Vec<f32> = (0..512)
            .map(|bits| f32::from_bits(0x7f80_0001 + 0x2_0011 * bits % 0x7f_fffe))
            .collect();
        let double: Vec<f64> = (0..512)
            .map(|bits| f64::from_bits(0x7ff0_0000_0000_0001 + 0x2_0000_0011 * bits))
            .collect();
        for isa in sets() {
            let nan = apply::<f32, F>(isa, &single).iter().all(|y| y.is_nan())
                && apply::<f64, F>(isa, &double).iter().all(|y| y.is_nan());
            assert!(nan, "{} makes a number of NaN on {isa:?}", F::NAME);
        }
    }
}

#[test]
fn infinities_and_nan_are_those_of_mathematics() {
    every(&mut AtEdges);
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
