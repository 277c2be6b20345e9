//! Rows in parts, on several threads.
//!
//! Takes: rows that lie one after the other, and work on some of them that gives a number or more.
//! Gives: what every part gave. The parts depend on the number of rows alone, so that no sum depends
//! on the number of threads.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::kernels::{Worker, alone, together};
use crate::threads::{count, worth};

/// The most parts.
const PARTS: usize = 64;
/// Elements below which the work is not worth another thread.
const FEW: usize = 50_000;

/// Does `work` on every part of some rows of `width` elements: it takes the index of the part's
/// first row, and the part.
pub(super) fn in_parts<A: Send, P: Copy + Default + Send>(
    rows: &mut [A],
    width: usize,
    work: impl Fn(usize, &mut [A]) -> P + Sync,
) -> [P; PARTS] {
    let threads = match rows.len() < worth(FEW) {
        true => 1,
        false => count(),
    };
    let each = (rows.len() / width).div_ceil(PARTS).max(1);
    let given = Mutex::new([P::default(); PARTS]);
    let parts = Mutex::new(rows.chunks_mut(each * width).enumerate());
    let next = || lock(&parts).next();
    let work = |_: Worker<'_>| {
        while let Some((index, part)) = next() {
            let gave = work(index * each, part);
            lock(&given)[index] = gave;
        }
    };
    match threads {
        1 => alone(work),
        _ => together(threads, &work),
    }
    *lock(&given)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
