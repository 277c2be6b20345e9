//! Prose among equations: headings, remarks behind an equation, sentences.
//!
//! Takes and gives pieces, line by line. Where prose begins in a line is told by `sentences`; a line
//! of prose goes with the lines that continue it.

use std::collections::BTreeSet;

use super::glyphs::Environment;
use super::known;
use super::raw::{Raw, Sort};
use super::sentences::{begins_prose, closes_line, cut, ends_row, ends_value, is_plain, letters};
use super::shape;
use crate::diag;
use crate::read::Kind;

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
