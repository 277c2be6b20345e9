//! Reverse accumulation over the graph of a step.
//!
//! Takes: the graph. Gives: its [`Adjoint`]. Two passes: over the values that differ between
//! rows, from outputs and states down to inputs, earlier states and shared values; then, from
//! the summed gradients of shared values, over the values that depend on parameters only.

use std::collections::BTreeMap;

use crate::ir::{Binary, Build, Graph, Id, Op, Rewriter, tidy};

use super::Adjoint;
use super::rules::{Pulled, is_wild, pull, spreads};

/// The adjoint of a step.
pub(crate) fn differentiate(graph: &Graph) -> Adjoint {
    let mut reverse = Reverse::new(graph);
    reverse.seeds();
    reverse.rows();
    let shared = reverse.shared();
    let once = reverse.once(&shared);
    let Reverse {
        rewriter,
        inputs,
        states,
        adjoints,
        ..
    } = reverse;
    let mut out = Adjoint {
        graph: rewriter.finish(),
        forward: graph.nodes.len(),
        shared,
        once: once.into_iter().collect(),
        inputs: inputs.into_iter().collect(),
        states: states
            .into_iter()
            .map(|((state, delay), id)| (state, delay, id))
            .collect(),
        adjoints,
    };
    out.tidy();
    out.graph.states = graph.states.clone();
    out.graph.outputs = graph.outputs.clone();
    out.graph.named = graph.named.clone();
    out
}

impl Adjoint {
    /// Simplifies the nodes of the adjoint and drops those that are not needed.
    fn tidy(&mut self) {
        let ids = self.shared.iter_mut().map(|(_, id)| id);
        let ids = ids.chain(self.once.iter_mut().map(|(_, id)| id));
        let ids = ids.chain(self.inputs.iter_mut().map(|(_, id)| id));
        let ids = ids.chain(self.adjoints.iter_mut().map(|(_, id)| id));
        let roots: Vec<&mut Id> = ids
            .chain(self.states.iter_mut().map(|(_, _, id)| id))
            .collect();
        let list: Vec<Id> = roots.iter().map(|id| **id).collect();
        let (graph, map) = tidy(&self.graph, self.forward, &list);
        for id in roots {
            *id = map[*id];
        }
        self.graph = graph;
    }
}

struct Reverse<'a> {
    graph: &'a Graph,
    rewriter: Rewriter,
    /// For each node, whether it depends on parameters only.
    shared: Vec<bool>,
    /// For each node, whether it depends on anything that has a gradient.
    wanted: Vec<bool>,
    /// For each node, the contributions to its adjoint so far.
    given: Vec<Vec<Id>>,
    /// For each node, whether all of them went through a choice, so that they may be zero.
    chosen: Vec<bool>,
    /// For each node, whether it may be infinite or no number.
    wild: Vec<bool>,
    inputs: BTreeMap<usize, Id>,
    states: BTreeMap<(usize, usize), Id>,
    adjoints: Vec<(Id, Id)>,
}

impl<'a> Reverse<'a> {
    fn new(graph: &'a Graph) -> Reverse<'a> {
        let mut wanted: Vec<bool> = Vec::with_capacity(graph.nodes.len());
        let mut wild: Vec<bool> = Vec::with_capacity(graph.nodes.len());
        for node in &graph.nodes {
            wild.push(is_wild(node, &wild, graph));
            let source = matches!(node.op, Op::Input(_) | Op::Prev { .. } | Op::Param(_));
            // `0 * x`, which definitions write for a zero of the shape of x, has no derivative.
            let zero = |&a: &Id| graph.nodes[a].op == Op::Number(0.0);
            let zero = node.op == Op::Binary(Binary::Mul) && node.args.iter().any(zero);
            wanted.push(source || !zero && node.args.iter().any(|&a| wanted[a]));
        }
        Reverse {
            graph,
            rewriter: Rewriter::over(&graph.nodes),
            shared: graph.shared(),
            wanted,
            given: vec![Vec::new(); graph.nodes.len()],
            chosen: vec![true; graph.nodes.len()],
            wild,
            inputs: BTreeMap::new(),
            states: BTreeMap::new(),
            adjoints: Vec::new(),
        }
    }

    /// What the outputs and later steps contribute.
    fn seeds(&mut self) {
        for (index, &(_, id)) in self.graph.outputs.iter().enumerate() {
            self.leaf(Op::Seed(index), id);
        }
        for (index, state) in self.graph.states.iter().enumerate() {
            let read = |delay: &usize| {
                let op = Op::Prev {
                    state: index,
                    delay: *delay,
                };
                self.graph.nodes.iter().any(|n| n.op == op)
            };
            let mut delays: Vec<usize> = (1..=state.depth).filter(read).collect();
            if delays.is_empty() {
                // Nothing reads it any more, but a gradient of its final value may be given.
                delays.push(state.depth);
            }
            for delay in delays {
                self.leaf(
                    Op::Future {
                        state: index,
                        delay,
                    },
                    state.value,
                );
            }
        }
    }

    /// A leaf of the adjoint as a contribution to a value.
    fn leaf(&mut self, op: Op, to: Id) {
        if self.wanted[to] {
            let shape = self.graph.nodes[to].shape.clone();
            let total = matches!(op, Op::Total(_));
            let leaf = self.rewriter.make(op, Vec::new(), shape);
            self.given[to].push(leaf);
            // The total of what rows contributed went through the choices that they did.
            self.chosen[to] &= total;
        }
    }

    /// Reverse over the values that differ between rows.
    fn rows(&mut self) {
        for id in (0..self.graph.nodes.len()).rev() {
            if self.shared[id] {
                continue;
            }
            let Some(d) = self.adjoint(id) else { continue };
            if self.graph.named.iter().any(|&(_, named)| named == id) {
                self.adjoints.push((id, d));
            }
            match self.graph.nodes[id].op {
                Op::Input(symbol) => gather(&mut self.rewriter, &mut self.inputs, symbol, d),
                Op::Prev { state, delay } => {
                    gather(&mut self.rewriter, &mut self.states, (state, delay), d)
                }
                _ => self.push_down(id, d),
            }
        }
    }

    /// The shared values that rows contribute to.
    fn shared(&mut self) -> Vec<(Id, Id)> {
        let mut shared = Vec::new();
        for id in 0..self.graph.nodes.len() {
            if !self.shared[id] {
                continue;
            }
            if let Some(d) = self.adjoint(id) {
                shared.push((id, d));
            }
        }
        shared
    }

    /// Reverse over the values that depend on parameters only.
    fn once(&mut self, shared: &[(Id, Id)]) -> BTreeMap<usize, Id> {
        for (index, &(id, _)) in shared.iter().enumerate() {
            if !matches!(self.graph.nodes[id].op, Op::Param(_)) {
                self.leaf(Op::Total(index), id);
            }
        }
        let mut once = BTreeMap::new();
        for id in (0..self.graph.nodes.len()).rev() {
            if !self.shared[id] {
                continue;
            }
            let Some(d) = self.adjoint(id) else { continue };
            match self.graph.nodes[id].op {
                Op::Param(symbol) => gather(&mut self.rewriter, &mut once, symbol, d),
                _ => self.push_down(id, d),
            }
        }
        once
    }

    /// The sum of all contributions to a value, which are used up.
    fn adjoint(&mut self, id: Id) -> Option<Id> {
        let given = std::mem::take(&mut self.given[id]);
        self.rewriter.origin = self.graph.nodes[id].origin;
        self.rewriter.total(&given)
    }

    /// Hands the adjoint of a value on to its arguments.
    fn push_down(&mut self, id: Id, d: Id) {
        let node = &self.graph.nodes[id];
        for (index, &arg) in node.args.iter().enumerate() {
            if !self.wanted[arg] {
                continue;
            }
            let chosen = self.chosen[id];
            let at = Pulled {
                node,
                y: id,
                d,
                chosen,
                wild: &self.wild,
            };
            let Some(contribution) = pull(&mut self.rewriter, &at, index) else {
                continue;
            };
            let (from, to) = (
                &self.graph.nodes[arg].shape,
                self.rewriter.shape(contribution),
            );
            let contribution = match spreads(from, &to) {
                true => self.rewriter.sum(contribution),
                false => contribution,
            };
            self.given[arg].push(contribution);
            self.chosen[arg] &= chosen || matches!(node.op, Op::Select(_));
        }
    }
}

/// Adds to the entry of a map.
fn gather<K: Ord>(rewriter: &mut Rewriter, into: &mut BTreeMap<K, Id>, key: K, d: Id) {
    let sum = match into.get(&key) {
        Some(&other) => rewriter.add(other, d),
        None => d,
    };
    into.insert(key, sum);
}
