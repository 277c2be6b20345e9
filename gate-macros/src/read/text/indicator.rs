//! Indicators: `\mathbb{1}_{u > v}`, `\mathbf{1}\{u > v\}`, `[u > v]` as `where(u > v, 1, 0)`.
//!
//! Takes and gives pieces. A comparison in the mark of a 1, in brackets behind it, or alone in
//! square brackets means nothing else.

use super::raw::{Raw, Sort, Style, closes, opens};
use super::shape;
use crate::read::{Bracket, Kind};

/// Pieces of an indicator's condition.
const MAX_CONDITION: usize = 200;

/// Replaces the indicators of a block.
pub(super) fn read(raws: Vec<Raw>) -> Vec<Raw> {
    let compares = |raw: &Raw| raw.kind().is_some_and(is_comparison);
    if !raws.iter().any(compares) {
        return raws;
    }
    let mut out = Vec::new();
    let mut at = 0;
    while at < raws.len() {
        let Some((from, to)) = condition(&raws, at) else {
            out.push(raws[at].clone());
            at += 1;
            continue;
        };
        let (place, end) = (raws[at].place, raws[to].place);
        let one = |value: f64, text: &str| Sort::Kind(Kind::Number(value, text.to_owned()));
        out.push(Raw {
            gap: raws[at].gap,
            ..Raw::new(Sort::Letters("where".to_owned(), Style::Word), place)
        });
        out.push(Raw::new(opens(Bracket::Paren), place));
        out.extend_from_slice(inside(&raws, from, to));
        for sort in [
            Sort::Kind(Kind::Comma),
            one(1.0, "1"),
            Sort::Kind(Kind::Comma),
            one(0.0, "0"),
            closes(Bracket::Paren),
        ] {
            out.push(Raw::new(sort, end));
        }
        at = to + 1;
    }
    out
}

/// Where the brackets of the condition open and close, if an indicator begins at a position.
fn condition(raws: &[Raw], at: usize) -> Option<(usize, usize)> {
    let open = match &raws[at] {
        raw if is_one(raw) => at + 1 + usize::from(raws.get(at + 1)?.is(&Kind::Sub)),
        raw if raw.is(&Kind::Open(Bracket::Square)) && !is_index(raws, at) => at,
        _ => return None,
    };
    let close = group(raws, open)?;
    let inner = inside(raws, open, close);
    let mut depth = 0usize;
    let mut compared = false;
    for raw in inner {
        match raw.kind() {
            Some(Kind::Open(_)) => depth += 1,
            Some(Kind::Close(_)) => depth = depth.saturating_sub(1),
            Some(Kind::Comma) if depth == 0 => return None,
            Some(kind) if depth == 0 => compared |= is_comparison(kind),
            _ => {}
        }
    }
    compared.then_some((open, close))
}

/// Without the brackets right inside of brackets: `_{\{u > v\}}`, `[[u > v]]`.
fn inside(raws: &[Raw], mut open: usize, mut close: usize) -> &[Raw] {
    while close > open + 2 && group(raws, open + 1) == Some(close - 1) {
        open += 1;
        close -= 1;
    }
    &raws[open + 1..close]
}

/// Where the bracket at a position closes.
fn group(raws: &[Raw], open: usize) -> Option<usize> {
    raws.get(open).filter(|raw| raw.is_open())?;
    Some(shape::group_end(raws, open, MAX_CONDITION)? - 1)
}

/// The 1 of an indicator: a number, or the `I` of `\mathbb{I}`.
fn is_one(raw: &Raw) -> bool {
    match &raw.sort {
        Sort::Kind(Kind::Number(value, _)) => *value == 1.0,
        _ => matches!(raw.word(), Some("I" | "𝟙" | "𝕀")),
    }
}

/// Whether brackets belong to the name or the function before them, or hold a condition of `cases`.
fn is_index(raws: &[Raw], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| {
        let before = &raws[before];
        let condition =
            matches!(before.sort, Sort::Align) || matches!(before.word(), Some("if" | "when"));
        condition || before.is_mark() || before.word().is_some() && !raws[at].gap
    })
}

fn is_comparison(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Greater | Kind::GreaterEq | Kind::Less | Kind::LessEq
    )
}
