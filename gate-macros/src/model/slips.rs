//! What reads in two ways where a person meant a third: a function with the name of a value, a
//! transpose with a small `t`, a bracket whose commas were forgotten.

use std::collections::BTreeSet;

use crate::diag;
use crate::syntax::{Expr, ExprKind, Item, Name};

use super::build::Builder;
use super::names::{Key, Written};
use super::symbols::{Sort, Table};
use super::tree::Tree;
use super::{print, walk};

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

impl Builder<'_> {
    /// Reports `f(…)` where `f` is a value too; once for each name.
    pub(super) fn function_not_given(&mut self, name: &Name) {
        let key = Written::of(name, &self.table.clock).labelled();
        let entry = self.table.find(&key);
        let value = entry.map(|e| (e.defined.unwrap_or(e.place), e.left.is_some()));
        if let Some((value, timed)) = value.filter(|_| self.told.insert(key.clone())) {
            let message = diag::function_not_given(name.place, &key.printed(), timed, value);
            self.diagnostics.push(message);
        }
    }

    /// Reports `[x_t h_{t-1}]`, values side by side in a bracket of their own; gives whether it
    /// did.
    pub(super) fn forgotten_comma(&mut self, bracket: &Expr) -> bool {
        let ExprKind::Product(factors) = &bracket.kind else {
            return false;
        };
        let is_value = |factor: &Expr| match &factor.kind {
            ExprKind::Name(name) => {
                let (key, posts) = self.table.read_key(&Written::of(name, &self.table.clock));
                let entry = self.table.find(&key);
                posts.is_empty() && entry.is_some_and(|e| e.defined.is_some() || e.timed)
            }
            _ => false,
        };
        if !factors.iter().all(|(_, factor)| is_value(factor)) {
            return false;
        }
        let trees: Vec<Tree> = factors.iter().map(|(_, f)| self.tree(f)).collect();
        let name = |tree: &Tree| print::brief(self.table, tree).replace('`', "");
        let names: Vec<String> = trees.iter().map(name).collect();
        self.diagnostics
            .push(diag::forgotten_comma(bracket.place, &names));
        true
    }
}
