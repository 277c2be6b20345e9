//! Choices: `where(a > b, u, v)` and `cases`.

use crate::diag::{self, Place};
use crate::model::names::indices;
use crate::syntax::{Comparison, Expr, ExprKind, Name};

use super::build::Builder;
use super::tree::Node;

impl Builder<'_> {
    /// `yes` where the comparison holds, else `no`. Decided at once where it compares numbers.
    pub(super) fn select(&mut self, condition: &Expr, yes: &Expr, no: &Expr) -> Node {
        let ExprKind::Compare(comparison, a, b) = &condition.kind else {
            self.diagnostics
                .push(diag::condition_not_comparison(condition.place));
            return Node::Unknown;
        };
        let (a, b) = (self.tree(a), self.tree(b));
        if let (Node::Number(a), Node::Number(b)) = (&a.node, &b.node) {
            let holds = match comparison {
                Comparison::Greater => a > b,
                Comparison::GreaterEq => a >= b,
                Comparison::Less => a < b,
                Comparison::LessEq => a <= b,
            };
            return self.tree(if holds { yes } else { no }).node;
        }
        let (a, b) = match comparison {
            Comparison::Greater | Comparison::GreaterEq => (a, b),
            Comparison::Less | Comparison::LessEq => (b, a),
        };
        let strict = matches!(comparison, Comparison::Greater | Comparison::Less);
        let parts = Box::new([a, b, self.tree(yes), self.tree(no)]);
        Node::Select { strict, parts }
    }

    /// Rows from first to last; the last one holds where no other does.
    pub(super) fn cases(&mut self, rows: &[(Expr, Option<Expr>)], place: Place) -> Node {
        let member = rows.iter().find_map(|(_, condition)| match condition {
            Some(Expr {
                kind: ExprKind::Member(name, _),
                place,
            }) => Some((name, *place)),
            _ => None,
        });
        if let Some((name, place)) = member {
            self.diagnostics
                .push(diag::member_outside(place, &name.base));
            return Node::Unknown;
        }
        match rows {
            [] => Node::Unknown,
            [(value, None)] => self.tree(value).node,
            [(yes, Some(condition)), (no, last)] if rows.len() == 2 => match last {
                Some(last) if !opposite(condition, last) => {
                    self.diagnostics
                        .push(diag::cases_without_otherwise(last.place));
                    Node::Unknown
                }
                _ => self.select(condition, yes, no),
            },
            [(yes, Some(condition)), rest @ ..] if !rest.is_empty() => {
                let no = Expr {
                    kind: ExprKind::Cases(rest.to_vec()),
                    place,
                };
                self.select(condition, yes, &no)
            }
            [(value, _), ..] => {
                self.diagnostics
                    .push(diag::cases_without_otherwise(value.place));
                Node::Unknown
            }
        }
    }
}

/// Whether two comparisons of the same two values are each other's contrary.
fn opposite(a: &Expr, b: &Expr) -> bool {
    let (ExprKind::Compare(p, a1, a2), ExprKind::Compare(q, b1, b2)) = (&a.kind, &b.kind) else {
        return false;
    };
    let contrary = matches!(
        (p, q),
        (Comparison::Greater, Comparison::LessEq)
            | (Comparison::LessEq, Comparison::Greater)
            | (Comparison::Less, Comparison::GreaterEq)
            | (Comparison::GreaterEq, Comparison::Less)
    );
    contrary && same(a1, b1) && same(a2, b2)
}

/// Whether two simple expressions are written alike.
fn same(a: &Expr, b: &Expr) -> bool {
    let marks = |name: &Name| {
        let text = name.marks.iter().map(|mark| indices::text(&mark.tokens));
        text.collect::<Vec<_>>()
    };
    match (&a.kind, &b.kind) {
        (ExprKind::Number(a), ExprKind::Number(b)) => a == b,
        (ExprKind::Name(a), ExprKind::Name(b)) => {
            a.base == b.base && a.primes == b.primes && marks(a) == marks(b)
        }
        _ => false,
    }
}
