//! Names: what in them is time, what is part of the name, and how they are printed.

pub(super) mod clock;
pub(super) mod indices;
pub(super) mod letters;
pub(super) mod spell;
mod survey;
mod written;

pub(super) use written::*;
