//! Instructions on arrays, and the body of the step.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Mask;
use crate::model::Dim;
use crate::plan::{Instr, SlotId};

use super::super::paths::{ident, local};
use super::super::scalar::map_name;
use super::context::Fixed;
use super::matrices::{by_elements, in_place, of_matrix};
use super::memory::Memory;
use super::names::{buffer_name, input_name, output, weight_name};

/// The work of a step, for any instruction set.
pub(super) fn step(fixed: &Fixed<'_>) -> TokenStream {
    let [name, _, state_name] = fixed.names();
    let (number, mode, body) = (
        fixed.paths.private("Number"),
        fixed.paths.private("Mode"),
        fixed.primitive("Body"),
    );
    let (cell, state) = (local("cell"), local("state"));
    let names: Vec<_> = (0..fixed.inputs().count()).map(input_name).collect();
    let types: Vec<_> = fixed
        .inputs()
        .map(|(_, symbol)| fixed.array(&symbol.shape))
        .collect();
    let output = output(fixed);
    let mut memory = Memory::new(fixed, |buffer| {
        let (cell, field) = (local("cell"), buffer_name(buffer));
        quote!(#cell.#field)
    });
    let mut code = TokenStream::new();
    let forward = &fixed.schedule.forward;
    let sections = [&forward.before, &forward.step, &forward.after];
    let instrs: Vec<&Instr> = sections.into_iter().flatten().collect();
    memory.in_place = in_place(fixed, &instrs);
    for instr in instrs {
        instruction(&mut memory, instr, &mut code);
    }
    let end = end(&mut memory, &mut code);
    quote! {
        struct __Step<'a, A: #number> {
            #cell: &'a #name<A>,
            #state: &'a mut #state_name<A>,
            #(#names: &'a #types,)*
        }
        impl<A: #number> #body for __Step<'_, A> {
            type Output = #output;
            #[inline(always)]
            fn run<__M: #mode>(self) -> Self::Output {
                let __Step { #cell, #state, #(#names),* } = self;
                #code
                #end
            }
        }
    }
}

/// The outputs are taken, the states replaced.
fn end(memory: &mut Memory<'_>, out: &mut TokenStream) -> TokenStream {
    let fixed = memory.fixed;
    let state_ = local("state");
    let mut outputs = Vec::new();
    for (&symbol, &slot) in fixed.cell.outputs.iter().zip(&fixed.schedule.outputs) {
        let value = memory.read(slot, out);
        let value = fixed.shaped(&fixed.cell.symbols[symbol].shape, &value);
        let name = memory.temporary();
        out.extend(quote!(let #name = #value;));
        outputs.push(name);
    }
    let mut updates = TokenStream::new();
    for (state, &slot) in fixed.graph.states.iter().zip(&fixed.schedule.states) {
        if memory.in_place.contains(&fixed.schedule.slots[slot].buffer) {
            continue;
        }
        let symbol = &fixed.cell.symbols[state.symbol];
        let value = memory.read(slot, out);
        let value = fixed.shaped(&symbol.shape, &value);
        let (name, field) = (memory.temporary(), ident(&symbol.ident));
        out.extend(quote!(let #name = #value;));
        let shift = fixed.primitive("shift");
        updates.extend(match state.depth {
            1 => quote!(#state_.#field = #name;),
            _ => quote!(#shift(&mut #state_.#field, #name);),
        });
    }
    quote! {
        #updates
        (#(#outputs),*)
    }
}

/// One instruction of the forward pass.
pub(super) fn instruction(memory: &mut Memory<'_>, instr: &Instr, out: &mut TokenStream) {
    let fixed = memory.fixed;
    match instr {
        Instr::Map {
            map,
            inputs,
            outputs,
        } => elementwise(memory, *map, Vec::new(), inputs, outputs, out),
        Instr::Matrix {
            map,
            lines,
            columns,
            inputs,
            outputs,
        } => by_elements(memory, *map, (lines, columns), (inputs, outputs), out),
        Instr::Stage {
            products,
            bases,
            map,
            inputs,
            outputs,
        } => stage(memory, (products, bases), (*map, inputs, outputs), out),
        Instr::Product {
            left,
            weight,
            out: target,
            base,
        } => {
            let sums = base.map(|base| {
                let base = memory.read(base, out);
                quote!(*#base)
            });
            let value = product(memory, *left, *weight, sums, out);
            memory.write(*target, value, out);
        }
        Instr::Zero { out: target } => {
            let width = fixed.width(*target);
            let value = quote!([<A as ::core::default::Default>::default(); #width]);
            memory.write(*target, value, out);
        }
        Instr::Copy { of, out: target } => {
            let value = memory.read(*of, out);
            memory.write(*target, quote!(*#value), out);
        }
        Instr::Mask {
            kind,
            chance,
            out: target,
            ..
        } => {
            let (width, spread) = (fixed.width(*target), fixed.primitive("spread"));
            let chance = memory.read(*chance, out);
            let value = match kind {
                Mask::Dropout => quote!([A::convert(1.0); #width]),
                Mask::Zoneout => quote!(#spread::<A, #width>(#chance)),
            };
            memory.write(*target, value, out);
        }
        other => whole(memory, other, out),
    }
}

/// Operations on whole vectors and matrices.
fn whole(memory: &mut Memory<'_>, instr: &Instr, out: &mut TokenStream) {
    let fixed = memory.fixed;
    let of = |dim: &Dim| dim.of(&fixed.of.sizes);
    let width = |slot: &SlotId| fixed.width(*slot);
    let (target, value) = match instr {
        Instr::Sum { of, out: target } => {
            let (n, x) = (width(of), memory.read(*of, out));
            (target, fixed.call("sum", quote!(A, #n), x))
        }
        Instr::Largest { of, out: target } => {
            let (n, x) = (width(of), memory.read(*of, out));
            (target, fixed.call("largest", quote!(A, #n), x))
        }
        Instr::CumSum {
            of,
            reversed,
            out: target,
        } => {
            let (n, x) = (width(of), memory.read(*of, out));
            let value = fixed.call("cumsum", quote!(A, #n), quote!(#x, #reversed));
            (target, value)
        }
        Instr::Outer {
            left,
            right,
            out: target,
        } => {
            let (m, n, l) = (width(left), width(right), width(target));
            let (u, v) = (memory.read(*left, out), memory.read(*right, out));
            let value = fixed.call("outer", quote!(A, #m, #n, #l), quote!(#u, #v));
            (target, value)
        }
        Instr::Identity {
            columns,
            out: target,
        } => {
            let (l, columns) = (width(target), of(columns));
            let value = fixed.call("identity", quote!(A, #l), quote!(#columns));
            (target, value)
        }
        Instr::Length {
            of: dim,
            out: target,
        } => {
            let length = of(dim) as f64;
            (target, quote!([A::convert(#length)]))
        }
        other => of_matrix(memory, other, out),
    };
    memory.write(*target, value, out);
}

/// A product, on top of `sums` if there are any.
fn product(
    memory: &mut Memory<'_>,
    left: SlotId,
    weight: usize,
    sums: Option<TokenStream>,
    out: &mut TokenStream,
) -> TokenStream {
    let fixed = memory.fixed;
    let (k, n) = fixed.weight_size(weight);
    let (cell, field) = (local("cell"), weight_name(weight));
    let left = memory.read(left, out);
    match sums {
        None => {
            let product = fixed.primitive("product");
            quote!(#product::<__M, A, #k, #n>(#left, &#cell.#field))
        }
        Some(sums) => {
            let product = fixed.primitive("product_add");
            quote!(#product::<__M, A, #k, #n>(#sums, #left, &#cell.#field))
        }
    }
}

/// Products, and a function of their equal parts and of further operands.
fn stage(
    memory: &mut Memory<'_>,
    (products, bases): (&[(SlotId, usize)], &[Option<SlotId>]),
    (map, inputs, outputs): (usize, &[SlotId], &[SlotId]),
    out: &mut TokenStream,
) {
    let fixed = memory.fixed;
    let part = fixed.primitive("part");
    let mut parts = Vec::new();
    for &(left, weight) in products {
        let (_, n) = fixed.weight_size(weight);
        let groups = fixed.schedule.weights[weight].gates.unwrap_or(1).max(1);
        let width = n / groups;
        let value = product(memory, left, weight, None, out);
        let name = memory.temporary();
        out.extend(quote!(let #name = #value;));
        for group in 0..groups {
            let from = group * width;
            let base = bases.get(parts.len()).copied().flatten();
            let base = base.map(|base| memory.read(base, out));
            parts.push((quote!(#part::<A, #from, #width>(&#name)), base));
        }
    }
    elementwise(memory, map, parts, inputs, outputs, out);
}

/// A fused function of `parts`, each with its base, and of further operands.
fn elementwise(
    memory: &mut Memory<'_>,
    map: usize,
    parts: Vec<(TokenStream, Option<TokenStream>)>,
    inputs: &[SlotId],
    outputs: &[SlotId],
    out: &mut TokenStream,
) {
    let fixed = memory.fixed;
    let Some(&first) = outputs.first() else {
        return;
    };
    let (width, spread) = (fixed.width(first), fixed.primitive("spread"));
    let none = quote!(::core::option::Option::None);
    let (mut operands, mut bases) = (Vec::new(), Vec::new());
    for (part, base) in parts {
        operands.push(part);
        bases.push(base.map_or(
            none.clone(),
            |base| quote!(::core::option::Option::Some(#base)),
        ));
    }
    for &input in inputs {
        let value = memory.read(input, out);
        operands.push(match fixed.width(input) == width {
            true => value,
            false => quote!(&#spread::<A, #width>(#value)),
        });
        bases.push(none.clone());
    }
    let (i, o) = (operands.len(), outputs.len());
    let (function, name) = (fixed.primitive("map"), map_name(map));
    let names: Vec<_> = outputs.iter().map(|_| memory.temporary()).collect();
    out.extend(quote! {
        let [#(#names),*] = #function::<__M, A, #name, #i, #o, #width>([#(#operands),*], [#(#bases),*]);
    });
    for (name, &output) in names.iter().zip(outputs) {
        memory.write(output, quote!(#name), out);
    }
}
