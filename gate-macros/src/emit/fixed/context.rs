//! What all parts of a type of fixed sizes look at: the cell, its schedule, its lengths as numbers.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ir::Graph;
use crate::model::{Cell, FixedType, Role, Shape, Symbol};
use crate::plan::{Area, Block, Kind, Schedule, Slot};

use super::super::paths::{Paths, ident};

/// What all parts of the emission look at.
pub(super) struct Fixed<'a> {
    pub(super) cell: &'a Cell,
    pub(super) of: &'a FixedType,
    pub(super) graph: &'a Graph,
    pub(super) schedule: &'a Schedule,
    pub(super) paths: &'a Paths,
}

impl Fixed<'_> {
    /// The type's name, that of its parameters, that of its state.
    pub(super) fn names(&self) -> [proc_macro2::Ident; 3] {
        let name = &self.of.name;
        [
            name.clone(),
            format_ident!("{name}Params"),
            format_ident!("{name}State"),
        ]
    }

    /// A primitive of the runtime.
    pub(super) fn primitive(&self, name: &str) -> TokenStream {
        let (module, name) = (self.paths.private("fixed"), ident(name));
        quote!(#module::#name)
    }

    /// A call of a primitive.
    pub(super) fn call(
        &self,
        name: &str,
        generics: TokenStream,
        arguments: TokenStream,
    ) -> TokenStream {
        let name = self.primitive(name);
        quote!(#name::<#generics>(#arguments))
    }

    pub(super) fn elements(&self, areas: &[Area]) -> usize {
        let area = |area: &Area| {
            area.iter()
                .map(|dim| dim.of(&self.of.sizes))
                .product::<usize>()
        };
        areas.iter().map(area).sum()
    }

    pub(super) fn size(&self, shape: &Shape) -> usize {
        match shape {
            Shape::Scalar => 1,
            Shape::Vector(n) => n.of(&self.of.sizes),
            Shape::Matrix(m, n) => m.of(&self.of.sizes) * n.of(&self.of.sizes),
        }
    }

    /// Rows and columns of a weight.
    pub(super) fn weight_size(&self, weight: usize) -> (usize, usize) {
        let blocks = &self.schedule.weights[weight].blocks;
        let sizes = &self.of.sizes;
        let k = |b: &Block| self.elements(&b.k_skip) + b.k.of(sizes);
        let n = |b: &Block| self.elements(&b.n_skip) + b.n.of(sizes);
        (
            blocks.iter().map(k).max().unwrap_or(0),
            blocks.iter().map(n).max().unwrap_or(0),
        )
    }

    pub(super) fn width(&self, slot: usize) -> usize {
        self.elements(&self.schedule.slots[slot].width)
    }

    pub(super) fn skip(&self, slot: &Slot) -> usize {
        self.elements(&slot.skip)
    }

    /// Where a slot begins in its buffer, how long it is, and how long the buffer is.
    pub(super) fn within(&self, slot: usize) -> (usize, usize, usize) {
        let spec = &self.schedule.slots[slot];
        (self.skip(spec), self.width(slot), self.buffer(spec.buffer))
    }

    /// Elements of a buffer.
    pub(super) fn buffer(&self, buffer: usize) -> usize {
        self.elements(&self.schedule.buffers[buffer].areas)
    }

    pub(super) fn kind(&self, slot: usize) -> Kind {
        self.schedule.buffers[self.schedule.slots[slot].buffer].kind
    }

    /// A value as the user sees it: `A`, `[A; N]`, `[[A; N]; M]`.
    pub(super) fn array(&self, shape: &Shape) -> TokenStream {
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
    pub(super) fn shaped(&self, shape: &Shape, elements: &TokenStream) -> TokenStream {
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
    pub(super) fn flat(&self, shape: &Shape, place: &TokenStream) -> TokenStream {
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
    pub(super) fn inputs(&self) -> impl Iterator<Item = (usize, &Symbol)> {
        self.cell.with_role(|role| *role == Role::Input)
    }

    /// What the user sets: parameters and hyper-parameters.
    pub(super) fn given(&self) -> impl Iterator<Item = (usize, &Symbol)> {
        self.cell
            .with_role(|role| matches!(role, Role::Parameter(_) | Role::Hyper(_)))
    }
}
