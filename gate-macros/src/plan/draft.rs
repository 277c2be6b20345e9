//! One direction's draft, before anything in it has a place.
//!
//! Takes: a flow. Gives: its nodes with sections, merged products and phases, and which products
//! become parts of stages. May assume that the flow is in normal form.

use crate::grad::Adjoint;
use crate::ir::{Id, Op};
use crate::model::Cell;

use super::flow::{Flow, Work};
use super::schedule::Kind;
use super::sections::Section;
use super::storage::Draft;
use super::{merge, phases, products, sections};

/// From a flow to a draft: sections, merged products, phases. `pin` says, for the merged flow,
/// what must be stored; `summed` which nodes are wanted only as sums over rows; `late` which leaves
/// only the loop may read.
pub(super) fn draft(
    flow: Flow,
    pin: impl Fn(&Flow) -> Vec<Option<Kind>>,
    summed: impl Fn(&Flow) -> Vec<bool>,
    late: impl Fn(&Flow) -> Vec<bool>,
) -> Draft {
    let place = |flow: &Flow| {
        let pinned = pin(flow);
        let rooted: Vec<bool> = pinned.iter().map(Option::is_some).collect();
        let sums = summed(flow);
        let wanted = (&sums[..], &rooted[..]);
        let section = sections::sections(flow, &flow.shared(), wanted, &late(flow));
        let fixed: Vec<bool> = rooted.iter().zip(&sums).map(|(a, b)| a | b).collect();
        (pinned, section, fixed)
    };
    let (_, section, fixed) = place(&flow);
    let flow = merge::merge(&flow, &section, &fixed);
    let (mut pinned, section, fixed) = place(&flow);
    for (id, _) in summed(&flow).iter().enumerate().filter(|(_, s)| **s) {
        if section[id] != Section::Reduce {
            pinned[id] = pinned[id].max(Some(Kind::Full));
        }
    }
    let phase = phases::phases(&flow, &section, &fixed);
    let count = flow.nodes.len();
    let mut draft = Draft {
        flow,
        section,
        phase,
        pinned,
        slot: vec![None; count],
        names: vec![String::new(); count],
        numbered: vec![false; count],
        staged: vec![false; count],
        skipped: vec![false; count],
        base: vec![None; count],
    };
    draft.choose_stages();
    draft.choose_bases();
    draft.skip_views();
    draft
}

impl Draft {
    /// Products with one left operand that an element-wise function of their own phase reads
    /// become part of a stage, as many as one stage of the runtime takes.
    fn choose_stages(&mut self) {
        // `PRODUCTS` of the runtime's kernels.
        const MOST: usize = 16;
        let users = self.flow.users();
        for (id, users) in users.iter().enumerate() {
            let op = &self.flow.nodes[id].op;
            let single = matches!(op, Work::Product(flags) if flags.len() == 1);
            if !single || !users.iter().any(|&u| self.in_stage(id, u)) {
                continue;
            }
            let before = (0..id).filter(|&other| {
                let same = self.section[other] == self.section[id];
                self.staged[other] && same && self.phase[other] == self.phase[id]
            });
            self.staged[id] = before.count() < MOST;
        }
    }

    /// Slices and transpositions that only products read are read in place.
    fn skip_views(&mut self) {
        let users = self.flow.users();
        let mut bases = vec![false; self.flow.nodes.len()];
        for id in 0..self.flow.nodes.len() {
            if let Work::Product(flags) = &self.flow.nodes[id].op {
                for term in 0..flags.len() {
                    bases[products::view_of(&self.flow, self.flow.nodes[id].args[2 * term]).base] =
                        true;
                }
            }
        }
        for id in (0..self.flow.nodes.len()).rev() {
            let moves = matches!(
                self.flow.nodes[id].op,
                Work::Op(Op::Slice { .. } | Op::Transpose)
            );
            let read_in_place =
                |&u: &Id| self.skipped[u] || matches!(self.flow.nodes[u].op, Work::Product(_));
            self.skipped[id] = moves
                && self.section[id] == Section::Once
                && !bases[id]
                && self.pinned[id].is_none()
                && users[id].iter().all(read_in_place);
        }
    }

    /// Names nodes after the symbols that they define, others by number.
    pub(super) fn name(&mut self, cell: &Cell, adjoint: &Adjoint, prefix: &str) {
        for id in 0..self.flow.nodes.len() {
            let node = &self.flow.nodes[id];
            let ident = |symbol: usize| cell.symbols[symbol].ident.clone();
            let named = node.source.and_then(|source| {
                let entry = adjoint.graph.named.iter().find(|(_, n)| *n == source);
                entry.map(|&(symbol, _)| ident(symbol))
            });
            self.names[id] = match (&node.op, named) {
                (_, Some(name)) => name,
                (Work::Op(Op::Input(s) | Op::Param(s) | Op::Hyper(s)), _) => ident(*s),
                (Work::Op(Op::Prev { state, delay }), _) => {
                    format!(
                        "{}_prev{}",
                        ident(adjoint.graph.states[*state].symbol),
                        if *delay > 1 {
                            delay.to_string()
                        } else {
                            String::new()
                        }
                    )
                }
                (Work::Op(Op::Future { state, .. }), _) => {
                    format!("d_{}_next", ident(adjoint.graph.states[*state].symbol))
                }
                (Work::Op(Op::Seed(output)), _) => {
                    format!("d_{}_out", ident(adjoint.graph.outputs[*output].0))
                }
                _ => {
                    self.numbered[id] = true;
                    format!("{prefix}{id}")
                }
            };
        }
    }
}
