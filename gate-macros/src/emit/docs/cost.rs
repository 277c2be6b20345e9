//! What a step costs, in the names of the definition's sizes.

use crate::ir::{Graph, Op};
use crate::model::Cell;
use crate::plan::Schedule;

use super::lengths::{lengths, shape};
use crate::emit::info::tape;

/// A sentence on products and one on the tape. What depends on parameters only is computed once
/// per sequence and not counted.
pub(super) fn cost(cell: &Cell, graph: &Graph, schedule: &Schedule) -> String {
    let shared = graph.shared();
    let products = graph.nodes.iter().enumerate().filter(|(id, node)| {
        let product = matches!(node.op, Op::MatVec { .. } | Op::MatMat);
        product && !shared[*id]
    });
    let with = products.map(|(_, node)| shape(&graph.nodes[node.args[0]].shape, cell));
    let products = match counted(with) {
        list if list.is_empty() => "no products with matrices".to_owned(),
        list => format!("products with matrices: {list}"),
    };
    let kept = counted(tape(schedule).map(|area| lengths(area, cell)));
    format!(
        "Per step and row: {products}; the tape keeps {kept}. \
         `INFO.cost(&sizes)` counts operations, activations and numbers."
    )
}

/// Equal things once, with how many there are, in the order in which they first come.
fn counted(things: impl Iterator<Item = String>) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for thing in things {
        match counts.iter_mut().find(|(known, _)| *known == thing) {
            Some((_, count)) => *count += 1,
            None => counts.push((thing, 1)),
        }
    }
    let parts: Vec<String> = counts
        .iter()
        .map(|(thing, count)| format!("{count} × `{thing}`"))
        .collect();
    parts.join(", ")
}
