//! Stage 3, model: the tree to a cell whose every symbol has a role, a shape and a place.
//!
//! Takes: a [`Definition`]. Gives: a [`Cell`], its equations typed and sorted, or messages.
//! May assume that each statement by itself is well formed; knows names and time indices,
//! roles, kinds, sizes and the order of equations. The steps, each a file or two:
//!
//! `variant` (a parent's statements under a variant's) → `expand` (loops written out) → `clock`, `names`, `labels` (time index, label or power) →
//! `symbols` (what is defined, read, declared) → `build`, `apply`, `select` (trees of symbols) →
//! `roles`, `check` → `order` → `kinds`, `evidence` (scalar, vector or matrix) → `typed`,
//! `products`, `chain`, `calls`, `operations` (what each product means) with `sizes`, `form`
//! (unification) → `assemble`, `numbering`, `initial`, `print`, `spell`.

mod apply;
mod assemble;
mod build;
mod calls;
mod cell;
mod chain;
mod change;
mod check;
mod clock;
#[cfg(test)]
mod dump;
mod evidence;
mod expand;
mod form;
mod initial;
mod inline;
mod instances;
mod kinds;
mod labels;
mod letters;
mod names;
mod numbering;
mod operations;
mod order;
mod overlay;
mod print;
mod products;
mod roles;
mod select;
mod sizes;
mod spell;
mod symbols;
#[cfg(test)]
mod tests;
mod tree;
mod typed;
mod variant;
mod walk;

pub(crate) use cell::*;
pub(crate) use change::Change;
#[cfg(test)]
pub(crate) use dump::dump;

use crate::diag::{Diagnostics, Place};
use crate::syntax::{Definition, Header, Item};

/// The cell that a definition means; `None` exactly where it reported mistakes.
pub(crate) fn resolve(definition: Definition, diagnostics: &mut Diagnostics) -> Option<Cell> {
    let before = diagnostics.list().len();
    let merged = variant::merge(definition, diagnostics)?;
    let mut cell = finish(merged.header, merged.items, &merged.cells, diagnostics)?;
    if let Some(parent) = merged.parent {
        cell.change = Some(parent.change(&cell, diagnostics));
    }
    (diagnostics.list().len() == before).then_some(cell)
}

/// Statements with every name a symbol.
fn front(
    header: &Header,
    items: Vec<Item>,
    cells: &[(String, Definition)],
    diagnostics: &mut Diagnostics,
) -> (symbols::Table, Vec<tree::Resolved>) {
    let (items, clock) = expand::expand(header, items, diagnostics);
    let instances = instances::declared(&items, &clock, cells, diagnostics);
    let mut table = symbols::collect(header, &items, (clock, instances), diagnostics);
    let resolved = build::build(&mut table, &items, diagnostics);
    (table, resolved)
}

/// The cell of statements that are no variant's.
fn finish(
    header: Header,
    items: Vec<Item>,
    cells: &[(String, Definition)],
    diagnostics: &mut Diagnostics,
) -> Option<Cell> {
    let before = diagnostics.list().len();
    let here = Place::of(header.name.span());
    let (mut table, resolved) = front(&header, items, cells, diagnostics);
    let (roles, equations) = roles::roles(&mut table, resolved, here, before, diagnostics);
    check::declarations(&table, &roles, diagnostics);
    check::identifiers(&table, &roles, diagnostics);
    let order = order::sort(&table, &equations, diagnostics);
    let known = kinds::infer(&table, &roles, &equations, &order);
    let mut typer = typed::Typer::new(&table, &roles, &known, diagnostics);
    let typed = typer.equations(&equations);
    let shapes = typer.finish();
    if diagnostics.list().len() > before {
        return None;
    }
    let parts = assemble::Parts {
        table,
        roles,
        known,
        shapes,
        equations,
        typed,
        order,
    };
    let cell = parts.assemble(header, diagnostics);
    (diagnostics.list().len() == before).then_some(cell)
}
