//! Types of fixed sizes: parameters and states as arrays, a step that needs `core` alone.
//!
//! Takes: the schedule's forward pass, and a number for each size. Gives: the types, and their
//! code: the same instructions as those of the dynamic type, on arrays instead of slots.
//! `memory` says where a slot is, `step` writes the instructions, `weights` what is made of the
//! parameters before, `types` what the user sees.

mod matrices;
mod memory;
mod step;
mod types;
mod weights;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ir::Graph;
use crate::model::{Cell, FixedType, Role, Shape, Symbol};
use crate::plan::{Area, Kind, Schedule, Slot};

use super::paths::{Paths, ident};

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

/// What all parts of the emission look at.
struct Fixed<'a> {
    cell: &'a Cell,
    of: &'a FixedType,
    graph: &'a Graph,
    schedule: &'a Schedule,
    paths: &'a Paths,
}

impl Fixed<'_> {
    /// The type's name, that of its parameters, that of its state.
    fn names(&self) -> [proc_macro2::Ident; 3] {
        let name = &self.of.name;
        [
            name.clone(),
            format_ident!("{name}Params"),
            format_ident!("{name}State"),
        ]
    }

    /// A primitive of the runtime.
    fn primitive(&self, name: &str) -> TokenStream {
        let (module, name) = (self.paths.private("fixed"), ident(name));
        quote!(#module::#name)
    }

    fn elements(&self, areas: &[Area]) -> usize {
        let area = |area: &Area| {
            area.iter()
                .map(|dim| dim.of(&self.of.sizes))
                .product::<usize>()
        };
        areas.iter().map(area).sum()
    }

    fn size(&self, shape: &Shape) -> usize {
        match shape {
            Shape::Scalar => 1,
            Shape::Vector(n) => n.of(&self.of.sizes),
            Shape::Matrix(m, n) => m.of(&self.of.sizes) * n.of(&self.of.sizes),
        }
    }

    fn width(&self, slot: usize) -> usize {
        self.elements(&self.schedule.slots[slot].width)
    }

    fn skip(&self, slot: &Slot) -> usize {
        self.elements(&slot.skip)
    }

    /// Elements of a buffer.
    fn buffer(&self, buffer: usize) -> usize {
        self.elements(&self.schedule.buffers[buffer].areas)
    }

    fn kind(&self, slot: usize) -> Kind {
        self.schedule.buffers[self.schedule.slots[slot].buffer].kind
    }

    /// A value as the user sees it: `A`, `[A; N]`, `[[A; N]; M]`.
    fn array(&self, shape: &Shape) -> TokenStream {
        let of = |dim: &crate::model::Dim| dim.of(&self.of.sizes);
        match shape {
            Shape::Scalar => quote!(A),
            Shape::Vector(n) => {
                let n = of(n);
                quote!([A; #n])
            }
            Shape::Matrix(m, n) => {
                let (m, n) = (of(m), of(n));
                quote!([[A; #n]; #m])
            }
        }
    }

    /// Elements, given as `&[A; L]`, as the user sees them.
    fn shaped(&self, shape: &Shape, elements: &TokenStream) -> TokenStream {
        match shape {
            Shape::Scalar => quote!(#elements[0]),
            Shape::Vector(_) => quote!(*#elements),
            Shape::Matrix(m, n) => {
                let (m, n) = (m.of(&self.of.sizes), n.of(&self.of.sizes));
                let (matrix, length) = (self.primitive("matrix"), m * n);
                quote!(#matrix::<A, #length, #m, #n>(#elements))
            }
        }
    }

    /// The converse: what the user sees, given as a place, as `&[A; L]`.
    fn flat(&self, shape: &Shape, place: &TokenStream) -> TokenStream {
        match shape {
            Shape::Scalar => quote!(::core::array::from_ref(&#place)),
            Shape::Vector(_) => quote!(&#place),
            Shape::Matrix(m, n) => {
                let length = m.of(&self.of.sizes) * n.of(&self.of.sizes);
                let part = self.primitive("part");
                quote!(#part::<A, 0, #length>(#place.as_flattened()))
            }
        }
    }

    /// Inputs in the order of the definition.
    fn inputs(&self) -> impl Iterator<Item = (usize, &Symbol)> {
        self.cell.with_role(|role| *role == Role::Input)
    }

    /// What the user sets: parameters and hyper-parameters.
    fn given(&self) -> impl Iterator<Item = (usize, &Symbol)> {
        self.cell
            .with_role(|role| matches!(role, Role::Parameter(_) | Role::Hyper(_)))
    }
}
