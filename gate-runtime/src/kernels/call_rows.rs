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
        self.by_rows(|k| {
            let (n, x, target) = (k.width(of), k.rows_of(of), k.target(out));
            // SAFETY: `at` checked the places.
            unsafe { rows::sum(k.isa, k.rows, n, x, target) }
        });
    }

    /// Largest of each row's elements.
    pub fn largest(&mut self, of: usize, out: usize) {
        self.by_rows(|k| {
            let (n, x, target) = (k.width(of), k.rows_of(of), k.target(out));
            // SAFETY: `at` checked the places.
            unsafe { rows::largest(k.isa, k.rows, n, x, target) }
        });
    }

    /// `u vᵀ` of each row.
    pub fn outer(&mut self, left: usize, right: usize, out: usize) {
        self.by_rows(|k| {
            let (m, n) = (k.width(left), k.width(right));
            assert!(k.width(out) == m * n, "an outer product's size");
            let (u, v, target) = (k.rows_of(left), k.rows_of(right), k.target(out));
            // SAFETY: the check above.
            unsafe { rows::outer(k.isa, k.rows, m, n, u, v, target) }
        });
    }

    /// A matrix of each row times a vector.
    pub fn mat_vec(&mut self, matrix: usize, vector: usize, transposed: bool, out: usize) {
        self.by_rows(|k| {
            let (inner, outer) = (k.width(vector), k.width(out));
            assert!(
                k.width(matrix) == inner * outer,
                "a matrix of its operands' sizes"
            );
            let (m, x, target) = (k.rows_of(matrix), k.rows_of(vector), k.target(out));
            // SAFETY: the check above.
            unsafe {
                match transposed {
                    false => rows::matrix_vector(k.isa, k.rows, outer, inner, m, x, target),
                    true => {
                        rows::matrix_vector_transposed(k.isa, k.rows, inner, outer, m, x, target)
                    }
                }
            }
        });
    }

    /// A product of two matrices of each row.
    pub fn mat_mat(&mut self, left: usize, right: usize, inner: Extent, out: usize) {
        self.by_rows(|k| {
            let inner = inner.of(k.sizes).max(1);
            let (m, n) = (k.width(left) / inner, k.width(right) / inner);
            assert!(k.width(out) == m * n, "a product's size");
            let (a, b, target) = (k.rows_of(left), k.rows_of(right), k.target(out));
            // SAFETY: the check above.
            unsafe { rows::matrix_matrix(k.isa, k.rows, m, inner, n, a, b, target) }
        });
    }

    /// The transposed matrix of each row.
    pub fn transpose(&mut self, of: usize, columns: Extent, out: usize) {
        self.by_rows(|k| {
            let n = columns.of(k.sizes).max(1);
            let m = k.width(of) / n;
            assert!(
                k.width(of) == m * n && k.width(out) == m * n,
                "a matrix's size"
            );
            let (x, target) = (k.rows_of(of), k.target(out));
            // SAFETY: the check above.
            unsafe { rows::transpose(k.isa, k.rows, m, n, x, target) }
        });
    }

    /// The identity.
    pub fn identity(&mut self, columns: Extent, out: usize) {
        self.by_rows(|k| {
            let n = columns.of(k.sizes);
            assert!(k.width(out) == n * n, "an identity's size");
            let target = k.target(out);
            // SAFETY: the check above.
            unsafe { rows::identity(k.rows, n, target) }
        });
    }

    /// A length as a number.
    pub fn length(&mut self, of: Extent, out: usize) {
        self.by_rows(|k| {
            let value = A::from_f64(of.of(k.sizes) as f64);
            k.fill(out, value);
        });
    }

    /// Zeros.
    pub fn zero(&mut self, out: usize) {
        self.by_rows(|k| {
            k.fill(out, A::ZERO);
        });
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
        self.by_rows(|k| {
            let width = k.width(of);
            assert!(k.width(out) == width, "a copy's size");
            k.block(
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
        });
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
        self.by_rows(|k| {
            let (columns, from, width) = (
                columns.of(k.sizes).max(1),
                from.of(k.sizes),
                width.of(k.sizes),
            );
            let height = k.width(of) / columns;
            assert!(
                from + width <= columns && k.width(out) == height * width,
                "columns of a matrix"
            );
            let mut source = k.rows_of(of);
            source.ptr = source.ptr.wrapping_add(from);
            let block = Block {
                height,
                width,
                from_line: columns,
                to_line: width,
                to_height: height,
                to_width: width,
            };
            let target = k.target(out);
            // SAFETY: the check above.
            unsafe { rows::copy_block(k.rows, block, source, target) }
        });
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
        self.by_rows(|k| {
            let (columns, from, width) = (
                columns.of(k.sizes).max(1),
                from.of(k.sizes),
                width.of(k.sizes),
            );
            let height = k.width(out) / columns;
            assert!(
                from + width <= columns && k.width(of) == height * width,
                "columns of a matrix"
            );
            let source = k.rows_of(of);
            let mut target = k.target(out);
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
            unsafe { rows::copy_block(k.rows, block, source, target) }
        });
    }

    fn block(&mut self, of: usize, out: usize, block: Block) {
        let (source, target) = (self.rows_of(of), self.target(out));
        // SAFETY: the callers checked the sizes.
        unsafe { rows::copy_block(self.rows, block, source, target) }
    }

    /// Random multipliers, or their expectation; see `Op::Mask` of the compiler.
    pub fn mask(&mut self, dropout: bool, index: usize, chance: usize, out: usize) {
        self.by_rows(|k| {
            let (source, target, width) = (k.rows_of(chance), k.target(out), k.width(out));
            let batch = k.chance.batch.len().max(1);
            for row in 0..k.rows {
                // SAFETY: `at` checked that the rows lie in the buffers.
                let (p, values) = unsafe {
                    let values =
                        std::slice::from_raw_parts_mut(target.ptr.add(row * target.row), width);
                    (*source.ptr.add(row * source.row), values)
                };
                let Some(seed) = k.chance.seed else {
                    values.fill(if dropout { A::ONE } else { p });
                    continue;
                };
                let row = k.first + row;
                let (time, place) = (k.time + row / batch, row % batch);
                let index_in_batch = k.chance.batch.get(place).copied().unwrap_or(place);
                let mut rng = ChaCha8Rng::seed_from_u64(seed);
                rng.set_stream(
                    ((index as u64) << 56) ^ ((time as u64) << 28) ^ index_in_batch as u64,
                );
                for value in values {
                    let hit = rng.random::<f64>() < p.to_f64();
                    *value = match (dropout, hit) {
                        (true, true) | (false, false) => A::ZERO,
                        (true, false) => A::ONE / (A::ONE - p),
                        (false, true) => A::ONE,
                    };
                }
            }
        });
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
