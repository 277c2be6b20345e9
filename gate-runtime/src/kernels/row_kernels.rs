//! Products of a single row: the micro-kernels, with the vectors of two panels in flight.
//!
//! One row has a chain of sums per vector and no second row to hide its latency behind. The
//! chains are those of `tile` and `parts`: a row's results do not depend on which kernel computed
//! them.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use super::float::Float;
use super::isa::Isa;
use super::multiply::Terms;
use super::pack::Order;
use super::row::{Ends, Form, RowKernel, RowProduct};
use super::vector::{self, Vector};
use super::{LINE, in_pieces};

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
        let (right_k, right_piece) = strides::<A, NEAR>(job, lines);
        let mut right = [job.right; NP];
        for p in 0..NP {
            let (panel, vector) = parts[p];
            let first = panel * job.panel_blocks * job.groups * job.depth * LINE;
            let at = first + in_pieces::<A>(vector, V::LANES, right_piece);
            right[p] = job.right.wrapping_add(at);
        }
        let sums = add_up::<A, V, NV, NP>(job, ends, right, (right_k, right_piece));
        for p in 0..NP {
            finish(job, ends, parts[p], sums[p]);
        }
    }
}

/// Elements from one k to the next in a panel of `lines` lines, and from one piece to the next.
#[inline(always)]
fn strides<A: Float, const NEAR: bool>(job: &RowProduct<A>, lines: usize) -> (usize, usize) {
    let order = if NEAR { Order::Together } else { Order::Apart };
    order.strides::<A>(job.depth, lines)
}

/// The sums of `NP` parts of `NV` vectors, whose weights begin at `right`.
///
/// # Safety
/// As [`panels`]; the weights have so many vectors there at each k.
#[inline(always)]
unsafe fn add_up<A: Float, V: Vector<Number = A>, const NV: usize, const NP: usize>(
    job: &RowProduct<A>,
    ends: &Ends<A>,
    mut right: [*const A; NP],
    (right_k, right_piece): (usize, usize),
) -> [[V; NV]; NP] {
    let mut sums = [[V::all(A::ZERO); NV]; NP];
    for k in 0..job.depth {
        // SAFETY: the row has `depth` elements; the weights are the caller's.
        unsafe {
            let a = V::all(*ends.left.add(k));
            for p in 0..NP {
                for v in 0..NV {
                    let b = V::load(right[p].add(in_pieces::<A>(v, V::LANES, right_piece)));
                    sums[p][v] = a.mul_add(b, sums[p][v]);
                }
                right[p] = right[p].wrapping_add(right_k);
            }
        }
    }
    sums
}

/// A product of twice `NV` vectors, which are few.
///
/// # Safety
/// As [`RowKernel`]; the product's form has halves of so many vectors, and weights that are
/// [`Order::Together`] if `NEAR`, else [`Order::Apart`].
#[inline(always)]
unsafe fn halves<A: Float, V: Vector<Number = A>, const NEAR: bool, const NV: usize>(
    job: &RowProduct<A>,
    ends: &Ends<A>,
) {
    // SAFETY: the weights have these vectors, and the result too.
    unsafe {
        let right = [job.right, job.right.wrapping_add(job.few.half)];
        let strides = strides::<A, NEAR>(job, job.few.lines);
        let [first, second] = add_up::<A, V, NV, 2>(job, ends, right, strides);
        finish_few(job, ends, 0, first);
        finish_few(job, ends, NV, second);
    }
}

/// Puts the sums of some of few vectors, on their bases, where they belong.
///
/// # Safety
/// As [`RowKernel`]; the product has few vectors, and these are from its `first` on.
#[inline(always)]
unsafe fn finish_few<A: Float, V: Vector<Number = A>, const NV: usize>(
    job: &RowProduct<A>,
    ends: &Ends<A>,
    first: usize,
    sums: [V; NV],
) {
    for v in 0..NV {
        let spot = &job.few.spots[first + v];
        let [group, unit, out] = [spot.group, spot.unit, spot.out].map(usize::from);
        // SAFETY: the result has these places, and bases have all units of whole lines.
        unsafe { put(ends, (group, unit), spot.whole, out, sums[v]) }
    }
}

/// Puts the sums of some vectors of a panel, on their bases, where they belong.
///
/// # Safety
/// As [`RowKernel`]; the product has this panel, and it these vectors.
#[inline(always)]
unsafe fn finish<A: Float, V: Vector<Number = A>, const NV: usize>(
    job: &RowProduct<A>,
    ends: &Ends<A>,
    part: (usize, usize),
    sums: [V; NV],
) {
    // SAFETY: `out` holds all lines of the panel, and bases as many units.
    unsafe {
        for v in 0..NV {
            let (group, unit) = job.place(part, v, V::LANES);
            let whole = unit / LINE * LINE + LINE <= ends.units;
            let out = group * job.group() + unit;
            put(ends, (group, unit), whole, out, sums[v]);
        }
    }
}

/// Puts a vector of sums, on its base if that has its `whole` line, `out` elements from the
/// beginning of the result.
///
/// # Safety
/// As [`Ends`] says: the result has a vector there, and the group's base one from `unit` on.
#[inline(always)]
unsafe fn put<A: Float, V: Vector<Number = A>>(
    ends: &Ends<A>,
    (group, unit): (usize, usize),
    whole: bool,
    out: usize,
    mut sum: V,
) {
    // SAFETY: the caller's contract is the same.
    unsafe {
        if whole && !ends.bases.is_null() {
            let base = *ends.bases.add(group);
            if !base.is_null() {
                sum = sum + V::load(base.add(unit));
            }
        }
        sum.store(ends.out.add(out));
    }
}

/// A product of `NV` vectors, which are one panel, in `NC` chains each.
///
/// # Safety
/// As [`RowKernel`]; the product has so many vectors, in one panel.
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
        finish_few(job, ends, 0, sums);
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

/// All panels, whose lines are adjacent if `NEAR`; two at a time where one is less than eight
/// vectors.
///
/// # Safety
/// As [`RowKernel`]; the weights' order is [`Order::Together`] if `NEAR`, else [`Order::Apart`].
#[inline(always)]
unsafe fn panels<A: Float, V: Vector<Number = A>, const NEAR: bool>(
    job: &RowProduct<A>,
    ends: &Ends<A>,
) {
    let lines = job.panel_blocks * job.groups;
    let (full, rest) = (job.full, job.rest * job.groups);
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

/// The kernels of one instruction set.
macro_rules! kernels {
    ($type:ident, $vector:ident, $form:ident $(, $feature:meta)?) => {{
        /// # Safety
        /// As [`RowKernel`].
        $(#[$feature])?
        unsafe fn chains<const NV: usize, const NC: usize>(
            job: &RowProduct<$type>,
            ends: &Ends<$type>,
        ) {
            // SAFETY: the caller's contract is the same.
            unsafe { parted::<$type, vector::$vector, NV, NC>(job, ends) }
        }
        /// # Safety
        /// As [`RowKernel`].
        $(#[$feature])?
        unsafe fn all<const NEAR: bool>(job: &RowProduct<$type>, ends: &Ends<$type>) {
            // SAFETY: the caller's contract is the same.
            unsafe { panels::<$type, vector::$vector, NEAR>(job, ends) }
        }
        /// # Safety
        /// As [`RowKernel`].
        $(#[$feature])?
        unsafe fn twice<const NEAR: bool, const NV: usize>(
            job: &RowProduct<$type>,
            ends: &Ends<$type>,
        ) {
            // SAFETY: the caller's contract is the same.
            unsafe { halves::<$type, vector::$vector, NEAR, NV>(job, ends) }
        }
        match ($form.chains, $form.vectors, $form.order) {
            (4, 1, _) => chains::<1, 4>,
            (4, 2, _) => chains::<2, 4>,
            (2, 2, _) => chains::<2, 2>,
            (2, 3, _) => chains::<3, 2>,
            (2, 4, _) => chains::<4, 2>,
            (.., Order::Together) if $form.halves => match $form.vectors {
                6 => twice::<true, 3>,
                _ => twice::<true, 4>,
            },
            (.., Order::Apart) if $form.halves => match $form.vectors {
                6 => twice::<false, 3>,
                _ => twice::<false, 4>,
            },
            (.., Order::Together) => all::<true>,
            (.., Order::Apart) => all::<false>,
        }
    }};
}

macro_rules! instances {
    ($name:ident, $type:ident, $wide:ident, $half:ident, $neon:ident, $narrow:ident) => {
        /// The kernel for products of this form.
        pub(super) fn $name(isa: Isa, form: Form) -> RowKernel<$type> {
            debug_assert!(isa.is_supported());
            match isa {
                #[cfg(target_arch = "x86_64")]
                Isa::Avx512 => kernels!(
                    $type,
                    $wide,
                    form,
                    target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")
                ),
                #[cfg(target_arch = "x86_64")]
                Isa::Avx2 => kernels!($type, $half, form, target_feature(enable = "avx2,fma")),
                #[cfg(target_arch = "aarch64")]
                Isa::Neon => kernels!($type, $neon, form),
                _ => kernels!($type, $narrow, form),
            }
        }
    };
}

instances!(row_f32, f32, Wide32, Half32, Neon32, Narrow32);
instances!(row_f64, f64, Wide64, Half64, Neon64, Narrow64);
