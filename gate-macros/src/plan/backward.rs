//! The backward pass.
//!
//! Takes: the adjoint, and where the forward pass leaves its values. Gives: the backward part of
//! the schedule. Gradients of shared values become sums over all rows of all steps (`reduce`).

use crate::grad::Adjoint;
use crate::ir::{Id, Op};
use crate::model::{Cell, Role};

use super::draft::draft;
use super::flow::{Carried, Flow, Node, Work};
use super::forward::{Forward, leaves};
use super::instrs::instructions;
use super::matrices::by_elements;
use super::phases::view;
use super::products::{operands, side_by_side};
use super::reduce::{adjoints, reduce, total};
use super::roots::{Roots, Term, offsets, terms};
use super::schedule::{Instr, Kind, Schedule, SlotId};
use super::sections::Section;
use super::storage::{Draft, area};

/// Plans the backward pass.
pub(crate) fn plan(
    cell: &Cell,
    adjoint: &Adjoint,
    roots: &Roots,
    mut flow: Flow,
    forward: &Forward,
    schedule: &mut Schedule,
) {
    carry(&mut flow, adjoint, roots);
    let flow = by_elements(&flow);
    let pin = |flow: &Flow| pinned(flow, adjoint, roots);
    let sums = |flow: &Flow| summed(flow, roots);
    let late = |flow: &Flow| matrices(flow, forward, schedule);
    let mut draft = draft(flow, pin, sums, late);
    draft.name(cell, adjoint, "d");
    place(cell, adjoint, roots, &mut draft, forward, schedule);
    let packs = &mut Vec::new();
    schedule.backward.once = instructions(&mut draft, schedule, Section::Once, packs);
    schedule.backward.before = instructions(&mut draft, schedule, Section::Before, packs);
    schedule.backward.step = instructions(&mut draft, schedule, Section::Loop, packs);
    schedule.backward.after = instructions(&mut draft, schedule, Section::After, packs);
    schedule.backward.finish = instructions(&mut draft, schedule, Section::Finish, packs);
    schedule.backward.packs = std::mem::take(packs);
    reduce(cell, adjoint, roots, &draft, schedule);
    finish(cell, adjoint, roots, &draft, schedule);
    report(cell, adjoint, &draft, schedule);
}

/// Sets up what flows back through states; every contribution gets a value of its own.
fn carry(flow: &mut Flow, adjoint: &Adjoint, roots: &Roots) {
    let (states, _, _) = offsets(roots);
    let users = flow.users();
    let shared = flow.shared();
    for (index, &(state, delay, _)) in adjoint.states.iter().enumerate() {
        let mut value = flow.roots[states + index];
        let wanted_twice = flow.roots.iter().filter(|&&r| r == value).count() > 1;
        let read = users.get(value).is_some_and(|u| !u.is_empty());
        let placeless =
            flow.nodes[value].leaf() || view(flow, value) || shared.get(value) != Some(&false);
        if placeless || wanted_twice || read {
            value = flow.copy_of(value);
        }
        let own = Op::Future { state, delay };
        flow.carry(value, |op| (*op == own).then_some(delay));
    }
}

fn pinned(flow: &Flow, adjoint: &Adjoint, roots: &Roots) -> Vec<Option<Kind>> {
    let mut pinned = vec![None; flow.nodes.len()];
    let (_, first, once) = offsets(roots);
    let mut at = first;
    for (_, term) in &roots.terms {
        if let Term::Outer(..) = term {
            for &root in &flow.roots[at..at + term.count()] {
                pinned[root] = Some(Kind::Full);
            }
        }
        at += term.count();
    }
    for &root in &flow.roots[..roots.inputs.len()] {
        pinned[root] = Some(Kind::Full);
    }
    for &root in &flow.roots[once..] {
        pinned[root] = Some(Kind::Shared);
    }
    for (carried, &(_, delay, _)) in flow.carried.iter().zip(&adjoint.states) {
        pinned[carried.value] = Some(Kind::Future(delay));
    }
    pinned
}

/// Memories that are matrices, which are computed again inside the loop (`again`): by a cell whose
/// loop multiplies by no weights.
fn matrices(flow: &Flow, forward: &Forward, schedule: &Schedule) -> Vec<bool> {
    let apart = !schedule.forward.step.iter().any(Instr::multiplies);
    let carried = |slot: SlotId| {
        let kind = schedule.buffers[schedule.slots[slot].buffer].kind;
        matches!(kind, Kind::Carried(_))
    };
    let place = |node: &Node| match &node.op {
        Work::Op(Op::Prev { state, .. }) => Some(forward.states[*state]),
        Work::Kept => node.source.and_then(|source| forward.slot[source]),
        _ => None,
    };
    let each = flow.nodes.iter().map(place);
    each.map(|slot| apart && slot.is_some_and(carried))
        .collect()
}

/// Nodes that are wanted as sums over rows.
fn summed(flow: &Flow, roots: &Roots) -> Vec<bool> {
    let mut out = vec![false; flow.nodes.len()];
    for (_, nodes) in terms(flow, roots) {
        if let [plain] = nodes[..] {
            out[plain] = true;
        }
    }
    out
}

fn place(
    cell: &Cell,
    adjoint: &Adjoint,
    roots: &Roots,
    draft: &mut Draft,
    forward: &Forward,
    schedule: &mut Schedule,
) {
    let users = draft.flow.users();
    for (carried, &(state, delay, _)) in draft.flow.carried.clone().iter().zip(&adjoint.states) {
        let name = format!(
            "d_{}_next",
            cell.symbols[adjoint.graph.states[state].symbol].ident
        );
        let kind = future(draft, carried, delay, &users);
        let slot = schedule.single(&name, kind, area(&draft.flow.nodes[carried.value].shape));
        draft.slot[carried.value] = Some(slot);
        for &(leaf, delay) in &carried.leaves {
            draft.slot[leaf] = Some(schedule.delayed(slot, -(delay as isize)));
        }
        schedule.futures.push((state, delay, slot));
    }
    futures_without_source(draft, schedule);
    leaves(cell, draft, forward, schedule);
    schedule.seeds = vec![None; adjoint.graph.outputs.len()];
    for id in 0..draft.flow.nodes.len() {
        let area = area(&draft.flow.nodes[id].shape);
        match draft.flow.nodes[id].op {
            Work::Op(Op::Seed(output)) => {
                let slot = schedule.single(&draft.names[id].clone(), Kind::Full, area);
                schedule.seeds[output] = Some(slot);
                draft.slot[id] = Some(slot);
            }
            Work::Op(Op::Total(index)) => {
                let target = total(cell, adjoint, index, schedule);
                draft.slot[id] = Some(target);
            }
            _ => {}
        }
    }
    let wishes = wishes(draft, roots);
    draft.place(schedule, &wishes);
}

/// How long what flows back to an earlier step is kept: a ring has forgotten what is read after the
/// loop, as a gradient of a parameter that is one leaf.
fn future(draft: &Draft, carried: &Carried, delay: usize, users: &[Vec<Id>]) -> Kind {
    let later = |&(leaf, _): &(Id, usize)| draft.outlasts_loop(leaf, users);
    let inside = draft.section[carried.value] == Section::Loop;
    match inside && !carried.leaves.iter().any(later) {
        true => Kind::Future(delay),
        false => Kind::Ahead(delay),
    }
}

/// Places for what flows back only from the gradient of the final state.
fn futures_without_source(draft: &mut Draft, schedule: &mut Schedule) {
    for id in 0..draft.flow.nodes.len() {
        let (Work::Op(Op::Future { state, delay }), None) =
            (&draft.flow.nodes[id].op, draft.slot[id])
        else {
            continue;
        };
        let (state, delay) = (*state, *delay);
        let slot = schedule.single(
            &draft.names[id].clone(),
            Kind::Ahead(delay),
            area(&draft.flow.nodes[id].shape),
        );
        draft.slot[id] = Some(schedule.delayed(slot, -(delay as isize)));
        schedule.futures.push((state, delay, slot));
    }
}

/// Values that should be neighbours: operands of one product, right sides of gradients that
/// share their left side, and results of one product.
fn wishes(draft: &Draft, roots: &Roots) -> Vec<Vec<Id>> {
    let flow = &draft.flow;
    let mut out: Vec<Vec<Id>> = Vec::new();
    for id in 0..flow.nodes.len() {
        if matches!(&flow.nodes[id].op, Work::Product(flags) if flags.len() > 1) {
            out.push(operands(flow, id));
        }
    }
    let mut by_left: Vec<(Id, Vec<Id>)> = Vec::new();
    let adjoints = adjoints(flow);
    for (_, nodes) in terms(flow, roots) {
        let [u, v] = nodes[..] else { continue };
        let (left, right) = if adjoints[v] { (u, v) } else { (v, u) };
        match by_left.iter_mut().find(|(l, _)| *l == left) {
            Some((_, rights)) if !rights.contains(&right) => rights.push(right),
            Some(_) => {}
            None => by_left.push((left, vec![right])),
        }
    }
    out.extend(by_left.into_iter().map(|(_, rights)| rights));
    out.extend(side_by_side(draft, 2));
    out
}

/// Gradients that go through values of parameters only.
fn finish(cell: &Cell, adjoint: &Adjoint, roots: &Roots, draft: &Draft, schedule: &mut Schedule) {
    let (_, _, once) = offsets(roots);
    for (&(symbol, _), &root) in adjoint.once.iter().zip(&draft.flow.roots[once..]) {
        let parameter = &cell.symbols[symbol];
        let out = schedule.global(
            &parameter.ident,
            Kind::Gradient(symbol),
            area(&parameter.shape),
        );
        if let Some(of) = draft.slot[root] {
            schedule.backward.finish.push(Instr::Add { of, out });
        }
    }
}

fn report(cell: &Cell, adjoint: &Adjoint, draft: &Draft, schedule: &mut Schedule) {
    for (symbol, _) in cell.with_role(|r| *r == Role::Input) {
        let at = adjoint.inputs.iter().position(|&(s, _)| s == symbol);
        schedule
            .input_gradients
            .push(at.and_then(|at| draft.slot[draft.flow.roots[at]]));
    }
}
