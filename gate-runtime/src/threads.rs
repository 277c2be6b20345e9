//! Threads: how many, and running pieces of work on them.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSliceMut;

/// 0: as many as the thread pool has.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// Sets how many threads a run may use, in the whole process; 0 for one per core. Results do not
/// depend on it.
pub fn set_threads(count: usize) {
    THREADS.store(count, Ordering::Relaxed);
}

/// How many threads a run uses.
pub(crate) fn count() -> usize {
    match THREADS.load(Ordering::Relaxed) {
        0 => rayon::current_num_threads(),
        count => count.min(rayon::current_num_threads()),
    }
}

/// Does every piece of work, on several threads where that is allowed.
pub(crate) fn each<T: Send>(work: &mut [T], run: impl Fn(&mut T) + Sync) {
    let threads = count();
    if threads <= 1 || work.len() <= 1 {
        return work.iter_mut().for_each(run);
    }
    let share = work.len().div_ceil(threads);
    work.par_chunks_mut(share)
        .for_each(|share| share.iter_mut().for_each(&run));
}
