//! The steps of the stage, one after the other.

use std::mem;

use crate::diag::{Diagnostics, Place};
use crate::syntax::{CellName, Definition, Header, Item};

use super::Cell;
use super::assembly::{Parts, notes};
use super::kinds;
use super::others::{inner, variant};
use super::roles::{self, check, complex, finite, lengths, order, usage};
use super::statements::{expand, scope};
use super::symbols::{self, lookalikes};
use super::trees::{build, tree};
use super::typing::Typer;

/// The cell that a definition means; `None` exactly where it reported mistakes.
pub(crate) fn resolve(definition: Definition, diagnostics: &mut Diagnostics) -> Option<Cell> {
    let before = diagnostics.list().len();
    let merged = variant::merge(definition, diagnostics)?;
    let mut cell = finish(merged.header, merged.items, &merged.cells, diagnostics)?;
    if let Some(parent) = merged.parent {
        cell.change = Some(parent.change(&cell, diagnostics));
    }
    if diagnostics.list().len() > before {
        return None;
    }
    notes::notes(&cell, diagnostics);
    // A variant's statements are looked at once as its parent's.
    for note in diagnostics.notes() {
        if !cell.notes.iter().any(|other| other.text == note.text) {
            cell.notes.push(note.clone());
        }
    }
    Some(cell)
}

/// What a definition with mistakes would be, as far as that can be told: its types are right
/// where nothing depends on a mistake. For an editor, which completes names while they are typed.
pub(crate) fn sketch(mut definition: Definition) -> Cell {
    let mut silent = Diagnostics::default();
    let unread = mem::take(&mut definition.unread);
    let unread = unread.into_iter().map(Item::Equation);
    definition.items.extend(unread);
    let header = definition.header.clone();
    let merged = variant::merge(definition, &mut silent);
    let cell = merged.and_then(|m| analyse(m.header, m.items, &m.cells, &mut silent));
    let mut cell = cell.unwrap_or(Cell {
        header,
        sizes: Vec::new(),
        symbols: Vec::new(),
        equations: Vec::new(),
        outputs: Vec::new(),
        change: None,
        notes: Vec::new(),
    });
    cell.keep_sizes_of_values();
    cell
}

/// Statements with every name a symbol.
pub(super) fn front(
    header: &Header,
    items: Vec<Item>,
    cells: &[(CellName, Definition)],
    diagnostics: &mut Diagnostics,
) -> (symbols::Table, Vec<tree::Resolved>) {
    let (items, clock) = expand::expand(header, items, diagnostics);
    let no_step = scope::check(header, &items, &clock, diagnostics);
    // What is no step is told that and nothing else.
    let mut silent = Diagnostics::default();
    let diagnostics = match no_step {
        true => &mut silent,
        false => diagnostics,
    };
    let instances = inner::declared(&items, &clock, cells, diagnostics);
    let mut table = symbols::collect(header, &items, (clock, instances), diagnostics);
    table.no_step = no_step;
    let resolved = build::build(&mut table, &items, diagnostics);
    (table, resolved)
}

/// The cell of statements that are no variant's; `None` exactly where it reported mistakes.
pub(super) fn finish(
    header: Header,
    items: Vec<Item>,
    cells: &[(CellName, Definition)],
    diagnostics: &mut Diagnostics,
) -> Option<Cell> {
    let before = diagnostics.list().len();
    let cell = analyse(header, items, cells, diagnostics)?;
    (diagnostics.list().len() == before).then_some(cell)
}

/// Everything about statements. Mistakes are reported, and what depends on them is left out;
/// `None` for what is no step in time.
fn analyse(
    header: Header,
    items: Vec<Item>,
    cells: &[(CellName, Definition)],
    diagnostics: &mut Diagnostics,
) -> Option<Cell> {
    let before = diagnostics.list().len();
    let here = Place::of(header.name.span());
    let (mut table, resolved) = front(&header, items, cells, diagnostics);
    if table.no_step {
        return None;
    }
    lookalikes::check(&table, diagnostics);
    let (mut roles, equations) = roles::roles(&mut table, resolved, here, before, diagnostics);
    check::declarations(&table, &roles, diagnostics);
    finite::check(&table, &roles, &equations, diagnostics);
    check::identifiers(&table, &roles, diagnostics);
    let sound = diagnostics.list().len();
    if sound == before {
        usage::check(&table, &roles, &equations, diagnostics);
        complex::check(&table, &roles, &equations, diagnostics);
        roles.lengths = lengths::check(&table, &roles, &equations, diagnostics);
    }
    let turned = diagnostics.list().iter();
    let turned = turned.filter(|d| d.code == "transpose_on_left").count() > 0;
    let misread = turned || diagnostics.list().len() > sound;
    let order = order::sort(&table, &equations, diagnostics);
    let (known, rows) = kinds::infer(&table, &roles, &equations, &order);
    // What a misread name would be says nothing of what it is.
    let mut silent = Diagnostics::default();
    let told = match misread {
        true => &mut silent,
        false => &mut *diagnostics,
    };
    let mut typer = Typer::new(&table, &roles, (&known, rows), told);
    let typed = typer.equations(&equations);
    let mistaken = typed.iter().any(Option::is_none);
    let shapes = typer.finish(mistaken);
    // An equation that is left out without a word would be another cell.
    #[cfg(test)]
    assert!(!mistaken || diagnostics.list().len() > before);
    let parts = Parts {
        table,
        roles,
        known,
        shapes,
        equations,
        typed,
        order,
    };
    // Initial values are looked at where the rest is sound.
    let mut silent = Diagnostics::default();
    match diagnostics.list().len() > before {
        true => Some(parts.assemble(header, &mut silent)),
        false => Some(parts.assemble(header, diagnostics)),
    }
}
