//! Products of a single row: the micro-kernel with the vectors of two panels in flight.
//!
//! One row has a chain of sums per vector and no second row to hide its latency behind. The
//! chains are those of `tile` and `parts`: a row's results do not depend on which kernel computed
//! them.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use std::ops::Range;

use super::float::Float;
use super::isa::Isa;
use super::multiply::Terms;
use super::pack::{NEAR, Order, Packed};
use super::vector::{self, Vector};
use super::{LINE, in_pieces};

/// One row times packed weights, with a base for each group. The result stands as
/// `[group][unit]`, whole lines.
///
/// It points into the weights, which stand still as long as it is used.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct RowProduct<A> {
    right: *const A,
    order: Order,
    depth: usize,
    groups: usize,
    /// Lines of a group.
    blocks: usize,
    /// Lines of a group in a panel.
    panel_blocks: usize,
    /// Pairs of full panels that are taken at once.
    pairs: usize,
    /// Chains of each sum.
    chains: usize,
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
        RowProduct {
            right: weights.panel(columns.start / LINE),
            order: weights.order(),
            depth: weights.depth(),
            groups: weights.groups(),
            blocks,
            panel_blocks,
            pairs,
            chains: weights.chains(isa),
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

    /// The vector `v` after one of a panel: its group, and its first unit. Panels of several blocks
    /// have one group or two (see `pack`).
    #[inline(always)]
    fn place(&self, (panel, first): (usize, usize), v: usize, lanes: usize) -> (usize, usize) {
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

/// `NP` parts of `NV` vectors, each from a vector of a panel of `lines` lines on.
///
/// Two parts of four vectors and not one of eight, which the compiler would keep in memory.
///
/// # Safety
/// As [`panels`]; the product has these panels, and they these vectors.
#[inline(always)]
unsafe fn strip<
    A: Float,
    V: Vector<Number = A>,
    const NEAR: bool,
    const NV: usize,
    const NP: usize,
>(
    job: &RowProduct<A>,
    ends: &Ends<A>,
    lines: usize,
    parts: [(usize, usize); NP],
) {
    // SAFETY: the panels exist; `out` holds all their lines.
    unsafe {
        let order = if NEAR { Order::Together } else { Order::Apart };
        let (right_k, right_piece) = order.strides::<A>(job.depth, lines);
        let mut right = [job.right; NP];
        for p in 0..NP {
            let (panel, vector) = parts[p];
            let first = panel * job.panel_blocks * job.groups * job.depth * LINE;
            let at = first + in_pieces::<A>(vector, V::LANES, right_piece);
            right[p] = job.right.add(at);
        }
        let mut sums = [[V::all(A::ZERO); NV]; NP];
        for k in 0..job.depth {
            let a = V::all(*ends.left.add(k));
            for p in 0..NP {
                for v in 0..NV {
                    let b = V::load(right[p].add(in_pieces::<A>(v, V::LANES, right_piece)));
                    sums[p][v] = a.mul_add(b, sums[p][v]);
                }
                right[p] = right[p].wrapping_add(right_k);
            }
        }
        for p in 0..NP {
            finish(job, ends, parts[p], sums[p]);
        }
    }
}

/// Puts the sums of some vectors of a panel, on their bases, where they belong.
///
/// # Safety
/// As [`row`]; the product has this panel, and it these vectors.
#[inline(always)]
unsafe fn finish<A: Float, V: Vector<Number = A>, const NV: usize>(
    job: &RowProduct<A>,
    ends: &Ends<A>,
    part: (usize, usize),
    mut sums: [V; NV],
) {
    // SAFETY: `out` holds all lines of the panel, and bases as many units.
    unsafe {
        for v in 0..NV {
            let (group, unit) = job.place(part, v, V::LANES);
            if !ends.bases.is_null() && unit / LINE * LINE + LINE <= ends.units {
                let base = *ends.bases.add(group);
                if !base.is_null() {
                    sums[v] = sums[v] + V::load(base.add(unit));
                }
            }
            sums[v].store(ends.out.add(group * job.group() + unit));
        }
    }
}

/// A product of `NV` vectors, which are one panel, in `NC` chains each.
///
/// # Safety
/// As [`row`]; the product has so many vectors, in one panel.
#[inline(always)]
unsafe fn parted<A: Float, V: Vector<Number = A>, const NV: usize, const NC: usize>(
    job: &RowProduct<A>,
    ends: &Ends<A>,
) {
    let lines = job.blocks * job.groups;
    let (right_k, right_piece) = job.order.strides::<A>(job.depth, lines);
    let terms = Terms {
        left: ends.left,
        left_row: 0,
        left_k: 1,
        right: job.right,
        right_k,
        right_piece,
    };
    // SAFETY: the panel has so many vectors at each k; `out` holds all its lines.
    unsafe {
        let first = [[V::all(A::ZERO); NV]];
        let [sums] = terms.add_in_parts::<V, NV, 1, NC>(job.depth, first);
        finish(job, ends, (0, 0), sums);
    }
}

/// All vectors of a panel.
///
/// # Safety
/// As [`panels`]; the product has this panel, of so many lines.
#[inline(always)]
unsafe fn one_panel<A: Float, V: Vector<Number = A>, const NEAR: bool>(
    job: &RowProduct<A>,
    ends: &Ends<A>,
    (panel, lines): (usize, usize),
) {
    let vectors = lines * (LINE / V::LANES);
    let mut v = 0;
    // SAFETY: vectors below `vectors` exist in the panel.
    unsafe {
        while vectors - v >= 8 {
            strip::<A, V, NEAR, 4, 2>(job, ends, lines, [(panel, v), (panel, v + 4)]);
            v += 8;
        }
        if vectors - v >= 4 {
            strip::<A, V, NEAR, 4, 1>(job, ends, lines, [(panel, v)]);
            v += 4;
        }
        match vectors - v {
            1 => strip::<A, V, NEAR, 1, 1>(job, ends, lines, [(panel, v)]),
            2 => strip::<A, V, NEAR, 2, 1>(job, ends, lines, [(panel, v)]),
            3 => strip::<A, V, NEAR, 3, 1>(job, ends, lines, [(panel, v)]),
            _ => {}
        }
    }
}

/// All vectors, fewer than eight, of a panel and the next.
///
/// # Safety
/// As [`panels`]; the product has both panels, each of so many lines.
#[inline(always)]
unsafe fn two_panels<A: Float, V: Vector<Number = A>, const NEAR: bool>(
    job: &RowProduct<A>,
    ends: &Ends<A>,
    (panel, lines): (usize, usize),
) {
    let vectors = lines * (LINE / V::LANES);
    let (mut v, next) = (0, panel + 1);
    // SAFETY: vectors below `vectors` exist in both panels.
    unsafe {
        if vectors >= 4 {
            strip::<A, V, NEAR, 4, 2>(job, ends, lines, [(panel, 0), (next, 0)]);
            v = 4;
        }
        match vectors - v {
            1 => strip::<A, V, NEAR, 1, 2>(job, ends, lines, [(panel, v), (next, v)]),
            2 => strip::<A, V, NEAR, 2, 2>(job, ends, lines, [(panel, v), (next, v)]),
            3 => strip::<A, V, NEAR, 3, 2>(job, ends, lines, [(panel, v), (next, v)]),
            _ => {}
        }
    }
}

/// Multiplies one row.
///
/// # Safety
/// As [`RowProduct`] and [`Ends`] say; the processor has `V`'s instruction set.
#[inline(always)]
unsafe fn row<A: Float, V: Vector<Number = A>>(job: &RowProduct<A>, ends: &Ends<A>) {
    // SAFETY: the caller's contract is the same.
    unsafe {
        let vectors = job.blocks * job.groups * (LINE / V::LANES);
        match (job.chains, vectors, job.order) {
            (4, 1, _) => parted::<A, V, 1, 4>(job, ends),
            (4, 2, _) => parted::<A, V, 2, 4>(job, ends),
            (2, 2, _) => parted::<A, V, 2, 2>(job, ends),
            (2, 3, _) => parted::<A, V, 3, 2>(job, ends),
            (2, 4, _) => parted::<A, V, 4, 2>(job, ends),
            (.., Order::Together) => panels::<A, V, true>(job, ends),
            (.., Order::Apart) => panels::<A, V, false>(job, ends),
        }
    }
}

/// All panels, whose lines are adjacent if `NEAR`; two at a time where one is less than eight
/// vectors.
///
/// # Safety
/// As [`row`]; the weights' order is [`Order::Together`] if `NEAR`, else [`Order::Apart`].
#[inline(always)]
unsafe fn panels<A: Float, V: Vector<Number = A>, const NEAR: bool>(
    job: &RowProduct<A>,
    ends: &Ends<A>,
) {
    let lines = job.panel_blocks * job.groups;
    let full = job.blocks / job.panel_blocks;
    let rest = (job.blocks % job.panel_blocks) * job.groups;
    // SAFETY: the caller's contract is the same.
    unsafe {
        if !ends.back {
            for pair in 0..job.pairs {
                two_panels::<A, V, NEAR>(job, ends, (2 * pair, lines));
            }
            for panel in 2 * job.pairs..full {
                one_panel::<A, V, NEAR>(job, ends, (panel, lines));
            }
        }
        if rest > 0 {
            one_panel::<A, V, NEAR>(job, ends, (full, rest));
        }
        if ends.back {
            for panel in (2 * job.pairs..full).rev() {
                one_panel::<A, V, NEAR>(job, ends, (panel, lines));
            }
            for pair in (0..job.pairs).rev() {
                two_panels::<A, V, NEAR>(job, ends, (2 * pair, lines));
            }
        }
    }
}

macro_rules! instances {
    ($name:ident, $type:ident, $wide:ident, $half:ident, $neon:ident, $narrow:ident) => {
        /// Multiplies one row.
        ///
        /// # Safety
        /// As [`RowProduct`] and [`Ends`] say; the processor has `isa`.
        pub(super) unsafe fn $name(isa: Isa, job: &RowProduct<$type>, ends: &Ends<$type>) {
            /// # Safety
            /// As for the function around it.
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]
            unsafe fn avx512(job: &RowProduct<$type>, ends: &Ends<$type>) {
                // SAFETY: the caller's contract is the same.
                unsafe { row::<$type, vector::$wide>(job, ends) }
            }
            /// # Safety
            /// As for the function around it.
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            unsafe fn avx2(job: &RowProduct<$type>, ends: &Ends<$type>) {
                // SAFETY: the caller's contract is the same.
                unsafe { row::<$type, vector::$half>(job, ends) }
            }
            debug_assert!(isa.is_supported());
            // SAFETY: the processor has `isa`; the rest is the caller's contract.
            unsafe {
                match isa {
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx512 => avx512(job, ends),
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx2 => avx2(job, ends),
                    #[cfg(target_arch = "aarch64")]
                    Isa::Neon => row::<$type, vector::$neon>(job, ends),
                    _ => row::<$type, vector::$narrow>(job, ends),
                }
            }
        }
    };
}

instances!(row_f32, f32, Wide32, Half32, Neon32, Narrow32);
instances!(row_f64, f64, Wide64, Half64, Neon64, Narrow64);
