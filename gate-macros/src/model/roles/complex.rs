//! The imaginary unit: `\lambda = \exp(-\nu + i \theta)`.
//!
//! As any other undefined name, the `i` of an exponent would be trained.

use crate::diag::{self, Diagnostics, Place};
use crate::functions::Function;
use crate::model::SymbolId;
use crate::model::symbols::Table;
use crate::model::trees::tree::{Node, Resolved, Tree};

use super::usage::is_unsaid;
use super::{Roles, Sort};

/// Reports the first parameter that may be the imaginary unit.
pub(in crate::model) fn check(
    table: &Table,
    roles: &Roles,
    equations: &[Resolved],
    diagnostics: &mut Diagnostics,
) {
    let unit = |id: SymbolId| {
        let key = &table.symbols[id].key;
        let letter = key.is_bare() && matches!(key.base.as_str(), "i" | "j" | "𝕚" | "𝕛");
        letter && roles.sorts[id] == Sort::Parameter && is_unsaid(table, id)
    };
    let found = equations.iter().find_map(|e| exponent(&e.right, &unit));
    if let Some((id, place)) = found {
        let name = &table.symbols[id].key.base;
        diagnostics.push(diag::imaginary_unit(place, name));
    }
}

/// A factor in the exponent of an exponential that may be the unit.
fn exponent(tree: &Tree, unit: &impl Fn(SymbolId) -> bool) -> Option<(SymbolId, Place)> {
    if let Node::Call(Function::Exp, arguments) = &tree.node {
        let found = arguments.iter().find_map(|argument| factor(argument, unit));
        if found.is_some() {
            return found;
        }
    }
    let mut children = tree.children().into_iter();
    children.find_map(|child| exponent(child, unit))
}

fn factor(tree: &Tree, unit: &impl Fn(SymbolId) -> bool) -> Option<(SymbolId, Place)> {
    if let Node::Chain(factors) = &tree.node {
        let mut names = factors.iter().filter_map(|f| Some((f.symbol()?, f.place)));
        let found = names.find(|(id, _)| unit(*id));
        if found.is_some() {
            return found;
        }
    }
    let mut children = tree.children().into_iter();
    children.find_map(|child| factor(child, unit))
}
