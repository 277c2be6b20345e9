use gate_runtime::cell;

cell! {
    pub struct Wrong {
        h_t = tanh(A * B * h_{t-1} * C);
    }
}

fn main() {}
