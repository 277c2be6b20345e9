//! What can be said about a cell from the graph of its step alone.
//!
//! Takes: a [`CellInfo`](crate::CellInfo), sizes where numbers are asked for. Gives: what a step
//! costs (`cost`), its gates (`gates`), the structure of its Jacobian (`jacobian`), the kind of
//! its recurrence (`recurrence`), and all of it as text (`card`). Nothing here runs the cell.

mod card;
mod cost;
mod gates;
mod jacobian;
mod patterns;
mod recurrence;
mod structure;

pub use card::Card;
pub use cost::Cost;
pub use gates::{Activation, Gate};
pub use jacobian::JacobianBlock;
pub(crate) use patterns::Patterns;
pub use recurrence::Recurrence;
pub use structure::{Bound, Structure};
