use gate_runtime::cell;

cell! {
    pub struct Wrong {
        h_t = tanh(x_{t+1} * W + h_{t-1} * U);
    }
}

fn main() {}
