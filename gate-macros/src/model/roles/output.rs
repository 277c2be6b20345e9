//! Which value is the output where nothing says it.
//!
//! The left side of the last equation; where that is a gate, for texts print gates behind the
//! state that they serve, the one value that the step does not read on. So where that one is
//! called `y`, as outputs are, and the states stand behind it.

use crate::model::SymbolId;
use crate::model::symbols::Table;
use crate::model::trees::tree::Resolved;

use super::sort::Sort;

/// The output of equations that compute something.
pub(super) fn found(table: &Table, equations: &[Resolved], sorts: &[Sort]) -> Option<SymbolId> {
    let last = last_value(equations, sorts)?;
    if !reads_on(equations, last) {
        return Some(last);
    }
    let gate = sorts[last] == Sort::Intermediate;
    let output =
        |id: SymbolId| sorts[id] == Sort::Intermediate && table.symbols[id].key.base == "y";
    let lefts = equations.iter().map(|equation| equation.left);
    let mut ends = lefts.filter(|&left| !reads_on(equations, left));
    match (ends.next(), ends.next()) {
        (Some(only), None) if gate || output(only) => Some(only),
        _ => Some(last),
    }
}

/// Whether another equation reads a value in the same step.
fn reads_on(equations: &[Resolved], id: SymbolId) -> bool {
    equations.iter().any(|equation| {
        let mut found = false;
        equation
            .right
            .reads(&mut |symbol, delay, _| found |= symbol == id && delay == 0);
        found && equation.left != id
    })
}

/// The left side of the last equation that depends on an input or a state; of the last one where
/// none does.
pub(super) fn last_value(equations: &[Resolved], sorts: &[Sort]) -> Option<SymbolId> {
    let mut moving: Vec<bool> = sorts
        .iter()
        .map(|sort| matches!(sort, Sort::Input | Sort::State))
        .collect();
    for _ in 0..equations.len() {
        let mut changed = false;
        for equation in equations {
            let mut reads_moving = false;
            equation
                .right
                .reads(&mut |symbol, _, _| reads_moving |= moving[symbol]);
            changed |= reads_moving && !moving[equation.left];
            moving[equation.left] |= reads_moving;
        }
        if !changed {
            break;
        }
    }
    let lefts = || equations.iter().rev().map(|equation| equation.left);
    lefts().find(|&left| moving[left]).or(lefts().next())
}
