use gate_runtime::cell;

cell! {
    pub struct Wrong {
        f   = sigmoid(x_t * W);
        f_t = tanh(h_{t-1} * U);
        h_t = f .* h_{t-1};
    }
}

fn main() {}
