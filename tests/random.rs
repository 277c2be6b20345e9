//! Cells that nobody wrote, through the whole compiler, against what all cells have to
//! satisfy. Written by `gate-macros/src/grad/tests/random`, which says how.

// A random cell computes this and that for nothing.
#![allow(deprecated)]
#![allow(confusable_idents, mixed_script_confusables)]

mod proof;

use gate_runtime::cell;

cell! {
    /// Random.
    pub struct Random1(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        h_0 ~ trainable;
        a = tanh((1.5 + tanh((clamp(h_{t-1}, -0.4, 0.6)) * U_1))^1.7);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(rms_norm(softsign(u_0 .* h_{t-2}), g_0));
        h_t = tanh(max(tanh(u_1 .* h_{t-1}), max(h_{t-1} * U_1^T, u_3 .* h_{t-2}))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random2(x_t) -> h_t {
        γ = 0.3;
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        L_t: [H];
        L_t = 0.5 * L_{t-1} + l;
        h_0 ~ trainable;
        a = tanh((sigmoid((tanh(sum(C_{t-1})) * ((tanh(dot(C_{t-2}, C_{t-2})) * (S_{t-1} * tanh(h_{t-3})))))) .* (L_{t-3})));
        S_t = sigmoid(dot(selu(x_t * W_2), x_t * W_0)) * S_{t-1} + 0.4 * outer(tanh(u_3 .* h_{t-2}), tanh(u_3 .* h_{t-2}));
        m = S_t^T * tanh(C_{t-2});
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(softmax(where(a <= h_{t-3}, u_2 .* h_{t-2}, u_0 .* h_{t-2})));
        h_t = tanh(((C_{t-2} - mean(C_{t-2})) / sqrt(1 + square(norm(x_t * W_2)))) + 0.3 * L_{t-1}) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random3(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        L_t: [H];
        L_t = 0.5 * L_{t-1} + x_t * W_0;
        a = tanh((tanh(dot((P_{t-2} - (x_t * W_2)), h_{t-1} * U_0)) * (x_t * W_2)));
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [h_{t-2}, clamp(h_{t-3} * U_2, -0.4, 0.6)]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((clamp(L_{t-3}, -0.4, 0.6)) * U_1^T);
        h_t = tanh(((h_{t-1} * U_1^T + b_1)) + 0.3 * L_{t-1}) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random4(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        V_2: [I, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        a = tanh(Q * [h_{t-1}, C_{t-1}] + h_{t-1} * U_1^T);
        d = tanh(Q * [h_{t-2}, C_{t-1}] + (sigmoid(u_2 .* h_{t-2}) .* (P_{t-1})));
        p_0 = tanh((h_{t-3} * U_0 - mean(h_{t-3} * U_0)) / sqrt(1 + square(norm(x_t * W_2))));
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [h_{t-1}, (tanh(sum(h_{t-1} * U_0)) * (x_t * W_2))]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((exp(0.4 * tanh(h_{t-2} * U_3)) - log(2 + tanh(h_{t-1})) - ((tanh(sum(x_t * W_0)) * (a)))));
        h_t = tanh(layer_norm(x_{t-2} * V_2, g_1, c_1)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random5(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        V_0: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((tanh(max(u_2 .* h_{t-2})) * (abs(C_{t-1}))));
        h_t = tanh((x_{t-3} * V_0) * U_3) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random6(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        V_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        L_t: [H];
        L_t = 0.5 * L_{t-1} + x_{t-1} * V_1;
        h_0 ~ trainable;
        a = tanh(hard_tanh(h_{t-3} * U_0));
        d = tanh(min(where(h_{t-1} * U_3 >= h_{t-2}, (h_{t-1} * U_3 + (u_0 .* h_{t-1})), x_t * W_0), (min(x_t * W_3, a)) * U_2));
        S_t = sigmoid(S_{t-2}) .* S_{t-1} + 0.4 * outer(tanh((S_{t-1} * tanh(h_{t-2}) - (x_t * W_0))) - S_{t-1} * tanh(S_{t-1}^T * tanh(h_{t-1})), tanh(S_{t-1}^T * tanh(h_{t-1})));
        m = S_t * tanh(h_{t-1} * U_1);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(log_sigmoid((S_{t-1}^T * tanh(h_{t-1}) + b_1)));
        h_t = tanh(((tanh(dot(d, u_2 .* h_{t-2})) * (a))) + 0.3 * L_{t-1}) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random7(x_t) -> h_t {
        γ = 0.3;
        ε: hyper = 0.7;
        U_3: [H, H];
        U_1: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        L_t: [H];
        L_t = 0.5 * L_{t-1} + x_t * W_0;
        a = tanh(((tanh(dot(C_{t-1}, h_{t-2} * U_3)) * (h_{t-1} * U_1)) + b_2));
        d = tanh(where(a > u_3 .* h_{t-3}, (layer_norm(C_{t-1}, g_1, c_1) - (C_{t-1})), u_2 .* h_{t-2}));
        r = tanh((1 - γ) * (h_{t-2}));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(ε * ((h_{t-2}) * U_3));
        h_t = tanh(((tanh(x_t * W_0) .* tanh(x_t * W_0) - x_t * W_0)) + 0.3 * L_{t-1}) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random8(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        W_2: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        a = tanh((min(u_2 .* h_{t-1}, x_t * W_3) - (where(x_t * W_2 > h_{t-1} * U_1^T, h_{t-1} * U_1^T, h_{t-2}))));
        d = tanh((sigmoid((1.5 + tanh((sigmoid(C_{t-1}) .* (h_{t-1} * U_1^T))))^1.7) .* (C_{t-1})));
        r = tanh(softplus(h_{t-3}));
        p_0 = tanh(hard_sigmoid(x_t * W_1));
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [h_{t-1} * U_1, min(h_{t-1}, r)]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(where(P_{t-2} >= x_{t-3} * V_3, max(x_t * W_3, h_{t-1} * U_1^T), tanh(x_t * W_1)));
        h_t = tanh(leaky_relu(u_3 .* h_{t-2})) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random9(x_t) -> h_t {
        γ = 0.3;
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        a = tanh((tanh(dot((sigmoid(h_{t-1}) .* (h_{t-1})), C_{t-2})) * (h_{t-2})));
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh(a), tanh(a));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((1.5 + tanh(softsign(h_{t-1})))^1.7);
        h_t = tanh(hard_sigmoid(β_1 * (C_{t-1}))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random10(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        V_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh(cos((sigmoid((tanh(mean(u_3 .* h_{t-2})) * (x_{t-3} * V_1))) .* (clamp(h_{t-2}, -0.4, 0.6)))));
        p_0 = tanh((h_{t-1} - (h_{t-2} * U_2)));
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((tanh(dot(h_{t-2}, h_{t-1})) * (C_{t-2})) + (C_{t-1})));
        h_t = tanh((x_{t-2} * V_1) * U_1) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random11(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        L_t: [H];
        L_t = 0.5 * L_{t-1} + l;
        a = tanh(((layer_norm(C_{t-1}, g_0, c_0)) * U_0) * U_1);
        d = tanh((L_{t-1} - mean(L_{t-1})) / sqrt(1 + square(norm(x_t * W_3))));
        r = tanh((tanh(dot((elu(L_{t-2})) * U_2, a)) * (x_t * W_0)));
        S_t = outer(sigmoid(C_{t-2}), sigmoid(relu(S_{t-1}^T * tanh(h_{t-3})))) .* S_{t-1} + 0.4 * outer(tanh(relu(S_{t-1}^T * tanh(h_{t-3}))), tanh(C_{t-1}));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((((C_{t-1}) * U_1) / (1.5 + square(C_{t-2}))));
        h_t = tanh(((C_t + b_2)) + 0.3 * L_{t-1}) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random12(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        V_2: [I, H];
        V_1: [I, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        h_0 ~ trainable;
        a = tanh(rms_norm((x_{t-1} * V_3) * U_1, g_0));
        d = tanh((x_{t-1} * V_2 + b_1));
        r = tanh(rms_norm(min(h_{t-1}, h_{t-1} * U_1^T), g_1));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((sigmoid((d) * U_2) .* (C_{t-1})));
        h_t = tanh(where(h_{t-1} * U_0 > h_{t-1}, x_{t-2} * V_1, x_t * W_2)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random13(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        L_t: [H];
        L_t = 0.5 * L_{t-1} + l;
        a = tanh(where(x_t * W_2 >= C_{t-1}, h_{t-1} * U_1^T, C_{t-1}));
        p_0 = tanh((h_{t-1} * U_2) * U_1);
        for k in 1..=2 { p_k = tanh(p_{k-1} * R_k + e_k); }
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((sigmoid(α * (a)) .* (gelu(x_t * W_3))));
        h_t = tanh(((h_{t-3} * U_2) * U_0^T) + 0.3 * L_{t-1}) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random14(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        V_2: [I, H];
        V_1: [I, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        L_t: [H];
        L_t = 0.5 * L_{t-1} + x_t * W_0;
        a = tanh((tanh(max(x_{t-2} * V_1)) * (where(C_{t-2} > x_t * W_2, x_t * W_3, h_{t-2} * U_1))));
        d = tanh(max(layer_norm((tanh(L_{t-3}) .* tanh(L_{t-3}) - L_{t-3}), g_0, c_0), (sigmoid(h_{t-3}) .* (x_t * W_3))));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(where(x_t * W_0 < u_0 .* h_{t-3}, max(h_{t-2}, a), x_{t-2} * V_2));
        h_t = tanh((max(hard_sigmoid(x_t * W_3), silu(C_{t-2}))) + 0.3 * L_{t-1}) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random15(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        V_1: [I, H];
        V_0: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        L_t: [H];
        L_t = 0.5 * L_{t-1} + x_{t-1} * V_1;
        S_t = sigmoid(S_{t-2}) .* S_{t-1} + 0.4 * outer(tanh(x_{t-3} * V_3), tanh(x_{t-3} * V_3));
        m = S_t * tanh(u_1 .* h_{t-2});
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((h_{t-2}) * U_1 - ((u_2 .* h_{t-2} - (x_{t-3} * V_0)))));
        h_t = tanh(((((tanh(dot(u_1 .* h_{t-2}, C_{t-2})) * (x_t * W_1))) / (1.5 + square(S_{t-1}^T * tanh(h_{t-3}))))) + 0.3 * L_{t-1}) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random16(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_0: [H, H];
        V_0: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        P_t: [H];
        a = tanh((sigmoid(S_{t-1}^T * tanh(h_{t-1})) .* (x_{t-3} * V_3)));
        d = tanh((u_1 .* h_{t-1}) * U_2);
        r = tanh((x_{t-1} * V_0 + b_2));
        S_t = outer(sigmoid(x_t * W_0), sigmoid(hard_sigmoid(x_t * W_0))) .* S_{t-1} + 0.4 * outer(tanh(hard_sigmoid(x_t * W_0)) - S_{t-1} * tanh(x_t * W_3), tanh(x_t * W_3));
        m = S_t^T * tanh(P_{t-3});
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [S_{t-1}^T * tanh(h_{t-1}), min(x_t * W_3, a)]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((1.5 + tanh((1.5 + tanh(u_0 .* h_{t-2}))^1.7))^1.7);
        h_t = tanh(Q * [h_{t-1}, C_{t-1}] + (P_{t-2}) * U_0) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random17(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        V_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh((sigmoid(sigmoid(h_{t-1} * U_1)) + b_1));
        d = tanh((exp(0.4 * tanh(h_{t-1})) - log(2 + tanh(h_{t-1} * U_1^T))) * U_0);
        r = tanh(Q * [h_{t-1}, C_{t-1}] + softplus(d));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((1.5 + tanh(where(h_{t-1} < h_{t-3} * U_3, h_{t-1} * U_2, x_{t-1} * V_1)))^1.7);
        h_t = tanh(max((h_{t-3} * U_2) * U_0, rms_norm(C_{t-2}, g_0))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random18(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_1: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        h_0 ~ trainable;
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [P_{t-2}, sin(h_{t-2} * U_1)]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((C_{t-1} + b_0)) * U_3^T);
        h_t = tanh((h_{t-3}) * U_3) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random19(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        V_2: [I, H];
        V_1: [I, H];
        V_0: [I, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        P_t: [H];
        h_0 ~ trainable;
        a = tanh(exp(0.4 * tanh(((x_t * W_2) / (1.5 + square(x_t * W_0))))) - log(2 + tanh(h_{t-1} * U_0)));
        d = tanh(hard_tanh((tanh(dot((sigmoid(x_{t-3} * V_3) .* (x_{t-1} * V_1)), h_{t-1} * U_2)) * (x_{t-1} * V_2))));
        r = tanh((sigmoid(min(rms_norm(S_{t-1}^T * tanh(h_{t-1}), g_1), ((x_{t-2} * V_0) / (1.5 + square(x_{t-1} * V_0))))) .* (clamp(x_t * W_2, -0.4, 0.6))));
        p_0 = tanh((d) * U_2);
        for k in 1..=2 { p_k = tanh(p_{k-1} * R_k + e_k); }
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh((tanh(h_{t-2}) .* tanh(h_{t-2}) - h_{t-2})) - S_{t-1} * tanh(S_{t-1} * tanh(h_{t-3})), tanh(S_{t-1} * tanh(h_{t-3})));
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [p_2, clamp(h_{t-3} * U_3, -0.4, 0.6)]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((sigmoid(rms_norm(x_t * W_0, g_1)) .* ((u_0 .* h_{t-2}) * U_1)));
        h_t = tanh(exp(0.4 * tanh((tanh(h_{t-2} * U_1) .* tanh(h_{t-2} * U_1) - h_{t-2} * U_1))) - log(2 + tanh(h_{t-2} * U_0))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random20(x_t) -> h_t {
        γ = 0.3;
        U_0: [H, H];
        V_0: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        P_t: [H];
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh((x_t * W_1) * U_0) - S_{t-1} * tanh(x_{t-2} * V_0), tanh(x_{t-2} * V_0));
        m = S_t * tanh(P_{t-1});
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [C_{t-1}, (tanh(dot(P_{t-3}, C_{t-1})) * (h_{t-1}))]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(gelu(rms_norm(S_{t-1} * tanh(h_{t-1}), g_1)));
        h_t = tanh(where(x_t * W_0 <= C_{t-1}, h_{t-1}, P_{t-1})) + 0.1 * C_t .* (x_t * W_0);
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
