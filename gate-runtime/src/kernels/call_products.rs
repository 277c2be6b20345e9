//! Products and stages: a third part of [`Kernel`]'s methods; see `call`.
//!
//! With one row, whose work is no more than a few calls cost, everything that does not change
//! from step to step is settled when the call is made.

use std::ops::Range;

use super::call::{Kernel, PRODUCTS};
use super::input::Input;
use super::map::Target;
use super::multiply::Base;
use super::one_row::RowMap;
use super::pack::Packed;
use super::plan::{Moving, Now};
use super::product::{Onto, product_columns};
use super::real::Map;
use super::row::{Ends, RowProduct};
use super::scratch::Scratch;
use super::stage::{StageProduct, add_units, stage_units};
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

/// A value at a step as a base; none if there is no value.
#[inline(always)]
fn base_of<A: Float>(place: &Moving<A>, now: &Now) -> Base<A> {
    match place.is_none() {
        true => Base::ZERO,
        false => Base {
            ptr: place.at(now).cast_const(),
            row: place.row(),
        },
    }
}

/// A stage with its operands.
#[derive(Clone, Copy)]
struct Stage<A: Float, const I: usize, const O: usize> {
    isa: Isa,
    width: usize,
    /// Those that this worker computes.
    units: (usize, usize),
    /// The function for one row.
    map: RowMap<A, I>,
    factors: [Factor<A>; PRODUCTS],
    products: usize,
    /// What the sums of each group stand on.
    bases: [Moving<A>; I],
    /// So many; 0 if it is nothing.
    based: usize,
    inputs: [Input<A>; I],
    /// How many of them there are; the products give the function's other arguments.
    given: usize,
    outputs: [Moving<A>; O],
    /// Whether the products of one row fit into the scratch.
    short: bool,
}

impl<A: Float, const I: usize, const O: usize> Stage<A, I, O> {
    /// All rows.
    ///
    /// # Safety
    /// The places hold `now.rows` rows from `now.first` on, at the step `now`; the weights are still
    /// those of `factors`, and no other worker is at the results' units, or writes an operand.
    #[inline]
    unsafe fn run<M: Map<I, O>>(&self, now: &Now) {
        // SAFETY: the caller's contract is the same.
        unsafe {
            if now.rows == 1 && self.short {
                return self.run_row(now);
            }
            let mut bases = [Base::ZERO; I];
            for (base, place) in bases.iter_mut().zip(&self.bases[..self.based]) {
                *base = base_of(place, now);
            }
            let one = |factor: &Factor<A>, first: usize| StageProduct {
                left: factor.left.at(now).cast_const(),
                left_row: factor.left.row(),
                weights: &*factor.weights,
                bases: match self.based {
                    0 => &[],
                    _ => &bases[first..first + factor.row.groups()],
                },
            };
            let mut list = [one(&self.factors[0], 0); PRODUCTS];
            let mut first = 0;
            for (entry, factor) in list.iter_mut().zip(&self.factors[..self.products]) {
                *entry = one(factor, first);
                first += factor.row.groups();
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
    unsafe fn run_row(&self, now: &Now) {
        let mut scratch = Scratch::<SCRATCH>::new();
        let mut at = scratch.as_mut_ptr::<A>();
        let mut from = [std::ptr::null::<A>(); I];
        let mut next = 0;
        let mut bases = [std::ptr::null::<A>(); I];
        let (first, units) = (self.units.0, self.units.1 - self.units.0);
        // SAFETY: the products' results fit into the scratch (`short`), and the places are those
        // of the caller's operands.
        unsafe {
            for factor in &self.factors[..self.products] {
                let groups = factor.row.groups();
                let mut ends = Ends {
                    left: factor.left.at(now).cast_const(),
                    bases: std::ptr::null(),
                    units,
                    out: at,
                    back: now.back,
                };
                if self.based > 0 {
                    self.row_bases(now, groups, next, &mut bases);
                    ends.bases = bases[next..].as_ptr();
                }
                factor.row.run(&ends);
                if !units.is_multiple_of(LINE) {
                    add_last_line(&factor.row, &bases[next..], &ends);
                }
                for group in 0..groups {
                    from[next] = at.add(group * factor.row.group());
                    next += 1;
                }
                at = at.add(factor.row.elements());
            }
            for (from, input) in from[next..].iter_mut().zip(&self.inputs) {
                *from = input.at(now, first);
            }
            let to: [*mut A; O] =
                std::array::from_fn(|o| self.outputs[o].at(now).wrapping_add(first));
            self.map.run(&from, &to);
        }
    }

    /// The bases of one product's groups, the first of which is `first` of all.
    #[inline(always)]
    fn row_bases(&self, now: &Now, groups: usize, first: usize, bases: &mut [*const A; I]) {
        let places = self.bases[first..first + groups].iter();
        for (base, place) in bases[first..].iter_mut().zip(places) {
            let Base { ptr, .. } = base_of(place, now);
            *base = match ptr.is_null() {
                true => ptr,
                false => ptr.wrapping_add(self.units.0),
            };
        }
    }
}

/// Adds bases to the last line of each group, of which they have a part.
///
/// # Safety
/// `ends.out` holds the product, and each of `bases` is null or readable at `ends.units` elements.
unsafe fn add_last_line<A: Float>(row: &RowProduct<A>, bases: &[*const A], ends: &Ends<A>) {
    let units = ends.units % LINE;
    let first = ends.units - units;
    let bases = bases.iter().take(row.groups()).enumerate();
    for (group, &base) in bases.filter(|(_, base)| !base.is_null()) {
        // SAFETY: the bases have as many units, and the result whole lines.
        unsafe {
            let to = ends.out.add(group * row.group() + first);
            add_units(units, base.add(first), to);
        }
    }
}

impl<A: Float> Kernel<'_, A> {
    /// Products, and a fused function of their parts and of further operands. Each part stands on
    /// its base, if there are `bases`: one for each part, or none at all.
    pub fn stage<M: Map<I, O>, const I: usize, const O: usize>(
        &mut self,
        products: &[(usize, usize)],
        bases: &[Option<usize>],
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
        let operands = inputs.iter().chain(bases.iter().flatten());
        self.expect_apart(outputs, operands, products.iter().map(|(left, _)| left));
        let width = self.width(first);
        let granules = products.iter().map(|&(_, w)| self.weights[w].granule());
        let units = self.share(width, granules.max().unwrap_or(LINE));
        let mut factors = [self.factor(products[0], width, &units); PRODUCTS];
        for (factor, &product) in factors.iter_mut().zip(products).skip(1) {
            *factor = self.factor(product, width, &units);
        }
        let rows = factors[..products.len()].iter().map(|f| f.row);
        let groups: usize = rows.clone().map(|row| row.groups()).sum();
        let based = bases.len();
        assert!(
            groups + inputs.len() == I && (based == 0 || based == groups),
            "a stage's operands"
        );
        let mut below = [Moving::NONE; I];
        for (place, base) in below.iter_mut().zip(bases) {
            *place = base.map_or(Moving::NONE, |slot| self.whole(slot, width));
        }
        let elements: usize = rows.map(|row| row.elements()).sum();
        let mut given = [Input::NONE; I];
        for (input, &slot) in given.iter_mut().zip(inputs) {
            *input = self.input(slot, width);
        }
        let results: [Moving<A>; O] = std::array::from_fn(|o| self.whole_result(outputs[o], width));
        let strides = std::array::from_fn(|i| match i.checked_sub(groups) {
            Some(input) => given[input].unit,
            None => 1,
        });
        let count = units.len();
        let call = Stage {
            isa: self.isa,
            width,
            units: (units.start, units.end),
            map: RowMap::new::<M, O>(self.isa, count, strides, Input::apart(&given, &results)),
            factors,
            products: products.len(),
            bases: below,
            based,
            inputs: given,
            given: inputs.len(),
            outputs: results,
            short: !units.is_empty() && elements * size_of::<A>() <= SCRATCH,
        };
        // SAFETY: the sizes asserted above, and what `Kernel` says: no other worker writes a left
        // operand meanwhile. The weights are borrowed for as long as the kernel is, or as a plan is
        // run (see `Plan`).
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
            row: RowProduct::new(self.isa, weights, units.clone()),
        }
    }

    /// `out = left · weights`, on a base, if there is one; it is added to `out` if that is the base.
    pub fn product(&mut self, left: usize, weight: usize, out: usize, base: Option<usize>) {
        let weights = &self.weights[weight];
        assert!(
            self.width(left) == weights.depth() && self.width(out) == weights.width(),
            "operands of the weights' sizes"
        );
        assert!(weights.groups() == 1, "a product of interleaved weights");
        let columns = self.share(weights.width(), weights.granule());
        let (first, end, width) = (columns.start, columns.end, columns.len());
        let (isa, row) = (self.isa, RowProduct::new(self.isa, weights, columns));
        self.expect_apart(&[out], base.iter(), [left].iter());
        let (from, to) = (self.moving(left), self.result(out));
        let add = base == Some(out);
        let base = base.filter(|_| !add);
        let base = base.map_or(Moving::NONE, |slot| self.whole(slot, weights.width()));
        let weights: *const Packed<A> = weights;
        let ragged = row.elements() != width;
        let room = row.elements() * size_of::<A>() <= SCRATCH;
        let short = !add && width > 0 && room;
        self.issue(move |now| {
            let (left, out) = (from.at(now).cast_const(), to.at(now));
            let base = base_of(&base, now);
            let below = base.ptr.wrapping_add(first);
            // SAFETY: as for a stage.
            unsafe {
                match now.rows {
                    1 if short && !ragged => {
                        let ends = Ends {
                            left,
                            bases: match base.ptr.is_null() {
                                true => std::ptr::null(),
                                false => &raw const below,
                            },
                            units: width,
                            out: out.add(first),
                            back: now.back,
                        };
                        row.run(&ends);
                    }
                    1 if short => {
                        let mut scratch = Scratch::<SCRATCH>::new();
                        let line = scratch.as_mut_ptr::<A>();
                        let ends = Ends {
                            left,
                            bases: std::ptr::null(),
                            units: 0,
                            out: line,
                            back: now.back,
                        };
                        row.run(&ends);
                        if !base.ptr.is_null() {
                            add_units(width, below, line);
                        }
                        std::ptr::copy_nonoverlapping(line, out.add(first), width);
                    }
                    rows => {
                        let (left_row, out_row) = (from.row(), to.row());
                        let (weights, columns) = (&*weights, first..end);
                        let onto = match (add, base.ptr.is_null()) {
                            (true, _) => Onto::Result,
                            (_, true) => Onto::Nothing,
                            (_, false) => Onto::Base(base),
                        };
                        product_columns(
                            isa, rows, left, left_row, weights, columns, out, out_row, onto,
                        );
                    }
                }
            }
        });
        self.meet();
    }
}
