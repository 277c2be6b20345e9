//! The elementary functions against nearly exact values: every `f32`, and many `f64`.
//!
//! `cargo bench -p gate-runtime --bench accuracy` takes half an hour; `-- Tanh Exp` checks those
//! functions alone, `-- 4` four threads. Ends with an error if a function of `f32` is more than
//! four numbers away from the correctly rounded value, or one of `f64` more than 1e-14 (relative).

use std::f64::consts::FRAC_PI_2;
use std::sync::atomic::{AtomicU32, Ordering};

// The kernels are private to the crate: here they are a module again, with what they import.
#[allow(dead_code, unreachable_pub, unused_imports)]
#[path = "../src/info.rs"]
mod info;
#[allow(dead_code, unreachable_pub, unused_imports)]
#[path = "../src/kernels/mod.rs"]
mod kernels;
#[allow(clippy::duplicate_mod)]
#[path = "../src/kernels/tests/accuracy.rs"]
mod shared;

use shared::{Function, Visitor, apply, every, relative, sets, units};

fn main() -> std::process::ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let mut run = Run {
        names: wanted
            .iter()
            .filter(|w| !w.starts_with('-') && w.parse::<usize>().is_err())
            .cloned()
            .collect(),
        threads: wanted.iter().find_map(|w| w.parse().ok()).unwrap_or(1),
        holds: true,
    };
    println!("function: most numbers between f32 and the correctly rounded value, over all; most");
    println!("relative error of f64; on each instruction set");
    every(&mut run);
    std::process::ExitCode::from(u8::from(!run.holds))
}

struct Run {
    names: Vec<String>,
    threads: usize,
    holds: bool,
}

impl Visitor for Run {
    fn visit<F: Function>(&mut self) {
        if !self.names.is_empty() && !self.names.iter().any(|n| n == F::NAME) {
            return;
        }
        let single = self.single::<F>();
        let double = double::<F>();
        print!("{}:", F::NAME);
        let mut holds = true;
        for ((isa, single), double) in sets().zip(&single).zip(&double) {
            let (most, at) = (single.0, f32::from_bits(single.1));
            print!(
                "  {isa:?} {most} (at {at:e}), {:.1e} (at {:e})",
                double.0, double.1
            );
            holds &= most <= F::UNITS && double.0 <= 1e-14;
        }
        println!("{}", if holds { "" } else { "  TOO MUCH" });
        self.holds &= holds;
    }
}

impl Run {
    /// For each set the most numbers in between, and where, over all `f32`.
    fn single<F: Function>(&self) -> Vec<(u32, u32)> {
        /// Numbers at a time.
        const PIECE: u32 = 1 << 16;
        let next = AtomicU32::new(0);
        let worker = || {
            let mut most = vec![(0, 0); sets().count()];
            loop {
                let piece = next.fetch_add(1, Ordering::Relaxed);
                if piece > u32::MAX / PIECE {
                    return most;
                }
                let x: Vec<f32> = (0..PIECE)
                    .map(|i| f32::from_bits(piece * PIECE + i))
                    .collect();
                let exact: Vec<f64> = x.iter().map(|&x| F::exact(f64::from(x))).collect();
                for (isa, most) in sets().zip(&mut most) {
                    let y = apply::<f32, F>(isa, &x);
                    for ((&x, &y), &exact) in x.iter().zip(&y).zip(&exact) {
                        let units = units::<F>(x, y, exact);
                        if units > most.0 {
                            *most = (units, x.to_bits());
                        }
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..self.threads).map(|_| scope.spawn(worker)).collect();
            let all = all.into_iter().map(|t| t.join().expect("a worker"));
            all.reduce(|a, b| a.into_iter().zip(b).map(|(a, b)| a.max(b)).collect())
                .expect("a thread")
        })
    }
}

/// For each set the largest relative error, and where, over many `f64`: of all magnitudes, dense
/// where functions bend, next to zeros of sine and cosine, and edges. Subnormal results are right to
/// some units of the smallest.
fn double<F: Function>() -> Vec<(f64, f64)> {
    let mut state = 1_u64;
    let mut random = || {
        // xorshift64* (Vigna 2016).
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    };
    let mut most = vec![(0.0_f64, 0.0); sets().count()];
    for piece in 0..320 {
        let mut x = Vec::new();
        for _ in 0..1 << 16 {
            let bits = random();
            let unit = (bits >> 11) as f64 / (1_u64 << 53) as f64;
            x.push(match piece % 5 {
                0 => f64::from_bits(bits),
                1 => 2.0 * unit - 1.0,
                2 => 40.0 * unit - 20.0,
                3 => (6e5 * unit - 3e5).round() * FRAC_PI_2,
                _ => 1600.0 * unit - 800.0,
            });
        }
        x.extend([
            0.0,
            -0.0,
            f64::MIN_POSITIVE,
            5e-324,
            f64::MAX,
            f64::MIN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
        ]);
        for (isa, most) in sets().zip(&mut most) {
            let y = apply::<f64, F>(isa, &x);
            for (&x, &y) in x.iter().zip(&y) {
                let error = relative::<F>(x, y);
                if error > most.0 {
                    *most = (error, x);
                }
            }
        }
    }
    most
}
