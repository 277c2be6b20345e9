//! Types of fixed sizes: parameters and states as arrays, a step that needs `core` alone.
//!
//! Takes: the schedule's forward pass, and a number for each size. Gives: the types, and their
//! code: the same instructions as those of the dynamic type, on arrays instead of slots.
//! `context` knows the lengths, `memory` where a slot is; `step` and `matrices` write the
//! instructions, `weights` what is made of the parameters before, `types` what the user sees.

mod context;
mod matrices;
mod memory;
mod names;
mod step;
mod types;
mod weights;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Graph;
use crate::model::{Cell, FixedType};
use crate::plan::Schedule;

use super::paths::Paths;
use context::Fixed;

/// `(types, code)` of one type; the types stand in the user's module, the code beside the
/// element-wise functions.
pub(crate) fn fixed(
    cell: &Cell,
    of: &FixedType,
    graph: &Graph,
    schedule: &Schedule,
    paths: &Paths,
) -> (TokenStream, TokenStream) {
    let fixed = Fixed {
        cell,
        of,
        graph,
        schedule,
        paths,
    };
    let (definitions, methods) = (types::definitions(&fixed), types::methods(&fixed));
    let (prepare, step) = (weights::prepare(&fixed), step::step(&fixed));
    let code = quote! {
        #[allow(unused_variables, unused_mut, unused_assignments, unused_parens, dead_code)]
        const _: () = {
            #prepare
            #step
            #methods
        };
    };
    (definitions, code)
}

/// The types of a definition with mistakes, whose methods have no code.
pub(crate) fn sketch(cell: &Cell, of: &FixedType, graph: &Graph, paths: &Paths) -> TokenStream {
    let schedule = &Schedule::default();
    let fixed = Fixed {
        cell,
        of,
        graph,
        schedule,
        paths,
    };
    let (definitions, methods) = (types::definitions(&fixed), types::sketched_methods(&fixed));
    quote! {
        #definitions
        #[allow(unused_variables, uncommon_codepoints, non_snake_case)]
        const _: () = { #methods };
    }
}
