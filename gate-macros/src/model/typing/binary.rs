//! Typed binary operators: both sides are brought to one shape.

use crate::diag::{self, Place};
use crate::model::kinds::Kind;
use crate::model::sizes::Said;
use crate::model::trees::tree::{Node, Tree};
use crate::model::{ExprKind, Shape};
use crate::syntax::Operator;

use super::products::{outer, parts};
use super::typer::{Typer, Value, typed};

impl Typer<'_> {
    /// Binary operators: a chain of them from left to right without a level of the stack each.
    pub(super) fn binary(&mut self, tree: &Tree) -> Option<Value> {
        let mut spine = Vec::new();
        let mut first = tree;
        while let Node::Binary(operator, a, b) = &first.node {
            spine.push((*operator, &**a, &**b, first.place));
            first = a;
        }
        let mut value = self.value(first);
        for (operator, a, b, place) in spine.into_iter().rev() {
            let right = self.value(b);
            value = match (value, right) {
                (Some(left), Some(right)) => self.combine(operator, (a, left), (b, right), place),
                _ => None,
            };
        }
        value
    }

    /// One operator between two values.
    fn combine(
        &mut self,
        operator: Operator,
        (a, left): (&Tree, Value),
        (b, right): (&Tree, Value),
        place: Place,
    ) -> Option<Value> {
        if operator == Operator::Outer {
            for (tree, value) in [(a, &left), (b, &right)] {
                self.expect(Kind::Vector, tree, value, "⊗")?;
            }
            return Some(outer(left.0, right.0, place));
        }
        if operator == Operator::Subtract {
            self.no_identity_minus_vector(a)?;
        }
        if operator == Operator::Divide && self.number(b) == Some(0.0) {
            self.diagnostics.push(diag::division_by_zero(b.place));
            return None;
        }
        let how = match operator {
            Operator::Add => "are added",
            Operator::Subtract => "are subtracted",
            Operator::Divide => "are divided element by element",
            Operator::Hadamard | Operator::Outer => "are multiplied element by element",
        };
        let result = self.meet((a, &left), (b, &right), how)?;
        let (left, right) = (Box::new(left.0), Box::new(right.0));
        let node = match operator {
            Operator::Add => ExprKind::Add(left, right),
            Operator::Subtract => ExprKind::Subtract(left, right),
            Operator::Divide => ExprKind::Divide(left, right),
            Operator::Hadamard | Operator::Outer => ExprKind::Multiply(left, right),
        };
        Some(typed(node, result, place))
    }

    /// The shape of an element-wise combination.
    pub(super) fn meet(
        &mut self,
        (a, left): (&Tree, &Value),
        (b, right): (&Tree, &Value),
        how: &'static str,
    ) -> Option<(Shape, Kind)> {
        match (left.1.upright(), right.1.upright()) {
            (Kind::Scalar, _) => Some((right.0.shape.clone(), right.1)),
            (_, Kind::Scalar) => Some((left.0.shape.clone(), left.1)),
            (x, y) if x == y => {
                let say = |typer: &Self| Said {
                    left: (typer.name(a), a.place),
                    right: (typer.name(b), b.place),
                    how,
                };
                let parts = parts(&left.0, &right.0);
                self.equal_shapes((&left.0.shape, &right.0.shape), parts, say)?;
                let kind = if left.1 == right.1 {
                    left.1
                } else {
                    Kind::Vector
                };
                Some((left.0.shape.clone(), kind))
            }
            (x, y) => {
                let scale = [(a, x), (b, y)].into_iter().find_map(|(tree, kind)| {
                    (kind == Kind::Vector).then(|| self.scaling_input(tree))?
                });
                let (left, right) = (self.name(a), self.name(b));
                let (x, y) = ((left.as_str(), x.word()), (right.as_str(), y.word()));
                let outer = [(a, x.1), (b, y.1)].into_iter().find_map(|(tree, kind)| {
                    (kind == Kind::Vector.word()).then(|| self.outer_of(tree))?
                });
                let help = (scale.as_deref(), outer.as_deref());
                let message = diag::kinds_differ(a.place, x, y, how, (b.place, help));
                self.diagnostics.push(message);
                None
            }
        }
    }
}
