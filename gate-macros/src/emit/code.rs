//! Instructions as calls of runtime primitives.
//!
//! Takes: the instructions of every section. Gives: the implementation of the runtime's `Program`,
//! a function for each section that has any, and constants that name the slots. A primitive is the
//! method of the runtime's `Kernel` that has the instruction's name.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use crate::ir::Mask;
use crate::model::{Cell, Dim};
use crate::plan::{Instr, Schedule, SlotId};

use super::lengths::Lengths;
use super::mutants::Mutants;
use super::paths::{Paths, local};
use super::scalar::map_name;

/// The implementation of the program: the sections that have instructions.
pub(crate) fn program(
    cell: &Cell,
    schedule: &Schedule,
    mutants: Option<&Mutants>,
    lengths: &Lengths<'_>,
    paths: &Paths,
) -> TokenStream {
    let mut writer = Writer {
        schedule,
        lengths,
        names: slot_names(schedule),
        named: RefCell::default(),
        grids: 0,
        mutants: None,
    };
    let (forward, backward) = (&schedule.forward, &schedule.backward);
    let ahead: [(&str, &Vec<Instr>); 5] = [
        ("forward_once", &forward.once),
        ("forward_before", &forward.before),
        ("forward_step", &forward.step),
        ("forward_after", &forward.after),
        ("forward_again", &schedule.again),
    ];
    let back: [(&str, &Vec<Instr>); 7] = [
        ("backward_once", &backward.once),
        ("backward_before", &backward.before),
        ("backward_step", &backward.step),
        ("backward_after", &backward.after),
        ("backward_reduce", &backward.reduce),
        ("backward_rows", &backward.rows),
        ("backward_finish", &backward.finish),
    ];
    let calls_of = paths.private("Calls");
    let ahead = ahead.into_iter().map(|section| (section, None));
    let sections = ahead.chain(back.into_iter().map(|section| (section, mutants)));
    let needed = sections.filter(|((_, instrs), _)| !instrs.is_empty());
    let functions = needed.map(|((name, instrs), mutants)| {
        writer.mutants = mutants;
        let (name, k) = (format_ident!("{name}"), local("k"));
        let calls: Vec<TokenStream> = instrs.iter().map(|i| writer.instruction(&k, i)).collect();
        quote!(fn #name(#k: &mut #calls_of<A>) { #(#calls)* })
    });
    let functions: Vec<TokenStream> = functions.collect();
    let constants = writer.constants();
    let (float, program, tables) = (
        paths.private("Float"),
        paths.private("Program"),
        paths.private("Tables"),
    );
    let name = &cell.header.name;
    quote! {
        #constants
        impl<A: #float> #program<A> for #name<A> {
            const TABLES: &'static #tables = &TABLES;
            #(#functions)*
        }
    }
}

/// A name for each slot, after the values in it.
fn slot_names(schedule: &Schedule) -> Vec<Ident> {
    let mut taken: Vec<String> = Vec::new();
    let mut out = Vec::new();
    for slot in &schedule.slots {
        let buffer = &schedule.buffers[slot.buffer];
        let inside = slot.skip.len()..slot.skip.len() + slot.width.len();
        let base = match buffer.names.get(inside) {
            Some(names) if !names.is_empty() => names.join("_"),
            _ => buffer.names.join("_"),
        };
        let base = match slot.delay {
            0 => base,
            1 => format!("{base}_prev"),
            d if d > 0 => format!("{base}_prev{d}"),
            d => format!("{base}_{}", -d),
        };
        let mut fresh = base.clone();
        let mut count = 2;
        while taken.contains(&fresh) {
            fresh = format!("{base}_{count}");
            count += 1;
        }
        out.push(local(&fresh));
        taken.push(fresh);
    }
    out
}

struct Writer<'a> {
    schedule: &'a Schedule,
    lengths: &'a Lengths<'a>,
    names: Vec<Ident>,
    /// The slots that the code has named.
    named: RefCell<BTreeSet<SlotId>>,
    /// Gradient products so far: the next one's index among the grids of the tables.
    grids: usize,
    /// In the backward pass of a cell whose terms can be broken.
    mutants: Option<&'a Mutants>,
}

impl Writer<'_> {
    /// The indices of slots under their names, as far as the code has them.
    fn constants(&self) -> TokenStream {
        let named = self.named.borrow();
        if named.is_empty() {
            return TokenStream::new();
        }
        let each = named.iter().map(|&slot| {
            let name = &self.names[slot];
            quote!(pub(super) const #name: usize = #slot;)
        });
        // A module of their own, since a local of an equation's name must not meet a constant.
        quote! {
            mod at {
                use ::core::primitive::usize;
                #(#each)*
            }
        }
    }

    fn at(&self, slot: &SlotId) -> TokenStream {
        self.named.borrow_mut().insert(*slot);
        let name = &self.names[*slot];
        quote!(at::#name)
    }

    fn list(&self, slots: &[SlotId]) -> TokenStream {
        let each = slots.iter().map(|s| self.at(s));
        quote!(&[#(#each),*])
    }

    fn instruction(&mut self, k: &Ident, instr: &Instr) -> TokenStream {
        let plain = self.call(k, instr, None);
        let out = match self.mutants {
            Some(mutants) => {
                let place = plain.to_string().replace(' ', "");
                mutants.call(&place, self.call(k, instr, Some((mutants, &place))))
            }
            None => plain,
        };
        self.grids += usize::from(matches!(instr, Instr::GradProduct { .. }));
        out
    }

    /// One call; its terms can be broken where `breaks` says so.
    fn call(&self, k: &Ident, instr: &Instr, breaks: Option<(&Mutants, &str)>) -> TokenStream {
        match instr {
            Instr::Map {
                map,
                inputs,
                outputs,
            } => self.map(k, "map", *map, inputs, outputs),
            Instr::MapSum {
                map,
                inputs,
                outputs,
            } => self.map(k, "map_sum", *map, inputs, outputs),
            Instr::Matrix {
                map,
                lines,
                columns,
                inputs,
                outputs,
            } => self.matrix(k, "matrix", *map, (lines, columns), (inputs, outputs)),
            Instr::MatrixSum {
                map,
                lines,
                columns,
                inputs,
                outputs,
            } => self.matrix(k, "matrix_sum", *map, (lines, columns), (inputs, outputs)),
            Instr::Stage {
                products,
                bases,
                map,
                inputs,
                outputs,
            } => self.stage(k, (products, bases), (*map, inputs, outputs), breaks),
            Instr::Product {
                left,
                weight,
                out,
                base,
            } => {
                let base = self.base(base.as_ref(), Some(out), breaks);
                let (left, out) = (self.at(left), self.at(out));
                let weight = broken(breaks, quote!(#weight), |m, place| m.weight(place, *weight));
                quote!(#k.product(#left, #weight, #out, #base);)
            }
            Instr::CumSum { of, reversed, out } => {
                let (of, out) = (self.at(of), self.at(out));
                let reversed = broken(breaks, quote!(#reversed), |m, place| {
                    m.flag(place, "direction inverted", *reversed)
                });
                quote!(#k.cumsum(#of, #reversed, #out);)
            }
            Instr::GradProduct { left, right, .. } => {
                let (left, right, grid) = (self.at(left), self.at(right), self.grids);
                let grid = broken(breaks, quote!(#grid), |m, place| m.grid(place, grid));
                quote!(#k.grad_product(#left, #right, #grid);)
            }
            other => self.plain(k, other),
        }
    }

    /// A call of a primitive with nothing but places and lengths.
    fn plain(&self, k: &Ident, instr: &Instr) -> TokenStream {
        let at = |s: &SlotId| self.at(s);
        let length = |d: &Dim| self.lengths.extent(d).to_token_stream();
        let (name, arguments) = match instr {
            Instr::Sum { of, out } => ("sum", vec![at(of), at(out)]),
            Instr::Largest { of, out } => ("largest", vec![at(of), at(out)]),
            Instr::Copy { of, out } => ("copy", vec![at(of), at(out)]),
            Instr::Add { of, out } => ("add", vec![at(of), at(out)]),
            Instr::Zero { out } => ("zero", vec![at(out)]),
            Instr::Outer { left, right, out } => ("outer", vec![at(left), at(right), at(out)]),
            Instr::MatVec {
                matrix,
                vector,
                transposed,
                out,
            } => {
                let transposed = quote!(#transposed);
                ("mat_vec", vec![at(matrix), at(vector), transposed, at(out)])
            }
            Instr::MatMat {
                left,
                right,
                inner,
                out,
            } => ("mat_mat", vec![at(left), at(right), length(inner), at(out)]),
            Instr::Transpose { of, columns, out } => {
                ("transpose", vec![at(of), length(columns), at(out)])
            }
            Instr::Identity { columns, out } => ("identity", vec![length(columns), at(out)]),
            Instr::Length { of, out } => ("length", vec![length(of), at(out)]),
            Instr::TakeColumns {
                of,
                columns,
                from,
                width,
                out,
            } => (
                "take_columns",
                self.columns(of, [columns, from, width], out),
            ),
            Instr::PutColumns {
                of,
                columns,
                from,
                width,
                out,
            } => ("put_columns", self.columns(of, [columns, from, width], out)),
            Instr::Mask {
                kind,
                index,
                chance,
                out,
            } => {
                let dropout = *kind == Mask::Dropout;
                let arguments = vec![quote!(#dropout), quote!(#index), at(chance), at(out)];
                ("mask", arguments)
            }
            // Those that `call` writes itself.
            Instr::Map { .. }
            | Instr::MapSum { .. }
            | Instr::Matrix { .. }
            | Instr::MatrixSum { .. }
            | Instr::Stage { .. }
            | Instr::Product { .. }
            | Instr::CumSum { .. }
            | Instr::GradProduct { .. } => return TokenStream::new(),
        };
        let name = format_ident!("{name}");
        quote!(#k.#name(#(#arguments),*);)
    }

    /// What is done with some columns of a matrix.
    fn columns(&self, of: &SlotId, lengths: [&Dim; 3], out: &SlotId) -> Vec<TokenStream> {
        let lengths = lengths.map(|length| self.lengths.extent(length).to_token_stream());
        [self.at(of)]
            .into_iter()
            .chain(lengths)
            .chain([self.at(out)])
            .collect()
    }

    /// Products and the function of their sums.
    fn stage(
        &self,
        k: &Ident,
        (products, bases): (&[(SlotId, usize)], &[Option<SlotId>]),
        (map, inputs, outputs): (usize, &[SlotId], &[SlotId]),
        breaks: Option<(&Mutants, &str)>,
    ) -> TokenStream {
        let products = products.iter().map(|(left, weight)| {
            let left = self.at(left);
            let weight = broken(breaks, quote!(#weight), |m, place| m.weight(place, *weight));
            quote!((#left, #weight))
        });
        let (i, o) = (self.schedule.maps[map].inputs.len(), outputs.len());
        let (name, inputs, outputs) = (map_name(map), self.list(inputs), self.list(outputs));
        let bases = bases
            .iter()
            .map(|base| self.base(base.as_ref(), None, breaks));
        quote!(#k.stage::<#name, #i, #o>(&[#(#products),*], &[#(#bases),*], #inputs, #outputs);)
    }

    /// What a product is added to; broken, it is nothing, or the result where there is nothing.
    fn base(
        &self,
        base: Option<&SlotId>,
        out: Option<&SlotId>,
        breaks: Option<(&Mutants, &str)>,
    ) -> TokenStream {
        let option = |slot: Option<&SlotId>| match slot.map(|slot| self.at(slot)) {
            Some(slot) => quote!(::core::option::Option::Some(#slot)),
            None => quote!(::core::option::Option::None),
        };
        let other = if base.is_none() { out } else { None };
        match breaks.filter(|_| base.is_some() || out.is_some()) {
            Some((mutants, place)) => mutants.base(place, &option(base), &option(other)),
            None => option(base),
        }
    }

    fn matrix(
        &self,
        k: &Ident,
        name: &str,
        map: usize,
        (lines, columns): (&Dim, &Dim),
        (inputs, outputs): (&[SlotId], &[SlotId]),
    ) -> TokenStream {
        let (name, function) = (format_ident!("{name}"), map_name(map));
        let (i, o) = (inputs.len(), outputs.len());
        let [lines, columns] = [lines, columns].map(|length| self.lengths.extent(length));
        let (inputs, outputs) = (self.list(inputs), self.list(outputs));
        quote!(#k.#name::<#function, #i, #o>(#lines, #columns, #inputs, #outputs);)
    }

    fn map(
        &self,
        k: &Ident,
        name: &str,
        map: usize,
        inputs: &[SlotId],
        outputs: &[SlotId],
    ) -> TokenStream {
        let (name, function) = (format_ident!("{name}"), map_name(map));
        let (i, o) = (inputs.len(), outputs.len());
        let (inputs, outputs) = (self.list(inputs), self.list(outputs));
        quote!(#k.#name::<#function, #i, #o>(#inputs, #outputs);)
    }
}

/// An argument, or what takes its place in a test that breaks it.
fn broken(
    breaks: Option<(&Mutants, &str)>,
    sound: TokenStream,
    other: impl Fn(&Mutants, &str) -> TokenStream,
) -> TokenStream {
    breaks.map_or(sound, |(mutants, place)| other(mutants, place))
}
