//! The cursor of the recursive-descent parser: a position in a range of sound tokens, and how
//! deep it is.

use std::ops::Range;

use super::printed::printed;
use super::source::Source;
use crate::diag::{self, Place};
use crate::read::Kind;

pub(super) use super::source::Parse;

/// Brackets in brackets, functions of functions.
pub(super) const MAX_DEPTH: usize = 100;
/// Operators in a row in one bracket, where each makes the tree one level deeper.
pub(super) const MAX_CHAIN: usize = 400;
/// Factors in a row in one bracket. They stand on one level.
pub(super) const MAX_FACTORS: usize = 10_000;

pub(super) struct Parser<'s> {
    pub(super) source: &'s Source<'s>,
    pub(super) at: usize,
    pub(super) end: usize,
    pub(super) depth: usize,
    /// Whether a `|` is open in the present bracket, so that the next one closes it.
    pub(super) in_bars: bool,
    /// Whether `if` and `otherwise` end an expression.
    pub(super) in_cases: bool,
}

impl<'s> Parser<'s> {
    pub(super) fn new(source: &'s Source<'s>, range: Range<usize>, depth: usize) -> Parser<'s> {
        let Range { start: at, end } = range;
        Parser {
            source,
            at,
            end,
            depth,
            in_bars: false,
            in_cases: false,
        }
    }

    pub(super) fn peek(&self) -> Option<&'s Kind> {
        self.source.kind(self.at, self.end)
    }

    /// Takes the next token where it is this one.
    pub(super) fn take(&mut self, kind: &Kind) -> bool {
        let found = self.peek() == Some(kind);
        self.at += usize::from(found);
        found
    }

    /// Takes a sign of multiplication.
    pub(super) fn take_star(&mut self) -> bool {
        self.take(&Kind::Star) || self.take(&Kind::Dot)
    }

    /// Takes the next token where it is this word.
    pub(super) fn take_word(&mut self, text: &str) -> bool {
        let found = matches!(self.peek(), Some(Kind::Word(word)) if word == text);
        self.at += usize::from(found);
        found
    }

    /// The first token of a range outside of brackets that is wanted.
    pub(super) fn top_level(
        &self,
        range: Range<usize>,
        wanted: fn(&Kind) -> bool,
    ) -> Option<usize> {
        let mut at = range.start;
        while let Some(kind) = self.source.kind(at, range.end) {
            if wanted(kind) {
                return Some(at);
            }
            at = self.source.group_or_token(at);
        }
        None
    }

    /// From a position up to what was read last.
    pub(super) fn place_from(&self, start: usize) -> Place {
        self.source.place(start..self.at)
    }

    /// Where the next token stands, or the last one where none is left.
    pub(super) fn here(&self) -> Place {
        let at = if self.at < self.end {
            self.at
        } else {
            self.end.max(1) - 1
        };
        self.source.tokens[at].place
    }

    /// The next token as printed; nothing where none is left.
    pub(super) fn found(&self) -> String {
        self.peek().map(printed).unwrap_or_default()
    }

    /// Runs a part of the parser one level deeper.
    pub(super) fn deeper<T>(&mut self, part: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= MAX_DEPTH {
            return Err(Box::new(diag::too_deep(self.here())));
        }
        self.depth += 1;
        let result = part(self);
        self.depth -= 1;
        result
    }

    /// Runs a part of the parser on the inside of the bracket that opens at the present token,
    /// and goes on behind the bracket.
    pub(super) fn inside<T>(&mut self, part: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        let open = self.at;
        let close = self.source.close[open];
        if close == open + 1 {
            return Err(Box::new(diag::empty_brackets(
                self.source.place(open..close + 1),
            )));
        }
        let mut inner = Parser::new(self.source, open + 1..close, self.depth);
        let result = inner.deeper(part)?;
        inner.finish()?;
        self.at = close + 1;
        Ok(result)
    }

    /// Reports what is left over.
    pub(super) fn finish(&self) -> Parse<()> {
        match self.peek() {
            None => Ok(()),
            Some(Kind::Equals) => Err(Box::new(diag::second_equals(self.here()))),
            Some(kind) => Err(Box::new(diag::unexpected(self.here(), &printed(kind)))),
        }
    }

    /// A value is missing at the present token.
    pub(super) fn no_value<T>(&self) -> Parse<T> {
        if self.at < self.end || self.at == 0 {
            return Err(Box::new(diag::expected_value(self.here(), &self.found())));
        }
        let before = &self.source.tokens[self.at - 1];
        Err(Box::new(diag::missing_value(
            before.place,
            &printed(&before.kind),
        )))
    }

    /// A list with commas between its elements, or semicolons as in `LN(v; g, b)`, to the end.
    pub(super) fn list<T>(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Parse<T>,
    ) -> Parse<Vec<T>> {
        let mut list = vec![element(self)?];
        while self.take(&Kind::Comma) || self.take(&Kind::Semi) {
            list.push(element(self)?);
        }
        Ok(list)
    }
}
