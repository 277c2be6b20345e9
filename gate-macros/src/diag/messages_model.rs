//! The messages of the stage model: one constructor for each kind of mistake, named like its
//! code word. Names come without backquotes, places first.

mod cells;
mod definitions;
mod functions;
mod kinds;
mod notes;
mod parts;
mod printed;
mod readings;
mod roles;
mod scope;

pub(crate) use cells::*;
pub(crate) use definitions::*;
pub(crate) use functions::*;
pub(crate) use kinds::*;
pub(crate) use notes::*;
pub(crate) use parts::*;
pub(crate) use printed::*;
pub(crate) use readings::*;
pub(crate) use roles::*;
pub(crate) use scope::*;

use super::{Diagnostic, Level, Place};

/// A message about one place.
fn message(code: &'static str, place: Place, what: String, help: &str) -> Diagnostic {
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
    fn and(mut self, place: Place, text: &str) -> Diagnostic {
        self.others.push((place, text.to_owned()));
        self
    }
}

/// "did you mean `name`?", or something else to do.
fn meant(near: Option<&str>, otherwise: &str) -> String {
    near.map_or(otherwise.to_owned(), |near| {
        format!("did you mean `{near}`? Else {otherwise}")
    })
}
