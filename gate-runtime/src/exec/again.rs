//! Matrices that the tape does not hold.
//!
//! Takes: a layout, the size of a batch, a recording. Gives: how many steps apart the forward pass
//! remembers memories that are matrices, where it does not keep those of every step; whether it
//! takes the rows one by one through a block of so many steps, so that a row's stay near; and the
//! way back through a block: first forward from what is remembered, then back, row by row in
//! memory of one row, or all rows together where the loop multiplies by weights. The matrices are
//! the same, bit for bit.

use std::ops::Range;

use crate::kernels::{Float, Kernel, Place};
use crate::threads;

use super::layout::{LONGEST, Layout};
use super::rows::Rows;
use super::split::Crew;
use super::steps::{Steps, Taken};
use super::tables::Kind;

/// Bytes of all matrices of a sequence that the tape holds: the last cache has them.
const NEAR: usize = 24 << 20;
/// Bytes of the matrices of one step that are near when the next begins.
const WIDE: usize = 8 << 20;
/// Steps between remembered matrices, at least; as many as the last cache has of those that are
/// computed again at once.
const SHORTEST: usize = 4;

/// A matrix of some steps ago, where the forward pass has it, where it is remembered for every
/// block of time, and where the backward pass computes what follows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remembered<A> {
    pub(super) carried: Place<A>,
    pub(super) store: Place<A>,
    pub(super) window: Place<A>,
}

/// How the forward pass goes through a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Steps in a block of time, if the matrices say so.
    pub(super) block: Option<usize>,
    /// Whether the tape has the matrices before each block, and not those of every step.
    pub(super) remembers: bool,
    pub(super) taken: Taken,
}

impl Way {
    /// What suits a batch; `keep` says whether a backward pass may follow.
    pub(super) fn choose<A>(layout: &Layout, batch: usize, steps: usize, keep: bool) -> Way {
        let buffers = layout.tables.buffers.iter().zip(&layout.widths);
        let matrices = buffers.filter(|(b, _)| matches!(b.kind, Kind::Again(_)));
        let row: usize = matrices.map(|(_, width)| width * size_of::<A>()).sum();
        let together = layout.tables.together;
        let (block, near, wide) = match threads::again_after() {
            0 => {
                let once = if together { row * batch } else { row };
                let fit = NEAR / 2 / once.max(1);
                (fit.clamp(SHORTEST, LONGEST), NEAR, WIDE)
            }
            forced => (forced, 0, 0),
        };
        let several = row > 0 && steps > block;
        let remembers = keep && several && row * batch * steps > near;
        let apart = several && !together && (remembers || !keep) && batch > 1 && row * batch > wide;
        Way {
            block: (remembers || apart).then_some(block),
            remembers,
            taken: if apart {
                Taken::OneByOne
            } else {
                Taken::Together
            },
        }
    }
}

/// Remembers the matrices before the `index`-th block of time, which begins at step `start`.
pub(super) fn remember<'a, A: Float>(
    k: &mut Kernel<'a, A>,
    remembered: &[Remembered<A>],
    (rows, crew): (&Rows, &Crew<'a>),
    (index, start): (usize, usize),
) {
    let end = crew.rows.end.min(rows.active(start));
    if crew.rows.start < end {
        (k.first, k.rows) = (crew.rows.start, end - crew.rows.start);
        for one in remembered {
            k.transfer((&one.carried, start), (&one.store, index));
        }
    }
}

/// Goes back through the `index`-th block of time.
pub(super) fn back<'a, A: Float>(
    k: &mut Kernel<'a, A>,
    remembered: &[Remembered<A>],
    (again, backward): (&Steps<'_, 'a, A>, &Steps<'_, 'a, A>),
    (rows, crew): (&Rows, &Crew<'a>),
    (index, times): (usize, Range<usize>),
) {
    let all = crew.rows.start..crew.rows.end.min(rows.active(times.start));
    let mut pass = |taken: Range<usize>| {
        if taken.is_empty() {
            return;
        }
        (k.first, k.rows) = (taken.start, taken.len());
        for one in remembered {
            k.transfer((&one.store, index), (&one.window, times.start));
        }
        k.meet();
        // Rows stand in the order of their lengths.
        let active = |time| taken.start..taken.end.min(rows.active(time));
        for time in times.clone() {
            again.run_rows(k, time - times.start, time, active(time));
        }
        for time in times.clone().rev() {
            backward.run_rows(k, time - times.start, time, active(time));
        }
    };
    match backward.taken() {
        Taken::Together => pass(all),
        Taken::OneByOne => all.for_each(|row| pass(row..row + 1)),
    }
}
