//! Stage 6, plan: graphs to a schedule.
//!
//! Takes: the cell, and the graph of its step with the adjoint. Gives: a [`Schedule`]: what
//! runs once, over all rows before and after the loop, and inside it, in both directions; which
//! products merge; which element-wise operations fuse; what the tape keeps. May assume that the
//! graphs are simplified. Forward and backward pass go through the same functions.

mod access;
mod again;
mod backward;
mod bases;
#[cfg(test)]
mod dump;
mod flow;
mod forward;
mod halves;
mod instrs;
mod lines;
mod matrices;
mod merge;
mod phases;
mod products;
mod reduce;
mod roots;
mod schedule;
mod sections;
mod storage;
mod sums;
mod tape;

#[cfg(test)]
pub(crate) use dump::dump;
pub(crate) use flow::shared_values;
pub(crate) use halves::{CARRIED, Halves, halves};
pub(crate) use schedule::*;
pub(crate) use storage::area;

use crate::grad::Adjoint;
use crate::ir::{Id, Op};
use crate::model::Cell;

use flow::{Flow, Work};
use sections::Section;
use storage::Draft;

/// The schedule of a cell.
pub(crate) fn plan(cell: &Cell, adjoint: &Adjoint) -> Schedule {
    let mut schedule = Schedule::default();
    let roots = roots::Roots::of(adjoint);
    let kept = tape::keep(adjoint, &roots.wanted(adjoint));
    let back = flow::extract(adjoint, &roots.list(), &kept);
    let used: Vec<Id> = back
        .nodes
        .iter()
        .filter(|n| n.op == Work::Kept)
        .filter_map(|n| n.source)
        .collect();
    let forward = forward::plan(cell, adjoint, &used, &mut schedule);
    schedule.ahead = schedule.buffers.len();
    backward::plan(cell, adjoint, &roots, back, &forward, &mut schedule);
    sums::sum_in_loop(&mut schedule);
    again::compute_again(&mut schedule);
    carry(&mut schedule);
    schedule
}

/// States that only the forward loop reads, and that are no output: unless a backward pass follows,
/// a step needs those just before it.
fn carry(schedule: &mut Schedule) {
    let buffer = |slot: SlotId| schedule.slots[slot].buffer;
    let outside = schedule
        .forward
        .before
        .iter()
        .chain(&schedule.forward.after);
    let slots = outside.flat_map(|instr| instr.reads().into_iter().chain(instr.writes()));
    let slots = slots.chain(schedule.inputs.iter().chain(&schedule.outputs).copied());
    let mut seen = vec![false; schedule.buffers.len()];
    slots.for_each(|slot| seen[buffer(slot)] = true);
    let states: Vec<usize> = schedule.states.iter().map(|&slot| buffer(slot)).collect();
    for state in states.into_iter().filter(|&state| !seen[state]) {
        if let Kind::History(depth) = schedule.buffers[state].kind {
            schedule.buffers[state].kind = Kind::Carried(depth);
        }
    }
}

/// From a flow to a draft: sections, merged products, phases. `pin` says, for the merged flow,
/// what must be stored; `summed` which nodes are wanted only as sums over rows; `late` which leaves
/// only the loop may read.
fn draft(
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
    fn name(&mut self, cell: &Cell, adjoint: &Adjoint, prefix: &str) {
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
                _ => format!("{prefix}{id}"),
            };
        }
    }
}

#[cfg(test)]
mod tests;
