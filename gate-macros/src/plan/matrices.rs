//! Matrices of each row as functions of their elements.
//!
//! Takes: a flow. Gives: the flow in which outer products, products of a row's own matrix with a
//! vector and sums of a matrix are element-wise functions of matrices, whose operands may have one
//! number for each line or column, and sums of what these give. One function then does everything
//! that reads or writes a matrix at one time, and no outer product is ever stored.

use crate::ir::{Binary, Id, Op};
use crate::model::Shape;

use super::flow::{Flow, Node, Work};
use super::schedule::Per;

/// The flow with functions of elements; indices change, `roots` and `carried` follow.
pub(crate) fn by_elements(flow: &Flow) -> Flow {
    let mut rewrite = Rewrite {
        shared: flow.shared(),
        out: Flow::default(),
        map: Vec::new(),
        spread: Vec::new(),
    };
    for (id, node) in flow.nodes.iter().enumerate() {
        let new = rewrite.node(id, node, flow);
        rewrite.map.push(new);
    }
    let Rewrite { mut out, map, .. } = rewrite;
    out.follow(&flow.roots, &flow.carried, &map);
    out
}

struct Rewrite {
    shared: Vec<bool>,
    out: Flow,
    map: Vec<Id>,
    /// Vectors that are spread over matrices, and where.
    spread: Vec<(Id, Per, Shape, Id)>,
}

impl Rewrite {
    /// What a node becomes; of shared values the runtime computes a few whole matrices.
    fn node(&mut self, id: Id, node: &Node, flow: &Flow) -> Id {
        let args: Vec<Id> = node.args.iter().map(|&a| self.again(self.map[a])).collect();
        let own = |id: Id| !self.shared[id];
        match (&node.op, &args[..]) {
            (Work::Op(Op::Outer), &[u, v]) if own(id) => {
                let u = self.spread(u, Per::Line, &node.shape);
                let v = self.spread(v, Per::Column, &node.shape);
                self.push(node, Work::Op(Op::Binary(Binary::Mul)), vec![u, v])
            }
            (Work::Op(Op::MatVec { transposed }), &[matrix, vector]) if own(node.args[0]) => {
                let (of, along) = match transposed {
                    true => (Per::Column, Per::Line),
                    false => (Per::Line, Per::Column),
                };
                let shape = &flow.nodes[node.args[0]].shape;
                let vector = self.spread(vector, along, shape);
                let terms = self.inner(
                    node,
                    Op::Binary(Binary::Mul),
                    vec![matrix, vector],
                    shape.clone(),
                );
                self.push(node, Work::Fold(of), vec![terms])
            }
            (Work::Op(Op::Sum), &[of])
                if own(id) && matches!(self.out.nodes[of].shape, Shape::Matrix(..)) =>
            {
                let shape = self.out.nodes[of].shape.clone();
                let of = match self.out.nodes[of].elementwise() {
                    true => of,
                    false => self.inner(node, Op::Spread, vec![of], shape),
                };
                self.push(node, Work::Fold(Per::Matrix), vec![of])
            }
            _ => self.push(node, node.op.clone(), args),
        }
    }

    /// An outer product once more: what reads it computes it from the vectors.
    fn again(&mut self, id: Id) -> Id {
        let spread = |&arg: &Id| {
            let node = &self.out.nodes[arg];
            matches!(node.op, Work::Spread(_)) || node.number().is_some()
        };
        let node = &self.out.nodes[id];
        let outer = node.op == Work::Op(Op::Binary(Binary::Mul)) && node.args.iter().all(spread);
        if !outer {
            return id;
        }
        let copy = Node {
            source: None,
            ..node.clone()
        };
        self.out.nodes.push(copy);
        self.out.nodes.len() - 1
    }

    fn push(&mut self, like: &Node, op: Work, args: Vec<Id>) -> Id {
        self.out.nodes.push(Node {
            op,
            args,
            ..like.clone()
        });
        self.out.nodes.len() - 1
    }

    /// A node that stands for nothing in the graph.
    fn inner(&mut self, like: &Node, op: Op, args: Vec<Id>, shape: Shape) -> Id {
        self.out.nodes.push(Node {
            op: Work::Op(op),
            args,
            shape,
            origin: like.origin,
            source: None,
        });
        self.out.nodes.len() - 1
    }

    /// A vector with one number for each line or column of a matrix; what is one number for all
    /// positions stays that.
    fn spread(&mut self, vector: Id, per: Per, shape: &Shape) -> Id {
        let node = &self.out.nodes[vector];
        if node.op == Work::Op(Op::Spread) && self.out.nodes[node.args[0]].shape == Shape::Scalar {
            return node.args[0];
        }
        let known = self.spread.iter();
        let mut known = known.filter(|(v, p, s, _)| (*v, *p, s) == (vector, per, shape));
        if let Some(&(.., id)) = known.next() {
            return id;
        }
        self.out.nodes.push(Node {
            op: Work::Spread(per),
            args: vec![vector],
            shape: shape.clone(),
            origin: None,
            source: None,
        });
        let id = self.out.nodes.len() - 1;
        self.spread.push((vector, per, shape.clone(), id));
        id
    }
}
