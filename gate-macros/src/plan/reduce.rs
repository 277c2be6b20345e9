//! Sums over all rows of all steps.
//!
//! Takes: the draft of the backward pass, and what each step contributes to gradients of shared
//! values. Gives: the instructions that add it up: products where a step contributes an outer
//! product, element-wise sums elsewhere.

use crate::grad::Adjoint;
use crate::ir::{Id, Op};
use crate::model::{Cell, Dim, Shape};

use super::flow::{Flow, Work};
use super::lines::fuse;
use super::products::length;
use super::roots::{Roots, terms};
use super::schedule::{Area, Block, Instr, Kind, Per, Schedule, SlotId};
use super::sections::Section;
use super::storage::{Draft, area};

/// The sums over rows.
pub(super) fn reduce(
    cell: &Cell,
    adjoint: &Adjoint,
    roots: &Roots,
    draft: &Draft,
    schedule: &mut Schedule,
) {
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

/// Element-wise sums, one function per shape.
fn map_sums(draft: &Draft, sums: &[(Id, SlotId)], schedule: &mut Schedule) -> Vec<Instr> {
    let mut out = Vec::new();
    // Matrices that the loop gives are summed there (`sums`), if nothing else is.
    let kind = |id: Id| {
        let shape = &draft.flow.nodes[id].shape;
        let given = draft.section[id] == Section::Loop && matches!(shape, Shape::Matrix(..));
        (shape, given)
    };
    let mut kinds: Vec<(&Shape, bool)> = Vec::new();
    for &(id, _) in sums {
        if !kinds.contains(&kind(id)) {
            kinds.push(kind(id));
        }
    }
    for (shape, given) in kinds {
        let these: Vec<(Id, SlotId)> = sums
            .iter()
            .copied()
            .filter(|&(id, _)| kind(id) == (shape, given))
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

/// Where the gradient of a shared value is summed: for a plain parameter its gradient itself.
pub(super) fn total(
    cell: &Cell,
    adjoint: &Adjoint,
    index: usize,
    schedule: &mut Schedule,
) -> SlotId {
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
                .position(|b| b.kind == Kind::Total && b.names == [name.as_str()])
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

/// For every node, whether it depends on gradients of the loss.
pub(super) fn adjoints(flow: &Flow) -> Vec<bool> {
    let mut out: Vec<bool> = Vec::with_capacity(flow.nodes.len());
    for node in &flow.nodes {
        let source = matches!(node.op, Work::Op(Op::Seed(_) | Op::Future { .. }));
        out.push(source || node.args.iter().any(|&a| out[a]));
    }
    out
}
