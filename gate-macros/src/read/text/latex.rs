//! The lexer of text: characters to pieces, LaTeX and Unicode alike.
//!
//! Takes: the characters of one block. Gives: [`Raw`] pieces in which fonts are gone, accents are
//! combined, and small glyphs have become marks. It never stops: what it does not understand
//! becomes a piece of its own, and is reported where it is not prose. Groups in braces are kept
//! on a stack, so that nesting in the text is no nesting of calls.

use super::chars::{Char, Dialect};
use super::glyphs;
use super::raw::{Raw, Sort, Style};
use crate::diag::{self, Diagnostic, Place};
use crate::read::Kind;

/// Where pieces stand that are told from others which give the same token.
#[derive(Default)]
pub(super) struct Shapes {
    /// Letters in `\mathcal` and the like.
    pub(super) script: Vec<Place>,
    /// `*` and `\ast`, no other sign of a product.
    pub(super) asterisks: Vec<Place>,
}

/// Lexes one block: its pieces, and mistakes that no prose can excuse. What is told apart by its
/// shape goes to `shapes`.
pub(super) fn lex(
    chars: &[Char],
    dialect: Dialect,
    shapes: &mut Shapes,
) -> (Vec<Raw>, Vec<Diagnostic>) {
    let mut lexer = Lexer {
        chars,
        partner: partners(chars),
        at: 0,
        out: Vec::new(),
        shapes,
        faults: Vec::new(),
        frames: Vec::new(),
        dialect,
        gap: true,
        upright: false,
        too_deep: false,
    };
    while lexer.at < chars.len() {
        lexer.step();
    }
    lexer.end();
    (lexer.out, lexer.faults)
}

pub(super) struct Lexer<'c> {
    pub(super) chars: &'c [Char],
    /// For each `{` with a partner, the position of that partner.
    pub(super) partner: Vec<usize>,
    pub(super) at: usize,
    pub(super) out: Vec<Raw>,
    pub(super) shapes: &'c mut Shapes,
    pub(super) faults: Vec<Diagnostic>,
    pub(super) frames: Vec<Frame>,
    pub(super) dialect: Dialect,
    /// Whether white space stands before the next piece.
    pub(super) gap: bool,
    /// Whether `\rm` holds outside of all groups.
    pub(super) upright: bool,
    /// Whether it was reported that groups are nested too deeply.
    pub(super) too_deep: bool,
}

/// A group or an argument that is being read.
pub(super) struct Frame {
    pub(super) closing: Closing,
    /// Whether it is a single symbol without braces.
    pub(super) single: bool,
    /// Position of its first piece.
    pub(super) start: usize,
    pub(super) place: Place,
    pub(super) upright: bool,
    /// Whether it is a sub- or superscript, or in one.
    pub(super) mark: bool,
}

/// What happens where a group ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closing {
    /// Plain braces.
    Brace,
    /// A font: the braces go where nothing needs them.
    Font,
    /// The same, `\mathcal`: its letters are told from others.
    Script,
    /// `\mathbb{R}`
    Blackboard,
    Accent(char),
    /// The argument of `\sqrt`.
    Paren,
    /// Not read.
    Drop,
    /// Not read, and then an argument that is: `\overset{!}{=}`.
    Stack,
    /// What `\underbrace` stands under: its label is not read.
    Brackets,
    /// So many arguments, each in braces.
    Arguments(u8),
}

impl Lexer<'_> {
    /// Reads one piece.
    fn step(&mut self) {
        if matches!(
            self.frames.last(),
            Some(Frame {
                closing: Closing::Arguments(_),
                ..
            })
        ) {
            return self.argument(Closing::Brace, self.here());
        }
        let c = self.chars[self.at].c;
        match c {
            '\n' => {
                self.push(Sort::Line, self.at, self.at + 1);
                self.gap = true;
            }
            '\\' => self.command(),
            '{' => self.open(Closing::Brace, self.at),
            '}' => self.close(),
            '%' if self.dialect.latex => self.skip_line(),
            '#' => self.skip_line(),
            '/' if self.next_is(1, '/') => self.skip_line(),
            '$' | '`' => self.space(),
            '<' if self.line_break().is_some() => {
                self.gap = true;
                self.at += self.line_break().unwrap_or(1);
            }
            '&' => self.push(Sort::Align, self.at, self.at + 1),
            '~' => self.push(Sort::Wave, self.at, self.at + 1),
            '^' | '_' => {
                let kind = if c == '^' { Kind::Sup } else { Kind::Sub };
                self.push(Sort::Kind(kind), self.at, self.at + 1);
            }
            _ if glyphs::is_space(c) => self.space(),
            _ if glyphs::small(c).is_some() => self.small(),
            _ if c.is_ascii_digit() || (c == '.' && self.digit(1)) => self.number(),
            _ => self.sign_or_letters(),
        }
    }

    fn space(&mut self) {
        self.gap = true;
        self.at += 1;
    }

    /// The length of `<br>`, which stands in the documentation of other languages.
    fn line_break(&self) -> Option<usize> {
        let tags = ["<br>", "<br/>", "<br />"];
        let starts = |tag: &&&str| tag.chars().enumerate().all(|(i, c)| self.next_is(i, c));
        tags.iter().find(starts).map(|tag| tag.len())
    }

    fn skip_line(&mut self) {
        while self.at < self.chars.len() && self.chars[self.at].c != '\n' {
            self.at += 1;
        }
    }

    pub(super) fn next_is(&self, offset: usize, wanted: char) -> bool {
        self.chars
            .get(self.at + offset)
            .is_some_and(|char| char.c == wanted)
    }

    fn digit(&self, offset: usize) -> bool {
        self.chars
            .get(self.at + offset)
            .is_some_and(|char| char.c.is_ascii_digit())
    }

    /// Signs of several characters, signs of one, letters, and what is none of them.
    fn sign_or_letters(&mut self) {
        const SEQUENCES: [(&str, Kind); 12] = [
            ("(.)", Kind::Hadamard),
            (".*", Kind::Hadamard),
            ("...", Kind::Range(false)),
            ("..=", Kind::Range(true)),
            ("..", Kind::Range(false)),
            ("->", Kind::Arrow),
            (":=", Kind::Equals),
            (">=", Kind::GreaterEq),
            ("<=", Kind::LessEq),
            ("**", Kind::Sup),
            ("<-", Kind::Equals),
            ("''", Kind::Prime(2)),
        ];
        let starts = |text: &str| text.chars().enumerate().all(|(i, c)| self.next_is(i, c));
        // `a <-b` compares; an arrow has room on both sides.
        let apart = self.gap
            && self
                .chars
                .get(self.at + 2)
                .is_some_and(|c| glyphs::is_space(c.c));
        let sequence = SEQUENCES
            .iter()
            .find(|(text, _)| starts(text) && (*text != "<-" || apart));
        if let Some((text, kind)) = sequence {
            return self.token(kind.clone(), self.at + text.len());
        }
        let c = glyphs::plain(self.chars[self.at].c);
        match c {
            '.' if self.is_transposed() => {
                self.push(Sort::Kind(Kind::Sup), self.at, self.at + 1);
                self.token(Kind::Transpose, self.at + 1);
            }
            '.' => self.push(Sort::Dot, self.at, self.at + 1),
            '\'' | '′' | '’' => self.primes(),
            '√' => {
                self.push(
                    Sort::Letters("sqrt".to_owned(), Style::Word),
                    self.at,
                    self.at + 1,
                );
                self.gap = false;
            }
            '∑' => self.series("sum", self.at, self.at + 1),
            '∏' => self.series("prod", self.at, self.at + 1),
            '‖' => self.push(Sort::Bars(None), self.at, self.at + 1),
            '|' if self.next_is(1, '|') && !self.in_bars() => {
                self.push(Sort::Bars(None), self.at, self.at + 2)
            }
            '∀' => self.push(Sort::Remark("for all".to_owned()), self.at, self.at + 1),
            _ => match glyphs::sign(c) {
                Some(kind) => self.token(kind, self.at + 1),
                None if c.is_alphabetic() || c == '†' => self.letters(),
                None if c.is_ascii_digit() => self.number(),
                None => {
                    let place = self.place(self.at, self.at + 1);
                    let message = diag::unknown_glyph(place, c);
                    self.push(Sort::Bad(Box::new(message)), self.at, self.at + 1);
                }
            },
        }
    }

    /// Whether `.T` stands right behind a name, as programs write a transpose.
    fn is_transposed(&self) -> bool {
        let name = |c: char| c.is_alphanumeric() || c == '_';
        let next = |offset: usize| self.chars.get(self.at + offset).map(|char| char.c);
        let before = self.at.checked_sub(1).map(|at| self.chars[at].c);
        !self.dialect.latex
            && before.is_some_and(name)
            && next(1) == Some('T')
            && !next(2).is_some_and(name)
    }

    /// Whether a single bar is open on this line: `|a||b|`.
    fn in_bars(&self) -> bool {
        let ends = |raw: &&Raw| !matches!(raw.sort, Sort::Line) && !raw.is_structure();
        let line = self.out.iter().rev().take_while(ends);
        line.filter(|raw| raw.is(&Kind::Bar)).count() % 2 == 1
    }

    fn primes(&mut self) {
        let mut end = self.at;
        while self
            .chars
            .get(end)
            .is_some_and(|char| matches!(char.c, '\'' | '′' | '’'))
        {
            end += 1;
        }
        self.token(Kind::Prime((end - self.at) as u32), end);
    }

    /// Whether the next symbol alone is an argument: of a command without braces, or of a mark
    /// as LaTeX reads it.
    pub(super) fn takes_one(&self) -> bool {
        let argument = self.frames.last().is_some_and(|frame| frame.single);
        let after_mark = self.out.last().is_some_and(Raw::is_mark) && self.dialect.single_marks();
        argument || after_mark || (self.dialect.latex && self.after_delta())
    }

    pub(super) fn is_upright(&self) -> bool {
        self.frames
            .last()
            .map_or(self.upright, |frame| frame.upright)
    }

    fn is_asterisk(&self) -> bool {
        let command = "\\ast".chars().enumerate();
        let ast = command.into_iter().all(|(i, c)| self.next_is(i, c));
        ast || self.next_is(0, '*') || self.next_is(0, '∗')
    }

    /// Adds a token that is an atom of its own and goes on behind it.
    pub(super) fn token(&mut self, kind: Kind, end: usize) {
        // `^\prime` and `^'` are primes.
        if matches!(kind, Kind::Prime(_)) && self.out.last().is_some_and(|r| r.is(&Kind::Sup)) {
            self.out.pop();
        }
        if kind == Kind::Star && self.is_asterisk() {
            let place = self.place(self.at, end);
            self.shapes.asterisks.push(place);
        }
        if self.ends_angle() {
            self.inner_product();
        }
        self.push(Sort::Kind(kind), self.at, end);
        self.atom_done();
    }

    /// Adds a piece and goes on behind it.
    pub(super) fn push(&mut self, sort: Sort, start: usize, end: usize) {
        let place = self.place(start, end.max(start + 1));
        self.out.push(Raw {
            sort,
            place,
            gap: self.gap,
        });
        self.gap = false;
        self.at = end;
    }

    /// The place of characters on one line.
    pub(super) fn place(&self, start: usize, end: usize) -> Place {
        let last = self.chars.len() - 1;
        let first = self.chars[start.min(last)].place;
        first.to(self.chars[end.saturating_sub(1).clamp(start.min(last), last)].place)
    }

    /// The place of the next character, or of the last one.
    pub(super) fn here(&self) -> Place {
        self.place(self.at, self.at + 1)
    }
}

/// For each `{`, where its partner stands; escaped braces do not count.
fn partners(chars: &[Char]) -> Vec<usize> {
    let mut partner = vec![usize::MAX; chars.len()];
    let mut open = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match chars[at].c {
            '\\' => at += 1,
            '{' => open.push(at),
            '}' => {
                if let Some(begin) = open.pop() {
                    partner[begin] = at;
                }
            }
            _ => {}
        }
        at += 1;
    }
    partner
}
