//! The loss of independent labels.

use ndarray::{ArrayView, Dimension};

use crate::error::Error;
use crate::kernels::Float;

use super::elements::{Elements, Loss};
use super::{Weights, check_weights};

/// Mean of `−t log σ(z) − (1 − t) log σ(−z)`, as the [`Weights`] count the elements: the binary
/// cross-entropy of logits `z`, of independent labels or of one class against another.
///
/// Targets `t` are from 0 to 1. Gives the loss and its gradient by the logits, as
/// [`mean_squared_error`](crate::train::mean_squared_error). Large logits do not overflow.
/// [`SigmoidLoss`] has weights for rare labels.
///
/// # Errors
///
/// As [`mean_squared_error`](crate::train::mean_squared_error), or if a target that counts is not
/// from 0 to 1.
#[doc(
    alias = "BCEWithLogitsLoss",
    alias = "binary_cross_entropy_with_logits"
)]
pub fn sigmoid_cross_entropy<'a, A: Float, D: Dimension>(
    logits: ArrayView<'a, A, D>,
    targets: ArrayView<'a, A, D>,
    weights: impl Into<Weights<'a, A, D>>,
) -> Loss<A, D> {
    SigmoidLoss::new().of(logits, targets, weights)
}

/// The sigmoid cross-entropy with a weight `p` for positive targets: the mean of
/// `−p t log σ(z) − (1 − t) log σ(−z)`.
///
/// ```
/// use gate_runtime::train::SigmoidLoss;
///
/// let (logits, targets) = (ndarray::arr2(&[[0.3, -2.0]]), ndarray::arr2(&[[1.0, 0.0]]));
/// let loss = SigmoidLoss::new().positive_weights(&[1.0, 20.0]);
/// let (loss, gradient) = loss.of(logits.view(), targets.view(), None)?;
/// # assert!(loss > 0.0 && gradient.dim() == (1, 2));
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[doc(alias = "pos_weight")]
#[derive(Clone, Copy, Debug)]
pub struct SigmoidLoss<'a> {
    positive: &'a [f64],
}

impl Default for SigmoidLoss<'_> {
    fn default() -> Self {
        SigmoidLoss { positive: &[1.0] }
    }
}

impl<'a> SigmoidLoss<'a> {
    /// With a weight of 1.
    pub fn new() -> Self {
        SigmoidLoss::default()
    }

    /// One weight for all labels, or one for each along the last axis; finite, 0 or above. PyTorch's
    /// `pos_weight`: they do not count in what the mean divides by.
    #[must_use]
    pub fn positive_weights(mut self, weights: &'a [f64]) -> Self {
        self.positive = weights;
        self
    }

    /// The loss and its gradient by the logits.
    ///
    /// # Errors
    ///
    /// As [`sigmoid_cross_entropy`], or if the positive weights are neither one nor one for each
    /// label, or one is out of its range.
    pub fn of<'v, A: Float, D: Dimension>(
        &self,
        logits: ArrayView<'v, A, D>,
        targets: ArrayView<'v, A, D>,
        weights: impl Into<Weights<'v, A, D>>,
    ) -> Loss<A, D> {
        let names = ("sigmoid_cross_entropy", "the sigmoid cross-entropy");
        let labels = logits.shape().last().copied().unwrap_or(1);
        let positive = self.positive;
        if positive.len() != 1 && positive.len() != labels {
            return Err(Error::Shape {
                cell: names.0,
                symbol: "positive_weights",
                expected: vec![labels],
                found: vec![positive.len()],
            });
        }
        check_weights(names.0, positive.iter().copied())?;
        let elements = Elements::new(names, logits, targets, weights.into())?;
        let range = 0.0..=1.0;
        let mut targets = elements.counted();
        if let Some((index, _, value, _)) = targets.find(|(_, _, t, _)| !range.contains(t)) {
            return Err(Error::Target {
                what: names.0,
                index,
                value,
                range: "from 0 to 1",
            });
        }
        elements.mean_by_index(|index, z, t| {
            let positive = positive[index % positive.len()];
            // The exponential of the one of both that does not overflow.
            let small = (-z.abs()).exp();
            let (near, far) = (1.0 / (1.0 + small), small / (1.0 + small));
            let (own, other) = if z < 0.0 { (far, near) } else { (near, far) };
            let (yes, no) = ((-z).max(0.0) + small.ln_1p(), z.max(0.0) + small.ln_1p());
            (
                positive * t * yes + (1.0 - t) * no,
                (1.0 - t) * own - positive * t * other,
            )
        })
    }
}
