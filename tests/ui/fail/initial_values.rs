//! Hyper-parameters, initial values, and declarations that do not fit the equations.

#![allow(mixed_script_confusables, confusable_idents)]

use gate_runtime::cell;

cell! {
    pub struct Hypers {
        ε_t: hyper = 0.5;
        δ: hyper = 0.1;
        δ = 0.2;
        η: hyper = α;
        h_t = ε_t * x_t + δ + η;
    }
}

cell! {
    pub struct Initial {
        x_t ~ zeros;
        f_0 ~ zeros;
        f_t = x_t;
        s_t ~ zeros;
        s_t = s_{t-1} + x_t * R;
        h_t = f_t + h_{t-1};
    }
}

cell! {
    pub struct Initialisers {
        h_0 ~ orthogonal;
        W ~ trainable;
        V ~ uniform(1, 0);
        U ~ identity;
        b ~ orthogonal;
        h_t = h_{t-1} + x_t * W + x_t * V + x_t * U + b;
    }
}

cell! {
    pub struct Declared {
        W: [I, H];
        W: [H, H];
        W_hx: [I, H];
        V^T = x_t;
        φ(u) = u;
        φ(v) = v;
        h_t = φ(x_t) * W + W_xh;
    }
}

cell! {
    pub struct StartOfOtherShape {
        x_t: [I];
        h_t: [H];
        h_0: [I] ~ 1;
        h_t = tanh(x_t * W + h_{t-1} * U);
    }
}

cell! {
    pub struct OtherWords {
        W ~ xavier;
        h_t = tanh(x_t * W + h_{t-1} * U);
    }
}

fn main() {}
