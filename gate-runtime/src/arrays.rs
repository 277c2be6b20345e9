//! Arrays whose memory is used again.

use ndarray::{Array, Dimension};

use crate::kernels::Float;

/// An array of another shape in the memory of the given one, its elements arbitrary.
pub(crate) fn resized<A: Float, D: Dimension>(array: Array<A, D>, shape: D) -> Array<A, D> {
    if array.raw_dim() == shape && array.is_standard_layout() {
        return array;
    }
    let (mut elements, _) = array.into_raw_vec_and_offset();
    elements.resize(shape.size(), A::ZERO);
    Array::from_shape_vec(shape, elements).expect("an array has its shape's length")
}
