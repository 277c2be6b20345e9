//! Elementary functions in `f32`, branch-free, within 4 units in the last place of the exact value.
//!
//! Polynomials and rational functions are minimax fits; `M` says how `a · b + c` rounds.

use core::f32::consts::{FRAC_2_SQRT_PI, LOG2_E};

use super::real::Mode;

/// `c0 + z · (c1 + z · (…))`.
macro_rules! polynomial {
    ($mode:ident, $z:expr; $last:expr) => { $last };
    ($mode:ident, $z:expr; $first:expr, $($rest:expr),+) => {
        $mode::mul_add(polynomial!($mode, $z; $($rest),+), $z, $first)
    };
}
pub(super) use polynomial;

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
    let q = polynomial!(M, r;
        0.5, sign * 0.166_665_73, 0.041_666_55, sign * 0.008_363_774, 0.001_392_692_7);
    (t.to_bits(), M::mul_add(q * r, r, sign * r))
}

#[inline(always)]
fn clamp(x: f32, low: f32, high: f32) -> f32 {
    // Comparisons with NaN are false: NaN stays.
    let x = if x > high { high } else { x };
    if x < low { low } else { x }
}

#[inline(always)]
pub(super) fn exp<M: Mode>(x: f32) -> f32 {
    // The limits give infinity and 0 by themselves.
    let (bits, r) = reduce::<M>(clamp(x, -104.5, 89.0), 1.0, 254.0);
    // Two factors, because 2ⁿ alone leaves the range of normal numbers at both ends.
    let half = bits >> 1;
    let first = f32::from_bits(half << 23);
    let second = f32::from_bits(bits.wrapping_sub(half) << 23);
    (1.0 + r) * first * second
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
pub(super) fn erf<M: Mode>(x: f32) -> f32 {
    let a = x.abs();
    let near = if a > 1.0 { 1.0 } else { a };
    let z = near * near;
    let p = polynomial!(M, z; FRAC_2_SQRT_PI, 0.020_680_745, 0.023_073_105, -0.001_342_133_6);
    let q = polynomial!(M, z; 1.0, 0.351_660_98, 0.037_670_67);
    // 1 − e^(−a²) · s / t where a > 1; from 4 on that is 1.
    let far = clamp(a, 1.0, 4.0);
    let s = polynomial!(M, far; 1.003_746_3, 0.836_299_6, 0.304_655_68);
    let t = polynomial!(M, far; 1.0, 1.985_299_2, 1.491_099_5, 0.539_465_9);
    let e = exp::<M>(-far * far);
    let outside = a > 1.0;
    let ratio = (if outside { e * s } else { near * p }) / (if outside { t } else { q });
    (if outside { 1.0 - ratio } else { ratio }).copysign(x)
}
