//! A cell of fixed sizes with its weights in the program: `core` is all it needs.
//!
//! `cargo check -p gate-no-std` compiles it without the runtime's feature `std`; `--target` for a
//! board's processor.

#![no_std]
#![forbid(unsafe_code)]
#![deny(warnings)]

use gate_runtime::cell;

cell! {
    /// A minimal gated unit with a readout.
    #[fixed(TinyMgu, x = 1, h = 3)]
    pub struct Mgu(x_t) -> (h_t, y_t) {
        f   = sigmoid(W_f * [x_t, h_{t-1}] + b_f);
        n   = tanh(W_n * [x_t, f .* h_{t-1}] + b_n);
        h_t = (1 - f) .* h_{t-1} + f .* n;
        y_t = sqrt(square(h_t) + g) + 0.1 * sin(h_t) .* softmax(h_t);
    }
}

/// The weights, as `{:?}` of `TinyMguParams` prints them where the cell was trained.
pub const PARAMS: TinyMguParams = TinyMguParams {
    W_f: [
        [0.5, 0.1, -0.2, 0.3],
        [-0.4, 0.2, 0.1, 0.0],
        [0.3, -0.1, 0.4, 0.2],
    ],
    b_f: [1.0, 1.0, 1.0],
    W_n: [
        [0.8, 0.3, -0.1, 0.2],
        [0.6, -0.2, 0.5, 0.1],
        [-0.7, 0.4, 0.0, -0.3],
    ],
    b_n: [0.0, 0.1, -0.1],
    g: [1.0, 1.0, 1.0],
};

/// Packed while compiling.
pub static MODEL: TinyMgu = TinyMgu::new(&PARAMS);

/// One sample.
pub fn step(x: f32, state: &mut TinyMguState) -> [f32; 3] {
    let (_, y) = MODEL.step(&[x], state);
    y
}
