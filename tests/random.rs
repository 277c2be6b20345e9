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
        U_2: [H, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        h_0 ~ trainable;
        a = tanh(exp(0.4 * tanh(x_t * W_0)) - log(2 + tanh(P_{t-3})));
        d = tanh((clamp((tanh(dot(u_2 .* h_{t-1}, x_t * W_1)) * (x_{t-2} * V_3)), -0.4, 0.6)) * U_2);
        r = tanh(min(h_{t-2}, a));
        p_0 = tanh(exp(0.4 * tanh(h_{t-3} * U_3)) - log(2 + tanh(u_2 .* h_{t-2})));
        for k in 1..=2 { p_k = tanh(p_{k-1} * R_k + e_k); }
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [h_{t-3}, log_sigmoid(h_{t-1})]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((((P_{t-1}) / (1.5 + square(u_2 .* h_{t-1})))) * U_3);
        h_t = tanh(clamp(x_t * W_0, -0.4, 0.6)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random2(x_t) -> h_t {
        γ = 0.3;
        U_0: [H, H];
        V_1: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        a = tanh((sigmoid(softsign(P_{t-2})) .* ((tanh(dot(h_{t-1} * U_0, C_{t-1})) * (x_{t-1} * V_3)))));
        d = tanh((x_t * W_1 + b_2));
        r = tanh((layer_norm((1 - γ) * (h_{t-1}), g_1, c_1) + b_0));
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [h_{t-3} * U_0, (1.5 + tanh(u_0 .* h_{t-2}))^1.7]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(leaky_relu((tanh(a) .* tanh(a) - a)));
        h_t = tanh(Q * [h_{t-2}, C_{t-1}] + (sigmoid(d) .* (x_{t-3} * V_1))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random3(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        V_0: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        a = tanh(exp(0.4 * tanh(clamp(h_{t-1} * U_0, -0.4, 0.6))) - log(2 + tanh(x_{t-3} * V_0)));
        d = tanh(where(h_{t-2} * U_3 <= u_1 .* h_{t-3}, x_t * W_0, P_{t-2}));
        r = tanh(rms_norm((tanh(x_t * W_0) .* tanh(x_t * W_0) - x_t * W_0), g_0));
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [h_{t-3} * U_1, (tanh(dot(P_{t-3}, h_{t-3} * U_2)) * (P_{t-2}))]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((softmax(x_{t-2} * V_0)) / (1.5 + square(h_{t-1} * U_1^T))));
        h_t = tanh(((tanh(P_{t-3}) .* tanh(P_{t-3}) - P_{t-3})) * U_3^T) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random4(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh(α * (rms_norm(C_{t-1}, g_1)));
        p_0 = tanh(where(C_{t-2} < u_1 .* h_{t-3}, h_{t-1} * U_1, x_t * W_2));
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((silu(h_{t-1} * U_1^T)) * U_2);
        h_t = tanh(relu((h_{t-1} * U_1^T + b_2))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random5(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        V_2: [I, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh(clamp(sin(h_{t-1} * U_1^T), -0.4, 0.6));
        d = tanh((layer_norm(max(x_{t-1} * V_2, C_{t-1}), g_1, c_1)) * U_2);
        r = tanh((exp(0.4 * tanh(C_{t-1})) - log(2 + tanh(h_{t-1} * U_1^T)) - mean(exp(0.4 * tanh(C_{t-1})) - log(2 + tanh(h_{t-1} * U_1^T)))) / sqrt(1 + square(norm(d))));
        p_0 = tanh(Q * [h_{t-1}, C_{t-1}] + u_3 .* h_{t-3});
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(abs((sigmoid(h_{t-2}) .* (d))));
        h_t = tanh(silu(x_t * W_2)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random6(x_t) -> h_t {
        γ = 0.3;
        U_0: [H, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        p_0 = tanh(layer_norm(h_{t-1} * U_0, g_0, c_0));
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh(layer_norm(u_1 .* h_{t-1}, g_1, c_1)), tanh(p_2));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((tanh(dot(x_t * W_3, x_t * W_1)) * (S_{t-1} * tanh(h_{t-1}))) + b_1));
        h_t = tanh((1.5 + tanh(p_2))^1.7) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random7(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        U_0: [H, H];
        W_2: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        h_0 ~ trainable;
        p_0 = tanh((h_{t-2} * U_3) * U_2^T);
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((tanh((tanh(dot(x_t * W_2, h_{t-2} * U_3)) * (x_t * W_1))) .* tanh((tanh(dot(x_t * W_2, h_{t-2} * U_3)) * (x_t * W_1))) - (tanh(dot(x_t * W_2, h_{t-2} * U_3)) * (x_t * W_1))));
        h_t = tanh(where(h_{t-1} * U_0 <= h_{t-3}, u_1 .* h_{t-3}, x_t * W_1)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random8(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(clamp(cos(C_{t-2}), -0.4, 0.6));
        h_t = tanh(min(rms_norm(C_t, g_1), ((h_{t-2}) / (1.5 + square(h_{t-1} * U_2))))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random9(x_t) -> h_t {
        γ = 0.3;
        ε: hyper = 0.7;
        U_0: [H, H];
        V_2: [I, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        a = tanh((1.5 + tanh(relu(where(h_{t-1} * U_0 > C_{t-2}, C_{t-2}, x_t * W_3))))^1.7);
        d = tanh(exp(0.4 * tanh(x_t * W_2)) - log(2 + tanh(h_{t-1} * U_0)));
        p_0 = tanh(softplus(S_{t-1} * tanh(h_{t-3})));
        for k in 1..=2 { p_k = tanh(p_{k-1} * R_k + e_k); }
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh(ε * (d)), tanh(u_1 .* h_{t-2}));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((layer_norm(u_0 .* h_{t-2}, g_1, c_1) - mean(layer_norm(u_0 .* h_{t-2}, g_1, c_1))) / sqrt(1 + square(norm(h_{t-2}))));
        h_t = tanh(clamp((x_{t-2} * V_2 - mean(x_{t-2} * V_2)) / sqrt(1 + square(norm(x_{t-1} * V_3))), -0.4, 0.6)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random10(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        p_0 = tanh((h_{t-1} * U_1^T) * U_2);
        for k in 1..=2 { p_k = tanh(p_{k-1} * R_k + e_k); }
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((gelu(h_{t-1}) + b_2));
        h_t = tanh(clamp(clamp(C_t, -0.4, 0.6), -0.4, 0.6)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random11(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        h_0 ~ trainable;
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(gelu((tanh(h_{t-1} * U_2) .* tanh(h_{t-1} * U_2) - h_{t-1} * U_2)));
        h_t = tanh((sigmoid((tanh(dot(u_3 .* h_{t-3}, h_{t-2})) * (C_{t-2}))) .* (C_{t-1}))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random12(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        P_t: [H];
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh(clamp(P_{t-1}, -0.4, 0.6)), tanh(u_3 .* h_{t-1}));
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [u_1 .* h_{t-1}, (P_{t-1}) * U_1]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(gelu((sigmoid(x_t * W_1) .* (h_{t-1}))));
        h_t = tanh(hard_tanh((e) * U_1)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random13(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        V_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        h_0 ~ trainable;
        a = tanh((tanh(sum(h_{t-1} * U_1^T)) * (u_0 .* h_{t-2})));
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [h_{t-1}, min(h_{t-1} * U_1^T, a)]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(exp(0.4 * tanh(log_sigmoid(x_{t-1} * V_2))) - log(2 + tanh(h_{t-3})));
        h_t = tanh(sin(h_{t-1} * U_2)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random14(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_0: [H, H];
        W_2: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh(where(u_2 .* h_{t-1} >= x_t * W_3, x_t * W_1, h_{t-1} * U_0));
        d = tanh((tanh(dot(x_t * W_2, u_3 .* h_{t-1})) * (h_{t-2} * U_2)));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((tanh(dot(rms_norm(u_0 .* h_{t-2}, g_0), C_{t-1})) * (u_2 .* h_{t-2})));
        h_t = tanh(max(C_{t-1}, x_t * W_2)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random15(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        U_1: [H, H];
        V_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh(((((h_{t-1}) / (1.5 + square(u_2 .* h_{t-1})))) / (1.5 + square(u_1 .* h_{t-1}))));
        d = tanh(abs(x_{t-3} * V_2));
        r = tanh(max(clamp(h_{t-1} * U_1^T, -0.4, 0.6), d));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(clamp((C_{t-2} + (h_{t-2} * U_2)), -0.4, 0.6));
        h_t = tanh(min((1.5 + tanh(C_{t-1}))^1.7, h_{t-1} * U_3)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random16(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        V_1: [I, H];
        V_0: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        a = tanh(layer_norm(min((x_t * W_1) * U_3, h_{t-2}), g_0, c_0));
        p_0 = tanh(softmax(x_{t-1} * V_3));
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [a, (C_{t-1} - mean(C_{t-1})) / sqrt(1 + square(norm(a)))]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((sigmoid(x_{t-2} * V_1) .* (x_{t-3} * V_0))) * U_2^T);
        h_t = tanh(hard_sigmoid(P_{t-3})) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random17(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        V_0: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        a = tanh(min((tanh((h_{t-1} * U_0 - mean(h_{t-1} * U_0)) / sqrt(1 + square(norm(h_{t-2} * U_1)))) .* tanh((h_{t-1} * U_0 - mean(h_{t-1} * U_0)) / sqrt(1 + square(norm(h_{t-2} * U_1)))) - (h_{t-1} * U_0 - mean(h_{t-1} * U_0)) / sqrt(1 + square(norm(h_{t-2} * U_1)))), (C_{t-1} + (P_{t-3}))));
        d = tanh((abs(h_{t-1} * U_0)) * U_3);
        r = tanh((sigmoid((sigmoid(u_2 .* h_{t-2}) .* (x_t * W_0))) .* (P_{t-2})));
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [C_{t-1}, min(u_0 .* h_{t-3}, u_1 .* h_{t-3})]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((tanh(dot((h_{t-1} * U_0 + (x_{t-3} * V_0)), P_{t-3})) * (x_t * W_0)));
        h_t = tanh(log_sigmoid(h_{t-3})) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random18(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        V_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh(max(where(h_{t-1} > h_{t-1} * U_1^T, (h_{t-1} * U_2 - mean(h_{t-1} * U_2)) / sqrt(1 + square(norm(x_{t-2} * V_2))), (h_{t-1} * U_1^T) * U_2^T), h_{t-1} * U_0));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((sigmoid((h_{t-3} * U_2) * U_0) .* (u_3 .* h_{t-3})));
        h_t = tanh((u_3 .* h_{t-2} - mean(u_3 .* h_{t-2})) / sqrt(1 + square(norm(u_1 .* h_{t-2})))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random19(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_0: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(selu((h_{t-1} * U_0) * U_3));
        h_t = tanh(abs(rms_norm(C_{t-1}, g_0))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random20(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        P_t: [H];
        p_0 = tanh((h_{t-1} * U_1^T) * U_2);
        for k in 1..=2 { p_k = tanh(p_{k-1} * R_k + e_k); }
        (e, P_t) = chunk(tanh([h_{t-1}, C_{t-1}] .* k + [u_3 .* h_{t-1}, where(h_{t-1} >= p_2, h_{t-1}, h_{t-1} * U_1^T)]), 2);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(where(x_t * W_0 < h_{t-1}, (tanh(mean(x_t * W_0)) * (u_0 .* h_{t-2})), C_{t-1}));
        h_t = tanh(where(h_{t-2} > p_2, h_{t-1} * U_1^T, x_t * W_0)) + 0.1 * C_t .* (x_t * W_0);
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
