//! Recurrent cells from their equations.
//!
//! [`cell!`] turns gate equations, written as a paper prints them, into a type with a forward
//! and a backward pass; this crate supplies what that code runs on: tensors of `ndarray`,
//! kernels, training, files.
//!
//! ```
//! use gate_runtime::{Cell, cell};
//! use ndarray::Array3;
//! use rand::SeedableRng;
//!
//! cell! {
//!     /// Elman's network.
//!     pub struct Elman {
//!         h_t = tanh(x_t * W_x + h_{t-1} * W_h + b);
//!     }
//! }
//!
//! let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
//! let elman = Elman::<f32>::new(3, 8, &mut rng)?; // the sizes of x and of h
//! let x = Array3::ones((20, 4, 3)); // 20 steps of 4 rows with 3 features
//! assert_eq!(elman.forward(&x)?.output().dim(), (20, 4, 8));
//! # Ok::<(), gate_runtime::Error>(())
//! ```
//!
//! # Where to find what
//!
//! | to | see |
//! |---|---|
//! | define a cell | [`cell!`] from equations, [`cell_from_docs`] from a text; [`cells`] has ready-made ones |
//! | run it | [`Cell::forward`] over a [`Sequence`], [`Cell::stream`] step by step |
//! | get gradients | [`Cell::record`] on a [`Tape`], [`Cell::backward`] from [`Seeds`] |
//! | build a model | [`train`]: [`Stacked`](train::Stacked), [`Bidirectional`](train::Bidirectional), [`Classifier`](train::Classifier), [`Linear`](train::Linear) heads |
//! | train it | [`train`]: losses, [`Adam`](train::Adam) and others, [`clip_groups`](train::clip_groups) |
//! | keep it | [`file::save`], [`file::load_model`]; weights of PyTorch, Keras and ONNX by [`file::Import`] |
//! | know what it is | [`Cell::INFO`]: [`card`](CellInfo::card), [`cost`](CellInfo::cost), [`gates`](CellInfo::gates), [`recognise`](CellInfo::recognise), [`diagram`](CellInfo::diagram) |
//! | trust it | [`gradcheck`] against differences, [`interpret`] against an independent reading |
//!
//! Sequences are time-major, `[T, B, features]`: steps, rows of a batch, features of a step. Whatever
//! a caller gets wrong is an [`Error`], whose text says what to do; random numbers come from the caller,
//! so that a seed decides everything. Crates that use this one depend on `ndarray` and `rand` too, in
//! the versions that its manifest names.
//!
//! # Without `std`
//!
//! Without its feature `std` the crate is `no_std` and has no need of an allocator: what remains
//! are the types of fixed sizes that `#[fixed(…)]` in a definition asks for.

#![cfg_attr(not(feature = "std"), no_std)]
// Cells use the Greek letters of their papers.
#![allow(confusable_idents, mixed_script_confusables)]
#![deny(unsafe_op_in_unsafe_fn)]

#[cfg(feature = "std")]
mod analyse;
#[cfg(feature = "std")]
mod arrays;
#[cfg(feature = "std")]
mod cell;
#[cfg(feature = "std")]
pub mod cells;
#[cfg(feature = "std")]
mod checks;
#[cfg(feature = "std")]
mod diagram;
#[cfg(feature = "std")]
mod error;
#[cfg(feature = "std")]
mod exec;
#[cfg(feature = "std")]
pub mod file;
#[cfg(feature = "std")]
pub mod gradcheck;
#[cfg(feature = "std")]
mod info;
#[cfg(feature = "std")]
mod init;
#[cfg(feature = "std")]
mod instance;
#[cfg(feature = "std")]
pub mod interpret;
/// The kernels. Not for others: they change without notice.
#[doc(hidden)]
pub mod kernels;
#[cfg(feature = "std")]
mod large;
#[cfg(feature = "std")]
mod numbers;
#[cfg(feature = "std")]
mod parts;
#[cfg(feature = "std")]
mod recognise;
#[cfg(feature = "std")]
mod sequence;
#[cfg(feature = "std")]
mod sizes;
#[cfg(feature = "std")]
mod spare;
#[cfg(feature = "std")]
mod states;
#[cfg(feature = "std")]
mod stream;
#[cfg(feature = "std")]
mod tape;
#[cfg(feature = "std")]
mod threads;
#[cfg(feature = "std")]
pub mod train;
#[cfg(feature = "std")]
mod views;
#[cfg(feature = "std")]
mod words;

#[cfg(feature = "std")]
pub use analyse::{Activation, Bound, Card, Cost, Gate, JacobianBlock, Recurrence, Structure};
#[cfg(feature = "std")]
pub use cell::{Cell, CellGrads, CellState};
#[cfg(feature = "std")]
pub use error::Error;
/// Defines a recurrent cell from the mathematics of its documentation.
///
/// ```
/// use gate_runtime::{Cell, cell_from_docs};
/// use rand::SeedableRng;
///
/// /// Elman's network.
/// ///
/// /// $$ h_t = \tanh(W_x x_t + W_h h_{t-1} + b) $$
/// #[cell_from_docs]
/// pub struct Elman;
///
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// let elman = Elman::<f32>::new(3, 8, &mut rng)?; // the sizes of x and of h
/// assert_eq!(elman.W_x().dim(), (8, 3)); // as printed, before its vector
/// println!("{}", Elman::<f32>::INFO.card(&[3, 8])); // what the text was understood as
/// # Ok::<(), gate_runtime::Error>(())
/// ```
///
pub use gate_macros::cell_from_docs;
#[cfg(feature = "std")]
pub use info::{
    CellInfo, EquationInfo, Extent, GraphInfo, InitInfo, NodeInfo, OpInfo, RoleInfo, SizeInfo,
    StateInfo, SymbolInfo, elements,
};
pub use kernels::Number;
#[cfg(feature = "std")]
pub use kernels::{Float, Isa, set_isa};
#[cfg(feature = "std")]
pub use recognise::{Feature, GateOrder, GateRole, Recognition};
#[cfg(feature = "std")]
pub use sequence::{Run, Seeds, Sequence};
#[cfg(feature = "std")]
pub use stream::Stream;
#[cfg(feature = "std")]
pub use tape::Tape;
#[cfg(feature = "std")]
pub use threads::{compute_again_after, set_threads, share_small_runs};

/// What emitted code uses. Not for others: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::kernels::{Map, MatrixMap, Mode, Number, Per, Real, fixed};
    pub use gate_macros::{cell, resume};

    /// What stands in emitted code under the names that it binds: a constant of the user's of such a
    /// name would be a pattern there.
    pub fn shadow() {}

    #[cfg(feature = "std")]
    pub use with_std::*;

    #[cfg(feature = "std")]
    mod with_std {
        pub use crate::checks::fixed_sizes;
        pub use crate::exec::{
            Area, BlockSpec, BufferSpec, Calls, Kind, Program, SlotSpec, Tables, WeightSpec,
        };
        pub use crate::info::{
            CellInfo, EquationInfo, Extent, GraphInfo, InitInfo, NodeInfo, OpInfo, RoleInfo,
            SizeInfo, StateInfo, SymbolInfo,
        };
        pub use crate::instance::Instance;
        pub use crate::kernels::Float;
        pub use crate::large::on_large_stack;
        pub use ndarray::{
            Array2, Array3, Array4, ArrayD, ArrayView1, ArrayView2, ArrayView3, ArrayViewD,
            ArrayViewMut1, ArrayViewMut2, ArrayViewMutD,
        };
        pub use rand::Rng;
        pub use std::boxed::Box;
        pub use std::vec::Vec;

        /// The next field of a state with its number of axes.
        pub fn field<A, D: ndarray::Dimension>(field: Option<ArrayD<A>>) -> ndarray::Array<A, D> {
            let field = field.expect("a state has all its fields");
            field
                .into_dimensionality()
                .expect("a field has the axes of its symbol")
        }
    }
}

/// Compiles and runs the examples of the project's README.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../../README.md")]
struct Readme;

/// Defines a recurrent cell from its equations.
///
/// ```
/// use gate_runtime::{Cell, cell};
/// use rand::SeedableRng;
///
/// cell! {
///     /// Minimal gated unit (Zhou et al. 2016).
///     #[fixed(TinyMgu, x = 2, h = 16)]
///     pub struct Mgu {
///         b^(f) ~ 1;
///         f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
///         a   = tanh(x_t * W_x^(a) + (f .* h_{t-1}) * W_h^(a) + b^(a));
///         h_t = f .* h_{t-1} + (1 - f) .* a;
///     }
/// }
///
/// cell! {
///     /// The parent's equations with one replaced.
///     pub struct Ungated = Mgu with { f = 0.5; }
/// }
///
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// let mgu = Mgu::<f32>::new(2, 16, &mut rng)?;
/// let x = ndarray::Array3::zeros((5, 1, 2)); // steps, rows, features
/// assert_eq!(mgu.forward(&x)?.outputs[0].dim(), (5, 1, 16));
/// # Ok::<(), gate_runtime::Error>(())
/// ```
///
/// The type has a number type, `f32` unless another is given, and implements [`Cell`]. Its own
/// documentation has a table that says what each symbol was taken for, the cost, and the derived
/// backward pass.
///
/// # What is written
///
/// - `pub struct Name`, with inputs and outputs where they are not plain: `Name(x_t, d_t) -> (h_t,
///   C_t)`. `Name = Parent with { … }` is a variant of another cell.
/// - Equations in any order: `f = …;`, `h_t = …;`, `(f, i) = chunk(…, 2);`, `for k in 1..=3 { … }`.
///   A symbol with an equation that is read at an earlier step (`h_{t-1}`, `h_{t-3}`) is a state. One
///   without an equation is an input if it has a time index, else a trained parameter.
/// - Declarations, where the inference shall not decide: `x_t: [2K];` `α: scalar ~ 0.1;`
///   `W ~ orthogonal;` `h_0 ~ trainable;` `γ = 0.01;` `ε: hyper = 0.5;` `φ(u) = u .* sigmoid(u);`
///   `inner: Lstm;`.
/// - `*` is a product in the sense of what it stands between, `.*` goes element by element and binds
///   looser; `W^T`, `u^2`, `[a, b]`, `v[0..H]`; functions as in the README.
/// - `#[fixed(Type, size = number, …)]` adds a type of fixed sizes, which needs no `std`.
///
/// The README has the whole language with examples. A mistake is a compile error at its place.
#[macro_export]
macro_rules! cell {
    ($($definition:tt)*) => {
        $crate::__private::cell! { $crate; $($definition)* }
    };
}

/// Passes on what needs `std`. Not for others.
#[cfg(feature = "std")]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_std {
    ($($items:tt)*) => { $($items)* };
}

/// Drops what needs `std`. Not for others.
#[cfg(not(feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_std {
    ($($items:tt)*) => {};
}
