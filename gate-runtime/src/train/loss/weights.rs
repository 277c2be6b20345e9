//! How much each element counts.

use ndarray::{ArrayView, Dimension};

use crate::error::Error;
use crate::kernels::Float;
use crate::train::group::{not_negative, plenty, setting, sum, within};

/// How much each element counts in a mean `Σ w ℓ / Σ w`: `None` for all alike, `Some` mask, or an
/// array of numbers, finite, 0 or above, such as of classes or steps. What counts nothing may be
/// anything, even NaN.
///
/// PyTorch's `binary_cross_entropy_with_logits` divides by the number of elements in place of the sum
/// of its `weight`.
#[derive(Clone, Debug)]
pub enum Weights<'a, A, D: Dimension> {
    /// All count alike.
    Alike,
    /// Those count where it is true.
    Mask(ArrayView<'a, bool, D>),
    /// Each counts as much as this says.
    Each(ArrayView<'a, A, D>),
}

impl<'a, A, D: Dimension> From<Option<ArrayView<'a, bool, D>>> for Weights<'a, A, D> {
    fn from(mask: Option<ArrayView<'a, bool, D>>) -> Self {
        mask.map_or(Weights::Alike, Weights::Mask)
    }
}

impl<'a, A, D: Dimension> From<ArrayView<'a, A, D>> for Weights<'a, A, D> {
    fn from(weights: ArrayView<'a, A, D>) -> Self {
        Weights::Each(weights)
    }
}

impl<A: Float, D: Dimension> Weights<'_, A, D> {
    /// Its name as an argument, and its shape if it has one.
    pub(super) fn shape(&self) -> (&'static str, Option<&[usize]>) {
        match self {
            Weights::Alike => ("weights", None),
            Weights::Mask(mask) => ("mask", Some(mask.shape())),
            Weights::Each(weights) => ("weights", Some(weights.shape())),
        }
    }

    /// The weight of every element, row-major, without end.
    pub(super) fn each(&self) -> impl Iterator<Item = f64> {
        let (mask, weights) = match self {
            Weights::Alike => (None, None),
            Weights::Mask(mask) => (Some(mask), None),
            Weights::Each(weights) => (None, Some(weights)),
        };
        let mask = mask.into_iter().flatten();
        let mask = mask.map(|&counts| if counts { 1.0 } else { 0.0 });
        let weights = weights.into_iter().flatten().map(|w| w.to_f64());
        mask.chain(weights).chain(std::iter::repeat(1.0))
    }

    /// The sum of the weights of so many elements, which is above 0.
    pub(super) fn total(&self, what: &'static str, count: usize) -> Result<f64, Error> {
        let total = match self {
            Weights::Alike => count as f64,
            Weights::Mask(mask) => mask.fold(0, |n, &counts| n + usize::from(counts)) as f64,
            Weights::Each(weights) => {
                let all = weights.as_slice_memory_order();
                if !all.is_some_and(|all| within(all, 0.0, plenty::<A>())) {
                    check_weights(what, weights.iter().map(|w| w.to_f64()))?;
                }
                match all {
                    Some(all) => sum(
                        all,
                        #[inline(always)]
                        |weight| weight,
                    ),
                    None => weights.fold(0.0, |total, w| total + w.to_f64()),
                }
            }
        };
        above_zero(what, total)
    }
}

/// The sum of weights, if a mean can be divided by it.
pub(super) fn above_zero(what: &'static str, total: f64) -> Result<f64, Error> {
    let finite = total.is_finite();
    setting("the sum of the weights", total, "finite", finite)?;
    match total > 0.0 {
        true => Ok(total),
        false => Err(Error::NothingCounts { what }),
    }
}

/// Whether weights are such.
pub(super) fn check_weights(
    what: &'static str,
    weights: impl Iterator<Item = f64>,
) -> Result<(), Error> {
    let mut weights = weights.enumerate();
    match weights.find(|(_, weight)| !not_negative(*weight)) {
        Some((index, value)) => Err(Error::Weight { what, index, value }),
        None => Ok(()),
    }
}
