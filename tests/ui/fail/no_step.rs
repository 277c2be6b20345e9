//! Definitions that are no step in time are refused by name.

use gate_runtime::cell;

cell! {
    pub struct SumOfThePast {
        h_t = tanh(x_t * W) + sum_{k=1}^{t} h_k;
    }
}

cell! {
    pub struct AttentionToThePast {
        q   = x_t * W;
        h_t = softmax(q * K_{1:t}^T) * V_{1:t};
    }
}

cell! {
    pub struct SumOfElements {
        h_t = tanh(x_t * W + h_{t-1} * sum_i u_i);
    }
}

cell! {
    pub struct Grid {
        h_{i,j} = tanh(W * x_{i,j} + U * h_{i-1,j} + V * h_{i,j-1});
    }
}

cell! {
    pub struct Tree {
        h_t = tanh(W * x_t + U * h_{left} + V * h_{right});
    }
}

cell! {
    pub struct Functions {
        a   = concat(x_t, h_{t-1}) * W;
        b   = relu6(linear(x_t));
        c   = MultiHeadAttention(x_t, x_t, x_t);
        d   = Conv2d(x_t);
        h_t = BatchNorm(a + b + c + d);
    }
}

// differential_equation, at the left
cell! { pub struct Fraction { dh / dt = 3 * x_t; y_t = h; } }
cell! { pub struct Dotted { τ * ẋ = W * x_t; y_t = x; } }

fn main() {}
