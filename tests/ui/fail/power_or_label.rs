//! A 1 above a value: a power that does nothing, or a label.

use gate_runtime::cell;

cell! {
    pub struct One { h_t = x_t^1 .* tanh(x_t) + h_{t-1}; }
}

fn main() {}
