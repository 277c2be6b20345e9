//! The shape of pieces: where a name ends, where a statement begins.

use super::raw::{Raw, Sort};
use crate::read::{Bracket, Kind};

/// Left sides are not longer than so many pieces.
const MAX_LEFT: usize = 80;

/// Behind the group that opens at a position, within so many pieces.
pub(super) fn group_end(raws: &[Raw], open: usize, most: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, raw) in raws.iter().enumerate().skip(open).take(most) {
        if raw.is_open() {
            depth += 1;
        } else if raw.is_close() {
            depth = depth.checked_sub(1)?;
        } else if raw.is_structure() {
            return None;
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// Behind the name at a position: a word, possibly in braces, with its marks, arguments and time
/// index.
pub(super) fn name_end(raws: &[Raw], start: usize) -> Option<usize> {
    let first = raws.get(start)?;
    let mut at = match first.word() {
        Some(_) => start + 1,
        None if first.is(&Kind::Open(Bracket::Brace)) => {
            let inner = (start..raws.len())
                .take(MAX_LEFT)
                .find(|&at| !raws[at].is_open())?;
            raws[inner].word()?;
            group_end(raws, start, MAX_LEFT)?
        }
        None => return None,
    };
    while let Some(raw) = raws.get(at) {
        at = match raw.kind() {
            Some(Kind::Sub | Kind::Sup) => match raws.get(at + 1)? {
                open if open.is_open() => group_end(raws, at + 1, MAX_LEFT)?,
                other if matches!(other.sort, Sort::Kind(_) | Sort::Letters(..)) => at + 2,
                _ => return None,
            },
            Some(Kind::Prime(_)) => at + 1,
            Some(Kind::Open(Bracket::Paren | Bracket::Square)) => group_end(raws, at, MAX_LEFT)?,
            _ => break,
        };
    }
    Some(at)
}

/// Behind `&`s and line ends before a `&` or a relation.
fn before_relation(raws: &[Raw], mut at: usize) -> usize {
    let mut line = None;
    while let Some(raw) = raws.get(at) {
        match raw.sort {
            Sort::Align => line = None,
            Sort::Line if line.is_none() => line = Some(at),
            _ => break,
        }
        at += 1;
    }
    match line {
        Some(line) if !raws.get(at).is_some_and(Raw::is_relation) => line,
        _ => at,
    }
}

/// Where the name stands of a statement that begins here: behind `\log`, in `\log a_t = …`.
pub(super) fn left(raws: &[Raw], start: usize) -> usize {
    let log = matches!(raws.get(start).and_then(Raw::word), Some("log" | "ln"));
    let behind = start + 1;
    let name = raws.get(behind).is_some_and(|raw| raw.word().is_some());
    if log && name { behind } else { start }
}

/// Whether a statement begins here for sure: a name, or several with commas between, and then
/// `=`, `∈`, `~` or the `:` of a declaration.
pub(super) fn begins(raws: &[Raw], start: usize) -> bool {
    let mut at = left(raws, start);
    let mut several = false;
    while at < start + MAX_LEFT {
        let Some(end) = name_end(raws, at) else {
            return false;
        };
        let relation = before_relation(raws, end);
        let Some(raw) = raws.get(relation) else {
            return false;
        };
        match raw.kind() {
            Some(Kind::Equals) => return !several || raws.get(end).is_some(),
            Some(Kind::In | Kind::Tilde) => return true,
            Some(Kind::Colon) => return declares(raws, relation + 1),
            Some(Kind::Comma) => {
                several = true;
                at = relation + 1;
            }
            _ if matches!(raw.sort, Sort::Wave) => return value_follows(raws, relation + 1),
            _ => return false,
        }
    }
    false
}

/// Behind what only says which steps an equation is for: `t \ge 1`, `t \in \{1, \dots, T\}`.
pub(super) fn steps_end(raws: &[Raw], start: usize) -> Option<usize> {
    let compares = |at: usize| {
        let kind = raws.get(at).and_then(Raw::kind);
        matches!(
            kind,
            Some(Kind::Greater | Kind::GreaterEq | Kind::Less | Kind::LessEq)
        )
    };
    let number = matches!(raws.get(start)?.kind(), Some(Kind::Number(..)));
    let letter = start + 2 * usize::from(number && compares(start + 1));
    let word = raws.get(letter)?.word()?;
    let set = raws.get(letter + 1)?.is(&Kind::In) && !in_reals(raws.get(letter + 2)?);
    if !(set || compares(letter + 1)) || !is_index(raws, word) {
        return None;
    }
    for (at, raw) in raws.iter().enumerate().skip(letter + 2).take(MAX_LEFT) {
        let layout = matches!(raw.sort, Sort::Line | Sort::Quad | Sort::Align);
        let next = raw.is(&Kind::Comma) && begins(raws, at + 1);
        if layout || next || raw.is(&Kind::Semi) || raw.is_structure() {
            return Some(at);
        }
        if raw.is_relation() {
            return None;
        }
    }
    (raws.len() <= letter + 2 + MAX_LEFT).then_some(raws.len())
}

fn in_reals(raw: &Raw) -> bool {
    matches!(raw.word(), Some("ℝ" | "R"))
}

/// Whether a letter counts steps somewhere: `x_t`, `x_{t-1}`, `x(t)`.
fn is_index(raws: &[Raw], letter: &str) -> bool {
    let small = letter.len() == 1 && letter.starts_with(|c: char| c.is_ascii_lowercase());
    let ends = |raw: &Raw| raw.is_close() || raw.is(&Kind::Minus) || raw.is(&Kind::Plus);
    small
        && raws.windows(4).any(|four| {
            let is = |at: usize| four[at].word() == Some(letter);
            let mark = four[0].is_mark() && (is(1) || (four[1].is_open() && is(2)));
            let applied = four[0].word().is_some() && four[1].is_open() && is(2);
            mark || applied && ends(&four[3]) && !four[1].gap
        })
}

/// `[`, `scalar`, `hyper` or `ℝ` behind a colon.
fn declares(raws: &[Raw], at: usize) -> bool {
    let Some(raw) = raws.get(at) else {
        return false;
    };
    raw.is(&Kind::Open(Bracket::Square))
        || raw
            .word()
            .is_some_and(|word| matches!(word, "scalar" | "hyper" | "ℝ" | "R"))
}

/// A number or an initialiser: what stands behind the `~` of a declaration.
pub(super) fn value_follows(raws: &[Raw], at: usize) -> bool {
    match raws.get(at) {
        Some(raw) => match raw.kind() {
            Some(Kind::Number(..)) => true,
            Some(Kind::Minus) => raws
                .get(at + 1)
                .is_some_and(|next| matches!(next.kind(), Some(Kind::Number(..)))),
            _ => raw
                .word()
                .is_some_and(|word| crate::functions::INITIALISERS.contains(&word)),
        },
        None => false,
    }
}

/// Whether a relation follows before any operator and before the line ends: a left side, though
/// perhaps no name.
pub(super) fn begins_loosely(raws: &[Raw], start: usize) -> bool {
    let mut depth = 0usize;
    if raws.get(start).is_some_and(Raw::is_relation) {
        return false;
    }
    for raw in raws.iter().skip(start).take(MAX_LEFT) {
        if raw.is_open() {
            depth += 1;
        } else if raw.is_close() {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            }
        } else if depth == 0 {
            if raw.is_relation() {
                return true;
            }
            let end = matches!(
                raw.sort,
                Sort::Line | Sort::Quad | Sort::Remark(_) | Sort::System
            );
            if end || raw.is_operator() || raw.is_structure() {
                return false;
            }
        }
    }
    false
}
