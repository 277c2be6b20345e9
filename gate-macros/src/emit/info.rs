//! What the cell says about itself: `CellInfo` as a constant.
//!
//! Takes: the cell, and the graph of its step before simplification. Gives: `INFO`, which the
//! runtime's interpreter, analysis, pictures and files read. What runs a cell takes no more of the
//! graph than its states, and whether it draws masks.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Diagnostic;
use crate::ir::{Binary, Compare, Graph, Id, Mask, Op, Unary};
use crate::model::{Cell, Init, InitialState, Role};
use crate::plan::{Area, Kind, Schedule, area};

use super::lengths::Lengths;
use super::paths::Paths;

/// `static INFO`.
pub(crate) fn info(
    cell: &Cell,
    graph: &Graph,
    schedule: &Schedule,
    backward: &[(String, String)],
    lengths: &Lengths<'_>,
    paths: &Paths,
) -> TokenStream {
    let p = |name: &str| paths.private(name);
    let (cell_info, size_info, equation_info) = (p("CellInfo"), p("SizeInfo"), p("EquationInfo"));
    let name = cell.header.name.to_string();
    let sizes = cell.sizes.iter().map(|s| {
        let (name, argument) = (&s.name, &s.argument);
        quote!(#size_info { name: #name, argument: #argument })
    });
    let symbols = cell.symbols.iter().map(|s| symbol(s, lengths, paths));
    let equation = |(printed, latex): &(String, String)| quote!(#equation_info { printed: #printed, latex: #latex });
    let forward = cell.printed();
    let equations = forward.iter().map(equation);
    let backward = backward.iter().map(equation);
    let outputs = &cell.outputs;
    let graph_info = graph_info(graph, lengths, paths);
    let notes = cell.notes.iter().map(Diagnostic::sentence);
    let about = about(&cell.header.docs);
    let parent = match &cell.change {
        Some(change) => {
            let path = &change.parent;
            let name = path.rsplit("::").next().unwrap_or(path);
            quote!(::core::option::Option::Some(#name))
        }
        None => quote!(::core::option::Option::None),
    };
    let tape = tape(schedule).map(|area| lengths.area(area));
    quote! {
        static INFO: #cell_info = #cell_info {
            name: #name,
            parent: #parent,
            sizes: &[#(#sizes),*],
            symbols: &[#(#symbols),*],
            equations: &[#(#equations),*],
            backward: &[#(#backward),*],
            outputs: &[#(#outputs),*],
            graph: #graph_info,
            notes: &[#(#notes),*],
            about: #about,
            tape: &[#(#tape),*],
        };
    }
}

/// The first paragraph of the documentation, on one line.
fn about(docs: &[String]) -> String {
    let lines = docs.iter().map(|line| line.trim());
    let first = lines
        .skip_while(|l| l.is_empty())
        .take_while(|l| !l.is_empty());
    first.collect::<Vec<&str>>().join(" ")
}

/// Widths of what the tape keeps for a step and row: values stored for the backward pass, states
/// and outputs; the inputs are the caller's.
pub(super) fn tape(schedule: &Schedule) -> impl Iterator<Item = &Area> {
    let of = |slots: &[usize], buffer: usize| {
        slots
            .iter()
            .any(|&slot| schedule.slots[slot].buffer == buffer)
    };
    let buffers = schedule.buffers.iter().enumerate();
    let kept = buffers.filter(move |(index, buffer)| {
        let stored = matches!(
            buffer.kind,
            Kind::Tape | Kind::History(_) | Kind::Carried(_) | Kind::Again(_)
        );
        (stored || of(&schedule.outputs, *index)) && !of(&schedule.inputs, *index)
    });
    kept.flat_map(|(_, buffer)| &buffer.areas)
}

fn symbol(symbol: &crate::model::Symbol, lengths: &Lengths<'_>, paths: &Paths) -> TokenStream {
    let (name, role_info) = (paths.private("SymbolInfo"), paths.private("RoleInfo"));
    let (ident, printed, latex, depth, taken_for) = (
        super::paths::ident(&symbol.ident).to_string(),
        &symbol.printed,
        &symbol.latex,
        symbol.depth,
        &symbol.taken_for,
    );
    let role = match &symbol.role {
        Role::Input => quote!(#role_info::Input),
        Role::State(InitialState::Constant(c)) => quote!(#role_info::State(#c)),
        Role::State(InitialState::Trainable(s)) => quote!(#role_info::TrainedState(#s)),
        Role::Intermediate => quote!(#role_info::Intermediate),
        Role::Constant(c) => quote!(#role_info::Constant(#c)),
        Role::Hyper(c) => quote!(#role_info::Hyper(#c)),
        Role::Parameter(init) => {
            let init = initial(init, paths);
            quote!(#role_info::Parameter(#init))
        }
    };
    let shape = lengths.area(&area(&symbol.shape));
    quote! {
        #name {
            ident: #ident, printed: #printed, latex: #latex, role: #role, shape: #shape,
            depth: #depth, taken_for: #taken_for,
        }
    }
}

fn initial(init: &Init, paths: &Paths) -> TokenStream {
    let name = paths.private("InitInfo");
    match init {
        Init::Constant(c) => quote!(#name::Constant(#c)),
        Init::Uniform(low, high) => quote!(#name::Uniform(#low, #high)),
        Init::Normal(mean, deviation) => quote!(#name::Normal(#mean, #deviation)),
        Init::GlorotUniform => quote!(#name::GlorotUniform),
        Init::GlorotNormal => quote!(#name::GlorotNormal),
        Init::He => quote!(#name::He),
        Init::Orthogonal => quote!(#name::Orthogonal),
        Init::Identity => quote!(#name::Identity),
    }
}

fn graph_info(graph: &Graph, lengths: &Lengths<'_>, paths: &Paths) -> TokenStream {
    let p = |name: &str| paths.private(name);
    let (graph_info, node_info, state_info) = (p("GraphInfo"), p("NodeInfo"), p("StateInfo"));
    let nodes = graph.nodes.iter().map(|node| {
        let (op, args, shape) = (
            operation(&node.op, lengths, paths),
            &node.args,
            lengths.area(&area(&node.shape)),
        );
        quote!(#node_info { op: #op, args: &[#(#args),*], shape: #shape })
    });
    let states = graph.states.iter().map(|s| {
        let (symbol, value, depth) = (s.symbol, s.value, s.depth);
        quote!(#state_info { symbol: #symbol, value: #value, depth: #depth })
    });
    let pair = |&(symbol, node): &(usize, Id)| quote!((#symbol, #node));
    let outputs = graph.outputs.iter().map(pair);
    let named = graph.named.iter().map(pair);
    quote! {
        #graph_info {
            nodes: &[#(#nodes),*],
            states: &[#(#states),*],
            outputs: &[#(#outputs),*],
            named: &[#(#named),*],
        }
    }
}

fn operation(op: &Op, lengths: &Lengths<'_>, paths: &Paths) -> TokenStream {
    let name = paths.private("OpInfo");
    match op {
        Op::Input(s) => quote!(#name::Input(#s)),
        Op::Param(s) => quote!(#name::Param(#s)),
        Op::Hyper(s) => quote!(#name::Hyper(#s)),
        Op::Prev { state, delay } => quote!(#name::Prev(#state, #delay)),
        Op::Number(n) => number(*n, &name),
        Op::Length(dim) => {
            let dim = lengths.extent(dim);
            quote!(#name::Length(#dim))
        }
        Op::Mask {
            kind: Mask::Dropout,
            index,
        } => quote!(#name::Dropout(#index)),
        Op::Mask {
            kind: Mask::Zoneout,
            index,
        } => quote!(#name::Zoneout(#index)),
        Op::Slice { axis, from } => {
            let from = lengths.extent(from);
            quote!(#name::Slice(#axis, #from))
        }
        Op::Pad { axis, from } => {
            let from = lengths.extent(from);
            quote!(#name::Pad(#axis, #from))
        }
        other => {
            let variant = super::paths::ident(plain(other));
            quote!(#name::#variant)
        }
    }
}

/// A number, also where it is none that can be written.
fn number(n: f64, name: &TokenStream) -> TokenStream {
    match n {
        n if n.is_nan() => quote!(#name::Number(::core::primitive::f64::NAN)),
        f64::INFINITY => quote!(#name::Number(::core::primitive::f64::INFINITY)),
        f64::NEG_INFINITY => quote!(#name::Number(::core::primitive::f64::NEG_INFINITY)),
        n => quote!(#name::Number(#n)),
    }
}

/// The runtime's names of operations without a payload.
fn plain(op: &Op) -> &'static str {
    match op {
        Op::Identity => "Identity",
        Op::Unary(op) => match op {
            Unary::Neg => "Neg",
            Unary::Sigmoid => "Sigmoid",
            Unary::Tanh => "Tanh",
            Unary::Relu => "Relu",
            Unary::Exp => "Exp",
            Unary::ExpM1 => "ExpM1",
            Unary::Log => "Log",
            Unary::Softplus => "Softplus",
            Unary::Sqrt => "Sqrt",
            Unary::Recip => "Recip",
            Unary::Square => "Square",
            Unary::Abs => "Abs",
            Unary::Sign => "Sign",
            Unary::Sin => "Sin",
            Unary::Cos => "Cos",
            Unary::Silu => "Silu",
            Unary::SiluSlope => "SiluSlope",
            Unary::Gelu => "Gelu",
            Unary::GeluSlope => "GeluSlope",
        },
        Op::Binary(op) => match op {
            Binary::Add => "Add",
            Binary::Sub => "Sub",
            Binary::Mul => "Mul",
            Binary::Div => "Div",
            Binary::Pow => "Pow",
            Binary::Min => "Min",
            Binary::Max => "Max",
        },
        Op::Select(Compare::Greater) => "SelectGreater",
        Op::Select(Compare::GreaterEq) => "SelectGreaterEq",
        Op::Spread => "Spread",
        Op::MatVec { transposed: false } => "MatVec",
        Op::MatVec { transposed: true } => "MatVecTransposed",
        Op::MatMat => "MatMat",
        Op::Transpose => "Transpose",
        Op::Outer => "Outer",
        Op::Sum => "Sum",
        Op::Largest => "Largest",
        Op::CumSum { reversed: false } => "CumSum",
        Op::CumSum { reversed: true } => "CumSumReversed",
        Op::Concat => "Concat",
        Op::StopGradient => "StopGradient",
        Op::Input(_)
        | Op::Param(_)
        | Op::Hyper(_)
        | Op::Prev { .. }
        | Op::Number(_)
        | Op::Length(_)
        | Op::Mask { .. }
        | Op::Slice { .. }
        | Op::Pad { .. } => unreachable!("written with what they hold"),
        Op::Seed(_) | Op::Future { .. } | Op::Total(_) => {
            unreachable!("leaves of the adjoint are in no step")
        }
    }
}
