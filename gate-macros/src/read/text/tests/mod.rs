//! Tests of the text front end, by the tokens that it gives.

mod blocks;
mod fuzz;
mod markdown;
mod mistakes;
mod notation;
mod prose;

use proc_macro2::Span;

use super::{Line, read_text};
use crate::diag::Diagnostics;
use crate::read::{Bracket, Kind, Token};

fn lines(text: &str) -> Vec<Line> {
    let line = |line: &str| Line {
        text: line.to_owned(),
        span: Span::call_site(),
    };
    text.split('\n').map(line).collect()
}

fn read(text: &str, section: Option<&str>) -> (Vec<Token>, Diagnostics) {
    let mut diagnostics = Diagnostics::new(text.split('\n').map(str::to_owned).collect());
    let tokens = read_text(&lines(text), section, &mut diagnostics);
    (tokens, diagnostics)
}

/// The statements of a text without mistakes, each on a line.
#[track_caller]
fn shown(text: &str) -> String {
    let (tokens, diagnostics) = read(text, None);
    assert!(!diagnostics.any(), "{text}: {:?}", diagnostics.list());
    show(&tokens)
}

/// The statements of one fenced block.
#[track_caller]
fn fenced(block: &str) -> String {
    shown(&format!("```math\n{block}\n```"))
}

/// The code words of the mistakes in one fenced block.
fn codes(block: &str) -> Vec<&'static str> {
    let (_, diagnostics) = read(&format!("```math\n{block}\n```"), None);
    diagnostics.list().iter().map(|d| d.code).collect()
}

/// The number of statements.
fn count(text: &str) -> usize {
    let (tokens, diagnostics) = read(text, None);
    assert!(!diagnostics.any(), "{text}: {:?}", diagnostics.list());
    tokens.iter().filter(|t| t.kind == Kind::Semi).count()
}

/// Tokens with a blank between any two, statements on lines of their own.
fn show(tokens: &[Token]) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for token in tokens {
        match token.kind {
            Kind::Open(_) => depth += 1,
            Kind::Close(_) => depth -= 1,
            Kind::Semi if depth <= 0 => {
                depth = 0;
                out.push('\n');
                continue;
            }
            _ => {}
        }
        if !out.is_empty() && !out.ends_with('\n') {
            out.push(' ');
        }
        match &token.kind {
            Kind::Word(text) | Kind::Number(_, text) => out.push_str(text),
            Kind::Prime(count) => out.push_str(&"'".repeat(*count as usize)),
            other => out.push_str(sign(other)),
        }
    }
    out.trim_end().to_owned()
}

fn sign(kind: &Kind) -> &'static str {
    match kind {
        Kind::Word(_) | Kind::Number(..) | Kind::Prime(_) => "",
        Kind::Sub => "_",
        Kind::Sup => "^",
        Kind::Transpose => "⊤",
        Kind::Plus => "+",
        Kind::Minus => "-",
        Kind::Star | Kind::Dot => "*",
        Kind::Hadamard => "⊙",
        Kind::Outer => "⊗",
        Kind::Slash => "/",
        Kind::Frac => "frac",
        Kind::Equals => "=",
        Kind::Tilde => "~",
        Kind::Colon => ":",
        Kind::Comma => ",",
        Kind::Semi => ";",
        Kind::Arrow => "->",
        Kind::Range(true) => "..=",
        Kind::Range(false) => "..",
        Kind::In => "∈",
        Kind::Greater => ">",
        Kind::Less => "<",
        Kind::GreaterEq => ">=",
        Kind::LessEq => "<=",
        Kind::Bar => "|",
        Kind::CasesBegin => "cases",
        Kind::CasesEnd => "end",
        Kind::Align => "&",
        Kind::Row => "row",
        Kind::Open(Bracket::Paren) => "(",
        Kind::Open(Bracket::Square) => "[",
        Kind::Open(Bracket::Brace) => "{",
        Kind::Close(Bracket::Paren) => ")",
        Kind::Close(Bracket::Square) => "]",
        Kind::Close(Bracket::Brace) => "}",
        Kind::Bad => "?",
    }
}
