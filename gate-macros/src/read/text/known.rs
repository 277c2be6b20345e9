//! What a text says about its symbols: which it defines, which stand alone, what is a mark and
//! what a time index.

use std::collections::BTreeSet;

use super::accents;
use super::glyphs;
use super::raw::{Raw, Sort, Style};
use super::shape;
use crate::functions;
use crate::read::{Bracket, Kind};

/// Bases of left sides, of one letter or several.
pub(super) fn defined(raws: &[Raw]) -> BTreeSet<String> {
    let begins = |at: &usize| (*at == 0 || is_boundary(&raws[at - 1])) && shape::begins(raws, *at);
    let bases = (0..raws.len()).filter(begins);
    bases
        .filter_map(|at| raws[shape::left(raws, at)].word().map(str::to_owned))
        .collect()
}

/// What the text says about its symbols.
#[derive(Default)]
pub(super) struct Known {
    /// Bases of left sides.
    pub(super) defined: BTreeSet<String>,
    /// Single letters that stand by themselves.
    pub(super) alone: BTreeSet<String>,
}

impl Known {
    /// Learns from the letters of one block.
    pub(super) fn survey(&mut self, raws: &[Raw]) {
        self.defined.extend(defined(raws));
        let mut marks = Marks::default();
        for (at, raw) in raws.iter().enumerate() {
            let marked = marks.step(raw);
            let Sort::Letters(text, style) = &raw.sort else {
                continue;
            };
            if marked || is_behind_mark(raws, at) {
                continue;
            }
            if accents::letters(text) == 1 && *style != Style::Word && text != "t" {
                self.alone.insert(text.clone());
            }
        }
    }
}

/// Whether a statement may begin behind a piece.
fn is_boundary(raw: &Raw) -> bool {
    let layout = matches!(
        raw.sort,
        Sort::Line | Sort::Quad | Sort::Align | Sort::Remark(_) | Sort::System
    );
    let bullet = matches!(
        raw.kind(),
        Some(
            Kind::Star
                | Kind::Dot
                | Kind::Minus
                | Kind::Comma
                | Kind::Semi
                | Kind::Colon
                | Kind::Open(Bracket::Brace)
        )
    );
    layout || bullet || raw.is_structure()
}

/// Whether pieces stand in a sub- or superscript.
#[derive(Default)]
pub(super) struct Marks {
    /// For each open bracket, whether it belongs to a mark.
    open: Vec<bool>,
    after_sign: bool,
}

impl Marks {
    /// Whether the next piece stands in a mark.
    pub(super) fn step(&mut self, raw: &Raw) -> bool {
        let inside = self.after_sign || self.open.last() == Some(&true);
        if raw.is_open() {
            self.open.push(inside);
        } else if raw.is_close() {
            self.open.pop();
        } else if raw.is_structure() {
            self.open.clear();
        }
        self.after_sign = raw.is_mark();
        inside
    }
}

/// Whether letters follow a mark of one letter without a gap: the `x` of `W_hx`.
pub(super) fn is_behind_mark(raws: &[Raw], at: usize) -> bool {
    let [.., sign, mark] = &raws[..at] else {
        return false;
    };
    let end = mark.place.column + mark.place.width;
    sign.is_mark()
        && mark.word().is_some()
        && mark.place.line == raws[at].place.line
        && end == raws[at].place.column
}

/// Whether a time index stands at a position: `_t`, `_{t-1}`, `(t)`, `[t+1]`.
pub(super) fn is_timed(raws: &[Raw], at: usize) -> bool {
    let Some(first) = raws.get(at) else {
        return false;
    };
    let inside = match first.kind() {
        Some(Kind::Sub) => at + 1,
        Some(Kind::Open(Bracket::Paren | Bracket::Square)) => at,
        _ => return false,
    };
    let open = raws
        .iter()
        .skip(inside)
        .take(3)
        .take_while(|raw| raw.is_open())
        .count();
    let letter = raws.get(inside + open).and_then(Raw::word);
    let behind = raws.get(inside + open + 1);
    let ends = |raw: &Raw| {
        raw.is_close() || raw.is(&Kind::Minus) || raw.is(&Kind::Plus) || raw.is(&Kind::Comma)
    };
    letter == Some("t") && (open == 0 || behind.is_some_and(ends))
}

/// Words that stay whole wherever they stand: functions, initialisers, words of the language,
/// Greek letters by name.
pub(super) fn is_known(word: &str) -> bool {
    const LANGUAGE: [&str; 9] = [
        "scalar",
        "hyper",
        "if",
        "when",
        "otherwise",
        "else",
        "odot",
        "otimes",
        "dt",
    ];
    functions::function(word).is_some()
        || functions::INITIALISERS.contains(&word)
        || LANGUAGE.contains(&word)
        || is_greek_name(word)
}

pub(super) fn is_greek_name(word: &str) -> bool {
    glyphs::greek(word).is_some()
}
