//! One statement while it is being collected, and what it becomes at its end.

use super::raw::{Raw, is_operator};
use crate::diag::{self, Diagnostic, Diagnostics, Place};
use crate::read::{Bracket, Kind, Token};

/// The tokens of a statement so far.
#[derive(Default)]
pub(super) struct Statement {
    tokens: Vec<Token>,
    /// Brackets that are open.
    open: usize,
    /// Whether `=`, `∈` or `~` stood outside of all brackets.
    pub(super) related: bool,
    /// Whether it was `=`.
    pub(super) equals: bool,
    /// Whether a remark of several words stood right behind the relation: its right side is
    /// prose.
    prose: bool,
    /// A dot that is in place only at the end.
    dot: Option<Place>,
}

impl Statement {
    pub(super) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Whether no bracket is open.
    pub(super) fn is_level(&self) -> bool {
        self.open == 0
    }

    /// Whether it could end here.
    pub(super) fn is_complete(&self) -> bool {
        self.open == 0
            && self.last().is_some_and(|kind| {
                !is_operator(kind) && *kind != Kind::Comma && !is_relation(kind)
            })
    }

    pub(super) fn last(&self) -> Option<&Kind> {
        self.tokens.last().map(|token| &token.kind)
    }

    pub(super) fn pop(&mut self) {
        self.tokens.pop();
    }

    /// Adds a piece that is a token.
    pub(super) fn push(&mut self, kind: Kind, place: Place, diagnostics: &mut Diagnostics) {
        if let Some(dot) = self.dot.take() {
            diagnostics.push(diag::dot_in_text(dot));
        }
        match &kind {
            Kind::Open(_) | Kind::CasesBegin => self.open += 1,
            Kind::Close(_) | Kind::CasesEnd => self.open = self.open.saturating_sub(1),
            kind if self.open == 0 && is_relation(kind) => {
                self.related = true;
                self.equals |= *kind == Kind::Equals;
            }
            _ => {}
        }
        self.tokens.push(Token { kind, place });
    }

    pub(super) fn dot(&mut self, place: Place) {
        if !self.tokens.is_empty() {
            self.dot = Some(place);
        }
    }

    /// A remark stands here; whether it leaves nothing to understand.
    pub(super) fn remark(&mut self) {
        self.prose |= self.last().is_some_and(is_relation);
        // `(…)` around a remark is part of it.
        if self.last() == Some(&Kind::Open(Bracket::Paren)) {
            self.prose = false;
        }
    }

    /// Ends the statement: its tokens go to `out`, a list of names as a declaration for each.
    pub(super) fn end(&mut self, out: &mut Vec<Token>) {
        let mut tokens = std::mem::take(self).tokens_of();
        let loose = |kind: &Kind| matches!(kind, Kind::Comma | Kind::Semi | Kind::Colon);
        while tokens.last().is_some_and(|token| loose(&token.kind)) {
            tokens.pop();
        }
        let begin = tokens.iter().position(|token| !loose(&token.kind));
        let Some(tokens) = begin.map(|begin| &tokens[begin..]) else {
            return;
        };
        if is_number(tokens) || is_range(tokens) {
            return;
        }
        let end = tokens[tokens.len() - 1].place;
        let semi = Token {
            kind: Kind::Semi,
            place: end,
        };
        for tokens in relations(tokens) {
            for names in list(&tokens) {
                out.extend(names);
                out.push(semi.clone());
            }
        }
    }

    fn tokens_of(self) -> Vec<Token> {
        if self.prose { Vec::new() } else { self.tokens }
    }
}

fn is_relation(kind: &Kind) -> bool {
    matches!(kind, Kind::Equals | Kind::In | Kind::Tilde)
}

/// `(1)`: the number of an equation, on a row of its own.
fn is_number(tokens: &[Token]) -> bool {
    match tokens {
        [open, number, close] => {
            open.kind == Kind::Open(Bracket::Paren)
                && matches!(number.kind, Kind::Number(..))
                && close.kind == Kind::Close(Bracket::Paren)
        }
        _ => false,
    }
}

/// `t = 1, …, T`: what a letter counts.
fn is_range(tokens: &[Token]) -> bool {
    let letter = matches!(&tokens[0].kind, Kind::Word(word) if word.chars().count() == 1);
    let from = |at: usize| tokens.get(at).map(|token| &token.kind);
    let equals = from(1) == Some(&Kind::Equals) && matches!(from(2), Some(Kind::Number(..)));
    letter
        && equals
        && tokens
            .iter()
            .any(|token| matches!(token.kind, Kind::Range(_)))
}

/// `h_t = a = b`: an equation for each right side, of which one is chosen; `h_t = a ∈ ℝ^H`: an
/// equation and a declaration; `h_0 = c_0 = 0`: an initial value for each name.
fn relations(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut depth = 0usize;
    let mut found: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Open(_) | Kind::CasesBegin => depth += 1,
            Kind::Close(_) | Kind::CasesEnd => depth = depth.saturating_sub(1),
            Kind::Comma if depth == 0 => return vec![tokens.to_vec()],
            Kind::Equals if depth == 0 => found.push(at),
            Kind::In if depth == 0 && in_reals(tokens.get(at + 1)) => found.push(at),
            _ => {}
        }
    }
    let first = found.first().map(|&at| &tokens[at].kind);
    let apart = found.windows(2).all(|pair| pair[0] + 1 < pair[1]);
    if first != Some(&Kind::Equals) || found.len() < 2 || !apart {
        return vec![tokens.to_vec()];
    }
    let ends = found[1..].iter().copied().chain([tokens.len()]);
    let last = found[found.len() - 1];
    let starts = [0].into_iter().chain(found.iter().map(|at| at + 1));
    let lefts: Vec<&[Token]> = starts.zip(&found).map(|(a, b)| &tokens[a..*b]).collect();
    // `i = j = 0` gives each name the number.
    let number = matches!(&tokens[last + 1..], [only] if matches!(only.kind, Kind::Number(..)));
    let name = |left: &&[Token]| matches!(left, [only] if matches!(only.kind, Kind::Word(_)));
    if lefts.iter().all(|left| is_initial(left)) || number && lefts.iter().all(name) {
        let initial = |left: &&[Token]| [left, &tokens[last..]].concat();
        return lefts.iter().map(initial).collect();
    }
    let parts = found.iter().zip(ends);
    parts
        .map(|(&from, to)| [&tokens[..found[0]], &tokens[from..to]].concat())
        .collect()
}

/// `h_0`, `h^{(0)}`, `h(0)`: a name and a zero.
fn is_initial(tokens: &[Token]) -> bool {
    let zero = |token: &Token| matches!(token.kind, Kind::Number(value, _) if value == 0.0);
    let mark = |token: &Token| {
        use Kind::*;
        matches!(
            token.kind,
            Word(_) | Number(..) | Sub | Sup | Prime(_) | Open(_) | Close(_)
        )
    };
    let named = matches!(tokens.first().map(|t| &t.kind), Some(Kind::Word(_)));
    named && tokens.iter().any(zero) && tokens.iter().all(mark)
}

fn in_reals(token: Option<&Token>) -> bool {
    let word = token.map(|token| &token.kind);
    matches!(word, Some(Kind::Word(word)) if word == "ℝ" || word == "R")
}

/// `h_t, c_t ∈ ℝ^H`, `h_0, c_0 = 0`: one declaration for each name.
fn list(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut depth = 0usize;
    let mut commas = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Open(_) => depth += 1,
            Kind::Close(_) => depth = depth.saturating_sub(1),
            Kind::Comma if depth == 0 => commas.push(at),
            Kind::In | Kind::Tilde if depth == 0 && !commas.is_empty() => {
                let mut start = 0;
                commas.push(at);
                let name = |comma| {
                    let name = tokens[std::mem::replace(&mut start, comma + 1)..comma].to_vec();
                    [name, tokens[at..].to_vec()].concat()
                };
                return commas.into_iter().map(name).collect();
            }
            Kind::Equals if depth == 0 => {
                let lefts: Vec<&[Token]> = tokens[..at].split(is_comma).collect();
                let one = !tokens[at..].iter().any(is_comma);
                if one && lefts.iter().all(|left| is_initial(left)) {
                    let initial = |left: &[Token]| [left, &tokens[at..]].concat();
                    return lefts.into_iter().map(initial).collect();
                }
                break;
            }
            _ => {}
        }
    }
    vec![tokens.to_vec()]
}

fn is_comma(token: &Token) -> bool {
    token.kind == Kind::Comma
}

/// The mistake in a piece, if it is one.
pub(super) fn mistake(raw: &Raw) -> Option<&Diagnostic> {
    match &raw.sort {
        super::raw::Sort::Bad(message) => Some(message),
        _ => None,
    }
}
