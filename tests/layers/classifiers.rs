//! Classifiers: gradients are differences, whatever is pooled, masked, weighted and dropped.

use gate_runtime::cells::{Gru, RecurrentDropoutLstm};
use gate_runtime::train::{
    Bidirectional, Classifier, Layer, Pooling, SoftmaxLoss, Stacked, Workspace,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Batch, H, I, cell, close, on_threads, rng, stacked};

const CLASSES: usize = 3;

struct Task {
    batch: Batch,
    labels: Vec<usize>,
    mask: Vec<bool>,
    row_weights: Vec<f64>,
    class_weights: [f64; CLASSES],
    smoothing: f64,
}

impl Task {
    fn new<L: Layer<Scalar = f64>>(layer: &L, rng: &mut ChaCha8Rng) -> Self {
        let batch = Batch::new(layer, rng);
        let rows = batch.x.dim().1;
        let mut mask: Vec<bool> = (0..rows).map(|_| rng.random_bool(0.7)).collect();
        mask[rng.random_range(0..rows)] = true;
        Task {
            batch,
            labels: (0..rows).map(|_| rng.random_range(0..CLASSES)).collect(),
            mask,
            row_weights: (0..rows).map(|_| rng.random_range(0.1..2.0)).collect(),
            class_weights: [0.5, 1.0, 2.0],
            smoothing: 0.1,
        }
    }

    fn loss<L: Layer<Scalar = f64>>(&self, model: &Classifier<L>, space: &mut Workspace<L>) -> f64 {
        let loss = SoftmaxLoss::new()
            .mask(&self.mask)
            .row_weights(&self.row_weights);
        let loss = loss
            .class_weights(&self.class_weights)
            .label_smoothing(self.smoothing);
        let sequence = self.batch.sequence(self.batch.x.view());
        space.clear();
        let score = model.accumulate_by(&loss, sequence, &self.labels, space);
        score.expect("a step").loss
    }
}

fn gradients<L: Layer<Scalar = f64>>(model: &Classifier<L>, space: &mut Workspace<L>) -> Vec<f64> {
    let mut model = model.clone();
    let groups = model.groups(space).expect("its own workspace");
    groups.iter().flat_map(|g| g.grads.to_vec()).collect()
}

fn shifted<L: Layer<Scalar = f64>>(model: &Classifier<L>, at: usize, by: f64) -> Classifier<L> {
    let (mut model, mut at) = (model.clone(), at);
    let mut space = model.workspace();
    for group in model.groups(&mut space).expect("its own workspace") {
        if let Some(param) = group.params.get_mut(at) {
            *param += by;
            break;
        }
        at -= group.params.len();
    }
    model
}

fn classifier<L: Layer<Scalar = f64>>(layer: L, pooling: Pooling) {
    const STEP: f64 = 1e-5;
    let rng = &mut rng(11);
    let model = Classifier::new(layer, pooling, CLASSES, rng).expect("a model");
    let mut space = model.workspace();
    for _ in 0..12 {
        let task = Task::new(&model.layer, rng);
        let loss = task.loss(&model, &mut space);
        let expected = gradients(&model, &mut space);
        let (fresh, padded) = (&mut model.workspace(), task.batch.padded(f64::NAN, 0.0));
        let padded = Task {
            batch: padded,
            mask: task.mask.clone(),
            labels: task.labels.clone(),
            row_weights: task.row_weights.clone(),
            ..task
        };
        for threads in [3, 1] {
            let found = on_threads(threads, || padded.loss(&model, fresh));
            assert_eq!(found, loss, "NaN behind the ends");
            assert_eq!(gradients(&model, fresh), expected);
        }
        for _ in 0..10 {
            let at = rng.random_range(0..expected.len());
            let [above, below] =
                [STEP, -STEP].map(|by| padded.loss(&shifted(&model, at, by), fresh));
            let numeric = (above - below) / (2.0 * STEP);
            assert!(
                (numeric - expected[at]).abs() < 1e-7 * (1.0 + numeric.abs()),
                "{pooling:?}, parameter {at}: {} and {numeric}",
                expected[at]
            );
        }
        // The scores are those of training without it.
        let without = Batch {
            training: None,
            ..padded.batch.clone()
        };
        let logits = model
            .logits(without.sequence(without.x.view()))
            .expect("scores");
        for row in 0..logits.nrows() {
            let alone = without.row(row);
            let own = model.logits(&alone.x).expect("scores");
            close(logits.row(row), &own);
        }
    }
}

#[test]
fn classifiers() {
    for pooling in [Pooling::Last, Pooling::Mean] {
        classifier(cell::<Gru<f64>>(1), pooling);
        classifier(
            stacked::<RecurrentDropoutLstm<f64>>(2).with_dropout(0.3),
            pooling,
        );
    }
    let layers =
        || Stacked::<Bidirectional<Gru<f64>>>::new(&[I, H], 2, &mut rng(4)).expect("sizes");
    for pooling in [Pooling::Last, Pooling::Mean, Pooling::Ends] {
        classifier(layers().with_dropout(0.3), pooling);
    }
}
