use gate_runtime::cell;

cell! {
    pub struct Grammar {
        f   = sigmoid(x_t * W + );
        g   = tanh(x_t * V);
        h_t = = f .* g;
    }
}

cell! {
    pub struct Meaning {
        x_t: [I]; h_t: [H];
        g   = tanh(x_t * V);
        g   = tanh(h_{t-1} * U);
        f   = sigmod(x_t * W, 1);
        h_t = f .* x_t;
    }
}

fn main() {}
