//! The primitives that emitted code calls, on slots instead of pointers.
//!
//! Takes: the places of a program's slots at the present step. Gives: safe methods; each checks
//! that what it reads and writes lies in the slot's buffer, and then calls a kernel.

use std::ops::Range;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::info::Extent;

use super::gradient::{TargetPart, Workspace, gradient};
use super::map::{Map, Operand, Target, map, map_sum};
use super::pack::{Packed, Part};
use super::product::product;
use super::rows::{self, Block, Rows};
use super::stage::{StageProduct, stage};
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
#[derive(Clone, Debug, Default)]
pub struct Chance {
    /// Seed while training.
    pub(crate) seed: Option<u64>,
    /// Index in the batch of each row, so that masks do not depend on how a batch is split.
    pub(crate) batch: Vec<usize>,
}

/// The primitives at one step (or over all rows of all steps).
#[derive(Debug)]
pub struct Kernel<'a, A: Float> {
    isa: Isa,
    places: &'a [Place<A>],
    weights: &'a [Packed<A>],
    grids: &'a [Vec<Grid>],
    sizes: &'a [usize],
    workspace: Workspace<A>,
    pub(crate) time: usize,
    pub(crate) rows: usize,
    pub(crate) worker: usize,
    pub(crate) workers: usize,
    pub(crate) chance: Chance,
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
            rows: 0,
            worker: 0,
            workers: 1,
            chance: Chance::default(),
        }
    }

    /// The first element of a slot at the present step, once it is clear that `rows` rows of it
    /// lie in its buffer.
    #[inline]
    fn at(&self, slot: usize) -> (*mut A, &Place<A>) {
        let place = &self.places[slot];
        let step = (self.time as isize + place.shift) as usize;
        let step = if place.ring > 0 {
            step % place.ring
        } else {
            step
        };
        let start = step * place.time;
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
    fn target(&self, slot: usize) -> Target<A> {
        let (ptr, place) = self.at(slot);
        Target {
            ptr,
            row: place.row,
        }
    }

    #[inline]
    fn rows_of(&self, slot: usize) -> Rows<A> {
        let (ptr, place) = self.at(slot);
        Rows {
            ptr,
            row: place.row,
        }
    }

    /// Number of elements of a slot.
    #[inline]
    fn width(&self, slot: usize) -> usize {
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
        let operands = std::array::from_fn(|i| self.operand(inputs[i], width));
        let targets = std::array::from_fn(|o| self.whole_target(outputs[o], width));
        // SAFETY: `operand` and `whole_target` checked that rows and units lie in the buffers.
        unsafe { map::<A, M, I, O>(self.isa, self.rows, width, &operands, &targets) }
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
        let units = self.share(width);
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
    }

    /// This worker's part of some columns; parts depend on nothing that could change a sum.
    fn share(&self, columns: usize) -> Range<usize> {
        let lines = columns.div_ceil(LINE);
        let cut = |worker: usize| (lines * worker / self.workers * LINE).min(columns);
        cut(self.worker)..cut(self.worker + 1)
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
        // SAFETY: the checks above; results never overlap a left operand, which is a value of
        // another step or section.
        unsafe {
            stage::<A, M, I, O>(
                self.isa,
                self.rows,
                width,
                &list[..products.len()],
                &operands[..inputs.len()],
                &targets,
            )
        }
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
        // SAFETY: the checks above.
        unsafe {
            product(
                self.isa, self.rows, ptr, place.row, weights, target.ptr, target.row, add,
            )
        }
    }

    /// Sum of each row's elements.
    pub fn sum(&mut self, of: usize, out: usize) {
        let (n, x, target) = (self.width(of), self.rows_of(of), self.target(out));
        // SAFETY: `at` checked the places.
        unsafe { rows::sum(self.isa, self.rows, n, x, target) }
    }

    /// Largest of each row's elements.
    pub fn largest(&mut self, of: usize, out: usize) {
        let (n, x, target) = (self.width(of), self.rows_of(of), self.target(out));
        // SAFETY: `at` checked the places.
        unsafe { rows::largest(self.isa, self.rows, n, x, target) }
    }

    /// `u vᵀ` of each row.
    pub fn outer(&mut self, left: usize, right: usize, out: usize) {
        let (m, n) = (self.width(left), self.width(right));
        assert!(self.width(out) == m * n, "an outer product's size");
        let (u, v, target) = (self.rows_of(left), self.rows_of(right), self.target(out));
        // SAFETY: the check above.
        unsafe { rows::outer(self.isa, self.rows, m, n, u, v, target) }
    }

    /// A matrix of each row times a vector.
    pub fn mat_vec(&mut self, matrix: usize, vector: usize, transposed: bool, out: usize) {
        let (inner, outer) = (self.width(vector), self.width(out));
        assert!(
            self.width(matrix) == inner * outer,
            "a matrix of its operands' sizes"
        );
        let (m, x, target) = (self.rows_of(matrix), self.rows_of(vector), self.target(out));
        // SAFETY: the check above.
        unsafe {
            match transposed {
                false => rows::matrix_vector(self.isa, self.rows, outer, inner, m, x, target),
                true => {
                    rows::matrix_vector_transposed(self.isa, self.rows, inner, outer, m, x, target)
                }
            }
        }
    }

    /// A product of two matrices of each row.
    pub fn mat_mat(&mut self, left: usize, right: usize, inner: Extent, out: usize) {
        let inner = inner.of(self.sizes).max(1);
        let (m, n) = (self.width(left) / inner, self.width(right) / inner);
        assert!(self.width(out) == m * n, "a product's size");
        let (a, b, target) = (self.rows_of(left), self.rows_of(right), self.target(out));
        // SAFETY: the check above.
        unsafe { rows::matrix_matrix(self.isa, self.rows, m, inner, n, a, b, target) }
    }

    /// The transposed matrix of each row.
    pub fn transpose(&mut self, of: usize, columns: Extent, out: usize) {
        let n = columns.of(self.sizes).max(1);
        let m = self.width(of) / n;
        assert!(
            self.width(of) == m * n && self.width(out) == m * n,
            "a matrix's size"
        );
        let (x, target) = (self.rows_of(of), self.target(out));
        // SAFETY: the check above.
        unsafe { rows::transpose(self.isa, self.rows, m, n, x, target) }
    }

    /// The identity.
    pub fn identity(&mut self, columns: Extent, out: usize) {
        let n = columns.of(self.sizes);
        assert!(self.width(out) == n * n, "an identity's size");
        let target = self.target(out);
        // SAFETY: the check above.
        unsafe { rows::identity(self.rows, n, target) }
    }

    /// A length as a number.
    pub fn length(&mut self, of: Extent, out: usize) {
        let value = A::from_f64(of.of(self.sizes) as f64);
        self.fill(out, value);
    }

    /// Zeros.
    pub fn zero(&mut self, out: usize) {
        self.fill(out, A::ZERO);
    }

    fn fill(&mut self, out: usize, value: A) {
        let (target, width) = (self.target(out), self.width(out));
        for row in 0..self.rows {
            // SAFETY: `at` checked that the rows lie in the buffer.
            unsafe { std::slice::from_raw_parts_mut(target.ptr.add(row * target.row), width) }
                .fill(value);
        }
    }

    /// A copy.
    pub fn copy(&mut self, of: usize, out: usize) {
        let width = self.width(of);
        assert!(self.width(out) == width, "a copy's size");
        self.block(
            of,
            out,
            Block {
                height: 1,
                width,
                from_line: width,
                to_line: width,
                to_height: 1,
                to_width: width,
            },
        );
    }

    /// Columns `from ..` of a matrix.
    pub fn take_columns(
        &mut self,
        of: usize,
        columns: Extent,
        from: Extent,
        width: Extent,
        out: usize,
    ) {
        let (columns, from, width) = (
            columns.of(self.sizes).max(1),
            from.of(self.sizes),
            width.of(self.sizes),
        );
        let height = self.width(of) / columns;
        assert!(
            from + width <= columns && self.width(out) == height * width,
            "columns of a matrix"
        );
        let mut source = self.rows_of(of);
        source.ptr = source.ptr.wrapping_add(from);
        let block = Block {
            height,
            width,
            from_line: columns,
            to_line: width,
            to_height: height,
            to_width: width,
        };
        let target = self.target(out);
        // SAFETY: the check above.
        unsafe { rows::copy_block(self.rows, block, source, target) }
    }

    /// A matrix into the columns `from ..` of another.
    pub fn put_columns(
        &mut self,
        of: usize,
        columns: Extent,
        from: Extent,
        width: Extent,
        out: usize,
    ) {
        let (columns, from, width) = (
            columns.of(self.sizes).max(1),
            from.of(self.sizes),
            width.of(self.sizes),
        );
        let height = self.width(out) / columns;
        assert!(
            from + width <= columns && self.width(of) == height * width,
            "columns of a matrix"
        );
        let source = self.rows_of(of);
        let mut target = self.target(out);
        target.ptr = target.ptr.wrapping_add(from);
        let block = Block {
            height,
            width,
            from_line: width,
            to_line: columns,
            to_height: height,
            to_width: width,
        };
        // SAFETY: the check above.
        unsafe { rows::copy_block(self.rows, block, source, target) }
    }

    fn block(&mut self, of: usize, out: usize, block: Block) {
        let (source, target) = (self.rows_of(of), self.target(out));
        // SAFETY: the callers checked the sizes.
        unsafe { rows::copy_block(self.rows, block, source, target) }
    }

    /// Random multipliers, or their expectation; see `Op::Mask` of the compiler.
    pub fn mask(&mut self, dropout: bool, index: usize, chance: usize, out: usize) {
        let (source, target, width) = (self.rows_of(chance), self.target(out), self.width(out));
        let batch = self.chance.batch.len().max(1);
        for row in 0..self.rows {
            // SAFETY: `at` checked that the rows lie in the buffers.
            let (p, values) = unsafe {
                let values =
                    std::slice::from_raw_parts_mut(target.ptr.add(row * target.row), width);
                (*source.ptr.add(row * source.row), values)
            };
            let Some(seed) = self.chance.seed else {
                values.fill(if dropout { A::ONE } else { p });
                continue;
            };
            let (time, place) = (self.time + row / batch, row % batch);
            let index_in_batch = self.chance.batch.get(place).copied().unwrap_or(place);
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(((index as u64) << 56) ^ ((time as u64) << 28) ^ index_in_batch as u64);
            for value in values {
                let hit = rng.random::<f64>() < p.to_f64();
                *value = match (dropout, hit) {
                    (true, true) | (false, false) => A::ZERO,
                    (true, false) => A::ONE / (A::ONE - p),
                    (false, true) => A::ONE,
                };
            }
        }
    }

    /// Gradients of weights: `Σ leftᵀ right` over rows, added block by block.
    pub fn grad_product(&mut self, left: usize, right: usize, grid: usize) {
        let columns = self.share(self.width(right));
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
    }

    /// `out += of`, once.
    pub fn add(&mut self, of: usize, out: usize) {
        let width = self.width(of);
        assert!(self.width(out) == width, "a sum's size");
        let (source, target) = (self.rows_of(of), self.target(out));
        for i in 0..width {
            // SAFETY: both values have `width` elements.
            unsafe { *target.ptr.add(i) += *source.ptr.add(i) };
        }
    }
}

/// Packs matrices into a grid of `depth` rows and `groups · width` columns, each given by the
/// elements that hold it.
pub(crate) fn pack_parts<A: Float>(
    packed: &mut Packed<A>,
    depth: usize,
    groups: usize,
    width: usize,
    parts: &[(&[A], &Grid)],
) {
    let part = |(elements, grid): &(&[A], &Grid)| {
        let last = grid.start
            + grid.k.saturating_sub(1) * grid.k_stride
            + grid.n.saturating_sub(1) * grid.n_stride;
        assert!(last < elements.len(), "a matrix of a product's size");
        Part {
            ptr: elements[grid.start..].as_ptr(),
            k_offset: grid.k_offset,
            n_offset: grid.n_offset,
            k_len: grid.k,
            n_len: grid.n,
            k_stride: grid.k_stride,
            n_stride: grid.n_stride,
        }
    };
    let parts: Vec<Part<A>> = parts.iter().map(part).collect();
    // SAFETY: the assertion above: every element of a part lies in its slice.
    unsafe { packed.pack_groups(depth, groups, width, &parts) }
}
