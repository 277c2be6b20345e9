//! Stage 1, read: source to tokens.
//!
//! Takes: a `proc_macro2::TokenStream` (the body of `cell!`), or the text of documentation.
//! Gives: a flat list of [`Token`], the same kinds from both sources. Knows glyphs, LaTeX and
//! Markdown fences; knows nothing about meaning.

mod angles;
mod file;
mod text;
mod token;
mod tokens;

pub(crate) use file::load;
pub(crate) use text::{GREEK, Line, read_text};
pub(crate) use token::*;
pub(crate) use tokens::read_tokens;
