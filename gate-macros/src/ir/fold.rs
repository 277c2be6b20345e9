//! Arithmetic on numbers that are known while compiling.

use super::graph::{Binary, Compare, Op, Unary};

/// The value of an element-wise operation on numbers, where it can be had exactly enough.
pub(super) fn fold(op: &Op, args: &[f64]) -> Option<f64> {
    match (op, args) {
        (Op::Unary(op), &[x]) => unary(*op, x),
        (Op::Binary(op), &[a, b]) => Some(binary(*op, a, b)),
        (Op::Select(compare), &[a, b, yes, no]) => {
            Some(if holds(*compare, a, b) { yes } else { no })
        }
        (Op::StopGradient, &[x]) => Some(x),
        _ => None,
    }
}

pub(super) fn unary(op: Unary, x: f64) -> Option<f64> {
    Some(match op {
        Unary::Neg => -x,
        Unary::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        Unary::Tanh => x.tanh(),
        Unary::Relu => x.max(0.0),
        Unary::Exp => x.exp(),
        Unary::ExpM1 => x.exp_m1(),
        Unary::Log => x.ln(),
        Unary::Softplus => x.max(0.0) + (-x.abs()).exp().ln_1p(),
        Unary::Sqrt => x.sqrt(),
        Unary::Recip => 1.0 / x,
        Unary::Square => x * x,
        Unary::Abs => x.abs(),
        Unary::Sign if x == 0.0 => 0.0,
        Unary::Sign => x.signum(),
        Unary::Sin => x.sin(),
        Unary::Cos => x.cos(),
        Unary::Silu => x / (1.0 + (-x).exp()),
        // The standard library has no error function.
        Unary::SiluSlope | Unary::Gelu | Unary::GeluSlope => return None,
    })
}

pub(super) fn binary(op: Binary, a: f64, b: f64) -> f64 {
    match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::Pow => a.powf(b),
        Binary::Min => a.min(b),
        Binary::Max => a.max(b),
    }
}

pub(super) fn holds(compare: Compare, a: f64, b: f64) -> bool {
    match compare {
        Compare::Greater => a > b,
        Compare::GreaterEq => a >= b,
    }
}
