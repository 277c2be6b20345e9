//! Parts of vectors: several left sides, and slices behind a value.
//!
//! Marks count as papers do, from 1 with the end: `v_{1:n}`. Brackets count as Rust does, from 0
//! without it: `v[0..n]`.

use std::ops::Range;

use super::ast::{Cut, Expr, ExprKind, Item, Name, SizeExpr, Split};
use super::parser::{Parse, Parser};
use super::printed::printed_all;
use crate::diag::{self, Diagnostic, Place};
use crate::functions;
use crate::read::{Bracket, Kind, Token};

/// Left sides that `…` may stand for.
const MAX_LEFTS: i64 = 1000;

impl Parser<'_> {
    /// Several left sides and what they are parts of; nothing is read where only one stands
    /// before the `=`.
    pub(super) fn split(&mut self) -> Parse<Option<Item>> {
        let start = self.at;
        let Some(equals) = self.top_level(start..self.end, |kind| *kind == Kind::Equals) else {
            return Ok(None);
        };
        let mut inside = start..self.before_transpose(start, equals);
        while matches!(
            self.source.kind(inside.start, inside.end),
            Some(Kind::Open(_))
        ) && self.source.group_or_token(inside.start) == inside.end
        {
            inside = inside.start + 1..inside.end - 1;
        }
        let separator = |kind: &Kind| matches!(kind, Kind::Comma | Kind::Semi);
        // `[f i] = …`
        let side = inside.start > start && self.source.are_names(inside.clone());
        if !side && self.top_level(inside.clone(), separator).is_none() {
            return Ok(None);
        }
        let names = printed_all(&self.source.tokens[inside.clone()]).replace(',', ", ");
        let lefts = Parser::new(self.source, inside, self.depth).lefts(side)?;
        self.at = equals + 1;
        let begin = self.at;
        let right = self.values(begin, lefts.len(), &names)?;
        let place = self.place_from(start);
        Ok(Some(Item::Split(Split {
            lefts,
            right,
            place,
        })))
    }

    /// The end of the left sides: before the mark of `[f, i]^T`, a column that is printed as a row.
    fn before_transpose(&self, start: usize, equals: usize) -> usize {
        let bracket = matches!(self.source.kind(start, equals), Some(Kind::Open(_)));
        let end = self.source.group_or_token(start);
        let marked = bracket && self.source.kind(end, equals) == Some(&Kind::Sup);
        if !marked || self.source.group_or_token(end + 1) != equals {
            return equals;
        }
        match self.source.mark_inside(end, equals) {
            Ok(inner) if self.source.transposes(&inner) => end,
            _ => equals,
        }
    }

    /// What stands at the right of several names: one value, or one for each, `a, b` as `[a, b]`.
    fn values(&mut self, begin: usize, count: usize, names: &str) -> Parse<Expr> {
        let comma = |kind: &Kind| *kind == Kind::Comma;
        let bare = self.top_level(begin..self.end, comma).is_some();
        let group = matches!(self.peek(), Some(Kind::Open(Bracket::Paren)))
            && self.source.group_or_token(begin) == self.end
            && self.top_level(begin + 1..self.end - 1, comma).is_some();
        if !bare && !group {
            return self.whole_expression();
        }
        let place = self.source.place(begin..self.end);
        let inside = match group {
            true => begin + 1..self.end - 1,
            false => begin..self.end,
        };
        let mut inner = Parser::new(self.source, inside, self.depth);
        let mut values = vec![inner.expression()?];
        while inner.take(&Kind::Comma) {
            values.push(inner.expression()?);
        }
        inner.finish()?;
        if values.len() != count {
            return Err(Box::new(diag::values_for_names(place, names)));
        }
        self.at = self.end;
        Ok(Expr {
            kind: ExprKind::Concat(values),
            place,
        })
    }

    /// `f, i`; `g_0, …, g_7`; with `side`, `f i`.
    fn lefts(&mut self, side: bool) -> Parse<Vec<Name>> {
        let mut lefts: Vec<Name> = Vec::new();
        let mut gap = None;
        loop {
            let here = self.here();
            if self.take(&Kind::Range(false)) {
                gap = Some(here);
            } else {
                let Some(name) = self.name()? else {
                    return Err(Box::new(diag::left_side(here, &self.found())));
                };
                if let Some(place) = gap.take() {
                    match lefts.last().and_then(|last| between(last, &name)) {
                        Some(names) => lefts.extend(names),
                        None => return Err(Box::new(diag::gap_in_lefts(place))),
                    }
                }
                lefts.push(name);
            }
            let next = side && self.at < self.end;
            if !next && !self.take(&Kind::Comma) && !self.take(&Kind::Semi) {
                break;
            }
        }
        self.finish()?;
        match gap {
            Some(place) => Err(Box::new(diag::gap_in_lefts(place))),
            None => Ok(lefts),
        }
    }

    /// The first token of a range outside of brackets that is wanted.
    fn top_level(&self, range: Range<usize>, wanted: fn(&Kind) -> bool) -> Option<usize> {
        let mut at = range.start;
        while let Some(kind) = self.source.kind(at, range.end) {
            if wanted(kind) {
                return Some(at);
            }
            at = self.source.group_or_token(at);
        }
        None
    }

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
            _ if !marked && self.colon(inner.clone()).is_some() => {
                return Err(Box::new(diag::slice_brackets(place)));
            }
            (None, Some(index)) if !marked && !is_chunk_call(value) => {
                return Err(Box::new(diag::element(place, base(value), index)));
            }
            _ if !marked && self.is_component(value, inner.clone()) => {
                let letter = printed_all(&self.source.tokens[inner]);
                return Err(Box::new(diag::element_by_letter(
                    place,
                    base(value),
                    &letter,
                )));
            }
            _ if !marked && self.begins_with_time(inner.clone()) => {
                let list = printed_all(&self.source.tokens[inner]);
                let place = value.place.to(place);
                return Err(Box::new(diag::element_at_step(place, base(value), &list)));
            }
            (None, None) if !marked && self.is_negative(inner.clone()) => {
                return Err(Box::new(diag::element_from_end(place)));
            }
            _ => return Ok(None),
        };
        self.at = behind;
        Ok(Some(Box::new(cut)))
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

/// The names between two that differ in one number.
fn between(first: &Name, last: &Name) -> Option<Vec<Name>> {
    let same = first.base == last.base
        && first.primes == last.primes
        && first.marks.len() == last.marks.len();
    let mut differing = Vec::new();
    for (mark, (a, b)) in first.marks.iter().zip(&last.marks).enumerate() {
        if a.position != b.position || a.tokens.len() != b.tokens.len() {
            return None;
        }
        for (token, (a, b)) in a.tokens.iter().zip(&b.tokens).enumerate() {
            match (&a.kind, &b.kind) {
                (a, b) if a == b => {}
                (Kind::Number(a, _), Kind::Number(b, _)) if a.fract() + b.fract() == 0.0 => {
                    differing.push((mark, token, *a as i64, *b as i64));
                }
                _ => return None,
            }
        }
    }
    let &[(mark, token, a, b)] = &differing[..] else {
        return None;
    };
    let sound = same && a < b && b - a <= MAX_LEFTS;
    sound.then(|| {
        (a + 1..b)
            .map(|number| {
                let mut name = first.clone();
                let place = name.marks[mark].tokens[token].place;
                let kind = Kind::Number(number as f64, number.to_string());
                name.marks[mark].tokens[token] = Token { kind, place };
                if let Some(expr) = &mut name.marks[mark].expr {
                    expr.kind = ExprKind::Number(number as f64);
                }
                name
            })
            .collect()
    })
}
