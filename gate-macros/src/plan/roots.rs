//! What the backward pass has to compute.
//!
//! Takes: the adjoint. Gives: [`Roots`], the nodes that a flow has to keep, in one list, and
//! their positions in it.

use crate::grad::Adjoint;
use crate::ir::{Binary, Graph, Id, Op};
use crate::model::Shape;

use super::flow::Flow;

/// What a step contributes to the gradient of a shared value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Term {
    /// `u vᵀ`
    Outer(Id, Id),
    /// Anything else.
    Plain(Id),
}

impl Term {
    /// How many roots it is.
    pub(crate) fn count(self) -> usize {
        match self {
            Term::Outer(..) => 2,
            Term::Plain(_) => 1,
        }
    }
}

/// What the backward pass has to compute, as nodes of the adjoint graph.
pub(crate) struct Roots {
    pub(crate) inputs: Vec<Id>,
    pub(crate) states: Vec<Id>,
    /// `(index in shared, term)`.
    pub(crate) terms: Vec<(usize, Term)>,
    pub(crate) once: Vec<Id>,
}

impl Roots {
    pub(crate) fn of(adjoint: &Adjoint) -> Roots {
        let mut terms = Vec::new();
        for (index, &(_, contribution)) in adjoint.shared.iter().enumerate() {
            let mut stack = vec![contribution];
            while let Some(id) = stack.pop() {
                let node = &adjoint.graph.nodes[id];
                match node.op {
                    Op::Binary(Binary::Add) if is_matrix(&adjoint.graph, id) => {
                        stack.extend(&node.args)
                    }
                    Op::Outer => terms.push((index, Term::Outer(node.args[0], node.args[1]))),
                    _ => terms.push((index, Term::Plain(id))),
                }
            }
        }
        Roots {
            inputs: adjoint.inputs.iter().map(|&(_, id)| id).collect(),
            states: adjoint.states.iter().map(|&(_, _, id)| id).collect(),
            terms,
            once: adjoint.once.iter().map(|&(_, id)| id).collect(),
        }
    }

    /// All of them: inputs, states, operands of terms, values computed once.
    pub(crate) fn list(&self) -> Vec<Id> {
        let mut out: Vec<Id> = self.inputs.iter().chain(&self.states).copied().collect();
        for (_, term) in &self.terms {
            match *term {
                Term::Outer(u, v) => out.extend([u, v]),
                Term::Plain(id) => out.push(id),
            }
        }
        out.extend(&self.once);
        out
    }

    /// Forward values that the adjoint reads.
    pub(crate) fn wanted(&self, adjoint: &Adjoint) -> Vec<Id> {
        let graph = &adjoint.graph;
        let shared = graph.shared();
        let mut needed = vec![false; graph.nodes.len()];
        let mut wanted = vec![false; graph.nodes.len()];
        for root in self.list() {
            needed[root] = true;
            wanted[root] = root < adjoint.forward;
        }
        for id in (adjoint.forward..graph.nodes.len())
            .rev()
            .filter(|&id| needed[id])
            .collect::<Vec<_>>()
        {
            mark(graph, id, adjoint.forward, &mut needed, &mut wanted);
        }
        (0..adjoint.forward)
            .filter(|&id| wanted[id] && !shared[id])
            .collect()
    }
}

/// Marks what a node of the adjoint reads, down to forward values.
fn mark(graph: &Graph, id: Id, forward: usize, needed: &mut [bool], wanted: &mut [bool]) {
    let mut stack = vec![id];
    while let Some(next) = stack.pop() {
        for &arg in &graph.nodes[next].args {
            if arg < forward {
                wanted[arg] = true;
            } else if !std::mem::replace(&mut needed[arg], true) {
                stack.push(arg);
            }
        }
    }
}

fn is_matrix(graph: &Graph, id: Id) -> bool {
    matches!(graph.nodes[id].shape, Shape::Matrix(..))
}

/// Position of the first root of each sort in the flow's list of roots.
pub(crate) fn offsets(roots: &Roots) -> (usize, usize, usize) {
    let terms: usize = roots.terms.iter().map(|(_, term)| term.count()).sum();
    let first = roots.inputs.len() + roots.states.len();
    (roots.inputs.len(), first, first + terms)
}

/// The terms as nodes of the flow: two for an outer product, else one.
pub(crate) fn terms(flow: &Flow, roots: &Roots) -> Vec<(usize, Vec<Id>)> {
    let (_, mut at, _) = offsets(roots);
    let mut out = Vec::new();
    for &(shared, term) in &roots.terms {
        out.push((shared, flow.roots[at..at + term.count()].to_vec()));
        at += term.count();
    }
    out
}
