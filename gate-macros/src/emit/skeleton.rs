//! What is emitted for a definition with mistakes: the type alone, so that the rest of the
//! user's crate, and the editor, go on.

use proc_macro2::TokenStream;
use quote::quote;

use crate::syntax::Header;

use super::paths::Paths;

/// The types without their code.
pub(crate) fn skeleton(header: &Header, paths: &Paths) -> TokenStream {
    let (name, visibility) = (&header.name, &header.visibility);
    let float = paths.private("Float");
    let docs = &header.docs;
    quote! {
        #(#[doc = #docs])*
        #visibility struct #name<A: #float = ::core::primitive::f32> {
            #[doc(hidden)]
            __scalar: ::core::marker::PhantomData<A>,
        }
    }
}
