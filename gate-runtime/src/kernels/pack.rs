//! Packed weights: the right operand of products, in the order in which the micro-kernel reads it.
//!
//! The K × (G · U) matrix of G equally wide groups lies in panels. A panel holds, for each k,
//! `max(1, ⌊4 / G⌋)` blocks of `LINE` units, and for each of these blocks one line per group:
//! the G pre-activations of a unit leave the micro-kernel together. Missing units are zeros. The
//! lines of a panel stand side by side, k by k, or one after the other ([`Order`]).

use std::ops::Range;

use super::aligned::Aligned;
use super::float::Float;
use super::isa::Isa;
use super::pieces::{self, Piece, Pieces};
use super::{LINE, piece};

/// Lines that the micro-kernel takes at once.
const PASS: usize = 4;
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
    /// If a part does not lie within the matrix, or this cannot be counted.
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
            unsafe { self.put(part, 0..self.columns()) }
        }
    }

    /// Makes room for a matrix of which parts with `covered` elements will be put in; the rest
    /// is 0.
    ///
    /// # Panics
    /// If its elements cannot be counted.
    pub(crate) fn prepare(
        &mut self,
        order: Order,
        depth: usize,
        groups: usize,
        width: usize,
        covered: usize,
    ) {
        let groups = groups.max(1);
        let lines = width.div_ceil(LINE).checked_mul(LINE);
        let elements = lines.and_then(|units| units.checked_mul(groups)?.checked_mul(depth));
        assert!(
            elements.is_some_and(|all| all <= isize::MAX as usize / size_of::<A>()),
            "weights that can be counted"
        );
        self.order = order;
        (self.depth, self.groups, self.width) = (depth, groups, width);
        self.buffer.reserve(self.elements());
        if covered < depth * self.groups * width || !width.is_multiple_of(LINE) {
            let elements = self.elements();
            self.buffer[..elements].fill(A::ZERO);
        }
    }

    /// Puts a part where it belongs, as much of it as lies in these columns of the matrix.
    ///
    /// # Safety
    /// The part is readable at all its elements; nobody else reads or writes these columns.
    pub(super) unsafe fn put(&self, part: &Part<A>, columns: Range<usize>) {
        let up_to = |offset: usize, count: usize, all: usize| {
            offset.checked_add(count).filter(|&end| end <= all)
        };
        let last = up_to(part.k_offset, part.k_len, self.depth);
        let end = up_to(part.n_offset, part.n_len, self.columns());
        let (Some(_), Some(end)) = (last, end) else {
            panic!("a part outside of the matrix");
        };
        let columns = columns.start.max(part.n_offset)..columns.end.min(end);
        let past = pieces::past_caches::<A>(self.elements());
        let mut pieces = Pieces::<A>::new(part, self.buffer.start(), past);
        let mut column = columns.start;
        while column < columns.end {
            let piece = self.piece(part, column, columns.end, pieces.columns());
            column += piece.columns;
            // SAFETY: the caller's part is readable; `piece` gives places of its columns within
            // the buffer, since the part lies within the matrix, for which `prepare` made room.
            unsafe { pieces.add(piece) }
        }
        // SAFETY: as above.
        unsafe { pieces.finish() }
    }

    /// The columns of a part from one on, in the matrix, that stand in one piece: `most` of them
    /// at most, which divides a piece, and none from `end` on.
    fn piece(&self, part: &Part<A>, column: usize, end: usize, most: usize) -> Piece {
        let (group, unit) = (column / self.width, column % self.width);
        let (offset, stride, apart) = self.line(group, unit / LINE);
        let (index, rest) = (unit % LINE / piece::<A>(), unit % piece::<A>());
        Piece {
            column: column - part.n_offset,
            columns: (most - rest % most)
                .min(self.width - unit)
                .min(end - column),
            offset: offset + index * apart + part.k_offset * stride + rest,
            stride,
        }
    }

    /// Columns.
    pub(super) fn columns(&self) -> usize {
        self.groups * self.width
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
