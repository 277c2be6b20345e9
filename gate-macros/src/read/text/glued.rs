//! Time indices glued to names, as ASCII blocks write them: `Ht-1`, `zt`.
//!
//! Only in a text that has an index of the first sort and no other index at all.

use super::known::{Marks, is_timed};
use super::raw::{Raw, Sort, Style, Text, closes, opens};
use crate::functions;
use crate::read::{Bracket, Kind};

/// Whether a text glues its time indices to its names.
pub(super) fn is_glued(texts: &[Text]) -> bool {
    let timed = |text: &Text| {
        (0..text.raws.len())
            .any(|at| text.raws[at].word().is_some() && is_timed(&text.raws, at + 1))
    };
    let stepped = |text: &Text| {
        (0..text.raws.len())
            .any(|at| base(&text.raws[at]).is_some() && step(&text.raws, at).is_some())
    };
    texts.iter().any(stepped) && !texts.iter().any(timed)
}

/// The name without the `t` at its end.
fn base(raw: &Raw) -> Option<&str> {
    if matches!(raw.sort, Sort::Letters(_, Style::Word | Style::Symbol)) {
        return None;
    }
    let word = raw
        .word()
        .filter(|word| functions::function(word).is_none())?;
    word.strip_suffix('t').filter(|base| !base.is_empty())
}

/// The sign and the number glued behind a name: `-1`.
fn step(raws: &[Raw], at: usize) -> Option<[&Raw; 2]> {
    let (sign, number) = (raws.get(at + 1)?, raws.get(at + 2)?);
    let signed = matches!(sign.kind(), Some(Kind::Minus | Kind::Plus));
    let whole = matches!(number.kind(), Some(Kind::Number(value, _)) if value.fract() == 0.0);
    (signed && whole && !sign.gap && !number.gap).then_some([sign, number])
}

/// The matrix glued before a value: the `W` of `Wxt`.
fn weights(base: &str) -> (&str, &str) {
    let mut letters = base.chars();
    let capital = letters.next().is_some_and(|c| c.is_ascii_uppercase());
    let small = letters.next().is_some_and(|c| c.is_ascii_lowercase());
    match capital && small && letters.next().is_none() {
        true => base.split_at(1),
        false => ("", base),
    }
}

/// Parts the time indices from the names.
pub(super) fn split(raws: Vec<Raw>) -> Vec<Raw> {
    let mut out = Vec::new();
    let mut marks = Marks::default();
    let mut at = 0;
    while at < raws.len() {
        let raw = &raws[at];
        let marked = marks.step(raw);
        at += 1;
        let step = step(&raws, at - 1);
        // Without a step behind it, a longer word that ends in `t` is just a word.
        let short = |base: &&str| step.is_some() || base.chars().count() <= 2;
        let Some(base) = base(raw).filter(short).filter(|_| !marked) else {
            out.push(raw.clone());
            continue;
        };
        let (weights, base) = weights(base);
        let before = weights.chars().count() as u32;
        let width = base.chars().count() as u32;
        let column = raw.place.column + before;
        let name = crate::diag::Place {
            column,
            width,
            ..raw.place
        };
        let time = crate::diag::Place {
            column: column + width,
            width: 1,
            ..raw.place
        };
        let piece = |sort: Sort| Raw::new(sort, time);
        let word = |text: &str| Sort::Kind(Kind::Word(text.to_owned()));
        if before > 0 {
            let place = crate::diag::Place {
                width: before,
                ..raw.place
            };
            out.push(Raw {
                gap: raw.gap,
                ..Raw::new(word(weights), place)
            });
        }
        out.push(Raw {
            gap: raw.gap && before == 0,
            ..Raw::new(word(base), name)
        });
        out.push(piece(Sort::Kind(Kind::Sub)));
        out.push(piece(opens(Bracket::Brace)));
        out.push(piece(Sort::Kind(Kind::Word("t".to_owned()))));
        if let Some(step) = step {
            out.extend(step.into_iter().cloned());
            at += 2;
        }
        out.push(piece(closes(Bracket::Brace)));
    }
    out
}
