//! Whether vectors are rows or columns, where `kᵀ v` decides what that product is.
//!
//! A product of a transposed vector and a vector is one number where vectors are columns, and a
//! matrix where they are rows, as linear attention is often printed: `S_t = S_{t-1} + k_tᵀ v_t`,
//! `o_t = q_t S_t`. Nobody adds that number to every element of a matrix.

use crate::diag;
use crate::syntax::{DeclaredKind, Operator};

use super::SymbolId;
use super::kinds::{Kind, Known, STATES};
use super::roles::Sort;
use super::spell;
use super::symbols::Table;
use super::tree::{Node, Resolved, Tree};
use super::trees::KindsOf;
use super::typed::Typer;

/// Whether a declared matrix is a sum with `kᵀ v`. `known`: as columns.
pub(super) fn are_asked_for(table: &Table, equations: &[Resolved], known: &[Known]) -> bool {
    let mut declared = equations
        .iter()
        .filter(|equation| is_declared_matrix(table, equation.left));
    declared.any(|equation| dot_term(&equation.right, known).is_some())
}

fn is_declared_matrix(table: &Table, id: SymbolId) -> bool {
    let declared = table.symbols[id].declared.kind.as_ref();
    declared.is_some_and(|(kind, _)| matches!(kind, DeclaredKind::Shape(sizes) if sizes.len() == 2))
}

/// The first term of a sum that has a transposed vector before a vector, as columns.
fn dot_term<'a>(tree: &'a Tree, known: &[Known]) -> Option<&'a Tree> {
    let kinds: Vec<Option<Kind>> = known.iter().map(|known| known.kind).collect();
    let mut terms = vec![tree];
    while let Some(term) = terms.pop() {
        match &term.node {
            Node::Binary(Operator::Add | Operator::Subtract, a, b) => terms.extend([&**b, &**a]),
            Node::Negate(inner) => terms.push(inner),
            Node::Chain(factors) => {
                let of = KindsOf::new(&kinds, false);
                let kinds: Vec<Option<Kind>> = factors.iter().map(|f| of.of(f)).collect();
                let dot = [Some(Kind::Row), Some(Kind::Vector)];
                if kinds.windows(2).any(|pair| pair == dot) {
                    return Some(term);
                }
            }
            _ => {}
        }
    }
    None
}

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
