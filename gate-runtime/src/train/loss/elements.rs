//! Losses that are a mean over elements.
//!
//! Each gives the loss and its gradient by the first argument, of its shape. [`Weights`] say how much
//! each element counts; for sequences of different length,
//! [`valid_steps`](crate::train::valid_steps) makes a mask.

use ndarray::{Array, ArrayView, Dimension};

use crate::error::Error;
use crate::kernels::Float;
use crate::train::group::{not_negative, setting};

use super::{Weights, finite};

/// A loss and its gradient.
pub(super) type Loss<A, D> = Result<(A, Array<A, D>), Error>;

/// Mean of squared differences, as the [`Weights`] count the elements: `None` for all, a mask, or a
/// number for each.
///
/// Gives the loss and its gradient by the predictions. For sequences of different length,
/// [`valid_steps`](crate::train::valid_steps) makes a mask.
///
/// # Errors
///
/// If shapes differ, a weight is out of its range, no element counts, or the loss is not finite.
pub fn mean_squared_error<'a, A: Float, D: Dimension>(
    predictions: ArrayView<'a, A, D>,
    targets: ArrayView<'a, A, D>,
    weights: impl Into<Weights<'a, A, D>>,
) -> Loss<A, D> {
    let names = ("mean_squared_error", "the mean squared error");
    let elements = Elements::new(names, predictions, targets, weights.into())?;
    elements.mean(|p, t| ((p - t) * (p - t), 2.0 * (p - t)))
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
    let names = ("mean_absolute_error", "the mean absolute error");
    let elements = Elements::new(names, predictions, targets, weights.into())?;
    elements.mean(|p, t| ((p - t).abs(), sign(p - t)))
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
    let positive = not_negative(delta) && delta > 0.0;
    setting("the Huber loss's delta", delta, "finite, above 0", positive)?;
    let elements = Elements::new(
        ("huber", "the Huber loss"),
        predictions,
        targets,
        weights.into(),
    )?;
    elements.mean(|p, t| match (p - t).abs() {
        far if far > delta => (delta * (far - 0.5 * delta), delta * sign(p - t)),
        near => (0.5 * near * near, p - t),
    })
}

fn sign(d: f64) -> f64 {
    // `signum` of zero is one.
    if d == 0.0 { 0.0 } else { d.signum() }
}

/// What a loss is the mean over.
pub(super) struct Elements<'a, A, D: Dimension> {
    /// Of the loss, in words.
    what: &'static str,
    predictions: ArrayView<'a, A, D>,
    targets: ArrayView<'a, A, D>,
    weights: Weights<'a, A, D>,
    /// Sum of the weights.
    total: f64,
}

impl<'a, A: Float, D: Dimension> Elements<'a, A, D> {
    /// Once the shapes agree and one counts; `names` are those of the function and of the loss.
    pub(super) fn new(
        names: (&'static str, &'static str),
        predictions: ArrayView<'a, A, D>,
        targets: ArrayView<'a, A, D>,
        weights: Weights<'a, A, D>,
    ) -> Result<Self, Error> {
        let (function, what) = names;
        for (symbol, shape) in [("targets", Some(targets.shape())), weights.shape()] {
            if let Some(found) = shape
                && found != predictions.shape()
            {
                return Err(Error::Shape {
                    cell: function,
                    symbol,
                    expected: predictions.shape().to_vec(),
                    found: found.to_vec(),
                });
            }
        }
        let total = weights.total(function, predictions.len())?;
        Ok(Elements {
            what,
            predictions,
            targets,
            weights,
            total,
        })
    }

    /// Index, counted row-major, prediction, target and weight of all that count.
    pub(super) fn counted(&self) -> impl Iterator<Item = (usize, f64, f64, f64)> {
        let pairs = self.predictions.iter().zip(&self.targets);
        let all = pairs.zip(self.weights.each()).enumerate();
        all.filter(|(_, (_, weight))| *weight > 0.0)
            .map(|(index, ((p, t), weight))| (index, p.to_f64(), t.to_f64(), weight))
    }

    /// The mean of `term`, which gives the loss of a prediction and a target and its derivative by
    /// the prediction.
    fn mean(&self, term: impl Fn(f64, f64) -> (f64, f64)) -> Loss<A, D> {
        self.mean_by_index(|_, p, t| term(p, t))
    }

    /// The same of a `term` that also depends on the index.
    pub(super) fn mean_by_index(&self, term: impl Fn(usize, f64, f64) -> (f64, f64)) -> Loss<A, D> {
        let mut gradient = vec![A::ZERO; self.predictions.len()];
        let mut sum = 0.0;
        for (index, p, t, weight) in self.counted() {
            let (loss, slope) = term(index, p, t);
            sum += weight * loss;
            gradient[index] = A::from_f64(weight * slope / self.total);
        }
        let loss = finite(sum / self.total, || self.what.to_owned())?;
        let gradient = Array::from_shape_vec(self.predictions.raw_dim(), gradient);
        Ok((loss, gradient.expect("as many elements as the shape has")))
    }
}
