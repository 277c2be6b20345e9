//! Powers of powers without brackets.

use gate_runtime::{cell, cell_from_docs};

cell! {
    pub struct Number { h_t = 2^3^2 * x_t + h_{t-1}; }
}

cell! {
    pub struct Value { h_t = x_t^2^3 + h_{t-1}; }
}

/// ```math
/// h_t = x_t^{2}^{3} + h_{t-1}
/// ```
#[cell_from_docs]
pub struct Text;

fn main() {}
