//! Products of a single row: what there is to know before the row is there.
//!
//! Takes: packed weights, and columns of them. Gives: a [`RowProduct`], with the kernel that suits its
//! size (see `row_kernels`).

use std::ops::Range;

use super::float::Float;
use super::isa::Isa;
use super::pack::{NEAR, Order, Packed};
use super::{LINE, in_pieces};

/// One row times packed weights, with a base for each group. The result stands as
/// `[group][unit]`, whole lines.
///
/// It points into the weights, which stand still as long as it is used.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct RowProduct<A> {
    pub(super) right: *const A,
    pub(super) order: Order,
    pub(super) depth: usize,
    pub(super) groups: usize,
    /// Lines of a group.
    pub(super) blocks: usize,
    /// Lines of a group in a panel.
    pub(super) panel_blocks: usize,
    /// Full panels, and lines of a group in another.
    pub(super) full: usize,
    pub(super) rest: usize,
    /// Pairs of full panels that are taken at once.
    pub(super) pairs: usize,
    pub(super) few: Few,
    kernel: RowKernel<A>,
}

/// The most vectors that are few: their sums are all in registers.
const FEW: usize = 8;

/// What is settled of a product of few vectors.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Few {
    /// Elements from the first half's weights to the second's.
    pub(super) half: usize,
    /// Lines of a panel.
    pub(super) lines: usize,
    pub(super) spots: [Spot; FEW],
}

/// Where a vector of the result belongs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spot {
    pub(super) group: u16,
    pub(super) unit: u16,
    /// Elements from the beginning of the result.
    pub(super) out: u16,
    /// Whether the columns have all units of its line.
    pub(super) whole: bool,
}

/// A compiled product.
///
/// # Safety
/// The product is of the form that the kernel was chosen for; for the rest, as [`RowProduct`] and
/// [`Ends`] say. The processor has the instruction set.
pub type RowKernel<A> = unsafe fn(&RowProduct<A>, &Ends<A>);

/// By what the kernel of a product is chosen.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Chains of each sum.
    pub(super) chains: usize,
    /// Vectors of the result.
    pub(super) vectors: usize,
    pub(super) order: Order,
    /// Whether the vectors are few, and halves of them in one panel or in two that are taken at once.
    pub(super) halves: bool,
}

/// The operands of a [`RowProduct`]; `out` overlaps none of the others.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Ends<A> {
    /// The row, of the weights' depth.
    pub left: *const A,
    /// The place of each group's base, or null; null if none has one.
    pub bases: *const *const A,
    /// Units of the bases; a line of which they have a part gets nothing.
    pub units: usize,
    /// Room for [`RowProduct::elements`].
    pub out: *mut A,
    /// Whether the last panels come first; results do not depend on it.
    pub back: bool,
}

impl<A: Float> RowProduct<A> {
    /// The product's columns `columns` of each group, which begin at a multiple of
    /// [`Packed::granule`].
    ///
    /// # Panics
    /// If they do not, or the weights have fewer.
    pub(super) fn new(isa: Isa, weights: &Packed<A>, columns: Range<usize>) -> RowProduct<A> {
        let granule = weights.granule();
        let inside = columns.is_empty() || columns.end <= weights.width();
        assert!(
            columns.start.is_multiple_of(granule) && inside,
            "columns of the weights' panels"
        );
        let blocks = columns.len().div_ceil(LINE);
        let panel_blocks = weights.panel_blocks();
        let row = panel_blocks * weights.groups() * LINE * size_of::<A>();
        let panel = weights.depth() * row;
        let pairs = match row / isa.vector_bytes() {
            // Of these one stays in the first cache until the next step, two do not.
            4..8 if panel <= NEAR && 2 * panel > NEAR => 0,
            ..8 => blocks / panel_blocks / 2,
            _ => 0,
        };
        let (full, rest) = (blocks / panel_blocks, blocks % panel_blocks);
        let vectors = blocks * weights.groups() * LINE * size_of::<A>() / isa.vector_bytes();
        let form = Form {
            chains: weights.chains(isa),
            vectors,
            order: weights.order(),
            halves: match (vectors, full, rest) {
                (6 | 8, 2, 0) => pairs == 1,
                (8, 1, 0) | (8, 0, _) => true,
                _ => false,
            },
        };
        let mut row = RowProduct {
            right: weights.panel(columns.start / LINE),
            order: weights.order(),
            depth: weights.depth(),
            groups: weights.groups(),
            blocks,
            panel_blocks,
            full,
            rest,
            pairs,
            few: Few::default(),
            kernel: A::row_kernel(isa, form),
        };
        row.few = row.few(vectors, columns.len());
        row
    }

    /// What a product of so many vectors and columns needs, if these are few.
    fn few(&self, vectors: usize, columns: usize) -> Few {
        let mut few = Few::default();
        if vectors == 0 || vectors > FEW {
            return few;
        }
        let lanes = self.blocks * self.groups * LINE / vectors;
        few.lines = match self.full {
            0 => self.rest * self.groups,
            _ => self.panel_blocks * self.groups,
        };
        let panel = few.lines * LINE / lanes;
        let (_, piece) = self.order.strides::<A>(self.depth, few.lines);
        few.half = match self.full {
            2.. => few.lines * self.depth * LINE,
            _ => in_pieces::<A>(vectors / 2, lanes, piece),
        };
        for (v, spot) in few.spots.iter_mut().enumerate().take(vectors) {
            let (group, unit) = self.place((v / panel, 0), v % panel, lanes);
            let whole = unit / LINE * LINE + LINE <= columns;
            // So few vectors have no more than 128 elements.
            let [group, unit, out] = [group, unit, group * self.group() + unit].map(|n| n as u16);
            *spot = Spot {
                group,
                unit,
                out,
                whole,
            };
        }
        few
    }

    /// Multiplies one row.
    ///
    /// # Safety
    /// As [`RowProduct`] and [`Ends`] say; the processor has the instruction set.
    #[inline(always)]
    pub(super) unsafe fn run(&self, ends: &Ends<A>) {
        // SAFETY: the kernel was chosen for this product; the rest is the caller's contract.
        unsafe { (self.kernel)(self, ends) }
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

    /// The vector `v` after one of a panel: its group, and its first unit. Panels of several blocks
    /// have one group or two (see `pack`).
    #[inline(always)]
    pub(super) fn place(
        &self,
        (panel, first): (usize, usize),
        v: usize,
        lanes: usize,
    ) -> (usize, usize) {
        let lines = LINE / lanes;
        let (line, rest) = ((first + v) / lines, (first + v) % lines);
        let (block, group) = match self.groups {
            1 => (line, 0),
            2 => (line / 2, line % 2),
            _ => (0, line),
        };
        let unit = (panel * self.panel_blocks + block) * LINE;
        (group, unit + rest * lanes)
    }
}
