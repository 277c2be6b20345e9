//! Numbers of parts and of steps, lengths, and where an exponent or a list ends.

use gate_runtime::cell;

cell! {
    pub struct Parts { h_t = chunk(x_t, 1.5)[0] + h_{t-1}; }
}

cell! {
    pub struct Delay { h_t = x_t + h_{t-1000000}; }
}

cell! {
    pub struct Length { h_t = x_t[0..H-2] + h_{t-1}; }
}

cell! {
    pub struct Exponent { h_t = 2^x_t + h_{t-1}; }
}

cell! {
    pub struct List { h_t, c_t = a, b, x_t; a = x_t; b = x_t + h_{t-1}; }
}

fn main() {}
