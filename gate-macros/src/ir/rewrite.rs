//! The rules of simplification.
//!
//! Takes: an operation on simplified nodes. Gives: a simpler node with the same value, or
//! nothing. No rule makes a node before it is sure to apply, so that a graph to which none
//! applies stays as it is. No rule changes a result by more than rounding, and none turns
//! something undefined into a number (`0 · x` stays).

use crate::model::{Dim, Shape};

use super::build::{Build, total, zero};
use super::fold;
use super::graph::{Binary, Id, Op, Unary};

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

fn unary<B: Build>(b: &mut B, op: Unary, x: Id) -> Option<Id> {
    match op {
        Unary::Neg => {
            if let Some(inner) = negated(b, x) {
                return Some(inner);
            }
            if let Some((p, q)) = pair(b, Op::Binary(Binary::Sub), x) {
                return Some(b.sub(q, p));
            }
            let (factor, inner) = scaled(b, x)?;
            Some(b.scale(-factor, inner))
        }
        Unary::Square | Unary::Abs | Unary::Cos => {
            let inner = negated(b, x)?;
            Some(b.unary(op, inner))
        }
        _ => None,
    }
}

fn add<B: Build>(b: &mut B, x: Id, y: Id, shape: &Shape) -> Option<Id> {
    match (b.constant(x), b.constant(y)) {
        (Some(0.0), _) => return fit(b, y, shape),
        (_, Some(0.0)) => return fit(b, x, shape),
        _ => {}
    }
    match (negated(b, x), negated(b, y)) {
        (_, Some(y)) => Some(b.sub(x, y)),
        (Some(x), None) => Some(b.sub(y, x)),
        (None, None) => joined(b, x, y),
    }
}

/// `where(c, u, 0) + where(c, 0, v)` is one choice, and so is `where(c, u, v) + where(c, 0, w)`: the
/// gradients of all branches meet again in what they read.
fn joined<B: Build>(b: &mut B, x: Id, y: Id) -> Option<Id> {
    let (p, q) = (&b.graph().nodes[x], &b.graph().nodes[y]);
    let same = matches!(p.op, Op::Select(_)) && p.op == q.op && p.shape == q.shape;
    if !same || p.args[..2] != q.args[..2] {
        return None;
    }
    let either = |at: usize| match (b.constant(p.args[at]), b.constant(q.args[at])) {
        (Some(0.0), _) => Some(q.args[at]),
        (_, Some(0.0)) => Some(p.args[at]),
        _ => None,
    };
    let (yes, no) = (either(2), either(3));
    if yes.is_none() && no.is_none() {
        return None;
    }
    let (op, shape) = (p.op.clone(), p.shape.clone());
    let (p, q) = (p.args.clone(), q.args.clone());
    let yes = yes.unwrap_or_else(|| b.add(p[2], q[2]));
    let no = no.unwrap_or_else(|| b.add(p[3], q[3]));
    Some(b.make(op, vec![p[0], p[1], yes, no], shape))
}

fn sub<B: Build>(b: &mut B, x: Id, y: Id, shape: &Shape) -> Option<Id> {
    match (b.constant(x), b.constant(y)) {
        (_, Some(0.0)) => return fit(b, x, shape),
        (Some(0.0), _) => {
            let negative = b.neg(y);
            return fit(b, negative, shape);
        }
        _ => {}
    }
    let y = negated(b, y)?;
    Some(b.add(x, y))
}

fn mul<B: Build>(b: &mut B, x: Id, y: Id, shape: &Shape) -> Option<Id> {
    if x == y {
        return Some(b.square(x));
    }
    for (x, y) in [(x, y), (y, x)] {
        let Some(n) = b.constant(x) else { continue };
        if n == 1.0 {
            return fit(b, y, shape);
        }
        if n == -1.0 {
            let negative = b.neg(y);
            return fit(b, negative, shape);
        }
        if let Some((m, inner)) = scaled(b, y) {
            return Some(b.scale(n * m, inner));
        }
    }
    let product = match (negated(b, x), negated(b, y)) {
        (Some(x), Some(y)) => return Some(b.mul(x, y)),
        (Some(x), None) => b.mul(x, y),
        (None, Some(y)) => b.mul(x, y),
        (None, None) => return None,
    };
    Some(b.neg(product))
}

fn div<B: Build>(b: &mut B, x: Id, y: Id, shape: &Shape) -> Option<Id> {
    match (b.constant(x), b.constant(y)) {
        (_, Some(1.0)) => return fit(b, x, shape),
        (Some(1.0), _) => return Some(b.unary(Unary::Recip, y)),
        _ => {}
    }
    let quotient = match (negated(b, x), negated(b, y)) {
        (Some(x), Some(y)) => return Some(b.div(x, y)),
        (Some(x), None) => b.div(x, y),
        (None, Some(y)) => b.div(x, y),
        (None, None) => return None,
    };
    Some(b.neg(quotient))
}

/// Powers with small exponents are products, powers of numbers exponentials.
fn pow<B: Build>(b: &mut B, x: Id, y: Id, shape: &Shape) -> Option<Id> {
    if let Some(base) = b.constant(x).filter(|&n| n > 0.0 && n.is_finite()) {
        let exponent = b.scale(base.ln(), y);
        return Some(b.unary(Unary::Exp, exponent));
    }
    let exponent = b.constant(y)?;
    let magnitude = exponent.abs();
    let power = if magnitude == 0.0 {
        let one = b.number(1.0);
        return fit(b, one, shape);
    } else if magnitude == 0.5 {
        b.unary(Unary::Sqrt, x)
    } else if magnitude <= 8.0 && magnitude.fract() == 0.0 {
        natural_power(b, x, magnitude as u32)
    } else {
        return None;
    };
    Some(if exponent < 0.0 {
        b.unary(Unary::Recip, power)
    } else {
        power
    })
}

/// `x^n` for `n` from 1 on, by squaring.
fn natural_power<B: Build>(b: &mut B, x: Id, n: u32) -> Id {
    if n <= 1 {
        return x;
    }
    let half = natural_power(b, x, n / 2);
    let even = b.square(half);
    if n.is_multiple_of(2) {
        even
    } else {
        b.mul(even, x)
    }
}

/// Signs and scalar factors leave sums; the sum of a spread scalar is a product, that of one element
/// the element.
fn reduction<B: Build>(b: &mut B, op: &Op, x: Id) -> Option<Id> {
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

fn mat_vec<B: Build>(b: &mut B, transposed: bool, m: Id, v: Id) -> Option<Id> {
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

fn mat_mat<B: Build>(b: &mut B, x: Id, y: Id) -> Option<Id> {
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

fn transpose<B: Build>(b: &mut B, x: Id) -> Option<Id> {
    if b.graph().nodes[x].op == Op::Identity {
        return Some(x);
    }
    if let Some(inner) = under(b, Op::Transpose, x) {
        return Some(inner);
    }
    let (u, v) = pair(b, Op::Outer, x)?;
    Some(b.outer(v, u))
}

fn slice<B: Build>(b: &mut B, op: &Op, x: Id, shape: &Shape) -> Option<Id> {
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
pub(super) fn side_by_side<B: Build>(b: &mut B, terms: &[Id]) -> Option<Id> {
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
