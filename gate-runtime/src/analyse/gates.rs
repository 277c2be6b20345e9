//! Gates: bounded values that multiply others.
//!
//! Takes: the graph of a step. Gives: each gate that the equations name, with its activation.

use std::fmt;

use crate::info::{CellInfo, GraphInfo, OpInfo};

use super::patterns::Patterns;

/// A gate of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Index in the cell's symbols.
    pub symbol: usize,
    /// What bounds it.
    pub activation: Activation,
}

/// What makes a value a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// Logistic.
    Sigmoid,
    /// A piecewise linear sigmoid.
    HardSigmoid,
    /// Exponential, as in sLSTM.
    Exponential,
    /// A cumulative sum of a softmax, as in ON-LSTM.
    Cumax,
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Activation::Sigmoid => "sigmoid",
            Activation::HardSigmoid => "hard sigmoid",
            Activation::Exponential => "exponential",
            Activation::Cumax => "cumax",
        })
    }
}

impl CellInfo {
    /// The gates: values that an equation names, that a sigmoid, an exponential or a cumulative
    /// softmax bounds, and that multiply others, themselves or as `1 - z`.
    pub fn gates(&self) -> Vec<Gate> {
        let named = self.graph.named.iter();
        named
            .filter(|&&(_, id)| multiplies(&self.graph, id))
            .filter_map(|&(symbol, id)| {
                let activation = activation(self, id)?;
                Some(Gate { symbol, activation })
            })
            .collect()
    }
}

/// What bounds a value, if something does. A factor before the sigmoid (a step size) does not
/// matter.
fn activation(info: &CellInfo, id: usize) -> Option<Activation> {
    let graph = &info.graph;
    let node = &graph.nodes[id];
    match node.op {
        OpInfo::Sigmoid => Some(Activation::Sigmoid),
        OpInfo::Exp => Some(Activation::Exponential),
        OpInfo::CumSum => {
            let shares = Patterns(info).softmax(node.args[0]);
            shares.map(|_| Activation::Cumax)
        }
        OpInfo::Min => {
            let inner = &graph.nodes[node.args[0]];
            let limit = |id: usize| match graph.nodes[id].op {
                OpInfo::Number(n) => Some(n),
                OpInfo::Spread => match graph.nodes[graph.nodes[id].args[0]].op {
                    OpInfo::Number(n) => Some(n),
                    _ => None,
                },
                _ => None,
            };
            let between = inner.op == OpInfo::Max
                && limit(inner.args[1]) == Some(0.0)
                && limit(node.args[1]) == Some(1.0);
            between.then_some(Activation::HardSigmoid)
        }
        OpInfo::Mul => {
            let [a, b] = node.args else { return None };
            let fixed = |id: usize| {
                let node = &graph.nodes[id];
                node.shape.is_empty() && matches!(node.op, OpInfo::Number(_) | OpInfo::Hyper(_))
            };
            match (fixed(*a), fixed(*b)) {
                (true, false) => activation(info, *b),
                (false, true) => activation(info, *a),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a value is a factor of another that is no number of fixed size, itself or as `1 - z`.
fn multiplies(graph: &GraphInfo, id: usize) -> bool {
    graph.nodes.iter().enumerate().any(|(other, node)| {
        node.args.contains(&id)
            && match node.op {
                OpInfo::Mul => true,
                OpInfo::Sub => node.args[1] == id && multiplies(graph, other),
                OpInfo::Spread | OpInfo::Concat => multiplies(graph, other),
                OpInfo::Outer => true,
                _ => false,
            }
    })
}
