//! Making nodes with the right shape.
//!
//! Takes: operations on nodes that exist. Gives: nodes. Two kinds of builders implement
//! [`Build`]: lowering writes every node down as it stands, the rewriter simplifies on the way.

use crate::model::{Dim, Shape};

use super::graph::{Binary, Compare, Graph, Id, Op, Unary};

/// Something that makes nodes.
pub(crate) trait Build {
    /// The graph so far.
    fn graph(&self) -> &Graph;

    /// A node with this value: a new one, or one that exists already.
    fn make(&mut self, op: Op, args: Vec<Id>, shape: Shape) -> Id;

    /// The shape of a node.
    fn shape(&self, id: Id) -> Shape {
        self.graph().nodes[id].shape.clone()
    }

    /// Whether a node is a scalar.
    fn scalar(&self, id: Id) -> bool {
        self.graph().nodes[id].shape == Shape::Scalar
    }

    /// The value of a number.
    fn constant(&self, id: Id) -> Option<f64> {
        match self.graph().nodes[id].op {
            Op::Number(n) => Some(n),
            _ => None,
        }
    }

    fn number(&mut self, n: f64) -> Id {
        self.make(Op::Number(n), Vec::new(), Shape::Scalar)
    }

    /// The number of elements of a shape, as a number.
    fn count(&mut self, shape: &Shape) -> Id {
        let mut length = |dim: &Dim| self.make(Op::Length(dim.clone()), Vec::new(), Shape::Scalar);
        match shape {
            Shape::Scalar => self.number(1.0),
            Shape::Vector(n) => length(n),
            Shape::Matrix(m, n) => {
                let (m, n) = (length(m), length(n));
                self.mul(m, n)
            }
        }
    }

    fn unary(&mut self, op: Unary, a: Id) -> Id {
        let shape = self.shape(a);
        self.make(Op::Unary(op), vec![a], shape)
    }

    fn binary(&mut self, op: Binary, a: Id, b: Id) -> Id {
        let shape = self.joint(&[a, b]);
        self.make(Op::Binary(op), vec![a, b], shape)
    }

    fn neg(&mut self, a: Id) -> Id {
        self.unary(Unary::Neg, a)
    }

    fn square(&mut self, a: Id) -> Id {
        self.unary(Unary::Square, a)
    }

    fn add(&mut self, a: Id, b: Id) -> Id {
        self.binary(Binary::Add, a, b)
    }

    fn sub(&mut self, a: Id, b: Id) -> Id {
        self.binary(Binary::Sub, a, b)
    }

    fn mul(&mut self, a: Id, b: Id) -> Id {
        self.binary(Binary::Mul, a, b)
    }

    fn div(&mut self, a: Id, b: Id) -> Id {
        self.binary(Binary::Div, a, b)
    }

    /// A number times a node.
    fn scale(&mut self, factor: f64, a: Id) -> Id {
        let factor = self.number(factor);
        self.mul(factor, a)
    }

    /// `a cmp b ? yes : no`
    fn select(&mut self, compare: Compare, [a, b, yes, no]: [Id; 4]) -> Id {
        let shape = self.joint(&[a, b, yes, no]);
        self.make(Op::Select(compare), vec![a, b, yes, no], shape)
    }

    /// A scalar as every element of a shape; a node of that shape as it is.
    fn spread(&mut self, a: Id, shape: &Shape) -> Id {
        if *shape == Shape::Scalar || !self.scalar(a) {
            return a;
        }
        self.make(Op::Spread, vec![a], shape.clone())
    }

    /// The sum of all elements; a scalar as it is.
    fn sum(&mut self, a: Id) -> Id {
        if self.scalar(a) {
            return a;
        }
        self.make(Op::Sum, vec![a], Shape::Scalar)
    }

    /// The largest element; a scalar as it is.
    fn largest(&mut self, a: Id) -> Id {
        if self.scalar(a) {
            return a;
        }
        self.make(Op::Largest, vec![a], Shape::Scalar)
    }

    /// Sums of the elements up to each, or from each on where reversed; a scalar as it is.
    fn cumsum(&mut self, reversed: bool, a: Id) -> Id {
        if self.scalar(a) {
            return a;
        }
        let shape = self.shape(a);
        self.make(Op::CumSum { reversed }, vec![a], shape)
    }

    fn stop_gradient(&mut self, a: Id) -> Id {
        let shape = self.shape(a);
        self.make(Op::StopGradient, vec![a], shape)
    }

    /// `u · v`
    fn dot(&mut self, u: Id, v: Id) -> Id {
        let product = self.mul(u, v);
        self.sum(product)
    }

    /// `M v`, or `Mᵀ v`.
    fn mat_vec(&mut self, transposed: bool, matrix: Id, vector: Id) -> Id {
        let (rows, columns) = self.dims(matrix);
        let out = if transposed { columns } else { rows };
        self.make(
            Op::MatVec { transposed },
            vec![matrix, vector],
            Shape::Vector(out),
        )
    }

    fn mat_mat(&mut self, a: Id, b: Id) -> Id {
        let (rows, columns) = (self.dims(a).0, self.dims(b).1);
        self.make(Op::MatMat, vec![a, b], Shape::Matrix(rows, columns))
    }

    fn transpose(&mut self, a: Id) -> Id {
        let (rows, columns) = self.dims(a);
        self.make(Op::Transpose, vec![a], Shape::Matrix(columns, rows))
    }

    /// `u vᵀ`
    fn outer(&mut self, u: Id, v: Id) -> Id {
        let shape = Shape::Matrix(self.length(u), self.length(v));
        self.make(Op::Outer, vec![u, v], shape)
    }

    /// A vector with an element for each line, as a matrix of the same size as another.
    fn lines(&mut self, like: Id, v: Id) -> Id {
        let ones = self.number(1.0);
        let ones = self.spread(ones, &Shape::Vector(self.dims(like).1));
        self.outer(v, ones)
    }

    /// The same with an element for each column.
    fn columns(&mut self, like: Id, v: Id) -> Id {
        let ones = self.number(1.0);
        let ones = self.spread(ones, &Shape::Vector(self.dims(like).0));
        self.outer(ones, v)
    }

    /// As much as `shape` says, from an offset on.
    fn slice(&mut self, a: Id, axis: usize, from: Dim, shape: Shape) -> Id {
        self.make(Op::Slice { axis, from }, vec![a], shape)
    }

    /// Zeros around a node.
    fn pad(&mut self, a: Id, axis: usize, from: Dim, shape: Shape) -> Id {
        self.make(Op::Pad { axis, from }, vec![a], shape)
    }

    /// Rows and columns; a vector is a column.
    fn dims(&self, id: Id) -> (Dim, Dim) {
        match &self.graph().nodes[id].shape {
            Shape::Matrix(rows, columns) => (rows.clone(), columns.clone()),
            Shape::Vector(rows) => (rows.clone(), Dim::number(1)),
            Shape::Scalar => (Dim::number(1), Dim::number(1)),
        }
    }

    /// The number of elements of a vector, 1 for a scalar.
    fn length(&self, id: Id) -> Dim {
        self.dims(id).0
    }

    /// The shape of an element-wise operation: that of the operands that are not scalars.
    fn joint(&self, args: &[Id]) -> Shape {
        let whole = args.iter().find(|&&a| !self.scalar(a));
        whole.map_or(Shape::Scalar, |&a| self.shape(a))
    }
}

/// The sum of two lengths. Unlike [`Dim::plus`] also of lengths with different divisors.
pub(super) fn total(a: &Dim, b: &Dim) -> Dim {
    let (p, q) = (a.divisor.max(1), b.divisor.max(1));
    let common = p / gcd(p, q) * q;
    let (a, b) = (scaled(a, common / p, common), scaled(b, common / q, common));
    a.plus(&b).unwrap_or(a)
}

/// The same length over another divisor.
fn scaled(dim: &Dim, factor: usize, divisor: usize) -> Dim {
    let terms = dim
        .terms
        .iter()
        .map(|&(size, n)| (size, n * factor))
        .collect();
    Dim {
        terms,
        constant: dim.constant * factor,
        divisor,
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Whether a length is zero for all sizes.
pub(super) fn zero(dim: &Dim) -> bool {
    dim.terms.is_empty() && dim.constant == 0
}

/// The offset of each part of a concatenation.
pub(crate) fn offsets(lengths: &[Dim]) -> Vec<Dim> {
    let mut from = Dim::number(0);
    let mut out = Vec::with_capacity(lengths.len());
    for length in lengths {
        out.push(from.clone());
        from = total(&from, length);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_with_different_divisors_add_up() {
        let quarter = Dim {
            terms: vec![(0, 1)],
            constant: 0,
            divisor: 4,
        };
        let sixth = Dim {
            terms: vec![(1, 1)],
            constant: 6,
            divisor: 6,
        };
        let sum = Dim {
            terms: vec![(0, 3), (1, 2)],
            constant: 12,
            divisor: 12,
        };
        assert_eq!(total(&quarter, &sixth), sum);
        assert_eq!(total(&Dim::size(0), &Dim::number(2)).constant, 2);
    }
}
