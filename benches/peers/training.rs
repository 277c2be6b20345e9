//! This crate's side of `training.py`: whole steps of training an LSTM with a linear head at every
//! step, softmax cross-entropy, clipping and Adam.
//!
//! `cargo bench --bench training -- H B T CLASSES THREADS STEPS`: a line of JSON with the loss of the
//! first step and the shortest time of a step, in µs.

mod lstm;

use std::time::Instant;

use gate_runtime::cells::Lstm;
use gate_runtime::train::{Adam, Group, Linear, LinearGrads, Optimiser, SoftmaxLoss, clip_groups};
use gate_runtime::{Cell, CellGrads, Error, Tape};
use ndarray::{Array2, Array3};
use rand::SeedableRng;

use lstm::{lstm, number};

struct Training {
    cell: Lstm<f32>,
    head: Linear<f32>,
    x: Array3<f32>,
    labels: Vec<usize>,
    tape: Tape<Lstm<f32>>,
    grads: <Lstm<f32> as Cell>::Grads,
    head_grads: LinearGrads<f32>,
    logits: Array3<f32>,
    dlogits: Array3<f32>,
    dsteps: Array3<f32>,
    adam: Adam<f32>,
}

impl Training {
    fn new(units: usize, rows: usize, steps: usize, classes: usize) -> Result<Self, Error> {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let cell = lstm(units, units, 0)?;
        let mut head = Linear::new(units, classes, &mut rng)?;
        let weight = Array2::from_shape_fn((classes, units), |(i, j)| number(12, i, j));
        head.weight_mut().assign(&weight);
        head.bias_mut().fill(0.0);
        let none = || Array3::zeros((0, 0, 0));
        Ok(Training {
            grads: cell.zero_grads(),
            head_grads: head.zero_grads(),
            x: Array3::from_shape_fn((steps, rows, units), |(t, b, j)| 10.0 * number(t, b, j)),
            labels: (0..steps * rows).map(|k| k * 31 % classes).collect(),
            tape: Tape::new(),
            logits: none(),
            dlogits: none(),
            dsteps: none(),
            adam: Adam::new(1e-3),
            cell,
            head,
        })
    }

    /// One step; gives the loss before it.
    fn step(&mut self) -> Result<f32, Error> {
        self.grads.zero();
        self.head_grads.zero();
        self.cell.record(&self.x, &mut self.tape)?;
        let outputs = self.tape.output(0);
        self.head.forward_into(outputs, &mut self.logits)?;
        let logits = self.logits.view();
        let (loss, _) = SoftmaxLoss::new().of_into(logits, &self.labels, &mut self.dlogits)?;
        let (dlogits, grads) = (self.dlogits.view(), &mut self.head_grads);
        self.head
            .backward_into(outputs, dlogits, grads, &mut self.dsteps)?;
        self.cell
            .backward(&mut self.tape, &self.dsteps, &mut self.grads)?;
        let mut groups = [
            Group::new("cell", self.cell.params_mut(), self.grads.params_mut()),
            Group::new("head", self.head.params_mut(), self.head_grads.params_mut()),
        ];
        clip_groups(&mut groups, 1.0)?;
        self.adam.step(&mut groups)?;
        Ok(loss)
    }
}

fn main() -> Result<(), Error> {
    let numbers: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let [units, rows, steps, classes, threads, count] = numbers[..] else {
        println!("Run by benches/peers/training.py: H B T CLASSES THREADS STEPS");
        return Ok(());
    };
    gate_runtime::set_threads(threads);
    let mut training = Training::new(units, rows, steps, classes)?;
    let loss = training.step()?;
    let mut least = f64::INFINITY;
    for _ in 0..count {
        let start = Instant::now();
        training.step()?;
        least = least.min(start.elapsed().as_secs_f64() * 1e6);
    }
    println!("{{\"loss\": {loss}, \"us\": {least}}}");
    Ok(())
}
