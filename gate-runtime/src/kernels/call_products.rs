//! Products and stages: a third part of [`Kernel`]'s methods; see `call`.
//!
//! With one row, whose work is no more than a few calls cost, everything that does not change
//! from step to step is settled when the call is made.

use std::ops::Range;

use super::call::{Kernel, PRODUCTS};
use super::lanes::{self, Grid, View};
use super::map::{Operand, Target};
use super::pack::Packed;
use super::plan::{Moving, Now};
use super::product::{Scratch, product_columns};
use super::real::Map;
use super::row::RowProduct;
use super::stage::{StageProduct, stage_units};
use super::{Float, Isa, LINE};

/// Bytes of scratch for the results of one row; wider rows take the general way.
const SCRATCH: usize = 8 * 1024;

/// A left operand with its weights.
#[derive(Clone, Copy)]
struct Factor<A> {
    left: Moving<A>,
    weights: *const Packed<A>,
    row: RowProduct<A>,
}

/// An operand of an element-wise function.
#[derive(Clone, Copy)]
pub(super) struct Input<A> {
    pub(super) place: Moving<A>,
    /// 1, or 0 for one scalar per row.
    pub(super) unit: usize,
}

impl<A: Float> Input<A> {
    pub(super) const NONE: Input<A> = Input {
        place: Moving::NONE,
        unit: 0,
    };

    /// From a unit on.
    #[inline(always)]
    pub(super) fn operand(&self, now: Now, unit: usize) -> Operand<A> {
        Operand {
            ptr: self.place.at(now).wrapping_add(unit * self.unit),
            row: self.place.row(),
            unit: self.unit,
        }
    }

    #[inline(always)]
    fn view(&self, now: Now, unit: usize) -> View<A> {
        let Operand { ptr, row, unit } = self.operand(now, unit);
        View {
            ptr: ptr.cast_mut(),
            row,
            unit,
        }
    }
}

/// A stage with its operands.
#[derive(Clone, Copy)]
struct Stage<A: Float, const I: usize, const O: usize> {
    isa: Isa,
    width: usize,
    /// Those that this worker computes.
    units: (usize, usize),
    kernel: lanes::Kernel<A>,
    factors: [Factor<A>; PRODUCTS],
    products: usize,
    inputs: [Input<A>; I],
    /// How many of them there are; the products give the function's other arguments.
    given: usize,
    outputs: [Moving<A>; O],
    /// Whether the products of one row fit into the scratch.
    short: bool,
    /// Whether no result is an operand.
    apart: bool,
}

impl<A: Float, const I: usize, const O: usize> Stage<A, I, O> {
    /// All rows.
    ///
    /// # Safety
    /// The places are those of memory that stands still, and hold `now.rows` rows; no result
    /// overlaps a left operand.
    #[inline]
    unsafe fn run<M: Map<I, O>>(&self, now: Now) {
        // SAFETY: the caller's contract is the same.
        unsafe {
            if now.rows == 1 && self.short {
                return self.run_row(now);
            }
            let one = |factor: &Factor<A>| StageProduct {
                left: factor.left.at(now).cast_const(),
                left_row: factor.left.row(),
                weights: &*factor.weights,
            };
            let mut list = [one(&self.factors[0]); PRODUCTS];
            for (entry, factor) in list.iter_mut().zip(&self.factors[..self.products]) {
                *entry = one(factor);
            }
            let mut operands = [Input::NONE.operand(now, 0); I];
            for (operand, input) in operands.iter_mut().zip(&self.inputs) {
                *operand = input.operand(now, 0);
            }
            let targets: [Target<A>; O] = std::array::from_fn(|o| self.outputs[o].target(now));
            let (list, operands) = (&list[..self.products], &operands[..self.given]);
            let (isa, width, units) = (self.isa, self.width, self.units.0..self.units.1);
            stage_units::<A, M, I, O>(isa, now.rows, width, units, list, operands, &targets);
        }
    }

    /// One row of this worker's units.
    ///
    /// # Safety
    /// As [`Stage::run`].
    unsafe fn run_row(&self, now: Now) {
        let mut scratch = Scratch::<SCRATCH>::new();
        let mut at = scratch.as_mut_ptr::<A>();
        let mut views = [View::EMPTY; I];
        let mut next = 0;
        // SAFETY: the products' results fit into the scratch (`short`), and the views are those
        // of the caller's operands.
        unsafe {
            for factor in &self.factors[..self.products] {
                A::multiply_row(self.isa, &factor.row, factor.left.at(now), at);
                for group in 0..factor.row.groups() {
                    views[next] = View {
                        ptr: at.add(group * factor.row.group()),
                        row: 0,
                        unit: 1,
                    };
                    next += 1;
                }
                at = at.add(factor.row.elements());
            }
            for (view, input) in views[next..].iter_mut().zip(&self.inputs) {
                *view = input.view(now, self.units.0);
            }
            let outputs: [View<A>; O] = std::array::from_fn(|o| View {
                ptr: self.outputs[o].at(now).wrapping_add(self.units.0),
                row: 0,
                unit: 1,
            });
            let grid = Grid {
                rows: (0, 1),
                units: (0, self.units.1 - self.units.0),
                adjacent: true,
                sum: false,
                apart: self.apart,
            };
            (self.kernel)(&grid, views.as_ptr(), outputs.as_ptr());
        }
    }
}

impl<A: Float> Kernel<'_, A> {
    /// Products, and a fused function of their parts and of further operands.
    pub fn stage<M: Map<I, O>, const I: usize, const O: usize>(
        &mut self,
        products: &[(usize, usize)],
        inputs: &[usize],
        outputs: &[usize; O],
    ) {
        let Some(&first) = outputs.first() else {
            return;
        };
        assert!(
            !products.is_empty() && products.len() <= PRODUCTS && inputs.len() <= I,
            "a stage's operands"
        );
        let width = self.width(first);
        let granules = products.iter().map(|&(_, w)| self.weights[w].granule());
        let units = self.share(width, granules.max().unwrap_or(LINE));
        let mut factors = [self.factor(products[0], width, &units); PRODUCTS];
        for (factor, &product) in factors.iter_mut().zip(products).skip(1) {
            *factor = self.factor(product, width, &units);
        }
        let rows = factors[..products.len()].iter().map(|f| f.row);
        let groups: usize = rows.clone().map(|row| row.groups()).sum();
        assert!(groups + inputs.len() == I, "a stage's operands");
        let elements: usize = rows.map(|row| row.elements()).sum();
        let mut given = [Input::NONE; I];
        for (input, &slot) in given.iter_mut().zip(inputs) {
            *input = self.input(slot, width);
        }
        let results: [Moving<A>; O] = std::array::from_fn(|o| self.whole(outputs[o], width));
        let read = |result: &Moving<A>| given.iter().any(|input| input.place.same(result));
        let apart = !results.iter().any(read);
        let call = Stage {
            isa: self.isa,
            width,
            units: (units.start, units.end),
            kernel: lanes::kernel::<A, M, I, O>(self.isa),
            factors,
            products: products.len(),
            inputs: given,
            given: inputs.len(),
            outputs: results,
            apart,
            short: !units.is_empty() && elements * size_of::<A>() <= SCRATCH,
        };
        // SAFETY: the checks of places and sizes above; results never overlap a left operand,
        // which is a value of another step or section.
        self.issue(move |now| unsafe { call.run::<M>(now) });
        self.meet();
    }

    /// One product of a stage whose function has `width` units, of which this worker has some.
    fn factor(
        &self,
        (left, weight): (usize, usize),
        width: usize,
        units: &Range<usize>,
    ) -> Factor<A> {
        let weights = &self.weights[weight];
        assert!(
            self.width(left) == weights.depth() && weights.width() == width,
            "operands of the weights' sizes"
        );
        Factor {
            left: self.moving(left),
            weights,
            row: RowProduct::new(weights, units.clone()),
        }
    }

    /// `out = left · weights`, or `+=`.
    pub fn product(&mut self, left: usize, weight: usize, out: usize, add: bool) {
        let weights = &self.weights[weight];
        assert!(
            self.width(left) == weights.depth() && self.width(out) == weights.width(),
            "operands of the weights' sizes"
        );
        assert!(weights.groups() == 1, "a product of interleaved weights");
        let columns = self.share(weights.width(), weights.granule());
        let (start, end, width) = (columns.start, columns.end, columns.len());
        let (isa, row) = (self.isa, RowProduct::new(weights, columns));
        let (from, to) = (self.moving(left), self.moving(out));
        let weights: *const Packed<A> = weights;
        let short = !add && width > 0 && row.elements() * size_of::<A>() <= SCRATCH;
        self.issue(move |now| {
            let (left, out) = (from.at(now).cast_const(), to.at(now));
            // SAFETY: the checks above; weights stand still as long as places do.
            unsafe {
                match now.rows {
                    1 if short && row.elements() == width => {
                        A::multiply_row(isa, &row, left, out.add(start));
                    }
                    1 if short => {
                        let mut scratch = Scratch::<SCRATCH>::new();
                        let line = scratch.as_mut_ptr::<A>();
                        A::multiply_row(isa, &row, left, line);
                        std::ptr::copy_nonoverlapping(line, out.add(start), width);
                    }
                    rows => {
                        let (left_row, out_row) = (from.row(), to.row());
                        let (weights, columns) = (&*weights, start..end);
                        product_columns(
                            isa, rows, left, left_row, weights, columns, out, out_row, add,
                        );
                    }
                }
            }
        });
        self.meet();
    }
}
