//! Lengths and shapes in the names of the definition.

use crate::model::{Cell, Shape};
use crate::plan::{Area, area};

/// A shape as the user would declare it: `[X, H]`.
pub(crate) fn shape(shape: &Shape, cell: &Cell) -> String {
    lengths(&area(shape), cell)
}

/// Lengths in brackets; none for a scalar.
pub(super) fn lengths(area: &Area, cell: &Cell) -> String {
    let lengths: Vec<String> = area.iter().map(|n| n.written(&cell.sizes, " + ")).collect();
    match lengths.is_empty() {
        true => "scalar".to_owned(),
        false => format!("[{}]", lengths.join(", ")),
    }
}
