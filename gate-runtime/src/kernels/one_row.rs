//! Maps of a single row, whose work is no more than a few calls cost.
//!
//! Takes: where the first unit of each input and of each result is. Gives: the results, by the map's
//! kernel itself where there are whole lines; else as every map is walked (see `lanes`).

use std::mem::MaybeUninit;

use super::LINE;
use super::float::Float;
use super::lanes::{Grid, Room, View, Walk};
use super::whole::{Compiled, Rows};

/// A map of one row, settled before its operands are known.
#[derive(Clone, Copy)]
pub(super) struct RowMap<A, const I: usize> {
    kernel: Compiled<A>,
    way: Way,
    units: usize,
    /// All bits of each input, or none of a scalar.
    masks: [usize; I],
    /// No result is an input: a unit may be computed twice.
    apart: bool,
}

/// How a kernel gets its operands.
#[derive(Clone, Copy)]
enum Way {
    /// As they are.
    Whole,
    /// Scalars in lines.
    Scalars,
    /// As those of every map.
    Walk,
}

/// Lines on boundaries of cache lines.
#[repr(C, align(64))]
struct Lines<A, const N: usize>([MaybeUninit<[A; LINE]>; N]);

impl<A: Float, const I: usize> RowMap<A, I> {
    /// The map of a kernel, of so many units. Strides are 1, or 0 for a scalar; `apart` is set only
    /// if no result is an input.
    pub(super) fn new(kernel: Compiled<A>, units: usize, strides: [usize; I], apart: bool) -> Self {
        let whole = units.is_multiple_of(LINE) || apart && units > LINE;
        let way = match (whole, strides.iter().all(|&stride| stride == 1)) {
            (true, true) => Way::Whole,
            (true, false) => Way::Scalars,
            (false, _) => Way::Walk,
        };
        RowMap {
            kernel,
            way,
            units,
            masks: strides.map(usize::wrapping_neg),
            apart,
        }
    }

    /// Its kernel.
    pub(super) fn kernel(&self) -> Compiled<A> {
        self.kernel
    }

    /// Computes it.
    ///
    /// # Safety
    /// Its kernel is of a map with `I` inputs and `O` results, and the processor has its instruction
    /// set. Inputs are readable and results writable at all units; results overlap neither each other
    /// nor inputs at other positions.
    #[inline(always)]
    pub(super) unsafe fn run<const O: usize>(&self, from: &[*const A; I], to: &[*mut A; O]) {
        // SAFETY: the caller's contract; `new` looked at units and strides.
        unsafe {
            match self.way {
                Way::Whole => (self.kernel)(from.as_ptr(), to.as_ptr(), self.units, &Rows::ONE),
                Way::Scalars => self.beside_scalars(from, to.as_ptr()),
                Way::Walk => self.walk(from, to),
            }
        }
    }

    /// The same, with scalars among the inputs of whole lines.
    ///
    /// # Safety
    /// As [`run`](Self::run).
    #[inline(never)]
    unsafe fn beside_scalars(&self, from: &[*const A; I], to: *const *mut A) {
        let mut lines = Lines([const { MaybeUninit::uninit() }; I]);
        let mut places = *from;
        for (i, line) in lines.0.iter_mut().enumerate() {
            if self.masks[i] == 0 {
                // SAFETY: a scalar is readable.
                places[i] = line.write([unsafe { *from[i] }; LINE]).as_ptr();
            }
        }
        let rows = Rows {
            masks: self.masks.as_ptr(),
            ..Rows::ONE
        };
        // SAFETY: the caller's contract; scalars stand in lines.
        unsafe { (self.kernel)(places.as_ptr(), to, self.units, &rows) };
    }

    /// The same, where there are parts of lines.
    ///
    /// # Safety
    /// As [`run`](Self::run).
    #[inline(never)]
    unsafe fn walk<const O: usize>(&self, from: &[*const A; I], to: &[*mut A; O]) {
        let (mut inputs, mut outputs) = ([View::EMPTY; I], [View::EMPTY; O]);
        for (i, view) in inputs.iter_mut().enumerate() {
            *view = View::row(from[i].cast_mut(), self.masks[i] & 1);
        }
        for (o, view) in outputs.iter_mut().enumerate() {
            *view = View::row(to[o], 1);
        }
        let mut room = Room::<A, I, O>::new();
        let mut job = Walk {
            kernel: self.kernel,
            grid: Grid::row(self.units, self.apart),
            inputs: &inputs,
            outputs: &outputs,
            room: &mut room.spaces(),
        };
        // SAFETY: the caller's contract is the same.
        unsafe { A::walk(&mut job) }
    }
}
