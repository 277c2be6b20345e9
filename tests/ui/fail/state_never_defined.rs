use gate_runtime::cell;

cell! {
    pub struct Wrong(x_t) -> h_t {
        C_t = tanh(x_t * W + c_{t-1} * U);
        h_t = tanh(C_t);
    }
}

fn main() {}
