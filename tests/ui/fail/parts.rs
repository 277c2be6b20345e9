//! Several left sides, slices, families.

use gate_runtime::{cell, cell_from_docs};

cell! {
    pub struct Lefts {
        (p_0, .., q_3) = chunk(x_t);
        h_t = x_t;
    }
}

cell! {
    pub struct Thirds {
        (a, b) = chunk(x_t, 3);
        h_t = a + b;
    }
}

cell! {
    pub struct Chunks {
        a = chunk(x_t, 2) + x_t;
        h_t = a + h_{t-1};
    }
}

cell! {
    pub struct Numbers {
        a = chunk(x_t, 2)[2];
        b = x_t[0:2];
        c = x_t_{H:2H};
        d_{1:2} = x_t;
        h_t = a + b + c + h_{t-1};
    }
}

cell! {
    pub struct Lengths {
        x_t: [N];
        a = x_{1:t};
        b = x_t[3..2];
        c = x_t[..2N];
        h_t = a + b + c + h_{t-1};
    }
}

cell! {
    pub struct Scalars {
        s: scalar;
        (s, a) = x_t;
        h_t = a + s * h_{t-1};
    }
}

cell! {
    pub struct Gates {
        g = W * x_t + U * h_{t-1};
        h_t = sigmoid(g_i(t)) .* h_{t-1} + g_c(t);
    }
}

cell! {
    pub struct Element {
        h_t = x_t[0] * h_{t-1} + x_t;
    }
}

cell! {
    pub struct Commas {
        h_t = tanh(W * [x_t h_{t-1}] + b);
    }
}

/// ```math
/// o_t = \begin{cases} x_t & k \in \{0, 1\} \\ h_{t-1} & k = 2 \end{cases}
/// h_t = o_t + \begin{cases} x_t & k = 1 \\ h_{t-1} & \text{otherwise} \end{cases}
/// ```
#[cell_from_docs]
pub struct Families;

cell! {
    pub struct AtStep {
        h_t = x_t + U[t, 0] * h_{t-1};
    }
}

fn main() {}
