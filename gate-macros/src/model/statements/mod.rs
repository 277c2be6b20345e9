//! The statements of a definition: loops, sums and several left sides written out, and what is no
//! step in time told apart.

pub(super) mod expand;
mod fixed_sizes;
mod parts;
pub(super) mod scope;
mod series;
