//! Numbers that are none: `sqrt(-1)`, `log(0)`.

use crate::diag::{self, Diagnostics};
use crate::model::print;
use crate::model::symbols::Table;
use crate::model::trees::tree::{Node, Resolved, Tree};
use crate::syntax::Operator;

use super::{Roles, Sort};

/// Reports what is made of finite numbers and is none itself.
pub(in crate::model) fn check(
    table: &Table,
    roles: &Roles,
    equations: &[Resolved],
    diagnostics: &mut Diagnostics,
) {
    for equation in equations {
        fold(table, roles, &equation.right, diagnostics);
    }
}

/// The value of a tree, where it is a finite number.
fn fold(table: &Table, roles: &Roles, tree: &Tree, diagnostics: &mut Diagnostics) -> Option<f64> {
    let parts = tree.children();
    let parts: Vec<Option<f64>> = parts
        .into_iter()
        .map(|part| fold(table, roles, part, diagnostics))
        .collect();
    // That has a message of its own.
    let by_zero =
        matches!(tree.node, Node::Binary(Operator::Divide, ..)) && parts.last() == Some(&Some(0.0));
    if by_zero || parts.contains(&None) {
        return None;
    }
    let value = tree.evaluate(&|symbol| match roles.sorts[symbol] {
        Sort::Constant(value) if value.is_finite() => Some(value),
        _ => None,
    })?;
    if !value.is_finite() {
        let text = print::brief(table, tree);
        diagnostics.push(diag::number_not_finite(tree.place, &text));
    }
    Some(value).filter(|value| value.is_finite())
}
