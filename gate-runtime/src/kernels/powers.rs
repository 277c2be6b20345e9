//! Powers, for both precisions: `x^y` is the exponential of `y · log x`, where the logarithm and its
//! multiple stand in two parts each, because what a rounding leaves out of them would be many units
//! of the result. Where an instruction set cannot tell what a product's rounding left out, powers
//! are the library's.

use super::number::Number;
use super::vector::Vector;

/// What differs between the precisions.
pub(super) trait Power: Number {
    type Word: Copy;

    /// From here on all numbers are whole.
    const WHOLE: Self;
    /// Exponents beyond give what these give, whose products with logarithms are finite.
    const STEEP: [Self; 2];
    /// Beyond, the exponential is 0 or infinity, and whatever a part of less than 1 adds.
    const ENDS: [Self; 2];
    /// ln 2; the first part's multiples by exponents of numbers are exact.
    const LN_2: [Self; 2];

    /// The library's powers.
    fn library(self, exponent: Self) -> Self;

    /// A number from 0 on as 2ᵏ · (1 + f): k, and f in √½ − 1 … √2 − 1.
    fn split<V: Vector<Number = Self, Word = Self::Word>>(x: V) -> (V, V);
    /// (log(1 + f) − 2s) / s at z = s², where s = f / (2 + f).
    fn log_rest<V: Vector<Number = Self, Word = Self::Word>>(z: V) -> V;
    /// e to the sum of two parts.
    fn exp_parts<V: Vector<Number = Self, Word = Self::Word>>(high: V, low: V) -> V;
}

/// x to a power, with all the special cases of IEEE 754.
#[inline(always)]
pub(super) fn pow<V: Vector<Number: Power<Word = V::Word>>>(x: V, y: V) -> V {
    if !V::FUSED {
        return x.each(y, V::Number::library);
    }
    let [[first, last], [least, most]] = [V::Number::STEEP, V::Number::ENDS];
    let (high, low) = log_parts(x.abs());
    let exponent = y.clamp(first, last);
    let product = exponent * high;
    let rest = exponent.mul_add(high, product.negative());
    let rest = exponent.mul_add(low, rest);
    let power = V::Number::exp_parts(
        product.clamp(least, most),
        rest.clamp(number(-1.0), number(1.0)),
    );
    // Most registers hold nothing special: powers of finite numbers above 0.
    let zero = V::all(number(0.0));
    let base = V::pick(y.eq(y), x, zero);
    if V::whole(base.gt(zero)) && V::whole(V::all(number(f64::INFINITY)).gt(base)) {
        power
    } else {
        edges(x, y, power)
    }
}

/// The logarithm of a number above 0 in two parts, the second within the rounding of the first. Of
/// 0, infinity and NaN it gives some number.
#[inline(always)]
fn log_parts<V: Vector<Number: Power<Word = V::Word>>>(x: V) -> (V, V) {
    let (k, f) = V::Number::split(x);
    let (one, two) = (V::all(number(1.0)), V::all(number(2.0)));
    // s = f / (2 + f), and what its roundings left out.
    let below = two + f;
    let below_rest = f - (below - two);
    let inverse = one / below;
    let s = f * inverse;
    let left = s.negative().mul_add(below, f);
    let s_rest = s.negative().mul_add(below_rest, left) * inverse;
    // log(1 + f) = 2s + 2s³/3 + …, and 2 + 2s² is nearly the slope.
    let z = s * s;
    let twice = s_rest + s_rest;
    let rest = s.mul_add(V::Number::log_rest(z), z.mul_add(twice, twice));
    let [ln_2, ln_2_rest] = V::Number::LN_2.map(V::all);
    let (first, second) = (k * ln_2, s + s);
    let sum = first + second;
    let rest = k.mul_add(ln_2_rest, second - (sum - first)) + rest;
    let high = sum + rest;
    (high, rest - (high - sum))
}

/// The power of a number's size, with the special cases.
#[inline(always)]
fn edges<V: Vector<Number: Power<Word = V::Word>>>(x: V, y: V, power: V) -> V {
    let c = |value: f64| V::all(number(value));
    let (zero, one, infinity) = (c(0.0), c(1.0), c(f64::INFINITY));
    let size = x.abs();
    // A negative number has powers at whole exponents only.
    let whole = is_whole(y);
    let negative = V::pick(whole, power, c(f64::NAN));
    let power = V::pick(zero.gt(x), negative, power);
    let grows = y.gt(zero);
    let power = V::pick(size.eq(zero), V::pick(grows, zero, infinity), power);
    let power = V::pick(size.eq(infinity), V::pick(grows, infinity, zero), power);
    // Odd ones have its sign.
    let odd = V::pick(is_whole(y * c(0.5)), one, x);
    let power = power.with_sign(V::pick(whole, odd, one));
    // NaN stays NaN, but anything to the 0 is 1, and so is 1 to anything.
    let power = V::pick(x.eq(x), power, x);
    let power = V::pick(y.eq(y), power, y);
    let power = V::pick(x.eq(one), one, power);
    V::pick(y.eq(zero), one, power)
}

#[inline(always)]
fn number<A: Number>(value: f64) -> A {
    A::convert(value)
}

#[inline(always)]
fn is_whole<V: Vector<Number: Power>>(x: V) -> V::Mask {
    let (size, whole) = (x.abs(), V::all(V::Number::WHOLE));
    let rounded = (size + whole) - whole;
    V::pick(size.ge(whole), size, rounded).eq(size)
}
