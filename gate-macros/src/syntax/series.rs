//! Sums and products over an index: `\sum_{k=1}^{3} W_k x_{t-k}`, `\prod_{k=1}^{3} g_k`.
//!
//! A sum reaches to the end of its term, a product takes one factor.

use super::ast::{Bound, Expr, ExprKind, Mark, Name, Position, Series};
use super::parser::{Parse, Parser};
use super::printed::printed_all;
use crate::diag;
use crate::read::{Kind, Token};

impl Parser<'_> {
    /// The sum or product that the name is the sign of, if its marks are bounds.
    pub(super) fn series(&mut self, start: usize, name: &Name) -> Parse<Option<Expr>> {
        let Some((variable, first, last)) = bounds(name) else {
            return Ok(None);
        };
        let product = name.base == "prod";
        let body = match product {
            true => self.deeper(Self::factor)?,
            false => self.deeper(Self::term)?,
        };
        if product && self.reads_on(&variable) {
            let place = self.place_from(start);
            return Err(Box::new(diag::product_reaches(place, &variable)));
        }
        let series = Series {
            product,
            variable,
            first,
            last,
            body,
        };
        Ok(Some(Expr {
            kind: ExprKind::Series(Box::new(series)),
            place: self.place_from(start),
        }))
    }

    /// Whether a variable stands in the rest of the term.
    fn reads_on(&self, variable: &str) -> bool {
        let mut at = self.at;
        while let Some(kind) = self.source.kind(at, self.end) {
            if let Kind::Plus | Kind::Minus | Kind::Equals | Kind::Comma | Kind::Semi = kind {
                return false;
            }
            let end = self.source.group_or_token(at);
            let is = |token: &Token| matches!(&token.kind, Kind::Word(word) if word == variable);
            if self.source.tokens[at..end].iter().any(is) {
                return true;
            }
            at = end;
        }
        false
    }
}

/// Variable and bounds, where neither is time.
fn bounds(name: &Name) -> Option<(String, Bound, Bound)> {
    if !matches!(name.base.as_str(), "sum" | "prod") || name.marks.len() != 2 {
        return None;
    }
    let mark = |wanted: Position| -> Option<&Mark> {
        name.marks.iter().find(|mark| mark.position == wanted)
    };
    let (below, above) = (mark(Position::Sub)?, mark(Position::Sup)?);
    let [variable, equals, first @ ..] = &below.tokens[..] else {
        return None;
    };
    let Kind::Word(variable) = &variable.kind else {
        return None;
    };
    let time = |token: &Token| matches!(&token.kind, Kind::Word(word) if word == "t");
    let timed = below.tokens.iter().chain(&above.tokens).any(time);
    if equals.kind != Kind::Equals || variable.chars().count() != 1 || timed {
        return None;
    }
    Some((variable.clone(), bound(first)?, bound(&above.tokens)?))
}

/// `3`, `n`, `n_h`, `n-1`
fn bound(tokens: &[Token]) -> Option<Bound> {
    let whole = |token: &Token| match token.kind {
        Kind::Number(value, _) if value.fract() == 0.0 && value < 1e6 => Some(value as i64),
        _ => None,
    };
    let named = |tokens: &[Token]| {
        let part = |token: &Token| {
            use Kind::{Close, Number, Open, Sub, Word};
            matches!(token.kind, Word(_) | Number(..) | Sub | Open(_) | Close(_))
        };
        let word = matches!(tokens.first()?.kind, Kind::Word(_));
        let text = printed_all(tokens).replace(['{', '}'], "");
        (word && tokens.iter().all(part)).then_some(text)
    };
    let (name, offset) = match tokens {
        [] => return None,
        [only] if whole(only).is_some() => (None, whole(only)?),
        [rest @ .., sign, number] if matches!(sign.kind, Kind::Plus | Kind::Minus) => {
            let sign = if sign.kind == Kind::Plus { 1 } else { -1 };
            (Some(named(rest)?), sign * whole(number)?)
        }
        _ => (Some(named(tokens)?), 0),
    };
    Some(Bound { name, offset })
}
