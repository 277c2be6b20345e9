//! Right sides as trees of symbols: names resolved, the user's functions expanded, products
//! still open.

use std::rc::Rc;

use crate::diag::Place;
use crate::functions::Function;
use crate::model::SymbolId;
use crate::syntax::{Expr, ExprKind, Operator, SizeExpr};

/// A tree with its place.
#[derive(Clone, Debug)]
pub(in crate::model) struct Tree {
    pub(in crate::model) node: Node,
    pub(in crate::model) place: Place,
}

/// Kinds of trees.
#[derive(Clone, Debug)]
pub(in crate::model) enum Node {
    /// Something that was reported: fits everywhere.
    Unknown,
    Number(f64),
    Read {
        symbol: SymbolId,
        delay: usize,
    },
    Negate(Box<Tree>),
    Binary(Operator, Box<Tree>, Box<Tree>),
    /// Factors whose kinds decide what their product means.
    Chain(Vec<Tree>),
    Power(Box<Tree>, Box<Tree>),
    Transpose(Box<Tree>),
    Concat(Vec<Tree>),
    Slice(Box<Tree>, Part),
    Call(Function, Vec<Tree>),
    /// `a > b ? c : d`; `a >= b` where not strict.
    Select {
        strict: bool,
        parts: Box<[Tree; 4]>,
    },
}

/// Which part of a vector.
#[derive(Clone, Debug)]
pub(in crate::model) enum Part {
    /// One of `count` parts of one size, counted from 0.
    Equal { index: usize, count: usize },
    /// From an offset, 0 for none, up to an end that is not included.
    Range {
        from: Option<SizeExpr>,
        to: Option<SizeExpr>,
    },
    /// What one of several symbols has of a vector that all of them make up side by side.
    Share {
        symbols: Rc<[SymbolId]>,
        index: usize,
    },
}

/// An equation with its right side resolved.
#[derive(Clone, Debug)]
pub(in crate::model) struct Resolved {
    pub(in crate::model) left: SymbolId,
    pub(in crate::model) right: Tree,
    pub(in crate::model) place: Place,
}

impl Tree {
    /// What was reported.
    pub(super) fn unknown(place: Place) -> Tree {
        Tree {
            node: Node::Unknown,
            place,
        }
    }

    /// The direct parts, in the order written.
    pub(in crate::model) fn children(&self) -> Vec<&Tree> {
        match &self.node {
            Node::Unknown | Node::Number(_) | Node::Read { .. } => Vec::new(),
            Node::Negate(a) | Node::Transpose(a) | Node::Slice(a, _) => vec![a],
            Node::Binary(_, a, b) | Node::Power(a, b) => vec![a, b],
            Node::Chain(parts) | Node::Concat(parts) | Node::Call(_, parts) => {
                parts.iter().collect()
            }
            Node::Select { parts, .. } => parts.iter().collect(),
        }
    }

    /// Calls `visit` for each read, in the order written.
    pub(in crate::model) fn reads(&self, visit: &mut impl FnMut(SymbolId, usize, Place)) {
        if let Node::Read { symbol, delay } = self.node {
            visit(symbol, delay, self.place);
        }
        for child in self.children() {
            child.reads(visit);
        }
    }

    /// The symbol, where the tree is nothing but its value.
    pub(in crate::model) fn symbol(&self) -> Option<SymbolId> {
        match self.node {
            Node::Read { symbol, .. } => Some(symbol),
            _ => None,
        }
    }

    /// The value, where it is made of numbers and of symbols that `value` knows.
    pub(in crate::model) fn evaluate(
        &self,
        value: &impl Fn(SymbolId) -> Option<f64>,
    ) -> Option<f64> {
        let of = |tree: &Tree| tree.evaluate(value);
        Some(match &self.node {
            Node::Number(number) => *number,
            Node::Read { symbol, delay: 0 } => value(*symbol)?,
            Node::Negate(a) => -of(a)?,
            Node::Binary(operator, a, b) => binary(*operator, of(a)?, of(b)?)?,
            Node::Power(a, b) => of(a)?.powf(of(b)?),
            Node::Chain(factors) => factors
                .iter()
                .try_fold(1.0, |product, f| Some(product * of(f)?))?,
            Node::Call(function, arguments) => match &arguments[..] {
                [a] => call(*function, of(a)?)?,
                _ => return None,
            },
            _ => return None,
        })
    }
}

fn binary(operator: Operator, a: f64, b: f64) -> Option<f64> {
    Some(match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Hadamard => a * b,
        Operator::Divide => a / b,
        Operator::Outer => return None,
    })
}

fn call(function: Function, x: f64) -> Option<f64> {
    Some(match function {
        Function::Exp => x.exp(),
        Function::Log => x.ln(),
        Function::Sqrt => x.sqrt(),
        Function::Square => x * x,
        Function::Abs => x.abs(),
        Function::Sin => x.sin(),
        Function::Cos => x.cos(),
        Function::Tanh => x.tanh(),
        _ => return None,
    })
}

/// The value of an expression of numbers alone.
pub(in crate::model) fn constant(expr: &Expr) -> Option<f64> {
    Some(match &expr.kind {
        ExprKind::Number(number) => *number,
        ExprKind::Negate(a) => -constant(a)?,
        ExprKind::Binary(operator, a, b) => binary(*operator, constant(a)?, constant(b)?)?,
        ExprKind::Power(a, b) => constant(a)?.powf(constant(b)?),
        ExprKind::Product(factors) => factors
            .iter()
            .try_fold(1.0, |product, (_, f)| Some(product * constant(f)?))?,
        ExprKind::Apply(name, arguments) => {
            let function = crate::functions::function(&name.base)?.function;
            match &arguments[..] {
                [a] if name.marks.is_empty() => call(function, constant(a)?)?,
                _ => return None,
            }
        }
        _ => return None,
    })
}
