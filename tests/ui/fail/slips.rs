//! Numbers that mean nothing, starts and loops that miss what was meant.

use gate_runtime::cell;

cell! {
    pub struct Numbers {
        p: hyper = 1;
        a   = dropout(1.5, x_t) + dropout(p, x_t);
        b   = clamp(x_t, 1, -1);
        h_t = a + b + x_t / 0;
    }
}

cell! {
    pub struct BeforeTheStart {
        h_{-1} = 0;
        h_t = tanh(W * x_t + U * h_{t-1});
    }
}

cell! {
    pub struct StartByEquation {
        h_0 = V * x_t;
        h_t = tanh(W * x_t + U * h_{t-1});
    }
}

cell! {
    pub struct Loop {
        for k in 1..3 { s_k = tanh(W_k * x_t); }
        h_t = s_1 + s_2 + s_3 + h_{t-1};
    }
}

cell! {
    pub struct Heads {
        for k = 1..3 { a_k = tanh(W_k * x_t); }
        for (k in 1..=3) { b_k = tanh(W_k * x_t); }
        pub h_t = a_1 + b_1, h_{t-1};
    }
}

cell! {
    pub struct Inputs(x_t: [3]) { h_t = tanh(W * x_t + U * h_{t-1}); }
}

cell! {
    pub struct Index {
        h_t = tanh(W * x_t + U * h_{t_1});
    }
}

cell! {
    pub struct Glued {
        f_t = sigmoid(W * x_t);
        h_t = ft .* h_{t-1};
    }
}

cell! {
    pub struct Outer {
        f   = sigmoid(W * x_t + U * h_{t-1});
        h_t = f otimes h_{t-1} + (1 - f) otimes x_t;
    }
}

cell! {
    pub struct Word {
        forget = sigmoid(W * x_t);
        h_t = forgt .* h_{t-1} + (1 - forget) .* x_t;
    }
}

cell! {
    pub struct Alphabet {
        С_t = sigmoid(W * x_t) .* C_{t-1};
        h_t = tanh(C_t);
    }
}

// element_by_letter
cell! { pub struct Components { h_t = sum(W[i] * x_t[i]) + h_{t-1}; } }

// past_by_label: the new value has a label as well
cell! { pub struct NewAndOld { h_new = tanh(W * x_t + U * h_old); } }

// keyword: a letter
cell! { pub struct Letter { lambda = 0.9; h_t = lambda * h_{t-1} + x_t * W; } }

// declared_kind
cell! { pub struct Kinds { W: Matrix; n: usize; h_t = tanh(x_t * W + h_{t-1}); } }

fn main() {}
