//! Tokens as a message quotes them.

use crate::read::{Bracket, Kind, Token};

/// One token in the spelling of the token form where there is one.
pub(super) fn printed(kind: &Kind) -> String {
    match kind {
        Kind::Word(text) | Kind::Number(_, text) => text.clone(),
        Kind::Prime(count) => "'".repeat(*count as usize),
        other => sign(other).to_string(),
    }
}

/// Several tokens, without gaps.
pub(super) fn printed_all(tokens: &[Token]) -> String {
    tokens.iter().map(|token| printed(&token.kind)).collect()
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
        Kind::Frac => "\\frac",
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
        Kind::CasesBegin => "\\begin{cases}",
        Kind::CasesEnd => "\\end{cases}",
        Kind::Align => "&",
        Kind::Row => "\\\\",
        Kind::Open(Bracket::Paren) => "(",
        Kind::Open(Bracket::Square) => "[",
        Kind::Open(Bracket::Brace) => "{",
        Kind::Close(Bracket::Paren) => ")",
        Kind::Close(Bracket::Square) => "]",
        Kind::Close(Bracket::Brace) => "}",
        Kind::Bad => "…",
    }
}
