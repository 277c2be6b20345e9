//! A graph as text, one line per node, for tests.

use crate::model::{Cell, Dim, Shape};

use super::graph::{Binary, Compare, Graph, Mask, Op, Unary};

/// `%3 = mul %1 %2 : [H]`, then states, outputs and named values.
pub(crate) fn dump(graph: &Graph, cell: &Cell) -> String {
    let mut out = String::new();
    let name = |symbol: usize| cell.symbols[symbol].printed.as_str();
    for (id, node) in graph.nodes.iter().enumerate() {
        out += &format!("%{id} = {}", operation(&node.op, graph, cell));
        for arg in &node.args {
            out += &format!(" %{arg}");
        }
        out += &format!("{}\n", shape(&node.shape, cell));
    }
    for state in &graph.states {
        out += &format!(
            "state {} = %{}, depth {}\n",
            name(state.symbol),
            state.value,
            state.depth
        );
    }
    for &(symbol, id) in &graph.outputs {
        out += &format!("output {} = %{id}\n", name(symbol));
    }
    for &(symbol, id) in &graph.named {
        out += &format!("{} = %{id}\n", name(symbol));
    }
    out
}

fn operation(op: &Op, graph: &Graph, cell: &Cell) -> String {
    let name = |symbol: usize| cell.symbols[symbol].printed.as_str();
    let state = |state: usize| name(graph.states[state].symbol);
    match op {
        Op::Input(symbol) => format!("input {}", name(*symbol)),
        Op::Param(symbol) => format!("param {}", name(*symbol)),
        Op::Hyper(symbol) => format!("hyper {}", name(*symbol)),
        Op::Prev { state: s, delay } => format!("prev {} {delay}", state(*s)),
        Op::Number(n) => format!("number {n}"),
        Op::Length(of) => format!("length {}", dim(of, cell)),
        Op::Mask {
            kind: Mask::Dropout,
            index,
        } => format!("dropout {index}"),
        Op::Mask {
            kind: Mask::Zoneout,
            index,
        } => format!("zoneout {index}"),
        Op::Unary(op) => unary(*op).to_owned(),
        Op::Binary(op) => binary(*op).to_owned(),
        Op::Select(Compare::Greater) => "select_gt".to_owned(),
        Op::Select(Compare::GreaterEq) => "select_ge".to_owned(),
        Op::MatVec { transposed: false } => "matvec".to_owned(),
        Op::MatVec { transposed: true } => "matvec_t".to_owned(),
        Op::CumSum { reversed: false } => "cumsum".to_owned(),
        Op::CumSum { reversed: true } => "cumsum_r".to_owned(),
        Op::Slice { axis, from } => format!("slice {axis} {}", dim(from, cell)),
        Op::Pad { axis, from } => format!("pad {axis} {}", dim(from, cell)),
        Op::Seed(output) => format!("seed {}", name(graph.outputs[*output].0)),
        Op::Future { state: s, delay } => format!("future {} {delay}", state(*s)),
        Op::Total(index) => format!("total {index}"),
        Op::Identity
        | Op::Spread
        | Op::MatMat
        | Op::Transpose
        | Op::Outer
        | Op::Sum
        | Op::Largest
        | Op::Concat
        | Op::StopGradient => format!("{op:?}").to_lowercase(),
    }
}

fn unary(op: Unary) -> &'static str {
    match op {
        Unary::Neg => "neg",
        Unary::Sigmoid => "sigmoid",
        Unary::Tanh => "tanh",
        Unary::Relu => "relu",
        Unary::Exp => "exp",
        Unary::ExpM1 => "expm1",
        Unary::Log => "log",
        Unary::Softplus => "softplus",
        Unary::Sqrt => "sqrt",
        Unary::Recip => "recip",
        Unary::Square => "square",
        Unary::Abs => "abs",
        Unary::Sign => "sign",
        Unary::Sin => "sin",
        Unary::Cos => "cos",
        Unary::Silu => "silu",
        Unary::SiluSlope => "silu'",
        Unary::Gelu => "gelu",
        Unary::GeluSlope => "gelu'",
    }
}

fn binary(op: Binary) -> &'static str {
    match op {
        Binary::Add => "add",
        Binary::Sub => "sub",
        Binary::Mul => "mul",
        Binary::Div => "div",
        Binary::Pow => "pow",
        Binary::Min => "min",
        Binary::Max => "max",
    }
}

fn shape(shape: &Shape, cell: &Cell) -> String {
    match shape {
        Shape::Scalar => String::new(),
        Shape::Vector(n) => format!(" : [{}]", dim(n, cell)),
        Shape::Matrix(m, n) => format!(" : [{}, {}]", dim(m, cell), dim(n, cell)),
    }
}

fn dim(dim: &Dim, cell: &Cell) -> String {
    let mut terms: Vec<String> = Vec::new();
    for &(size, factor) in &dim.terms {
        let name = &cell.sizes[size].name;
        terms.push(if factor == 1 {
            name.clone()
        } else {
            format!("{factor}{name}")
        });
    }
    if dim.constant > 0 || terms.is_empty() {
        terms.push(dim.constant.to_string());
    }
    let sum = terms.join("+");
    match dim.divisor {
        0 | 1 => sum,
        n if dim.terms.len() + usize::from(dim.constant > 0) > 1 => format!("({sum})/{n}"),
        n => format!("{sum}/{n}"),
    }
}
