//! Exponentials of matrices: `\exp(A) h_{t-1}`, `\bar{A} = \exp(\Delta A)` where `\bar{A} h` is a
//! product.
//!
//! Articles on state spaces mean the exponential of the matrix, or have a diagonal one. To this
//! definition a function works on each element.

use crate::diag::{self, Place};
use crate::functions::Function;
use crate::model::SymbolId;
use crate::model::kinds::Kind;
use crate::model::kinds::of_trees::KindsOf;
use crate::model::names::letters::{Letter, letter};
use crate::model::names::spell;
use crate::model::roles::Sort;
use crate::model::roles::usage::is_unsaid;
use crate::model::trees::tree::{Node, Resolved, Tree};
use crate::syntax::Operator;

use super::typer::Typer;

impl Typer<'_> {
    /// Reports the first exponential of a capital letter that multiplies a vector or a matrix as
    /// a matrix does; `None` where it did.
    pub(super) fn exponential(&mut self, equations: &[Resolved]) -> Option<()> {
        let kinds: Vec<Option<Kind>> = self.known.iter().map(|known| known.kind).collect();
        let kinds = KindsOf::new(&kinds, self.rows);
        let defined: Vec<(SymbolId, &Tree, SymbolId)> = equations
            .iter()
            .filter_map(|e| Some((e.left, &e.right, self.exponent(&e.right)?)))
            .collect();
        let mut found = None;
        for equation in equations {
            let find = |factor: &Tree| match factor.symbol() {
                Some(id) => {
                    let known = defined.iter().find(|(left, ..)| *left == id);
                    known.map(|(_, tree, matrix)| (tree.place, *matrix))
                }
                None => self.exponent(factor).map(|matrix| (factor.place, matrix)),
            };
            found = found
                .or_else(|| multiplied(&equation.right, &kinds, &find))
                .or_else(|| self.stepped(&equation.right, &kinds));
        }
        let Some((place, matrix)) = found else {
            return Some(());
        };
        let name = spell::plain(&self.table.symbols[matrix].key, None);
        self.diagnostics
            .push(diag::exponential_or_diagonal(place, &name));
        None
    }

    /// The capital letter in the exponent, where the tree is an exponential of one.
    fn exponent(&self, tree: &Tree) -> Option<SymbolId> {
        match &tree.node {
            Node::Negate(inner) => self.exponent(inner),
            Node::Call(Function::Exp, arguments) => self.matrix(arguments.first()?),
            _ => None,
        }
    }

    /// A capital letter that is multiplied with numbers alone.
    fn matrix(&self, tree: &Tree) -> Option<SymbolId> {
        let number = |tree: &Tree| {
            let kind = tree.symbol().and_then(|id| self.known[id].kind);
            matches!(tree.node, Node::Number(_)) || kind == Some(Kind::Scalar)
        };
        match &tree.node {
            Node::Read { symbol, .. } => self.is_capital(*symbol).then_some(*symbol),
            Node::Negate(inner) => self.matrix(inner),
            Node::Binary(Operator::Divide, a, b) if number(b) => self.matrix(a),
            Node::Chain(factors) => {
                let mut others = factors.iter().filter(|factor| !number(factor));
                let only = others.next().filter(|_| others.next().is_none())?;
                self.matrix(only)
            }
            _ => None,
        }
    }

    fn is_capital(&self, id: SymbolId) -> bool {
        let parameter = self.sort(id) == Sort::Parameter && is_unsaid(self.table, id);
        parameter && letter(&self.table.symbols[id].key.base) == Letter::Capital
    }

    /// `\exp(\Delta_t A)` with a vector of steps: no product with a matrix is meant.
    fn stepped<'t>(&self, tree: &'t Tree, kinds: &KindsOf<'t>) -> Option<(Place, SymbolId)> {
        if let Node::Call(Function::Exp, arguments) = &tree.node
            && let [argument] = &arguments[..]
            && let Node::Chain(factors) = &argument.node
        {
            let step = |id: SymbolId| self.table.symbols[id].key.base.starts_with(['Δ', 'δ']);
            let pair = factors.windows(2).find_map(|pair| {
                let (step_id, matrix) = (pair[0].symbol()?, pair[1].symbol()?);
                let vector = kinds.of(&pair[0]) == Some(Kind::Vector);
                (vector && step(step_id) && self.is_capital(matrix)).then_some(matrix)
            });
            if let Some(matrix) = pair {
                return Some((tree.place, matrix));
            }
        }
        let mut children = tree.children().into_iter();
        children.find_map(|child| self.stepped(child, kinds))
    }
}

/// The first factor beside a vector or a matrix that `find` finds.
fn multiplied<'t, T>(
    tree: &'t Tree,
    kinds: &KindsOf<'t>,
    find: &impl Fn(&'t Tree) -> Option<T>,
) -> Option<T> {
    if let Node::Chain(factors) = &tree.node {
        for (at, factor) in factors.iter().enumerate() {
            let mut behind = factors[at + 1..].iter();
            let acts = behind.any(|other| kinds.of(other) != Some(Kind::Scalar));
            if let Some(found) = find(factor).filter(|_| acts) {
                return Some(found);
            }
        }
    }
    let mut children = tree.children().into_iter();
    children.find_map(|child| multiplied(child, kinds, find))
}
