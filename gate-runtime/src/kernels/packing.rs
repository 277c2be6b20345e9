//! Packing weights as a team.
//!
//! Takes: matrices, given by the elements that hold them, and memory for their packed form. Each
//! worker fills some of the columns of each.

use super::LINE;
use super::float::Float;
use super::pack::{Packed, Part};
use super::place::Grid;
use super::team::{Worker, together};

/// Fills weights that have been prepared, those of the indices in `which`, from their `parts`.
///
/// # Panics
/// If a part does not lie within its elements, or within its weights' matrix.
pub(crate) fn pack_together<'a, A: Float, P: Iterator<Item = (&'a [A], &'a Grid)>>(
    weights: &mut [Packed<A>],
    which: &[usize],
    threads: usize,
    parts: impl Fn(usize) -> P + Sync,
) {
    let weights = &*weights;
    let work = |worker: Worker<'_>| {
        for &index in which {
            let packed = &weights[index];
            let columns = worker.share(packed.columns(), LINE);
            for (elements, grid) in parts(index) {
                // SAFETY: `part` checked that its elements lie in the slice; the weights are
                // borrowed mutably by this function, nobody reads them before all workers are
                // done, and these take different columns.
                unsafe { packed.put(&part(elements, grid), columns.clone()) }
            }
        }
    };
    together(threads, &work);
}

/// Where a matrix's elements are.
fn part<A>(elements: &[A], grid: &Grid) -> Part<A> {
    let inside = grid.end().is_some_and(|end| end <= elements.len());
    assert!(inside, "a matrix of a product's size");
    Part {
        ptr: elements[grid.start..].as_ptr(),
        k_offset: grid.k_offset,
        n_offset: grid.n_offset,
        k_len: grid.k,
        n_len: grid.n,
        k_stride: grid.k_stride,
        n_stride: grid.n_stride,
    }
}
