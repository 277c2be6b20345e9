//! What the tape keeps.
//!
//! Takes: the adjoint graph. Gives: the smallest set of forward values from which the backward
//! pass can compute the rest position by position. It is a minimum cut: every value that the
//! backward pass reads is a sink, every value that costs a product or a reduction a source,
//! and storing a value costs its width. States, inputs and outputs are there anyway.

use crate::grad::Adjoint;
use crate::ir::{Id, Op};
use crate::model::Shape;

/// Enough to be larger than the sum of all widths.
const UNLIMITED: u64 = u64::MAX / 4;

/// For every forward node, whether the forward pass leaves it to the backward pass.
pub(crate) fn keep(adjoint: &Adjoint, wanted: &[Id]) -> Vec<bool> {
    let graph = &adjoint.graph;
    let shared = graph.shared();
    let free = free_values(adjoint);
    let mut network = Network::new(2 * adjoint.forward + 2);
    let (source, sink) = (2 * adjoint.forward, 2 * adjoint.forward + 1);
    for id in 0..adjoint.forward {
        if shared[id] || free[id] {
            continue;
        }
        let node = &graph.nodes[id];
        network.connect(2 * id, 2 * id + 1, price(&node.shape));
        if recomputable(&node.op) {
            for &arg in node.args.iter().filter(|&&a| !shared[a] && !free[a]) {
                network.connect(2 * arg + 1, 2 * id, UNLIMITED);
            }
        } else {
            network.connect(source, 2 * id, UNLIMITED);
        }
    }
    for &id in wanted.iter().filter(|&&id| !shared[id] && !free[id]) {
        network.connect(2 * id + 1, sink, UNLIMITED);
    }
    network.saturate(source, sink);
    let late = network.reaching(sink);
    let mut kept = free;
    for id in 0..adjoint.forward {
        kept[id] |= !shared[id] && late[2 * id + 1] && !late[2 * id];
    }
    kept.resize(graph.nodes.len(), false);
    kept
}

/// Values that stay in memory whatever the tape does.
fn free_values(adjoint: &Adjoint) -> Vec<bool> {
    let graph = &adjoint.graph;
    let mut free = vec![false; adjoint.forward];
    for (id, node) in graph.nodes.iter().enumerate().take(adjoint.forward) {
        free[id] = matches!(node.op, Op::Input(_) | Op::Prev { .. });
    }
    for state in &graph.states {
        free[state.value] = true;
    }
    for &(_, id) in &graph.outputs {
        free[id] = true;
    }
    let shared = graph.shared();
    for id in 0..adjoint.forward {
        free[id] &= !shared[id];
    }
    free
}

/// Whether a value is cheap to have again from its arguments.
fn recomputable(op: &Op) -> bool {
    matches!(
        op,
        Op::Unary(_) | Op::Binary(_) | Op::Select(_) | Op::Spread | Op::StopGradient | Op::Outer
    )
}

/// What storing a value costs, in elements of a nominal width.
fn price(shape: &Shape) -> u64 {
    match shape {
        Shape::Scalar => 1,
        Shape::Vector(_) => 1_000,
        Shape::Matrix(..) => 1_000_000,
    }
}

/// A flow network with residual capacities.
struct Network {
    /// `(target, capacity)`; edge `e ^ 1` is the reverse of `e`.
    edges: Vec<(usize, u64)>,
    from: Vec<Vec<usize>>,
}

impl Network {
    fn new(nodes: usize) -> Network {
        Network {
            edges: Vec::new(),
            from: vec![Vec::new(); nodes],
        }
    }

    fn connect(&mut self, a: usize, b: usize, capacity: u64) {
        self.from[a].push(self.edges.len());
        self.edges.push((b, capacity));
        self.from[b].push(self.edges.len());
        self.edges.push((a, 0));
    }

    /// Pushes as much as flows along shortest paths (Edmonds and Karp 1972).
    fn saturate(&mut self, source: usize, sink: usize) {
        while let Some(path) = self.shortest(source, sink) {
            let least = path.iter().map(|&e| self.edges[e].1).min().unwrap_or(0);
            if least >= UNLIMITED {
                return;
            }
            for e in path {
                self.edges[e].1 -= least;
                self.edges[e ^ 1].1 += least;
            }
        }
    }

    fn shortest(&self, source: usize, sink: usize) -> Option<Vec<usize>> {
        let mut came: Vec<Option<usize>> = vec![None; self.from.len()];
        let mut queue = std::collections::VecDeque::from([source]);
        while let Some(node) = queue.pop_front() {
            for &e in &self.from[node] {
                let (to, capacity) = self.edges[e];
                if capacity > 0 && to != source && came[to].is_none() {
                    came[to] = Some(e);
                    queue.push_back(to);
                }
            }
        }
        let mut path = Vec::new();
        let mut node = sink;
        while node != source {
            let e = came[node]?;
            path.push(e);
            node = self.edges[e ^ 1].0;
        }
        Some(path)
    }

    /// The nodes from which the sink can still be reached: a cut at their border is the one
    /// nearest to the backward pass, so that nothing is computed twice without need.
    fn reaching(&self, sink: usize) -> Vec<bool> {
        let mut seen = vec![false; self.from.len()];
        seen[sink] = true;
        let mut stack = vec![sink];
        while let Some(node) = stack.pop() {
            for &e in &self.from[node] {
                let (to, _) = self.edges[e];
                if self.edges[e ^ 1].1 > 0 && !seen[to] {
                    seen[to] = true;
                    stack.push(to);
                }
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cut_nearest_to_the_sink_is_taken() {
        // source -> 0|1 -> 2|3 -> sink, both worth 5: the later one is cut.
        let mut network = Network::new(6);
        network.connect(4, 0, UNLIMITED);
        network.connect(0, 1, 5);
        network.connect(1, 2, UNLIMITED);
        network.connect(2, 3, 5);
        network.connect(3, 5, UNLIMITED);
        network.saturate(4, 5);
        let late = network.reaching(5);
        assert!(late[3] && !late[2] && !late[1]);
    }
}
