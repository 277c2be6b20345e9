//! A line of a map's results, a vector at a time: whole, or in halves.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use super::LINE;
use super::float::Float;
use super::real::{CARRIED, Map, Real};
use super::vector::Vector;

/// A vector whose second half is still to be done.
pub(super) struct Pending<A, V, const O: usize> {
    carried: Option<[V; CARRIED]>,
    to: [*mut A; O],
}

impl<A: Float, V: Vector<Number = A> + Real, const O: usize> Pending<A, V, O> {
    pub(super) const NONE: Self = Pending {
        carried: None,
        to: [std::ptr::null_mut(); O],
    };

    /// A line of results, a vector at a time: of each the first half, then the second half of the
    /// one before.
    ///
    /// # Safety
    /// As [`evaluate`]; and as [`Pending::finish`].
    #[inline(always)]
    pub(super) unsafe fn evaluate<F: Map<I, O>, const I: usize>(
        &mut self,
        from: &[*const A; I],
        to: &[*mut A; O],
        sum: bool,
    ) {
        for vector in 0..LINE / V::LANES {
            let at = vector * V::LANES;
            // SAFETY: whole lines of every input and result exist.
            unsafe {
                let x = load(from, at);
                let (y, carried) = F::first(x);
                let mut places = *to;
                for o in 0..O {
                    places[o] = to[o].add(at);
                }
                set(&y, &places, !F::LATE, sum);
                self.finish::<F, I>(sum);
                (self.carried, self.to) = (Some(carried), places);
            }
        }
    }

    /// The second half, if one is left.
    ///
    /// # Safety
    /// The results of the last line, if there was one, are still writable, and readable with `sum`.
    #[inline(always)]
    pub(super) unsafe fn finish<F: Map<I, O>, const I: usize>(&mut self, sum: bool) {
        if let Some(carried) = self.carried {
            // SAFETY: the results of that vector exist.
            unsafe { set(&F::second(carried), &self.to, F::LATE, sum) };
        }
    }
}

/// Sets those results whose bits are set, or adds to them.
///
/// # Safety
/// Each of these is writable at a vector's elements, and readable with `sum`.
#[inline(always)]
unsafe fn set<A: Float, V: Vector<Number = A>, const O: usize>(
    y: &[V; O],
    to: &[*mut A; O],
    which: u64,
    sum: bool,
) {
    for o in 0..O {
        if which >> o & 1 == 1 {
            // SAFETY: a vector of each result exists.
            unsafe {
                let y = if sum { V::load(to[o]) + y[o] } else { y[o] };
                y.store(to[o]);
            }
        }
    }
}

/// A line of results, a vector at a time.
///
/// # Safety
/// Inputs are readable, results writable, with `sum` readable too, at `LINE` elements. A result may
/// be an input; else they overlap nothing. The processor has `V`'s instruction set.
#[inline(always)]
pub(super) unsafe fn evaluate<A: Float, V, F: Map<I, O>, const I: usize, const O: usize>(
    from: &[*const A; I],
    to: &[*mut A; O],
    sum: bool,
) where
    V: Vector<Number = A> + Real,
{
    for vector in 0..LINE / V::LANES {
        let at = vector * V::LANES;
        // SAFETY: whole lines of every input and result exist.
        unsafe {
            let x = load(from, at);
            let y = F::eval(x);
            for o in 0..O {
                let to = to[o].add(at);
                let y = if sum { V::load(to) + y[o] } else { y[o] };
                y.store(to);
            }
        }
    }
}

/// A vector of every input.
///
/// # Safety
/// Each is readable at a vector's elements from `at` on; the processor has `V`'s instruction set.
#[inline(always)]
unsafe fn load<A: Float, V: Vector<Number = A>, const I: usize>(
    from: &[*const A; I],
    at: usize,
) -> [V; I] {
    let mut x = [V::all(A::ZERO); I];
    for i in 0..I {
        // SAFETY: the caller's vectors exist.
        x[i] = unsafe { V::load(from[i].add(at)) };
    }
    x
}
