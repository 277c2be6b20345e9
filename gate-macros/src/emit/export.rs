//! The hidden macro of a cell's name, which hands the definition to variants of it and to cells
//! that it stands in.

use std::hash::{DefaultHasher, Hash, Hasher};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use crate::syntax::Header;

/// The macro of a cell; `source` is what it hands on.
///
/// A macro of a public cell has to be exported, and all exported macros of a crate share one
/// list of names: hence a name that tells where the cell stands. It lives beside the type under
/// the type's name, so that a path to the one is a path to the other.
pub(crate) fn export(header: &Header, source: &impl ToTokens) -> TokenStream {
    let (name, visibility) = (&header.name, &header.visibility);
    let hidden = hidden_name(name);
    let is_public = visibility.to_string() == "pub";
    let exported = is_public.then(|| quote!(#[macro_export]));
    let misuse = format!(
        "`{name}` is a cell, which a program makes with `{name}::new(…)`; a variant of it is \
         `cell! {{ pub struct Other = {name} with {{ … }} }}`"
    );
    quote! {
        #[doc(hidden)]
        #exported
        #[allow(unused_macros, non_local_definitions, uncommon_codepoints)]
        macro_rules! #hidden {
            ([$($resume:tt)*] $($waiting:tt)*) => { $($resume)*! { $($waiting)* { #source } } };
            ($($other:tt)*) => { ::core::compile_error!(#misuse); };
        }
        #[doc(hidden)]
        #[allow(unused_imports, unreachable_pub, uncommon_codepoints, clippy::useless_attribute)]
        #visibility use #hidden as #name;
    }
}

fn hidden_name(name: &Ident) -> Ident {
    let mut hasher = DefaultHasher::new();
    format!("{:?}", name.span()).hash(&mut hasher);
    let text = name.to_string();
    let text = text.strip_prefix("r#").unwrap_or(&text);
    let mut ident = format_ident!("__gate_{}_{:016x}", text, hasher.finish());
    ident.set_span(Span::call_site());
    ident
}
