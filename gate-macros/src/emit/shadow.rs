//! Names of the user's module that emitted code must not meet.
//!
//! A `const x` of the user's would turn the argument `x` of a constructor, or a value `x` of the
//! equations, into a pattern that compares with it; no hygiene of macros prevents that. A
//! function of that name nearer by does: what a pattern finds to be a function, it binds anew. One
//! function under many names costs the compiler less than many functions.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::quote;

use super::paths::{Paths, ident};

/// A function under each name that the code binds.
pub(super) fn shadows(code: &TokenStream, paths: &Paths) -> TokenStream {
    let mut names = BTreeSet::new();
    bindings(code.clone(), &mut names);
    let (runtime, names) = (&paths.runtime, names.iter().map(|name| ident(name)));
    quote! {
        #[allow(unused_imports)]
        use #runtime::__private::{#(shadow as #names),*};
    }
}

/// Names behind `let` and `for`, between the bars of a closure, and before the `:` of arguments.
fn bindings(code: TokenStream, names: &mut BTreeSet<String>) {
    let trees: Vec<TokenTree> = code.into_iter().collect();
    let mut pattern = false;
    let mut bars = false;
    for (at, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Ident(word) if word == "let" => pattern = true,
            // Not that of `impl … for`.
            TokenTree::Ident(word) if word == "for" => pattern = is_loop(&trees[at..]),
            TokenTree::Ident(word) if word == "in" => pattern = false,
            TokenTree::Ident(word) if pattern || bars => bind(&word.to_string(), names),
            TokenTree::Punct(p) => match p.as_char() {
                '=' | ':' | ';' => pattern = false,
                '|' if bars => bars = false,
                '|' => bars = at == 0 || !matches!(trees[at - 1], TokenTree::Ident(_)),
                _ => {}
            },
            TokenTree::Group(group) if pattern || bars => {
                for tree in group.stream() {
                    if let TokenTree::Ident(word) = tree {
                        bind(&word.to_string(), names);
                    }
                }
            }
            TokenTree::Group(group) => {
                if group.delimiter() == Delimiter::Parenthesis {
                    arguments(group.stream(), names);
                }
                bindings(group.stream(), names);
            }
            _ => {}
        }
    }
}

/// Whether an `in` stands before the braces behind a `for`.
fn is_loop(trees: &[TokenTree]) -> bool {
    let head = trees.iter().take_while(
        |tree| !matches!(tree, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace),
    );
    let mut words = head.filter(|tree| matches!(tree, TokenTree::Ident(_)));
    words.any(|tree| tree.to_string() == "in")
}

/// Names that a single colon follows.
fn arguments(list: TokenStream, names: &mut BTreeSet<String>) {
    let trees: Vec<TokenTree> = list.into_iter().collect();
    let sign = |at: usize| match trees.get(at) {
        Some(TokenTree::Punct(p)) if p.as_char() == ':' => Some(p.spacing()),
        _ => None,
    };
    for (at, tree) in trees.iter().enumerate() {
        let path = at > 0 && sign(at - 1).is_some();
        // Behind an argument the colon stands alone, also where its type begins with two.
        if let TokenTree::Ident(word) = tree
            && !path
            && sign(at + 1) == Some(Spacing::Alone)
        {
            bind(&word.to_string(), names);
        }
    }
}

fn bind(word: &str, names: &mut BTreeSet<String>) {
    let is_value = !["mut", "ref", "self", "Self", "_", "crate", "impl"].contains(&word);
    if is_value {
        names.insert(word.strip_prefix("r#").unwrap_or(word).to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_binding_is_found() {
        let code = quote! {
            impl Cell for Lstm {
                fn new<R: Rng>(x: ::core::primitive::usize, rng: &mut R) -> a::B {
                    let (f, mut g) = c::d(h);
                    let [i]: [A; 1] = e;
                    for k in 0..n { call(|o, (p, q)| o + p, m) }
                }
            }
        };
        let mut names = BTreeSet::new();
        bindings(code, &mut names);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(names, ["f", "g", "i", "k", "o", "p", "q", "rng", "x"]);
    }
}
