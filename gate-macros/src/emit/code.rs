//! Instructions as calls of runtime primitives.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::ir::Mask;
use crate::model::{Cell, Dim};
use crate::plan::{Instr, Schedule, SlotId};

use super::mutants::Mutants;
use super::paths::{Paths, local};
use super::scalar::map_name;
use super::tables::extent;

/// Sections that few cells have.
const AGAIN: &str = "forward_again";
const ROWS: &str = "backward_rows";

/// The implementation of the program, section by section.
pub(crate) fn program(
    cell: &Cell,
    schedule: &Schedule,
    mutants: Option<&Mutants>,
    paths: &Paths,
) -> TokenStream {
    let mut writer = Writer {
        schedule,
        paths,
        names: slot_names(schedule),
        grids: 0,
        mutants: None,
    };
    let (forward, backward) = (&schedule.forward, &schedule.backward);
    let sections: [(&str, &Vec<Instr>); 12] = [
        ("forward_once", &forward.once),
        ("forward_before", &forward.before),
        ("forward_step", &forward.step),
        ("forward_after", &forward.after),
        (AGAIN, &schedule.again),
        ("backward_once", &backward.once),
        ("backward_before", &backward.before),
        ("backward_step", &backward.step),
        ("backward_after", &backward.after),
        ("backward_reduce", &backward.reduce),
        (ROWS, &backward.rows),
        ("backward_finish", &backward.finish),
    ];
    let kernel = paths.private("Kernel");
    let needed =
        |(name, instrs): &(&str, &Vec<Instr>)| ![AGAIN, ROWS].contains(name) || !instrs.is_empty();
    let functions = sections.into_iter().filter(needed).map(|(name, instrs)| {
        writer.mutants = mutants.filter(|_| name.starts_with("backward"));
        let name = format_ident!("{name}");
        let k = if instrs.is_empty() {
            local("_k")
        } else {
            local("k")
        };
        let calls: Vec<TokenStream> = instrs.iter().map(|i| writer.instruction(&k, i)).collect();
        quote!(fn #name(#k: &mut #kernel<'_, A>) { #(#calls)* })
    });
    let functions: Vec<TokenStream> = functions.collect();
    let constants = constants(&writer.names);
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
        let names: Vec<&str> = buffer.name.split(' ').collect();
        let inside = names.get(slot.skip.len()..slot.skip.len() + slot.width.len());
        let base = match inside.filter(|_| names.len() == buffer.areas.len()) {
            Some(list) if !list.is_empty() => list.join("_"),
            _ => names.join("_"),
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

/// The slots' indices under their names.
fn constants(names: &[Ident]) -> TokenStream {
    let each = names
        .iter()
        .enumerate()
        .map(|(i, name)| quote!(pub(super) const #name: usize = #i;));
    // A module of their own, since a local of an equation's name must not meet a constant.
    quote! {
        mod at {
            use ::core::primitive::usize;
            #(#each)*
        }
    }
}

struct Writer<'a> {
    schedule: &'a Schedule,
    paths: &'a Paths,
    names: Vec<Ident>,
    grids: usize,
    /// In the backward pass of a cell whose terms can be broken.
    mutants: Option<&'a Mutants>,
}

impl Writer<'_> {
    fn at(&self, slot: &SlotId) -> TokenStream {
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
        let weight = |weight: usize| match breaks {
            Some((mutants, place)) => mutants.weight(place, weight),
            None => quote!(#weight),
        };
        let at = |s: &SlotId| self.at(s);
        let length = |d| extent(d, self.paths);
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
            } => {
                let each = products.iter().map(|(left, index)| {
                    let (left, weight) = (at(left), weight(*index));
                    quote!((#left, #weight))
                });
                let (i, o) = (self.schedule.maps[*map].inputs.len(), outputs.len());
                let (name, inputs, outputs) =
                    (map_name(*map), self.list(inputs), self.list(outputs));
                let bases = bases
                    .iter()
                    .map(|base| self.base(base.as_ref(), None, breaks));
                quote!(#k.stage::<#name, #i, #o>(&[#(#each),*], &[#(#bases),*], #inputs, #outputs);)
            }
            Instr::Product {
                left,
                weight: index,
                out,
                base,
            } => {
                let base = self.base(base.as_ref(), Some(out), breaks);
                let (left, weight, out) = (at(left), weight(*index), at(out));
                quote!(#k.product(#left, #weight, #out, #base);)
            }
            Instr::Sum { of, out } => self.two(k, "sum", of, out),
            Instr::Largest { of, out } => self.two(k, "largest", of, out),
            Instr::CumSum { of, reversed, out } => {
                let (of, out) = (at(of), at(out));
                let reversed = match breaks {
                    Some((mutants, place)) => mutants.flag(place, "direction inverted", *reversed),
                    None => quote!(#reversed),
                };
                quote!(#k.cumsum(#of, #reversed, #out);)
            }
            Instr::Copy { of, out } => self.two(k, "copy", of, out),
            Instr::Add { of, out } => self.two(k, "add", of, out),
            Instr::Zero { out } => {
                let out = at(out);
                quote!(#k.zero(#out);)
            }
            Instr::Outer { left, right, out } => {
                let (left, right, out) = (at(left), at(right), at(out));
                quote!(#k.outer(#left, #right, #out);)
            }
            Instr::MatVec {
                matrix,
                vector,
                transposed,
                out,
            } => {
                let (matrix, vector, out) = (at(matrix), at(vector), at(out));
                quote!(#k.mat_vec(#matrix, #vector, #transposed, #out);)
            }
            Instr::MatMat {
                left,
                right,
                inner,
                out,
            } => {
                let (left, right, inner, out) = (at(left), at(right), length(inner), at(out));
                quote!(#k.mat_mat(#left, #right, #inner, #out);)
            }
            Instr::Transpose { of, columns, out } => {
                let (of, columns, out) = (at(of), length(columns), at(out));
                quote!(#k.transpose(#of, #columns, #out);)
            }
            Instr::Identity { columns, out } => {
                let (columns, out) = (length(columns), at(out));
                quote!(#k.identity(#columns, #out);)
            }
            Instr::Length { of, out } => {
                let (of, out) = (length(of), at(out));
                quote!(#k.length(#of, #out);)
            }
            Instr::TakeColumns {
                of,
                columns,
                from,
                width,
                out,
            } => {
                let (of, columns, from, width, out) = (
                    at(of),
                    length(columns),
                    length(from),
                    length(width),
                    at(out),
                );
                quote!(#k.take_columns(#of, #columns, #from, #width, #out);)
            }
            Instr::PutColumns {
                of,
                columns,
                from,
                width,
                out,
            } => {
                let (of, columns, from, width, out) = (
                    at(of),
                    length(columns),
                    length(from),
                    length(width),
                    at(out),
                );
                quote!(#k.put_columns(#of, #columns, #from, #width, #out);)
            }
            Instr::Mask {
                kind,
                index,
                chance,
                out,
            } => {
                let (chance, out) = (at(chance), at(out));
                let dropout = *kind == Mask::Dropout;
                quote!(#k.mask(#dropout, #index, #chance, #out);)
            }
            Instr::GradProduct { left, right, .. } => {
                let (left, right, grid) = (at(left), at(right), self.grids);
                let grid = match breaks {
                    Some((mutants, place)) => mutants.grid(place, grid),
                    None => quote!(#grid),
                };
                quote!(#k.grad_product(#left, #right, #grid);)
            }
        }
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

    fn two(&self, k: &Ident, name: &str, of: &SlotId, out: &SlotId) -> TokenStream {
        let (name, of, out) = (format_ident!("{name}"), self.at(of), self.at(out));
        quote!(#k.#name(#of, #out);)
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
        let (lines, columns) = (extent(lines, self.paths), extent(columns, self.paths));
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
