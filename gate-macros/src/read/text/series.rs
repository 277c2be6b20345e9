//! `\sum` and `\prod`: words with marks where these are bounds, mistakes elsewhere.

use super::glyphs;
use super::latex::Lexer;
use super::raw::{Sort, Style};
use crate::diag;

impl Lexer<'_> {
    /// `\sum` and `\prod`, whose marks follow.
    pub(super) fn series(&mut self, name: &str, start: usize, end: usize) {
        let place = self.place(start, end);
        self.at = end;
        let message = match self.marks_hold('t') {
            true => diag::all_past_states(place, &format!("\\{name}")),
            false if self.counts() => {
                return self.letters_piece(name.to_owned(), Style::Word, start, end);
            }
            false => diag::sum_over_index(place, &format!("\\{name}")),
        };
        self.push(Sort::Bad(Box::new(message)), start, end);
    }

    /// Whether a letter with a first value stands below what follows, and something above:
    /// `_{k=1}^{3}`.
    fn counts(&self) -> bool {
        let marks = self.chars[self.at..].iter().map(|char| char.c);
        let text: String = marks.take(40).filter(|c| !glyphs::is_space(*c)).collect();
        let text = text.replace("\\limits", "").replace("\\nolimits", "");
        let Some(below) = text.find("_{") else {
            return false;
        };
        let beside = match below {
            0 => text
                .find('}')
                .is_some_and(|end| text[end + 1..].starts_with('^')),
            _ => text.starts_with('^'),
        };
        let inside = &text[below + 2..];
        beside && inside.chars().nth(1) == Some('=') && !inside.starts_with('t')
    }

    /// Whether a letter stands by itself in the sub- and superscripts that follow, as a bound:
    /// `_{k=1}^{t}`, but not `_t`, which runs over it.
    fn marks_hold(&self, letter: char) -> bool {
        let mut depth = 0usize;
        let mut before = ' ';
        let mut first = true;
        for char in &self.chars[self.at..] {
            match char.c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                '_' | '^' => {}
                c if depth == 0 && before != '_' && before != '^' && c != ' ' => return false,
                c if c == letter && !before.is_alphabetic() => return !first,
                c => first &= !c.is_alphabetic(),
            }
            before = char.c;
        }
        false
    }
}
