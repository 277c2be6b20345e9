//! What a cell costs: counted on the graph of its step, for given sizes.

use super::Patterns;
use crate::info::{CellInfo, GraphInfo, NodeInfo, OpInfo, RoleInfo, elements};
use crate::sizes::expect_countable;

/// Cost of one step and row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Trained numbers.
    pub parameters: usize,
    /// Multiplications with an addition in products of matrices and vectors, forward.
    pub multiply_adds: usize,
    /// The same in the backward pass: gradients of the vectors, those of the inputs included,
    /// and of the matrices.
    pub backward_multiply_adds: usize,
    /// Element-wise operations besides, forward: sums, products, comparisons.
    pub elementwise: usize,
    /// Evaluations of sigmoid, tanh, exp and the like, forward.
    pub activations: usize,
    /// Numbers that the tape keeps for the backward pass.
    pub tape: usize,
    /// Operations that follow one another from one step's state to the next's.
    pub chain: usize,
}

impl CellInfo {
    /// The cost for sizes in the order of `sizes`. What depends on parameters only is computed
    /// once per sequence and not counted.
    ///
    /// # Panics
    ///
    /// If the number of sizes is wrong, or what they make cannot be counted.
    pub fn cost(&self, sizes: &[usize]) -> Cost {
        expect_countable(self, sizes);
        let mut cost = Cost {
            tape: self.tape.iter().map(|area| elements(area, sizes)).sum(),
            chain: chain(&self.graph),
            ..Cost::default()
        };
        for symbol in self.symbols {
            if let RoleInfo::Parameter(_) = symbol.role {
                cost.parameters += elements(symbol.shape, sizes);
            }
        }
        let fixed = Patterns(self).fixed();
        for (id, node) in self.graph.nodes.iter().enumerate() {
            if !fixed[id] && !leaf(node.op) {
                cost.count(&self.graph, node, &fixed, sizes);
            }
        }
        cost
    }
}

impl Cost {
    /// Adds one operation.
    fn count(&mut self, graph: &GraphInfo, node: &NodeInfo, fixed: &[bool], sizes: &[usize]) {
        let size = elements(node.shape, sizes);
        let argument = |i: usize| &graph.nodes[node.args[i]];
        match node.op {
            OpInfo::MatVec | OpInfo::MatVecTransposed => {
                self.product(elements(argument(0).shape, sizes), graph, node, fixed);
            }
            OpInfo::MatMat => {
                let inner = argument(0).shape.last().map_or(1, |e| e.of(sizes));
                self.product(size.saturating_mul(inner), graph, node, fixed);
            }
            OpInfo::Sum | OpInfo::Largest => self.elementwise += elements(argument(0).shape, sizes),
            OpInfo::Sigmoid
            | OpInfo::Tanh
            | OpInfo::Exp
            | OpInfo::ExpM1
            | OpInfo::Log
            | OpInfo::Softplus
            | OpInfo::Sin
            | OpInfo::Cos
            | OpInfo::Silu
            | OpInfo::SiluSlope
            | OpInfo::Gelu
            | OpInfo::GeluSlope
            | OpInfo::Pow
            | OpInfo::Sqrt => self.activations += size,
            OpInfo::Concat
            | OpInfo::Slice(..)
            | OpInfo::Pad(..)
            | OpInfo::Spread
            | OpInfo::StopGradient
            | OpInfo::Transpose => {}
            _ => self.elementwise += size,
        }
    }

    /// A product: each factor that has a gradient costs as much again in the backward pass.
    fn product(&mut self, count: usize, graph: &GraphInfo, node: &NodeInfo, fixed: &[bool]) {
        let trained = |&&id: &&usize| !fixed[id] || trained(graph, id);
        let back = count.saturating_mul(node.args.iter().filter(trained).count());
        self.multiply_adds = self.multiply_adds.saturating_add(count);
        self.backward_multiply_adds = self.backward_multiply_adds.saturating_add(back);
    }
}

/// What differs between steps by itself.
fn leaf(op: OpInfo) -> bool {
    matches!(
        op,
        OpInfo::Input(_) | OpInfo::Prev(..) | OpInfo::Dropout(_) | OpInfo::Zoneout(_)
    )
}

/// Whether a parameter stands in a value.
fn trained(graph: &GraphInfo, id: usize) -> bool {
    let node = &graph.nodes[id];
    matches!(node.op, OpInfo::Param(_)) || node.args.iter().any(|&a| trained(graph, a))
}

/// The longest chain of operations from a state to the next step's.
fn chain(graph: &GraphInfo) -> usize {
    let mut length: Vec<Option<usize>> = Vec::with_capacity(graph.nodes.len());
    for node in graph.nodes {
        let above = node.args.iter().filter_map(|&a| length[a]).max();
        length.push(match node.op {
            OpInfo::Prev(..) => Some(0),
            // No work: they move or mark values.
            OpInfo::Spread | OpInfo::StopGradient | OpInfo::Concat | OpInfo::Slice(..) => above,
            _ => above.map(|n| n + 1),
        });
    }
    let ends = graph.states.iter().filter_map(|s| length[s.value]);
    ends.max().unwrap_or(0)
}
