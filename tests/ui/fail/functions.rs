//! Functions: number and kind of arguments, conditions, powers.

#![allow(mixed_script_confusables, confusable_idents)]

use gate_runtime::cell;

cell! {
    pub struct Calls {
        φ(u) = tanh(u);
        a = tanh(x_t, x_t);
        b = σ^2(x_t);
        c = φ + x_t;
        d = (x_t > 0) + x_t;
        e = where(x_t, 1, 0);
        g = dropout(p, x_t);
        j = dropout(x_t, 0.5);
        k = clamp(x_t, 1);
        h_t = a + b + c + d + e + g + j + k;
    }
}

cell! {
    pub struct Names { s(u) = u; s = x_t; h_t = s(x_t); }
}

cell! {
    pub struct Circle { f(u) = g(u); g(u) = f(u); h_t = f(x_t); }
}

cell! {
    pub struct Kinds {
        C: [H, H];
        y_t: scalar;
        a = W * x_t + outer(x_t, x_t);
        b = dot(C, x_t);
        c = V * [x_t, C];
        d = U^{-1} * x_t;
        y_t = x_t;
        h_t = a + b + c + d;
    }
}

cell! {
    pub struct Large {
        f(u) = u + u;
        g(u) = f(f(f(f(f(f(f(f(u))))))));
        h_t = g(g(g(x_t)));
    }
}

cell! {
    pub struct Open {
        a_t = x_t * W; b_t = x_t * V; c_t = x_t * U; d_t = x_t * R;
        h_t = [a_t, b_t, x_t] + [c_t, d_t];
    }
}

cell! {
    pub struct OwnArity {
        f(u, v) = u + v;
        h_t = f(x_t) + h_{t-1};
    }
}

// zoneout_order
cell! { pub struct Order { h_t = zoneout(0.1, h_{t-1}, tanh(W * x_t + U * h_{t-1})); } }

// foreign_function, once for each name
cell! { pub struct Round { u_t = round(s_t) + round(x_t); s_t = tanh(s_{t-1} + x_t); } }

// kinds_differ: an outer product
cell! { pub struct Outer { S_t: [K, V]; S_t = γ * S_{t-1} + k_t * v_t; o_t = q_t * S_t; } }

fn main() {}
