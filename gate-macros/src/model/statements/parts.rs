//! Several left sides, and families of them: an equation for each.

use std::rc::Rc;

use crate::diag::{self, Diagnostics};
use crate::functions;
use crate::model::walk;
use crate::read::{Kind, Token};
use crate::syntax::{
    Cut, Equation, Expr, ExprKind, Item, Mark, Name, Operator, Position, Split, bad_chunk_count,
    chunk_count,
};

/// The statements that one stands for; a statement that is no loop. `cells`: the names of inner
/// cells.
pub(super) fn equations(item: Item, cells: &[Name], diagnostics: &mut Diagnostics) -> Vec<Item> {
    match item {
        Item::Split(split) if is_call(&split.right, cells) => values(split),
        Item::Split(split) => self::split(split, diagnostics),
        Item::Equation(equation) => family(equation, diagnostics),
        item => vec![item],
    }
}

/// `(f, i) = …`: each name its part. What a right side of `chunk` says of the number of parts must
/// fit; without one the names lie side by side.
fn split(split: Split, diagnostics: &mut Diagnostics) -> Vec<Item> {
    let Split {
        lefts,
        right,
        place,
    } = split;
    let count = lefts.len();
    let names: Rc<[Name]> = lefts.clone().into();
    let share = |value: &Expr, index: usize| {
        let names = names.clone();
        cut(value, Cut::Share { names, index })
    };
    let own: Vec<Expr> = match (column(&right, count), &right.kind) {
        (Some((functions, value)), _) => functions
            .iter()
            .enumerate()
            .map(|(index, function)| Expr {
                kind: ExprKind::Apply(function.clone(), vec![share(&value, index)]),
                place: function.place,
            })
            .collect(),
        (None, ExprKind::Concat(values)) if values.len() == count => values.clone(),
        (None, ExprKind::Concat(values)) if values.len() > 1 => {
            diagnostics.push(diag::left_sides(right.place, count, values.len()));
            return Vec::new();
        }
        (None, _) => {
            let mut chunked = false;
            let mut wrong = None;
            let mut bad = None;
            let parts = (0..count).map(|index| {
                let mut part = right.clone();
                walk::edit(&mut part, &mut |expr| {
                    if let ExprKind::Apply(name, arguments) = &expr.kind
                        && let Some(count) = bad_chunk_count(name, arguments)
                    {
                        bad = Some(diag::chunk_count(count, &name.base));
                    }
                    if let Some((value, asked)) = chunk(expr) {
                        chunked = true;
                        wrong = wrong.or(asked.filter(|&asked| asked != count));
                        *expr = cut(&value, Cut::Part { index, count });
                    }
                });
                part
            });
            let parts: Vec<Expr> = parts.collect();
            if let Some(message) = bad {
                diagnostics.push(message);
                return Vec::new();
            }
            if let Some(asked) = wrong {
                diagnostics.push(diag::left_sides(right.place, count, asked));
                return Vec::new();
            }
            match chunked {
                true => parts,
                false => (0..count).map(|index| share(&right, index)).collect(),
            }
        }
    };
    let equation = |(left, right)| Item::Equation(Equation { left, right, place });
    lefts.into_iter().zip(own).map(equation).collect()
}

fn is_call(right: &Expr, cells: &[Name]) -> bool {
    let ExprKind::Apply(name, _) = &right.kind else {
        return false;
    };
    cells.iter().any(|cell| walk::same_name(cell, name))
}

/// `(h_t, C_t) = inner(x_t)`: the first name is the value of the call, each other one a value of
/// the inner cell's step, `C_t = C_t^(inner)`. The statement stays, so that the names can be
/// compared with the inner cell's.
fn values(split: Split) -> Vec<Item> {
    let ExprKind::Apply(cell, _) = &split.right.kind else {
        return Vec::new();
    };
    let place = split.place;
    let mut tokens = vec![Token {
        kind: Kind::Word(cell.base.clone()),
        place: cell.place,
    }];
    for mark in &cell.marks {
        let (kind, place) = (Kind::Sub, mark.place);
        tokens.push(Token { kind, place });
        tokens.extend(mark.tokens.iter().cloned());
    }
    let label = Mark {
        position: Position::Sup,
        tokens,
        expr: None,
        bracketed: true,
        place,
    };
    let value = |(at, left): (usize, &Name)| {
        let right = match at {
            0 => split.right.clone(),
            _ => {
                let mut name = left.clone();
                name.marks.push(label.clone());
                let kind = ExprKind::Name(name);
                let place = left.place;
                Expr { kind, place }
            }
        };
        let left = left.clone();
        Item::Equation(Equation { left, right, place })
    };
    // The call stands last: its value is the output of a definition that ends here.
    let mut items: Vec<Item> = split.lefts.iter().enumerate().rev().map(value).collect();
    items.push(Item::Split(split));
    items
}

fn cut(value: &Expr, cut: Cut) -> Expr {
    Expr {
        kind: ExprKind::Slice(Box::new(value.clone()), Box::new(cut)),
        place: value.place,
    }
}

/// The value in `chunk(…)`, and the number of parts where it stands there.
fn chunk(expr: &Expr) -> Option<(Expr, Option<usize>)> {
    let ExprKind::Apply(name, arguments) = &expr.kind else {
        return None;
    };
    let count = chunk_count(name, arguments).filter(|_| functions::is_chunk(&name.base))?;
    Some((arguments.first()?.clone(), count))
}

/// `[σ; σ; tanh] W [x; h]`: a function for each part of what stands behind.
fn column(expr: &Expr, count: usize) -> Option<(Vec<Name>, Expr)> {
    let (first, rest) = match &expr.kind {
        ExprKind::Binary(Operator::Hadamard, first, rest) => (&**first, (**rest).clone()),
        ExprKind::Product(factors) => {
            let (first, rest) = factors.split_first()?;
            let mut rest = rest.to_vec();
            rest[0].0 = factors[0].0;
            let place = rest[0].1.place.to(rest[rest.len() - 1].1.place);
            let value = match rest.len() {
                1 => rest.remove(0).1,
                _ => Expr {
                    kind: ExprKind::Product(rest),
                    place,
                },
            };
            (&first.1, value)
        }
        _ => return None,
    };
    let ExprKind::Concat(parts) = &first.kind else {
        return None;
    };
    let name = |part: &Expr| match &part.kind {
        ExprKind::Name(name) => Some(name.clone()),
        _ => None,
    };
    let names: Vec<Name> = parts.iter().map(name).collect::<Option<_>>()?;
    let known = |name: &Name| name.marks.is_empty() && functions::function(&name.base).is_some();
    (names.len() == count && names.iter().any(known)).then_some((names, rest))
}

/// `o_k = σ(g_k)` for some `k` and `tanh(g_k)` for others: an equation for each number.
fn family(equation: Equation, diagnostics: &mut Diagnostics) -> Vec<Item> {
    let ExprKind::Cases(rows) = &equation.right.kind else {
        return vec![Item::Equation(equation)];
    };
    let member = |row: &(Expr, Option<Expr>)| match &row.1 {
        Some(Expr {
            kind: ExprKind::Member(name, members),
            ..
        }) => Some((name.base.clone(), members.clone())),
        _ => None,
    };
    let Some(rows_of): Option<Vec<_>> = rows.iter().map(member).collect() else {
        return vec![Item::Equation(equation)];
    };
    let mut items = Vec::new();
    for ((variable, members), (value, _)) in rows_of.into_iter().zip(rows) {
        for number in members {
            let mut item = Item::Equation(Equation {
                left: equation.left.clone(),
                right: value.clone(),
                place: equation.place,
            });
            walk::replace_in_item(&mut item, &variable, number);
            let Item::Equation(own) = &item else { continue };
            if walk::same_name(&own.left, &equation.left) {
                diagnostics.push(diag::family_left(equation.left.place, &variable));
                return Vec::new();
            }
            items.push(item);
        }
    }
    items
}
