//! The kinds of trees, from the kinds of their symbols.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::functions::Function;
use crate::model::trees::tree::{Node, Tree};
use crate::syntax::Operator;

use super::chain;
use super::kind::{Kind, join};

/// Finds the kinds of trees. Each is found once: sums of sums would else be gone through as often
/// as they are deep.
pub(in crate::model) struct KindsOf<'a> {
    symbols: &'a [Option<Kind>],
    /// Vectors are rows.
    rows: bool,
    found: RefCell<HashMap<*const Tree, Option<Kind>>>,
}

impl<'a> KindsOf<'a> {
    /// The kinds of symbols, as far as they are known, and whether vectors are rows.
    pub(in crate::model) fn new(symbols: &'a [Option<Kind>], rows: bool) -> KindsOf<'a> {
        KindsOf {
            symbols,
            rows,
            found: RefCell::default(),
        }
    }

    /// The kind of a symbol.
    pub(super) fn symbol(&self, id: usize) -> Option<Kind> {
        self.symbols[id]
    }

    /// The kind of a tree, as far as the kinds of its symbols tell.
    pub(in crate::model) fn of(&self, tree: &'a Tree) -> Option<Kind> {
        match &tree.node {
            Node::Unknown => return Some(Kind::Wild),
            Node::Number(_) => return Some(Kind::Scalar),
            Node::Read { symbol, .. } => return self.symbols[*symbol],
            _ => {}
        }
        let known = self.found.borrow().get(&std::ptr::from_ref(tree)).copied();
        known.unwrap_or_else(|| {
            let kind = self.find(tree);
            self.found.borrow_mut().insert(tree, kind);
            kind
        })
    }

    fn find(&self, tree: &'a Tree) -> Option<Kind> {
        let of = |tree: &'a Tree| self.of(tree);
        match &tree.node {
            Node::Unknown | Node::Number(_) | Node::Read { .. } => self.of(tree),
            Node::Negate(a) => of(a),
            Node::Binary(Operator::Outer, ..) => Some(Kind::Matrix),
            Node::Binary(_, a, b) | Node::Power(a, b) => join(&[of(a), of(b)]),
            // What is transposed may be a vector.
            Node::Chain(factors) if factors.iter().any(|f| is_open_row(f, &of)) => None,
            Node::Chain(factors) => {
                chain::kind(&factors.iter().map(of).collect::<Vec<_>>(), self.rows)
            }
            Node::Transpose(a) => of(a).map(Kind::transposed),
            Node::Concat(_) | Node::Slice(..) => Some(Kind::Vector),
            Node::Call(function, arguments) => self.call(*function, arguments),
            Node::Select { parts, .. } => join(&parts.each_ref().map(of)),
        }
    }

    fn call(&self, function: Function, arguments: &'a [Tree]) -> Option<Kind> {
        let of = |at: usize| arguments.get(at).and_then(|tree| self.of(tree));
        match function {
            Function::Dot | Function::Sum | Function::Mean | Function::Norm => Some(Kind::Scalar),
            Function::Min | Function::Max if arguments.len() == 1 => Some(Kind::Scalar),
            Function::Softmax | Function::CumSum | Function::Cumax => Some(Kind::Vector),
            Function::LayerNorm | Function::RmsNorm => Some(Kind::Vector),
            Function::Outer | Function::Diag => Some(Kind::Matrix),
            Function::Dropout => of(1),
            Function::Zoneout => join(&[of(1), of(2)]),
            Function::Min | Function::Max => join(&[of(0), of(1)]),
            Function::Clamp => join(&[of(0), of(1), of(2)]),
            _ => of(0),
        }
    }
}

/// A transpose of what is not known yet.
fn is_open_row<'a>(tree: &'a Tree, of: &impl Fn(&'a Tree) -> Option<Kind>) -> bool {
    matches!(&tree.node, Node::Transpose(inner) if of(inner).is_none())
}
