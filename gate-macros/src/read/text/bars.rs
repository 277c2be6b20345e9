//! Double bars: `\|x\|` is a norm, `[x \| h]` two values side by side.
//!
//! Takes and gives pieces. A bar between two values parts them, unless a second one closes it.

use super::raw::{Raw, Sort, Style, closes, opens};
use crate::read::{Bracket, Kind};

/// Replaces the double bars of a block.
pub(super) fn read(raws: Vec<Raw>) -> Vec<Raw> {
    if !raws.iter().any(|raw| matches!(raw.sort, Sort::Bars(_))) {
        return raws;
    }
    let mut bars = Bars {
        means: vec![Means::Itself; raws.len()],
        raws: &raws,
    };
    bars.find();
    let means = bars.means;
    let mut out = Vec::new();
    for (raw, means) in raws.into_iter().zip(means) {
        let place = raw.place;
        let piece = |sort: Sort| Raw::new(sort, place);
        match means {
            Means::Itself => out.push(raw),
            Means::Opens => {
                let word = Sort::Letters("norm".to_owned(), Style::Word);
                out.push(Raw { sort: word, ..raw });
                out.push(piece(opens(Bracket::Paren)));
            }
            Means::Closes => out.push(piece(closes(Bracket::Paren))),
            Means::Parts => out.push(piece(Sort::Kind(Kind::Comma))),
            Means::OpensList => {
                out.push(raw);
                out.push(piece(opens(Bracket::Square)));
            }
            Means::ClosesList => {
                out.push(piece(closes(Bracket::Square)));
                out.push(raw);
            }
        }
    }
    out
}

/// What a piece becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Means {
    Itself,
    Opens,
    Closes,
    /// A comma between values side by side.
    Parts,
    /// A round bracket around values side by side.
    OpensList,
    ClosesList,
}

struct Bars<'a> {
    raws: &'a [Raw],
    means: Vec<Means>,
}

impl Bars<'_> {
    fn find(&mut self) {
        // For each open bracket its position and the bars right in it.
        let mut groups: Vec<(Option<usize>, Vec<usize>)> = vec![(None, Vec::new())];
        for (at, raw) in self.raws.iter().enumerate() {
            if raw.is_structure() {
                for (open, bars) in std::mem::replace(&mut groups, vec![(None, Vec::new())]) {
                    self.settle(open, &bars, at);
                }
            } else if raw.is_open() {
                groups.push((Some(at), Vec::new()));
            } else if raw.is_close() && groups.len() > 1 {
                let (open, bars) = groups.pop().unwrap_or_default();
                self.settle(open, &bars, at);
            } else if let (Sort::Bars(_), Some((_, bars))) = (&raw.sort, groups.last_mut()) {
                bars.push(at);
            }
        }
        for (open, bars) in groups {
            self.settle(open, &bars, self.raws.len());
        }
    }

    /// The bars of one bracket, which closes at `end`.
    fn settle(&mut self, open: Option<usize>, bars: &[usize], end: usize) {
        let square = open.is_some_and(|at| self.raws[at].is(&Kind::Open(Bracket::Square)));
        let between = bars.iter().all(|&at| self.is_between(at));
        if between && (square || bars.len() % 2 == 1) {
            bars.iter().for_each(|&at| self.means[at] = Means::Parts);
            let round = open.filter(|_| !square && end < self.raws.len());
            if let Some(open) = round.filter(|_| !bars.is_empty()) {
                self.means[open] = Means::OpensList;
                self.means[end] = Means::ClosesList;
            }
            return;
        }
        let mut inside = false;
        for &at in bars {
            let opens = match self.raws[at].sort {
                Sort::Bars(Some(opens)) => opens,
                _ => !inside,
            };
            inside = opens;
            self.means[at] = if opens { Means::Opens } else { Means::Closes };
        }
    }

    /// Whether a bar of no known side stands between two values.
    fn is_between(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|before| &self.raws[before]);
        let ends = |raw: &Raw| {
            let marked = matches!(raw.kind(), Some(Kind::Prime(_) | Kind::Transpose));
            raw.word().is_some() || raw.is_close() || marked || is_number(raw)
        };
        let begins = |raw: &Raw| {
            raw.word().is_some() || raw.is_open() || raw.is(&Kind::Frac) || is_number(raw)
        };
        matches!(self.raws[at].sort, Sort::Bars(None))
            && before.is_some_and(ends)
            && self.raws.get(at + 1).is_some_and(begins)
    }
}

fn is_number(raw: &Raw) -> bool {
    matches!(raw.kind(), Some(Kind::Number(..)))
}
