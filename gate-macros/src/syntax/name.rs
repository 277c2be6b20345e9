//! Names with their marks.

use std::ops::Range;

use super::ast::{Expr, Mark, Name};
use super::parser::{Parse, Parser};
use super::source::MarkSpan;
use crate::diag;
use crate::read::{Bracket, Kind};

impl Parser<'_> {
    /// The name at the present token, if one begins here.
    pub(super) fn name(&mut self) -> Parse<Option<Name>> {
        match self.sliced_name()? {
            None => Ok(None),
            Some((name, slice)) if slice.is_empty() => Ok(Some(name)),
            Some((_, slice)) => Err(Box::new(diag::slice_of_name(self.source.place(slice)))),
        }
    }

    /// The same with the slice that stands in its marks, as in `x_{t,1:n}`; mostly empty.
    pub(super) fn sliced_name(&mut self) -> Parse<Option<(Name, Range<usize>)>> {
        let start = self.at;
        let Some(mut span) = self.source.name(start, self.end)? else {
            return Ok(None);
        };
        let Kind::Word(base) = &self.source.tokens[span.word].kind else {
            return Ok(None);
        };
        let slice = self.take_slice(&mut span.marks)?;
        let mut primes = span.primes;
        let mut marks = Vec::new();
        for mark in span.marks.iter().filter(|mark| !mark.inner.is_empty()) {
            match self.only_primes(mark) {
                Some(count) => primes += count,
                None => marks.push(self.mark(mark)),
            }
        }
        self.at = span.end;
        let name = Name {
            base: base.clone(),
            marks,
            primes,
            place: self.place_from(start),
        };
        Ok(Some((name, slice)))
    }

    /// Takes the slice out of the marks.
    fn take_slice(&self, marks: &mut [MarkSpan]) -> Parse<Range<usize>> {
        let mut slice = 0..0;
        for mark in marks {
            let Some((inner, rest)) = self.slice_in(mark.inner.clone()) else {
                continue;
            };
            if !slice.is_empty() {
                return Err(Box::new(diag::slice_of_name(self.source.place(inner))));
            }
            slice = inner;
            mark.inner = rest;
        }
        Ok(slice)
    }

    /// The first or last part of a mark, between commas, where it holds a `:`, and the rest.
    fn slice_in(&self, inner: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
        let colon = self.colon(inner.clone())?;
        let comma = |at: &usize| self.source.tokens[*at].kind == Kind::Comma;
        let begin = (inner.start..colon).rev().find(comma);
        let end = (colon..inner.end).find(comma);
        match (begin, end) {
            (None, None) => Some((inner.clone(), inner.end..inner.end)),
            (Some(comma), None) => Some((comma + 1..inner.end, inner.start..comma)),
            (None, Some(comma)) => Some((inner.start..comma, comma + 1..inner.end)),
            (Some(_), Some(_)) => None,
        }
    }

    fn mark(&self, span: &MarkSpan) -> Mark {
        Mark {
            position: span.position,
            tokens: self.source.tokens[span.inner.clone()].to_vec(),
            expr: self.attempt(span),
            bracketed: self.source.tokens[span.whole.start..span.inner.start]
                .iter()
                .any(|token| matches!(token.kind, Kind::Open(Bracket::Paren | Bracket::Square))),
            place: self.source.place(span.whole.clone()),
        }
    }

    /// The inside of a mark as an expression, where it is one.
    fn attempt(&self, span: &MarkSpan) -> Option<Box<Expr>> {
        let mut inner = Parser::new(self.source, span.inner.clone(), self.depth);
        let expr = inner.deeper(|p| p.expression()).ok()?;
        inner.finish().ok()?;
        Some(Box::new(expr))
    }

    /// `h^{\prime}`: the number of primes in a mark that holds nothing else.
    fn only_primes(&self, span: &MarkSpan) -> Option<u32> {
        self.source.tokens[span.inner.clone()]
            .iter()
            .try_fold(0, |sum, token| match token.kind {
                Kind::Prime(count) => Some(sum + count),
                _ => None,
            })
    }
}
