//! The schedule's memory as static tables.
//!
//! Takes: a schedule. Gives: `TABLES`, by which the runtime lays memory out: buffers, slots, the
//! blocks of weights and of their gradients, and where inputs, outputs, states and gradients are.
//! What `code` calls by its index stands here in that order.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Block, Instr, Kind, Schedule};

use super::lengths::Lengths;
use super::mutants::Mutants;
use super::paths::Paths;

/// `static TABLES`.
pub(crate) fn tables(
    schedule: &Schedule,
    mutants: Option<&Mutants>,
    lengths: &Lengths<'_>,
    paths: &Paths,
) -> TokenStream {
    let p = |name: &str| paths.private(name);
    let buffer_spec = p("BufferSpec");
    let buffers = schedule.buffers.iter().map(|b| {
        let name = b.names.join(" ");
        let (kind, areas) = (kind(b.kind, paths), lengths.areas(&b.areas));
        quote!(#buffer_spec { name: #name, kind: #kind, areas: #areas })
    });
    let slot_spec = p("SlotSpec");
    let slots = schedule.slots.iter().map(|s| {
        let (buffer, skip, width, delay) = (
            s.buffer,
            lengths.areas(&s.skip),
            lengths.areas(&s.width),
            s.delay,
        );
        quote!(#slot_spec { buffer: #buffer, skip: #skip, width: #width, delay: #delay })
    });
    let weight_spec = p("WeightSpec");
    let weights = schedule.weights.iter().map(|w| {
        let (blocks, gates) = (grid(&w.blocks, lengths, paths), w.gates.unwrap_or(0));
        quote!(#weight_spec { blocks: #blocks, gates: #gates })
    });
    let grids = schedule
        .backward
        .reduce
        .iter()
        .filter_map(|instr| match instr {
            Instr::GradProduct { blocks, .. } => Some(grid(blocks, lengths, paths)),
            _ => None,
        });
    let spare = mutants.map_or(&[][..], |m| &m.spare);
    let grids = grids.chain(spare.iter().map(|blocks| grid(blocks, lengths, paths)));
    let (inputs, outputs, states) = (&schedule.inputs, &schedule.outputs, &schedule.states);
    let seeds = schedule.seeds.iter().map(option);
    let gradients = schedule.input_gradients.iter().map(option);
    let futures = schedule
        .futures
        .iter()
        .map(|(s, d, slot)| quote!((#s, #d, #slot)));
    let named = schedule.named.iter().map(|(s, slot)| quote!((#s, #slot)));
    let (forward, backward) = (&schedule.forward.packs, &schedule.backward.packs);
    let calls = [&schedule.forward, &schedule.backward].map(|pass| pass.step.len());
    let (tables, together, ahead) = (p("Tables"), schedule.together, schedule.ahead);
    quote! {
        static TABLES: #tables = #tables {
            buffers: &[#(#buffers),*],
            ahead: #ahead,
            slots: &[#(#slots),*],
            weights: &[#(#weights),*],
            grids: &[#(#grids),*],
            inputs: &[#(#inputs),*],
            outputs: &[#(#outputs),*],
            seeds: &[#(#seeds),*],
            states: &[#(#states),*],
            input_gradients: &[#(#gradients),*],
            futures: &[#(#futures),*],
            named: &[#(#named),*],
            packs: [&[#(#forward),*], &[#(#backward),*]],
            calls: [#(#calls),*],
            together: #together,
        };
    }
}

fn option(value: &Option<usize>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

fn kind(kind: Kind, paths: &Paths) -> TokenStream {
    let name = paths.private("Kind");
    match kind {
        Kind::Step => quote!(#name::Step),
        Kind::Block => quote!(#name::Block),
        Kind::Tape => quote!(#name::Tape),
        Kind::Full => quote!(#name::Full),
        Kind::History(d) => quote!(#name::History(#d)),
        Kind::Carried(d) => quote!(#name::Carried(#d)),
        Kind::Again(d) => quote!(#name::Again(#d)),
        Kind::Future(d) => quote!(#name::Future(#d)),
        Kind::Ahead(d) => quote!(#name::Ahead(#d)),
        Kind::Shared => quote!(#name::Shared),
        Kind::Param(s) => quote!(#name::Param(#s)),
        Kind::Gradient(s) => quote!(#name::Gradient(#s)),
        Kind::Hyper(s) => quote!(#name::Hyper(#s)),
        Kind::Total => quote!(#name::Total),
        Kind::Sum => quote!(#name::Sum),
    }
}

fn grid(blocks: &[Block], lengths: &Lengths<'_>, paths: &Paths) -> TokenStream {
    let name = paths.private("BlockSpec");
    let each = blocks.iter().map(|b| {
        let (slot, transposed) = (b.slot, b.transposed);
        let [columns, row, column, k, n] =
            [&b.columns, &b.row, &b.column, &b.k, &b.n].map(|length| lengths.extent(length));
        let [k_skip, n_skip] = [&b.k_skip, &b.n_skip].map(|skip| lengths.areas(skip));
        quote! {
            #name {
                slot: #slot, columns: #columns, row: #row, column: #column, transposed: #transposed,
                k_skip: #k_skip, n_skip: #n_skip, k: #k, n: #n,
            }
        }
    });
    quote!(&[#(#each),*])
}
