//! The rules of whole vectors and matrices: sums, products, transposes, parts.

use crate::model::{Dim, Shape};

use super::super::build::{Build, total, zero};
use super::super::graph::{Binary, Id, Op};
use super::{fit, negated, pair, under};

/// Signs and scalar factors leave sums; the sum of a spread scalar is a product, that of one element
/// the element.
pub(super) fn reduction<B: Build>(b: &mut B, op: &Op, x: Id) -> Option<Id> {
    let shape = b.shape(x);
    let spread = under(b, Op::Spread, x);
    if spread.is_none() && shape == Shape::Vector(Dim::number(1)) {
        return Some(b.slice(x, 0, Dim::number(0), Shape::Scalar));
    }
    if *op == Op::Largest {
        return spread;
    }
    if let Some(scalar) = spread {
        let count = b.count(&shape);
        return Some(b.mul(scalar, count));
    }
    if let Some(inner) = negated(b, x) {
        let sum = b.sum(inner);
        return Some(b.neg(sum));
    }
    if let Some((p, q)) = pair(b, Op::Binary(Binary::Mul), x) {
        let (scalar, vector) = match (b.scalar(p), b.scalar(q)) {
            (true, _) => (p, q),
            (_, true) => (q, p),
            _ => return None,
        };
        let sum = b.sum(vector);
        return Some(b.mul(scalar, sum));
    }
    let (p, q) = pair(b, Op::Binary(Binary::Div), x).filter(|&(_, q)| b.scalar(q))?;
    let sum = b.sum(p);
    Some(b.div(sum, q))
}

pub(super) fn mat_vec<B: Build>(b: &mut B, transposed: bool, m: Id, v: Id) -> Option<Id> {
    if b.graph().nodes[m].op == Op::Identity {
        return Some(v);
    }
    if let Some(inner) = under(b, Op::Transpose, m) {
        return Some(b.mat_vec(!transposed, inner, v));
    }
    let (p, q) = pair(b, Op::Outer, m)?;
    let (out, inner) = if transposed { (q, p) } else { (p, q) };
    let factor = b.dot(inner, v);
    Some(b.mul(out, factor))
}

pub(super) fn mat_mat<B: Build>(b: &mut B, x: Id, y: Id) -> Option<Id> {
    if b.graph().nodes[x].op == Op::Identity {
        return Some(y);
    }
    if b.graph().nodes[y].op == Op::Identity {
        return Some(x);
    }
    if let Some((u, v)) = pair(b, Op::Outer, y) {
        let u = b.mat_vec(false, x, u);
        return Some(b.outer(u, v));
    }
    let (u, v) = pair(b, Op::Outer, x)?;
    let v = b.mat_vec(true, y, v);
    Some(b.outer(u, v))
}

pub(super) fn transpose<B: Build>(b: &mut B, x: Id) -> Option<Id> {
    if b.graph().nodes[x].op == Op::Identity {
        return Some(x);
    }
    if let Some(inner) = under(b, Op::Transpose, x) {
        return Some(inner);
    }
    let (u, v) = pair(b, Op::Outer, x)?;
    Some(b.outer(v, u))
}

pub(super) fn slice<B: Build>(b: &mut B, op: &Op, x: Id, shape: &Shape) -> Option<Id> {
    let Op::Slice { axis, from } = op else {
        return None;
    };
    let node = &b.graph().nodes[x];
    if node.shape == *shape {
        return Some(x);
    }
    let args = node.args.clone();
    match &node.op {
        Op::Spread => fit(b, args[0], shape),
        Op::Slice {
            axis: inner,
            from: start,
        } if inner == axis => {
            let from = total(start, from);
            Some(b.slice(args[0], *axis, from, shape.clone()))
        }
        Op::Pad {
            axis: inner,
            from: start,
        } if inner == axis && start == from => {
            Some(args[0]).filter(|&a| b.graph().nodes[a].shape == *shape)
        }
        Op::Concat => {
            let mut start = Dim::number(0);
            for part in args {
                if start == *from && b.graph().nodes[part].shape == *shape {
                    return Some(part);
                }
                start = total(&start, &b.length(part));
            }
            None
        }
        _ => None,
    }
}

/// The sum of vectors that lie behind one another in zeros, as one concatenation.
pub(in crate::ir) fn side_by_side<B: Build>(b: &mut B, terms: &[Id]) -> Option<Id> {
    let shape = b.shape(*terms.first()?);
    let Shape::Vector(length) = &shape else {
        return None;
    };
    let mut start = Dim::number(0);
    let mut parts = Vec::new();
    while parts.len() < terms.len() {
        let next = terms.iter().find_map(|&t| match &b.graph().nodes[t] {
            node if matches!(&node.op, Op::Pad { from, .. } if *from == start) => {
                Some(node.args[0])
            }
            _ => None,
        })?;
        parts.push(next);
        start = total(&start, &b.length(next));
    }
    let whole = start == *length && !parts.iter().any(|&p| zero(&b.length(p)));
    whole.then(|| b.make(Op::Concat, parts, shape.clone()))
}
