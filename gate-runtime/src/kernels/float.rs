//! The number types that cells are stored and computed in: [`Float`], for `f32` and `f64`.

use std::fmt::{Debug, Display};
use std::iter::Sum;
use std::ops::{AddAssign, MulAssign, Neg, SubAssign};

use ndarray::{LinalgScalar, ScalarOperand};

use super::isa::Isa;
use super::real::{Fused, Plain, Scalar};
use super::tile::{self, Multiply};

/// The number type of a cell: `f32` or `f64`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number type of cells",
    label = "expected `f32` or `f64`",
    note = "parameters, states and sequences hold `f32` (the default) or `f64`"
)]
pub trait Float:
    Kernels
    + LinalgScalar
    + ScalarOperand
    + Send
    + Sync
    + Default
    + Debug
    + Display
    + PartialOrd
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + Sum
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// As in Rust source: `"f32"`.
    const NAME: &'static str;

    /// The nearest number of this type.
    fn from_f64(value: f64) -> Self;
    /// The same number.
    fn to_f64(self) -> f64;
    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;
}

/// What the kernels need to know of a number type. Sealed: only `f32` and `f64` have it.
#[doc(hidden)]
pub trait Kernels: Copy + Sized + sealed::Sealed + 'static {
    /// The type of emitted scalar code where fused multiply-add is an instruction.
    type Fused: Scalar<Self>;
    /// The type of emitted scalar code elsewhere.
    type Plain: Scalar<Self>;

    /// `self · b + c`, rounded once.
    fn multiply_add(self, b: Self, c: Self) -> Self;

    /// Whether two slices hold the same bits.
    fn same_bits(a: &[Self], b: &[Self]) -> bool;

    /// Runs the micro-kernel.
    ///
    /// # Safety
    /// As [`Multiply`] says; the processor has `isa`.
    unsafe fn multiply(isa: Isa, job: &Multiply<Self>);
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

macro_rules! float {
    ($type:ident, $name:literal, $multiply:path) => {
        impl Float for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const NAME: &'static str = $name;

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as Self
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }

            #[inline(always)]
            fn is_finite(self) -> bool {
                self.is_finite()
            }
        }

        impl Kernels for $type {
            type Fused = Fused<$type>;
            type Plain = Plain<$type>;

            fn same_bits(a: &[Self], b: &[Self]) -> bool {
                // Whole chunks without a branch are vectorised.
                let differ = |(x, y): (&[Self], &[Self])| {
                    let bits = x.iter().zip(y).map(|(x, y)| x.to_bits() ^ y.to_bits());
                    bits.fold(0, |all, bits| all | bits) != 0
                };
                a.len() == b.len() && !a.chunks(256).zip(b.chunks(256)).any(differ)
            }

            #[inline(always)]
            fn multiply_add(self, b: Self, c: Self) -> Self {
                self.mul_add(b, c)
            }

            unsafe fn multiply(isa: Isa, job: &Multiply<Self>) {
                // SAFETY: the caller's contract is the same.
                unsafe { $multiply(isa, job) }
            }
        }
    };
}

float!(f32, "f32", tile::multiply_f32);
float!(f64, "f64", tile::multiply_f64);
