//! The loss of one class out of several.

use ndarray::{Array2, ArrayView2};

use crate::error::Error;
use crate::kernels::Float;

use super::finite;

/// Mean of `-log softmax(logits)[label]` over the rows where `mask` is true, or over all.
///
/// `logits` is `[N, classes]`; labels and mask have a value for each row. Gives the loss, its
/// gradient by the logits, and the number of rows that count whose largest logit is that of the
/// label. For a label at every step, the rows are the `T · B` steps, and
/// [`super::super::valid_steps`] with one feature makes the mask; where it is false, logits and label may
/// be anything.
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
    let (rows, classes) = logits.dim();
    check_rows("labels", rows, labels.len())?;
    check_rows("mask", rows, mask.map_or(rows, <[bool]>::len))?;
    if rows == 0 {
        return Err(Error::Empty {
            cell: CROSS_ENTROPY,
            steps: 1,
            batch: 0,
        });
    }
    let counts = |row: usize| mask.is_none_or(|mask| mask[row]);
    let counted = (0..rows).filter(|&row| counts(row)).count();
    if counted == 0 {
        return Err(Error::NothingCounts {
            what: CROSS_ENTROPY,
        });
    }
    let mut gradient = Array2::zeros((rows, classes));
    let (mut loss, mut correct) = (0.0, 0);
    for (row, &label) in labels.iter().enumerate().filter(|&(row, _)| counts(row)) {
        if label >= classes {
            return Err(Error::Label {
                row,
                label,
                classes,
            });
        }
        let scores: Vec<f64> = logits.row(row).iter().map(|v| v.to_f64()).collect();
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = scores.iter().map(|s| (s - largest).exp()).sum();
        let own = sum.ln() + largest - scores[label];
        finite::<A>(own, || format!("the softmax cross-entropy of row {row}"))?;
        loss += own;
        correct += usize::from(scores.iter().position(|&s| s == largest) == Some(label));
        for (class, score) in scores.iter().enumerate() {
            let target = if class == label { 1.0 } else { 0.0 };
            gradient[[row, class]] =
                A::from_f64(((score - largest).exp() / sum - target) / counted as f64);
        }
    }
    let loss = finite(loss / counted as f64, || {
        "the softmax cross-entropy".to_owned()
    })?;
    Ok((loss, gradient, correct))
}

const CROSS_ENTROPY: &str = "softmax_cross_entropy";

/// Whether there is one value for each row.
fn check_rows(symbol: &'static str, rows: usize, values: usize) -> Result<(), Error> {
    if rows == values {
        return Ok(());
    }
    Err(Error::Shape {
        cell: CROSS_ENTROPY,
        symbol,
        expected: vec![rows],
        found: vec![values],
    })
}
