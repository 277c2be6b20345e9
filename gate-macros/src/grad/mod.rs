//! Stage 5, grad: graph to graph with its adjoint.
//!
//! Takes: the simplified graph of a step. Gives: [`Adjoint`], whose graph begins with the same
//! nodes under the same indices, so that the planner can choose which of them the tape keeps.
//! One table, operation to local derivative, in `rules`; `reverse` applies it.

mod reverse;
mod rules;
#[cfg(test)]
mod tests;

pub(crate) use reverse::differentiate;

use crate::ir::{Graph, Id};

/// A graph with its adjoint.
#[derive(Clone, Debug)]
pub(crate) struct Adjoint {
    /// The forward nodes first, under their indices, then the nodes of the adjoint.
    pub(crate) graph: Graph,
    /// How many of the nodes are forward nodes.
    pub(crate) forward: usize,
    /// Values that depend on parameters only and are read by nodes that do not, with what one
    /// step and row contributes to their gradient. A plain parameter stands here itself.
    pub(crate) shared: Vec<(Id, Id)>,
    /// `(parameter symbol, node)`: gradients through values of parameters only, computed once
    /// from [`crate::ir::Op::Total`] leaves. They add to what `shared` says of the plain parameter.
    pub(crate) once: Vec<(usize, Id)>,
    /// `(input symbol, node)`: gradient with respect to each input at this step.
    pub(crate) inputs: Vec<(usize, Id)>,
    /// `(state, delay, node)`: what this step contributes to the adjoint of the state `delay`
    /// steps before; read there as [`crate::ir::Op::Future`].
    pub(crate) states: Vec<(usize, usize, Id)>,
    /// `(forward node, its adjoint)` for nodes that an equation names.
    pub(crate) adjoints: Vec<(Id, Id)>,
}
