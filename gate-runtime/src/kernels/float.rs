//! The number types that cells are stored and computed in: [`Float`], for `f32` and `f64`.

use std::iter::Sum;
use std::ops::{MulAssign, Neg, SubAssign};

use ndarray::{LinalgScalar, ScalarOperand};

use super::isa::Isa;
use super::lanes::{Walk, walk};
use super::multiply::Multiply;
use super::number::Number;
use super::panel::{self, Panel};
use super::row::{Form, RowKernel};
use super::row_kernels;
use super::tile;

/// The number type of a cell, its parameters and its sequences: `f32` or `f64`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number type of cells",
    label = "expected `f32` or `f64`",
    note = "parameters, states and sequences hold `f32` (the default) or `f64`"
)]
pub trait Float:
    Number + Kernels + LinalgScalar + ScalarOperand + Neg<Output = Self> + SubAssign + MulAssign + Sum
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
    /// Square root.
    fn sqrt(self) -> Self;
}

/// What the kernels need to know of a number type.
#[doc(hidden)]
pub trait Kernels: Number {
    /// Whether two slices hold the same bits.
    fn same_bits(a: &[Self], b: &[Self]) -> bool;

    /// Runs the micro-kernel.
    ///
    /// # Safety
    /// As [`Multiply`] says; the processor has `isa`.
    unsafe fn multiply(isa: Isa, job: &Multiply<Self>);

    /// Runs the micro-kernel of weights' gradients.
    ///
    /// # Safety
    /// As [`Panel`] says; the processor has `isa`.
    unsafe fn multiply_panel(isa: Isa, job: &Panel<Self>);

    /// Runs a map's kernel on a grid.
    ///
    /// # Safety
    /// As `walk` says.
    unsafe fn walk(job: &mut Walk<'_, '_, Self>);

    /// The micro-kernel of a single row.
    fn row_kernel(isa: Isa, form: Form) -> RowKernel<Self>;
}

macro_rules! float {
    ($type:ident, $name:literal, $multiply:path, $panel:path, $row:path) => {
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

            #[inline(always)]
            fn sqrt(self) -> Self {
                <$type>::sqrt(self)
            }
        }

        impl Kernels for $type {
            fn same_bits(a: &[Self], b: &[Self]) -> bool {
                // Whole chunks without a branch are vectorised.
                let differ = |(x, y): (&[Self], &[Self])| {
                    let bits = x.iter().zip(y).map(|(x, y)| x.to_bits() ^ y.to_bits());
                    bits.fold(0, |all, bits| all | bits) != 0
                };
                a.len() == b.len() && !a.chunks(256).zip(b.chunks(256)).any(differ)
            }

            unsafe fn multiply(isa: Isa, job: &Multiply<Self>) {
                // SAFETY: the caller's contract is the same.
                unsafe { $multiply(isa, job) }
            }

            unsafe fn multiply_panel(isa: Isa, job: &Panel<Self>) {
                // SAFETY: the caller's contract is the same.
                unsafe { $panel(isa, job) }
            }

            unsafe fn walk(job: &mut Walk<'_, '_, Self>) {
                // SAFETY: the caller's contract is the same.
                unsafe { walk(job) }
            }

            fn row_kernel(isa: Isa, form: Form) -> RowKernel<Self> {
                $row(isa, form)
            }
        }
    };
}

float!(
    f32,
    "f32",
    tile::multiply_f32,
    panel::panel_f32,
    row_kernels::row_f32
);
float!(
    f64,
    "f64",
    tile::multiply_f64,
    panel::panel_f64,
    row_kernels::row_f64
);
