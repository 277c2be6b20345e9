//! Vectors of each instruction set, and single numbers as vectors of one.
//!
//! Micro-kernels and elementary functions are written with them: what the compiler makes of loops
//! over arrays is a matter of luck, and was a quarter of the speed on AVX2. Everything is inlined
//! into functions that have the instruction set's features.

#[cfg(all(feature = "std", target_arch = "aarch64"))]
mod aarch64;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod pair;
#[cfg(any(target_arch = "x86_64", all(feature = "std", target_arch = "aarch64")))]
mod register;
mod scalar;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
use core::marker::PhantomData;
use core::ops::{Add, Div, Mul, Sub};

#[cfg(all(feature = "std", target_arch = "aarch64"))]
pub(super) use aarch64::{Neon32, Neon64};
#[cfg(all(feature = "std", target_arch = "x86_64"))]
pub(super) use pair::{Halves32, Halves64};
#[cfg(not(target_arch = "x86_64"))]
pub(super) use scalar::{Narrow32, Narrow64};
#[cfg(all(feature = "std", target_arch = "x86_64"))]
pub(super) use x86_64::{Half32, Half64, Wide32, Wide64};
#[cfg(target_arch = "x86_64")]
pub(super) use x86_64::{Narrow32, Narrow64};

/// Numbers side by side. Comparisons, and what is chosen by them, are element by element.
///
/// A value exists only where the processor has the type's instruction set. What makes one of none
/// (`all`, `word`, `load`, and [`Real::num`](super::Real::num)) is called only in code that is
/// inlined into functions compiled for the set, and these only where the processor has it; other
/// crates cannot name the types of sets that a processor may lack (`Named`). Bits and masks come
/// from values, even where they are plain integers.
#[doc(hidden)]
pub trait Vector:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// `f32` or `f64`.
    type Number: Copy + Default;
    /// The unsigned integer of the same size.
    type Word: Copy;
    /// So many of these.
    type Bits: Copy;
    /// The outcome of a comparison.
    type Mask: Copy;
    /// Elements in it.
    const LANES: usize;
    /// So many sums fit into registers beside what is added to them.
    const SUMS: usize;
    /// Whether `mul_add` rounds once.
    const FUSED: bool;
    /// The bit of the sign, and all others.
    const SIGN: Self::Word;
    const UNSIGNED: Self::Word;

    /// One number everywhere.
    fn all(value: Self::Number) -> Self;
    /// Elements in memory, at any address.
    ///
    /// # Safety
    /// `LANES` elements are readable there; the processor has the type's instruction set.
    unsafe fn load(from: *const Self::Number) -> Self;
    /// Writes them, to any address.
    ///
    /// # Safety
    /// `LANES` elements are writable there.
    unsafe fn store(self, to: *mut Self::Number);
    /// `self · by + sum`, rounded once, or twice where there is no fused instruction.
    fn mul_add(self, by: Self, sum: Self) -> Self;
    fn sqrt(self) -> Self;
    /// `self` where it is below `other`, else `other`.
    fn lesser(self, other: Self) -> Self;
    /// `self` where it is above `other`, else `other`.
    fn greater(self, other: Self) -> Self;
    fn gt(self, other: Self) -> Self::Mask;
    fn ge(self, other: Self) -> Self::Mask;
    fn eq(self, other: Self) -> Self::Mask;
    /// `yes` where the comparison holds, else `no`.
    fn pick(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// Whether the comparison holds for every element.
    fn whole(mask: Self::Mask) -> bool;
    /// The sum of its elements: halves on halves.
    fn total(self) -> Self::Number;
    /// A function of two single numbers, element by element.
    fn each(self, other: Self, function: fn(Self::Number, Self::Number) -> Self::Number) -> Self;
    /// With elements that `repair` writes anew, given those of another vector. Through memory, as
    /// it is for rare cases and need not be compiled for the instruction set.
    fn repaired(self, of: Self, repair: fn(&[Self::Number], &mut [Self::Number])) -> Self;

    fn bits(self) -> Self::Bits;
    fn of_bits(bits: Self::Bits) -> Self;
    /// One word everywhere.
    fn word(word: Self::Word) -> Self::Bits;
    /// Integer sums and differences wrap around.
    fn plus(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn minus(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn and(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn or(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn xor(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    /// The lowest bits where an exponent stands.
    fn up(a: Self::Bits) -> Self::Bits;
    /// What stands where an exponent does, and the sign above it, as the lowest bits.
    fn down(a: Self::Bits) -> Self::Bits;
    /// Divided by two.
    fn half(a: Self::Bits) -> Self::Bits;
    /// The lowest bit where the sign stands.
    fn top(a: Self::Bits) -> Self::Bits;

    #[inline(always)]
    fn abs(self) -> Self {
        Self::of_bits(Self::and(self.bits(), Self::word(Self::UNSIGNED)))
    }

    #[inline(always)]
    fn negative(self) -> Self {
        Self::of_bits(Self::xor(self.bits(), Self::word(Self::SIGN)))
    }

    /// With the sign of another, where its own is positive.
    #[inline(always)]
    fn with_sign(self, of: Self) -> Self {
        let sign = Self::and(of.bits(), Self::word(Self::SIGN));
        Self::of_bits(Self::or(self.bits(), sign))
    }

    /// Between two numbers; NaN stays.
    #[inline(always)]
    fn clamp(self, low: Self::Number, high: Self::Number) -> Self {
        // With NaN comparisons are false, and the second operand is taken.
        Self::all(low).greater(Self::all(high).lesser(self))
    }

    /// `self · 2ⁿ` for bits that hold n and twice the bias of an exponent: in two factors, because
    /// 2ⁿ alone leaves the range of normal numbers at both ends.
    #[inline(always)]
    fn scaled(self, bits: Self::Bits) -> Self {
        let half = Self::half(bits);
        let first = Self::of_bits(Self::up(half));
        let second = Self::of_bits(Self::up(Self::minus(bits, half)));
        self * first * second
    }

    /// `c₀ + z · (c₁ + z · (…))` with z = `self`.
    #[inline(always)]
    fn polynomial<const N: usize>(self, c: [Self; N]) -> Self {
        let mut sum = c[N - 1];
        let mut i = N - 1;
        while i > 0 {
            i -= 1;
            sum = sum.mul_add(self, c[i]);
        }
        sum
    }

    /// The same with numbers as coefficients.
    #[inline(always)]
    fn horner<const N: usize>(self, c: [Self::Number; N]) -> Self {
        let mut all = [self; N];
        let mut i = 0;
        while i < N {
            all[i] = Self::all(c[i]);
            i += 1;
        }
        self.polynomial(all)
    }

    /// The same with coefficients in pairs, a polynomial in the square: half as many operations
    /// wait for one another, and half as many roundings stand one upon the other.
    #[inline(always)]
    fn pairs<const N: usize>(self, c: [[Self::Number; 2]; N]) -> Self {
        let mut all = [self; N];
        let mut i = 0;
        while i < N {
            all[i] = Self::all(c[i][1]).mul_add(self, Self::all(c[i][0]));
            i += 1;
        }
        (self * self).polynomial(all)
    }
}

/// Stands for a register type, where everybody can name it who can name a number type: from the
/// register's own type they could make values, on a processor that lacks the instruction set.
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
#[doc(hidden)]
pub struct Named<V>(PhantomData<V>);

/// What it stands for. Nobody outside of this crate can name the trait.
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
#[doc(hidden)]
pub trait Stands {
    /// The register type.
    type For;
}

#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
impl<V> Stands for Named<V> {
    type For = V;
}
