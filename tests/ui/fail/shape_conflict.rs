use gate_runtime::cell;

cell! {
    pub struct Wrong {
        x_t: [I];
        h_t: [H];
        f   = sigmoid(x_t * W + h_{t-1} * U);
        h_t = f .* x_t;
    }
}

cell! {
    /// The size comes from afar.
    pub struct Chain {
        x_t: [I];
        h_t: [H];
        a   = x_t .* b;
        c   = tanh(a + d);
        h_t = c + h_{t-1};
    }
}

cell! {
    pub struct Turned {
        x_t: [8];
        W: [32, 8];
        h_t = tanh(x_t * W + b);
    }
}

fn main() {}
