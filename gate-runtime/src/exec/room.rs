//! The memory that a run takes.
//!
//! Takes: a layout, how the work is shared and how it goes through the batch. Gives: what its frame
//! has to hold, and how much that is, before anything is allocated.

use crate::kernels::{Float, LINE};

use super::again::Way;
use super::frame::{Frame, Mode};
use super::layout::Layout;
use super::split::Split;

/// What a frame for so many steps and rows has to hold.
pub(super) fn mode<A: Float>(
    layout: &Layout,
    (split, way): (&Split, &Way),
    (steps, batch): (usize, usize),
    keep: bool,
) -> Mode {
    let own = || split.block::<A>(layout, batch, steps);
    Mode::Sequence {
        block: way.block.unwrap_or_else(own),
        keep,
        windows: match way.remembers {
            true if layout.tables.together => 1,
            true => split.apart(),
            false => 0,
        },
    }
}

/// Elements that a recording of so many steps and rows holds; `None` if they cannot be counted.
pub(crate) fn recorded<A: Float>(layout: &Layout, steps: usize, batch: usize) -> Option<usize> {
    if !layout.countable(steps, batch) {
        return None;
    }
    let split = Split::choose::<A>(layout, batch, steps);
    let way = Way::choose::<A>(layout, batch, steps, true);
    let mode = mode::<A>(layout, (&split, &way), (steps, batch), true);
    let mut frame = Frame::<A>::new();
    frame.lay_out(layout, mode, steps, batch);
    Some(frame.elements())
}

/// A number of elements; panics if it cannot be counted.
pub(super) fn product<const N: usize>(factors: [usize; N]) -> usize {
    let all = factors.into_iter().try_fold(1_usize, usize::checked_mul);
    all.expect("elements that can be counted")
}

/// Where what stands behind so many elements begins.
pub(super) fn end_of(start: usize, length: usize) -> usize {
    let end = start.checked_add(length);
    let next = end.and_then(|end| end.checked_next_multiple_of(LINE));
    next.expect("elements that can be counted")
}
