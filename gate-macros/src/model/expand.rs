//! Loops written out, and `h(t-d)` told from the application of a function.

use crate::diag::{self, Diagnostics};
use crate::functions;
use crate::read::{Kind, Token};
use crate::syntax::{Expr, ExprKind, Header, Item, Loop, Mark, Operator, Position};

use super::clock::Clock;
use super::walk;

/// Statements that loops may be written out to.
const MOST_ITEMS: usize = 4096;

/// The statements without loops, and the definition's clock.
pub(super) fn expand(
    header: &Header,
    items: Vec<Item>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Item>, Clock) {
    let mut flat = Vec::new();
    for item in items {
        unroll(item, &mut flat, diagnostics);
    }
    let clock = Clock::of(header, &flat);
    for item in &mut flat {
        match item {
            Item::Equation(equation) => index_applications(&mut equation.right, &clock),
            Item::Function(function) => index_applications(&mut function.body, &clock),
            Item::Declaration(_) | Item::Loop(_) => {}
        }
    }
    (flat, clock)
}

fn unroll(item: Item, flat: &mut Vec<Item>, diagnostics: &mut Diagnostics) {
    let Item::Loop(Loop { variable, first, last, body, place }) = item else {
        flat.push(item);
        return;
    };
    if variable == "t" {
        diagnostics.push(diag::loop_over_time(place));
        return;
    }
    let rounds = last.checked_sub(first).map_or(0, |n| n.saturating_add(1).max(0));
    let count = usize::try_from(rounds).unwrap_or(usize::MAX);
    if count.saturating_mul(body.len()).saturating_add(flat.len()) > MOST_ITEMS {
        diagnostics.push(diag::loop_too_long(place, MOST_ITEMS));
        return;
    }
    for value in first..=last {
        for item in &body {
            let mut item = item.clone();
            walk::replace_in_item(&mut item, &variable, value);
            if flat.len() > MOST_ITEMS {
                return;
            }
            unroll(item, flat, diagnostics);
        }
    }
}

/// Turns `h(t-d)`, which reads like a function's application, into `h` with a time index.
fn index_applications(expr: &mut Expr, clock: &Clock) {
    walk::edit(expr, &mut |expr| {
        let ExprKind::Apply(name, arguments) = &mut expr.kind else { return };
        let [argument] = &arguments[..] else { return };
        let function = name.marks.is_empty() && functions::function(&name.base).is_some();
        let Some(tokens) = time_tokens(argument, clock).filter(|_| !function) else { return };
        name.marks.push(Mark {
            position: Position::Index,
            tokens,
            expr: None,
            bracketed: true,
            place: argument.place,
        });
        expr.kind = ExprKind::Name(name.clone());
    });
}

/// The tokens of `t`, `t-1`, `t-d`.
fn time_tokens(expr: &Expr, clock: &Clock) -> Option<Vec<Token>> {
    let token = |kind| Token { kind, place: expr.place };
    match &expr.kind {
        ExprKind::Number(value) if value.fract() == 0.0 => {
            Some(vec![token(Kind::Number(*value, value.to_string()))])
        }
        ExprKind::Name(name) if name.marks.is_empty() && name.primes == 0 => {
            Some(vec![token(Kind::Word(name.base.clone()))])
        }
        ExprKind::Binary(operator @ (Operator::Add | Operator::Subtract), a, b) => {
            let sign = match operator {
                Operator::Add => Kind::Plus,
                _ => Kind::Minus,
            };
            let (a, b) = (single(time_tokens(a, clock)?)?, single(time_tokens(b, clock)?)?);
            Some(vec![a, token(sign), b])
        }
        _ => None,
    }
    .filter(|tokens| clock.is_time(tokens))
}

fn single(tokens: Vec<Token>) -> Option<Token> {
    tokens.into_iter().next()
}
