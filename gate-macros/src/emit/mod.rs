//! Stage 7, emit: schedule to Rust code.
//!
//! Takes: the cell, the graph of its step, the schedule. Gives: the tokens of the type, its
//! state and gradients, and the code of both passes: calls of runtime primitives, and one pure
//! scalar function per fused group that reads like the equations. The only stage that knows the
//! runtime's paths. May assume that everything before it was right: it reports nothing.
//!
//! `types` and `docs` write what the user sees, `code` and `tables` the program, `scalar` its fused
//! functions, `info` and `backward` what the cell says about itself, `fixed` the types of fixed
//! sizes, `skeleton` what stands in for a definition with mistakes, `export` how other definitions
//! ask for this one, `mutants` what a test of tests breaks.

mod backward;
mod code;
mod docs;
mod export;
mod fixed;
mod formula;
mod info;
mod lengths;
mod mutants;
mod paths;
mod scalar;
mod shadow;
mod skeleton;
mod tables;
mod types;
mod warnings;

pub(crate) use export::export;
pub(crate) use skeleton::{skeleton, sketch};

use proc_macro2::TokenStream;
use quote::quote;

use crate::grad::Adjoint;
use crate::ir::Graph;
use crate::model::{Cell, FixedType};
use crate::plan::Schedule;

use lengths::Lengths;
use mutants::Mutants;
pub(crate) use paths::Paths;

/// The code of a cell; `graph` is the step before simplification.
pub(crate) fn emit(
    cell: &Cell,
    fixed: &[FixedType],
    graph: &Graph,
    adjoint: &Adjoint,
    schedule: &Schedule,
    paths: &Paths,
) -> TokenStream {
    let types = types::types(cell, graph, paths);
    let mut schedule = schedule.clone();
    let mutants = paths.mutants.as_ref();
    let mutants = mutants.map(|hook| Mutants::of(&mut schedule, hook));
    let lengths = Lengths::new(paths);
    let tables = tables::tables(&schedule, mutants.as_ref(), &lengths, paths);
    let maps = scalar::maps(cell, &schedule, mutants.as_ref(), paths);
    let program = code::program(cell, &schedule, mutants.as_ref(), &lengths, paths);
    let mutants = mutants.map(|m| m.list(&cell.header.name, &paths.private("Float")));
    let backward = backward::equations(cell, adjoint);
    let info = info::info(cell, graph, &schedule, &backward, &lengths, paths);
    let docs = docs::docs(cell, graph, &schedule, &backward);
    let warnings = warnings::warnings(cell);
    let (definitions, implementations) = types;
    let lints = quote!(#[allow(non_snake_case, non_upper_case_globals, non_camel_case_types, uncommon_codepoints, clippy::all)]);
    let lengths = lengths.constants();
    let dynamic = quote!(#lengths #tables #program #info #implementations);
    if fixed.is_empty() {
        let shadows = shadow::shadows(&dynamic, paths);
        return quote! {
            #docs
            #definitions
            #warnings
            #lints
            const _: () = {
                #maps
                #dynamic
                #mutants
                #shadows
            };
        };
    }
    let with_std = paths.public("__with_std");
    let (types, code): (Vec<TokenStream>, Vec<TokenStream>) = fixed
        .iter()
        .map(|fixed| fixed::fixed(cell, fixed, graph, &schedule, paths))
        .unzip();
    let shadows = shadow::shadows(&quote!(#dynamic #(#code)*), paths);
    quote! {
        #with_std! {
            #docs
            #definitions
        }
        #warnings
        #(#types)*
        #lints
        const _: () = {
            #[allow(dead_code)]
            #maps
            #with_std! {
                #dynamic
                #mutants
            }
            #(#code)*
            #shadows
        };
    }
}
