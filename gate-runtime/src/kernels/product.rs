//! Products with packed weights.

use std::ops::Range;

use super::LINE;
use super::float::Float;
use super::isa::Isa;
use super::multiply::{Base, Multiply};
use super::pack::{NEAR, Packed};
use super::scratch::Scratch;
use super::stage::add_units;

/// Bytes of a row of the left operand in one block; what a block needs stays in the cache. Sums of
/// several chains are never cut: a term of theirs is a line of weights or more.
const DEPTH_BYTES: usize = 4096;
const _: () = assert!(NEAR / LINE <= DEPTH_BYTES);
/// Rows in one block.
const ROWS: usize = 120;

/// What a product stands on.
#[derive(Clone, Copy, Debug)]
pub enum Onto<A> {
    /// Nothing: its result is set.
    Nothing,
    /// What is in its result: it is added to that.
    Result,
    /// Other numbers.
    Base(Base<A>),
}

/// `out[rows, N] = left[rows, K] · weights[K, N]` onto `onto`.
///
/// # Panics
/// If the weights are packed in more than one group.
///
/// # Safety
/// The processor has `isa`. `left` is readable at `rows` rows of K elements, `left_row` apart;
/// `out` is writable at `rows` rows of N elements, `out_row` apart, and does not overlap `left`.
/// A base is readable at as many rows of N elements, and does not overlap it.
#[allow(clippy::too_many_arguments)]
pub unsafe fn product<A: Float>(
    isa: Isa,
    rows: usize,
    left: *const A,
    left_row: usize,
    weights: &Packed<A>,
    out: *mut A,
    out_row: usize,
    onto: Onto<A>,
) {
    let all = 0..weights.width();
    // SAFETY: the caller's contract is the same.
    unsafe { product_columns(isa, rows, left, left_row, weights, all, out, out_row, onto) }
}

/// The columns `columns` of a [`product`]; `out` and a base are still the places of column 0.
///
/// # Panics
/// If the weights are packed in more than one group, or `columns` does not start at a multiple
/// of [`Packed::granule`] and end at one or at N.
///
/// # Safety
/// As [`product`], for these columns.
#[allow(clippy::too_many_arguments)]
pub unsafe fn product_columns<A: Float>(
    isa: Isa,
    rows: usize,
    left: *const A,
    left_row: usize,
    weights: &Packed<A>,
    columns: Range<usize>,
    out: *mut A,
    out_row: usize,
    onto: Onto<A>,
) {
    assert_eq!(weights.groups(), 1, "a product of interleaved weights");
    if rows == 0 || columns.is_empty() {
        return;
    }
    let granule = weights.granule();
    assert!(columns.start.is_multiple_of(granule) && columns.end <= weights.width());
    assert!(columns.end.is_multiple_of(granule) || columns.end == weights.width());
    let depth = weights.depth();
    let last = columns.end - columns.end % granule;
    let full = (last - columns.start) / granule;
    let (right_k, right_piece) = weights.strides(granule / LINE);
    let mut job = Multiply {
        rows,
        depth,
        left,
        left_row,
        left_k: 1,
        right: weights.panel(columns.start / LINE),
        right_k,
        right_piece,
        right_far: weights.far(),
        panels: full,
        right_panel: depth * granule,
        lines: granule / LINE,
        // SAFETY: the column is one of `out`.
        out: unsafe { out.add(columns.start) },
        out_row,
        groups: 1,
        out_group: 0,
        chains: weights.chains(isa),
        add: matches!(onto, Onto::Result),
        bases: match &onto {
            Onto::Base(base) => base,
            _ => std::ptr::null(),
        },
        base_row: 0,
        base_unit: columns.start,
        base_units: usize::MAX,
    };
    // SAFETY: full panels lie within `out`; the rest is the caller's contract.
    unsafe { multiply_blocks(isa, &job) };
    if last < columns.end {
        let lines = (columns.end - last).div_ceil(LINE);
        job.right = weights.panel(last / LINE);
        (job.right_k, job.right_piece) = weights.strides(lines);
        (job.panels, job.lines) = (1, lines);
        // SAFETY: the columns up to `columns.end` are `out`'s.
        unsafe {
            job.out = out.add(last);
            job.base_unit = last;
            multiply_ragged(isa, &job, columns.end - last);
        }
    }
}

/// Runs a job of one group in blocks that stay in the cache.
///
/// # Safety
/// As [`Multiply`]; the processor has `isa`.
pub(super) unsafe fn multiply_blocks<A: Float>(isa: Isa, job: &Multiply<A>) {
    let chunk = DEPTH_BYTES / size_of::<A>();
    if job.rows <= ROWS && job.depth <= chunk || job.depth == 0 {
        // SAFETY: the caller's contract is the same.
        unsafe { A::multiply(isa, job) };
        return;
    }
    for k in (0..job.depth).step_by(chunk) {
        let last = k + chunk >= job.depth;
        for row in (0..job.rows).step_by(ROWS) {
            let block = Multiply {
                rows: ROWS.min(job.rows - row),
                depth: chunk.min(job.depth - k),
                left: job.left.wrapping_add(row * job.left_row + k * job.left_k),
                right: job.right.wrapping_add(k * job.right_k),
                out: job.out.wrapping_add(row * job.out_row),
                add: job.add || k > 0,
                bases: if last { job.bases } else { std::ptr::null() },
                base_row: job.base_row + row,
                ..*job
            };
            // SAFETY: the block is a part of the job.
            unsafe { A::multiply(isa, &block) };
        }
    }
}

/// Runs a job of one panel of which only the first `columns` columns exist in `out`.
///
/// # Safety
/// As [`Multiply`] otherwise; the panel has at most four lines, of one group. The processor has
/// `isa`.
pub(super) unsafe fn multiply_ragged<A: Float>(isa: Isa, job: &Multiply<A>, columns: usize) {
    /// Rows that are computed at once.
    const TILE: usize = 6;
    debug_assert!(job.panels == 1 && job.lines <= 4 && columns <= job.lines * LINE);
    if columns == job.lines * LINE {
        // SAFETY: whole lines exist.
        unsafe { multiply_blocks(isa, job) };
        return;
    }
    let mut scratch = Scratch::<{ TILE * 4 * LINE * 8 }>::new();
    let tile = scratch.as_mut_ptr::<A>();
    let tile_row = job.lines * LINE;
    for row in (0..job.rows).step_by(TILE) {
        let rows = TILE.min(job.rows - row);
        // SAFETY: the tile has room for `TILE` rows of four lines, and is initialised before it
        // is read; `out` has `columns` columns.
        unsafe {
            let out = job.out.add(row * job.out_row);
            if job.add {
                for r in 0..rows {
                    let tile = tile.add(r * tile_row);
                    std::ptr::copy_nonoverlapping(out.add(r * job.out_row), tile, columns);
                    for c in columns..tile_row {
                        *tile.add(c) = A::ZERO;
                    }
                }
            }
            let left = job.left.add(row * job.left_row);
            A::multiply(
                isa,
                &Multiply {
                    rows,
                    left,
                    out: tile,
                    out_row: tile_row,
                    bases: std::ptr::null(),
                    ..*job
                },
            );
            for r in 0..rows {
                let out = out.add(r * job.out_row);
                let tile = tile.add(r * tile_row);
                if let Some(base) = job.bases.as_ref().filter(|base| !base.ptr.is_null()) {
                    let at = (job.base_row + row + r) * base.row + job.base_unit;
                    add_units(columns, base.ptr.add(at), tile);
                }
                std::ptr::copy_nonoverlapping(tile, out, columns);
            }
        }
    }
}
