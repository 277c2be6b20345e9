//! A slow evaluator of graphs in `f64`, for tests.

use crate::model::{Dim, Shape};

use super::fold;
use super::graph::{Graph, Id, Node, Op, Unary};

/// Length of a dimension for given sizes.
pub(crate) fn length(dim: &Dim, sizes: &[usize]) -> usize {
    let sum: usize = dim
        .terms
        .iter()
        .map(|&(size, factor)| factor * sizes[size])
        .sum();
    (sum + dim.constant) / dim.divisor.max(1)
}

/// Rows and columns; a vector is one column.
pub(crate) fn extent(shape: &Shape, sizes: &[usize]) -> (usize, usize) {
    match shape {
        Shape::Scalar => (1, 1),
        Shape::Vector(n) => (length(n, sizes), 1),
        Shape::Matrix(m, n) => (length(m, sizes), length(n, sizes)),
    }
}

/// The number of elements of a shape.
pub(crate) fn elements(shape: &Shape, sizes: &[usize]) -> usize {
    let (m, n) = extent(shape, sizes);
    m * n
}

/// The values of all nodes; `leaf` gives those of leaves that have no value of their own (masks
/// among them), for a node and its index.
pub(crate) fn eval(
    graph: &Graph,
    sizes: &[usize],
    leaf: &dyn Fn(Id, &Node) -> Vec<f64>,
) -> Vec<Vec<f64>> {
    let mut values: Vec<Vec<f64>> = Vec::with_capacity(graph.nodes.len());
    for (id, node) in graph.nodes.iter().enumerate() {
        let value = match &node.op {
            Op::Input(_) | Op::Param(_) | Op::Hyper(_) | Op::Prev { .. } | Op::Mask { .. } => {
                leaf(id, node)
            }
            Op::Seed(_) | Op::Future { .. } | Op::Total(_) => leaf(id, node),
            _ => operation(graph, node, sizes, &values),
        };
        let wanted = elements(&node.shape, sizes);
        assert_eq!(
            value.len(),
            wanted,
            "node {id} = {:?} has a wrong shape",
            node.op
        );
        values.push(value);
    }
    values
}

fn operation(graph: &Graph, node: &Node, sizes: &[usize], values: &[Vec<f64>]) -> Vec<f64> {
    let args: Vec<&[f64]> = node.args.iter().map(|&a| values[a].as_slice()).collect();
    let sides = |i: usize| extent(&graph.nodes[node.args[i]].shape, sizes);
    let (rows, columns) = extent(&node.shape, sizes);
    match &node.op {
        Op::Number(n) => vec![*n],
        Op::Length(of) => vec![length(of, sizes) as f64],
        Op::Identity => grid(rows, columns, |i, j| f64::from(u8::from(i == j))),
        Op::Spread => vec![args[0][0]; rows * columns],
        Op::MatVec { transposed } => mat_vec(*transposed, sides(0), args[0], args[1]),
        Op::MatMat => {
            let inner = sides(0).1;
            assert_eq!(inner, sides(1).0, "a product of unfit sizes");
            grid(rows, columns, |i, j| {
                (0..inner)
                    .map(|k| args[0][i * inner + k] * args[1][k * columns + j])
                    .sum()
            })
        }
        Op::Transpose => grid(rows, columns, |i, j| args[0][j * rows + i]),
        Op::Outer => grid(rows, columns, |i, j| args[0][i] * args[1][j]),
        Op::Sum => vec![args[0].iter().sum()],
        Op::Largest => vec![args[0].iter().copied().fold(f64::NEG_INFINITY, f64::max)],
        Op::CumSum { reversed } => running(*reversed, args[0]),
        Op::Concat => args.concat(),
        Op::Slice { axis, from } => {
            let (from, width) = (length(from, sizes), sides(0).1);
            let (down, right) = if *axis == 0 { (from, 0) } else { (0, from) };
            grid(rows, columns, |i, j| {
                args[0][(i + down) * width + j + right]
            })
        }
        Op::Pad { axis, from } => {
            let (from, (m, n)) = (length(from, sizes), sides(0));
            let (down, right) = if *axis == 0 { (from, 0) } else { (0, from) };
            let inside = |i: usize, j: usize| {
                (down..down + m).contains(&i) && (right..right + n).contains(&j)
            };
            grid(rows, columns, |i, j| {
                if inside(i, j) {
                    args[0][(i - down) * n + j - right]
                } else {
                    0.0
                }
            })
        }
        op => grid(rows, columns, |i, j| {
            let at = |a: &&[f64]| {
                if a.len() == 1 {
                    a[0]
                } else {
                    a[i * columns + j]
                }
            };
            elementwise(op, &args.iter().map(at).collect::<Vec<f64>>())
        }),
    }
}

/// Sums of the elements up to each, or from each on.
fn running(reversed: bool, v: &[f64]) -> Vec<f64> {
    let part = |i: usize| if reversed { &v[i..] } else { &v[..=i] };
    (0..v.len()).map(|i| part(i).iter().sum()).collect()
}

fn mat_vec(transposed: bool, (m, n): (usize, usize), matrix: &[f64], v: &[f64]) -> Vec<f64> {
    assert_eq!(
        v.len(),
        if transposed { m } else { n },
        "a product of unfit sizes"
    );
    let at = |i: usize, j: usize| matrix[i * n + j] * v[if transposed { i } else { j }];
    match transposed {
        true => (0..n).map(|j| (0..m).map(|i| at(i, j)).sum()).collect(),
        false => (0..m).map(|i| (0..n).map(|j| at(i, j)).sum()).collect(),
    }
}

fn elementwise(op: &Op, args: &[f64]) -> f64 {
    match op {
        Op::Unary(Unary::SiluSlope) => {
            let [rising, falling] = [-args[0], args[0]].map(|x| 1.0 / (1.0 + x.exp()));
            rising * (1.0 + args[0] * falling)
        }
        Op::Unary(Unary::Gelu) => args[0] * normal(args[0]),
        Op::Unary(Unary::GeluSlope) => {
            let bell = (-0.5 * args[0] * args[0]).exp() / (2.0 * std::f64::consts::PI).sqrt();
            normal(args[0]) + args[0] * bell
        }
        op => fold::fold(op, args).expect("an element-wise operation"),
    }
}

fn grid(rows: usize, columns: usize, at: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    (0..rows)
        .flat_map(|i| (0..columns).map(move |j| (i, j)))
        .map(|(i, j)| at(i, j))
        .collect()
}

/// The distribution function of the normal distribution.
fn normal(x: f64) -> f64 {
    0.5 * (1.0 + erf(x * std::f64::consts::FRAC_1_SQRT_2))
}

/// The error function by its Taylor series, exact to rounding for the arguments of tests.
pub(crate) fn erf(x: f64) -> f64 {
    let mut term = x;
    let mut sum = x;
    for n in 1..100 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    sum * std::f64::consts::FRAC_2_SQRT_PI
}

/// A small generator of numbers that only have to look random (Knuth's constants).
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    /// Uniform in `-1..1`.
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    pub(crate) fn vector(&mut self, length: usize) -> Vec<f64> {
        (0..length).map(|_| self.next()).collect()
    }
}
