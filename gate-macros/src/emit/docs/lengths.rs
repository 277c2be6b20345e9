//! Lengths and shapes in the names of the definition.

use crate::model::{Cell, Dim, Shape};
use crate::plan::{Area, area};

/// A shape as the user would declare it: `[X, H]`.
pub(crate) fn shape(shape: &Shape, cell: &Cell) -> String {
    lengths(&area(shape), cell)
}

/// Lengths in brackets; none for a scalar.
pub(super) fn lengths(area: &Area, cell: &Cell) -> String {
    let lengths: Vec<String> = area.iter().map(|n| size(n, cell)).collect();
    match lengths.is_empty() {
        true => "scalar".to_owned(),
        false => format!("[{}]", lengths.join(", ")),
    }
}

/// A length in the names of the definition.
pub(crate) fn size(dim: &Dim, cell: &Cell) -> String {
    let mut parts: Vec<String> = Vec::new();
    for &(size, factor) in &dim.terms {
        let name = &cell.sizes[size].name;
        parts.push(if factor == 1 {
            name.clone()
        } else {
            format!("{factor}{name}")
        });
    }
    if dim.constant > 0 || parts.is_empty() {
        parts.push(dim.constant.to_string());
    }
    let sum = parts.join(" + ");
    match dim.divisor {
        0 | 1 => sum,
        divisor if parts.len() > 1 => format!("({sum})/{divisor}"),
        divisor => format!("{sum}/{divisor}"),
    }
}
