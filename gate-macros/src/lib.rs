//! The compiler behind `gate_runtime::cell!`: equations in, Rust code out. No numerics.
//!
//! Use it through `gate-runtime`, which re-exports the macros. The stages, each a folder, each
//! knowing only the data types of those before it:
//!
//! `read` (source to tokens) → `syntax` (tokens to tree) → `model` (tree to a cell whose every
//! symbol has a role and a shape) → `ir` (cell to graph) → `grad` (graph to its adjoint) →
//! `plan` (graphs to a schedule) → `emit` (schedule to Rust).

#![forbid(unsafe_code)]

mod conditions;
mod diag;
mod docs_form;
mod emit;
#[cfg(test)]
mod forms;
mod functions;
mod grad;
mod ir;
mod load;
mod model;
mod nesting;
mod options;
mod pipeline;
mod plan;
mod read;
mod source;
mod spelling;
mod syntax;

use proc_macro::TokenStream;

/// Defines a recurrent cell from its equations. `gate_runtime::cell!` passes on to this macro
/// and documents it.
#[doc(hidden)]
#[proc_macro]
pub fn cell(input: TokenStream) -> TokenStream {
    pipeline::compile_tokens(input.into(), &mut diag::Diagnostics::default()).into()
}

/// Goes on with a definition that waited for one that it refers to: `Lstm!` answers here.
#[doc(hidden)]
#[proc_macro]
pub fn resume(input: TokenStream) -> TokenStream {
    pipeline::resume(input.into(), &mut diag::Diagnostics::default()).into()
}

/// The same cell with every term of its backward pass breakable, for the test that breaks each.
#[doc(hidden)]
#[proc_macro]
pub fn cell_with_mutants(input: TokenStream) -> TokenStream {
    pipeline::compile_mutants(input.into(), &mut diag::Diagnostics::default()).into()
}

/// Makes a cell of a unit struct whose documentation is the definition: every ```` ```math ````
/// block, every `$$ … $$`, and every `$ … $` that holds an equation; LaTeX and Unicode alike. Prose
/// between is ignored. `#[doc = include_str!("article.md")]` reads a whole article.
///
/// Arguments, each optional: `section = "GRU"` takes the equations under that heading;
/// `output = h_t` and `input = x_t` declare what the text leaves open; `φ = tanh`, `ε = 0.1`,
/// `x_t: [I]`, `W ~ orthogonal` and every other statement of the language stand for what the
/// text says in prose; `definition = 2` takes the second of several equations that a text prints
/// for one symbol; `parent = Lstm` makes the text a variant of another cell, of which it prints
/// what is different; `crate = path` names the runtime where it was renamed.
#[proc_macro_attribute]
pub fn cell_from_docs(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = diag::Diagnostics::default();
    pipeline::compile_docs(arguments.into(), item.into(), &mut diagnostics).into()
}
