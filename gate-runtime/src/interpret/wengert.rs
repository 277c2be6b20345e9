//! The list of scalar operations: each entry keeps what it was computed from, with the local
//! derivative (Wengert 1964). Takes and gives single numbers; knows nothing about cells.

use std::f64::consts::{PI, SQRT_2};

/// A number, and where on the list it stands. A constant stands nowhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Var {
    pub(super) value: f64,
    at: Option<usize>,
}

impl Var {
    /// A number that nothing is differentiated by.
    pub(super) fn constant(value: f64) -> Var {
        Var { value, at: None }
    }
}

/// Functions of one number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unary {
    Neg,
    Sigmoid,
    Tanh,
    Relu,
    Exp,
    ExpM1,
    Log,
    Softplus,
    Sqrt,
    Recip,
    Square,
    Abs,
    Sign,
    Sin,
    Cos,
    Silu,
    SiluSlope,
    Gelu,
    GeluSlope,
}

/// Functions of two numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
}

/// The list. Without recording it only computes values.
#[derive(Debug, Default)]
pub(super) struct Wengert {
    recording: bool,
    /// Where the edges of each entry end.
    ends: Vec<usize>,
    /// `(argument, derivative)`
    edges: Vec<(usize, f64)>,
}

impl Wengert {
    pub(super) fn new(recording: bool) -> Wengert {
        Wengert {
            recording,
            ends: Vec::new(),
            edges: Vec::new(),
        }
    }

    /// A number to differentiate by.
    pub(super) fn leaf(&mut self, value: f64) -> Var {
        self.entry(value, &[])
    }

    /// The same number once more, an entry of its own.
    pub(super) fn copy(&mut self, source: Var) -> Var {
        self.entry(source.value, &[(source, 1.0)])
    }

    fn entry(&mut self, value: f64, arguments: &[(Var, f64)]) -> Var {
        if !self.recording {
            return Var::constant(value);
        }
        for (argument, derivative) in arguments {
            if let Some(at) = argument.at {
                self.edges.push((at, *derivative));
            }
        }
        self.ends.push(self.edges.len());
        Var {
            value,
            at: Some(self.ends.len() - 1),
        }
    }

    /// A function of one number.
    pub(super) fn unary(&mut self, op: Unary, x: Var) -> Var {
        let (value, derivative) = unary(op, x.value);
        self.entry(value, &[(x, derivative)])
    }

    /// A function of two numbers.
    pub(super) fn binary(&mut self, op: Binary, x: Var, y: Var) -> Var {
        let (a, b) = (x.value, y.value);
        match op {
            Binary::Add => self.entry(a + b, &[(x, 1.0), (y, 1.0)]),
            Binary::Sub => self.entry(a - b, &[(x, 1.0), (y, -1.0)]),
            Binary::Mul => self.entry(a * b, &[(x, b), (y, a)]),
            Binary::Div => self.entry(a / b, &[(x, 1.0 / b), (y, -a / (b * b))]),
            Binary::Pow => {
                // 0^b does not change with b, and a^0 not with a.
                let by_base = if b == 0.0 { 0.0 } else { b * a.powf(b - 1.0) };
                let by_exponent = if a == 0.0 { 0.0 } else { a.powf(b) * a.ln() };
                self.entry(a.powf(b), &[(x, by_base), (y, by_exponent)])
            }
            Binary::Min if b < a => self.entry(b, &[(y, 1.0)]),
            Binary::Max if b > a => self.entry(b, &[(y, 1.0)]),
            Binary::Min | Binary::Max => self.entry(a, &[(x, 1.0)]),
        }
    }

    /// `a · b + c`, as a product and a sum.
    pub(super) fn multiply_add(&mut self, a: Var, b: Var, c: Var) -> Var {
        let product = self.binary(Binary::Mul, a, b);
        self.binary(Binary::Add, product, c)
    }

    /// The largest; its gradient goes to every element equal to it.
    pub(super) fn largest(&mut self, values: &[Var]) -> Var {
        let largest = values.iter().fold(f64::NEG_INFINITY, |m, v| m.max(v.value));
        let equal: Vec<(Var, f64)> = values
            .iter()
            .filter(|v| v.value == largest)
            .map(|&v| (v, 1.0))
            .collect();
        self.entry(largest, &equal)
    }

    /// Derivatives of `Σ weight · result` by every entry.
    pub(super) fn adjoints(&self, results: &[(Var, f64)]) -> Adjoints {
        let mut adjoints = vec![0.0; self.ends.len()];
        for (result, weight) in results {
            if let Some(at) = result.at {
                adjoints[at] += weight;
            }
        }
        for entry in (0..self.ends.len()).rev() {
            let start = if entry == 0 { 0 } else { self.ends[entry - 1] };
            let adjoint = adjoints[entry];
            // A zero adjoint stays zero, also across an infinite local derivative.
            if adjoint != 0.0 {
                for &(argument, derivative) in &self.edges[start..self.ends[entry]] {
                    adjoints[argument] += adjoint * derivative;
                }
            }
        }
        Adjoints(adjoints)
    }
}

/// A derivative for every entry of a list.
#[derive(Debug)]
pub(super) struct Adjoints(Vec<f64>);

impl Adjoints {
    /// The derivative by one number; zero by a constant.
    pub(super) fn of(&self, var: Var) -> f64 {
        var.at.map_or(0.0, |at| self.0[at])
    }
}

/// Value and derivative of a function of one number.
fn unary(op: Unary, x: f64) -> (f64, f64) {
    match op {
        Unary::Neg => (-x, -1.0),
        Unary::Sigmoid => {
            let s = sigmoid(x);
            (s, s * sigmoid(-x))
        }
        Unary::Tanh => {
            let t = x.tanh();
            (t, (1.0 - t) * (1.0 + t))
        }
        Unary::Relu if x.is_nan() => (x, x),
        Unary::Relu => (x.max(0.0), if x > 0.0 { 1.0 } else { 0.0 }),
        Unary::Exp => (x.exp(), x.exp()),
        Unary::ExpM1 => (x.exp_m1(), x.exp()),
        Unary::Log => (x.ln(), 1.0 / x),
        Unary::Softplus => (x.max(0.0) + (-x.abs()).exp().ln_1p(), sigmoid(x)),
        Unary::Sqrt => (x.sqrt(), 0.5 / x.sqrt()),
        Unary::Recip => (1.0 / x, -1.0 / (x * x)),
        Unary::Square => (x * x, 2.0 * x),
        Unary::Abs => (x.abs(), sign(x)),
        Unary::Sign => (sign(x), 0.0),
        Unary::Sin => (x.sin(), x.cos()),
        Unary::Cos => (x.cos(), -x.sin()),
        Unary::Silu => (x * sigmoid(x), silu_slope(x)),
        Unary::SiluSlope => {
            let bend = 2.0 - x * (sigmoid(x) - sigmoid(-x));
            (silu_slope(x), sigmoid(x) * sigmoid(-x) * bend)
        }
        Unary::Gelu => {
            let (below, density) = normal(x);
            (x * below, below + x * density)
        }
        Unary::GeluSlope => {
            let (below, density) = normal(x);
            (below + x * density, (2.0 - x * x) * density)
        }
    }
}

fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        x.exp() / (1.0 + x.exp())
    }
}

/// -1, 0 or 1; NaN of NaN.
fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

/// Derivative of x · σ(x).
fn silu_slope(x: f64) -> f64 {
    sigmoid(x) * (1.0 + x * sigmoid(-x))
}

/// Distribution function and density of the normal distribution.
fn normal(x: f64) -> (f64, f64) {
    let density = (-0.5 * x * x).exp() / (2.0 * PI).sqrt();
    (0.5 * libm::erfc(-x / SQRT_2), density)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNARY: [Unary; 19] = [
        Unary::Neg,
        Unary::Sigmoid,
        Unary::Tanh,
        Unary::Relu,
        Unary::Exp,
        Unary::ExpM1,
        Unary::Log,
        Unary::Softplus,
        Unary::Sqrt,
        Unary::Recip,
        Unary::Square,
        Unary::Abs,
        Unary::Sign,
        Unary::Sin,
        Unary::Cos,
        Unary::Silu,
        Unary::SiluSlope,
        Unary::Gelu,
        Unary::GeluSlope,
    ];

    #[test]
    fn local_derivatives_of_one_argument() {
        for op in UNARY {
            for x in [-3.2, -0.7, 0.3, 1.4, 4.0] {
                if x < 0.0 && matches!(op, Unary::Log | Unary::Sqrt) {
                    continue;
                }
                let step = 1e-6;
                let numeric = (unary(op, x + step).0 - unary(op, x - step).0) / (2.0 * step);
                let exact = unary(op, x).1;
                assert!(
                    (numeric - exact).abs() < 1e-8 * (1.0 + exact.abs()),
                    "{op:?} at {x}: {numeric} {exact}"
                );
            }
        }
    }

    #[test]
    fn local_derivatives_of_two_arguments() {
        let value = |op, a, b| {
            Wengert::new(false)
                .binary(op, Var::constant(a), Var::constant(b))
                .value
        };
        for op in [
            Binary::Add,
            Binary::Sub,
            Binary::Mul,
            Binary::Div,
            Binary::Pow,
            Binary::Min,
            Binary::Max,
        ] {
            for (a, b) in [(0.6, 1.7), (2.3, -0.4), (1.1, 0.9)] {
                let mut list = Wengert::new(true);
                let (x, y) = (list.leaf(a), list.leaf(b));
                let result = list.binary(op, x, y);
                let adjoints = list.adjoints(&[(result, 1.0)]);
                let step = 1e-6;
                let by_a = (value(op, a + step, b) - value(op, a - step, b)) / (2.0 * step);
                let by_b = (value(op, a, b + step) - value(op, a, b - step)) / (2.0 * step);
                assert!((adjoints.of(x) - by_a).abs() < 1e-8, "{op:?} {a} {b}");
                assert!((adjoints.of(y) - by_b).abs() < 1e-8, "{op:?} {a} {b}");
            }
        }
    }

    #[test]
    fn a_number_that_is_used_twice_gets_both_shares() {
        let mut list = Wengert::new(true);
        let x = list.leaf(3.0);
        let square = list.binary(Binary::Mul, x, x);
        let sum = list.binary(Binary::Add, square, x);
        assert_eq!(list.adjoints(&[(sum, 2.0)]).of(x), 14.0);
    }

    #[test]
    fn ties_go_where_they_are_said_to_go() {
        let mut list = Wengert::new(true);
        let (x, y) = (list.leaf(1.0), list.leaf(1.0));
        let larger = list.binary(Binary::Max, x, y);
        let adjoints = list.adjoints(&[(larger, 1.0)]);
        assert_eq!((adjoints.of(x), adjoints.of(y)), (1.0, 0.0));
        let largest = list.largest(&[x, y]);
        let adjoints = list.adjoints(&[(largest, 1.0)]);
        assert_eq!((adjoints.of(x), adjoints.of(y)), (1.0, 1.0));
        assert_eq!(
            [Unary::Relu, Unary::Abs].map(|op| unary(op, 0.0).1),
            [0.0, 0.0]
        );
    }

    #[test]
    fn extreme_arguments_stay_finite() {
        assert_eq!(unary(Unary::Sigmoid, -800.0), (0.0, 0.0));
        assert_eq!(unary(Unary::Softplus, 800.0), (800.0, 1.0));
        assert_eq!(unary(Unary::Silu, -800.0).0, 0.0);
        assert_eq!(unary(Unary::Gelu, 40.0), (40.0, 1.0));
    }
}
