//! The loss of one class out of several.

mod rows;

use ndarray::{Array, Array2, ArrayView, ArrayView2, Dimension};

use crate::error::Error;
use crate::kernels::{Float, widely};
use crate::parts::in_parts;
use crate::train::group::setting;
use crate::train::room::{empty, fit};

use super::{above_zero, check_weights, finite};
use rows::{Part, Rows};

/// Mean of `-log softmax(logits)[label]` over the rows where `mask` is true, or over all.
///
/// `logits` is `[N, classes]`; labels and mask have a value for each row. Gives the loss, its
/// gradient by the logits, and the number of rows that count whose largest logit is that of the
/// label. For a label at every step, the rows are the `T · B` steps, and
/// [`super::super::valid_steps`] with one feature makes the mask; where it is false, logits and label may
/// be anything. [`SoftmaxLoss`] has weights and label smoothing.
///
/// # Errors
///
/// If there is no row or none counts, a label is missing or beyond the classes, or the loss is not
/// finite.
pub fn softmax_cross_entropy<A: Float>(
    logits: ArrayView2<'_, A>,
    labels: &[usize],
    mask: Option<&[bool]>,
) -> Result<(A, Array2<A>, usize), Error> {
    let loss = SoftmaxLoss {
        mask,
        ..SoftmaxLoss::new()
    };
    loss.of(logits, labels)
}

/// The softmax cross-entropy with weights and label smoothing, as PyTorch's `CrossEntropyLoss` has
/// them.
///
/// With weights `v` of rows and `w` of classes, a label `y` and smoothing `ε` of `K` classes it is
/// `Σ v · ((1 − ε) w[y] ℓ[y] + ε/K Σ w[c] ℓ[c]) / Σ v · w[y]`, where `ℓ` is `-log softmax(logits)`.
///
/// ```
/// use gate_runtime::train::SoftmaxLoss;
///
/// let logits = ndarray::arr2(&[[2.0, 0.5], [0.1, 0.3]]);
/// let loss = SoftmaxLoss::new().class_weights(&[1.0, 4.0]).label_smoothing(0.1);
/// let (loss, gradient, correct) = loss.of(logits.view(), &[0, 1])?;
/// # assert!(loss > 0.0 && gradient.dim() == (2, 2) && correct == 2);
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[doc(alias = "CrossEntropyLoss")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SoftmaxLoss<'a> {
    mask: Option<&'a [bool]>,
    row_weights: Option<&'a [f64]>,
    class_weights: Option<&'a [f64]>,
    smoothing: f64,
}

impl<'a> SoftmaxLoss<'a> {
    /// Over all rows and classes alike.
    pub fn new() -> Self {
        SoftmaxLoss::default()
    }

    /// Counts the rows alone where this is true.
    #[must_use]
    pub fn mask(mut self, mask: &'a [bool]) -> Self {
        self.mask = Some(mask);
        self
    }

    /// How much each row counts, finite, 0 or above; where it is 0, logits and label may be anything.
    #[must_use]
    pub fn row_weights(mut self, weights: &'a [f64]) -> Self {
        self.row_weights = Some(weights);
        self
    }

    /// How much rows of each class count, finite, 0 or above: PyTorch's `weight`.
    #[must_use]
    pub fn class_weights(mut self, weights: &'a [f64]) -> Self {
        self.class_weights = Some(weights);
        self
    }

    /// The share `ε`, from 0 to 1, of the target that all classes have in equal parts (Szegedy et al.
    /// 2016).
    #[must_use]
    pub fn label_smoothing(mut self, share: f64) -> Self {
        self.smoothing = share;
        self
    }

    /// Loss of logits `[…, classes]` by a label for each row, its gradient by the logits, and the
    /// number of rows that count whose largest logit is that of the label. The rows of `[T, B,
    /// classes]` are its steps, those of a batch after one another.
    ///
    /// # Errors
    ///
    /// As [`softmax_cross_entropy`], or if there are not as many weights as rows or classes, or a
    /// weight or the smoothing is out of its range.
    pub fn of<A: Float, D: Dimension>(
        &self,
        logits: ArrayView<'_, A, D>,
        labels: &[usize],
    ) -> Result<(A, Array<A, D>, usize), Error> {
        let mut gradient = empty(&logits.raw_dim());
        let (loss, correct) = self.of_into(logits, labels, &mut gradient)?;
        Ok((loss, gradient, correct))
    }

    /// The same into an array for the gradient, which becomes as large as the logits; it allocates
    /// nothing if it was before.
    ///
    /// # Errors
    ///
    /// As [`SoftmaxLoss::of`]; the array is then of no use.
    pub fn of_into<A: Float, D: Dimension>(
        &self,
        logits: ArrayView<'_, A, D>,
        labels: &[usize],
        gradient: &mut Array<A, D>,
    ) -> Result<(A, usize), Error> {
        let classes = logits.shape().last().copied().unwrap_or(1);
        let rows = logits.len().checked_div(classes).unwrap_or(0);
        let total = self.check((rows, classes), labels)?;
        fit(CROSS_ENTROPY, gradient, logits.raw_dim())?;
        gradient.assign(&logits);
        let all = gradient
            .as_slice_mut()
            .expect("an array of standard layout");
        let parts = in_parts(all, classes, |first, logits| {
            widely(Rows {
                loss: self,
                first: first / classes,
                labels,
                logits,
                classes,
                total,
            })
        });
        let part = parts.into_iter().fold(Part::default(), Part::and);
        if let Some((row, value)) = part.bad {
            let what = format!("the softmax cross-entropy of row {row}");
            return Err(Error::NotFinite { what, value });
        }
        let loss = finite(part.sum / total, || "the softmax cross-entropy".to_owned())?;
        Ok((loss, part.correct))
    }

    /// How much a row counts, without that of its class.
    fn of_row(&self, row: usize) -> f64 {
        let counts = self.mask.is_none_or(|mask| mask[row]);
        let weight = self.row_weights.map_or(1.0, |weights| weights[row]);
        if counts { weight } else { 0.0 }
    }

    fn of_class(&self, class: usize) -> f64 {
        self.class_weights.map_or(1.0, |weights| weights[class])
    }

    /// Whether everything fits; gives the sum of the weights.
    fn check(&self, (rows, classes): (usize, usize), labels: &[usize]) -> Result<f64, Error> {
        let of_rows = self.row_weights.map_or(rows, <[f64]>::len);
        let of_classes = self.class_weights.map_or(classes, <[f64]>::len);
        check_length("labels", rows, labels.len())?;
        check_length("mask", rows, self.mask.map_or(rows, <[bool]>::len))?;
        check_length("row_weights", rows, of_rows)?;
        check_length("class_weights", classes, of_classes)?;
        for weights in [self.row_weights, self.class_weights] {
            check_weights(CROSS_ENTROPY, weights.unwrap_or_default().iter().copied())?;
        }
        let share = self.smoothing;
        let part = (0.0..=1.0).contains(&share);
        setting("the label smoothing", share, "from 0 to 1", part)?;
        if rows == 0 {
            return Err(Error::Empty {
                cell: CROSS_ENTROPY,
                steps: 1,
                batch: 0,
            });
        }
        let mut total = 0.0;
        for (row, &label) in labels.iter().enumerate() {
            let counts = self.of_row(row);
            if counts > 0.0 && label >= classes {
                return Err(Error::Label {
                    row,
                    label,
                    classes,
                });
            }
            if counts > 0.0 {
                total += counts * self.of_class(label);
            }
        }
        above_zero(CROSS_ENTROPY, total)
    }
}

const CROSS_ENTROPY: &str = "softmax_cross_entropy";

/// Whether there is one value for each row or class.
fn check_length(symbol: &'static str, expected: usize, found: usize) -> Result<(), Error> {
    if expected == found {
        return Ok(());
    }
    Err(Error::Shape {
        cell: CROSS_ENTROPY,
        symbol,
        expected: vec![expected],
        found: vec![found],
    })
}
