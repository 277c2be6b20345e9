//! Names: what is time, what is part of the name, and what may be a power.

use crate::diag::{self, Diagnostics, Place};
use crate::read::{Kind, Token};
use crate::syntax::{Expr, Mark, Name, Position};

use super::clock::{Clock, Part};

/// A name as declarations write that of a size: `H`, `d_x`.
pub(in crate::model) fn size_name(
    base: &str,
    marks: impl Iterator<Item: std::fmt::Display>,
) -> String {
    marks.fold(base.to_owned(), |name, mark| format!("{name}_{mark}"))
}

/// What tells one symbol from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::model) struct Key {
    pub(in crate::model) base: String,
    pub(in crate::model) subs: Vec<String>,
    pub(in crate::model) sups: Vec<String>,
    pub(in crate::model) primes: u32,
    /// Told from a symbol of the same name without a time index: `Δt_t` beside `Δt`.
    pub(super) timed: bool,
}

/// A name with its time index taken off; superscripts are still open.
#[derive(Clone, Debug)]
pub(in crate::model) struct Written<'a> {
    /// Base and subscripts; no superscripts.
    pub(in crate::model) stem: Key,
    pub(in crate::model) sups: Vec<Sup<'a>>,
    /// Steps from now, as written.
    pub(in crate::model) time: Option<i64>,
    /// How many labels below stand behind the time index: one in `h_t_1`.
    pub(in crate::model) behind: usize,
    pub(in crate::model) place: Place,
    pub(in crate::model) fault: Option<Fault>,
}

/// A superscript.
#[derive(Clone, Debug)]
pub(in crate::model) struct Sup<'a> {
    pub(in crate::model) text: String,
    /// `^T`, `^⊤`
    pub(in crate::model) transpose: bool,
    /// A single word or number in brackets, which is a label whatever it is on.
    pub(in crate::model) label: bool,
    pub(in crate::model) expr: Option<&'a Expr>,
}

/// What is wrong with a time index.
#[derive(Clone, Debug)]
pub(in crate::model) enum Fault {
    Two,
    Delay(String, bool),
    Count(String),
    Letter(String),
    Form(String),
}

impl Key {
    /// The same with one more superscript.
    pub(in crate::model) fn with(&self, label: &str) -> Key {
        let mut key = self.clone();
        key.sups.push(label.to_owned());
        key
    }

    /// As a person would write it on one line: `W_x^(f)`.
    pub(in crate::model) fn printed(&self) -> String {
        let mut out = self.base.clone();
        out.extend((0..self.primes).map(|_| '\''));
        self.subs
            .iter()
            .for_each(|sub| out.push_str(&subscript(sub)));
        self.sups
            .iter()
            .for_each(|sup| out.push_str(&format!("^({sup})")));
        out
    }

    /// Whether two keys are the same but for one label, a number in both.
    pub(in crate::model) fn differs_in_number(&self, other: &Key) -> bool {
        let number = |label: &str| label.bytes().all(|b| b.is_ascii_digit());
        let marks = |key: &Key| [key.subs.clone(), key.sups.clone()];
        let pairs = marks(self).into_iter().zip(marks(other));
        let mut count = 0;
        for (mine, theirs) in pairs {
            if mine.len() != theirs.len() {
                return false;
            }
            for (a, b) in mine.iter().zip(&theirs).filter(|(a, b)| a != b) {
                count += if number(a) && number(b) { 1 } else { 2 };
            }
        }
        count == 1 && self.base == other.base && self.primes == other.primes
    }

    /// A name of a base alone.
    pub(in crate::model) fn is_bare(&self) -> bool {
        self.subs.is_empty() && self.sups.is_empty() && self.primes == 0
    }

    /// `h_0` of `h`.
    pub(in crate::model) fn at_start(&self) -> Key {
        let mut key = self.clone();
        key.subs.push("0".to_owned());
        key
    }

    /// `h` of `h_0`.
    pub(in crate::model) fn without_zero(&self) -> Option<Key> {
        let mut key = self.clone();
        (key.subs.pop()? == "0").then_some(key)
    }
}

/// A subscript as text.
pub(super) fn subscript(label: &str) -> String {
    match label.chars().all(char::is_alphanumeric) {
        true => format!("_{label}"),
        false => format!("_{{{label}}}"),
    }
}

impl<'a> Written<'a> {
    /// Takes a name apart.
    pub(in crate::model) fn of(name: &'a Name, clock: &Clock) -> Written<'a> {
        let stem = Key {
            base: name.base.clone(),
            subs: Vec::new(),
            sups: Vec::new(),
            primes: name.primes,
            timed: false,
        };
        let mut written = Written {
            stem,
            sups: Vec::new(),
            time: None,
            behind: 0,
            place: name.place,
            fault: None,
        };
        for mark in &name.marks {
            written.mark(mark, clock);
        }
        written.stem.timed = written.time.is_some() && clock.is_twofold(&name.base);
        written
    }

    fn mark(&mut self, mark: &'a Mark, clock: &Clock) {
        let mut labels = Vec::new();
        let behind = self.time.is_some() && mark.position == Position::Sub;
        for part in clock.parts(&self.stem.base, mark) {
            match part {
                Part::Time(_) if self.time.is_some() => self.fault = Some(Fault::Two),
                Part::Time(offset) => self.time = Some(offset),
                Part::Label(label) if mark.position == Position::Index && label != "0" => {
                    self.fault = Some(Fault::Letter(label));
                }
                Part::Label(label) => labels.push(label),
                Part::BadDelay(delay, ahead) => {
                    self.fault = Some(Fault::Delay(delay, ahead));
                    self.time = Some(-1);
                }
                Part::BadCount(delay) => {
                    self.fault = Some(Fault::Count(delay));
                    self.time = Some(-1);
                }
                Part::BadLetter(letter) => self.fault = Some(Fault::Letter(letter)),
                Part::BadForm(index) => {
                    self.fault = Some(Fault::Form(index));
                    self.time = Some(-1);
                }
            }
        }
        match (mark.position, labels.is_empty()) {
            (_, true) => {}
            (Position::Sup, _) if clock.is_start(&self.stem.base, mark) => {
                self.stem.subs.push("0".to_owned());
            }
            (Position::Sup, _) => self.sup(mark, clock),
            (Position::Sub | Position::Index, _) => {
                self.behind += usize::from(behind);
                self.stem.subs.push(labels.join(","));
            }
        }
    }

    fn sup(&mut self, mark: &'a Mark, clock: &Clock) {
        let tokens = &mark.tokens[..];
        let word_t = matches!(tokens, [Token { kind: Kind::Word(word), .. }] if word == "T");
        let (labels, turned) = match tokens {
            _ if word_t && !mark.bracketed => (&tokens[..0], true),
            [
                labels @ ..,
                Token {
                    kind: Kind::Transpose,
                    ..
                },
            ] => (labels, true),
            _ => (tokens, false),
        };
        let label = mark.bracketed && labels.len() == 1;
        let expr = mark.expr.as_deref().filter(|_| !turned);
        let plain = Sup {
            text: clock.label(labels),
            transpose: false,
            label,
            expr,
        };
        if !labels.is_empty() {
            self.sups.push(plain);
        }
        if turned {
            self.sups.push(Sup {
                text: "T".to_owned(),
                transpose: true,
                label: false,
                expr: None,
            });
        }
    }

    /// Whether a label above it, without brackets, reads like a transpose: `U^t`, `W^†`, `W^H`.
    pub(in crate::model) fn has_odd_label(&self) -> bool {
        let odd = |sup: &Sup| matches!(sup.text.as_str(), "t" | "†" | "H" | "*");
        let last = self.sups.last();
        last.is_some_and(|sup| !sup.transpose && !sup.label && odd(sup))
    }

    /// The key if every superscript is a label.
    pub(in crate::model) fn labelled(&self) -> Key {
        let mut key = self.stem.clone();
        key.sups = self
            .sups
            .iter()
            .filter(|s| !s.transpose)
            .map(|s| s.text.clone())
            .collect();
        key
    }

    /// Reports what is wrong with the time index.
    pub(in crate::model) fn report(&self, clock: &Clock, diagnostics: &mut Diagnostics) {
        let name = self.stem.printed();
        let letter = clock.letter.as_deref().unwrap_or("t");
        match &self.fault {
            None => {}
            Some(Fault::Two) => diagnostics.push(diag::two_time_indices(self.place, &name)),
            Some(Fault::Delay(delay, ahead)) => {
                let message = diag::delay_not_number(self.place, &name, letter, delay, *ahead);
                // Once for each symbol and delay.
                if !diagnostics
                    .list()
                    .iter()
                    .any(|other| other.text == message.text)
                {
                    diagnostics.push(message);
                }
            }
            Some(Fault::Count(delay)) => {
                diagnostics.push(diag::delay_no_count(self.place, &name, letter, delay));
            }
            Some(Fault::Letter(found)) => {
                diagnostics.push(diag::index_letter(self.place, &name, found, letter));
            }
            Some(Fault::Form(index)) => {
                diagnostics.push(diag::index_form(self.place, &name, index, letter));
            }
        }
    }
}
