//! Elementary functions in `f64`, branch-free, with a relative error below 10⁻¹⁴.
//!
//! Polynomials and rational functions are minimax fits; `M` says how `a · b + c` rounds.

use core::f64::consts::{FRAC_2_SQRT_PI, LOG2_E};

use super::real::Mode;
use super::single::polynomial;

/// ln 2 in two parts; the first has 32 bits, so that its multiples by exponents are exact.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// 1.5 · 2⁵²: adding it rounds to an integer, which then stands in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// `sign · x = n · ln 2 + r` with integer n and |r| ≤ ln 2 / 2: (bits whose lowest twelve hold
/// n + `bias`, e^r − 1). The sign is ±1.
#[inline(always)]
fn reduce<M: Mode>(x: f64, sign: f64, bias: f64) -> (u64, f64) {
    let magic = ROUND + bias;
    let t = M::mul_add(x, sign * LOG2_E, magic);
    let n = t - magic;
    let r = M::mul_add(n, -sign * LN_2_HIGH, x);
    let r = M::mul_add(n, -sign * LN_2_LOW, r);
    let q = polynomial!(M, r;
        0.5, sign * 0.166_666_666_666_666_68, 0.041_666_666_666_620_64, sign * 0.008_333_333_333_329_793,
        0.001_388_888_891_893_916_8, sign * 1.984_126_986_438_051_3e-4, 2.480_151_864_139_599_4e-5,
        sign * 2.755_726_641_861_230_4e-6, 2.762_133_866_914_293e-7, sign * 2.510_134_692_835_03e-8);
    (t.to_bits(), M::mul_add(q * r, r, sign * r))
}

#[inline(always)]
fn clamp(x: f64, low: f64, high: f64) -> f64 {
    // Comparisons with NaN are false: NaN stays.
    let x = if x > high { high } else { x };
    if x < low { low } else { x }
}

#[inline(always)]
pub(super) fn exp<M: Mode>(x: f64) -> f64 {
    // The limits give infinity and 0 by themselves.
    let (bits, r) = reduce::<M>(clamp(x, -746.0, 710.0), 1.0, 2046.0);
    // Two factors, because 2ⁿ alone leaves the range of normal numbers at both ends.
    let half = bits >> 1;
    let first = f64::from_bits(half << 52);
    let second = f64::from_bits(bits.wrapping_sub(half) << 52);
    (1.0 + r) * first * second
}

#[inline(always)]
pub(super) fn exp_m1<M: Mode>(x: f64) -> f64 {
    let (bits, r) = reduce::<M>(clamp(x, -60.0, 710.0), 1.0, 1022.0);
    let scale = f64::from_bits(bits << 52);
    M::mul_add(scale, r, scale - 0.5) * 2.0
}

#[inline(always)]
pub(super) fn sigmoid<M: Mode>(x: f64) -> f64 {
    // e⁻ˣ · 2⁻⁶⁰ keeps the power of two in range down to the smallest subnormal result.
    const UNIT: f64 = 1.0 / 1_152_921_504_606_846_976.0;
    let (bits, r) = reduce::<M>(clamp(x, -746.0, 60.0), -1.0, 963.0);
    let scale = f64::from_bits(bits << 52);
    UNIT / (UNIT + M::mul_add(scale, r, scale))
}

#[inline(always)]
pub(super) fn tanh<M: Mode>(x: f64) -> f64 {
    let e = exp_m1::<M>(-2.0 * x.abs());
    (-e / (2.0 + e)).copysign(x)
}

/// log(2ᵏ · (1 + f)) for f in √½ − 1 … √2 − 1 (FreeBSD's `e_log.c`).
#[inline(always)]
fn log_reduced<M: Mode>(k: f64, f: f64) -> f64 {
    let s = f / (2.0 + f);
    let z = s * s;
    let r = z * polynomial!(M, z;
        6.666_666_666_666_735e-1, 3.999_999_999_940_942e-1, 2.857_142_874_366_239e-1,
        2.222_219_843_214_978_4e-1, 1.818_357_216_161_805e-1, 1.531_383_769_920_937_3e-1,
        1.479_819_860_511_658_6e-1);
    let half_square = 0.5 * f * f;
    let small = M::mul_add(s, half_square + r, k * LN_2_LOW);
    M::mul_add(k, LN_2_HIGH, f - (half_square - small))
}

#[inline(always)]
pub(super) fn log<M: Mode>(x: f64) -> f64 {
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    /// 1024 in the place of an exponent: keeps it positive, as not every set of instructions
    /// has an arithmetic shift.
    const BIAS: u64 = 1024 << 52;
    let subnormal = x < f64::MIN_POSITIVE;
    let scaled = if subnormal {
        x * 18_014_398_509_481_984.0
    } else {
        x
    };
    let bits = scaled.to_bits().wrapping_sub(SQRT_HALF);
    let exponent = bits.wrapping_add(BIAS) >> 52;
    let exponent = f64::from_bits(ROUND.to_bits() | exponent) - (ROUND + 1024.0);
    let k = if subnormal { exponent - 54.0 } else { exponent };
    let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff).wrapping_add(SQRT_HALF));
    let y = log_reduced::<M>(k, m - 1.0);
    // Infinity and NaN stay what they are.
    let y = if x < f64::INFINITY { y } else { x };
    let y = if x == 0.0 { f64::NEG_INFINITY } else { y };
    if x < 0.0 { f64::NAN } else { y }
}

#[inline(always)]
pub(super) fn softplus<M: Mode>(x: f64) -> f64 {
    // max(x, 0) + log(1 + e^−|x|); halving 1 + e where it exceeds √2 is exact enough.
    let e = exp::<M>(-x.abs());
    let large = e > 0.414_213_562_373_095_1;
    let f = if large { 0.5 * (e - 1.0) } else { e };
    let k = if large { 1.0 } else { 0.0 };
    let positive = if x > 0.0 { x } else { 0.0 };
    positive + log_reduced::<M>(k, f)
}

#[inline(always)]
pub(super) fn erf<M: Mode>(x: f64) -> f64 {
    let a = x.abs();
    let near = if a > 1.0 { 1.0 } else { a };
    let z = near * near;
    let p = polynomial!(M, z;
        FRAC_2_SQRT_PI, 1.435_060_637_518_469_4e-1, 4.548_353_360_638_706e-2,
        1.877_389_058_349_970_8e-3, 1.968_838_769_126_986e-4, 7.768_345_157_367_027e-8);
    let q = polynomial!(M, z;
        1.0, 4.605_122_709_959_603e-1, 9.381_282_247_869_482e-2, 1.069_303_026_934_387_3e-2,
        6.924_932_183_230_685e-4, 2.081_002_969_432_664_4e-5);
    // 1 − e^(−a²) · s / t where a > 1; from 6 on that is 1.
    let far = clamp(a, 1.0, 6.0);
    let s = polynomial!(M, far;
        0.999_999_992_233_168_3, 1.845_463_933_275_579_6, 1.679_499_498_645_96,
        0.946_428_633_029_563_7, 0.353_287_593_441_568_85, 0.087_388_808_532_164_41,
        0.013_392_041_931_267_817, 0.001_009_267_478_777_551_3);
    let t = polynomial!(M, far;
        1.0, 2.973_843_015_682_096_5, 4.035_122_448_312_999, 3.277_985_001_087_896,
        1.754_060_483_259_383_4, 0.638_053_772_628_654_1, 0.155_787_100_927_778_5,
        0.023_736_775_249_094_316, 0.001_788_880_046_185_569_8);
    let e = exp::<M>(-far * far);
    let outside = a > 1.0;
    let ratio = (if outside { e * s } else { near * p }) / (if outside { t } else { q });
    (if outside { 1.0 - ratio } else { ratio }).copysign(x)
}
