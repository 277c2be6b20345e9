//! Elementary functions in `f32`, branch-free, within 4 units in the last place of the exact value.
//!
//! Polynomials and rational functions are minimax fits; `M` says how `a · b + c` rounds.

use core::f32::consts::LOG2_E;

use super::real::Mode;

/// `c0 + z · (c1 + z · (…))`.
macro_rules! polynomial {
    ($mode:ident, $z:expr; $last:expr) => { $last };
    ($mode:ident, $z:expr; $first:expr, $($rest:expr),+) => {
        $mode::mul_add(polynomial!($mode, $z; $($rest),+), $z, $first)
    };
}
pub(super) use polynomial;

/// A polynomial by pairs of coefficients, in the square: half the roundings one upon the other.
macro_rules! pairs {
    ($mode:ident, $z:expr; $([$even:expr, $odd:expr]),+) => {
        polynomial!($mode, $z * $z; $($mode::mul_add($odd, $z, $even)),+)
    };
}

/// ln 2 in two parts; the first has 9 bits, so that its multiples by exponents are exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;
/// 1.5 · 2²³: adding it rounds to an integer, which then stands in the lowest bits.
const ROUND: f32 = 12_582_912.0;

/// `sign · x = n · ln 2 + r` with integer n and |r| ≤ ln 2 / 2: (bits whose lowest nine hold
/// n + `bias`, e^r − 1). The sign is ±1.
#[inline(always)]
fn reduce<M: Mode>(x: f32, sign: f32, bias: f32) -> (u32, f32) {
    let magic = ROUND + bias;
    let t = M::mul_add(x, sign * LOG2_E, magic);
    let n = t - magic;
    let r = M::mul_add(n, -sign * LN_2_HIGH, x);
    let r = M::mul_add(n, -sign * LN_2_LOW, r);
    (t.to_bits(), power::<M>(r, sign))
}

/// `e^(−a²/2)` as [`reduce`] has it, for a from 0 on. The square in two parts: its rounding would be
/// many units of the result.
#[inline(always)]
fn reduce_bell<M: Mode>(a: f32, bias: f32) -> (u32, f32) {
    let magic = ROUND + bias;
    let t = M::mul_add(a * a, -0.5 * LOG2_E, magic);
    let n = t - magic;
    // The upper half of the bits has an exact square.
    let high = f32::from_bits(a.to_bits() & 0xffff_f000);
    let r = M::mul_add(n, -LN_2_HIGH, -0.5 * high * high);
    let r = M::mul_add(-0.5 * (a - high), a + high, r);
    let r = M::mul_add(n, -LN_2_LOW, r);
    (t.to_bits(), power::<M>(r, 1.0))
}

/// e^(sign · r) − 1 for |r| ≤ ln 2 / 2.
#[inline(always)]
fn power<M: Mode>(r: f32, sign: f32) -> f32 {
    let q = polynomial!(M, r;
        0.5, sign * 0.166_665_73, 0.041_666_55, sign * 0.008_363_774, 0.001_392_692_7);
    M::mul_add(q * r, r, sign * r)
}

#[inline(always)]
fn clamp(x: f32, low: f32, high: f32) -> f32 {
    // Comparisons with NaN are false: NaN stays.
    let x = if x > high { high } else { x };
    if x < low { low } else { x }
}

/// `value · 2ⁿ` for bits that hold n + 254: in two factors, because 2ⁿ alone leaves the range of
/// normal numbers at both ends.
#[inline(always)]
fn scaled(value: f32, bits: u32) -> f32 {
    let half = bits >> 1;
    let first = f32::from_bits(half << 23);
    let second = f32::from_bits(bits.wrapping_sub(half) << 23);
    value * first * second
}

#[inline(always)]
pub(super) fn exp<M: Mode>(x: f32) -> f32 {
    // The limits give infinity and 0 by themselves.
    let (bits, r) = reduce::<M>(clamp(x, -104.5, 89.0), 1.0, 254.0);
    scaled(1.0 + r, bits)
}

#[inline(always)]
pub(super) fn exp_m1<M: Mode>(x: f32) -> f32 {
    let (bits, r) = reduce::<M>(clamp(x, -40.0, 89.0), 1.0, 126.0);
    let scale = f32::from_bits(bits << 23);
    M::mul_add(scale, r, scale - 0.5) * 2.0
}

#[inline(always)]
pub(super) fn sigmoid<M: Mode>(x: f32) -> f32 {
    // e⁻ˣ · 2⁻²⁴ keeps the power of two in range down to the smallest subnormal result.
    const UNIT: f32 = 1.0 / 16_777_216.0;
    let (bits, r) = reduce::<M>(clamp(x, -104.5, 60.0), -1.0, 103.0);
    let scale = f32::from_bits(bits << 23);
    UNIT / (UNIT + M::mul_add(scale, r, scale))
}

#[inline(always)]
pub(super) fn tanh<M: Mode>(x: f32) -> f32 {
    // 2t / (1 + t²) with t = tanh(x/2) = n / (1 + q): where the result nears 1, errors of t
    // vanish. The coefficients have the least error after rounding, found by search; at the
    // limit the result is exactly 1.
    let y = 0.5 * clamp(x, -9.011, 9.011);
    let z = y * y;
    let p = polynomial!(M, z; 0.125_917_7, 0.002_553_057, 5.466_242e-6);
    let q = z * polynomial!(M, z; 0.459_250_8, 0.022_303_803, 1.744_981e-4);
    let n = M::mul_add(y * z, p, y);
    let w = M::mul_add(q, q + 2.0, n * n);
    clamp(M::mul_add(n + n, q, n + n) / (1.0 + w), -1.0, 1.0)
}

/// log(2ᵏ · (1 + f)) for f in √½ − 1 … √2 − 1 (FreeBSD's `e_logf.c`).
#[inline(always)]
fn log_reduced<M: Mode>(k: f32, f: f32) -> f32 {
    const HIGH: f32 = 0.693_138_1;
    const LOW: f32 = 9.058_001e-6;
    let s = f / (2.0 + f);
    let z = s * s;
    let r = z * polynomial!(M, z; 0.666_666_6, 0.400_009_72, 0.284_987_87, 0.242_790_79);
    let half_square = 0.5 * f * f;
    let small = M::mul_add(s, half_square + r, k * LOW);
    M::mul_add(k, HIGH, f - (half_square - small))
}

#[inline(always)]
pub(super) fn log<M: Mode>(x: f32) -> f32 {
    const SQRT_HALF: u32 = 0x3f35_04f3;
    let subnormal = x < f32::MIN_POSITIVE;
    let bits = (if subnormal { x * 16_777_216.0 } else { x })
        .to_bits()
        .wrapping_sub(SQRT_HALF);
    let exponent = ((bits as i32) >> 23) as f32;
    let k = if subnormal { exponent - 24.0 } else { exponent };
    let m = f32::from_bits((bits & 0x007f_ffff).wrapping_add(SQRT_HALF));
    let y = log_reduced::<M>(k, m - 1.0);
    // Infinity and NaN stay what they are.
    let y = if x < f32::INFINITY { y } else { x };
    let y = if x == 0.0 { f32::NEG_INFINITY } else { y };
    if x < 0.0 { f32::NAN } else { y }
}

#[inline(always)]
pub(super) fn softplus<M: Mode>(x: f32) -> f32 {
    // max(x, 0) + log(1 + e^−|x|); halving 1 + e where it exceeds √2 is exact enough.
    let e = exp::<M>(-x.abs());
    let large = e > 0.414_213_56;
    let f = if large { 0.5 * (e - 1.0) } else { e };
    let k = if large { 1.0 } else { 0.0 };
    let positive = if x > 0.0 { x } else { 0.0 };
    positive + log_reduced::<M>(k, f)
}

#[inline(always)]
pub(super) fn silu<M: Mode>(x: f32) -> f32 {
    // x / (1 + e⁻ˣ); 1 + e⁻ˣ times `UNIT` stays in range down to the smallest subnormal result,
    // and below 0 that is undone last.
    const UNIT: f32 = 1.0 / 4_294_967_296.0;
    let x = if x < -110.0 { -110.0 } else { x };
    let (bits, r) = reduce::<M>(clamp(x, -110.0, 60.0), -1.0, 95.0);
    let scale = f32::from_bits(bits << 23);
    let below = UNIT + M::mul_add(scale, r, scale);
    let negative = x < 0.0;
    let first = if negative { 1.0 } else { 1.0 / UNIT };
    let last = if negative { UNIT } else { 1.0 };
    x / (below * first) * last
}

#[inline(always)]
pub(super) fn silu_slope<M: Mode>(x: f32) -> f32 {
    // With e = e^−a: e · (1 + e − a) / (1 + e)² at −a, and 1 less that at a.
    let a = clamp(x.abs(), 0.0, 110.0);
    let (bits, r) = reduce::<M>(a, -1.0, 254.0);
    let e = scaled(1.0 + r, bits);
    let tail = ((1.0 - a) + e) / M::mul_add(e, 2.0 + e, 1.0);
    let tail = scaled(M::mul_add(tail, r, tail), bits);
    if x < 0.0 { tail } else { 1.0 - tail }
}

#[inline(always)]
pub(super) fn gelu<M: Mode>(x: f32) -> f32 {
    // With a · Φ(−a) = e^(−a²/2) · tail: −that at −a, and a more at a. Near 0 the tail is a quotient,
    // farther out its limit less one: so the roundings of the two polynomials count little.
    const LIMIT: f32 = 0.398_946_9;
    let a = clamp(x.abs(), 0.0, 14.5);
    let far = a > 1.0;
    let near = polynomial!(M, a * a;
        0.5 * a, M::mul_add(0.183_234_47, a, 0.438_294_08),
        M::mul_add(0.004_116_273, a, 0.040_632_993));
    let less = pairs!(M, a;
        [-0.398_946_9, -0.168_025_88], [-0.041_439_746, -0.004_058_682], [-3.043_705_6e-6, 0.0]);
    let below = pairs!(M, a;
        [1.0, 1.674_473_2], [1.202_500_3, 0.469_468_86], [0.101_858_26, 0.010_317_846]);
    let ratio = (if far { less } else { near }) / below;
    let tail = if far { LIMIT + ratio } else { ratio };
    let (bits, r) = reduce_bell::<M>(a, 254.0);
    let positive = if x > 0.0 { x } else { 0.0 };
    positive - scaled(M::mul_add(tail, r, tail), bits)
}

#[inline(always)]
pub(super) fn gelu_slope<M: Mode>(x: f32) -> f32 {
    /// −x where the slope is 0.
    const ZERO: f32 = 0.751_791_54;
    // Φ(−a) − a · φ(a) = e^(−a²/2) · (zero − a) · p / q at −a, and 1 less that at a.
    let a = clamp(x.abs(), 0.0, 14.5);
    let p = pairs!(M, a;
        [0.665_078, 0.753_089_55], [0.377_435_77, 0.095_455_624], [0.010_402_719_5, 0.0]);
    let q = pairs!(M, a; [1.0, 1.397_945_4], [0.792_130_35, 0.219_675_72], [0.026_075_596, 0.0]);
    let (bits, r) = reduce_bell::<M>(a, 254.0);
    let tail = (ZERO - a) * p / q;
    let tail = scaled(M::mul_add(tail, r, tail), bits);
    if x < 0.0 { tail } else { 1.0 - tail }
}
