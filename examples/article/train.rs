//! Training: the cell reads an utterance, a linear layer reads the hidden state after its last
//! step, softmax cross-entropy is the loss.

use std::error::Error;

use gate_runtime::train::{Adam, Linear, LinearGrads, clip_norm, softmax_cross_entropy};
use gate_runtime::{Cell, CellGrads, Seeds, Sequence, Tape};
use indicatif::{ProgressBar, ProgressStyle};
use ndarray::{Array2, Array3, ArrayView3};
use rand::Rng;
use rand::seq::SliceRandom;
use rand_distr::{Distribution, Normal};

use crate::Options;
use crate::data::{Batch, CLASSES, Data, Set};

/// Gradients are scaled down to this norm (Pascanu, Mikolov, Bengio 2013).
const CLIP: f32 = 1.0;

/// A cell that has learnt, and how.
pub struct Trained<C: Cell> {
    pub cell: C,
    head: Linear<f32>,
    pub history: Vec<Epoch>,
    pub seconds: f64,
}

/// What one pass over the training set came to.
pub struct Epoch {
    /// Mean loss of the batches.
    pub loss: f64,
    /// Share of test utterances whose speaker is found.
    pub test_accuracy: f64,
}

/// Trains `cell` and a new linear layer on `data.train`; shows progress.
pub fn train<C: Cell<Scalar = f32>>(
    cell: C,
    data: &Data,
    options: &Options,
    rng: &mut impl Rng,
) -> Result<Trained<C>, Box<dyn Error>> {
    let start = std::time::Instant::now();
    let head = Linear::new(cell.output_width(0), CLASSES, rng);
    let mut model = Trained {
        cell,
        head,
        history: Vec::new(),
        seconds: 0.0,
    };
    let mut trainer = Trainer::new(&model, options);
    let noise = Normal::new(0.0, options.noise as f32)?;
    let mut order: Vec<usize> = (0..data.train.len()).collect();
    let batches = order.len().div_ceil(options.batch as usize);
    let bar = progress_bar(C::INFO.name, u64::from(options.epochs) * batches as u64)?;

    for _ in 0..options.epochs {
        order.shuffle(rng);
        let mut loss = 0.0;
        for indices in order.chunks(options.batch as usize) {
            let mut batch = data.train.batch(indices);
            batch.x.mapv_inplace(|value| value + noise.sample(rng));
            loss += trainer.step(&mut model, &batch)? / batches as f64;
            bar.inc(1);
        }
        let test_accuracy = model.accuracy(&data.test)?;
        bar.set_message(format!(
            "loss {loss:.3}, test {:.1} %",
            100.0 * test_accuracy
        ));
        model.history.push(Epoch {
            loss,
            test_accuracy,
        });
    }
    model.seconds = start.elapsed().as_secs_f64();
    bar.finish();
    Ok(model)
}

impl<C: Cell<Scalar = f32>> Trained<C> {
    /// Share of the utterances of `set` whose speaker is found.
    pub fn accuracy(&self, set: &Set) -> Result<f64, Box<dyn Error>> {
        let batch = set.batch(&(0..set.len()).collect::<Vec<_>>());
        let run = self
            .cell
            .forward(Sequence::new(batch.x.view()).lengths(&batch.lengths))?;
        let scores = self
            .head
            .forward(last_steps(run.output().view(), &batch.lengths).view());
        let right = scores
            .rows()
            .into_iter()
            .zip(&batch.labels)
            .filter(|(row, label)| {
                let best = (0..CLASSES).max_by(|&a, &b| row[a].total_cmp(&row[b]));
                best == Some(**label)
            });
        Ok(right.count() as f64 / set.len() as f64)
    }

    /// Test accuracy at the end.
    pub fn test_accuracy(&self) -> f64 {
        self.history.last().map_or(0.0, |epoch| epoch.test_accuracy)
    }
}

/// What training needs from step to step.
struct Trainer<C: Cell> {
    tape: Tape<C>,
    cell_grads: C::Grads,
    head_grads: LinearGrads<f32>,
    cell_adam: Adam<f32>,
    head_adam: Adam<f32>,
}

impl<C: Cell<Scalar = f32>> Trainer<C> {
    fn new(model: &Trained<C>, options: &Options) -> Self {
        Trainer {
            tape: Tape::new(),
            cell_grads: model.cell.zero_grads(),
            head_grads: model.head.zero_grads(),
            cell_adam: Adam::new(model.cell.params().len(), options.learning_rate),
            head_adam: Adam::new(model.head.params().len(), options.learning_rate),
        }
    }

    /// One step of Adam on one batch; gives the batch's loss.
    fn step(&mut self, model: &mut Trained<C>, batch: &Batch) -> Result<f64, Box<dyn Error>> {
        self.cell_grads.zero();
        self.head_grads.zero();
        let sequence = Sequence::new(batch.x.view()).lengths(&batch.lengths);
        model.cell.record(sequence, &mut self.tape)?;

        let outputs = self.tape.output(0);
        let last = last_steps(outputs, &batch.lengths);
        let scores = model.head.forward(last.view());
        let (loss, scores_grad) = softmax_cross_entropy(scores.view(), &batch.labels)?;
        let last_grad = model
            .head
            .backward(last.view(), scores_grad.view(), &mut self.head_grads);
        let outputs_grad = spread_last_steps(&last_grad, &batch.lengths, outputs.dim());

        let seeds = Seeds::outputs(&[outputs_grad.view()]).without_inputs();
        model
            .cell
            .backward(&mut self.tape, seeds, &mut self.cell_grads)?;
        clip_norm(
            &mut [self.cell_grads.params_mut(), self.head_grads.params_mut()],
            CLIP,
        );
        self.cell_adam
            .step(model.cell.params_mut(), self.cell_grads.params());
        self.head_adam
            .step(model.head.params_mut(), self.head_grads.params());
        Ok(f64::from(loss))
    }
}

/// `[utterance, unit]` of `[step, utterance, unit]`: each utterance's last step.
fn last_steps(outputs: ArrayView3<f32>, lengths: &[usize]) -> Array2<f32> {
    let (_, rows, width) = outputs.dim();
    Array2::from_shape_fn((rows, width), |(row, unit)| {
        outputs[[lengths[row] - 1, row, unit]]
    })
}

/// The reverse of [`last_steps`]: zero everywhere else.
fn spread_last_steps(
    last: &Array2<f32>,
    lengths: &[usize],
    shape: (usize, usize, usize),
) -> Array3<f32> {
    let mut outputs = Array3::zeros(shape);
    for ((row, unit), &value) in last.indexed_iter() {
        outputs[[lengths[row] - 1, row, unit]] = value;
    }
    outputs
}

fn progress_bar(name: &str, steps: u64) -> Result<ProgressBar, Box<dyn Error>> {
    let style = ProgressStyle::with_template("{prefix:5} {bar:40} {pos}/{len} {elapsed} {msg}")?;
    Ok(ProgressBar::new(steps)
        .with_style(style)
        .with_prefix(name.to_owned()))
}
