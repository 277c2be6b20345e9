//! Arguments of the user's own functions.

use gate_runtime::cell;

cell! {
    pub struct Twice { f(u, u) = u + 1; h_t = f(x_t, h_{t-1}); }
}

cell! {
    pub struct Earlier { f(u) = u + u_{t-1}; h_t = f(x_t); }
}

cell! {
    pub struct Hidden { f(x) = x + x_t; h_t = f(h_{t-1}); }
}

fn main() {}
