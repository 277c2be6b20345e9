//! Products of few columns: sums in several chains, so that enough of them are under way.
//!
//! A multiplication takes about four cycles, and two can begin in each: a row of one or two
//! vectors, each with one chain of sums, would wait for every result. Here every `NC`-th term
//! is in one chain. How many there are depends on the product's size alone
//! ([`super::pack::Packed::chains`]), and batches keep to it: a row's results do not depend on the
//! others.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use super::LINE;
use super::float::Float;
use super::multiply::{Multiply, Pass, Places, Terms, finish, first_sums};
use super::vector::Vector;

impl<A: Float> Terms<A> {
    /// Adds `depth` terms to the sums, in `NC` chains.
    ///
    /// # Safety
    /// The operands are readable at so many terms, of `MR` rows and `NV` vectors; the processor has
    /// `V`'s instruction set.
    #[inline(always)]
    pub(super) unsafe fn add_in_parts<
        V: Vector<Number = A>,
        const NV: usize,
        const MR: usize,
        const NC: usize,
    >(
        mut self,
        depth: usize,
        first: [[V; NV]; MR],
    ) -> [[V; NV]; MR] {
        let mut sums = [[[V::all(A::ZERO); NV]; MR]; NC];
        sums[0] = first;
        // SAFETY: the caller's contract is the same.
        unsafe {
            for _ in 0..depth / NC {
                for c in 0..NC {
                    self.add(&mut sums[c]);
                }
            }
            for _ in 0..depth % NC {
                self.add(&mut sums[0]);
            }
        }
        let mut half = NC / 2;
        while half > 0 {
            for c in 0..half {
                for r in 0..MR {
                    for v in 0..NV {
                        sums[c][r][v] = sums[c][r][v] + sums[c + half][r][v];
                    }
                }
            }
            half /= 2;
        }
        sums[0]
    }
}

/// One tile: `MR` rows, from `row` on, of `NV` vectors.
///
/// # Safety
/// As [`Multiply`] says; the job has these rows, its panel the vectors of the pass, and `places`
/// are theirs. The processor has `V`'s instruction set.
#[inline(always)]
unsafe fn tile<
    A: Float,
    V: Vector<Number = A>,
    const NV: usize,
    const MR: usize,
    const NC: usize,
>(
    job: &Multiply<A>,
    (pass, places): (Pass<A>, &Places<A, NV>),
    row: usize,
) {
    let terms = Terms::of(job, pass, row, V::LANES);
    // SAFETY: `Multiply` says which elements exist.
    unsafe {
        let first = first_sums::<A, V, NV, MR>(job, places, row);
        let sums = terms.add_in_parts::<V, NV, MR, NC>(job.depth, first);
        finish(job, places, row, sums);
    }
}

/// All rows of `NV` vectors, from one on, `MR` at a time.
///
/// # Safety
/// As [`Multiply`] says; the panel has these vectors, and the processor `V`'s instruction set.
#[inline(always)]
unsafe fn columns<
    A: Float,
    V: Vector<Number = A>,
    const NV: usize,
    const MR: usize,
    const NC: usize,
>(
    job: &Multiply<A>,
    vector: usize,
) {
    let pass = Pass::first(job, vector);
    let mut row = 0;
    // SAFETY: rows below `job.rows` exist.
    unsafe {
        let pass = (pass, &pass.places::<NV>(job, V::LANES));
        while row < job.rows {
            let left = job.rows - row;
            // One row alone would come last.
            let height = match left == MR + 1 {
                true => left.div_ceil(2),
                false => left.min(MR),
            };
            match height {
                1 => tile::<A, V, NV, 1, NC>(job, pass, row),
                2 => tile::<A, V, NV, 2, NC>(job, pass, row),
                3 if MR > 3 => tile::<A, V, NV, 3, NC>(job, pass, row),
                4 if MR > 3 => tile::<A, V, NV, 4, NC>(job, pass, row),
                5 if MR > 3 => tile::<A, V, NV, 5, NC>(job, pass, row),
                _ => tile::<A, V, NV, MR, NC>(job, pass, row),
            }
            row += height;
        }
    }
}

/// Runs a job of several chains, with as many sums as fit into the registers of tiles of `NV`
/// vectors.
///
/// # Safety
/// As [`Multiply`] says; the processor has `V`'s instruction set.
#[inline(always)]
pub(super) unsafe fn multiply<A: Float, V: Vector<Number = A>, const NV: usize>(job: &Multiply<A>) {
    if job.panels == 0 {
        return;
    }
    let vectors = job.lines * (LINE / V::LANES);
    debug_assert!(job.panels == 1 && vectors <= 4);
    // SAFETY: the panel has so many vectors; the rest is the caller's contract.
    unsafe {
        match (job.chains, vectors) {
            (4, 1) if NV == 4 => columns::<A, V, 1, 6, 4>(job, 0),
            (4, 2) if NV == 4 => columns::<A, V, 2, 3, 4>(job, 0),
            (2, 3) if NV == 4 => columns::<A, V, 3, 3, 2>(job, 0),
            (2, 4) if NV == 4 => columns::<A, V, 4, 3, 2>(job, 0),
            (2, 2..) if NV == 2 => {
                columns::<A, V, 2, 3, 2>(job, 0);
                if vectors == 4 {
                    columns::<A, V, 2, 3, 2>(job, 2);
                }
            }
            _ => unreachable!("chains of no product"),
        }
    }
}
