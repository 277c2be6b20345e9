//! Variants of cells that nobody wrote, and cells made of them, through the whole compiler.
//! Written by `gate-macros/src/grad/tests/random`, which says how.

// A random cell computes this and that for nothing.
#![allow(deprecated)]
#![allow(confusable_idents, mixed_script_confusables)]

mod proof;

use gate_runtime::cell;

cell! {
    /// Random.
    pub struct Random1A(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        p_0 = tanh((h_{t-2} + b_2));
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(rms_norm((1.5 + tanh(C_{t-2}))^1.7, g_1));
        h_t = tanh(softsign(h_{t-1} * U_1)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random1B(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        L_t: [H];
        L_t = 0.5 * L_{t-1} + l;
        h_0 ~ trainable;
        p_0 = tanh((x_t * W_0 - mean(x_t * W_0)) / sqrt(1 + square(norm(L_{t-2}))));
        for k in 1..=2 { p_k = tanh(p_{k-1} * R_k + e_k); }
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [h_{t-3} * U_0, sin(u_3 .* h_{t-3})]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((silu(h_{t-1} * U_1^T)) * U_3);
        h_t = tanh((((1.5 + tanh(L_{t-3}))^1.7) * U_3) + 0.3 * L_{t-1}) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random1C = Random1B with {
        h_t = tanh((sigmoid(h_{t-1} * U_1^T) .* (C_{t-1}))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random1D -> (h_t, C_t) = Random1C with {
        n = sigmoid(where(h_{t-1} * U_1^T >= h_{t-1} * U_0, h_{t-1} * U_1^T, x_{t-3} * V_3));
        h_t = tanh((((h_{t-1} * U_1^T) / (1.5 + square(h_{t-3}))) - mean(((h_{t-1} * U_1^T) / (1.5 + square(h_{t-3}))))) / sqrt(1 + square(norm(e))) + 0.3 * n) + 0.1 * C_t .* (x_t * W_0);
        C_0 ~ trainable;
    }
}

cell! {
    /// Random.
    pub struct Random1E(x_t) -> y_t {
        one: Random1D;
        two: Random1D;
        u = one(x_{t-1});
        v = two(u - C_{t-1}^(one) * M_1);
        y_t = tanh(v + y_{t-1} * M_4 + C_{t-1}^(one) * M_6) + 0.2 * y_{t-1};
    }
}

cell! {
    /// Random.
    pub struct Random1F(x_t) -> y_t {
        one: Random1E;
        two: Random1C;
        u = one(x_{t-1});
        v = two(u - y_{t-1}^(one) * M_1, C_{t-1} = C_{t-2}^(two));
        y_t = tanh(v + y_{t-1} * M_4) + 0.2 * y_{t-1};
    }
}

cell! {
    /// Random.
    pub struct Random1G = Random1F with {
        y_t = 0.5 * y_{t-1} + u * M_7;
    }
}

cell! {
    /// Random.
    pub struct Random2A(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        P_t: [H];
        L_t: [H];
        L_t = 0.5 * L_{t-1} + x_t * W_0;
        a = tanh((1.5 + tanh(rms_norm(min(P_{t-2}, C_{t-1}), g_1)))^1.7);
        d = tanh((layer_norm((sigmoid(S_{t-1} * tanh(h_{t-1})) .* (x_{t-3} * V_3)), g_1, c_1)) * U_3);
        S_t = 0.5 * S_{t-1}^T + 0.4 * outer(tanh(u_1 .* h_{t-2}), tanh(u_1 .* h_{t-2}));
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [P_{t-3}, rms_norm(x_t * W_0, g_0)]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(min(rms_norm(u_0 .* h_{t-2}, g_0), x_t * W_3));
        h_t = tanh(((tanh(dot(C_{t-1}, C_{t-1})) * (x_t * W_0))) + 0.3 * L_{t-1}) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random2B(x_t) -> h_t {
        γ = 0.3;
        U_0: [H, H];
        V_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh(Q * [h_{t-2}, C_{t-1}] + (h_{t-1} * U_0 - (C_{t-1})));
        d = tanh(((C_{t-2}) * U_0 - (x_{t-2} * V_3)));
        r = tanh((sigmoid(u_0 .* h_{t-1}) .* (x_{t-1} * V_3)));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(clamp(min(x_t * W_3, h_{t-1}), -0.4, 0.6));
        h_t = tanh(exp(0.4 * tanh(h_{t-1})) - log(2 + tanh(x_{t-1} * V_2))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random2C = Random2B with {
        h_t = tanh(where(C_{t-1} >= h_{t-1}, u_3 .* h_{t-3}, C_{t-1})) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random2D = Random2C with {
        U_1: [H, H];
        a ~ 0.3;
        h_t = tanh(abs(clamp(h_{t-1} * U_1^T, -0.4, 0.6)) + 0.3 * a) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random2E(x_t) -> y_t {
        one: Random2B;
        two: Random2C;
        u = one([x_t, y_{t-1}]);
        v = two(u_{t-2}, C_{t-1} = tanh(y_{t-1} * M_2));
        y_t = tanh(v * M_3 + y_{t-1}) + 0.2 * y_{t-1};
    }
}

cell! {
    /// Random.
    pub struct Random2F(x_t) -> y_t {
        one: Random2B;
        two: Random2B;
        u = one(x_t);
        v = two(u);
        y_t = tanh(v * M_3 + y_{t-1}) + 0.2 * y_{t-1};
    }
}

cell! {
    /// Random.
    pub struct Random2G = Random2F with {
        u = one(sigmoid(x_t));
        y_t = sin(v) .* tanh(u * M_7) - 0.3 * y_{t-1};
    }
}

cell! {
    /// Random.
    pub struct Random4A(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        U_1: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh((sigmoid(x_t * W_3) .* (u_1 .* h_{t-3})));
        d = tanh((tanh(dot(clamp(where(C_{t-1} >= x_{t-3} * V_3, C_{t-2}, C_{t-2}), -0.4, 0.6), h_{t-1})) * (h_{t-1} * U_1)));
        r = tanh(min(C_{t-1}, h_{t-2}));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((h_{t-1} + b_0)) * U_2);
        h_t = tanh(rms_norm((h_{t-1}) * U_3, g_0)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random4B(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_1: [H, H];
        V_2: [I, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        h_0 ~ trainable;
        S_t = sigmoid(dot((x_t * W_3) * U_1, x_{t-1} * V_2)) * S_{t-1} + 0.4 * outer(tanh(S_{t-1} * tanh(h_{t-2})), tanh(S_{t-1} * tanh(h_{t-2})));
        m = S_t^T * tanh(x_t * W_2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((sigmoid(h_{t-3} * U_3) .* (h_{t-2} * U_1)) - mean((sigmoid(h_{t-3} * U_3) .* (h_{t-2} * U_1)))) / sqrt(1 + square(norm(C_{t-1}))));
        h_t = tanh(max(x_t * W_3, C_t)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random4C = Random4B with {
        ε: hyper = 0.7;
        V_1: [I, H];
        n = sigmoid(relu(u_3 .* h_{t-3}));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((h_{t-3} * U_1 + (x_{t-3} * V_1)));
        h_t = tanh(ε * (C_{t-1}) + 0.3 * n) + 0.1 * C_t .* (x_t * W_0);
        C_0 ~ trainable;
    }
}

cell! {
    /// Random.
    pub struct Random4D = Random4C with {
        n = sigmoid(max(x_t * W_3, x_t * W_0));
        h_t = tanh(where(S_{t-1} * tanh(h_{t-3}) < x_t * W_3, (tanh(mean(C_t)) * (C_t)), x_t * W_3) + 0.3 * n) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random4E(x_t) -> y_t {
        one: Random4C;
        two: Random4D;
        u = one(x_t);
        v = two(u * M_1, C_{t-1} = C_{t-2}^(two));
        y_t = tanh(v * M_3 + y_{t-1}) + 0.2 * y_{t-1};
    }
}

cell! {
    /// Random.
    pub struct Random4F(x_t) -> y_t {
        one: Random4C;
        two: Random4A;
        u = one(x_t);
        v = two(u * M_1);
        y_t = tanh(v * M_3 + y_{t-1} + C_{t-1}^(one) * M_6) + 0.2 * y_{t-1};
    }
}

cell! {
    /// Random.
    pub struct Random4G = Random4F with {
        y_t = 0.5 * y_{t-1} + u * M_7;
    }
}

#[test]
fn random_1() {
    proof::prove::<Random1C<f64>>();
    proof::prove::<Random1D<f64>>();
    proof::prove::<Random1E<f64>>();
    proof::prove::<Random1F<f64>>();
    proof::prove::<Random1G<f64>>();
}

#[test]
fn random_2() {
    proof::prove::<Random2C<f64>>();
    proof::prove::<Random2D<f64>>();
    proof::prove::<Random2E<f64>>();
    proof::prove::<Random2F<f64>>();
    proof::prove::<Random2G<f64>>();
}

#[test]
fn random_4() {
    proof::prove::<Random4C<f64>>();
    proof::prove::<Random4D<f64>>();
    proof::prove::<Random4E<f64>>();
    proof::prove::<Random4F<f64>>();
    proof::prove::<Random4G<f64>>();
}
