//! Terms in a normal form: what two graphs have in common whatever the order of their operations.
//!
//! Takes nothing. Gives: [`Terms`], an arena of values. A value is a polynomial in atoms with
//! numbers as coefficients, so that `(1 - z) ⊙ h + z ⊙ n` and `h + z ⊙ (n - h)` are one; products
//! of matrices and vectors are expanded over sums. Equal values have equal indices.

use std::collections::HashMap;

/// Index of an atom.
pub(super) type AtomId = usize;
/// Index of a value.
pub(super) type Value = usize;

/// Beyond so many terms a product of sums is not multiplied out.
const TERMS: usize = 64;

/// A length without names: terms, constant, divisor.
pub(super) type Length = (Vec<(usize, usize)>, usize, usize);

/// A part of a parameter: axis, offset, length.
pub(super) type Part = (usize, Length, Length);

/// What is given from outside of the step; two cells are alike if these can be renamed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Leaf {
    /// Symbol.
    Input(usize),
    /// Index among the states.
    State(usize),
    /// Symbol; the part of it, for a matrix over values side by side.
    Param(usize, Vec<Part>),
    /// Symbol.
    Hyper(usize),
    /// Index of the random mask; whether it is zoneout's.
    Mask(usize, bool),
}

/// What is not a sum or product.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Atom {
    /// A leaf; for inputs and states, how many steps ago. A state at delay 0 is its new value.
    Leaf(Leaf, usize),
    /// A parameter, transposed.
    Transposed(Leaf),
    /// A function of values, by name.
    Call(String, Vec<Value>),
    /// A matrix times a vector.
    Dot(Value, Value),
    /// A sum that is not multiplied out.
    Group(Value),
}

/// Factors with their exponents, sorted by atom.
pub(super) type Monomial = Vec<(AtomId, i32)>;

/// What was made, in order; each uses only what was made before.
#[derive(Clone, Copy, Debug)]
pub(super) enum Made {
    Atom(AtomId),
    Value(Value),
}

/// Atoms and values.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    /// Each atom with its number of axes.
    pub(super) atoms: Vec<(Atom, usize)>,
    /// Each value as a sum: sorted by monomial, no coefficient zero.
    pub(super) values: Vec<Vec<(Monomial, f64)>>,
    pub(super) made: Vec<Made>,
    atom_index: HashMap<Atom, AtomId>,
    value_index: HashMap<Vec<(Monomial, u64)>, Value>,
}

impl Terms {
    pub(super) fn atom(&mut self, atom: Atom, axes: usize) -> Value {
        let id = match self.atom_index.get(&atom) {
            Some(&id) => id,
            None => {
                self.atoms.push((atom.clone(), axes));
                let id = self.atoms.len() - 1;
                self.atom_index.insert(atom, id);
                self.made.push(Made::Atom(id));
                id
            }
        };
        self.sum(vec![(vec![(id, 1)], 1.0)])
    }

    /// How much there is: factors of all terms.
    pub(super) fn size(&self) -> usize {
        let terms = self.values.iter().flatten();
        self.atoms.len() + terms.map(|(m, _)| 1 + m.len()).sum::<usize>()
    }

    pub(super) fn call(&mut self, name: &str, args: Vec<Value>, axes: usize) -> Value {
        self.atom(Atom::Call(name.to_owned(), args), axes)
    }

    pub(super) fn number(&mut self, number: f64) -> Value {
        self.sum(vec![(Vec::new(), number)])
    }

    /// A sum, in order and without terms that cancel.
    pub(super) fn sum(&mut self, mut terms: Vec<(Monomial, f64)>) -> Value {
        terms.sort_by(|a, b| a.0.cmp(&b.0));
        let mut out: Vec<(Monomial, f64)> = Vec::with_capacity(terms.len());
        for (monomial, coefficient) in terms {
            match out.last_mut().filter(|last| last.0 == monomial) {
                Some(last) => last.1 += coefficient,
                None => out.push((monomial, coefficient)),
            }
        }
        out.retain(|(_, c)| c.abs() > 1e-300);
        let key: Vec<(Monomial, u64)> = out.iter().map(|(m, c)| (m.clone(), rounded(*c))).collect();
        if let Some(&value) = self.value_index.get(&key) {
            return value;
        }
        self.values.push(out);
        let value = self.values.len() - 1;
        self.value_index.insert(key, value);
        self.made.push(Made::Value(value));
        value
    }

    pub(super) fn add(&mut self, a: Value, b: Value, sign: f64) -> Value {
        let mut terms = self.values[a].clone();
        terms.extend(self.values[b].iter().map(|(m, c)| (m.clone(), sign * c)));
        self.sum(terms)
    }

    pub(super) fn scale(&mut self, a: Value, factor: f64) -> Value {
        let terms = self.values[a].iter().map(|(m, c)| (m.clone(), factor * c));
        let terms = terms.collect();
        self.sum(terms)
    }

    pub(super) fn multiply(&mut self, a: Value, b: Value) -> Value {
        let (left, right) = (self.values[a].len(), self.values[b].len());
        if a == b && left > 1 || left * right > TERMS {
            let (a, b) = (self.group(a, 1), self.group(b, 1));
            return self.multiply(a, b);
        }
        let mut terms = Vec::with_capacity(left * right);
        for (x, c) in &self.values[a] {
            for (y, d) in &self.values[b] {
                terms.push((join(x, y), c * d));
            }
        }
        self.sum(terms)
    }

    /// `1 / a`
    pub(super) fn invert(&mut self, a: Value) -> Value {
        match self.values[a].as_slice() {
            [(monomial, c)] => {
                let inverse = monomial.iter().map(|&(atom, e)| (atom, -e)).collect();
                let term = (inverse, 1.0 / c);
                self.sum(vec![term])
            }
            _ => self.group(a, -1),
        }
    }

    /// A sum as one factor; a single term stays as it is.
    fn group(&mut self, a: Value, exponent: i32) -> Value {
        if self.values[a].len() == 1 && exponent == 1 {
            return a;
        }
        let axes = self.axes(a);
        let group = self.atom(Atom::Group(a), axes);
        match self.values[group].as_slice() {
            [(monomial, _)] => {
                let power = monomial
                    .iter()
                    .map(|&(atom, e)| (atom, e * exponent))
                    .collect();
                self.sum(vec![(power, 1.0)])
            }
            _ => group,
        }
    }

    /// The number of axes of a value.
    pub(super) fn axes(&self, value: Value) -> usize {
        let factors = self.values[value].iter().flat_map(|(m, _)| m);
        factors
            .map(|&(atom, _)| self.atoms[atom].1)
            .max()
            .unwrap_or(0)
    }

    /// A term's factors that are numbers of the step (with its coefficient), and the rest.
    fn split(&mut self, (monomial, coefficient): &(Monomial, f64)) -> (Value, Monomial) {
        let (scalars, rest): (Monomial, Monomial) = monomial
            .iter()
            .partition(|&&(atom, _)| self.atoms[atom].1 == 0);
        (self.sum(vec![(scalars, *coefficient)]), rest)
    }

    /// A matrix times a vector, over all terms of both.
    pub(super) fn dot(&mut self, matrix: Value, vector: Value) -> Value {
        let (left, right) = (self.values[matrix].clone(), self.values[vector].clone());
        if left.len() * right.len() > TERMS {
            return self.atom(Atom::Dot(matrix, vector), 1);
        }
        let mut sum = Vec::with_capacity(left.len() * right.len());
        for m in &left {
            let (scale, m) = self.split(m);
            for v in &right {
                let (factor, v) = self.split(v);
                let product = self.single_dot(m.clone(), v);
                let product = self.multiply(scale, product);
                let product = self.multiply(factor, product);
                sum.extend(self.values[product].iter().cloned());
            }
        }
        self.sum(sum)
    }

    fn single_dot(&mut self, m: Monomial, v: Monomial) -> Value {
        let vector = self.sum(vec![(v, 1.0)]);
        let single = match m.as_slice() {
            [(atom, 1)] => Some(self.atoms[*atom].0.clone()),
            _ => None,
        };
        if let Some(Atom::Call(name, args)) = single {
            match (name.as_str(), args.as_slice()) {
                ("identity", _) => return vector,
                ("product", &[a, b]) => {
                    let inner = self.dot(b, vector);
                    return self.dot(a, inner);
                }
                ("outer", &[u, w]) => {
                    let product = self.multiply(w, vector);
                    let total = self.total(product);
                    return self.multiply(u, total);
                }
                _ => {}
            }
        }
        let matrix = self.sum(vec![(m, 1.0)]);
        self.atom(Atom::Dot(matrix, vector), 1)
    }

    /// The sum of all elements; numbers come out of it.
    pub(super) fn total(&mut self, vector: Value) -> Value {
        let mut out = self.number(0.0);
        for term in self.values[vector].clone() {
            let (factor, rest) = self.split(&term);
            let rest = self.sum(vec![(rest, 1.0)]);
            let sum = self.call("sum", vec![rest], 0);
            let sum = self.multiply(factor, sum);
            out = self.add(out, sum, 1.0);
        }
        out
    }

    /// A matrix transposed, term by term.
    pub(super) fn transpose(&mut self, matrix: Value) -> Value {
        let mut out = self.number(0.0);
        for term in self.values[matrix].clone() {
            let (mut product, rest) = self.split(&term);
            for (atom, exponent) in rest {
                let turned = self.transposed(atom);
                for _ in 0..exponent.max(1) {
                    product = self.multiply(product, turned);
                }
            }
            out = self.add(out, product, 1.0);
        }
        out
    }

    fn transposed(&mut self, atom: AtomId) -> Value {
        let (inner, axes) = self.atoms[atom].clone();
        match inner {
            Atom::Leaf(leaf @ Leaf::Param(..), _) => self.atom(Atom::Transposed(leaf), axes),
            Atom::Transposed(leaf) => self.atom(Atom::Leaf(leaf, 0), axes),
            Atom::Call(name, args) => match (name.as_str(), args.as_slice()) {
                ("identity", _) => self.call(&name, args, axes),
                ("transpose", &[a]) => a,
                ("outer", &[u, v]) => self.call("outer", vec![v, u], axes),
                ("product", &[a, b]) => {
                    let (a, b) = (self.transpose(a), self.transpose(b));
                    self.call("product", vec![b, a], axes)
                }
                _ => self.turned(Atom::Call(name, args), axes),
            },
            other => self.turned(other, axes),
        }
    }

    fn turned(&mut self, atom: Atom, axes: usize) -> Value {
        let value = self.atom(atom, axes);
        self.call("transpose", vec![value], axes)
    }
}

/// The product of two monomials.
fn join(a: &Monomial, b: &Monomial) -> Monomial {
    let mut out = a.clone();
    for &(atom, exponent) in b {
        match out.iter_mut().find(|(other, _)| *other == atom) {
            Some((_, sum)) => *sum += exponent,
            None => out.push((atom, exponent)),
        }
    }
    out.retain(|(_, e)| *e != 0);
    out.sort_unstable();
    out
}

/// A coefficient to twelve digits, so that rounding does not tell two cells apart.
pub(super) fn rounded(c: f64) -> u64 {
    if c.fract() == 0.0 && c.abs() < 1e11 {
        return c.to_bits();
    }
    let text = format!("{c:.11e}");
    text.parse::<f64>().unwrap_or(c).to_bits()
}
