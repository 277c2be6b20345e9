//! The micro-kernel of weights' gradients: all rows of a panel of four lines of sums; and the
//! packing of its operands.
//!
//! The right operand is a stretch of gate gradients that come from far away, and each tile of sums
//! reads all of it. The first tile leaves a copy that stands close together, for the others to
//! read; and while the tiles are computed, the stretch that is wanted next is asked for. Each sum
//! is one chain of terms in ascending order, continued from the target.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use super::LINE;
use super::aligned::Aligned;
use super::float::Float;
use super::isa::Isa;
use super::multiply::prefetch;
use super::rows::Rows;
use super::tile::instances;
use super::vector::{self, Vector};

/// Columns of a panel.
pub(super) const COLUMNS: usize = 4 * LINE;
/// Rows (terms of the sums) that are asked for before they are copied.
const AHEAD: usize = 12;

/// `out[r][c] += Σₖ left[r][k] · right[k][c]` for `COLUMNS` columns.
///
/// `left` is readable at `rows` rows and `terms` terms, `right` at `terms` rows of `COLUMNS`
/// elements; `out` is readable and writable at `rows` rows of as many; `copy`, if not null, is
/// writable as it says. These two overlap nothing.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Panel<A> {
    /// Rows of the result.
    pub rows: usize,
    /// Terms of each sum.
    pub terms: usize,
    /// The left operand; its rows are adjacent.
    pub left: *const A,
    /// Elements from one term to the next.
    pub left_k: usize,
    /// Elements from one tile of [`Isa::rows`] rows to the next.
    pub left_tile: usize,
    /// The right operand.
    pub right: *const A,
    /// Elements from one term to the next.
    pub right_k: usize,
    /// Where a copy of it goes, `terms` · `COLUMNS` elements; null if it is not worth one.
    pub copy: *mut A,
    /// What follows as a right operand; the addresses need not exist.
    pub next: *const A,
    /// The result.
    pub out: *mut A,
    /// Elements from one row of it to the next.
    pub out_row: usize,
}

/// The operands of a tile.
#[derive(Clone, Copy)]
struct Tile<A> {
    left: *const A,
    right: *const A,
    right_k: usize,
    copy: *mut A,
    out: *mut A,
    /// Rows of `next` to ask for, and the first of them.
    ahead: usize,
    next: *const A,
}

/// `MR` rows of `NV` vectors; with `COPY` the right operand goes to `copy`.
///
/// # Safety
/// As [`Panel`] says; the tile's places are those of `MR` of its rows and `NV` of its vectors, on
/// the right perhaps of their copy. With `COPY` there is room for one. The processor has `V`'s
/// instruction set.
#[inline(always)]
unsafe fn tile<A: Copy, V, const NV: usize, const MR: usize, const COPY: bool>(
    job: &Panel<A>,
    mut tile: Tile<A>,
) where
    V: Vector<Number = A>,
{
    // SAFETY: `Panel` says which elements exist.
    unsafe {
        let mut sums = [[V::load(tile.out); NV]; MR];
        for r in 0..MR {
            let out = tile.out.wrapping_add(r * job.out_row);
            for v in 0..NV {
                sums[r][v] = V::load(out.add(v * V::LANES));
                // The next tile's sums arrive while this one is computed.
                prefetch(out.wrapping_add(MR * job.out_row + v * V::LANES));
            }
        }
        let stretch = job.terms / (tile.ahead + 1);
        let mut done = 0;
        for turn in 0..=tile.ahead {
            let mut end = done + stretch;
            if turn == tile.ahead {
                end = job.terms;
            } else {
                for line in 0..COLUMNS * size_of::<A>() / 64 {
                    prefetch(tile.next.wrapping_byte_add(line * 64));
                }
                tile.next = tile.next.wrapping_add(job.right_k);
            }
            while done < end {
                let mut b = [V::load(tile.right); NV];
                for v in 1..NV {
                    b[v] = V::load(tile.right.add(v * V::LANES));
                }
                if COPY {
                    for v in 0..NV {
                        b[v].store(tile.copy.add(v * V::LANES));
                    }
                    tile.copy = tile.copy.add(NV * V::LANES);
                }
                for r in 0..MR {
                    let a = V::all(*tile.left.add(r));
                    for v in 0..NV {
                        sums[r][v] = a.mul_add(b[v], sums[r][v]);
                    }
                }
                tile.left = tile.left.wrapping_add(job.left_k);
                tile.right = tile.right.wrapping_add(tile.right_k);
                done += 1;
            }
        }
        for r in 0..MR {
            let out = tile.out.wrapping_add(r * job.out_row);
            for v in 0..NV {
                sums[r][v].store(out.add(v * V::LANES));
            }
        }
    }
}

/// Passes of `NV` vectors, each over all rows, `MR` at a time.
///
/// # Safety
/// As [`Panel`] says, its tiles of `MR` rows; the processor has `V`'s instruction set.
#[inline(always)]
unsafe fn panel<A: Copy, V, const NV: usize, const MR: usize>(job: &Panel<A>)
where
    V: Vector<Number = A>,
{
    let width = NV * V::LANES;
    let tiles = job.rows.div_ceil(MR) * (COLUMNS / width);
    let ahead = job.terms.div_ceil(tiles.max(1));
    let mut asked = 0;
    for pass in 0..COLUMNS / width {
        let column = pass * width;
        let mut part = Tile {
            left: job.left,
            right: job.right.wrapping_add(column),
            right_k: job.right_k,
            copy: job.copy.wrapping_add(column * job.terms),
            out: job.out.wrapping_add(column),
            ahead: 0,
            next: job.next,
        };
        let mut row = 0;
        while row < job.rows {
            part.ahead = ahead.min(job.terms - asked);
            part.next = job.next.wrapping_add(asked * job.right_k);
            asked += part.ahead;
            // SAFETY: rows below `job.rows` exist.
            unsafe {
                match job.rows - row {
                    1 => tile::<A, V, NV, 1, false>(job, part),
                    2 if MR > 2 => tile::<A, V, NV, 2, false>(job, part),
                    3 if MR > 3 => tile::<A, V, NV, 3, false>(job, part),
                    4 if MR > 4 => tile::<A, V, NV, 4, false>(job, part),
                    5 if MR > 5 => tile::<A, V, NV, 5, false>(job, part),
                    left if left > MR && row == 0 && !job.copy.is_null() => {
                        tile::<A, V, NV, MR, true>(job, part);
                        (part.right, part.right_k) = (part.copy, width);
                    }
                    _ => tile::<A, V, NV, MR, false>(job, part),
                }
            }
            row += MR;
            part.left = part.left.wrapping_add(job.left_tile);
            part.out = part.out.wrapping_add(MR * job.out_row);
        }
    }
}

/// A left operand, packed or not.
#[derive(Clone, Copy)]
pub(super) struct Left<A> {
    pub(super) ptr: *const A,
    /// Elements from one term to the next.
    pub(super) k: usize,
    /// Elements from one tile of rows to the next.
    pub(super) tile: usize,
}

/// Copies `terms` rows of `height` elements to `[tile][term][row of the tile]`.
///
/// # Safety
/// `left` is readable there; its rows are adjacent.
#[inline]
pub(super) unsafe fn pack_left<A: Float>(
    isa: Isa,
    left: Left<A>,
    terms: usize,
    height: usize,
    buffer: &mut Aligned<A>,
) -> Left<A> {
    // SAFETY: the caller's contract is the same.
    unsafe {
        match isa.rows() {
            4 => pack_tiles::<A, 4>(left, terms, height, buffer),
            _ => pack_tiles::<A, 6>(left, terms, height, buffer),
        }
    }
}

/// # Safety
/// As [`pack_left`].
#[inline]
unsafe fn pack_tiles<A: Float, const TILE: usize>(
    left: Left<A>,
    terms: usize,
    height: usize,
    buffer: &mut Aligned<A>,
) -> Left<A> {
    buffer.reserve(height.next_multiple_of(TILE) * terms);
    let to = buffer.as_mut_ptr();
    // SAFETY: i < height and term < terms on both sides.
    unsafe {
        for term in 0..terms {
            let from = left.ptr.add(term * left.k);
            for line in 0..height.div_ceil(LINE) {
                prefetch(from.wrapping_add(AHEAD * left.k + line * LINE));
            }
            let to = to.add(term * TILE);
            let mut i = 0;
            while i + TILE <= height {
                *to.add(i * terms).cast::<[A; TILE]>() = *from.add(i).cast::<[A; TILE]>();
                i += TILE;
            }
            for rest in i..height {
                *to.add(i * terms + rest - i) = *from.add(rest);
            }
        }
    }
    Left {
        ptr: to,
        k: TILE,
        tile: TILE * terms,
    }
}

/// Copies `terms` rows of `columns` elements, fewer than a panel has, to whole lines, where that
/// pays or whole lines do not exist; gives the place and the elements from one term to the next.
///
/// # Safety
/// `right` is readable there, `to` writable at `terms` rows of whole lines; they do not overlap.
#[inline]
pub(super) unsafe fn pack_right<A: Float>(
    right: Rows<A>,
    terms: usize,
    columns: usize,
    near: bool,
    to: *mut A,
) -> (*const A, usize) {
    let lines = columns.next_multiple_of(LINE);
    if lines == columns && near {
        return (right.ptr, right.row);
    }
    // SAFETY: there is room for `terms` rows of as many lines.
    unsafe {
        for term in 0..terms {
            let (from, to) = (right.ptr.add(term * right.row), to.add(term * lines));
            for line in 0..columns.div_ceil(LINE) {
                prefetch(from.wrapping_add(AHEAD * right.row + line * LINE));
            }
            std::ptr::copy_nonoverlapping(from, to, columns);
            for padding in columns..lines {
                *to.add(padding) = A::ZERO;
            }
        }
    }
    (to, lines)
}

instances! {
    /// Runs the micro-kernel.
    ///
    /// # Safety
    /// As [`Panel`] says; the processor has `isa`.
    panel, Panel: panel_f32, f32, Wide32, Half32, Neon32, Narrow32
}
instances! {
    /// Runs the micro-kernel.
    ///
    /// # Safety
    /// As [`Panel`] says; the processor has `isa`.
    panel, Panel: panel_f64, f64, Wide64, Half64, Neon64, Narrow64
}
