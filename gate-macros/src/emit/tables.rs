//! The schedule's memory as static tables.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Dim;
use crate::plan::{Area, Block, Instr, Kind, Schedule};

use super::mutants::Mutants;
use super::paths::Paths;

/// `static TABLES`.
pub(crate) fn tables(schedule: &Schedule, mutants: Option<&Mutants>, paths: &Paths) -> TokenStream {
    let p = |name: &str| paths.private(name);
    let buffer_spec = p("BufferSpec");
    let buffers = schedule.buffers.iter().map(|b| {
        let (name, kind, areas) = (&b.name, kind(b.kind, paths), areas(&b.areas, paths));
        quote!(#buffer_spec { name: #name, kind: #kind, areas: #areas })
    });
    let slot_spec = p("SlotSpec");
    let slots = schedule.slots.iter().map(|s| {
        let (buffer, skip, width, delay) = (
            s.buffer,
            areas(&s.skip, paths),
            areas(&s.width, paths),
            s.delay,
        );
        quote!(#slot_spec { buffer: #buffer, skip: #skip, width: #width, delay: #delay })
    });
    let weight_spec = p("WeightSpec");
    let weights = schedule.weights.iter().map(|w| {
        let (blocks, gates) = (grid(&w.blocks, paths), w.gates.unwrap_or(0));
        quote!(#weight_spec { blocks: #blocks, gates: #gates })
    });
    let grids = schedule
        .backward
        .reduce
        .iter()
        .filter_map(|instr| match instr {
            Instr::GradProduct { blocks, .. } => Some(grid(blocks, paths)),
            _ => None,
        });
    let spare = mutants.map_or(&[][..], |m| &m.spare);
    let grids = grids.chain(spare.iter().map(|blocks| grid(blocks, paths)));
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

/// A symbolic length.
pub(crate) fn extent(dim: &Dim, paths: &Paths) -> TokenStream {
    let name = paths.private("Extent");
    let terms = dim
        .terms
        .iter()
        .map(|(size, factor)| quote!((#size, #factor)));
    let (constant, divisor) = (dim.constant, dim.divisor.max(1));
    quote!(#name { terms: &[#(#terms),*], constant: #constant, divisor: #divisor })
}

/// A product of lengths.
pub(crate) fn area(area: &Area, paths: &Paths) -> TokenStream {
    let each = area.iter().map(|d| extent(d, paths));
    quote!(&[#(#each),*])
}

/// A sum of products of lengths.
fn areas(list: &[Area], paths: &Paths) -> TokenStream {
    let list = summed(list);
    let each = list.iter().map(|a| area(a, paths));
    quote!(&[#(#each),*])
}

/// The same sum with products of like lengths as one: that of many parts, each of which begins
/// where the ones before it end, would else be written once more for each part behind them.
fn summed(list: &[Area]) -> Vec<Area> {
    let mut out: Vec<Area> = Vec::new();
    for area in list {
        let Some((last, outer)) = area.split_last() else {
            out.push(Area::new());
            continue;
        };
        let like = out.iter_mut().find_map(|other| {
            let (end, begin) = other.split_last_mut()?;
            (begin == outer && end.divisor <= 1 && last.divisor <= 1).then_some(end)
        });
        match like {
            Some(end) => *end = end.sum(last),
            None => out.push(area.clone()),
        }
    }
    out
}

fn grid(blocks: &[Block], paths: &Paths) -> TokenStream {
    let name = paths.private("BlockSpec");
    let each = blocks.iter().map(|b| {
        let (slot, transposed) = (b.slot, b.transposed);
        let (columns, row, column) = (
            extent(&b.columns, paths),
            extent(&b.row, paths),
            extent(&b.column, paths),
        );
        let (k_skip, n_skip) = (areas(&b.k_skip, paths), areas(&b.n_skip, paths));
        let (k, n) = (extent(&b.k, paths), extent(&b.n, paths));
        quote! {
            #name {
                slot: #slot, columns: #columns, row: #row, column: #column, transposed: #transposed,
                k_skip: #k_skip, n_skip: #n_skip, k: #k, n: #n,
            }
        }
    });
    quote!(&[#(#each),*])
}
