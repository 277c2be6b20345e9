//! Runs compiled programs.
//!
//! Takes: the code and tables that the macro emits, parameters, inputs. Gives: outputs, states,
//! gradients. `tables` is what the macro emits, `layout` resolves it for given sizes, `frame` is
//! the memory of some rows of a batch, `run` and `back` drive the two passes, `stream` single
//! steps, `room` says how much memory a run takes. The emitted code itself only writes down, for
//! `calls`, which primitives of [`crate::kernels::Kernel`] its sections call.

mod again;
mod back;
mod calls;
mod copies;
mod frame;
mod layout;
mod mode;
#[cfg(test)]
mod refusals;
mod room;
mod rows;
mod run;
mod shared;
#[cfg(test)]
mod small;
mod split;
mod steps;
mod stream;
mod tables;

pub(crate) use back::{BackTask, backward};
pub use calls::Calls;
pub(crate) use layout::Layout;
pub(crate) use room::recorded;
pub(crate) use run::{Recording, States, Task, final_states, forward, resize_states};
pub(crate) use stream::Stepper;
pub use tables::{Area, BlockSpec, BufferSpec, Kind, SlotSpec, Tables, WeightSpec};

use crate::kernels::Float;

/// What the macro emits for a cell: its tables, and its code, section by section, as far as it has
/// any.
///
/// Not for implementing by hand: the tables and the calls have to agree. Where they do not, the
/// primitives panic.
pub trait Program<A: Float>: 'static {
    /// The memory that the code works on.
    const TABLES: &'static Tables;
    /// Values of parameters only.
    fn forward_once(_k: &mut Calls<A>) {}
    /// All rows, before the loop.
    fn forward_before(_k: &mut Calls<A>) {}
    /// One step.
    fn forward_step(_k: &mut Calls<A>) {}
    /// All rows, after the loop.
    fn forward_after(_k: &mut Calls<A>) {}
    /// The part of a step that gives matrices again, where the tape does not hold them.
    fn forward_again(_k: &mut Calls<A>) {}
    /// Values of parameters only.
    fn backward_once(_k: &mut Calls<A>) {}
    /// All rows, before the loop.
    fn backward_before(_k: &mut Calls<A>) {}
    /// One step, going back.
    fn backward_step(_k: &mut Calls<A>) {}
    /// All rows, after the loop.
    fn backward_after(_k: &mut Calls<A>) {}
    /// Sums over all rows.
    fn backward_reduce(_k: &mut Calls<A>) {}
    /// Sums over the rows of what the steps of each were added up to.
    fn backward_rows(_k: &mut Calls<A>) {}
    /// From summed gradients to those of parameters.
    fn backward_finish(_k: &mut Calls<A>) {}
}
