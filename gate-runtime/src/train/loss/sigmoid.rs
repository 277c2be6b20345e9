//! The loss of independent labels.

use ndarray::{Array, ArrayView, Dimension};

use crate::error::Error;
use crate::kernels::{Float, Mode, PlainMode, Real, Scalar};
use crate::train::group::within;

use super::elements::{BLOCK, Elements, Loss, Term, new};
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
        new(logits, |logits, gradient| {
            self.of_into(logits, targets, weights, gradient)
        })
    }

    /// The same into an array, as
    /// [`mean_squared_error_into`](crate::train::mean_squared_error_into).
    ///
    /// # Errors
    ///
    /// As [`SigmoidLoss::of`]; the array is then of no use.
    pub fn of_into<'v, A: Float, D: Dimension>(
        &self,
        logits: ArrayView<'v, A, D>,
        targets: ArrayView<'v, A, D>,
        weights: impl Into<Weights<'v, A, D>>,
        gradient: &mut Array<A, D>,
    ) -> Result<A, Error> {
        let labels = logits.shape().last().copied().unwrap_or(1);
        let positive = self.positive;
        if positive.len() != 1 && positive.len() != labels {
            return Err(Error::Shape {
                cell: NAMES.0,
                symbol: "positive_weights",
                expected: vec![labels],
                found: vec![positive.len()],
            });
        }
        check_weights(NAMES.0, positive.iter().copied())?;
        let elements = Elements::new(NAMES, logits, targets, weights.into())?;
        check_targets(&elements)?;
        elements.mean(gradient, Logits(positive))
    }
}

/// Whether the targets that count are shares.
fn check_targets<A: Float, D: Dimension>(elements: &Elements<'_, A, D>) -> Result<(), Error> {
    let all = elements.targets.as_slice_memory_order();
    if all.is_some_and(|targets| within(targets, 0.0, 1.0)) {
        return Ok(());
    }
    let range = 0.0..=1.0;
    let mut targets = elements.counted();
    match targets.find(|(_, _, t, _)| !range.contains(t)) {
        None => Ok(()),
        Some((index, _, value, _)) => Err(Error::Target {
            what: NAMES.0,
            index,
            value,
            range: "from 0 to 1",
        }),
    }
}

/// The loss of logits, with the weights of positive targets: one, or one for each label.
#[derive(Clone, Copy)]
struct Logits<'p>(&'p [f64]);

impl<A: Float> Term<A> for Logits<'_> {
    #[inline(always)]
    fn of(&self, first: usize, logits: &[A; BLOCK], targets: &[A; BLOCK]) -> [[f64; BLOCK]; 2] {
        let mut positive = [self.0[0]; BLOCK];
        if self.0.len() > 1 {
            for (positive, index) in positive.iter_mut().zip(first..) {
                *positive = self.0[index % self.0.len()];
            }
        }
        // Sigmoids from the exponential that does not overflow, and the logarithm of one more, in the
        // logits' own type; each loop by itself fills the registers.
        let [mut near, mut far, mut rest] = [[A::ZERO; BLOCK]; 3];
        let away = |z: A| <PlainMode as Mode>::Scalar::<A>::new(if z > A::ZERO { -z } else { z });
        for i in 0..BLOCK {
            let small = away(logits[i]).exp();
            let share = (<PlainMode as Mode>::Scalar::<A>::num(1.0) + small).recip();
            (near[i], far[i]) = (share.get(), (small * share).get());
        }
        for i in 0..BLOCK {
            rest[i] = away(logits[i]).softplus().get();
        }
        let [mut losses, mut slopes] = [[0.0; BLOCK]; 2];
        for i in 0..BLOCK {
            let (z, t, rest) = (logits[i].to_f64(), targets[i].to_f64(), rest[i].to_f64());
            let (near, far) = (near[i].to_f64(), far[i].to_f64());
            let (own, other) = if z < 0.0 { (far, near) } else { (near, far) };
            let yes = if z < 0.0 { rest - z } else { rest };
            let no = if z < 0.0 { rest } else { rest + z };
            losses[i] = positive[i] * t * yes + (1.0 - t) * no;
            slopes[i] = (1.0 - t) * own - positive[i] * t * other;
        }
        [losses, slopes]
    }
}

/// Of the function, and of the loss.
const NAMES: (&str, &str) = ("sigmoid_cross_entropy", "the sigmoid cross-entropy");
