//! One unit of a layer where the layer is meant: `z_t = w_z^\top x_t + r_z h_{t-1} + b_z`.
//!
//! Papers print the equations of a single unit with a vector of weights. Read as they stand, such
//! a product is one number, and a vector that it is added to gets it in every element.

use std::collections::BTreeSet;

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

/// For each symbol that is one number, the vectors of weights that it comes from.
type Weights = Vec<BTreeSet<SymbolId>>;

impl Typer<'_> {
    /// Reports the first number made with a vector of weights that is added to a vector; `None`
    /// where it did.
    pub(super) fn one_unit(&mut self, equations: &[Resolved]) -> Option<()> {
        let kinds: Vec<Option<Kind>> = self.known.iter().map(|known| known.kind).collect();
        let kinds = KindsOf::new(&kinds, self.rows);
        let weights = self.weights(equations, &kinds);
        let (mut first, mut all) = (None, BTreeSet::new());
        for equation in equations {
            let mut found = Vec::new();
            self.spread(&equation.right, &kinds, &weights, &mut found);
            let term = found.first().map(|(term, _)| *term);
            first = first.or(term.map(|term| (term, equation.left)));
            all.extend(found.into_iter().flat_map(|(_, weights)| weights));
        }
        let Some((term, left)) = first else {
            return Some(());
        };
        let name = |id: SymbolId, time| spell::plain(&self.table.symbols[id].key, time);
        let weights = all.into_iter().filter(|&id| self.is_weight(id));
        let names: Vec<String> = weights.map(|id| name(id, None)).collect();
        let message = diag::one_unit(term.place, &self.name(term), &names, &name(left, Some(0)));
        self.diagnostics.push(message);
        None
    }

    /// Reports `w \cdot x_t`, which is element by element as `f_t \cdot c_{t-1}` is, and one
    /// number to who writes vectors of weights; `None` where it did.
    pub(super) fn dot_of_weights(&mut self, equations: &[Resolved]) -> Option<()> {
        let kinds: Vec<Option<Kind>> = self.known.iter().map(|known| known.kind).collect();
        let kinds = KindsOf::new(&kinds, self.rows);
        let found = equations.iter().find_map(|e| self.dot(&e.right, &kinds));
        let Some((place, weights, name)) = found else {
            return Some(());
        };
        let weights = spell::plain(&self.table.symbols[weights].key, None);
        self.diagnostics
            .push(diag::dot_of_weights(place, &weights, &name));
        None
    }

    fn dot<'t>(&self, tree: &'t Tree, kinds: &KindsOf<'t>) -> Option<(Place, SymbolId, String)> {
        if let Node::Chain(factors) = &tree.node
            && let [a, b] = &factors[..]
            && self.table.dots.iter().any(|dot| dot.is(&tree.place))
            && [a, b].iter().all(|f| kinds.of(f) == Some(Kind::Vector))
        {
            let weights = |tree: &Tree| tree.symbol().filter(|&id| self.is_weight(id));
            match (weights(a), weights(b)) {
                (Some(id), None) => return Some((tree.place, id, self.name(b))),
                (None, Some(id)) => return Some((tree.place, id, self.name(a))),
                _ => {}
            }
        }
        let mut children = tree.children().into_iter();
        children.find_map(|child| self.dot(child, kinds))
    }

    /// Found to a fixpoint: a number may be made of others.
    fn weights<'t>(&self, equations: &'t [Resolved], kinds: &KindsOf<'t>) -> Weights {
        let mut weights: Weights = vec![BTreeSet::new(); self.known.len()];
        for _ in 0..equations.len() {
            let mut changed = false;
            for equation in equations {
                let mut own = BTreeSet::new();
                self.weights_of(&equation.right, kinds, &weights, &mut own);
                changed |= !own.is_subset(&weights[equation.left]);
                weights[equation.left].extend(own);
            }
            if !changed {
                break;
            }
        }
        weights
    }

    /// The weights of a number; nothing for what is no number.
    fn weights_of<'t>(
        &self,
        tree: &'t Tree,
        kinds: &KindsOf<'t>,
        weights: &Weights,
        out: &mut BTreeSet<SymbolId>,
    ) {
        if kinds.of(tree) != Some(Kind::Scalar) {
            return;
        }
        match &tree.node {
            Node::Read { symbol, .. } => out.extend(&weights[*symbol]),
            Node::Chain(factors) => {
                let pairs = factors.windows(2).filter_map(|pair| match &pair[0].node {
                    Node::Transpose(inner) => inner.symbol(),
                    _ => None,
                });
                let text = tree.place.is_text();
                out.extend(pairs.filter(|&id| self.is_weight(id) || text && self.is_left_open(id)));
            }
            // Who writes `dot(w, x_t)` means the number.
            Node::Call(Function::Dot, arguments) if self.is_inner(tree) => {
                let named = arguments.iter().filter_map(Tree::symbol);
                let (weights, others): (Vec<_>, Vec<_>) = named.partition(|&id| self.is_weight(id));
                match weights.is_empty() {
                    true => out.extend(others.into_iter().filter(|&id| self.is_left_open(id))),
                    false => out.extend(weights),
                }
            }
            _ => {}
        }
        for child in tree.children() {
            self.weights_of(child, kinds, weights, out);
        }
    }

    /// A vector because its letter is small.
    fn is_weight(&self, id: SymbolId) -> bool {
        let parameter = self.sort(id) == Sort::Parameter && is_unsaid(self.table, id);
        parameter && letter(&self.table.symbols[id].key.base) == Letter::LowerLatin
    }

    /// `\langle w, x_t \rangle`
    fn is_inner(&self, tree: &Tree) -> bool {
        let mut places = self.table.inner_products.iter();
        places.any(|place| place.is(&tree.place))
    }

    /// A value that nothing declares: with it a product may be a number by mistake as well.
    fn is_left_open(&self, id: SymbolId) -> bool {
        self.sort(id) != Sort::Parameter && is_unsaid(self.table, id)
    }

    /// Terms with weights that are added to vectors.
    fn spread<'t>(
        &self,
        tree: &'t Tree,
        kinds: &KindsOf<'t>,
        weights: &Weights,
        found: &mut Vec<(&'t Tree, BTreeSet<SymbolId>)>,
    ) {
        if let Node::Binary(Operator::Add | Operator::Subtract, a, b) = &tree.node {
            for (term, other) in [(a, b), (b, a)] {
                let mut own = BTreeSet::new();
                self.weights_of(term, kinds, weights, &mut own);
                let vector = matches!(kinds.of(other), Some(Kind::Vector | Kind::Row));
                if vector && !own.is_empty() {
                    found.push((term, own));
                }
            }
        }
        for child in tree.children() {
            self.spread(child, kinds, weights, found);
        }
    }
}
