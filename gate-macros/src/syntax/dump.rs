//! The tree as s-expressions, for tests.

use super::ast::*;
use super::printed::printed_all;

/// Every item on a line of its own.
pub(super) fn dump(items: &[Item]) -> String {
    items.iter().map(item).collect::<Vec<_>>().join("\n")
}

fn item(item: &Item) -> String {
    match item {
        Item::Equation(e) => format!("(= {} {})", name(&e.left), expr(&e.right)),
        Item::Declaration(d) => {
            let kind = d.kind.as_ref().map(|kind| format!(" {}", declared(kind)));
            let init = d
                .init
                .as_ref()
                .map(|i| format!(" ~{}{:?}", i.name, i.arguments));
            let value = d.value.as_ref().map(|value| format!(" ={}", expr(value)));
            let parts = [kind, init, value].map(Option::unwrap_or_default).concat();
            format!("(declare {}{parts})", name(&d.name))
        }
        Item::Function(f) => {
            let parameters: Vec<String> = f.parameters.iter().map(name).collect();
            format!(
                "(fn {} ({}) {})",
                name(&f.name),
                parameters.join(" "),
                expr(&f.body)
            )
        }
        Item::Split(s) => {
            let lefts: Vec<String> = s.lefts.iter().map(name).collect();
            format!("(split ({}) {})", lefts.join(" "), expr(&s.right))
        }
        Item::Loop(l) => {
            let body = dump(&l.body).replace('\n', " ");
            format!("(for {} {} {} {body})", l.variable, l.first, l.last)
        }
    }
}

fn declared(kind: &DeclaredKind) -> String {
    match kind {
        DeclaredKind::Scalar => "scalar".to_string(),
        DeclaredKind::Cell(path) => format!("cell {}", path.name.path),
        DeclaredKind::Hyper => "hyper".to_string(),
        DeclaredKind::Shape(sizes) => format!("{:?}", sizes.iter().map(size).collect::<Vec<_>>()),
    }
}

fn size(size: &SizeExpr) -> String {
    let term = |(factor, name): &(usize, Option<SizeName>)| match name {
        Some(name) => format!("{factor}{}", name.text),
        None => factor.to_string(),
    };
    let sum = size.terms.iter().map(term).collect::<Vec<_>>().join("+");
    if size.divisor == 1 {
        sum
    } else {
        format!("({sum})/{}", size.divisor)
    }
}

/// `W_{x}^{f}`, `h[t-1]`; a mark that stood in brackets keeps round ones: `W^(f)`.
pub(super) fn name(name: &Name) -> String {
    let mut text = name.base.clone();
    for mark in &name.marks {
        let tokens = printed_all(&mark.tokens);
        text += &match (mark.position, mark.bracketed) {
            (Position::Sub, false) => format!("_{{{tokens}}}"),
            (Position::Sub, true) => format!("_({tokens})"),
            (Position::Sup, false) => format!("^{{{tokens}}}"),
            (Position::Sup, true) => format!("^({tokens})"),
            (Position::Index, _) => format!("[{tokens}]"),
        };
    }
    text + &"'".repeat(name.primes as usize)
}

/// The head of a product, whose factors are joined in one way.
fn product(factors: &[(Join, Expr)]) -> &'static str {
    let [(Join::First, _), (join, _), rest @ ..] = factors else {
        panic!("{factors:?}");
    };
    assert!(rest.iter().all(|(other, _)| other == join), "{factors:?}");
    match join {
        Join::Star | Join::Dot => "*",
        _ => "side",
    }
}

fn cut(cut: &Cut) -> String {
    match cut {
        Cut::Part { index, count } => format!("{index} of {count}"),
        Cut::Range { from, to } => {
            let [from, to] = [from, to].map(|end| end.as_ref().map_or(String::new(), size));
            format!("{from}..{to}")
        }
        Cut::Share { names, index } => name(&names[*index]),
    }
}

pub(super) fn expr(e: &Expr) -> String {
    let list = |head: &str, parts: &[Expr]| {
        let parts: Vec<String> = parts.iter().map(expr).collect();
        format!("({head} {})", parts.join(" "))
    };
    match &e.kind {
        ExprKind::Number(value) => value.to_string(),
        ExprKind::Name(n) => name(n),
        ExprKind::Apply(n, arguments) => list(&format!("{}!", name(n)), arguments),
        ExprKind::Given(n, value) => format!("({} = {})", name(n), expr(value)),
        ExprKind::Negate(inner) => format!("(neg {})", expr(inner)),
        ExprKind::Binary(operator, left, right) => {
            let sign = match operator {
                Operator::Add => "+",
                Operator::Subtract => "-",
                Operator::Hadamard => "⊙",
                Operator::Outer => "⊗",
                Operator::Divide => "/",
            };
            format!("({sign} {} {})", expr(left), expr(right))
        }
        ExprKind::Product(factors) => {
            let parts: Vec<Expr> = factors.iter().map(|(_, factor)| factor.clone()).collect();
            list(product(factors), &parts)
        }
        ExprKind::Power(base, power) => format!("(pow {} {})", expr(base), expr(power)),
        ExprKind::Transpose(inner) => format!("(transpose {})", expr(inner)),
        ExprKind::Concat(parts) => list("concat", parts),
        ExprKind::Series(series) => {
            let bound = |bound: &Bound| {
                format!("{}{:+}", bound.name.as_deref().unwrap_or(""), bound.offset)
            };
            let (first, last) = (bound(&series.first), bound(&series.last));
            let name = if series.product { "prod" } else { "sum" };
            format!(
                "({name} {} {first} {last} {})",
                series.variable,
                expr(&series.body)
            )
        }
        ExprKind::Slice(inner, part) => format!("(slice {} {})", expr(inner), cut(part)),
        ExprKind::Member(n, members) => format!("(in {} {members:?})", name(n)),
        ExprKind::Absolute(inner) => format!("(abs {})", expr(inner)),
        ExprKind::Compare(comparison, left, right) => {
            format!("({comparison:?} {} {})", expr(left), expr(right))
        }
        ExprKind::Cases(rows) => {
            let row = |(value, condition): &(Expr, Option<Expr>)| {
                let condition = condition.as_ref().map_or("else".to_string(), expr);
                format!("({} {condition})", expr(value))
            };
            format!(
                "(cases {})",
                rows.iter().map(row).collect::<Vec<_>>().join(" ")
            )
        }
    }
}
