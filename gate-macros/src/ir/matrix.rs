//! Products with matrices, in the order that costs least.
//!
//! Takes: products as written. Gives: products of a matrix and a vector wherever one can do. A
//! chain `W_1 W_2ᵀ x` is applied from the right: a low rank is never multiplied out. A product
//! over concatenated vectors becomes a sum of products, so that each can be computed where its
//! vector is known. A matrix that differs between rows is never formed where it is a sum of
//! simpler ones: `(I - β k kᵀ) v` is `v - β k (kᵀ v)`.

use crate::functions::Function;
use crate::model::{Expr, ExprKind, Shape};

use super::build::{Build, offsets};
use super::graph::{Id, Op};
use super::lower::Lowering;

/// On which side of a matrix another one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Lowering<'_> {
    /// `M v`, or `Mᵀ v`.
    pub(super) fn product(&mut self, matrix: &Expr, vector: &Expr, transposed: bool) -> Id {
        let vector = self.expr(vector);
        self.apply(matrix, vector, transposed)
    }

    fn apply(&mut self, matrix: &Expr, vector: Id, transposed: bool) -> Id {
        match &matrix.kind {
            ExprKind::Identity => vector,
            ExprKind::Transpose(inner) => self.apply(inner, vector, !transposed),
            ExprKind::MatMat(a, b) => {
                let (first, second) = if transposed { (a, b) } else { (b, a) };
                let between = self.apply(first, vector, transposed);
                self.apply(second, between, transposed)
            }
            ExprKind::Call(Function::Outer, args) => {
                let [u, v] = [0, 1].map(|i| self.expr(&args[i]));
                let (out, inner) = if transposed { (v, u) } else { (u, v) };
                let factor = self.dot(inner, vector);
                self.mul(out, factor)
            }
            ExprKind::Call(Function::Diag, args) => {
                let v = self.expr(&args[0]);
                self.mul(v, vector)
            }
            _ if self.differs(matrix) => self.apply_terms(matrix, vector, transposed),
            _ => self.apply_whole(matrix, vector, transposed),
        }
    }

    fn apply_whole(&mut self, matrix: &Expr, vector: Id, transposed: bool) -> Id {
        let matrix = self.expr(matrix);
        self.apply_node(matrix, vector, transposed)
    }

    /// Applies a matrix that differs between rows term by term.
    fn apply_terms(&mut self, matrix: &Expr, vector: Id, transposed: bool) -> Id {
        let scalar = |e: &Expr| e.shape == Shape::Scalar;
        match &matrix.kind {
            ExprKind::Negate(a) => {
                let a = self.apply(a, vector, transposed);
                self.neg(a)
            }
            ExprKind::Add(a, b) if !scalar(a) && !scalar(b) => {
                let (a, b) = (
                    self.apply(a, vector, transposed),
                    self.apply(b, vector, transposed),
                );
                self.add(a, b)
            }
            ExprKind::Subtract(a, b) if !scalar(a) && !scalar(b) => {
                let (a, b) = (
                    self.apply(a, vector, transposed),
                    self.apply(b, vector, transposed),
                );
                self.sub(a, b)
            }
            ExprKind::Multiply(s, m) if scalar(s) => {
                let (s, m) = (self.expr(s), self.apply(m, vector, transposed));
                self.mul(s, m)
            }
            ExprKind::Multiply(m, s) if scalar(s) => {
                let (m, s) = (self.apply(m, vector, transposed), self.expr(s));
                self.mul(m, s)
            }
            ExprKind::Divide(m, s) if scalar(s) => {
                let (m, s) = (self.apply(m, vector, transposed), self.expr(s));
                self.div(m, s)
            }
            _ => self.apply_whole(matrix, vector, transposed),
        }
    }

    /// Applies a matrix that is a node already.
    fn apply_node(&mut self, matrix: Id, vector: Id, transposed: bool) -> Id {
        let node = &self.graph().nodes[matrix];
        let (op, args) = (node.op.clone(), node.args.clone());
        match op {
            Op::Transpose => self.apply_node(args[0], vector, !transposed),
            Op::MatMat if !self.node_differs(matrix) => {
                let (first, second) = if transposed {
                    (args[0], args[1])
                } else {
                    (args[1], args[0])
                };
                let between = self.apply_node(first, vector, transposed);
                self.apply_node(second, between, transposed)
            }
            _ if self.graph().nodes[vector].op == Op::Concat && !self.node_differs(matrix) => {
                self.apply_parts(matrix, vector, transposed)
            }
            _ => self.mat_vec(transposed, matrix, vector),
        }
    }

    /// `W [h, x]` as a sum over the parts.
    fn apply_parts(&mut self, matrix: Id, vector: Id, transposed: bool) -> Id {
        let parts = self.graph().nodes[vector].args.clone();
        let lengths: Vec<_> = parts.iter().map(|&p| self.length(p)).collect();
        let (rows, columns) = self.dims(matrix);
        let mut sum = None;
        for ((&part, length), from) in parts.iter().zip(&lengths).zip(offsets(&lengths)) {
            let (axis, shape) = match transposed {
                true => (0, Shape::Matrix(length.clone(), columns.clone())),
                false => (1, Shape::Matrix(rows.clone(), length.clone())),
            };
            let block = self.slice(matrix, axis, from, shape);
            let part = self.spread(part, &Shape::Vector(length.clone()));
            let term = self.apply_node(block, part, transposed);
            sum = Some(match sum {
                Some(sum) => self.add(sum, term),
                None => term,
            });
        }
        sum.unwrap_or_else(|| self.mat_vec(transposed, matrix, vector))
    }

    /// `A B`.
    pub(super) fn matrix_product(&mut self, a: &Expr, b: &Expr) -> Id {
        if structured(b) {
            let a = self.expr(a);
            return self.multiply_terms(a, b, Side::Left, false);
        }
        if structured(a) {
            let b = self.expr(b);
            return self.multiply_terms(b, a, Side::Right, false);
        }
        // `(I - k kᵀ) diag(a) S` from the right.
        if let ExprKind::MatMat(first, second) = &a.kind
            && structured(first)
            && structured(second)
        {
            let b = self.expr(b);
            let between = self.multiply_terms(b, second, Side::Right, false);
            return self.multiply_terms(between, first, Side::Right, false);
        }
        let (a, b) = (self.expr(a), self.expr(b));
        self.mat_mat(a, b)
    }

    /// The product of a node, which stands on `side`, and a [`structured`] matrix, term by term.
    fn multiply_terms(&mut self, node: Id, matrix: &Expr, side: Side, transposed: bool) -> Id {
        let scalar = |e: &Expr| e.shape == Shape::Scalar;
        match &matrix.kind {
            ExprKind::Transpose(a) => self.multiply_terms(node, a, side, !transposed),
            ExprKind::Negate(a) => {
                let a = self.multiply_terms(node, a, side, transposed);
                self.neg(a)
            }
            ExprKind::Add(a, b) => {
                let [a, b] = [a, b].map(|e| self.multiply_terms(node, e, side, transposed));
                self.add(a, b)
            }
            ExprKind::Subtract(a, b) => {
                let [a, b] = [a, b].map(|e| self.multiply_terms(node, e, side, transposed));
                self.sub(a, b)
            }
            ExprKind::Multiply(s, m) if scalar(s) => {
                let (s, m) = (self.expr(s), self.multiply_terms(node, m, side, transposed));
                self.mul(s, m)
            }
            ExprKind::Multiply(m, s) => {
                let (m, s) = (self.multiply_terms(node, m, side, transposed), self.expr(s));
                self.mul(m, s)
            }
            ExprKind::Divide(m, s) => {
                let (m, s) = (self.multiply_terms(node, m, side, transposed), self.expr(s));
                self.div(m, s)
            }
            ExprKind::Call(Function::Outer, args) => {
                let [u, v] = [0, 1].map(|i| self.expr(&args[i]));
                let (u, v) = if transposed { (v, u) } else { (u, v) };
                match side {
                    Side::Left => {
                        let u = self.apply_node(node, u, false);
                        self.outer(u, v)
                    }
                    Side::Right => {
                        let v = self.apply_node(node, v, true);
                        self.outer(u, v)
                    }
                }
            }
            ExprKind::Call(Function::Diag, args) => {
                let v = self.expr(&args[0]);
                let factors = match side {
                    Side::Left => self.columns(node, v),
                    Side::Right => self.lines(node, v),
                };
                self.mul(node, factors)
            }
            // The identity.
            _ => node,
        }
    }
}

/// Whether a matrix is made of the identity, diagonals and outer products alone, so that multiplying by it
/// costs no product of matrices.
fn structured(expr: &Expr) -> bool {
    let scalar = |e: &Expr| e.shape == Shape::Scalar;
    match &expr.kind {
        ExprKind::Identity | ExprKind::Call(Function::Outer | Function::Diag, _) => true,
        ExprKind::Negate(a) | ExprKind::Transpose(a) => structured(a),
        ExprKind::Add(a, b) | ExprKind::Subtract(a, b) => structured(a) && structured(b),
        ExprKind::Multiply(a, b) => (scalar(a) && structured(b)) || (structured(a) && scalar(b)),
        ExprKind::Divide(a, b) => structured(a) && scalar(b),
        _ => false,
    }
}
