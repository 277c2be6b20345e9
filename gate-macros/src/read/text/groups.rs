//! The lexer's groups: what opens, what closes, and what a group becomes.

use super::accents;
use super::latex::{Closing, Frame, Lexer};
use super::raw::{Raw, Sort, Style, closes, opens};
use crate::diag::{self, Place};
use crate::functions::INNER;
use crate::read::{Bracket, Kind};

/// Groups in groups.
const MAX_FRAMES: usize = 100;

impl Lexer<'_> {
    /// Begins a group at the `{` at a position.
    pub(super) fn open(&mut self, closing: Closing, brace: usize) {
        let place = self.place(brace, brace + 1);
        self.at = brace + 1;
        self.begin(closing, false, place);
    }

    /// Begins the argument of a command: a group in braces, or one symbol.
    pub(super) fn argument(&mut self, closing: Closing, place: Place) {
        self.skip_spaces();
        if self.at >= self.chars.len() {
            self.faults.push(diag::missing_argument(place));
            if let Some(Frame {
                closing: Closing::Arguments(_),
                ..
            }) = self.frames.last()
            {
                self.frames.pop();
            }
            return;
        }
        let braced = self.next_is(0, '{');
        self.at += usize::from(braced);
        self.begin(closing, !braced, place);
    }

    fn begin(&mut self, closing: Closing, single: bool, place: Place) {
        if self.frames.len() >= MAX_FRAMES {
            if !self.too_deep {
                self.faults.push(diag::too_deep(place));
                self.too_deep = true;
            }
            self.frames.clear();
        }
        let outer = self.frames.last();
        let mark =
            outer.is_some_and(|frame| frame.mark) || self.out.last().is_some_and(Raw::is_mark);
        let upright = self.is_upright();
        match closing {
            Closing::Brace => self.out.push(Raw {
                gap: self.gap,
                ..Raw::new(opens(Bracket::Brace), place)
            }),
            Closing::Paren => self.out.push(Raw {
                gap: self.gap,
                ..Raw::new(opens(Bracket::Paren), place)
            }),
            _ => {}
        }
        let start = self.out.len();
        self.frames.push(Frame {
            closing,
            single,
            start,
            place,
            upright,
            mark,
        });
    }

    pub(super) fn skip_spaces(&mut self) {
        while self
            .chars
            .get(self.at)
            .is_some_and(|char| super::glyphs::is_space(char.c))
        {
            self.at += 1;
        }
    }

    /// `}`
    pub(super) fn close(&mut self) {
        let place = self.here();
        self.at += 1;
        while let Some(frame) = self.frames.pop() {
            match frame.closing {
                Closing::Arguments(_) => self.faults.push(diag::missing_argument(frame.place)),
                _ if frame.single => self.faults.push(diag::missing_argument(frame.place)),
                _ => {
                    self.finish(&frame, place);
                    return self.atom_done();
                }
            }
        }
        self.out.push(Raw::new(closes(Bracket::Brace), place));
    }

    /// A symbol or a group is complete: so are the arguments that consist of it.
    pub(super) fn atom_done(&mut self) {
        while let Some(frame) = self.frames.last_mut() {
            match &mut frame.closing {
                Closing::Arguments(left) if *left > 1 => {
                    *left -= 1;
                    return;
                }
                Closing::Arguments(_) => {
                    self.frames.pop();
                }
                _ if frame.single => {
                    let place = self.out.last().map_or(frame.place, |raw| raw.place);
                    if let Some(frame) = self.frames.pop() {
                        self.finish(&frame, place);
                    }
                }
                _ => return,
            }
        }
    }

    /// Turns the pieces of a group into what the group stands for.
    fn finish(&mut self, frame: &Frame, end: Place) {
        if frame.start > self.out.len() {
            return;
        }
        match frame.closing {
            Closing::Brace => self.finish_braces(frame, end),
            Closing::Font => self.finish_font(frame, end),
            Closing::Script => {
                let inside = self.out[frame.start..].iter();
                self.shapes.script.extend(inside.map(|raw| raw.place));
                self.finish_font(frame, end);
            }
            Closing::Blackboard => self.finish_blackboard(frame),
            Closing::Accent(accent) => self.finish_accent(frame, accent, end),
            Closing::Paren => self.out.push(Raw::new(closes(Bracket::Paren), end)),
            Closing::Drop => self.out.truncate(frame.start),
            Closing::Stack => {
                self.out.truncate(frame.start);
                self.argument(Closing::Font, frame.place);
            }
            Closing::Brackets => {
                self.finish_font(frame, end);
                self.skip_spaces();
                if self.next_is(0, '_') || self.next_is(0, '^') {
                    self.at += 1;
                    self.argument(Closing::Drop, frame.place);
                }
            }
            Closing::Arguments(_) => {}
        }
    }

    /// `\mathbb{R}` is a set, `\mathbb{E}` no letter of a cell.
    fn finish_blackboard(&mut self, frame: &Frame) {
        let [only] = &mut self.out[frame.start..] else {
            return;
        };
        let Sort::Letters(text, _) = &mut only.sort else {
            return;
        };
        match text.as_str() {
            "R" => *text = "ℝ".to_owned(),
            "N" => *text = "ℕ".to_owned(),
            "E" | "P" | "V" => {
                let message = diag::expectation(only.place, text);
                only.sort = Sort::Bad(Box::new(message));
            }
            _ => {}
        }
    }

    /// Plain braces: nothing, an operator, and whole equations need none.
    fn finish_braces(&mut self, frame: &Frame, end: Place) {
        let Some(open) = frame.start.checked_sub(1) else {
            return;
        };
        let marks = open > 0 && self.out[open - 1].is_mark();
        let inside = &self.out[frame.start..];
        let needless = match inside {
            [] => true,
            [one] => one.is_operator() || one.is_relation() || one.is(&Kind::Comma),
            _ => !frame.single && inside.iter().any(|r| r.is_structure() || r.is_relation()),
        };
        if needless && !marks && !frame.single && !self.in_arguments() {
            self.out.remove(open);
            return;
        }
        // `\Delta{t}` is one symbol.
        if let [
            Raw {
                sort: Sort::Letters(text, _),
                ..
            },
        ] = inside
        {
            let text = text.clone();
            let removed = self.out.split_off(open);
            if text != "Δ" && self.after_delta() {
                return self.join_last(&text, end);
            }
            self.out.extend(removed);
        }
        self.out.push(Raw::new(closes(Bracket::Brace), end));
    }

    /// Whether `\rangle` stands here.
    pub(super) fn ends_angle(&self) -> bool {
        let command = "\\rangle".chars().enumerate();
        self.next_is(0, '⟩') || command.into_iter().all(|(i, c)| self.next_is(i, c))
    }

    /// `\langle u, v \rangle`, which ends here, is `dot(u, v)`.
    pub(super) fn inner_product(&mut self) {
        let (mut depth, mut commas) = (0usize, 0);
        for at in (0..self.out.len()).rev() {
            match self.out[at].kind() {
                Some(Kind::Close(_)) => depth += 1,
                Some(Kind::Comma) if depth == 0 => commas += 1,
                Some(Kind::Open(bracket)) if depth == 0 => {
                    let mark = at > 0 && self.out[at - 1].is_mark();
                    if *bracket == Bracket::Paren && commas == 1 && !mark {
                        let sort = Sort::Letters(INNER.to_owned(), Style::Word);
                        let raw = &mut self.out[at];
                        let gap = std::mem::take(&mut raw.gap);
                        let dot = Raw::new(sort, raw.place);
                        self.out.insert(at, Raw { gap, ..dot });
                    }
                    return;
                }
                Some(Kind::Open(_)) => depth -= 1,
                _ if self.out[at].is_structure() => return,
                _ => {}
            }
        }
    }

    fn in_arguments(&self) -> bool {
        matches!(
            self.frames.last(),
            Some(Frame {
                closing: Closing::Arguments(_),
                ..
            })
        )
    }

    /// A font leaves nothing behind, but several symbols stay one group.
    fn finish_font(&mut self, frame: &Frame, end: Place) {
        if self.multiply_by_ones(frame) {
            return;
        }
        let inside = &self.out[frame.start..];
        let name = |raws: &[Raw]| matches!(raws, [first, second, ..] if first.word().is_some() && second.is_mark());
        let whole = inside.iter().any(|r| r.is_structure() || r.is_relation());
        let marked = frame.start > 0 && self.out[frame.start - 1].is_mark();
        if inside.len() <= 1 || whole || (name(inside) && !marked) {
            return;
        }
        self.out
            .insert(frame.start, Raw::new(opens(Bracket::Brace), frame.place));
        self.out.push(Raw::new(closes(Bracket::Brace), end));
    }

    /// `\beta \mathbf{1}`: behind a value, a vector of ones is a factor.
    fn multiply_by_ones(&mut self, frame: &Frame) -> bool {
        let ones = matches!(&self.out[frame.start..], [one] if matches!(one.kind(), Some(Kind::Number(value, _)) if *value == 1.0));
        let before = self.out[..frame.start].last();
        let value = before
            .is_some_and(|raw| raw.word().is_some() || raw.is_close() || raw.is(&Kind::Transpose));
        let factor = ones && value && !self.frames.iter().any(|frame| frame.mark);
        if factor {
            let place = self.out[frame.start].place;
            self.out
                .insert(frame.start, Raw::new(Sort::Kind(Kind::Star), place));
        }
        factor
    }

    /// An accent stands on the base of a name, marks or no marks.
    fn finish_accent(&mut self, frame: &Frame, accent: char, end: Place) {
        let inside = &mut self.out[frame.start..];
        // `\vec{0}` is a vector of zeros, as a number is anyway.
        if matches!(inside, [only] if matches!(only.kind(), Some(Kind::Number(..)))) {
            return;
        }
        let base = inside
            .iter()
            .position(|raw| !raw.is(&Kind::Open(Bracket::Brace)));
        let marks_only = |rest: &[Raw]| {
            rest.first().is_none_or(|r| {
                r.is_mark() || r.is_close() || matches!(r.kind(), Some(Kind::Prime(_)))
            })
        };
        let base = base.filter(|at| marks_only(&inside[at + 1..]));
        if let Some(Raw {
            sort: Sort::Letters(text, style),
            place,
            ..
        }) = base.map(|at| &mut inside[at])
        {
            *text = accents::on_each(text, accent);
            *style = if accents::letters(text) > 1 {
                Style::Word
            } else {
                Style::Symbol
            };
            *place = frame.place.to(end);
            if inside.len() == 1 && self.out.len() > 1 {
                self.bind_delta();
            }
            return;
        }
        let place = frame.place.to(end);
        self.out.push(Raw::new(
            Sort::Bad(Box::new(diag::accent_target(place))),
            place,
        ));
    }

    /// Joins the last letters to a `Δ` before them.
    fn bind_delta(&mut self) {
        let Some(last) = self.out.pop() else { return };
        match &last.sort {
            Sort::Letters(text, _) if self.after_delta() => self.join_last(text, last.place),
            _ => self.out.push(last),
        }
    }

    /// The end of the text: groups that are still open were never closed.
    pub(super) fn end(&mut self) {
        while let Some(frame) = self.frames.pop() {
            // An open `{` is reported by the parser, in its equation.
            if frame.closing != Closing::Brace || frame.single {
                self.faults.push(diag::unclosed_group(frame.place));
            }
        }
    }
}
