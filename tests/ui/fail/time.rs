//! Time indices, loops over time, constants.

use gate_runtime::cell;

cell! {
    pub struct Two { h_t = x_{t-1}(t); }
}

cell! {
    pub struct Letter { h_t = x_t + h_{n-1}; }
}

cell! {
    pub struct Over { for t in 1..=3 { h_t = x_t; } }
}

cell! {
    pub struct Long {
        for k in 1..=900 { a_k = x_t; b_k = x_t; c_k = x_t; d_k = x_t; g_k = x_t; }
        h_t = x_t;
    }
}

cell! {
    pub struct Constants { g = 0.1; }
}

cell! {
    pub struct Infinite { g = 1 / 0; h_t = g x_t; }
}

cell! {
    pub struct NoInput { h_t = x * W + h_{t-1} * U + b; }
}

fn main() {}
