//! Everything together: the cell with its symbols and sizes numbered anew, how its parameters and
//! states start, its types of fixed sizes, and what is worth knowing of it.

mod assemble;
mod fixed;
mod initial;
pub(super) mod notes;
mod numbering;
mod parts;

pub(crate) use fixed::{FixedType, fixed_types, sketched_types};
pub(super) use parts::Parts;
