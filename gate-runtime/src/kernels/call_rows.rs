//! Primitives on whole rows: reductions, matrices of each row, copies, random masks; see `call`.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::info::Extent;

use super::Float;
use super::call::Kernel;
use super::matrix_product::matrix_matrix;
use super::place::{Place, Writes};
use super::reduce;
use super::rows::{self, Block};

impl<A: Float> Kernel<'_, A> {
    /// Copies the rows that are set from a place at one step to another at another, as the first
    /// worker of a team. The others have to be met before they read what was copied.
    pub(crate) fn transfer(&mut self, from: (&Place<A>, usize), to: (&Place<A>, usize)) {
        if self.team.is_some_and(|team| team.index > 0) {
            return;
        }
        let width = from.0.width;
        assert!(to.0.width == width, "a copy's size");
        let (source, target) = (self.moving_at(from.0, from.1), self.moving_at(to.0, to.1));
        let (now, block) = (&self.now(), Block::line(width));
        // SAFETY: `moving_at` checked the places, and the widths are alike; only this worker is at
        // these rows before it meets the others.
        unsafe { rows::copy_block(now.rows, block, source.rows(now), target.target(now)) }
    }

    /// Sum of each row's elements.
    pub fn sum(&mut self, of: usize, out: usize) {
        self.by_rows(|k| {
            assert!(k.width(out) == 1, "a sum's size");
            let (isa, n, x, y) = (k.isa, k.width(of), k.moving(of), k.result(out));
            // SAFETY: the sizes asserted above, and what `Kernel` says.
            k.issue(move |now| unsafe {
                reduce::sum(isa, now.rows, n, x.rows(now), y.target(now))
            });
        });
    }

    /// Largest of each row's elements.
    pub fn largest(&mut self, of: usize, out: usize) {
        self.by_rows(|k| {
            assert!(k.width(out) == 1, "a largest element's size");
            let (isa, n, x, y) = (k.isa, k.width(of), k.moving(of), k.result(out));
            // SAFETY: the sizes asserted above, and what `Kernel` says.
            k.issue(move |now| unsafe {
                reduce::largest(isa, now.rows, n, x.rows(now), y.target(now));
            });
        });
    }

    /// Each element of each row with all before it added, or with all after it.
    pub fn cumsum(&mut self, of: usize, reversed: bool, out: usize) {
        self.by_rows(|k| {
            let n = k.width(of);
            assert!(k.width(out) == n, "the size of cumulative sums");
            let (isa, x, y) = (k.isa, k.moving(of), k.result(out));
            k.issue(move |now| {
                let (rows, x, y) = (now.rows, x.rows(now), y.target(now));
                // SAFETY: the sizes asserted above, and what `Kernel` says.
                unsafe { reduce::cumsum(isa, rows, n, reversed, x, y) }
            });
        });
    }

    /// `u vᵀ` of each row.
    pub fn outer(&mut self, left: usize, right: usize, out: usize) {
        self.by_rows(|k| {
            let (m, n) = (k.width(left), k.width(right));
            assert!(
                m.checked_mul(n) == Some(k.width(out)),
                "an outer product's size"
            );
            let (isa, u, v, y) = (k.isa, k.moving(left), k.moving(right), k.result(out));
            // SAFETY: the sizes asserted above, and what `Kernel` says.
            k.issue(move |now| unsafe {
                rows::outer(isa, now.rows, m, n, u.rows(now), v.rows(now), y.target(now));
            });
        });
    }

    /// A matrix of each row times a vector.
    pub fn mat_vec(&mut self, matrix: usize, vector: usize, transposed: bool, out: usize) {
        self.by_rows(|k| {
            let (inner, outer) = (k.width(vector), k.width(out));
            assert!(
                inner.checked_mul(outer) == Some(k.width(matrix)),
                "a matrix of its operands' sizes"
            );
            let (isa, m, x, y) = (k.isa, k.moving(matrix), k.moving(vector), k.result(out));
            k.issue(move |now| {
                let (count, m, x, y) = (now.rows, m.rows(now), x.rows(now), y.target(now));
                // SAFETY: the sizes asserted above, and what `Kernel` says.
                unsafe {
                    match transposed {
                        false => rows::matrix_vector(isa, count, outer, inner, m, x, y),
                        true => rows::matrix_vector_transposed(isa, count, inner, outer, m, x, y),
                    }
                }
            });
        });
    }

    /// A product of two matrices of each row.
    pub fn mat_mat(&mut self, left: usize, right: usize, inner: Extent, out: usize) {
        self.by_rows(|k| {
            let inner = inner.of(k.sizes).max(1);
            let (m, n) = (k.width(left) / inner, k.width(right) / inner);
            assert!(m.checked_mul(n) == Some(k.width(out)), "a product's size");
            let (isa, a, b, y) = (k.isa, k.moving(left), k.moving(right), k.result(out));
            k.issue(move |now| {
                let (a, b, y) = (a.rows(now), b.rows(now), y.target(now));
                // SAFETY: the sizes asserted above, and what `Kernel` says.
                unsafe { matrix_matrix(isa, now.rows, m, inner, n, a, b, y) }
            });
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
            let (isa, x, y) = (k.isa, k.moving(of), k.result(out));
            // SAFETY: the sizes asserted above, and what `Kernel` says.
            k.issue(move |now| unsafe {
                rows::transpose(isa, now.rows, m, n, x.rows(now), y.target(now));
            });
        });
    }

    /// The identity.
    pub fn identity(&mut self, columns: Extent, out: usize) {
        self.by_rows(|k| {
            let n = columns.of(k.sizes);
            assert!(n.checked_mul(n) == Some(k.width(out)), "an identity's size");
            let y = k.result(out);
            // SAFETY: the sizes asserted above, and what `Kernel` says.
            k.issue(move |now| unsafe { rows::identity(now.rows, n, y.target(now)) });
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
        let (y, width) = (self.result(out), self.width(out));
        self.issue(move |now| {
            for row in 0..now.rows {
                // SAFETY: what `Kernel` says; nothing else is read or written meanwhile.
                let values =
                    unsafe { std::slice::from_raw_parts_mut(y.at(now).add(row * y.row()), width) };
                values.fill(value);
            }
        });
    }

    /// A copy.
    pub fn copy(&mut self, of: usize, out: usize) {
        self.by_rows(|k| {
            let width = k.width(of);
            assert!(k.width(out) == width, "a copy's size");
            k.block((of, 0), (out, 0), Block::line(width));
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
            let part = Columns::of(k, (columns, from, width), of, out);
            let block = Block {
                from_line: part.line,
                to_line: part.width,
                ..part.block()
            };
            k.block((of, part.from), (out, 0), block);
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
            let part = Columns::of(k, (columns, from, width), out, of);
            let block = Block {
                from_line: part.width,
                to_line: part.line,
                ..part.block()
            };
            k.block((of, 0), (out, part.from), block);
        });
    }

    /// Copies a block from an element of one value to an element of another.
    fn block(&mut self, (of, from): (usize, usize), (out, to): (usize, usize), block: Block) {
        let (x, y) = (self.moving(of), self.result(out));
        self.issue(move |now| {
            let (mut source, mut target) = (x.rows(now), y.target(now));
            source.ptr = source.ptr.wrapping_add(from);
            target.ptr = target.ptr.wrapping_add(to);
            // SAFETY: the callers checked that the block lies in both values; else what `Kernel` says.
            unsafe { rows::copy_block(now.rows, block, source, target) }
        });
    }

    /// Random multipliers, or their expectation; see `Op::Mask` of the compiler.
    pub fn mask(&mut self, dropout: bool, index: usize, chance: usize, out: usize) {
        self.by_rows(|k| {
            assert!(k.width(chance) == 1, "one chance");
            let Some(seed) = k.chance.seed else {
                return k.expected_mask(dropout, chance, out);
            };
            if k.refuse() {
                return;
            }
            let (now, width) = (&k.now(), k.width(out));
            let (source, target) = (k.moving(chance).rows(now), k.result(out).target(now));
            let batch = k.chance.batch.len().max(1);
            for row in 0..k.rows {
                // SAFETY: the size asserted above, and what `Kernel` says. The chance is read before
                // there is a reference to the row, in which it may stand.
                let (p, values) = unsafe {
                    let p = *source.ptr.add(row * source.row);
                    let row = target.ptr.add(row * target.row);
                    (p, std::slice::from_raw_parts_mut(row, width))
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

    /// What a mask multiplies by where nothing is random.
    fn expected_mask(&mut self, dropout: bool, chance: usize, out: usize) {
        let (x, y, width) = (self.moving(chance), self.result(out), self.width(out));
        self.issue(move |now| {
            for row in 0..now.rows {
                // SAFETY: as in `mask`.
                let (p, values) = unsafe {
                    let p = *x.at(now).add(row * x.row());
                    let row = y.at(now).add(row * y.row());
                    (p, std::slice::from_raw_parts_mut(row, width))
                };
                values.fill(if dropout { A::ONE } else { p });
            }
        });
    }

    /// `out += of`, once, where nobody else is at work.
    pub fn add(&mut self, of: usize, out: usize) {
        let width = self.width(of);
        assert!(self.width(out) == width, "a sum's size");
        assert!(self.writes == Writes::All, "a sum that is not added once");
        if self.refuse() {
            return;
        }
        let now = &self.now();
        let (source, target) = (self.moving(of).rows(now), self.result(out).target(now));
        for i in 0..width {
            // SAFETY: both values have `width` elements, and nobody else is at work (`writes`).
            unsafe { *target.ptr.add(i) += *source.ptr.add(i) };
        }
    }
}

/// Some columns of a matrix.
struct Columns {
    /// Elements of a line of the whole.
    line: usize,
    /// The first column.
    from: usize,
    height: usize,
    width: usize,
}

impl Columns {
    /// # Panics
    /// If the whole has no such columns, or the part another size.
    fn of<A: Float>(
        k: &Kernel<'_, A>,
        (columns, from, width): (Extent, Extent, Extent),
        whole: usize,
        part: usize,
    ) -> Columns {
        let [line, from, width] = [columns, from, width].map(|extent| extent.of(k.sizes));
        let line = line.max(1);
        let height = k.width(whole) / line;
        let inside = from.checked_add(width).is_some_and(|end| end <= line);
        // The product is at most the whole's elements.
        assert!(
            inside && k.width(part) == height * width,
            "columns of a matrix"
        );
        Columns {
            line,
            from,
            height,
            width,
        }
    }

    fn block(&self) -> Block {
        Block {
            height: self.height,
            width: self.width,
            from_line: 0,
            to_line: 0,
            to_height: self.height,
            to_width: self.width,
        }
    }
}
