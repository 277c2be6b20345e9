//! The graph of one direction, cut out of the adjoint graph.
//!
//! Takes: an [`Adjoint`] and what one direction has to compute. Gives: a [`Flow`], whose leaves
//! are parameters, inputs, values of earlier steps and values that the other direction left.

use crate::grad::Adjoint;
use crate::ir::{Binary, Id, Op};
use crate::model::Shape;

use super::schedule::Per;

/// A node of a flow.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) op: Work,
    pub(crate) args: Vec<Id>,
    pub(crate) shape: Shape,
    pub(crate) origin: Option<usize>,
    /// Its index in the adjoint graph.
    pub(crate) source: Option<Id>,
}

/// Operations of the planner.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Work {
    Op(Op),
    /// A value that the forward pass left (index in the adjoint graph).
    Kept,
    /// `Σ Mᵢ vᵢ` with shared matrices: arguments in pairs, a flag per pair for `Mᵀ`.
    Product(Vec<bool>),
    /// A vector with one number for each line or column of a matrix, in an element-wise function.
    Spread(Per),
    /// Sums of the results of an element-wise function of matrices.
    Fold(Per),
}

/// A value that other steps read.
#[derive(Clone, Debug)]
pub(crate) struct Carried {
    pub(crate) value: Id,
    /// `(leaf, steps)`.
    pub(crate) leaves: Vec<(Id, usize)>,
}

/// One direction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flow {
    pub(crate) nodes: Vec<Node>,
    pub(crate) carried: Vec<Carried>,
    /// Node of each wanted value, in the order asked for.
    pub(crate) roots: Vec<Id>,
}

impl Node {
    /// Whether it is computed position by position.
    pub(crate) fn elementwise(&self) -> bool {
        matches!(
            &self.op,
            Work::Op(Op::Unary(_) | Op::Binary(_) | Op::Select(_) | Op::Spread | Op::StopGradient)
                | Work::Spread(_)
        )
    }

    /// Whether no instruction computes it: it is in memory before, or a number.
    pub(crate) fn leaf(&self) -> bool {
        match &self.op {
            Work::Kept => true,
            Work::Product(_) | Work::Spread(_) | Work::Fold(_) => false,
            Work::Op(op) => matches!(
                op,
                Op::Input(_)
                    | Op::Param(_)
                    | Op::Hyper(_)
                    | Op::Prev { .. }
                    | Op::Number(_)
                    | Op::Seed(_)
                    | Op::Future { .. }
                    | Op::Total(_)
            ),
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self.op {
            Work::Op(Op::Number(n)) => Some(n),
            _ => None,
        }
    }
}

/// Cuts out what `roots` need; `kept` nodes become leaves.
pub(crate) fn extract(adjoint: &Adjoint, roots: &[Id], kept: &[bool]) -> Flow {
    let graph = &adjoint.graph;
    let mut needed = vec![false; graph.nodes.len()];
    for &root in roots {
        needed[root] = true;
    }
    for id in (0..graph.nodes.len()).rev() {
        if needed[id] && !kept[id] {
            for &arg in &graph.nodes[id].args {
                needed[arg] = true;
            }
        }
    }
    let mut flow = Flow::default();
    let mut map = vec![usize::MAX; graph.nodes.len()];
    for (id, node) in graph.nodes.iter().enumerate().filter(|(id, _)| needed[*id]) {
        let leaf = kept[id]
            && !matches!(
                node.op,
                Op::Input(_) | Op::Prev { .. } | Op::Param(_) | Op::Hyper(_) | Op::Number(_)
            );
        let mut args: Vec<Id> = if leaf {
            Vec::new()
        } else {
            node.args.iter().map(|&a| map[a]).collect()
        };
        let op = if leaf {
            Work::Kept
        } else {
            Work::Op(node.op.clone())
        };
        let mut node = Node {
            op,
            args: Vec::new(),
            shape: node.shape.clone(),
            origin: node.origin,
            source: Some(id),
        };
        if !node.elementwise() {
            for arg in &mut args {
                *arg = flow.placed(*arg);
            }
        }
        node.args = args;
        map[id] = flow.nodes.len();
        flow.nodes.push(node);
    }
    flow.roots = roots.iter().map(|&root| flow.placed(map[root])).collect();
    flow
}

impl Flow {
    /// For every node, the nodes that read it.
    pub(crate) fn users(&self) -> Vec<Vec<Id>> {
        let mut users = vec![Vec::new(); self.nodes.len()];
        for (id, node) in self.nodes.iter().enumerate() {
            for &arg in &node.args {
                if users[arg].last() != Some(&id) {
                    users[arg].push(id);
                }
            }
        }
        users
    }

    /// Notes that later steps read a value: at the leaves of which `reads` tells the distance.
    pub(crate) fn carry(&mut self, value: Id, reads: impl Fn(&Op) -> Option<usize>) {
        let nodes = self.nodes.iter().enumerate();
        let leaves = nodes.filter_map(|(id, node)| match &node.op {
            Work::Op(op) => Some((id, reads(op)?)),
            _ => None,
        });
        let leaves = leaves.collect();
        self.carried.push(Carried { value, leaves });
    }

    /// Takes over the roots and carried values of a flow whose nodes became the ones of `map`.
    pub(crate) fn follow(&mut self, roots: &[Id], carried: &[Carried], map: &[Id]) {
        self.roots = roots.iter().map(|&root| map[root]).collect();
        self.carried = carried.to_vec();
        for carried in &mut self.carried {
            carried.value = map[carried.value];
            for leaf in &mut carried.leaves {
                leaf.0 = map[leaf.0];
            }
        }
    }

    /// The node itself, or for a number a copy that can have a place in memory.
    fn placed(&mut self, id: Id) -> Id {
        match self.nodes[id].number() {
            Some(_) => self.copy_of(id),
            None => id,
        }
    }

    /// A new node that copies another: for values that must have a place of their own.
    pub(crate) fn copy_of(&mut self, id: Id) -> Id {
        let shape = self.nodes[id].shape.clone();
        self.nodes.push(Node {
            op: Work::Op(Op::Spread),
            args: vec![id],
            shape,
            origin: self.nodes[id].origin,
            source: None,
        });
        self.nodes.len() - 1
    }

    /// Whether each node depends on nothing but shared values. What the forward pass leaves
    /// differs between rows: shared values are computed again.
    pub(crate) fn shared(&self) -> Vec<bool> {
        let mut shared: Vec<bool> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let differs = match &node.op {
                Work::Kept => true,
                Work::Op(op) => op.differs(),
                Work::Product(_) | Work::Spread(_) | Work::Fold(_) => false,
            };
            shared.push(!differs && node.args.iter().all(|&a| shared[a]));
        }
        shared
    }

    /// The summands of a sum whose inner sums nobody else reads.
    pub(crate) fn summands(&self, id: Id, users: &[Vec<Id>], fixed: &[bool]) -> Vec<Id> {
        let mut out = Vec::new();
        let mut stack = vec![id];
        while let Some(next) = stack.pop() {
            let inner = next == id || (users[next].len() == 1 && !fixed[next]);
            match (&self.nodes[next].op, inner) {
                (Work::Op(Op::Binary(Binary::Add)), true)
                    if self.nodes[next].args[0] != self.nodes[next].args[1] =>
                {
                    stack.extend(self.nodes[next].args.iter().rev());
                }
                _ => out.push(next),
            }
        }
        out
    }
}
