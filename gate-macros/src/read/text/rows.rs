//! Rows to statements: where one equation ends and the next begins.
//!
//! A `\\`, a line end, a wide space, a comma or a semicolon may end a statement; it does where
//! the next one begins, that is, where a left side and its relation follow. What stands behind
//! and has no relation of its own continues the statement.

use super::glyphs::Environment;
use super::raw::{Raw, Sort, Text};
use super::shape;
use super::statement::{Statement, mistake};
use crate::diag::{self, Diagnostics, Place};
use crate::read::{Bracket, Kind, Token};

/// Separators side by side that are looked at.
const MAX_SEPARATORS: usize = 20;

/// Adds the statements of one block to `out`.
pub(super) fn rows(text: &Text, out: &mut Vec<Token>, diagnostics: &mut Diagnostics) {
    let raws = &text.raws[..];
    let mut rows = Rows {
        raws,
        latex: text.dialect.latex,
        statement: Statement::default(),
        environments: Vec::new(),
        boundary: Boundary::Row,
        skipping: false,
        system: false,
        out,
        diagnostics,
    };
    let mut at = 0;
    while at < raws.len() {
        at = rows.step(at);
    }
    rows.end();
}

/// What stands between a piece and the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Boundary {
    Nothing,
    Line,
    /// `\\` or the like.
    Row,
}

/// An environment that is open.
pub(super) struct Open {
    pub(super) environment: Environment,
    pub(super) role: Role,
    pub(super) place: Place,
    /// Whether `&` and `\\` occurred in it.
    pub(super) aligned: bool,
    pub(super) parted: bool,
}

/// What an environment is where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Its rows are those of the block.
    Block,
    Cases,
    /// Its rows are the elements of a bracket.
    List,
    /// The same, with a bracket of its own.
    Vector,
}

pub(super) struct Rows<'a> {
    pub(super) raws: &'a [Raw],
    /// Whether the end of a line of the source is no end of a row.
    latex: bool,
    pub(super) statement: Statement,
    pub(super) environments: Vec<Open>,
    pub(super) boundary: Boundary,
    /// Whether what follows is prose, up to the next row or statement.
    pub(super) skipping: bool,
    /// Whether a brace over several rows was just read.
    pub(super) system: bool,
    out: &'a mut Vec<Token>,
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl Rows<'_> {
    /// Reads the piece at a position; gives the position of the next one.
    fn step(&mut self, at: usize) -> usize {
        let raw = &self.raws[at];
        let role = self
            .environments
            .last()
            .map_or(Role::Block, |open| open.role);
        match &raw.sort {
            Sort::Line => {
                if self.boundary == Boundary::Nothing {
                    self.boundary = Boundary::Line;
                }
            }
            Sort::Row => self.row(raw, role),
            Sort::Align => self.align(raw, role),
            Sort::System => self.system = true,
            Sort::Begin(environment) => self.begin(*environment, raw, at + 1),
            Sort::End(environment) => self.end_environment(*environment, raw),
            Sort::Quad if role == Role::Block => return self.separator(at, raw),
            Sort::Quad => {}
            Sort::Remark(text) => self.remark(at, text, raw),
            Sort::Dot => self.statement.dot(raw.place),
            Sort::Wave if !self.statement.equals && shape::value_follows(self.raws, at + 1) => {
                self.token(Kind::Tilde, raw.place);
            }
            Sort::Wave | Sort::Bars(_) => {}
            Sort::Bad(_) if self.skipping => {}
            Sort::Bad(_) => {
                if let Some(message) = mistake(raw) {
                    // A command or a glyph that is not understood is one mistake, however often.
                    let said = self.diagnostics.list();
                    if !said.iter().any(|other| other.text == message.text) {
                        self.diagnostics.push(message.clone());
                    }
                    self.token(Kind::Bad, raw.place);
                }
            }
            Sort::Kind(_) | Sort::Letters(..) if role != Role::Block => self.value(raw),
            Sort::Kind(Kind::Comma | Kind::Semi) if self.statement.is_level() => {
                return self.separator(at, raw);
            }
            Sort::Kind(_) | Sort::Letters(..) => return self.piece(at, raw),
        }
        at + 1
    }

    fn value(&mut self, raw: &Raw) {
        match &raw.sort {
            Sort::Kind(kind) => self.token(kind.clone(), raw.place),
            Sort::Letters(text, _) => self.token(Kind::Word(text.clone()), raw.place),
            _ => {}
        }
    }

    pub(super) fn token(&mut self, kind: Kind, place: Place) {
        self.boundary = Boundary::Nothing;
        self.statement.push(kind, place, self.diagnostics);
    }

    /// A token outside of `cases` and vectors: perhaps the first of a statement.
    fn piece(&mut self, at: usize, raw: &Raw) -> usize {
        let boundary = std::mem::replace(&mut self.boundary, Boundary::Nothing);
        if boundary != Boundary::Nothing {
            let start = self.behind_bullet(at);
            let begins = shape::begins(self.raws, start)
                || ((boundary == Boundary::Row || self.statement.is_complete())
                    && shape::begins_loosely(self.raws, start));
            if begins {
                self.finish();
                self.skipping = false;
                self.value(&self.raws[start]);
                return start + 1;
            }
            self.skipping &= boundary == Boundary::Line && !raw.is_operator();
            let row = boundary == Boundary::Row || !self.latex;
            if row && !self.skipping && self.goes_on_without_sign(raw) {
                return self.unsigned_row(at);
            }
        }
        match self.condition_of(raw).filter(|_| !self.skipping) {
            Some(word) => self
                .diagnostics
                .push(diag::text_in_equation(raw.place, word)),
            None if self.skipping => {}
            None => self.value(raw),
        }
        at + 1
    }

    /// Whether a value begins a row although the one before it could end the equation.
    fn goes_on_without_sign(&self, raw: &Raw) -> bool {
        let value = raw.word().is_some() || raw.is(&Kind::Frac);
        value && self.statement.related && self.statement.is_complete()
    }

    /// Such a row: `c_t \text{: the memory}` is prose, anything else a mistake.
    fn unsigned_row(&mut self, at: usize) -> usize {
        let end = shape::name_end(self.raws, at).unwrap_or(at + 1);
        let remark = |raw: &Raw| matches!(raw.sort, Sort::Remark(_));
        if !self.raws.get(end).is_some_and(remark) {
            let place = self.raws[at].place;
            self.diagnostics.push(diag::row_without_sign(place));
        }
        self.skipping = true;
        end
    }

    /// A word that begins a condition outside of `cases`.
    fn condition_of<'r>(&self, raw: &'r Raw) -> Option<&'r str> {
        let word = raw
            .word()
            .filter(|word| ["if", "when", "unless", "otherwise"].contains(word))?;
        let marked = matches!(self.statement.last(), Some(Kind::Sub | Kind::Sup));
        (self.statement.related && self.statement.is_level() && !marked).then_some(word)
    }

    /// Behind `*`, `-`, `1.`, `(1)` before a statement.
    fn behind_bullet(&self, at: usize) -> usize {
        let is =
            |offset: usize, kind: Kind| self.raws.get(at + offset).is_some_and(|raw| raw.is(&kind));
        let number = |offset: usize| {
            matches!(
                self.raws.get(at + offset).and_then(Raw::kind),
                Some(Kind::Number(..))
            )
        };
        let dot = |offset: usize| {
            self.raws
                .get(at + offset)
                .is_some_and(|raw| matches!(raw.sort, Sort::Dot))
        };
        let open = is(0, Kind::Open(Bracket::Paren));
        let length = match () {
            () if is(0, Kind::Star) || is(0, Kind::Dot) || is(0, Kind::Minus) => 1,
            () if number(0) && (dot(1) || is(1, Kind::Close(Bracket::Paren))) => 2,
            () if open && number(1) && is(2, Kind::Close(Bracket::Paren)) => 3,
            () => return at,
        };
        if shape::begins(self.raws, at + length) {
            at + length
        } else {
            at
        }
    }

    /// `\quad`, `,` or `;` outside of all brackets.
    fn separator(&mut self, at: usize, raw: &Raw) -> usize {
        let next = self.behind_separators(at);
        let semi = raw.is(&Kind::Semi);
        let steps = shape::steps_end(self.raws, next);
        if let Some(end) = steps.filter(|_| !semi && self.statement.is_complete()) {
            return end;
        }
        if semi || (self.statement.related && shape::begins(self.raws, next)) {
            self.finish();
            self.boundary = Boundary::Row;
            self.skipping = false;
            return if semi { at + 1 } else { next };
        }
        if self.skipping {
            return at + 1;
        }
        if matches!(raw.sort, Sort::Quad) {
            if let Some(end) = self.behind_tag(at + 1) {
                return end;
            }
        } else if self.statement.related || !self.statement.is_empty() {
            let boundary = self.boundary;
            self.token(Kind::Comma, raw.place);
            self.boundary = boundary;
        }
        at + 1
    }

    /// Behind separators and remarks of one word.
    fn behind_separators(&self, at: usize) -> usize {
        let separates = |raw: &Raw| {
            matches!(
                raw.sort,
                Sort::Quad | Sort::Align | Sort::Remark(_) | Sort::Line
            ) || matches!(raw.kind(), Some(Kind::Comma | Kind::Semi))
        };
        let more = self.raws[at..].iter().take(MAX_SEPARATORS);
        at + more.take_while(|raw| separates(raw)).count()
    }

    /// Behind `(3)` or `(t = 1, …, T)` at the end of a row, where a wide space stands before it.
    fn behind_tag(&self, at: usize) -> Option<usize> {
        let raw = self.raws.get(at)?;
        if !raw.is(&Kind::Open(Bracket::Paren)) || !self.statement.is_complete() {
            return None;
        }
        let end = shape::group_end(self.raws, at, 40)?;
        let inside = &self.raws[at + 1..end - 1];
        let number = inside.len() == 1 && matches!(inside[0].kind(), Some(Kind::Number(..)));
        let condition = inside
            .iter()
            .any(|raw| raw.is_relation() || matches!(raw.kind(), Some(Kind::Range(_))));
        let last = self.raws.get(end).is_none_or(|raw| {
            matches!(raw.sort, Sort::Line | Sort::Dot) || raw.is_structure() || raw.is(&Kind::Comma)
        });
        ((number || condition) && last).then_some(end)
    }

    /// Prose of several words.
    fn remark(&mut self, at: usize, text: &str, raw: &Raw) {
        let role = self
            .environments
            .last()
            .map_or(Role::Block, |open| open.role);
        if role == Role::Cases {
            return self.condition(text, raw);
        }
        if !self.statement.is_level() {
            let alone = self.statement.last() == Some(&Kind::Open(Bracket::Paren))
                && self
                    .raws
                    .get(at + 1)
                    .is_some_and(|next| next.is(&Kind::Close(Bracket::Paren)));
            if !alone {
                return self
                    .diagnostics
                    .push(diag::text_in_equation(raw.place, text));
            }
            // The closing bracket goes with it.
            self.statement.pop();
            self.skipping = true;
            return;
        }
        if !self.statement.related {
            return;
        }
        if ["if ", "when ", "unless ", "otherwise", "else"]
            .iter()
            .any(|word| text.starts_with(word))
        {
            return self
                .diagnostics
                .push(diag::text_in_equation(raw.place, text));
        }
        self.statement.remark();
        let next = self.behind_separators(at);
        if shape::begins(self.raws, next) && !text.starts_with("for") {
            self.finish();
            self.boundary = Boundary::Row;
        } else {
            self.skipping = true;
        }
    }

    fn finish(&mut self) {
        self.statement.end(self.out);
    }

    fn end(&mut self) {
        self.finish();
        for open in std::mem::take(&mut self.environments) {
            self.diagnostics
                .push(diag::environment_pair(open.place, None));
        }
    }
}
