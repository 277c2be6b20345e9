//! Which value is the output where nothing says it.
//!
//! The left side of the last equation; where that is a gate, for texts print gates behind the
//! state that they serve, the one value that the step does not read on. So where that one is
//! called `y`, as outputs are, and the states stand behind it.

use crate::diag::{self, Diagnostics};
use crate::model::SymbolId;
use crate::model::symbols::Table;
use crate::model::trees::tree::Resolved;

use super::sort::{Roles, Sort};

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
fn last_value(equations: &[Resolved], sorts: &[Sort]) -> Option<SymbolId> {
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

/// Asks for the output where the last equation's value goes on into another equation of the step,
/// so that it is not what the step is computed for; in a text also where nothing reads a value
/// before it. `now`: for each symbol, the left sides that read it in the same step.
pub(super) fn check(
    table: &Table,
    roles: &Roles,
    (equations, now): (&[Resolved], &[Vec<SymbolId>]),
    diagnostics: &mut Diagnostics,
) {
    let &[output] = &roles.outputs[..] else {
        return;
    };
    let last = last_value(equations, &roles.sorts);
    if let Some(last) = last.filter(|last| *last != output) {
        let name = |id: SymbolId| table.symbols[id].key.printed();
        let place = table.symbols[output].defined;
        let place = place.unwrap_or(table.symbols[output].place);
        diagnostics.push(diag::output_found(place, &name(output), &name(last)));
        return;
    }
    // What needs its own value is told that.
    if (0..now.len()).any(|id| now[id].contains(&id)) {
        return;
    }
    let Some(&reader) = now[output].first() else {
        return unread(table, roles, output, now, diagnostics);
    };
    let entry = &table.symbols[output];
    let ends = |id: &SymbolId| {
        let value = matches!(roles.sorts[*id], Sort::State | Sort::Intermediate);
        value && now[*id].is_empty() && is_own(table, *id)
    };
    let value = |id: &SymbolId| ends(id) && roles.sorts[*id] == Sort::Intermediate;
    let all = 0..table.symbols.len();
    let end = all.clone().find(value).or_else(|| all.clone().find(ends));
    if let Some(end) = end {
        diagnostics.push(diag::output_unclear(
            entry.defined.unwrap_or(entry.place),
            &entry.key.printed(),
            &table.symbols[reader].key.printed(),
            &table.symbols[end].key.printed(),
        ));
    }
}

/// A text has nobody to see a warning that nothing reads a value.
fn unread(
    table: &Table,
    roles: &Roles,
    output: SymbolId,
    now: &[Vec<SymbolId>],
    diagnostics: &mut Diagnostics,
) {
    let entry = &table.symbols[output];
    let text = entry.defined.is_some_and(|place| place.is_text());
    let lost = |id: &SymbolId| {
        let value = *id != output && roles.sorts[*id] == Sort::Intermediate;
        value && now[*id].is_empty() && is_own(table, *id)
    };
    // What is wrong otherwise may be why.
    let sound = !diagnostics.any();
    if let Some(lost) = (0..table.symbols.len())
        .find(lost)
        .filter(|_| text && sound)
    {
        let lost = &table.symbols[lost];
        let names = (&*lost.key.printed(), &*entry.key.printed());
        diagnostics.push(diag::output_unread(
            lost.defined.unwrap_or(lost.place),
            names,
        ));
    }
}

/// Whether a symbol is no inner cell's, which may have further outputs.
fn is_own(table: &Table, id: SymbolId) -> bool {
    let defined = table.symbols[id].defined;
    defined.is_none_or(|place| place.layer == 0)
}
