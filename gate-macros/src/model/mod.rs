//! Stage 3, model: the tree to a cell whose every symbol has a role, a shape and a place.
//!
//! Takes: a [`Definition`](crate::syntax::Definition). Gives: a [`Cell`], its equations typed and
//! sorted, or messages. May assume that each statement by itself is well formed; knows names and
//! time indices, roles, kinds, sizes and the order of equations. The steps, in the order of
//! `resolve`, each a folder:
//!
//! `others` (a parent's statements under a variant's, cells inside cells) → `statements` (loops
//! and sums written out, several left sides, what is no step in time) → `names` (time index,
//! label or power) → `symbols` (what is defined, read, declared) → `trees` (right sides as trees
//! of symbols) → `roles` (input, state, parameter; the order of equations) → `kinds` (scalar,
//! vector or matrix) → `typing` (what each product means) with `sizes` (unification) →
//! `assembly` (everything numbered). `walk` goes over the syntax tree, `print` writes equations.

mod assembly;
mod cell;
#[cfg(test)]
mod dump;
mod kinds;
mod names;
mod others;
mod print;
mod resolve;
mod roles;
mod sizes;
mod statements;
mod symbols;
#[cfg(test)]
mod tests;
mod trees;
mod typing;
mod walk;

pub(crate) use assembly::{FixedType, fixed_types, sketched_types};
pub(crate) use cell::*;
#[cfg(test)]
pub(crate) use dump::{dim, dump};
pub(crate) use print::grouped;
pub(crate) use resolve::{resolve, sketch};
