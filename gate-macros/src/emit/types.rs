//! The types of a cell: itself, its state, its gradients.
//!
//! Takes: the cell, and the graph for its states. Gives: definitions, which stand in the user's
//! module, and implementations, which stand out of sight.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::ir::Graph;
use crate::model::{Cell, Role, Shape, Symbol};

use super::paths::{Paths, ident};

/// Definitions (to stand in the user's module) and implementations.
pub(crate) fn types(cell: &Cell, graph: &Graph, paths: &Paths) -> (TokenStream, TokenStream) {
    let (definitions, methods) = without_code(cell, graph, paths);
    let trait_impl = cell_trait(cell, paths);
    (definitions, quote!(#methods #trait_impl))
}

/// The same but for what ties the cell to its code.
pub(crate) fn without_code(
    cell: &Cell,
    graph: &Graph,
    paths: &Paths,
) -> (TokenStream, TokenStream) {
    let definitions = definitions(cell, graph, paths);
    let own = own_methods(cell, paths);
    let state = state_methods(cell, graph, paths);
    let gradients = gradient_methods(cell, paths);
    (definitions, quote!(#own #state #gradients))
}

fn state_name(cell: &Cell) -> Ident {
    format_ident!("{}State", cell.header.name)
}

fn grads_name(cell: &Cell) -> Ident {
    format_ident!("{}Grads", cell.header.name)
}

/// The three structs; only they stand where the user can see them.
fn definitions(cell: &Cell, graph: &Graph, paths: &Paths) -> TokenStream {
    let (name, state, grads) = (&cell.header.name, state_name(cell), grads_name(cell));
    let (visibility, attributes) = (
        &cell.header.visibility,
        without_derives(&cell.header.attributes),
    );
    let (float, instance, array3, vec) = (
        paths.private("Float"),
        paths.private("Instance"),
        paths.private("Array3"),
        paths.private("Vec"),
    );
    let fields = graph.states.iter().map(|s| {
        let symbol = &cell.symbols[s.symbol];
        let (field, array) = (ident(&symbol.ident), field_type(symbol, s.depth, paths));
        let doc = field_doc(symbol, s.depth);
        quote!(#[doc = #doc] pub #field: #array)
    });
    let of_state = format!("State of [`{name}`]: what one step hands to the next.");
    let of_grads = format!(
        "Gradients of [`{name}`]: of parameters and inputs, under their names in the equations, and \
         of the initial state."
    );
    let lints = quote!(#[allow(non_snake_case, non_camel_case_types, uncommon_codepoints)]);
    quote! {
        #attributes
        #lints
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #visibility struct #name<A: #float = ::core::primitive::f32> {
            #[doc(hidden)]
            __instance: #instance<A>,
        }
        #[doc = #of_state]
        #lints
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #visibility struct #state<A: #float = ::core::primitive::f32> {
            #(#fields,)*
            #[doc(hidden)]
            pub __scalar: ::core::marker::PhantomData<A>,
        }
        #[doc = #of_grads]
        #lints
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #visibility struct #grads<A: #float = ::core::primitive::f32> {
            #[doc(hidden)]
            __instance: #instance<A>,
            #[doc(hidden)]
            __inputs: #vec<#array3<A>>,
            /// Gradients of the initial state.
            pub state: #state<A>,
        }
    }
}

/// The user's attributes without the derives that are emitted anyway.
fn without_derives(attributes: &TokenStream) -> TokenStream {
    let each = attributes.clone().into_iter().map(|token| match token {
        TokenTree::Group(group) => TokenTree::Group(other_derives(&group).unwrap_or(group)),
        other => other,
    });
    each.collect()
}

/// The inside of a `#[derive(…)]` without `Clone` and `Debug`; `None` for another attribute.
fn other_derives(attribute: &Group) -> Option<Group> {
    let mut tokens = attribute.stream().into_iter();
    let list = match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(word)), Some(TokenTree::Group(list))) if word == "derive" => list,
        _ => return None,
    };
    let list: Vec<TokenTree> = list.stream().into_iter().collect();
    let comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ',');
    // `Debug`, `std::fmt::Debug`
    let emitted = |path: &[TokenTree]| match path.last() {
        Some(TokenTree::Ident(name)) => name == "Clone" || name == "Debug",
        _ => true,
    };
    let kept = list.split(comma).filter(|path| !emitted(path));
    let kept = kept.map(|path| path.iter().cloned().collect::<TokenStream>());
    let inside = quote!(derive(#(#kept),*));
    Some(Group::new(attribute.delimiter(), inside))
}

/// `Array2` for a vector state; one axis more for a history, one more for a matrix.
fn field_type(symbol: &Symbol, depth: usize, paths: &Paths) -> TokenStream {
    let own = match symbol.shape {
        Shape::Scalar | Shape::Vector(_) => 1,
        Shape::Matrix(..) => 2,
    };
    let array = paths.private(&format!("Array{}", 1 + own + usize::from(depth > 1)));
    quote!(#array<A>)
}

fn field_doc(symbol: &Symbol, depth: usize) -> String {
    let axes = match (&symbol.shape, depth) {
        (Shape::Matrix(..), 1) => "[batch, rows, columns]".to_owned(),
        (Shape::Matrix(..), _) => format!("[{depth}, batch, rows, columns], newest first"),
        (_, 1) => "[batch, units]".to_owned(),
        (_, _) => format!("[{depth}, batch, units], newest first"),
    };
    format!(" `{}`: `{axes}`", symbol.printed)
}

/// Constructor and views of parameters.
fn own_methods(cell: &Cell, paths: &Paths) -> TokenStream {
    let name = &cell.header.name;
    let (float, instance, error, rng) = (
        paths.private("Float"),
        paths.private("Instance"),
        paths.public("Error"),
        paths.private("Rng"),
    );
    let arguments: Vec<Ident> = cell
        .sizes
        .iter()
        .map(|s| {
            ident(if s.argument == "rng" {
                "rng_"
            } else {
                &s.argument
            })
        })
        .collect();
    let doc = format!(
        " A new cell, its parameters initialised as the definition says.\n\n Sizes: {}.\n\n # Errors\n\n If a size is zero or does not fit the definition.",
        cell.sizes
            .iter()
            .map(|s| format!("`{}` = {}", s.argument, s.name))
            .collect::<Vec<_>>()
            .join(", ")
    );
    let views = views(cell, "", paths);
    let hypers = cell
        .with_role(|r| matches!(r, Role::Hyper(_)))
        .map(|(id, symbol)| {
            let (get, set) = (
                ident(&symbol.ident),
                format_ident!("set_{}", ident(&symbol.ident)),
            );
            let (of, to) = (
                format!(" Hyper-parameter `{}`.", symbol.printed),
                format!(" Sets hyper-parameter `{}`.", symbol.printed),
            );
            quote! {
                #[doc = #of]
                pub fn #get(&self) -> A { self.__instance.hyper(#id) }
                #[doc = #to]
                pub fn #set(&mut self, value: A) { self.__instance.set_hyper(#id, value); }
            }
        });
    quote! {
        impl<A: #float> #name<A> {
            #[doc = #doc]
            #[allow(clippy::too_many_arguments)]
            pub fn new<R: #rng + ?::core::marker::Sized>(#(#arguments: ::core::primitive::usize,)* rng: &mut R) -> ::core::result::Result<Self, #error> {
                ::core::result::Result::Ok(Self { __instance: #instance::new::<Self, R>(&[#(#arguments),*], rng)? })
            }
            #views
            #(#hypers)*
        }
    }
}

/// A view, and a mutable view, of every parameter or of what there is `of` it.
fn views(cell: &Cell, of: &str, paths: &Paths) -> TokenStream {
    let each = cell
        .with_role(|r| matches!(r, Role::Parameter(_)))
        .map(|(id, symbol)| {
            let mut get = ident(&symbol.ident);
            let get_mut = format_ident!("{}_mut", ident(&symbol.ident));
            // An editor goes from the view to the symbol in the equations.
            get.set_span(get.span().located_at(symbol.place.span));
            let p = |name: &str| paths.private(name);
            let shape = super::docs::shape(&symbol.shape, cell);
            let doc = format!(" {of}`{}`: `{shape}`", symbol.printed);
            let (view, view_mut, call) = match symbol.shape {
                Shape::Scalar => (quote!(A), quote!(&mut A), "scalar"),
                Shape::Vector(_) => {
                    let (v, m) = (p("ArrayView1"), p("ArrayViewMut1"));
                    (quote!(#v<'_, A>), quote!(#m<'_, A>), "vector")
                }
                Shape::Matrix(..) => {
                    let (v, m) = (p("ArrayView2"), p("ArrayViewMut2"));
                    (quote!(#v<'_, A>), quote!(#m<'_, A>), "matrix")
                }
            };
            let (call, call_mut) = (format_ident!("{call}"), format_ident!("{call}_mut"));
            quote! {
                #[doc = #doc]
                pub fn #get(&self) -> #view { self.__instance.#call(#id) }
                #[doc = #doc]
                pub fn #get_mut(&mut self) -> #view_mut { self.__instance.#call_mut(#id) }
            }
        });
    quote!(#(#each)*)
}

fn state_methods(cell: &Cell, graph: &Graph, paths: &Paths) -> TokenStream {
    let state = state_name(cell);
    let (float, cell_state, field) = (
        paths.private("Float"),
        paths.public("CellState"),
        paths.private("field"),
    );
    let (vec, arrayd, view, view_mut) = (
        paths.private("Vec"),
        paths.private("ArrayD"),
        paths.private("ArrayViewD"),
        paths.private("ArrayViewMutD"),
    );
    let fields: Vec<Ident> = graph
        .states
        .iter()
        .map(|s| ident(&cell.symbols[s.symbol].ident))
        .collect();
    let make = if fields.is_empty() {
        quote!(_make)
    } else {
        quote!(make)
    };
    let (argument, see, rest) = if fields.is_empty() {
        (quote!(_fields), quote!(_see), quote!())
    } else {
        let rest = quote!(let mut fields = ::core::iter::IntoIterator::into_iter(fields););
        (quote!(fields), quote!(see), rest)
    };
    // A crate without the prelude has no methods of these traits.
    let next = quote!(::core::iter::Iterator::next(&mut fields));
    quote! {
        impl<A: #float> #cell_state for #state<A> {
            type Scalar = A;
            fn from_fields(#argument: #vec<#arrayd<A>>) -> Self {
                #rest
                Self { #(#fields: #field(#next),)* __scalar: ::core::marker::PhantomData }
            }
            fn visit<'s>(&'s self, #see: &mut dyn ::core::ops::FnMut(#view<'s, A>)) {
                #(see(self.#fields.view().into_dyn());)*
            }
            fn remake(&mut self, #make: &mut dyn ::core::ops::FnMut(#arrayd<A>) -> #arrayd<A>) {
                #(self.#fields = #field(::core::option::Option::Some(#make(::core::mem::take(&mut self.#fields).into_dyn())));)*
            }
            fn visit_mut<'s>(&'s mut self, #see: &mut dyn ::core::ops::FnMut(#view_mut<'s, A>)) {
                #(see(self.#fields.view_mut().into_dyn());)*
            }
        }
    }
}

fn gradient_methods(cell: &Cell, paths: &Paths) -> TokenStream {
    let (grads, state) = (grads_name(cell), state_name(cell));
    let (vec, float, cell_grads, array3, view3, instance) = (
        paths.private("Vec"),
        paths.private("Float"),
        paths.public("CellGrads"),
        paths.private("Array3"),
        paths.private("ArrayView3"),
        paths.private("Instance"),
    );
    let views = views(cell, "Gradient of ", paths);
    let inputs = cell.with_role(|r| *r == Role::Input).enumerate().map(|(i, (_, symbol))| {
        let method = ident(&symbol.ident);
        let doc = format!(" Gradient of input `{}`: `[T, B, features]`.", symbol.printed);
        quote!(#[doc = #doc] pub fn #method(&self) -> #view3<'_, A> { self.__inputs[#i].view() })
    });
    quote! {
        impl<A: #float> #grads<A> {
            #views
            #(#inputs)*
        }
        impl<A: #float> #cell_grads for #grads<A> {
            type Scalar = A;
            type State = #state<A>;
            fn from_parts(instance: #instance<A>, inputs: #vec<#array3<A>>, state: Self::State) -> Self {
                Self { __instance: instance, __inputs: inputs, state }
            }
            fn parts(&self) -> (&#instance<A>, &[#array3<A>], &Self::State) {
                (&self.__instance, &self.__inputs, &self.state)
            }
            fn parts_mut(&mut self) -> (&mut #instance<A>, &mut #vec<#array3<A>>, &mut Self::State) {
                (&mut self.__instance, &mut self.__inputs, &mut self.state)
            }
        }
    }
}

fn cell_trait(cell: &Cell, paths: &Paths) -> TokenStream {
    let (name, state, grads) = (&cell.header.name, state_name(cell), grads_name(cell));
    let (float, cell_trait, instance, info) = (
        paths.private("Float"),
        paths.public("Cell"),
        paths.private("Instance"),
        paths.private("CellInfo"),
    );
    quote! {
        impl<A: #float> #cell_trait for #name<A> {
            type Scalar = A;
            type State = #state<A>;
            type Grads = #grads<A>;
            type Code = Self;
            const INFO: &'static #info = &INFO;
            fn from_instance(instance: #instance<A>) -> Self { Self { __instance: instance } }
            fn instance(&self) -> &#instance<A> { &self.__instance }
            fn instance_mut(&mut self) -> &mut #instance<A> { &mut self.__instance }
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::without_derives;

    #[test]
    fn what_is_emitted_anyway_is_not_derived_twice() {
        let written = quote! {
            #[derive(Clone, Hash, ::core::fmt::Debug, other::Trait)]
            #[derive_where(Clone)]
            #[derive(Debug)]
        };
        let left = quote! {
            #[derive(Hash, other::Trait)]
            #[derive_where(Clone)]
            #[derive()]
        };
        assert_eq!(without_derives(&written).to_string(), left.to_string());
    }
}
