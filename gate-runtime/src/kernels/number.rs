//! [`Number`]: what scalar code has to know of a number type, with `core` alone.

use core::fmt::{Debug, Display};
use core::ops::{Add, AddAssign, Mul};

#[cfg(feature = "std")]
use super::real::Fused;
use super::real::{Plain, Scalar};

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
    ($type:ident) => {
        impl Number for $type {
            const NOTHING: Self = 0.0;
            #[cfg(feature = "std")]
            type Fused = Fused<$type>;
            type Plain = Plain<$type>;

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

number!(f32);
number!(f64);
