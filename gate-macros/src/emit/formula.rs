//! Nodes of a graph as formulas, in plain text and in LaTeX.
//!
//! Takes: a graph and names for some of its nodes. Gives: the text of a node in terms of them.

use crate::ir::{Binary, Compare, Graph, Id, Mask, Op, Unary};
use crate::model::{Dim, Shape, grouped};

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
    Power,
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
        match &node.op {
            Op::Unary(op) => self.unary(*op, &node.args),
            Op::Binary(op) => self.binary(*op, &node.args),
            Op::Select(compare) => (self.choice(*compare, &node.args), Level::Atom),
            Op::Spread => self.text(node.args[0]),
            Op::MatVec { .. } | Op::MatMat | Op::Transpose | Op::Outer => {
                self.matrix(&node.op, &node.args)
            }
            Op::Number(n) if *n < 0.0 => (n.to_string(), Level::Sum),
            _ => (self.atom(id), Level::Atom),
        }
    }

    fn binary(&self, op: Binary, args: &[Id]) -> (String, Level) {
        let vectors = |&a: &Id| self.graph.nodes[a].shape != Shape::Scalar;
        let [left, right] = [args[0], args[1]];
        match op {
            Binary::Add => {
                let (left, right) = (self.at(left, Level::Sum), self.at(right, Level::Sum));
                (format!("{left} + {right}"), Level::Sum)
            }
            Binary::Sub => {
                let (left, right) = (self.at(left, Level::Sum), self.at(right, Level::Hadamard));
                (format!("{left} - {right}"), Level::Sum)
            }
            Binary::Mul if args.iter().all(vectors) => {
                let sign = self.pick(" .* ", r" \odot ");
                (self.join(sign, args, Level::Hadamard), Level::Hadamard)
            }
            Binary::Mul => self.product(args),
            Binary::Div => match self.style {
                Style::Plain => {
                    let (left, right) =
                        (self.at(left, Level::Product), self.at(right, Level::Power));
                    (format!("{left} / {right}"), Level::Product)
                }
                Style::Latex => {
                    let (left, right) = (self.at(left, Level::Sum), self.at(right, Level::Sum));
                    (format!(r"\frac{{{left}}}{{{right}}}"), Level::Atom)
                }
            },
            Binary::Pow => self.raised(left, &format!("^{{{}}}", self.at(right, Level::Sum))),
            Binary::Min => (self.call(self.pick("min", r"\min"), args), Level::Atom),
            Binary::Max => (self.call(self.pick("max", r"\max"), args), Level::Atom),
        }
    }

    fn unary(&self, op: Unary, args: &[Id]) -> (String, Level) {
        let name = match op {
            Unary::Neg => {
                let text = format!("-{}", self.at(args[0], Level::Hadamard));
                return (text, Level::Sum);
            }
            Unary::Recip => {
                let text = format!("1 / {}", self.at(args[0], Level::Power));
                return (text, Level::Product);
            }
            Unary::Square => return self.raised(args[0], self.pick("^2", "^{2}")),
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
        };
        (self.call(name, args), Level::Atom)
    }

    fn matrix(&self, op: &Op, args: &[Id]) -> (String, Level) {
        match op {
            Op::Transpose => self.transposed(args[0]),
            Op::MatVec { transposed } => {
                let matrix = match transposed {
                    true => self.transposed(args[0]).0,
                    false => self.at(args[0], Level::Power),
                };
                let (sign, vector) = (self.pick(" * ", r" \, "), self.at(args[1], Level::Power));
                (format!("{matrix}{sign}{vector}"), Level::Product)
            }
            Op::Outer => match self.style {
                Style::Plain => (self.call("outer", args), Level::Atom),
                Style::Latex => {
                    let (column, (row, _)) =
                        (self.at(args[0], Level::Power), self.transposed(args[1]));
                    (format!(r"{column} \, {row}"), Level::Product)
                }
            },
            _ => self.product(args),
        }
    }

    /// What holds together whatever stands beside it.
    fn atom(&self, id: Id) -> String {
        let node = &self.graph.nodes[id];
        let call = |plain, latex| self.call(self.pick(plain, latex), &node.args);
        match &node.op {
            Op::Length(dim) => (self.length)(dim),
            Op::Identity => "I".to_owned(),
            Op::Number(n) => n.to_string(),
            Op::Sum => call("sum", r"\mathrm{sum}"),
            Op::Largest => call("max", r"\max"),
            Op::CumSum { reversed: false } => call("cumsum", r"\mathrm{cumsum}"),
            Op::CumSum { reversed: true } => {
                call("reversed_cumsum", r"\overleftarrow{\mathrm{cumsum}}")
            }
            Op::StopGradient => call("stop_gradient", r"\mathrm{stop\_gradient}"),
            Op::Concat => {
                let parts = node.args.iter().map(|&a| self.at(a, Level::Sum));
                format!("[{}]", parts.collect::<Vec<_>>().join(", "))
            }
            Op::Slice { from, .. } => self.range("slice", node.args[0], from),
            Op::Pad { from, .. } => self.range("pad", node.args[0], from),
            Op::Mask { kind, index } => match kind {
                Mask::Dropout => format!("{}_{{{index}}}", self.word("dropout")),
                Mask::Zoneout => format!("{}_{{{index}}}", self.word("zoneout")),
            },
            // Leaves, which have names; the rest is spelled in other ways.
            Op::Input(_)
            | Op::Param(_)
            | Op::Hyper(_)
            | Op::Prev { .. }
            | Op::Seed(_)
            | Op::Future { .. }
            | Op::Total(_)
            | Op::Unary(_)
            | Op::Binary(_)
            | Op::Select(_)
            | Op::Spread
            | Op::MatVec { .. }
            | Op::MatMat
            | Op::Transpose
            | Op::Outer => (self.names)(id).unwrap_or_default(),
        }
    }

    fn choice(&self, compare: Compare, args: &[Id]) -> String {
        let sign = match compare {
            Compare::Greater => ">",
            Compare::GreaterEq => self.pick(">=", r"\ge"),
        };
        let [a, b, yes, no] = [0, 1, 2, 3].map(|i| self.at(args[i], Level::Sum));
        format!("{}({a} {sign} {b}, {yes}, {no})", self.word("where"))
    }

    fn product(&self, args: &[Id]) -> (String, Level) {
        let sign = self.pick(" * ", r" \, ");
        (self.join(sign, args, Level::Product), Level::Product)
    }

    fn transposed(&self, id: Id) -> (String, Level) {
        self.raised(id, self.pick("^T", r"^\top"))
    }

    /// A node with something above it.
    fn raised(&self, id: Id, above: &str) -> (String, Level) {
        let base = self.at(id, Level::Atom);
        let base = match self.style {
            Style::Plain => base,
            Style::Latex => grouped(base),
        };
        (format!("{base}{above}"), Level::Power)
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

    /// Two arguments with a sign between them.
    fn join(&self, sign: &str, args: &[Id], level: Level) -> String {
        let (left, right) = (self.at(args[0], level), self.at(args[1], level));
        format!("{left}{sign}{right}")
    }

    fn call(&self, name: &str, args: &[Id]) -> String {
        let args: Vec<String> = args.iter().map(|&a| self.at(a, Level::Sum)).collect();
        match self.style {
            Style::Plain => format!("{name}({})", args.join(", ")),
            Style::Latex => format!(r"{name}\left({}\right)", args.join(", ")),
        }
    }

    fn range(&self, name: &str, of: Id, from: &Dim) -> String {
        let inner = self.at(of, Level::Sum);
        format!("{}({inner}, {})", self.word(name), (self.length)(from))
    }
}
