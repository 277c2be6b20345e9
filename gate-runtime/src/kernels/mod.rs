//! The kernels: scalar mathematics, instruction sets, products, fused stages and maps.
//!
//! They take raw pointers with strides and trust their callers, `exec` and `dense`. Results
//! depend on shapes and on the instruction set, never on how rows or columns are split.

mod circular;
mod double;
#[cfg(feature = "std")]
mod evaluate;
/// What emitted code of fixed sizes calls.
pub mod fixed;
mod matrix;
mod number;
mod powers;
mod real;
mod single;
mod vector;

#[cfg(feature = "std")]
mod aligned;
#[cfg(feature = "std")]
mod call;
#[cfg(feature = "std")]
mod call_maps;
#[cfg(feature = "std")]
mod call_matrices;
#[cfg(feature = "std")]
mod call_products;
#[cfg(feature = "std")]
mod call_rows;
#[cfg(feature = "std")]
mod dense;
#[cfg(feature = "std")]
mod float;
#[cfg(feature = "std")]
mod gradient;
#[cfg(feature = "std")]
mod input;
#[cfg(feature = "std")]
mod isa;
#[cfg(feature = "std")]
mod lanes;
#[cfg(feature = "std")]
mod map;
#[cfg(feature = "std")]
mod matrix_product;
#[cfg(feature = "std")]
mod multiply;
#[cfg(feature = "std")]
mod one_row;
#[cfg(feature = "std")]
mod pack;
#[cfg(feature = "std")]
mod packing;
#[cfg(feature = "std")]
mod panel;
#[cfg(feature = "std")]
mod parts;
#[cfg(feature = "std")]
mod peak;
#[cfg(feature = "std")]
mod pieces;
#[cfg(feature = "std")]
mod place;
#[cfg(feature = "std")]
mod plan;
#[cfg(feature = "std")]
mod product;
#[cfg(feature = "std")]
mod reduce;
#[cfg(feature = "std")]
mod row;
#[cfg(feature = "std")]
mod row_kernels;
#[cfg(feature = "std")]
mod rows;
#[cfg(feature = "std")]
mod scratch;
#[cfg(feature = "std")]
mod stage;
#[cfg(feature = "std")]
mod team;
#[cfg(feature = "std")]
mod tile;
#[cfg(feature = "std")]
mod trials;
#[cfg(feature = "std")]
mod whole;
#[cfg(feature = "std")]
mod widely;

#[cfg(all(test, feature = "std"))]
mod tests;

pub use matrix::{MatrixMap, Per};
pub use number::Number;
pub use real::{CARRIED, Map, Mode, Plain, PlainMode, Real, Scalar};
#[cfg(feature = "std")]
pub use with_std::*;

/// What works on slices of any size.
#[cfg(feature = "std")]
mod with_std {
    pub(crate) use super::aligned::Aligned;
    pub use super::call::Kernel;
    pub(crate) use super::dense::{Dense, Way, adjacent};
    pub use super::float::{Float, Kernels};
    pub use super::gradient::{TargetPart, Workspace, gradient};
    pub use super::isa::{Isa, set_isa};
    pub use super::map::{Operand, Target, map, map_sum};
    pub use super::matrix_product::matrix_matrix;
    pub use super::multiply::Base;
    pub use super::pack::{Order, Packed, Part};
    pub(crate) use super::packing::pack_together;
    pub use super::peak::peak;
    pub(crate) use super::place::Writes;
    pub use super::place::{Chance, Grid, Place};
    pub(crate) use super::plan::{Now, Plan, Span};
    pub use super::product::{Onto, product, product_columns};
    pub use super::real::Fused;
    pub use super::reduce::{cumsum, largest, sum};
    pub use super::rows::{
        Block, Rows, copy_block, identity, matrix_vector, matrix_vector_transposed, outer,
        transpose,
    };
    pub use super::stage::{StageProduct, stage};
    pub(crate) use super::team::{Worker, alone, together};
    pub(crate) use super::trials::{FAR_AWAY, meeting_time};
    pub(crate) use super::widely::{Work, widely};

    /// The register type that a number type's name stands for.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    pub(crate) type Register<N> = <N as super::vector::Stands>::For;
}

/// Elements of a line: the unit in which packed weights and scratch tiles are laid out.
///
/// A line of `f32` is one AVX-512 register, two of AVX2, four of SSE2 or NEON.
pub const LINE: usize = 16;

/// Elements of a piece: of a line, what stands in one cache line.
#[cfg(feature = "std")]
pub(crate) const fn piece<A>() -> usize {
    64 / size_of::<A>()
}

/// Where a vector begins, of those of `lanes` elements side by side in pieces, which stand
/// `apart` elements from one another.
#[cfg(feature = "std")]
#[inline(always)]
pub(crate) const fn in_pieces<A>(vector: usize, lanes: usize, apart: usize) -> usize {
    let pieces = piece::<A>() / lanes;
    vector / pieces * apart + vector % pieces * lanes
}

/// Copies n < `LINE` elements by halves, without a call.
///
/// # Safety
/// `from` is readable and `to` writable at n elements; they do not overlap.
#[inline(always)]
pub(crate) unsafe fn copy_some<A: Copy>(from: *const A, to: *mut A, n: usize) {
    let mut done = 0;
    // SAFETY: the pieces add up to n.
    unsafe {
        if n & 8 != 0 {
            *to.cast::<[A; 8]>() = *from.cast::<[A; 8]>();
            done = 8;
        }
        if n & 4 != 0 {
            *to.add(done).cast::<[A; 4]>() = *from.add(done).cast::<[A; 4]>();
            done += 4;
        }
        if n & 2 != 0 {
            *to.add(done).cast::<[A; 2]>() = *from.add(done).cast::<[A; 2]>();
            done += 2;
        }
        if n & 1 != 0 {
            *to.add(done) = *from.add(done);
        }
    }
}
