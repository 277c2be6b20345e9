use gate_runtime::cell;

cell! {
    pub struct Wrong {
        f   = sigmoid(x_t * W + g * U);
        g   = tanh(f * V);
        h_t = f .* g + h_{t-1};
    }
}

cell! {
    pub struct State {
        z   = sigmoid(x_t * W + h_t * U);
        h_t = (1 - z) .* h_{t-1} + z .* tanh(x_t * V);
    }
}

cell! {
    pub struct Itself {
        h_t = tanh(x_t * W + h_t * U);
    }
}

fn main() {}
