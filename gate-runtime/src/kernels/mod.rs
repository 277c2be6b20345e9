//! The kernels: scalar mathematics, instruction sets, products, fused stages and maps.
//!
//! They take raw pointers with strides and trust their callers; `exec` is the only one. Results
//! depend on shapes and on the instruction set, never on how rows or columns are split.

mod call;
mod call_rows;
mod double;
mod float;
mod gradient;
mod isa;
mod lanes;
mod map;
mod pack;
mod peak;
mod product;
mod real;
mod rows;
mod single;
mod stage;
mod team;
mod tile;

#[cfg(test)]
mod tests;

pub(crate) use call::pack_parts;
pub use call::{Chance, Grid, Kernel, Place};
pub use float::{Float, Kernels};
pub use gradient::{TargetPart, Workspace, gradient, sum_rows};
pub use isa::{Isa, set_isa};
pub use map::{Map, Operand, Target, map, map_sum};
pub use pack::{Packed, Part};
pub use peak::peak;
pub use product::{product, product_columns};
pub use real::{Fused, FusedMode, Mode, Plain, PlainMode, Real, Scalar};
pub use rows::{
    Block, Rows, copy_block, identity, largest, matrix_matrix, matrix_vector,
    matrix_vector_transposed, outer, sum, transpose,
};
pub use stage::{StageProduct, stage, stage_units};
pub(crate) use team::{Worker, alone, together};

/// Elements of a line: the unit in which packed weights and scratch tiles are laid out.
///
/// A line of `f32` is one AVX-512 register, two of AVX2, four of SSE2 or NEON.
pub const LINE: usize = 16;
