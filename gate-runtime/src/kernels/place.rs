//! Where the primitives find what they work on: slots, matrices in grids, random masks.

use super::Float;

/// Where a slot is.
#[derive(Clone, Copy, Debug)]
pub struct Place<A> {
    /// The value's first element at step `-shift`.
    pub(crate) base: *mut A,
    /// Elements from there to the end of its buffer.
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

    /// Whether all rows share it: then workers with rows of their own must not write there.
    pub(super) fn shared(&self) -> bool {
        self.row == 0 && self.window == 0
    }

    /// Elements from the base to the end of a worker's memory.
    pub(super) fn room(&self, worker: usize) -> usize {
        if self.window == 0 {
            return self.length;
        }
        let workers = self.length.div_ceil(self.window);
        let after = workers.checked_sub(worker + 1);
        after.map_or(0, |after| self.length - after * self.window)
    }

    /// Whether another place has the same elements of a row.
    pub(super) fn same_columns(&self, other: &Place<A>) -> bool {
        self.end() == other.end() && (self.length, self.width) == (other.length, other.width)
    }

    /// Whether no element of its first so many rows is one of another place's, at any step.
    pub(super) fn apart(&self, other: &Place<A>, rows: usize) -> bool {
        if self.end() != other.end() {
            return true;
        }
        let columns = self.length >= other.length.saturating_add(self.width)
            || other.length >= self.length.saturating_add(other.width);
        let steps = self.shift.wrapping_sub(other.shift);
        let times = match (self.window, self.ring) {
            (0, 1..) => steps.rem_euclid(self.ring as isize) != 0,
            _ => steps != 0,
        };
        // Rows of several steps at once reach into the next step.
        columns || times && self.time > 0 && rows.saturating_mul(self.row) <= self.time
    }

    /// Where its buffer ends; every buffer ends elsewhere.
    fn end(&self) -> *mut A {
        self.base.wrapping_add(self.length)
    }

    /// Whether its ring is one block of time: it is passed through once, from the beginning.
    pub(crate) fn in_block(&self, block: usize) -> bool {
        self.window > 0 || self.ring == block && self.shift == 0
    }
}

// SAFETY: a place is an address, of memory that `exec` keeps where it is while primitives use it.
// What primitives write through it, on several threads, is told apart there: see `Kernel`.
unsafe impl<A: Float> Send for Place<A> {}
// SAFETY: as above; nothing in it changes.
unsafe impl<A: Float> Sync for Place<A> {}

/// What a section may write of the values that all rows share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Writes {
    /// Nothing: other workers may be at the same section, with rows of their own.
    Rows,
    /// Sums over rows, of whose elements every worker of the team has its own.
    Sums,
    /// Everything: nobody else is at it.
    All,
}

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

impl Grid {
    /// Elements of the matrix's value up to its last; `None` if they cannot be counted.
    pub(super) fn end(&self) -> Option<usize> {
        let k = self.k.saturating_sub(1).checked_mul(self.k_stride)?;
        let n = self.n.saturating_sub(1).checked_mul(self.n_stride)?;
        self.start.checked_add(k)?.checked_add(n)?.checked_add(1)
    }

    /// Whether it lies within a product's operands of so many elements.
    pub(super) fn within(&self, depth: usize, width: usize) -> bool {
        let up_to = |offset: usize, count: usize, all: usize| {
            offset.checked_add(count).is_some_and(|end| end <= all)
        };
        up_to(self.k_offset, self.k, depth) && up_to(self.n_offset, self.n, width)
    }
}

/// Where random masks come from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chance<'a> {
    /// Seed while training.
    pub(crate) seed: Option<u64>,
    /// Index in the batch of each row, so that masks do not depend on how a batch is split.
    pub(crate) batch: &'a [usize],
}
