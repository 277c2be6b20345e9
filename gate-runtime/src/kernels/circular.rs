//! Sine and cosine, for both precisions: the rest of a division by π, and one odd polynomial; far
//! from 0 the library's.

use super::vector::Vector;

/// What differs between the precisions.
pub(super) trait Circular: Copy + PartialOrd {
    /// Adding it rounds to an integer, which then stands in the lowest bits.
    const MAGIC: Self;
    /// 1 / π.
    const PER_PI: Self;
    const HALF: Self;
    /// From here on values are the library's.
    const FAR: Self;

    /// The sine of a − n · π, where that is in −π/2 … π/2.
    fn wave<V: Vector<Number = Self>>(a: V, n: V) -> V;
    /// Writes the sines of elements that are far from 0, or no numbers; the others stay.
    fn far_sin(x: &[Self], y: &mut [Self]);
    /// The same of cosines.
    fn far_cos(x: &[Self], y: &mut [Self]);
}

#[inline(always)]
pub(super) fn sin<V: Vector<Number: Circular>>(x: V) -> V {
    let magic = V::all(Circular::MAGIC);
    let a = x.abs();
    let t = a.mul_add(V::all(Circular::PER_PI), magic);
    let sign = V::xor(V::and(x.bits(), V::word(V::SIGN)), V::top(t.bits()));
    near_or(Circular::wave(a, t - magic), sign, x, Circular::far_sin)
}

#[inline(always)]
pub(super) fn cos<V: Vector<Number: Circular>>(x: V) -> V {
    // sin(|x| + π/2).
    let (magic, half) = (V::all(Circular::MAGIC), V::all(Circular::HALF));
    let a = x.abs();
    let t = a.mul_add(V::all(Circular::PER_PI), half) + magic;
    let y = Circular::wave(a, (t - magic) - half);
    near_or(y, V::top(t.bits()), x, Circular::far_cos)
}

/// With the sign turned where the highest bit is set; but what `far` writes where x is far from 0
/// or no number.
#[inline(always)]
fn near_or<V: Vector<Number: Circular>>(
    y: V,
    sign: V::Bits,
    x: V,
    far: fn(&[V::Number], &mut [V::Number]),
) -> V {
    let y = V::of_bits(V::xor(y.bits(), sign));
    // A comparison with NaN is false.
    if V::whole(V::all(Circular::FAR).gt(x.abs())) {
        y
    } else {
        y.repaired(x, far)
    }
}

/// What a function gives far from 0. The others stay: no element depends on those beside it.
pub(super) fn replace<A: Circular + core::ops::Neg<Output = A>>(
    x: &[A],
    y: &mut [A],
    function: fn(A) -> A,
) {
    for (&x, y) in x.iter().zip(y) {
        let near = x < A::FAR && x > -A::FAR;
        if !near {
            *y = function(x);
        }
    }
}
