//! Nodes of a graph as formulas, in plain text and in LaTeX.
//!
//! Takes: a graph and names for some of its nodes. Gives: the text of a node in terms of them.

use crate::ir::{Binary, Compare, Graph, Id, Mask, Op, Unary};
use crate::model::{Dim, Shape};

/// How formulas are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `f .* C_{t-1}`
    Plain,
    /// `f \odot C_{t-1}`
    Latex,
}

/// How tightly a formula holds together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Sum,
    Hadamard,
    Product,
    Atom,
}

/// Writes nodes; `names` gives those that stand for themselves.
pub(crate) struct Formulas<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) style: Style,
    pub(crate) names: &'a dyn Fn(Id) -> Option<String>,
    /// A length as text.
    pub(crate) length: &'a dyn Fn(&Dim) -> String,
}

impl Formulas<'_> {
    /// A node's formula, spelled out even if the node has a name.
    pub(crate) fn definition(&self, id: Id) -> String {
        self.spell(id).0
    }

    /// A node's formula, in brackets where it is a sum.
    pub(crate) fn factor(&self, id: Id) -> String {
        let (text, level) = self.spell(id);
        match (level, self.style) {
            (Level::Sum, Style::Plain) => format!("({text})"),
            (Level::Sum, Style::Latex) => format!(r"\left({text}\right)"),
            _ => text,
        }
    }

    /// A node's name, or its formula.
    fn text(&self, id: Id) -> (String, Level) {
        match (self.names)(id) {
            Some(name) => (name, Level::Atom),
            None => self.spell(id),
        }
    }

    /// A node in a place that binds at least as tightly as `level`.
    fn at(&self, id: Id, level: Level) -> String {
        let (text, own) = self.text(id);
        if own >= level {
            return text;
        }
        match self.style {
            Style::Plain => format!("({text})"),
            Style::Latex => format!(r"\left({text}\right)"),
        }
    }

    fn spell(&self, id: Id) -> (String, Level) {
        let node = &self.graph.nodes[id];
        let arg = |i: usize, level: Level| self.at(node.args[i], level);
        let vectors = || {
            node.args
                .iter()
                .all(|&a| self.graph.nodes[a].shape != Shape::Scalar)
        };
        match &node.op {
            Op::Number(n) => (number(*n), if *n < 0.0 { Level::Sum } else { Level::Atom }),
            Op::Length(dim) => ((self.length)(dim), Level::Atom),
            Op::Identity => ("I".to_owned(), Level::Atom),
            Op::Binary(Binary::Add) => (
                format!("{} + {}", arg(0, Level::Sum), arg(1, Level::Sum)),
                Level::Sum,
            ),
            Op::Binary(Binary::Sub) => (
                format!("{} - {}", arg(0, Level::Sum), arg(1, Level::Hadamard)),
                Level::Sum,
            ),
            Op::Unary(Unary::Neg) => (format!("-{}", arg(0, Level::Hadamard)), Level::Sum),
            Op::Binary(Binary::Mul) if vectors() => (
                self.join(self.pick(" .* ", r" \odot "), id, Level::Hadamard),
                Level::Hadamard,
            ),
            Op::Binary(Binary::Mul) => (
                self.join(self.pick(" * ", r" \, "), id, Level::Product),
                Level::Product,
            ),
            Op::MatMat => (
                self.join(self.pick(" * ", r" \, "), id, Level::Product),
                Level::Product,
            ),
            Op::Binary(Binary::Div) => match self.style {
                Style::Plain => (
                    format!("{} / {}", arg(0, Level::Product), arg(1, Level::Atom)),
                    Level::Product,
                ),
                Style::Latex => (
                    format!(r"\frac{{{}}}{{{}}}", arg(0, Level::Sum), arg(1, Level::Sum)),
                    Level::Atom,
                ),
            },
            Op::MatVec { transposed } => {
                let matrix = arg(0, Level::Atom);
                let matrix = if *transposed {
                    format!("{matrix}{}", self.pick("^T", r"^\top"))
                } else {
                    matrix
                };
                (
                    format!(
                        "{matrix}{}{}",
                        self.pick(" * ", r" \, "),
                        arg(1, Level::Atom)
                    ),
                    Level::Product,
                )
            }
            Op::Outer => match self.style {
                Style::Plain => (
                    format!("outer({}, {})", arg(0, Level::Sum), arg(1, Level::Sum)),
                    Level::Atom,
                ),
                Style::Latex => (
                    format!(r"{} \, {}^\top", arg(0, Level::Atom), arg(1, Level::Atom)),
                    Level::Product,
                ),
            },
            Op::Transpose => (
                format!("{}{}", arg(0, Level::Atom), self.pick("^T", r"^\top")),
                Level::Atom,
            ),
            Op::Unary(Unary::Square) => (
                format!("{}^{}", arg(0, Level::Atom), self.pick("2", "{2}")),
                Level::Atom,
            ),
            Op::Binary(Binary::Pow) => (
                format!("{}^{{{}}}", arg(0, Level::Atom), arg(1, Level::Sum)),
                Level::Atom,
            ),
            Op::Unary(Unary::Recip) => (
                self.pick("1 / ", r"1 / ").to_owned() + &arg(0, Level::Atom),
                Level::Product,
            ),
            Op::Unary(op) => (self.call(self.function(*op), &node.args), Level::Atom),
            Op::Binary(Binary::Min) => (
                self.call(self.pick("min", r"\min"), &node.args),
                Level::Atom,
            ),
            Op::Binary(Binary::Max) => (
                self.call(self.pick("max", r"\max"), &node.args),
                Level::Atom,
            ),
            Op::Select(compare) => {
                let sign = match compare {
                    Compare::Greater => ">",
                    Compare::GreaterEq => self.pick(">=", r"\ge"),
                };
                let [a, b, yes, no] = [0, 1, 2, 3].map(|i| arg(i, Level::Sum));
                (
                    format!(
                        "{}({a} {sign} {b}, {yes}, {no})",
                        self.pick("where", r"\mathrm{where}")
                    ),
                    Level::Atom,
                )
            }
            Op::Spread => self.text(node.args[0]),
            Op::Sum => (
                self.call(self.pick("sum", r"\mathrm{sum}"), &node.args),
                Level::Atom,
            ),
            Op::Largest => (
                self.call(self.pick("max", r"\max"), &node.args),
                Level::Atom,
            ),
            Op::CumSum { reversed } => {
                let name = match reversed {
                    false => self.pick("cumsum", r"\mathrm{cumsum}"),
                    true => self.pick("reversed_cumsum", r"\overleftarrow{\mathrm{cumsum}}"),
                };
                (self.call(name, &node.args), Level::Atom)
            }
            Op::Concat => {
                let parts: Vec<String> = (0..node.args.len()).map(|i| arg(i, Level::Sum)).collect();
                (format!("[{}]", parts.join(", ")), Level::Atom)
            }
            Op::Slice { from, .. } => (self.range("slice", id, from), Level::Atom),
            Op::Pad { from, .. } => (self.range("pad", id, from), Level::Atom),
            Op::StopGradient => (
                self.call(
                    self.pick("stop_gradient", r"\mathrm{stop\_gradient}"),
                    &node.args,
                ),
                Level::Atom,
            ),
            Op::Mask { kind, index } => {
                let name = if *kind == Mask::Dropout {
                    "dropout"
                } else {
                    "zoneout"
                };
                (format!("{}_{{{index}}}", self.word(name)), Level::Atom)
            }
            _ => ("?".to_owned(), Level::Atom),
        }
    }

    fn pick(&self, plain: &'static str, latex: &'static str) -> &'static str {
        match self.style {
            Style::Plain => plain,
            Style::Latex => latex,
        }
    }

    fn word(&self, name: &str) -> String {
        match self.style {
            Style::Plain => name.to_owned(),
            Style::Latex => format!(r"\mathrm{{{name}}}"),
        }
    }

    /// Two arguments with a sign between them; the right one is bracketed where it would
    /// otherwise be read as part of the left.
    fn join(&self, sign: &str, id: Id, level: Level) -> String {
        let args = &self.graph.nodes[id].args;
        format!(
            "{}{sign}{}",
            self.at(args[0], level),
            self.at(args[1], level)
        )
    }

    fn call(&self, name: &str, args: &[Id]) -> String {
        let args: Vec<String> = args.iter().map(|&a| self.at(a, Level::Sum)).collect();
        match self.style {
            Style::Plain => format!("{name}({})", args.join(", ")),
            Style::Latex => format!(r"{name}\left({}\right)", args.join(", ")),
        }
    }

    fn range(&self, name: &str, id: Id, from: &Dim) -> String {
        let inner = self.at(self.graph.nodes[id].args[0], Level::Sum);
        format!("{}({inner}, {})", self.word(name), (self.length)(from))
    }

    fn function(&self, op: Unary) -> &'static str {
        match op {
            Unary::Sigmoid => self.pick("sigmoid", r"\sigma"),
            Unary::Tanh => self.pick("tanh", r"\tanh"),
            Unary::Relu => self.pick("relu", r"\mathrm{ReLU}"),
            Unary::Exp => self.pick("exp", r"\exp"),
            Unary::ExpM1 => self.pick("expm1", r"\mathrm{expm1}"),
            Unary::Log => self.pick("log", r"\log"),
            Unary::Softplus => self.pick("softplus", r"\mathrm{softplus}"),
            Unary::Sqrt => self.pick("sqrt", r"\mathrm{sqrt}"),
            Unary::Abs => self.pick("abs", r"\mathrm{abs}"),
            Unary::Sign => self.pick("sign", r"\mathrm{sign}"),
            Unary::Sin => self.pick("sin", r"\sin"),
            Unary::Cos => self.pick("cos", r"\cos"),
            Unary::Silu => self.pick("silu", r"\mathrm{SiLU}"),
            Unary::SiluSlope => self.pick("silu'", r"\mathrm{SiLU}'"),
            Unary::Gelu => self.pick("gelu", r"\mathrm{GELU}"),
            Unary::GeluSlope => self.pick("gelu'", r"\mathrm{GELU}'"),
            Unary::Neg | Unary::Recip | Unary::Square => "",
        }
    }
}

/// A number without needless digits.
fn number(n: f64) -> String {
    format!("{n}")
}
