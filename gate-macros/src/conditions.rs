//! `#[cfg(…)]` on a definition: what it gives is several items, all of them under the condition.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

/// The conditions among the attributes that an item begins with, and the item without them.
pub(crate) fn take(item: TokenStream) -> (TokenStream, TokenStream) {
    let (mut conditions, mut rest) = (TokenStream::new(), TokenStream::new());
    let mut trees = item.into_iter().peekable();
    while let Some(sign) = trees.next_if(|tree| is_sign(tree, '#')) {
        let attribute = trees.next();
        let to = match attribute.as_ref().is_some_and(is_condition) {
            true => &mut conditions,
            false => &mut rest,
        };
        to.extend([sign]);
        to.extend(attribute);
    }
    rest.extend(trees);
    (conditions, rest)
}

/// `cell! { … }` under conditions.
pub(crate) fn tokens(
    conditions: &TokenStream,
    runtime: &TokenStream,
    rest: &TokenStream,
) -> TokenStream {
    quote!(#conditions #runtime::__private::cell! { #runtime; #rest })
}

/// `#[cell_from_docs(…)]` under conditions.
pub(crate) fn docs(
    conditions: &TokenStream,
    runtime: &TokenStream,
    arguments: &TokenStream,
    rest: &TokenStream,
) -> TokenStream {
    quote!(#conditions #[#runtime::cell_from_docs(#arguments)] #rest)
}

fn is_sign(tree: &TokenTree, sign: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// `[cfg(…)]`
fn is_condition(attribute: &TokenTree) -> bool {
    match attribute {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
            let first = group.stream().into_iter().next();
            matches!(first, Some(TokenTree::Ident(word)) if word == "cfg")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_taken_from_among_the_attributes() {
        let item = quote! {
            #[doc = "a"]
            #[cfg(test)]
            #[derive(Clone)]
            #[cfg(unix)]
            pub struct Foo { #[cfg(windows)] h_t = x_t; }
        };
        let (conditions, rest) = take(item);
        assert_eq!(
            conditions.to_string(),
            quote!(#[cfg(test)] #[cfg(unix)]).to_string()
        );
        let left =
            quote!(#[doc = "a"] #[derive(Clone)] pub struct Foo { #[cfg(windows)] h_t = x_t; });
        assert_eq!(rest.to_string(), left.to_string());
    }
}
