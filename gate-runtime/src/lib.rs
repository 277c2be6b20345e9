//! Recurrent cells from their equations.
//!
//! [`cell!`] turns gate equations, written as a paper prints them, into a type with a forward
//! and a backward pass; this crate supplies what that code runs on: tensors of `ndarray`,
//! kernels, training, files.

// Cells use the Greek letters of their papers.
#![allow(confusable_idents, mixed_script_confusables)]
#![deny(unsafe_op_in_unsafe_fn)]

mod analyse;
mod cell;
pub mod cells;
mod checks;
mod diagram;
mod error;
mod exec;
pub mod file;
pub mod gradcheck;
mod info;
mod init;
mod instance;
pub mod interpret;
/// The kernels. Not for others: they change without notice.
#[doc(hidden)]
pub mod kernels;
mod recognise;
mod sequence;
mod sizes;
mod stream;
mod tape;
mod threads;
pub mod train;

pub use analyse::{Activation, Bound, Card, Cost, Gate, JacobianBlock, Recurrence, Structure};
pub use cell::{Cell, CellGrads, CellState};
pub use error::Error;
pub use gate_macros::cell_from_docs;
pub use info::{
    CellInfo, EquationInfo, Extent, GraphInfo, InitInfo, NodeInfo, OpInfo, RoleInfo, SizeInfo,
    StateInfo, SymbolInfo, elements,
};
pub use kernels::{Float, Isa, set_isa};
pub use recognise::{Feature, GateOrder, GateRole, Recognition};
pub use sequence::{Run, Seeds, Sequence};
pub use stream::Stream;
pub use tape::Tape;
pub use threads::{set_threads, share_small_runs};

/// What emitted code uses. Not for others: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::exec::{
        Area, BlockSpec, BufferSpec, Kind, Program, SlotSpec, Tables, WeightSpec,
    };
    pub use crate::info::{
        CellInfo, EquationInfo, Extent, GraphInfo, InitInfo, NodeInfo, OpInfo, RoleInfo, SizeInfo,
        StateInfo, SymbolInfo,
    };
    pub use crate::instance::Instance;
    pub use crate::kernels::{Float, Kernel, Map, Real};
    pub use gate_macros::{cell, resume};
    pub use ndarray::{
        Array2, Array3, Array4, ArrayD, ArrayView1, ArrayView2, ArrayView3, ArrayViewD,
        ArrayViewMut1, ArrayViewMut2, ArrayViewMutD,
    };
    pub use rand::Rng;

    /// The next field of a state with its number of axes.
    pub fn field<A, D: ndarray::Dimension>(field: Option<ArrayD<A>>) -> ndarray::Array<A, D> {
        let field = field.expect("a state has all its fields");
        field
            .into_dimensionality()
            .expect("a field has the axes of its symbol")
    }
}

/// Compiles and runs the examples of the project's README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// Defines a recurrent cell from its equations.
#[macro_export]
macro_rules! cell {
    ($($definition:tt)*) => {
        $crate::__private::cell! { $crate; $($definition)* }
    };
}
