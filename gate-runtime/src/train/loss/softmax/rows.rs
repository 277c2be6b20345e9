//! The softmax cross-entropy of rows of logits, which become their gradients.
//!
//! Takes: rows that lie one after the other, a loss whose settings fit them, labels of which those
//! that count are classes. Gives: the losses' sum. Exponentials are computed in the logits' own
//! type, sums in `f64`.

use crate::kernels::{Float, Mode, PlainMode, Real, Scalar, Work};

use super::SoftmaxLoss;

/// Rows of logits, from one of the batch on.
pub(super) struct Rows<'r, A> {
    pub(super) loss: &'r SoftmaxLoss<'r>,
    /// The index of the first one.
    pub(super) first: usize,
    /// Those of the whole batch.
    pub(super) labels: &'r [usize],
    pub(super) logits: &'r mut [A],
    pub(super) classes: usize,
    /// What the weights of the batch come to.
    pub(super) total: f64,
}

/// What rows come to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part {
    /// The losses, each as often as it counts.
    pub(super) sum: f64,
    /// Rows whose label has the largest logit.
    pub(super) correct: usize,
    /// The first row whose loss is no number of the logits' type, and that loss.
    pub(super) bad: Option<(usize, f64)>,
}

impl Part {
    /// What they and later rows come to.
    pub(super) fn and(self, later: Part) -> Part {
        Part {
            sum: self.sum + later.sum,
            correct: self.correct + later.correct,
            bad: self.bad.or(later.bad),
        }
    }
}

impl<A: Float> Work for Rows<'_, A> {
    type Result = Part;

    #[inline(always)]
    fn run(self) -> Part {
        let mut part = Part::default();
        let share = self.loss.smoothing / self.classes as f64;
        let all: f64 = match share > 0.0 {
            true => (0..self.classes).map(|c| self.loss.of_class(c)).sum(),
            false => 0.0,
        };
        for (index, row) in self.logits.chunks_exact_mut(self.classes).enumerate() {
            let index = self.first + index;
            let (counts, label) = (self.loss.of_row(index), self.labels[index]);
            if counts == 0.0 {
                row.fill(A::ZERO);
                continue;
            }
            let largest = largest(row);
            let first = row[label] == largest && !row[..label].contains(&largest);
            part.correct += usize::from(first);
            let own = (1.0 - self.loss.smoothing) * self.loss.of_class(label);
            let mut loss = own * (largest - row[label]).to_f64();
            // Without smoothing, the logits of other classes may be minus infinity.
            if share > 0.0 {
                loss += share * below(row, largest, self.loss.class_weights);
            }
            let sum = exponentials(row, largest);
            loss += (own + share * all) * sum.ln();
            if !A::from_f64(loss).is_finite() && part.bad.is_none() {
                part.bad = Some((index, loss));
            }
            part.sum += counts * loss;
            let counts = counts / self.total;
            let factor = counts * (own + share * all) / sum;
            // The difference of two numbers that may be nearly alike.
            let of_label = row[label].to_f64() * factor - counts * own;
            let scale = A::from_f64(factor);
            row.iter_mut().for_each(|v| *v *= scale);
            row[label] = A::from_f64(of_label);
            if share > 0.0 {
                lower(row, counts * share, self.loss.class_weights);
            }
        }
        part
    }
}

/// Elements that are worked on at a time.
const BLOCK: usize = 16;

/// The largest number of a row.
#[inline(always)]
fn largest<A: Float>(row: &[A]) -> A {
    let least = A::from_f64(f64::NEG_INFINITY);
    let mut most = [least; BLOCK];
    let (blocks, rest) = row.as_chunks::<BLOCK>();
    for block in blocks {
        for i in 0..BLOCK {
            most[i] = larger(block[i], most[i]);
        }
    }
    rest.iter().chain(&most).fold(least, |m, &v| larger(v, m))
}

#[inline(always)]
fn larger<A: Float>(a: A, b: A) -> A {
    if a > b { a } else { b }
}

/// The sum of what the numbers of a row are below one of them, by their weights.
#[inline(always)]
fn below<A: Float>(row: &[A], largest: A, weights: Option<&[f64]>) -> f64 {
    let mut sums = [0.0; BLOCK];
    let (blocks, rest) = row.as_chunks::<BLOCK>();
    for (block, numbers) in blocks.iter().enumerate() {
        let ones = [1.0; BLOCK];
        let weights = weights.and_then(|w| w[block * BLOCK..].first_chunk());
        let weights = weights.unwrap_or(&ones);
        for i in 0..BLOCK {
            sums[i] += weights[i] * (largest - numbers[i]).to_f64();
        }
    }
    let start = blocks.len() * BLOCK;
    for (i, &number) in rest.iter().enumerate() {
        let weight = weights.map_or(1.0, |w| w[start + i]);
        sums[i] += weight * (largest - number).to_f64();
    }
    sums.iter().sum()
}

/// Takes a share of their weights from the numbers of a row.
#[inline(always)]
fn lower<A: Float>(row: &mut [A], share: f64, weights: Option<&[f64]>) {
    match weights {
        None => row.iter_mut().for_each(|v| *v -= A::from_f64(share)),
        Some(weights) => {
            for (v, weight) in row.iter_mut().zip(weights) {
                *v -= A::from_f64(share * weight);
            }
        }
    }
}

/// Replaces a row by the exponentials of what its numbers are above one of them; gives their sum.
#[inline(always)]
fn exponentials<A: Float>(row: &mut [A], above: A) -> f64 {
    let mut sums = [0.0; BLOCK];
    let (blocks, rest) = row.as_chunks_mut::<BLOCK>();
    for block in blocks {
        exponential(block, above, &mut sums);
    }
    // The exponential of what is left out is zero.
    let mut last = [A::from_f64(f64::NEG_INFINITY); BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    exponential(&mut last, above, &mut sums);
    rest.copy_from_slice(&last[..rest.len()]);
    sums.iter().sum()
}

#[inline(always)]
fn exponential<A: Float>(block: &mut [A; BLOCK], above: A, sums: &mut [f64; BLOCK]) {
    for i in 0..BLOCK {
        let number = <PlainMode as Mode>::Scalar::<A>::new(block[i] - above);
        block[i] = number.exp().get();
        sums[i] += block[i].to_f64();
    }
}
