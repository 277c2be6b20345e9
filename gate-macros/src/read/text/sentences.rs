//! Where prose begins in a line.
//!
//! Takes: a line of pieces, and the symbols that the text defines. Gives: positions. Prose is words
//! that no formula could hold: three in a row, or a word such as "where", or words far behind an
//! equation.

use std::collections::BTreeSet;

use super::glyphs;
use super::raw::{Raw, Sort, Style};
use super::shape;
use crate::functions;
use crate::read::{Bracket, Kind};

/// Words that begin prose, unless they are defined or have marks.
const BEGINNINGS: [&str; 18] = [
    "where", "with", "for", "here", "and", "or", "is", "are", "the", "denotes", "such", "note",
    "see", "let", "given", "which", "while", "as",
];

/// Marks are not longer than so many pieces.
const MAX_MARK: usize = 80;

/// The number of letters of a piece that may be a word of prose; 0 for all others.
pub(super) fn letters(raw: &Raw) -> usize {
    match &raw.sort {
        Sort::Letters(text, Style::Run | Style::Word) => text.chars().count(),
        _ => 0,
    }
}

/// Whether a piece is a word that no table knows.
pub(super) fn is_plain(raw: &Raw) -> bool {
    raw.word().is_some_and(|word| {
        functions::function(word).is_none()
            && glyphs::greek(word).is_none()
            && word.chars().all(char::is_alphabetic)
    })
}

/// Where prose begins in a line at whose start so many brackets are open.
pub(super) fn cut(line: &[Raw], open: usize, defined: &BTreeSet<String>) -> Option<usize> {
    let mut at = 0;
    let mut depth = open;
    while at < line.len() {
        if line[at].is_open() {
            depth += 1;
        } else if line[at].is_close() {
            depth = depth.saturating_sub(1);
        }
        let marked = at > 0 && line[at - 1].is_mark();
        if letters(&line[at]) < 2 || marked {
            // A group of a mark holds no prose.
            let group = marked && line[at].is_open();
            let end = shape::group_end(line, at, MAX_MARK).filter(|_| group);
            // Behind the group its bracket is closed again.
            depth -= usize::from(end.is_some() && depth > 0);
            at = end.unwrap_or(at + 1);
            continue;
        }
        let caption = depth == 0 && is_caption(line, at, defined);
        if caption || begins_prose(line, at, defined) {
            return Some(before_bracket(line, at));
        }
        let end = words_end(line, at);
        let known = line[at..end]
            .iter()
            .any(|raw| raw.word().is_some_and(|word| defined.contains(word)));
        if !known && is_sentence(line, at, end, depth) {
            return Some(before_bracket(line, at));
        }
        at = end;
    }
    None
}

/// Whether a word such as "where" stands here.
pub(super) fn begins_prose(line: &[Raw], at: usize, defined: &BTreeSet<String>) -> bool {
    let Some(word) = line[at].word() else {
        return false;
    };
    let lower = word.to_lowercase();
    // A function: `where(a > b, u, v)`; a name: `is_t`, `on =`.
    let named = line.get(at + 1).is_some_and(|next| {
        let applied = next.is(&Kind::Open(Bracket::Paren)) && !next.gap;
        let opens = next.is(&Kind::Colon) && at == 0;
        applied
            || next.is_mark()
            || next.is_relation()
            || opens
            || matches!(next.kind(), Some(Kind::Prime(_)))
    });
    // `for k in 1..=3 {` at the start of a line.
    let looped = at == 0
        && word == "for"
        && line
            .get(at + 2)
            .is_some_and(|next| next.word() == Some("in") || next.is(&Kind::In));
    // The letters of a product have no room between them and their neighbours.
    let apart = line[at].gap || at == 0 || matches!(line[at].sort, Sort::Letters(_, Style::Word));
    BEGINNINGS.contains(&lower.as_str()) && !defined.contains(word) && apart && !named && !looped
}

/// Behind the words that stand side by side from a position on.
fn words_end(line: &[Raw], start: usize) -> usize {
    let mut end = start + 1;
    while line.get(end).is_some_and(|raw| letters(raw) > 1 && raw.gap) {
        end += 1;
    }
    // The last one may be a name with marks.
    if end > start + 1
        && line
            .get(end)
            .is_some_and(|raw| raw.is_mark() || (raw.is_open() && !raw.gap))
    {
        end -= 1;
    }
    end
}

/// Whether words side by side are prose: three, two of them long and in no table; or two that follow a
/// punctuation mark or are the whole line.
fn is_sentence(line: &[Raw], start: usize, end: usize, depth: usize) -> bool {
    let words = &line[start..end];
    let plain = words.iter().filter(|raw| is_plain(raw)).count();
    let long = words.iter().filter(|raw| letters(raw) > 2).count();
    if words.len() >= 3 && plain >= 2 && long >= 2 {
        return true;
    }
    let long = long == words.len();
    let parted = match start.checked_sub(1).map(|before| &line[before]) {
        None => line[end..]
            .iter()
            .all(|raw| matches!(raw.sort, Sort::Line | Sort::Dot) || raw.is(&Kind::Comma)),
        Some(before) => match before.kind() {
            Some(Kind::Comma | Kind::Semi) => depth == 0,
            // `h_t = …    (output gate)`
            Some(Kind::Open(Bracket::Paren)) => {
                depth == 1 && start > 1 && is_far(&line[start - 2], before)
            }
            _ => matches!(before.sort, Sort::Dot | Sort::Quad) && depth == 0,
        },
    };
    words.len() >= 2 && plain >= 2 && long && parted
}

/// Whether words end a line far behind an equation: `f_t = σ(a_t)      forget gate`.
fn is_caption(line: &[Raw], at: usize, defined: &BTreeSet<String>) -> bool {
    let far = |before: &Raw| {
        let quad = matches!(before.sort, Sort::Quad);
        quad || ends_value(before) && is_far(before, &line[at])
    };
    at.checked_sub(1).is_some_and(|before| far(&line[before])) && closes_line(line, at, defined)
}

/// Whether from here on an equation has words that are no symbols of the text, to the end of its
/// line.
pub(super) fn closes_line(line: &[Raw], at: usize, defined: &BTreeSet<String>) -> bool {
    let mut rest = line[at..].iter().take_while(|raw| !ends_row(raw));
    let word = |raw: &Raw| {
        let new = raw.word().is_some_and(|word| !defined.contains(word));
        new && letters(raw) > 1 && is_plain(raw)
    };
    let sign = |raw: &Raw| {
        raw.is_open()
            || raw.is_close()
            || matches!(raw.kind(), Some(Kind::Comma | Kind::Minus))
            || matches!(raw.sort, Sort::Dot)
    };
    line[..at].iter().any(Raw::is_relation)
        && letters(&line[at]) > 2
        && rest.all(|raw| word(raw) || sign(raw))
}

pub(super) fn ends_row(raw: &Raw) -> bool {
    matches!(raw.sort, Sort::Line) || raw.is_structure()
}

pub(super) fn ends_value(raw: &Raw) -> bool {
    let number = matches!(raw.kind(), Some(Kind::Number(..) | Kind::Prime(_)));
    raw.is_close() || raw.word().is_some() || number
}

/// Whether more than one blank stands between two pieces.
fn is_far(before: &Raw, next: &Raw) -> bool {
    before.place.line == next.place.line
        && before.place.column + before.place.width + 1 < next.place.column
}

/// Prose in brackets goes with its bracket, and with the comma before it.
fn before_bracket(line: &[Raw], at: usize) -> usize {
    match at.checked_sub(1).map(|before| &line[before]) {
        Some(before) if before.is(&Kind::Open(Bracket::Paren)) && before.gap => at - 1,
        _ => at,
    }
}
