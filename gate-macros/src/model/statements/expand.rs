//! Loops written out, and `h(t-d)` told from the application of a function.

use crate::diag::{self, Diagnostics};
use crate::functions;
use crate::model::names::clock::Clock;
use crate::model::walk;
use crate::read::{Kind, Token};
use crate::syntax::{
    Declaration, DeclaredKind, Expr, ExprKind, Header, Item, Loop, Mark, Name, Operator, Position,
};

use super::fixed_sizes;
use super::parts;
use super::series::Bounds;

/// Levels that an expression may have, functions written out.
pub(in crate::model) const MOST_DEPTH: usize = 450;

/// Statements that loops may be written out to.
const MOST_ITEMS: usize = 4096;

/// The statements without loops, and the definition's clock.
pub(in crate::model) fn expand(
    header: &Header,
    items: Vec<Item>,
    diagnostics: &mut Diagnostics,
) -> (Vec<Item>, Clock) {
    let mut flat = Vec::new();
    let mut bounds = Bounds::of(&items);
    for item in items {
        unroll(item, &mut flat, &mut bounds, diagnostics);
    }
    let cells = cells(&flat);
    let parts = |item| parts::equations(item, &cells, diagnostics);
    let mut flat: Vec<Item> = flat.into_iter().flat_map(parts).collect();
    bounds.drop_used(&mut flat);
    fixed_sizes::fix(&mut flat, diagnostics);
    let clock = Clock::of(header, &flat);
    for item in &mut flat {
        match item {
            Item::Equation(equation) => index_applications(&mut equation.right, &clock),
            Item::Function(function) => index_applications(&mut function.body, &clock),
            Item::Declaration(_) | Item::Loop(_) | Item::Split(_) => {}
        }
    }
    (flat, clock)
}

/// The names of inner cells.
fn cells(items: &[Item]) -> Vec<Name> {
    let cell = |item: &Item| match item {
        Item::Declaration(Declaration {
            name,
            kind: Some(DeclaredKind::Cell(_)),
            ..
        }) => Some(name.clone()),
        _ => None,
    };
    items.iter().filter_map(cell).collect()
}

fn unroll(item: Item, flat: &mut Vec<Item>, bounds: &mut Bounds, diagnostics: &mut Diagnostics) {
    let Item::Loop(Loop {
        variable,
        first,
        last,
        body,
        place,
    }) = item
    else {
        let item = written_out(item, bounds, diagnostics);
        let (expr, place) = match &item {
            Item::Equation(equation) => (Some(&equation.right), equation.place),
            Item::Function(function) => (Some(&function.body), function.place),
            Item::Declaration(declared) => (declared.value.as_ref(), declared.place),
            Item::Split(split) => (Some(&split.right), split.place),
            Item::Loop(inner) => (None, inner.place),
        };
        match expr.is_some_and(|expr| walk::depth(expr) > MOST_DEPTH) {
            true => diagnostics.push(diag::nested_too_deeply(place, MOST_DEPTH)),
            false => flat.push(item),
        }
        return;
    };
    let rounds = last
        .checked_sub(first)
        .map_or(0, |n| n.saturating_add(1).max(0));
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
            unroll(item, flat, bounds, diagnostics);
        }
    }
}

/// A statement without sums over an index.
fn written_out(mut item: Item, bounds: &mut Bounds, diagnostics: &mut Diagnostics) -> Item {
    let expr = match &mut item {
        Item::Equation(equation) => Some(&mut equation.right),
        Item::Function(function) => Some(&mut function.body),
        Item::Split(split) => Some(&mut split.right),
        Item::Declaration(_) | Item::Loop(_) => None,
    };
    if let Some(Err(message)) = expr.map(|expr| bounds.write_out(expr)) {
        diagnostics.push(*message);
    }
    item
}

/// Turns `h(t-d)`, which reads like a function's application, into `h` with a time index.
fn index_applications(expr: &mut Expr, clock: &Clock) {
    walk::edit(expr, &mut |expr| {
        let ExprKind::Apply(name, arguments) = &mut expr.kind else {
            return;
        };
        let [argument] = &arguments[..] else { return };
        let function = name.marks.is_empty() && functions::function(&name.base).is_some();
        let Some(tokens) = time_tokens(argument, clock).filter(|_| !function) else {
            return;
        };
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
    let tokens = match &expr.kind {
        ExprKind::Binary(operator @ (Operator::Add | Operator::Subtract), a, b) => {
            let sign = match operator {
                Operator::Add => Kind::Plus,
                _ => Kind::Minus,
            };
            let sign = Token {
                kind: sign,
                place: expr.place,
            };
            vec![single_token(a)?, sign, single_token(b)?]
        }
        _ => vec![single_token(expr)?],
    };
    clock.is_time(&tokens).then_some(tokens)
}

/// A whole number or a plain name as a token.
fn single_token(expr: &Expr) -> Option<Token> {
    let kind = match &expr.kind {
        ExprKind::Number(value) if value.fract() == 0.0 => Kind::Number(*value, value.to_string()),
        ExprKind::Name(name) if name.marks.is_empty() && name.primes == 0 => {
            Kind::Word(name.base.clone())
        }
        _ => return None,
    };
    Some(Token {
        kind,
        place: expr.place,
    })
}
