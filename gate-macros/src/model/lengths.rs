//! Lengths that nothing declares: `k_t = W x_t / \sqrt{d}`.
//!
//! What stands alone under a root is the length of a vector where papers leave it to their prose.
//! As any other undefined name it would be trained.

use crate::diag::{self, Diagnostics, Place};
use crate::functions::Function;

use super::SymbolId;
use super::letters::{Letter, letter};
use super::roles::{Roles, Sort};
use super::symbols::Table;
use super::tree::{Node, Resolved, Tree};
use super::usage::is_unsaid;

/// Reports parameters that stand under a root and nowhere else, and gives them.
pub(super) fn check(
    table: &Table,
    roles: &Roles,
    equations: &[Resolved],
    diagnostics: &mut Diagnostics,
) -> Vec<SymbolId> {
    let mut roots: Vec<(SymbolId, Place)> = Vec::new();
    let mut reads = vec![0; table.symbols.len()];
    for equation in equations {
        equation.right.reads(&mut |symbol, _, _| reads[symbol] += 1);
        find(&equation.right, &mut roots);
    }
    let mut found: Vec<SymbolId> = Vec::new();
    for &(id, place) in &roots {
        let entry = &table.symbols[id];
        let alone = roots.iter().filter(|(other, _)| *other == id).count() == reads[id];
        let greek = letter(&entry.key.base) == Letter::LowerGreek;
        let open = roles.sorts[id] == Sort::Parameter && is_unsaid(table, id);
        if open && alone && !greek && !found.contains(&id) {
            diagnostics.push(diag::length_or_parameter(place, &entry.key.printed()));
            found.push(id);
        }
    }
    found
}

fn find(tree: &Tree, roots: &mut Vec<(SymbolId, Place)>) {
    if let Node::Call(Function::Sqrt, arguments) = &tree.node
        && let [argument] = &arguments[..]
        && let Some(symbol) = argument.symbol()
    {
        roots.push((symbol, tree.place));
    }
    for child in tree.children() {
        find(child, roots);
    }
}
