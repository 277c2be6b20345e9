//! What is computed for nothing, or cannot be trained, is a warning; denied here to be seen.

#![deny(deprecated)]

use gate_runtime::cell;

cell! {
    /// `g` is never used, nor is `γ`, nor `act`; `b` stands in a comparison alone.
    pub struct Idle {
        γ = 0.5;
        act(u) = tanh(2 * u);
        f   = sigmoid(x_t * W_f + h_{t-1} * U_f);
        g   = tanh(x_t * W_g);
        m   = where(x_t * V > b, f, 1 - f);
        h_t = m .* h_{t-1} + sign(a) .* tanh(x_t * W_h);
    }
}

cell! {
    /// The last equation is not the end of the step.
    pub struct Order {
        h_t = (1 - z) .* h_{t-1} + z .* tanh(x_t * W);
        z   = sigmoid(x_t * V);
    }
}

cell! {
    /// Meant so.
    #[allow(deprecated)]
    pub struct Meant {
        g   = tanh(x_t * W);
        h_t = tanh(x_t * V + h_{t-1} * U);
    }
}

fn main() {}
