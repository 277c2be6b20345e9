//! Places and diagnostics, shared by every stage.
//!
//! Takes: nothing. Gives: [`Place`] (where a token stands), [`Diagnostic`] (one message with
//! the places it is about) and [`Diagnostics`] (the collector that each stage appends to).
//! A stage never stops at the first mistake: it reports, recovers, and the driver asks
//! [`Diagnostics::any`] at the end of the stage.

mod messages;
mod picture;
mod place;
#[cfg(test)]
mod tests;

pub(crate) use messages::*;
pub(crate) use place::Place;

/// How much a message weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// The definition means nothing.
    Error,
    /// It means something that nobody wants: the compiler shows it.
    Warning,
    /// Worth knowing; a sound cell of the literature may have it. Stands in the documentation of
    /// the type and in `INFO.notes`.
    Note,
}

/// One message. Its constructors stand in the `messages` table.
#[derive(Clone, Debug)]
pub(crate) struct Diagnostic {
    /// The word that names the kind of mistake; a compile test of that name shows it.
    #[cfg_attr(not(test), allow(dead_code))]
    pub(crate) code: &'static str,
    pub(crate) level: Level,
    /// What went wrong and what to do, in one or more lines.
    pub(crate) text: String,
    /// The place that the message is about.
    pub(crate) place: Place,
    /// Further places, each with its own short text ("first defined here").
    pub(crate) others: Vec<(Place, String)>,
}

impl Diagnostic {
    /// The same as a warning; in text and in another cell, whose author is another, as a note.
    pub(crate) fn warning(mut self) -> Diagnostic {
        self.level = match (self.place.line, self.place.layer) {
            (0, 0) => Level::Warning,
            _ => Level::Note,
        };
        self
    }

    /// The same as a note.
    pub(crate) fn note(mut self) -> Diagnostic {
        self.level = Level::Note;
        self
    }

    /// The text on one line.
    pub(crate) fn sentence(&self) -> String {
        self.text.replace("\nhelp: ", ": ").replace('\n', " ")
    }
}

/// A number of things: `one part`, `3 parts`.
fn counted(count: impl TryInto<u64>, noun: &str) -> String {
    match count.try_into() {
        Ok(1) => format!("one {noun}"),
        count => format!("{} {noun}s", count.unwrap_or(u64::MAX)),
    }
}

/// The messages of one definition, in the order in which they were found.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    /// The errors.
    list: Vec<Diagnostic>,
    /// Warnings and notes.
    notes: Vec<Diagnostic>,
    /// The definition at hand, then those that it refers to.
    layers: Vec<Layer>,
}

/// A definition that places can stand in.
#[derive(Debug, Default)]
struct Layer {
    /// The lines of a text definition, for drawing carets; empty for token definitions.
    lines: Vec<String>,
    /// Where the definition at hand refers to this one, and what to say there.
    reference: Option<(Place, String)>,
}

impl Diagnostics {
    /// A collector for a text of these lines.
    #[cfg(test)]
    pub(crate) fn new(lines: Vec<String>) -> Diagnostics {
        Diagnostics {
            layers: vec![Layer {
                lines,
                reference: None,
            }],
            ..Diagnostics::default()
        }
    }

    /// The lines of the definition at hand.
    pub(crate) fn set_lines(&mut self, lines: Vec<String>) {
        if self.layers.is_empty() {
            self.layers.push(Layer::default());
        }
        self.layers[0].lines = lines;
    }

    /// Notes that places may stand in another definition, which the one at hand refers to at
    /// `place`; gives its number.
    pub(crate) fn add_layer(&mut self, lines: Vec<String>, place: Place, text: String) -> u16 {
        if self.layers.is_empty() {
            self.layers.push(Layer::default());
        }
        let reference = Some((place, text));
        self.layers.push(Layer { lines, reference });
        u16::try_from(self.layers.len() - 1).unwrap_or(u16::MAX)
    }

    /// Adds a message, unless it was said already.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let head = diagnostic.text.lines().next();
        let said = |d: &Diagnostic| d.text.lines().next() == head && d.place.is(&diagnostic.place);
        // The same comes up soon again, if it does.
        if self.list.iter().rev().take(50).any(said) {
            return;
        }
        match diagnostic.level {
            Level::Error => self.list.push(diagnostic),
            Level::Warning | Level::Note => self.notes.push(diagnostic),
        }
    }

    /// Whether an error was reported so far.
    pub(crate) fn any(&self) -> bool {
        !self.list.is_empty()
    }

    /// The code words of all messages.
    #[cfg(test)]
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        let all = self.list.iter().chain(&self.notes);
        all.map(|d| d.code).collect()
    }

    /// The warnings and notes found so far.
    pub(crate) fn notes(&self) -> &[Diagnostic] {
        &self.notes
    }

    /// The errors found so far.
    pub(crate) fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Every error with its place, pictures drawn, further places as messages of their own.
    pub(crate) fn render(&self) -> Vec<(Place, String)> {
        let mut out = Vec::new();
        for d in &self.list {
            let head = (d.place, d.text.clone());
            let places = std::iter::once(head).chain(d.others.iter().cloned());
            // A mistake that only shows in another definition is this one's all the same.
            let foreign = d.place.layer != 0 && d.others.iter().all(|(p, _)| p.layer != 0);
            let reference = self.layer(d.place).and_then(|l| l.reference.clone());
            for (place, text) in places.chain(reference.filter(|_| foreign)) {
                let lines = self.layer(place).map_or(&[][..], |layer| &layer.lines);
                out.push((place, picture::with_picture(&text, place, lines)));
            }
        }
        out
    }

    fn layer(&self, place: Place) -> Option<&Layer> {
        self.layers.get(usize::from(place.layer))
    }
}
