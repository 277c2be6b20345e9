//! Packed weights: the right operand of products, in the order in which the micro-kernel reads it.
//!
//! The K × (G · U) matrix of G equally wide groups lies in panels. A panel holds, for each k,
//! `max(1, ⌊4 / G⌋)` blocks of `LINE` units, and for each of these blocks one line per group:
//! the G pre-activations of a unit leave the micro-kernel together. Missing units are zeros. The
//! lines of a panel stand side by side, k by k, or one after the other ([`Order`]).

use super::aligned::Aligned;
use super::float::Float;
use super::isa::Isa;
use super::{LINE, piece};

/// Lines that the micro-kernel takes at once.
const PASS: usize = 4;
/// Bytes from one line of memory to the next in the same set of the first cache.
const SET: usize = 4096;

/// Bytes of weights that stay in the first cache.
pub(super) const NEAR: usize = 48 * 1024;
/// Bytes of weights that do not stay near.
const FAR: usize = 1 << 20;

/// A block of a matrix of weights: the element at (k, n) within it is at
/// `ptr + k · k_stride + n · n_stride`.
#[derive(Clone, Copy, Debug)]
pub struct Part<A> {
    /// Its first element.
    pub ptr: *const A,
    /// Where it starts in the matrix, along the inner dimension.
    pub k_offset: usize,
    /// Where it starts in the matrix, along the columns.
    pub n_offset: usize,
    /// Its length along the inner dimension.
    pub k_len: usize,
    /// Its length along the columns.
    pub n_len: usize,
    /// Elements from one k to the next.
    pub k_stride: usize,
    /// Elements from one column to the next.
    pub n_stride: usize,
}

/// How the pieces of a panel's lines stand. Products do not depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Side by side, k by k: for a single row, which takes all of them at once.
    #[default]
    Together,
    /// One after the other, each with all its k: for tiles that take some at a time.
    Apart,
}

/// Blocks of units in a full panel of so many groups.
fn panel_blocks(groups: usize) -> usize {
    (PASS / groups).max(1)
}

impl Order {
    /// What suits a product of `rows` rows with weights in `groups` groups.
    pub fn choose<A>(isa: Isa, rows: usize, groups: usize) -> Order {
        let line = LINE * size_of::<A>();
        let panel = panel_blocks(groups) * groups * line;
        if rows > 1 && panel > isa.tile_bytes() {
            Order::Apart
        } else {
            Order::Together
        }
    }

    /// Elements from one k to the next in a panel of `lines` lines, and from one piece to the
    /// next.
    #[inline(always)]
    pub(super) fn strides<A>(self, depth: usize, lines: usize) -> (usize, usize) {
        match self {
            Order::Together => (lines * LINE, piece::<A>()),
            Order::Apart => (piece::<A>(), depth * piece::<A>()),
        }
    }
}

impl<A> Part<A> {
    /// Columns that are copied together: a piece, but half of one of `f32` where as many columns
    /// lie in one set of the first cache and would drive each other out.
    fn columns_at_once(&self) -> usize {
        let bytes = self.n_stride * size_of::<A>();
        match self.k_stride == 1 && bytes.is_multiple_of(SET) {
            true => 8,
            false => piece::<A>(),
        }
    }
}

/// Weights in the order of the micro-kernel, in a buffer that is kept.
#[derive(Clone, Debug, Default)]
pub struct Packed<A> {
    buffer: Aligned<A>,
    order: Order,
    depth: usize,
    groups: usize,
    width: usize,
}

impl<A: Float> Packed<A> {
    /// Packs parts side by side: [`Packed::pack_groups`] with one group of all columns.
    ///
    /// # Safety
    /// As [`Packed::pack_groups`].
    pub unsafe fn pack(&mut self, order: Order, depth: usize, columns: usize, parts: &[Part<A>]) {
        // SAFETY: the caller's contract is the same.
        unsafe { self.pack_groups(order, depth, 1, columns, parts) }
    }

    /// Packs a matrix of `depth` rows and `groups · width` columns, given as parts; where there
    /// is no part it is 0. Does not allocate when the sizes are those of last time.
    ///
    /// # Panics
    /// If a part does not lie within the matrix.
    ///
    /// # Safety
    /// Every part is readable at all its elements.
    pub unsafe fn pack_groups(
        &mut self,
        order: Order,
        depth: usize,
        groups: usize,
        width: usize,
        parts: &[Part<A>],
    ) {
        let covered = parts.iter().map(|part| part.k_len * part.n_len).sum();
        self.prepare(order, depth, groups, width, covered);
        for part in parts {
            // SAFETY: the caller's contract is the same.
            unsafe { self.put(part) }
        }
    }

    /// Makes room for a matrix of which parts with `covered` elements will be put in; the rest
    /// is 0.
    pub(super) fn prepare(
        &mut self,
        order: Order,
        depth: usize,
        groups: usize,
        width: usize,
        covered: usize,
    ) {
        self.order = order;
        (self.depth, self.groups, self.width) = (depth, groups.max(1), width);
        self.buffer.reserve(self.elements());
        if covered < depth * self.groups * width || !width.is_multiple_of(LINE) {
            let elements = self.elements();
            self.buffer[..elements].fill(A::ZERO);
        }
    }

    /// Puts a part where it belongs.
    ///
    /// # Safety
    /// The part is readable at all its elements.
    pub(super) unsafe fn put(&mut self, part: &Part<A>) {
        let width = self.width;
        assert!(
            part.k_offset + part.k_len <= self.depth,
            "a part outside of the matrix"
        );
        assert!(
            part.n_offset + part.n_len <= self.groups * width,
            "a part outside of the matrix"
        );
        let mut done = 0;
        while done < part.n_len {
            let column = part.n_offset + done;
            let (group, unit) = (column / width, column % width);
            let (offset, stride, apart) = self.line(group, unit / LINE);
            let (index, rest) = (unit % LINE / piece::<A>(), unit % piece::<A>());
            let offset = offset + index * apart + part.k_offset * stride + rest;
            let room = part.columns_at_once() - rest % part.columns_at_once();
            let columns = room.min(width - unit).min(part.n_len - done);
            // SAFETY: `line` gives a place within the buffer; the part is readable.
            unsafe {
                let from = part.ptr.add(done * part.n_stride);
                let to = self.buffer.as_mut_ptr().add(offset);
                match columns {
                    16 => pack_piece::<A, 16>(part, from, columns, to, stride),
                    _ => pack_piece::<A, 8>(part, from, columns, to, stride),
                }
            }
            done += columns;
        }
    }

    fn elements(&self) -> usize {
        self.depth * self.groups * self.blocks() * LINE
    }

    /// The inner dimension.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Groups.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Columns of a group.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Units at which the columns of a group can be split: a multiple of this.
    pub fn granule(&self) -> usize {
        self.panel_blocks() * LINE
    }

    /// Blocks of `LINE` units.
    pub(super) fn blocks(&self) -> usize {
        self.width.div_ceil(LINE)
    }

    /// Blocks of units in a full panel.
    pub(super) fn panel_blocks(&self) -> usize {
        panel_blocks(self.groups)
    }

    /// The panel that starts at a block of units, which is a multiple of `panel_blocks`.
    pub(super) fn panel(&self, block: usize) -> *const A {
        // Earlier panels are full.
        let offset = block * self.groups * self.depth * LINE;
        self.buffer[offset..].as_ptr()
    }

    /// Whether they are more than stay near from step to step.
    pub(super) fn far(&self) -> bool {
        self.elements() * size_of::<A>() >= FAR
    }

    /// Chains of each sum of a product with them: several if they are few vectors, in the first
    /// cache.
    pub(super) fn chains(&self, isa: Isa) -> usize {
        let row = self.blocks() * self.groups * LINE * size_of::<A>();
        match self.depth * row <= NEAR {
            true => isa.chains(row / isa.vector_bytes()),
            false => 1,
        }
    }

    /// How the lines stand.
    pub(super) fn order(&self) -> Order {
        self.order
    }

    /// Elements from one k to the next in a panel of `lines` lines, and from one piece to the
    /// next.
    pub(super) fn strides(&self, lines: usize) -> (usize, usize) {
        self.order.strides::<A>(self.depth, lines)
    }

    /// Offset of a group's line at k = 0, and elements from one k, and one piece, to the next.
    fn line(&self, group: usize, block: usize) -> (usize, usize, usize) {
        let first = block - block % self.panel_blocks();
        let blocks = self.panel_blocks().min(self.blocks() - first);
        let panel = first * self.groups * self.depth * LINE;
        let line = (block - first) * self.groups + group;
        let (k, apart) = self.strides(blocks * self.groups);
        (panel + line * (LINE / piece::<A>()) * apart, k, apart)
    }
}

/// Copies some columns of a part, all its k; `N` of them are taken together.
///
/// # Safety
/// `from` is readable as the part's strides say, `to` writable at `columns` elements each
/// `stride` elements, at all k; they do not overlap.
unsafe fn pack_piece<A: Float, const N: usize>(
    part: &Part<A>,
    from: *const A,
    columns: usize,
    to: *mut A,
    stride: usize,
) {
    let mut k = 0;
    // SAFETY: k stays below `k_len`, the column below `columns`.
    unsafe {
        if columns == N && part.n_stride == 1 {
            while k < part.k_len {
                let piece = *from.add(k * part.k_stride).cast::<[A; N]>();
                *to.add(k * stride).cast::<[A; N]>() = piece;
                k += 1;
            }
        } else if columns == N && part.k_stride == 1 {
            while part.k_len - k >= N {
                transpose_block::<A, N>(from.add(k), part.n_stride, to.add(k * stride), stride);
                k += N;
            }
        }
        while k < part.k_len {
            for column in 0..columns {
                let element = *from.add(k * part.k_stride + column * part.n_stride);
                *to.add(k * stride + column) = element;
            }
            k += 1;
        }
    }
}

/// Transposes `N` rows of `N` elements, in squares of four, which stay in registers.
///
/// # Safety
/// `from` is readable and `to` writable at so many rows; they do not overlap. 4 divides `N`.
#[inline(always)]
unsafe fn transpose_block<A: Float, const N: usize>(
    from: *const A,
    from_row: usize,
    to: *mut A,
    to_row: usize,
) {
    // SAFETY: the caller's block exists on both sides.
    unsafe {
        for column in (0..N).step_by(4) {
            for k in (0..N).step_by(4) {
                let row = |i: usize| *from.add((column + i) * from_row + k).cast::<[A; 4]>();
                let [a, b, c, d] = [row(0), row(1), row(2), row(3)];
                for i in 0..4 {
                    let to = to.add((k + i) * to_row + column).cast::<[A; 4]>();
                    *to = [a[i], b[i], c[i], d[i]];
                }
            }
        }
    }
}
