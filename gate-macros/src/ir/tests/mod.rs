//! Lowering and simplification against direct formulas and expected graphs.

mod functions;
mod shapes;
mod simplify;

use proc_macro2::TokenStream;

use crate::diag::Diagnostics;
use crate::model::{self, Cell, Dim, Shape};
use crate::{read, syntax};

use super::eval::{Noise, elements, eval};
use super::{Build, Graph, Id, Node, Op, Unary};

/// The cell that a definition in Rust tokens means.
pub(crate) fn cell(source: &str) -> Cell {
    let mut diagnostics = Diagnostics::default();
    let tokens: TokenStream = source.parse().expect("Rust tokens");
    let (header, body) = syntax::parse_header(tokens, &mut diagnostics).expect("a struct line");
    let tokens = read::read_tokens(body, &mut diagnostics);
    let definition = syntax::parse_cell(header, &tokens, &mut diagnostics);
    let cell = model::resolve(definition, &mut diagnostics);
    let messages: Vec<String> = diagnostics
        .render()
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    assert!(messages.is_empty(), "{}", messages.join("\n"));
    cell.expect("a cell")
}

/// Writes nodes down as they are asked for.
pub(crate) struct Plain(pub(crate) Graph);

impl Build for Plain {
    fn graph(&self) -> &Graph {
        &self.0
    }

    fn make(&mut self, op: Op, args: Vec<Id>, shape: Shape) -> Id {
        self.0.push(op, args, shape, None)
    }
}

/// A vector or matrix of the sizes with these indices.
pub(crate) fn shape(sizes: &[usize]) -> Shape {
    match *sizes {
        [] => Shape::Scalar,
        [n] => Shape::Vector(Dim::size(n)),
        [m, n, ..] => Shape::Matrix(Dim::size(m), Dim::size(n)),
    }
}

/// A graph of everything that rules of simplification look for and lowering rarely makes:
/// input `x` and parameters.
pub(crate) fn odd_graph() -> Graph {
    let mut b = Plain(Graph::default());
    let x = b.make(Op::Input(0), Vec::new(), shape(&[0]));
    let old = b.make(Op::Prev { state: 0, delay: 1 }, Vec::new(), shape(&[0]));
    let again = b.make(Op::Prev { state: 0, delay: 1 }, Vec::new(), shape(&[0]));
    let [w, other] = [2, 2].map(|symbol| b.make(Op::Param(symbol), Vec::new(), shape(&[0, 1])));
    let v = b.make(Op::Param(3), Vec::new(), shape(&[1, 0]));
    let second = b.make(Op::Input(0), Vec::new(), shape(&[0]));
    let short = b.mat_vec(true, w, x);
    let outer = b.outer(old, short);
    let turned = b.transpose(outer);
    let (left, right) = (b.mat_mat(outer, v), b.mat_mat(v, outer));
    let back = b.transpose(w);
    let chain = b.mat_mat(back, other);
    let terms = [
        b.mat_vec(false, left, x),
        b.mat_vec(true, turned, short),
        b.mat_vec(false, turned, second),
        b.mat_vec(false, right, short),
        b.mat_vec(false, back, again),
        b.mat_vec(true, back, short),
        b.mat_vec(false, chain, short),
    ];
    let (sum, half) = (b.sum(short), b.sum(terms[0]));
    let wide = b.spread(sum, &shape(&[0]));
    let sine = b.unary(Unary::Sin, wide);
    let (all, most) = (b.sum(sine), b.largest(wide));
    let half = b.unary(Unary::Softplus, half);
    let one = b.number(1.0);
    let below = b.add(half, one);
    let ratio = b.div(terms[2], below);
    let ratio = b.sum(ratio);
    let joined = b.make(Op::Concat, vec![terms[0], x, wide], Shape::Vector(three(0)));
    let middle = b.slice(joined, 0, Dim::size(0), shape(&[0]));
    let padded = b.pad(middle, 0, Dim::size(0), Shape::Vector(three(0)));
    let out = b.slice(padded, 0, Dim::size(0), shape(&[0]));
    let overlap = b.slice(padded, 0, Dim::number(1), shape(&[0]));
    let (mut near, mut far) = (b.add(out, overlap), b.number(0.5));
    for term in [terms[0], terms[1], terms[5], sine] {
        near = b.add(near, term);
    }
    for term in [terms[2], terms[3], terms[4], terms[6]] {
        let part = b.sum(term);
        far = b.add(far, part);
    }
    // Not `most`: where several are the largest, each has the gradient.
    for scalar in [all, ratio] {
        far = b.add(far, scalar);
    }
    let product = b.mul(near, far);
    let scaled = b.scale(0.02, product);
    let value = b.unary(Unary::Tanh, scaled);
    b.0.states.push(super::State {
        symbol: 1,
        value,
        depth: 1,
    });
    b.0.outputs.push((1, value));
    b.0.named.extend(terms.iter().map(|&id| (1, id)));
    b.0.named.extend([
        (1, all),
        (1, most),
        (1, ratio),
        (1, out),
        (1, overlap),
        (1, chain),
    ]);
    b.0
}

fn three(size: usize) -> Dim {
    Dim {
        terms: vec![(size, 3)],
        constant: 0,
        divisor: 1,
    }
}

/// Sizes for tests, all different and small.
pub(crate) const SIZES: [usize; 14] = [3, 4, 2, 5, 6, 7, 3, 2, 4, 3, 5, 2, 4, 3];

/// A number that depends on nothing but the leaf and the seed, so that a graph and its
/// simplification see the same.
fn leaf_value(node: &Node, seed: u64) -> Vec<f64> {
    let name = format!("{:?}", node.op);
    let start = name.bytes().fold(seed, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let mut noise = Noise(start);
    noise.next();
    noise.vector(elements(&node.shape, &SIZES))
}

/// Values of all nodes for random leaves.
fn values(graph: &Graph, seed: u64) -> Vec<Vec<f64>> {
    eval(graph, &SIZES, &|_, node: &Node| leaf_value(node, seed))
}

/// The values of the outputs and of what is named.
fn results(graph: &Graph, seed: u64) -> Vec<Vec<f64>> {
    let values = values(graph, seed);
    graph
        .outputs
        .iter()
        .chain(&graph.named)
        .map(|&(_, id)| values[id].clone())
        .collect()
}

fn close(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(a, b)| (a - b).abs() <= 1e-12 * (1.0 + a.abs()))
}

/// How often an operation occurs.
fn count(graph: &Graph, op: impl Fn(&Op) -> bool) -> usize {
    graph.nodes.iter().filter(|n| op(&n.op)).count()
}

/// The node of the first output.
fn output(graph: &Graph) -> Id {
    graph.outputs[0].1
}
