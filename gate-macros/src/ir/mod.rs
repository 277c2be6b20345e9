//! Stage 4, ir: a cell to the SSA graph of its step.
//!
//! Takes: a [`crate::model::Cell`]. Gives: a [`Graph`] of one small set of typed operations.
//! `lower` writes the equations down one by one, so that the graph can be read beside them;
//! `simplify` is a separate step. Nodes are made through [`Build`], which knows the shapes;
//! the adjoint is made through the same trait. May assume that the cell is well typed.

mod build;
#[cfg(test)]
mod dump;
#[cfg(test)]
pub(crate) mod eval;
mod fold;
mod functions;
mod graph;
mod lower;
mod matrix;
mod rewrite;
mod simplify;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use build::{Build, offsets};
#[cfg(test)]
pub(crate) use dump::dump;
pub(crate) use graph::*;
pub(crate) use lower::lower;
pub(crate) use simplify::{Rewriter, simplify, tidy};
