//! Products of a single row: the micro-kernel with the vectors of two panels in flight.
//!
//! One row has a chain of sums per vector and no second row to hide its latency behind. The
//! chains are those of `tile`: a row's results do not depend on which kernel computed them.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use super::LINE;
use super::float::Float;
use super::isa::Isa;
use super::pack::Packed;
use super::real::{FusedMode, Mode, PlainMode};

/// One row times packed weights. The result stands as `[group][unit]`, whole lines.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct RowProduct<A> {
    right: *const A,
    depth: usize,
    groups: usize,
    /// Lines of a group.
    blocks: usize,
    /// Lines of a group in a panel.
    panel_blocks: usize,
}

impl<A: Float> RowProduct<A> {
    pub(super) fn new(weights: &Packed<A>) -> RowProduct<A> {
        RowProduct {
            right: weights.panel(0),
            depth: weights.depth(),
            groups: weights.groups(),
            blocks: weights.blocks(),
            panel_blocks: weights.panel_blocks(),
        }
    }

    /// Elements of the result.
    #[inline]
    pub(super) fn elements(&self) -> usize {
        self.groups * self.group()
    }

    /// Groups of units.
    #[inline]
    pub(super) fn groups(&self) -> usize {
        self.groups
    }

    /// Elements from one group of the result to the next.
    #[inline]
    pub(super) fn group(&self) -> usize {
        self.blocks * LINE
    }

    /// The place of a panel's line in the result. Panels of several blocks have one group or
    /// two (see `pack`).
    #[inline(always)]
    fn place(&self, panel: usize, line: usize) -> usize {
        let (block, group) = match self.groups {
            1 => (line, 0),
            2 => (line / 2, line % 2),
            _ => (0, line),
        };
        (group * self.blocks + panel * self.panel_blocks + block) * LINE
    }
}

/// `NP` neighbouring panels of `lines` lines, in each `NV` vectors from `vector` on.
#[inline(always)]
unsafe fn strip<A: Float, M: Mode, const L: usize, const NV: usize, const NP: usize>(
    job: &RowProduct<A>,
    left: *const A,
    out: *mut A,
    (panel, lines, vector): (usize, usize, usize),
) {
    let size = job.depth * lines * LINE;
    // SAFETY: the panels exist; `out` holds all their lines.
    unsafe {
        let mut right = job
            .right
            .add(panel * job.panel_blocks * job.groups * job.depth * LINE + vector * L);
        let mut sums = [[[A::ZERO; L]; NV]; NP];
        for k in 0..job.depth {
            let a = *left.add(k);
            for p in 0..NP {
                for v in 0..NV {
                    let b = *right.add(p * size + v * L).cast::<[A; L]>();
                    for l in 0..L {
                        sums[p][v][l] = M::mul_add(a, b[l], sums[p][v][l]);
                    }
                }
            }
            right = right.add(lines * LINE);
        }
        for p in 0..NP {
            for v in 0..NV {
                let (line, rest) = ((vector + v) / (LINE / L), (vector + v) % (LINE / L));
                let at = job.place(panel + p, line) + rest * L;
                *out.add(at).cast::<[A; L]>() = sums[p][v];
            }
        }
    }
}

/// All vectors of `NP` neighbouring panels.
#[inline(always)]
unsafe fn strips<A: Float, M: Mode, const L: usize, const NP: usize>(
    job: &RowProduct<A>,
    left: *const A,
    out: *mut A,
    (panel, lines): (usize, usize),
) {
    let vectors = lines * (LINE / L);
    let mut v = 0;
    // SAFETY: vectors below `vectors` exist in each panel.
    unsafe {
        while NP == 1 && vectors - v >= 8 {
            strip::<A, M, L, 8, NP>(job, left, out, (panel, lines, v));
            v += 8;
        }
        while vectors - v >= 4 {
            strip::<A, M, L, 4, NP>(job, left, out, (panel, lines, v));
            v += 4;
        }
        match vectors - v {
            1 => strip::<A, M, L, 1, NP>(job, left, out, (panel, lines, v)),
            2 => strip::<A, M, L, 2, NP>(job, left, out, (panel, lines, v)),
            3 => strip::<A, M, L, 3, NP>(job, left, out, (panel, lines, v)),
            _ => {}
        }
    }
}

#[inline(always)]
unsafe fn row<A: Float, M: Mode, const L: usize>(job: &RowProduct<A>, left: *const A, out: *mut A) {
    let lines = job.panel_blocks * job.groups;
    let full = job.blocks / job.panel_blocks;
    let mut panel = 0;
    // SAFETY: the caller's contract is the same.
    unsafe {
        while lines * (LINE / L) < 8 && full - panel >= 2 {
            strips::<A, M, L, 2>(job, left, out, (panel, lines));
            panel += 2;
        }
        while panel < full {
            strips::<A, M, L, 1>(job, left, out, (panel, lines));
            panel += 1;
        }
        let rest = (job.blocks % job.panel_blocks) * job.groups;
        if rest > 0 {
            strips::<A, M, L, 1>(job, left, out, (full, rest));
        }
    }
}

macro_rules! instances {
    ($name:ident, $type:ident, avx512: $wide:literal, avx2: $half:literal, narrow: $narrow:literal) => {
        /// Multiplies one row.
        ///
        /// # Safety
        /// The processor has `isa`; `left` is readable at the weights' depth, `out` writable at
        /// [`RowProduct::elements`]; they do not overlap.
        pub(super) unsafe fn $name(
            isa: Isa,
            job: &RowProduct<$type>,
            left: *const $type,
            out: *mut $type,
        ) {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]
            unsafe fn avx512(job: &RowProduct<$type>, left: *const $type, out: *mut $type) {
                // SAFETY: the caller's contract is the same.
                unsafe { row::<$type, FusedMode, $wide>(job, left, out) }
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            unsafe fn avx2(job: &RowProduct<$type>, left: *const $type, out: *mut $type) {
                // SAFETY: the caller's contract is the same.
                unsafe { row::<$type, FusedMode, $half>(job, left, out) }
            }
            debug_assert!(isa.is_supported());
            // SAFETY: the processor has `isa`; the rest is the caller's contract.
            unsafe {
                match isa {
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx512 => avx512(job, left, out),
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx2 => avx2(job, left, out),
                    #[cfg(target_arch = "aarch64")]
                    Isa::Neon => row::<$type, FusedMode, $narrow>(job, left, out),
                    _ => row::<$type, PlainMode, $narrow>(job, left, out),
                }
            }
        }
    };
}

instances!(row_f32, f32, avx512: 16, avx2: 8, narrow: 4);
instances!(row_f64, f64, avx512: 8, avx2: 4, narrow: 2);
