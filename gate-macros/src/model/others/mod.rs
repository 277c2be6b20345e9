//! Other cells in a definition: the parent of a variant, and cells inside a cell.

mod change;
pub(super) mod inner;
mod overlay;
pub(super) mod variant;
