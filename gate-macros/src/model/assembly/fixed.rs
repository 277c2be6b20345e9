//! The types of fixed sizes that a definition asks for.
//!
//! Takes: the cell, and what stands in its `#[fixed(…)]` attributes. Gives: a number for each of
//! the cell's sizes.

use proc_macro2::Ident;

use crate::diag::{self, Diagnostics, Place};
use crate::model::cell::{Cell, Dim, Expr, ExprKind, Shape};
use crate::syntax::Fixed;

/// A type of fixed sizes.
#[derive(Clone, Debug)]
pub(crate) struct FixedType {
    pub(crate) name: Ident,
    /// One for each of the cell's sizes.
    pub(crate) sizes: Vec<usize>,
}

/// The types that the definition asks for; those with mistakes are reported and left out.
pub(crate) fn fixed_types(cell: &Cell, diagnostics: &mut Diagnostics) -> Vec<FixedType> {
    let all = &cell.header.fixed;
    let found = all.iter().filter_map(|fixed| {
        let sizes = sizes(cell, fixed, diagnostics)?;
        Some(FixedType {
            name: fixed.name.clone(),
            sizes,
        })
    });
    found.collect()
}

/// The types as far as that can be told of a definition with mistakes: a size without a number
/// is one.
pub(crate) fn sketched_types(cell: &Cell) -> Vec<FixedType> {
    let of = |fixed: &Fixed, argument: &str| {
        let given = fixed.sizes.iter().find(|(name, ..)| name == argument);
        given.map_or(1, |(_, number, _)| *number)
    };
    let each = cell.header.fixed.iter().map(|fixed| FixedType {
        name: fixed.name.clone(),
        sizes: cell.sizes.iter().map(|s| of(fixed, &s.argument)).collect(),
    });
    each.collect()
}

fn sizes(cell: &Cell, fixed: &Fixed, diagnostics: &mut Diagnostics) -> Option<Vec<usize>> {
    let before = diagnostics.list().len();
    let known: Vec<&str> = cell.sizes.iter().map(|s| s.argument.as_str()).collect();
    for (name, _, place) in &fixed.sizes {
        if !known.contains(&name.as_str()) {
            diagnostics.push(diag::fixed_unknown(*place, name, &known));
        }
    }
    let value = |size: &str| fixed.sizes.iter().find(|(name, ..)| name == size);
    let missing: Vec<&str> = known
        .iter()
        .copied()
        .filter(|size| value(size).is_none())
        .collect();
    let here = Place::of(fixed.name.span());
    if !missing.is_empty() && diagnostics.list().len() == before {
        diagnostics.push(diag::fixed_missing(here, &fixed.name.to_string(), &missing));
    }
    if diagnostics.list().len() > before {
        return None;
    }
    let sizes: Vec<usize> = known
        .iter()
        .filter_map(|size| value(size).map(|(_, number, _)| *number))
        .collect();
    for symbol in &cell.symbols {
        let dims: &[&Dim] = match &symbol.shape {
            Shape::Scalar => &[],
            Shape::Vector(n) => &[n],
            Shape::Matrix(m, n) => &[m, n],
        };
        if let Some(dim) = dims.iter().find(|dim| !dim.divides(&sizes)) {
            let (length, divisor) = (dim.undivided(&sizes), dim.divisor);
            diagnostics.push(diag::fixed_indivisible(
                here,
                &symbol.printed,
                length,
                divisor,
            ));
            return None;
        }
    }
    let mut rights = cell.equations.iter().map(|equation| &equation.right);
    if let Some(beyond) = rights.find_map(|right| slice_beyond(cell, right, &sizes)) {
        diagnostics.push(diag::fixed_slice(here, &fixed.name.to_string(), beyond));
    }
    (diagnostics.list().len() == before).then_some(sizes)
}

/// A slice that reaches beyond its vector with these sizes.
fn slice_beyond(cell: &Cell, expr: &Expr, sizes: &[usize]) -> Option<diag::Beyond> {
    let mut parts = expr.children().into_iter();
    if let Some(found) = parts.find_map(|part| slice_beyond(cell, part, sizes)) {
        return Some(found);
    }
    let (ExprKind::Slice(vector, from), Shape::Vector(part)) = (&expr.kind, &expr.shape) else {
        return None;
    };
    let Shape::Vector(whole) = &vector.shape else {
        return None;
    };
    let (end, length) = (from.of(sizes) + part.of(sizes), whole.of(sizes));
    let vector = match &vector.kind {
        ExprKind::Read { symbol, .. } => format!("`{}`", cell.symbols[*symbol].printed),
        _ => "the vector".to_owned(),
    };
    let place = expr.place;
    (end > length).then_some(diag::Beyond {
        vector,
        end,
        length,
        place,
    })
}

impl Dim {
    /// The sum before it is divided.
    fn undivided(&self, sizes: &[usize]) -> usize {
        let terms = self
            .terms
            .iter()
            .map(|&(size, factor)| factor * sizes[size]);
        terms.sum::<usize>() + self.constant
    }

    fn divides(&self, sizes: &[usize]) -> bool {
        self.undivided(sizes).is_multiple_of(self.divisor.max(1))
    }

    /// The length for these sizes.
    pub(crate) fn of(&self, sizes: &[usize]) -> usize {
        self.undivided(sizes) / self.divisor.max(1)
    }
}
