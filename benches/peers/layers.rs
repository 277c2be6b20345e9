//! This crate's side of `layers.py`: LSTMs in two layers, in both directions, in two layers of both,
//! and one over rows of different lengths.
//!
//! `cargo bench --bench layers -- KIND I H B T THREADS COUNT`: a line of JSON with what the two sides
//! compare, the mean square of the output and the sum of the input's gradient's squares, and the
//! shortest times of a forward pass and of both passes, in µs.

mod lstm;

use std::time::Instant;

use gate_runtime::cells::Lstm;
use gate_runtime::train::{Bidirectional, Layer, Stacked};
use gate_runtime::{Error, Sequence};
use ndarray::Array3;

use lstm::{lstm, number};

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().collect();
    let numbers: Vec<usize> = arguments.iter().filter_map(|a| a.parse().ok()).collect();
    let (Some(kind), [features, units, rows, steps, threads, count]) =
        (arguments.get(1), &numbers[..])
    else {
        println!("Run by benches/peers/layers.py: KIND I H B T THREADS COUNT");
        return Ok(());
    };
    gate_runtime::set_threads(*threads);
    let cell = |features: usize, index: usize| lstm(features, *units, index);
    let both = |features: usize, index: usize| -> Result<Bidirectional<Lstm<f32>>, Error> {
        Bidirectional::from_layers(cell(features, index)?, cell(features, index + 1)?)
    };
    let x = Array3::from_shape_fn((*steps, *rows, *features), |(t, b, j)| {
        10.0 * number(t, b, j)
    });
    let lengths: Vec<usize> = (0..*rows)
        .map(|row| steps / 4 + row * 37 % (3 * steps / 4) + 1)
        .collect();
    let whole = Sequence::new(x.view());
    let wide = 2 * units;
    match kind.as_str() {
        "layers" => {
            let stack = vec![cell(*features, 0)?, cell(*units, 1)?];
            measure(&Stacked::from_layers(stack)?, &whole, *count)
        }
        "directions" => measure(&both(*features, 0)?, &whole, *count),
        "both" => {
            let stack = vec![both(*features, 0)?, both(wide, 2)?];
            measure(&Stacked::from_layers(stack)?, &whole, *count)
        }
        _ => measure(&cell(*features, 0)?, &whole.lengths(&lengths), *count),
    }
}

fn measure<L: Layer<Scalar = f32>>(
    layer: &L,
    sequence: &Sequence<'_, f32>,
    count: usize,
) -> Result<(), Error> {
    let (mut tape, mut grads) = (L::Tape::default(), layer.new_grads());
    layer.infer_on(sequence.clone(), None, &mut tape)?;
    let gradient = Array3::ones(L::traced(&tape).dim());
    let [mut forward, mut both] = [f64::INFINITY; 2];
    for _ in 0..count {
        let start = Instant::now();
        layer.infer_on(sequence.clone(), None, &mut tape)?;
        forward = forward.min(start.elapsed().as_secs_f64() * 1e6);
        let start = Instant::now();
        L::clear(&mut grads);
        layer.trace(sequence.clone(), None, &mut tape)?;
        layer.pull_back(&mut tape, gradient.view(), true, &mut grads)?;
        both = both.min(start.elapsed().as_secs_f64() * 1e6);
    }
    let square = |v: &f32| f64::from(*v).powi(2);
    let output: f64 = L::traced(&tape).iter().map(square).sum();
    let input: f64 = L::input_gradient(&grads).iter().map(square).sum();
    println!("{{\"check\": [{output}, {input}], \"forward\": {forward}, \"both\": {both}}}");
    Ok(())
}
