//! The micro-kernel of every product: a tile of sums that stays in registers.
//!
//! One instance per number type and instruction set, compiled here and not in users' crates.
//! Each sum is one chain over the inner dimension in ascending order, so that it does not
//! depend on which rows or columns are computed together.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use super::float::Float;
use super::isa::Isa;
use super::vector::{self, Vector};
use super::{LINE, in_pieces, piece};

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
/// `left` is read at r < `rows`, k < `depth`; `right` and bases at whole lines; `out` is written at
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
struct Pass<A> {
    /// The panel's right operand.
    right: *const A,
    /// The panel's place in `out`.
    out: *mut A,
    /// The panel's first unit.
    unit: usize,
    /// The first vector's index in the panel.
    vector: usize,
    /// Tiles of rows that share out what the next pass reads, to ask for it; 0 if it is near.
    tiles: usize,
}

impl<A> Pass<A> {
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
    #[inline(always)]
    unsafe fn places<const NV: usize>(&self, job: &Multiply<A>, lanes: usize) -> Places<A, NV> {
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
    fn right(&self, job: &Multiply<A>, vector: usize, lanes: usize) -> *const A {
        if vector == job.lines * (LINE / lanes) {
            return self.right.wrapping_add(job.right_panel);
        }
        self.right
            .wrapping_add(in_pieces::<A>(vector, lanes, job.right_piece))
    }
}

/// The places of a pass.
struct Places<A, const NV: usize> {
    out: [*mut A; NV],
    bases: [Base<A>; NV],
}

/// A line of zeros of any type.
static ZEROS: [f64; LINE] = [0.0; LINE];

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

/// One tile: `MR` rows, from `row` on, of `NV` vectors.
#[inline(always)]
unsafe fn tile<A: Float, V: Vector<Number = A>, const NV: usize, const MR: usize>(
    job: &Multiply<A>,
    (pass, places): (Pass<A>, &Places<A, NV>),
    (index, row): (usize, usize),
) {
    // SAFETY: `Multiply` says which elements exist.
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
        let mut left = job.left.add(row * job.left_row);
        let mut right = pass.right(job, pass.vector, V::LANES);
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
            add_terms(job, terms, &mut left, &mut right, &mut sums);
        }
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

/// Adds as many terms to a tile's sums, and moves the operands on.
#[inline(always)]
unsafe fn add_terms<A: Float, V: Vector<Number = A>, const NV: usize, const MR: usize>(
    job: &Multiply<A>,
    terms: usize,
    left: &mut *const A,
    right: &mut *const A,
    sums: &mut [[V; NV]; MR],
) {
    // SAFETY: `Multiply` says which elements exist.
    unsafe {
        for _ in 0..terms {
            let mut b = [V::all(A::ZERO); NV];
            for v in 0..NV {
                b[v] = V::load(right.add(in_pieces::<A>(v, V::LANES, job.right_piece)));
            }
            for r in 0..MR {
                let a = V::all(*left.add(r * job.left_row));
                for v in 0..NV {
                    sums[r][v] = a.mul_add(b[v], sums[r][v]);
                }
            }
            *left = left.wrapping_add(job.left_k);
            *right = right.wrapping_add(job.right_k);
        }
    }
}

/// All rows of `NV` vectors, `MR` at a time. The last seven to nine of tiles of six become two
/// tiles of like height: one or two rows alone are too few sums in flight.
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
#[inline(always)]
unsafe fn panels<A: Float, V: Vector<Number = A>, const NV: usize, const MR: usize>(
    job: &Multiply<A>,
) {
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
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]
            unsafe fn avx512(job: &$job<$type>) {
                // SAFETY: the caller's contract is the same.
                unsafe { $walk::<$type, vector::$wide, 4, 6>(job) }
            }
            // 16 registers hold six rows of two vectors.
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

/// What the instances take at a time.
impl Isa {
    /// Rows of a tile.
    pub(super) fn rows(self) -> usize {
        match self {
            Isa::Baseline => 4,
            _ => 6,
        }
    }

    /// Bytes of the right operand's row.
    pub(super) fn tile_bytes(self) -> usize {
        match self {
            Isa::Avx512 => 256,
            Isa::Avx2 | Isa::Neon => 64,
            Isa::Baseline => 32,
        }
    }
}

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
