use gate_runtime::cell;

cell! {
    pub struct Wrong {
        f   = sigmoid(x_t * W + g * U);
        g   = tanh(f * V);
        h_t = f .* g + h_{t-1};
    }
}

fn main() {}
