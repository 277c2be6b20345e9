//! Equations of one component: `z_t^j = \sigma(W_z x_t + U_z h_{t-1})^j`, `r_j = \sigma([W_r x]_j)`.
//!
//! Takes and gives pieces. A letter behind a bracket that left sides have as well picks the same
//! component everywhere: without it, the equations are those of whole vectors.

use super::known::Marks;
use super::raw::{Raw, Sort};
use super::shape;
use crate::read::{Bracket, Kind};

/// Leaves out the letter that picks a component.
pub(super) fn read(raws: Vec<Raw>) -> Vec<Raw> {
    let Some(letter) = component(&raws) else {
        return raws;
    };
    let is = |at: usize, kind: &Kind| raws.get(at).is_some_and(|raw| raw.is(kind));
    let mut out = Vec::new();
    let mut at = 0;
    while at < raws.len() {
        if let Some((_, end)) = mark(&raws, at).filter(|(own, _)| *own == letter) {
            at = end;
            continue;
        }
        // `_{t,j}`
        let listed = is(at, &Kind::Comma) && is(at + 2, &Kind::Close(Bracket::Brace));
        if listed && raws[at + 1].word() == Some(&letter) {
            at += 2;
            continue;
        }
        out.push(raws[at].clone());
        at += 1;
    }
    out
}

/// The letter behind brackets and in left sides that is no value by itself.
fn component(raws: &[Raw]) -> Option<String> {
    let brackets = |raw: &Raw| {
        matches!(
            raw.kind(),
            Some(Kind::Close(Bracket::Paren | Bracket::Square))
        )
    };
    let behind = (1..raws.len()).filter(|at| brackets(&raws[at - 1]));
    let mut letters = behind.filter_map(|at| mark(raws, at).map(|(letter, _)| letter));
    let found = letters.find(|letter| picks(raws, letter) && !is_value(raws, letter))?;
    Some(found.to_owned())
}

/// The one letter of a mark, and the position behind the mark.
fn mark(raws: &[Raw], at: usize) -> Option<(&str, usize)> {
    let braced = raws.get(at + 1)?.is(&Kind::Open(Bracket::Brace));
    let inner = at + 1 + usize::from(braced);
    let letter = raws.get(inner)?.word()?;
    let small = letter.len() == 1 && letter.starts_with(|c: char| c.is_ascii_lowercase());
    let closes = !braced || raws.get(inner + 1)?.is(&Kind::Close(Bracket::Brace));
    let one = raws[at].is_mark() && small && closes && letter != "t";
    one.then_some((letter, inner + 1 + usize::from(braced)))
}

/// Whether a left side has the letter as a mark.
fn picks(raws: &[Raw], letter: &str) -> bool {
    let begins = (0..raws.len()).filter(|&at| raws[at].word().is_some() && shape::begins(raws, at));
    begins
        .filter_map(|at| Some(at..shape::name_end(raws, at)?))
        .any(|mut name| {
            name.any(|at| {
                let listed = raws[at].is(&Kind::Comma) && raws[at + 1].word() == Some(letter);
                listed || mark(raws, at).is_some_and(|(own, _)| own == letter)
            })
        })
}

fn is_value(raws: &[Raw], letter: &str) -> bool {
    let mut marks = Marks::default();
    let word = |raw: &Raw| matches!(raw.sort, Sort::Letters(..)) && raw.word() == Some(letter);
    raws.iter().any(|raw| !marks.step(raw) && word(raw))
}
