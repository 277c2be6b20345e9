//! The one table: operation to local derivative.
//!
//! Takes: a node with its value `y`, the adjoint `d` of that value, and which argument is meant.
//! Gives: what the node contributes to the adjoint of that argument, as nodes; in the shape of
//! the node where the argument is a scalar that spreads. Where a derivative can be had from `y`
//! alone it is, so that fewer values have to be kept.

use crate::ir::{Binary, Build, Compare, Graph, Id, Node, Op, Unary, offsets};
use crate::model::Shape;

/// A node, its value and its adjoint.
pub(super) struct Pulled<'a> {
    pub(super) node: &'a Node,
    pub(super) y: Id,
    pub(super) d: Id,
    /// Whether the adjoint comes from choices alone.
    pub(super) chosen: bool,
    /// For each node of the step, whether it may be infinite or no number; see [`is_wild`].
    pub(super) wild: &'a [bool],
}

/// The contribution to the adjoint of argument `arg`; `None` where it is zero. What a choice makes
/// zero stays zero across a slope that is infinite or no number, so that the choice goes last;
/// behind a sum or a product with a matrix, where no choice is left, zeros are told by themselves.
pub(super) fn pull<B: Build>(b: &mut B, at: &Pulled, arg: usize) -> Option<Id> {
    let by_element = matches!(at.node.op, Op::Unary(_) | Op::Binary(_));
    let Some((compare, [p, q, yes, no])) = choice(b, at.d).filter(|_| by_element) else {
        return match at.chosen && is_risky(at, arg) {
            true => guarded(b, at, arg),
            false => product(b, at, arg),
        };
    };
    let (taken, first) = match b.constant(no) {
        Some(0.0) => (yes, true),
        _ => (no, false),
    };
    let through = pull(b, &Pulled { d: taken, ..*at }, arg)?;
    let zero = b.number(0.0);
    let [yes, no] = if first {
        [through, zero]
    } else {
        [zero, through]
    };
    Some(b.select(compare, [p, q, yes, no]))
}

/// Whether the slope of an operation may be infinite or no number.
fn is_steep(op: &Op) -> bool {
    matches!(
        op,
        Op::Unary(Unary::Log | Unary::Sqrt | Unary::Recip | Unary::Exp | Unary::ExpM1)
            | Op::Binary(Binary::Div | Binary::Pow)
    )
}

/// Whether a value may be infinite or no number, given which of those before it may be. So may
/// inputs be, of which missing values are no number; parameters and states are not.
pub(super) fn is_wild(node: &Node, wild: &[bool], graph: &Graph) -> bool {
    let constant = |id: Id| matches!(graph.nodes[id].op, Op::Number(n) if n != 0.0);
    let is_input = |id: Id| matches!(graph.nodes[id].op, Op::Input(_));
    match node.op {
        Op::Input(_) => true,
        Op::Prev { state, .. } => is_input(graph.states[state].value),
        Op::Binary(Binary::Div) if constant(node.args[1]) => wild[node.args[0]],
        Op::Select(_) => node.args[2..].iter().any(|&a| wild[a]),
        _ => is_steep(&node.op) || node.args.iter().any(|&a| wild[a]),
    }
}

/// Whether zero times what the operation multiplies the adjoint of an argument with may be no
/// zero.
fn is_risky(at: &Pulled, arg: usize) -> bool {
    let wild = |arg: usize| at.wild[at.node.args[arg]];
    match at.node.op {
        _ if is_steep(&at.node.op) => true,
        Op::Unary(Unary::Neg) | Op::Binary(Binary::Add | Binary::Sub) => false,
        Op::Binary(Binary::Mul) | Op::MatVec { .. } | Op::MatMat | Op::Outer => wild(1 - arg),
        // Choices between the adjoint and zero.
        Op::Unary(Unary::Relu) | Op::Binary(Binary::Min | Binary::Max) => false,
        Op::Unary(_) => wild(0),
        _ => false,
    }
}

/// A contribution, and zero where the adjoint is; what is no number stays so.
fn guarded<B: Build>(b: &mut B, at: &Pulled, arg: usize) -> Option<Id> {
    // Of a product of vector and adjoint the vector, so that it stays one.
    let matrix = match (&at.node.op, arg) {
        (Op::MatVec { transposed }, 0) => Some(*transposed),
        _ => None,
    };
    let value = match matrix {
        Some(_) => at.node.args[1],
        None => product(b, at, arg)?,
    };
    let mut size = b.unary(Unary::Abs, at.d);
    if !matches!(at.node.op, Op::Unary(_) | Op::Binary(_)) {
        // Each element of the contribution is made of the whole adjoint.
        size = b.sum(size);
    }
    let zero = b.number(0.0);
    let value = b.select(Compare::GreaterEq, [zero, size, zero, value]);
    Some(match matrix {
        Some(false) => b.outer(at.d, value),
        Some(true) => b.outer(value, at.d),
        None => value,
    })
}

/// A choice between a value and zero.
fn choice<B: Build>(b: &B, id: Id) -> Option<(Compare, [Id; 4])> {
    let node = &b.graph().nodes[id];
    let Op::Select(compare) = node.op else {
        return None;
    };
    let args: [Id; 4] = node.args[..].try_into().ok()?;
    let zero = |id: Id| b.constant(id) == Some(0.0);
    (zero(args[2]) || zero(args[3])).then_some((compare, args))
}

/// The same for an adjoint that is no such choice.
fn product<B: Build>(b: &mut B, at: &Pulled, arg: usize) -> Option<Id> {
    let (args, y, d) = (&at.node.args, at.y, at.d);
    let shape = b.shape(args[arg]);
    match &at.node.op {
        // Leaves, and what has no derivative.
        Op::Input(_) | Op::Param(_) | Op::Hyper(_) | Op::Prev { .. } | Op::Number(_) => None,
        Op::Length(_) | Op::Identity | Op::Mask { .. } | Op::StopGradient => None,
        Op::Seed(_) | Op::Future { .. } | Op::Total(_) => None,

        Op::Unary(op) => unary(b, *op, args[0], y, d),
        Op::Binary(op) => Some(binary(b, *op, at, arg)),
        Op::Select(compare) => {
            let zero = b.number(0.0);
            match arg {
                2 => Some(b.select(*compare, [args[0], args[1], d, zero])),
                3 => Some(b.select(*compare, [args[0], args[1], zero, d])),
                _ => None,
            }
        }
        Op::Spread => Some(b.sum(d)),

        Op::MatVec { transposed } => Some(match (arg, transposed) {
            (1, _) => b.mat_vec(!transposed, args[0], d),
            (_, false) => b.outer(d, args[1]),
            (_, true) => b.outer(args[1], d),
        }),
        Op::MatMat if arg == 0 => {
            let right = b.transpose(args[1]);
            Some(b.mat_mat(d, right))
        }
        Op::MatMat => {
            let left = b.transpose(args[0]);
            Some(b.mat_mat(left, d))
        }
        Op::Transpose => Some(b.transpose(d)),
        Op::Outer if arg == 0 => Some(b.mat_vec(false, d, args[1])),
        Op::Outer => Some(b.mat_vec(true, d, args[0])),

        Op::Sum => Some(b.spread(d, &shape)),
        Op::Largest => {
            let zero = b.number(0.0);
            Some(b.select(Compare::GreaterEq, [args[0], y, d, zero]))
        }

        Op::CumSum { reversed } => Some(b.cumsum(!reversed, d)),

        Op::Concat => {
            let lengths: Vec<_> = args.iter().map(|&a| b.length(a)).collect();
            let from = offsets(&lengths).swap_remove(arg);
            Some(b.slice(d, 0, from, shape))
        }
        Op::Slice { axis, from } => Some(b.pad(d, *axis, from.clone(), shape)),
        Op::Pad { axis, from } => Some(b.slice(d, *axis, from.clone(), shape)),
    }
}

/// `d · f'(x)`, with `y = f(x)`.
fn unary<B: Build>(b: &mut B, op: Unary, x: Id, y: Id, d: Id) -> Option<Id> {
    let slope = match op {
        Unary::Neg => return Some(b.neg(d)),
        Unary::Sign => return None,
        Unary::Relu => {
            let zero = b.number(0.0);
            return Some(b.select(Compare::Greater, [y, zero, d, zero]));
        }
        Unary::Log => return Some(b.div(d, x)),
        Unary::Sqrt => {
            let half = b.scale(0.5, d);
            return Some(b.div(half, y));
        }
        Unary::Recip => {
            let square = b.square(y);
            let product = b.mul(d, square);
            return Some(b.neg(product));
        }
        Unary::Cos => {
            let sine = b.unary(Unary::Sin, x);
            let product = b.mul(d, sine);
            return Some(b.neg(product));
        }
        Unary::Sigmoid => {
            let one = b.number(1.0);
            let rest = b.sub(one, y);
            b.mul(y, rest)
        }
        Unary::Tanh => {
            let (one, square) = (b.number(1.0), b.square(y));
            b.sub(one, square)
        }
        Unary::Exp => y,
        Unary::ExpM1 => {
            let one = b.number(1.0);
            b.add(y, one)
        }
        Unary::Softplus => b.unary(Unary::Sigmoid, x),
        Unary::Square => b.scale(2.0, x),
        Unary::Abs => b.unary(Unary::Sign, x),
        Unary::Sin => b.unary(Unary::Cos, x),
        Unary::Silu => b.unary(Unary::SiluSlope, x),
        Unary::SiluSlope => silu_curvature(b, x),
        Unary::Gelu => b.unary(Unary::GeluSlope, x),
        Unary::GeluSlope => gelu_curvature(b, x),
    };
    Some(b.mul(d, slope))
}

/// `σ(x) σ(-x) (2 - x (σ(x) - σ(-x)))`
fn silu_curvature<B: Build>(b: &mut B, x: Id) -> Id {
    let negative = b.neg(x);
    let (rising, falling) = (
        b.unary(Unary::Sigmoid, x),
        b.unary(Unary::Sigmoid, negative),
    );
    let difference = b.sub(rising, falling);
    let product = b.mul(x, difference);
    let two = b.number(2.0);
    let rest = b.sub(two, product);
    let bell = b.mul(rising, falling);
    b.mul(bell, rest)
}

/// `(2 - x²) exp(-x²/2) / √(2π)`
fn gelu_curvature<B: Build>(b: &mut B, x: Id) -> Id {
    let (two, square) = (b.number(2.0), b.square(x));
    let rest = b.sub(two, square);
    let exponent = b.scale(-0.5, square);
    let power = b.unary(Unary::Exp, exponent);
    let bell = b.scale(1.0 / (2.0 * std::f64::consts::PI).sqrt(), power);
    b.mul(rest, bell)
}

fn binary<B: Build>(b: &mut B, op: Binary, at: &Pulled, arg: usize) -> Id {
    let (x, z, y, d) = (at.node.args[0], at.node.args[1], at.y, at.d);
    match (op, arg) {
        (Binary::Add, _) | (Binary::Sub, 0) => d,
        (Binary::Sub, _) => b.neg(d),
        (Binary::Mul, 0) => b.mul(d, z),
        (Binary::Mul, _) => b.mul(d, x),
        (Binary::Div, 0) => b.div(d, z),
        (Binary::Div, _) => {
            let product = b.mul(d, y);
            let quotient = b.div(product, z);
            b.neg(quotient)
        }
        (Binary::Pow, 0) => power_base(b, x, z, d),
        (Binary::Pow, _) => power_exponent(b, x, y, d),
        // Of equals the first has the gradient.
        (Binary::Min, 0) => where_else_zero(b, Compare::GreaterEq, z, x, d),
        (Binary::Min, _) => where_else_zero(b, Compare::Greater, x, z, d),
        (Binary::Max, 0) => where_else_zero(b, Compare::GreaterEq, x, z, d),
        (Binary::Max, _) => where_else_zero(b, Compare::Greater, z, x, d),
    }
}

fn where_else_zero<B: Build>(b: &mut B, compare: Compare, p: Id, q: Id, d: Id) -> Id {
    let zero = b.number(0.0);
    b.select(compare, [p, q, d, zero])
}

/// `d · p · x^(p-1)`
fn power_base<B: Build>(b: &mut B, x: Id, p: Id, d: Id) -> Id {
    let one = b.number(1.0);
    let less = b.sub(p, one);
    let power = b.binary(Binary::Pow, x, less);
    let slope = b.mul(p, power);
    b.mul(d, slope)
}

/// `d · y · log x`, and 0 where the base is not positive: `0^p` is 0 whatever `p` is.
fn power_exponent<B: Build>(b: &mut B, x: Id, y: Id, d: Id) -> Id {
    let (zero, log) = (b.number(0.0), b.unary(Unary::Log, x));
    let product = b.mul(y, log);
    let slope = b.select(Compare::Greater, [x, zero, product, zero]);
    b.mul(d, slope)
}

/// Whether a shape is that of a scalar that spreads over another.
pub(super) fn spreads(from: &Shape, to: &Shape) -> bool {
    *from == Shape::Scalar && *to != Shape::Scalar
}
