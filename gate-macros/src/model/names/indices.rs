//! The tokens of marks, before it is known what counts the steps.

use crate::read::{Kind, Token};

/// Letter, sign and what is added: `t`, `t-1`, `(t+1)`, `1+t`, `t-d`. `None` for anything else.
pub(in crate::model) fn offset(tokens: &[Token]) -> Option<(&str, i64, Option<&Kind>)> {
    match tokens {
        [
            Token {
                kind: Kind::Word(letter),
                ..
            },
        ] => one(letter).map(|l| (l, 1, None)),
        [
            Token {
                kind: Kind::Word(letter),
                ..
            },
            sign,
            Token { kind: count, .. },
        ] => {
            let sign = match sign.kind {
                Kind::Plus => 1,
                Kind::Minus => -1,
                _ => return None,
            };
            match count {
                Kind::Number(..) => one(letter).map(|l| (l, sign, Some(count))),
                Kind::Word(_) if letter == "t" || letter == "n" => {
                    Some((letter, sign, Some(count)))
                }
                _ => None,
            }
        }
        [
            Token {
                kind: count @ Kind::Number(..),
                ..
            },
            Token {
                kind: Kind::Plus, ..
            },
            Token {
                kind: Kind::Word(letter),
                ..
            },
        ] => one(letter).map(|l| (l, 1, Some(count))),
        [
            Token {
                kind: Kind::Open(_),
                ..
            },
            inner @ ..,
            Token {
                kind: Kind::Close(_),
                ..
            },
        ] => offset(inner),
        _ => None,
    }
}

/// A word of one lower-case letter.
fn one(word: &str) -> Option<&str> {
    let mut chars = word.chars();
    let first = chars.next()?;
    (chars.next().is_none() && first.is_lowercase()).then_some(word)
}

pub(in crate::model) fn split(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    tokens.split(|token| token.kind == Kind::Comma)
}

/// `k|k-1`: the step of a value, and the last one that it is told from.
pub(super) fn given(tokens: &[Token]) -> Option<(&[Token], &[Token])> {
    let bar = tokens.iter().position(|token| token.kind == Kind::Bar)?;
    Some((&tokens[..bar], &tokens[bar + 1..]))
}

/// The text of a label.
pub(in crate::model) fn text(tokens: &[Token]) -> String {
    let mut out = String::new();
    for token in tokens {
        match &token.kind {
            Kind::Word(word) => out.push_str(word),
            Kind::Number(_, printed) => out.push_str(printed),
            Kind::Plus => out.push('+'),
            Kind::Minus => out.push('-'),
            Kind::Star | Kind::Dot => out.push('*'),
            Kind::Prime(count) => out.extend((0..*count).map(|_| '\'')),
            Kind::Comma => out.push(','),
            Kind::Slash => out.push('/'),
            Kind::Equals => out.push('='),
            Kind::Bar => out.push('|'),
            _ => {}
        }
    }
    out
}
