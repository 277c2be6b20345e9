//! The kernel of maps and of stages: the loop over lanes, compiled for each instruction set.
//!
//! It is instantiated in users' crates, once per map and instruction set, and thus kept small.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use std::mem::MaybeUninit;

use super::evaluate::{Pending, evaluate};
use super::float::Float;
use super::isa::{Isa, instances};
use super::real::{Map, Real};
use super::vector::Vector;
use super::whole;
use super::{LINE, copy_some};

/// An operand or target as the kernel walks it: the element at (r, u) is at
/// `ptr + r · row + u · unit`, wrapping around.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<A> {
    pub(super) ptr: *mut A,
    pub(super) row: usize,
    pub(super) unit: usize,
}

impl<A> View<A> {
    pub(super) const EMPTY: View<A> = View {
        ptr: std::ptr::null_mut(),
        row: 0,
        unit: 0,
    };

    /// A single row.
    #[inline(always)]
    pub(super) fn row(ptr: *mut A, unit: usize) -> View<A> {
        View { ptr, row: 0, unit }
    }

    #[inline(always)]
    fn at(&self, row: usize, unit: usize) -> *mut A {
        let row = self.ptr.wrapping_add(row.wrapping_mul(self.row));
        row.wrapping_add(unit.wrapping_mul(self.unit))
    }
}

/// The positions that a kernel walks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) rows: (usize, usize),
    pub(super) units: (usize, usize),
    /// No operand has a unit stride above 1, and every target has 1.
    pub(super) adjacent: bool,
    /// Add to the outputs instead of setting them.
    pub(super) sum: bool,
    /// No output is an input: a position may be computed twice.
    pub(super) apart: bool,
}

impl Grid {
    /// A single row of so many units, of operands without a unit stride above 1.
    #[inline(always)]
    pub(super) fn row(units: usize, apart: bool) -> Grid {
        Grid {
            rows: (0, 1),
            units: (0, units),
            adjacent: true,
            sum: false,
            apart,
        }
    }
}

/// Whether no output is an input; operands and targets either coincide or do not overlap.
pub(super) fn apart<A>(inputs: &[View<A>], outputs: &[View<A>]) -> bool {
    let read = |output: &View<A>| inputs.iter().any(|input| input.ptr == output.ptr);
    !outputs.iter().any(read)
}

/// A compiled map: grid, inputs, outputs.
///
/// # Safety
/// There are as many views as the map has inputs and outputs, and the grid has units. At all its
/// positions inputs are readable and outputs writable, readable too if they are added to; outputs
/// overlap neither each other nor inputs at other positions. `adjacent` and `apart` are set only if
/// they are true. The processor has the instruction set.
pub(super) type Kernel<A> = unsafe fn(&Grid, *const View<A>, *const View<A>);

/// Local lines on boundaries of cache lines, so that no register is loaded from two of them.
#[repr(C, align(64))]
struct Lines<A, const N: usize>([[A; LINE]; N]);

/// Copies n ≤ `LINE` units of every input that has units to its own line; the rest is 0.
///
/// # Safety
/// The views are readable there; `lines` is writable at as many lines, and overlaps none of them.
#[inline(never)]
unsafe fn stage_inputs<A: Float>(
    views: &[View<A>],
    (row, unit): (usize, usize),
    n: usize,
    lines: *mut [A; LINE],
) {
    for (i, view) in views.iter().enumerate().filter(|(_, view)| view.unit != 0) {
        let from = view.at(row, unit);
        // SAFETY: there are as many lines as views, and n units at this stride.
        unsafe {
            let line = lines.add(i);
            *line = [A::ZERO; LINE];
            if view.unit == 1 && n < LINE {
                copy_some(from, line.cast(), n);
            } else {
                for l in 0..n {
                    *line.cast::<A>().add(l) = *from.wrapping_add(l * view.unit);
                }
            }
        }
    }
}

/// Writes n ≤ `LINE` units of every output, or adds them in ascending order.
///
/// # Safety
/// The views are writable there, with `sum` readable too, and do not overlap `lines`.
#[inline(never)]
unsafe fn store_outputs<A: Float>(
    views: &[View<A>],
    (row, unit): (usize, usize),
    n: usize,
    sum: bool,
    lines: *const [A; LINE],
) {
    for (o, view) in views.iter().enumerate() {
        let to = view.at(row, unit);
        // SAFETY: there are as many lines as views, and n units at this stride.
        unsafe {
            let line = lines.add(o).cast::<A>();
            if !sum && view.unit == 1 && n < LINE {
                copy_some(line, to, n);
                continue;
            }
            for l in 0..n {
                let (element, to) = (*line.add(l), to.wrapping_add(l * view.unit));
                *to = if sum { *to + element } else { element };
            }
        }
    }
}

/// The kernel: a line at a time, of each register all loads before its stores.
///
/// Whole lines of adjacent units are read where they are; everything else goes through `near`,
/// as do scalars of a row.
///
/// # Safety
/// As [`Kernel`] says, for `V`'s instruction set.
#[inline(always)]
unsafe fn lines<A: Float, V, F: Map<I, O>, const I: usize, const O: usize>(
    grid: &Grid,
    inputs: *const View<A>,
    outputs: *const View<A>,
) where
    V: Vector<Number = A> + Real,
{
    // SAFETY: there are I and O views, and what they view exists on the grid.
    unsafe {
        let inputs = &*inputs.cast::<[View<A>; I]>();
        let outputs = &*outputs.cast::<[View<A>; O]>();
        let mut near = MaybeUninit::<Lines<A, I>>::uninit();
        let near = near.as_mut_ptr().cast::<[A; LINE]>();
        let mut far = MaybeUninit::<Lines<A, O>>::uninit();
        let far = far.as_mut_ptr().cast::<[A; LINE]>();
        let first = grid.units.0;
        let units = grid.units.1 - first;
        // Where a row's first units are; scalars of a row stand in `near`, and stay there.
        let mut from = [std::ptr::null::<A>(); I];
        let mut to = [std::ptr::null_mut::<A>(); O];
        for i in 0..I {
            from[i] = inputs[i].ptr;
        }
        for o in 0..O {
            to[o] = outputs[o].ptr;
        }
        if grid.rows.0 != 0 || first != 0 {
            for i in 0..I {
                from[i] = inputs[i].at(grid.rows.0, first);
            }
            for o in 0..O {
                to[o] = outputs[o].at(grid.rows.0, first);
            }
        }
        let mut masks = [0usize; I];
        for i in 0..I {
            masks[i] = inputs[i].unit.wrapping_neg();
        }
        let whole = if grid.adjacent {
            units - units % LINE
        } else {
            0
        };
        // The last units in a whole line, some of it again, cost less than in pieces.
        let again = grid.apart && grid.adjacent && !grid.sum && units > LINE;
        let mut pending = Pending::<A, V, O>::NONE;
        for r in grid.rows.0..grid.rows.1 {
            let mut at = from;
            for i in 0..I {
                if inputs[i].unit == 0 {
                    *near.add(i) = [*from[i]; LINE];
                    at[i] = near.add(i).cast();
                }
            }
            let mut unit = 0;
            while unit < whole || (again && unit < units) {
                if unit == whole {
                    unit = units - LINE;
                }
                let mut line = at;
                for i in 0..I {
                    line[i] = at[i].add(unit & masks[i]);
                }
                let mut results = to;
                for o in 0..O {
                    results[o] = to[o].add(unit);
                }
                if F::LATE == 0 {
                    evaluate::<A, V, F, I, O>(&line, &results, grid.sum);
                } else {
                    pending.evaluate::<F, I>(&line, &results, grid.sum);
                }
                unit += LINE;
            }
            while unit < units {
                let rest = if units - unit < LINE {
                    units - unit
                } else {
                    LINE
                };
                stage_inputs(inputs, (r, first + unit), rest, near);
                let mut line = at;
                for i in 0..I {
                    line[i] = near.add(i).cast();
                }
                let mut results = to;
                for o in 0..O {
                    results[o] = far.add(o).cast();
                }
                let map = whole::kernel::<A, F, I, O>(const { Isa::of::<V>() });
                map(line.as_ptr(), results.as_ptr(), LINE);
                store_outputs(outputs, (r, first + unit), rest, grid.sum, far);
                unit += LINE;
            }
            if r + 1 < grid.rows.1 {
                for i in 0..I {
                    from[i] = from[i].wrapping_add(inputs[i].row);
                }
                for o in 0..O {
                    to[o] = to[o].wrapping_add(outputs[o].row);
                }
            }
        }
        if F::LATE != 0 {
            pending.finish::<F, I>(grid.sum);
        }
    }
}

instances! {
    /// The instance of a map for an instruction set.
    pub(super) fn kernel<A, F: Map, I, O>(
        grid: &Grid, inputs: *const View<A>, outputs: *const View<A>
    ) -> Kernel<A> = lines with Halves
}
