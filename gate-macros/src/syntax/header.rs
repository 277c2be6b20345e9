//! The struct line: attributes, visibility, name, declared inputs and outputs.

use std::iter::Peekable;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Group, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Expr, ExprLit, Ident, Lit, Meta, Token, Visibility};

use super::ast::{CellName, CellPath, Header, Name};
use super::fixed::{distinct, take_fixed};
use super::parser::{Parse, Parser};
use super::printed::printed;
use super::source::Source;
use crate::diag::{self, Diagnostics, Place};
use crate::read::{Token, read_tokens};

/// Reads a struct line and gives the stream in the braces behind it; an empty stream where a
/// `;` stands instead. `None` where there is no struct line at all.
pub(crate) fn parse_header(
    stream: TokenStream,
    diagnostics: &mut Diagnostics,
) -> Option<(Header, TokenStream)> {
    let line = match struct_line.parse2(stream) {
        Ok(line) => line,
        Err(error) => {
            let place = Place::of(error.span());
            diagnostics.push(diag::not_a_struct(place, &error.to_string()));
            return None;
        }
    };
    let (attributes, fixed) = take_fixed(line.attributes, diagnostics);
    // Emitted code is generic in `A`.
    let names = fixed.iter().map(|fixed| &fixed.name);
    for name in names.chain([&line.name]).filter(|name| *name == "A") {
        diagnostics.push(diag::reserved_name(Place::of(name.span())));
    }
    let fixed = distinct(&line.name, fixed, diagnostics);
    let (attributes, docs) = split_docs(attributes);
    let mut header = Header {
        attributes,
        docs,
        visibility: line.visibility.into_token_stream(),
        name: line.name,
        inputs: None,
        outputs: None,
        parent: None,
        fixed,
    };
    let body = signature(&mut header, line.rest, diagnostics);
    Some((header, body))
}

/// The header of something that is no struct line, if it names a type at all: what follows
/// `struct`, or any other word in its place.
pub(crate) fn guess_header(stream: TokenStream) -> Option<Header> {
    let mut words = stream.into_iter().filter_map(|tree| match tree {
        TokenTree::Ident(word) => Some(word),
        _ => None,
    });
    let begins = |word: &Ident| {
        ["struct", "enum", "union", "fn", "cell"]
            .iter()
            .any(|w| word == w)
    };
    words.find(begins)?;
    // Of a keyword no type can be made.
    let name = syn::parse2(words.next()?.into_token_stream()).ok()?;
    Some(Header {
        attributes: TokenStream::new(),
        docs: Vec::new(),
        visibility: quote::quote!(pub),
        name,
        inputs: None,
        outputs: None,
        parent: None,
        fixed: Vec::new(),
    })
}

struct Line {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    name: Ident,
    rest: TokenStream,
}

fn struct_line(input: ParseStream) -> syn::Result<Line> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility = input.parse()?;
    input.parse::<Token![struct]>()?;
    Ok(Line {
        attributes,
        visibility,
        name: input.parse()?,
        rest: input.parse()?,
    })
}

/// Attributes other than documentation, and the documentation line by line.
fn split_docs(attributes: Vec<Attribute>) -> (TokenStream, Vec<String>) {
    let mut others = TokenStream::new();
    let mut docs = Vec::new();
    for attribute in attributes {
        match doc_text(&attribute) {
            Some(text) => docs.extend(text.split('\n').map(str::to_string)),
            None => attribute.to_tokens(&mut others),
        }
    }
    (others, docs)
}

/// The text of `#[doc = "…"]`, of `///` and `/** */`.
fn doc_text(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// `(x_t) -> (h_t, y_t) { body }`, of which only the body must be there.
fn signature(header: &mut Header, rest: TokenStream, diagnostics: &mut Diagnostics) -> TokenStream {
    let mut trees = rest.into_iter().peekable();
    if let Some(TokenTree::Punct(open)) = trees.peek()
        && open.as_char() == '<'
    {
        diagnostics.push(diag::generic_cell(Place::of(open.span())));
        // Everything up to the signature.
        while trees
            .next_if(|tree| !matches!(tree, TokenTree::Group(_)))
            .is_some()
        {}
    }
    if let Some(group) = trees.next_if(|tree| is_group(tree, Delimiter::Parenthesis)) {
        header.inputs = names(inner(&group), diagnostics);
    }
    let mut outputs = Vec::new();
    let mut body = None;
    for tree in trees.by_ref() {
        match tree {
            TokenTree::Group(group) if is_body(&group, outputs.last()) => {
                body = Some(group.stream());
                break;
            }
            TokenTree::Punct(end) if end.as_char() == ';' => {
                body = Some(TokenStream::new());
                break;
            }
            TokenTree::Punct(equals) if is_equals(&equals) => {
                header.parent = parent(equals.span(), &mut trees, diagnostics);
                // Where nothing follows, that was reported.
                body = Some(trees.next().map_or(TokenStream::new(), |tree| inner(&tree)));
                break;
            }
            tree => outputs.push(tree),
        }
    }
    header.outputs = arrow_and_names(outputs, diagnostics);
    if let Some(tree) = trees.next() {
        diagnostics.push(diag::after_body(Place::of(tree.span())));
    }
    body.unwrap_or_else(|| {
        diagnostics.push(diag::no_body(Place::of(header.name.span())));
        TokenStream::new()
    })
}

/// `=`, not `=>`.
fn is_equals(punct: &Punct) -> bool {
    punct.as_char() == '=' && punct.spacing() == Spacing::Alone
}

/// `Lstm with`, in front of the braces. Reports where it is not that.
fn parent(
    equals: Span,
    trees: &mut Peekable<IntoIter>,
    diagnostics: &mut Diagnostics,
) -> Option<CellPath> {
    let mut path = Vec::new();
    let mut with = None;
    while let Some(tree) = trees.next_if(|tree| !is_group(tree, Delimiter::Brace)) {
        match tree {
            TokenTree::Ident(word) if word == "with" => with = Some(word.span()),
            TokenTree::Punct(end) if end.as_char() == ';' => break,
            tree if with.is_none() => path.push(tree),
            tree => diagnostics.push(diag::variant_line(Place::of(tree.span()))),
        }
    }
    let Some(first) = path.first() else {
        diagnostics.push(diag::variant_line(Place::of(equals)));
        return None;
    };
    let place = Place::of(path.last().map_or(first.span(), TokenTree::span));
    let text: String = path.iter().map(TokenTree::to_string).collect();
    let filled = |tree: &TokenTree| !inner(tree).is_empty();
    if with.is_none() && trees.peek().is_some_and(filled) {
        diagnostics.push(diag::variant_without_with(place, &text));
        return None;
    }
    if with.is_none() || trees.peek().is_none() {
        diagnostics.push(diag::variant_changes_nothing(place, &text));
        return None;
    }
    let is_path = |tree: &TokenTree| match tree {
        TokenTree::Punct(punct) => punct.as_char() == ':',
        tree => matches!(tree, TokenTree::Ident(_)),
    };
    if let Some(other) = path.iter().find(|tree| !is_path(tree)) {
        diagnostics.push(diag::variant_line(Place::of(other.span())));
        return None;
    }
    let tokens = path.into_iter().collect();
    Some(CellPath {
        name: CellName::new(text),
        tokens,
        place,
    })
}

/// Whether a brace group behind a token is the body: not where it is the index of `h_{t}`.
fn is_body(group: &Group, before: Option<&TokenTree>) -> bool {
    let is_mark = match before {
        Some(TokenTree::Ident(ident)) => ident.to_string().ends_with('_'),
        Some(TokenTree::Punct(punct)) => punct.as_char() == '^',
        _ => false,
    };
    group.delimiter() == Delimiter::Brace && !is_mark
}

/// What stands between inputs and body: nothing, or `->` and names.
fn arrow_and_names(trees: Vec<TokenTree>, diagnostics: &mut Diagnostics) -> Option<Vec<Name>> {
    let first = trees.first()?.clone();
    let is_sign = |tree: Option<&TokenTree>, sign: char| matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    if !is_sign(trees.first(), '-') || !is_sign(trees.get(1), '>') {
        let found = match first.to_string() {
            colon if colon == ":" => "name:".to_owned(),
            found => found,
        };
        diagnostics.push(diag::signature(Place::of(first.span()), &found));
        return None;
    }
    let mut names_of = trees[2..].to_vec();
    match &names_of[..] {
        [] => {
            diagnostics.push(diag::missing_value(Place::of(first.span()), "->"));
            return None;
        }
        [only] if is_group(only, Delimiter::Parenthesis) => {
            names_of = inner(only).into_iter().collect();
        }
        _ => {}
    }
    names(names_of.into_iter().collect(), diagnostics)
}

/// Names with commas between them; `None` where there are none or one cannot be read.
fn names(stream: TokenStream, diagnostics: &mut Diagnostics) -> Option<Vec<Name>> {
    let tokens = read_tokens(stream, diagnostics);
    if tokens.is_empty() {
        return None;
    }
    name_list(&tokens)
        .map_err(|message| diagnostics.push(*message))
        .ok()
}

fn name_list(tokens: &[Token]) -> Parse<Vec<Name>> {
    let mut source = Source::new(tokens);
    let end = source
        .statement_end(0, tokens.len())
        .map_err(|(message, _)| Box::new(message))?;
    if let Some(token) = tokens.get(end) {
        return Err(Box::new(diag::signature(
            token.place,
            &printed(&token.kind),
        )));
    }
    let mut parser = Parser::new(&source, 0..end, 0);
    let list = parser.list(|p| match p.name()? {
        Some(name) => Ok(name),
        None => Err(Box::new(diag::signature(p.here(), &p.found()))),
    })?;
    match parser.peek() {
        None => Ok(list),
        Some(kind) => Err(Box::new(diag::signature(parser.here(), &printed(kind)))),
    }
}

fn is_group(tree: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == delimiter)
}

fn inner(tree: &TokenTree) -> TokenStream {
    match tree {
        TokenTree::Group(group) => group.stream(),
        _ => TokenStream::new(),
    }
}
