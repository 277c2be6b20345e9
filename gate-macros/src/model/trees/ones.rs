//! A vector of ones in an outer product: `(\alpha_t^\top \mathbf{1}) \odot S_{t-1}`.
//!
//! Such a product has the vector in every column, or in every row, and beside `⊙` it scales the
//! other matrix as a diagonal matrix does from the left or from the right.

use crate::functions::Function;
use crate::syntax::Operator;

use super::tree::{Node, Tree};

/// A binary operation: `⊙` beside such a product as a product with a diagonal matrix.
pub(super) fn binary(operator: Operator, a: Box<Tree>, b: Box<Tree>) -> Node {
    if operator != Operator::Hadamard {
        return Node::Binary(operator, a, b);
    }
    let (diagonal, other) = match (columns(&a), columns(&b)) {
        (Some(found), _) => (found, *b),
        (None, Some(found)) => (found, *a),
        (None, None) => return Node::Binary(operator, a, b),
    };
    Node::Chain(match diagonal {
        (diagonal, true) => vec![diagonal, other],
        (diagonal, false) => vec![other, diagonal],
    })
}

/// The diagonal matrix of the vector, and whether it is in every column: `αᵀ 1` and `α 1ᵀ`.
fn columns(tree: &Tree) -> Option<(Tree, bool)> {
    let Node::Chain(factors) = &tree.node else {
        return None;
    };
    let [left, right] = &factors[..] else {
        return None;
    };
    let (vector, first) = match (is_ones(left), is_ones(right)) {
        (false, true) => (left, true),
        (true, false) => (right, false),
        _ => return None,
    };
    let turned = |tree: &Tree| matches!(tree.node, Node::Transpose(_));
    if turned(left) == turned(right) {
        return None;
    }
    let vector = match &vector.node {
        Node::Transpose(inner) => (**inner).clone(),
        _ => vector.clone(),
    };
    let diagonal = Tree {
        node: Node::Call(Function::Diag, vec![vector]),
        place: tree.place,
    };
    Some((diagonal, first))
}

fn is_ones(tree: &Tree) -> bool {
    match &tree.node {
        Node::Transpose(inner) => is_ones(inner),
        node => matches!(node, Node::Number(1.0)),
    }
}
