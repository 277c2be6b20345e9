//! What people type who know another library.

use gate_runtime::cell;

cell! {
    struct New {
        h_new = tanh(x_t * W + h * U + b);
    }
}

cell! {
    struct LastStep {
        h_t = tanh(x_t * W + h_{t-1} * U);
        y_t = h_T * V;
    }
}

cell! {
    struct LastElement {
        h_t = tanh(x_t * W + h_{t-1} * U);
        y_t = h_t[-1];
    }
}

cell! {
    struct Threshold {
        V_t = β * V_{t-1} + x_t - S_{t-1} * V_th;
        S_t = where(V_t > V_th, 1, 0);
    }
}

cell! {
    struct Weights {
        h_t = tanh(x_t * W_h) .* sigmoid(x_t * W_t + h_{t-1} * T);
    }
}

cell! {
    struct Glued {
        h = tanh(xt * W + b);
    }
}

fn main() {}
