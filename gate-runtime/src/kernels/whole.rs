//! The kernel of maps and of stages: rows of whole lines of adjacent units, compiled for each
//! instruction set.
//!
//! Takes: where each input and each result begins, how many units, and how many rows. It is
//! instantiated in users' crates, once per map and instruction set, and thus knows of little else:
//! strides and parts of a line are `lanes`', and so are the lines that scalars stand in.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use super::LINE;
use super::evaluate::{Pending, evaluate};
use super::float::Float;
use super::isa::instances;
use super::real::{Map, Real};
use super::vector::Vector;

/// The rows that a kernel walks.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    /// At least one.
    pub(super) count: usize,
    /// Add to the results instead of setting them.
    pub(super) sum: bool,
    /// Elements between the rows of each input and of each result; not read for a single row.
    pub(super) inputs: *const usize,
    pub(super) outputs: *const usize,
    /// For each input all bits, or none for a scalar, which stands in a line that is read at every
    /// unit; null if there are no scalars.
    pub(super) masks: *const usize,
}

impl Rows {
    /// A single row, whose results are set.
    pub(super) const ONE: Rows = Rows {
        count: 1,
        sum: false,
        inputs: std::ptr::null(),
        outputs: std::ptr::null(),
        masks: std::ptr::null(),
    };
}

/// A compiled map: the places of inputs and of results in the first row, how many units, and the
/// rows.
///
/// # Safety
/// There are as many places, and strides of more than one row, and masks if there are any, as the map
/// has inputs and results.
/// All units of all rows are readable and writable there, results readable too if they are added to;
/// results overlap neither each other nor inputs at other positions. The units are whole lines, or
/// more than one line; in the second case no result is an input, nor added to. The processor has the
/// instruction set.
pub type Compiled<A> = unsafe fn(*const *const A, *const *mut A, usize, &Rows);

/// The kernel: a line at a time; a row's last units are a whole line, some of it again.
///
/// # Safety
/// As [`Compiled`] says, for `V`'s instruction set.
#[inline(always)]
unsafe fn lines<A: Float, V, F: Map<I, O>, const I: usize, const O: usize>(
    from: *const *const A,
    to: *const *mut A,
    units: usize,
    rows: &Rows,
) where
    V: Vector<Number = A> + Real,
{
    // SAFETY: there are I and O places, and lines up to `units` exist at each, in every row.
    unsafe {
        let mut from = *from.cast::<[*const A; I]>();
        let mut to = *to.cast::<[*mut A; O]>();
        let mut pending = Pending::<A, V, O>::NONE;
        let mut left = rows.count;
        loop {
            let mut unit = 0;
            while unit < units {
                if units - unit < LINE {
                    unit = units - LINE;
                }
                let (mut line, mut results) = (from, to);
                if rows.masks.is_null() {
                    for i in 0..I {
                        line[i] = from[i].add(unit);
                    }
                } else {
                    for i in 0..I {
                        line[i] = from[i].add(unit & *rows.masks.add(i));
                    }
                }
                for o in 0..O {
                    results[o] = to[o].add(unit);
                }
                if F::LATE == 0 {
                    evaluate::<A, V, F, I, O>(&line, &results, rows.sum);
                } else {
                    pending.evaluate::<F, I>(&line, &results, rows.sum);
                }
                unit += LINE;
            }
            left -= 1;
            if left == 0 {
                break;
            }
            for i in 0..I {
                from[i] = from[i].wrapping_add(*rows.inputs.add(i));
            }
            for o in 0..O {
                to[o] = to[o].wrapping_add(*rows.outputs.add(o));
            }
        }
        if F::LATE != 0 {
            pending.finish::<F, I>(rows.sum);
        }
    }
}

instances! {
    /// The instance of a map for an instruction set.
    pub(super) fn kernel<A, F: Map, I, O>(
        from: *const *const A, to: *const *mut A, units: usize, rows: &Rows
    ) -> Compiled<A> = lines with Halves
}
