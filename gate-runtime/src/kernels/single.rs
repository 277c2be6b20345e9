//! Elementary functions in `f32`, within 4 units in the last place of the exact value, and
//! branch-free but for sine and cosine far from 0, and powers of special numbers.
//!
//! Polynomials and rational functions are minimax fits.

use core::f32::consts::{FRAC_1_PI, LOG2_E};

use super::circular::{Circular, replace};
use super::powers::Power;
use super::real::library;
use super::vector::Vector;

/// A vector of `f32`.
pub(super) trait Single: Vector<Number = f32, Word = u32> {}
impl<V: Vector<Number = f32, Word = u32>> Single for V {}

/// ln 2 in two parts; the first has 9 bits, so that its multiples by exponents are exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;
/// 1.5 · 2²³: adding it rounds to an integer, which then stands in the lowest bits.
const ROUND: f32 = 12_582_912.0;

/// `sign · x = n · ln 2 + r` with integer n and |r| ≤ ln 2 / 2: (bits whose lowest nine hold
/// n + `bias`, e^r − 1). The sign is ±1.
#[inline(always)]
fn reduce<V: Single>(x: V, sign: f32, bias: f32) -> (V::Bits, V) {
    let magic = V::all(ROUND + bias);
    let t = x.mul_add(V::all(sign * LOG2_E), magic);
    let n = t - magic;
    let r = n.mul_add(V::all(-sign * LN_2_HIGH), x);
    let r = n.mul_add(V::all(-sign * LN_2_LOW), r);
    (t.bits(), power(r, sign))
}

/// `e^(−a²/2)` as [`reduce`] has it, for a from 0 on. The square in two parts: its rounding would be
/// many units of the result.
#[inline(always)]
fn reduce_bell<V: Single>(a: V, bias: f32) -> (V::Bits, V) {
    let magic = V::all(ROUND + bias);
    let t = (a * a).mul_add(V::all(-0.5 * LOG2_E), magic);
    let n = t - magic;
    // The upper half of the bits has an exact square.
    let high = V::of_bits(V::and(a.bits(), V::word(0xffff_f000)));
    let half = V::all(-0.5);
    let r = n.mul_add(V::all(-LN_2_HIGH), half * high * high);
    let r = (half * (a - high)).mul_add(a + high, r);
    let r = n.mul_add(V::all(-LN_2_LOW), r);
    (t.bits(), power(r, 1.0))
}

/// [`reduce`] of a sum of two parts, the second much smaller.
#[inline(always)]
fn reduce_parts<V: Single>(high: V, low: V, bias: f32) -> (V::Bits, V) {
    let magic = V::all(ROUND + bias);
    let t = (high + low).mul_add(V::all(LOG2_E), magic);
    let n = t - magic;
    let r = n.mul_add(V::all(-LN_2_HIGH), high) + low;
    let r = n.mul_add(V::all(-LN_2_LOW), r);
    (t.bits(), power(r, 1.0))
}

/// e^(sign · r) − 1 for |r| ≤ ln 2 / 2.
#[inline(always)]
fn power<V: Single>(r: V, sign: f32) -> V {
    let c = V::all;
    let z = r * r;
    let q = z.polynomial([
        c(sign * 0.166_665_73).mul_add(r, c(0.5)),
        c(sign * 0.008_363_774).mul_add(r, c(0.041_666_55)),
        c(0.001_392_692_7),
    ]);
    q.mul_add(z, c(sign) * r)
}

#[inline(always)]
pub(super) fn exp<V: Single>(x: V) -> V {
    // The limits give infinity and 0 by themselves.
    let (bits, r) = reduce(x.clamp(-104.5, 89.0), 1.0, 254.0);
    (V::all(1.0) + r).scaled(bits)
}

#[inline(always)]
pub(super) fn exp_m1<V: Single>(x: V) -> V {
    let (bits, r) = reduce(x.clamp(-40.0, 89.0), 1.0, 126.0);
    let scale = V::of_bits(V::up(bits));
    scale.mul_add(r, scale - V::all(0.5)) * V::all(2.0)
}

#[inline(always)]
pub(super) fn sigmoid<V: Single>(x: V) -> V {
    // e⁻ˣ · 2⁻²⁴ keeps the power of two in range down to the smallest subnormal result.
    let unit = V::all(1.0 / 16_777_216.0);
    let (bits, r) = reduce(x.clamp(-104.5, 60.0), -1.0, 103.0);
    let scale = V::of_bits(V::up(bits));
    unit / scale.mul_add(r, unit + scale)
}

#[inline(always)]
pub(super) fn tanh<V: Single>(x: V) -> V {
    // 2t / (1 + t²) with t = tanh(x/2) = n / (1 + q): where the result nears 1, errors of t
    // vanish. The coefficients, of powers of x/2, have the least error after rounding, found by
    // search; at the limit the result is exactly 1. `n` and `q` are twice theirs, and both sides of
    // the last quotient four times theirs.
    let c = V::all;
    let x = x.clamp(-9.011, 9.011);
    let z = x * x;
    let p = z.horner([0.125_917_7 / 4.0, 0.002_553_057 / 16.0, 5.466_242e-6 / 64.0]);
    let q = z * z.horner([0.459_250_8 / 2.0, 0.022_303_803 / 8.0, 1.744_981e-4 / 32.0]);
    let n = (x * z).mul_add(p, x);
    let above = (n + n).mul_add(q, (n + n) + (n + n));
    let below = n.mul_add(n, q * (q + c(4.0)));
    (above / (c(4.0) + below)).clamp(-1.0, 1.0)
}

/// (log(1 + f) − 2s) / s at z = s², where s = f / (2 + f), for f in √½ − 1 … √2 − 1 (FreeBSD's
/// `e_logf.c`).
#[inline(always)]
fn log_rest<V: Single>(z: V) -> V {
    z * z.horner([0.666_666_6, 0.400_009_72, 0.284_987_87, 0.242_790_79])
}

/// log(2ᵏ · (1 + f)) for f in √½ − 1 … √2 − 1.
#[inline(always)]
fn log_reduced<V: Single>(k: V, f: V) -> V {
    const HIGH: f32 = 0.693_138_1;
    const LOW: f32 = 9.058_001e-6;
    let s = f / (V::all(2.0) + f);
    let z = s * s;
    let r = log_rest(z);
    let half_square = V::all(0.5) * f * f;
    let small = s.mul_add(half_square + r, k * V::all(LOW));
    k.mul_add(V::all(HIGH), f - (half_square - small))
}

/// A number from 0 on as 2ᵏ · (1 + f): k, and f in √½ − 1 … √2 − 1.
#[inline(always)]
fn split<V: Single>(x: V) -> (V, V) {
    let root = V::word(0x3f35_04f3); // √½
    let subnormal = V::all(f32::MIN_POSITIVE).gt(x);
    let scaled = V::pick(subnormal, x * V::all(16_777_216.0), x);
    let bits = V::minus(scaled.bits(), root);
    // 128 in the place of the exponent keeps it positive.
    let exponent = V::down(V::plus(bits, V::word(128 << 23)));
    let exponent = V::of_bits(V::or(exponent, V::word(ROUND.to_bits())));
    let exponent = exponent - V::all(ROUND + 128.0);
    let k = V::pick(subnormal, exponent - V::all(24.0), exponent);
    let m = V::of_bits(V::plus(V::and(bits, V::word(0x007f_ffff)), root));
    (k, m - V::all(1.0))
}

#[inline(always)]
pub(super) fn log<V: Single>(x: V) -> V {
    let (k, f) = split(x);
    let y = log_reduced(k, f);
    // Infinity and NaN stay what they are.
    let infinity = V::all(f32::INFINITY);
    let y = V::pick(infinity.gt(x), y, x);
    let zero = V::all(0.0);
    let y = V::pick(x.eq(zero), V::all(f32::NEG_INFINITY), y);
    V::pick(zero.gt(x), V::all(f32::NAN), y)
}

#[inline(always)]
pub(super) fn softplus<V: Single>(x: V) -> V {
    // max(x, 0) + log(1 + e^−|x|); halving 1 + e where it exceeds √2 is exact enough.
    let (zero, one) = (V::all(0.0), V::all(1.0));
    let e = exp(x.abs().negative());
    let large = e.gt(V::all(0.414_213_56));
    let f = V::pick(large, V::all(0.5) * (e - one), e);
    let k = V::pick(large, one, zero);
    x.greater(zero) + log_reduced(k, f)
}

#[inline(always)]
pub(super) fn silu<V: Single>(x: V) -> V {
    // x / (1 + e⁻ˣ); 1 + e⁻ˣ times `UNIT` stays in range down to the smallest subnormal result,
    // and below 0 that is undone last.
    const UNIT: f32 = 1.0 / 4_294_967_296.0;
    let x = V::all(-110.0).greater(x);
    let (bits, r) = reduce(x.clamp(-110.0, 60.0), -1.0, 95.0);
    let scale = V::of_bits(V::up(bits));
    let (one, unit) = (V::all(1.0), V::all(UNIT));
    let below = unit + scale.mul_add(r, scale);
    let negative = V::all(0.0).gt(x);
    let first = V::pick(negative, one, V::all(1.0 / UNIT));
    let last = V::pick(negative, unit, one);
    x / (below * first) * last
}

#[inline(always)]
pub(super) fn silu_slope<V: Single>(x: V) -> V {
    // With e = e^−a: e · (1 + e − a) / (1 + e)² at −a, and 1 less that at a.
    let one = V::all(1.0);
    let a = x.abs().clamp(0.0, 110.0);
    let (bits, r) = reduce(a, -1.0, 254.0);
    let e = (one + r).scaled(bits);
    let tail = ((one - a) + e) / e.mul_add(V::all(2.0) + e, one);
    let tail = tail.mul_add(r, tail).scaled(bits);
    V::pick(V::all(0.0).gt(x), tail, one - tail)
}

#[inline(always)]
pub(super) fn gelu<V: Single>(x: V) -> V {
    // With a · Φ(−a) = e^(−a²/2) · tail: −that at −a, and a more at a. Near 0 the tail is a quotient,
    // farther out its limit less one: so the roundings of the two polynomials count little.
    const LIMIT: f32 = 0.398_946_9;
    let c = V::all;
    let a = x.abs().clamp(0.0, 14.5);
    let far = a.gt(c(1.0));
    let near = (a * a).polynomial([
        c(0.5) * a,
        c(0.183_234_47).mul_add(a, c(0.438_294_08)),
        c(0.004_116_273).mul_add(a, c(0.040_632_993)),
    ]);
    let less = a.pairs([
        [-0.398_946_9, -0.168_025_88],
        [-0.041_439_746, -0.004_058_682],
        [-3.043_705_6e-6, 0.0],
    ]);
    let below = a.pairs([
        [1.0, 1.674_473_2],
        [1.202_500_3, 0.469_468_86],
        [0.101_858_26, 0.010_317_846],
    ]);
    let ratio = V::pick(far, less, near) / below;
    let tail = V::pick(far, c(LIMIT) + ratio, ratio);
    let (bits, r) = reduce_bell(a, 254.0);
    x.greater(c(0.0)) - tail.mul_add(r, tail).scaled(bits)
}

#[inline(always)]
pub(super) fn gelu_slope<V: Single>(x: V) -> V {
    /// −x where the slope is 0.
    const ZERO: f32 = 0.751_791_54;
    // Φ(−a) − a · φ(a) = e^(−a²/2) · (zero − a) · p / q at −a, and 1 less that at a.
    let a = x.abs().clamp(0.0, 14.5);
    let p = a.pairs([
        [0.665_078, 0.753_089_55],
        [0.377_435_77, 0.095_455_624],
        [0.010_402_719_5, 0.0],
    ]);
    let q = a.pairs([
        [1.0, 1.397_945_4],
        [0.792_130_35, 0.219_675_72],
        [0.026_075_596, 0.0],
    ]);
    let (bits, r) = reduce_bell(a, 254.0);
    let tail = (V::all(ZERO) - a) * p / q;
    let tail = tail.mul_add(r, tail).scaled(bits);
    V::pick(V::all(0.0).gt(x), tail, V::all(1.0) - tail)
}

/// π in four parts; the first three have 12 bits, so that their multiples below `FAR` are exact,
/// of halves of π too. What they leave out is 2⁻³² of the rest at the numbers next to a zero.
const PI: [f32; 4] = [3.141_601_6, -8.907_169e-6, -1.741_227_6e-9, 1.244_674_4e-13];

impl Circular for f32 {
    const MAGIC: f32 = ROUND;
    const PER_PI: f32 = FRAC_1_PI;
    const HALF: f32 = 0.5;
    /// 2¹¹ · π is 6434.
    const FAR: f32 = 6400.0;

    #[inline(always)]
    fn wave<V: Vector<Number = f32>>(a: V, n: V) -> V {
        let r = n.mul_add(V::all(-PI[0]), a);
        let r = n.mul_add(V::all(-PI[1]), r);
        let r = n.mul_add(V::all(-PI[2]), r);
        let r = n.mul_add(V::all(-PI[3]), r);
        let z = r * r;
        let q = z.horner([-0.166_666_6, 0.008_333_069, -1.980_977_7e-4, 2.606_095_7e-6]);
        // Roundings would take it above 1.
        (r * z).mul_add(q, r).clamp(-1.0, 1.0)
    }

    #[cold]
    #[inline(never)]
    fn far_sin(x: &[f32], y: &mut [f32]) {
        replace(x, y, library::f32::sin);
    }

    #[cold]
    #[inline(never)]
    fn far_cos(x: &[f32], y: &mut [f32]) {
        replace(x, y, library::f32::cos);
    }
}

impl Power for f32 {
    type Word = u32;

    const WHOLE: Self = 8_388_608.0;
    const STEEP: [Self; 2] = [-1.0e30, 1.0e30];
    const ENDS: [Self; 2] = [-107.0, 92.0];
    const LN_2: [Self; 2] = [LN_2_HIGH, LN_2_LOW];

    #[inline(always)]
    fn library(self, exponent: Self) -> Self {
        library::f32::powf(self, exponent)
    }

    #[inline(always)]
    fn split<V: Single>(x: V) -> (V, V) {
        split(x)
    }

    #[inline(always)]
    fn log_rest<V: Single>(z: V) -> V {
        log_rest(z)
    }

    #[inline(always)]
    fn exp_parts<V: Single>(high: V, low: V) -> V {
        let (bits, r) = reduce_parts(high, low, 254.0);
        (V::all(1.0) + r).scaled(bits)
    }
}
