//! What the cell says about itself: `CellInfo` as a constant.

use proc_macro2::TokenStream;
use quote::quote;

use crate::grad::Adjoint;
use crate::ir::{Binary, Compare, Graph, Id, Mask, Op, Unary};
use crate::model::{Cell, Dim, Init, InitialState, Role, Shape};

use super::paths::Paths;
use super::tables::extent;

/// `static INFO`.
pub(crate) fn info(
    cell: &Cell,
    graph: &Graph,
    adjoint: &Adjoint,
    backward: &[(String, String)],
    paths: &Paths,
) -> TokenStream {
    let p = |name: &str| paths.private(name);
    let (cell_info, size_info, equation_info) = (p("CellInfo"), p("SizeInfo"), p("EquationInfo"));
    let name = cell.header.name.to_string();
    let sizes = cell.sizes.iter().map(|s| {
        let (name, argument) = (&s.name, &s.argument);
        quote!(#size_info { name: #name, argument: #argument })
    });
    let symbols = cell.symbols.iter().map(|s| symbol(s, paths));
    let equations = cell.equations.iter().map(|e| {
        let (printed, latex) = (&e.printed, &e.latex);
        quote!(#equation_info { printed: #printed, latex: #latex })
    });
    let backward = backward
        .iter()
        .map(|(printed, latex)| quote!(#equation_info { printed: #printed, latex: #latex }));
    let outputs = &cell.outputs;
    let gates = gates(graph);
    let graph_info = graph_info(graph, paths);
    let chain = chain(graph);
    let kind = recurrence(&adjoint.graph, adjoint.forward);
    quote! {
        static INFO: #cell_info = #cell_info {
            name: #name,
            sizes: &[#(#sizes),*],
            symbols: &[#(#symbols),*],
            equations: &[#(#equations),*],
            backward: &[#(#backward),*],
            outputs: &[#(#outputs),*],
            gates: &[#(#gates),*],
            graph: #graph_info,
            chain: #chain,
            kind: #kind,
        };
    }
}

fn symbol(symbol: &crate::model::Symbol, paths: &Paths) -> TokenStream {
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
    let shape = shape(&symbol.shape, paths);
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

/// A shape as a list of lengths.
fn shape(shape: &Shape, paths: &Paths) -> TokenStream {
    let dims: Vec<&Dim> = match shape {
        Shape::Scalar => Vec::new(),
        Shape::Vector(n) => vec![n],
        Shape::Matrix(m, n) => vec![m, n],
    };
    let each = dims.into_iter().map(|d| extent(d, paths));
    quote!(&[#(#each),*])
}

fn graph_info(graph: &Graph, paths: &Paths) -> TokenStream {
    let p = |name: &str| paths.private(name);
    let (graph_info, node_info, state_info) = (p("GraphInfo"), p("NodeInfo"), p("StateInfo"));
    let nodes = graph.nodes.iter().map(|node| {
        let (op, args, shape) = (
            operation(&node.op, paths),
            &node.args,
            shape(&node.shape, paths),
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

fn operation(op: &Op, paths: &Paths) -> TokenStream {
    let name = paths.private("OpInfo");
    match op {
        Op::Input(s) => quote!(#name::Input(#s)),
        Op::Param(s) => quote!(#name::Param(#s)),
        Op::Hyper(s) => quote!(#name::Hyper(#s)),
        Op::Prev { state, delay } => quote!(#name::Prev(#state, #delay)),
        Op::Number(n) => number(*n, &name),
        Op::Length(dim) => {
            let dim = extent(dim, paths);
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
            let from = extent(from, paths);
            quote!(#name::Slice(#axis, #from))
        }
        Op::Pad { axis, from } => {
            let from = extent(from, paths);
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
            Unary::Erf => "Erf",
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
        Op::Concat => "Concat",
        _ => "StopGradient",
    }
}

/// Symbols that a sigmoid makes and that multiply other values, themselves or as `1 - z`.
fn gates(graph: &Graph) -> Vec<usize> {
    let multiplies = |id: Id| {
        graph
            .nodes
            .iter()
            .any(|n| n.op == Op::Binary(Binary::Mul) && n.args.contains(&id))
    };
    let complement = |id: Id| {
        let nodes = graph.nodes.iter().enumerate();
        let mut subtractions =
            nodes.filter(|(_, n)| n.op == Op::Binary(Binary::Sub) && n.args[1] == id);
        subtractions.any(|(other, _)| multiplies(other))
    };
    let gate = |&&(_, id): &&(usize, Id)| {
        graph.nodes[id].op == Op::Unary(Unary::Sigmoid) && (multiplies(id) || complement(id))
    };
    graph
        .named
        .iter()
        .filter(gate)
        .map(|&(symbol, _)| symbol)
        .collect()
}

/// The longest chain of operations from a state to the next step's.
fn chain(graph: &Graph) -> usize {
    let mut length: Vec<Option<usize>> = Vec::with_capacity(graph.nodes.len());
    for node in &graph.nodes {
        let above = node.args.iter().filter_map(|&a| length[a]).max();
        length.push(match node.op {
            Op::Prev { .. } => Some(0),
            _ => above.map(|n| n + 1),
        });
    }
    graph
        .states
        .iter()
        .filter_map(|s| length[s.value])
        .max()
        .unwrap_or(0)
}

/// What kind of recurrence the step is.
fn recurrence(graph: &Graph, forward: usize) -> &'static str {
    let mut state_dependent: Vec<bool> = Vec::with_capacity(forward);
    let (mut dense, mut linear) = (false, true);
    for node in graph.nodes.iter().take(forward) {
        let depend: Vec<bool> = node.args.iter().map(|&a| state_dependent[a]).collect();
        let any = depend.contains(&true);
        state_dependent.push(any || matches!(node.op, Op::Prev { .. }));
        if !any {
            continue;
        }
        dense |= !matches!(
            node.op,
            Op::Unary(_) | Op::Binary(_) | Op::Select(_) | Op::Spread | Op::StopGradient
        );
        linear &= match node.op {
            Op::Unary(Unary::Neg) | Op::Binary(Binary::Add | Binary::Sub) | Op::Spread => true,
            Op::Binary(Binary::Mul) => !(depend[0] && depend[1]),
            Op::Binary(Binary::Div) => !depend[1],
            _ => false,
        };
    }
    match (dense, linear) {
        (true, _) => "dense recurrence",
        (false, true) => "linear recurrence",
        (false, false) => "diagonal recurrence",
    }
}
