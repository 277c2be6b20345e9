//! The token type that both front ends give.

use crate::diag::Place;

/// A token with the place where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Where it stands.
    pub(crate) place: Place,
}

/// The pair of a bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bracket {
    /// `( )`
    Paren,
    /// `[ ]`
    Square,
    /// `{ }`; in LaTeX an invisible group.
    Brace,
}

/// Kinds of tokens. Names are split at underscores (`W_x` is `Word("W") Sub Word("x")`) except
/// words with an underscore that the function table or the table of initialisers knows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A base letter or word with its accents combined into it: `W`, `h̃`, `tanh`, `alpha`.
    /// LaTeX commands for letters and functions arrive as words too: `\sigma` is `σ`,
    /// `\tilde{h}` is `h̃`, `\tanh` is `tanh`, `\mathbf{W}` is `W`.
    Word(String),
    /// A number literal: its value, and as printed.
    Number(f64, String),
    /// `_`: a subscript follows, a single token or a group in `Brace` or `Paren`.
    Sub,
    /// `^`: a superscript follows, likewise.
    Sup,
    /// `'`, as many as stand side by side (text only).
    Prime(u32),
    /// `⊤`, `\top`, `\intercal` (a lone `T` in a superscript is a `Word`).
    Transpose,
    /// `+`
    Plus,
    /// `-`, `−`
    Minus,
    /// A product sign of no fixed meaning: `*`, `∗`, `·`, `\cdot`, `\times`.
    Star,
    /// `\cdot` in a text: a product like any other, unless it is one of two vectors.
    Dot,
    /// The element-wise product: `.*`, `odot`, `⊙`, `∘`, `\circ`, `(.)`.
    Hadamard,
    /// `⊗`, `\otimes`
    Outer,
    /// `/`
    Slash,
    /// `\frac`: two brace groups follow. `\sqrt` is `Word("sqrt")`.
    Frac,
    /// `=`
    Equals,
    /// `~`, `\sim`
    Tilde,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// `;` in tokens; the end of an equation in text.
    Semi,
    /// `->`
    Arrow,
    /// `..=` or `..`: whether the end is included.
    Range(bool),
    /// `∈`
    In,
    /// `>`
    Greater,
    /// `<`
    Less,
    /// `>=`
    GreaterEq,
    /// `<=`
    LessEq,
    /// `|`
    Bar,
    /// `\begin{cases}` and `\end{cases}`.
    CasesBegin,
    /// See [`Kind::CasesBegin`].
    CasesEnd,
    /// `&` inside `cases`.
    Align,
    /// `\\` inside `cases`.
    Row,
    /// An opening bracket.
    Open(Bracket),
    /// A closing bracket.
    Close(Bracket),
    /// Something that means nothing and was reported: its statement is left out.
    Bad,
}
