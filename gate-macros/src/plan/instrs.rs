//! Instructions of one section.
//!
//! Takes: a [`Draft`] whose values have their places. Gives: the instructions of a section in
//! order: phase by phase, products merged along their left operand, element-wise work fused.

use crate::ir::{Id, Op};
use crate::model::{Dim, Shape};

use super::bases;
use super::flow::Work;
use super::lines::{Fused, fuse};
use super::phases::view;
use super::products::{Group, groups};
use super::schedule::{Instr, Per, Schedule, SlotId, WeightId};
use super::sections::Section;
use super::storage::{Draft, area};

/// The instructions of `section`; weights that they need are added to the schedule.
pub(crate) fn instructions(
    draft: &mut Draft,
    schedule: &mut Schedule,
    section: Section,
    packs: &mut Vec<WeightId>,
) -> Vec<Instr> {
    let last = (0..draft.flow.nodes.len())
        .filter(|&id| draft.section[id] == section)
        .map(|id| draft.phase[id])
        .max();
    let mut out = Vec::new();
    for phase in 0..=last.unwrap_or(0) {
        let here: Vec<Id> = (0..draft.flow.nodes.len())
            .filter(|&id| {
                draft.section[id] == section
                    && draft.phase[id] == phase
                    && !draft.flow.nodes[id].leaf()
            })
            .collect();
        let products: Vec<Id> = here
            .iter()
            .copied()
            .filter(|&id| matches!(draft.flow.nodes[id].op, Work::Product(_)))
            .collect();
        for &id in here
            .iter()
            .filter(|&&id| !draft.flow.nodes[id].elementwise() && !products.contains(&id))
        {
            barrier(draft, schedule, id, &mut out);
        }
        let mut staged = Vec::new();
        for group in groups(draft, schedule, &products) {
            match group.staged {
                true => staged.push(group),
                false => plain_product(draft, schedule, &group, packs, &mut out),
            }
        }
        maps(draft, schedule, &here, &staged, packs, &mut out);
    }
    out
}

/// The fused functions of a phase: scalars first, then vectors, then matrices.
fn maps(
    draft: &Draft,
    schedule: &mut Schedule,
    here: &[Id],
    staged: &[Group],
    packs: &mut Vec<WeightId>,
    out: &mut Vec<Instr>,
) {
    let users = draft.flow.users();
    for shape in shapes(draft, here) {
        let of_shape = |&id: &Id| {
            let node = &draft.flow.nodes[id];
            node.elementwise() && node.shape == *shape
        };
        let nodes: Vec<Id> = here.iter().copied().filter(of_shape).collect();
        let stage: Vec<&Group> = staged
            .iter()
            .filter(|g| draft.flow.nodes[g.parts[0]].shape == *shape)
            .collect();
        let given: Vec<Id> = stage.iter().flat_map(|g| g.parts.iter().copied()).collect();
        let written: Vec<(Id, Per, SlotId)> = given
            .iter()
            .chain(&nodes)
            .filter(|&&id| draft.stored(id, &users))
            .filter_map(|&id| Some((id, Per::Element, draft.slot[id]?)))
            .chain(folds(draft, &nodes, &users))
            .collect();
        if written.is_empty() {
            continue;
        }
        let mut fused = fuse(draft, &nodes, &given, &written);
        if let Shape::Matrix(lines, columns) = shape {
            out.push(matrix(schedule, fused, lines, columns));
            continue;
        }
        let bases = bases::of_stage(
            schedule,
            shape,
            &mut fused.map,
            given.len(),
            &mut fused.inputs,
        );
        schedule.maps.push(fused.map);
        let map = schedule.maps.len() - 1;
        if stage.is_empty() {
            out.push(Instr::Map {
                map,
                inputs: fused.inputs,
                outputs: fused.outputs,
            });
            continue;
        }
        let products = stage
            .iter()
            .map(|g| (g.left[0], g.weight(draft, schedule, packs)))
            .collect();
        out.push(Instr::Stage {
            products,
            bases,
            map,
            inputs: fused.inputs,
            outputs: fused.outputs,
        });
    }
}

/// The shapes of the element-wise ones among some nodes, each once, smaller kinds first.
fn shapes<'d>(draft: &'d Draft, nodes: &[Id]) -> Vec<&'d Shape> {
    let mut shapes: Vec<&Shape> = Vec::new();
    for &id in nodes {
        let node = &draft.flow.nodes[id];
        if node.elementwise() && !shapes.contains(&&node.shape) {
            shapes.push(&node.shape);
        }
    }
    shapes.sort_by_key(|shape| match shape {
        Shape::Scalar => 0,
        Shape::Vector(_) => 1,
        Shape::Matrix(..) => 2,
    });
    shapes
}

/// Sums of what these nodes compute, with their places.
fn folds(draft: &Draft, nodes: &[Id], users: &[Vec<Id>]) -> Vec<(Id, Per, SlotId)> {
    let each = nodes
        .iter()
        .flat_map(|&id| users[id].iter().map(move |&user| (id, user)));
    let sums = each.filter_map(|(id, user)| match draft.flow.nodes[user].op {
        Work::Fold(per) if draft.folded(user) => Some((id, per, draft.slot[user]?)),
        _ => None,
    });
    sums.collect()
}

/// A function of matrices; a plain one where every operand has a number for each element, or one.
fn matrix(schedule: &mut Schedule, fused: Fused, lines: &Dim, columns: &Dim) -> Instr {
    let plain = fused.map.per.is_none();
    schedule.maps.push(fused.map);
    let (map, inputs, outputs) = (schedule.maps.len() - 1, fused.inputs, fused.outputs);
    match plain {
        true => Instr::Map {
            map,
            inputs,
            outputs,
        },
        false => Instr::Matrix {
            map,
            lines: lines.clone(),
            columns: columns.clone(),
            inputs,
            outputs,
        },
    }
}

/// A product whose results go to memory; in several pieces where its operands are not neighbours.
fn plain_product(
    draft: &Draft,
    schedule: &mut Schedule,
    group: &Group,
    packs: &mut Vec<WeightId>,
    out: &mut Vec<Instr>,
) {
    let slots: Vec<SlotId> = group.parts.iter().filter_map(|&p| draft.slot[p]).collect();
    let base = |part: Id| draft.base[part].and_then(|base| draft.slot[base]);
    let bases: Vec<SlotId> = group.parts.iter().filter_map(|&p| base(p)).collect();
    let below = schedule.run(&bases);
    let together = bases.is_empty() || bases.len() == slots.len() && below.is_some();
    match (schedule.run(&slots), group.left.as_slice()) {
        (Some(target), &[left]) if together => {
            let weight = group.weight(draft, schedule, packs);
            out.push(Instr::Product {
                left,
                weight,
                out: target,
                base: below,
            });
        }
        _ => {
            for (part, &target) in group.parts.iter().zip(&slots) {
                for (term, &left) in group.left.iter().enumerate() {
                    let weight = group.piece(draft, schedule, *part, term, packs);
                    out.push(Instr::Product {
                        left,
                        weight,
                        out: target,
                        base: match term {
                            0 => base(*part),
                            _ => Some(target),
                        },
                    });
                }
            }
        }
    }
}

/// An operation on whole vectors or matrices.
fn barrier(draft: &Draft, schedule: &mut Schedule, id: Id, out: &mut Vec<Instr>) {
    if view(&draft.flow, id) || draft.folded(id) {
        return;
    }
    let node = &draft.flow.nodes[id];
    let Some(target) = draft.slot[id] else { return };
    match &node.op {
        Work::Fold(per) => {
            let of = node.args[0];
            if let Shape::Matrix(lines, columns) = &draft.flow.nodes[of].shape {
                let fused = fuse(draft, &[], &[], &[(of, *per, target)]);
                out.push(matrix(schedule, fused, lines, columns));
            }
        }
        Work::Op(Op::Pad { axis, from }) => pad(draft, schedule, id, *axis, from, target, out),
        Work::Op(Op::Concat) => concat(draft, schedule, id, target, out),
        Work::Op(op) => out.extend(single(draft, id, op, target)),
        _ => {}
    }
}

/// An operation on whole vectors or matrices that is one instruction.
fn single(draft: &Draft, id: Id, op: &Op, target: SlotId) -> Option<Instr> {
    let node = &draft.flow.nodes[id];
    let arg = |i: usize| {
        draft.slot[node.args[i]].expect("operands of whole-vector operations have places")
    };
    let columns = |id: Id| match &draft.flow.nodes[id].shape {
        Shape::Matrix(_, columns) => columns.clone(),
        _ => Dim::number(1),
    };
    Some(match op {
        Op::MatVec { transposed } => Instr::MatVec {
            matrix: arg(0),
            vector: arg(1),
            transposed: *transposed,
            out: target,
        },
        Op::MatMat => Instr::MatMat {
            left: arg(0),
            right: arg(1),
            inner: columns(node.args[0]),
            out: target,
        },
        Op::Transpose => Instr::Transpose {
            of: arg(0),
            columns: columns(node.args[0]),
            out: target,
        },
        Op::Outer => Instr::Outer {
            left: arg(0),
            right: arg(1),
            out: target,
        },
        Op::Sum => Instr::Sum {
            of: arg(0),
            out: target,
        },
        Op::Largest => Instr::Largest {
            of: arg(0),
            out: target,
        },
        Op::CumSum { reversed } => Instr::CumSum {
            of: arg(0),
            reversed: *reversed,
            out: target,
        },
        Op::Identity => Instr::Identity {
            columns: columns(id),
            out: target,
        },
        Op::Length(of) => Instr::Length {
            of: of.clone(),
            out: target,
        },
        Op::Mask { kind, index } => Instr::Mask {
            kind: *kind,
            index: *index,
            chance: arg(0),
            out: target,
        },
        Op::Slice { from, .. } => Instr::TakeColumns {
            of: arg(0),
            columns: columns(node.args[0]),
            from: from.clone(),
            width: columns(id),
            out: target,
        },
        // Leaves, which no instruction computes, what is element by element, and what `barrier`
        // makes several instructions of.
        Op::Input(_)
        | Op::Param(_)
        | Op::Hyper(_)
        | Op::Prev { .. }
        | Op::Number(_)
        | Op::Seed(_)
        | Op::Future { .. }
        | Op::Total(_)
        | Op::Unary(_)
        | Op::Binary(_)
        | Op::Select(_)
        | Op::Spread
        | Op::StopGradient
        | Op::Pad { .. }
        | Op::Concat => return None,
    })
}

/// Zeros, and the argument inside them.
fn pad(
    draft: &Draft,
    schedule: &mut Schedule,
    id: Id,
    axis: usize,
    from: &Dim,
    target: SlotId,
    out: &mut Vec<Instr>,
) {
    let node = &draft.flow.nodes[id];
    let (of, inner) = (node.args[0], &draft.flow.nodes[node.args[0]].shape);
    let Some(source) = draft.slot[of] else { return };
    out.push(Instr::Zero { out: target });
    match (&node.shape, inner) {
        (Shape::Matrix(_, columns), Shape::Matrix(_, width)) if axis == 1 => {
            out.push(Instr::PutColumns {
                of: source,
                columns: columns.clone(),
                from: from.clone(),
                width: width.clone(),
                out: target,
            });
        }
        (shape, _) => {
            let mut slot = schedule.slots[target].clone();
            let mut skip = vec![from.clone()];
            if let Shape::Matrix(_, columns) = shape {
                skip.push(columns.clone());
            }
            if *from != Dim::number(0) {
                slot.skip.push(skip);
            }
            slot.width = vec![area(inner)];
            let slot = schedule.slot(slot);
            out.push(Instr::Copy {
                of: source,
                out: slot,
            });
        }
    }
}

/// Copies side by side.
fn concat(draft: &Draft, schedule: &mut Schedule, id: Id, target: SlotId, out: &mut Vec<Instr>) {
    let whole = schedule.slots[target].clone();
    let mut skip = whole.skip.clone();
    for &part in &draft.flow.nodes[id].args {
        let width = area(&draft.flow.nodes[part].shape);
        let slot = schedule.slot(super::schedule::Slot {
            skip: skip.clone(),
            width: vec![width.clone()],
            ..whole.clone()
        });
        skip.push(width);
        if let Some(of) = draft.slot[part] {
            out.push(Instr::Copy { of, out: slot });
        }
    }
}
