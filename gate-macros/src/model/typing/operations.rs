//! Typed reads, powers, transposes, brackets and choices.

use crate::diag::{self, Place};
use crate::model::kinds::Kind;
use crate::model::roles::Sort;
use crate::model::trees::tree::Tree;
use crate::model::{Dim, ExprKind, Shape, SymbolId};
use crate::syntax::Comparison;

use super::typer::{Typer, Value, typed, value_of};

impl Typer<'_> {
    /// The value of a symbol: of the identity matrix and of a size what they stand for.
    pub(super) fn read(&mut self, symbol: SymbolId, delay: usize, place: Place) -> Option<Value> {
        if self.known[symbol].identity {
            let owner = "the size of `I`".to_owned();
            let size = self.sizes.fresh(owner, usize::MAX);
            let shape = Shape::Matrix(size.clone(), size);
            return Some(value_of(ExprKind::Identity, shape, place));
        }
        if let Some(name) = self.table.size(symbol) {
            let size = self.table.size_expr(name, place);
            let of = self
                .sizes
                .declared(&size, &self.table.symbols[symbol].key.printed());
            return Some(value_of(ExprKind::Length(of), Shape::Scalar, place));
        }
        if let Some(name) = self.table.size_of_name(symbol) {
            self.diagnostics
                .push(diag::size_or_identity(place, &name.text));
            return None;
        }
        let shape = self.shape(symbol)?;
        Some(value_of(ExprKind::Read { symbol, delay }, shape, place))
    }

    /// Reports `I - z_t`, where `I` would be a trained vector.
    pub(super) fn no_identity_minus_vector(&mut self, from: &Tree) -> Option<()> {
        let trained = |id: &SymbolId| {
            let vector = self.known[*id].kind == Some(Kind::Vector);
            vector && self.sort(*id) == Sort::Parameter && self.table.is_identity_letter(*id)
        };
        if from.symbol().filter(trained).is_none() {
            return Some(());
        }
        let message = diag::identity_minus_vector(from.place);
        self.diagnostics.push(message);
        None
    }

    pub(in crate::model) fn power(
        &mut self,
        base: &Tree,
        exponent: &Tree,
        place: Place,
    ) -> Option<Value> {
        let (left, right) = (self.value(base), self.value(exponent));
        let (left, right) = (left?, right?);
        if left.1 == Kind::Matrix {
            let negative = matches!(right.0.kind, ExprKind::Number(n) if n < 0.0);
            let name = self.name(base);
            // The bilinear rule has the same inverse twice.
            if self.told.insert(name.clone()) {
                let message = diag::power_of_matrix(place, &name, negative);
                self.diagnostics.push(message);
            }
            return None;
        }
        let how = "are combined element by element";
        let result = self.meet((base, &left), (exponent, &right), how)?;
        let node = ExprKind::Power(Box::new(left.0), Box::new(right.0));
        Some(typed(node, result, place))
    }

    pub(in crate::model) fn transpose(&mut self, inner: &Tree, place: Place) -> Option<Value> {
        let (inner, kind) = self.value(inner)?;
        match &inner.shape {
            Shape::Matrix(rows, columns) => {
                let shape = Shape::Matrix(columns.clone(), rows.clone());
                Some(value_of(ExprKind::Transpose(Box::new(inner)), shape, place))
            }
            _ => Some((inner, kind.transposed())),
        }
    }

    pub(in crate::model) fn concat(&mut self, parts: &[Tree], place: Place) -> Option<Value> {
        let values: Vec<Option<Value>> = parts.iter().map(|part| self.value(part)).collect();
        let mut size = Dim::number(0);
        let mut exprs = Vec::new();
        for (tree, value) in parts.iter().zip(values) {
            let (mut expr, kind) = value?;
            match &expr.shape {
                Shape::Vector(part) => size = size.plus(part)?,
                // `[1; x]`: a scalar is one element.
                Shape::Scalar => {
                    let one = Dim::number(1);
                    size = size.plus(&one)?;
                    expr.shape = Shape::Vector(one);
                }
                Shape::Matrix(..) => {
                    let name = self.name(tree);
                    self.diagnostics.push(diag::concat_of_no_vector(
                        tree.place,
                        &name,
                        kind.word(),
                    ));
                    return None;
                }
            }
            exprs.push(expr);
        }
        Some(value_of(
            ExprKind::Concat(exprs),
            Shape::Vector(size),
            place,
        ))
    }

    pub(in crate::model) fn select(
        &mut self,
        strict: bool,
        trees: &[Tree; 4],
        place: Place,
    ) -> Option<Value> {
        let values = trees.each_ref().map(|tree| self.value(tree));
        let [Some(a), Some(b), Some(yes), Some(no)] = values else {
            return None;
        };
        let how = "are combined element by element";
        let [ta, tb, tyes, tno] = trees;
        let mut result = self.meet((ta, &a), (tb, &b), how)?;
        for (tree, value) in [(tyes, &yes), (tno, &no)] {
            let so_far = typed(a.0.kind.clone(), result, a.0.place);
            result = self.meet((ta, &so_far), (tree, value), how)?;
        }
        let comparison = if strict {
            Comparison::Greater
        } else {
            Comparison::GreaterEq
        };
        let parts = Box::new([a.0, b.0, yes.0, no.0]);
        let node = ExprKind::Select(comparison, parts);
        Some(typed(node, result, place))
    }
}
