use gate_runtime::cell;

cell! {
    pub struct Wrong {
        h_t = tanh(x_t * W_x_f + h_{t-1} * W_x^(f));
    }
}

fn main() {}
