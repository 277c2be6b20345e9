//! What the user sees of a type of fixed sizes.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{InitialState, Role, Shape};

use super::super::paths::{ident, local};
use super::context::Fixed;
use super::names::{initial_name, input_name, output};
use super::weights::fields;

/// The cell, its parameters, its state.
pub(super) fn definitions(fixed: &Fixed<'_>) -> TokenStream {
    let [name, params, state] = fixed.names();
    let visibility = &fixed.cell.header.visibility;
    let number = fixed.paths.private("Number");
    let of = &fixed.cell.header.name;
    let sizes = fixed.cell.sizes.iter().zip(&fixed.of.sizes);
    let sizes: Vec<String> = sizes
        .map(|(s, n)| format!("`{}` = {n}", s.argument))
        .collect();
    let sizes = sizes.join(", ");
    let docs = [
        format!(" `{of}` for one row and fixed sizes: {sizes}. Arrays only: no heap, no `std`."),
        format!(" Parameters of [`{name}`], named and shaped as in the equations."),
        format!(" State of [`{name}`]: what one step hands to the next."),
    ];
    let [of_cell, of_params, of_state] = docs;
    let given = fixed.given().map(|(_, symbol)| {
        let (field, array) = (ident(&symbol.ident), fixed.array(&symbol.shape));
        let doc = format!(" `{}`", symbol.printed);
        quote!(#[doc = #doc] pub #field: #array)
    });
    let states = fixed.graph.states.iter().map(|s| {
        let symbol = &fixed.cell.symbols[s.symbol];
        let (field, array) = (ident(&symbol.ident), history(fixed, &symbol.shape, s.depth));
        let past = if s.depth > 1 { ", newest first" } else { "" };
        let doc = format!(" `{}`{past}", symbol.printed);
        quote!(#[doc = #doc] pub #field: #array)
    });
    let (given, states): (Vec<_>, Vec<_>) = (given.collect(), states.collect());
    let fields = fields(fixed);
    let lints = quote!(#[allow(non_snake_case, non_camel_case_types, uncommon_codepoints)]);
    let derives =
        quote!(#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]);
    let marker = |empty: bool| {
        empty.then(|| {
            quote! {
                #[doc(hidden)]
                pub __scalar: ::core::marker::PhantomData<A>,
            }
        })
    };
    let (no_cell, no_params, no_state) = (
        marker(fields.is_empty()),
        marker(given.is_empty()),
        marker(states.is_empty()),
    );
    // Registers of weights that lie across two cache lines take twice the time.
    quote! {
        #[doc = #of_cell]
        #lints
        #derives
        #[repr(align(64))]
        #visibility struct #name<A: #number = ::core::primitive::f32> { #(#fields,)* #no_cell }
        #[doc = #of_params]
        #lints
        #derives
        #visibility struct #params<A: #number = ::core::primitive::f32> { #(#given,)* #no_params }
        #[doc = #of_state]
        #lints
        #derives
        #visibility struct #state<A: #number = ::core::primitive::f32> { #(#states,)* #no_state }
    }
}

/// A state's field: a leading axis for a history.
fn history(fixed: &Fixed<'_>, shape: &Shape, depth: usize) -> TokenStream {
    let array = fixed.array(shape);
    match depth {
        1 => array,
        _ => quote!([#array; #depth]),
    }
}

/// The step, the first state, and the ways from the dynamic cell.
pub(super) fn methods(fixed: &Fixed<'_>) -> TokenStream {
    let (dispatch, state) = (fixed.primitive("dispatch"), local("state"));
    let references = fixed.inputs().enumerate().map(|(i, (_, symbol))| {
        let (field, name) = (input_name(i), ident(&symbol.ident));
        match symbol.shape {
            Shape::Scalar => quote!(#field: &#name),
            _ => quote!(#field: #name),
        }
    });
    let step = quote!(#dispatch(__Step { cell: self, state: #state, #(#references),* }));
    with_bodies(fixed, first_state(fixed), step)
}

/// The same without code, and `new`: what an editor completes.
pub(super) fn sketched_methods(fixed: &Fixed<'_>) -> TokenStream {
    let [name, params, _] = fixed.names();
    let (number, given) = (fixed.paths.private("Number"), local("params"));
    let body = quote!(::core::unreachable!());
    let methods = with_bodies(fixed, body.clone(), body.clone());
    quote! {
        impl<A: #number> #name<A> {
            /// The cell of these parameters.
            pub const fn new(#given: &#params<A>) -> Self { #body }
        }
        #methods
    }
}

/// The methods with what `zero_state` and `step` do.
fn with_bodies(fixed: &Fixed<'_>, first: TokenStream, step: TokenStream) -> TokenStream {
    let [name, _, state_name] = fixed.names();
    let (number, state) = (fixed.paths.private("Number"), local("state"));
    let inputs = fixed.inputs().map(|(_, symbol)| {
        let (name, array) = (ident(&symbol.ident), fixed.array(&symbol.shape));
        match symbol.shape {
            Shape::Scalar => quote!(#name: A),
            _ => quote!(#name: &#array),
        }
    });
    let output = output(fixed);
    let given: Vec<String> = fixed
        .cell
        .outputs
        .iter()
        .map(|&s| fixed.cell.symbols[s].printed.clone())
        .collect();
    let of_step = format!(
        " One step: gives `{}`, and replaces the state by the next.",
        given.join("`, `")
    );
    let conversions = conversions(fixed);
    quote! {
        impl<A: #number> #name<A> {
            /// The state that a sequence starts from.
            pub fn zero_state(&self) -> #state_name<A> { #first }

            #[doc = #of_step]
            #[inline]
            #[allow(clippy::too_many_arguments)]
            pub fn step(&self, #(#inputs,)* #state: &mut #state_name<A>) -> #output {
                #step
            }
        }
        #conversions
    }
}

/// The definition's initial states.
fn first_state(fixed: &Fixed<'_>) -> TokenStream {
    let [_, _, state_name] = fixed.names();
    let fields = fixed.graph.states.iter().map(|state| {
        let symbol = &fixed.cell.symbols[state.symbol];
        let field = ident(&symbol.ident);
        let one = match symbol.role {
            Role::State(InitialState::Trainable(parameter)) => {
                let name = initial_name(parameter);
                quote!(self.#name)
            }
            Role::State(InitialState::Constant(c)) => filled(fixed, &symbol.shape, c),
            _ => filled(fixed, &symbol.shape, 0.0),
        };
        match state.depth {
            1 => quote!(#field: #one),
            depth => quote!(#field: [#one; #depth]),
        }
    });
    let fields: Vec<TokenStream> = fields.collect();
    let marker = fields
        .is_empty()
        .then(|| quote!(__scalar: ::core::marker::PhantomData));
    quote!(#state_name { #(#fields,)* #marker })
}

/// A value whose elements are all one number.
fn filled(fixed: &Fixed<'_>, shape: &Shape, value: f64) -> TokenStream {
    let of = |dim: &crate::model::Dim| dim.of(&fixed.of.sizes);
    let value = quote!(A::convert(#value));
    match shape {
        Shape::Scalar => value,
        Shape::Vector(n) => {
            let n = of(n);
            quote!([#value; #n])
        }
        Shape::Matrix(m, n) => {
            let (m, n) = (of(m), of(n));
            quote!([[#value; #n]; #m])
        }
    }
}

/// From the dynamic cell to arrays on the heap, which need not pass through the thread's stack.
fn boxed(fixed: &Fixed<'_>) -> TokenStream {
    let [name, params, _] = fixed.names();
    let of = &fixed.cell.header.name;
    let (float, error) = (fixed.paths.private("Float"), fixed.paths.public("Error"));
    let (boxed, large) = (
        fixed.paths.private("Box"),
        fixed.paths.private("on_large_stack"),
    );
    let each = [name, params].into_iter().map(|made| {
        quote! {
            impl<A: #float> ::core::convert::TryFrom<&#of<A>> for #boxed<#made<A>> {
                type Error = #error;
                /// For sizes whose arrays do not fit on the stack of a thread.
                ///
                /// # Errors
                ///
                /// If the cell has other sizes.
                fn try_from(cell: &#of<A>) -> ::core::result::Result<Self, #error> {
                    #large(::core::mem::size_of::<#made<A>>(), || {
                        let made = <#made<A> as ::core::convert::TryFrom<&#of<A>>>::try_from(cell)?;
                        ::core::result::Result::Ok(#boxed::new(made))
                    })
                }
            }
        }
    });
    each.collect()
}

/// From the dynamic cell to arrays.
fn conversions(fixed: &Fixed<'_>) -> TokenStream {
    let [name, params, _] = fixed.names();
    let of = &fixed.cell.header.name;
    let (text, sizes) = (name.to_string(), &fixed.of.sizes);
    let (float, error, cell) = (
        fixed.paths.private("Float"),
        fixed.paths.public("Error"),
        fixed.paths.public("Cell"),
    );
    let (check, part) = (fixed.paths.private("fixed_sizes"), fixed.primitive("part"));
    let (mut start, mut hypers) = (0, 0_usize);
    let mut fields = Vec::new();
    for (_, symbol) in fixed.given() {
        let field = ident(&symbol.ident);
        if let Role::Hyper(_) = symbol.role {
            fields.push(quote!(#field: hypers[#hypers]));
            hypers += 1;
        }
    }
    // The flat order is that of the symbols, parameters among them.
    for (_, symbol) in fixed.cell.with_role(|r| matches!(r, Role::Parameter(_))) {
        let field = ident(&symbol.ident);
        let length = fixed.size(&symbol.shape);
        let value = fixed.shaped(&symbol.shape, &quote!(#part::<A, #start, #length>(params)));
        fields.push(quote!(#field: #value));
        start += length;
    }
    let marker = fields
        .is_empty()
        .then(|| quote!(__scalar: ::core::marker::PhantomData));
    let with_std = fixed.paths.public("__with_std");
    let boxed = boxed(fixed);
    quote! {
        #with_std! {
            #boxed
            impl<A: #float> ::core::convert::TryFrom<&#of<A>> for #params<A> {
                type Error = #error;
                /// # Errors
                ///
                /// If the cell has other sizes.
                fn try_from(cell: &#of<A>) -> ::core::result::Result<Self, #error> {
                    #check(cell, #text, &[#(#sizes),*])?;
                    let (params, hypers) = (#cell::params(cell), #cell::hypers(cell));
                    ::core::result::Result::Ok(#params { #(#fields,)* #marker })
                }
            }
            impl<A: #float> ::core::convert::TryFrom<&#of<A>> for #name<A> {
                type Error = #error;
                /// # Errors
                ///
                /// If the cell has other sizes.
                fn try_from(cell: &#of<A>) -> ::core::result::Result<Self, #error> {
                    let params = <#params<A> as ::core::convert::TryFrom<&#of<A>>>::try_from(cell)?;
                    ::core::result::Result::Ok(#name::new(&params))
                }
            }
        }
    }
}
