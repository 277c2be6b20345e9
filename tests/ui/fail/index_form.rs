//! What is no time index, though the letter of time stands in it.

use gate_runtime::cell;

cell! {
    pub struct Sign { h_t = tanh(x_t * W + h_{t--1} * U); }
}

cell! {
    pub struct Sum { h_t = tanh(x_t * W + h_{t-1+0} * U); }
}

fn main() {}
