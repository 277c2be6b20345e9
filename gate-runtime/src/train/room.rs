//! Arrays whose memory is used again.

use ndarray::{Array, Dimension};

use crate::error::Error;

/// An array of as many dimensions, without elements.
pub(super) fn empty<A: Default, D: Dimension>(like: &D) -> Array<A, D> {
    Array::default(D::zeros(like.ndim()))
}

/// Gives an array of `what` a shape, in row-major order. It keeps its memory; what is in it is of no
/// use.
///
/// # Errors
///
/// If there is no memory for it; the array is then empty.
pub(super) fn fit<A: Clone + Default, D: Dimension>(
    what: &'static str,
    array: &mut Array<A, D>,
    shape: D,
) -> Result<(), Error> {
    if array.raw_dim() == shape && array.is_standard_layout() {
        return Ok(());
    }
    let old = std::mem::replace(array, empty(&shape));
    let (mut memory, _) = old.into_raw_vec_and_offset();
    memory.clear();
    // The array counts its steps and rows even where they have no features.
    let mut lengths = shape.slice().iter();
    let count = lengths.try_fold(1_usize, |count, &length| count.checked_mul(length.max(1)));
    if count.is_none_or(|count| memory.try_reserve_exact(count).is_err()) {
        let (_, rows) = shape.slice().split_last().unwrap_or((&0, &[]));
        let (batch, steps) = rows.split_last().unwrap_or((&1, &[]));
        return Err(Error::SequenceTooLarge {
            cell: what,
            steps: steps.iter().product(),
            batch: *batch,
        });
    }
    memory.resize(shape.size(), A::default());
    *array = Array::from_shape_vec(shape, memory).expect("as many elements as the shape has");
    Ok(())
}
