//! Losses of the difference between a prediction and a target.
//!
//! Each is a mean over elements, and gives its gradient by the first argument, of its shape.
//! [`Weights`] say how much each element counts; for sequences of different length,
//! [`valid_steps`](crate::train::valid_steps) makes a mask.

use ndarray::{Array, ArrayView, Dimension};

use crate::error::Error;
use crate::kernels::Float;
use crate::train::group::{not_negative, setting};

use super::Weights;
use super::elements::{Elements, Loss, new};

/// Mean of squared differences, as the [`Weights`] count the elements: `None` for all, a mask, or a
/// number for each.
///
/// Gives the loss and its gradient by the predictions. For sequences of different length,
/// [`valid_steps`](crate::train::valid_steps) makes a mask.
///
/// ```
/// use gate_runtime::train::mean_squared_error;
/// use ndarray::arr2;
///
/// let (predictions, targets) = (arr2(&[[1.0, 3.0]]), arr2(&[[1.0, 1.0]]));
/// let (loss, gradient) = mean_squared_error(predictions.view(), targets.view(), None)?;
/// assert_eq!((loss, gradient), (2.0, arr2(&[[0.0, 2.0]])));
///
/// let weights = arr2(&[[3.0, 1.0]]);
/// let (loss, _) = mean_squared_error(predictions.view(), targets.view(), weights.view())?;
/// assert_eq!(loss, 1.0);
/// # Ok::<(), gate_runtime::Error>(())
/// ```
///
/// # Errors
///
/// If shapes differ, a weight is out of its range, no element counts, or the loss is not finite.
pub fn mean_squared_error<'a, A: Float, D: Dimension>(
    predictions: ArrayView<'a, A, D>,
    targets: ArrayView<'a, A, D>,
    weights: impl Into<Weights<'a, A, D>>,
) -> Loss<A, D> {
    new(predictions, |p, gradient| {
        mean_squared_error_into(p, targets, weights, gradient)
    })
}

/// [`mean_squared_error`] into an array for the gradient, which becomes as large as the predictions;
/// it allocates nothing if it was before and all arrays are in row-major order.
///
/// # Errors
///
/// As [`mean_squared_error`]; the array is then of no use.
pub fn mean_squared_error_into<'a, A: Float, D: Dimension>(
    predictions: ArrayView<'a, A, D>,
    targets: ArrayView<'a, A, D>,
    weights: impl Into<Weights<'a, A, D>>,
    gradient: &mut Array<A, D>,
) -> Result<A, Error> {
    let names = ("mean_squared_error", "the mean squared error");
    let elements = Elements::new(names, predictions, targets, weights.into())?;
    elements.mean(
        gradient,
        #[inline(always)]
        |p: A, t: A| {
            let d = p.to_f64() - t.to_f64();
            (d * d, 2.0 * d)
        },
    )
}

/// Mean of absolute differences, as the [`Weights`] count the elements; the gradient of a difference
/// of zero is zero.
///
/// Gives the loss and its gradient by the predictions, as [`mean_squared_error`].
///
/// # Errors
///
/// As [`mean_squared_error`].
#[doc(alias = "L1Loss")]
pub fn mean_absolute_error<'a, A: Float, D: Dimension>(
    predictions: ArrayView<'a, A, D>,
    targets: ArrayView<'a, A, D>,
    weights: impl Into<Weights<'a, A, D>>,
) -> Loss<A, D> {
    new(predictions, |p, gradient| {
        mean_absolute_error_into(p, targets, weights, gradient)
    })
}

/// [`mean_absolute_error`] into an array, as [`mean_squared_error_into`].
///
/// # Errors
///
/// As [`mean_squared_error_into`].
pub fn mean_absolute_error_into<'a, A: Float, D: Dimension>(
    predictions: ArrayView<'a, A, D>,
    targets: ArrayView<'a, A, D>,
    weights: impl Into<Weights<'a, A, D>>,
    gradient: &mut Array<A, D>,
) -> Result<A, Error> {
    let names = ("mean_absolute_error", "the mean absolute error");
    let elements = Elements::new(names, predictions, targets, weights.into())?;
    elements.mean(
        gradient,
        #[inline(always)]
        |p: A, t: A| {
            let d = p.to_f64() - t.to_f64();
            (d.abs(), sign(d))
        },
    )
}

/// Mean of `d²/2` where a difference `d` is at most `delta`, else of `delta · (|d| − delta/2)`
/// (Huber 1964), as the [`Weights`] count the elements.
///
/// Gives the loss and its gradient by the predictions, as [`mean_squared_error`]. `delta` times
/// PyTorch's `SmoothL1Loss` with `beta = delta`.
///
/// # Errors
///
/// As [`mean_squared_error`], or if `delta` is not finite and above 0.
#[doc(alias = "SmoothL1Loss")]
pub fn huber<'a, A: Float, D: Dimension>(
    predictions: ArrayView<'a, A, D>,
    targets: ArrayView<'a, A, D>,
    delta: f64,
    weights: impl Into<Weights<'a, A, D>>,
) -> Loss<A, D> {
    new(predictions, |p, gradient| {
        huber_into(p, targets, delta, weights, gradient)
    })
}

/// [`huber`] into an array, as [`mean_squared_error_into`].
///
/// # Errors
///
/// As [`mean_squared_error_into`] and [`huber`].
pub fn huber_into<'a, A: Float, D: Dimension>(
    predictions: ArrayView<'a, A, D>,
    targets: ArrayView<'a, A, D>,
    delta: f64,
    weights: impl Into<Weights<'a, A, D>>,
    gradient: &mut Array<A, D>,
) -> Result<A, Error> {
    let positive = not_negative(delta) && delta > 0.0;
    setting("the Huber loss's delta", delta, "finite, above 0", positive)?;
    let names = ("huber", "the Huber loss");
    let elements = Elements::new(names, predictions, targets, weights.into())?;
    elements.mean(
        gradient,
        #[inline(always)]
        move |p: A, t: A| {
            let d = p.to_f64() - t.to_f64();
            let size = d.abs();
            let far = (delta * (size - 0.5 * delta), delta * sign(d));
            if size > delta { far } else { (0.5 * d * d, d) }
        },
    )
}

#[inline(always)]
fn sign(d: f64) -> f64 {
    // `signum` of zero is one.
    if d == 0.0 { 0.0 } else { d.signum() }
}
