//! The probabilities of dropout and zoneout, which depend on hyper-parameters and numbers alone:
//! those of a definition always do, those of a graph by hand may not.

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

/// The probability of each mask for values of the hyper-parameters, by their symbols. A graph by
/// hand may compute one from parameters or inputs; that is left out.
pub(crate) fn chances(
    info: &CellInfo,
    sizes: &[usize],
    hyper: &dyn Fn(usize) -> f64,
) -> Vec<Chance> {
    let nodes = info.graph.nodes;
    let fixed = fixed(info);
    let mut needed = vec![false; nodes.len()];
    let mut symbols: Vec<Value> = vec![Vec::new(); info.symbols.len()];
    for (id, node) in nodes.iter().enumerate().rev() {
        if needed[id] {
            node.args.iter().for_each(|&arg| needed[arg] = true);
        }
        match node.op {
            OpInfo::Dropout(_) | OpInfo::Zoneout(_) => needed[node.args[0]] |= fixed[node.args[0]],
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
        if !fixed[node] {
            return None;
        }
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

/// For each node, whether hyper-parameters, numbers and sizes alone decide it.
fn fixed(info: &CellInfo) -> Vec<bool> {
    let mut fixed: Vec<bool> = Vec::with_capacity(info.graph.nodes.len());
    for node in info.graph.nodes {
        let varies = matches!(
            node.op,
            OpInfo::Input(_)
                | OpInfo::Param(_)
                | OpInfo::Prev(..)
                | OpInfo::Dropout(_)
                | OpInfo::Zoneout(_)
        );
        fixed.push(!varies && node.args.iter().all(|&arg| fixed[arg]));
    }
    fixed
}
