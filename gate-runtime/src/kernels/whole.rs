//! Maps of whole lines of adjacent units, one after the other: no rows, strides or scalars.
//!
//! Takes: where each input and each result begins, and how many units. It is instantiated in users'
//! crates, as `lanes` is.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use super::LINE;
use super::evaluate::{Pending, evaluate};
use super::float::Float;
use super::isa::instances;
use super::real::{Map, Real};
use super::vector::Vector;

/// A compiled map of whole lines: the places of inputs and of results, and how many units.
///
/// # Safety
/// There are as many places as the map has inputs and results. All units are readable and writable
/// there; results overlap neither each other nor inputs at other positions. The units are whole
/// lines, or more than one line, and then no result is an input. The processor has the instruction
/// set.
pub(super) type Whole<A> = unsafe fn(*const *const A, *const *mut A, usize);

/// The kernel: a line at a time; the last units are a whole line, some of it again.
///
/// # Safety
/// As [`Whole`] says, for `V`'s instruction set.
#[inline(always)]
unsafe fn lines<A: Float, V, F: Map<I, O>, const I: usize, const O: usize>(
    from: *const *const A,
    to: *const *mut A,
    units: usize,
) where
    V: Vector<Number = A> + Real,
{
    // SAFETY: there are I and O places, and lines up to `units` exist at each.
    unsafe {
        let from = *from.cast::<[*const A; I]>();
        let to = *to.cast::<[*mut A; O]>();
        let mut pending = Pending::<A, V, O>::NONE;
        for unit in (0..units).step_by(LINE) {
            let unit = if units - unit < LINE {
                units - LINE
            } else {
                unit
            };
            let (mut line, mut results) = (from, to);
            for i in 0..I {
                line[i] = from[i].add(unit);
            }
            for o in 0..O {
                results[o] = to[o].add(unit);
            }
            if F::LATE == 0 {
                evaluate::<A, V, F, I, O>(&line, &results, false);
            } else {
                pending.evaluate::<F, I>(&line, &results, false);
            }
        }
        if F::LATE != 0 {
            pending.finish::<F, I>(false);
        }
    }
}

instances! {
    /// The instance of a map of whole lines for an instruction set.
    pub(super) fn kernel<A, F: Map, I, O>(
        from: *const *const A, to: *const *mut A, units: usize
    ) -> Whole<A> = lines with Halves
}
