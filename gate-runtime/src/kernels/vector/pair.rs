//! Two registers as one vector: what is done to both stands side by side in the code.
//!
//! An elementary function of one register is a chain of some twenty operations that wait for one
//! another, and a processor does not look far ahead: with two chains side by side it has fewer idle
//! cycles than with one after the other. AVX-512 has as much to do in one register.

use core::ops::{Add, Div, Mul, Sub};

use super::{Half32, Half64, Vector};

/// Two vectors, the elements of the second after those of the first.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Pair<V>(V, V);

pub(in super::super) type Halves32 = Pair<Half32>;
pub(in super::super) type Halves64 = Pair<Half64>;

macro_rules! operators {
    ($($trait:ident $method:ident),*) => {
        $(impl<V: Vector> $trait for Pair<V> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Pair($trait::$method(self.0, other.0), $trait::$method(self.1, other.1))
            }
        })*
    };
}
operators!(Add add, Sub sub, Mul mul, Div div);

/// Methods that do the same to both: of two vectors, then of masks and bits.
macro_rules! both {
    ($($method:ident($this:ident $(, $other:ident)*) -> $result:ty = $make:expr;)*) => {
        $(#[inline(always)]
        fn $method($this $(, $other: Self)*) -> $result {
            $make(V::$method($this.0 $(, $other.0)*), V::$method($this.1 $(, $other.1)*))
        })*
    };
    ($($method:ident($($argument:ident: $type:ty),*) -> $result:ty = $make:expr;)*) => {
        $(#[inline(always)]
        fn $method($($argument: $type),*) -> $result {
            $make(V::$method($($argument.0),*), V::$method($($argument.1),*))
        })*
    };
}

/// Masks or bits of both.
#[inline(always)]
fn of<T>(first: T, second: T) -> (T, T) {
    (first, second)
}

impl<V: Vector> Vector for Pair<V> {
    type Number = V::Number;
    type Word = V::Word;
    type Bits = (V::Bits, V::Bits);
    type Mask = (V::Mask, V::Mask);
    const LANES: usize = 2 * V::LANES;
    const SUMS: usize = V::SUMS / 2;
    const FUSED: bool = V::FUSED;
    const SIGN: V::Word = V::SIGN;
    const UNSIGNED: V::Word = V::UNSIGNED;

    both! {
        mul_add(self, by, sum) -> Self = Pair;
        sqrt(self) -> Self = Pair;
        lesser(self, other) -> Self = Pair;
        greater(self, other) -> Self = Pair;
        gt(self, other) -> Self::Mask = of;
        ge(self, other) -> Self::Mask = of;
        eq(self, other) -> Self::Mask = of;
        bits(self) -> Self::Bits = of;
    }

    both! {
        of_bits(bits: Self::Bits) -> Self = Pair;
        pick(mask: Self::Mask, yes: Self, no: Self) -> Self = Pair;
        plus(a: Self::Bits, b: Self::Bits) -> Self::Bits = of;
        minus(a: Self::Bits, b: Self::Bits) -> Self::Bits = of;
        and(a: Self::Bits, b: Self::Bits) -> Self::Bits = of;
        or(a: Self::Bits, b: Self::Bits) -> Self::Bits = of;
        xor(a: Self::Bits, b: Self::Bits) -> Self::Bits = of;
        up(bits: Self::Bits) -> Self::Bits = of;
        down(bits: Self::Bits) -> Self::Bits = of;
        half(bits: Self::Bits) -> Self::Bits = of;
        top(bits: Self::Bits) -> Self::Bits = of;
    }

    #[inline(always)]
    fn all(value: V::Number) -> Self {
        Pair(V::all(value), V::all(value))
    }

    #[inline(always)]
    unsafe fn load(from: *const V::Number) -> Self {
        // SAFETY: the caller's elements are those of both.
        unsafe { Pair(V::load(from), V::load(from.add(V::LANES))) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut V::Number) {
        // SAFETY: the caller's elements are those of both.
        unsafe {
            self.0.store(to);
            self.1.store(to.add(V::LANES));
        }
    }

    #[inline(always)]
    fn whole(mask: Self::Mask) -> bool {
        V::whole(mask.0) && V::whole(mask.1)
    }

    #[inline(always)]
    fn total(self) -> V::Number {
        (self.0 + self.1).total()
    }

    #[inline(always)]
    fn each(self, other: Self, function: fn(V::Number, V::Number) -> V::Number) -> Self {
        Pair(
            self.0.each(other.0, function),
            self.1.each(other.1, function),
        )
    }

    #[inline(always)]
    fn repaired(self, of: Self, repair: fn(&[V::Number], &mut [V::Number])) -> Self {
        Pair(self.0.repaired(of.0, repair), self.1.repaired(of.1, repair))
    }

    #[inline(always)]
    fn word(word: V::Word) -> Self::Bits {
        (V::word(word), V::word(word))
    }
}
