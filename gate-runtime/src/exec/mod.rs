//! Runs compiled programs.
//!
//! Takes: the code and tables that the macro emits, parameters, inputs. Gives: outputs, states,
//! gradients. `tables` is what the macro emits, `layout` resolves it for given sizes, `frame` is
//! the memory of some rows of a batch, `run` and `back` drive the two passes, `stream` single
//! steps, `room` says how much memory a run takes. The emitted code itself only calls the primitives
//! of [`crate::kernels::Kernel`].

mod again;
mod back;
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
pub(crate) use layout::Layout;
pub(crate) use room::recorded;
pub(crate) use run::{Recording, States, Task, final_states, forward, resize_states};
pub(crate) use stream::Stepper;
pub use tables::{Area, BlockSpec, BufferSpec, Kind, SlotSpec, Tables, WeightSpec};

use crate::kernels::{Float, Kernel};

/// What the macro emits for a cell: its tables, and its code, section by section, as far as it has
/// any.
///
/// Not for implementing by hand: the tables and the calls have to agree. Where they do not, the
/// primitives panic; but that threads do not meet in one element stands on sections that make the
/// same calls in the same order every time, as emitted code does, which has no branches.
pub trait Program<A: Float>: 'static {
    /// The memory that the code works on.
    const TABLES: &'static Tables;
    /// Values of parameters only.
    fn forward_once(_k: &mut Kernel<'_, A>) {}
    /// All rows, before the loop.
    fn forward_before(_k: &mut Kernel<'_, A>) {}
    /// One step.
    fn forward_step(_k: &mut Kernel<'_, A>) {}
    /// All rows, after the loop.
    fn forward_after(_k: &mut Kernel<'_, A>) {}
    /// The part of a step that gives matrices again, where the tape does not hold them.
    fn forward_again(_k: &mut Kernel<'_, A>) {}
    /// Values of parameters only.
    fn backward_once(_k: &mut Kernel<'_, A>) {}
    /// All rows, before the loop.
    fn backward_before(_k: &mut Kernel<'_, A>) {}
    /// One step, going back.
    fn backward_step(_k: &mut Kernel<'_, A>) {}
    /// All rows, after the loop.
    fn backward_after(_k: &mut Kernel<'_, A>) {}
    /// Sums over all rows.
    fn backward_reduce(_k: &mut Kernel<'_, A>) {}
    /// Sums over the rows of what the steps of each were added up to.
    fn backward_rows(_k: &mut Kernel<'_, A>) {}
    /// From summed gradients to those of parameters.
    fn backward_finish(_k: &mut Kernel<'_, A>) {}
}
