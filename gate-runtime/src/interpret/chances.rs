//! The probabilities of dropout and zoneout, which depend on hyper-parameters and numbers alone.

use crate::info::{CellInfo, OpInfo};

use super::step::{Step, Value};
use super::wengert::{Var, Wengert};

/// The probability of a random mask.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance {
    /// Of the mask, in the order of the graph.
    pub(crate) mask: usize,
    pub(crate) dropout: bool,
    /// The node that computes it.
    pub(crate) node: usize,
    pub(crate) value: f64,
}

/// The probability of each mask for values of the hyper-parameters, by their symbols.
pub(crate) fn chances(
    info: &CellInfo,
    sizes: &[usize],
    hyper: impl Fn(usize) -> f64,
) -> Vec<Chance> {
    let nodes = info.graph.nodes;
    let mut needed = vec![false; nodes.len()];
    let mut symbols: Vec<Value> = vec![Vec::new(); info.symbols.len()];
    for (id, node) in nodes.iter().enumerate().rev() {
        if needed[id] {
            node.args.iter().for_each(|&arg| needed[arg] = true);
        }
        match node.op {
            OpInfo::Dropout(_) | OpInfo::Zoneout(_) => needed[node.args[0]] = true,
            OpInfo::Hyper(symbol) => symbols[symbol] = vec![Var::constant(hyper(symbol))],
            _ => {}
        }
    }
    let step = Step {
        info,
        sizes,
        symbols: &symbols,
        states: &[],
        masks: None,
        time: 0,
        row: 0,
    };
    let values = step.evaluate_some(&mut Wengert::new(false), &needed);
    let chance = |op: OpInfo, node: usize| {
        let (mask, dropout) = match op {
            OpInfo::Dropout(mask) => (mask, true),
            OpInfo::Zoneout(mask) => (mask, false),
            _ => return None,
        };
        let value = values[node][0].value;
        Some(Chance {
            mask,
            dropout,
            node,
            value,
        })
    };
    let all = nodes.iter();
    all.filter_map(|n| chance(n.op, *n.args.first()?)).collect()
}
