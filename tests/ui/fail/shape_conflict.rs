use gate_runtime::cell;

cell! {
    pub struct Wrong {
        x_t: [I];
        h_t: [H];
        f   = sigmoid(x_t * W + h_{t-1} * U);
        h_t = f .* x_t;
    }
}

fn main() {}
