//! How a map walks its operands: rows, strides, scalars, and parts of lines.
//!
//! Takes: views of inputs and results, and a map's kernel, which knows of rows of whole lines alone
//! (see `whole`). Gives: the results everywhere. None of this depends on the map: it is compiled
//! once.

use std::mem::MaybeUninit;

use super::float::Float;
use super::scratch::Scratch;
use super::whole::{Compiled, Rows};
use super::{LINE, copy_some};

/// Bytes of scratch for the lines that scalars of some rows stand in.
const SCALARS: usize = 8 * 1024;

/// An operand or target as it is walked: the element at (r, u) is at
/// `ptr + r · row + u · unit`, wrapping around.
#[derive(Clone, Copy, Debug)]
pub struct View<A> {
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

/// The positions that are walked.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
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

/// Room for what stands for the operands of a map: a line for each, and where it is.
#[repr(C, align(64))]
pub(super) struct Room<A, const I: usize, const O: usize> {
    near: [MaybeUninit<[A; LINE]>; I],
    far: [MaybeUninit<[A; LINE]>; O],
    from: [*const A; I],
    to: [*mut A; O],
    input_rows: [usize; I],
    output_rows: [usize; O],
    masks: [usize; I],
}

impl<A, const I: usize, const O: usize> Room<A, I, O> {
    #[inline]
    pub(super) fn new() -> Self {
        Room {
            near: [const { MaybeUninit::uninit() }; I],
            far: [const { MaybeUninit::uninit() }; O],
            from: [std::ptr::null(); I],
            to: [std::ptr::null_mut(); O],
            input_rows: [0; I],
            output_rows: [0; O],
            masks: [usize::MAX; I],
        }
    }

    #[inline]
    pub(super) fn spaces(&mut self) -> Spaces<'_, A> {
        Spaces {
            near: &mut self.near,
            far: &mut self.far,
            from: &mut self.from,
            to: &mut self.to,
            input_rows: &mut self.input_rows,
            output_rows: &mut self.output_rows,
            masks: &mut self.masks,
        }
    }
}

/// A [`Room`] of any numbers.
pub struct Spaces<'a, A> {
    near: &'a mut [MaybeUninit<[A; LINE]>],
    far: &'a mut [MaybeUninit<[A; LINE]>],
    from: &'a mut [*const A],
    to: &'a mut [*mut A],
    input_rows: &'a mut [usize],
    output_rows: &'a mut [usize],
    masks: &'a mut [usize],
}

/// Copies n ≤ `LINE` units of every input to its own line; the rest is 0. A scalar fills its line.
///
/// # Safety
/// The views are readable there; `lines` is writable at as many lines, and overlaps none of them.
unsafe fn stage_inputs<A: Float>(
    views: &[View<A>],
    (row, unit): (usize, usize),
    n: usize,
    lines: *mut [A; LINE],
) {
    for (i, view) in views.iter().enumerate() {
        let from = view.at(row, unit);
        // SAFETY: there are as many lines as views, and n units at this stride.
        unsafe {
            let line = lines.add(i);
            if view.unit == 0 {
                *line = [*from; LINE];
                continue;
            }
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

/// A map's kernel, and what it is run on.
pub struct Walk<'a, 'r, A> {
    pub(super) kernel: Compiled<A>,
    pub(super) grid: Grid,
    pub(super) inputs: &'a [View<A>],
    pub(super) outputs: &'a [View<A>],
    pub(super) room: &'a mut Spaces<'r, A>,
}

/// Runs a map's kernel on a grid.
///
/// # Safety
/// There are as many views, and room for as many, as the map has inputs and outputs, and the grid
/// has units. At all its positions inputs are readable and outputs writable, readable too if they are
/// added to; outputs overlap neither each other nor inputs at other positions. `adjacent` and `apart`
/// are set only if they are true. The processor has the kernel's instruction set.
pub(super) unsafe fn walk<A: Float>(job: &mut Walk<'_, '_, A>) {
    let Grid { rows, units, .. } = job.grid;
    let units = units.1 - units.0;
    // The last units in a whole line, some of it again, cost less than in pieces.
    let whole = match job.grid.adjacent {
        true if job.grid.apart && !job.grid.sum && units > LINE => units,
        true => units - units % LINE,
        false => 0,
    };
    // SAFETY: the caller's contract is the same.
    unsafe {
        if whole > 0 {
            match job.inputs.iter().any(|input| input.unit == 0) {
                true => job.beside_scalars(whole),
                false => job.rows(rows.0, rows.1 - rows.0, whole, false),
            }
        }
        if whole < units {
            job.parts(whole, units);
        }
    }
}

impl<A: Float> Walk<'_, '_, A> {
    /// So many units of so many rows, from a row on. Scalars, if there are any, stand in lines at
    /// `room.from`.
    ///
    /// # Safety
    /// As [`walk`]; these are whole lines, or more than one and `grid.apart` without a sum.
    unsafe fn rows(&mut self, row: usize, count: usize, units: usize, scalars: bool) {
        let unit = self.grid.units.0;
        let from = self.room.from.iter_mut().zip(&mut *self.room.input_rows);
        for ((from, stride), view) in from.zip(self.inputs).filter(|(_, view)| view.unit != 0) {
            (*from, *stride) = (view.at(row, unit), view.row);
        }
        let to = self.room.to.iter_mut().zip(&mut *self.room.output_rows);
        for ((to, stride), view) in to.zip(self.outputs) {
            (*to, *stride) = (view.at(row, unit), view.row);
        }
        let rows = Rows {
            count,
            sum: self.grid.sum,
            inputs: self.room.input_rows.as_ptr(),
            outputs: self.room.output_rows.as_ptr(),
            masks: match scalars {
                true => self.room.masks.as_ptr(),
                false => std::ptr::null(),
            },
        };
        // SAFETY: the caller's contract.
        unsafe { (self.kernel)(self.room.from.as_ptr(), self.room.to.as_ptr(), units, &rows) };
    }

    /// So many units of every row, with scalars among the inputs: those of as many rows as there is
    /// scratch for, or of one in their room, stand in a line each.
    ///
    /// # Safety
    /// As [`Walk::rows`].
    unsafe fn beside_scalars(&mut self, units: usize) {
        let scalars = self.inputs.iter().filter(|view| view.unit == 0).count();
        let (first, end) = self.grid.rows;
        let most = SCALARS / (scalars * LINE * size_of::<A>());
        let mut scratch = Scratch::<SCALARS>::new();
        let lines = match most {
            0 => self.room.near.as_mut_ptr().cast::<[A; LINE]>(),
            _ => scratch.as_mut_ptr(),
        };
        let each = most.clamp(1, end - first);
        for row in (first..end).step_by(each) {
            let count = each.min(end - row);
            let mut next = lines;
            for (i, view) in self.inputs.iter().enumerate().filter(|(_, v)| v.unit == 0) {
                self.room.from[i] = next.cast();
                self.room.masks[i] = 0;
                let own = if view.row == 0 { 1 } else { count };
                self.room.input_rows[i] = if view.row == 0 { 0 } else { LINE };
                for row in row..row + own {
                    // SAFETY: the scalar is readable, and there is room for so many lines.
                    unsafe {
                        *next = [*view.at(row, 0); LINE];
                        next = next.add(1);
                    }
                }
            }
            // SAFETY: the caller's contract; scalars stand in lines.
            unsafe { self.rows(row, count, units, true) };
        }
    }

    /// The units from `whole` on of every row, a line at a time, copied there and back.
    ///
    /// # Safety
    /// As [`walk`].
    unsafe fn parts(&mut self, whole: usize, units: usize) {
        let near = self.room.near.as_mut_ptr().cast::<[A; LINE]>();
        let far = self.room.far.as_mut_ptr().cast::<[A; LINE]>();
        for (i, from) in self.room.from.iter_mut().enumerate() {
            *from = near.wrapping_add(i).cast();
        }
        for (o, to) in self.room.to.iter_mut().enumerate() {
            *to = far.wrapping_add(o).cast();
        }
        for row in self.grid.rows.0..self.grid.rows.1 {
            for unit in (whole..units).step_by(LINE) {
                let at = (row, self.grid.units.0 + unit);
                let n = LINE.min(units - unit);
                // SAFETY: the grid has these units; there is a line for each operand.
                unsafe {
                    stage_inputs(self.inputs, at, n, near);
                    let (from, to) = (self.room.from.as_ptr(), self.room.to.as_ptr());
                    (self.kernel)(from, to, LINE, &Rows::ONE);
                    store_outputs(self.outputs, at, n, self.grid.sum, far);
                }
            }
        }
    }
}
