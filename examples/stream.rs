//! One sample at a time: a filter written as a cell, fed from an endless signal.
//!
//! The cell smooths. How much it trusts a new sample depends on how surprising the last ones
//! were: it is calm in quiet stretches and quick at jumps.
//!
//! `cargo run --release --example stream`

// ρ resembles a Latin letter, and no attribute inside a macro can quiet rustc about it.
#![allow(confusable_idents, mixed_script_confusables)]

mod common;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use gate_runtime::{Cell, cell};
use ndarray::{Array2, ArrayView2};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

cell! {
    /// Adaptive exponential smoothing.
    #[derive(Clone, Debug)]
    pub struct Smoother(x_t) -> y_t {
        x_t: [I];
        λ: scalar ~ 0.4;                      // how fast the expected surprise follows
        ρ: scalar ~ 1.5;                      // the surprise at which a sample gets half the say
        e   = x_t - y_{t-1};                  // the surprise
        v_t = (1 - λ) * v_{t-1} + λ * e^2;    // its running mean square
        k   = v_t^2 / (v_t^2 + ρ^2);          // the gain
        y_t = y_{t-1} + k .* e;
    }
}

/// Samples of the signal, and the deviation of the noise on it.
const SAMPLES: usize = 200_000;
const NOISE: f32 = 0.5;
/// Samples that are printed: every 10th of the first so many.
const PRINTED: usize = 200;

/// Runs a filter that is written as a cell over a noisy signal, one sample at a time
#[derive(Parser)]
#[command(name = "stream")]
struct Options {}

fn main() -> ExitCode {
    let Options {} = Options::parse();
    common::main(run)
}

fn run(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let signal: Vec<f32> = (0..SAMPLES).map(level).collect();
    let samples: Vec<f32> = signal
        .iter()
        .map(|value| value + NOISE * rng.sample::<f32, _>(StandardNormal))
        .collect();

    let smoother = Smoother::<f32>::new(1, &mut rng)?;
    let mut stream = smoother.stream(1);
    let mut smoothed = Vec::with_capacity(SAMPLES);
    let mut y = Array2::<f32>::zeros((1, 1));
    let start = Instant::now();
    for sample in &samples {
        let x = ArrayView2::from_shape((1, 1), std::slice::from_ref(sample))?;
        stream.step(&[x], &mut [y.view_mut()])?;
        smoothed.push(y[[0, 0]]);
    }
    let nanoseconds = start.elapsed().as_nanos() / SAMPLES as u128;

    writeln!(
        out,
        "{:>5} {:>7} {:>7} {:>9}",
        "step", "signal", "sample", "smoothed"
    )?;
    for step in (0..PRINTED).step_by(10) {
        writeln!(
            out,
            "{step:5} {:7.2} {:7.2} {:9.2}",
            signal[step], samples[step], smoothed[step]
        )?;
    }
    writeln!(out, "\nroot mean square error over {SAMPLES} samples:")?;
    writeln!(
        out,
        "  samples  {:.3}\n  smoothed {:.3}",
        deviation(&samples, &signal),
        deviation(&smoothed, &signal)
    )?;
    writeln!(out, "\n{nanoseconds} ns per step, one sample at a time")?;
    Ok(())
}

/// A signal that jumps every 60 samples.
fn level(step: usize) -> f32 {
    [0.0, 3.0, 1.0, -2.0][step / 60 % 4]
}

/// Root mean square of the differences.
fn deviation(values: &[f32], truth: &[f32]) -> f32 {
    let sum: f32 = values
        .iter()
        .zip(truth)
        .map(|(value, truth)| (value - truth).powi(2))
        .sum();
    (sum / values.len() as f32).sqrt()
}
