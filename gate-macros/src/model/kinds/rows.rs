//! Whether vectors are rows or columns, where `kᵀ v` decides what that product is.
//!
//! A product of a transposed vector and a vector is one number where vectors are columns, and a
//! matrix where they are rows, as linear attention is often printed: `S_t = S_{t-1} + k_tᵀ v_t`,
//! `o_t = q_t S_t`. Nobody adds that number to every element of a matrix.

use super::kind::{Kind, Known};
use super::of_trees::KindsOf;
use crate::model::SymbolId;
use crate::model::symbols::Table;
use crate::model::trees::tree::{Node, Resolved, Tree};
use crate::syntax::{DeclaredKind, Operator};

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
pub(in crate::model) fn dot_term<'a>(tree: &'a Tree, known: &[Known]) -> Option<&'a Tree> {
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
