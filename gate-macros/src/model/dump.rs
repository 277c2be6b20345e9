//! A cell as compact text, for tests.

use std::fmt::Write;

use super::{Cell, Dim, Init, InitialState, Role, Shape};

/// Sizes, symbols with role and shape, sorted equations, outputs: a line each.
pub(crate) fn dump(cell: &Cell) -> String {
    let mut out = String::new();
    let sizes: Vec<String> = cell
        .sizes
        .iter()
        .map(|size| format!("{}({})", size.name, size.argument))
        .collect();
    let _ = writeln!(out, "sizes {}", sizes.join(" "));
    for symbol in &cell.symbols {
        let role = match &symbol.role {
            Role::Input => "input".to_owned(),
            Role::State(InitialState::Constant(0.0)) => "state".to_owned(),
            Role::State(InitialState::Constant(value)) => format!("state({value})"),
            Role::State(InitialState::Trainable(id)) => {
                format!("state({})", cell.symbols[*id].ident)
            }
            Role::Intermediate => "let".to_owned(),
            Role::Constant(value) => format!("const({value})"),
            Role::Hyper(value) => format!("hyper({value})"),
            Role::Parameter(init) => format!("param({})", initial(init)),
        };
        let depth = if symbol.depth > 1 || (symbol.depth == 1 && symbol.role == Role::Input) {
            format!(" back {}", symbol.depth)
        } else {
            String::new()
        };
        let _ = writeln!(
            out,
            "{role} {}{}{depth}",
            symbol.ident,
            shape(cell, &symbol.shape)
        );
    }
    for equation in &cell.equations {
        let _ = writeln!(out, "{}", equation.printed);
    }
    let outputs: Vec<&str> = cell
        .outputs
        .iter()
        .map(|&id| cell.symbols[id].ident.as_str())
        .collect();
    let _ = write!(out, "out {}", outputs.join(" "));
    out
}

fn initial(init: &Init) -> String {
    match init {
        Init::Constant(value) => value.to_string(),
        Init::Uniform(a, b) => format!("uniform {a} {b}"),
        Init::Normal(a, b) => format!("normal {a} {b}"),
        Init::GlorotUniform => "glorot".to_owned(),
        Init::GlorotNormal => "glorot normal".to_owned(),
        Init::He => "he".to_owned(),
        Init::Orthogonal => "orthogonal".to_owned(),
        Init::Identity => "identity".to_owned(),
    }
}

fn shape(cell: &Cell, shape: &Shape) -> String {
    match shape {
        Shape::Scalar => String::new(),
        Shape::Vector(size) => format!(" [{}]", dim(cell, size)),
        Shape::Matrix(rows, columns) => format!(" [{}, {}]", dim(cell, rows), dim(cell, columns)),
    }
}

/// A length as it is declared.
pub(crate) fn dim(cell: &Cell, dim: &Dim) -> String {
    let mut parts: Vec<String> = dim
        .terms
        .iter()
        .map(|&(size, factor)| match factor {
            1 => cell.sizes[size].name.clone(),
            _ => format!("{factor}{}", cell.sizes[size].name),
        })
        .collect();
    if dim.constant > 0 || parts.is_empty() {
        parts.push(dim.constant.to_string());
    }
    let sum = parts.join("+");
    if dim.divisor == 1 {
        sum
    } else {
        format!("({sum})/{}", dim.divisor)
    }
}
