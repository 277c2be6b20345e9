#![deny(warnings)]

extern crate gate_runtime as renamed;

renamed::cell! {
    /// A cell of a crate that knows the runtime under another name.
    pub struct Renamed {
        h_t = tanh(x_t * W + h_{t-1} * U + b);
    }
}

mod gate_runtime {}

fn main() {
    let _ = std::marker::PhantomData::<Renamed>;
}
