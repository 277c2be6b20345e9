//! Losses that are a mean over elements.
//!
//! Each gives the loss and its gradient by the first argument, of its shape. A mask that is false
//! leaves an element out, which may then be anything; for sequences of different length,
//! [`valid_steps`](crate::train::valid_steps) makes it.

use ndarray::{Array, ArrayView, Dimension};

use crate::error::Error;
use crate::kernels::Float;
use crate::train::group::{not_negative, setting};

use super::finite;

/// A loss and its gradient.
type Loss<A, D> = Result<(A, Array<A, D>), Error>;

/// Mean of squared differences, over the elements where `mask` is true, or over all.
///
/// Gives the loss and its gradient by the predictions. For sequences of different length,
/// [`valid_steps`](crate::train::valid_steps) makes the mask.
///
/// # Errors
///
/// If shapes differ, no element counts, or the loss is not finite.
pub fn mean_squared_error<A: Float, D: Dimension>(
    predictions: ArrayView<'_, A, D>,
    targets: ArrayView<'_, A, D>,
    mask: Option<ArrayView<'_, bool, D>>,
) -> Loss<A, D> {
    let names = ("mean_squared_error", "the mean squared error");
    let elements = Elements::new(names, predictions, targets, mask)?;
    elements.mean(|p, t| ((p - t) * (p - t), 2.0 * (p - t)))
}

/// Mean of absolute differences, over the elements where `mask` is true, or over all; the gradient
/// of a difference of zero is zero.
///
/// Gives the loss and its gradient by the predictions, as [`mean_squared_error`].
///
/// # Errors
///
/// As [`mean_squared_error`].
#[doc(alias = "L1Loss")]
pub fn mean_absolute_error<A: Float, D: Dimension>(
    predictions: ArrayView<'_, A, D>,
    targets: ArrayView<'_, A, D>,
    mask: Option<ArrayView<'_, bool, D>>,
) -> Loss<A, D> {
    let names = ("mean_absolute_error", "the mean absolute error");
    let elements = Elements::new(names, predictions, targets, mask)?;
    elements.mean(|p, t| ((p - t).abs(), sign(p - t)))
}

/// Mean of `d²/2` where a difference `d` is at most `delta`, else of `delta · (|d| − delta/2)`
/// (Huber 1964), over the elements where `mask` is true, or over all.
///
/// Gives the loss and its gradient by the predictions, as [`mean_squared_error`]. `delta` times
/// PyTorch's `SmoothL1Loss` with `beta = delta`.
///
/// # Errors
///
/// As [`mean_squared_error`], or if `delta` is not finite and above 0.
#[doc(alias = "SmoothL1Loss")]
pub fn huber<A: Float, D: Dimension>(
    predictions: ArrayView<'_, A, D>,
    targets: ArrayView<'_, A, D>,
    delta: f64,
    mask: Option<ArrayView<'_, bool, D>>,
) -> Loss<A, D> {
    let positive = not_negative(delta) && delta > 0.0;
    setting("the Huber loss's delta", delta, "finite, above 0", positive)?;
    let elements = Elements::new(("huber", "the Huber loss"), predictions, targets, mask)?;
    elements.mean(|p, t| match (p - t).abs() {
        far if far > delta => (delta * (far - 0.5 * delta), delta * sign(p - t)),
        near => (0.5 * near * near, p - t),
    })
}

/// Mean of `−t log σ(z) − (1 − t) log σ(−z)`, over the elements where `mask` is true, or over all:
/// the binary cross-entropy of logits `z`, of independent labels or of one class against another.
///
/// Targets `t` are from 0 to 1. Gives the loss and its gradient by the logits, as
/// [`mean_squared_error`]. Large logits do not overflow.
///
/// # Errors
///
/// As [`mean_squared_error`], or if a target that counts is not from 0 to 1.
#[doc(
    alias = "BCEWithLogitsLoss",
    alias = "binary_cross_entropy_with_logits"
)]
pub fn sigmoid_cross_entropy<A: Float, D: Dimension>(
    logits: ArrayView<'_, A, D>,
    targets: ArrayView<'_, A, D>,
    mask: Option<ArrayView<'_, bool, D>>,
) -> Loss<A, D> {
    let names = ("sigmoid_cross_entropy", "the sigmoid cross-entropy");
    let elements = Elements::new(names, logits, targets, mask)?;
    if let Some((index, _, value)) = elements
        .counted()
        .find(|(_, _, target)| !(0.0..=1.0).contains(target))
    {
        return Err(Error::Target {
            what: names.0,
            index,
            value,
            range: "from 0 to 1",
        });
    }
    elements.mean(|z, t| {
        let small = (-z.abs()).exp();
        let sigmoid = if z < 0.0 { small } else { 1.0 } / (1.0 + small);
        (z.max(0.0) - z * t + small.ln_1p(), sigmoid - t)
    })
}

fn sign(d: f64) -> f64 {
    // `signum` of zero is one.
    if d == 0.0 { 0.0 } else { d.signum() }
}

/// What a loss is the mean over.
struct Elements<'a, A, D: Dimension> {
    /// Of the loss, in words.
    what: &'static str,
    predictions: ArrayView<'a, A, D>,
    targets: ArrayView<'a, A, D>,
    mask: Option<ArrayView<'a, bool, D>>,
    /// How many count.
    count: usize,
}

impl<'a, A: Float, D: Dimension> Elements<'a, A, D> {
    /// Once the shapes agree and one counts; `names` are those of the function and of the loss.
    fn new(
        names: (&'static str, &'static str),
        predictions: ArrayView<'a, A, D>,
        targets: ArrayView<'a, A, D>,
        mask: Option<ArrayView<'a, bool, D>>,
    ) -> Result<Self, Error> {
        let (function, what) = names;
        let mask_shape = mask.as_ref().map(|mask| mask.shape());
        let shapes = [("targets", Some(targets.shape())), ("mask", mask_shape)];
        for (symbol, shape) in shapes {
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
        let counted = |mask: &ArrayView<'_, bool, D>| mask.iter().filter(|&&counts| counts).count();
        let count = mask.as_ref().map_or(predictions.len(), counted);
        if count == 0 {
            return Err(Error::NothingCounts { what: function });
        }
        Ok(Elements {
            what,
            predictions,
            targets,
            mask,
            count,
        })
    }

    /// Index, counted row-major, prediction and target of all that count.
    fn counted(&self) -> impl Iterator<Item = (usize, f64, f64)> {
        let mut mask = self.mask.as_ref().map(|mask| mask.iter());
        let pairs = self.predictions.iter().zip(&self.targets).enumerate();
        pairs.filter_map(move |(index, (p, t))| {
            let counts = mask.as_mut().is_none_or(|mask| mask.next() == Some(&true));
            counts.then(|| (index, p.to_f64(), t.to_f64()))
        })
    }

    /// The mean of `term`, which gives an element's loss and its derivative by the prediction.
    fn mean(&self, term: impl Fn(f64, f64) -> (f64, f64)) -> Loss<A, D> {
        let mut gradient = vec![A::ZERO; self.predictions.len()];
        let (mut sum, count) = (0.0, self.count as f64);
        for (index, p, t) in self.counted() {
            let (loss, slope) = term(p, t);
            sum += loss;
            gradient[index] = A::from_f64(slope / count);
        }
        let loss = finite(sum / count, || self.what.to_owned())?;
        let gradient = Array::from_shape_vec(self.predictions.raw_dim(), gradient);
        Ok((loss, gradient.expect("as many elements as the shape has")))
    }
}
