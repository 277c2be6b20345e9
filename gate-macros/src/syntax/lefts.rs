//! Several left sides of one equation: `f, i = …`, `[g_0, …, g_7] = …`.
//!
//! Takes: a statement. Gives: the names at its left and what they are parts of, or nothing where
//! only one name stands there.

use super::ast::{Expr, ExprKind, Item, Name, Split};
use super::parser::{Parse, Parser};
use super::printed::printed_all;
use crate::diag;
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
