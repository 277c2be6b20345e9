//! Reversal in time, of each row within its length.
//!
//! Takes: steps `[T, B, features]`, and the lengths of rows, if they differ. Gives: steps in reverse
//! order, or what two directions give, put together.

use ndarray::{Array3, ArrayView3, Dim, s};

use crate::arrays::resized;
use crate::kernels::Float;
use crate::parts::in_parts;

/// Steps with each row's in reverse order, zero beyond its length: a view where all are whole, else
/// in `room`.
pub(super) fn reversed<'a, A: Float>(
    steps: ArrayView3<'a, A>,
    lengths: Option<&[usize]>,
    room: &'a mut Array3<A>,
) -> ArrayView3<'a, A> {
    let Some(lengths) = lengths else {
        return steps.slice_move(s![..;-1, .., ..]);
    };
    *room = resized(std::mem::take(room), steps.raw_dim());
    for (row, &length) in lengths.iter().enumerate() {
        room.slice_mut(s![..length, row, ..])
            .assign(&steps.slice(s![..length;-1, row, ..]));
        room.slice_mut(s![length.., row, ..]).fill(A::ZERO);
    }
    room.view()
}

/// Both outputs side by side, the second put in order again.
pub(super) fn join<A: Float>(
    there: ArrayView3<'_, A>,
    back: ArrayView3<'_, A>,
    lengths: Option<&[usize]>,
    out: &mut Array3<A>,
) {
    let (steps, batch, half) = there.dim();
    let whole = Dim([steps, batch, 2 * half]);
    both(there, back, lengths, (whole, out), |(first, second), to| {
        let (left, right) = to.split_at_mut(half);
        left.copy_from_slice(first);
        match second {
            Some(second) => right.copy_from_slice(second),
            None => right.fill(A::ZERO),
        }
    });
}

/// The sum of what both directions give, the second put in order again.
pub(super) fn add<A: Float>(
    there: ArrayView3<'_, A>,
    back: ArrayView3<'_, A>,
    lengths: Option<&[usize]>,
    out: &mut Array3<A>,
) {
    let whole = there.raw_dim();
    both(there, back, lengths, (whole, out), |(first, second), to| {
        to.copy_from_slice(first);
        for (to, &second) in to.iter_mut().zip(second.unwrap_or_default()) {
            *to += second;
        }
    });
}

/// Makes every row of a step from those of both directions, of which the second has none beyond a
/// row's length.
fn both<A: Float>(
    there: ArrayView3<'_, A>,
    back: ArrayView3<'_, A>,
    lengths: Option<&[usize]>,
    (shape, out): (ndarray::Ix3, &mut Array3<A>),
    make: impl Fn((&[A], Option<&[A]>), &mut [A]) + Sync,
) {
    let (steps, batch, width) = there.dim();
    *out = resized(std::mem::take(out), shape);
    let (there, back) = (there.as_standard_layout(), back.as_standard_layout());
    let (there, back) = (
        there.as_slice().expect(STANDARD),
        back.as_slice().expect(STANDARD),
    );
    let wide = out.dim().2;
    in_parts(
        out.as_slice_mut().expect(STANDARD),
        wide.max(1),
        |start, out| {
            for (index, out) in (start / wide..).zip(out.chunks_exact_mut(wide)) {
                let (time, row) = (index / batch, index % batch);
                let length = lengths.map_or(steps, |l| l[row]);
                let second = (time < length).then(|| {
                    let index = (length - 1 - time) * batch + row;
                    &back[index * width..][..width]
                });
                make((&there[index * width..][..width], second), out);
            }
        },
    );
}

const STANDARD: &str = "an array of standard layout";
