//! The tokens of a definition with their bracket pairs, and how far a name reaches in them.
//!
//! Everything here works on positions, looks at no meaning and reads no expression, so that it
//! can be asked ahead of parsing.

use std::ops::Range;

use super::ast::Position;
use super::printed::{printed, printed_all};
use crate::diag::{self, Diagnostic, Place};
use crate::functions;
use crate::read::{Bracket, Kind, Token};

/// What a parsing function gives: a part of the tree, or the message that ends the statement.
pub(super) type Parse<T> = Result<T, Box<Diagnostic>>;

/// The tokens; `close` holds for each opening bracket of a sound statement its partner.
pub(super) struct Source<'t> {
    pub(super) tokens: &'t [Token],
    pub(super) close: Vec<usize>,
    /// The user's own functions: the left sides before the parameters, as printed.
    pub(super) functions: Vec<String>,
    /// A letter other than `t` and `n` that counts steps in brackets: `x(k+1) = A x(k)`.
    step: Option<&'t str>,
}

/// How far a name reaches.
pub(super) struct NameSpan {
    /// The base word.
    pub(super) word: usize,
    pub(super) marks: Vec<MarkSpan>,
    pub(super) primes: u32,
    /// Behind the name.
    pub(super) end: usize,
}

/// How far a mark reaches.
pub(super) struct MarkSpan {
    pub(super) position: Position,
    pub(super) whole: Range<usize>,
    /// Without the sign and the brackets.
    pub(super) inner: Range<usize>,
}

impl<'t> Source<'t> {
    pub(super) fn new(tokens: &'t [Token]) -> Source<'t> {
        Source {
            tokens,
            close: vec![0; tokens.len()],
            functions: Vec::new(),
            step: step_letter(tokens),
        }
    }

    /// The kind of the token at a position before `end`.
    pub(super) fn kind(&self, at: usize, end: usize) -> Option<&'t Kind> {
        if at < end {
            self.tokens.get(at).map(|token| &token.kind)
        } else {
            None
        }
    }

    /// Whether the reader reported something in a range.
    pub(super) fn has_bad(&self, range: Range<usize>) -> bool {
        let tokens = &self.tokens[range];
        tokens.iter().any(|token| token.kind == Kind::Bad)
    }

    /// The place of a range that is not empty.
    pub(super) fn place(&self, range: Range<usize>) -> Place {
        let last = range.end.max(range.start + 1) - 1;
        self.tokens[range.start].place.to(self.tokens[last].place)
    }

    /// The name that begins at `start`: a word, possibly in braces of LaTeX, and its marks.
    /// `None` where none begins.
    pub(super) fn name(&self, start: usize, end: usize) -> Parse<Option<NameSpan>> {
        let mut word = start;
        while self.kind(word, end) == Some(&Kind::Open(Bracket::Brace)) {
            word += 1;
        }
        let Some(Kind::Word(base)) = self.kind(word, end) else {
            return Ok(None);
        };
        let mut name = NameSpan {
            word,
            marks: Vec::new(),
            primes: 0,
            end: word + 1,
        };
        let mut known = self.is_function(base);
        for open in (start..word).rev() {
            self.marks(&mut name, self.close[open], known)?;
            if name.end != self.close[open] {
                return Ok(None);
            }
            name.end += 1;
            known = false;
        }
        self.marks(&mut name, end, known)?;
        Ok(Some(name))
    }

    /// Marks from `name.end` on.
    fn marks(&self, name: &mut NameSpan, end: usize, known_function: bool) -> Parse<()> {
        while let Some(kind) = self.kind(name.end, end) {
            let at = name.end;
            match kind {
                Kind::Prime(count) => {
                    name.primes += count;
                    name.end += 1;
                }
                Kind::Sub | Kind::Sup => {
                    let inner = self.mark_inside(at, end)?;
                    if self.element_wise(&inner) {
                        return Ok(());
                    }
                    let next = self.group_or_token(at + 1);
                    let position = match kind {
                        Kind::Sub => Position::Sub,
                        _ => Position::Sup,
                    };
                    name.marks.push(MarkSpan {
                        position,
                        whole: at..next,
                        inner,
                    });
                    name.end = next;
                }
                Kind::Open(Bracket::Paren | Bracket::Square) => {
                    let inner = at + 1..self.close[at];
                    let bare = known_function && at == name.word + 1;
                    let named = || printed_all(&self.tokens[name.word..at]);
                    let start = self.is_start_index(inner.clone(), end);
                    if bare
                        || !(start || self.is_time_index(inner.clone()))
                        || self.functions.contains(&named())
                    {
                        return Ok(());
                    }
                    let whole = at..inner.end + 1;
                    name.end = whole.end;
                    name.marks.push(MarkSpan {
                        position: Position::Index,
                        whole,
                        inner,
                    });
                }
                _ => return Ok(()),
            }
        }
        Ok(())
    }

    /// Whether a range is one letter that counts components.
    pub(super) fn is_counter(&self, range: Range<usize>) -> bool {
        match &self.tokens[range] {
            [only] => matches!(&only.kind, Kind::Word(word) if matches!(&**word, "i" | "j" | "k")),
            _ => false,
        }
    }

    /// Whether several names stand side by side in a range, and nothing else.
    pub(super) fn are_names(&self, range: Range<usize>) -> bool {
        let (mut at, mut count) = (range.start, 0);
        while let Ok(Some(name)) = self.name(at, range.end) {
            (at, count) = (name.end, count + 1);
        }
        at == range.end && count > 1
    }

    /// Whether what stands in a mark is `⊙ 2`: a power, whatever it is on.
    pub(super) fn element_wise(&self, inner: &Range<usize>) -> bool {
        inner.len() > 1 && self.tokens[inner.start].kind == Kind::Hadamard
    }

    /// Whether what stands in a mark is the sign of a transpose.
    pub(super) fn transposes(&self, inner: &Range<usize>) -> bool {
        inner.len() == 1
            && match &self.tokens[inner.start].kind {
                Kind::Transpose => true,
                Kind::Word(word) => word == "T" || word == "⊤",
                _ => false,
            }
    }

    /// What stands in the mark whose sign is at `sign`, all brackets removed.
    pub(super) fn mark_inside(&self, sign: usize, end: usize) -> Parse<Range<usize>> {
        let place = self.tokens[sign].place;
        let at = sign + 1;
        let dangling = || {
            Box::new(diag::dangling_mark(
                place,
                &printed(&self.tokens[sign].kind),
            ))
        };
        let mut inner = match self.kind(at, end) {
            Some(Kind::Open(_)) => at..self.close[at] + 1,
            Some(Kind::Word(_) | Kind::Number(..) | Kind::Star | Kind::Dot | Kind::Transpose) => {
                at..at + 1
            }
            Some(Kind::Plus | Kind::Minus) => match self.kind(at + 1, end) {
                Some(Kind::Word(_) | Kind::Number(..) | Kind::Open(_)) => {
                    return Err(Box::new(diag::signed_mark(self.place(sign..at + 2))));
                }
                _ => at..at + 1,
            },
            _ => return Err(dangling()),
        };
        while let Some(Kind::Open(_)) = self.kind(inner.start, inner.end) {
            if self.close[inner.start] + 1 != inner.end {
                break;
            }
            inner = inner.start + 1..inner.end - 1;
        }
        // `h^{<t-1>}`, as courses write steps.
        let angles = inner.len() > 2
            && self.tokens[inner.start].kind == Kind::Less
            && self.tokens[inner.end - 1].kind == Kind::Greater;
        if angles {
            inner = inner.start + 1..inner.end - 1;
        }
        if inner.is_empty() {
            return Err(Box::new(diag::empty_brackets(
                self.place(at..self.group_or_token(at)),
            )));
        }
        Ok(inner)
    }

    /// Behind the group or single token at a position.
    pub(super) fn group_or_token(&self, at: usize) -> usize {
        match self.tokens.get(at).map(|token| &token.kind) {
            Some(Kind::Open(_) | Kind::CasesBegin) => self.close[at] + 1,
            _ => at + 1,
        }
    }

    /// `t`, `t-1`, `n+1`, `1+t`, `n-i`
    fn is_time_index(&self, inner: Range<usize>) -> bool {
        let is_letter = |at: usize| match &self.tokens[at].kind {
            Kind::Word(word) => word == "t" || word == "n" || self.step == Some(word),
            _ => false,
        };
        let is_delay = |at: usize| letter(&self.tokens[at]).is_some();
        let is_whole = |at: usize| matches!(self.tokens[at].kind, Kind::Number(value, _) if value.fract() == 0.0);
        let at = inner.start;
        match inner.len() {
            1 => is_letter(at),
            3 => match self.tokens[at + 1].kind {
                Kind::Plus if is_whole(at) => is_letter(at + 2),
                Kind::Minus if is_delay(at + 2) => is_letter(at),
                Kind::Plus | Kind::Minus => is_letter(at) && is_whole(at + 2),
                _ => false,
            },
            _ => false,
        }
    }

    /// The `0` of `h(0) = 0`: where a state starts.
    fn is_start_index(&self, inner: Range<usize>, end: usize) -> bool {
        let zero =
            |at: usize| matches!(self.tokens[at].kind, Kind::Number(value, _) if value == 0.0);
        let given = self.kind(inner.end + 1, end) == Some(&Kind::Equals);
        inner.len() == 1 && zero(inner.start) && given
    }

    fn is_function(&self, word: &str) -> bool {
        functions::function(word).is_some()
    }
}

/// A word of one letter.
fn letter(token: &Token) -> Option<&str> {
    let Kind::Word(word) = &token.kind else {
        return None;
    };
    let mut chars = word.chars();
    let letter = chars.next().is_some_and(|c| c.is_ascii_alphabetic());
    (letter && chars.next().is_none()).then_some(word)
}

/// The letter that a left side has in brackets with a number, or alone where a name is read with a
/// number: `x(k+1) = …`, `x[k] = … e[k-1]`.
fn step_letter(tokens: &[Token]) -> Option<&str> {
    let indices = (1..tokens.len()).filter_map(|at| {
        let Kind::Word(base) = &tokens[at - 1].kind else {
            return None;
        };
        let Kind::Open(Bracket::Paren | Bracket::Square) = tokens[at].kind else {
            return None;
        };
        let letter = letter(tokens.get(at + 1)?).filter(|text| *text > "Z")?;
        let length = match tokens[at + 2..] {
            [
                Token {
                    kind: Kind::Close(_),
                    ..
                },
                ..,
            ] => 1,
            [ref sign, ref number, ref close, ..]
                if matches!(sign.kind, Kind::Plus | Kind::Minus)
                    && matches!(number.kind, Kind::Number(value, _) if value.fract() == 0.0)
                    && matches!(close.kind, Kind::Close(_)) =>
            {
                3
            }
            _ => return None,
        };
        let behind = tokens.get(at + length + 2).map(|token| &token.kind);
        Some((base, letter, length == 3, behind == Some(&Kind::Equals), at))
    });
    let found: Vec<_> = indices
        .filter(|(_, letter, ..)| !matches!(*letter, "t" | "n"))
        .collect();
    // A function is applied in round brackets: `φ(u) = σ(u - 1)`.
    let square = |at: &usize| tokens[*at].kind == Kind::Open(Bracket::Square);
    let steps = |base: &String, letter: &str| {
        found.iter().any(|(other, own, step, _, at)| {
            *own == letter && *step && (*other == base || square(at) || letter == "k")
        })
    };
    let left = found
        .iter()
        .find(|(base, letter, _, left, _)| *left && steps(base, letter));
    left.map(|(_, letter, ..)| *letter)
}
