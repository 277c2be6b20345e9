use gate_runtime::cell;

cell! {
    pub struct Wrong {
        h_t = tanh(x_t * W + h_{t-s} * U);
    }
}

fn main() {}
