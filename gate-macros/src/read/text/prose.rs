//! Prose among equations: headings, remarks behind an equation, sentences.
//!
//! Takes and gives pieces. What is left out is words that no formula could hold: three in a row,
//! or a word such as "where"; a line of prose goes with the lines that continue it.

use std::collections::BTreeSet;

use super::glyphs::{self, Environment};
use super::known;
use super::raw::{Raw, Sort, Style};
use super::shape;
use crate::diag;
use crate::functions;
use crate::read::{Bracket, Kind};

/// Words that begin prose, unless they are defined or have marks.
const BEGINNINGS: [&str; 18] = [
    "where", "with", "for", "here", "and", "or", "is", "are", "the", "denotes", "such", "note",
    "see", "let", "given", "which", "while", "as",
];

/// Marks are not longer than so many pieces.
const MAX_MARK: usize = 80;

/// Leaves out the prose.
pub(super) fn strip(raws: Vec<Raw>) -> Vec<Raw> {
    let mut stripper = Stripper {
        kept: Vec::new(),
        defined: known::defined(&raws),
        depth: 0,
        cases: Vec::new(),
        system: false,
        in_prose: false,
    };
    let mut line = Vec::new();
    for raw in raws {
        let ends = matches!(raw.sort, Sort::Line);
        line.push(raw);
        if ends {
            stripper.line(std::mem::take(&mut line));
        }
    }
    stripper.line(line);
    stripper.kept
}

struct Stripper {
    kept: Vec<Raw>,
    /// Bases of left sides: no words of prose.
    defined: BTreeSet<String>,
    /// Brackets that are open at the start of the line.
    depth: usize,
    /// For each open environment, whether its rows have conditions.
    cases: Vec<bool>,
    /// Whether a brace over several rows was just read.
    system: bool,
    /// Whether the last line ended in prose.
    in_prose: bool,
}

impl Stripper {
    fn line(&mut self, mut line: Vec<Raw>) {
        part_statements(&mut line, &self.defined);
        drop_title(&mut line);
        let pieces = line
            .iter()
            .filter(|raw| !matches!(raw.sort, Sort::Line | Sort::Align));
        let Some(first) = pieces.clone().next() else {
            self.in_prose = false;
            return self.keep(line);
        };
        let begins_cases =
            |raw: &Raw| matches!(raw.sort, Sort::Begin(Environment::Cases) | Sort::System);
        let in_cases = self.cases.contains(&true) || line.iter().any(begins_cases);
        let goes_on =
            first.is_operator() || first.is_relation() || first.is_structure() || first.is_close();
        if in_cases || (self.in_prose && (goes_on || self.begins(&line))) {
            self.in_prose = false;
        }
        if self.in_prose {
            return self.drop(line, 0);
        }
        let colon = pieces
            .clone()
            .next_back()
            .is_some_and(|raw| raw.is(&Kind::Colon));
        let heading = colon && self.depth == 0 && !line.iter().any(Raw::is_structure);
        if heading && line.iter().any(|raw| letters(raw) > 1) {
            return self.drop(line, 0);
        }
        let Some(cut) = cut(&line, self.depth, &self.defined).filter(|_| !in_cases) else {
            mark_words(&mut line, self.depth, &self.defined);
            return self.keep(line);
        };
        let equation = line[..cut].iter().any(Raw::is_relation);
        if equation && self.depth == 0 && is_alternative(&line, cut) {
            let message = diag::alternative_in_text(line[cut].place);
            line[cut].sort = Sort::Bad(Box::new(message));
            return self.keep(line);
        }
        // Behind a wide space or a `\\` there may be an equation again.
        if let Some(next) = behind_quad(&line, cut) {
            let rest = line.split_off(next);
            self.drop(line, if equation { cut } else { 0 });
            return self.line(rest);
        }
        self.in_prose = true;
        if equation || goes_on || self.depth > 0 {
            self.drop(line, cut)
        } else {
            self.drop(line, 0)
        }
    }

    /// Whether a line begins with a statement, behind bullets and brackets of environments.
    fn begins(&self, line: &[Raw]) -> bool {
        let start = line
            .iter()
            .position(|raw| raw.word().is_some() || raw.is_open());
        start.is_some_and(|start| shape::begins(line, start))
    }

    fn keep(&mut self, line: Vec<Raw>) {
        for raw in line {
            self.count(&raw);
            self.kept.push(raw);
        }
    }

    /// Keeps what stands before a position, and the structure behind it.
    fn drop(&mut self, line: Vec<Raw>, from: usize) {
        for (at, raw) in line.into_iter().enumerate() {
            let structure = raw.is_structure() || matches!(raw.sort, Sort::Line);
            if at < from || structure {
                // Behind `\\` there may be an equation again, on the next line.
                self.count(&raw);
                self.kept.push(raw);
            }
        }
    }

    fn count(&mut self, raw: &Raw) {
        match &raw.sort {
            Sort::System => self.system = true,
            Sort::Begin(environment) => {
                let system = std::mem::take(&mut self.system);
                self.cases
                    .push(system || *environment == Environment::Cases);
            }
            Sort::End(_) => drop(self.cases.pop()),
            Sort::Row => {
                self.depth = 0;
                self.in_prose = false;
            }
            _ if raw.is_open() => self.depth += 1,
            _ if raw.is_close() => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// The number of letters of a piece that may be a word of prose; 0 for all others.
fn letters(raw: &Raw) -> usize {
    match &raw.sort {
        Sort::Letters(text, Style::Run | Style::Word) => text.chars().count(),
        _ => 0,
    }
}

/// Whether a piece is a word that no table knows.
fn is_plain(raw: &Raw) -> bool {
    raw.word().is_some_and(|word| {
        functions::function(word).is_none()
            && glyphs::greek(word).is_none()
            && word.chars().all(char::is_alphabetic)
    })
}

/// Leaves out the words before a colon and a statement: `Forget gate: f_t = …`.
fn drop_title(line: &mut Vec<Raw>) {
    let Some(colon) = line.iter().position(|raw| raw.is(&Kind::Colon)) else {
        return;
    };
    let bullet = line.first().is_some_and(Raw::is_operator);
    let words = &line[usize::from(bullet)..colon];
    let title = !words.is_empty()
        && words
            .iter()
            .all(|raw| letters(raw) > 1 || raw.is(&Kind::Minus));
    if title && shape::begins(line, colon + 1) {
        line.drain(usize::from(bullet)..=colon);
    }
}

/// Makes a remark of a word such as "where" that parts two statements.
fn part_statements(line: &mut [Raw], defined: &BTreeSet<String>) {
    for at in 0..line.len() {
        let word = line[at].word().filter(|word| *word != "for");
        if word.is_none() || !begins_prose(line, at, defined) {
            continue;
        }
        let layout =
            |raw: &&Raw| matches!(raw.sort, Sort::Quad | Sort::Align) || raw.is(&Kind::Comma);
        let gap = line[at + 1..].iter().take(4).take_while(layout).count();
        if shape::begins(line, at + 1 + gap) {
            let text = word.unwrap_or_default().to_owned();
            line[at].sort = Sort::Remark(text);
        }
    }
}

/// Where prose begins in a line at whose start so many brackets are open.
fn cut(line: &[Raw], open: usize, defined: &BTreeSet<String>) -> Option<usize> {
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
fn begins_prose(line: &[Raw], at: usize, defined: &BTreeSet<String>) -> bool {
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

/// Whether prose that begins here is an `or` between two right sides: a formula follows, no words.
fn is_alternative(line: &[Raw], at: usize) -> bool {
    let or = line[at]
        .word()
        .is_some_and(|word| word.eq_ignore_ascii_case("or"));
    let ends = |raw: &&Raw| {
        !matches!(raw.sort, Sort::Quad | Sort::Line | Sort::Remark(_))
            && !raw.is_structure()
            && !raw.is(&Kind::Comma)
    };
    let mut right = line[at + 1..].iter().take_while(ends).peekable();
    or && right.peek().is_some() && !right.any(|raw| letters(raw) > 1 && is_plain(raw))
}

/// The wide space or the end of a row behind a position that an equation follows.
fn behind_quad(line: &[Raw], from: usize) -> Option<usize> {
    let quad = |at: &usize| matches!(line[*at].sort, Sort::Quad | Sort::Row);
    (from..line.len())
        .filter(quad)
        .find(|&at| shape::begins(line, at + 1))
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
fn closes_line(line: &[Raw], at: usize, defined: &BTreeSet<String>) -> bool {
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

fn ends_row(raw: &Raw) -> bool {
    matches!(raw.sort, Sort::Line) || raw.is_structure()
}

fn ends_value(raw: &Raw) -> bool {
    let number = matches!(raw.kind(), Some(Kind::Number(..) | Kind::Prime(_)));
    raw.is_close() || raw.word().is_some() || number
}

/// Makes a mistake of two words behind an equation, which may be prose or a product.
fn mark_words(line: &mut [Raw], open: usize, defined: &BTreeSet<String>) {
    let long = |raw: &Raw| letters(raw) > 2 && is_plain(raw);
    let last = line.iter().position(ends_row).unwrap_or(line.len());
    let Some(at) = last.checked_sub(2).filter(|&at| at > 0 && open == 0) else {
        return;
    };
    let two = line[at..last].iter().all(|raw| long(raw) && raw.gap);
    if two && ends_value(&line[at - 1]) && closes_line(line, at, defined) {
        let words = [at, at + 1].map(|at| line[at].word().unwrap_or_default().to_owned());
        let place = line[at].place.to(line[at + 1].place);
        let message = diag::words_behind_equation(place, &words);
        line[at].sort = Sort::Bad(Box::new(message));
    }
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
