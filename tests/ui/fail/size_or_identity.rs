//! `I`, which a declaration names as a size.

use gate_runtime::cell;

cell! {
    pub struct Unclear { x_t: [I]; h_t = 2 * I * x_t + h_{t-1}; }
}

fn main() {}
