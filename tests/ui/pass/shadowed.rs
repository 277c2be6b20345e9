#![forbid(unsafe_code)]
#![deny(warnings)]
#![allow(
    non_camel_case_types,
    non_upper_case_globals,
    dead_code,
    unused_imports
)]

mod inner {
    pub struct Result;
    pub struct Vec;
    pub struct Option;
    pub struct String;
    pub struct Box;
    pub struct Self_;
    pub struct f32;
    pub struct usize;
    pub enum Outcome {
        Some,
        None,
        Ok,
        Err,
    }
    pub use Outcome::*;
    pub const C: &str = "a constant named like a symbol";
    pub const x: u8 = 0;
    pub const h: u8 = 1;
    pub static b: u8 = 2;
    pub struct y;
    pub const rng: u8 = 3;
    pub const value: u8 = 4;
    pub const instance: u8 = 5;
    pub const inputs: u8 = 6;
    pub const state: u8 = 7;
    pub const fields: u8 = 8;
    pub const k: u8 = 9;
    pub const g: u8 = 10;

    gate_runtime::cell! {
        /// A cell among names that shadow the prelude's.
        pub struct Shadowed(x_t) -> (h_t, y_t) {
            g: hyper = 0.5;
            h_0 ~ trainable;
            C_t = sigmoid(x_t * R + b);
            h_t = tanh(x_t * W + g * h_{t-1} * U) .* C_t + (1 - C_t) .* h_{t-1};
            y_t = h_t + x_{t-1} * V + C_t .* h_t;
        }
    }
}

mod prelude {
    gate_runtime::cell! {
        /// Symbols named like variants that every module knows.
        #[fixed(Small, x = 2, none = 3)]
        pub struct Variants(x_t) -> (None_t, Ok_t) {
            None_t = sigmoid(x_t * Some + None_{t-1} * Err);
            Ok_t = None_t .* tanh(x_t * Vec);
        }
    }
}

mod ours {
    gate_runtime::cell! {
        /// Names of what emitted code defines for itself.
        #[fixed(M, x = 2, h = 3)]
        #[fixed(Prepare, x = 2, h = 3)]
        pub struct Step {
            h_t = tanh(W * x_t + (U - U^T) * h_{t-1});
        }
    }
}

fn main() {
    let _ = core::marker::PhantomData::<(
        inner::Shadowed<f64>,
        ours::Step<f32>,
        prelude::Variants<f32>,
    )>;
}
