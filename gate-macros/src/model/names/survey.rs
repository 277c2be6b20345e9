//! What the marks of names say about time, before it is known which letter counts the steps.

use crate::read::Kind;
use crate::syntax::{Name, Position};

use super::indices::{given, offset, split};

/// What the marks of a definition say about time.
#[derive(Default)]
pub(super) struct Survey {
    /// The letter, found in a subscript or an index.
    pub(super) low: Option<String>,
    /// Whether `t-1` stands in a superscript.
    pub(super) high: bool,
    /// Whether that is `(t-1)`, which is no power.
    pub(super) bracketed: bool,
    /// Whether `(t)` or `(t-1)` stands in a superscript.
    pub(super) above: bool,
    /// Whether `t-1` stands below as well.
    pub(super) steps: bool,
    sure: bool,
}

impl Survey {
    /// Learns from a name.
    pub(super) fn name(&mut self, name: &Name) {
        for mark in &name.marks {
            let halves = split(&mark.tokens).flat_map(|tokens| match given(tokens) {
                Some((value, known)) => vec![value, known],
                None => vec![tokens],
            });
            for tokens in halves {
                let Some((letter, _, delay)) = offset(tokens) else {
                    continue;
                };
                let low = mark.position != Position::Sup;
                self.above |= letter == "t" && !low && mark.bracketed;
                if letter == "t" && low {
                    self.low = Some("t".to_owned());
                    self.sure = true;
                    self.steps |= delay.is_some();
                } else if low && !self.sure && self.low.is_none() {
                    let index = mark.position == Position::Index;
                    let counts = matches!(delay, Some(Kind::Number(..))) || index;
                    self.low = counts.then(|| letter.to_owned());
                } else if letter == "t" && delay.is_some() {
                    self.high = true;
                    self.bracketed |= mark.bracketed;
                }
            }
        }
    }
}
