//! Reversal in time, of each row within its length.

use ndarray::{Array3, ArrayView3, Dim, s};

use crate::arrays::resized;
use crate::kernels::Float;

/// Writes `[T, B, features]` with each row's steps in reverse order; zero beyond its length.
pub(super) fn reverse<A: Float>(
    steps: ArrayView3<'_, A>,
    lengths: Option<&[usize]>,
    out: &mut Array3<A>,
) {
    *out = resized(std::mem::take(out), steps.raw_dim());
    let (time, batch, _) = steps.dim();
    for row in 0..batch {
        let length = lengths.map_or(time, |l| l[row]);
        out.slice_mut(s![..length, row, ..])
            .assign(&steps.slice(s![..length;-1, row, ..]));
        out.slice_mut(s![length.., row, ..]).fill(A::ZERO);
    }
}

/// Both outputs side by side, the second put in order again.
pub(super) fn join<A: Float>(
    there: ArrayView3<'_, A>,
    back: ArrayView3<'_, A>,
    lengths: Option<&[usize]>,
    out: &mut Array3<A>,
) {
    let (steps, batch, half) = there.dim();
    *out = resized(std::mem::take(out), Dim([steps, batch, 2 * half]));
    out.slice_mut(s![.., .., ..half]).assign(&there);
    for row in 0..batch {
        let length = lengths.map_or(steps, |l| l[row]);
        out.slice_mut(s![..length, row, half..])
            .assign(&back.slice(s![..length;-1, row, ..]));
        out.slice_mut(s![length.., row, half..]).fill(A::ZERO);
    }
}
