//! One step of one row, in nanoseconds: a stream of the dynamic type, and the type of fixed
//! sizes, on every instruction set of the processor. Minima over many series, the two in turn.
//! `cargo bench --bench steps`.

#![allow(confusable_idents, mixed_script_confusables)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use gate_runtime::{Cell, Float, Isa, cell, set_isa};
use ndarray::Array2;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

cell! {
    /// Long short-term memory.
    #[fixed(Lstm1x16, x = 1, h = 16)]
    #[fixed(Lstm1x32, x = 1, h = 32)]
    #[fixed(Lstm1x40, x = 1, h = 40)]
    #[fixed(Lstm16x16, x = 16, h = 16)]
    #[fixed(Lstm16x32, x = 16, h = 32)]
    #[fixed(Lstm32x32, x = 32, h = 32)]
    #[fixed(Lstm64x64, x = 64, h = 64)]
    #[fixed(Lstm3x17, x = 3, h = 17)]
    pub struct Lstm {
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
        i   = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
        g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
        o   = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
        C_t = f .* C_{t-1} + i .* g;
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// Gated recurrent unit, column convention, reset before the product.
    #[fixed(Gru1x16, x = 1, h = 16)]
    #[fixed(Gru1x32, x = 1, h = 32)]
    #[fixed(Gru1x40, x = 1, h = 40)]
    #[fixed(Gru16x16, x = 16, h = 16)]
    #[fixed(Gru16x32, x = 16, h = 32)]
    #[fixed(Gru32x32, x = 32, h = 32)]
    #[fixed(Gru64x64, x = 64, h = 64)]
    #[fixed(Gru3x17, x = 3, h = 17)]
    pub struct Gru {
        r   = sigmoid(W_r * x_t + U_r * h_{t-1} + b_r);
        z   = sigmoid(W_z * x_t + U_z * h_{t-1} + b_z);
        n   = tanh(W_n * x_t + U_n * (r .* h_{t-1}) + b_n);
        h_t = (1 - z) .* n + z .* h_{t-1};
    }
}

/// A line of the table.
macro_rules! line {
    ($cell:ident<$type:ident>, $fixed:ident, $input:literal, $hidden:literal) => {{
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let dynamic = $cell::<$type>::new($input, $hidden, &mut rng).expect("sizes");
        let tiny = Box::new($fixed::<$type>::try_from(&dynamic).expect("the sizes"));
        let mut state = tiny.zero_state();
        let x = black_box([1.0; $input]);
        let mut stepper = stepper(&dynamic);
        let (stream, fixed) = least(&mut stepper, || {
            black_box(tiny.step(black_box(&x), &mut state));
        });
        let name = stringify!($cell<$type>);
        println!(
            "| {name} | {} | {} | {stream:.0} | {fixed:.0} |",
            $input, $hidden
        );
    }};
}

macro_rules! lines {
    ($cell:ident<$type:ident>: $($fixed:ident $input:literal $hidden:literal),*) => {
        $(line!($cell<$type>, $fixed, $input, $hidden);)*
    };
}

fn main() {
    for isa in Isa::ALL.into_iter().filter(|isa| set_isa(Some(*isa))) {
        println!("\n{isa:?}: ns per step | I | H | stream | fixed");
        println!("|---|---|---|---|---|");
        table();
    }
}

fn table() {
    lines!(Lstm<f32>: Lstm1x16 1 16, Lstm1x32 1 32, Lstm1x40 1 40, Lstm16x16 16 16, Lstm16x32 16 32, Lstm32x32 32 32, Lstm64x64 64 64, Lstm3x17 3 17);
    lines!(Gru<f32>: Gru1x16 1 16, Gru1x32 1 32, Gru1x40 1 40, Gru16x16 16 16, Gru16x32 16 32, Gru32x32 32 32, Gru64x64 64 64, Gru3x17 3 17);
    lines!(Lstm<f64>: Lstm1x16 1 16, Lstm1x32 1 32, Lstm32x32 32 32);
}

/// A step of a stream.
fn stepper<C: Cell>(cell: &C) -> impl FnMut() {
    let mut stream = cell.stream(1);
    let x = Array2::from_elem((1, cell.input_width(0)), C::Scalar::ONE);
    let mut y = Array2::zeros((1, cell.output_width(0)));
    move || {
        stream
            .step(&[x.view()], &mut [y.view_mut()])
            .expect("a step");
    }
}

/// The least times of two calls, in turn, over many series of calls, in nanoseconds.
fn least(mut a: impl FnMut(), mut b: impl FnMut()) -> (f64, f64) {
    let (mut best, begin) = ((f64::INFINITY, f64::INFINITY), Instant::now());
    while begin.elapsed() < Duration::from_millis(300) {
        best.0 = best.0.min(series(&mut a));
        best.1 = best.1.min(series(&mut b));
    }
    best
}

fn series(call: &mut impl FnMut()) -> f64 {
    const CALLS: u32 = 500;
    let start = Instant::now();
    (0..CALLS).for_each(|_| call());
    start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
}
