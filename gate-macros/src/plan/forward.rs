//! The forward pass.
//!
//! Takes: the adjoint graph and the values that the backward pass wants from the forward pass.
//! Gives: the forward part of the schedule, and [`Forward`]: where everything is.

use crate::grad::Adjoint;
use crate::ir::{Id, Op};
use crate::model::{Cell, Role, Shape};

use super::draft::draft;
use super::flow::{Carried, Flow, Work, extract};
use super::instrs::instructions;
use super::matrices::by_elements;
use super::phases::view;
use super::products::side_by_side;
use super::schedule::{Kind, Schedule, SlotId};
use super::sections::Section;
use super::storage::{Draft, area};

/// Where the forward pass leaves its values.
pub(crate) struct Forward {
    /// By node of the adjoint graph.
    pub(crate) slot: Vec<Option<SlotId>>,
    /// By symbol; only inputs have one.
    pub(crate) inputs: Vec<Option<SlotId>>,
    /// By state.
    pub(crate) states: Vec<SlotId>,
}

/// Plans the forward pass.
pub(crate) fn plan(
    cell: &Cell,
    adjoint: &Adjoint,
    used: &[Id],
    schedule: &mut Schedule,
) -> Forward {
    let graph = &adjoint.graph;
    let mut roots: Vec<Id> = graph.outputs.iter().map(|&(_, id)| id).collect();
    let outputs = roots.len();
    roots.extend(graph.states.iter().map(|s| s.value));
    roots.extend(used);
    let mut flow = extract(adjoint, &roots, &vec![false; graph.nodes.len()]);
    carry(&mut flow, adjoint, outputs);
    let flow = by_elements(&flow);
    let pin = |flow: &Flow| pinned(flow, adjoint, outputs);
    let none = |flow: &Flow| vec![false; flow.nodes.len()];
    let mut draft = draft(flow, pin, none, none);
    draft.name(cell, adjoint, "v");
    let forward = place(cell, adjoint, &mut draft, schedule);
    let packs = &mut Vec::new();
    schedule.forward.once = instructions(&mut draft, schedule, Section::Once, packs);
    schedule.forward.before = instructions(&mut draft, schedule, Section::Before, packs);
    schedule.forward.step = instructions(&mut draft, schedule, Section::Loop, packs);
    schedule.forward.after = instructions(&mut draft, schedule, Section::After, packs);
    schedule.forward.packs = std::mem::take(packs);
    report(adjoint, &draft, forward, outputs, schedule)
}

/// Sets up what steps carry to later steps; every state gets a value of its own.
fn carry(flow: &mut Flow, adjoint: &Adjoint, outputs: usize) {
    let shared = flow.shared();
    for (index, state) in adjoint.graph.states.iter().enumerate() {
        let mut value = flow.roots[outputs + index];
        let taken = flow.carried.iter().any(|c: &Carried| c.value == value);
        let node = &flow.nodes[value];
        // A delayed input stands where the input does; a state that copies one starts elsewhere.
        let input = matches!(node.op, Work::Op(Op::Input(symbol)) if symbol == state.symbol);
        let placeless = node.leaf() || view(flow, value) || shared.get(value) == Some(&true);
        if !input && (taken || placeless) {
            value = flow.copy_of(value);
        }
        flow.carry(value, |op| match *op {
            Op::Prev { state, delay } if state == index => Some(delay),
            _ => None,
        });
        debug_assert!(state.depth > 0);
    }
}

/// What has to be stored, and how long it lives.
fn pinned(flow: &Flow, adjoint: &Adjoint, outputs: usize) -> Vec<Option<Kind>> {
    let mut pinned: Vec<Option<Kind>> = vec![None; flow.nodes.len()];
    for (index, &root) in flow.roots.iter().enumerate() {
        let states = outputs..outputs + adjoint.graph.states.len();
        let kind = match index {
            i if i < outputs => Kind::Full,
            i if states.contains(&i) => continue,
            _ => Kind::Tape,
        };
        pinned[root] = pinned[root].max(Some(kind));
    }
    for (carried, state) in flow.carried.iter().zip(&adjoint.graph.states) {
        pinned[carried.value] = Some(Kind::History(state.depth));
    }
    pinned
}

/// Gives inputs, parameters, states and then everything else its place.
fn place(cell: &Cell, adjoint: &Adjoint, draft: &mut Draft, schedule: &mut Schedule) -> Forward {
    let mut forward = Forward {
        slot: vec![None; adjoint.graph.nodes.len()],
        inputs: vec![None; cell.symbols.len()],
        states: Vec::new(),
    };
    for (symbol, input) in cell.with_role(|r| *r == Role::Input) {
        let kind = if input.depth > 0 {
            Kind::History(input.depth)
        } else {
            Kind::Full
        };
        let slot = schedule.single(&input.ident, kind, area(&input.shape));
        forward.inputs[symbol] = Some(slot);
        schedule.inputs.push(slot);
    }
    for (carried, state) in draft.flow.carried.clone().iter().zip(&adjoint.graph.states) {
        let node = &draft.flow.nodes[carried.value];
        let slot = match &node.op {
            Work::Op(Op::Input(symbol)) => forward.inputs[*symbol].expect("an input has a place"),
            _ => {
                let kind = match only_carried(draft, carried, adjoint.graph.outputs.len()) {
                    true => Kind::Carried(state.depth),
                    false => Kind::History(state.depth),
                };
                schedule.single(&cell.symbols[state.symbol].ident, kind, area(&node.shape))
            }
        };
        draft.slot[carried.value] = Some(slot);
        forward.states.push(slot);
    }
    leaves(cell, draft, &forward, schedule);
    let mut wishes = side_by_side(draft, 2);
    let bases = |group: &Vec<Id>| group.iter().filter_map(|&id| draft.base[id]).collect();
    let bases: Vec<Vec<Id>> = wishes.iter().map(bases).collect();
    wishes.extend(bases);
    draft.place(schedule, &wishes);
    forward
}

/// Whether a state is a matrix that nothing outside of the loop reads: then it would fill the caches
/// with values that nobody comes back to.
fn only_carried(draft: &Draft, carried: &Carried, outputs: usize) -> bool {
    let flow = &draft.flow;
    let users = flow.users();
    let inside = |&id: &Id| draft.section[id] == Section::Loop && !view(flow, id);
    let leaves = carried.leaves.iter().map(|(leaf, _)| leaf);
    let mut readers = leaves.chain([&carried.value]).flat_map(|&id| &users[id]);
    matches!(flow.nodes[carried.value].shape, Shape::Matrix(..))
        && inside(&carried.value)
        && readers.all(inside)
        && !flow.roots[..outputs].contains(&carried.value)
}

/// The places of leaves that both directions know.
pub(crate) fn leaves(cell: &Cell, draft: &mut Draft, forward: &Forward, schedule: &mut Schedule) {
    for id in 0..draft.flow.nodes.len() {
        let node = &draft.flow.nodes[id];
        let area = area(&node.shape);
        let slot = match &node.op {
            Work::Op(Op::Input(symbol)) => forward.inputs[*symbol],
            Work::Op(Op::Prev { state, delay }) => {
                Some(schedule.delayed(forward.states[*state], *delay as isize))
            }
            Work::Op(Op::Param(symbol)) => {
                Some(schedule.global(&cell.symbols[*symbol].ident, Kind::Param(*symbol), area))
            }
            Work::Op(Op::Hyper(symbol)) => {
                Some(schedule.global(&cell.symbols[*symbol].ident, Kind::Hyper(*symbol), area))
            }
            Work::Kept => node.source.and_then(|source| forward.slot[source]),
            _ => continue,
        };
        draft.slot[id] = slot;
    }
}

/// Notes where values are, for the backward pass and for the runtime.
fn report(
    adjoint: &Adjoint,
    draft: &Draft,
    mut forward: Forward,
    outputs: usize,
    schedule: &mut Schedule,
) -> Forward {
    for (id, node) in draft.flow.nodes.iter().enumerate() {
        if let Some(source) = node.source {
            forward.slot[source] = draft.slot[id];
        }
    }
    // A state that needed a copy is read from the copy.
    for (carried, state) in draft.flow.carried.iter().zip(&adjoint.graph.states) {
        if draft.flow.nodes[carried.value].source.is_none() && forward.slot[state.value].is_none() {
            forward.slot[state.value] = draft.slot[carried.value];
        }
    }
    schedule.states = forward.states.clone();
    schedule.outputs = draft.flow.roots[..outputs]
        .iter()
        .map(|&root| draft.slot[root].expect("outputs have places"))
        .collect();
    for &(symbol, id) in &adjoint.graph.named {
        let slot = forward.slot.get(id).copied().flatten();
        if let Some(slot) =
            slot.filter(|&s| schedule.buffers[schedule.slots[s].buffer].kind >= Kind::Tape)
        {
            schedule.named.push((symbol, slot));
        }
    }
    forward
}
