//! The primitives that emitted code calls, on slots instead of pointers.
//!
//! Takes: the places of a program's slots at the present step. Gives: safe methods; each checks
//! that what it reads and writes lies in the slot's buffer, and then calls a kernel.

use std::ops::Range;

use super::gradient::{TargetPart, Workspace, gradient};
use super::map::{Map, Operand, Target, map, map_sum};
use super::pack::{Packed, Part};
use super::product::product_columns;
use super::rows::Rows;
use super::stage::{StageProduct, stage_units};
use super::team::Worker;
use super::{Float, Isa, LINE};

/// The most products in one stage; the planner keeps to it.
const PRODUCTS: usize = 16;

/// Where a slot is.
#[derive(Clone, Copy, Debug)]
pub struct Place<A> {
    /// The value's first element at step `-shift`.
    pub(crate) base: *mut A,
    /// Elements that may be used from there on.
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
}

// SAFETY: a place is an address; the frames that threads work on do not overlap, and what they
// share is only read while they run (`exec` sees to both).
unsafe impl<A: Float> Send for Place<A> {}
// SAFETY: as above.
unsafe impl<A: Float> Sync for Place<A> {}

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

/// Where random masks come from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chance<'a> {
    /// Seed while training.
    pub(crate) seed: Option<u64>,
    /// Index in the batch of each row, so that masks do not depend on how a batch is split.
    pub(crate) batch: &'a [usize],
}

/// The primitives at one step (or over all rows of some steps), as one worker of a team calls
/// them.
///
/// A team shares the rows, and then its workers never meet; or it shares the units of each
/// result, and then they meet after every primitive.
#[derive(Debug)]
pub struct Kernel<'a, A: Float> {
    pub(super) isa: Isa,
    places: &'a [Place<A>],
    weights: &'a [Packed<A>],
    grids: &'a [Vec<Grid>],
    pub(super) sizes: &'a [usize],
    pub(crate) workspace: Workspace<A>,
    pub(crate) time: usize,
    /// The first row, and how many.
    pub(crate) first: usize,
    pub(crate) rows: usize,
    /// The team that shares units; `None` where this worker does all of its rows.
    pub(crate) team: Option<Worker<'a>>,
    meetings: usize,
    pub(crate) chance: Chance<'a>,
}

impl<'a, A: Float> Kernel<'a, A> {
    pub(crate) fn new(
        isa: Isa,
        places: &'a [Place<A>],
        weights: &'a [Packed<A>],
        grids: &'a [Vec<Grid>],
        sizes: &'a [usize],
    ) -> Self {
        Kernel {
            isa,
            places,
            weights,
            grids,
            sizes,
            workspace: Workspace::default(),
            time: 0,
            first: 0,
            rows: 0,
            team: None,
            meetings: 0,
            chance: Chance::default(),
        }
    }

    /// The first element of a slot at the present step, once it is clear that `rows` rows of it
    /// lie in its buffer.
    #[inline]
    pub(super) fn at(&self, slot: usize) -> (*mut A, &Place<A>) {
        let place = &self.places[slot];
        let step = (self.time as isize + place.shift) as usize;
        let step = if place.ring > 0 {
            step % place.ring
        } else {
            step
        };
        let start = step * place.time + self.first * place.row;
        let end = start + self.rows.saturating_sub(1) * place.row + place.width;
        assert!(end <= place.length, "a slot outside of its buffer");
        (place.base.wrapping_add(start), place)
    }

    /// A slot as an operand of an element-wise function of `width` units.
    #[inline]
    fn operand(&self, slot: usize, width: usize) -> Operand<A> {
        let (ptr, place) = self.at(slot);
        assert!(
            place.width == width || place.width == 1,
            "operands of one width"
        );
        Operand {
            ptr,
            row: place.row,
            unit: usize::from(place.width == width),
        }
    }

    #[inline]
    pub(super) fn target(&self, slot: usize) -> Target<A> {
        let (ptr, place) = self.at(slot);
        Target {
            ptr,
            row: place.row,
        }
    }

    #[inline]
    pub(super) fn rows_of(&self, slot: usize) -> Rows<A> {
        let (ptr, place) = self.at(slot);
        Rows {
            ptr,
            row: place.row,
        }
    }

    /// Number of elements of a slot.
    #[inline]
    pub(super) fn width(&self, slot: usize) -> usize {
        self.places[slot].width
    }

    /// A fused element-wise function.
    pub fn map<M: Map<I, O>, const I: usize, const O: usize>(
        &mut self,
        inputs: &[usize; I],
        outputs: &[usize; O],
    ) {
        let Some(&first) = outputs.first() else {
            return;
        };
        let width = self.width(first);
        if self.team.is_some_and(|team| self.rows >= 4 * team.count) {
            return self.by_rows(|k| k.map_units::<M, I, O>(inputs, outputs, width, 0..width));
        }
        let units = self.share(width, LINE);
        self.map_units::<M, I, O>(inputs, outputs, width, units);
        self.meet();
    }

    /// The units `units` of a map.
    #[inline]
    fn map_units<M: Map<I, O>, const I: usize, const O: usize>(
        &mut self,
        inputs: &[usize; I],
        outputs: &[usize; O],
        width: usize,
        units: Range<usize>,
    ) {
        let operands = std::array::from_fn(|i| {
            let operand = self.operand(inputs[i], width);
            Operand {
                ptr: operand.ptr.wrapping_add(units.start * operand.unit),
                ..operand
            }
        });
        let targets = std::array::from_fn(|o| {
            let target = self.whole_target(outputs[o], width);
            Target {
                ptr: target.ptr.wrapping_add(units.start),
                ..target
            }
        });
        // SAFETY: `operand` and `whole_target` checked that rows and all units, of which these
        // are some, lie in the buffers.
        unsafe { map::<A, M, I, O>(self.isa, self.rows, units.len(), &operands, &targets) }
    }

    #[inline]
    fn whole_target(&self, slot: usize, width: usize) -> Target<A> {
        assert!(self.width(slot) == width, "results of one width");
        self.target(slot)
    }

    /// The same, its results added up over rows; the workers share the units.
    pub fn map_sum<M: Map<I, O>, const I: usize, const O: usize>(
        &mut self,
        inputs: &[usize; I],
        outputs: &[usize; O],
    ) {
        let Some(&first) = outputs.first() else {
            return;
        };
        let width = self.width(first);
        let units = self.share(width, LINE);
        let operands = std::array::from_fn(|i| {
            let operand = self.operand(inputs[i], width);
            Operand {
                ptr: operand.ptr.wrapping_add(units.start * operand.unit),
                ..operand
            }
        });
        let targets = std::array::from_fn(|o| {
            let target = self.whole_target(outputs[o], width);
            Target {
                ptr: target.ptr.wrapping_add(units.start),
                ..target
            }
        });
        // SAFETY: the buffers hold all rows and units, of which these are some.
        unsafe { map_sum::<A, M, I, O>(self.isa, self.rows, units.len(), &operands, &targets) }
        self.meet();
    }

    /// This worker's part of some columns, cut at multiples of `granule`; parts depend on nothing
    /// that could change a sum.
    fn share(&self, columns: usize, granule: usize) -> Range<usize> {
        let Some(team) = self.team else {
            return 0..columns;
        };
        let pieces = columns.div_ceil(granule);
        let cut = |worker: usize| (pieces * worker / team.count * granule).min(columns);
        cut(team.index)..cut(team.index + 1)
    }

    /// Waits for the others of a team that shares units.
    fn meet(&mut self) {
        if let Some(team) = self.team {
            team.meet(&mut self.meetings);
        }
    }

    /// Does something that works row by row on this worker's part of the rows.
    pub(super) fn by_rows(&mut self, work: impl FnOnce(&mut Self)) {
        let Some(team) = self.team else {
            return work(self);
        };
        let (first, rows) = (self.first, self.rows);
        let cut = |worker: usize| rows * worker / team.count;
        self.first = first + cut(team.index);
        self.rows = cut(team.index + 1) - cut(team.index);
        if self.rows > 0 {
            work(self);
        }
        (self.first, self.rows) = (first, rows);
        self.meet();
    }

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
        let one = |&(left, weight): &(usize, usize)| {
            let (ptr, place) = self.at(left);
            let weights = &self.weights[weight];
            assert!(
                place.width == weights.depth(),
                "a left operand of the weights' height"
            );
            StageProduct {
                left: ptr.cast_const(),
                left_row: place.row,
                weights,
            }
        };
        let mut list = [one(&products[0]); PRODUCTS];
        for (entry, product) in list.iter_mut().zip(products) {
            *entry = one(product);
        }
        let mut operands = [Operand {
            ptr: std::ptr::null(),
            row: 0,
            unit: 0,
        }; I];
        for (operand, &slot) in operands.iter_mut().zip(inputs) {
            *operand = self.operand(slot, width);
        }
        let targets = std::array::from_fn(|o| self.whole_target(outputs[o], width));
        let list = &list[..products.len()];
        let granule = list.iter().map(|p| p.weights.granule()).max();
        let units = self.share(width, granule.unwrap_or(LINE));
        // SAFETY: the checks above; results never overlap a left operand, which is a value of
        // another step or section.
        unsafe {
            stage_units::<A, M, I, O>(
                self.isa,
                self.rows,
                width,
                units,
                list,
                &operands[..inputs.len()],
                &targets,
            )
        }
        self.meet();
    }

    /// `out = left · weights`, or `+=`.
    pub fn product(&mut self, left: usize, weight: usize, out: usize, add: bool) {
        let weights = &self.weights[weight];
        let (ptr, place) = self.at(left);
        let target = self.target(out);
        assert!(
            place.width == weights.depth() && self.width(out) == weights.width(),
            "operands of the weights' sizes"
        );
        let columns = self.share(weights.width(), weights.granule());
        // SAFETY: the checks above.
        unsafe {
            product_columns(
                self.isa, self.rows, ptr, place.row, weights, columns, target.ptr, target.row, add,
            )
        }
        self.meet();
    }

    /// Gradients of weights: `Σ leftᵀ right` over rows, added block by block.
    pub fn grad_product(&mut self, left: usize, right: usize, grid: usize) {
        let columns = self.share(self.width(right), LINE);
        let mut workspace = std::mem::take(&mut self.workspace);
        let (u, v) = (self.rows_of(left), self.rows_of(right));
        let (height, width) = (self.width(left), self.width(right));
        for block in &self.grids[grid] {
            let place = &self.places[block.slot];
            let last = block.start
                + block.k.saturating_sub(1) * block.k_stride
                + block.n.saturating_sub(1) * block.n_stride;
            assert!(
                last < place.length
                    && block.k_offset + block.k <= height
                    && block.n_offset + block.n <= width,
                "a gradient's size"
            );
            let part = TargetPart {
                ptr: place.base.wrapping_add(block.start),
                k_offset: block.k_offset,
                n_offset: block.n_offset,
                k_len: block.k,
                n_len: block.n,
                k_stride: block.k_stride,
                n_stride: block.n_stride,
            };
            // SAFETY: the check above; workers take different columns.
            unsafe {
                gradient(
                    self.isa,
                    self.rows,
                    u,
                    v,
                    &[part],
                    columns.clone(),
                    &mut workspace,
                )
            }
        }
        self.workspace = workspace;
        self.meet();
    }
}

/// Packs matrices into a grid of `depth` rows and `groups · width` columns, each given by the
/// elements that hold it.
pub(crate) fn pack_parts<'a, A: Float>(
    packed: &mut Packed<A>,
    depth: usize,
    groups: usize,
    width: usize,
    parts: impl Iterator<Item = (&'a [A], &'a Grid)> + Clone,
) {
    let covered = parts.clone().map(|(_, grid)| grid.k * grid.n).sum();
    packed.prepare(depth, groups, width, covered);
    for (elements, grid) in parts {
        let last = grid.start
            + grid.k.saturating_sub(1) * grid.k_stride
            + grid.n.saturating_sub(1) * grid.n_stride;
        assert!(last < elements.len(), "a matrix of a product's size");
        let part = Part {
            ptr: elements[grid.start..].as_ptr(),
            k_offset: grid.k_offset,
            n_offset: grid.n_offset,
            k_len: grid.k,
            n_len: grid.n,
            k_stride: grid.k_stride,
            n_stride: grid.n_stride,
        };
        // SAFETY: the assertion above: every element of a part lies in its slice.
        unsafe { packed.put(&part) }
    }
}
