//! Whole sequences through whole cells: microseconds and GFLOP/s, minima over repetitions.
//!
//! `cargo bench --bench cells`; `-- 1` for one thread, `-- 2` for two.

use std::time::{Duration, Instant};

use gate_runtime::cells::*;
use gate_runtime::{Cell, CellGrads, Seeds, Tape, set_threads};
use ndarray::Array3;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// (input, hidden, batch, steps)
const SHAPES: [(usize, usize, usize, usize); 9] = [
    (16, 32, 1, 256),
    (64, 64, 1, 256),
    (128, 128, 1, 256),
    (256, 256, 1, 128),
    (64, 64, 32, 64),
    (128, 128, 32, 64),
    (256, 256, 64, 64),
    (512, 512, 64, 50),
    (1024, 1024, 32, 25),
];

fn main() {
    let threads = std::env::args().find_map(|a| a.parse().ok()).unwrap_or(1);
    set_threads(threads);
    println!("{threads} thread(s); forward and forward+backward, µs (GFLOP/s)");
    for shape in SHAPES {
        let lstm = time::<Lstm>(shape);
        let peephole = time::<PeepholeLstm>(shape);
        let gru = time::<Gru>(shape);
        let mgu = time::<Mgu>(shape);
        println!("{shape:?}\n  Lstm {lstm}\n  PeepholeLstm {peephole}\n  Gru {gru}\n  Mgu {mgu}");
    }
}

/// Both passes of one cell on one shape, in words.
fn time<C: Cell<Scalar = f32>>(
    (input, hidden, batch, steps): (usize, usize, usize, usize),
) -> String {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let cell = C::with_sizes(&[input, hidden], &mut rng).expect("sizes");
    let x = Array3::from_shape_fn((steps, batch, input), |_| rng.random::<f32>() - 0.5);
    let dy = Array3::from_shape_fn((steps, batch, hidden), |_| rng.random::<f32>() - 0.5);
    let (mut tape, mut grads) = (Tape::new(), cell.zero_grads());
    let flops = 2.0 * C::INFO.cost(cell.sizes()).multiply_adds as f64 * (batch * steps) as f64;
    let forward = least(|| cell.record(&x, &mut tape).expect("a forward pass"));
    let both = least(|| {
        cell.record(&x, &mut tape).expect("a forward pass");
        grads.zero();
        cell.backward(&mut tape, Seeds::from(&dy), &mut grads)
            .expect("a backward pass");
    });
    let rate =
        |time: f64, factor: f64| format!("{:.0} ({:.1})", time * 1e6, factor * flops / time / 1e9);
    format!("{} / {}", rate(forward, 1.0), rate(both, 3.0))
}

/// The least time of many repetitions, in seconds.
fn least(mut run: impl FnMut()) -> f64 {
    run();
    let (mut best, begin) = (f64::INFINITY, Instant::now());
    while begin.elapsed() < Duration::from_millis(400) {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
    }
    best
}
