//! Parts of values: one matrix over several vectors, and several matrices in one.
//!
//! Takes: a value as terms. Gives: its part, taken from what it is made of, so that a cell whose
//! weights stand in one matrix has the terms of one that names each.

use super::build::{Build, length};
use super::term::{Atom, Leaf, Length, Part, Value};

/// Functions that work element by element.
const ELEMENTWISE: [&str; 19] = [
    "sigmoid",
    "tanh",
    "relu",
    "exp",
    "expm1",
    "log",
    "softplus",
    "sqrt",
    "abs",
    "sign",
    "sin",
    "cos",
    "gelu",
    "pow",
    "min",
    "max",
    "hard_sigmoid",
    "hard_tanh",
    "stopgradient",
];

impl Build<'_> {
    /// A matrix times a vector; one matrix over values side by side is several.
    pub(super) fn dot(&mut self, matrix: Value, vector: Value) -> Value {
        let parts = match self.terms.values[vector].as_slice() {
            [(m, 1.0)] if m.len() == 1 => match &self.terms.atoms[m[0].0].0 {
                Atom::Call(name, parts) if name == "concat" => parts.clone(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let lengths: Option<Vec<Length>> = parts.iter().map(|&p| self.length_of(p)).collect();
        let Some(lengths) = lengths.filter(|l| !l.is_empty()) else {
            return self.terms.dot(matrix, vector);
        };
        let (mut out, mut from) = (self.terms.number(0.0), (Vec::new(), 0, 1));
        for (&part, own) in parts.iter().zip(lengths) {
            let columns = self.slice(matrix, &(1, from.clone(), own.clone()));
            let product = self.terms.dot(columns, part);
            out = self.terms.add(out, product, 1.0);
            from = plus(&from, &own);
        }
        out
    }

    /// The length of a vector: that of the first node with this value.
    fn length_of(&self, value: Value) -> Option<Length> {
        let node = self.values.iter().position(|&v| v == value)?;
        let nodes = self.values.iter().enumerate().skip(node);
        let mut shapes = nodes.filter(|(_, v)| **v == value).map(|(i, _)| i);
        let shape = shapes.find_map(|i| self.info.graph.nodes[i].shape.first())?;
        Some(length(shape))
    }

    /// A part of a value, taken from what it is made of as far down as it goes.
    pub(super) fn slice(&mut self, value: Value, part: &Part) -> Value {
        let mut out = self.terms.number(0.0);
        for (monomial, c) in self.terms.values[value].clone() {
            let mut product = self.terms.number(c);
            for (atom, exponent) in monomial {
                let piece = self.slice_atom(atom, part);
                let piece = if exponent < 0 {
                    self.terms.invert(piece)
                } else {
                    piece
                };
                for _ in 0..exponent.abs() {
                    product = self.terms.multiply(product, piece);
                }
            }
            out = self.terms.add(out, product, 1.0);
        }
        out
    }

    fn slice_atom(&mut self, atom: usize, part: &Part) -> Value {
        let (inner, axes) = self.terms.atoms[atom].clone();
        if axes == 0 {
            return self.terms.atom(inner, axes);
        }
        let of = |symbol: usize, parts: &[Part], part: Part| {
            let mut parts = parts.to_vec();
            parts.push(part);
            Leaf::Param(symbol, parts)
        };
        match inner {
            Atom::Leaf(Leaf::Param(symbol, parts), _) => {
                let leaf = of(symbol, &parts, part.clone());
                self.terms.atom(Atom::Leaf(leaf, 0), axes)
            }
            Atom::Transposed(Leaf::Param(symbol, parts)) => {
                let turned = (1 - part.0, part.1.clone(), part.2.clone());
                let leaf = of(symbol, &parts, turned);
                self.terms.atom(Atom::Transposed(leaf), axes)
            }
            Atom::Dot(matrix, vector) => {
                let rows = self.slice(matrix, part);
                self.terms.dot(rows, vector)
            }
            Atom::Group(value) => {
                let piece = self.slice(value, part);
                self.terms.atom(Atom::Group(piece), axes)
            }
            Atom::Call(name, args) if ELEMENTWISE.contains(&name.as_str()) => {
                let args = args.iter().map(|&a| self.slice(a, part)).collect();
                self.terms.call(&name, args, axes)
            }
            other => {
                let name = format!("part {part:?}");
                let whole = self.terms.atom(other, axes);
                self.terms.call(&name, vec![whole], axes)
            }
        }
    }
}

/// The sum of two lengths of one divisor; of others, something that equals no other length.
fn plus(a: &Length, b: &Length) -> Length {
    let mut terms = a.0.clone();
    for &(size, factor) in &b.0 {
        match terms.iter_mut().find(|(other, _)| *other == size) {
            Some((_, sum)) => *sum += factor,
            None => terms.push((size, factor)),
        }
    }
    terms.sort_unstable();
    (terms, a.1 + b.1, a.2.max(b.2))
}
