//! The time index as a number.

use gate_runtime::cell;

cell! {
    pub struct Growing { h_t = tanh(t * x_t + h_{t-1}); }
}

fn main() {}
