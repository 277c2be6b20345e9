//! Simplification: constants folded, neutral operations and common subexpressions removed.
//!
//! Takes: a graph. Gives: one with the same values and as a rule fewer nodes, in topological
//! order, without nodes that nobody needs. The rules stand in `rewrite`.

use std::collections::BTreeMap;

use crate::model::Shape;

use super::build::Build;
use super::graph::{Binary, Graph, Id, Node, Op};
use super::rewrite;

/// More rounds than any graph needs: each rule leaves less to do for the next.
const ROUNDS: usize = 64;

/// The simplified graph.
pub(crate) fn simplify(graph: Graph) -> Graph {
    let mut roots: Vec<Id> = graph
        .outputs
        .iter()
        .chain(&graph.named)
        .map(|&(_, id)| id)
        .collect();
    roots.extend(graph.states.iter().map(|s| s.value));
    let (mut out, map) = tidy(&graph, 0, &roots);
    let pairs = |list: &[(usize, Id)]| list.iter().map(|&(symbol, id)| (symbol, map[id])).collect();
    out.outputs = pairs(&graph.outputs);
    out.named = pairs(&graph.named);
    out.states = graph.states;
    for state in &mut out.states {
        state.value = map[state.value];
    }
    out
}

/// Simplifies the nodes from `fixed` on until nothing changes, and drops those that no root
/// needs; the nodes before stay as they are. Also gives the new index of every root (the other
/// entries mean nothing).
pub(crate) fn tidy(graph: &Graph, fixed: usize, roots: &[Id]) -> (Graph, Vec<Id>) {
    let mut map: Vec<Id> = (0..graph.nodes.len()).collect();
    let mut now = Graph {
        nodes: graph.nodes.clone(),
        ..Graph::default()
    };
    for _ in 0..ROUNDS {
        let current: Vec<Id> = roots.iter().map(|&r| map[r]).collect();
        let (next, step) = round(&now, fixed, &current);
        for (&root, &at) in roots.iter().zip(&current) {
            map[root] = step[at];
        }
        let same = next.nodes.len() == now.nodes.len()
            && next.nodes.iter().zip(&now.nodes).all(|(a, b)| alike(a, b));
        now = next;
        if same {
            break;
        }
    }
    (now, map)
}

/// One pass over the nodes that are needed.
fn round(graph: &Graph, fixed: usize, roots: &[Id]) -> (Graph, Vec<Id>) {
    let needed = needed(graph, roots);
    let mut rewriter = Rewriter::over(&graph.nodes[..fixed]);
    let mut map: Vec<Id> = (0..graph.nodes.len()).collect();
    for id in fixed..graph.nodes.len() {
        if needed[id] {
            let node = &graph.nodes[id];
            let args = node.args.iter().map(|&a| map[a]).collect();
            rewriter.origin = node.origin;
            map[id] = rewriter.make(node.op.clone(), args, node.shape.clone());
        }
    }
    (rewriter.graph, map)
}

/// The nodes that some root depends on.
fn needed(graph: &Graph, roots: &[Id]) -> Vec<bool> {
    let mut needed = vec![false; graph.nodes.len()];
    for &root in roots {
        needed[root] = true;
    }
    for id in (0..graph.nodes.len()).rev() {
        if needed[id] {
            for &arg in &graph.nodes[id].args {
                needed[arg] = true;
            }
        }
    }
    needed
}

/// Builds a graph whose nodes are simplified as they are made, and no two of which are equal.
pub(crate) struct Rewriter {
    graph: Graph,
    /// Nodes by their arguments.
    known: BTreeMap<Vec<Id>, Vec<Id>>,
    /// The equation that nodes to come stem from.
    pub(crate) origin: Option<usize>,
}

impl Build for Rewriter {
    fn graph(&self) -> &Graph {
        &self.graph
    }

    fn make(&mut self, op: Op, args: Vec<Id>, shape: Shape) -> Id {
        match rewrite::simpler(self, &op, &args, &shape) {
            Some(id) => id,
            None => self.intern(op, args, shape),
        }
    }
}

impl Rewriter {
    /// A builder whose graph begins with these nodes as they are.
    pub(crate) fn over(nodes: &[Node]) -> Rewriter {
        let graph = Graph {
            nodes: nodes.to_vec(),
            ..Graph::default()
        };
        let mut rewriter = Rewriter {
            graph,
            known: BTreeMap::new(),
            origin: None,
        };
        for (id, node) in nodes.iter().enumerate() {
            rewriter
                .known
                .entry(node.args.clone())
                .or_default()
                .push(id);
        }
        rewriter
    }

    /// The graph.
    pub(crate) fn finish(self) -> Graph {
        self.graph
    }

    /// The sum of several nodes of one shape.
    pub(crate) fn total(&mut self, terms: &[Id]) -> Option<Id> {
        let several = terms.len() > 1;
        if let Some(id) = several
            .then(|| rewrite::side_by_side(self, terms))
            .flatten()
        {
            return Some(id);
        }
        terms
            .iter()
            .copied()
            .reduce(|sum, term| self.add(sum, term))
    }

    /// The node itself if it exists, else a new one.
    fn intern(&mut self, op: Op, args: Vec<Id>, shape: Shape) -> Id {
        let commutes = matches!(op, Op::Binary(Binary::Add | Binary::Mul));
        let swapped: Vec<Id> = args.iter().rev().copied().collect();
        let node = Node {
            op,
            args,
            shape,
            origin: self.origin,
        };
        if let Some(id) = self.find(&node.args, &node) {
            return id;
        }
        if let Some(id) = self.find(&swapped, &node).filter(|_| commutes) {
            return id;
        }
        self.graph.nodes.push(node);
        let id = self.graph.nodes.len() - 1;
        self.known
            .entry(self.graph.nodes[id].args.clone())
            .or_default()
            .push(id);
        id
    }

    fn find(&self, args: &[Id], node: &Node) -> Option<Id> {
        let same = |&&id: &&Id| {
            let other = &self.graph.nodes[id];
            same_op(&other.op, &node.op) && other.shape == node.shape
        };
        self.known.get(args)?.iter().find(same).copied()
    }
}

fn alike(a: &Node, b: &Node) -> bool {
    same_op(&a.op, &b.op) && a.args == b.args && a.shape == b.shape
}

/// Equality under which NaN equals itself and the zeros differ.
fn same_op(a: &Op, b: &Op) -> bool {
    match (a, b) {
        (Op::Number(a), Op::Number(b)) => a.to_bits() == b.to_bits(),
        _ => a == b,
    }
}
