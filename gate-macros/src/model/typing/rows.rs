//! `kᵀ v` of two values, a number where vectors are columns, beside what may be a matrix: asked
//! about, since it is a matrix where they are rows.

use crate::diag;
use crate::model::SymbolId;
use crate::model::kinds::of_trees::KindsOf;
use crate::model::kinds::rows::dot_term;
use crate::model::kinds::{Kind, STATES};
use crate::model::names::spell;
use crate::model::roles::Sort;
use crate::model::trees::tree::{Resolved, Tree};

use super::typer::Typer;

impl Typer<'_> {
    /// Reports the first matrix, or state of which nothing says what it is, that is a sum with
    /// `kᵀ v` of two values; `None` where it did.
    pub(super) fn row_or_column(&mut self, equations: &[Resolved]) -> Option<()> {
        if self.rows {
            return Some(());
        }
        let found = equations.iter().find_map(|equation| {
            let term = self.dot_of_values(&equation.right)?;
            let open = self.may_be_matrix(equation.left) || self.is_spread(equation, term);
            open.then_some((equation.left, term))
        });
        let Some((left, term)) = found else {
            return Some(());
        };
        let name = spell::plain(&self.table.symbols[left].key, Some(0));
        let product = self.name(term);
        self.diagnostics
            .push(diag::row_or_column(term.place, &product, &name));
        None
    }

    fn may_be_matrix(&self, id: SymbolId) -> bool {
        let known = &self.known[id];
        let undecided = known.why == STATES && self.sort(id) == Sort::State;
        let declared = self.table.symbols[id].declared.kind.is_some();
        !declared && (undecided || known.kind == Some(Kind::Matrix))
    }

    /// Whether the number is a term beside others of a state that is a vector, `a_t h_{t-1} + kᵀ v`.
    fn is_spread(&self, equation: &Resolved, term: &Tree) -> bool {
        let kinds: Vec<Option<Kind>> = self.known.iter().map(|known| known.kind).collect();
        let number = KindsOf::new(&kinds, false).of(term) == Some(Kind::Scalar);
        let declared = self.table.symbols[equation.left].declared.kind.is_some();
        let vector = kinds[equation.left] == Some(Kind::Vector);
        number && vector && !declared && self.sort(equation.left) == Sort::State
    }

    /// A term `kᵀ v` without parameters: with one, `wᵀ x_t` is a number in either convention.
    fn dot_of_values<'t>(&self, tree: &'t Tree) -> Option<&'t Tree> {
        let mut trained = false;
        let term = dot_term(tree, self.known)?;
        term.reads(&mut |symbol, _, _| {
            let vector = self.known[symbol].kind == Some(Kind::Vector);
            trained |= vector && self.sort(symbol) == Sort::Parameter;
        });
        (!trained).then_some(term)
    }
}
