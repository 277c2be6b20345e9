//! Products that become one instruction.
//!
//! Takes: the products of one phase. Gives: [`Group`]s with one left operand each (or several
//! that are neighbours), and their packed weights.

use crate::ir::{Id, Op};
use crate::model::{Dim, Shape};

use super::flow::{Flow, Work};
use super::schedule::{Area, Block, Kind, Schedule, SlotId, Weight, WeightId};
use super::storage::{Draft, area};

/// Products over the same left operands.
pub(crate) struct Group {
    /// One slot where the operands are neighbours, else one for each.
    pub(crate) left: Vec<SlotId>,
    /// The products, side by side.
    pub(crate) parts: Vec<Id>,
    /// Whether the results stay in a stage.
    pub(crate) staged: bool,
}

/// Groups the products of one phase.
pub(crate) fn groups(draft: &Draft, schedule: &mut Schedule, products: &[Id]) -> Vec<Group> {
    let mut out: Vec<(Vec<SlotId>, Group)> = Vec::new();
    for &id in products {
        let lefts: Vec<SlotId> = operands(&draft.flow, id)
            .iter()
            .filter_map(|&v| draft.slot[v])
            .collect();
        let neighbour = |schedule: &Schedule, g: &Group| {
            let same_buffer = |a: Id, b: Id| match (draft.slot[a], draft.slot[b]) {
                (Some(a), Some(b)) => schedule.slots[a].buffer == schedule.slots[b].buffer,
                _ => false,
            };
            match (g.staged, draft.staged[id]) {
                (true, true) => draft.flow.nodes[g.parts[0]].shape == draft.flow.nodes[id].shape,
                (false, false) => same_buffer(g.parts[0], id),
                _ => false,
            }
        };
        match out
            .iter_mut()
            .find(|(l, g)| *l == lefts && neighbour(schedule, g))
        {
            Some((_, group)) => group.parts.push(id),
            None => {
                let left = schedule
                    .run(&lefts)
                    .map_or_else(|| lefts.clone(), |run| vec![run]);
                out.push((
                    lefts,
                    Group {
                        left,
                        parts: vec![id],
                        staged: draft.staged[id],
                    },
                ));
            }
        }
    }
    out.into_iter().map(|(_, group)| group).collect()
}

/// The vectors of a product.
pub(crate) fn operands(flow: &Flow, id: Id) -> Vec<Id> {
    flow.nodes[id]
        .args
        .iter()
        .skip(1)
        .step_by(2)
        .copied()
        .collect()
}

/// Results of plain products over one operand, which should be neighbours, at least so many.
pub(crate) fn side_by_side(draft: &Draft, least: usize) -> Vec<Vec<Id>> {
    let mut out: Vec<(Vec<Id>, Vec<Id>)> = Vec::new();
    let flow = &draft.flow;
    for id in 0..flow.nodes.len() {
        let bound = matches!(
            draft.pinned[id],
            Some(Kind::History(_) | Kind::Future(_) | Kind::Ahead(_))
        );
        if !matches!(flow.nodes[id].op, Work::Product(_)) || draft.staged[id] || bound {
            continue;
        }
        let lefts = operands(flow, id);
        let like = |other: Id| {
            draft.section[other] == draft.section[id] && draft.phase[other] == draft.phase[id]
        };
        match out
            .iter_mut()
            .find(|(l, group)| *l == lefts && like(group[0]))
        {
            Some((_, group)) => group.push(id),
            None => out.push((lefts, vec![id])),
        }
    }
    out.into_iter()
        .map(|(_, group)| group)
        .filter(|g| g.len() >= least)
        .collect()
}

impl Group {
    /// Packed weights for the whole group.
    pub(crate) fn weight(
        &self,
        draft: &Draft,
        schedule: &mut Schedule,
        packs: &mut Vec<WeightId>,
    ) -> WeightId {
        let mut blocks = Vec::new();
        let mut n_skip: Vec<Area> = Vec::new();
        for &part in &self.parts {
            let mut k_skip: Vec<Area> = Vec::new();
            for (term, vector) in operands(&draft.flow, part).into_iter().enumerate() {
                blocks.push(block(draft, part, term, k_skip.clone(), n_skip.clone()));
                k_skip.push(area(&draft.flow.nodes[vector].shape));
            }
            n_skip.push(area(&draft.flow.nodes[part].shape));
        }
        let gates = self.staged.then_some(self.parts.len());
        push(schedule, packs, Weight { blocks, gates })
    }

    /// Packed weights of a single term of a single part.
    pub(crate) fn piece(
        &self,
        draft: &Draft,
        schedule: &mut Schedule,
        part: Id,
        term: usize,
        packs: &mut Vec<WeightId>,
    ) -> WeightId {
        let block = block(draft, part, term, Vec::new(), Vec::new());
        push(
            schedule,
            packs,
            Weight {
                blocks: vec![block],
                gates: None,
            },
        )
    }
}

fn push(schedule: &mut Schedule, packs: &mut Vec<WeightId>, weight: Weight) -> WeightId {
    schedule.weights.push(weight);
    packs.push(schedule.weights.len() - 1);
    schedule.weights.len() - 1
}

/// A part of a matrix: through slices and transpositions down to what holds its elements.
pub(crate) struct View {
    pub(crate) base: Id,
    pub(crate) row: Dim,
    pub(crate) column: Dim,
    pub(crate) transposed: bool,
}

/// The matrix that really holds the elements of `id`. Slices add offsets; since offsets of
/// slices of slices could carry divisors, only one slice along each axis is followed.
pub(crate) fn view_of(flow: &Flow, id: Id) -> View {
    let mut view = View {
        base: id,
        row: Dim::number(0),
        column: Dim::number(0),
        transposed: false,
    };
    loop {
        let node = &flow.nodes[view.base];
        match &node.op {
            Work::Op(Op::Transpose)
                if view.row == Dim::number(0) && view.column == Dim::number(0) =>
            {
                view.transposed = !view.transposed;
            }
            Work::Op(Op::Slice { axis, from }) => {
                let offset = if *axis == 0 {
                    &mut view.row
                } else {
                    &mut view.column
                };
                match offset.plus(from) {
                    Some(sum) => *offset = sum,
                    None => return view,
                }
            }
            _ => return view,
        }
        view.base = node.args[0];
    }
}

fn block(draft: &Draft, part: Id, term: usize, k_skip: Vec<Area>, n_skip: Vec<Area>) -> Block {
    let node = &draft.flow.nodes[part];
    let (matrix, vector) = (node.args[2 * term], node.args[2 * term + 1]);
    let flag = match &node.op {
        Work::Product(flags) => flags[term],
        _ => false,
    };
    let view = view_of(&draft.flow, matrix);
    let columns = match &draft.flow.nodes[view.base].shape {
        Shape::Matrix(_, columns) => columns.clone(),
        _ => Dim::number(1),
    };
    Block {
        slot: draft.slot[view.base].expect("matrices of products have places"),
        columns,
        row: view.row,
        column: view.column,
        // `M v` runs along the columns of `M`, `Mᵀ v` along its rows.
        transposed: flag == view.transposed,
        k_skip,
        n_skip,
        k: length(&draft.flow.nodes[vector].shape),
        n: length(&node.shape),
    }
}

/// The length of a vector.
pub(crate) fn length(shape: &Shape) -> Dim {
    match shape {
        Shape::Vector(n) => n.clone(),
        Shape::Matrix(..) | Shape::Scalar => Dim::number(1),
    }
}
