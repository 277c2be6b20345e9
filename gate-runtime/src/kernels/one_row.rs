//! Maps of a single row, whose work is no more than a few calls cost.
//!
//! Takes: where the first unit of each input and of each result is. Gives: the results, by the kernel
//! of whole lines, which knows of no rows, strides or scalars; where there are any, or less than a
//! line, by that of all maps (see `lanes`).

use super::LINE;
use super::float::Float;
use super::isa::Isa;
use super::lanes::{self, Grid, View};
use super::real::Map;
use super::whole::{self, Whole};

/// A map of one row, settled before its operands are known.
#[derive(Clone, Copy)]
pub(super) struct RowMap<A, const I: usize> {
    way: Way<A>,
    units: usize,
    /// Elements between the units of each input.
    strides: [usize; I],
    /// No result is an input: a unit may be computed twice.
    apart: bool,
}

#[derive(Clone, Copy)]
enum Way<A> {
    Whole(Whole<A>),
    Lanes(lanes::Kernel<A>),
}

impl<A: Float, const I: usize> RowMap<A, I> {
    /// The map `M` of so many units. Strides are 1, or 0 for a scalar; `apart` is set only if no
    /// result is an input.
    pub(super) fn new<M: Map<I, O>, const O: usize>(
        isa: Isa,
        units: usize,
        strides: [usize; I],
        apart: bool,
    ) -> Self {
        let whole = units.is_multiple_of(LINE) || apart && units > LINE;
        let way = match whole && strides.iter().all(|&stride| stride == 1) {
            true => Way::Whole(whole::kernel::<A, M, I, O>(isa)),
            false => Way::Lanes(lanes::kernel::<A, M, I, O>(isa)),
        };
        RowMap {
            way,
            units,
            strides,
            apart,
        }
    }

    /// Computes it.
    ///
    /// # Safety
    /// It is of a map with `O` results, and the processor has its instruction set. Inputs are
    /// readable and results writable at all units; results overlap neither each other nor inputs at
    /// other positions.
    #[inline(always)]
    pub(super) unsafe fn run<const O: usize>(&self, from: &[*const A; I], to: &[*mut A; O]) {
        // SAFETY: the caller's contract; `new` chose a kernel for these units and strides.
        unsafe {
            match self.way {
                Way::Whole(kernel) => kernel(from.as_ptr(), to.as_ptr(), self.units),
                Way::Lanes(kernel) => {
                    let inputs: [View<A>; I] =
                        std::array::from_fn(|i| View::row(from[i].cast_mut(), self.strides[i]));
                    let outputs: [View<A>; O] = std::array::from_fn(|o| View::row(to[o], 1));
                    let grid = Grid::row(self.units, self.apart);
                    kernel(&grid, inputs.as_ptr(), outputs.as_ptr());
                }
            }
        }
    }
}
