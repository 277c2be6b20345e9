//! What is made of the parameters before the first step: packed weights, values that depend on
//! parameters only.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::model::{InitialState, Role, Shape};
use crate::plan::{Instr, Kind};

use super::super::paths::{ident, local};
use super::context::Fixed;
use super::memory::Memory;
use super::names::{buffer_name, initial_name, weight_name};
use super::step::instruction;

/// The buffers of shared values that steps read, beside weights.
fn kept(fixed: &Fixed<'_>) -> Vec<usize> {
    let forward = &fixed.schedule.forward;
    let steps = forward
        .before
        .iter()
        .chain(&forward.step)
        .chain(&forward.after);
    let mut slots: Vec<usize> = steps.flat_map(Instr::reads).collect();
    slots.extend(&fixed.schedule.outputs);
    slots.extend(&fixed.schedule.states);
    shared(fixed, slots)
}

/// The shared buffers among those of some slots.
fn shared(fixed: &Fixed<'_>, slots: Vec<usize>) -> Vec<usize> {
    let is_shared = |&slot: &usize| {
        matches!(
            fixed.kind(slot),
            Kind::Param(_) | Kind::Hyper(_) | Kind::Shared
        )
    };
    let mut buffers: Vec<usize> = slots
        .into_iter()
        .filter(is_shared)
        .map(|slot| fixed.schedule.slots[slot].buffer)
        .collect();
    buffers.sort_unstable();
    buffers.dedup();
    buffers
}

/// The weights that the forward pass multiplies by.
fn used<'a>(fixed: &Fixed<'a>) -> &'a [usize] {
    &fixed.schedule.forward.packs
}

/// The parameters of trained initial states.
fn initial(fixed: &Fixed<'_>) -> Vec<usize> {
    let states = fixed.graph.states.iter();
    let trained = states.filter_map(|state| match fixed.cell.symbols[state.symbol].role {
        Role::State(InitialState::Trainable(parameter)) => Some(parameter),
        _ => None,
    });
    trained.collect()
}

/// The type's fields: `name: type`.
pub(super) fn fields(fixed: &Fixed<'_>) -> Vec<TokenStream> {
    let weights = used(fixed).iter().map(|&weight| {
        let (name, (k, n)) = (weight_name(weight), fixed.weight_size(weight));
        quote!(#name: [[A; #n]; #k])
    });
    let values = kept(fixed).into_iter().map(|buffer| {
        let (name, length) = (buffer_name(buffer), fixed.buffer(buffer));
        quote!(#name: [A; #length])
    });
    let initial = initial(fixed).into_iter().map(|symbol| {
        let name = initial_name(symbol);
        let array = fixed.array(&fixed.cell.symbols[symbol].shape);
        quote!(#name: #array)
    });
    weights.chain(values).chain(initial).collect()
}

/// `new`, and the work behind it where it is more than moving numbers.
pub(super) fn prepare(fixed: &Fixed<'_>) -> TokenStream {
    let [name, params, _] = fixed.names();
    let (number, given) = (fixed.paths.private("Number"), local("params"));
    let doc = format!(
        " The cell of these parameters{}.",
        if constant(fixed) {
            "; in constants too"
        } else {
            ""
        }
    );
    let build = build(fixed);
    if constant(fixed) {
        return quote! {
            impl<A: #number> #name<A> {
                #[doc = #doc]
                pub const fn new(#given: &#params<A>) -> Self { #build }
            }
        };
    }
    let (mode, body, dispatch) = (
        fixed.paths.private("Mode"),
        fixed.primitive("Body"),
        fixed.primitive("dispatch"),
    );
    quote! {
        struct __Prepare<'a, A: #number> { #given: &'a #params<A> }
        impl<A: #number> #body for __Prepare<'_, A> {
            type Output = #name<A>;
            #[inline(always)]
            fn run<__M: #mode>(self) -> Self::Output {
                let __Prepare { #given } = self;
                #build
            }
        }
        impl<A: #number> #name<A> {
            #[doc = #doc]
            pub fn new(#given: &#params<A>) -> Self { #dispatch(__Prepare { #given }) }
        }
    }
}

/// Whether making the cell is no arithmetic: no more than copies of parameters.
fn constant(fixed: &Fixed<'_>) -> bool {
    let copies = |instr: &Instr| match instr {
        Instr::Copy { of, .. } => parameter(fixed, fixed.schedule.slots[*of].buffer).is_some(),
        _ => false,
    };
    fixed.schedule.forward.once.iter().all(copies)
}

/// Copies in code for constants.
fn copies(fixed: &Fixed<'_>, once: &[Instr]) -> TokenStream {
    let (number, placed) = (fixed.paths.private("Number"), fixed.primitive("placed"));
    let mut declared = Vec::new();
    let mut code = TokenStream::new();
    for instr in once {
        let Instr::Copy { of, out } = instr else {
            continue;
        };
        let (from, to) = (&fixed.schedule.slots[*of], &fixed.schedule.slots[*out]);
        let (source, target) = (buffer_name(from.buffer), buffer_name(to.buffer));
        let (width, length) = (fixed.width(*out), fixed.buffer(to.buffer));
        if !declared.contains(&to.buffer) {
            declared.push(to.buffer);
            code.extend(quote! {
                let mut #target: [A; #length] = [<A as #number>::NOTHING; #length];
            });
        }
        let first = fixed.skip(to);
        code.extend(quote! {
            #target = #placed::<A, #first, #width, #length>(#target, &#source);
        });
    }
    code
}

/// From `params` to the cell.
fn build(fixed: &Fixed<'_>) -> TokenStream {
    let [name, ..] = fixed.names();
    let given = local("params");
    let once = &fixed.schedule.forward.once;
    let kept = kept(fixed);
    let mut read = kept.clone();
    read.extend(shared(fixed, once.iter().flat_map(Instr::reads).collect()));
    read.sort_unstable();
    read.dedup();
    let mut code = TokenStream::new();
    for &buffer in &read {
        let (local, length) = (buffer_name(buffer), fixed.buffer(buffer));
        if let Some((field, value)) = parameter(fixed, buffer) {
            let value = match value {
                Shape::Scalar => quote!([#given.#field]),
                Shape::Vector(_) => quote!(#given.#field),
                Shape::Matrix(m, n) => {
                    let (m, n) = (m.of(&fixed.of.sizes), n.of(&fixed.of.sizes));
                    let flat = fixed.primitive("flat");
                    quote!(#flat::<A, #m, #n, #length>(&#given.#field))
                }
            };
            code.extend(quote!(let #local: [A; #length] = #value;));
        }
    }
    let mut memory = Memory::new(fixed, |buffer| {
        let name = buffer_name(buffer);
        quote!(#name)
    });
    match constant(fixed) {
        true => code.extend(copies(fixed, once)),
        false => {
            for instr in once {
                instruction(&mut memory, instr, &mut code);
            }
        }
    }
    let weights: Vec<Ident> = used(fixed).iter().map(|&w| weight_name(w)).collect();
    for &weight in used(fixed) {
        code.extend(pack(fixed, weight));
    }
    let values = kept.iter().map(|&buffer| buffer_name(buffer));
    let initial = initial(fixed).into_iter().map(|symbol| {
        let (name, field) = (
            initial_name(symbol),
            ident(&fixed.cell.symbols[symbol].ident),
        );
        quote!(#name: #given.#field)
    });
    let marker = fields(fixed)
        .is_empty()
        .then(|| quote!(__scalar: ::core::marker::PhantomData));
    quote! {
        #code
        #name { #(#weights,)* #(#values,)* #(#initial,)* #marker }
    }
}

/// The parameter or hyper-parameter that a buffer holds: its field, its shape.
fn parameter<'a>(fixed: &Fixed<'a>, buffer: usize) -> Option<(Ident, &'a Shape)> {
    match fixed.schedule.buffers[buffer].kind {
        Kind::Param(symbol) | Kind::Hyper(symbol) => {
            let symbol = &fixed.cell.symbols[symbol];
            Some((ident(&symbol.ident), &symbol.shape))
        }
        _ => None,
    }
}

/// `let w = …;` from the matrices that the weight is made of.
fn pack(fixed: &Fixed<'_>, weight: usize) -> TokenStream {
    let (name, (k, n)) = (weight_name(weight), fixed.weight_size(weight));
    let (given, number) = (local("params"), fixed.paths.private("Number"));
    let (packed, cut) = (fixed.primitive("packed"), fixed.primitive("Cut"));
    let sizes = &fixed.of.sizes;
    let mut code = quote! {
        let mut #name: [[A; #n]; #k] = [[<A as #number>::NOTHING; #n]; #k];
    };
    for block in &fixed.schedule.weights[weight].blocks {
        let slot = &fixed.schedule.slots[block.slot];
        let (source, rows, columns) = match parameter(fixed, slot.buffer) {
            Some((field, Shape::Matrix(m, n))) => {
                (quote!(&#given.#field), m.of(sizes), n.of(sizes))
            }
            Some((field, Shape::Vector(n))) => {
                let field = quote!(::core::array::from_ref(&#given.#field));
                (field, 1, n.of(sizes))
            }
            _ => {
                let local = buffer_name(slot.buffer);
                let local = quote!(::core::array::from_ref(&#local));
                (local, 1, fixed.buffer(slot.buffer))
            }
        };
        let width = block.columns.of(sizes);
        let start = fixed.skip(slot) + block.row.of(sizes) * width + block.column.of(sizes);
        let (k_stride, n_stride) = if block.transposed {
            (1, width)
        } else {
            (width, 1)
        };
        let (k_offset, n_offset) = (fixed.elements(&block.k_skip), fixed.elements(&block.n_skip));
        let (k_len, n_len) = (block.k.of(sizes), block.n.of(sizes));
        code.extend(quote! {
            #name = #packed::<A, #rows, #columns, #k, #n>(#name, #source, #cut {
                start: #start, k_stride: #k_stride, n_stride: #n_stride,
                k_offset: #k_offset, n_offset: #n_offset, k: #k_len, n: #n_len,
            });
        });
    }
    code
}
