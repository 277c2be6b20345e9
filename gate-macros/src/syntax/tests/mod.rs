//! Tests of the parser, by the s-expressions of what it gives.

mod declarations;
mod expressions;
mod fuzz;
mod headers;
mod mistakes;
mod statements;

use proc_macro2::Span;

use super::ast::Item;
use super::cell::parse_items;
use super::dump::dump;
use crate::diag::{Diagnostics, Place};
use crate::read::{Bracket, Kind, Token, read_tokens};

/// Parses Rust tokens.
fn parse(source: &str) -> (Vec<Item>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let tokens = read_tokens(source.parse().expect("lexes"), &mut diagnostics);
    let items = parse_items(&tokens, &mut diagnostics);
    (items, diagnostics)
}

/// The tree of a source without mistakes.
#[track_caller]
fn tree(source: &str) -> String {
    let (items, diagnostics) = parse(source);
    assert!(!diagnostics.any(), "{source}: {:?}", diagnostics.list());
    dump(&items)
}

/// The tree of the right side of one equation.
#[track_caller]
fn right(source: &str) -> String {
    let tree = tree(&format!("y = {source};"));
    tree.strip_prefix("(= y ")
        .and_then(|t| t.strip_suffix(')'))
        .expect("an equation")
        .to_string()
}

/// The code words of the mistakes.
fn codes(source: &str) -> Vec<&'static str> {
    parse(source).1.list().iter().map(|d| d.code).collect()
}

/// Tokens as the text front end gives them: words between gaps, some with a meaning of their
/// own, on one line at successive columns.
fn text_tokens(source: &str) -> Vec<Token> {
    let mut column = 0;
    let place = Place {
        line: 1,
        ..Place::of(Span::call_site())
    };
    let mut tokens = Vec::new();
    for word in source.split(' ') {
        let width = word.chars().count() as u32;
        tokens.push(Token {
            kind: text_kind(word),
            place: Place {
                column,
                width,
                ..place
            },
        });
        column += width + 1;
    }
    tokens
}

fn text_kind(word: &str) -> Kind {
    match word {
        "(" => Kind::Open(Bracket::Paren),
        "[" => Kind::Open(Bracket::Square),
        "{" => Kind::Open(Bracket::Brace),
        ")" => Kind::Close(Bracket::Paren),
        "]" => Kind::Close(Bracket::Square),
        "}" => Kind::Close(Bracket::Brace),
        "'" => Kind::Prime(1),
        "⊤" => Kind::Transpose,
        "∈" => Kind::In,
        "frac" => Kind::Frac,
        "cases" => Kind::CasesBegin,
        "endcases" => Kind::CasesEnd,
        "&" => Kind::Align,
        "row" => Kind::Row,
        "×" => Kind::Star,
        other => {
            let mut diagnostics = Diagnostics::default();
            let stream = other.parse().expect("lexes");
            let mut tokens = read_tokens(stream, &mut diagnostics);
            assert!(tokens.len() == 1 && !diagnostics.any(), "{other}");
            tokens.remove(0).kind
        }
    }
}

/// Parses such tokens.
fn parse_text(source: &str) -> (Vec<Item>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let items = parse_items(&text_tokens(source), &mut diagnostics);
    (items, diagnostics)
}

#[track_caller]
fn text_tree(source: &str) -> String {
    let (items, diagnostics) = parse_text(source);
    assert!(!diagnostics.any(), "{source}: {:?}", diagnostics.list());
    dump(&items)
}

fn text_codes(source: &str) -> Vec<&'static str> {
    parse_text(source).1.list().iter().map(|d| d.code).collect()
}
