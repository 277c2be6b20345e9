//! What the lexer of text gives: tokens with the traces of layout that the later steps need.

use super::chars::Dialect;
use super::glyphs::Environment;
use crate::diag::{Diagnostic, Place};
use crate::read::{Bracket, Kind};

/// A piece of text with its place.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    pub(super) sort: Sort,
    pub(super) place: Place,
    /// Whether white space stands before it.
    pub(super) gap: bool,
}

/// Sorts of pieces.
#[derive(Clone, Debug)]
pub(super) enum Sort {
    /// A token that is final.
    Kind(Kind),
    /// Letters, not yet known to be one name or several.
    Letters(String, Style),
    /// The end of a line of the source.
    Line,
    /// `\\`
    Row,
    /// `\quad`
    Quad,
    /// `&`
    Align,
    /// `\|`; whether it opens a norm, where that is known.
    Bars(Option<bool>),
    /// `.`, at the end of a sentence or out of place.
    Dot,
    /// `~`: a space of LaTeX or the sign of a declaration.
    Wave,
    /// `\left\{` before an environment: the brace of `cases`, or of a whole system.
    System,
    Begin(Environment),
    End(Environment),
    /// Prose: `\text{for all steps}`.
    Remark(String),
    /// What is not understood: a mistake unless it turns out to stand in prose.
    Bad(Box<Diagnostic>),
}

/// How letters are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Side by side in mathematics: one name or a product of letters.
    Run,
    /// Upright or of a command: one word.
    Word,
    /// A single symbol that never joins its neighbours: Greek, accented.
    Symbol,
}

impl Raw {
    pub(super) fn new(sort: Sort, place: Place) -> Raw {
        Raw {
            sort,
            place,
            gap: false,
        }
    }

    pub(super) fn kind(&self) -> Option<&Kind> {
        match &self.sort {
            Sort::Kind(kind) => Some(kind),
            _ => None,
        }
    }

    /// The same, of letters that of some word.
    pub(super) fn or_word(&self) -> Option<&Kind> {
        const WORD: &Kind = &Kind::Word(String::new());
        match self.sort {
            Sort::Letters(..) => Some(WORD),
            _ => self.kind(),
        }
    }

    pub(super) fn is(&self, kind: &Kind) -> bool {
        self.kind() == Some(kind)
    }

    /// The text of a word or of letters.
    pub(super) fn word(&self) -> Option<&str> {
        match &self.sort {
            Sort::Letters(text, _) | Sort::Kind(Kind::Word(text)) => Some(text),
            _ => None,
        }
    }

    /// `_` or `^`
    pub(super) fn is_mark(&self) -> bool {
        matches!(self.kind(), Some(Kind::Sub | Kind::Sup))
    }

    /// `=`, `∈` or `~`
    pub(super) fn is_relation(&self) -> bool {
        matches!(self.kind(), Some(Kind::Equals | Kind::In | Kind::Tilde))
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.kind(), Some(Kind::Open(_)))
    }

    pub(super) fn is_close(&self) -> bool {
        matches!(self.kind(), Some(Kind::Close(_)))
    }

    /// A sign between two values.
    pub(super) fn is_operator(&self) -> bool {
        self.kind().is_some_and(is_operator)
    }

    /// Layout that ends an equation or may end it.
    pub(super) fn is_structure(&self) -> bool {
        matches!(self.sort, Sort::Row | Sort::Begin(_) | Sort::End(_))
    }
}

/// A sign between two values.
pub(super) fn is_operator(kind: &Kind) -> bool {
    use Kind::*;
    matches!(kind, Plus | Minus | Star | Dot | Hadamard | Outer | Slash)
}

/// Whether a run of pieces is the inside of brackets of one sort with nothing else around.
pub(super) fn opens(bracket: Bracket) -> Sort {
    Sort::Kind(Kind::Open(bracket))
}

pub(super) fn closes(bracket: Bracket) -> Sort {
    Sort::Kind(Kind::Close(bracket))
}

/// The pieces of one block.
pub(super) struct Text {
    pub(super) raws: Vec<Raw>,
    pub(super) dialect: Dialect,
}
