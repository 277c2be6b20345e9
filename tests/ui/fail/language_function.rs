//! A function of the language defined anew.

use gate_runtime::cell;

cell! {
    pub struct Linear { tanh(u) = u; h_t = tanh(x_t * W + h_{t-1} * U); }
}

fn main() {}
