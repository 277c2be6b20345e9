//! The rules of simplification.
//!
//! Takes: an operation on simplified nodes. Gives: a simpler node with the same value, or
//! nothing. No rule makes a node before it is sure to apply, so that a graph to which none
//! applies stays as it is. No rule changes a result by more than rounding, and none turns
//! something undefined into a number (`0 · x` stays). `arithmetic` has the rules of element-wise
//! operations, `arrays` those of whole vectors and matrices.

mod arithmetic;
mod arrays;

use crate::model::{Dim, Shape};

use super::build::Build;
use super::fold;
use super::graph::{Binary, Id, Op, Unary};
use arithmetic::{add, div, mul, pow, sub, unary};
pub(super) use arrays::side_by_side;
use arrays::{mat_mat, mat_vec, reduction, slice, transpose};

/// A node with the value of `op(args)` that is simpler than a new one.
pub(super) fn simpler<B: Build>(b: &mut B, op: &Op, args: &[Id], shape: &Shape) -> Option<Id> {
    if let Some(id) = folded(b, op, args, shape).or_else(|| spread_late(b, op, args, shape)) {
        return Some(id);
    }
    match (op, args) {
        (Op::Unary(op), &[x]) => unary(b, *op, x),
        (Op::Binary(Binary::Add), &[x, y]) => add(b, x, y, shape),
        (Op::Binary(Binary::Sub), &[x, y]) => sub(b, x, y, shape),
        (Op::Binary(Binary::Mul), &[x, y]) => mul(b, x, y, shape),
        (Op::Binary(Binary::Div), &[x, y]) => div(b, x, y, shape),
        (Op::Binary(Binary::Pow), &[x, y]) => pow(b, x, y, shape),
        (Op::Binary(Binary::Min | Binary::Max), &[x, y]) if x == y => Some(x),
        (Op::Select(_), &[_, _, yes, no]) if yes == no => fit(b, yes, shape),
        (Op::Select(compare), &[x, y, yes, no]) => {
            let holds = fold::holds(*compare, b.constant(x)?, b.constant(y)?);
            fit(b, if holds { yes } else { no }, shape)
        }
        (Op::Length(dim), _) if dim.terms.is_empty() => {
            Some(b.number((dim.constant / dim.divisor.max(1)) as f64))
        }
        (Op::Sum | Op::Largest, &[x]) => reduction(b, op, x),
        (Op::MatVec { transposed }, &[m, v]) => mat_vec(b, *transposed, m, v),
        (Op::MatMat, &[x, y]) => mat_mat(b, x, y),
        (Op::Transpose, &[x]) => transpose(b, x),
        (Op::Slice { .. }, &[x]) => slice(b, op, x, shape),
        (Op::Pad { .. } | Op::Concat, &[x])
            if b.graph().nodes[x].shape == *shape || *shape == Shape::Vector(Dim::number(1)) =>
        {
            fit(b, x, shape)
        }
        _ => None,
    }
}

/// A scalar operation on numbers.
fn folded<B: Build>(b: &mut B, op: &Op, args: &[Id], shape: &Shape) -> Option<Id> {
    if *shape != Shape::Scalar {
        return None;
    }
    let numbers: Option<Vec<f64>> = args.iter().map(|&a| b.constant(a)).collect();
    let value = fold::fold(op, &numbers?)?;
    Some(b.number(value))
}

/// Element-wise operations on spread scalars: the scalar operation, spread; or the scalar in
/// the place of its spread where another operand has the full shape.
fn spread_late<B: Build>(b: &mut B, op: &Op, args: &[Id], shape: &Shape) -> Option<Id> {
    if !matches!(
        op,
        Op::Unary(_) | Op::Binary(_) | Op::Select(_) | Op::StopGradient
    ) {
        return None;
    }
    let narrow: Vec<Id> = args
        .iter()
        .map(|&a| under(b, Op::Spread, a).unwrap_or(a))
        .collect();
    if narrow == args {
        return None;
    }
    if narrow.iter().any(|&a| !b.scalar(a)) {
        return Some(b.make(op.clone(), narrow, shape.clone()));
    }
    let scalar = b.make(op.clone(), narrow, Shape::Scalar);
    fit(b, scalar, shape)
}

/// The argument of a node with one argument and this operation.
fn under<B: Build>(b: &B, op: Op, id: Id) -> Option<Id> {
    let node = &b.graph().nodes[id];
    if node.op == op {
        node.args.first().copied()
    } else {
        None
    }
}

fn negated<B: Build>(b: &B, id: Id) -> Option<Id> {
    under(b, Op::Unary(Unary::Neg), id)
}

/// The two arguments of a node with this operation.
fn pair<B: Build>(b: &B, op: Op, id: Id) -> Option<(Id, Id)> {
    let node = &b.graph().nodes[id];
    match node.args[..] {
        [x, y] if node.op == op => Some((x, y)),
        _ => None,
    }
}

/// A number and what it multiplies.
fn scaled<B: Build>(b: &B, id: Id) -> Option<(f64, Id)> {
    let (x, y) = pair(b, Op::Binary(Binary::Mul), id)?;
    match (b.constant(x), b.constant(y)) {
        (Some(n), _) => Some((n, y)),
        (_, Some(n)) => Some((n, x)),
        _ => None,
    }
}

/// The node itself where it has the shape, a scalar spread.
fn fit<B: Build>(b: &mut B, id: Id, shape: &Shape) -> Option<Id> {
    Some(b.spread(id, shape))
}
