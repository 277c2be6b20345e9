//! The article's two cells, compared by doing: both are trained to tell nine speakers apart, and
//! what the article says about them (gates, memory, parameters, speed) is counted and measured.
//!
//! `cargo run --release --example article -- --help`

// σ resembles the `o` of `W_x_o`, and no attribute inside a macro can quiet rustc about it.
#![allow(confusable_idents, mixed_script_confusables)]

#[path = "../common/mod.rs"]
mod common;
mod data;
mod plot;
mod report;
mod train;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use gate_runtime::Cell;
use ndarray::{Array2, Axis};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::data::{Data, Set};
use crate::report::Column;
use crate::train::Trained;

/// The cells in Rust tokens.
mod tokens {
    use gate_runtime::cell;

    cell! {
        /// Long short-term memory.
        pub struct Lstm {
            f   = σ(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
            i   = σ(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
            g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
            o   = σ(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
            C_t = f .* C_{t-1} + i .* g;
            h_t = o .* tanh(C_t);
        }
    }

    cell! {
        /// Gated recurrent unit.
        pub struct Gru {
            r   = σ(x_t * W_x^(r) + h_{t-1} * W_h^(r) + b^(r));
            z   = σ(x_t * W_x^(z) + h_{t-1} * W_h^(z) + b^(z));
            h̃_t = tanh(x_t * W_x + (r .* h_{t-1}) * W_h + b);
            h_t = (1 - z) .* h_{t-1} + z .* h̃_t;
        }
    }
}

/// The same cells: an article's sections are their definitions.
mod text {
    use gate_runtime::cell_from_docs;

    #[cell_from_docs(section = "LSTM")]
    #[doc = include_str!("gated.md")]
    pub struct Lstm;

    #[cell_from_docs(section = "GRU")]
    #[doc = include_str!("gated.md")]
    pub struct Gru;
}

/// Trains the article's LSTM and GRU to tell nine speakers apart (Japanese Vowels), compares the
/// two in a table, and draws training curves and what every gate does.
#[derive(Parser)]
struct Options {
    /// Passes over the 270 training utterances
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..))]
    epochs: u32,
    /// Units of each cell
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=4096))]
    hidden: u32,
    /// Utterances per training step
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    batch: u32,
    /// Learning rate of Adam
    #[arg(long, default_value_t = 0.005, value_parser = not_negative, allow_negative_numbers = true)]
    learning_rate: f64,
    /// Standard deviation of the noise added to the standardised features while training
    #[arg(long, default_value_t = 0.5, value_parser = not_negative, allow_negative_numbers = true)]
    noise: f64,
    /// Seed of initial parameters, order of utterances and noise
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Threads, 0 for one per core; the results do not depend on it
    #[arg(long, default_value_t = 0)]
    threads: u32,
    /// Take the cells from the article's text (gated.md) instead of `cell!`: the same numbers
    #[arg(long)]
    from_text: bool,
    /// Folder for the pictures
    #[arg(long, default_value = "out")]
    out: PathBuf,
}

/// A finite number, zero or above.
fn not_negative(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(number) if (0.0..f64::INFINITY).contains(&number) => Ok(number),
        _ => Err("must be a number that is not negative".into()),
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    common::main(|out| run(&options, out))
}

fn run(options: &Options, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    gate_runtime::set_threads(options.threads as usize);
    let curves = prepare(&options.out)?;
    let data = Data::load()?;

    match options.from_text {
        false => compare::<tokens::Lstm, tokens::Gru>(&data, options, &curves, out),
        true => compare::<text::Lstm, text::Gru>(&data, options, &curves, out),
    }
}

/// Where the training curves will stand: a folder that cannot be written to is told before the
/// training.
fn prepare(out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let curves = out.join("training.svg");
    let opened = std::fs::create_dir_all(out).and_then(|()| {
        let mut file = std::fs::OpenOptions::new();
        file.append(true).create(true).open(&curves)
    });
    match opened {
        Ok(_) => Ok(curves),
        Err(e) => Err(format!("cannot write {}: {e}", curves.display()).into()),
    }
}

/// Trains both cells, prints the table, draws the pictures.
fn compare<L: Cell<Scalar = f32>, G: Cell<Scalar = f32>>(
    data: &Data,
    options: &Options,
    curves: &Path,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let lstm: Trained<L> = learn(data, options)?;
    let gru: Trained<G> = learn(data, options)?;

    let longest = data.test.longest();
    let utterance = data.test.batch(&[longest]);
    let (lstm_time, gru_time) = report::measure_pair(lstm.cell(), gru.cell(), &utterance.x)?;
    writeln!(out)?;
    let columns = [Column::new(&lstm, lstm_time), Column::new(&gru, gru_time)];
    report::print_table(&columns, out)?;
    writeln!(
        out,
        "\nTimes are minima over repetitions, for one utterance of {} steps.",
        utterance.x.dim().0
    )?;

    let histories = [
        (L::INFO.name, &lstm.history[..]),
        (G::INFO.name, &gru.history[..]),
    ];
    plot::training_curves(curves, &histories)?;
    let lstm_gates = draw_gates(lstm.cell(), &data.test, longest, &options.out)?;
    let gru_gates = draw_gates(gru.cell(), &data.test, longest, &options.out)?;
    writeln!(out)?;
    for picture in [curves, &lstm_gates, &gru_gates] {
        writeln!(out, "{}", picture.display())?;
    }
    Ok(())
}

/// Both cells start from the same seed and see the same batches and the same noise.
fn learn<C: Cell<Scalar = f32>>(
    data: &Data,
    options: &Options,
) -> Result<Trained<C>, Box<dyn Error>> {
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let cell = C::with_sizes(&[data.train.features(), options.hidden as usize], &mut rng)?;
    // A stream of its own: a cell with fewer parameters has drawn fewer numbers.
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    rng.set_stream(1);
    train::train(cell, data, options, &mut rng)
}

/// Draws every gate of a cell over the steps of one utterance; gives the picture's path.
fn draw_gates<C: Cell<Scalar = f32>>(
    cell: &C,
    set: &Set,
    utterance: usize,
    out: &Path,
) -> Result<PathBuf, Box<dyn Error>> {
    let batch = set.batch(&[utterance]);
    let mut tape = gate_runtime::Tape::new();
    cell.record(&batch.x, &mut tape)?;
    let mut gates: Vec<(String, Array2<f32>)> = Vec::new();
    for gate in C::INFO.gates() {
        let ident = C::INFO.symbols[gate.symbol].ident;
        let values = tape.get(cell, ident)?.index_axis_move(Axis(1), 0);
        gates.push((report::gate_name(ident), values));
    }
    let path = out.join(format!("{}_gates.svg", C::INFO.name.to_lowercase()));
    let title = format!(
        "Gates of the {} while speaker {} talks",
        C::INFO.name,
        batch.labels[0] + 1
    );
    plot::gate_maps(&path, &title, &gates)?;
    Ok(path)
}
