//! Elementary functions in `f64`, branch-free, with a relative error below 10⁻¹⁴.
//!
//! Polynomials and rational functions are minimax fits; `M` says how `a · b + c` rounds.

use core::f64::consts::LOG2_E;

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
    (t.to_bits(), power::<M>(r, sign))
}

/// `e^(−a²/2)` as [`reduce`] has it, for a from 0 on. The square in two parts: its rounding would be
/// many units of the result.
#[inline(always)]
fn reduce_bell<M: Mode>(a: f64, bias: f64) -> (u64, f64) {
    let magic = ROUND + bias;
    let t = M::mul_add(a * a, -0.5 * LOG2_E, magic);
    let n = t - magic;
    // The upper half of the bits has an exact square.
    let high = f64::from_bits(a.to_bits() & 0xffff_ffff_f800_0000);
    let r = M::mul_add(n, -LN_2_HIGH, -0.5 * high * high);
    let r = M::mul_add(-0.5 * (a - high), a + high, r);
    let r = M::mul_add(n, -LN_2_LOW, r);
    (t.to_bits(), power::<M>(r, 1.0))
}

/// e^(sign · r) − 1 for |r| ≤ ln 2 / 2.
#[inline(always)]
fn power<M: Mode>(r: f64, sign: f64) -> f64 {
    let q = polynomial!(M, r;
        0.5, sign * 0.166_666_666_666_666_68, 0.041_666_666_666_620_64, sign *
        0.008_333_333_333_329_793,
        0.001_388_888_891_893_916_8, sign * 1.984_126_986_438_051_3e-4, 2.480_151_864_139_599_4e-5,
        sign * 2.755_726_641_861_230_4e-6, 2.762_133_866_914_293e-7, sign *
        2.510_134_692_835_03e-8);
    M::mul_add(q * r, r, sign * r)
}

#[inline(always)]
fn clamp(x: f64, low: f64, high: f64) -> f64 {
    // Comparisons with NaN are false: NaN stays.
    let x = if x > high { high } else { x };
    if x < low { low } else { x }
}

/// `value · 2ⁿ` for bits that hold n + 2046: in two factors, because 2ⁿ alone leaves the range of
/// normal numbers at both ends.
#[inline(always)]
fn scaled(value: f64, bits: u64) -> f64 {
    let half = bits >> 1;
    let first = f64::from_bits(half << 52);
    let second = f64::from_bits(bits.wrapping_sub(half) << 52);
    value * first * second
}

#[inline(always)]
pub(super) fn exp<M: Mode>(x: f64) -> f64 {
    // The limits give infinity and 0 by themselves.
    let (bits, r) = reduce::<M>(clamp(x, -746.0, 710.0), 1.0, 2046.0);
    scaled(1.0 + r, bits)
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
pub(super) fn silu<M: Mode>(x: f64) -> f64 {
    // x / (1 + e⁻ˣ); 1 + e⁻ˣ times `UNIT` stays in range down to the smallest subnormal result,
    // and below 0 that is undone last.
    const UNIT: f64 = 1.0 / 18_014_398_509_481_984.0 / 1_048_576.0;
    let x = if x < -760.0 { -760.0 } else { x };
    let (bits, r) = reduce::<M>(clamp(x, -760.0, 60.0), -1.0, 949.0);
    let scale = f64::from_bits(bits << 52);
    let below = UNIT + M::mul_add(scale, r, scale);
    let negative = x < 0.0;
    let first = if negative { 1.0 } else { 1.0 / UNIT };
    let last = if negative { UNIT } else { 1.0 };
    x / (below * first) * last
}

#[inline(always)]
pub(super) fn silu_slope<M: Mode>(x: f64) -> f64 {
    // With e = e^−a: e · (1 + e − a) / (1 + e)² at −a, and 1 less that at a.
    let a = clamp(x.abs(), 0.0, 760.0);
    let (bits, r) = reduce::<M>(a, -1.0, 2046.0);
    let e = scaled(1.0 + r, bits);
    let tail = ((1.0 - a) + e) / M::mul_add(e, 2.0 + e, 1.0);
    let tail = scaled(M::mul_add(tail, r, tail), bits);
    if x < 0.0 { tail } else { 1.0 - tail }
}

#[inline(always)]
pub(super) fn gelu<M: Mode>(x: f64) -> f64 {
    // With Φ(−a) = e^(−a²/2) · p / q: −a · Φ(−a) at −a, and a more at a.
    let a = clamp(x.abs(), 0.0, 39.0);
    let p = polynomial!(M, a;
        0.5, 0.774_879_417_529_988_2, 0.594_054_508_824_953, 0.289_338_709_684_576_9,
        0.097_702_160_894_018_12, 0.023_623_309_708_448_29, 0.004_089_506_840_045_804,
        0.000_490_446_124_982_100_4, 3.725_684_929_569_797e-5, 1.385_825_248_266_272_3e-6);
    let q = polynomial!(M, a;
        1.0, 2.347_643_395_862_831_6, 2.561_257_437_479_991_7, 1.714_405_007_308_128_3,
        0.782_055_695_978_647_2, 0.254_967_082_605_265_74, 0.060_437_275_107_481_814,
        0.010_344_262_535_238_813, 0.001_232_839_873_013_590_4, 9.338_907_186_612_839e-5,
        3.473_748_751_012_071_3e-6);
    let (bits, r) = reduce_bell::<M>(a, 2046.0);
    let positive = if x > 0.0 { x } else { 0.0 };
    let tail = a * p / q;
    positive - scaled(M::mul_add(tail, r, tail), bits)
}

#[inline(always)]
pub(super) fn gelu_slope<M: Mode>(x: f64) -> f64 {
    /// −x where the slope is 0.
    const ZERO: f64 = 0.751_791_524_693_564_5;
    // Φ(−a) − a · φ(a) = e^(−a²/2) · (zero − a) · p / q at −a, and 1 less that at a.
    let a = clamp(x.abs(), 0.0, 39.0);
    let p = polynomial!(M, a;
        0.665_077_995_131_434_3, 1.253_348_624_547_936_4, 1.130_817_973_142_188_1,
        0.631_976_343_139_470_3, 0.239_797_680_153_352_48, 0.063_997_166_210_317_63,
        0.012_034_983_379_942_504, 0.001_544_533_214_056_520_2, 0.000_123_645_814_766_937_7,
        4.759_834_801_218_535_4e-6);
    let q = polynomial!(M, a;
        1.0, 2.150_126_878_185_819, 2.124_687_567_006_276, 1.270_001_864_539_375_6,
        0.507_740_030_465_313_8, 0.141_376_203_935_157_15, 0.027_557_579_998_895_95,
        0.003_650_495_936_071_602_3, 0.000_300_964_368_035_152_5, 1.193_113_649_531_884_2e-5);
    let (bits, r) = reduce_bell::<M>(a, 2046.0);
    let tail = (ZERO - a) * p / q;
    let tail = scaled(M::mul_add(tail, r, tail), bits);
    if x < 0.0 { tail } else { 1.0 - tail }
}
