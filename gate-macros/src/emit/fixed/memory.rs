//! Slots as places: locals of the step, fields of the cell, of the state, arguments.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ir::State;
use crate::plan::{Kind, SlotId};

use super::super::paths::{ident, local};
use super::context::Fixed;
use super::names::{buffer_name, input_name};

/// Where values are while code is written.
pub(super) struct Memory<'a> {
    pub(super) fixed: &'a Fixed<'a>,
    /// How shared values are named: fields of the cell in the step, locals while it is made.
    shared: fn(usize) -> TokenStream,
    /// Buffers that have a local.
    declared: Vec<bool>,
    /// Buffers of states that are replaced where they stand: there are their values of this step.
    pub(super) in_place: Vec<usize>,
    temporaries: usize,
}

impl<'a> Memory<'a> {
    pub(super) fn new(fixed: &'a Fixed<'a>, shared: fn(usize) -> TokenStream) -> Memory<'a> {
        Memory {
            fixed,
            shared,
            declared: vec![false; fixed.schedule.buffers.len()],
            in_place: Vec::new(),
            temporaries: 0,
        }
    }

    /// A name that is not used yet.
    pub(super) fn temporary(&mut self) -> Ident {
        self.temporaries += 1;
        local(&format!("t{}", self.temporaries))
    }

    /// The elements of a slot as `&[A; width]`.
    pub(super) fn read(&mut self, slot: SlotId, out: &mut TokenStream) -> TokenStream {
        let fixed = self.fixed;
        let spec = &fixed.schedule.slots[slot];
        let (skip, width, length) = fixed.within(slot);
        let base = match fixed.schedule.buffers[spec.buffer].kind {
            Kind::Param(_) | Kind::Hyper(_) | Kind::Shared => {
                let place = (self.shared)(spec.buffer);
                quote!(&#place)
            }
            _ if spec.delay > 0 => self.past(spec.buffer, spec.delay),
            _ => self.present(spec.buffer, out),
        };
        if width == length {
            return quote!((#base));
        }
        let part = fixed.primitive("part");
        quote!(#part::<A, #skip, #width>(#base))
    }

    /// A value of this step.
    fn present(&mut self, buffer: usize, out: &mut TokenStream) -> TokenStream {
        let fixed = self.fixed;
        let inputs = fixed.inputs().zip(&fixed.schedule.inputs);
        for (i, ((_, symbol), &slot)) in inputs.enumerate() {
            if fixed.schedule.slots[slot].buffer == buffer {
                let name = input_name(i);
                return fixed.flat(&symbol.shape, &quote!((*#name)));
            }
        }
        if self.in_place.contains(&buffer) {
            return self.past(buffer, 1);
        }
        self.declare(buffer, out);
        let name = buffer_name(buffer);
        quote!(&#name)
    }

    /// A value of an earlier step.
    fn past(&self, buffer: usize, delay: isize) -> TokenStream {
        let fixed = self.fixed;
        let state = self.state(buffer);
        let symbol = &fixed.cell.symbols[state.symbol];
        let (field, back) = (ident(&symbol.ident), delay.unsigned_abs() - 1);
        let state_ = local("state");
        let place = match state.depth {
            1 => quote!(#state_.#field),
            _ => quote!(#state_.#field[#back]),
        };
        fixed.flat(&symbol.shape, &place)
    }

    fn declare(&mut self, buffer: usize, out: &mut TokenStream) {
        if !std::mem::replace(&mut self.declared[buffer], true) {
            let (name, length) = (buffer_name(buffer), self.fixed.buffer(buffer));
            out.extend(quote! {
                let mut #name: [A; #length] = [<A as ::core::default::Default>::default(); #length];
            });
        }
    }

    /// The place of a slot that is one whole buffer and has no value yet, as elements to write to.
    pub(super) fn fresh(&mut self, slot: SlotId, out: &mut TokenStream) -> Option<TokenStream> {
        let fixed = self.fixed;
        let buffer = fixed.schedule.slots[slot].buffer;
        if self.in_place.contains(&buffer) {
            let (state_, field) = (local("state"), self.field(buffer));
            return Some(quote!(#state_.#field.as_flattened_mut()[..]));
        }
        let whole = fixed.width(slot) == fixed.buffer(buffer) && !self.declared[buffer];
        whole.then(|| {
            self.declare(buffer, out);
            let name = buffer_name(buffer);
            quote!(#name[..])
        })
    }

    /// The state whose values stand in a buffer.
    fn state(&self, buffer: usize) -> &'a State {
        let fixed = self.fixed;
        let mut states = fixed.graph.states.iter().zip(&fixed.schedule.states);
        let found = states.find(|(_, slot)| fixed.schedule.slots[**slot].buffer == buffer);
        found.expect("what is read later is a state").0
    }

    fn field(&self, buffer: usize) -> Ident {
        ident(&self.fixed.cell.symbols[self.state(buffer).symbol].ident)
    }

    /// Sets a slot to a value of type `[A; width]`.
    pub(super) fn write(&mut self, slot: SlotId, value: TokenStream, out: &mut TokenStream) {
        let fixed = self.fixed;
        let spec = &fixed.schedule.slots[slot];
        let (skip, width, length) = fixed.within(slot);
        let name = buffer_name(spec.buffer);
        if width < length {
            self.declare(spec.buffer, out);
            let put = fixed.primitive("put");
            out.extend(quote!(#put::<A, #skip, #width>(&mut #name, &#value);));
        } else if std::mem::replace(&mut self.declared[spec.buffer], true) {
            out.extend(quote!(#name = #value;));
        } else {
            out.extend(quote!(let mut #name: [A; #length] = #value;));
        }
    }
}
