//! Which axis of a matrix has the outputs of its products.

use crate::info::{CellInfo, OpInfo};

/// The axis of a parameter that has the outputs, if it is a matrix and all its products agree.
pub(super) fn outputs_axis(info: &CellInfo, symbol: usize) -> Option<usize> {
    let mut search = Search {
        info,
        symbol,
        seen: vec![[false; 2]; info.graph.nodes.len()],
        found: [false; 2],
    };
    for node in info.graph.nodes {
        match node.op {
            OpInfo::MatVec => search.follow(node.args[0], 0),
            OpInfo::MatVecTransposed => search.follow(node.args[0], 1),
            _ => {}
        }
    }
    match search.found {
        [true, false] => Some(0),
        [false, true] => Some(1),
        _ => None,
    }
}

struct Search<'i> {
    info: &'i CellInfo,
    symbol: usize,
    /// Nodes that were followed, with their outputs on either axis.
    seen: Vec<[bool; 2]>,
    /// The axes on which the parameter was found to have its outputs.
    found: [bool; 2],
}

impl Search<'_> {
    /// Follows a matrix, which has its outputs on an axis, to the parameters that make it up.
    fn follow(&mut self, node: usize, axis: usize) {
        if std::mem::replace(&mut self.seen[node][axis], true) {
            return;
        }
        let nodes = self.info.graph.nodes;
        let axis = match nodes[node].op {
            OpInfo::Param(symbol) if symbol == self.symbol => {
                self.found[axis] = true;
                return;
            }
            OpInfo::Transpose => 1 - axis,
            _ => axis,
        };
        for &arg in nodes[node].args {
            if nodes[arg].shape.len() == 2 {
                self.follow(arg, axis);
            }
        }
    }
}
