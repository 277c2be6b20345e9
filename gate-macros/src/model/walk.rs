//! Walks over the syntax tree: every name of an expression, and loop variables replaced.

use std::collections::BTreeSet;

use crate::read::{Kind, Token};
use crate::syntax::{
    Bound, CellPath, Cut, Declaration, DeclaredKind, Equation, Expr, ExprKind, Item, Mark, Name,
    Position, Series, SizeExpr,
};

/// Calls `visit` for each name in an expression, superscripts included but not subscripts, with
/// whether brackets follow it as they would a function's name.
pub(super) fn names<'a>(expr: &'a Expr, visit: &mut impl FnMut(&'a Name, bool)) {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Member(..) => {}
        ExprKind::Name(name) => name_and_marks(name, false, visit),
        ExprKind::Apply(name, arguments) => {
            name_and_marks(name, true, visit);
            arguments.iter().for_each(|argument| names(argument, visit));
        }
        // The name is one of the inner cell's.
        ExprKind::Given(_, a) => names(a, visit),
        ExprKind::Series(series) => names(&series.body, visit),
        ExprKind::Negate(a)
        | ExprKind::Transpose(a)
        | ExprKind::Absolute(a)
        | ExprKind::Slice(a, _) => names(a, visit),
        ExprKind::Binary(_, a, b) | ExprKind::Power(a, b) | ExprKind::Compare(_, a, b) => {
            names(a, visit);
            names(b, visit);
        }
        ExprKind::Product(factors) => factors.iter().for_each(|(_, f)| names(f, visit)),
        ExprKind::Concat(parts) => parts.iter().for_each(|p| names(p, visit)),
        ExprKind::Cases(rows) => {
            for (value, condition) in rows {
                names(value, visit);
                condition.iter().for_each(|c| names(c, visit));
            }
        }
    }
}

/// Every word of right sides and of values: bases of names, and what stands in their marks, where
/// a constant may be a delay.
pub(super) fn words(items: &[Item]) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let mut visit = |name: &Name, _: bool| {
        let marks = name.marks.iter().flat_map(|mark| &mark.tokens);
        used.extend(marks.filter_map(|token| match &token.kind {
            Kind::Word(word) => Some(word.clone()),
            _ => None,
        }));
        used.insert(name.base.clone());
    };
    for item in items {
        match item {
            Item::Equation(e) => names(&e.right, &mut visit),
            Item::Function(f) => names(&f.body, &mut visit),
            Item::Declaration(d) => d.value.iter().for_each(|value| names(value, &mut visit)),
            Item::Loop(_) | Item::Split(_) => {}
        }
    }
    used
}

fn name_and_marks<'a>(name: &'a Name, applied: bool, visit: &mut impl FnMut(&'a Name, bool)) {
    visit(name, applied);
    marked(name).for_each(|expr| names(expr, visit));
}

/// How deeply an expression is nested. Needs no stack for it.
pub(super) fn depth(expr: &Expr) -> usize {
    let mut deepest = 0;
    let mut open = vec![(expr, 1)];
    while let Some((expr, depth)) = open.pop() {
        deepest = deepest.max(depth);
        let mut add = |inner| open.push((inner, depth + 1));
        match &expr.kind {
            ExprKind::Number(_) | ExprKind::Member(..) => {}
            ExprKind::Name(name) => marked(name).for_each(&mut add),
            ExprKind::Apply(name, arguments) => {
                marked(name).for_each(&mut add);
                arguments.iter().for_each(add);
            }
            ExprKind::Negate(a)
            | ExprKind::Transpose(a)
            | ExprKind::Absolute(a)
            | ExprKind::Given(_, a)
            | ExprKind::Slice(a, _) => add(a),
            ExprKind::Series(series) => add(&series.body),
            ExprKind::Binary(_, a, b) | ExprKind::Power(a, b) | ExprKind::Compare(_, a, b) => {
                add(a);
                add(b);
            }
            ExprKind::Product(factors) => factors.iter().for_each(|(_, factor)| add(factor)),
            ExprKind::Concat(parts) => parts.iter().for_each(add),
            ExprKind::Cases(rows) => {
                rows.iter()
                    .flat_map(|(value, c)| std::iter::once(value).chain(c))
                    .for_each(add);
            }
        }
    }
    deepest
}

/// The superscripts of a name that are expressions.
fn marked(name: &Name) -> impl Iterator<Item = &Expr> {
    let raised = name
        .marks
        .iter()
        .filter(|mark| mark.position == Position::Sup);
    raised.filter_map(|mark| mark.expr.as_deref())
}

/// Calls `edit` on each expression of an expression, inner ones first, superscripts included.
pub(super) fn edit(expr: &mut Expr, change: &mut impl FnMut(&mut Expr)) {
    match &mut expr.kind {
        ExprKind::Number(_) | ExprKind::Member(..) => {}
        ExprKind::Name(name) => edit_marks(name, change),
        ExprKind::Apply(name, arguments) => {
            edit_marks(name, change);
            arguments
                .iter_mut()
                .for_each(|argument| edit(argument, change));
        }
        ExprKind::Negate(a)
        | ExprKind::Transpose(a)
        | ExprKind::Absolute(a)
        | ExprKind::Given(_, a)
        | ExprKind::Slice(a, _) => edit(a, change),
        ExprKind::Series(series) => edit(&mut series.body, change),
        ExprKind::Binary(_, a, b) | ExprKind::Power(a, b) | ExprKind::Compare(_, a, b) => {
            edit(a, change);
            edit(b, change);
        }
        ExprKind::Product(factors) => factors.iter_mut().for_each(|(_, f)| edit(f, change)),
        ExprKind::Concat(parts) => parts.iter_mut().for_each(|p| edit(p, change)),
        ExprKind::Cases(rows) => {
            for (value, condition) in rows {
                edit(value, change);
                condition.iter_mut().for_each(|c| edit(c, change));
            }
        }
    }
    change(expr);
}

fn edit_marks(name: &mut Name, change: &mut impl FnMut(&mut Expr)) {
    for expr in name
        .marks
        .iter_mut()
        .filter_map(|mark| mark.expr.as_deref_mut())
    {
        edit(expr, change);
    }
}

/// Calls `change` for the path of each inner cell.
pub(super) fn cell_paths(items: &mut [Item], change: &mut impl FnMut(&mut CellPath)) {
    for item in items {
        match item {
            Item::Declaration(Declaration {
                kind: Some(DeclaredKind::Cell(path)),
                ..
            }) => change(path),
            Item::Loop(inner) => cell_paths(&mut inner.body, change),
            _ => {}
        }
    }
}

/// Replaces a loop's variable in a statement of its body.
pub(super) fn replace_in_item(item: &mut Item, variable: &str, value: i64) {
    match item {
        Item::Equation(Equation { left, right, .. }) => {
            replace_in_name(left, variable, value);
            replace(right, variable, value);
        }
        Item::Declaration(declaration) => {
            replace_in_name(&mut declaration.name, variable, value);
            declaration
                .value
                .iter_mut()
                .for_each(|expr| replace(expr, variable, value));
        }
        Item::Function(function) => {
            replace_in_name(&mut function.name, variable, value);
            replace(&mut function.body, variable, value);
        }
        Item::Split(split) => {
            for left in &mut split.lefts {
                replace_in_name(left, variable, value);
            }
            replace(&mut split.right, variable, value);
        }
        Item::Loop(inner) if inner.variable == variable => {}
        Item::Loop(inner) => {
            inner
                .body
                .iter_mut()
                .for_each(|item| replace_in_item(item, variable, value));
        }
    }
}

/// Calls `visit` for each sum of an expression.
pub(super) fn series(expr: &Expr, visit: &mut impl FnMut(&Series)) {
    // Sums are rare, and `edit` knows where expressions have others.
    edit(&mut expr.clone(), &mut |expr| {
        if let ExprKind::Series(series) = &expr.kind {
            visit(series);
        }
    });
}

/// Whether a name is written like another.
pub(super) fn same_name(a: &Name, b: &Name) -> bool {
    let marks = |name: &Name| -> Vec<Kind> {
        let tokens = name.marks.iter().flat_map(|mark| &mark.tokens);
        tokens.map(|token| token.kind.clone()).collect()
    };
    a.base == b.base && marks(a) == marks(b)
}

/// Puts a number in the place of a variable.
pub(super) fn replace(expr: &mut Expr, variable: &str, value: i64) {
    edit(expr, &mut |expr| match &mut expr.kind {
        ExprKind::Name(name) if is_variable(name, variable) => {
            expr.kind = ExprKind::Number(value as f64);
        }
        ExprKind::Name(name) | ExprKind::Apply(name, _) | ExprKind::Given(name, _) => {
            replace_in_name(name, variable, value);
        }
        ExprKind::Slice(_, cut) => {
            if let Cut::Range { from, to } = &mut **cut {
                for size in [from, to].into_iter().flatten() {
                    replace_in_size(size, variable, value);
                }
            }
        }
        ExprKind::Series(series) => {
            for bound in [&mut series.first, &mut series.last] {
                if bound.name.as_deref() == Some(variable) {
                    *bound = Bound {
                        name: None,
                        offset: bound.offset + value,
                    };
                }
            }
        }
        _ => {}
    });
}

/// `H + k` → `H + 3`; what is negative stays a name, and is reported as one.
fn replace_in_size(size: &mut SizeExpr, variable: &str, value: i64) {
    let Ok(value) = usize::try_from(value) else {
        return;
    };
    for (factor, name) in &mut size.terms {
        if name.as_ref().is_some_and(|name| name.text == variable) {
            *factor = factor.saturating_mul(value);
            *name = None;
        }
    }
}

fn is_variable(name: &Name, variable: &str) -> bool {
    name.base == variable && name.marks.is_empty() && name.primes == 0
}

fn replace_in_name(name: &mut Name, variable: &str, value: i64) {
    for mark in &mut name.marks {
        replace_in_mark(mark, variable, value);
    }
}

/// `k` → number; `k-1`, `1+k` → number; `t-k` → `t-number`.
fn replace_in_mark(mark: &mut Mark, variable: &str, value: i64) {
    for token in &mut mark.tokens {
        if matches!(&token.kind, Kind::Word(word) if word == variable) {
            token.kind = number(value);
        }
    }
    let replaced = mark
        .tokens
        .split(|t| t.kind == Kind::Comma)
        .map(fold)
        .collect::<Vec<_>>();
    let comma = mark.tokens.iter().find(|t| t.kind == Kind::Comma).cloned();
    let mut tokens: Vec<Token> = Vec::new();
    for (at, part) in replaced.into_iter().enumerate() {
        tokens.extend(comma.clone().filter(|_| at > 0));
        tokens.extend(part);
    }
    mark.tokens = tokens;
    if let Some(expr) = &mut mark.expr {
        replace(expr, variable, value);
        if let [
            Token {
                kind: Kind::Number(value, _),
                ..
            },
        ] = mark.tokens[..]
        {
            expr.kind = ExprKind::Number(value);
        }
    }
}

/// A sum or difference of whole numbers as one number.
fn fold(part: &[Token]) -> Vec<Token> {
    let mut total = 0.0;
    let mut sign = 1.0;
    let mut value_next = true;
    for token in part {
        match token.kind {
            Kind::Number(value, _) if value_next && value.fract() == 0.0 => total += sign * value,
            Kind::Plus if !value_next => sign = 1.0,
            Kind::Minus if !value_next => sign = -1.0,
            _ => return part.to_vec(),
        }
        value_next = !value_next;
    }
    match part.first() {
        Some(first) if !value_next && part.len() > 1 => {
            vec![Token {
                kind: number(total as i64),
                place: first.place,
            }]
        }
        _ => part.to_vec(),
    }
}

fn number(value: i64) -> Kind {
    Kind::Number(value as f64, value.to_string())
}
