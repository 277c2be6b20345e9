//! The micro-kernel of every product: a tile of sums that stays in registers.
//!
//! One instance per number type and instruction set, compiled here and not in users' crates.
//! Each sum is one chain over the inner dimension in ascending order, so that it does not
//! depend on which rows or columns are computed together.

use super::LINE;
use super::float::Float;
use super::isa::Isa;
use super::real::{FusedMode, Mode, PlainMode};

/// `out[r][p · columns + c] (+)= Σₖ left[r][k] · right[p][k][c]` for panels p of the right
/// operand with `lines · LINE` columns each.
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
    /// Whether to add to the result.
    pub add: bool,
}

/// One tile: `MR` rows of `NV` vectors of `L` lanes.
#[inline(always)]
unsafe fn tile<A: Float, M: Mode, const L: usize, const NV: usize, const MR: usize>(
    job: &Multiply<A>,
    left: *const A,
    right: *const A,
    out: *mut A,
) {
    // SAFETY: `Multiply` says which elements exist.
    unsafe {
        let mut sums = [[[A::ZERO; L]; NV]; MR];
        if job.add {
            for r in 0..MR {
                for v in 0..NV {
                    sums[r][v] = *out.add(r * job.out_row + v * L).cast::<[A; L]>();
                }
            }
        }
        let (mut left, mut right) = (left, right);
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
                *out.add(r * job.out_row + v * L).cast::<[A; L]>() = sums[r][v];
            }
        }
    }
}

/// All rows of `NV` vectors, `MR` at a time.
#[inline(always)]
unsafe fn columns<A: Float, M: Mode, const L: usize, const NV: usize, const MR: usize>(
    job: &Multiply<A>,
    right: *const A,
    out: *mut A,
) {
    let mut r = 0;
    // SAFETY: rows below `job.rows` exist.
    unsafe {
        while job.rows - r >= MR {
            let (left, out) = (job.left.add(r * job.left_row), out.add(r * job.out_row));
            tile::<A, M, L, NV, MR>(job, left, right, out);
            r += MR;
        }
        if r == job.rows {
            return;
        }
        let (left, out) = (job.left.add(r * job.left_row), out.add(r * job.out_row));
        match job.rows - r {
            1 => tile::<A, M, L, NV, 1>(job, left, right, out),
            2 if MR > 2 => tile::<A, M, L, NV, 2>(job, left, right, out),
            3 if MR > 3 => tile::<A, M, L, NV, 3>(job, left, right, out),
            4 if MR > 4 => tile::<A, M, L, NV, 4>(job, left, right, out),
            5 if MR > 5 => tile::<A, M, L, NV, 5>(job, left, right, out),
            _ => {}
        }
    }
}

/// Walks panels in passes of `NV` vectors; a single row in passes of eight.
#[inline(always)]
unsafe fn panels<A: Float, M: Mode, const L: usize, const NV: usize, const MR: usize>(
    job: &Multiply<A>,
) {
    let vectors = job.lines * (LINE / L);
    for panel in 0..job.panels {
        let mut v = 0;
        // SAFETY: vectors below `vectors` exist in each panel.
        unsafe {
            let right = job.right.add(panel * job.right_panel);
            let out = job.out.add(panel * vectors * L);
            if job.rows == 1 {
                while vectors - v >= 8 {
                    tile::<A, M, L, 8, 1>(job, job.left, right.add(v * L), out.add(v * L));
                    v += 8;
                }
            }
            while vectors - v >= NV {
                columns::<A, M, L, NV, MR>(job, right.add(v * L), out.add(v * L));
                v += NV;
            }
            if v == vectors {
                continue;
            }
            let (right, out) = (right.add(v * L), out.add(v * L));
            match vectors - v {
                1 => columns::<A, M, L, 1, MR>(job, right, out),
                2 if NV > 2 => columns::<A, M, L, 2, MR>(job, right, out),
                3 if NV > 3 => columns::<A, M, L, 3, MR>(job, right, out),
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
