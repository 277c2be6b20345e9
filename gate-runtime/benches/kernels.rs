//! Throughput of the kernels, with the share of the multiply-add peak measured in the same run.
//!
//! `cargo bench --bench kernels`; minima over repetitions, one thread.

use std::hint::black_box;
use std::time::Instant;

// The kernels are private to the crate: here they are a module again, with what they import.
#[allow(dead_code, unreachable_pub, unused_imports)]
#[path = "../src/info.rs"]
mod info;
#[allow(dead_code, unreachable_pub, unused_imports)]
#[path = "../src/kernels/mod.rs"]
mod kernels;

use kernels::{
    Base, Float, Isa, Map, Onto, Operand, Order, Packed, Part, Real, Rows, StageProduct, Target,
    TargetPart, Workspace,
};

/// LSTM's element-wise part: four pre-activations, and the cell state.
struct Lstm;

impl Map<5, 6> for Lstm {
    #[inline(always)]
    fn eval<V: Real>(x: [V; 5]) -> [V; 6] {
        let f = x[0].sigmoid();
        let i = x[1].sigmoid();
        let o = x[2].sigmoid();
        let g = x[3].tanh();
        let c = f * x[4] + i * g;
        [f, i, o, g, c, o * c.tanh()]
    }
}

/// What performance.md's figure of 1.37 ns measures: no additions, gates not stored.
struct LstmBare;

impl Map<5, 2> for LstmBare {
    #[inline(always)]
    fn eval<V: Real>(x: [V; 5]) -> [V; 2] {
        let c = x[0].sigmoid() * x[4] + x[1].sigmoid() * x[3].tanh();
        [c, x[2].sigmoid() * c.tanh()]
    }
}

macro_rules! function {
    ($name:ident, $method:ident) => {
        struct $name;
        impl Map<1, 1> for $name {
            #[inline(always)]
            fn eval<V: Real>(x: [V; 1]) -> [V; 1] {
                [x[0].$method()]
            }
        }
    };
}

function!(Sigmoid, sigmoid);
function!(Tanh, tanh);
function!(Exp, exp);
function!(ExpM1, exp_m1);
function!(Log, log);
function!(Softplus, softplus);
function!(Silu, silu);
function!(Gelu, gelu);
function!(Sin, sin);
function!(Cos, cos);
struct Power;
impl Map<2, 1> for Power {
    #[inline(always)]
    fn eval<V: Real>([x, y]: [V; 2]) -> [V; 1] {
        [x.abs().pow(y)]
    }
}

/// Seconds of one call: the least of samples of some milliseconds each.
fn seconds(mut call: impl FnMut()) -> f64 {
    call();
    let start = Instant::now();
    call();
    let once = start.elapsed().as_secs_f64().max(1e-9);
    let calls = (0.002 / once).ceil() as usize;
    let mut least = f64::INFINITY;
    for _ in 0..40 {
        let start = Instant::now();
        for _ in 0..calls {
            call();
        }
        least = least.min(start.elapsed().as_secs_f64() / calls as f64);
    }
    least
}

/// The place of the first element on a cache line's boundary.
fn aligned<A>(x: &[A]) -> usize {
    x.as_ptr().align_offset(64)
}

fn numbers<A: Float>(n: usize) -> Vec<A> {
    let mut state = 1u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        A::from_f64((state >> 40) as f64 / (1u64 << 24) as f64 - 0.5)
    };
    (0..n).map(|_| next()).collect()
}

/// A product whose operands stay in the first cache: as fast as the micro-kernel can be.
fn peak<A: Float>(isa: Isa) -> f64 {
    gemm::<A>(isa, 60, 64, 64)
}

fn gemm<A: Float>(isa: Isa, m: usize, k: usize, n: usize) -> f64 {
    let (left, weights) = (numbers::<A>(m * k), numbers::<A>(k * n));
    let mut packed = Packed::default();
    let part = Part {
        ptr: weights.as_ptr(),
        k_offset: 0,
        n_offset: 0,
        k_len: k,
        n_len: n,
        k_stride: n,
        n_stride: 1,
    };
    let order = Order::choose::<A>(isa, m, 1);
    // SAFETY: the part is `weights`.
    unsafe { packed.pack(order, k, n, &[part]) };
    let mut out = vec![A::ZERO; m * n];
    let time = seconds(|| {
        // SAFETY: sizes are those of the buffers.
        unsafe {
            let out = out.as_mut_ptr();
            let left = black_box(left.as_ptr());
            kernels::product(isa, m, left, k, &packed, out, n, Onto::Nothing);
        }
    });
    2e-9 * (m * k * n) as f64 / time
}

fn weight_gradient<A: Float>(isa: Isa, k: usize, rows: usize, n: usize) -> f64 {
    let (left, right) = (numbers::<A>(rows * k), numbers::<A>(rows * n));
    let mut out = vec![A::ZERO; k * n];
    let mut workspace = Workspace::default();
    let target = TargetPart {
        ptr: out.as_mut_ptr(),
        k_offset: 0,
        n_offset: 0,
        k_len: k,
        n_len: n,
        k_stride: n,
        n_stride: 1,
    };
    let time = seconds(|| {
        let left = Rows {
            ptr: black_box(left.as_ptr()),
            row: k,
        };
        let right = Rows {
            ptr: right.as_ptr(),
            row: n,
        };
        // SAFETY: sizes are those of the buffers.
        unsafe { kernels::gradient(isa, rows, left, right, &[target], 0..n, &mut workspace) };
    });
    2e-9 * (k * rows * n) as f64 / time
}

/// Nanoseconds to pack four h × k matrices, transposed, side by side.
fn packing<A: Float>(k: usize, h: usize, transposed: bool) -> f64 {
    let weights = numbers::<A>(4 * h * k);
    let parts: Vec<Part<A>> = (0..4)
        .map(|gate| Part {
            ptr: weights[gate * h * k..].as_ptr(),
            k_offset: 0,
            n_offset: gate * h,
            k_len: k,
            n_len: h,
            k_stride: if transposed { 1 } else { h },
            n_stride: if transposed { k } else { 1 },
        })
        .collect();
    let order = Order::choose::<A>(Isa::detect(), 32, 4);
    let mut packed = Packed::default();
    // SAFETY: the parts are `weights`'.
    1e9 * seconds(|| unsafe { packed.pack_groups(order, k, 4, h, black_box(&parts)) })
}

/// (seconds, GFLOP/s) of one step of an LSTM with hoisted input products.
fn lstm_step<A: Float>(isa: Isa, h: usize, rows: usize) -> (f64, f64) {
    let weights = numbers::<A>(4 * h * h);
    let mut packed = Packed::default();
    let part = Part {
        ptr: weights.as_ptr(),
        k_offset: 0,
        n_offset: 0,
        k_len: h,
        n_len: 4 * h,
        k_stride: 4 * h,
        n_stride: 1,
    };
    let order = Order::choose::<A>(isa, rows, 4);
    // SAFETY: the part is `weights`.
    unsafe { packed.pack_groups(order, h, 4, h, &[part]) };
    let (before, hoisted) = (numbers::<A>(rows * h), numbers::<A>(rows * 4 * h));
    let mut out = vec![A::ZERO; 6 * rows * h];
    let cell = numbers::<A>(rows * h);
    let time = seconds(|| {
        let bases = [0, 1, 2, 3].map(|gate| Base {
            ptr: hoisted[gate * h..].as_ptr(),
            row: 4 * h,
        });
        let product = StageProduct {
            left: before.as_ptr(),
            left_row: h,
            weights: &packed,
            bases: &bases,
        };
        let last = Operand {
            ptr: cell.as_ptr(),
            row: h,
            unit: 1,
        };
        let base = out.as_mut_ptr();
        let outputs: [Target<A>; 6] = std::array::from_fn(|o| Target {
            ptr: base.wrapping_add(o * rows * h),
            row: h,
        });
        // SAFETY: sizes are those of the buffers.
        unsafe {
            let products = black_box([product]);
            kernels::stage::<A, Lstm, 5, 6>(isa, rows, h, &products, &[last], &outputs);
        }
    });
    (time, 8e-9 * (h * h * rows) as f64 / time)
}

/// Nanoseconds per unit.
fn map_time<A: Float, M: Map<I, O>, const I: usize, const O: usize>(isa: Isa) -> f64 {
    const WIDTH: usize = 256;
    let (x, mut y) = (
        numbers::<A>((I + 1) * WIDTH),
        vec![A::ZERO; (O + 1) * WIDTH],
    );
    let x = &x[aligned(&x)..];
    let start = aligned(&y);
    let y = &mut y[start..];
    let time = seconds(|| {
        let inputs: [Operand<A>; I] = std::array::from_fn(|i| Operand {
            ptr: x[i * WIDTH..].as_ptr(),
            row: WIDTH,
            unit: 1,
        });
        let base = y.as_mut_ptr();
        let outputs: [Target<A>; O] = std::array::from_fn(|o| Target {
            ptr: base.wrapping_add(o * WIDTH),
            row: WIDTH,
        });
        // SAFETY: sizes are those of the buffers.
        unsafe { kernels::map::<A, M, I, O>(isa, 1, WIDTH, black_box(&inputs), &outputs) };
    });
    1e9 * time / WIDTH as f64
}

fn report<A: Float>(isa: Isa) {
    let peak = peak::<A>(isa);
    println!(
        "{isa:?} {}: {peak:.1} GFLOP/s from the first cache",
        A::NAME
    );
    report_products::<A>(isa, peak);
    for h in [64, 256, 1024] {
        let (near, far) = (packing::<A>(h, h, false), packing::<A>(h, h, true));
        println!(
            "  pack H={h}: {:.1} us, transposed {:.1} us",
            near / 1e3,
            far / 1e3
        );
    }
    println!(
        "  LSTM map {:.2} ns per unit",
        map_time::<A, Lstm, 5, 6>(isa)
    );
    println!(
        "  LSTM map, bare {:.2} ns per unit",
        map_time::<A, LstmBare, 5, 2>(isa)
    );
    print!("  ns: sigmoid {:.2}", map_time::<A, Sigmoid, 1, 1>(isa));
    print!(" tanh {:.2}", map_time::<A, Tanh, 1, 1>(isa));
    print!(" exp {:.2}", map_time::<A, Exp, 1, 1>(isa));
    print!(" exp_m1 {:.2}", map_time::<A, ExpM1, 1, 1>(isa));
    print!(" log {:.2}", map_time::<A, Log, 1, 1>(isa));
    print!(" softplus {:.2}", map_time::<A, Softplus, 1, 1>(isa));
    print!(" silu {:.2}", map_time::<A, Silu, 1, 1>(isa));
    print!(" gelu {:.2}", map_time::<A, Gelu, 1, 1>(isa));
    print!(" sin {:.2}", map_time::<A, Sin, 1, 1>(isa));
    print!(" cos {:.2}", map_time::<A, Cos, 1, 1>(isa));
    println!(" pow {:.2}", map_time::<A, Power, 2, 1>(isa));
}

fn report_products<A: Float>(isa: Isa, peak: f64) {
    let line = |what: String, rate: f64| {
        println!(
            "  {what:<28} {rate:7.1} GFLOP/s {:4.0} %",
            100.0 * rate / peak
        );
    };
    for (m, k, n) in [
        (1, 64, 256),
        (1, 256, 1024),
        (32, 64, 256),
        (64, 256, 1024),
        (64, 512, 2048),
        (32, 1024, 4096),
        (2048, 64, 256),
        (4096, 256, 1024),
        (31, 100, 300),
    ] {
        line(format!("{m} x {k} . {k} x {n}"), gemm::<A>(isa, m, k, n));
    }
    for (k, rows, n) in [
        (64, 2048, 256),
        (256, 4096, 1024),
        (1024, 800, 4096),
        (3, 2048, 256),
    ] {
        line(
            format!("dW {k} x {rows} . {rows} x {n}"),
            weight_gradient::<A>(isa, k, rows, n),
        );
    }
    for (h, rows) in [
        (32, 1),
        (64, 1),
        (128, 1),
        (256, 1),
        (64, 32),
        (256, 64),
        (1024, 32),
    ] {
        let (time, rate) = lstm_step::<A>(isa, h, rows);
        line(
            format!("LSTM step H={h} B={rows}: {:.2} us", 1e6 * time),
            rate,
        );
    }
}

fn main() {
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
        report::<f32>(isa);
        report::<f64>(isa);
    }
}
