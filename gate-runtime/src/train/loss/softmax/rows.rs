//! The softmax cross-entropy of rows of logits, which become their gradients.
//!
//! Takes: rows that lie one after the other, a loss whose settings fit them, labels of which those
//! that count are classes. Gives: the losses' sum. Exponentials are computed in the logits' own
//! type, sums in `f64`.

use crate::kernels::{Float, Mode, Plain, PlainMode, Real, Scalar, Work};

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

/// What a row's loss consists of: `before + weight · log(sum)`, as often as it counts.
#[derive(Clone, Copy, Default)]
struct Parts {
    counts: f64,
    before: f64,
    weight: f64,
    sum: f64,
}

impl<A: Float> Work for Rows<'_, A> {
    type Result = Part;

    #[inline(always)]
    fn run(mut self) -> Part {
        let mut part = Part::default();
        let share = self.loss.smoothing / self.classes as f64;
        let all: f64 = match share > 0.0 {
            true => (0..self.classes).map(|c| self.loss.of_class(c)).sum(),
            false => 0.0,
        };
        let logits = std::mem::take(&mut self.logits);
        let mut first = self.first;
        for rows in logits.chunks_mut(self.classes * BLOCK) {
            let mut parts = [Parts::default(); BLOCK];
            for (index, row) in rows.chunks_exact_mut(self.classes).enumerate() {
                parts[index] = self.row(first + index, row, (share, all), &mut part.correct);
            }
            part.add::<A>(first, &parts);
            first += BLOCK;
        }
        part
    }
}

impl Part {
    /// Adds the losses of rows from an index on; those that do not count may be missing.
    #[inline(always)]
    fn add<A: Float>(&mut self, first: usize, parts: &[Parts; BLOCK]) {
        let mut losses = [0.0; BLOCK];
        for i in 0..BLOCK {
            losses[i] = Plain(parts[i].sum).log().0;
        }
        for i in 0..BLOCK {
            losses[i] = parts[i].before + parts[i].weight * losses[i];
        }
        for (index, (loss, part)) in losses.into_iter().zip(parts).enumerate() {
            if part.counts == 0.0 {
                continue;
            }
            if !A::from_f64(loss).is_finite() && self.bad.is_none() {
                self.bad = Some((first + index, loss));
            }
            self.sum += part.counts * loss;
        }
    }
}

impl<A: Float> Rows<'_, A> {
    /// Makes a row its gradient; `share` is of the target, for every class, and `all` are the weights
    /// of all classes.
    #[inline(always)]
    fn row(
        &self,
        index: usize,
        row: &mut [A],
        (share, all): (f64, f64),
        correct: &mut usize,
    ) -> Parts {
        let (counts, label) = (self.loss.of_row(index), self.labels[index]);
        if counts == 0.0 {
            row.fill(A::ZERO);
            return Parts::default();
        }
        let largest = largest(row);
        let first = row[label] == largest && !row[..label].contains(&largest);
        *correct += usize::from(first);
        let own = (1.0 - self.loss.smoothing) * self.loss.of_class(label);
        let mut before = own * (largest - row[label]).to_f64();
        // Without smoothing, the logits of other classes may be minus infinity.
        if share > 0.0 {
            before += share * below(row, largest, self.loss.class_weights);
        }
        let sum = exponentials(row, largest);
        let weight = own + share * all;
        let scaled = counts / self.total;
        let factor = scaled * weight / sum;
        // The difference of two numbers that may be nearly alike.
        let of_label = row[label].to_f64() * factor - scaled * own;
        let scale = A::from_f64(factor);
        row.iter_mut().for_each(|v| *v *= scale);
        row[label] = A::from_f64(of_label);
        if share > 0.0 {
            lower(row, scaled * share, self.loss.class_weights);
        }
        Parts {
            counts,
            before,
            weight,
            sum,
        }
    }
}

/// Elements that are worked on at a time.
const BLOCK: usize = 16;

/// The largest number of a row.
#[inline(always)]
fn largest<A: Float>(row: &[A]) -> A {
    let Some(last) = row.last_chunk::<BLOCK>() else {
        let least = A::from_f64(f64::NEG_INFINITY);
        return row.iter().fold(least, |most, &v| larger(v, most));
    };
    let mut most = *last;
    for block in row.as_chunks::<BLOCK>().0 {
        for i in 0..BLOCK {
            most[i] = larger(block[i], most[i]);
        }
    }
    halved(most, larger)
}

/// What numbers come to, two at a time.
#[inline(always)]
fn halved<T: Copy>(mut numbers: [T; BLOCK], join: impl Fn(T, T) -> T) -> T {
    let mut width = BLOCK / 2;
    while width > 0 {
        for i in 0..width {
            numbers[i] = join(numbers[i], numbers[i + width]);
        }
        width /= 2;
    }
    numbers[0]
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
    halved(sums, |a, b| a + b)
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
    let Some(&last) = row.last_chunk::<BLOCK>() else {
        // The exponential of what is missing is zero.
        let mut whole = [A::from_f64(f64::NEG_INFINITY); BLOCK];
        whole[..row.len()].copy_from_slice(row);
        let whole = exponential(whole, above);
        row.copy_from_slice(&whole[..row.len()]);
        return whole.iter().map(|v| v.to_f64()).sum();
    };
    let mut sums = [0.0; BLOCK];
    let (blocks, rest) = row.as_chunks_mut::<BLOCK>();
    let before = BLOCK - rest.len();
    for block in blocks {
        *block = exponential(*block, above);
    }
    for block in row.as_chunks::<BLOCK>().0 {
        for i in 0..BLOCK {
            sums[i] += block[i].to_f64();
        }
    }
    // The last ones with some before them, which are written again and counted once.
    if before < BLOCK {
        let last = exponential(last, above);
        for i in 0..BLOCK {
            sums[i] += if i < before { 0.0 } else { last[i].to_f64() };
        }
        if let Some(end) = row.last_chunk_mut() {
            *end = last;
        }
    }
    halved(sums, |a, b| a + b)
}

#[inline(always)]
fn exponential<A: Float>(mut numbers: [A; BLOCK], above: A) -> [A; BLOCK] {
    for number in &mut numbers {
        let above = <PlainMode as Mode>::Scalar::<A>::new(*number - above);
        *number = above.exp().get();
    }
    numbers
}
