//! Typed products: what each means, and the sizes that meet in it.

use crate::diag::{self, Place};
use crate::functions::Function;
use crate::model::kinds::Kind;
use crate::model::kinds::chain::{self, Plan};
use crate::model::names::letters::{Letter, letter};
use crate::model::names::spell;
use crate::model::print;
use crate::model::roles::Sort;
use crate::model::sizes::Said;
use crate::model::statements::expand::MOST_DEPTH;
use crate::model::trees::tree::{Node, Tree};
use crate::model::{Dim, Expr, ExprKind, Shape, SymbolId};
use crate::syntax::Operator;

use super::typer::{Typer, Value, value_of};

impl Typer<'_> {
    /// A product of several factors.
    pub(in crate::model) fn chain(&mut self, factors: &[Tree], place: Place) -> Option<Value> {
        let values: Vec<Option<Value>> = factors.iter().map(|factor| self.value(factor)).collect();
        let values: Vec<Value> = values.into_iter().collect::<Option<_>>()?;
        let kinds: Vec<Kind> = values.iter().map(|(_, kind)| *kind).collect();
        // Each is computed with what the next one gives, which makes a level of the tree.
        if kinds.iter().filter(|kind| **kind == Kind::Matrix).count() > MOST_DEPTH {
            self.diagnostics
                .push(diag::nested_too_deeply(place, MOST_DEPTH));
            return None;
        }
        let Some((plan, kind)) = chain::plan(&kinds, self.rows) else {
            let parts: Vec<(String, &str)> = factors
                .iter()
                .zip(&kinds)
                .map(|(f, kind)| (self.name(f), kind.word()))
                .collect();
            let scale = self.perhaps_scalar(factors, &kinds);
            // What scales one product scales others.
            let new = scale
                .as_ref()
                .is_none_or(|name| self.told.insert(name.clone()));
            if new {
                let message = diag::product_needs_brackets(place, &parts, scale.as_deref());
                self.diagnostics.push(message);
            }
            return None;
        };
        let expr = self.planned(&plan, &values, place)?;
        Some((expr, kind))
    }

    /// Builds the expression of a plan, and makes the sizes fit that meet in it.
    fn planned(&mut self, plan: &Plan, values: &[Value], place: Place) -> Option<Expr> {
        let (a, b) = match plan {
            Plan::Factor(at) => return values.get(*at).map(|(expr, _)| expr.clone()),
            Plan::Scale(a, b)
            | Plan::ElementWise(a, b)
            | Plan::MatVec(a, b)
            | Plan::VecMat(a, b)
            | Plan::MatMat(a, b)
            | Plan::Dot(a, b)
            | Plan::Outer(a, b) => (
                self.planned(a, values, place)?,
                self.planned(b, values, place)?,
            ),
        };
        if matches!(plan, Plan::MatVec(..) | Plan::VecMat(..) | Plan::MatMat(..)) {
            self.no_number_in_matrix(&a)?;
            self.no_number_in_matrix(&b)?;
        }
        let ends = |expr: &Expr| match &expr.shape {
            Shape::Matrix(rows, columns) => (rows.clone(), columns.clone()),
            Shape::Vector(size) => (size.clone(), size.clone()),
            Shape::Scalar => (Dim::number(1), Dim::number(1)),
        };
        let ((a_rows, a_columns), (b_rows, b_columns)) = (ends(&a), ends(&b));
        let of = |typer: &Self, what: &str, expr: &Expr| match &expr.shape {
            Shape::Matrix(..) => format!("the {what} of {}", print::brief_of(typer.table, expr)),
            _ => print::brief_of(typer.table, expr),
        };
        let element_wise = matches!(plan, Plan::ElementWise(..));
        let say = |typer: &Self| Said {
            left: (of(typer, "columns", &a), a.place),
            right: (of(typer, "rows", &b), b.place),
            how: if element_wise {
                "are multiplied element by element"
            } else {
                "meet in a product"
            },
        };
        let shape = match plan {
            Plan::Scale(..) => b.shape.clone(),
            Plan::ElementWise(..) => {
                self.equal_shapes((&a.shape, &b.shape), parts(&a, &b), say)?;
                a.shape.clone()
            }
            Plan::Outer(..) => return Some(outer(a, b, place).0),
            _ => {
                self.equal_sizes((&a_columns, &b_rows), Vec::new(), say)?;
                match plan {
                    Plan::MatVec(..) => Shape::Vector(a_rows),
                    Plan::VecMat(..) => Shape::Vector(b_columns),
                    Plan::MatMat(..) => Shape::Matrix(a_rows, b_columns),
                    _ => Shape::Scalar,
                }
            }
        };
        let (a, b) = (Box::new(a), Box::new(b));
        let kind = match plan {
            Plan::MatVec(..) => ExprKind::MatVec(a, b),
            Plan::VecMat(..) => ExprKind::VecMat(a, b),
            Plan::MatMat(..) => ExprKind::MatMat(a, b),
            Plan::Dot(..) => ExprKind::Call(Function::Dot, vec![*a, *b]),
            _ => ExprKind::Multiply(a, b),
        };
        Some(Expr { kind, shape, place })
    }
}

impl Typer<'_> {
    /// Reports `(1 - A) h`: the number would be added to every element of the matrix.
    fn no_number_in_matrix(&mut self, matrix: &Expr) -> Option<()> {
        let (ExprKind::Add(a, b) | ExprKind::Subtract(a, b)) = &matrix.kind else {
            return Some(());
        };
        let (number, whole) = match (&a.shape, &b.shape) {
            (Shape::Scalar, Shape::Matrix(..)) => (a, b),
            (Shape::Matrix(..), Shape::Scalar) => (b, a),
            _ => return Some(()),
        };
        let [number, whole] = [number, whole].map(|expr| print::brief_of(self.table, expr));
        let message = diag::number_in_matrix(matrix.place, &number, &whole);
        self.diagnostics.push(message);
        None
    }

    /// A product with a matrix that is declared with one row, `W: [1, I]`, where a scalar stands
    /// on the left.
    pub(super) fn one_number(&self, left: &Shape, right: Expr, kind: Kind) -> Value {
        let one = self.sizes.resolve(&Dim::number(1));
        match (left, &right.shape) {
            (Shape::Scalar, Shape::Vector(size)) if self.sizes.resolve(size) == one => {
                let place = right.place;
                let sum = ExprKind::Call(Function::Sum, vec![right]);
                value_of(sum, Shape::Scalar, place)
            }
            _ => (right, kind),
        }
    }

    /// The input that stands before a state, `λ_t S_{t-1}`, and makes a vector of it.
    pub(super) fn scaling_input(&self, product: &Tree) -> Option<String> {
        let Node::Chain(factors) = &product.node else {
            return None;
        };
        let input = factors.first()?.symbol()?;
        let state = factors.get(1)?.symbol()?;
        let undeclared = self.table.symbols[input].declared.kind.is_none();
        let scales = self.sort(input) == Sort::Input && self.sort(state) == Sort::State;
        (scales && undeclared).then(|| spell::plain(&self.table.symbols[input].key, Some(0)))
    }

    /// The outer product that `k * v` may be meant as, as it is written.
    pub(super) fn outer_of(&self, product: &Tree) -> Option<String> {
        let Node::Chain(factors) = &product.node else {
            return None;
        };
        let [.., left, right] = &factors[..] else {
            return None;
        };
        let plain = |tree: &Tree| {
            let symbol = tree.symbol()?;
            let vector = self.known[symbol].kind == Some(Kind::Vector);
            vector.then(|| self.name(tree).replace('`', ""))
        };
        Some(format!("outer({}, {})", plain(left)?, plain(right)?))
    }

    /// The name of what a product that is not clear may scale by: a Greek letter, or what stands
    /// before `v kᵀ`.
    fn perhaps_scalar(&self, factors: &[Tree], kinds: &[Kind]) -> Option<String> {
        let outer = kinds.contains(&Kind::Row);
        let vectors = factors
            .iter()
            .zip(kinds)
            .filter(|(_, k)| **k == Kind::Vector);
        let mut found = None;
        for (factor, _) in vectors {
            factor.reads(&mut |symbol, _, _| {
                let key = &self.table.symbols[symbol].key;
                let alone = self.known[symbol].kind == Some(Kind::Vector);
                // A number before a matrix: `g W h_{t-1}`.
                let first = is_of(&factors[0], symbol)
                    && self.sort(symbol) == Sort::Parameter
                    && letter(&key.base) == Letter::LowerLatin;
                if alone && (outer || first || letter(&key.base) == Letter::LowerGreek) {
                    let timed = !matches!(self.sort(symbol), Sort::Parameter);
                    found.get_or_insert_with(|| spell::plain(key, timed.then_some(0)));
                }
            });
        }
        found
    }
}

/// Whether a factor is a symbol, `g`, or a number and one, `1 - g`.
fn is_of(factor: &Tree, symbol: SymbolId) -> bool {
    match &factor.node {
        Node::Read { symbol: own, .. } => *own == symbol,
        Node::Binary(Operator::Add | Operator::Subtract, a, b) => {
            matches!(a.node, Node::Number(_)) && is_of(b, symbol)
        }
        _ => false,
    }
}

/// `a bᵀ`
pub(super) fn outer(a: Expr, b: Expr, place: Place) -> Value {
    let size = |expr: &Expr| match &expr.shape {
        Shape::Vector(size) => size.clone(),
        _ => Dim::number(1),
    };
    let shape = Shape::Matrix(size(&a), size(&b));
    value_of(ExprKind::Call(Function::Outer, vec![a, b]), shape, place)
}

/// The parts of two vectors that are made of as many.
pub(super) fn parts(a: &Expr, b: &Expr) -> Vec<(Dim, Dim)> {
    let size = |expr: &Expr| match &expr.shape {
        Shape::Vector(size) => size.clone(),
        _ => Dim::number(1),
    };
    match (&a.kind, &b.kind) {
        (ExprKind::Concat(a), ExprKind::Concat(b)) if a.len() == b.len() => {
            a.iter().map(size).zip(b.iter().map(size)).collect()
        }
        _ => Vec::new(),
    }
}
