//! Sums and element-wise products of so many operands that the tree is balanced: from left to
//! right, each operand would make it one level deeper.

use super::ast::{Expr, ExprKind, Operator};

/// Operands that are joined from left to right, as they are written.
const MOST: usize = 100;

/// Whether operands of this operator may be put in brackets when they are many.
pub(super) fn is_grouped(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::Add | Operator::Subtract | Operator::Hadamard
    )
}

/// Operands joined by operators of one precedence. Many that may be put in brackets are: as many
/// as `MOST` in each, then these likewise.
pub(super) fn joined(first: Expr, mut rest: Vec<(Operator, Expr)>) -> Expr {
    if rest.len() <= MOST || !rest.iter().all(|(operator, _)| is_grouped(*operator)) {
        return from_left(first, rest);
    }
    let behind = rest.split_off(MOST - 1);
    let mut groups = Vec::new();
    let mut behind = behind.into_iter();
    while let Some((operator, head)) = behind.next() {
        let (operator, head) = signed(operator, head);
        let group = behind.by_ref().take(MOST - 1).collect();
        groups.push((operator, from_left(head, group)));
    }
    joined(from_left(first, rest), groups)
}

/// The first operand of a group with its sign, and the operator before the group.
fn signed(operator: Operator, head: Expr) -> (Operator, Expr) {
    if operator != Operator::Subtract {
        return (operator, head);
    }
    let place = head.place;
    let kind = ExprKind::Negate(Box::new(head));
    (Operator::Add, Expr { kind, place })
}

fn from_left(first: Expr, rest: Vec<(Operator, Expr)>) -> Expr {
    rest.into_iter()
        .fold(first, |left, (operator, right)| Expr {
            place: left.place.to(right.place),
            kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)),
        })
}
