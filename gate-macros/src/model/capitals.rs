//! Capital letters with a time index that no equation defines: `h_t = A_t h_{t-1} + B_t x_t`.
//!
//! To this definition they are inputs, and inputs are vectors; an article has matrices there,
//! which it makes of the input elsewhere.

use crate::diag;

use super::kinds::Kind;
use super::letters::{Letter, letter};
use super::roles::Sort;
use super::spell;
use super::tree::{Node, Resolved, Tree};
use super::trees::KindsOf;
use super::typed::Typer;
use super::usage::is_unsaid;

impl Typer<'_> {
    /// Reports the first such input that stands before a vector; `None` where it did.
    pub(super) fn matrix_as_input(&mut self, equations: &[Resolved]) -> Option<()> {
        let kinds: Vec<Option<Kind>> = self.known.iter().map(|known| known.kind).collect();
        let kinds = KindsOf::new(&kinds, self.rows);
        let found = equations.iter().find_map(|e| self.before(&e.right, &kinds));
        let Some(factor) = found else {
            return Some(());
        };
        let name = factor.symbol().map(|id| &self.table.symbols[id].key);
        let name = name.map(|key| spell::plain(key, Some(0)))?;
        self.diagnostics
            .push(diag::matrix_as_input(factor.place, &name));
        None
    }

    fn before<'t>(&self, tree: &'t Tree, kinds: &KindsOf<'t>) -> Option<&'t Tree> {
        if let Node::Chain(factors) = &tree.node {
            let found = factors.windows(2).find(|pair| {
                let id = pair[0].symbol().filter(|&id| self.sort(id) == Sort::Input);
                let capital = id.is_some_and(|id| {
                    let key = &self.table.symbols[id].key;
                    letter(&key.base) == Letter::Capital && is_unsaid(self.table, id)
                });
                capital && pair.iter().all(|f| kinds.of(f) == Some(Kind::Vector))
            });
            if let Some(pair) = found {
                return Some(&pair[0]);
            }
        }
        let mut children = tree.children().into_iter();
        children.find_map(|child| self.before(child, kinds))
    }
}
