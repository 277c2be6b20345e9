//! Every element-wise function of the language with its exact value, and distances from that.
//! Shared by the tests and by `benches/accuracy.rs`.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use crate::kernels::{Float, Isa, Map, Operand, Real, Target, map};

/// A function of one number as the compiler puts it together.
pub(crate) trait Function: Map<1, 1> {
    const NAME: &'static str;
    /// How many `f32` may lie between a result and the nearest to the exact value; for a derivative
    /// that has no closed form of few operations some more.
    const UNITS: u32;

    /// Right to some units of the last place of `f64`, subnormal results included.
    fn exact(x: f64) -> f64;

    /// The absolute error that is allowed at `x`: next to a zero of a derivative that is a
    /// difference, some epsilons.
    fn slack(_x: f64, _epsilon: f64) -> f64 {
        0.0
    }
}

/// Takes every function.
pub(crate) trait Visitor {
    fn visit<F: Function>(&mut self);
}

macro_rules! functions {
    (@units) => { 4 };
    (@units $epsilon:ident) => { 8 };
    ($($name:ident($x:ident) { $value:expr, $exact:expr $(, |$epsilon:ident| $slack:expr)? })*) => {
        $(
            pub(crate) struct $name;
            impl Map<1, 1> for $name {
                #[inline(always)]
                fn eval<V: Real>([$x]: [V; 1]) -> [V; 1] {
                    [$value]
                }
            }
            impl Function for $name {
                const NAME: &'static str = stringify!($name);
                const UNITS: u32 = functions!(@units $($epsilon)?);

                fn exact($x: f64) -> f64 {
                    // Not every function of `f64` keeps it.
                    if $x.is_nan() { $x } else { $exact }
                }

                $(fn slack($x: f64, $epsilon: f64) -> f64 {
                    $slack
                })?
            }
        )*

        /// Shows every function to a visitor.
        pub(crate) fn every(visitor: &mut impl Visitor) {
            $(visitor.visit::<$name>();)*
        }
    };
}

functions! {
    Sigmoid(x) { x.sigmoid(), sigmoid(x) }
    SigmoidSlope(x) { x.sigmoid() * (-x).sigmoid(), sigmoid(x) * sigmoid(-x) }
    Tanh(x) { x.tanh(), x.tanh() }
    Relu(x) { x.relu(), if x <= 0.0 { 0.0 } else { x } }
    LeakyRelu(x) {
        V::select_gt(x, V::num(0.0), x, V::num(0.01) * x),
        if x > 0.0 { x } else { 0.01 * x }
    }
    Elu(x) { x.relu() + x.min(V::num(0.0)).exp_m1(), if x > 0.0 { x } else { x.exp_m1() } }
    Selu(x) {
        V::num(SELU[0]) * (x.relu() + V::num(SELU[1]) * x.min(V::num(0.0)).exp_m1()),
        SELU[0] * if x > 0.0 { x } else { SELU[1] * x.exp_m1() }
    }
    Silu(x) { x.silu(), silu(x) }
    SiluSlope(x) { x.silu_slope(), silu_slope(x), |epsilon| near(x, -1.278_464_5) * epsilon }
    Gelu(x) { x.gelu(), gelu(x) }
    GeluSlope(x) { x.gelu_slope(), gelu_slope(x), |epsilon| near(x, -0.751_791_5) * epsilon }
    Softplus(x) { x.softplus(), softplus(x) }
    LogSigmoid(x) { -(-x).softplus(), -softplus(-x) }
    Softsign(x) { x / (V::num(1.0) + x.abs()), softsign(x) }
    HardSigmoid(x) {
        (V::num(1.0 / 6.0) * (x + V::num(3.0))).max(V::num(0.0)).min(V::num(1.0)),
        ((x + 3.0) / 6.0).clamp(0.0, 1.0)
    }
    HardTanh(x) { x.max(V::num(-1.0)).min(V::num(1.0)), x.clamp(-1.0, 1.0) }
    Exp(x) { x.exp(), x.exp() }
    ExpM1(x) { x.exp_m1(), x.exp_m1() }
    Log(x) { x.log(), x.ln() }
    Sqrt(x) { x.sqrt(), x.sqrt() }
    Recip(x) { x.recip(), x.recip() }
    Square(x) { x.square(), x * x }
    Abs(x) { x.abs(), x.abs() }
    Sign(x) { x.sign(), if x == 0.0 { x } else { x.signum() } }
    Sin(x) { x.sin(), x.sin() }
    Cos(x) { x.cos(), x.cos() }
    Power(x) { x.pow(V::num(2.5)), x.powf(2.5) }
    Root(x) { x.pow(V::num(-0.25)), x.powf(-0.25) }
    Hundredth(x) { x.pow(V::num(100.0)), x.powf(100.0) }
    Growth(x) { V::num(1.375).pow(x), 1.375_f64.powf(x) }
    Decay(x) { V::num(0.71875).pow(x), 0.71875_f64.powf(x) }
    Alternating(x) { V::num(-3.0).pow(x), (-3.0_f64).powf(x) }
}

/// Scale and α of Klambauer et al. 2017.
const SELU: [f64; 2] = [1.050_700_987_355_480_5, 1.673_263_242_354_377_2];

/// 1 close to a zero, else 0.
fn near(x: f64, zero: f64) -> f64 {
    f64::from((x - zero).abs() < 0.25)
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

fn softsign(x: f64) -> f64 {
    if x.is_infinite() {
        f64::NAN
    } else {
        x / (1.0 + x.abs())
    }
}

/// eˣ times a factor; only the result may be subnormal.
fn times_exp(factor: f64, x: f64) -> f64 {
    let x = x.max(-1400.0);
    factor * (0.5 * x).exp() * (0.5 * x).exp()
}

fn silu(x: f64) -> f64 {
    if x < 0.0 {
        let x = x.max(-1400.0);
        times_exp(x / (1.0 + x.exp()), x)
    } else {
        x / (1.0 + (-x).exp())
    }
}

fn silu_slope(x: f64) -> f64 {
    let a = x.abs().min(1400.0);
    let e = (-a).exp();
    let tail = times_exp((1.0 - a + e) / (1.0 + e).powi(2), -a);
    if x < 0.0 { tail } else { 1.0 - tail }
}

/// A factor times e^(−a²/2), from the ratio of Φ(−a) and that (a continued fraction of Laplace's)
/// for a from 5 on.
fn tail(a: f64, factor: impl Fn(f64) -> f64) -> f64 {
    let a = a.min(60.0);
    let fraction = (1..80).rev().fold(a, |f, k| a + f64::from(k) / f);
    // The square in two parts, the first exact.
    let high = f64::from_bits(a.to_bits() & !0x7ff_ffff);
    let rest = (-0.5 * (a - high) * (a + high)).exp();
    times_exp(
        factor((2.0 * PI).sqrt().recip() / fraction) * rest,
        -0.5 * high * high,
    )
}

fn gelu(x: f64) -> f64 {
    if x < -5.0 {
        let a = -x.max(-60.0);
        return -tail(a, |ratio| a * ratio);
    }
    0.5 * x * libm::erfc(-x * FRAC_1_SQRT_2)
}

fn gelu_slope(x: f64) -> f64 {
    let density = (2.0 * PI).sqrt().recip();
    if x < -5.0 {
        let a = -x.max(-60.0);
        return tail(a, |ratio| ratio - a * density);
    }
    let bend = if x > 60.0 {
        0.0
    } else {
        x * density * (-0.5 * x * x).exp()
    };
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2) + bend
}

/// How many `f32` lie between a result and the number nearest to the exact value; all NaN are one
/// number.
pub(crate) fn units<F: Function>(x: f32, found: f32, exact: f64) -> u32 {
    let nearest = exact as f32;
    if found.is_nan() && nearest.is_nan() {
        return 0;
    }
    let slack = F::slack(f64::from(x), f64::from(f32::EPSILON));
    if (f64::from(found) - exact).abs() <= slack {
        return 0;
    }
    if found.is_nan() || nearest.is_nan() {
        return u32::MAX;
    }
    let place = |v: f32| {
        let size = (v.to_bits() & 0x7fff_ffff) as i64;
        if v.is_sign_negative() { -size } else { size }
    };
    place(found).abs_diff(place(nearest)) as u32
}

/// The relative error of a result. Subnormal ones are right to some units of the smallest number.
pub(crate) fn relative<F: Function>(x: f64, found: f64) -> f64 {
    let exact = F::exact(x);
    let error = (found - exact).abs();
    let same = found == exact || found.is_nan() && exact.is_nan();
    if same || error <= 2e-323 || error <= F::slack(x, f64::EPSILON) {
        return 0.0;
    }
    let relative = error / exact.abs();
    if relative.is_nan() {
        f64::INFINITY
    } else {
        relative
    }
}

/// All of a map over a slice.
pub(crate) fn apply<A: Float, M: Map<1, 1>>(isa: Isa, x: &[A]) -> Vec<A> {
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
    // SAFETY: both have one row of `x.len()` elements, and `isa` is what the processor has.
    unsafe { map::<A, M, 1, 1>(isa, 1, x.len(), &[input], &[output]) };
    y
}

/// The instruction sets that this machine has.
pub(crate) fn sets() -> impl Iterator<Item = Isa> {
    Isa::ALL.into_iter().filter(|isa| isa.is_supported())
}
