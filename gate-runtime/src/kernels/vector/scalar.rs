//! Single numbers as vectors of one.

use super::Vector;
#[cfg(feature = "std")]
use crate::kernels::real::Fused;
use crate::kernels::real::{Plain, library};

macro_rules! scalar {
    ($name:ident, $type:ident, $word:ident, $fused:literal, |$a:ident, $b:ident, $c:ident| $mul_add:expr) => {
        impl Vector for $name<$type> {
            type Number = $type;
            type Word = $word;
            type Bits = $word;
            type Mask = bool;
            const LANES: usize = 1;
            const SUMS: usize = 8;
            const FUSED: bool = $fused;
            const SIGN: $word = 1 << ($word::BITS - 1);
            const UNSIGNED: $word = !Self::SIGN;

            #[inline(always)]
            fn all(value: $type) -> Self {
                Self(value)
            }

            #[inline(always)]
            unsafe fn load(from: *const $type) -> Self {
                // SAFETY: the caller's element.
                Self(unsafe { *from })
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut $type) {
                // SAFETY: the caller's element.
                unsafe { *to = self.0 }
            }

            #[inline(always)]
            fn mul_add(self, by: Self, sum: Self) -> Self {
                let ($a, $b, $c) = (self.0, by.0, sum.0);
                Self($mul_add)
            }

            #[inline(always)]
            fn sqrt(self) -> Self {
                Self(library::$type::sqrt(self.0))
            }

            #[inline(always)]
            fn lesser(self, other: Self) -> Self {
                if self.0 < other.0 { self } else { other }
            }

            #[inline(always)]
            fn greater(self, other: Self) -> Self {
                if self.0 > other.0 { self } else { other }
            }

            #[inline(always)]
            fn gt(self, other: Self) -> bool {
                self.0 > other.0
            }

            #[inline(always)]
            fn ge(self, other: Self) -> bool {
                self.0 >= other.0
            }

            #[inline(always)]
            fn eq(self, other: Self) -> bool {
                self.0 == other.0
            }

            #[inline(always)]
            fn pick(mask: bool, yes: Self, no: Self) -> Self {
                if mask { yes } else { no }
            }

            #[inline(always)]
            fn each(self, other: Self, function: fn($type, $type) -> $type) -> Self {
                Self(function(self.0, other.0))
            }

            #[inline(always)]
            fn whole(mask: bool) -> bool {
                mask
            }

            #[inline(always)]
            fn total(self) -> $type {
                self.0
            }

            #[inline(always)]
            fn repaired(self, of: Self, repair: fn(&[$type], &mut [$type])) -> Self {
                let mut y = [self.0];
                repair(&[of.0], &mut y);
                Self(y[0])
            }

            #[inline(always)]
            fn bits(self) -> $word {
                self.0.to_bits()
            }

            #[inline(always)]
            fn of_bits(bits: $word) -> Self {
                Self($type::from_bits(bits))
            }

            #[inline(always)]
            fn word(word: $word) -> $word {
                word
            }

            #[inline(always)]
            fn plus(a: $word, b: $word) -> $word {
                a.wrapping_add(b)
            }

            #[inline(always)]
            fn minus(a: $word, b: $word) -> $word {
                a.wrapping_sub(b)
            }

            #[inline(always)]
            fn and(a: $word, b: $word) -> $word {
                a & b
            }

            #[inline(always)]
            fn or(a: $word, b: $word) -> $word {
                a | b
            }

            #[inline(always)]
            fn xor(a: $word, b: $word) -> $word {
                a ^ b
            }

            #[inline(always)]
            fn up(a: $word) -> $word {
                a << ($type::MANTISSA_DIGITS - 1)
            }

            #[inline(always)]
            fn down(a: $word) -> $word {
                a >> ($type::MANTISSA_DIGITS - 1)
            }

            #[inline(always)]
            fn half(a: $word) -> $word {
                a >> 1
            }

            #[inline(always)]
            fn top(a: $word) -> $word {
                a << ($word::BITS - 1)
            }
        }
    };
}

#[cfg(feature = "std")]
scalar!(Fused, f32, u32, true, |a, b, c| a.mul_add(b, c));
#[cfg(feature = "std")]
scalar!(Fused, f64, u64, true, |a, b, c| a.mul_add(b, c));
scalar!(Plain, f32, u32, false, |a, b, c| a * b + c);
scalar!(Plain, f64, u64, false, |a, b, c| a * b + c);

#[cfg(not(target_arch = "x86_64"))]
pub(in super::super) type Narrow32 = Plain<f32>;
#[cfg(not(target_arch = "x86_64"))]
pub(in super::super) type Narrow64 = Plain<f64>;
