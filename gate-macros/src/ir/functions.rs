//! The functions of the language in terms of the primitive operations.
//!
//! Takes: a [`Function`] and the nodes of its arguments. Gives: its value. Every derivative
//! follows from what stands here, so each is written such that no branch that is not taken can
//! overflow: an infinity times zero would make the gradient NaN.

use crate::functions::Function;

use super::build::Build;
use super::graph::{Binary, Compare, Id, Mask, Op, Unary};
use crate::model::Shape;

/// Added to variances and mean squares, as PyTorch's `LayerNorm` does (its `RMSNorm` takes the
/// smallest increment of the type instead, which f32 sums do not resolve).
const NORM_EPSILON: f64 = 1e-5;

/// Slopes of SELU (Klambauer et al. 2017).
const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;

/// The value of `function(args)`; the table's arity was checked.
pub(super) fn call<B: Build>(b: &mut B, function: Function, args: &[Id]) -> Id {
    let x = args[0];
    match function {
        Function::Sigmoid => b.unary(Unary::Sigmoid, x),
        Function::Tanh => b.unary(Unary::Tanh, x),
        Function::Relu => b.unary(Unary::Relu, x),
        Function::Softplus => b.unary(Unary::Softplus, x),
        Function::Exp => b.unary(Unary::Exp, x),
        Function::Log => b.unary(Unary::Log, x),
        Function::Sqrt => b.unary(Unary::Sqrt, x),
        Function::Square => b.square(x),
        Function::Abs => b.unary(Unary::Abs, x),
        Function::Sign => b.unary(Unary::Sign, x),
        Function::Sin => b.unary(Unary::Sin, x),
        Function::Cos => b.unary(Unary::Cos, x),
        Function::LeakyRelu => leaky_relu(b, x, args.get(1).copied()),
        Function::Elu => elu(b, x, args.get(1).copied()),
        Function::Selu => selu(b, x),
        Function::Silu => b.unary(Unary::Silu, x),
        Function::Gelu => b.unary(Unary::Gelu, x),
        Function::Softsign => softsign(b, x),
        Function::HardSigmoid => hard_sigmoid(b, x),
        Function::HardTanh => hard_tanh(b, x),
        Function::LogSigmoid => log_sigmoid(b, x),
        Function::Clamp => clamp(b, x, args[1], args[2]),
        Function::Min | Function::Max => extreme(b, function, args),
        Function::StopGradient => b.stop_gradient(x),
        Function::Dropout => dropout(b, x, args[1]),
        Function::Zoneout => zoneout(b, x, args[1], args[2]),
        Function::Dot => b.dot(x, args[1]),
        Function::Sum => b.sum(x),
        Function::Mean => mean(b, x),
        Function::Norm => norm(b, x),
        Function::Softmax => softmax(b, x),
        Function::CumSum => b.cumsum(false, x),
        Function::Cumax => {
            let shares = softmax(b, x);
            b.cumsum(false, shares)
        }
        Function::LayerNorm => layer_norm(b, x, &args[1..]),
        Function::RmsNorm => rms_norm(b, x, &args[1..]),
        Function::Outer => b.outer(x, args[1]),
        Function::Diag => diag(b, x),
        // The model writes selections as expressions of their own.
        Function::Where => x,
    }
}

fn leaky_relu<B: Build>(b: &mut B, x: Id, slope: Option<Id>) -> Id {
    let slope = slope.unwrap_or_else(|| b.number(0.01));
    let (zero, below) = (b.number(0.0), b.mul(slope, x));
    b.select(Compare::Greater, [x, zero, x, below])
}

/// `relu(x) + α (exp(min(x, 0)) - 1)`
fn elu<B: Build>(b: &mut B, x: Id, alpha: Option<Id>) -> Id {
    let zero = b.number(0.0);
    let (above, below) = (b.unary(Unary::Relu, x), b.binary(Binary::Min, x, zero));
    let below = b.unary(Unary::ExpM1, below);
    let below = match alpha {
        Some(alpha) => b.mul(alpha, below),
        None => below,
    };
    b.add(above, below)
}

fn selu<B: Build>(b: &mut B, x: Id) -> Id {
    let alpha = b.number(SELU_ALPHA);
    let unscaled = elu(b, x, Some(alpha));
    b.scale(SELU_SCALE, unscaled)
}

fn softsign<B: Build>(b: &mut B, x: Id) -> Id {
    let (one, size) = (b.number(1.0), b.unary(Unary::Abs, x));
    let below = b.add(one, size);
    b.div(x, below)
}

/// `clamp((x + 3)/6, 0, 1)`, as PyTorch and Keras 3 define it; the sum is exact where it is near 0.
fn hard_sigmoid<B: Build>(b: &mut B, x: Id) -> Id {
    let three = b.number(3.0);
    let raised = b.add(x, three);
    let line = b.scale(1.0 / 6.0, raised);
    let (zero, one) = (b.number(0.0), b.number(1.0));
    clamp(b, line, zero, one)
}

fn hard_tanh<B: Build>(b: &mut B, x: Id) -> Id {
    let (low, high) = (b.number(-1.0), b.number(1.0));
    clamp(b, x, low, high)
}

/// `-softplus(-x)`
fn log_sigmoid<B: Build>(b: &mut B, x: Id) -> Id {
    let negative = b.neg(x);
    let softplus = b.unary(Unary::Softplus, negative);
    b.neg(softplus)
}

/// The operand stands first, so that it has the gradient at the limits, as in PyTorch.
fn clamp<B: Build>(b: &mut B, x: Id, low: Id, high: Id) -> Id {
    let raised = b.binary(Binary::Max, x, low);
    b.binary(Binary::Min, raised, high)
}

/// `max(v)` and `min(v)` reduce a vector, with two arguments they are element-wise.
fn extreme<B: Build>(b: &mut B, function: Function, args: &[Id]) -> Id {
    match (function, args) {
        (Function::Max, &[v]) => b.largest(v),
        (_, &[v]) => {
            let negative = b.neg(v);
            let largest = b.largest(negative);
            b.neg(largest)
        }
        (Function::Max, _) => b.binary(Binary::Max, args[0], args[1]),
        _ => b.binary(Binary::Min, args[0], args[1]),
    }
}

fn mask<B: Build>(b: &mut B, kind: Mask, chance: Id, like: Id) -> Id {
    let masks = b
        .graph()
        .nodes
        .iter()
        .filter(|n| matches!(n.op, Op::Mask { .. }));
    let index = masks.count();
    let shape = b.shape(like);
    b.make(Op::Mask { kind, index }, vec![chance], shape)
}

fn dropout<B: Build>(b: &mut B, chance: Id, v: Id) -> Id {
    let mask = mask(b, Mask::Dropout, chance, v);
    b.mul(v, mask)
}

/// `m ⊙ old + (1 - m) ⊙ new`
fn zoneout<B: Build>(b: &mut B, chance: Id, new: Id, old: Id) -> Id {
    let wide = if b.scalar(new) { old } else { new };
    let mask = mask(b, Mask::Zoneout, chance, wide);
    let kept = b.mul(mask, old);
    let one = b.number(1.0);
    let rest = b.sub(one, mask);
    let replaced = b.mul(rest, new);
    b.add(kept, replaced)
}

fn mean<B: Build>(b: &mut B, v: Id) -> Id {
    let shape = b.shape(v);
    let (sum, count) = (b.sum(v), b.count(&shape));
    b.div(sum, count)
}

/// `√Σv²`. At zero, where every state starts, the gradient is zero and not NaN.
fn norm<B: Build>(b: &mut B, v: Id) -> Id {
    let squares = b.square(v);
    let sum = b.sum(squares);
    let (zero, one) = (b.number(0.0), b.number(1.0));
    let safe = b.select(Compare::Greater, [sum, zero, sum, one]);
    let root = b.unary(Unary::Sqrt, safe);
    b.select(Compare::Greater, [sum, zero, root, zero])
}

/// `exp(v - max v) / Σ`
fn softmax<B: Build>(b: &mut B, v: Id) -> Id {
    let largest = b.largest(v);
    let largest = b.stop_gradient(largest);
    let shifted = b.sub(v, largest);
    let powers = b.unary(Unary::Exp, shifted);
    let sum = b.sum(powers);
    let factor = b.unary(Unary::Recip, sum);
    b.mul(powers, factor)
}

/// `(v - mean) / √(variance + ε)`, then scaled and shifted.
fn layer_norm<B: Build>(b: &mut B, v: Id, affine: &[Id]) -> Id {
    let mean_value = mean(b, v);
    let centred = b.sub(v, mean_value);
    let normal = normalised(b, centred);
    affine_of(b, normal, affine)
}

/// `v / √(mean of squares + ε)`, then scaled.
fn rms_norm<B: Build>(b: &mut B, v: Id, affine: &[Id]) -> Id {
    let normal = normalised(b, v);
    affine_of(b, normal, affine)
}

fn normalised<B: Build>(b: &mut B, v: Id) -> Id {
    let squares = b.square(v);
    let (variance, epsilon) = (mean(b, squares), b.number(NORM_EPSILON));
    let raised = b.add(variance, epsilon);
    let deviation = b.unary(Unary::Sqrt, raised);
    let factor = b.unary(Unary::Recip, deviation);
    b.mul(v, factor)
}

/// `g ⊙ v + b`, as far as given.
fn affine_of<B: Build>(b: &mut B, v: Id, affine: &[Id]) -> Id {
    let mut out = v;
    if let Some(&scale) = affine.first() {
        out = b.mul(out, scale);
    }
    if let Some(&shift) = affine.get(1) {
        out = b.add(out, shift);
    }
    out
}

/// A matrix with a vector on its diagonal; products with it never form it.
fn diag<B: Build>(b: &mut B, x: Id) -> Id {
    let length = b.length(x);
    let identity = b.make(
        Op::Identity,
        Vec::new(),
        Shape::Matrix(length.clone(), length),
    );
    let lines = b.lines(identity, x);
    b.mul(identity, lines)
}
