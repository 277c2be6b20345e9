//! How many threads a run may use.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// 0: one per core.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// More than any cell can use.
const MOST: usize = 64;

/// Sets how many threads a run may use, in the whole process, up to 64; 0 for one per core. Small
/// runs use fewer. Results do not depend on it.
pub fn set_threads(count: usize) {
    THREADS.store(count.min(MOST), Ordering::Relaxed);
}

static SHARE_ALL: AtomicBool = AtomicBool::new(false);

/// Makes even the smallest run use as many threads as it may, in the whole process: for tests,
/// whose problems are small.
#[doc(hidden)]
pub fn share_small_runs(yes: bool) {
    SHARE_ALL.store(yes, Ordering::Relaxed);
}

/// How much work is worth another thread, given what is in general.
pub(crate) fn worth(products: usize) -> usize {
    match SHARE_ALL.load(Ordering::Relaxed) {
        true => 0,
        false => products,
    }
}

/// Threads for so much work, given what is worth a second one: each has at least half of that.
pub(crate) fn threads_for(work: usize, few: usize) -> usize {
    match worth(few) {
        0 => count(),
        few => (work / (few / 2).max(1)).clamp(1, count()),
    }
}

static AGAIN: AtomicUsize = AtomicUsize::new(0);

/// Makes backward passes compute matrices again from every so many steps, where that can be, in the
/// whole process; 0 for where it is worth it: for tests, whose sequences are short.
#[doc(hidden)]
pub fn compute_again_after(steps: usize) {
    AGAIN.store(steps, Ordering::Relaxed);
}

/// The same, to read.
pub(crate) fn again_after() -> usize {
    AGAIN.load(Ordering::Relaxed)
}

/// How many threads a run may use.
pub(crate) fn count() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    match THREADS.load(Ordering::Relaxed) {
        0 => *CORES.get_or_init(|| {
            std::thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST))
        }),
        count => count,
    }
}
