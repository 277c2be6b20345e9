//! Products and stages on slots.
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
use super::whole::{Compiled, kernel};
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
    /// The function's arguments: the products give so many, each from its place in the results of one
    /// row on; the rest are inputs.
    groups: usize,
    results: [usize; I],
    inputs: [Input<A>; I],
    outputs: [Moving<A>; O],
    /// Whether the products of one row fit into the scratch.
    short: bool,
    /// Whether the last line of a result is not whole.
    ragged: bool,
}

impl<A: Float, const I: usize, const O: usize> Stage<A, I, O> {
    /// All rows.
    ///
    /// # Safety
    /// The places hold `now.rows` rows from `now.first` on, at the step `now`; the weights are still
    /// those of `factors`, and no other worker is at the results' units, or writes an operand.
    #[inline]
    unsafe fn run(&self, now: &Now) {
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
            let operands = self.inputs.map(|input| input.operand(now, 0));
            let targets: [Target<A>; O] = std::array::from_fn(|o| self.outputs[o].target(now));
            let (list, operands) = (&list[..self.products], &operands[self.groups..]);
            let (kernel, units) = ((self.isa, self.map.kernel()), self.units.0..self.units.1);
            let size = (now.rows, self.width);
            stage_units::<A, I, O>(kernel, size, units, list, operands, &targets);
        }
    }

    /// One row of this worker's units.
    ///
    /// # Safety
    /// As [`Stage::run`].
    unsafe fn run_row(&self, now: &Now) {
        let mut scratch = Scratch::<SCRATCH>::new();
        let scratch = scratch.as_mut_ptr::<A>();
        let first = self.units.0;
        let bases = self.bases.map(|place| base_of(&place, now).ptr);
        let bases = bases.map(|base| match base.is_null() {
            true => base,
            false => base.wrapping_add(first),
        });
        let mut ends = Ends {
            left: std::ptr::null(),
            bases: match self.based {
                0 => std::ptr::null(),
                _ => bases.as_ptr(),
            },
            units: self.units.1 - first,
            out: scratch,
            back: now.back,
        };
        // SAFETY: the products' results fit into the scratch (`short`), and the places are those
        // of the caller's operands.
        unsafe {
            for factor in &self.factors[..self.products] {
                ends.left = factor.left.at(now).cast_const();
                factor.row.run(&ends);
                if self.ragged && self.based > 0 {
                    add_last_line(&factor.row, &ends);
                }
                ends.out = ends.out.add(factor.row.elements());
                if self.based > 0 {
                    ends.bases = ends.bases.add(factor.row.groups());
                }
            }
            let from: [*const A; I] = std::array::from_fn(|i| match i < self.groups {
                true => scratch.add(self.results[i]).cast_const(),
                false => self.inputs[i].at(now, first),
            });
            let to: [*mut A; O] =
                std::array::from_fn(|o| self.outputs[o].at(now).wrapping_add(first));
            self.map.run(&from, &to);
        }
    }
}

/// Adds bases to the last line of each group, of which they have a part.
///
/// # Safety
/// `ends.out` holds the product, and `ends.bases` has a place for each group, null or readable at
/// `ends.units` elements.
#[inline(never)]
unsafe fn add_last_line<A: Float>(row: &RowProduct<A>, ends: &Ends<A>) {
    let units = ends.units % LINE;
    let first = ends.units - units;
    for group in 0..row.groups() {
        // SAFETY: there are so many places; bases have these units, and the result whole lines.
        unsafe {
            let base = *ends.bases.add(group);
            if !base.is_null() {
                let to = ends.out.add(group * row.group() + first);
                add_units(units, base.add(first), to);
            }
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
        let kernel = kernel::<A, M, I, O>(self.isa);
        self.stage_of::<I, O>(kernel, products, bases, inputs, outputs);
    }

    /// The one of a kernel. Nothing from here on depends on the function.
    fn stage_of<const I: usize, const O: usize>(
        &mut self,
        kernel: Compiled<A>,
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
        let mut given = [Input::NONE; I];
        for (input, &slot) in given[groups..].iter_mut().zip(inputs) {
            *input = self.input(slot, width);
        }
        let lines = factors[..products.len()]
            .iter()
            .flat_map(|f| std::iter::repeat_n(f.row.group(), f.row.groups()));
        let mut places = [0; I];
        let mut elements = 0;
        for (place, line) in places.iter_mut().zip(lines) {
            *place = elements;
            elements += line;
        }
        let results: [Moving<A>; O] = std::array::from_fn(|o| self.whole_result(outputs[o], width));
        let strides = std::array::from_fn(|i| match i < groups {
            true => 1,
            false => given[i].unit,
        });
        let count = units.len();
        let call = Stage {
            isa: self.isa,
            width,
            units: (units.start, units.end),
            map: RowMap::new(kernel, count, strides, Input::apart(&given, &results)),
            factors,
            products: products.len(),
            bases: below,
            based,
            groups,
            results: places,
            inputs: given,
            outputs: results,
            short: !units.is_empty() && elements * size_of::<A>() <= SCRATCH,
            ragged: !count.is_multiple_of(LINE),
        };
        // SAFETY: the sizes asserted above, and what `Kernel` says: no other worker writes a left
        // operand meanwhile. The weights are borrowed for as long as the kernel is, or as a plan is
        // run (see `Plan`).
        self.issue(move |now| unsafe { call.run(now) });
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
