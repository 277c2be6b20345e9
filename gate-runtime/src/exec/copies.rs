//! What a caller gives, copied to where a program reads it, however it lies in memory.

use ndarray::{ArrayView1, ArrayView3, s};

use crate::kernels::Float;
use crate::parts::in_parts;

/// Copies one row of a step. Of an array without gaps it is found without a view of it, which
/// takes longer than a short row.
pub(super) fn copy_row<A: Float>(
    from: &ArrayView3<'_, A>,
    (time, row): (usize, usize),
    to: &mut [A],
) {
    let (_, rows, width) = from.dim();
    match from.as_slice() {
        Some(all) => to.copy_from_slice(&all[(time * rows + row) * width..][..width]),
        None => copy(&from.slice(s![time, row, ..]), to),
    }
}

/// Copies all rows of all steps, one after the other; many by all threads.
pub(super) fn copy_steps<A: Float>(from: &ArrayView3<'_, A>, to: &mut [A]) {
    let (_, rows, width) = from.dim();
    let step = (rows * width).max(1);
    in_parts(to, step, |first, to| {
        let start = first / step;
        let own = from.slice(s![start..start + to.len() / step, .., ..]);
        if let Some(all) = own.as_slice() {
            return to.copy_from_slice(all);
        }
        for (step, to) in own.outer_iter().zip(to.chunks_mut(step)) {
            match step.as_slice() {
                Some(all) => to.copy_from_slice(all),
                None => {
                    let rows = step.outer_iter().zip(to.chunks_mut(width.max(1)));
                    rows.for_each(|(row, to)| copy(&row, to));
                }
            }
        }
    });
}

/// Copies numbers; many by all threads.
pub(super) fn copy_numbers<A: Float>(from: &[A], to: &mut [A]) {
    in_parts(to, 1, |first, to| {
        to.copy_from_slice(&from[first..first + to.len()])
    });
}

/// Copies one row, which need not lie in order.
pub(super) fn copy<A: Float>(from: &ArrayView1<'_, A>, to: &mut [A]) {
    match from.as_slice() {
        Some(all) => to.copy_from_slice(all),
        None => to.iter_mut().zip(from).for_each(|(t, s)| *t = *s),
    }
}
