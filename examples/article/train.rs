//! Training: the cell reads an utterance, a linear layer reads the hidden state after its last
//! step, softmax cross-entropy is the loss.

use std::error::Error;

use gate_runtime::train::{Adam, Classifier, Optimiser, Pooling, Workspace, clip_groups};
use gate_runtime::{Cell, Sequence};
use indicatif::{ProgressBar, ProgressStyle};
use rand::Rng;
use rand::seq::SliceRandom;
use rand_distr::{Distribution, Normal};

use crate::Options;
use crate::data::{Batch, CLASSES, Data, Set};

/// Gradients are scaled down to this norm (Pascanu, Mikolov, Bengio 2013).
const CLIP: f64 = 1.0;

/// A cell that has learnt, and how.
pub struct Trained<C: Cell> {
    model: Classifier<C>,
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
    let model = Classifier::new(cell, Pooling::Last, CLASSES, rng)?;
    let mut workspace = model.workspace();
    let mut adam = Adam::new(options.learning_rate);
    let mut trained = Trained {
        model,
        history: Vec::new(),
        seconds: 0.0,
    };
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
            loss += step(&mut trained.model, &batch, &mut workspace, &mut adam)? / batches as f64;
            bar.inc(1);
        }
        let test_accuracy = trained.accuracy(&data.test)?;
        bar.set_message(format!(
            "loss {loss:.3}, test {:.1} %",
            100.0 * test_accuracy
        ));
        trained.history.push(Epoch {
            loss,
            test_accuracy,
        });
    }
    trained.seconds = start.elapsed().as_secs_f64();
    bar.finish();
    Ok(trained)
}

impl<C: Cell<Scalar = f32>> Trained<C> {
    /// The cell.
    pub fn cell(&self) -> &C {
        &self.model.layer
    }

    /// Share of the utterances of `set` whose speaker is found.
    pub fn accuracy(&self, set: &Set) -> Result<f64, Box<dyn Error>> {
        let batch = set.batch(&(0..set.len()).collect::<Vec<_>>());
        let sequence = Sequence::new(batch.x.view()).lengths(&batch.lengths);
        let scores = self.model.logits(sequence)?;
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

/// One step of Adam on one batch; gives the batch's loss.
fn step<C: Cell<Scalar = f32>>(
    model: &mut Classifier<C>,
    batch: &Batch,
    workspace: &mut Workspace<C>,
    adam: &mut Adam<f32>,
) -> Result<f64, Box<dyn Error>> {
    let sequence = Sequence::new(batch.x.view()).lengths(&batch.lengths);
    let score = model.gradients(sequence, &batch.labels, workspace)?;
    let mut groups = model.groups(workspace)?;
    clip_groups(&mut groups, CLIP)?;
    adam.step(&mut groups)?;
    Ok(f64::from(score.loss))
}

fn progress_bar(name: &str, steps: u64) -> Result<ProgressBar, Box<dyn Error>> {
    let style = ProgressStyle::with_template("{prefix:5} {bar:40} {pos}/{len} {elapsed} {msg}")?;
    Ok(ProgressBar::new(steps)
        .with_style(style)
        .with_prefix(name.to_owned()))
}
