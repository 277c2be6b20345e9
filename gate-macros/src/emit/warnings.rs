//! Warnings about a sound cell, at the user's names.
//!
//! Stable Rust gives macros one way to warn: a use of something deprecated, with a note. The use
//! has the span of the name that the warning is about.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::quote;

use crate::diag::{Diagnostic, Level};
use crate::model::Cell;

/// Items that make the compiler warn; `#[allow(deprecated)]` on the struct silences them.
pub(crate) fn warnings(cell: &Cell) -> TokenStream {
    let lints = lint_attributes(&cell.header.attributes);
    let warning = |d: &&Diagnostic| d.level == Level::Warning;
    let each = cell.notes.iter().filter(warning).map(|d| {
        let (text, name) = (&d.text, Ident::new(d.code, d.place.span));
        quote! {
            #lints
            const _: () = {
                #[deprecated(note = #text)]
                #[allow(non_upper_case_globals)]
                const #name: () = ();
                #name
            };
        }
    });
    quote!(#(#each)*)
}

/// `#[allow(…)]` and its kin among the user's attributes.
fn lint_attributes(attributes: &TokenStream) -> TokenStream {
    const LINTS: [&str; 5] = ["allow", "expect", "warn", "deny", "forbid"];
    let mut tokens = attributes.clone().into_iter();
    let mut out = TokenStream::new();
    while let (Some(sign), Some(TokenTree::Group(group))) = (tokens.next(), tokens.next()) {
        let first = group.stream().into_iter().next();
        let lint =
            matches!(&first, Some(TokenTree::Ident(word)) if LINTS.iter().any(|l| word == l));
        if lint && group.delimiter() == Delimiter::Bracket {
            out.extend([sign, TokenTree::Group(group)]);
        }
    }
    out
}
