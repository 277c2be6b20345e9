//! How messages are made.

use std::fmt::Display;

use crate::diag::{Diagnostic, Level, Place};

/// A message about one place.
pub(super) fn message(
    code: &'static str,
    place: Place,
    what: impl Display,
    help: &str,
) -> Diagnostic {
    Diagnostic {
        code,
        level: Level::Error,
        text: format!("{what}\nhelp: {help}"),
        place,
        others: Vec::new(),
    }
}

impl Diagnostic {
    /// The same with a further place.
    pub(super) fn and(mut self, place: Place, text: &str) -> Diagnostic {
        self.others.push((place, text.to_owned()));
        self
    }
}

/// "did you mean `name`?", or something else to do.
pub(super) fn meant(near: Option<&str>, otherwise: &str) -> String {
    near.map_or(otherwise.to_owned(), |near| {
        format!("did you mean `{near}`? Else {otherwise}")
    })
}
