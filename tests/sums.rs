//! Sums of products and other values in shapes that the planner has to tell apart, against what all
//! cells have to satisfy.

#![allow(confusable_idents, mixed_script_confusables)]

mod proof;

use gate_runtime::cell;
use proof::prove;

cell! {
    /// Two products of one input, and one bias.
    pub struct TwoProducts(x_t) -> h_t {
        h_t = tanh(x_t * W + x_t * V + h_{t-1} * U + b);
    }
}

cell! {
    /// A bias that two gates share.
    pub struct SharedBias(x_t) -> h_t {
        z   = sigmoid(x_t * W^(z) + h_{t-1} * U^(z) + b);
        n   = tanh(x_t * W^(n) + h_{t-1} * U^(n) + b);
        h_t = z .* n + (1 - z) .* h_{t-1};
    }
}

cell! {
    /// One gate with a bias, one without, one with the input's product and the state alone.
    pub struct SomeBiases(x_t) -> h_t {
        z   = sigmoid(x_t * W^(z) + h_{t-1} * U^(z) + b);
        n   = tanh(x_t * W^(n) + h_{t-1} * U^(n));
        m   = tanh(x_t * W^(m) + h_{t-1});
        h_t = z .* n + (1 - z) .* m;
    }
}

cell! {
    /// A product that is read again, and an inner sum that is.
    pub struct ReadAgain(x_t) -> h_t {
        p   = x_t * W;
        s   = p + h_{t-1} * U + b;
        h_t = tanh(s) + 0.1 * p + 0.1 * sin(s);
    }
}

cell! {
    /// More terms and factors than are joined from left to right.
    pub struct Long(x_t) -> h_t {
        u   = x_t * W;
        v   = h_{t-1} * U + b;
        g   = cos(0.1 * u);
        h_t = tanh(u + v
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
            - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v) - 0.01 * u + 0.01 * tanh(v)
        ) + ( v
            .* g .* g .* g .* g .* g .* g .* g .* g
            .* g .* g .* g .* g .* g .* g .* g .* g
            .* g .* g .* g .* g .* g .* g .* g .* g
            .* g .* g .* g .* g .* g .* g .* g .* g
            .* g .* g .* g .* g .* g .* g .* g .* g
            .* g .* g .* g .* g .* g .* g .* g .* g
            .* g .* g .* g .* g .* g .* g .* g .* g
            .* g .* g .* g .* g .* g .* g .* g .* g
            .* g .* g .* g .* g .* g .* g .* g .* g
            .* g .* g .* g .* g .* g .* g .* g .* g
            .* g .* g .* g .* g .* g .* g .* g .* g
            .* g .* g .* g .* g .* g .* g .* g .* g
            .* g .* g .* g .* g .* g .* g .* g .* g
            .* g .* g .* g .* g .* g .* g .* g .* g
        );
    }
}

#[test]
fn sums_are_what_their_equations_say() {
    prove::<TwoProducts<f64>>();
    prove::<SharedBias<f64>>();
    prove::<SomeBiases<f64>>();
    prove::<ReadAgain<f64>>();
    prove::<Long<f64>>();
}
