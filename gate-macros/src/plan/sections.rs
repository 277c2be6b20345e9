//! Which part of the program computes each value: what leaves the time loop.
//!
//! Takes: a flow. Gives: a [`Section`] for every node. A value is in the loop if it depends on
//! a recurrent state and a recurrent state depends on it. Element-wise work that could leave
//! the loop is drawn back into it where only the loop needs it: one pass over memory less.

use crate::ir::{Id, Op};
use crate::model::Shape;

use super::flow::{Flow, Work};

/// Where a value is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    /// Once per sequence.
    Once,
    /// Once, from gradients that were summed over all rows.
    Finish,
    Before,
    Loop,
    After,
    /// Only inside a sum over all rows.
    Reduce,
}

/// The sections of all nodes; `shared` says which depend on parameters only, `summed` which are
/// wanted only as sums over all rows, `rooted` which are wanted themselves, `late` which leaves
/// are at hand in the loop alone.
pub(crate) fn sections(
    flow: &Flow,
    shared: &[bool],
    (summed, rooted): (&[bool], &[bool]),
    late: &[bool],
) -> Vec<Section> {
    let recurrent = recurrent(flow);
    let down = downstream(flow, &recurrent, late);
    let up = upstream(flow, &recurrent);
    let summed_late = from_totals(flow);
    let mut section: Vec<Section> = (0..flow.nodes.len())
        .map(|id| match (shared[id], down[id], up[id]) {
            (true, ..) if summed_late[id] => Section::Finish,
            (true, ..) => Section::Once,
            (_, false, _) => Section::Before,
            (_, true, true) => Section::Loop,
            (_, true, false) => Section::After,
        })
        .collect();
    // A state that copies a parameter has a value at every step all the same.
    for carried in &flow.carried {
        if section[carried.value] == Section::Once {
            section[carried.value] = Section::Before;
        }
    }
    let users = flow.users();
    to_reduction(flow, &users, (summed, rooted), late, &mut section);
    if recurrent.iter().any(|&r| r) {
        draw_back(flow, &users, &mut section);
    }
    section
}

/// Nodes that depend on the summed gradient of a shared value.
fn from_totals(flow: &Flow) -> Vec<bool> {
    let mut late: Vec<bool> = Vec::with_capacity(flow.nodes.len());
    for node in &flow.nodes {
        late.push(matches!(node.op, Work::Op(Op::Total(_))) || node.args.iter().any(|&a| late[a]));
    }
    late
}

/// Which carried values depend on themselves.
fn recurrent(flow: &Flow) -> Vec<bool> {
    let count = flow.carried.len();
    let mut reads = vec![vec![false; count]; count];
    for (c, carried) in flow.carried.iter().enumerate() {
        let above = ancestors(flow, carried.value);
        for (d, other) in flow.carried.iter().enumerate() {
            reads[c][d] = other.leaves.iter().any(|&(leaf, _)| above[leaf]);
        }
    }
    for via in 0..count {
        for a in 0..count {
            if reads[a][via] {
                let row = reads[via].clone();
                for (b, reached) in row.into_iter().enumerate() {
                    reads[a][b] |= reached;
                }
            }
        }
    }
    (0..count).map(|c| reads[c][c]).collect()
}

/// The nodes that a node depends on within a step, itself included.
fn ancestors(flow: &Flow, id: Id) -> Vec<bool> {
    let mut above = vec![false; flow.nodes.len()];
    let mut stack = vec![id];
    while let Some(next) = stack.pop() {
        if !std::mem::replace(&mut above[next], true) {
            stack.extend(&flow.nodes[next].args);
        }
    }
    above
}

/// Nodes that depend on a recurrent value of an earlier step, or on a late leaf.
fn downstream(flow: &Flow, recurrent: &[bool], late: &[bool]) -> Vec<bool> {
    let mut down = late.to_vec();
    for (carried, _) in flow.carried.iter().zip(recurrent).filter(|(_, r)| **r) {
        for &(leaf, _) in &carried.leaves {
            down[leaf] = true;
        }
    }
    loop {
        for (id, node) in flow.nodes.iter().enumerate() {
            down[id] |= node.args.iter().any(|&a| down[a]);
        }
        let mut changed = false;
        for carried in &flow.carried {
            if down[carried.value] {
                for &(leaf, _) in &carried.leaves {
                    changed |= !std::mem::replace(&mut down[leaf], true);
                }
            }
        }
        if !changed {
            return down;
        }
    }
}

/// Nodes that a recurrent value depends on, at this step or a later one.
fn upstream(flow: &Flow, recurrent: &[bool]) -> Vec<bool> {
    let mut up = vec![false; flow.nodes.len()];
    for (carried, _) in flow.carried.iter().zip(recurrent).filter(|(_, r)| **r) {
        up[carried.value] = true;
    }
    loop {
        for id in (0..flow.nodes.len()).rev() {
            if up[id] {
                for &arg in &flow.nodes[id].args {
                    up[arg] = true;
                }
            }
        }
        let mut changed = false;
        for carried in &flow.carried {
            if carried.leaves.iter().any(|&(leaf, _)| up[leaf]) {
                changed |= !std::mem::replace(&mut up[carried.value], true);
            }
        }
        if !changed {
            return up;
        }
    }
}

/// Element-wise values that only sums over all rows need are computed inside those sums; but
/// matrices in the loop, if that alone has what they are computed from.
fn to_reduction(
    flow: &Flow,
    users: &[Vec<Id>],
    (summed, rooted): (&[bool], &[bool]),
    late: &[bool],
    section: &mut [Section],
) {
    let carried = |id: Id| flow.carried.iter().any(|c| c.value == id);
    let matrices = late.iter().any(|&late| late);
    let matrix = |id: Id| matches!(flow.nodes[id].shape, Shape::Matrix(..));
    for id in (0..flow.nodes.len()).rev() {
        let inside =
            |&u: &Id| section[u] == Section::Reduce && !matches!(flow.nodes[u].op, Work::Spread(_));
        let only_sums = users[id].iter().all(inside);
        let wanted = summed[id] || !users[id].is_empty();
        if flow.nodes[id].elementwise()
            && matches!(section[id], Section::After | Section::Before)
            && only_sums
            && wanted
            && !rooted[id]
            && !carried(id)
            && !(matrices && section[id] == Section::After && matrix(id))
        {
            section[id] = Section::Reduce;
        }
    }
}

/// Draws element-wise work into the loop, and sums of the results of what is there.
fn draw_back(flow: &Flow, users: &[Vec<Id>], section: &mut [Section]) {
    let carried = |id: Id| flow.carried.iter().any(|c| c.value == id);
    let plain = |id: Id| flow.nodes[id].elementwise() && !carried(id);
    for id in 0..flow.nodes.len() {
        let late = |&a: &Id| section[a] == Section::After && !prompt_leaf(flow, a);
        let fold = matches!(flow.nodes[id].op, Work::Fold(_)) && !carried(id);
        if section[id] == Section::After
            && (plain(id) || fold)
            && !flow.nodes[id].args.iter().any(late)
        {
            section[id] = Section::Loop;
        }
    }
    for id in (0..flow.nodes.len()).rev() {
        let inside = users[id].iter().all(|&u| section[u] == Section::Loop);
        if section[id] == Section::Before && plain(id) && inside && !users[id].is_empty() {
            section[id] = Section::Loop;
        }
    }
}

/// A leaf that is at hand inside the loop whatever section it was counted to.
fn prompt_leaf(flow: &Flow, id: Id) -> bool {
    let node = &flow.nodes[id];
    let delayed = matches!(node.op, Work::Op(Op::Prev { .. } | Op::Future { .. }));
    node.leaf()
        && !(delayed
            && flow
                .carried
                .iter()
                .any(|c| c.leaves.iter().any(|&(leaf, _)| leaf == id)))
}
