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

// Declarations of what meets, not those of others with the same sizes.
cell! { pub struct Others { x_t: [I]; h_t: [H]; W: [I, H]; U: [I, H]; h_t = tanh(x_t * W + h_{t-1} * U); } }

// Two declarations that disagree, once.
cell! {
    pub struct Once {
        S_t: [K, V];
        M_t: [V, K];
        S_t = S_{t-1} + outer(M_{t-1} * k_t, k_t);
        M_t = M_{t-1} + S_t;
        y_t = M_t * q_t;
    }
}

fn main() {}
