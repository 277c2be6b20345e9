//! Definitions as source text, their cells as text.

mod cells;
mod fuzz;
mod inner;
mod kinds;
mod mistakes;
mod notes;
mod printed;
mod sizes;
mod spelling;
mod time;
mod variants;

use super::dump::dump;
use super::{Cell, resolve};
use crate::diag::Diagnostics;
use crate::read::{Kind, Token, read_tokens};
use crate::syntax::{parse_cell, parse_header};

/// What the stage makes of a struct line and a body in token form. Tokens have no primes: here
/// `h_q` stands for `h'`.
fn resolved(line: &str, body: &str) -> (Option<Cell>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let source = format!("{line} {{ {body} }}");
    let stream = source
        .parse()
        .expect("the test's source is made of Rust tokens");
    let (header, body) =
        parse_header(stream, &mut diagnostics).expect("the test has a struct line");
    let tokens = with_primes(read_tokens(body, &mut diagnostics));
    let definition = parse_cell(header, &tokens, &mut diagnostics);
    assert!(!diagnostics.any(), "syntax: {:?}", diagnostics.list());
    let cell = resolve(definition, &mut diagnostics);
    assert_eq!(
        cell.is_none(),
        diagnostics.any(),
        "either a cell or messages"
    );
    (cell, diagnostics)
}

/// What syntax alone makes of a body.
fn parsed(body: &str) -> (Vec<crate::syntax::Item>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let tokens = read_tokens(body.parse().expect("Rust tokens"), &mut diagnostics);
    let items = crate::syntax::parse_items(&tokens, &mut diagnostics);
    (items, diagnostics)
}

fn with_primes(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    for token in tokens {
        let sub = matches!(
            out.last(),
            Some(Token {
                kind: Kind::Sub,
                ..
            })
        );
        if sub && token.kind == Kind::Word("q".to_owned()) {
            out.pop();
            out.push(Token {
                kind: Kind::Prime(1),
                place: token.place,
            });
        } else {
            out.push(token);
        }
    }
    out
}

/// The cell of a sound body.
fn cell(body: &str) -> Cell {
    cell_of("struct Test", body)
}

fn cell_of(line: &str, body: &str) -> Cell {
    let (cell, diagnostics) = resolved(line, body);
    cell.unwrap_or_else(|| panic!("{body}\n{:?}", texts(&diagnostics)))
}

/// Checks that the dump of a body has these lines.
fn has_lines(body: &str, lines: &[&str]) {
    let dump = dump(&cell(body));
    for line in lines {
        assert!(
            dump.lines().any(|l| l == *line),
            "no line `{line}` in\n{dump}"
        );
    }
}

fn texts(diagnostics: &Diagnostics) -> Vec<&str> {
    diagnostics.list().iter().map(|d| d.text.as_str()).collect()
}

/// The code words of the messages for a definition.
fn codes(line: &str, body: &str) -> Vec<&'static str> {
    resolved(line, body)
        .1
        .list()
        .iter()
        .map(|d| d.code)
        .collect()
}

/// The code words of the warnings and notes on a sound definition.
fn codes_of_notes(line: &str, body: &str) -> Vec<&'static str> {
    let (cell, diagnostics) = resolved(line, body);
    assert!(cell.is_some(), "{body}: {:?}", texts(&diagnostics));
    diagnostics.notes().iter().map(|d| d.code).collect()
}
