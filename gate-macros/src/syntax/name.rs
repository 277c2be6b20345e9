//! Names with their marks.

use super::ast::{Expr, Mark, Name};
use super::parser::{Parse, Parser};
use super::source::MarkSpan;
use crate::read::{Bracket, Kind};

impl Parser<'_> {
    /// The name at the present token, if one begins here.
    pub(super) fn name(&mut self) -> Parse<Option<Name>> {
        let start = self.at;
        let Some(span) = self.source.name(start, self.end)? else {
            return Ok(None);
        };
        let Kind::Word(base) = &self.source.tokens[span.word].kind else {
            return Ok(None);
        };
        let mut primes = span.primes;
        let mut marks = Vec::new();
        for mark in &span.marks {
            match self.only_primes(mark) {
                Some(count) => primes += count,
                None => marks.push(self.mark(mark)),
            }
        }
        self.at = span.end;
        Ok(Some(Name {
            base: base.clone(),
            marks,
            primes,
            place: self.place_from(start),
        }))
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
