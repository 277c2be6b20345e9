//! Signs and words that mean something elsewhere.

use gate_runtime::cell;

cell! {
    pub struct Python {
        # the forget gate
        f   = sigmoid(x_t * W);
        i   = sigmoid(x_t @ V + h_{t-1} @ U);
        g   = np.tanh(x_t * R);
        o   = x_t.tanh();
        p   = x_t * W.T;
        q   = x_t if x_t > 0 else 0;
        h_t += f;
        h_t == f;
    }
}

cell! {
    pub struct Rust {
        let f = sigmoid(x_t * W);
        g   = if x_t > 0 { x_t } else { 0 };
        γ: f32 = 0.5;
        i   = x_t where x_t > 0;
        for t in 0..T { h_t = tanh(x_t * W); }
        return f .* g;
    }
}

cell! {
    pub struct Printed {
        f   = sigmoid(x_t * W + h_t-1 * U);
        h_t = tanh V x_t + f;
    }
}

// double_bar, once
cell! { pub struct Bars { h_t = tanh(W * h_{t-1} || x_t) + x_t / ||x_t||; } }

fn main() {}
