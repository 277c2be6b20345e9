//! Stage 3, model: the tree to a cell whose every symbol has a role, a shape and a place.
//!
//! Takes: a [`Definition`]. Gives: a [`Cell`], its equations typed and sorted, or messages.
//! May assume that each statement by itself is well formed; knows names and time indices,
//! roles, kinds, sizes and the order of equations. The steps, each a file or two:
//!
//! `expand` (loops written out) → `clock`, `names` (time index, label or power) → `symbols`
//! (what is defined, read, declared) → `build`, `apply` (trees of symbols) → `roles` →
//! `kinds`, `evidence` (scalar, vector or matrix) → `typed`, `chain`, `calls` (what each product
//! means) with `sizes` (unification) → `order` → `initial` → `assemble`, `print`, `spell`.

mod apply;
mod assemble;
mod build;
mod calls;
mod cell;
mod chain;
mod check;
mod clock;
#[cfg(test)]
mod dump;
mod evidence;
mod expand;
mod initial;
mod kinds;
mod letters;
mod names;
mod order;
mod print;
mod roles;
mod sizes;
mod spell;
mod symbols;
#[cfg(test)]
mod tests;
mod tree;
mod typed;
mod walk;

pub(crate) use cell::*;

use crate::diag::{self, Diagnostics, Place};
use crate::syntax::Definition;

/// The cell that a definition means; `None` exactly where it reported mistakes.
pub(crate) fn resolve(definition: Definition, diagnostics: &mut Diagnostics) -> Option<Cell> {
    let before = diagnostics.list().len();
    let header = definition.header;
    let here = Place::of(header.name.span());
    let (items, clock) = expand::expand(&header, definition.items, diagnostics);
    let mut table = symbols::collect(&header, &items, clock, diagnostics);
    let resolved = build::build(&mut table, &items, diagnostics);
    let (roles, equations) = roles::roles(&mut table, resolved, here, diagnostics);
    check::declarations(&table, &roles, diagnostics);
    let order = order::sort(&table, &equations, diagnostics);
    let kinds = kinds::infer(&table, &roles, &equations);
    let mut typer = typed::Typer::new(&table, &roles, &kinds, diagnostics);
    let typed = typer.equations(&equations);
    let shapes = typer.finish();
    if diagnostics.list().len() > before {
        return None;
    }
    let parts = assemble::Parts { table, roles, kinds, shapes, equations, typed, order };
    assemble::assemble(header, parts, diagnostics)
}
