//! Primitives on whole rows: reductions, matrices of each row, copies, random masks.
//!
//! The other half of [`Kernel`]'s methods; see `call`.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::info::Extent;

use super::Float;
use super::call::Kernel;
use super::rows::{self, Block};

impl<A: Float> Kernel<'_, A> {
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
