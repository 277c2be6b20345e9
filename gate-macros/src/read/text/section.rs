//! Headings: the part of a longer text that stands under one of them.

use std::ops::Range;

use super::chars::Line;
use super::fence::Fence;
use crate::diag::{self, Diagnostics, Place};

/// A heading: its first line, its level, its text, the first line behind it.
struct Heading {
    line: usize,
    level: usize,
    text: String,
    end: usize,
}

/// The lines under a heading, up to the next one of the same or a higher level.
pub(super) fn range(
    lines: &[Line],
    name: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Range<usize>> {
    let headings = headings(lines);
    let wanted = plain(name);
    let exact: Vec<usize> = positions(&headings, |text| text == wanted);
    let found = match exact.is_empty() {
        true => positions(&headings, |text| {
            text.to_lowercase() == wanted.to_lowercase()
        }),
        false => exact,
    };
    let place = |line: usize| {
        lines
            .get(line)
            .map_or(Place::of(proc_macro2::Span::call_site()), |l| {
                whole(l, line)
            })
    };
    match found[..] {
        [at] => {
            let own = &headings[at];
            let next = headings[at + 1..]
                .iter()
                .find(|other| other.level <= own.level);
            Some(own.end..next.map_or(lines.len(), |other| other.line))
        }
        [] => {
            let known: Vec<&str> = headings
                .iter()
                .map(|heading| heading.text.as_str())
                .collect();
            diagnostics.push(diag::section_missing(place(0), name, &known));
            None
        }
        [first, second, ..] => {
            let second = place(headings[second].line);
            diagnostics.push(diag::section_twice(
                place(headings[first].line),
                second,
                name,
            ));
            None
        }
    }
}

fn positions(headings: &[Heading], is: impl Fn(&str) -> bool) -> Vec<usize> {
    (0..headings.len())
        .filter(|&at| is(&headings[at].text))
        .collect()
}

/// The place of a whole line.
fn whole(line: &Line, index: usize) -> Place {
    let width = line.text.trim_end().chars().count() as u32;
    Place {
        line: index as u32 + 1,
        column: 0,
        width,
        ..Place::of(line.span)
    }
}

fn headings(lines: &[Line]) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut fence: Option<Fence> = None;
    for (index, line) in lines.iter().enumerate() {
        let text = line.text.trim();
        if let Some(open) = &fence {
            if open.closes(text) {
                fence = None;
            }
            continue;
        }
        fence = Fence::opens(text);
        if fence.is_some() {
            continue;
        }
        let level = text.chars().take_while(|c| *c == '#').count();
        let rest = &text[level..];
        if (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with([' ', '\t'])) {
            headings.push(Heading {
                line: index,
                level,
                text: plain(rest),
                end: index + 1,
            });
        } else if let Some(level) = underline(text).filter(|_| index > 0) {
            let above = lines[index - 1].text.trim();
            let taken = headings.last().is_some_and(|heading| heading.end >= index);
            if !above.is_empty() && !taken {
                headings.push(Heading {
                    line: index - 1,
                    level,
                    text: plain(above),
                    end: index + 1,
                });
            }
        }
    }
    headings
}

/// `====` and `----` below a heading: its level.
fn underline(text: &str) -> Option<usize> {
    let all = |c: char| text.len() >= 3 && text.chars().all(|own| own == c);
    if all('=') {
        Some(1)
    } else if all('-') {
        Some(2)
    } else {
        None
    }
}

/// A heading's text without markup.
fn plain(text: &str) -> String {
    let text = text.trim().trim_end_matches('#');
    let bare: String = text
        .chars()
        .filter(|c| !matches!(c, '*' | '`' | '_'))
        .collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}
