//! Markdown: where the equations of a text stand.
//!
//! Fences tagged `math`, `latex` or `tex`, `$$ … $$`, `\[ … \]`, environments that stand by
//! themselves, and inline mathematics that holds an equation. A text without any of these that
//! begins like equations is one block as a whole.

use std::collections::BTreeMap;
use std::ops::Range;

use super::chars::{Char, Line, starts};
use super::equations::{holds_equation, is_bare};
use super::fence::Fence;
use super::glyphs;
use crate::diag::{self, Diagnostics, Place};

/// The characters of one place that holds equations.
pub(super) type Block = Vec<Char>;

/// Inline mathematics is not longer.
const MAX_INLINE: usize = 2000;

/// The blocks of some lines.
pub(super) fn blocks(
    lines: &[Line],
    range: Range<usize>,
    diagnostics: &mut Diagnostics,
) -> Vec<Block> {
    if is_bare(&lines[range.clone()]) {
        let mut chars = Vec::new();
        range.for_each(|index| add(&mut chars, &lines[index], index));
        return vec![chars];
    }
    let mut blocks = Vec::new();
    let mut fence: Option<(Fence, Vec<Char>)> = None;
    let mut prose: Vec<Char> = Vec::new();
    let mut display = false;
    for index in range {
        let line = &lines[index];
        if let Some((open, chars)) = &mut fence {
            if open.closes(&line.text) {
                let chars = std::mem::take(chars);
                if open.math {
                    blocks.push(chars);
                }
                fence = None;
            } else if open.math {
                add(chars, line, index);
            }
            continue;
        }
        // A fence within `$$ … $$` is none.
        match Fence::opens(&line.text).filter(|_| !display) {
            Some(open) => {
                in_prose(&std::mem::take(&mut prose), &mut blocks, diagnostics);
                fence = Some((open, Vec::new()));
            }
            None => {
                display ^= line.text.matches("$$").count() % 2 == 1;
                add(&mut prose, line, index);
            }
        }
    }
    in_prose(&prose, &mut blocks, diagnostics);
    if let Some((Fence { math: true, .. }, chars)) = fence {
        blocks.push(chars);
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// The characters of a line and its end. A line may hold ends itself, where one literal does.
fn add(chars: &mut Vec<Char>, line: &Line, index: usize) {
    let place = |column: usize| Place {
        line: index as u32 + 1,
        column: column as u32,
        width: 1,
        ..Place::of(line.span)
    };
    // The signs of a quotation stand before its lines.
    let quoted = line.text.trim_start().starts_with("> ");
    let mut before = quoted;
    let mut column = 0;
    for c in line.text.chars() {
        before &= c == '>' || c == ' ' || c == '\t';
        chars.push(Char {
            c: if before { ' ' } else { c },
            place: place(column),
        });
        column += 1;
    }
    chars.push(Char {
        c: '\n',
        place: place(column),
    });
}

/// The mathematics in prose.
fn in_prose(chars: &[Char], blocks: &mut Vec<Block>, diagnostics: &mut Diagnostics) {
    let last_ticks = last_ticks(chars);
    let mut ends = Ends::default();
    let mut at = 0;
    while at < chars.len() {
        let is = |offset: usize, c: char| chars.get(at + offset).is_some_and(|char| char.c == c);
        let block = match chars[at].c {
            '`' => {
                at = behind_code(chars, at, &last_ticks);
                continue;
            }
            '$' if is(1, '$') => ends
                .find(chars, at, 2, "$$")
                .map(|end| (at + 2..end, end + 2, false)),
            '$' => inline(chars, at).map(|end| (at + 1..end, end + 1, true)),
            '\\' if is(1, '[') => ends
                .find(chars, at, 2, "\\]")
                .map(|end| (at + 2..end, end + 2, false)),
            '\\' if is(1, '(') => ends
                .find(chars, at, 2, "\\)")
                .map(|end| (at + 2..end, end + 2, true)),
            // Markdown takes one of two backslashes for itself.
            '\\' if is(1, '\\') && (is(2, '[') || is(2, '(')) => {
                let (end, inline) = match is(2, '[') {
                    true => ("\\\\]", false),
                    false => ("\\\\)", true),
                };
                let found = ends.find(chars, at, 3, end);
                found.map(|found| (at + 3..found, found + 3, inline))
            }
            '\\' if at_line_start(chars, at) && begins_rows(chars, at) => {
                end_of_rows(chars, at).map(|end| (at..end, end, false))
            }
            '\\' => {
                at += 2;
                continue;
            }
            _ => None,
        };
        match block {
            Some((inside, end, inline)) => {
                let chars = &chars[inside];
                if !inline || holds_equation(chars) {
                    blocks.push(chars.to_vec());
                }
                at = end;
            }
            None => {
                if is(0, '$') && is(1, '$') {
                    diagnostics.push(diag::unclosed_math(chars[at].place, "$$"));
                    at += 1;
                }
                at += 1;
            }
        }
    }
}

/// Searches for the ends of displays; a search that found nothing is not made again.
#[derive(Default)]
struct Ends {
    missing: Vec<&'static str>,
}

impl Ends {
    fn find(&mut self, chars: &[Char], at: usize, skip: usize, end: &'static str) -> Option<usize> {
        if self.missing.contains(&end) {
            return None;
        }
        let found = (at + skip..chars.len()).find(|&from| starts(chars, from, end));
        if found.is_none() {
            self.missing.push(end);
        }
        found
    }
}

/// Whether only white space stands before a position on its line.
fn at_line_start(chars: &[Char], at: usize) -> bool {
    let before = chars[..at].iter().rev().take(40);
    before
        .take_while(|char| char.c != '\n')
        .all(|char| glyphs::is_space(char.c))
}

/// Whether an environment begins here that holds mathematics.
fn begins_rows(chars: &[Char], at: usize) -> bool {
    if !starts(chars, at, "\\begin{") {
        return false;
    }
    let name: String = chars[at + 7..]
        .iter()
        .take(16)
        .map(|char| char.c)
        .take_while(|c| *c != '}')
        .collect();
    glyphs::environment(&name).is_some()
}

/// Behind the `\end` of the environment that begins here.
fn end_of_rows(chars: &[Char], at: usize) -> Option<usize> {
    let mut depth = 0;
    for from in at..chars.len() {
        if starts(chars, from, "\\begin{") {
            depth += 1;
        } else if starts(chars, from, "\\end{") {
            depth -= 1;
            if depth == 0 {
                let close = (from..chars.len()).find(|&at| chars[at].c == '}')?;
                return Some(close + 1);
            }
        }
    }
    // Not closed: all that follows is reported with it.
    Some(chars.len())
}

/// The end of the inline mathematics that begins at a `$`: on the same paragraph, no digit behind,
/// and white space inside at its ends only around what must be a formula.
fn inline(chars: &[Char], at: usize) -> Option<usize> {
    let mut escaped = false;
    let mut blank = false;
    for end in at + 1..chars.len().min(at + MAX_INLINE) {
        match chars[end].c {
            '$' if !escaped => {
                let digit = chars
                    .get(end + 1)
                    .is_some_and(|char| char.c.is_ascii_digit());
                let inside = &chars[at + 1..end];
                return (!digit && (is_tight(inside) || is_loose_formula(inside))).then_some(end);
            }
            '\n' if blank => return None,
            _ => {}
        }
        blank = chars[end].c == '\n' || (blank && glyphs::is_space(chars[end].c));
        escaped = chars[end].c == '\\' && !escaped;
    }
    None
}

/// Whether something stands between two `$` without white space at its ends.
fn is_tight(inside: &[Char]) -> bool {
    let edge = |char: Option<&Char>| char.is_some_and(|char| !glyphs::is_space(char.c));
    edge(inside.first()) && edge(inside.last())
}

/// Whether what stands between two `$` with white space at its ends is a formula and no prose
/// between two prices: an equation on one line, with a mark or a command in it.
fn is_loose_formula(inside: &[Char]) -> bool {
    let printed = |char: &Char| matches!(char.c, '_' | '^' | '\\');
    !inside.iter().any(|char| char.c == '\n')
        && inside.iter().any(printed)
        && holds_equation(inside)
}

/// For each length of a run of backticks, where the last one stands.
fn last_ticks(chars: &[Char]) -> BTreeMap<usize, usize> {
    let mut last = BTreeMap::new();
    let mut at = 0;
    while at < chars.len() {
        let count = ticks(chars, at);
        if count > 0 {
            last.insert(count, at);
        }
        at += count.max(1);
    }
    last
}

fn ticks(chars: &[Char], at: usize) -> usize {
    chars[at..].iter().take_while(|char| char.c == '`').count()
}

/// Behind the code that begins at a backtick; behind the backticks where none ends it.
fn behind_code(chars: &[Char], at: usize, last: &BTreeMap<usize, usize>) -> usize {
    let count = ticks(chars, at);
    let mut from = at + count;
    if last.get(&count).is_none_or(|last| *last < from) {
        return from;
    }
    while from < chars.len() {
        let other = ticks(chars, from);
        if other == count {
            return from + count;
        }
        from += other.max(1);
    }
    at + count
}
