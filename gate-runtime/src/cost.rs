//! What a cell costs: counted on the graph of its step, for given sizes.

use crate::info::{CellInfo, OpInfo, RoleInfo, elements};

/// Cost of one step and row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Trained numbers.
    pub parameters: usize,
    /// Multiplications with an addition in products of matrices and vectors.
    pub multiply_adds: usize,
    /// Element-wise operations besides: sums, products, comparisons.
    pub elementwise: usize,
    /// Evaluations of sigmoid, tanh, exp and the like.
    pub activations: usize,
    /// Operations that follow one another from one step's state to the next's.
    pub chain: usize,
}

impl CellInfo {
    /// The cost for sizes in the order of `sizes`. What depends on parameters only is computed
    /// once per sequence and not counted.
    pub fn cost(&self, sizes: &[usize]) -> Cost {
        let mut cost = Cost {
            parameters: 0,
            multiply_adds: 0,
            elementwise: 0,
            activations: 0,
            chain: self.chain,
        };
        for symbol in self.symbols {
            if let RoleInfo::Parameter(_) = symbol.role {
                cost.parameters += elements(symbol.shape, sizes);
            }
        }
        let mut fixed: Vec<bool> = Vec::with_capacity(self.graph.nodes.len());
        for node in self.graph.nodes {
            let leaf = matches!(
                node.op,
                OpInfo::Input(_) | OpInfo::Prev(..) | OpInfo::Dropout(_) | OpInfo::Zoneout(_)
            );
            let once = !leaf && node.args.iter().all(|&a| fixed[a]);
            fixed.push(once);
            if once || leaf {
                continue;
            }
            let size = elements(node.shape, sizes);
            let argument = |i: usize| elements(self.graph.nodes[node.args[i]].shape, sizes);
            match node.op {
                OpInfo::MatVec | OpInfo::MatVecTransposed => cost.multiply_adds += argument(0),
                OpInfo::MatMat => {
                    let inner = self.graph.nodes[node.args[0]]
                        .shape
                        .last()
                        .map_or(1, |e| e.of(sizes));
                    cost.multiply_adds += size * inner;
                }
                OpInfo::Outer => cost.elementwise += size,
                OpInfo::Sum | OpInfo::Largest => cost.elementwise += argument(0),
                OpInfo::Sigmoid
                | OpInfo::Tanh
                | OpInfo::Exp
                | OpInfo::ExpM1
                | OpInfo::Log
                | OpInfo::Softplus
                | OpInfo::Sin
                | OpInfo::Cos
                | OpInfo::Erf
                | OpInfo::Pow
                | OpInfo::Sqrt => cost.activations += size,
                OpInfo::Concat
                | OpInfo::Slice(..)
                | OpInfo::Pad(..)
                | OpInfo::Spread
                | OpInfo::StopGradient
                | OpInfo::Transpose => {}
                _ => cost.elementwise += size,
            }
        }
        cost
    }
}
