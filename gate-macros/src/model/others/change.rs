//! What a variant changed of its parent, for the documentation and for messages.

use crate::diag::{self, Diagnostics, Place};
use crate::model::{Cell, Change, Dim, Shape};

/// The parent of a variant, and what the variant says.
pub(in crate::model) struct Parent {
    pub(super) path: String,
    pub(super) cell: Cell,
    /// The variant's own equations and declarations, by symbol as printed.
    pub(super) own: Vec<(String, Place)>,
}

impl Parent {
    /// What the variant changed; reports what it says without changing anything.
    pub(in crate::model) fn change(&self, cell: &Cell, diagnostics: &mut Diagnostics) -> Change {
        let symbol = |cell: &Cell, name: &str| {
            let found = cell.symbols.iter().position(|s| s.printed == name);
            found.map(|id| (id, cell.symbols[id].clone()))
        };
        let equation = |cell: &Cell, id: usize| {
            let found = cell.equations.iter().find(|equation| equation.left == id);
            found.map(|equation| equation.printed.clone())
        };
        // Where a call of an inner cell is given something else, its equations differ.
        let said = |name: &str| self.own.iter().any(|(own, _)| own == name);
        let moved = cell.equations.iter().any(|new| {
            let name = &cell.symbols[new.left].printed;
            let old = symbol(&self.cell, name).and_then(|(old, _)| equation(&self.cell, old));
            !said(name) && old.is_some_and(|old| old != new.printed)
        });
        let (mut replaced, mut added) = (Vec::new(), Vec::new());
        for (name, place) in &self.own {
            let (Some((new, after)), Some((old, before))) =
                (symbol(cell, name), symbol(&self.cell, name))
            else {
                continue;
            };
            let shapes = extents(&after.shape, cell) == extents(&before.shape, &self.cell);
            let equations = equation(cell, new) == equation(&self.cell, old);
            if shapes && equations && after.role == before.role && !moved {
                diagnostics.push(diag::variant_same(*place, name, &self.path));
            }
            if !replaced.contains(name) {
                replaced.push(name.clone());
            }
        }
        let mut left_out = Vec::new();
        for old in &self.cell.symbols {
            if !cell.symbols.iter().any(|new| new.ident == old.ident) {
                left_out.push(old.printed.clone());
            }
        }
        for new in &cell.symbols {
            if !self.cell.symbols.iter().any(|old| new.ident == old.ident) {
                added.push(new.printed.clone());
            }
        }
        Change {
            parent: self.path.clone(),
            replaced,
            added,
            left_out,
        }
    }
}

/// A shape, its sizes by name.
fn extents(shape: &Shape, cell: &Cell) -> Vec<String> {
    let dim = |dim: &Dim| {
        let terms = dim.terms.iter();
        let terms = terms.map(|(size, factor)| (&cell.sizes[*size].name, factor));
        let terms: Vec<_> = terms.collect();
        format!("{terms:?} + {} / {}", dim.constant, dim.divisor)
    };
    match shape {
        Shape::Scalar => Vec::new(),
        Shape::Vector(n) => vec![dim(n)],
        Shape::Matrix(m, n) => vec![dim(m), dim(n)],
    }
}
