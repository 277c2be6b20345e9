//! Slips of the pen: what was meant is in the message.

use gate_runtime::cell;

cell! {
    pub struct State {
        c_t = f .* C_{t-1} + tanh(x_t * W);
        f   = sigmoid(x_t * U);
        h_t = tanh(c_t);
    }
}

cell! {
    pub struct Value {
        C_t = tanh(x_t * W + h_{t-1} * U);
        h_t = tanh(c_t);
    }
}

cell! {
    pub struct Word {
        gate   = sigmoid(x_t * W);
        memory = tanh(x_t * V);
        h_t    = gate .* memry + (1 - gate) .* h_{t-1};
    }
}

cell! {
    pub struct Marks {
        f   = sigmoid(x_t * W_xf + h_{t-1} * U_f);
        g   = tanh(x_t * W_x_f);
        h_t = f .* h_{t-1} + g;
    }
}

cell! {
    pub struct Function {
        h_t = sofmax(x_t * W + h_{t-1} * U);
    }
}

cell! {
    pub struct OwnFunction {
        squash(u) = u / (1 + abs(u));
        h_t = squsah(x_t * W + h_{t-1} * U);
    }
}

cell! {
    pub struct Size {
        x_t: [n_in];
        b: [n_hidden];
        h_t: [n_hiden];
        h_t = tanh(W * x_t + U * h_{t-1} + b);
    }
}

cell! {
    pub struct Output(x_t) -> H_t {
        h_t = tanh(W * x_t + U * h_{t-1});
    }
}

cell! {
    pub struct Declaration {
        W_hx: [H, I];
        h_t = tanh(W_xh * x_t + W_hh * h_{t-1});
    }
}

cell! {
    pub struct Previous {
        h_t = tanh(W * x_t + U * h_prev);
    }
}

cell! {
    pub struct Missing {
        h_t = tanh(W * x_t + V * s_{t-1});
    }
}

cell! {
    pub struct Transpose {
        h_t = tanh(W^t * x_t + U * h_{t-1});
    }
}

fn main() {}
