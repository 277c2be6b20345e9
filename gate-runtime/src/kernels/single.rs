//! Elementary functions in `f32`, branch-free, within 4 units in the last place of the exact value.
//!
//! Polynomials and rational functions are minimax fits; `M` says how `a · b + c` rounds.

use super::real::Mode;

/// `c0 + z · (c1 + z · (…))`.
macro_rules! polynomial {
    ($mode:ident, $z:expr; $last:expr) => { $last };
    ($mode:ident, $z:expr; $first:expr, $($rest:expr),+) => {
        $mode::mul_add(polynomial!($mode, $z; $($rest),+), $z, $first)
    };
}
pub(super) use polynomial;

const LOG2_E: f32 = std::f32::consts::LOG2_E;
/// ln 2 in two parts; the first has 9 bits, so that its multiples by exponents are exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;
/// 1.5 · 2²³: adding it rounds to an integer, which then stands in the lowest bits.
const ROUND: f32 = 12_582_912.0;

/// `x = n · ln 2 + r` with integer n and |r| ≤ ln 2 / 2: (bits whose lowest nine hold
/// n + `bias`, e^r − 1).
#[inline(always)]
fn reduce<M: Mode>(x: f32, bias: f32) -> (u32, f32) {
    let magic = ROUND + bias;
    let t = M::mul_add(x, LOG2_E, magic);
    let n = t - magic;
    let r = M::mul_add(n, -LN_2_HIGH, x);
    let r = M::mul_add(n, -LN_2_LOW, r);
    let q = polynomial!(M, r; 0.5, 0.166_665_73, 0.041_666_55, 0.008_363_774, 0.001_392_692_7);
    (t.to_bits(), M::mul_add(q * r, r, r))
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
    let (bits, r) = reduce::<M>(clamp(x, -104.5, 89.0), 254.0);
    // Two factors, because 2ⁿ alone leaves the range of normal numbers at both ends.
    let half = bits >> 1;
    let first = f32::from_bits(half << 23);
    let second = f32::from_bits(bits.wrapping_sub(half) << 23);
    (1.0 + r) * first * second
}

#[inline(always)]
pub(super) fn exp_m1<M: Mode>(x: f32) -> f32 {
    let (bits, r) = reduce::<M>(clamp(x, -40.0, 89.0), 126.0);
    let scale = f32::from_bits(bits << 23);
    M::mul_add(scale, r, scale - 0.5) * 2.0
}

#[inline(always)]
pub(super) fn sigmoid<M: Mode>(x: f32) -> f32 {
    // e⁻ˣ · 2⁻²⁴ keeps the power of two in range down to the smallest subnormal result.
    const UNIT: f32 = 1.0 / 16_777_216.0;
    let (bits, r) = reduce::<M>(clamp(-x, -60.0, 104.5), 103.0);
    let scale = f32::from_bits(bits << 23);
    UNIT / (UNIT + M::mul_add(scale, r, scale))
}

#[inline(always)]
pub(super) fn tanh<M: Mode>(x: f32) -> f32 {
    let x = clamp(x, -9.02, 9.02);
    let z = x * x;
    let p = polynomial!(M, z; 0.999_999_98, 0.133_797_19, 0.003_494_036, 2.058_350_5e-5, 1.331_910_6e-8);
    let q = polynomial!(M, z; 1.0, 0.467_130_34, 0.025_871_078, 3.283_095_2e-4, 7.762_033e-7);
    clamp(x * p / q, -1.0, 1.0)
}

/// log(2ᵏ · (1 + f)) for f in √½ − 1 … √2 − 1 (FreeBSD's `e_logf.c`).
#[inline(always)]
fn log_reduced<M: Mode>(k: f32, f: f32) -> f32 {
    const HIGH: f32 = 6.931_381_2e-1;
    const LOW: f32 = 9.058_000_6e-6;
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
    let bits = (if subnormal { x * 16_777_216.0 } else { x }).to_bits().wrapping_sub(SQRT_HALF);
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
    let x = clamp(x, -3.95, 3.95);
    let z = x * x;
    let p = polynomial!(M, z; 1.128_379_1, 0.191_551_58, 0.052_875_58, 0.003_808_204, 2.846_868_5e-4, 2.025_876_5e-6);
    let q = polynomial!(M, z; 1.0, 0.503_090_84, 0.114_560_12, 0.015_055_18, 0.001_170_732_4, 3.783_142_3e-5);
    clamp(x * p / q, -1.0, 1.0)
}
