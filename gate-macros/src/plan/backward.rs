//! The backward pass.
//!
//! Takes: the adjoint, and where the forward pass leaves its values. Gives: the backward part of
//! the schedule. Gradients of shared values become sums over all rows of all steps: products
//! where a step contributes an outer product, element-wise sums elsewhere.

use crate::grad::Adjoint;
use crate::ir::{Id, Op};
use crate::model::{Cell, Dim, Role, Shape};

use super::flow::{Carried, Flow, Work};
use super::forward::{Forward, leaves};
use super::instrs::instructions;
use super::lines::fuse;
use super::matrices::by_elements;
use super::phases::view;
use super::products::{length, operands, side_by_side};
use super::roots::{Roots, Term, offsets, terms};
use super::schedule::{Area, Block, Instr, Kind, Per, Schedule, SlotId};
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
    let mut draft = super::draft(flow, pin, sums);
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
        let leaves = flow
            .nodes
            .iter()
            .enumerate()
            .filter_map(|(id, node)| match node.op {
                Work::Op(Op::Future { state: s, delay: d }) if (s, d) == (state, delay) => {
                    Some((id, delay))
                }
                _ => None,
            });
        let leaves = leaves.collect();
        flow.carried.push(Carried { value, leaves });
    }
}

fn pinned(flow: &Flow, adjoint: &Adjoint, roots: &Roots) -> Vec<Option<Kind>> {
    let mut pinned = vec![None; flow.nodes.len()];
    let (_, first, once) = offsets(roots);
    let mut at = first;
    for (_, term) in &roots.terms {
        let operands = if matches!(term, Term::Outer(..)) {
            2
        } else {
            0
        };
        for &root in &flow.roots[at..at + operands] {
            pinned[root] = Some(Kind::Full);
        }
        at += operands.max(1);
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
    for (carried, &(state, delay, _)) in draft.flow.carried.clone().iter().zip(&adjoint.states) {
        let name = format!(
            "d_{}_next",
            cell.symbols[adjoint.graph.states[state].symbol].ident
        );
        let inside = draft.section[carried.value] == Section::Loop;
        let kind = if inside {
            Kind::Future(delay)
        } else {
            Kind::Ahead(delay)
        };
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

/// Where the gradient of a shared value is summed: for a plain parameter its gradient itself.
fn total(cell: &Cell, adjoint: &Adjoint, index: usize, schedule: &mut Schedule) -> SlotId {
    let (value, _) = adjoint.shared[index];
    let node = &adjoint.graph.nodes[value];
    match node.op {
        Op::Param(symbol) => schedule.global(
            &cell.symbols[symbol].ident,
            Kind::Gradient(symbol),
            area(&node.shape),
        ),
        _ => {
            let name = format!("total{index}");
            match schedule
                .buffers
                .iter()
                .position(|b| b.kind == Kind::Total && b.name == name)
            {
                Some(buffer) => schedule
                    .slots
                    .iter()
                    .position(|s| s.buffer == buffer)
                    .expect("made with its buffer"),
                None => schedule.single(&name, Kind::Total, area(&node.shape)),
            }
        }
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

/// For every node, whether it depends on gradients of the loss.
fn adjoints(flow: &Flow) -> Vec<bool> {
    let mut out: Vec<bool> = Vec::with_capacity(flow.nodes.len());
    for node in &flow.nodes {
        let source = matches!(node.op, Work::Op(Op::Seed(_) | Op::Future { .. }));
        out.push(source || node.args.iter().any(|&a| out[a]));
    }
    out
}

/// The sums over rows.
fn reduce(cell: &Cell, adjoint: &Adjoint, roots: &Roots, draft: &Draft, schedule: &mut Schedule) {
    let mut products: Vec<(SlotId, Vec<(SlotId, Block)>)> = Vec::new();
    let mut sums: Vec<(Id, SlotId)> = Vec::new();
    let adjoints = adjoints(&draft.flow);
    for (index, nodes) in terms(&draft.flow, roots) {
        let target = total(cell, adjoint, index, schedule);
        match nodes[..] {
            [u, v] => {
                let (left, right, block) = gradient_block(draft, (u, v), !adjoints[v], target);
                match products.iter_mut().find(|(l, _)| *l == left) {
                    Some((_, rights)) => rights.push((right, block)),
                    None => products.push((left, vec![(right, block)])),
                }
            }
            _ => sums.push((nodes[0], target)),
        }
    }
    let mut out = map_sums(draft, &sums, schedule);
    for (left, mut rights) in products {
        rights.sort_by_key(|(slot, _)| {
            (
                schedule.slots[*slot].buffer,
                schedule.slots[*slot].skip.len(),
            )
        });
        let slots: Vec<SlotId> = rights.iter().map(|(slot, _)| *slot).collect();
        match schedule.run(&slots) {
            Some(right) => {
                let mut n_skip: Vec<Area> = Vec::new();
                let blocks = rights.into_iter().map(|(slot, block)| {
                    let skip = n_skip.clone();
                    n_skip.extend(schedule.slots[slot].width.iter().cloned());
                    Block {
                        n_skip: skip,
                        ..block
                    }
                });
                out.push(Instr::GradProduct {
                    left,
                    right,
                    blocks: blocks.collect(),
                });
            }
            None => out.extend(rights.into_iter().map(|(right, block)| Instr::GradProduct {
                left,
                right,
                blocks: vec![block],
            })),
        }
    }
    schedule.backward.reduce = out;
}

/// `u vᵀ` as a sum of products with the forward value on the left.
fn gradient_block(
    draft: &Draft,
    (u, v): (Id, Id),
    transposed: bool,
    target: SlotId,
) -> (SlotId, SlotId, Block) {
    let flow = &draft.flow;
    let (rows, columns) = (length(&flow.nodes[u].shape), length(&flow.nodes[v].shape));
    let (left, right) = if transposed { (v, u) } else { (u, v) };
    let (k, n) = if transposed {
        (columns.clone(), rows)
    } else {
        (rows, columns.clone())
    };
    let slot = |id: Id| draft.slot[id].expect("operands of gradients have places");
    let zero = Dim::number(0);
    let block = Block {
        slot: target,
        columns,
        row: zero.clone(),
        column: zero,
        transposed,
        k_skip: Vec::new(),
        n_skip: Vec::new(),
        k,
        n,
    };
    (slot(left), slot(right), block)
}

/// Element-wise sums, one function per width.
fn map_sums(draft: &Draft, sums: &[(Id, SlotId)], schedule: &mut Schedule) -> Vec<Instr> {
    let mut out = Vec::new();
    let mut shapes: Vec<&Shape> = Vec::new();
    for (id, _) in sums {
        let shape = &draft.flow.nodes[*id].shape;
        if !shapes.contains(&shape) {
            shapes.push(shape);
        }
    }
    for shape in shapes {
        let these: Vec<(Id, SlotId)> = sums
            .iter()
            .copied()
            .filter(|(id, _)| draft.flow.nodes[*id].shape == *shape)
            .collect();
        let mut inside = vec![false; draft.flow.nodes.len()];
        let mut stack: Vec<Id> = these.iter().map(|&(id, _)| id).collect();
        while let Some(id) = stack.pop() {
            let computed = draft.section[id] == Section::Reduce && draft.slot[id].is_none();
            if computed && !std::mem::replace(&mut inside[id], true) {
                stack.extend(&draft.flow.nodes[id].args);
            }
        }
        let nodes: Vec<Id> = (0..inside.len()).filter(|&id| inside[id]).collect();
        let sums: Vec<_> = these
            .iter()
            .map(|&(id, slot)| (id, Per::Element, slot))
            .collect();
        let fused = fuse(draft, &nodes, &[], &sums);
        let per = fused.map.per.is_some();
        schedule.maps.push(fused.map);
        let (map, inputs, outputs) = (schedule.maps.len() - 1, fused.inputs, fused.outputs);
        out.push(match shape {
            Shape::Matrix(lines, columns) if per => Instr::MatrixSum {
                map,
                lines: lines.clone(),
                columns: columns.clone(),
                inputs,
                outputs,
            },
            _ => Instr::MapSum {
                map,
                inputs,
                outputs,
            },
        });
    }
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
