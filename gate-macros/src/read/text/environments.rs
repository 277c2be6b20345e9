//! Environments within rows: `cases`, vectors one above the other, and those that only lay out.

use super::glyphs::Environment;
use super::raw::{Raw, Sort};
use super::rows::{Boundary, Open, Role, Rows};
use crate::diag;
use crate::read::{Bracket, Kind};

/// A column of names is not longer than so many pieces.
const MAX_COLUMN: usize = 500;

impl Rows<'_> {
    /// `\text{if }`, `\text{otherwise}` in `cases`.
    pub(super) fn condition(&mut self, text: &str, raw: &Raw) {
        let first = text.split_whitespace().next().unwrap_or_default();
        let word = match first.trim_matches(|c: char| !c.is_alphanumeric()) {
            "if" | "for" | "when" | "where" => "if",
            "otherwise" | "else" => "otherwise",
            _ => {
                return self
                    .diagnostics
                    .push(diag::text_in_equation(raw.place, text));
            }
        };
        self.token(Kind::Word(word.to_owned()), raw.place);
    }

    pub(super) fn row(&mut self, raw: &Raw, role: Role) {
        self.skipping = false;
        match role {
            Role::Block => self.boundary = Boundary::Row,
            Role::Cases => self.token(Kind::Row, raw.place),
            Role::List | Role::Vector => {
                self.mark_environment(|open| open.parted = true);
                self.token(Kind::Comma, raw.place);
            }
        }
    }

    pub(super) fn align(&mut self, raw: &Raw, role: Role) {
        match role {
            Role::Block => {}
            Role::Cases => self.token(Kind::Align, raw.place),
            Role::List | Role::Vector => {
                self.mark_environment(|open| open.aligned = true);
                self.token(Kind::Comma, raw.place);
            }
        }
    }

    fn mark_environment(&mut self, change: impl FnOnce(&mut Open)) {
        if let Some(open) = self.environments.last_mut() {
            change(open);
            if open.aligned && open.parted {
                let place = open.place;
                open.aligned = false;
                self.diagnostics.push(diag::mixed_separators(place));
            }
        }
    }

    /// `at`: behind the beginning.
    pub(super) fn begin(&mut self, environment: Environment, raw: &Raw, at: usize) {
        let system = std::mem::take(&mut self.system);
        let in_formula = self.statement.related && !self.statement.is_empty();
        let round = self.statement.last() == Some(&Kind::Open(Bracket::Paren));
        let square = self.statement.last() == Some(&Kind::Open(Bracket::Square));
        let column = (round || square) && (in_formula || self.holds_no_relation(at));
        let role = match environment {
            Environment::Cases if in_formula => Role::Cases,
            Environment::Rows if in_formula && system => Role::Cases,
            Environment::Rows if column && round => Role::Vector,
            Environment::Rows if column => Role::List,
            Environment::Matrix if square => Role::List,
            Environment::Matrix => Role::Vector,
            Environment::Cases | Environment::Rows => Role::Block,
        };
        match role {
            Role::Block => self.boundary = Boundary::Row,
            Role::Cases => self.token(Kind::CasesBegin, raw.place),
            Role::List => {}
            Role::Vector => self.token(Kind::Open(Bracket::Square), raw.place),
        }
        let place = raw.place;
        self.environments.push(Open {
            environment,
            role,
            place,
            aligned: false,
            parted: false,
        });
    }

    /// Whether no `=` stands between a position and the end of the environment around it.
    fn holds_no_relation(&self, at: usize) -> bool {
        let ends = |raw: &&Raw| !matches!(raw.sort, Sort::End(_));
        let mut inside = self.raws[at..].iter().take(MAX_COLUMN).take_while(ends);
        !inside.any(Raw::is_relation)
    }

    pub(super) fn end_environment(&mut self, environment: Environment, raw: &Raw) {
        self.skipping = false;
        let Some(open) = self.environments.pop() else {
            return self
                .diagnostics
                .push(diag::environment_pair(raw.place, None));
        };
        if open.environment != environment {
            self.diagnostics
                .push(diag::environment_pair(raw.place, Some(open.place)));
        }
        match open.role {
            Role::Block => self.boundary = Boundary::Row,
            Role::Cases => self.token(Kind::CasesEnd, raw.place),
            Role::List | Role::Vector => {
                if self.statement.last() == Some(&Kind::Comma) {
                    self.statement.pop();
                }
                if open.role == Role::Vector {
                    self.token(Kind::Close(Bracket::Square), raw.place);
                }
            }
        }
    }
}
