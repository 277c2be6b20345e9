//! Typed equations as plain text and as LaTeX. Read again, either gives the same cell.

use crate::functions::{self, Function};
use crate::syntax::{Comparison, Operator};

use super::names::spell;
use super::symbols::Table;
use super::trees::tree::{Node, Tree};
use super::{Dim, Expr, ExprKind, Shape, SymbolId};

/// How tightly a text binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Sum,
    Negated,
    Hadamard,
    Product,
    Power,
    Atom,
}

/// Prints typed expressions.
pub(super) struct Printer<'a> {
    /// A symbol read with a delay.
    pub(super) name: &'a dyn Fn(SymbolId, usize) -> String,
    /// Whether a number above such a text is a power rather than a label.
    pub(super) value: &'a dyn Fn(SymbolId) -> bool,
    /// A length in named sizes.
    pub(super) length: &'a dyn Fn(&Dim) -> String,
    pub(super) latex: bool,
}

type Text = (String, Level);

impl Printer<'_> {
    /// An expression.
    pub(super) fn print(&self, expr: &Expr) -> String {
        self.text(expr).0
    }

    fn text(&self, expr: &Expr) -> Text {
        match &expr.kind {
            ExprKind::Number(value) if *value < 0.0 => (value.to_string(), Level::Negated),
            ExprKind::Number(value) => (value.to_string(), Level::Atom),
            ExprKind::Read { symbol, delay } => ((self.name)(*symbol, *delay), Level::Atom),
            ExprKind::Identity => ("I".to_owned(), Level::Atom),
            ExprKind::Length(of) => {
                let text = (self.length)(of);
                let level = match text.chars().all(|c| c.is_alphanumeric() || c == '_') {
                    true => Level::Atom,
                    false => Level::Sum,
                };
                (text, level)
            }
            ExprKind::Negate(a) => (format!("-{}", self.at(a, Level::Hadamard)), Level::Negated),
            ExprKind::Add(a, b) => self.infix(a, " + ", b, Level::Sum),
            ExprKind::Subtract(a, b) => self.infix(a, " - ", b, Level::Sum),
            ExprKind::Multiply(a, b) => match (&a.shape, &b.shape) {
                (Shape::Scalar, _) | (_, Shape::Scalar) => self.product(a, b),
                _ if self.latex => self.infix(a, r" \odot ", b, Level::Hadamard),
                _ => self.infix(a, " .* ", b, Level::Hadamard),
            },
            ExprKind::Divide(a, b) if self.latex => {
                let (a, b) = (self.print(a), self.print(b));
                (format!(r"\frac{{{a}}}{{{b}}}"), Level::Atom)
            }
            ExprKind::Divide(a, b) => {
                let (a, b) = (self.at(a, Level::Power), self.at(b, Level::Power));
                (format!("{a} / {b}"), Level::Product)
            }
            ExprKind::Power(a, b) => self.power(a, b),
            ExprKind::Call(function, arguments) => self.call(*function, arguments),
            ExprKind::MatVec(a, b) | ExprKind::VecMat(a, b) | ExprKind::MatMat(a, b) => {
                self.product(a, b)
            }
            ExprKind::Transpose(a) => {
                let sign = if self.latex { r"^{\top}" } else { "^T" };
                let base = self.grouped(self.at(a, Level::Atom));
                (format!("{base}{sign}"), Level::Power)
            }
            ExprKind::Concat(parts) => (format!("[{}]", self.list(parts)), Level::Atom),
            ExprKind::Slice(a, from) => self.slice(a, from, &expr.shape),
            ExprKind::Select(comparison, parts) => self.select(*comparison, parts),
        }
    }

    /// `where(a > b, yes, no)`
    fn select(&self, comparison: Comparison, parts: &[Expr; 4]) -> Text {
        let [a, b, yes, no] = [0, 1, 2, 3].map(|part| self.print(&parts[part]));
        let sign = match (comparison, self.latex) {
            (Comparison::GreaterEq, true) => r"\ge",
            (Comparison::GreaterEq, false) => ">=",
            _ => ">",
        };
        let name = match self.latex {
            true => r"\mathrm{where}",
            false => "where",
        };
        (format!("{name}({a} {sign} {b}, {yes}, {no})"), Level::Atom)
    }

    /// One of several equal parts, or elements from one length to another.
    fn slice(&self, a: &Expr, from: &Dim, shape: &Shape) -> Text {
        let (Shape::Vector(whole), Shape::Vector(part)) = (&a.shape, shape) else {
            return self.text(a);
        };
        let equal = whole.over(part).zip(from.over(part));
        let text = match (equal.filter(|(count, _)| *count > 0), self.latex) {
            (Some((count, index)), false) => format!("chunk({}, {count})[{index}]", self.print(a)),
            (Some((count, index)), true) => {
                let (value, index) = (self.print(a), index + 1);
                format!(r"\mathrm{{chunk}}_{{{count}}}({value})_{{{index}}}")
            }
            (None, latex) => {
                let value = match self.text(a) {
                    (text, Level::Atom) if !latex => text,
                    (text, _) if text.starts_with('[') => text,
                    (text, _) if latex => format!("[{text}]"),
                    (text, _) => format!("({text})"),
                };
                // What reaches to the end needs no name of the whole size.
                let end = Some(from.sum(part)).filter(|end| end != whole);
                let end = end.map_or(String::new(), |end| (self.length)(&end));
                let start = match latex {
                    true => (self.length)(&from.sum(&Dim::number(1))),
                    false => (self.length)(from),
                };
                match latex {
                    true => format!("{value}_{{{start}:{end}}}"),
                    false => format!("{value}[{start}..{end}]"),
                }
            }
        };
        (text, Level::Atom)
    }

    /// An expression in brackets unless it binds at least as tightly as asked.
    fn at(&self, expr: &Expr, least: Level) -> String {
        match self.text(expr) {
            (text, level) if level >= least => text,
            (text, _) => format!("({text})"),
        }
    }

    /// Operators of one precedence, from left to right.
    fn infix(&self, a: &Expr, sign: &str, b: &Expr, level: Level) -> Text {
        let right = if level == Level::Sum {
            Level::Hadamard
        } else {
            Level::Product
        };
        (
            format!("{}{sign}{}", self.at(a, level), self.at(b, right)),
            level,
        )
    }

    /// A product of no fixed meaning: by a sign, or in LaTeX side by side.
    fn product(&self, a: &Expr, b: &Expr) -> Text {
        let (left, right) = (self.at(a, Level::Power), self.at(b, Level::Power));
        let apart = right.starts_with(['(', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        let sign = match (self.latex, apart) {
            (false, _) => " * ",
            (true, true) => r" \cdot ",
            (true, false) => r"\,",
        };
        (format!("{left}{sign}{right}"), Level::Product)
    }

    fn grouped(&self, base: String) -> String {
        match self.latex {
            true => grouped(base),
            false => base,
        }
    }

    fn power(&self, base: &Expr, exponent: &Expr) -> Text {
        let value = matches!(base.kind, ExprKind::Read { symbol, .. } if (self.value)(symbol));
        let count = match exponent.kind {
            ExprKind::Number(n) if n.fract() == 0.0 && (2.0..10.0).contains(&n) => Some(n),
            _ => None,
        };
        let base = match value && count.is_some() {
            true => self.grouped(self.print(base)),
            false => format!("({})", self.print(base)),
        };
        let text = match (count, self.latex) {
            (Some(n), _) => format!("{base}^{n}"),
            (None, false) => format!("{base}^({})", self.print(exponent)),
            (None, true) => format!("{base}^{{{}}}", self.print(exponent)),
        };
        (text, Level::Power)
    }

    fn call(&self, function: Function, arguments: &[Expr]) -> Text {
        let entry = functions::entry(function);
        let list = self.list(arguments);
        let text = match (function, self.latex) {
            (Function::Sqrt, true) => format!(r"\sqrt{{{list}}}"),
            (Function::Abs, true) if !list.contains('|') => format!("|{list}|"),
            (_, true) => format!("{}({list})", entry.latex),
            (Function::Sigmoid, false) => format!("σ({list})"),
            (_, false) => format!("{}({list})", entry.names[0]),
        };
        (text, Level::Atom)
    }

    fn list(&self, exprs: &[Expr]) -> String {
        exprs
            .iter()
            .map(|expr| self.print(expr))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// LaTeX that may get something above it: a group if it has something there already, since two
/// superscripts on one symbol are an error, and a prime is one.
pub(crate) fn grouped(latex: String) -> String {
    match latex.contains(['^', '\'']) {
        true => format!("{{{latex}}}"),
        false => latex,
    }
}

/// A typed expression as a short text in backquotes, for messages.
pub(super) fn brief_of(table: &Table, expr: &Expr) -> String {
    let name = |symbol: SymbolId, delay: usize| name(table, symbol, delay);
    shortened(
        Printer {
            name: &name,
            value: &|_| true,
            length: &|_| "…".to_owned(),
            latex: false,
        }
        .print(expr),
    )
}

fn name(table: &Table, symbol: SymbolId, delay: usize) -> String {
    let entry = &table.symbols[symbol];
    spell::plain(&entry.key, (entry.timed || delay > 0).then_some(delay))
}

/// A tree as a short text in backquotes, for messages.
pub(super) fn brief(table: &Table, tree: &Tree) -> String {
    shortened(rough(table, tree))
}

/// An equation as one line of a message.
pub(super) fn equation(table: &Table, left: SymbolId, right: &Tree) -> String {
    let left = name(table, left, 0);
    if !is_short(right, &mut 100) {
        return format!("{left} = …");
    }
    let line = format!("{left} = {}", rough(table, right));
    match line.char_indices().nth(72) {
        Some((end, _)) => format!("{} …", line[..end].trim_end()),
        None => line,
    }
}

/// Whether a tree has no more than so many parts.
fn is_short(tree: &Tree, parts: &mut usize) -> bool {
    *parts = parts.saturating_sub(1);
    *parts > 0
        && tree
            .children()
            .into_iter()
            .all(|part| is_short(part, parts))
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(48) {
        Some((end, _)) => format!("`{} …`", text[..end].trim_end()),
        None => format!("`{text}`"),
    }
}

/// A tree as text.
fn rough(table: &Table, tree: &Tree) -> String {
    match &tree.node {
        Node::Unknown => "…".to_owned(),
        Node::Number(value) => value.to_string(),
        Node::Read { symbol, delay } => name(table, *symbol, *delay),
        Node::Negate(a) => format!("-{}", within(table, a, Level::Hadamard)),
        Node::Binary(operator, a, b) => {
            let (sign, left, right) = match operator {
                Operator::Add => ("+", Level::Sum, Level::Hadamard),
                Operator::Subtract => ("-", Level::Sum, Level::Hadamard),
                Operator::Hadamard => (".*", Level::Hadamard, Level::Product),
                Operator::Outer => ("⊗", Level::Hadamard, Level::Product),
                Operator::Divide => ("/", Level::Product, Level::Power),
            };
            let (a, b) = (within(table, a, left), within(table, b, right));
            format!("{a} {sign} {b}")
        }
        Node::Chain(factors) => {
            let factors = factors.iter().map(|f| within(table, f, Level::Power));
            factors.collect::<Vec<_>>().join(" * ")
        }
        Node::Power(a, b) => {
            let (a, b) = (within(table, a, Level::Atom), within(table, b, Level::Atom));
            format!("{a}^{b}")
        }
        Node::Transpose(a) => format!("{}^T", within(table, a, Level::Atom)),
        Node::Concat(parts) => format!("[{}]", bare(table, parts)),
        Node::Slice(a, _) => format!("a part of {}", within(table, a, Level::Atom)),
        Node::Call(function, arguments) => {
            format!(
                "{}({})",
                functions::entry(*function).names[0],
                bare(table, arguments)
            )
        }
        Node::Select { strict, parts } => {
            let [a, b, yes, no] = parts.each_ref().map(|part| rough(table, part));
            let sign = if *strict { ">" } else { ">=" };
            format!("where({a} {sign} {b}, {yes}, {no})")
        }
    }
}

fn bare(table: &Table, trees: &[Tree]) -> String {
    trees
        .iter()
        .map(|tree| rough(table, tree))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A tree in brackets unless it binds at least as tightly as asked.
fn within(table: &Table, tree: &Tree, least: Level) -> String {
    let level = match &tree.node {
        Node::Binary(Operator::Add | Operator::Subtract, ..) => Level::Sum,
        Node::Negate(_) => Level::Negated,
        Node::Number(value) if *value < 0.0 => Level::Negated,
        Node::Binary(Operator::Hadamard | Operator::Outer, ..) => Level::Hadamard,
        Node::Binary(Operator::Divide, ..) | Node::Chain(_) => Level::Product,
        Node::Power(..) | Node::Transpose(_) => Level::Power,
        _ => Level::Atom,
    };
    let text = rough(table, tree);
    match level >= least {
        true => text,
        false => format!("({text})"),
    }
}
