//! How parameters and states start.

use crate::diag::{self, Diagnostics};
use crate::functions::Function;
use crate::model::{Expr, ExprKind, Init, Shape, SymbolId};
use crate::syntax::Initial;

/// For each symbol whether it multiplies or divides something, rather than being added only.
pub(super) fn multiplied(count: usize, exprs: &[Expr]) -> Vec<bool> {
    let mut found = vec![false; count];
    for expr in exprs {
        visit(expr, false, &mut |symbol| found[symbol] = true);
    }
    found
}

/// Calls `mark` for each symbol that is a direct factor; `factor`: whether this expression is.
fn visit(expr: &Expr, factor: bool, mark: &mut impl FnMut(SymbolId)) {
    let number = |expr: &Expr| matches!(expr.kind, ExprKind::Number(_) | ExprKind::Length(_));
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Identity | ExprKind::Length(_) => {}
        ExprKind::Read { symbol, .. } => {
            if factor {
                mark(*symbol);
            }
        }
        ExprKind::Negate(a) | ExprKind::Transpose(a) => visit(a, factor, mark),
        ExprKind::Add(a, b) | ExprKind::Subtract(a, b) => {
            visit(a, false, mark);
            visit(b, false, mark);
        }
        ExprKind::Multiply(a, b) => {
            visit(a, factor || !number(b), mark);
            visit(b, factor || !number(a), mark);
        }
        ExprKind::Divide(a, b) => {
            visit(a, factor || !number(b), mark);
            visit(b, true, mark);
        }
        ExprKind::Power(a, b)
        | ExprKind::MatVec(a, b)
        | ExprKind::VecMat(a, b)
        | ExprKind::MatMat(a, b) => {
            visit(a, true, mark);
            visit(b, true, mark);
        }
        ExprKind::Call(function, arguments) => {
            for (at, argument) in arguments.iter().enumerate() {
                let factor = match function {
                    Function::Dot
                    | Function::Outer
                    | Function::Diag
                    | Function::Log
                    | Function::Sqrt => true,
                    Function::LayerNorm | Function::RmsNorm => at == 1,
                    _ => false,
                };
                visit(argument, factor, mark);
            }
        }
        ExprKind::Concat(parts) => parts.iter().for_each(|part| visit(part, false, mark)),
        ExprKind::Slice(a, _) => visit(a, factor, mark),
        ExprKind::Select(_, parts) => parts.iter().for_each(|part| visit(part, false, mark)),
    }
}

/// How a parameter starts.
pub(super) fn parameter(
    name: &str,
    declared: Option<&Initial>,
    shape: &Shape,
    multiplies: bool,
    diagnostics: &mut Diagnostics,
) -> Init {
    let Some(declared) = declared else {
        return match shape {
            Shape::Matrix(..) => Init::GlorotUniform,
            _ if multiplies => Init::Constant(1.0),
            _ => Init::Constant(0.0),
        };
    };
    let place = declared.place;
    let found = match (declared.name.as_str(), &declared.arguments[..]) {
        ("zeros", []) => Init::Constant(0.0),
        ("ones", []) => Init::Constant(1.0),
        ("constant", &[value]) => Init::Constant(value),
        ("uniform", []) => Init::Uniform(0.0, 1.0),
        ("uniform", &[bound]) if bound >= 0.0 => Init::Uniform(-bound, bound),
        ("uniform", &[least, most]) if least <= most => Init::Uniform(least, most),
        ("normal", []) => Init::Normal(0.0, 1.0),
        ("normal", &[deviation]) if deviation > 0.0 => Init::Normal(0.0, deviation),
        ("normal", &[mean, deviation]) if deviation >= 0.0 => Init::Normal(mean, deviation),
        ("glorot_uniform", []) => Init::GlorotUniform,
        ("glorot_normal", []) => Init::GlorotNormal,
        ("he", []) => Init::He,
        ("orthogonal", []) => Init::Orthogonal,
        ("identity", []) => Init::Identity,
        ("trainable", []) => {
            diagnostics.push(diag::trainable_parameter(place, name));
            return Init::Constant(0.0);
        }
        (initialiser, _) => {
            diagnostics.push(diag::initialiser_arguments(place, initialiser));
            return Init::Constant(0.0);
        }
    };
    let needs_matrix = !matches!(
        found,
        Init::Constant(_) | Init::Uniform(..) | Init::Normal(..)
    );
    match shape {
        Shape::Matrix(rows, columns) if found == Init::Identity && rows != columns => {
            diagnostics.push(diag::identity_not_square(place, name));
        }
        Shape::Matrix(..) => {}
        _ if needs_matrix => {
            diagnostics.push(diag::initialiser_of_matrix(place, &declared.name, name));
        }
        _ => {}
    }
    found
}

/// How a state starts: a number, or `None` for a trained parameter.
pub(super) fn state(
    name: &str,
    declared: Option<&Initial>,
    diagnostics: &mut Diagnostics,
) -> Option<f64> {
    let Some(declared) = declared else {
        return Some(0.0);
    };
    match (declared.name.as_str(), &declared.arguments[..]) {
        ("zeros", []) => Some(0.0),
        ("ones", []) => Some(1.0),
        ("constant", &[value]) => Some(value),
        ("trainable", []) => None,
        (initialiser, _) => {
            diagnostics.push(diag::initial_state(declared.place, name, initialiser));
            Some(0.0)
        }
    }
}
