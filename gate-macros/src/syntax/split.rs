//! Splits a definition into statements, before any of them is parsed: pairs the brackets, ends
//! statements at `;`, and finds where a `;` was forgotten. A mistake here costs one statement.

use std::ops::Range;

use super::parser::MAX_DEPTH;
use super::printed::{printed, printed_all};
use super::source::Source;
use crate::diag::{self, Diagnostics};
use crate::read::{Bracket, Kind};

/// A part of a definition.
pub(super) enum Piece {
    /// A statement without its `;`, brackets balanced, not empty.
    Statement(Range<usize>),
    /// `for … {`, and what is in the braces.
    Loop {
        head: Range<usize>,
        body: Vec<Piece>,
        end: usize,
    },
}

impl Source<'_> {
    /// The statements of all tokens; afterwards the bracket pairs in them are known, and the
    /// names of the user's functions.
    pub(super) fn split(&mut self, diagnostics: &mut Diagnostics) -> Vec<Piece> {
        let pieces = self.pieces(0..self.tokens.len(), 0, diagnostics);
        self.functions = pieces
            .iter()
            .filter_map(|piece| self.function_name(piece))
            .collect();
        pieces
    }

    fn pieces(
        &mut self,
        range: Range<usize>,
        depth: usize,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut at = range.start;
        while at < range.end {
            if self.tokens[at].kind == Kind::Semi {
                at += 1;
            } else if let Some(body) = self.loop_body(at, range.end) {
                let end = body.end + 1;
                if depth == MAX_DEPTH {
                    diagnostics.push(diag::too_deep(self.tokens[at].place));
                } else {
                    let head = at..body.start;
                    let body = self.pieces(body, depth + 1, diagnostics);
                    pieces.push(Piece::Loop { head, body, end });
                }
                at = end;
            } else {
                match self.statement_end(at, range.end) {
                    Ok(end) => {
                        self.statements(at..end, &mut pieces, diagnostics);
                        if self.is_loop(end, range.end) {
                            let next = self.tokens[end].place;
                            let last = self.tokens[end - 1].place;
                            diagnostics.push(diag::missing_semicolon(last, next));
                        }
                        at = end;
                    }
                    Err((message, resume)) => {
                        diagnostics.push(message);
                        at = resume;
                    }
                }
            }
        }
        pieces
    }

    /// Where the statement at `start` ends, its brackets paired on the way; on a bracket without
    /// a partner, the message and the `;` to go on at.
    pub(super) fn statement_end(
        &mut self,
        start: usize,
        end: usize,
    ) -> Result<usize, (diag::Diagnostic, usize)> {
        let mut open: Vec<usize> = Vec::new();
        let mut at = start;
        while at < end {
            let place = self.tokens[at].place;
            match &self.tokens[at].kind {
                Kind::Open(_) | Kind::CasesBegin => open.push(at),
                kind @ (Kind::Close(_) | Kind::CasesEnd) => match open.pop() {
                    Some(begin) if closes(&self.tokens[begin].kind, kind) => self.close[begin] = at,
                    _ => {
                        let message = diag::stray_bracket(place, &printed(kind));
                        return Err((message, self.next_semicolon(at, end)));
                    }
                },
                Kind::Semi if open.is_empty() => break,
                Kind::Semi if !self.separates(at, end) => break,
                _ if at > start && open.is_empty() && self.is_loop(at, end) => break,
                _ => {}
            }
            at += 1;
        }
        match open.last() {
            None => Ok(at),
            Some(&begin) => {
                let token = &self.tokens[begin];
                Err((
                    diag::unclosed_bracket(token.place, &printed(&token.kind)),
                    at,
                ))
            }
        }
    }

    /// Whether the `;` at a position inside a bracket belongs to the bracket, as in `[a; b]`:
    /// the bracket closes before another statement begins.
    fn separates(&self, semicolon: usize, end: usize) -> bool {
        let mut depth = 0;
        for token in &self.tokens[semicolon + 1..end] {
            match token.kind {
                Kind::Open(_) | Kind::CasesBegin => depth += 1,
                Kind::Close(_) | Kind::CasesEnd if depth == 0 => return true,
                Kind::Close(_) | Kind::CasesEnd => depth -= 1,
                Kind::Equals | Kind::Tilde | Kind::Colon | Kind::In => return false,
                _ => {}
            }
        }
        false
    }

    fn next_semicolon(&self, from: usize, end: usize) -> usize {
        let found = self.tokens[from..end]
            .iter()
            .position(|token| token.kind == Kind::Semi);
        found.map_or(end, |offset| from + offset)
    }

    /// `for name in`
    pub(super) fn is_loop(&self, at: usize, end: usize) -> bool {
        let is = |at, text: &str| matches!(self.kind(at, end), Some(Kind::Word(w)) if w == text);
        if !is(at, "for") {
            return false;
        }
        let named = matches!(self.kind(at + 1, end), Some(Kind::Word(_)));
        // Where these are no prose, the head may have mistakes.
        let tokens = !self.tokens[at].place.is_text();
        match self.kind(at + 2, end) {
            Some(Kind::In) => named,
            Some(Kind::Word(word)) if word == "in" => named,
            Some(Kind::Equals | Kind::Colon) => named && tokens,
            _ => tokens && self.kind(at + 1, end) == Some(&Kind::Open(Bracket::Paren)),
        }
    }

    /// What is in the braces of the loop at a position.
    fn loop_body(&self, at: usize, end: usize) -> Option<Range<usize>> {
        if !self.is_loop(at, end) {
            return None;
        }
        let mut depth = 0;
        let mut begin = None;
        for at in at..end {
            match self.tokens[at].kind {
                Kind::Open(Bracket::Brace) => {
                    begin = begin.or(Some(at + 1));
                    depth += 1;
                }
                Kind::Close(Bracket::Brace) => {
                    depth -= 1;
                    if depth <= 0 {
                        return begin.map(|begin| begin..at);
                    }
                }
                Kind::Semi if begin.is_none() => return None,
                _ => {}
            }
        }
        None
    }

    /// Adds the statements of a range that ends at a `;`: more than one where some were
    /// forgotten.
    fn statements(
        &self,
        range: Range<usize>,
        pieces: &mut Vec<Piece>,
        diagnostics: &mut Diagnostics,
    ) {
        let mut start = range.start;
        let seams = match self.has_bad(range.clone()) {
            true => Vec::new(),
            false => self.seams(range.clone()),
        };
        for seam in seams {
            let last = self.tokens[seam - 1].place;
            diagnostics.push(diag::missing_semicolon(last, self.tokens[seam].place));
            pieces.push(Piece::Statement(start..seam));
            start = seam;
        }
        pieces.push(Piece::Statement(start..range.end));
    }

    /// Where a statement begins behind another one: at the left side of a second `=`, `:`, `~`
    /// or `∈`, unless that left side is all there is behind the first (`x: scalar ~ 1`).
    fn seams(&self, range: Range<usize>) -> Vec<usize> {
        let mut seams = Vec::new();
        let mut first: Option<usize> = None;
        let mut at = range.start;
        while at < range.end {
            if let Kind::Equals | Kind::Colon | Kind::Tilde | Kind::In = self.tokens[at].kind {
                if let Some(seam) = first.and_then(|first| self.left_side(first + 1, at)) {
                    seams.push(seam);
                }
                first = Some(at);
            }
            at = self.group_or_token(at);
        }
        seams
    }

    /// The start of the left side that ends at `end`, where something stands between it and
    /// `from`.
    fn left_side(&self, from: usize, end: usize) -> Option<usize> {
        let mut at = from;
        while at < end {
            let reaches = || match self.name(at, end) {
                Ok(Some(name)) => name.end == end || self.parameters(name.end, end).is_some(),
                _ => false,
            };
            if matches!(self.tokens[at].kind, Kind::Word(_)) && reaches() {
                return (at > from && self.ends_value(at - 1)).then_some(at);
            }
            at = self.group_or_token(at);
        }
        None
    }

    /// Whether the token at a position can be the last of an expression.
    fn ends_value(&self, at: usize) -> bool {
        matches!(
            self.tokens[at].kind,
            Kind::Word(_)
                | Kind::Number(..)
                | Kind::Prime(_)
                | Kind::Transpose
                | Kind::Bar
                | Kind::CasesEnd
                | Kind::Close(_)
        )
    }

    /// The inside of the parameter list from `at` to `end`.
    pub(super) fn parameters(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let opens = self.kind(at, end) == Some(&Kind::Open(Bracket::Paren));
        (opens && self.close[at] + 1 == end).then(|| at + 1..end - 1)
    }

    /// The name before the parameters where a piece defines a function.
    fn function_name(&self, piece: &Piece) -> Option<String> {
        let Piece::Statement(range) = piece else {
            return None;
        };
        let name = self.name(range.start, range.end).ok()??;
        let equals = self.group_or_token(name.end);
        self.parameters(name.end, equals.min(range.end))?;
        (self.kind(equals, range.end) == Some(&Kind::Equals))
            .then(|| printed_all(&self.tokens[name.word..name.end]))
    }
}

fn closes(open: &Kind, close: &Kind) -> bool {
    match (open, close) {
        (Kind::Open(a), Kind::Close(b)) => a == b,
        (Kind::CasesBegin, Kind::CasesEnd) => true,
        _ => false,
    }
}
