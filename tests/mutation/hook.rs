//! What code with breakable terms asks: which one is broken.

use std::cell::Cell;

thread_local! {
    static ACTIVE: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Breaks a term, in this thread; `None` mends it.
pub fn set(mutant: Option<usize>) {
    ACTIVE.set(mutant.unwrap_or(usize::MAX));
}

/// Whether this is the broken one.
pub fn active(mutant: usize) -> bool {
    ACTIVE.get() == mutant
}

/// The value of a term.
pub fn term<V>(mutant: usize, value: V, broken: V) -> V {
    if active(mutant) { broken } else { value }
}

/// A cell whose terms can be broken.
pub trait Mutants {
    /// What each of them is.
    const MUTANTS: &'static [&'static str];
}
