//! What is emitted for a definition with mistakes: the types, whose every use compiles, so that
//! the only messages are those about the definition.
//!
//! The associated types name a type that does not exist. In a module with a `compile_error!` the
//! compiler says nothing about that, nor about a value, a call or a method of such a type.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::ir::{Graph, State};
use crate::model::{Cell, Role, sketched_types};
use crate::syntax::Header;

use super::paths::Paths;
use super::{fixed, types};

/// The types with all their methods, as an editor's language server is given them: there,
/// completion is worth more than silence about what depends on a mistake.
pub(crate) fn sketch(cell: &Cell, paths: &Paths) -> TokenStream {
    let delayed = |role: &Role| matches!(role, Role::State(_) | Role::Input);
    let states = cell.with_role(delayed).filter(|(_, s)| s.depth > 0);
    let graph = Graph {
        states: states
            .map(|(symbol, s)| State {
                symbol,
                value: 0,
                depth: s.depth,
            })
            .collect(),
        ..Graph::default()
    };
    let (definitions, methods) = types::without_code(cell, &graph, paths);
    let fixed = sketched_types(cell);
    let fixed = fixed
        .iter()
        .map(|of| fixed::sketch(cell, of, &graph, paths));
    let (name, docs) = (&cell.header.name, &cell.header.docs);
    let (state, grads) = (format_ident!("{name}State"), format_ident!("{name}Grads"));
    let (float, instance) = (paths.private("Float"), paths.private("Instance"));
    let (cell_trait, info) = (paths.public("Cell"), paths.private("CellInfo"));
    quote! {
        #(#[doc = #docs])*
        #definitions
        #(#fixed)*
        #[allow(non_snake_case, non_upper_case_globals, non_camel_case_types, uncommon_codepoints)]
        const _: () = {
            #methods
            impl<A: #float> #cell_trait for #name<A> {
                type Scalar = A;
                type State = #state<A>;
                type Grads = #grads<A>;
                type Code = __TheDefinitionHasMistakes;
                const INFO: &'static #info = ::core::unreachable!();
                fn from_instance(instance: #instance<A>) -> Self { Self { __instance: instance } }
                fn instance(&self) -> &#instance<A> { &self.__instance }
                fn instance_mut(&mut self) -> &mut #instance<A> { &mut self.__instance }
            }
        };
    }
}

/// The types without their code, and the macro calls that report the mistakes. Where there are
/// none, they are those of a cell that this one refers to, of whose path `other` is.
pub(crate) fn skeleton(
    header: &Header,
    mistakes: &[TokenStream],
    other: Option<&TokenStream>,
    paths: &Paths,
) -> TokenStream {
    let cell = paths.public("Cell");
    let mistakes = match (mistakes, other) {
        ([], Some(other)) => quote! {
            type __TheDefinition = <#other<::core::primitive::f32> as #cell>::State;
        },
        // A module of its own, for the body of a function is none.
        (mistakes, _) => quote! {
            mod __mistakes {
                #(#mistakes)*
                pub type __TheDefinition = __HasMistakes;
            }
            use __mistakes::__TheDefinition;
        },
    };
    let (name, visibility, docs) = (&header.name, &header.visibility, &header.docs);
    let (state, grads) = (format_ident!("{name}State"), format_ident!("{name}Grads"));
    let (float, instance) = (paths.private("Float"), paths.private("Instance"));
    let info = paths.private("CellInfo");
    let fixed = header.fixed.iter().flat_map(|fixed| {
        let name = &fixed.name;
        [
            name.clone(),
            format_ident!("{name}Params"),
            format_ident!("{name}State"),
        ]
    });
    // The parameter is called as no cell is.
    quote! {
        #(#visibility type #fixed<__A = ::core::primitive::f32> = <#name<__A> as #cell>::State;)*
        #(#[doc = #docs])*
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #visibility struct #name<__A: #float = ::core::primitive::f32> {
            #[doc(hidden)]
            __instance: #instance<__A>,
        }
        #visibility type #state<__A = ::core::primitive::f32> = <#name<__A> as #cell>::State;
        #visibility type #grads<__A = ::core::primitive::f32> = <#name<__A> as #cell>::Grads;
        const _: () = {
            #mistakes
            // Called with sizes, of which nothing is known.
            #[allow(non_upper_case_globals)]
            impl<__A: #float> #name<__A> {
                pub const new: <Self as #cell>::State = ::core::unreachable!();
            }
            // Methods are looked for in the unknown type too.
            impl<__A: #float> ::core::ops::Deref for #name<__A> {
                type Target = <Self as #cell>::State;
                fn deref(&self) -> &Self::Target { ::core::unreachable!() }
            }
            impl<__A: #float> #cell for #name<__A> {
                type Scalar = __A;
                type State = __TheDefinition;
                type Grads = Self::State;
                type Code = Self::State;
                const INFO: &'static #info = <__TheDefinition as #cell>::INFO;
                fn from_instance(instance: #instance<__A>) -> Self { Self { __instance: instance } }
                fn instance(&self) -> &#instance<__A> { &self.__instance }
                fn instance_mut(&mut self) -> &mut #instance<__A> { &mut self.__instance }
            }
        };
    }
}
