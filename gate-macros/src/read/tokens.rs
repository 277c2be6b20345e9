//! The token front end: the body of `cell!` as Rust lexed it, to the tokens of both front ends.
//!
//! Takes any token stream. Gives a flat list in which brackets are balanced; what means nothing
//! is reported and left out.

use std::iter::Peekable;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use super::angles::angles;
use super::{Bracket, Kind, Token};
use crate::diag::{self, Diagnostics, Place};
use crate::functions;

/// Reads a token stream; mistakes go to `diagnostics`.
pub(crate) fn read_tokens(stream: TokenStream, diagnostics: &mut Diagnostics) -> Vec<Token> {
    let mut reader = Reader {
        tokens: Vec::new(),
        reported: Vec::new(),
        diagnostics,
    };
    // A stack of our own: nesting in the source must not become nesting of calls.
    let mut levels = vec![Level {
        trees: stream.into_iter().peekable(),
        close: None,
    }];
    while let Some(level) = levels.last_mut() {
        match level.trees.next() {
            None => {
                if let Some((bracket, place)) = level.close {
                    reader.push(Kind::Close(bracket), place);
                }
                levels.pop();
            }
            Some(TokenTree::Ident(ident)) => reader.ident(&ident),
            Some(TokenTree::Literal(literal)) => reader.literal(&literal),
            Some(TokenTree::Punct(punct)) => reader.punct(&punct, &mut level.trees),
            Some(TokenTree::Group(group)) => {
                let open = Place::of(group.span_open());
                if group.delimiter() == Delimiter::Parenthesis && is_dot(group.stream()) {
                    reader.push(Kind::Hadamard, open);
                    continue;
                }
                let close = bracket_of(group.delimiter()).map(|bracket| {
                    reader.push(Kind::Open(bracket), open);
                    (bracket, Place::of(group.span_close()))
                });
                levels.push(Level {
                    trees: group.stream().into_iter().peekable(),
                    close,
                });
            }
        }
    }
    let with = |token: &Token, kind: Kind| Token {
        kind,
        place: token.place,
    };
    angles(&mut reader.tokens, |token| Some(&token.kind), with);
    reader.tokens
}

/// One open bracket of the source: what is left in it, and what closes it.
struct Level {
    trees: Peekable<IntoIter>,
    close: Option<(Bracket, Place)>,
}

struct Reader<'d> {
    tokens: Vec<Token>,
    /// Signs without a meaning that were reported: once is enough.
    reported: Vec<char>,
    diagnostics: &'d mut Diagnostics,
}

impl Reader<'_> {
    fn push(&mut self, kind: Kind, place: Place) {
        self.tokens.push(Token { kind, place });
    }

    /// Reports what means nothing, and stands in for it.
    fn bad(&mut self, message: diag::Diagnostic) {
        self.push(Kind::Bad, message.place);
        self.diagnostics.push(message);
    }

    fn ident(&mut self, ident: &Ident) {
        let text = ident.to_string();
        self.word(
            text.strip_prefix("r#").unwrap_or(&text),
            Place::of(ident.span()),
        );
    }

    /// An identifier, possibly several symbols: `W_x`, and `W·x`, `fʘc`, which Rust takes for
    /// single identifiers.
    fn word(&mut self, text: &str, place: Place) {
        let mut rest = text;
        while let Some(at) = rest.find(['·', 'ʘ']) {
            let (before, sign) = rest.split_at(at);
            let mut behind = sign.chars();
            let kind = if behind.next() == Some('·') {
                Kind::Star
            } else {
                Kind::Hadamard
            };
            self.marked_word(before, place);
            self.push(kind, place);
            rest = behind.as_str();
        }
        self.marked_word(rest, place);
    }

    /// Splits at underscores, except in words that the tables know.
    fn marked_word(&mut self, text: &str, place: Place) {
        match text {
            "" => return,
            "odot" => return self.push(Kind::Hadamard, place),
            "otimes" => return self.push(Kind::Outer, place),
            _ => {}
        }
        if functions::function(text).is_some() || functions::INITIALISERS.contains(&text) {
            return self.push(Kind::Word(text.to_string()), place);
        }
        for (i, part) in text.split('_').enumerate() {
            if i > 0 {
                self.push(Kind::Sub, place);
            }
            if part.bytes().all(|b| b.is_ascii_digit()) {
                if let Ok(value) = part.parse() {
                    self.push(Kind::Number(value, part.to_string()), place);
                }
            } else {
                // The mathematical sigmas are one letter with the plain one.
                self.push(Kind::Word(part.replace(['𝛔', '𝜎', '𝝈'], "σ")), place);
            }
        }
    }

    fn literal(&mut self, literal: &Literal) {
        let place = Place::of(literal.span());
        let text = literal.to_string();
        let (minus, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.as_str()),
        };
        let Some(number) = split_number(digits) else {
            return self.bad(diag::literal_in_equation(place, &text));
        };
        if let Some(start) = self.step_without_braces(place) {
            return self.bad(diag::unclear_step(start.to(place)));
        }
        if !number.value.is_finite() {
            self.diagnostics
                .push(diag::number_too_large(place, number.text));
        }
        if is_number_type(number.suffix) {
            let message = diag::number_suffix(place, number.text, number.suffix);
            self.diagnostics.push(message);
        }
        // Only literals that another macro made have a sign.
        if minus {
            self.push(Kind::Minus, place);
        }
        let raised = matches!(self.tokens.last(), Some(token) if token.kind == Kind::Sup);
        self.push(Kind::Number(number.value, number.text.to_string()), place);
        // `h^1_t`, whose `1_t` is one literal to Rust.
        if raised && digits[number.text.len()..].starts_with('_') {
            self.push(Kind::Sub, place);
        }
        if !is_number_type(number.suffix) {
            self.word(number.suffix, place);
        }
    }

    /// Where `h_t-1` begins whose number stands here, without a gap anywhere: `h_{t-1}` is more
    /// likely meant than a difference.
    fn step_without_braces(&self, number: Place) -> Option<Place> {
        let [.., sub, letter, minus] = &self.tokens[..] else {
            return None;
        };
        let index = matches!(&letter.kind, Kind::Word(word) if word == "t" || word == "n");
        let written = sub.kind == Kind::Sub && index && minus.kind == Kind::Minus;
        // Asked last: the compiler counts a place from the beginning of the line.
        let touches =
            || touch(letter.place.span, minus.place.span) && touch(minus.place.span, number.span);
        (written && touches()).then_some(letter.place)
    }

    /// What a `.` that is no operator was meant for.
    fn dot(&mut self, place: Place, rest: &mut Peekable<IntoIter>) {
        let name = match rest.peek() {
            Some(TokenTree::Ident(name)) => Some((name.to_string(), Place::of(name.span()))),
            _ => None,
        };
        let before = self.tokens.last().map(|token| (&token.kind, token.place));
        let message = match (before, name) {
            (Some((Kind::Word(module), start)), Some((name, end)))
                if MODULES.contains(&module.as_str()) =>
            {
                diag::path_or_method(start.to(end), Some(module), &name)
            }
            (Some((_, start)), Some((name, end)))
                if name == "T" || functions::function(&name).is_some() =>
            {
                diag::path_or_method(start.to(end), None, &name)
            }
            _ => diag::lone_dot(place),
        };
        self.bad(message);
    }

    /// Whether a `|` of this statement is open.
    fn in_bars(&self) -> bool {
        let statement = self.tokens.rsplit(|token| token.kind == Kind::Semi).next();
        let bars = statement.into_iter().flatten();
        bars.filter(|token| token.kind == Kind::Bar).count() % 2 == 1
    }

    fn punct(&mut self, punct: &Punct, rest: &mut Peekable<IntoIter>) {
        let place = Place::of(punct.span());
        let mut last = punct.clone();
        let before_value = punct.as_char() == '|' && {
            let second = rest.clone().nth(1);
            !matches!(second, None | Some(TokenTree::Punct(_)))
        };
        // Takes the next sign where it is this one and stands side by side with the last.
        let mut take = |wanted: char| match rest.peek() {
            Some(TokenTree::Punct(next)) if next.as_char() == wanted && joined(&last, next) => {
                last = next.clone();
                rest.next();
                true
            }
            _ => false,
        };
        let kind = match punct.as_char() {
            '.' if take('*') => Kind::Hadamard,
            '.' if take('.') => Kind::Range(take('=')),
            '.' => return self.dot(place, rest),
            '*' if take('*') => Kind::Sup,
            '-' if take('>') => Kind::Arrow,
            ':' if take('=') => Kind::Equals,
            '>' if take('=') => Kind::GreaterEq,
            '<' if take('=') => Kind::LessEq,
            '+' => Kind::Plus,
            '-' => Kind::Minus,
            '*' => Kind::Star,
            '/' => Kind::Slash,
            '^' => Kind::Sup,
            '=' => Kind::Equals,
            '~' => Kind::Tilde,
            ':' => Kind::Colon,
            ',' => Kind::Comma,
            ';' => Kind::Semi,
            '>' => Kind::Greater,
            '<' => Kind::Less,
            // Behind an open bar it is `|a||b|`.
            '|' if before_value && !self.in_bars() && take('|') => {
                return match self.reported.contains(&'|') {
                    true => self.push(Kind::Bad, place),
                    false => {
                        self.reported.push('|');
                        self.bad(diag::double_bar(place))
                    }
                };
            }
            '|' => Kind::Bar,
            '\'' => {
                rest.next_if(|next| matches!(next, TokenTree::Ident(_)));
                return self.bad(diag::prime_in_tokens(place));
            }
            other if self.reported.contains(&other) => Kind::Bad,
            other => {
                self.reported.push(other);
                return self.bad(diag::unknown_token(place, other));
            }
        };
        self.push(kind, place);
    }
}

/// Names before the functions of other languages' libraries.
const MODULES: &[&str] = &[
    "np", "numpy", "torch", "nn", "F", "tf", "jnp", "jax", "math", "keras", "f32", "f64", "self",
];

/// Whether two signs stand side by side. Signs out of a `macro_rules!` have lost that, but not
/// where they were written.
fn joined(left: &Punct, right: &Punct) -> bool {
    left.spacing() == Spacing::Joint || touch(left.span(), right.span())
}

/// Whether nothing stands between two tokens, where the compiler tells.
fn touch(left: Span, right: Span) -> bool {
    if !proc_macro::is_available() {
        return false;
    }
    let at = |span: proc_macro::Span| (span.line(), span.column());
    let (begin, end) = (left.unwrap().start(), left.unwrap().end());
    // An editor's language server gives the same place to everything.
    at(begin) != at(end) && at(end) == at(right.unwrap().start())
}

/// `None` for the invisible brackets of macro variables.
fn bracket_of(delimiter: Delimiter) -> Option<Bracket> {
    match delimiter {
        Delimiter::Parenthesis => Some(Bracket::Paren),
        Delimiter::Bracket => Some(Bracket::Square),
        Delimiter::Brace => Some(Bracket::Brace),
        Delimiter::None => None,
    }
}

/// The inside of `(.)`.
fn is_dot(stream: TokenStream) -> bool {
    let mut trees = stream.into_iter();
    let dot = matches!(trees.next(), Some(TokenTree::Punct(p)) if p.as_char() == '.');
    dot && trees.next().is_none()
}

fn is_number_type(suffix: &str) -> bool {
    const TYPES: [&str; 14] = [
        "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
        "u128", "usize",
    ];
    TYPES.contains(&suffix)
}

/// A number literal in its parts.
struct Number<'t> {
    value: f64,
    text: &'t str,
    suffix: &'t str,
}

/// Splits a literal in number and suffix; `None` where it is no number.
fn split_number(text: &str) -> Option<Number<'_>> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let radix = match text.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 10,
    };
    if radix != 10 {
        let digits = text.get(2..)?;
        let end = digits
            .find(|c: char| c != '_' && !c.is_digit(radix))
            .unwrap_or(digits.len());
        let plain = digits[..end].replace('_', "");
        let value = u128::from_str_radix(&plain, radix).map_or(f64::INFINITY, |v| v as f64);
        let (text, suffix) = text.split_at(end + 2);
        return Some(Number {
            value,
            text,
            suffix,
        });
    }
    let mut end = digits_end(text, 0);
    if text[end..].starts_with('.') {
        end = digits_end(text, end + 1);
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        let exponent = digits_end(text, end + 1 + sign);
        if text[end + 1 + sign..exponent].contains(|c: char| c.is_ascii_digit()) {
            end = exponent;
        }
    }
    let (text, suffix) = text.split_at(end);
    let value = text.replace('_', "").parse().ok()?;
    Some(Number {
        value,
        text: text.trim_end_matches('_'),
        suffix,
    })
}

/// The end of the digits and underscores that begin at `from`.
fn digits_end(text: &str, from: usize) -> usize {
    let rest = &text[from..];
    from + rest
        .find(|c: char| c != '_' && !c.is_ascii_digit())
        .unwrap_or(rest.len())
}

#[cfg(test)]
#[path = "tokens_tests.rs"]
mod tests;
