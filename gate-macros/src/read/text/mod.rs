//! The text front end: documentation text to the tokens of both front ends.
//!
//! Takes: the lines of documentation. Gives: tokens in which each equation and each declaration
//! ends with a [`Kind::Semi`]. The steps, each a file or two: `markdown`, `equations` (where the
//! equations stand) → `latex`, `letters`, `groups`, `commands`, `series`, with the tables `glyphs` and `accents` (characters to
//! pieces) → `bars` (norms and lists) → `prose` (what no equation is) → `indicator`, `components`
//! (whole vectors) → `words`, `glued` (which letters are one name) → `rows`, `statement` (pieces to statements).
//! Nothing is left out silently but prose.

mod accents;
mod bars;
mod chars;
mod commands;
mod components;
mod environments;
mod equations;
mod fence;
mod fonts;
mod glued;
mod glyphs;
mod groups;
mod indicator;
mod known;
mod latex;
mod letters;
mod markdown;
mod prose;
mod raw;
mod rows;
mod section;
mod sentences;
mod series;
mod shape;
mod statement;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use chars::Line;
pub(crate) use glyphs::GREEK;

use proc_macro2::Span;

use self::chars::Dialect;
use self::raw::{Raw, Sort, Text};
use super::Token;
use super::angles::angles;
use crate::diag::{self, Diagnostics, Place};

/// Reads documentation text: all of it, or what stands under one heading.
pub(crate) fn read_text(
    lines: &[Line],
    section: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> Vec<Token> {
    let before = diagnostics.list().len();
    let range = match section {
        Some(name) => section::range(lines, name, diagnostics),
        None => Some(0..lines.len()),
    };
    let Some(range) = range else {
        return Vec::new();
    };
    let blocks = markdown::blocks(lines, range.clone(), diagnostics);
    let (mut texts, mut shapes) = (Vec::new(), latex::Shapes::default());
    for block in &blocks {
        let dialect = Dialect::of(block);
        let (mut raws, faults) = latex::lex(block, dialect, &mut shapes);
        faults.into_iter().for_each(|fault| diagnostics.push(fault));
        angles(&mut raws, Raw::or_word, |raw, kind| Raw {
            sort: Sort::Kind(kind),
            ..raw.clone()
        });
        texts.push(Text {
            raws: components::read(indicator::read(prose::strip(bars::read(raws)))),
            dialect,
        });
    }
    fonts::check(&texts, &shapes, diagnostics);
    words::settle(&mut texts, diagnostics);
    let mut tokens = Vec::new();
    for text in &texts {
        rows::rows(text, &mut tokens, diagnostics);
    }
    if tokens.is_empty() && diagnostics.list().len() == before {
        let first = lines.get(range.start);
        let place = first.map_or(Place::of(Span::call_site()), |line| Place::of(line.span));
        diagnostics.push(diag::no_equations_in_text(place));
    }
    tokens
}
