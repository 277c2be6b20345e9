//! Names of values that are functions' as well, and outer products that no value can be.

use std::collections::BTreeSet;

use crate::diag::Place;
use crate::model::names::{Key, Written};
use crate::model::symbols::{Sort, Table};
use crate::model::walk;
use crate::syntax::{Expr, ExprKind, Item, Name, Operator};

/// Values that stand before a bracket in their own equations, `f_t = f(W x_t)`: each is the name
/// of a function as well, which nothing says.
pub(super) fn own_functions(table: &Table, items: &[Item]) -> BTreeSet<Key> {
    let mut found = BTreeSet::new();
    for (at, item) in items.iter().enumerate() {
        let (Item::Equation(equation), Sort::Equation(left)) = (item, table.sorts[at]) else {
            continue;
        };
        walk::names(&equation.right, &mut |name, applied| {
            let written = Written::of(name, &table.clock);
            let key = written.labelled();
            let same = table.id(&key) == Some(left) && written.time.is_none();
            let open = table.function(&key).is_none() && table.instance(&key).is_none();
            if applied && same && open {
                found.insert(key);
            }
        });
    }
    found
}

/// `h_t = f_t ⊗ h_{t-1} + …`: the outer product would give a matrix, and takes `h` for a vector.
/// Where that is.
pub(super) fn outer_of_itself(table: &Table, items: &[Item]) -> Option<Place> {
    items.iter().enumerate().find_map(|(at, item)| {
        let (Item::Equation(equation), Sort::Equation(left)) = (item, table.sorts[at]) else {
            return None;
        };
        outer_term(&equation.right, &|name| {
            table.id(&Written::of(name, &table.clock).labelled()) == Some(left)
        })
    })
}

/// The first term of a sum that is an outer product with such a name.
fn outer_term(expr: &Expr, wanted: &impl Fn(&Name) -> bool) -> Option<Place> {
    let is = |expr: &Expr| matches!(&expr.kind, ExprKind::Name(name) if wanted(name));
    match &expr.kind {
        ExprKind::Binary(Operator::Outer, a, b) => (is(a) || is(b)).then_some(expr.place),
        ExprKind::Binary(Operator::Add | Operator::Subtract, a, b) => {
            outer_term(a, wanted).or_else(|| outer_term(b, wanted))
        }
        ExprKind::Negate(inner) => outer_term(inner, wanted),
        _ => None,
    }
}
