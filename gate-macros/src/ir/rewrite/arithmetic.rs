//! The rules of element-wise operations: neutral numbers, signs, scalar factors, choices.

use crate::model::Shape;

use super::super::build::Build;
use super::super::graph::{Binary, Id, Op, Unary};
use super::{fit, negated, pair, scaled};

pub(super) fn unary<B: Build>(b: &mut B, op: Unary, x: Id) -> Option<Id> {
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

pub(super) fn add<B: Build>(b: &mut B, x: Id, y: Id, shape: &Shape) -> Option<Id> {
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

pub(super) fn sub<B: Build>(b: &mut B, x: Id, y: Id, shape: &Shape) -> Option<Id> {
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

pub(super) fn mul<B: Build>(b: &mut B, x: Id, y: Id, shape: &Shape) -> Option<Id> {
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

pub(super) fn div<B: Build>(b: &mut B, x: Id, y: Id, shape: &Shape) -> Option<Id> {
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
pub(super) fn pow<B: Build>(b: &mut B, x: Id, y: Id, shape: &Shape) -> Option<Id> {
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
