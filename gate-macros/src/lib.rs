//! The compiler behind `gate_runtime::cell!`: equations in, Rust code out. No numerics.
//!
//! Use it through `gate-runtime`, which re-exports the macros. The stages, each a folder, each
//! knowing only the data types of those before it:
//!
//! `read` (source to tokens) → `syntax` (tokens to tree) → `model` (tree to a cell whose every
//! symbol has a role and a shape) → `ir` (cell to graph) → `grad` (graph to its adjoint) →
//! `plan` (graphs to a schedule) → `emit` (schedule to Rust).

#![forbid(unsafe_code)]

mod diag;
mod emit;
mod functions;
mod grad;
mod ir;
mod model;
mod pipeline;
mod plan;
mod read;
mod syntax;

use proc_macro::TokenStream;

/// Defines a recurrent cell from its equations. `gate_runtime::cell!` passes on to this macro
/// and documents it.
#[doc(hidden)]
#[proc_macro]
pub fn cell(input: TokenStream) -> TokenStream {
    pipeline::compile_tokens(input.into()).into()
}
