//! Parameters and hyper-parameters, with a stamp by which copies of them know whether they are
//! still the same, and one by which a recording knows whether it is of this cell.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::kernels::{Aligned, Float};

/// A cell's numbers. Whoever could change one makes a new stamp; equal stamps mean equal numbers.
#[derive(Clone, Debug)]
pub(crate) struct Numbers<A> {
    params: Aligned<A>,
    hypers: Vec<A>,
    stamp: Stamp,
    /// Of the cell: clones have it too, and training does not change it.
    origin: Stamp,
}

/// Given once in the life of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp(u64);

impl Stamp {
    fn new() -> Stamp {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Stamp(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl<A: Float> Numbers<A> {
    pub(crate) fn new(params: Aligned<A>, hypers: Vec<A>) -> Numbers<A> {
        Numbers {
            params,
            hypers,
            stamp: Stamp::new(),
            origin: Stamp::new(),
        }
    }

    pub(crate) fn stamp(&self) -> Stamp {
        self.stamp
    }

    pub(crate) fn origin(&self) -> Stamp {
        self.origin
    }

    /// All parameters, in their flat order.
    pub(crate) fn params(&self) -> &[A] {
        &self.params
    }

    /// All hyper-parameters.
    pub(crate) fn hypers(&self) -> &[A] {
        &self.hypers
    }

    /// The parameters, to change.
    pub(crate) fn params_mut(&mut self) -> &mut [A] {
        self.both_mut().0
    }

    /// The memory of the parameters, to work in; its length must stay.
    pub(crate) fn params_memory(&mut self) -> &mut Aligned<A> {
        self.stamp = Stamp::new();
        &mut self.params
    }

    /// The hyper-parameters, to change.
    pub(crate) fn hypers_mut(&mut self) -> &mut [A] {
        self.both_mut().1
    }

    /// Both, to change.
    pub(crate) fn both_mut(&mut self) -> (&mut [A], &mut [A]) {
        self.stamp = Stamp::new();
        (&mut self.params, &mut self.hypers)
    }
}
