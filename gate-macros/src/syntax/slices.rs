//! Slices behind a value.
//!
//! Takes: a value that was read. Gives: which part of it is meant, `Cut`, or nothing where no slice
//! stands behind it. Marks count as papers do, from 1 with the end: `v_{1:n}`. Brackets count as
//! Rust does, from 0 without it: `v[0..n]`.

use std::ops::Range;

use super::ast::{Cut, Expr, ExprKind, Name, SizeExpr};
use super::parser::{Parse, Parser};
use super::printed::printed_all;
use crate::diag::{self, Diagnostic, Place};
use crate::functions;
use crate::read::{Bracket, Kind, Token};

impl Parser<'_> {
    /// A slice behind a value, if one stands here.
    pub(super) fn cut(&mut self, value: &Expr) -> Parse<Option<Box<Cut>>> {
        let count = chunks(value);
        let at = self.at;
        let inner = match self.peek() {
            Some(Kind::Open(Bracket::Square)) => at + 1..self.source.close[at],
            Some(Kind::Sub) => self.source.mark_inside(at, self.end)?,
            _ => return Ok(None),
        };
        let place = self.source.place(at..self.source.group_or_token(at));
        let marked = self.peek() == Some(&Kind::Sub);
        let behind = match marked {
            true => self.source.group_or_token(at + 1),
            false => inner.end + 1,
        };
        let index = match &self.source.tokens[inner.clone()] {
            [
                Token {
                    kind: Kind::Number(value, _),
                    ..
                },
            ] if value.fract() == 0.0 && *value < 1e6 => Some(*value as usize),
            _ => None,
        };
        let cut = match (count, index) {
            (Some(count), Some(index)) => {
                let index = index.checked_sub(usize::from(marked));
                match index.filter(|index| *index < count) {
                    Some(index) => Cut::Part { index, count },
                    None => return Err(Box::new(diag::chunk_index(place, count, marked))),
                }
            }
            _ if marked && self.colon(inner.clone()).is_some() => self.counted(inner)?,
            _ if !marked && self.has_range(inner.clone()) => self.bounds(inner)?,
            _ if !marked => {
                let other = self.no_slice(value, (count, index), inner, place);
                return other.map_or(Ok(None), |message| Err(Box::new(message)));
            }
            _ => return Ok(None),
        };
        self.at = behind;
        Ok(Some(Box::new(cut)))
    }

    /// What is no slice in brackets behind a value, but one or an element elsewhere.
    fn no_slice(
        &self,
        value: &Expr,
        (count, index): (Option<usize>, Option<usize>),
        inner: Range<usize>,
        place: Place,
    ) -> Option<Diagnostic> {
        let printed = printed_all(&self.source.tokens[inner.clone()]);
        Some(match (count, index) {
            _ if self.colon(inner.clone()).is_some() => diag::slice_brackets(place),
            (None, Some(index)) if !is_chunk_call(value) => {
                diag::element(place, base(value), index)
            }
            _ if self.is_component(value, inner.clone()) => {
                diag::element_by_letter(place, base(value), &printed)
            }
            _ if self.begins_with_time(inner.clone()) => {
                diag::element_at_step(value.place.to(place), base(value), &printed)
            }
            (None, None) if self.is_negative(inner) => diag::element_from_end(place),
            _ => return None,
        })
    }

    /// `x_t[i]` in tokens: in other languages, a component.
    fn is_component(&self, value: &Expr, inner: Range<usize>) -> bool {
        let name = matches!(value.kind, ExprKind::Name(_)) && !value.place.is_text();
        name && self.source.is_counter(inner)
    }

    /// `[-1]`: in other languages, the last element.
    fn is_negative(&self, inner: Range<usize>) -> bool {
        let kinds = self.source.tokens[inner].iter().map(|token| &token.kind);
        let kinds: Vec<&Kind> = kinds.collect();
        matches!(kinds[..], [Kind::Minus, Kind::Number(value, _)] if value.fract() == 0.0)
    }

    /// A name with a slice in its marks.
    pub(super) fn sliced(&self, start: usize, name: Name, slice: Range<usize>) -> Parse<Expr> {
        let cut = self.counted(slice)?;
        let kind = ExprKind::Name(name);
        let place = self.place_from(start);
        Ok(self.slice(start, Expr { kind, place }, Box::new(cut)))
    }

    pub(super) fn slice(&self, start: usize, value: Expr, cut: Box<Cut>) -> Expr {
        Expr {
            kind: ExprKind::Slice(Box::new(value), cut),
            place: self.place_from(start),
        }
    }

    /// `[t, 0]`, `[t-1, k]`: a step, and a number or a letter that counts.
    fn begins_with_time(&self, inner: Range<usize>) -> bool {
        let kinds: Vec<&Kind> = self.source.tokens[inner].iter().map(|t| &t.kind).collect();
        let (word, element) = match kinds[..] {
            [Kind::Word(word), Kind::Comma, element] => (word, element),
            [
                Kind::Word(word),
                Kind::Minus,
                Kind::Number(..),
                Kind::Comma,
                element,
            ] => (word, element),
            _ => return false,
        };
        let counts = match element {
            Kind::Number(..) => true,
            Kind::Word(letter) => matches!(letter.as_str(), "i" | "j" | "k" | "l" | "m"),
            _ => false,
        };
        word == "t" && counts
    }

    fn has_range(&self, inner: Range<usize>) -> bool {
        self.top_level(inner, |kind| matches!(kind, Kind::Range(_)))
            .is_some()
    }

    /// Where a `:` stands outside of brackets.
    pub(super) fn colon(&self, inner: Range<usize>) -> Option<usize> {
        self.top_level(inner, |kind| *kind == Kind::Colon)
    }

    /// `0..n`, `n..`, `..=n`
    fn bounds(&self, inner: Range<usize>) -> Parse<Cut> {
        let mut parser = Parser::new(self.source, inner, self.depth);
        let from = parser.bound()?;
        let included = parser.take(&Kind::Range(true));
        if !included && !parser.take(&Kind::Range(false)) {
            return Err(Box::new(parser.no_bound()));
        }
        let mut to = parser.bound()?;
        if parser.peek().is_some() {
            return Err(Box::new(parser.no_bound()));
        }
        if let Some(end) = to.as_mut().filter(|_| included) {
            end.terms.push((end.divisor, None));
        }
        Ok(Cut::Range { from, to })
    }

    /// `1:n`, `n+1:2n`, `:n`
    pub(super) fn counted(&self, inner: Range<usize>) -> Parse<Cut> {
        let mut parser = Parser::new(self.source, inner, self.depth);
        let from = parser.bound()?.map(before).transpose()?;
        if !parser.take(&Kind::Colon) {
            return Err(Box::new(parser.no_bound()));
        }
        let to = parser.bound()?;
        if parser.peek().is_some() {
            return Err(Box::new(parser.no_bound()));
        }
        Ok(Cut::Range {
            from: from.filter(|size| !size.terms.is_empty()),
            to,
        })
    }

    /// What stands behind a bound.
    fn no_bound(&self) -> Diagnostic {
        match self.peek() {
            Some(Kind::Minus) => diag::difference_in_slice(self.here()),
            _ => diag::unexpected(self.here(), &self.found()),
        }
    }

    fn bound(&mut self) -> Parse<Option<SizeExpr>> {
        let zero = matches!(self.peek(), Some(Kind::Number(value, _)) if *value == 0.0);
        self.at += usize::from(zero);
        match self.peek() {
            None | Some(Kind::Range(_) | Kind::Colon) => Ok(None),
            _ if zero => Err(Box::new(diag::unexpected(self.here(), &self.found()))),
            _ => Ok(Some(self.size(true)?)),
        }
    }
}

/// The letters of a name; of something else, those of any vector.
fn base(value: &Expr) -> &str {
    match &value.kind {
        ExprKind::Name(name) => &name.base,
        _ => "v",
    }
}

fn is_chunk_call(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Apply(name, _) if functions::is_chunk(&name.base))
}

/// The number of equal parts that a call such as `chunk(v, 4)` or `chunk_4(v)` asks for.
fn chunks(value: &Expr) -> Option<usize> {
    match &value.kind {
        ExprKind::Apply(name, arguments) if functions::is_chunk(&name.base) => {
            chunk_count(name, arguments).flatten()
        }
        _ => None,
    }
}

/// Where a call of `chunk` says a number of parts that is none.
pub(crate) fn bad_chunk_count(name: &Name, arguments: &[Expr]) -> Option<Place> {
    let bad = functions::is_chunk(&name.base) && chunk_count(name, arguments).is_none();
    match arguments {
        [_, count] if bad && name.marks.is_empty() => Some(count.place),
        _ => None,
    }
}

/// What a call of `chunk` says of the number of parts; nothing inside where it leaves it open,
/// `None` where it is no call of `chunk`.
pub(crate) fn chunk_count(name: &Name, arguments: &[Expr]) -> Option<Option<usize>> {
    let whole = |value: f64| {
        (value.fract() == 0.0 && (1.0..1e6).contains(&value)).then_some(value as usize)
    };
    match (&name.marks[..], arguments) {
        ([], [_]) => Some(None),
        ([mark], [_]) => match &mark.tokens[..] {
            [
                Token {
                    kind: Kind::Number(value, _),
                    ..
                },
            ] => Some(Some(whole(*value)?)),
            _ => None,
        },
        ([], [_, count]) => match count.kind {
            ExprKind::Number(value) => Some(Some(whole(value)?)),
            _ => None,
        },
        _ => None,
    }
}

/// The offset of what is counted from 1.
fn before(mut size: SizeExpr) -> Parse<SizeExpr> {
    let place = size.place;
    let one = size.terms.iter_mut().find(|(_, name)| name.is_none());
    let Some((count, _)) = one.filter(|(count, _)| size.divisor == 1 && *count > 0) else {
        return Err(Box::new(diag::slice_start(place)));
    };
    *count -= 1;
    size.terms
        .retain(|(count, name)| *count > 0 || name.is_some());
    Ok(size)
}
