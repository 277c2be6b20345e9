//! One step of one row: nanoseconds, minima over repetitions. `cargo bench --bench steps`.

use std::time::{Duration, Instant};

use gate_runtime::Cell;
use gate_runtime::cells::*;
use ndarray::Array2;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// (input, hidden)
const SIZES: [(usize, usize); 6] = [(1, 16), (1, 32), (1, 40), (16, 16), (32, 32), (64, 64)];

fn main() {
    println!("stream(1).step, ns");
    print!("{:>10}", "(I, H)");
    for name in ["Lstm", "Peephole", "Gru", "Mgu", "Lstm f64"] {
        print!("{name:>10}");
    }
    println!();
    for sizes in SIZES {
        print!("{:>10}", format!("{sizes:?}"));
        let times = [
            stream::<Lstm<f32>>(sizes),
            stream::<PeepholeLstm<f32>>(sizes),
            stream::<Gru<f32>>(sizes),
            stream::<Mgu<f32>>(sizes),
            stream::<Lstm<f64>>(sizes),
        ];
        for time in times {
            print!("{time:>10.0}");
        }
        println!();
    }
}

/// Nanoseconds of a step of a stream.
fn stream<C: Cell>((input, hidden): (usize, usize)) -> f64 {
    let cell = C::with_sizes(&[input, hidden], &mut ChaCha8Rng::seed_from_u64(1)).expect("sizes");
    let mut stream = cell.stream(1);
    let x = Array2::<C::Scalar>::ones((1, input));
    let mut y = Array2::zeros((1, hidden));
    least(|| {
        stream
            .step(&[x.view()], &mut [y.view_mut()])
            .expect("a step");
    })
}

/// The least time of a call over many series of a thousand calls, in nanoseconds.
fn least(mut call: impl FnMut()) -> f64 {
    const CALLS: u32 = 1000;
    let (mut best, begin) = (f64::INFINITY, Instant::now());
    while begin.elapsed() < Duration::from_millis(150) {
        let start = Instant::now();
        (0..CALLS).for_each(|_| call());
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS));
    }
    best
}
