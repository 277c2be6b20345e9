//! [`Number`]: what scalar code has to know of a number type, with `core` alone.

use core::fmt::{Debug, Display};
use core::ops::{Add, AddAssign, Mul};

#[cfg(feature = "std")]
use super::real::Fused;
use super::real::{Plain, Real, Scalar};
use super::vector::{self, Vector};
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
use super::vector::{Named, Stands};

/// The number type of a cell of fixed sizes: `f32` or `f64`. Its default is 0.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number type of cells",
    label = "expected `f32` or `f64`",
    note = "parameters, states and sequences hold `f32` (the default) or `f64`"
)]
pub trait Number:
    Copy
    + Send
    + Sync
    + Default
    + Debug
    + Display
    + PartialEq
    + PartialOrd
    + Add<Output = Self>
    + Mul<Output = Self>
    + AddAssign
    + sealed::Sealed
    + 'static
{
    /// 0.
    #[doc(hidden)]
    const NOTHING: Self;
    /// The type of emitted scalar code where fused multiply-add is an instruction.
    #[cfg(feature = "std")]
    #[doc(hidden)]
    type Fused: Scalar<Self>;
    /// The type of emitted scalar code elsewhere.
    #[doc(hidden)]
    type Plain: Scalar<Self>;

    /// A register of AVX-512. It cannot be made where there may be none:
    ///
    /// ```compile_fail,E0277
    /// use gate_runtime::{__private::Real, Number};
    ///
    /// let one = <<f32 as Number>::Wide as Real>::num(1.0);
    /// ```
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    #[doc(hidden)]
    type Wide: Stands<For: Vector<Number = Self> + Real>;
    /// A register of AVX2.
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    #[doc(hidden)]
    type Half: Stands<For: Vector<Number = Self> + Real>;
    /// Two of these, for fused functions.
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    #[doc(hidden)]
    type Halves: Stands<For: Vector<Number = Self> + Real>;
    /// A register of 64-bit ARM.
    #[cfg(all(feature = "std", target_arch = "aarch64"))]
    #[doc(hidden)]
    type Neon: Stands<For: Vector<Number = Self> + Real>;
    /// What there is on any processor.
    #[doc(hidden)]
    type Narrow: Vector<Number = Self> + Real;

    /// The nearest number of this type.
    #[doc(hidden)]
    fn convert(value: f64) -> Self;
    /// `self · b + c`, rounded once.
    #[cfg(feature = "std")]
    #[doc(hidden)]
    fn multiply_add(self, b: Self, c: Self) -> Self;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

macro_rules! number {
    ($type:ident, $wide:ident, $half:ident, $halves:ident, $neon:ident, $narrow:ident) => {
        impl Number for $type {
            const NOTHING: Self = 0.0;
            #[cfg(feature = "std")]
            type Fused = Fused<$type>;
            type Plain = Plain<$type>;
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            type Wide = Named<vector::$wide>;
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            type Half = Named<vector::$half>;
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            type Halves = Named<vector::$halves>;
            #[cfg(all(feature = "std", target_arch = "aarch64"))]
            type Neon = Named<vector::$neon>;
            type Narrow = vector::$narrow;

            #[inline(always)]
            fn convert(value: f64) -> Self {
                value as Self
            }

            #[cfg(feature = "std")]
            #[inline(always)]
            fn multiply_add(self, b: Self, c: Self) -> Self {
                self.mul_add(b, c)
            }
        }
    };
}

number!(f32, Wide32, Half32, Halves32, Neon32, Narrow32);
number!(f64, Wide64, Half64, Halves64, Neon64, Narrow64);
