//! What losses that are a mean over elements are made of.
//!
//! Takes: predictions, targets, [`Weights`], and a [`Term`], which is the loss itself for a pair of
//! numbers. Gives: the mean and its gradient by the predictions, of their shape. The threads share
//! the elements; a block of them at a time is worked on with the widest registers.

use std::ops::Range;

use ndarray::{Array, ArrayView, Dimension};

use crate::error::Error;
use crate::kernels::{Float, Work, widely};
use crate::parts::in_parts;
use crate::train::room::{empty, fit};

use super::{Weights, finite};

/// A loss and its gradient.
pub(super) type Loss<A, D> = Result<(A, Array<A, D>), Error>;

/// A loss with a new array for its gradient.
pub(super) fn new<'a, A: Float, D: Dimension>(
    predictions: ArrayView<'a, A, D>,
    loss: impl FnOnce(ArrayView<'a, A, D>, &mut Array<A, D>) -> Result<A, Error>,
) -> Loss<A, D> {
    let mut gradient = empty(&predictions.raw_dim());
    let loss = loss(predictions, &mut gradient)?;
    Ok((loss, gradient))
}

/// What a loss is the mean over.
pub(super) struct Elements<'a, A, D: Dimension> {
    function: &'static str,
    /// Of the loss, in words.
    what: &'static str,
    predictions: ArrayView<'a, A, D>,
    pub(super) targets: ArrayView<'a, A, D>,
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
            function,
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

    /// The mean of `term`, which gives the loss of an index, a prediction and a target, and its
    /// derivative by the prediction.
    pub(super) fn mean(&self, gradient: &mut Array<A, D>, term: impl Term<A>) -> Result<A, Error> {
        let what = || self.what.to_owned();
        fit(self.function, gradient, self.predictions.raw_dim())?;
        let sum = match &self.weights {
            Weights::Alike => self.sum(
                gradient,
                term,
                #[inline(always)]
                |at| padded(&ONES[..at.len()], |one| one),
            ),
            Weights::Mask(mask) => {
                let mask = mask.as_standard_layout();
                let mask = mask.as_slice().expect(STANDARD);
                self.sum(
                    gradient,
                    term,
                    #[inline(always)]
                    |at| padded(&mask[at], |counts| if counts { 1.0 } else { 0.0 }),
                )
            }
            Weights::Each(weights) => {
                let weights = weights.as_standard_layout();
                let weights = weights.as_slice().expect(STANDARD);
                self.sum(
                    gradient,
                    term,
                    #[inline(always)]
                    |at| padded(&weights[at], |weight| weight.to_f64()),
                )
            }
        };
        finite(sum / self.total, what)
    }

    /// The sum of the losses, by their weights.
    fn sum(
        &self,
        gradient: &mut Array<A, D>,
        term: impl Term<A>,
        weights: impl Fn(Range<usize>) -> [f64; BLOCK] + Copy + Sync,
    ) -> f64 {
        gradient.assign(&self.predictions);
        let values = gradient.as_slice_mut().expect(STANDARD);
        let targets = self.targets.as_standard_layout();
        let targets = targets.as_slice().expect(STANDARD);
        let scale = 1.0 / self.total;
        let parts = in_parts(values, 1, |first, values: &mut [A]| {
            let targets = &targets[first..first + values.len()];
            widely(Span {
                first,
                values,
                targets,
                scale,
                term,
                weights,
            })
        });
        parts.iter().sum()
    }
}

const STANDARD: &str = "an array of standard layout";

/// Elements that are worked on at a time.
pub(super) const BLOCK: usize = 32;

const ONES: [f64; BLOCK] = [1.0; BLOCK];

/// Numbers of up to a block of elements, and zeros for what is missing.
#[inline(always)]
fn padded<T: Copy, B: Copy + Default>(from: &[T], number: impl Fn(T) -> B) -> [B; BLOCK] {
    let mut block = [B::default(); BLOCK];
    match from.first_chunk::<BLOCK>() {
        Some(whole) => {
            for i in 0..BLOCK {
                block[i] = number(whole[i]);
            }
        }
        None => {
            for (to, &from) in block.iter_mut().zip(from) {
                *to = number(from);
            }
        }
    }
    block
}

/// The loss of a prediction and a target, and its derivative by the prediction, for a block of them.
pub(super) trait Term<A>: Copy + Sync {
    /// `first` is the index of the first one. It has to be `#[inline(always)]`.
    fn of(&self, first: usize, values: &[A; BLOCK], targets: &[A; BLOCK]) -> [[f64; BLOCK]; 2];
}

/// Of one pair, `#[inline(always)]`, wherever it stands.
impl<A: Float, F: Fn(A, A) -> (f64, f64) + Copy + Sync> Term<A> for F {
    #[inline(always)]
    fn of(&self, _: usize, values: &[A; BLOCK], targets: &[A; BLOCK]) -> [[f64; BLOCK]; 2] {
        let [mut losses, mut slopes] = [[0.0; BLOCK]; 2];
        for i in 0..BLOCK {
            (losses[i], slopes[i]) = self(values[i], targets[i]);
        }
        [losses, slopes]
    }
}

/// Predictions, which become their gradients, from an index on.
struct Span<'s, A, T, W> {
    first: usize,
    values: &'s mut [A],
    targets: &'s [A],
    /// One over the sum of all weights.
    scale: f64,
    term: T,
    /// Those of up to a block of elements; zeros for what is missing.
    weights: W,
}

impl<A: Float, T: Term<A>, W: Fn(Range<usize>) -> [f64; BLOCK]> Work for Span<'_, A, T, W> {
    /// The sum of the losses, by their weights.
    type Result = f64;

    #[inline(always)]
    fn run(mut self) -> f64 {
        let mut sums = [0.0; BLOCK];
        let (blocks, rest) = std::mem::take(&mut self.values).as_chunks_mut::<BLOCK>();
        let (targets, last) = self.targets.as_chunks::<BLOCK>();
        let mut start = self.first;
        for (values, targets) in blocks.iter_mut().zip(targets) {
            let weights = (self.weights)(start..start + BLOCK);
            *values = self.block(start, (values, targets), &weights, &mut sums);
            start += BLOCK;
        }
        if !rest.is_empty() {
            let weights = (self.weights)(start..start + rest.len());
            let pairs = (&padded(rest, |v| v), &padded(last, |t| t));
            let slopes = self.block(start, pairs, &weights, &mut sums);
            rest.copy_from_slice(&slopes[..rest.len()]);
        }
        sums.iter().sum()
    }
}

impl<A: Float, T: Term<A>, W> Span<'_, A, T, W> {
    /// The gradients of a block of predictions with their targets; adds up its losses.
    #[inline(always)]
    fn block(
        &self,
        start: usize,
        (values, targets): (&[A; BLOCK], &[A; BLOCK]),
        weights: &[f64; BLOCK],
        sums: &mut [f64; BLOCK],
    ) -> [A; BLOCK] {
        let [losses, slopes] = self.term.of(start, values, targets);
        let mut gradients = [A::ZERO; BLOCK];
        for i in 0..BLOCK {
            // What weighs nothing may be anything.
            let counts = weights[i] > 0.0;
            let slope = weights[i] * slopes[i] * self.scale;
            gradients[i] = A::from_f64(if counts { slope } else { 0.0 });
            sums[i] += if counts { weights[i] * losses[i] } else { 0.0 };
        }
        gradients
    }
}
