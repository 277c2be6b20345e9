//! Struct lines that are none of a cell.

use gate_runtime::cell;

cell! {
    pub enum Kind { h_t = x_t; }
}

cell! {
    pub struct Generic<T> { h_t = x_t; }
}

cell! {
    pub struct Signature where { h_t = x_t; }
}

cell! {
    pub struct NoBody
}

cell! {
    pub struct First { h_t = x_t; }
    pub struct Second { h_t = x_t; }
}

cell! {
    pub struct Twice(x_t, x_t) -> h_t { h_t = x_t; }
}

cell! {
    pub struct Inputs(x_t, f_t, u_t) -> h_t {
        f_t = tanh(x_t * W);
        h_t = f_t + v_t;
    }
}

cell! {
    pub struct State(x_t, h_{t-1}) -> h_t {
        h_t = tanh(x_t * W + h_{t-1} * U);
    }
}

cell! {
    #[fixed(A, x = 1, h = 2)]
    pub struct Reserved { h_t = tanh(x_t * W + h_{t-1} * U); }
}

fn main() {}
