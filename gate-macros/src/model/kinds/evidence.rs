//! Evidence for kinds: where symbols stand, and what stands beside them.

use crate::functions::Function;
use crate::model::SymbolId;
use crate::model::trees::tree::{Node, Resolved, Tree};
use crate::syntax::Operator;

use super::kind::Kind;
use super::of_trees::KindsOf;

/// Where a symbol stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    pub(super) position: Position,
    /// The kind of what it is combined with element by element.
    pub(super) expect: Option<Kind>,
    /// It, or the sum in brackets of which it is a term, is a factor beside others.
    pub(super) factor: bool,
    /// One of those others is known not to be a scalar.
    pub(super) strong: bool,
    /// It is a term of a sum.
    pub(super) in_sum: bool,
    /// What it is part of, element by element, is a side of `⊙`.
    pub(super) beside: bool,
}

/// What a symbol is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    Alone,
    Factor,
    Term,
    Beside,
    Argument,
}

const ALONE: Context = Context {
    position: Position::Alone,
    expect: None,
    factor: false,
    strong: false,
    in_sum: false,
    beside: false,
};

/// Kinds of symbols that stand directly where only one kind can stand, with the reason.
pub(super) fn forced(equations: &[Resolved]) -> Vec<(SymbolId, Kind, &'static str)> {
    let mut found = Vec::new();
    for equation in equations {
        forced_in(&equation.right, &mut found);
    }
    found
}

fn forced_in(tree: &Tree, found: &mut Vec<(SymbolId, Kind, &'static str)>) {
    let mut force = |tree: &Tree, kind, why| found.extend(tree.symbol().map(|id| (id, kind, why)));
    match &tree.node {
        Node::Transpose(inner) => force(inner, Kind::Vector, "transposed"),
        Node::Slice(inner, _) => force(inner, Kind::Vector, "a slice is taken of it"),
        Node::Concat(parts) => {
            parts
                .iter()
                .for_each(|part| force(part, Kind::Vector, "beside other vectors in [ ]"));
        }
        Node::Binary(Operator::Outer, a, b) => {
            force(a, Kind::Vector, "in an outer product");
            force(b, Kind::Vector, "in an outer product");
        }
        Node::Call(function, arguments) => {
            for (at, argument) in arguments.iter().enumerate() {
                if let Some(kind) = argument_kind(*function, arguments.len(), at) {
                    force(inner(argument), kind, "as its function asks for");
                }
            }
        }
        _ => {}
    }
    for child in tree.children() {
        forced_in(child, found);
    }
}

/// What alone can make a tree a vector: the `ν` of `exp(-exp(ν))`.
fn inner(tree: &Tree) -> &Tree {
    match &tree.node {
        Node::Negate(only) => inner(only),
        Node::Call(function, arguments) => match &arguments[..] {
            [only] if argument_kind(*function, 1, 0).is_none() => inner(only),
            _ => tree,
        },
        Node::Chain(factors) => {
            let mut others = factors
                .iter()
                .filter(|factor| !matches!(factor.node, Node::Number(_)));
            match (others.next(), others.next()) {
                (Some(only), None) => inner(only),
                _ => tree,
            }
        }
        _ => tree,
    }
}

/// The one kind that an argument of a function may have.
pub(in crate::model) fn argument_kind(function: Function, count: usize, at: usize) -> Option<Kind> {
    match (function, at) {
        (Function::Dropout | Function::Zoneout, 0) => Some(Kind::Scalar),
        (Function::LeakyRelu | Function::Elu, 1) => Some(Kind::Scalar),
        (Function::Dot | Function::Outer | Function::Diag, _) => Some(Kind::Vector),
        (Function::Sum | Function::Mean | Function::Norm, _) => Some(Kind::Vector),
        (Function::Softmax | Function::CumSum | Function::Cumax, _) => Some(Kind::Vector),
        (Function::LayerNorm | Function::RmsNorm, _) => Some(Kind::Vector),
        (Function::Min | Function::Max, _) if count == 1 => Some(Kind::Vector),
        _ => None,
    }
}

/// Whether a symbol may be a vector that its letter does not make one, or is a number for sure.
pub(super) type Open<'a> = dyn Fn(SymbolId) -> Option<bool> + 'a;

/// Symbols that make up a side of `⊙`: `γ`, and the `γ` of `(1 - γ) ⊙ μ_t` and `σ(γ) ⊙ h_{t-1}`.
/// A side with other values in it is a vector by those.
pub(super) fn beside(equations: &[Resolved], open: &Open) -> Vec<SymbolId> {
    fn find(tree: &Tree, open: &Open, found: &mut Vec<SymbolId>) {
        if let Node::Binary(Operator::Hadamard, a, b) = &tree.node {
            for side in [a, b] {
                let mut own = true;
                side.reads(&mut |symbol, _, _| own &= open(symbol).is_some());
                match side.symbol() {
                    Some(symbol) => found.push(symbol),
                    None if own => made_of(side, open, found),
                    None => {}
                }
            }
        }
        for child in tree.children() {
            find(child, open, found);
        }
    }
    let mut found = Vec::new();
    for equation in equations {
        find(&equation.right, open, &mut found);
    }
    found
}

/// The symbols that make a side a vector; of a product of several, nobody can tell which.
fn made_of(tree: &Tree, open: &Open, found: &mut Vec<SymbolId>) {
    let number = |tree: &&Tree| {
        let mut number = true;
        tree.reads(&mut |symbol, _, _| number &= open(symbol) == Some(false));
        number
    };
    match &tree.node {
        Node::Read { symbol, .. } => {
            found.extend(open(*symbol).unwrap_or(false).then_some(*symbol))
        }
        Node::Negate(a) | Node::Power(a, _) => made_of(a, open, found),
        Node::Binary(Operator::Add | Operator::Subtract | Operator::Divide, a, b) => {
            made_of(a, open, found);
            made_of(b, open, found);
        }
        Node::Call(function, arguments) => match &arguments[..] {
            [only] if argument_kind(*function, 1, 0).is_none() => made_of(only, open, found),
            _ => {}
        },
        Node::Chain(factors) => {
            let mut others = factors.iter().filter(|factor| !number(factor));
            if let (Some(only), None) = (others.next(), others.next()) {
                made_of(only, open, found);
            }
        }
        _ => {}
    }
}

/// Each read of each symbol with where it stands. `rows`: vectors are rows.
pub(super) fn occurrences(
    equations: &[Resolved],
    kinds: &[Option<Kind>],
    rows: bool,
) -> Vec<(SymbolId, Context)> {
    let mut found = Vec::new();
    let kinds = KindsOf::new(kinds, rows);
    for equation in equations {
        let expect = kinds
            .symbol(equation.left)
            .filter(|kind| *kind != Kind::Scalar);
        visit(
            &equation.right,
            Context { expect, ..ALONE },
            &kinds,
            &mut found,
        );
    }
    found
}

fn visit<'a>(
    tree: &'a Tree,
    context: Context,
    kinds: &KindsOf<'a>,
    found: &mut Vec<(SymbolId, Context)>,
) {
    let mut go = |tree: &'a Tree, context: Context| visit(tree, context, kinds, found);
    let whole = kinds
        .of(tree)
        .filter(|kind| !matches!(kind, Kind::Scalar | Kind::Wild))
        .or(context.expect);
    let here = |expect| Context { expect, ..context };
    let beside = |beside| Context {
        position: Position::Beside,
        expect: whole,
        beside,
        ..ALONE
    };
    let argument = |expect| Context {
        position: Position::Argument,
        expect,
        ..ALONE
    };
    match &tree.node {
        Node::Unknown | Node::Number(_) => {}
        Node::Read { symbol, .. } => found.push((*symbol, context)),
        Node::Negate(a) => go(a, context),
        Node::Binary(Operator::Add | Operator::Subtract, a, b) => {
            let term = Context {
                position: Position::Term,
                in_sum: true,
                ..here(whole)
            };
            go(a, term);
            go(b, term);
        }
        Node::Binary(Operator::Outer, a, b) => {
            go(a, argument(Some(Kind::Vector)));
            go(b, argument(Some(Kind::Vector)));
        }
        Node::Binary(Operator::Hadamard, a, b) => {
            go(a, beside(true));
            go(b, beside(true));
        }
        Node::Binary(Operator::Divide, a, b) => {
            go(a, here(whole));
            go(b, beside(context.beside));
        }
        Node::Chain(factors) => chain(factors, context, kinds, found),
        Node::Power(a, b) => {
            go(a, here(whole));
            go(b, argument(None));
        }
        Node::Transpose(a) => go(a, here(whole.filter(|kind| *kind == Kind::Matrix))),
        Node::Slice(a, _) => go(a, argument(Some(Kind::Vector))),
        Node::Concat(parts) => parts
            .iter()
            .for_each(|part| go(part, argument(Some(Kind::Vector)))),
        Node::Call(function, arguments) => {
            for (at, part) in arguments.iter().enumerate() {
                let only = argument_kind(*function, arguments.len(), at);
                let inside = Context {
                    beside: context.beside && only.is_none(),
                    ..argument(only.or(whole))
                };
                go(part, inside);
            }
        }
        Node::Select { parts, .. } => parts.iter().for_each(|part| go(part, argument(whole))),
    }
}

fn chain<'a>(
    factors: &'a [Tree],
    context: Context,
    kinds: &KindsOf<'a>,
    found: &mut Vec<(SymbolId, Context)>,
) {
    let kind = |tree: &'a Tree| kinds.of(tree);
    let others = |at: usize| {
        factors
            .iter()
            .enumerate()
            .filter(move |(other, _)| *other != at)
            .map(move |(_, f)| kind(f))
    };
    for (at, factor) in factors.iter().enumerate() {
        let alone = others(at).all(|kind| kind == Some(Kind::Scalar));
        let strong =
            others(at).any(|kind| matches!(kind, Some(Kind::Vector | Kind::Row | Kind::Matrix)));
        let inside = match alone {
            true => context,
            false => Context {
                position: Position::Factor,
                factor: true,
                strong,
                ..ALONE
            },
        };
        visit(factor, inside, kinds, found);
    }
}

/// Parameters that are added to scalars made from values, and nothing else: `b` in
/// `dot(w, x_t) + b`. Only those are asked for that `open` allows.
pub(super) fn scalar_terms(
    equations: &[Resolved],
    kinds: &[Option<Kind>],
    rows: bool,
    open: &impl Fn(SymbolId) -> bool,
) -> Vec<SymbolId> {
    let mut reads = vec![0; kinds.len()];
    let mut added = vec![0; kinds.len()];
    let known = KindsOf::new(kinds, rows);
    for equation in equations {
        equation.right.reads(&mut |symbol, _, _| reads[symbol] += 1);
        let mut found = Vec::new();
        added_to_scalars(&equation.right, &known, &mut found);
        found.into_iter().for_each(|symbol| added[symbol] += 1);
    }
    (0..kinds.len())
        .filter(|&id| added[id] > 0 && added[id] == reads[id] && open(id))
        .collect()
}

fn added_to_scalars<'a>(tree: &'a Tree, kinds: &KindsOf<'a>, added: &mut Vec<SymbolId>) {
    let mut terms = Vec::new();
    collect_terms(tree, &mut terms);
    let scalar = |term: &&'a Tree| kinds.of(term) == Some(Kind::Scalar);
    let others = terms.iter().filter(|term| !scalar(term)).count();
    if terms.len() > 1 && others <= 1 && terms.iter().any(|term| term.symbol().is_some()) {
        let makes: Vec<bool> = terms.iter().map(|term| makes_scalar(term)).collect();
        let computed = makes.iter().filter(|makes| **makes).count();
        for (term, makes) in terms.iter().zip(makes) {
            let scalars = others == usize::from(!scalar(term));
            added.extend(
                term.symbol()
                    .filter(|_| scalars && computed > usize::from(makes)),
            );
        }
    }
    for term in terms {
        for child in term.children() {
            added_to_scalars(child, kinds, added);
        }
    }
}

/// The terms of a sum, or the tree itself.
fn collect_terms<'a>(tree: &'a Tree, terms: &mut Vec<&'a Tree>) {
    match &tree.node {
        Node::Binary(Operator::Add | Operator::Subtract, a, b) => {
            collect_terms(a, terms);
            collect_terms(b, terms);
        }
        _ => terms.push(tree),
    }
}

/// Whether a scalar comes from vectors: a product `wᵀ x` or a reduction.
fn makes_scalar(tree: &Tree) -> bool {
    let reduction = match &tree.node {
        Node::Call(Function::Dot | Function::Sum | Function::Mean | Function::Norm, _) => true,
        Node::Call(Function::Min | Function::Max, arguments) => arguments.len() == 1,
        Node::Chain(factors) => factors.iter().any(|f| matches!(f.node, Node::Transpose(_))),
        _ => false,
    };
    reduction || tree.children().into_iter().any(makes_scalar)
}
