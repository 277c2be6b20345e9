//! Gradients of weights: products over all rows of a time block, added to their targets.
//!
//! Each element is one chain of sums over rows in ascending order, continued from the target, so
//! that neither blocks nor column ranges change a bit of the result.

use std::ops::Range;

use super::LINE;
use super::float::Float;
use super::isa::{Isa, for_each_isa};
use super::product::multiply_ragged;
use super::real::Mode;
use super::rows::Rows;
use super::tile::{Multiply, prefetch};

/// Rows (terms of the sums) in one block.
const TERMS: usize = 384;
/// Rows that are asked for before they are copied.
const AHEAD: usize = 12;
/// Columns of the right operand in one panel.
const COLUMNS: usize = 4 * LINE;
/// Rows of the micro-kernel's tile.
const TILE: usize = 6;
/// A left operand whose rows are at least so many bytes apart is packed.
const FAR: usize = 2048;

/// A block of weights' gradients: the element at (k, n) within it is at
/// `ptr + k · k_stride + n · n_stride`.
#[derive(Clone, Copy, Debug)]
pub struct TargetPart<A> {
    /// Its first element.
    pub ptr: *mut A,
    /// The first element of the left operand's rows that it takes.
    pub k_offset: usize,
    /// The first element of the right operand's rows that it takes.
    pub n_offset: usize,
    /// Its length along the left operand's rows.
    pub k_len: usize,
    /// Its length along the right operand's rows.
    pub n_len: usize,
    /// Elements from one k to the next.
    pub k_stride: usize,
    /// Elements from one n to the next.
    pub n_stride: usize,
}

/// Buffers of [`gradient`] that are kept from call to call. Each thread has its own.
#[derive(Clone, Debug, Default)]
pub struct Workspace<A> {
    left: Vec<A>,
    right: Vec<A>,
    target: Vec<A>,
}

/// `target[k][n] += Σ_row left[row][k] · right[row][n]` for all elements of all targets whose n
/// lies in `columns`.
///
/// Threads can split the columns.
///
/// # Safety
/// The processor has `isa`. The operands are readable at `rows` rows, where targets take
/// elements; targets are readable and writable, and overlap nothing.
#[allow(clippy::too_many_arguments)]
pub unsafe fn gradient<A: Float>(
    isa: Isa,
    rows: usize,
    left: Rows<A>,
    right: Rows<A>,
    targets: &[TargetPart<A>],
    columns: Range<usize>,
    workspace: &mut Workspace<A>,
) {
    for target in targets {
        let start = columns.start.max(target.n_offset);
        let end = columns.end.min(target.n_offset + target.n_len);
        if start >= end || target.k_len == 0 || rows == 0 {
            continue;
        }
        // SAFETY: `start` and `k_offset` are elements of the operands and of the target.
        unsafe {
            let outer = Outer {
                rows,
                left: Rows {
                    ptr: left.ptr.add(target.k_offset),
                    row: left.row,
                },
                height: target.k_len,
                right: Rows {
                    ptr: right.ptr.add(start),
                    row: right.row,
                },
                width: end - start,
                target: target.ptr.add((start - target.n_offset) * target.n_stride),
                target_row: target.k_stride,
            };
            outer.add_strided(isa, target.n_stride, workspace);
        }
    }
}

/// `target[i][j] += Σ_row left[row][i] · right[row][j]`.
#[derive(Clone, Copy)]
struct Outer<A> {
    rows: usize,
    left: Rows<A>,
    height: usize,
    right: Rows<A>,
    width: usize,
    target: *mut A,
    target_row: usize,
}

impl<A: Float> Outer<A> {
    /// Chooses the direction in which the target's elements are adjacent.
    unsafe fn add_strided(self, isa: Isa, column_stride: usize, workspace: &mut Workspace<A>) {
        let transposed = Outer {
            left: self.right,
            height: self.width,
            right: self.left,
            width: self.height,
            target_row: column_stride,
            ..self
        };
        let along = column_stride == 1 || self.width == 1;
        let across = self.target_row == 1 || self.height == 1;
        // SAFETY: the same elements of the same target.
        unsafe {
            if along && (self.width >= LINE || self.width >= self.height || !across) {
                self.add(isa, workspace);
            } else if across && (self.height >= LINE || self.height >= self.width) {
                transposed.add(isa, workspace);
            } else {
                self.add_through_copy(isa, column_stride, workspace);
            }
        }
    }

    /// For targets whose elements are adjacent in neither direction, or in the short one only.
    unsafe fn add_through_copy(self, isa: Isa, column_stride: usize, workspace: &mut Workspace<A>) {
        let mut copy = std::mem::take(&mut workspace.target);
        copy.clear();
        // SAFETY: the elements are the target's.
        unsafe {
            for i in 0..self.height {
                for j in 0..self.width {
                    copy.push(*self.target.add(i * self.target_row + j * column_stride));
                }
            }
            let target = copy.as_mut_ptr();
            Outer {
                target,
                target_row: self.width,
                ..self
            }
            .add(isa, workspace);
            for i in 0..self.height {
                for j in 0..self.width {
                    let element = copy[i * self.width + j];
                    *self.target.add(i * self.target_row + j * column_stride) = element;
                }
            }
        }
        workspace.target = copy;
    }

    /// For targets with adjacent columns.
    unsafe fn add(self, isa: Isa, workspace: &mut Workspace<A>) {
        let tiles = self.left.row * size_of::<A>() >= FAR && self.width > LINE;
        for row in (0..self.rows).step_by(TERMS) {
            let terms = TERMS.min(self.rows - row);
            // SAFETY: rows and elements below the operands' sizes.
            unsafe {
                let mut left = self.left.ptr.add(row * self.left.row);
                if tiles {
                    let packed = &mut workspace.left;
                    left = pack_left(left, self.left.row, terms, self.height, packed);
                }
                for j in (0..self.width).step_by(COLUMNS) {
                    let columns = COLUMNS.min(self.width - j);
                    let right = self.right.ptr.add(row * self.right.row + j);
                    let packed = &mut workspace.right;
                    let (right, right_k) =
                        pack_right(right, self.right.row, terms, columns, self.height, packed);
                    let job = Multiply {
                        rows: self.height,
                        depth: terms,
                        left,
                        left_row: 1,
                        left_k: self.left.row,
                        right,
                        right_k,
                        panels: 1,
                        right_panel: 0,
                        lines: columns.div_ceil(LINE),
                        out: self.target.add(j),
                        out_row: self.target_row,
                        groups: 1,
                        out_group: 0,
                        add: true,
                    };
                    multiply(isa, &job, columns, tiles);
                }
            }
        }
    }
}

/// Runs a job; `tiles` says that its left operand is packed in tiles.
unsafe fn multiply<A: Float>(isa: Isa, job: &Multiply<A>, columns: usize, tiles: bool) {
    // SAFETY: the caller's contract is the same.
    unsafe {
        if !tiles {
            multiply_ragged(isa, job, columns);
            return;
        }
        for i in (0..job.rows).step_by(TILE) {
            let tile = Multiply {
                rows: TILE.min(job.rows - i),
                left: job.left.add(i * job.depth),
                left_k: TILE,
                out: job.out.add(i * job.out_row),
                ..*job
            };
            multiply_ragged(isa, &tile, columns);
        }
    }
}

/// Copies `terms` rows of `height` elements to `[tile][term][TILE]`.
unsafe fn pack_left<A: Float>(
    left: *const A,
    row: usize,
    terms: usize,
    height: usize,
    buffer: &mut Vec<A>,
) -> *const A {
    let size = height.next_multiple_of(TILE) * terms;
    if buffer.len() < size {
        buffer.resize(size, A::ZERO);
    }
    let to = buffer.as_mut_ptr();
    // SAFETY: i < height and term < terms on both sides.
    unsafe {
        for term in 0..terms {
            let from = left.add(term * row);
            for line in 0..height.div_ceil(LINE) {
                prefetch(from.wrapping_add(AHEAD * row + line * LINE));
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
    to
}

/// Copies `terms` rows of `columns` elements to whole lines, where that pays or whole lines do
/// not exist; gives the place and the elements from one term to the next.
unsafe fn pack_right<A: Float>(
    right: *const A,
    row: usize,
    terms: usize,
    columns: usize,
    height: usize,
    buffer: &mut Vec<A>,
) -> (*const A, usize) {
    let lines = columns.next_multiple_of(LINE);
    if lines == columns && (height <= TILE || row == lines) {
        return (right, row);
    }
    let slack = 64 / size_of::<A>();
    if buffer.len() < COLUMNS * TERMS + slack {
        buffer.resize(COLUMNS * TERMS + slack, A::ZERO);
    }
    let start = buffer.as_ptr().align_offset(64);
    let start = if start < slack { start } else { 0 };
    // SAFETY: the buffer has room for `TERMS` rows of `COLUMNS` elements.
    unsafe {
        let to = buffer.as_mut_ptr().add(start);
        for term in 0..terms {
            let (from, to) = (right.add(term * row), to.add(term * lines));
            for line in 0..columns.div_ceil(LINE) {
                prefetch(from.wrapping_add(AHEAD * row + line * LINE));
            }
            if columns == COLUMNS {
                for line in 0..COLUMNS / LINE {
                    let (from, to) = (from.add(line * LINE), to.add(line * LINE));
                    *to.cast::<[A; LINE]>() = *from.cast::<[A; LINE]>();
                }
            } else {
                std::ptr::copy_nonoverlapping(from, to, columns);
                for padding in columns..lines {
                    *to.add(padding) = A::ZERO;
                }
            }
        }
        (to, lines)
    }
}

for_each_isa! {
    /// `target[unit] += Σ_row x[row][unit]`, rows ascending.
    ///
    /// # Safety
    /// The processor has `isa`; `x` is readable at `rows` rows of `width` elements, `target`
    /// readable and writable at `width` elements that do not overlap `x`.
    pub unsafe fn sum_rows(rows: usize, width: usize, x: Rows<A>, target: *mut A)
        for A = sum_rows_body
}

#[inline(always)]
#[allow(clippy::extra_unused_type_parameters)] // `for_each_isa` asks for a mode.
unsafe fn sum_rows_body<A: Float, M: Mode>(rows: usize, width: usize, x: Rows<A>, target: *mut A) {
    let mut u = 0;
    // SAFETY: rows and units below the sizes.
    unsafe {
        while u + COLUMNS <= width {
            sum_columns::<A, COLUMNS>(rows, x, u, target);
            u += COLUMNS;
        }
        while u + LINE <= width {
            sum_columns::<A, LINE>(rows, x, u, target);
            u += LINE;
        }
        while u < width {
            sum_columns::<A, 1>(rows, x, u, target);
            u += 1;
        }
    }
}

#[inline(always)]
unsafe fn sum_columns<A: Float, const N: usize>(rows: usize, x: Rows<A>, u: usize, target: *mut A) {
    // SAFETY: the caller's contract is the same.
    unsafe {
        let mut sums = *target.add(u).cast::<[A; N]>();
        for r in 0..rows {
            let line = *x.ptr.add(r * x.row + u).cast::<[A; N]>();
            for l in 0..N {
                sums[l] += line[l];
            }
        }
        *target.add(u).cast::<[A; N]>() = sums;
    }
}
