//! Parts of vectors: where each begins and how long it is.

use std::rc::Rc;

use crate::diag::{self, Place};
use crate::model::kinds::Kind;
use crate::model::roles::Sort;
use crate::model::sizes::Said;
use crate::model::trees::tree::{Part, Tree};
use crate::model::{Dim, ExprKind, Shape, SymbolId};
use crate::syntax::SizeExpr;

use super::typer::{Bound, Typer, Value, value_of};

impl Typer<'_> {
    pub(in crate::model) fn slice(
        &mut self,
        tree: &Tree,
        part: &Part,
        place: Place,
    ) -> Option<Value> {
        let value = self.value(tree)?;
        self.expect(Kind::Vector, tree, &value, "a slice")?;
        let Shape::Vector(whole) = value.0.shape.clone() else {
            return None;
        };
        let (from, size) = match part {
            Part::Equal { index, count } => self.equal_part(tree, &whole, (*index, *count)),
            Part::Range { from, to } => self.range(tree, &whole, (from.as_ref(), to.as_ref()))?,
            Part::Share { symbols, index } => self.share(tree, &whole, symbols, *index)?,
        };
        let kind = ExprKind::Slice(Box::new(value.0), from);
        Some(value_of(kind, Shape::Vector(size), place))
    }

    /// One of `count` parts of one size.
    fn equal_part(
        &mut self,
        tree: &Tree,
        whole: &Dim,
        (index, count): (usize, usize),
    ) -> (Dim, Dim) {
        let name = self.name(tree);
        let owner = format!("the size of a part of {name}");
        // The size of an input or a state is the constructor's argument, not that of its part.
        let given = |symbol| matches!(self.sort(symbol), Sort::Input | Sort::State);
        if tree.symbol().is_some_and(given)
            && let Some(part) = self.sizes.fraction(whole, count, &owner)
        {
            return (part.times(index), part);
        }
        let part = self.sizes.fresh(owner, usize::MAX);
        let all = part.times(count);
        let said = Said {
            left: (name, tree.place),
            right: (format!("{count} equal parts"), tree.place),
            how: "must be of one size",
        };
        // A conflict was reported; the part has its size all the same.
        let _ = self.equal_sizes((whole, &all), Vec::new(), |_| said);
        (part.times(index), part)
    }

    /// From one length to another; to the end where none is said.
    fn range(
        &mut self,
        tree: &Tree,
        whole: &Dim,
        (from, to): (Option<&SizeExpr>, Option<&SizeExpr>),
    ) -> Option<(Dim, Dim)> {
        let name = self.name(tree);
        let start = from.map_or(Dim::number(0), |from| self.sizes.declared(from, &name));
        let owner = format!("the size of a part of {name}");
        let part = self.sizes.fresh(owner, usize::MAX);
        let said = Said {
            left: (name.clone(), tree.place),
            right: ("its slice".to_owned(), tree.place),
            how: "are as long as the slice says",
        };
        let Some(to) = to else {
            let all = start.plus(&part)?;
            self.equal_sizes((whole, &all), Vec::new(), |_| said)?;
            return Some((start, part));
        };
        let end = self.sizes.declared(to, &name);
        if !self.sizes.is_longer(&end, &start) {
            let [start, end] = [&start, &end].map(|dim| self.sizes.describe(dim));
            self.diagnostics
                .push(diag::slice_length(to.place, &name, &start, &end));
            return None;
        }
        self.equal_sizes((&end, &start.plus(&part)?), Vec::new(), |_| said)?;
        self.bounds.push(Bound {
            end,
            whole: whole.clone(),
            name,
            place: to.place,
        });
        Some((start, part))
    }

    /// What one of several symbols has of a vector that they make up.
    fn share(
        &mut self,
        tree: &Tree,
        whole: &Dim,
        symbols: &Rc<[SymbolId]>,
        index: usize,
    ) -> Option<(Dim, Dim)> {
        let mut all = Dim::number(0);
        let mut own = None;
        for (at, &symbol) in symbols.iter().enumerate() {
            let Some(Shape::Vector(size)) = self.shape(symbol) else {
                // The symbol itself reports it, not its neighbours too.
                if at == index {
                    let name = self.table.symbols[symbol].key.printed();
                    self.diagnostics
                        .push(diag::share_of_no_vector(tree.place, &name));
                }
                return None;
            };
            if at == index {
                own = Some((all.clone(), size.clone()));
            }
            all = all.plus(&size)?;
        }
        let said = Said {
            left: (self.name(tree), tree.place),
            right: ("the left sides together".to_owned(), tree.place),
            how: "must be of one size",
        };
        self.equal_sizes((whole, &all), Vec::new(), |_| said)?;
        own
    }
}
