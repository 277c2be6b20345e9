//! How many threads a run may use.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// 0: one per core.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// More than any cell can use.
const MOST: usize = 64;

/// Sets how many threads a run may use, in the whole process; 0 for one per core. Small runs use
/// fewer. Results do not depend on it.
pub fn set_threads(count: usize) {
    THREADS.store(count.min(MOST), Ordering::Relaxed);
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
