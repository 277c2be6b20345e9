//! Inputs that differ from another symbol in capital letters alone: `S_t` beside `s_t`.

use std::collections::BTreeSet;

use crate::diag::{self, Diagnostics};
use crate::model::SymbolId;
use crate::model::names::Key;
use crate::model::symbols::Table;
use crate::model::trees::tree::Resolved;

use super::usage::is_unsaid;
use super::{Roles, Sort};

/// Reports them, unless one is made of the other: `x_t = tanh(X_t * V)`.
pub(super) fn check(
    table: &Table,
    roles: &Roles,
    equations: &[Resolved],
    diagnostics: &mut Diagnostics,
) {
    let inputs = (0..table.symbols.len()).filter(|&id| roles.sorts[id] == Sort::Input);
    let inputs: Vec<SymbolId> = inputs.filter(|&id| is_unsaid(table, id)).collect();
    for &id in &inputs {
        let entry = &table.symbols[id];
        let other = (0..table.symbols.len()).find(|&other| {
            let defined = table.symbols[other].defined.is_some();
            let input = other < id && inputs.contains(&other);
            (defined || input) && is_same_letter(&table.symbols[other].key, &entry.key)
        });
        let Some(other) = other.filter(|&other| !reads(equations, other, id)) else {
            continue;
        };
        let (other, defined) = (&table.symbols[other], table.symbols[other].defined);
        let (name, meant) = (entry.key.printed(), other.key.printed());
        diagnostics.push(diag::input_by_case(
            entry.place,
            &name,
            &meant,
            (defined.unwrap_or(other.place), defined.is_some()),
        ));
    }
}

/// Whether two names are one but for capital letters.
fn is_same_letter(one: &Key, other: &Key) -> bool {
    let mut same = one.clone();
    same.base.clone_from(&other.base);
    // `Δ` and `δ` are two letters to everybody.
    let latin = one.base.starts_with(|c: char| c.is_ascii_alphabetic());
    let letter = one.base.to_lowercase() == other.base.to_lowercase();
    same == *other && one.base != other.base && letter && latin
}

/// Whether a symbol is computed from another, at whatever step.
fn reads(equations: &[Resolved], symbol: SymbolId, from: SymbolId) -> bool {
    let mut seen = BTreeSet::from([symbol]);
    let mut open = vec![symbol];
    while let Some(symbol) = open.pop() {
        for equation in equations.iter().filter(|e| e.left == symbol) {
            equation.right.reads(&mut |read, _, _| {
                if seen.insert(read) {
                    open.push(read);
                }
            });
        }
    }
    seen.contains(&from)
}
