//! What an equation looks like before it is read: inline mathematics that says something, and a
//! text without Markdown that is mathematics as a whole.

use super::chars::{Char, Line, starts};
use super::fence::Fence;
use super::glyphs;

/// Whether inline mathematics says what something is: `=` outside of all brackets with
/// something on both sides, or `∈ ℝ`, or `\sim`.
pub(super) fn holds_equation(chars: &[Char]) -> bool {
    let mut depth = 0usize;
    let blank = |chars: &[Char]| chars.iter().all(|char| glyphs::is_space(char.c));
    for at in 0..chars.len() {
        match chars[at].c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            '=' | '≔' | '≜' if depth == 0 => {
                return !blank(&chars[..at]) && !blank(&chars[at + 1..]);
            }
            '∼' if depth == 0 => return true,
            '\\' if depth == 0 && starts(chars, at, "\\sim") => return true,
            '∈' if depth == 0 => return in_reals(&chars[at + 1..]),
            '\\' if depth == 0 && starts(chars, at, "\\in") => {
                let longer = chars
                    .get(at + 3)
                    .is_some_and(|char| char.c.is_ascii_alphabetic());
                if !longer {
                    return in_reals(&chars[at + 3..]);
                }
            }
            _ => {}
        }
    }
    false
}

fn in_reals(chars: &[Char]) -> bool {
    let text: String = chars
        .iter()
        .take(24)
        .map(|char| char.c)
        .filter(|c| !glyphs::is_space(*c))
        .collect();
    [
        "ℝ",
        "R",
        "\\R",
        "\\mathbb{R}",
        "\\mathbb R",
        "\\mathbbR",
        "\\mathds{R}",
        "\\reals",
    ]
    .iter()
    .any(|reals| text.starts_with(reals))
}

/// Whether a text has no Markdown and begins like equations: then all of it is one block.
pub(super) fn is_bare(lines: &[Line]) -> bool {
    let plain = |line: &Line| {
        !line.text.contains('$')
            && !has_delimiters(&line.text)
            && Fence::opens(&line.text).is_none()
    };
    lines.iter().all(plain) && begins_like_equations(lines)
}

/// Whether `\[` or `\(` stands in a line; `\\[4pt]` ends a row.
fn has_delimiters(line: &str) -> bool {
    let mut backslash = false;
    line.chars().any(|c| {
        let found = backslash && matches!(c, '[' | '(');
        backslash = c == '\\' && !backslash;
        found
    })
}

/// Whether the first line of a text is an equation, a command, or a heading that ends in a colon.
fn begins_like_equations(lines: &[Line]) -> bool {
    let texts = || {
        let texts = lines.iter().map(|line| line.text.trim());
        texts.filter(|text| !text.is_empty() && !text.starts_with(['#', '%']))
    };
    let relation = |text: &str| {
        text.contains(['=', '∈', '∼', '≔']) || text.contains("\\in") || text.contains("\\sim")
    };
    let Some(first) = texts().next() else {
        return false;
    };
    let name = first.trim_start_matches(['*', '-', '•', ' ']);
    let left = name.split(['=', '∈', '∼', '≔']).next().unwrap_or_default();
    // Two words before the sign are prose.
    let words = left
        .split_whitespace()
        .filter(|word| word.chars().count() > 2 && word.chars().all(char::is_alphabetic));
    let equation = relation(first) && words.count() < 2;
    let begins = equation
        || first.starts_with(['\\', '&'])
        || first.ends_with(':')
        || texts()
            .nth(1)
            .is_some_and(|second| second.trim_start_matches('&').starts_with('='));
    begins && texts().any(relation)
}
