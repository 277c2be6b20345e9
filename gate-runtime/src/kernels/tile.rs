//! The micro-kernel of every product: a tile of sums that stays in registers.
//!
//! One instance per number type and instruction set, compiled here and not in users' crates.
//! Each sum is one chain over the inner dimension in ascending order, so that it does not
//! depend on which rows or columns are computed together.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use super::LINE;
use super::float::Float;
use super::isa::Isa;
use super::real::{FusedMode, Mode, PlainMode};

/// `out[r][c] (+)= Σₖ left[r][k] · right[k][c]`, where the columns of `right` lie in panels of
/// `lines` lines each. The lines belong to `groups` groups in turn; those of a group are
/// adjacent in `out`.
///
/// `left` is read at r < `rows`, k < `depth`; `right` at whole lines; `out` is written at
/// whole lines, and must not overlap the operands.
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
    /// Whether to add to the result.
    pub add: bool,
}

/// Where a pass of vectors of one panel begins: its right operand, and its place in `out`.
#[derive(Clone, Copy)]
struct Pass<A> {
    right: *const A,
    /// The panel's place.
    out: *mut A,
    /// The first vector's index in the panel.
    vector: usize,
}

impl<A> Pass<A> {
    /// The place of vector `v` of the pass in row 0.
    #[inline(always)]
    fn out<const L: usize>(&self, job: &Multiply<A>, v: usize) -> *mut A {
        let vector = self.vector + v;
        if job.groups == 1 {
            return self.out.wrapping_add(vector * L);
        }
        let (line, rest) = (vector / (LINE / L), vector % (LINE / L));
        let (block, group) = (line / job.groups, line % job.groups);
        self.out
            .wrapping_add(group * job.out_group + block * LINE + rest * L)
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

/// One tile: `MR` rows, from `row` on, of `NV` vectors of `L` lanes.
#[inline(always)]
unsafe fn tile<A: Float, M: Mode, const L: usize, const NV: usize, const MR: usize>(
    job: &Multiply<A>,
    pass: Pass<A>,
    row: usize,
) {
    // SAFETY: `Multiply` says which elements exist.
    unsafe {
        let mut out = [std::ptr::null_mut::<A>(); NV];
        for v in 0..NV {
            out[v] = pass.out::<L>(job, v).wrapping_add(row * job.out_row);
        }
        let mut sums = [[[A::ZERO; L]; NV]; MR];
        if job.add {
            for r in 0..MR {
                for v in 0..NV {
                    sums[r][v] = *out[v].add(r * job.out_row).cast::<[A; L]>();
                }
            }
        }
        if job.add {
            // The next tile's sums arrive while this one is computed.
            for r in MR..2 * MR {
                for v in 0..NV {
                    prefetch(out[v].wrapping_add(r * job.out_row));
                }
            }
        }
        let mut left = job.left.add(row * job.left_row);
        let mut right = pass.right;
        for _ in 0..job.depth {
            let mut b = [[A::ZERO; L]; NV];
            for v in 0..NV {
                b[v] = *right.add(v * L).cast::<[A; L]>();
            }
            for r in 0..MR {
                let a = *left.add(r * job.left_row);
                for v in 0..NV {
                    for l in 0..L {
                        sums[r][v][l] = M::mul_add(a, b[v][l], sums[r][v][l]);
                    }
                }
            }
            left = left.wrapping_add(job.left_k);
            right = right.wrapping_add(job.right_k);
        }
        for r in 0..MR {
            for v in 0..NV {
                *out[v].add(r * job.out_row).cast::<[A; L]>() = sums[r][v];
            }
        }
    }
}

/// All rows of `NV` vectors, `MR` at a time. The last seven to nine of tiles of six become two
/// tiles of like height: one or two rows alone are too few sums in flight.
#[inline(always)]
unsafe fn columns<A: Float, M: Mode, const L: usize, const NV: usize, const MR: usize>(
    job: &Multiply<A>,
    pass: Pass<A>,
) {
    let mut row = 0;
    // SAFETY: rows below `job.rows` exist.
    unsafe {
        while row < job.rows {
            let left = job.rows - row;
            let height = match left {
                7..=9 if MR == 6 => left.div_ceil(2),
                _ if left > MR => MR,
                _ => left,
            };
            match height {
                1 => tile::<A, M, L, NV, 1>(job, pass, row),
                2 if MR > 2 => tile::<A, M, L, NV, 2>(job, pass, row),
                3 if MR > 3 => tile::<A, M, L, NV, 3>(job, pass, row),
                4 if MR > 4 => tile::<A, M, L, NV, 4>(job, pass, row),
                5 if MR > 5 => tile::<A, M, L, NV, 5>(job, pass, row),
                _ => tile::<A, M, L, NV, MR>(job, pass, row),
            }
            row += height;
        }
    }
}

/// Walks panels in passes of `NV` vectors; a single row in passes of four.
#[inline(always)]
unsafe fn panels<A: Float, M: Mode, const L: usize, const NV: usize, const MR: usize>(
    job: &Multiply<A>,
) {
    let vectors = job.lines * (LINE / L);
    let width = job.lines / job.groups * LINE;
    for panel in 0..job.panels {
        let right = job.right.wrapping_add(panel * job.right_panel);
        let mut pass = Pass {
            right,
            out: job.out.wrapping_add(panel * width),
            vector: 0,
        };
        // SAFETY: vectors below `vectors` exist in each panel.
        unsafe {
            if job.rows == 1 {
                while vectors - pass.vector >= 4 {
                    tile::<A, M, L, 4, 1>(job, pass, 0);
                    pass.vector += 4;
                    pass.right = right.add(pass.vector * L);
                }
            }
            while vectors - pass.vector >= NV {
                columns::<A, M, L, NV, MR>(job, pass);
                pass.vector += NV;
                pass.right = right.add(pass.vector * L);
            }
            match vectors - pass.vector {
                1 => columns::<A, M, L, 1, MR>(job, pass),
                2 if NV > 2 => columns::<A, M, L, 2, MR>(job, pass),
                3 if NV > 3 => columns::<A, M, L, 3, MR>(job, pass),
                _ => {}
            }
        }
    }
}

macro_rules! instances {
    ($name:ident, $type:ident, avx512: $wide:literal, avx2: $half:literal, narrow: $narrow:literal) => {
        /// Runs the micro-kernel.
        ///
        /// # Safety
        /// As [`Multiply`] says; the processor has `isa`.
        pub(super) unsafe fn $name(isa: Isa, job: &Multiply<$type>) {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]
            unsafe fn avx512(job: &Multiply<$type>) {
                // SAFETY: the caller's contract is the same.
                unsafe { panels::<$type, FusedMode, $wide, 4, 6>(job) }
            }
            // 16 registers hold six rows of two vectors.
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            unsafe fn avx2(job: &Multiply<$type>) {
                // SAFETY: the caller's contract is the same.
                unsafe { panels::<$type, FusedMode, $half, 2, 6>(job) }
            }
            debug_assert!(isa.is_supported());
            // SAFETY: the processor has `isa`; the rest is the caller's contract.
            unsafe {
                match isa {
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx512 => avx512(job),
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx2 => avx2(job),
                    #[cfg(target_arch = "aarch64")]
                    Isa::Neon => panels::<$type, FusedMode, $narrow, 4, 6>(job),
                    _ => panels::<$type, PlainMode, $narrow, 4, 2>(job),
                }
            }
        }
    };
}

instances!(multiply_f32, f32, avx512: 16, avx2: 8, narrow: 4);
instances!(multiply_f64, f64, avx512: 8, avx2: 4, narrow: 2);
