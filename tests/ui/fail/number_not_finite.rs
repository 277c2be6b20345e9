//! Numbers that are none.

use gate_runtime::cell;

cell! {
    pub struct Root { h_t = x_t + sqrt(-1) * h_{t-1}; }
}

cell! {
    pub struct Logarithm { h_t = x_t + (1 + log(0)) * h_{t-1}; }
}

cell! {
    pub struct Broken { h_t = x_t + (-8)^{1/3} * h_{t-1}; }
}

fn main() {}
