#![forbid(unsafe_code)]
#![deny(warnings)]
#![allow(non_camel_case_types, dead_code)]

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

    gate_runtime::cell! {
        /// A cell among names that shadow the prelude's.
        pub struct Shadowed(x_t) -> (h_t, y_t) {
            γ: hyper = 0.5;
            h_0 ~ trainable;
            h_t = tanh(x_t * W + γ * h_{t-1} * U + b);
            y_t = h_t + x_{t-1} * V;
        }
    }
}

fn main() {
    let _ = core::marker::PhantomData::<inner::Shadowed<f64>>;
}
