use gate_runtime::cell;

cell! {
    pub struct Wrong {
        h_t = tahn(x_t * W + h_{t-1} * U, b);
    }
}

fn main() {}
