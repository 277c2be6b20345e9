#![forbid(unsafe_code)]
#![deny(warnings)]

use gate_runtime::cell;

cell! {
    /// A cell in a crate that allows nothing.
    #[derive(Clone, Debug)]
    pub struct Strict {
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
        h̃_t = tanh(x_t * W_x + (f .* h_{t-1}) * W_h + b);
        h_t = (1 - f) .* h_{t-1} + f .* h̃_t;
    }
}

fn main() {}
