//! The runtime's paths, in one place.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// How emitted code names the runtime.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    /// The runtime crate as the user's crate knows it.
    pub(crate) runtime: TokenStream,
    /// The module of a test that breaks terms of the backward pass; see `mutants`.
    pub(crate) mutants: Option<TokenStream>,
}

impl Paths {
    /// The paths of an ordinary cell.
    pub(crate) fn new(runtime: TokenStream) -> Paths {
        Paths {
            runtime,
            mutants: None,
        }
    }

    /// A hidden item that only emitted code uses.
    pub(crate) fn private(&self, name: &str) -> TokenStream {
        let (runtime, name) = (&self.runtime, Ident::new(name, Span::call_site()));
        quote!(#runtime::__private::#name)
    }

    /// A public item of the runtime.
    pub(crate) fn public(&self, name: &str) -> TokenStream {
        let (runtime, name) = (&self.runtime, Ident::new(name, Span::call_site()));
        quote!(#runtime::#name)
    }
}

/// An identifier of the user's definition, invisible to lints on the user's names.
pub(crate) fn ident(name: &str) -> Ident {
    identifier(name, Span::call_site())
}

/// A local name that no name of the user's can meet.
pub(crate) fn local(name: &str) -> Ident {
    identifier(name, Span::mixed_site())
}

fn identifier(name: &str, span: Span) -> Ident {
    match syn::parse_str::<Ident>(name) {
        Ok(mut ident) => {
            ident.set_span(span);
            ident
        }
        // Keywords, and marks that Rust has no letters for.
        Err(_) => {
            let letters: String = name
                .chars()
                .map(|c| if c.is_alphanumeric() { c } else { '_' })
                .collect();
            let safe = format!("{letters}_");
            let safe = if safe.starts_with(|c: char| c.is_ascii_digit()) {
                format!("_{safe}")
            } else {
                safe
            };
            syn::parse_str::<Ident>(&safe)
                .map_or_else(|_| Ident::new("symbol", span), |_| Ident::new(&safe, span))
        }
    }
}
