//! Gradients of weights: products over all rows of a time block, added to their targets.
//!
//! A block of rows goes to all targets before the next one does: where the left operand is
//! packed, it is packed once for all of them. Each element is one chain of sums over rows in
//! ascending order, continued from the target, so that neither blocks nor column ranges change a
//! bit of the result.

use std::ops::Range;
use std::ptr::null_mut;

use super::aligned::Aligned;
use super::float::Float;
use super::isa::Isa;
use super::multiply::Multiply;
use super::panel::{COLUMNS, Left, Panel, pack_left, pack_right};
use super::product::multiply_ragged;
use super::rows::Rows;
use super::{LINE, piece};

/// Rows (terms of the sums) in one block: about so many, and at most so many.
const TERMS: usize = 384;
const MOST: usize = TERMS + TERMS / 2;

/// A left operand whose rows are at least so many bytes apart is packed. Of its lines, which fall
/// into few sets of the first cache, short vectors want the next one twice as soon.
fn far(isa: Isa) -> usize {
    match isa {
        Isa::Avx2 => 512,
        _ => 2048,
    }
}

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
    left: Aligned<A>,
    /// What `left` is a packed copy of: address, elements from row to row, and of a row.
    packed: Option<(usize, usize, usize)>,
    right: Aligned<A>,
    target: Vec<A>,
}

impl<A: Float> Workspace<A> {
    /// Room for a panel's right operand.
    fn right(&mut self) -> *mut A {
        self.right.reserve(COLUMNS * MOST);
        self.right.as_mut_ptr()
    }
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
    // Blocks of like size: a short one would fetch the targets for few terms.
    let blocks = ((rows + TERMS / 2) / TERMS).max(1);
    let block = rows.div_ceil(blocks).max(1);
    let clip = |target: &TargetPart<A>| {
        let start = columns.start.max(target.n_offset);
        let end = columns.end.min(target.n_offset + target.n_len);
        (start < end && target.k_len > 0).then_some((start, end))
    };
    let Some((first, _)) = targets.iter().find_map(clip) else {
        return;
    };
    for row in (0..rows).step_by(block) {
        workspace.packed = None;
        for (i, target) in targets.iter().enumerate() {
            let Some((start, end)) = clip(target) else {
                continue;
            };
            let next = match targets[i + 1..].iter().find_map(clip) {
                Some((start, _)) => row * right.row + start,
                None => (row + block) * right.row + first,
            };
            // SAFETY: `start` and `k_offset` are elements of the operands and of the target, at
            // each of their rows.
            unsafe {
                let outer = Outer {
                    terms: block.min(rows - row),
                    left: Rows {
                        ptr: left.ptr.add(row * left.row + target.k_offset),
                        row: left.row,
                    },
                    height: target.k_len,
                    right: Rows {
                        ptr: right.ptr.add(row * right.row + start),
                        row: right.row,
                    },
                    next: right.ptr.wrapping_add(next),
                    width: end - start,
                    target: target.ptr.add((start - target.n_offset) * target.n_stride),
                    target_row: target.k_stride,
                };
                outer.add_strided(isa, target.n_stride, workspace);
            }
        }
    }
}

/// `target[i][j] += Σ_term left[term][i] · right[term][j]`, over at most `MOST` terms.
///
/// The operands are readable at `terms` rows of `height` and of `width` elements; the target is
/// readable and writable at `height` · `width` elements, and overlaps nothing.
#[derive(Clone, Copy)]
struct Outer<A> {
    terms: usize,
    left: Rows<A>,
    height: usize,
    right: Rows<A>,
    /// What follows as a right operand; the addresses need not exist.
    next: *const A,
    width: usize,
    target: *mut A,
    target_row: usize,
}

impl<A: Float> Outer<A> {
    /// Chooses the direction in which the target's elements are adjacent.
    ///
    /// # Safety
    /// As [`Outer`] says, with the target's columns `column_stride` apart; the processor has `isa`.
    unsafe fn add_strided(self, isa: Isa, column_stride: usize, workspace: &mut Workspace<A>) {
        let transposed = Outer {
            left: self.right,
            height: self.width,
            right: self.left,
            // The next target takes the same rows.
            next: self.left.ptr,
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
    ///
    /// # Safety
    /// As [`Outer::add_strided`].
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
    ///
    /// # Safety
    /// As [`Outer`] says; the processor has `isa`.
    unsafe fn add(self, isa: Isa, workspace: &mut Workspace<A>) {
        // SAFETY: the operands have `terms` rows, and columns below the target's sizes.
        unsafe {
            let left = self.left(isa, workspace);
            let whole = self.width - self.width % COLUMNS;
            for j in (0..whole).step_by(COLUMNS) {
                let near = self.right.row == COLUMNS || self.height <= isa.rows();
                let job = Panel {
                    rows: self.height,
                    terms: self.terms,
                    left: left.ptr,
                    left_k: left.k,
                    left_tile: left.tile,
                    right: self.right.ptr.add(j),
                    right_k: self.right.row,
                    copy: if near { null_mut() } else { workspace.right() },
                    next: match j + COLUMNS {
                        next if next < self.width => self.right.ptr.wrapping_add(next),
                        _ => self.next,
                    },
                    out: self.target.add(j),
                    out_row: self.target_row,
                };
                A::multiply_panel(isa, &job);
            }
            if whole < self.width {
                let copy = workspace.right();
                self.add_rest(isa, left, self.right.ptr.add(whole), copy);
            }
        }
    }

    /// Its left operand, packed if that pays: targets of the same rows have it once.
    ///
    /// # Safety
    /// As [`Outer`] says; since `workspace.packed` was set, the operand has not changed.
    unsafe fn left(&self, isa: Isa, workspace: &mut Workspace<A>) -> Left<A> {
        let left = Left {
            ptr: self.left.ptr,
            k: self.left.row,
            tile: isa.rows(),
        };
        if self.left.row * size_of::<A>() < far(isa) || self.width <= LINE {
            return left;
        }
        let what = (left.ptr.addr(), left.k, self.height);
        if workspace.packed != Some(what) {
            workspace.packed = Some(what);
            // SAFETY: the caller's contract.
            return unsafe { pack_left(isa, left, self.terms, self.height, &mut workspace.left) };
        }
        Left {
            ptr: workspace.left.as_ptr(),
            k: left.tile,
            tile: left.tile * self.terms,
        }
    }

    /// The columns that fill no panel.
    ///
    /// # Safety
    /// As [`Outer::add`]: `left` is the left operand, `right` the right one from these columns on.
    /// `copy` has room for as many terms of whole lines, and overlaps nothing.
    unsafe fn add_rest(&self, isa: Isa, left: Left<A>, right: *const A, copy: *mut A) {
        let columns = self.width % COLUMNS;
        let right = Rows {
            ptr: right,
            row: self.right.row,
        };
        let near = self.height <= isa.rows();
        // SAFETY: rows and columns below the operands' sizes.
        unsafe {
            let (right, right_k) = pack_right(right, self.terms, columns, near, copy);
            for i in (0..self.height).step_by(isa.rows()) {
                let job = Multiply {
                    rows: isa.rows().min(self.height - i),
                    depth: self.terms,
                    left: left.ptr.add(i / isa.rows() * left.tile),
                    left_row: 1,
                    left_k: left.k,
                    right,
                    right_k,
                    right_piece: piece::<A>(),
                    right_far: false,
                    panels: 1,
                    right_panel: 0,
                    lines: columns.div_ceil(LINE),
                    out: self.target.add(i * self.target_row + self.width - columns),
                    out_row: self.target_row,
                    groups: 1,
                    out_group: 0,
                    chains: 1,
                    add: true,
                    bases: std::ptr::null(),
                    base_row: 0,
                    base_unit: 0,
                    base_units: 0,
                };
                multiply_ragged(isa, &job, columns);
            }
        }
    }
}
