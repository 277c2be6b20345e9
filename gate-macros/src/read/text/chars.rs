//! Lines and their characters, and how a block of them is written.

use proc_macro2::Span;

use super::glyphs;
use crate::diag::Place;

/// A line of documentation text.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Without the line end.
    pub(crate) text: String,
    /// The literal that holds it.
    pub(crate) span: Span,
}

/// A character with its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Char {
    pub(super) c: char,
    pub(super) place: Place,
}

/// How a block is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect {
    /// With commands of LaTeX.
    pub(super) latex: bool,
    /// With glyphs of mathematics that LaTeX has commands for.
    pub(super) glyphs: bool,
    /// With marks on marks, `x_h_prev`, as programs write names and LaTeX cannot.
    pub(super) program: bool,
}

impl Dialect {
    pub(super) fn of(chars: &[Char]) -> Dialect {
        let command = |pair: &[Char]| pair[0].c == '\\' && !glyphs::is_space(pair[1].c);
        let latex = chars.windows(2).any(command) || chars.iter().any(|char| char.c == '&');
        let glyph = |char: &Char| {
            !char.c.is_ascii() && (glyphs::sign(char.c).is_some() || glyphs::is_greek(char.c))
        };
        Dialect {
            latex,
            glyphs: chars.iter().any(glyph),
            program: has_names_of_programs(chars),
        }
    }

    /// Whether a mark without braces is a single letter, as LaTeX prints it.
    pub(super) fn single_marks(self) -> bool {
        self.latex && !self.glyphs && !self.program
    }
}

/// Whether a text stands at a position.
pub(super) fn starts(chars: &[Char], at: usize, text: &str) -> bool {
    text.chars()
        .enumerate()
        .all(|(i, c)| chars.get(at + i).is_some_and(|char| char.c == c))
}

/// Whether a mark of one letter has a mark: `x_h_prev`.
fn has_names_of_programs(chars: &[Char]) -> bool {
    let word = |char: &Char| char.c.is_alphanumeric();
    chars.windows(5).any(|five| {
        let marks = five[1].c == '_' && five[3].c == '_';
        marks && word(&five[0]) && word(&five[2]) && word(&five[4])
    })
}
