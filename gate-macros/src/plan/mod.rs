//! Stage 6, plan: graphs to a schedule.
//!
//! Takes: the cell, and the graph of its step with the adjoint. Gives: a [`Schedule`]: what
//! runs once, over all rows before and after the loop, and inside it, in both directions; which
//! products merge; which element-wise operations fuse; what the tape keeps. May assume that the
//! graphs are simplified. Forward and backward pass go through the same functions.
//!
//! `tape` chooses what the forward pass leaves. Then, for each direction: `flow` cuts it out of the
//! adjoint graph, `matrices` makes outer products and their like functions of elements, `draft`
//! says where each value is computed (`sections`), which products merge (`merge`), in what order
//! (`phases`) and what products are added to (`bases`), `storage` where it lives, and `instrs`
//! writes that down, with products from `products` and fused functions from `lines`. `forward` and
//! `backward` have what differs. At the end `reduce` adds up gradients of parameters, `sums` moves
//! such sums into the loop, and `again` computes matrices again that the tape need not hold.

mod access;
mod again;
mod backward;
mod bases;
mod draft;
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
pub(crate) use halves::{CARRIED, Halves, halves};
pub(crate) use schedule::*;
pub(crate) use storage::area;

use crate::grad::Adjoint;
use crate::ir::Id;
use crate::model::Cell;

use flow::Work;

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

#[cfg(test)]
mod tests;
