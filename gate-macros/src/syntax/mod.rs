//! Stage 2, syntax: tokens to a tree.
//!
//! Takes: the flat list of [`Token`]s of either front end, and the struct line. Gives: a
//! [`Definition`], the tree of what is written. What a name, a mark or a product means is left
//! to the model. May assume nothing about its input: brackets may be unbalanced (in text), any
//! token may stand anywhere. A statement that cannot be read is reported and left out, and the
//! next one is read.

mod ast;
mod atom;
mod cell;
mod declare;
#[cfg(test)]
mod dump;
mod expr;
mod fixed;
mod header;
mod lefts;
mod long;
mod name;
mod parser;
mod printed;
mod series;
mod slices;
mod source;
mod split;
#[cfg(test)]
mod tests;

pub(crate) use ast::*;
pub(crate) use cell::{parse_cell, parse_items};
pub(crate) use header::{guess_header, parse_header};
pub(crate) use slices::{bad_chunk_count, chunk_count};
