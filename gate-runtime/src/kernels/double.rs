//! Elementary functions in `f64`, with a relative error below 10⁻¹⁴, and branch-free but for sine
//! and cosine far from 0, and powers of special numbers.
//!
//! Polynomials and rational functions are minimax fits.

use core::f64::consts::{FRAC_1_PI, LOG2_E};

use super::circular::{Circular, replace};
use super::powers::Power;
use super::real::library;
use super::vector::Vector;

/// A vector of `f64`.
pub(super) trait Double: Vector<Number = f64, Word = u64> {}
impl<V: Vector<Number = f64, Word = u64>> Double for V {}

/// ln 2 in two parts; the first has 32 bits, so that its multiples by exponents are exact.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// 1.5 · 2⁵²: adding it rounds to an integer, which then stands in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// `sign · x = n · ln 2 + r` with integer n and |r| ≤ ln 2 / 2: (bits whose lowest twelve hold
/// n + `bias`, e^r − 1). The sign is ±1.
#[inline(always)]
fn reduce<V: Double>(x: V, sign: f64, bias: f64) -> (V::Bits, V) {
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
fn reduce_bell<V: Double>(a: V, bias: f64) -> (V::Bits, V) {
    let magic = V::all(ROUND + bias);
    let t = (a * a).mul_add(V::all(-0.5 * LOG2_E), magic);
    let n = t - magic;
    // The upper half of the bits has an exact square.
    let high = V::of_bits(V::and(a.bits(), V::word(0xffff_ffff_f800_0000)));
    let half = V::all(-0.5);
    let r = n.mul_add(V::all(-LN_2_HIGH), half * high * high);
    let r = (half * (a - high)).mul_add(a + high, r);
    let r = n.mul_add(V::all(-LN_2_LOW), r);
    (t.bits(), power(r, 1.0))
}

/// [`reduce`] of a sum of two parts, the second much smaller.
#[inline(always)]
fn reduce_parts<V: Double>(high: V, low: V, bias: f64) -> (V::Bits, V) {
    let magic = V::all(ROUND + bias);
    let t = (high + low).mul_add(V::all(LOG2_E), magic);
    let n = t - magic;
    let r = n.mul_add(V::all(-LN_2_HIGH), high) + low;
    let r = n.mul_add(V::all(-LN_2_LOW), r);
    (t.bits(), power(r, 1.0))
}

/// e^(sign · r) − 1 for |r| ≤ ln 2 / 2.
#[inline(always)]
fn power<V: Double>(r: V, sign: f64) -> V {
    let q = r.pairs([
        [0.5, sign * 0.166_666_666_666_666_68],
        [0.041_666_666_666_620_64, sign * 0.008_333_333_333_329_793],
        [
            0.001_388_888_891_893_916_8,
            sign * 1.984_126_986_438_051_3e-4,
        ],
        [
            2.480_151_864_139_599_4e-5,
            sign * 2.755_726_641_861_230_4e-6,
        ],
        [2.762_133_866_914_293e-7, sign * 2.510_134_692_835_03e-8],
    ]);
    q.mul_add(r * r, V::all(sign) * r)
}

#[inline(always)]
pub(super) fn exp<V: Double>(x: V) -> V {
    // The limits give infinity and 0 by themselves.
    let (bits, r) = reduce(x.clamp(-746.0, 710.0), 1.0, 2046.0);
    (V::all(1.0) + r).scaled(bits)
}

#[inline(always)]
pub(super) fn exp_m1<V: Double>(x: V) -> V {
    let (bits, r) = reduce(x.clamp(-60.0, 710.0), 1.0, 1022.0);
    let scale = V::of_bits(V::up(bits));
    scale.mul_add(r, scale - V::all(0.5)) * V::all(2.0)
}

#[inline(always)]
pub(super) fn sigmoid<V: Double>(x: V) -> V {
    // e⁻ˣ · 2⁻⁶⁰ keeps the power of two in range down to the smallest subnormal result.
    let unit = V::all(1.0 / 1_152_921_504_606_846_976.0);
    let (bits, r) = reduce(x.clamp(-746.0, 60.0), -1.0, 963.0);
    let scale = V::of_bits(V::up(bits));
    unit / scale.mul_add(r, unit + scale)
}

#[inline(always)]
pub(super) fn tanh<V: Double>(x: V) -> V {
    let e = exp_m1(V::all(-2.0) * x.abs());
    let size = e.negative() / (V::all(2.0) + e);
    size.abs().with_sign(x)
}

/// (log(1 + f) − 2s) / s at z = s², where s = f / (2 + f), for f in √½ − 1 … √2 − 1 (FreeBSD's
/// `e_log.c`).
#[inline(always)]
fn log_rest<V: Double>(z: V) -> V {
    z * z.horner([
        6.666_666_666_666_735e-1,
        3.999_999_999_940_942e-1,
        2.857_142_874_366_239e-1,
        2.222_219_843_214_978_4e-1,
        1.818_357_216_161_805e-1,
        1.531_383_769_920_937_3e-1,
        1.479_819_860_511_658_6e-1,
    ])
}

/// log(2ᵏ · (1 + f)) for f in √½ − 1 … √2 − 1.
#[inline(always)]
fn log_reduced<V: Double>(k: V, f: V) -> V {
    let s = f / (V::all(2.0) + f);
    let z = s * s;
    let r = log_rest(z);
    let half_square = V::all(0.5) * f * f;
    let small = s.mul_add(half_square + r, k * V::all(LN_2_LOW));
    k.mul_add(V::all(LN_2_HIGH), f - (half_square - small))
}

/// A number from 0 on as 2ᵏ · (1 + f): k, and f in √½ − 1 … √2 − 1.
#[inline(always)]
fn split<V: Double>(x: V) -> (V, V) {
    let root = V::word(0x3fe6_a09e_667f_3bcd); // √½
    let subnormal = V::all(f64::MIN_POSITIVE).gt(x);
    let scaled = V::pick(subnormal, x * V::all(18_014_398_509_481_984.0), x);
    let bits = V::minus(scaled.bits(), root);
    // 1024 in the place of the exponent keeps it positive.
    let exponent = V::down(V::plus(bits, V::word(1024 << 52)));
    let exponent = V::of_bits(V::or(exponent, V::word(ROUND.to_bits())));
    let exponent = exponent - V::all(ROUND + 1024.0);
    let k = V::pick(subnormal, exponent - V::all(54.0), exponent);
    let m = V::of_bits(V::plus(V::and(bits, V::word(0x000f_ffff_ffff_ffff)), root));
    (k, m - V::all(1.0))
}

#[inline(always)]
pub(super) fn log<V: Double>(x: V) -> V {
    let (k, f) = split(x);
    let y = log_reduced(k, f);
    // Infinity and NaN stay what they are.
    let infinity = V::all(f64::INFINITY);
    let y = V::pick(infinity.gt(x), y, x);
    let zero = V::all(0.0);
    let y = V::pick(x.eq(zero), V::all(f64::NEG_INFINITY), y);
    V::pick(zero.gt(x), V::all(f64::NAN), y)
}

#[inline(always)]
pub(super) fn softplus<V: Double>(x: V) -> V {
    // max(x, 0) + log(1 + e^−|x|); halving 1 + e where it exceeds √2 is exact enough.
    let (zero, one) = (V::all(0.0), V::all(1.0));
    let e = exp(x.abs().negative());
    let large = e.gt(V::all(0.414_213_562_373_095_1));
    let f = V::pick(large, V::all(0.5) * (e - one), e);
    let k = V::pick(large, one, zero);
    x.greater(zero) + log_reduced(k, f)
}

#[inline(always)]
pub(super) fn silu<V: Double>(x: V) -> V {
    // x / (1 + e⁻ˣ); 1 + e⁻ˣ times `UNIT` stays in range down to the smallest subnormal result,
    // and below 0 that is undone last.
    const UNIT: f64 = 1.0 / 18_014_398_509_481_984.0 / 1_048_576.0;
    let x = V::all(-760.0).greater(x);
    let (bits, r) = reduce(x.clamp(-760.0, 60.0), -1.0, 949.0);
    let scale = V::of_bits(V::up(bits));
    let (one, unit) = (V::all(1.0), V::all(UNIT));
    let below = unit + scale.mul_add(r, scale);
    let negative = V::all(0.0).gt(x);
    let first = V::pick(negative, one, V::all(1.0 / UNIT));
    let last = V::pick(negative, unit, one);
    x / (below * first) * last
}

#[inline(always)]
pub(super) fn silu_slope<V: Double>(x: V) -> V {
    // With e = e^−a: e · (1 + e − a) / (1 + e)² at −a, and 1 less that at a.
    let one = V::all(1.0);
    let a = x.abs().clamp(0.0, 760.0);
    let (bits, r) = reduce(a, -1.0, 2046.0);
    let e = (one + r).scaled(bits);
    let tail = ((one - a) + e) / e.mul_add(V::all(2.0) + e, one);
    let tail = tail.mul_add(r, tail).scaled(bits);
    V::pick(V::all(0.0).gt(x), tail, one - tail)
}

#[inline(always)]
pub(super) fn gelu<V: Double>(x: V) -> V {
    // With Φ(−a) = e^(−a²/2) · p / q: −a · Φ(−a) at −a, and a more at a.
    let a = x.abs().clamp(0.0, 39.0);
    let p = a.horner([
        0.5,
        0.774_879_417_529_988_2,
        0.594_054_508_824_953,
        0.289_338_709_684_576_9,
        0.097_702_160_894_018_12,
        0.023_623_309_708_448_29,
        0.004_089_506_840_045_804,
        0.000_490_446_124_982_100_4,
        3.725_684_929_569_797e-5,
        1.385_825_248_266_272_3e-6,
    ]);
    let q = a.horner([
        1.0,
        2.347_643_395_862_831_6,
        2.561_257_437_479_991_7,
        1.714_405_007_308_128_3,
        0.782_055_695_978_647_2,
        0.254_967_082_605_265_74,
        0.060_437_275_107_481_814,
        0.010_344_262_535_238_813,
        0.001_232_839_873_013_590_4,
        9.338_907_186_612_839e-5,
        3.473_748_751_012_071_3e-6,
    ]);
    let (bits, r) = reduce_bell(a, 2046.0);
    let tail = a * p / q;
    x.greater(V::all(0.0)) - tail.mul_add(r, tail).scaled(bits)
}

#[inline(always)]
pub(super) fn gelu_slope<V: Double>(x: V) -> V {
    /// −x where the slope is 0.
    const ZERO: f64 = 0.751_791_524_693_564_5;
    // Φ(−a) − a · φ(a) = e^(−a²/2) · (zero − a) · p / q at −a, and 1 less that at a.
    let a = x.abs().clamp(0.0, 39.0);
    let p = a.horner([
        0.665_077_995_131_434_3,
        1.253_348_624_547_936_4,
        1.130_817_973_142_188_1,
        0.631_976_343_139_470_3,
        0.239_797_680_153_352_48,
        0.063_997_166_210_317_63,
        0.012_034_983_379_942_504,
        0.001_544_533_214_056_520_2,
        0.000_123_645_814_766_937_7,
        4.759_834_801_218_535_4e-6,
    ]);
    let q = a.horner([
        1.0,
        2.150_126_878_185_819,
        2.124_687_567_006_276,
        1.270_001_864_539_375_6,
        0.507_740_030_465_313_8,
        0.141_376_203_935_157_15,
        0.027_557_579_998_895_95,
        0.003_650_495_936_071_602_3,
        0.000_300_964_368_035_152_5,
        1.193_113_649_531_884_2e-5,
    ]);
    let (bits, r) = reduce_bell(a, 2046.0);
    let tail = (V::all(ZERO) - a) * p / q;
    let tail = tail.mul_add(r, tail).scaled(bits);
    V::pick(V::all(0.0).gt(x), tail, V::all(1.0) - tail)
}

/// π in three parts; the first two have 35 bits, so that their multiples below `FAR` are exact,
/// of halves of π too. What they leave out is 2⁻⁵⁶ of the rest at the numbers next to a zero.
const PI: [f64; 3] = [
    3.141_592_653_584_666_6,
    5.126_688_303_167_911_6e-12,
    2.112_599_813_397_485_5e-23,
];

impl Circular for f64 {
    const MAGIC: f64 = ROUND;
    const PER_PI: f64 = FRAC_1_PI;
    const HALF: f64 = 0.5;
    /// 2¹⁷ · π is 411 775.
    const FAR: f64 = 400_000.0;

    #[inline(always)]
    fn wave<V: Vector<Number = f64>>(a: V, n: V) -> V {
        let r = n.mul_add(V::all(-PI[0]), a);
        let r = n.mul_add(V::all(-PI[1]), r);
        let r = n.mul_add(V::all(-PI[2]), r);
        let z = r * r;
        let q = z.horner([
            -0.166_666_666_666_666_66,
            0.008_333_333_333_333_207,
            -1.984_126_984_121_248e-4,
            2.755_731_921_156_948_6e-6,
            -2.505_210_690_442_404_7e-8,
            1.605_894_100_243_386e-10,
            -7.643_019_378_861_695e-13,
            2.721_419_708_396_09e-15,
        ]);
        // Roundings would take it above 1.
        (r * z).mul_add(q, r).clamp(-1.0, 1.0)
    }

    #[cold]
    #[inline(never)]
    fn far_sin(x: &[f64], y: &mut [f64]) {
        replace(x, y, library::f64::sin);
    }

    #[cold]
    #[inline(never)]
    fn far_cos(x: &[f64], y: &mut [f64]) {
        replace(x, y, library::f64::cos);
    }
}

impl Power for f64 {
    type Word = u64;

    const WHOLE: Self = 4_503_599_627_370_496.0;
    const STEEP: [Self; 2] = [-1.0e300, 1.0e300];
    const ENDS: [Self; 2] = [-750.0, 715.0];
    const LN_2: [Self; 2] = [LN_2_HIGH, LN_2_LOW];

    #[inline(always)]
    fn library(self, exponent: Self) -> Self {
        library::f64::powf(self, exponent)
    }

    #[inline(always)]
    fn split<V: Double>(x: V) -> (V, V) {
        split(x)
    }

    #[inline(always)]
    fn log_rest<V: Double>(z: V) -> V {
        log_rest(z)
    }

    #[inline(always)]
    fn exp_parts<V: Double>(high: V, low: V) -> V {
        let (bits, r) = reduce_parts(high, low, 2046.0);
        (V::all(1.0) + r).scaled(bits)
    }
}
