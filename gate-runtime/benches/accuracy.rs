//! The elementary functions against nearly exact values: every `f32`, and many `f64`.
//!
//! `cargo bench -p gate-runtime --bench accuracy` takes some minutes; `-- tanh exp` checks those
//! functions alone, `-- 4` four threads. Ends with an error if a function of `f32` is more than
//! four numbers away from the correctly rounded value, or one of `f64` more than 1e-14 (relative).

use std::sync::atomic::{AtomicU32, Ordering};

// The kernels are private to the crate: here they are a module again, with what they import.
#[allow(dead_code, unreachable_pub, unused_imports)]
#[path = "../src/info.rs"]
mod info;
#[allow(dead_code, unreachable_pub, unused_imports)]
#[path = "../src/kernels/mod.rs"]
mod kernels;

use kernels::{Float, Isa, Map, Operand, Real, Target, map};

macro_rules! function {
    ($name:ident, $x:ident => $y:expr) => {
        struct $name;
        impl Map<1, 1> for $name {
            #[inline(always)]
            fn eval<V: Real>([$x]: [V; 1]) -> [V; 1] {
                [$y]
            }
        }
    };
}

function!(Sigmoid, x => x.sigmoid());
function!(Tanh, x => x.tanh());
function!(Exp, x => x.exp());
function!(ExpM1, x => x.exp_m1());
function!(Log, x => x.log());
function!(Softplus, x => x.softplus());
function!(Erf, x => x.erf());
function!(Sin, x => x.sin());
function!(Cos, x => x.cos());
function!(Sqrt, x => x.sqrt());
function!(Recip, x => x.recip());
function!(Square, x => x.square());
// As the compiler puts them together.
function!(Silu, x => x * x.sigmoid());
function!(LogSigmoid, x => -(-x).softplus());
function!(Elu, x => x.relu() + x.min(V::num(0.0)).exp_m1());
function!(Softsign, x => x / (V::num(1.0) + x.abs()));

/// Every function with its value in `f64`, right to some units in the last place.
fn main() -> std::process::ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let run = Run {
        names: wanted
            .iter()
            .filter(|w| !w.starts_with('-') && w.parse::<usize>().is_err())
            .cloned()
            .collect(),
        threads: wanted.iter().find_map(|w| w.parse().ok()).unwrap_or(1),
    };
    println!("function: most numbers between f32 and the correctly rounded value, over all; most");
    println!("relative error of f64; on each instruction set");
    let all = [
        run.check::<Sigmoid>("sigmoid", sigmoid),
        run.check::<Tanh>("tanh", f64::tanh),
        run.check::<Exp>("exp", f64::exp),
        run.check::<ExpM1>("exp_m1", f64::exp_m1),
        run.check::<Log>("log", f64::ln),
        run.check::<Softplus>("softplus", softplus),
        run.check::<Erf>("erf", libm::erf),
        run.check::<Sin>("sin", f64::sin),
        run.check::<Cos>("cos", f64::cos),
        run.check::<Sqrt>("sqrt", f64::sqrt),
        run.check::<Recip>("recip", f64::recip),
        run.check::<Square>("square", |x| x * x),
        run.check::<Silu>("silu", |x| x * sigmoid(x)),
        run.check::<LogSigmoid>("log_sigmoid", |x| -softplus(-x)),
        run.check::<Elu>("elu", |x| if x > 0.0 { x } else { x.exp_m1() }),
        run.check::<Softsign>("softsign", |x| x / (1.0 + x.abs())),
    ];
    std::process::ExitCode::from(u8::from(all.contains(&false)))
}

fn sigmoid(x: f64) -> f64 {
    if x < 0.0 {
        x.exp() / (1.0 + x.exp())
    } else {
        1.0 / (1.0 + (-x).exp())
    }
}

fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn sets() -> Vec<Isa> {
    let sets = Isa::ALL.into_iter();
    sets.filter(|isa| isa.is_supported()).collect()
}

struct Run {
    names: Vec<String>,
    threads: usize,
}

impl Run {
    /// Whether the function keeps to its limits; says its figures.
    fn check<M: Map<1, 1>>(&self, name: &str, exact: fn(f64) -> f64) -> bool {
        if !self.names.is_empty() && !self.names.iter().any(|n| n == name) {
            return true;
        }
        let single = self.single::<M>(exact);
        let double = double::<M>(exact);
        print!("{name}:");
        let mut holds = true;
        for ((isa, single), double) in sets().iter().zip(&single).zip(&double) {
            let (most, at) = (single.0, f32::from_bits(single.1));
            print!(
                "  {isa:?} {most} (at {at:e}), {:.1e} (at {:e})",
                double.0, double.1
            );
            holds &= most <= 4 && double.0 <= 1e-14;
        }
        println!("{}", if holds { "" } else { "  TOO MUCH" });
        holds
    }

    /// For each set the most numbers in between, and where, over all `f32`.
    fn single<M: Map<1, 1>>(&self, exact: fn(f64) -> f64) -> Vec<(u32, u32)> {
        /// Numbers at a time.
        const PIECE: u32 = 1 << 16;
        let next = AtomicU32::new(0);
        let worker = || {
            let mut most = vec![(0, 0); sets().len()];
            loop {
                let piece = next.fetch_add(1, Ordering::Relaxed);
                if piece > u32::MAX / PIECE {
                    return most;
                }
                let x: Vec<f32> = (0..PIECE)
                    .map(|i| f32::from_bits(piece * PIECE + i))
                    .collect();
                let nearest: Vec<f32> = x.iter().map(|&x| exact(f64::from(x)) as f32).collect();
                for (isa, most) in sets().into_iter().zip(&mut most) {
                    let y = apply::<f32, M>(isa, &x);
                    for ((&x, &y), &nearest) in x.iter().zip(&y).zip(&nearest) {
                        let between = between(y, nearest);
                        if between > most.0 {
                            *most = (between, x.to_bits());
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

/// How many `f32` from one to the other; all NaN are one number.
fn between(a: f32, b: f32) -> u32 {
    if a.is_nan() || b.is_nan() {
        return if a.is_nan() && b.is_nan() {
            0
        } else {
            u32::MAX
        };
    }
    let place = |v: f32| {
        let size = (v.to_bits() & 0x7fff_ffff) as i64;
        if v.is_sign_negative() { -size } else { size }
    };
    place(a).abs_diff(place(b)) as u32
}

/// For each set the largest relative error, and where, over many `f64`: of all magnitudes, dense
/// where functions bend, and edges. Subnormal results are right to some units of the smallest.
fn double<M: Map<1, 1>>(exact: fn(f64) -> f64) -> Vec<(f64, f64)> {
    let mut state = 1_u64;
    let mut random = || {
        // xorshift64* (Vigna 2016).
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    };
    let mut most = vec![(0.0_f64, 0.0); sets().len()];
    for piece in 0..256 {
        let mut x = Vec::new();
        for _ in 0..1 << 16 {
            let bits = random();
            let unit = (bits >> 11) as f64 / (1_u64 << 53) as f64;
            x.push(match piece % 4 {
                0 => f64::from_bits(bits),
                1 => 2.0 * unit - 1.0,
                2 => 40.0 * unit - 20.0,
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
        for (isa, most) in sets().into_iter().zip(&mut most) {
            let y = apply::<f64, M>(isa, &x);
            for (&x, &y) in x.iter().zip(&y) {
                let exact = exact(x);
                let same = y == exact || y.is_nan() && exact.is_nan();
                if same || (y - exact).abs() <= 2e-323 {
                    continue;
                }
                let error = (y - exact).abs() / exact.abs();
                if error > most.0 || error.is_nan() {
                    *most = (if error.is_nan() { f64::INFINITY } else { error }, x);
                }
            }
        }
    }
    most
}

/// All of a map over a slice.
fn apply<A: Float, M: Map<1, 1>>(isa: Isa, x: &[A]) -> Vec<A> {
    let mut y = vec![A::ZERO; x.len()];
    let input = Operand {
        ptr: x.as_ptr(),
        row: x.len(),
        unit: 1,
    };
    let output = Target {
        ptr: y.as_mut_ptr(),
        row: x.len(),
    };
    // SAFETY: both have one row of `x.len()` elements; `sets` gives what the processor has.
    unsafe { map::<A, M, 1, 1>(isa, 1, x.len(), &[input], &[output]) };
    y
}
