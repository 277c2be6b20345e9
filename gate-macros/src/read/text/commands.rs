//! The lexer's commands: everything that begins with a backslash.

use std::ops::Range;

use super::glyphs::{self, Command, Environment};
use super::latex::{Closing, Frame, Lexer};
use super::raw::{Raw, Sort, Style, closes, opens};
use crate::diag::{self, Place};
use crate::functions;
use crate::read::{Bracket, Kind};
use crate::spelling::nearest;

impl Lexer<'_> {
    /// Reads a command.
    pub(super) fn command(&mut self) {
        let start = self.at;
        if self.is_escaped_twice() {
            self.at += 1;
            return self.command();
        }
        let name = self.command_name();
        let end = self.at;
        let place = self.place(start, end);
        let Some(command) = glyphs::command(&name) else {
            // Markdown asks for an escaped underscore at times.
            if name == "_" {
                return self.push(Sort::Kind(Kind::Sub), start, end);
            }
            if let "sum" | "prod" = name.as_str() {
                return self.series(&name, start, end);
            }
            let known = functions::FUNCTIONS
                .iter()
                .flat_map(|e| e.names.iter().copied());
            let near = nearest(&name, known.filter(|word| word.is_ascii()));
            let message = diag::unknown_command(place, &format!("\\{name}"), near);
            self.push(Sort::Bad(Box::new(message)), start, end);
            return;
        };
        self.at = start;
        match command {
            Command::Kind(kind) => self.token(kind, end),
            Command::Word(text) => {
                let single = text.chars().count() == 1;
                let style = if single { Style::Symbol } else { Style::Word };
                self.letters_piece(text, style, start, end);
            }
            other => {
                self.at = end;
                self.layout(other, &name, start..end);
            }
        }
    }

    /// Commands that change how other text is read.
    fn layout(&mut self, command: Command, name: &str, range: Range<usize>) {
        let Range { start, end } = range;
        let place = self.place(start, end);
        match command {
            Command::Space => self.gap |= name != "!",
            Command::Quad => self.push(Sort::Quad, start, end),
            Command::Row => self.row(start, end),
            Command::Brace(opening) => self.printed_brace(opening, start, end),
            Command::Size => {
                self.skip_spaces();
                self.at += usize::from(self.next_is(0, '.'));
            }
            Command::Font => self.font(Closing::Font, false, place),
            Command::Script => self.font(Closing::Script, false, place),
            Command::Blackboard => self.font(Closing::Blackboard, false, place),
            Command::WordFont => self.word_font(place),
            Command::Text => self.text(place),
            Command::Switch(upright) => match self.frames.last_mut() {
                Some(frame) => frame.upright = upright,
                None => self.upright = upright,
            },
            Command::Accent(accent) => self.font(Closing::Accent(accent), false, place),
            Command::Frac => {
                self.push(Sort::Kind(Kind::Frac), start, end);
                let (upright, mark) = (self.is_upright(), false);
                let start = self.out.len();
                let closing = Closing::Arguments(2);
                self.frames.push(Frame {
                    closing,
                    single: false,
                    start,
                    place,
                    upright,
                    mark,
                });
            }
            Command::Sqrt => self.root(place, start, end),
            Command::Drop(_) => {
                self.at += usize::from(self.next_is(0, '*'));
                self.font(Closing::Drop, false, place);
            }
            Command::Stack => self.font(Closing::Stack, false, place),
            Command::Brackets => self.font(Closing::Brackets, false, place),
            Command::Norm(opening) => self.push(Sort::Bars(opening), start, end),
            Command::Intertext => {
                self.push(Sort::Row, start, end);
                self.font(Closing::Drop, false, place);
            }
            Command::Begin => self.environment(true, start, place),
            Command::End => self.environment(false, start, place),
            Command::Forall => self.push(Sort::Remark("for all".to_owned()), start, end),
            Command::Kind(_) | Command::Word(_) => {}
        }
    }

    /// Whether the command has its backslash twice, as in a string of another language: no row
    /// begins with the name of a command.
    fn is_escaped_twice(&self) -> bool {
        let letters = self.chars[self.at..]
            .iter()
            .skip(2)
            .take(16)
            .map(|char| char.c);
        let name: String = letters.take_while(char::is_ascii_alphabetic).collect();
        self.next_is(1, '\\') && name.len() > 1 && glyphs::command(&name).is_some()
    }

    /// The letters or the one character behind a backslash.
    fn command_name(&mut self) -> String {
        let begin = self.at + 1;
        let mut end = begin;
        while self
            .chars
            .get(end)
            .is_some_and(|char| char.c.is_ascii_alphabetic())
        {
            end += 1;
        }
        if end == begin && begin < self.chars.len() {
            end += 1;
        }
        let mut name: String = self.chars[begin..end].iter().map(|char| char.c).collect();
        if name.chars().all(glyphs::is_space) {
            name = " ".to_owned();
        }
        // A line break after the backslash stays one.
        self.at = if self.chars.get(begin).is_some_and(|char| char.c == '\n') {
            begin
        } else {
            end
        };
        if self.next_is(0, '*')
            && matches!(name.as_str(), "operatorname" | "tag" | "hspace" | "vspace")
        {
            self.at += 1;
        }
        name
    }

    /// The argument of a font or the like.
    fn font(&mut self, closing: Closing, upright: bool, place: Place) {
        let before = self.frames.len();
        self.argument(closing, place);
        if self.frames.len() > before
            && let Some(frame) = self.frames.last_mut()
        {
            frame.upright = upright;
        }
    }

    /// `\\`, its star and its space.
    fn row(&mut self, start: usize, end: usize) {
        self.push(Sort::Row, start, end);
        self.gap = true;
        self.at += usize::from(self.next_is(0, '*'));
        if !self.next_is(0, '[') {
            return;
        }
        let inside = self.chars[self.at + 1..].iter().take(16).map(|char| char.c);
        let length: String = inside.take_while(|c| *c != ']').collect();
        let begins = length
            .trim_start()
            .starts_with(|c: char| c.is_ascii_digit() || "-.".contains(c));
        let unit = length
            .trim_end()
            .ends_with(|c: char| c.is_ascii_alphabetic());
        let close = self.at + 1 + length.chars().count();
        if begins && unit && self.chars.get(close).is_some_and(|char| char.c == ']') {
            self.at = close + 1;
        }
    }

    /// `\{`: before an environment a brace over several rows, else a bracket.
    fn printed_brace(&mut self, opening: bool, start: usize, end: usize) {
        let mut next = end;
        while self
            .chars
            .get(next)
            .is_some_and(|char| glyphs::is_space(char.c))
        {
            next += 1;
        }
        let before_rows = "\\begin"
            .chars()
            .enumerate()
            .all(|(i, c)| self.chars.get(next + i).is_some_and(|char| char.c == c));
        let sort = match (opening, before_rows) {
            (true, true) => Sort::System,
            (true, false) => opens(Bracket::Paren),
            (false, _) => closes(Bracket::Paren),
        };
        self.push(sort, start, end);
        self.atom_done();
    }

    /// `\sqrt`: a function.
    fn root(&mut self, place: Place, start: usize, end: usize) {
        self.push(Sort::Letters("sqrt".to_owned(), Style::Word), start, end);
        self.skip_spaces();
        if self.next_is(0, '[') {
            let message = diag::root_degree(place);
            self.push(Sort::Bad(Box::new(message)), start, end);
            let rest = self.chars[self.at..].iter();
            self.at += rest.take_while(|char| !"]\n".contains(char.c)).count();
            self.at += usize::from(self.next_is(0, ']'));
        }
        self.font(Closing::Paren, false, place);
    }

    /// `\mathrm{ReLU}`: one word; anything else in it is mathematics.
    fn word_font(&mut self, place: Place) {
        self.skip_spaces();
        let simple = |c: char| c.is_ascii_alphanumeric() || c == ' ';
        match self.simple_argument(simple) {
            Some((text, end)) if !text.is_empty() => {
                let text: String = text.chars().filter(|c| *c != ' ').collect();
                self.word(&text, place, end);
            }
            _ => self.font(Closing::Font, true, place),
        }
    }

    /// `\text{…}`: a word, a label or a remark.
    fn text(&mut self, place: Place) {
        self.skip_spaces();
        let simple = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ' ';
        let in_mark = self.frames.last().is_some_and(|frame| frame.mark)
            || self.out.last().is_some_and(Raw::is_mark);
        match self.simple_argument(simple) {
            Some((text, end)) if text.trim().is_empty() => self.at = end,
            Some((text, end)) if in_mark || !text.trim().contains(' ') => {
                let text: String = text.chars().filter(|c| *c != ' ').collect();
                self.word(&text, place, end);
            }
            _ if in_mark => self.font(Closing::Font, true, place),
            _ => self.remark(place),
        }
    }

    /// The argument in braces, where it holds simple characters only, and the position behind
    /// it; `\_` is an underscore.
    fn simple_argument(&self, simple: impl Fn(char) -> bool) -> Option<(String, usize)> {
        if !self.next_is(0, '{') {
            return None;
        }
        let mut text = String::new();
        let mut at = self.at + 1;
        loop {
            match self.chars.get(at)?.c {
                '}' => return Some((text, at + 1)),
                '\\' if self.chars.get(at + 1)?.c == '_' => {
                    text.push('_');
                    at += 1;
                }
                '\\' if "~ ,".contains(self.chars.get(at + 1)?.c) => {
                    text.push(' ');
                    at += 1;
                }
                '~' | '\n' => text.push(' '),
                c if simple(c) => text.push(c),
                _ => return None,
            }
            at += 1;
        }
    }

    /// Adds a word; one with underscores that no table knows is a name with marks.
    fn word(&mut self, text: &str, place: Place, end: usize) {
        let known = functions::function(text).is_some() || functions::INITIALISERS.contains(&text);
        let parts: Vec<&str> = if known {
            vec![text]
        } else {
            text.split('_').collect()
        };
        let gap = std::mem::take(&mut self.gap);
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                self.out.push(Raw::new(Sort::Kind(Kind::Sub), place));
            }
            let sort = match part.parse::<f64>() {
                Ok(value) if part.bytes().all(|b| b.is_ascii_digit()) && value.is_finite() => {
                    Sort::Kind(Kind::Number(value, (*part).to_owned()))
                }
                _ => Sort::Letters((*part).to_owned(), Style::Word),
            };
            let place = place.to(self.place(end - 1, end));
            self.out.push(Raw {
                gap: gap && i == 0,
                ..Raw::new(sort, place)
            });
        }
        self.at = end;
        // A `Δ` before a word binds to it as to a letter.
        self.atom_done();
    }

    /// Text that is no single word.
    fn remark(&mut self, place: Place) {
        if !self.next_is(0, '{') {
            return self.font(Closing::Font, true, place);
        }
        let Some(&close) = self
            .partner
            .get(self.at)
            .filter(|close| **close < self.chars.len())
        else {
            self.faults.push(diag::unclosed_group(place));
            self.at += 1;
            return;
        };
        let text: String = self.chars[self.at + 1..close]
            .iter()
            .map(|char| char.c)
            .collect();
        let text = text.trim();
        self.at = close + 1;
        let place = place.to(self.place(close, close + 1));
        let prose = text.contains(char::is_whitespace) || !text.ends_with(char::is_alphanumeric);
        let sort = match prose {
            true => Sort::Remark(text.to_owned()),
            false => Sort::Bad(Box::new(diag::text_in_equation(place, text))),
        };
        self.out.push(Raw {
            gap: true,
            ..Raw::new(sort, place)
        });
        self.gap = true;
        self.atom_done();
    }

    /// `\begin{…}` and `\end{…}` with what belongs to them.
    fn environment(&mut self, begins: bool, start: usize, place: Place) {
        self.skip_spaces();
        let named = |c: char| c.is_ascii_alphabetic() || c == '*';
        let Some((name, end)) = self.simple_argument(named) else {
            let message = diag::unknown_environment(place, "");
            return self.push(Sort::Bad(Box::new(message)), start, self.at);
        };
        let known = glyphs::environment(name.trim());
        if known.is_none() && begins {
            let place = self.place(start, end);
            let message = diag::unknown_environment(place, name.trim());
            self.push(Sort::Bad(Box::new(message)), start, end);
        }
        let environment = known.unwrap_or(Environment::Rows);
        let sort = if begins {
            Sort::Begin(environment)
        } else {
            Sort::End(environment)
        };
        self.push(sort, start, end);
        self.gap = true;
        if begins {
            self.environment_arguments(name.trim());
        }
    }

    /// `[t]` behind any environment, the columns of an array.
    fn environment_arguments(&mut self, name: &str) {
        let mut at = self.at;
        let option: String = self.chars[at..].iter().take(3).map(|char| char.c).collect();
        if matches!(option.as_str(), "[t]" | "[b]" | "[c]") {
            at += 3;
        }
        let columns = matches!(
            name,
            "array" | "tabular" | "alignat" | "alignat*" | "alignedat"
        );
        if columns && self.chars.get(at).is_some_and(|char| char.c == '{') {
            let close = self.partner[at];
            if close < self.chars.len() {
                at = close + 1;
            }
        }
        self.at = at;
    }
}
