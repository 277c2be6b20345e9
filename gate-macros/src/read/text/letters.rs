//! The lexer's letters and numbers: how far each reaches, and what joins it.

use super::accents;
use super::glyphs;
use super::latex::{Closing, Lexer};
use super::raw::{Raw, Sort, Style, closes, opens};
use crate::diag::{self, Place};
use crate::functions;
use crate::read::{Bracket, Kind};

impl Lexer<'_> {
    /// A number; one digit where only one belongs to a mark.
    pub(super) fn number(&mut self) {
        let start = self.at;
        let is_digit = |at: usize| {
            self.chars
                .get(at)
                .is_some_and(|char| glyphs::plain(char.c).is_ascii_digit())
        };
        let digits = |mut at: usize| {
            while is_digit(at) {
                at += 1;
            }
            at
        };
        let is = |at: usize, wanted: &str| {
            self.chars
                .get(at)
                .is_some_and(|char| wanted.contains(char.c))
        };
        let mut end = start + 1;
        if !self.takes_one() {
            end = digits(start);
            if is(end, ".") && is_digit(end + 1) {
                end = digits(end + 1);
            }
            let sign = usize::from(is(end + 1, "+-"));
            if is(end, "eE") && is_digit(end + 1 + sign) {
                end = digits(end + 1 + sign);
            }
        }
        let text: String = self.chars[start..end]
            .iter()
            .map(|char| glyphs::plain(char.c))
            .collect();
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => self.token(Kind::Number(value, text), end),
            _ => {
                let message = diag::number_too_large(self.place(start, end), &text);
                self.push(Sort::Bad(Box::new(message)), start, end);
            }
        }
    }

    /// Letters with their accents: as many as form one piece.
    pub(super) fn letters(&mut self) {
        let start = self.at;
        let one = self.takes_one();
        let upright = self.is_upright();
        let (mut text, mut end) = (String::new(), start);
        let mut style = if upright { Style::Word } else { Style::Run };
        while let Some(char) = self.chars.get(end) {
            let c = glyphs::plain(char.c);
            let greek = glyphs::is_greek(c) || matches!(c, 'ℝ' | 'ℕ' | 'ℓ' | '†');
            let belongs = if text.is_empty() {
                true
            } else if c.is_ascii_digit() {
                !one
            } else {
                let letter = c.is_alphabetic() && glyphs::small(char.c).is_none();
                letter && !one && (upright || !greek) && glyphs::sign(c).is_none()
            };
            if !belongs {
                break;
            }
            text.push(c);
            end += 1;
            while let Some(accent) = self.chars.get(end).filter(|c| accents::is_combining(c.c)) {
                accents::push(&mut text, accent.c);
                end += 1;
            }
            if greek && !upright {
                style = Style::Symbol;
                break;
            }
        }
        end = self.longer_name(&mut text, &mut style, end);
        self.letters_piece(text, style, start, end);
    }

    /// Names of the tables that hold an underscore or a Greek letter: `hard_sigmoid`, `logσ`.
    fn longer_name(&self, text: &mut String, style: &mut Style, mut end: usize) -> usize {
        let is_known = |word: &str| {
            functions::function(word).is_some() || functions::INITIALISERS.contains(&word)
        };
        let mut candidate = text.clone();
        let mut at = end;
        for _ in 0..3 {
            let begin = candidate.len();
            while let Some(char) = self.chars.get(at) {
                let joins = char.c == '_' && candidate.len() == begin;
                if !joins && !char.c.is_alphabetic() || candidate.len() > 24 {
                    break;
                }
                candidate.push(char.c);
                at += 1;
            }
            if candidate.len() > begin && is_known(&candidate) {
                *text = candidate.clone();
                *style = Style::Word;
                end = at;
            }
        }
        end
    }

    /// A run of small glyphs: a mark with a group.
    pub(super) fn small(&mut self) {
        let begin = self.at;
        let Some((raised, _)) = glyphs::small(self.chars[begin].c) else {
            return;
        };
        let mark = if raised { Kind::Sup } else { Kind::Sub };
        let place = self.place(begin, begin + 1);
        self.push(Sort::Kind(mark), begin, begin);
        self.out.push(Raw::new(opens(Bracket::Brace), place));
        while let Some((also, c)) = self
            .chars
            .get(self.at)
            .and_then(|char| glyphs::small(char.c))
        {
            if also != raised {
                break;
            }
            let sort = match glyphs::sign(c) {
                Some(kind) => Sort::Kind(kind),
                None if c.is_ascii_digit() => {
                    Sort::Kind(Kind::Number(f64::from(c as u8 - b'0'), c.to_string()))
                }
                None => Sort::Letters(c.to_string(), Style::Symbol),
            };
            self.push(sort, self.at, self.at + 1);
        }
        let place = self.place(self.at - 1, self.at);
        self.out.push(Raw::new(closes(Bracket::Brace), place));
        self.atom_done();
    }

    /// Whether the piece before is a `Δ` that binds to what follows.
    pub(super) fn after_delta(&self) -> bool {
        self.after("Δ")
    }

    /// Whether the piece before is this symbol, with no accent beginning between.
    fn after(&self, symbol: &str) -> bool {
        let accent = self
            .frames
            .iter()
            .rev()
            .find(|f| matches!(f.closing, Closing::Accent(_)));
        let start = accent.map_or(0, |frame| frame.start);
        let [before @ .., last] = &self.out[..] else {
            return false;
        };
        // `W_\Delta x_t`: a mark without braces ends behind its symbol.
        let mark = before.last().is_some_and(Raw::is_mark);
        let ended = mark && (self.dialect.single_marks() || self.gap);
        let same = matches!(&last.sort, Sort::Letters(text, Style::Symbol) if text == symbol);
        same && !ended && self.out.len() > start
    }

    /// Adds letters. A `Δ` before them is one symbol with them, a `δ` with a lone `t`, and
    /// `\log\sigma` is a function.
    pub(super) fn letters_piece(&mut self, text: String, style: Style, start: usize, end: usize) {
        let place = self.place(start, end);
        let log = text == "σ"
            && !self.gap
            && self.out.last().is_some_and(|raw| raw.word() == Some("log"));
        if (text != "Δ" && self.after_delta()) || (text == "t" && self.after("δ")) || log {
            self.join_last(&text, place);
            self.at = end;
            self.gap = false;
            return self.atom_done();
        }
        self.push(Sort::Letters(text, style), start, end);
        self.atom_done();
    }

    /// Makes letters one symbol with the letters before them.
    pub(super) fn join_last(&mut self, text: &str, end: Place) {
        if let Some(Raw {
            sort: Sort::Letters(before, style),
            place,
            ..
        }) = self.out.last_mut()
        {
            before.push_str(text);
            *style = Style::Word;
            *place = place.to(end);
        }
    }
}
