//! A cell that no library has, and its gradient checked before your eyes.
//!
//! The cell remembers at two paces. Its candidate uses an activation function of its own, one gate
//! looks at how much the input changed, one at how surprising the memory is, and the slow memory
//! follows the quick one with a learnt rate. Nobody derived its gradient: the compiler did, and
//! central differences agree.
//!
//! `cargo run --release --example new_cell`

// σ resembles the `o` of `W_x_o`, and no attribute inside a macro can quiet rustc about it.
#![allow(confusable_idents, mixed_script_confusables)]

mod common;

use std::error::Error;
use std::io::{self, Write};
use std::ops::Range;
use std::process::ExitCode;

use clap::Parser;
use gate_runtime::{Cell, CellGrads, RoleInfo, Seeds, Tape, cell, elements};
use ndarray::Array3;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

cell! {
    /// A quick memory `Q`, and a slow memory `S` that follows it.
    #[derive(Clone, Debug)]
    pub struct TwoPace(x_t) -> h_t {
        ψ(u) = u .* σ(1.702 * u);
        ρ: scalar ~ 0.3;
        b^(e) ~ -1;
        d   = x_t - x_{t-1};
        e   = σ(d * W_d^(e) + p^(e) .* S_{t-1} + b^(e));
        i   = σ(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
        g   = ψ(x_t * W_x^(g) + (i .* h_{t-1}) * W_h^(g) + b^(g));
        Q_t = (1 - i) .* Q_{t-1} + i .* g;
        S_t = S_{t-1} + ρ * e .* (Q_t - S_{t-1});
        s   = norm(Q_t - S_t) / (1 + norm(S_t));
        o   = σ(x_t * W_x^(o) + h_{t-2} * W_h^(o) + s * u^(o) + b^(o));
        h_t = o .* tanh(Q_t + S_t);
    }
}

const INPUT: usize = 3;
const HIDDEN: usize = 5;
const STEPS: usize = 9;
const BATCH: usize = 2;

/// Distance of the central differences.
const STEP: f64 = 1e-5;
/// Largest deviation, as a share of the largest gradient of the same symbol.
const TOLERANCE: f64 = 1e-7;

/// Defines a cell that no library has, and checks its gradient against central differences
#[derive(Parser)]
#[command(name = "new_cell")]
struct Options {}

fn main() -> ExitCode {
    let Options {} = Options::parse();
    common::main(run)
}

fn run(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut cell = TwoPace::<f64>::new(INPUT, HIDDEN, &mut rng)?;
    let mut normal = |shape| Array3::from_shape_simple_fn(shape, || rng.sample(StandardNormal));
    let mut x: Array3<f64> = normal((STEPS, BATCH, INPUT));
    let weights: Array3<f64> = normal((STEPS, BATCH, HIDDEN));

    writeln!(out, "The backward pass, as derived:\n")?;
    for equation in TwoPace::<f64>::INFO.backward {
        writeln!(out, "    {}", equation.printed)?;
    }

    let mut tape = Tape::new();
    let mut grads = cell.zero_grads();
    cell.record(&x, &mut tape)?;
    cell.backward(&mut tape, Seeds::from(&weights), &mut grads)?;

    writeln!(
        out,
        "\nd loss / d symbol, at the element where the two differ most:\n"
    )?;
    writeln!(
        out,
        "{:8} {:>8} {:>16} {:>16} {:>10}",
        "symbol", "elements", "analytic", "numeric", "deviation"
    )?;
    let mut worst: f64 = 0.0;
    for (name, range) in parameters(&cell) {
        let mut numeric = Vec::new();
        for k in range.clone() {
            let value = cell.params()[k];
            numeric.push(central_difference(|shift| {
                cell.params_mut()[k] = value + shift;
                loss(&cell, &x, &weights)
            })?);
            cell.params_mut()[k] = value;
        }
        worst = worst.max(compare(out, name, &grads.params()[range], &numeric)?);
    }
    let mut numeric = Vec::new();
    for index in ndarray::indices(x.dim()) {
        let value = x[index];
        numeric.push(central_difference(|shift| {
            x[index] = value + shift;
            loss(&cell, &x, &weights)
        })?);
        x[index] = value;
    }
    let analytic: Vec<f64> = grads.input(0).iter().copied().collect();
    worst = worst.max(compare(out, "x_t", &analytic, &numeric)?);

    writeln!(
        out,
        "\nlargest deviation {worst:.1e}, allowed {TOLERANCE:.0e}"
    )?;
    if worst > TOLERANCE {
        Err("the gradient is wrong".into())
    } else {
        Ok(())
    }
}

/// The sum of all outputs, weighted.
fn loss(
    cell: &TwoPace<f64>,
    x: &Array3<f64>,
    weights: &Array3<f64>,
) -> Result<f64, Box<dyn Error>> {
    Ok((cell.forward(x)?.output() * weights).sum())
}

/// The derivative of `f` at zero.
fn central_difference(
    mut f: impl FnMut(f64) -> Result<f64, Box<dyn Error>>,
) -> Result<f64, Box<dyn Error>> {
    Ok((f(STEP)? - f(-STEP)?) / (2.0 * STEP))
}

/// Each parameter as printed, and where it stands in the flat buffer.
fn parameters(cell: &TwoPace<f64>) -> Vec<(&'static str, Range<usize>)> {
    let mut start = 0;
    let mut ranges = Vec::new();
    for symbol in TwoPace::<f64>::INFO.symbols {
        if let RoleInfo::Parameter(_) = symbol.role {
            let end = start + elements(symbol.shape, cell.sizes());
            ranges.push((symbol.printed, start..end));
            start = end;
        }
    }
    ranges
}

/// Prints the element with the largest deviation; gives that as a share of the largest gradient.
fn compare(out: &mut dyn Write, name: &str, analytic: &[f64], numeric: &[f64]) -> io::Result<f64> {
    let largest = numeric.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    let (a, n) = analytic
        .iter()
        .zip(numeric)
        .max_by(|(a, n), (b, m)| (*a - *n).abs().total_cmp(&(*b - *m).abs()))
        .expect("a symbol has elements");
    let deviation = (a - n).abs() / largest;
    writeln!(
        out,
        "{name:8} {:8} {a:16.10} {n:16.10} {deviation:10.1e}",
        analytic.len()
    )?;
    Ok(deviation)
}
