//! Where the primitives find what they work on: slots, matrices in grids, random masks.

use super::Float;

/// Where a slot is.
#[derive(Clone, Copy, Debug)]
pub struct Place<A> {
    /// The value's first element at step `-shift`.
    pub(crate) base: *mut A,
    /// Elements that may be used from there on.
    pub(crate) length: usize,
    /// Elements from one step to the next; 0 where all steps share the memory.
    pub(crate) time: usize,
    /// Added to the step.
    pub(crate) shift: isize,
    /// Steps in the ring; 0 for none.
    pub(crate) ring: usize,
    /// Elements from one row to the next; 0 where all rows share one.
    pub(crate) row: usize,
    /// Elements of the value.
    pub(crate) width: usize,
    /// Elements from one worker's memory to the next; 0 where all share one. Where it is not 0,
    /// the memory is of one row, or the first worker's of all, and the ring a block of time with
    /// steps before it.
    pub(crate) window: usize,
}

impl<A> Place<A> {
    /// Steps in its ring; 0 for none.
    pub(crate) fn ring(&self) -> usize {
        self.ring
    }

    /// Whether its ring is one block of time: it is passed through once, from the beginning.
    pub(crate) fn in_block(&self, block: usize) -> bool {
        self.window > 0 || self.ring == block && self.shift == 0
    }
}

// SAFETY: a place is an address; the frames that threads work on do not overlap, and what they
// share is only read while they run (`exec` sees to both).
unsafe impl<A: Float> Send for Place<A> {}
// SAFETY: as above.
unsafe impl<A: Float> Sync for Place<A> {}

/// One matrix in a grid, in numbers.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    /// The matrix that holds it.
    pub(crate) slot: usize,
    /// Its first element there.
    pub(crate) start: usize,
    pub(crate) k_offset: usize,
    pub(crate) n_offset: usize,
    pub(crate) k: usize,
    pub(crate) n: usize,
    pub(crate) k_stride: usize,
    pub(crate) n_stride: usize,
}

/// Where random masks come from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chance<'a> {
    /// Seed while training.
    pub(crate) seed: Option<u64>,
    /// Index in the batch of each row, so that masks do not depend on how a batch is split.
    pub(crate) batch: &'a [usize],
}
