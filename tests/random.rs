//! Cells that nobody wrote, through the whole compiler, against what all cells have to
//! satisfy. Written by `gate-macros/src/grad/tests/random.rs`, which says how.

// A random cell computes this and that for nothing.
#![allow(deprecated)]
#![allow(confusable_idents, mixed_script_confusables)]

mod proof;

use gate_runtime::cell;

cell! {
    /// Random.
    pub struct Random1(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        W_2: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        h_0 ~ trainable;
        a = tanh((sigmoid(layer_norm(x_t * W_2, g_0, c_0)) .* (h_{t-3} * U_3)));
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh(cos(x_t * W_1)) - S_{t-1} * tanh(C_{t-1}), tanh(C_{t-1}));
        m = S_t * tanh(S_{t-1}^T * tanh(h_{t-3}));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((1 - γ) * ((tanh(u_2 .* h_{t-2}) .* tanh(u_2 .* h_{t-2}) - u_2 .* h_{t-2})));
        h_t = tanh((tanh(norm(C_t)) * (S_{t-1} * tanh(h_{t-1})))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random2(x_t) -> h_t {
        γ = 0.3;
        ε: hyper = 0.7;
        U_3: [H, H];
        V_2: [I, H];
        W_2: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        h_0 ~ trainable;
        a = tanh(ε * (u_1 .* h_{t-3}));
        S_t = 0.5 * S_{t-1}^T + 0.4 * outer(tanh(where(h_{t-1} <= h_{t-2} * U_3, u_2 .* h_{t-1}, x_{t-1} * V_2)), tanh(C_{t-2}));
        m = S_t^T * tanh(C_{t-1});
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((tanh(C_{t-2}) + b_0));
        h_t = tanh((x_t * W_1 + (x_t * W_2))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random3(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        V_0: [I, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        a = tanh(sigmoid(h_{t-1} * U_1^T));
        d = tanh(max((x_{t-3} * V_0 + (x_t * W_2)), h_{t-3} * U_0));
        r = tanh((((h_{t-1} * U_1^T + (h_{t-1} * U_1^T))) / (1.5 + square(h_{t-3}))));
        p_0 = tanh(0.5 * (a));
        for k in 1..=2 { p_k = tanh(p_{k-1} * R_k + e_k); }
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [x_t * W_3, softsign(P_{t-1})]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((clamp(x_{t-1} * V_3, -0.4, 0.6)) / (1.5 + square(exp(0.4 * tanh(e)) - log(2 + tanh(h_{t-2} * U_1))))));
        h_t = tanh((e) * U_3) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random4(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        V_0: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        a = tanh(where(S_{t-1} * tanh(h_{t-1}) > h_{t-3}, (tanh(Q * [h_{t-1}, C_{t-1}] + C_{t-2}) .* tanh(Q * [h_{t-1}, C_{t-1}] + C_{t-2}) - Q * [h_{t-1}, C_{t-1}] + C_{t-2}), u_3 .* h_{t-3}));
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh((1.5 + tanh(S_{t-1}^T * tanh(h_{t-1})))^1.7), tanh(h_{t-1} * U_3));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(exp(0.4 * tanh((sigmoid(a) .* (a)))) - log(2 + tanh(S_{t-1} * tanh(h_{t-2}))));
        h_t = tanh(where(x_t * W_1 > x_{t-2} * V_3, (tanh(dot(x_{t-3} * V_0, x_{t-2} * V_0)) * (C_{t-2})), x_t * W_1)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random5(x_t) -> h_t {
        γ = 0.3;
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        h_0 ~ trainable;
        a = tanh(((x_t * W_0) / (1.5 + square(C_{t-2}))));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(Q * [h_{t-1}, C_{t-1}] + layer_norm(C_{t-2}, g_0, c_0));
        h_t = tanh(elu((x_t * W_0 + (x_t * W_1)))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random6(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        V_0: [I, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        a = tanh(hard_sigmoid(min(P_{t-1}, P_{t-3})));
        d = tanh((tanh(sum(P_{t-3})) * (x_{t-3} * V_0)));
        r = tanh(clamp(layer_norm(h_{t-1} * U_0, g_0, c_0), -0.4, 0.6));
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [r, clamp(P_{t-3}, -0.4, 0.6)]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(max((h_{t-1} * U_1^T) * U_2^T, x_t * W_2));
        h_t = tanh(((1.5 + tanh(h_{t-3} * U_2))^1.7 - mean((1.5 + tanh(h_{t-3} * U_2))^1.7)) / sqrt(1 + square(norm(h_{t-1} * U_0)))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random7(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        U_0: [H, H];
        W_2: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        a = tanh((tanh(norm(x_t * W_2)) * ((tanh((u_3 .* h_{t-2} - mean(u_3 .* h_{t-2})) / sqrt(1 + square(norm(C_{t-2})))) .* tanh((u_3 .* h_{t-2} - mean(u_3 .* h_{t-2})) / sqrt(1 + square(norm(C_{t-2})))) - (u_3 .* h_{t-2} - mean(u_3 .* h_{t-2})) / sqrt(1 + square(norm(C_{t-2})))))));
        d = tanh(0.5 * (a));
        r = tanh(leaky_relu(0.5 * (Q * [h_{t-1}, C_{t-1}] + x_t * W_1)));
        S_t = sigmoid(dot(log_sigmoid(h_{t-2} * U_0), S_{t-1} * tanh(h_{t-3}))) * S_{t-1} + 0.4 * outer(tanh(log_sigmoid(h_{t-2} * U_0)), tanh(h_{t-3}));
        m = S_t^T * tanh(S_{t-1} * tanh(h_{t-3}));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(relu(clamp(u_2 .* h_{t-1}, -0.4, 0.6)));
        h_t = tanh((sigmoid(h_{t-3} * U_1) .* (u_2 .* h_{t-1}))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random8(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        V_2: [I, H];
        V_1: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh((1.5 + tanh(softsign((x_t * W_1) * U_1)))^1.7);
        d = tanh(layer_norm(x_{t-3} * V_1, g_0, c_0));
        r = tanh((sigmoid((gelu(C_{t-2}) - (C_{t-2}))) .* (x_t * W_0)));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((exp(0.4 * tanh(u_1 .* h_{t-2})) - log(2 + tanh(u_1 .* h_{t-2})) + b_1));
        h_t = tanh((sigmoid(((h_{t-1}) / (1.5 + square(x_{t-2} * V_1)))) .* (β_1 * (x_{t-3} * V_2)))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random9(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh((1.5 + tanh((h_{t-1} * U_0 - mean(h_{t-1} * U_0)) / sqrt(1 + square(norm(h_{t-3} * U_1)))))^1.7);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((exp(0.4 * tanh(a)) - log(2 + tanh(x_t * W_3)) + (x_t * W_1)));
        h_t = tanh(log_sigmoid(h_{t-3} * U_2)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random10(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        V_2: [I, H];
        V_1: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        a = tanh(selu((x_{t-1} * V_3 - mean(x_{t-1} * V_3)) / sqrt(1 + square(norm(h_{t-1} * U_0)))));
        d = tanh((layer_norm(x_{t-2} * V_2, g_1, c_1)) * U_2);
        p_0 = tanh((sigmoid(x_t * W_1) .* (x_t * W_0)));
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [h_{t-1} * U_1^T, (x_{t-2} * V_1 - mean(x_{t-2} * V_1)) / sqrt(1 + square(norm(h_{t-1})))]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(clamp((d) * U_3, -0.4, 0.6));
        h_t = tanh((h_{t-2}) * U_0) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random11(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        V_0: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [h_{t-3} * U_3, clamp(h_{t-2}, -0.4, 0.6)]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(Q * [h_{t-1}, C_{t-1}] + (x_t * W_0) * U_2^T);
        h_t = tanh((tanh((x_{t-2} * V_0) * U_2) .* tanh((x_{t-2} * V_0) * U_2) - (x_{t-2} * V_0) * U_2)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random12(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        U_0: [H, H];
        V_0: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        a = tanh(elu(((sigmoid(x_{t-2} * V_3)) / (1.5 + square((h_{t-1} * U_0 - mean(h_{t-1} * U_0)) / sqrt(1 + square(norm(h_{t-1} * U_1^T))))))));
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [h_{t-3}, selu(C_{t-1})]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((clamp(a, -0.4, 0.6)) * U_1^T);
        h_t = tanh((tanh(x_{t-2} * V_0) .* tanh(x_{t-2} * V_0) - x_{t-2} * V_0)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random13(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_0: [H, H];
        V_0: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        a = tanh((1.5 + tanh(hard_tanh(h_{t-2})))^1.7);
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh(((u_1 .* h_{t-3}) / (1.5 + square(S_{t-1} * tanh(h_{t-2}))))) - S_{t-1} * tanh(x_{t-3} * V_0), tanh(x_{t-3} * V_0));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(silu((h_{t-3} * U_0 + b_0)));
        h_t = tanh((exp(0.4 * tanh(x_{t-1} * V_3)) - log(2 + tanh(x_{t-2} * V_3))) * U_2) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random14(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        U_0: [H, H];
        V_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        a = tanh(0.5 * (x_{t-2} * V_1));
        d = tanh((C_{t-2} + (C_{t-1})));
        p_0 = tanh(β_1 * (a));
        for k in 1..=2 { p_k = tanh(p_{k-1} * R_k + e_k); }
        S_t = 0.5 * S_{t-1}^T + 0.4 * outer(tanh((C_{t-1}) * U_0), tanh(h_{t-3} * U_1));
        m = S_t^T * tanh(S_{t-1} * tanh(h_{t-3}));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((softsign(h_{t-3} * U_1)) / (1.5 + square(C_{t-1}))));
        h_t = tanh((tanh(mean(x_{t-2} * V_1)) * (h_{t-3} * U_1))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random15(x_t) -> h_t {
        γ = 0.3;
        W_2: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        P_t: [H];
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh(u_2 .* h_{t-2}), tanh(u_2 .* h_{t-2}));
        m = S_t * tanh(x_t * W_2);
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [x_t * W_0, abs(x_t * W_3)]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((1.5 + tanh(C_{t-1}))^1.7 + b_0));
        h_t = tanh(min(x_t * W_1, S_{t-1} * tanh(h_{t-1}))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random16(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        V_1: [I, H];
        W_2: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh((where(x_t * W_2 >= x_t * W_1, u_2 .* h_{t-2}, x_{t-1} * V_1)) * U_3);
        d = tanh((C_{t-2}) * U_3^T);
        r = tanh((sigmoid((tanh(softplus(a)) .* tanh(softplus(a)) - softplus(a))) .* (x_{t-2} * V_3)));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((sin(r) - (h_{t-3})));
        h_t = tanh(rms_norm(clamp(u_2 .* h_{t-2}, -0.4, 0.6), g_1)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random17(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        V_2: [I, H];
        V_1: [I, H];
        W_2: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        a = tanh(exp(0.4 * tanh(clamp(layer_norm(h_{t-3} * U_2, g_1, c_1), -0.4, 0.6))) - log(2 + tanh(x_t * W_3)));
        S_t = sigmoid(dot((tanh(dot(S_{t-1} * tanh(h_{t-3}), x_t * W_2)) * (C_{t-1})), x_{t-3} * V_3)) * S_{t-1} + 0.4 * outer(tanh((tanh(dot(S_{t-1} * tanh(h_{t-3}), x_t * W_2)) * (C_{t-1}))) - S_{t-1} * tanh(S_{t-1}^T * tanh(h_{t-2})), tanh(S_{t-1}^T * tanh(h_{t-2})));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(softplus(where(x_{t-2} * V_1 < h_{t-1}, C_{t-2}, x_t * W_1)));
        h_t = tanh((tanh(dot(x_{t-3} * V_2, h_{t-2} * U_1)) * (x_{t-2} * V_3))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random18(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh((1.5 + tanh((tanh(dot(softsign(x_t * W_3), h_{t-1} * U_1^T)) * (h_{t-3}))))^1.7);
        d = tanh(β_1 * ((tanh(sum(C_{t-2})) * ((C_{t-1}) * U_1))));
        p_0 = tanh(layer_norm(x_t * W_3, g_1, c_1));
        for k in 1..=2 { p_k = tanh(p_{k-1} * R_k + e_k); }
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((h_{t-2} + (C_{t-2})) + b_0));
        h_t = tanh((tanh(mean(x_t * W_1)) * (h_{t-3} * U_2))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random19(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        p_0 = tanh(softplus(h_{t-3} * U_3));
        for k in 1..=2 { p_k = tanh(p_{k-1} * R_k + e_k); }
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh(0.5 * (p_2)) - S_{t-1} * tanh(p_2), tanh(p_2));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((((h_{t-2} * U_2 + (x_t * W_1))) / (1.5 + square((sigmoid(u_3 .* h_{t-3}) .* (S_{t-1} * tanh(h_{t-3})))))));
        h_t = tanh(((u_1 .* h_{t-2} - mean(u_1 .* h_{t-2})) / sqrt(1 + square(norm(C_{t-2}))) + (x_t * W_0))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random20(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        U_0: [H, H];
        V_0: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        a = tanh(hard_sigmoid(h_{t-2} * U_2));
        d = tanh((1 - γ) * (rms_norm(h_{t-3} * U_0, g_0)));
        r = tanh(leaky_relu(rms_norm(C_{t-1}, g_1)));
        S_t = sigmoid(S_{t-2}) .* S_{t-1} + 0.4 * outer(tanh(S_{t-1} * tanh(h_{t-1})), tanh(S_{t-1} * tanh(h_{t-1})));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(where(S_{t-1}^T * tanh(h_{t-3}) > S_{t-1}^T * tanh(h_{t-1}), softmax(S_{t-1} * tanh(h_{t-1})), x_{t-1} * V_0));
        h_t = tanh((x_t * W_1) * U_3) + 0.1 * C_t .* (x_t * W_0);
    }
}

#[test]
fn random_1() {
    proof::prove::<Random1<f64>>();
}

#[test]
fn random_2() {
    proof::prove::<Random2<f64>>();
}

#[test]
fn random_3() {
    proof::prove::<Random3<f64>>();
}

#[test]
fn random_4() {
    proof::prove::<Random4<f64>>();
}

#[test]
fn random_5() {
    proof::prove::<Random5<f64>>();
}

#[test]
fn random_6() {
    proof::prove::<Random6<f64>>();
}

#[test]
fn random_7() {
    proof::prove::<Random7<f64>>();
}

#[test]
fn random_8() {
    proof::prove::<Random8<f64>>();
}

#[test]
fn random_9() {
    proof::prove::<Random9<f64>>();
}

#[test]
fn random_10() {
    proof::prove::<Random10<f64>>();
}

#[test]
fn random_11() {
    proof::prove::<Random11<f64>>();
}

#[test]
fn random_12() {
    proof::prove::<Random12<f64>>();
}

#[test]
fn random_13() {
    proof::prove::<Random13<f64>>();
}

#[test]
fn random_14() {
    proof::prove::<Random14<f64>>();
}

#[test]
fn random_15() {
    proof::prove::<Random15<f64>>();
}

#[test]
fn random_16() {
    proof::prove::<Random16<f64>>();
}

#[test]
fn random_17() {
    proof::prove::<Random17<f64>>();
}

#[test]
fn random_18() {
    proof::prove::<Random18<f64>>();
}

#[test]
fn random_19() {
    proof::prove::<Random19<f64>>();
}

#[test]
fn random_20() {
    proof::prove::<Random20<f64>>();
}
