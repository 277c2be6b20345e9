use gate_runtime::cell;

cell! {
    pub struct Wrong(x_t) -> (h_t, x_t) {
        h_t = tanh(x_t * W + h_{t-1} * U);
    }
}

fn main() {}
