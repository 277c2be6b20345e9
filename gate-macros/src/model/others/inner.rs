//! Cells inside a cell, `inner: Lstm;`: each is read as a definition of its own.

use std::rc::Rc;

use crate::diag::{Diagnostics, Place};
use crate::model::SymbolId;
use crate::model::kinds::{self, Kind, Known};
use crate::model::names::Written;
use crate::model::names::clock::Clock;
use crate::model::resolve::front;
use crate::model::roles::{self, Sort, order};
use crate::model::symbols::{Inner, Instance};
use crate::syntax::{CellName, Declaration, DeclaredKind, Definition, Item};

use super::variant;

/// The inner cells that statements declare.
pub(in crate::model) fn declared(
    items: &[Item],
    clock: &Clock,
    cells: &[(CellName, Definition)],
    diagnostics: &mut Diagnostics,
) -> Vec<Instance> {
    let mut instances: Vec<Instance> = Vec::new();
    for item in items {
        let Item::Declaration(Declaration {
            name,
            kind: Some(DeclaredKind::Cell(path)),
            place,
            ..
        }) = item
        else {
            continue;
        };
        let key = Written::of(name, clock).labelled();
        let cell = cells.iter().find(|(name, _)| *name == path.name);
        let inner = cell.and_then(|(_, cell)| inner(cell.clone(), diagnostics));
        if let Some(inner) = inner {
            instances.push(Instance {
                key,
                place: *place,
                path: path.name.path.clone(),
                symbols: vec![None; inner.table.symbols.len()],
                inner: Rc::new(inner),
                calls: 0,
            });
        }
    }
    instances
}

/// Reads a definition that is known to be sound.
fn inner(definition: Definition, diagnostics: &mut Diagnostics) -> Option<Inner> {
    let merged = variant::merge(definition, diagnostics)?;
    let (header, items, cells) = (merged.header, merged.items, merged.cells);
    let here = Place::of(header.name.span());
    let (mut table, equations) = front(&header, items, &cells, diagnostics);
    let (roles, real) = roles::roles(&mut table, equations.clone(), here, 0, diagnostics);
    let order = order::sort(&table, &real, &mut Diagnostics::default());
    let (known, _) = kinds::infer(&table, &roles, &real, &order);
    let sure = |(id, known): (SymbolId, Known)| {
        let kind = matches!(known.kind, Some(Kind::Scalar | Kind::Vector | Kind::Matrix));
        Some(known).filter(|known| kind && !known.identity && !table.is_size(id))
    };
    let known = known.into_iter().enumerate().map(sure).collect();
    let listed = table.inputs.clone().unwrap_or_default();
    let mut inputs: Vec<SymbolId> = (0..table.symbols.len())
        .filter(|&id| roles.sorts[id] == Sort::Input)
        .collect();
    let position = |id: SymbolId| listed.iter().position(|&input| input == id);
    inputs.sort_by_key(|&id| (position(id).unwrap_or(usize::MAX), table.symbols[id].seen));
    Some(Inner {
        table,
        equations,
        sorts: roles.sorts,
        outputs: roles.outputs,
        inputs,
        known,
    })
}
