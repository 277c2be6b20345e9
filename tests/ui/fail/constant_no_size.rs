//! A constant that is no size.

use gate_runtime::cell;

cell! {
    pub struct Broken { N = 1.5; x_t: [N]; h_t = x_t * W + h_{t-1}; }
}

fn main() {}
