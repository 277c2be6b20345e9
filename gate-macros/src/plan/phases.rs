//! The order inside a section.
//!
//! Takes: a flow in normal form with its sections. Gives: a phase for every node. In a phase
//! run first the operations that need whole vectors (products, reductions, …), then the
//! element-wise ones: scalars, then vectors, then matrices. An element-wise value is computed as
//! late as it can be where that leaves fewer values to store.

use crate::ir::{Id, Op};
use crate::model::Shape;

use super::flow::{Flow, Work};
use super::sections::Section;

/// The phase of every node within its section; leaves have phase 0.
pub(crate) fn phases(flow: &Flow, section: &[Section], fixed: &[bool]) -> Vec<usize> {
    let mut phase = earliest(flow, section);
    sink(flow, section, fixed, &mut phase);
    phase
}

fn earliest(flow: &Flow, section: &[Section]) -> Vec<usize> {
    let mut phase = vec![0; flow.nodes.len()];
    // Values that later steps read outside the loop order the phases too; without cycles this
    // settles after as many rounds as such values follow one another.
    for _ in 0..=flow.carried.len() {
        for (id, node) in flow.nodes.iter().enumerate() {
            let inside = |&&a: &&Id| section[a] == section[id];
            let latest = node.args.iter().filter(inside).map(|&a| phase[a]).max();
            let least = match latest {
                Some(p) if node.elementwise() => p,
                Some(p) => p + 1,
                None if node.leaf() => phase[id],
                None if node.elementwise() => 0,
                None => 1,
            };
            phase[id] = phase[id].max(least);
        }
        for carried in &flow.carried {
            for &(leaf, _) in &carried.leaves {
                if section[leaf] == section[carried.value] && section[leaf] != Section::Loop {
                    phase[leaf] = phase[leaf].max(phase[carried.value] + 1);
                }
            }
        }
    }
    phase
}

/// Moves element-wise values to the phase of their first reader.
fn sink(flow: &Flow, section: &[Section], fixed: &[bool], phase: &mut [usize]) {
    let users = flow.users();
    for id in (0..flow.nodes.len()).rev() {
        let movable = flow.nodes[id].elementwise() && !fixed[id] && !users[id].is_empty();
        let readers_allow = users[id]
            .iter()
            .all(|&u| section[u] == section[id] && flow.nodes[u].elementwise());
        if !movable || !readers_allow {
            continue;
        }
        let first = users[id]
            .iter()
            .map(|&u| phase[u])
            .min()
            .unwrap_or(phase[id]);
        let held_back = |&&a: &&Id| {
            let node = &flow.nodes[a];
            section[a] == section[id]
                && node.elementwise()
                && !matches!(node.op, Work::Spread(_))
                && !fixed[a]
                && users[a].iter().all(|&u| u == id || phase[u] <= phase[id])
        };
        if first > phase[id] && flow.nodes[id].args.iter().filter(held_back).count() <= 1 {
            phase[id] = first;
        }
    }
}

/// Whether two element-wise nodes are computed by one fused function.
pub(crate) fn together(flow: &Flow, section: &[Section], phase: &[usize], a: Id, b: Id) -> bool {
    section[a] == section[b]
        && phase[a] == phase[b]
        && flow.nodes[a].elementwise()
        && flow.nodes[b].elementwise()
        && flow.nodes[a].shape == flow.nodes[b].shape
}

/// Whether a node is a view of its argument: it costs nothing and has no memory of its own.
pub(crate) fn view(flow: &Flow, id: Id) -> bool {
    match (&flow.nodes[id].op, &flow.nodes[id].shape) {
        (Work::Op(Op::Slice { .. }), Shape::Vector(_) | Shape::Scalar) => true,
        (Work::Op(Op::Slice { axis, .. }), Shape::Matrix(..)) => *axis == 0,
        _ => false,
    }
}
