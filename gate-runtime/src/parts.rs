//! Long slices in parts, on several threads.
//!
//! Takes: what can be cut, and work on a part of it that gives a number or more. Gives: what every
//! part gave. The parts depend on lengths alone, so that no sum depends on the number of threads.

use std::sync::{Mutex, PoisonError};

use crate::kernels::{Worker, together};
use crate::threads::threads_for;

/// The most parts.
const PARTS: usize = 64;
/// The fewest elements of a part that is not the only one.
const LEAST: usize = 4096;
/// Elements below which the work is not worth another thread.
const FEW: usize = 50_000;

/// What can be cut in two.
pub(crate) trait Cut: Send + Sized {
    /// Its elements.
    fn count(&self) -> usize;
    /// So many elements of it, and the others.
    fn cut(self, at: usize) -> (Self, Self);
}

impl<A: Sync> Cut for &[A] {
    fn count(&self) -> usize {
        self.len()
    }

    fn cut(self, at: usize) -> (Self, Self) {
        self.split_at(at)
    }
}

impl<A: Send> Cut for &mut [A] {
    fn count(&self) -> usize {
        self.len()
    }

    fn cut(self, at: usize) -> (Self, Self) {
        self.split_at_mut(at)
    }
}

/// Does `work` on every part, cut at multiples of `width` elements: it takes the index of the part's
/// first element, and the part.
pub(crate) fn in_parts<T: Cut, P: Copy + Default + Send>(
    whole: T,
    width: usize,
    work: impl Fn(usize, T) -> P + Sync,
) -> [P; PARTS] {
    let length = whole.count();
    let each = length.div_ceil(PARTS).max(LEAST).next_multiple_of(width);
    let mut given = [P::default(); PARTS];
    if length <= each {
        given[0] = work(0, whole);
        return given;
    }
    let mut rest = Some(whole);
    let parts: [_; PARTS] = std::array::from_fn(|_| {
        let part = rest.take()?;
        if part.count() <= each {
            return Some(Mutex::new((Some(part), P::default())));
        }
        let (part, more) = part.cut(each);
        rest = Some(more);
        Some(Mutex::new((Some(part), P::default())))
    });
    let work = |worker: Worker<'_>| {
        let parts = parts.iter().enumerate().skip(worker.index);
        for (index, part) in parts.step_by(worker.count) {
            let Some(part) = part else { break };
            let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(own) = part.0.take() {
                part.1 = work(index * each, own);
            }
        }
    };
    together(threads_for(length, FEW), &work);
    for (gave, part) in given.iter_mut().zip(parts.into_iter().flatten()) {
        *gave = part.into_inner().unwrap_or_else(PoisonError::into_inner).1;
    }
    given
}
