//! Right sides to trees: every name a symbol with a delay, the user's functions expanded.

use std::collections::BTreeSet;

use crate::diag::{self, Diagnostics, Place};
use crate::functions::{self, Function};
use crate::model::names::{Key, Written};
use crate::model::statements::expand::MOST_DEPTH;
use crate::model::symbols::{Sort, Table};
use crate::syntax::{Cut, Expr, ExprKind, Item, Join, Operator};

use super::ones;
use super::slips;
use super::tree::{Node, Part, Resolved, Tree};

/// Nodes that one definition may have once its functions are expanded.
const MOST_NODES: usize = 100_000;

/// Builds the trees of all equations.
pub(super) struct Builder<'a> {
    pub(super) table: &'a mut Table,
    pub(super) diagnostics: &'a mut Diagnostics,
    /// The functions being expanded, with their arguments; the last one is the innermost.
    pub(super) frames: Vec<Frame>,
    /// Time index of the left side at hand.
    left: i64,
    pub(super) nodes: usize,
    pub(super) depth: usize,
    /// The definition is larger than anything that a person would write, which was reported.
    full: bool,
    seen: usize,
    /// The equations of inner cells.
    pub(super) inner: Vec<Resolved>,
    /// Names of values that are functions' as well, and those that were reported.
    pub(super) own_functions: BTreeSet<Key>,
    pub(super) told: BTreeSet<Key>,
    /// Where `⊗` stands for an element-wise product, which was reported.
    outer_slip: Option<Place>,
}

/// A function being expanded.
pub(super) struct Frame {
    pub(super) key: Key,
    pub(super) arguments: Vec<(String, Tree)>,
}

/// The equations with their right sides resolved, in the order written.
pub(in crate::model) fn build(
    table: &mut Table,
    items: &[Item],
    diagnostics: &mut Diagnostics,
) -> Vec<Resolved> {
    let own_functions = slips::own_functions(table, items);
    let outer_slip = slips::outer_of_itself(table, items);
    if let Some(place) = outer_slip {
        diagnostics.push(diag::outer_of_itself(place));
    }
    let mut builder = Builder {
        own_functions,
        told: BTreeSet::new(),
        outer_slip,
        table,
        diagnostics,
        frames: Vec::new(),
        left: 0,
        nodes: 0,
        depth: 0,
        full: false,
        seen: 0,
        inner: Vec::new(),
    };
    let mut equations = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let (Item::Equation(equation), Sort::Equation(left)) = (item, builder.table.sorts[at])
        else {
            continue;
        };
        builder.left = builder.table.symbols[left]
            .left
            .unwrap_or(builder.table.now);
        builder.mention(left);
        let right = builder.tree(&equation.right);
        equations.append(&mut builder.inner);
        equations.push(Resolved {
            left,
            right,
            place: equation.place,
        });
    }
    builder.finish_instances(&equations);
    equations
}

impl Builder<'_> {
    /// The time index of the left side at hand.
    pub(super) fn left_index(&self) -> i64 {
        self.left
    }

    /// Numbers a symbol at its first mention.
    pub(super) fn mention(&mut self, symbol: usize) {
        self.table.symbols[symbol].seen.get_or_insert(self.seen);
        self.seen += 1;
    }

    /// The tree of an expression.
    pub(super) fn tree(&mut self, expr: &Expr) -> Tree {
        let place = expr.place;
        self.nodes += 1;
        self.depth += 1;
        let node = if self.is_full(place) {
            Node::Unknown
        } else {
            self.node(expr)
        };
        self.depth -= 1;
        Tree { node, place }
    }

    /// Whether nothing more is to be built. Reports the first time.
    pub(super) fn is_full(&mut self, place: Place) -> bool {
        let (deep, large) = (self.depth > MOST_DEPTH, self.nodes > MOST_NODES);
        if !self.full && (deep || large) {
            self.full = true;
            self.diagnostics.push(match deep {
                true => diag::nested_too_deeply(place, MOST_DEPTH),
                false => diag::too_large(place, MOST_NODES),
            });
        }
        self.full
    }

    pub(super) fn boxed(&mut self, expr: &Expr) -> Box<Tree> {
        Box::new(self.tree(expr))
    }

    fn node(&mut self, expr: &Expr) -> Node {
        match &expr.kind {
            ExprKind::Number(value) => Node::Number(*value),
            ExprKind::Name(name) => self.name(name).node,
            ExprKind::Apply(name, arguments) => self.apply(name, arguments, expr.place),
            ExprKind::Given(name, _) => {
                let name = Written::of(name, &self.table.clock).labelled().printed();
                self.diagnostics
                    .push(diag::state_outside_cell(expr.place, &name));
                Node::Unknown
            }
            ExprKind::Negate(inner) => match self.tree(inner) {
                Tree {
                    node: Node::Number(value),
                    ..
                } => Node::Number(-value),
                inner => Node::Negate(Box::new(inner)),
            },
            ExprKind::Binary(Operator::Outer, ..) if self.outer_slip.is_some() => Node::Unknown,
            ExprKind::Binary(operator, a, b) => {
                let left = self.boxed(a);
                let right = match operator {
                    Operator::Divide => self.number_or_tree(b),
                    _ => self.tree(b),
                };
                ones::binary(*operator, left, Box::new(right))
            }
            ExprKind::Product(factors) if self.block_matrix(factors, expr.place) => Node::Unknown,
            ExprKind::Product(factors) if self.function_before_list(factors) => Node::Unknown,
            ExprKind::Product(factors) => self.product(factors),
            ExprKind::Power(base, exponent) => match self.applied_product(base) {
                Some((left, right)) => {
                    let exponent = self.boxed(exponent);
                    let place = right.place;
                    let node = Node::Power(Box::new(right), exponent);
                    Node::Chain(vec![left, Tree { node, place }])
                }
                None => Node::Power(self.boxed(base), self.boxed(exponent)),
            },
            ExprKind::Transpose(inner) => match self.applied_product(inner) {
                Some((left, right)) => {
                    let place = right.place;
                    let node = Node::Transpose(Box::new(right));
                    Node::Chain(vec![left, Tree { node, place }])
                }
                None => turned(self.boxed(inner)),
            },
            ExprKind::Concat(parts) => match &parts[..] {
                [only] if self.forgotten_comma(only) => Node::Unknown,
                [only] => self.tree(only).node,
                parts => Node::Concat(parts.iter().map(|part| self.tree(part)).collect()),
            },
            ExprKind::Slice(inner, cut) => self.slice(inner, cut),
            // Written out by now, unless that was reported.
            ExprKind::Series(_) => Node::Unknown,
            ExprKind::Member(name, _) => {
                self.diagnostics
                    .push(diag::member_outside(expr.place, &name.base));
                Node::Unknown
            }
            ExprKind::Absolute(inner) => Node::Call(Function::Abs, vec![self.tree(inner)]),
            ExprKind::Compare(..) => {
                self.diagnostics.push(diag::comparison_as_value(expr.place));
                Node::Unknown
            }
            ExprKind::Cases(rows) => self.cases(rows, expr.place),
        }
    }

    /// A part of a vector.
    fn slice(&mut self, inner: &Expr, cut: &Cut) -> Node {
        let chunk = match &inner.kind {
            ExprKind::Apply(name, arguments) if functions::is_chunk(&name.base) => {
                arguments.first()
            }
            _ => None,
        };
        let part = match cut {
            &Cut::Part { index, count } => Part::Equal { index, count },
            Cut::Range { from, to } => {
                let letter = self.table.clock.letter.as_deref();
                for size in [from, to].into_iter().flatten() {
                    let mut names = size.terms.iter().filter_map(|(_, name)| name.as_ref());
                    if let Some(letter) =
                        letter.filter(|letter| names.any(|name| name.text == *letter))
                    {
                        let name = match &inner.kind {
                            ExprKind::Name(name) => name.base.as_str(),
                            _ => letter,
                        };
                        // One message is enough for all slices.
                        let message = diag::all_past_states(inner.place, name);
                        let told = self
                            .diagnostics
                            .list()
                            .iter()
                            .any(|d| d.code == message.code);
                        if !told {
                            self.diagnostics.push(message);
                        }
                        return Node::Unknown;
                    }
                }
                let (from, to) = (from.clone(), to.clone());
                Part::Range { from, to }
            }
            Cut::Share { names, index } => {
                let keys = names
                    .iter()
                    .map(|name| Written::of(name, &self.table.clock).labelled());
                let keys: Vec<Key> = keys.collect();
                let symbols = keys.iter().zip(&**names);
                let symbols: Vec<_> = symbols
                    .map(|(key, name)| self.table.symbol(key, name.place))
                    .collect();
                Part::Share {
                    symbols: symbols.into(),
                    index: *index,
                }
            }
        };
        // `W (x_t)_{1:n}`: a slice that is written binds like a power.
        let written = matches!(part, Part::Range { .. });
        let product = written.then(|| self.applied_product(inner)).flatten();
        match product {
            Some((left, right)) => {
                let place = right.place;
                let node = Node::Slice(Box::new(right), part);
                Node::Chain(vec![left, Tree { node, place }])
            }
            None => Node::Slice(self.boxed(chunk.unwrap_or(inner)), part),
        }
    }

    /// A product. `W (a)`, which reads like a function's application, counts as two factors.
    fn product(&mut self, factors: &[(Join, Expr)]) -> Node {
        let side = factors.iter().any(|(join, _)| *join == Join::Side);
        if let [(_, a), (Join::Dot, b)] = factors {
            self.table.dots.push(a.place.to(b.place));
        }
        let mut parts = Vec::new();
        for (at, (_, factor)) in factors.iter().enumerate() {
            let applied = match &factor.kind {
                ExprKind::Power(base, _) | ExprKind::Transpose(base) | ExprKind::Slice(base, _) => {
                    self.is_product(base)
                }
                _ => self.is_product(factor),
            };
            match self.tree(factor) {
                Tree {
                    node: Node::Chain(inner),
                    ..
                } if side && applied => parts.extend(inner),
                // A matrix stands before a column: `W [h, x]^T`.
                Tree {
                    node: Node::Transpose(inner),
                    ..
                } if at > 0
                    && matches!(inner.node, Node::Concat(_))
                    && self.is_matrix(&factors[at - 1].1) =>
                {
                    parts.push(*inner);
                }
                tree => parts.push(tree),
            }
        }
        Node::Chain(parts)
    }
}

/// A transpose; of transposes side by side, `[x^T, h^T]^T`, the values side by side.
fn turned(inner: Box<Tree>) -> Node {
    let turned = |part: &Tree| matches!(part.node, Node::Transpose(_));
    match &inner.node {
        Node::Concat(parts) if parts.iter().all(turned) => {
            let plain = parts.iter().map(|part| match &part.node {
                Node::Transpose(value) => (**value).clone(),
                _ => part.clone(),
            });
            Node::Concat(plain.collect())
        }
        _ => Node::Transpose(inner),
    }
}
