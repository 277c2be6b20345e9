//! `#[cell_from_docs]`: the documentation of a unit struct is the definition.
//!
//! Takes: the attribute's arguments and the struct. Gives: what the other stages take from a
//! token definition: a header, the lines that hold the equations, and the statements that the
//! arguments stand for.

use std::path::Path;

use proc_macro2::{Group, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, Token, Visibility};

use crate::diag::{self, Diagnostics, Place};
use crate::options::Unknown;
use crate::read::{Line, load};

/// A struct under `#[cell_from_docs]`, and the attribute's arguments.
pub(crate) struct DocsForm {
    /// The struct line with declared inputs and outputs, as `cell!` writes it.
    pub(crate) header: TokenStream,
    /// The struct with its documentation, files read.
    pub(crate) item: TokenStream,
    /// Statements that stand in the arguments: `φ = tanh; ε = 0.1;`.
    pub(crate) hints: TokenStream,
    pub(crate) lines: Vec<Line>,
    pub(crate) section: Option<String>,
    /// Which of several definitions of one symbol counts, from 1, and where that is said.
    pub(crate) choice: Option<(usize, Place)>,
    /// The runtime as the user's crate names it.
    pub(crate) runtime: TokenStream,
    /// Whether an included file could not be looked for, as in an editor's language server.
    pub(crate) blind: bool,
    /// Makes the compiler read the included files again when they change.
    pub(crate) tracked: TokenStream,
}

struct Item {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    name: Ident,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        input.parse::<Token![struct]>()?;
        let name = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Item {
            attributes,
            visibility,
            name,
        })
    }
}

/// Reads the attribute and the struct; `None` if something was reported.
pub(crate) fn read(
    arguments: TokenStream,
    item: TokenStream,
    diagnostics: &mut Diagnostics,
) -> Option<DocsForm> {
    let item: Item = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => {
            diagnostics.push(diag::not_a_unit_struct(Place::of(error.span())));
            return None;
        }
    };
    let mut form = DocsForm {
        header: TokenStream::new(),
        item: TokenStream::new(),
        hints: TokenStream::new(),
        lines: Vec::new(),
        section: None,
        choice: None,
        runtime: runtime(&arguments),
        blind: false,
        tracked: TokenStream::new(),
    };
    let mut ends = Ends::default();
    for argument in split(arguments) {
        form.argument(argument, &mut ends, diagnostics);
    }
    for attribute in &item.attributes {
        form.document(attribute, diagnostics);
    }
    let texts: Vec<&str> = form.lines.iter().map(|line| &line.text[..]).collect();
    let hints = form.hints.to_string();
    for unknown in &ends.unknown {
        unknown.check(&texts, &hints, diagnostics);
    }
    let (attributes, visibility, name) = (&item.attributes, &item.visibility, &item.name);
    let (inputs, outputs, parent) = (ends.inputs, ends.outputs, ends.parent);
    form.header = quote!(#(#attributes)* #visibility struct #name #inputs #outputs #parent {});
    let others = attributes.iter().filter(|a| !a.path().is_ident("doc"));
    let lines = form.lines.iter().map(|line| {
        let mut text = Literal::string(&line.text);
        text.set_span(line.span);
        quote!(#[doc = #text])
    });
    form.item = quote!(#(#others)* #(#lines)* #visibility struct #name;);
    (!diagnostics.any()).then_some(form)
}

/// The runtime as the arguments name it.
pub(crate) fn runtime(arguments: &TokenStream) -> TokenStream {
    let arguments = split(arguments.clone());
    let named = arguments.iter().rev().find(|argument| match &argument[..] {
        [TokenTree::Ident(key), equals, ..] => key == "crate" && is_equals(equals),
        _ => false,
    });
    match named {
        Some(argument) => argument[2..].iter().cloned().collect(),
        None => quote!(::gate_runtime),
    }
}

fn is_equals(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '=')
}

/// Inputs and outputs that the arguments declare, as on the struct line of `cell!`, and what is no
/// option of ours.
#[derive(Default)]
struct Ends {
    inputs: TokenStream,
    outputs: TokenStream,
    parent: TokenStream,
    unknown: Vec<Unknown>,
}

impl DocsForm {
    /// One argument: an option of ours, or a statement of the language.
    fn argument(
        &mut self,
        argument: Vec<TokenTree>,
        ends: &mut Ends,
        diagnostics: &mut Diagnostics,
    ) {
        let key = match argument.as_slice() {
            [TokenTree::Ident(key), equals, ..] if is_equals(equals) => key.to_string(),
            _ => String::new(),
        };
        let value: TokenStream = argument.iter().skip(2).cloned().collect();
        match key.as_str() {
            "section" => match syn::parse2::<LitStr>(value) {
                Ok(heading) => self.section = Some(heading.value()),
                Err(error) => diagnostics.push(diag::section_not_text(Place::of(error.span()))),
            },
            "definition" => {
                let number = syn::parse2::<syn::LitInt>(value);
                match number.and_then(|n| Ok((n.base10_parse()?, Place::of(n.span())))) {
                    Ok((0, place)) => diagnostics.push(diag::choice_not_number(place)),
                    Ok(choice) => self.choice = Some(choice),
                    Err(error) => {
                        diagnostics.push(diag::choice_not_number(Place::of(error.span())))
                    }
                }
            }
            // See `runtime`.
            "crate" => {}
            "parent" => ends.parent = quote!(= #value with),
            "output" | "outputs" => {
                let list = listed(value);
                ends.outputs = quote!(-> #list);
            }
            "input" | "inputs" => ends.inputs = listed(value),
            _ => {
                ends.unknown
                    .extend(Unknown::of(&key, &argument).filter(|_| !key.is_empty()));
                let statement: TokenStream = argument.into_iter().collect();
                self.hints.extend(quote!(#statement;));
            }
        }
    }

    /// The lines of a documentation attribute.
    fn document(&mut self, attribute: &Attribute, diagnostics: &mut Diagnostics) {
        let Meta::NameValue(pair) = &attribute.meta else {
            return;
        };
        if !pair.path.is_ident("doc") {
            return;
        }
        match &pair.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => {
                let block = text
                    .span()
                    .source_text()
                    .is_some_and(|source| source.starts_with("/**"));
                match block {
                    true => self.push(&without_stars(&text.value()), text.span()),
                    false => self.push(&text.value(), text.span()),
                }
            }
            Expr::Macro(call) if call.mac.path.is_ident("include_str") => {
                match syn::parse2::<LitStr>(call.mac.tokens.clone()) {
                    Ok(path) => self.include(&path, diagnostics),
                    Err(error) => diagnostics.push(diag::section_not_text(Place::of(error.span()))),
                }
            }
            other => {
                let span = other
                    .to_token_stream()
                    .into_iter()
                    .next()
                    .map_or_else(Span::call_site, |t| t.span());
                diagnostics.push(diag::docs_not_text(Place::of(span)));
            }
        }
    }

    fn include(&mut self, path: &LitStr, diagnostics: &mut Diagnostics) {
        match load(&path.value(), path.span()) {
            Ok(Some((file, text))) => {
                // The call in the attribute is never expanded: without this one, cargo would not
                // know of the file. The folder of a source file is relative to that of rustc.
                if let Some(file) = std::path::absolute(file)
                    .ok()
                    .as_deref()
                    .and_then(Path::to_str)
                {
                    self.tracked.extend(quote!(
                        const _: &[u8] = ::core::include_bytes!(#file);
                    ));
                }
                self.push(&text, path.span());
            }
            Ok(None) => self.blind = true,
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }

    fn push(&mut self, text: &str, span: Span) {
        let lines = text.split('\n').map(|line| Line {
            text: line.trim_end_matches('\r').to_owned(),
            span,
        });
        self.lines.extend(lines);
    }
}

/// A block comment without the column of stars at its left edge, if every line has one.
fn without_stars(comment: &str) -> String {
    let starred = |line: &str| line.trim_start().starts_with('*');
    let Some((first, rest)) = comment.split_once('\n') else {
        return comment.to_owned();
    };
    let inner = rest.trim_end_matches([' ', '\t']);
    let inner = inner.strip_suffix('\n').unwrap_or(inner);
    if !inner.lines().all(starred) {
        return comment.to_owned();
    }
    let bare = |line: &str| line.trim_start().chars().skip(1).collect::<String>();
    let lines: Vec<String> = inner.lines().map(bare).collect();
    format!("{first}\n{}", lines.join("\n"))
}

/// Arguments between commas at depth zero.
fn split(arguments: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut out: Vec<Vec<TokenTree>> = vec![Vec::new()];
    for token in arguments {
        match token {
            TokenTree::Punct(p) if p.as_char() == ',' => out.push(Vec::new()),
            token => {
                if let Some(last) = out.last_mut() {
                    last.push(token);
                }
            }
        }
    }
    out.retain(|argument| !argument.is_empty());
    out
}

/// Names in brackets, whether one was written without or not.
fn listed(value: TokenStream) -> TokenStream {
    let mut tokens = value.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(_)), None) => value,
        _ => TokenTree::Group(Group::new(proc_macro2::Delimiter::Parenthesis, value)).into(),
    }
}

/// Keeps, of several equations that define one symbol, the one that the arguments chose. Texts
/// print alternatives below one another ("default", "when …").
pub(crate) fn choose(
    items: &mut Vec<crate::syntax::Item>,
    (choice, place): (usize, Place),
    diagnostics: &mut Diagnostics,
) {
    let key = |item: &crate::syntax::Item| match item {
        crate::syntax::Item::Equation(equation) => {
            let left = &equation.left;
            let marks = left
                .marks
                .iter()
                .map(|m| m.tokens.iter().map(|t| &t.kind).collect::<Vec<_>>());
            Some(format!(
                "{}{} {:?}",
                left.base,
                left.primes,
                marks.collect::<Vec<_>>()
            ))
        }
        _ => None,
    };
    let keys: Vec<Option<String>> = items.iter().map(key).collect();
    let same = |own: &Option<String>, until: usize| {
        let others = keys[..until].iter();
        others
            .filter(|other| own.is_some() && *other == own)
            .count()
    };
    let counts = keys.iter().map(|own| same(own, keys.len()));
    let least = counts.filter(|&count| count > 1).min().unwrap_or(0);
    if least < choice.max(2) {
        diagnostics.push(diag::choice_of_nothing(place, choice, least));
        return;
    }
    let mut at = 0;
    items.retain(|_| {
        let (before, all) = (same(&keys[at], at), same(&keys[at], keys.len()));
        at += 1;
        all < 2 || before + 1 == choice
    });
}

#[cfg(test)]
mod tests {
    use super::without_stars;

    #[test]
    fn a_column_of_stars_is_no_text() {
        assert_eq!(
            without_stars("\n * a\n *\n *   b * c\n "),
            "\n a\n\n   b * c"
        );
        assert_eq!(without_stars(" a\n\t* b"), " a\n b");
    }

    #[test]
    fn other_stars_are() {
        for text in [" * a", "\n a\n * b\n", "\n * a\n b\n"] {
            assert_eq!(without_stars(text), text);
        }
    }
}
