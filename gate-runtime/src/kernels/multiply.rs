//! A product as the micro-kernels take it: the operands, and where its sums go.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use super::float::Float;
use super::vector::Vector;
use super::{LINE, in_pieces};

/// What the sums of a group stand on: numbers of every row, or of all rows.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Base<A> {
    /// The number of row 0, unit 0; null for zeros.
    pub ptr: *const A,
    /// Elements from one row to the next; 0 where all rows share one.
    pub row: usize,
}

impl<A> Base<A> {
    /// Nothing.
    pub const ZERO: Base<A> = Base {
        ptr: std::ptr::null(),
        row: 0,
    };
}

/// `out[r][c] (+)= Σₖ left[r][k] · right[k][c] + base[r][c]`, where the columns of `right` lie in
/// panels of `lines` lines each. The lines belong to `groups` groups in turn; those of a group are
/// adjacent in `out` and in its base.
///
/// `left` is readable at r < `rows`, k < `depth`, `right` at whole lines of every panel. `bases` is
/// null or has one for each group, each null or readable at the rows and lines that are added.
/// `out` is writable at whole lines, readable too if the sums go on from it, and overlaps no
/// operand.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Multiply<A> {
    /// Rows of the result.
    pub rows: usize,
    /// Terms of each sum.
    pub depth: usize,
    /// The left operand.
    pub left: *const A,
    /// Elements from one row of `left` to the next.
    pub left_row: usize,
    /// Elements from one term to the next.
    pub left_k: usize,
    /// The right operand.
    pub right: *const A,
    /// Elements from one term to the next.
    pub right_k: usize,
    /// Elements from one piece of a panel to the next.
    pub right_piece: usize,
    /// Whether the right operand comes from far, and each pass asks for what the next one reads.
    pub right_far: bool,
    /// Panels of the right operand.
    pub panels: usize,
    /// Elements from one panel to the next.
    pub right_panel: usize,
    /// Lines in a panel.
    pub lines: usize,
    /// The result.
    pub out: *mut A,
    /// Elements from one row of it to the next.
    pub out_row: usize,
    /// Groups of lines; a panel holds as many lines of each.
    pub groups: usize,
    /// Elements from one group's first line in `out` to the next group's.
    pub out_group: usize,
    /// Chains of each sum; several only of one panel of at most four vectors (see `parts`).
    pub chains: usize,
    /// Whether the sums go on from the result.
    pub add: bool,
    /// What is added to each group's sums in the end, when the next tile's are under way; null for
    /// nothing.
    pub bases: *const Base<A>,
    /// The row and the unit of the bases that the result's first are.
    pub base_row: usize,
    pub base_unit: usize,
    /// Units that the bases have from there on; a line of which they have a part gets nothing.
    pub base_units: usize,
}

/// A pass of vectors of one panel: whole pieces, or a part of one.
#[derive(Clone, Copy)]
pub(super) struct Pass<A> {
    /// The panel's right operand.
    pub(super) right: *const A,
    /// The panel's place in `out`.
    pub(super) out: *mut A,
    /// The panel's first unit.
    pub(super) unit: usize,
    /// The first vector's index in the panel.
    pub(super) vector: usize,
    /// Tiles of rows that share out what the next pass reads, to ask for it; 0 if it is near.
    pub(super) tiles: usize,
}

impl<A> Pass<A> {
    /// One of the first panel, whose right operand is near.
    #[inline(always)]
    pub(super) fn first(job: &Multiply<A>, vector: usize) -> Pass<A> {
        Pass {
            right: job.right,
            out: job.out,
            unit: 0,
            vector,
            tiles: 0,
        }
    }

    /// The group of vector `v` of the pass, and its first unit within the panel.
    #[inline(always)]
    fn place(&self, job: &Multiply<A>, v: usize, lanes: usize) -> (usize, usize) {
        let vector = self.vector + v;
        if job.groups == 1 {
            return (0, vector * lanes);
        }
        let (line, rest) = (vector / (LINE / lanes), vector % (LINE / lanes));
        let (block, group) = (line / job.groups, line % job.groups);
        (group, block * LINE + rest * lanes)
    }

    /// Where the vectors of the pass go in row 0, and their bases.
    ///
    /// # Safety
    /// `job.bases` is null or has one for each group.
    #[inline(always)]
    pub(super) unsafe fn places<const NV: usize>(
        &self,
        job: &Multiply<A>,
        lanes: usize,
    ) -> Places<A, NV> {
        let mut places = Places {
            out: [self.out; NV],
            bases: [Base::ZERO; NV],
        };
        for v in 0..NV {
            let (group, unit) = self.place(job, v, lanes);
            places.out[v] = self.out.wrapping_add(group * job.out_group + unit);
            if !job.bases.is_null() {
                // SAFETY: there is a base for each group.
                let Base { ptr, row } = unsafe { job.bases.add(group).read() };
                let unit = self.unit + unit;
                let at = job.base_row * row + job.base_unit + unit;
                let part = unit / LINE * LINE + LINE > job.base_units;
                places.bases[v] = match part || ptr.is_null() {
                    true => Base {
                        ptr: (&raw const ZEROS).cast(),
                        row: 0,
                    },
                    false => Base {
                        ptr: ptr.wrapping_add(at),
                        row,
                    },
                };
            }
        }
        places
    }

    /// The place of a vector of the right operand, of this panel or the next.
    #[inline(always)]
    pub(super) fn right(&self, job: &Multiply<A>, vector: usize, lanes: usize) -> *const A {
        if vector == job.lines * (LINE / lanes) {
            return self.right.wrapping_add(job.right_panel);
        }
        self.right
            .wrapping_add(in_pieces::<A>(vector, lanes, job.right_piece))
    }
}

/// The places of a pass.
pub(super) struct Places<A, const NV: usize> {
    out: [*mut A; NV],
    bases: [Base<A>; NV],
}

/// A line of zeros of any type.
static ZEROS: [f64; LINE] = [0.0; LINE];

/// Where the next terms of some sums are.
#[derive(Clone, Copy)]
pub(super) struct Terms<A> {
    /// Row 0 of the left operand.
    pub(super) left: *const A,
    /// Elements from one row to the next, and from one term to the next.
    pub(super) left_row: usize,
    pub(super) left_k: usize,
    /// The first vector of the right operand.
    pub(super) right: *const A,
    /// Elements from one term to the next, and from one piece to the next.
    pub(super) right_k: usize,
    pub(super) right_piece: usize,
}

impl<A: Float> Terms<A> {
    /// Those of a job's rows, from one on, and of a pass.
    #[inline(always)]
    pub(super) fn of(job: &Multiply<A>, pass: Pass<A>, row: usize, lanes: usize) -> Terms<A> {
        Terms {
            left: job.left.wrapping_add(row * job.left_row),
            left_row: job.left_row,
            left_k: job.left_k,
            right: pass.right(job, pass.vector, lanes),
            right_k: job.right_k,
            right_piece: job.right_piece,
        }
    }

    /// Adds one term to the sums of `MR` rows of `NV` vectors, and moves on.
    ///
    /// # Safety
    /// The operands are readable there; the processor has `V`'s instruction set.
    #[inline(always)]
    pub(super) unsafe fn add<V: Vector<Number = A>, const NV: usize, const MR: usize>(
        &mut self,
        sums: &mut [[V; NV]; MR],
    ) {
        // SAFETY: the caller's contract is the same.
        unsafe {
            let mut b = [V::all(A::ZERO); NV];
            for v in 0..NV {
                let at = in_pieces::<A>(v, V::LANES, self.right_piece);
                b[v] = V::load(self.right.add(at));
            }
            for r in 0..MR {
                let a = V::all(*self.left.add(r * self.left_row));
                for v in 0..NV {
                    sums[r][v] = a.mul_add(b[v], sums[r][v]);
                }
            }
        }
        self.left = self.left.wrapping_add(self.left_k);
        self.right = self.right.wrapping_add(self.right_k);
    }
}

/// What a tile's sums begin with.
///
/// # Safety
/// As [`Multiply`] says; the job has `MR` rows from `row` on, and `places` are those of one of its
/// passes. The processor has `V`'s instruction set.
#[inline(always)]
pub(super) unsafe fn first_sums<
    A: Float,
    V: Vector<Number = A>,
    const NV: usize,
    const MR: usize,
>(
    job: &Multiply<A>,
    places: &Places<A, NV>,
    row: usize,
) -> [[V; NV]; MR] {
    // SAFETY: the result exists.
    unsafe {
        let mut sums = [[V::all(A::ZERO); NV]; MR];
        if job.add {
            for r in 0..MR {
                for v in 0..NV {
                    sums[r][v] = V::load(places.out[v].add((row + r) * job.out_row));
                }
            }
            // The next tile's sums arrive while this one is computed.
            for r in MR..2 * MR {
                for v in 0..NV {
                    prefetch(places.out[v].wrapping_add((row + r) * job.out_row));
                }
            }
        }
        sums
    }
}

/// Puts a tile's sums, on their bases, where they belong.
///
/// # Safety
/// As [`first_sums`].
#[inline(always)]
pub(super) unsafe fn finish<A: Float, V: Vector<Number = A>, const NV: usize, const MR: usize>(
    job: &Multiply<A>,
    places: &Places<A, NV>,
    row: usize,
    mut sums: [[V; NV]; MR],
) {
    // SAFETY: `Multiply` says which elements exist.
    unsafe {
        if !job.bases.is_null() {
            for v in 0..NV {
                let Base { ptr, row: stride } = places.bases[v];
                for r in 0..MR {
                    sums[r][v] = sums[r][v] + V::load(ptr.add((row + r) * stride));
                }
            }
        }
        for r in 0..MR {
            for v in 0..NV {
                sums[r][v].store(places.out[v].add((row + r) * job.out_row));
            }
        }
    }
}

/// Asks for a cache line; the address need not exist.
#[inline(always)]
pub(super) fn prefetch<A>(address: *const A) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch reads nothing that the program could see, and never faults.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
