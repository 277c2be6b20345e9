//! Letters to words: which letters side by side are one name and which are a product.
//!
//! A formula never says it, so the rule is this, and what it leaves open is an error. One word
//! are: functions and other words of the tables, upright words, what a left side defines, what
//! stands in a mark, and three letters or more. A product are two letters of which each is a
//! symbol elsewhere in the text, or of which the first is a capital: `W x`, `R U`. Text without
//! LaTeX that writes its products with a sign has words only.

use std::collections::BTreeSet;

use super::accents;
use super::chars::Dialect;
use super::glued;
use super::glyphs::{self, SHAPES};
use super::known::{self, Known, Marks, is_behind_mark, is_known, is_timed};
use super::raw::{Raw, Sort, Style, Text};
use crate::diag::{self, Diagnostic, Diagnostics};
use crate::read::{Bracket, Kind};

/// Turns all letters of a text into words. The blocks are looked at together: a symbol that one
/// defines is known in the others.
pub(super) fn settle(texts: &mut [Text], diagnostics: &mut Diagnostics) {
    for text in texts.iter_mut() {
        one_step(&mut text.raws);
        one_shape(&mut text.raws);
    }
    let defined = texts.iter().flat_map(|text| known::defined(&text.raws));
    let defined: BTreeSet<String> = defined.collect();
    for text in texts.iter_mut() {
        text.raws = part_steps(std::mem::take(&mut text.raws), &defined);
    }
    unify_shapes(texts);
    let glued = glued::is_glued(texts);
    let mut known = Known::default();
    for text in texts.iter() {
        known.survey(&text.raws);
    }
    let signs = texts.iter().any(|text| has_product_signs(&text.raws));
    for text in texts {
        let raws = std::mem::take(&mut text.raws);
        let mut settler = Settler {
            known: &known,
            words_only: glued || (!text.dialect.latex && signs),
            dialect: text.dialect,
            out: Vec::new(),
            diagnostics,
        };
        settler.settle(&raws);
        text.raws = settler.out;
        if glued {
            text.raws = glued::split(std::mem::take(&mut text.raws));
        }
    }
}

/// `x(t + Δt)` is the value one step later: `x(t+1)`.
fn one_step(raws: &mut [Raw]) {
    for at in 0..raws.len().saturating_sub(4) {
        let [open, time, sign, size, close] = &raws[at..at + 5] else {
            continue;
        };
        let index = open.is_open() && close.is_close() && time.word() == Some("t");
        let signed = matches!(sign.kind(), Some(Kind::Plus | Kind::Minus));
        if index && signed && matches!(size.word(), Some("Δt" | "dt" | "δt")) {
            raws[at + 3].sort = Sort::Kind(Kind::Number(1.0, "1".to_owned()));
        }
    }
}

/// Infix words, and primes side by side.
fn one_shape(raws: &mut Vec<Raw>) {
    for raw in raws.iter_mut() {
        match &raw.sort {
            Sort::Letters(text, Style::Run) if text == "odot" => {
                raw.sort = Sort::Kind(Kind::Hadamard)
            }
            Sort::Letters(text, Style::Run) if text == "otimes" => {
                raw.sort = Sort::Kind(Kind::Outer)
            }
            _ => {}
        }
    }
    raws.dedup_by(|next, before| match (&next.sort, &mut before.sort) {
        (Sort::Kind(Kind::Prime(more)), Sort::Kind(Kind::Prime(count))) => {
            *count = count.saturating_add(*more);
            true
        }
        _ => false,
    });
}

/// `\Delta A` is a step times a matrix, where no equation defines `ΔA` and no step is its index.
fn part_steps(raws: Vec<Raw>, defined: &BTreeSet<String>) -> Vec<Raw> {
    let mut out = Vec::new();
    for (at, raw) in raws.iter().enumerate() {
        let capital = |text: &&str| {
            let mut rest = text.chars().skip(1);
            text.starts_with('Δ')
                && rest.next().is_some_and(|c| c.is_ascii_uppercase())
                && rest.next().is_none()
        };
        let joined = raw.word().filter(capital);
        match joined.filter(|text| !defined.contains(*text) && !known::is_timed(&raws, at + 1)) {
            None => out.push(raw.clone()),
            Some(text) => out.extend(text.chars().map(|c| Raw {
                sort: Sort::Letters(c.to_string(), Style::Symbol),
                ..raw.clone()
            })),
        }
    }
    out
}

/// `ϕ` and `φ` are one letter, unless a text has both.
fn unify_shapes(texts: &mut [Text]) {
    let mut present = BTreeSet::new();
    let words = texts
        .iter()
        .flat_map(|text| &text.raws)
        .filter_map(Raw::word);
    words.for_each(|word| present.extend(word.chars().filter(|c| glyphs::is_greek(*c))));
    let changed: Vec<(char, char)> = SHAPES
        .iter()
        .copied()
        .filter(|(variant, usual)| present.contains(variant) && !present.contains(usual))
        .collect();
    if changed.is_empty() {
        return;
    }
    for raw in texts.iter_mut().flat_map(|text| &mut text.raws) {
        if let Sort::Letters(text, _) = &mut raw.sort {
            for (variant, usual) in &changed {
                *text = text.replace(*variant, &usual.to_string());
            }
        }
    }
}

/// Whether products have signs: `*` between two values.
fn has_product_signs(raws: &[Raw]) -> bool {
    raws.windows(3).any(|three| {
        let value = |raw: &Raw| {
            raw.word().is_some() || raw.is_close() || matches!(raw.kind(), Some(Kind::Number(..)))
        };
        let second = three[2].word().is_some() || three[2].is_open();
        value(&three[0]) && (three[1].is(&Kind::Star) || three[1].is(&Kind::Dot)) && second
    })
}

struct Settler<'a, 'd> {
    known: &'a Known,
    words_only: bool,
    dialect: Dialect,
    out: Vec<Raw>,
    diagnostics: &'d mut Diagnostics,
}

/// Whether letters are the `dh` of `\frac{dh}{dt}`.
fn is_differential(raws: &[Raw], at: usize) -> bool {
    let above = at >= 2 && raws[at - 2].is(&Kind::Frac) && raws[at - 1].is_open();
    above && raws[at].word().is_some_and(|text| text.starts_with('d'))
}

/// What letters turn out to be.
enum Reading {
    Word,
    Product,
    Unclear,
}

impl Settler<'_, '_> {
    fn settle(&mut self, raws: &[Raw]) {
        let mut marks = Marks::default();
        for (at, raw) in raws.iter().enumerate() {
            let marked = marks.step(raw);
            let Sort::Letters(text, style) = &raw.sort else {
                if !marked && !self.dialect.latex {
                    self.check_step(raws, at);
                }
                self.out.push(raw.clone());
                continue;
            };
            match self.dialect.single_marks() {
                true => self.check_mark(raws, at),
                false => self.check_long_mark(raws, at),
            }
            let whole =
                marked || *style != Style::Run || self.words_only || is_differential(raws, at);
            let reading = match whole {
                true => Reading::Word,
                false => self.reading(raws, at, text),
            };
            match reading {
                Reading::Word => self.word(raw, text.clone()),
                Reading::Product => self.product(raw, text),
                Reading::Unclear => {
                    self.report(diag::unclear_letters(raw.place, text));
                    self.word(raw, text.clone());
                }
            }
        }
    }

    fn report(&mut self, message: Diagnostic) {
        self.diagnostics.push(message);
    }

    fn word(&mut self, raw: &Raw, text: String) {
        self.out.push(Raw {
            sort: Sort::Kind(Kind::Word(text)),
            ..raw.clone()
        });
    }

    /// One word for each letter.
    fn product(&mut self, raw: &Raw, text: &str) {
        let mut column = raw.place.column;
        for (i, letter) in clusters(text).into_iter().enumerate() {
            let width = letter.chars().count() as u32;
            let place = crate::diag::Place {
                column,
                width,
                ..raw.place
            };
            column += width;
            let sort = Sort::Kind(Kind::Word(letter));
            self.out.push(Raw {
                sort,
                place,
                gap: raw.gap && i == 0,
            });
        }
    }

    /// How letters side by side are to be read.
    fn reading(&self, raws: &[Raw], at: usize, text: &str) -> Reading {
        let letters = clusters(text);
        let whole = letters.len() < 2
            || is_known(text)
            || self.known.defined.contains(text)
            || text.contains(|c: char| c.is_ascii_digit());
        if whole {
            return Reading::Word;
        }
        let alone = |letter: &String| self.known.alone.contains(letter);
        let capital = letters[0].starts_with(char::is_uppercase);
        let timed = is_timed(raws, at + 1);
        // `FC(x)` is a function, `W x(t)` is not.
        let applied = !timed
            && raws
                .get(at + 1)
                .is_some_and(|next| next.is(&Kind::Open(Bracket::Paren)) && !next.gap);
        if letters.iter().all(alone) {
            return if applied && letters.len() > 2 {
                Reading::Word
            } else {
                Reading::Product
            };
        }
        match (letters.len(), capital) {
            (2, true) if applied => Reading::Word,
            (2, true) if self.dialect.latex || timed || alone(&letters[1]) => Reading::Product,
            (2, false) if self.dialect.latex && !applied => Reading::Unclear,
            (3, true)
                if self.dialect.latex && letters[1].starts_with(char::is_uppercase) && !applied =>
            {
                Reading::Unclear
            }
            _ => Reading::Word,
        }
    }

    /// `W_hx` is `W_h x` as LaTeX prints it; reported where it may have been meant otherwise.
    fn check_mark(&mut self, raws: &[Raw], at: usize) {
        let [.., sign, first] = &raws[..at] else {
            return;
        };
        let (Sort::Letters(rest, Style::Run), Sort::Letters(single, _)) =
            (&raws[at].sort, &first.sort)
        else {
            return;
        };
        if !is_behind_mark(raws, at) || single == "T" || is_known(rest) {
            return;
        }
        let letters = clusters(rest);
        let marked = raws.get(at + 1).is_some_and(Raw::is_mark) || is_timed(raws, at + 1);
        let product = letters.len() == 1 && (marked || self.known.alone.contains(rest));
        if !product {
            let sign = if sign.is(&Kind::Sub) { '_' } else { '^' };
            self.report(diag::unclear_mark(raws[at].place, sign, single, rest));
        }
    }

    /// `W_hh_{t-1}`: a matrix has no time index, so the mark may end earlier than it seems.
    fn check_long_mark(&mut self, raws: &[Raw], at: usize) {
        let [.., base, sign] = &raws[..at] else {
            return;
        };
        let Some((base, rest)) = base.word().zip(raws[at].word()) else {
            return;
        };
        let capital = accents::letters(base) == 1 && base.starts_with(char::is_uppercase);
        let mut letters = rest.chars();
        let first = letters.next().map(String::from).unwrap_or_default();
        let tight = raws
            .get(at + 1)
            .is_some_and(|next| !next.gap && next.is(&Kind::Sub));
        if capital
            && sign.is(&Kind::Sub)
            && tight
            && is_timed(raws, at + 1)
            && letters.clone().count() == 1
        {
            let message = diag::unclear_mark(raws[at].place, '_', &first, letters.as_str());
            self.report(message);
        }
    }

    /// `h_t-1` without braces.
    fn check_step(&mut self, raws: &[Raw], at: usize) {
        let Some([sign, letter]) = at.checked_sub(2).map(|from| [&raws[from], &raws[from + 1]])
        else {
            return;
        };
        let minus = &raws[at];
        let Some(number) = raws.get(at + 1) else {
            return;
        };
        let whole = matches!(number.kind(), Some(Kind::Number(value, _)) if value.fract() == 0.0);
        let tight = !minus.gap && !number.gap && minus.is(&Kind::Minus);
        if sign.is(&Kind::Sub) && letter.word() == Some("t") && tight && whole {
            self.report(diag::unclear_step(minus.place));
        }
    }
}

/// The letters of a word, each with its accents and digits.
fn clusters(text: &str) -> Vec<String> {
    let mut letters: Vec<String> = Vec::new();
    for c in text.chars() {
        match letters.last_mut() {
            Some(last) if accents::is_combining(c) => last.push(c),
            _ => letters.push(c.to_string()),
        }
    }
    letters
}
