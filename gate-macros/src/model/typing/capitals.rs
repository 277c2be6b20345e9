//! Capital letters with a time index that no equation defines: `h_t = A_t h_{t-1} + B_t x_t`.
//!
//! To this definition they are inputs, and inputs are vectors; an article has matrices there,
//! which it makes of the input elsewhere.

use std::collections::BTreeMap;

use crate::diag::{self, Place};

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

    /// Reports the `V_{th}` of `V_t - V_{th}`: a matrix, because its letter is a capital, that has
    /// the letter of a vector. `None` where it did.
    pub(super) fn capital_of_value(&mut self) -> Option<()> {
        let open = |id: SymbolId| {
            let entry = &self.table.symbols[id];
            let parameter = self.sort(id) == Sort::Parameter && is_unsaid(self.table, id);
            let matrix = self.known[id].kind == Some(Kind::Matrix);
            let capital = letter(&entry.key.base) == Letter::Capital && !entry.key.is_bare();
            parameter && matrix && capital
        };
        let value = |id: SymbolId, other: SymbolId| {
            let sort = self.sort(other);
            let step = matches!(sort, Sort::Input | Sort::State | Sort::Intermediate);
            let bases = [id, other].map(|id| &self.table.symbols[id].key.base);
            step && self.known[other].kind == Some(Kind::Vector) && bases[0] == bases[1]
        };
        let ids = 0..self.known.len();
        let found = ids.clone().filter(|&id| open(id)).find_map(|id| {
            let other = ids.clone().find(|&other| value(id, other));
            other.map(|other| (id, other))
        });
        let Some((id, other)) = found else {
            return Some(());
        };
        let [entry, other] = [id, other].map(|id| &self.table.symbols[id]);
        let message =
            diag::capital_of_value(entry.place, &entry.key.printed(), &other.key.printed());
        self.diagnostics.push(message);
        None
    }

    /// Reports `\Delta T` where neither is read without the other: a step size, or a number times
    /// a matrix? `None` where it did.
    pub(super) fn change_of_capital(&mut self, equations: &[Resolved]) -> Option<()> {
        let mut pairs = BTreeMap::new();
        let mut reads = vec![0; self.known.len()];
        for equation in equations {
            equation.right.reads(&mut |symbol, _, _| reads[symbol] += 1);
            self.changes(&equation.right, &mut pairs);
        }
        let only = |pair: &(SymbolId, SymbolId), places: &Vec<Place>| {
            [pair.0, pair.1].iter().all(|&id| reads[id] == places.len())
        };
        let found = pairs.iter().find(|(pair, places)| only(pair, places));
        let Some((pair, places)) = found else {
            return Some(());
        };
        let name = &self.table.symbols[pair.1].key.base;
        self.diagnostics
            .push(diag::change_of_capital(places[0], name));
        None
    }

    /// Where a capital parameter by itself stands right behind a `Δ` by itself.
    fn changes(&self, tree: &Tree, found: &mut BTreeMap<(SymbolId, SymbolId), Vec<Place>>) {
        if let Node::Chain(factors) = &tree.node {
            for pair in factors.windows(2) {
                let open = |tree: &Tree| {
                    let id = tree.symbol()?;
                    let bare = self.table.symbols[id].key.is_bare();
                    let own = self.sort(id) == Sort::Parameter && is_unsaid(self.table, id);
                    (bare && own && tree.place.is_text()).then_some(id)
                };
                let (Some(change), Some(of)) = (open(&pair[0]), open(&pair[1])) else {
                    continue;
                };
                let base = |id: SymbolId| &self.table.symbols[id].key.base;
                if base(change) == "Δ" && letter(base(of)) == Letter::Capital {
                    let place = pair[0].place.to(pair[1].place);
                    found.entry((change, of)).or_default().push(place);
                }
            }
        }
        for child in tree.children() {
            self.changes(child, found);
        }
    }

    /// Reports a division by a parameter that is a matrix because its letter is a capital: the `T`
    /// of `\frac{K}{T}`. `None` where it did.
    pub(super) fn divided_by_capital(&mut self, equations: &[Resolved]) -> Option<()> {
        let kinds: Vec<Option<Kind>> = self.known.iter().map(|known| known.kind).collect();
        let kinds = KindsOf::new(&kinds, self.rows);
        let Some(capital) = equations
            .iter()
            .find_map(|e| self.divisor(&e.right, &kinds))
        else {
            return Some(());
        };
        let name = self.name(capital);
        self.diagnostics
            .push(diag::divided_by_capital(capital.place, &name));
        None
    }

    fn divisor<'t>(&self, tree: &'t Tree, kinds: &KindsOf<'t>) -> Option<&'t Tree> {
        if let Node::Binary(Operator::Divide, _, below) = &tree.node {
            let factors = match &below.node {
                Node::Chain(factors) => &factors[..],
                _ => std::slice::from_ref(&**below),
            };
            let found = factors.iter().find(|factor| {
                let open = |id| self.sort(id) == Sort::Parameter && is_unsaid(self.table, id);
                let matrix = kinds.of(factor) == Some(Kind::Matrix);
                matrix && factor.place.is_text() && factor.symbol().is_some_and(open)
            });
            if found.is_some() {
                return found;
            }
        }
        let mut children = tree.children().into_iter();
        children.find_map(|child| self.divisor(child, kinds))
    }

    /// Whether nothing but its time index makes an input of a capital.
    fn capital_input(&self, tree: &Tree) -> bool {
        let id = tree.symbol().filter(|&id| self.sort(id) == Sort::Input);
        id.is_some_and(|id| {
            let key = &self.table.symbols[id].key;
            letter(&key.base) == Letter::Capital && is_unsaid(self.table, id)
        })
    }

    /// A capital input that stands before a vector, or the `W_t` of `x_t * W_t`, whose letter is
    /// that of weights.
    fn before<'t>(&self, tree: &'t Tree, kinds: &KindsOf<'t>) -> Option<&'t Tree> {
        if let Node::Chain(factors) = &tree.node {
            let found = factors.windows(2).find_map(|pair| {
                let vectors = pair.iter().all(|f| kinds.of(f) == Some(Kind::Vector));
                let weights = |id: SymbolId| self.table.symbols[id].key.base == "W";
                let [first, second] = [&pair[0], &pair[1]].map(|tree| self.capital_input(tree));
                let second = second && pair[1].symbol().is_some_and(weights);
                let found = if first {
                    Some(&pair[0])
                } else {
                    second.then_some(&pair[1])
                };
                found.filter(|_| vectors)
            });
            if found.is_some() {
                return found;
            }
        }
        let mut children = tree.children().into_iter();
        children.find_map(|child| self.before(child, kinds))
    }
}
