//! The micro-kernel of every product: a tile of sums that stays in registers.
//!
//! One instance per number type and instruction set, compiled here and not in users' crates.
//! Each sum is one chain over the inner dimension in ascending order, or as many as `parts` says,
//! so that it does not depend on which rows or columns are computed together.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use super::float::Float;
use super::isa::Isa;
use super::multiply::{Multiply, Pass, Places, Terms, finish, first_sums, prefetch};
use super::parts;
use super::vector::{self, Vector};
use super::{LINE, piece};

/// One tile: `MR` rows, from `row` on, of `NV` vectors.
///
/// # Safety
/// As [`Multiply`] says; the job has these rows, its panel the vectors of the pass, and `places`
/// are theirs. The processor has `V`'s instruction set.
#[inline(always)]
unsafe fn tile<A: Float, V: Vector<Number = A>, const NV: usize, const MR: usize>(
    job: &Multiply<A>,
    (pass, places): (Pass<A>, &Places<A, NV>),
    (index, row): (usize, usize),
) {
    // SAFETY: `Multiply` says which elements exist.
    unsafe {
        let mut sums = first_sums::<A, V, NV, MR>(job, places, row);
        let mut operands = Terms::of(job, pass, row, V::LANES);
        // One of the terms of the next pass in as many terms as there are tiles.
        let asked = job.depth.checked_div(pass.tiles).unwrap_or(0);
        let mut next = pass.right(job, pass.vector + NV, V::LANES);
        next = next.wrapping_add(index * asked * job.right_k);
        for turn in 0..=asked {
            let mut terms = job.depth - asked * pass.tiles;
            if turn < asked {
                for p in 0..(NV * V::LANES).div_ceil(piece::<A>()) {
                    prefetch(next.wrapping_add(p * job.right_piece));
                }
                next = next.wrapping_add(job.right_k);
                terms = pass.tiles;
            }
            for _ in 0..terms {
                operands.add(&mut sums);
            }
        }
        finish(job, places, row, sums);
    }
}

/// All rows of `NV` vectors, `MR` at a time. The last seven to nine of tiles of six become two
/// tiles of like height: one or two rows alone are too few sums in flight.
///
/// # Safety
/// As [`Multiply`] says; the panel has the vectors of the pass, and the processor `V`'s instruction
/// set.
#[inline(always)]
unsafe fn columns<A: Float, V: Vector<Number = A>, const NV: usize, const MR: usize>(
    job: &Multiply<A>,
    pass: Pass<A>,
) {
    let (mut row, mut index) = (0, 0);
    // SAFETY: rows below `job.rows` exist.
    unsafe {
        let pass = (pass, &pass.places::<NV>(job, V::LANES));
        while row < job.rows {
            let left = job.rows - row;
            let height = match left {
                7..=9 if MR == 6 => left.div_ceil(2),
                _ if left > MR => MR,
                _ => left,
            };
            match height {
                1 => tile::<A, V, NV, 1>(job, pass, (index, row)),
                2 if MR > 2 => tile::<A, V, NV, 2>(job, pass, (index, row)),
                3 if MR > 3 => tile::<A, V, NV, 3>(job, pass, (index, row)),
                4 if MR > 4 => tile::<A, V, NV, 4>(job, pass, (index, row)),
                5 if MR > 5 => tile::<A, V, NV, 5>(job, pass, (index, row)),
                _ => tile::<A, V, NV, MR>(job, pass, (index, row)),
            }
            row += height;
            index += 1;
        }
    }
}

/// Walks panels in passes of `NV` vectors; a single row in passes of four.
///
/// # Safety
/// As [`Multiply`] says; the processor has `V`'s instruction set.
#[inline(always)]
unsafe fn panels<A: Float, V: Vector<Number = A>, const NV: usize, const MR: usize>(
    job: &Multiply<A>,
) {
    if job.chains > 1 {
        // SAFETY: the caller's contract is the same.
        return unsafe { parts::multiply::<A, V, NV>(job) };
    }
    let vectors = job.lines * (LINE / V::LANES);
    let width = job.lines / job.groups * LINE;
    let tiles = if job.right_far {
        job.rows.div_ceil(MR)
    } else {
        0
    };
    for panel in 0..job.panels {
        let right = job.right.wrapping_add(panel * job.right_panel);
        let mut pass = Pass {
            right,
            out: job.out.wrapping_add(panel * width),
            unit: panel * width,
            vector: 0,
            tiles,
        };
        // SAFETY: vectors below `vectors` exist in each panel.
        unsafe {
            if job.rows == 1 {
                while vectors - pass.vector >= 4 {
                    let places = pass.places::<4>(job, V::LANES);
                    tile::<A, V, 4, 1>(job, (pass, &places), (0, 0));
                    pass.vector += 4;
                }
            }
            while vectors - pass.vector >= NV {
                columns::<A, V, NV, MR>(job, pass);
                pass.vector += NV;
            }
            match vectors - pass.vector {
                1 => columns::<A, V, 1, MR>(job, pass),
                2 if NV > 2 => columns::<A, V, 2, MR>(job, pass),
                3 if NV > 3 => columns::<A, V, 3, MR>(job, pass),
                _ => {}
            }
        }
    }
}

/// A micro-kernel for each instruction set, from the function that walks a job: with as many
/// vectors and rows of sums as the set's registers hold.
macro_rules! instances {
    (
        $(#[$attribute:meta])* $walk:ident, $job:ident:
        $name:ident, $type:ident, $wide:ident, $half:ident, $neon:ident, $narrow:ident
    ) => {
        $(#[$attribute])*
        pub(super) unsafe fn $name(isa: Isa, job: &$job<$type>) {
            /// # Safety
            /// As for the function around it.
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]
            unsafe fn avx512(job: &$job<$type>) {
                // SAFETY: the caller's contract is the same.
                unsafe { $walk::<$type, vector::$wide, 4, 6>(job) }
            }
            /// 16 registers hold six rows of two vectors.
            ///
            /// # Safety
            /// As for the function around it.
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            unsafe fn avx2(job: &$job<$type>) {
                // SAFETY: the caller's contract is the same.
                unsafe { $walk::<$type, vector::$half, 2, 6>(job) }
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
                    Isa::Neon => $walk::<$type, vector::$neon, 4, 6>(job),
                    _ => $walk::<$type, vector::$narrow, 2, 4>(job),
                }
            }
        }
    };
}
pub(super) use instances;

instances! {
    /// Runs the micro-kernel.
    ///
    /// # Safety
    /// As [`Multiply`] says; the processor has `isa`.
    panels, Multiply: multiply_f32, f32, Wide32, Half32, Neon32, Narrow32
}
instances! {
    /// Runs the micro-kernel.
    ///
    /// # Safety
    /// As [`Multiply`] says; the processor has `isa`.
    panels, Multiply: multiply_f64, f64, Wide64, Half64, Neon64, Narrow64
}
