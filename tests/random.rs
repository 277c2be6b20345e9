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
        U_2: [H, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh(layer_norm((1.5 + tanh(h_{t-2}))^1.7, g_0, c_0));
        d = tanh((C_{t-1} + b_2));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(clamp(clamp(x_t * W_2, -0.4, 0.6), -0.4, 0.6));
        h_t = tanh((tanh(h_{t-1} * U_2) .* tanh(h_{t-1} * U_2) - h_{t-1} * U_2)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random2(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        h_0 ~ trainable;
        a = tanh(softplus((tanh((h_{t-1} * U_2) * U_2) .* tanh((h_{t-1} * U_2) * U_2) - (h_{t-1} * U_2) * U_2)));
        d = tanh((sigmoid(silu(C_{t-1})) .* (min(h_{t-1} * U_1^T, u_1 .* h_{t-3}))));
        p_0 = tanh((C_{t-1} + b_1));
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((tanh(dot(h_{t-1} * U_2, u_1 .* h_{t-3})) * (u_0 .* h_{t-1}))) * U_2);
        h_t = tanh(cos(d)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random3(x_t) -> h_t {
        γ = 0.3;
        U_0: [H, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(max((1.5 + tanh(h_{t-1} * U_0))^1.7, x_t * W_2));
        h_t = tanh((tanh(h_{t-1}) .* tanh(h_{t-1}) - h_{t-1})) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random4(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_1: [H, H];
        V_1: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh((sigmoid(hard_tanh(h_{t-1} * U_1^T)) .* (sigmoid(u_2 .* h_{t-3}))));
        p_0 = tanh(layer_norm(a, g_1, c_1));
        for k in 1..=2 { p_k = tanh(p_{k-1} * R_k + e_k); }
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(where(u_2 .* h_{t-3} <= h_{t-3} * U_3, gelu(x_{t-1} * V_1), x_{t-1} * V_3));
        h_t = tanh(((h_{t-2} + b_2) - mean((h_{t-2} + b_2))) / sqrt(1 + square(norm(x_t * W_1)))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random5(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        U_0: [H, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        h_0 ~ trainable;
        a = tanh(exp(0.4 * tanh(h_{t-1} * U_0)) - log(2 + tanh(h_{t-1} * U_1^T)));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(exp(0.4 * tanh((h_{t-2} - (h_{t-3} * U_1)))) - log(2 + tanh(x_t * W_2)));
        h_t = tanh((sigmoid(clamp(h_{t-1} * U_1^T, -0.4, 0.6)) .* (h_{t-3} * U_1))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random6(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        U_0: [H, H];
        V_1: [I, H];
        V_0: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        h_0 ~ trainable;
        a = tanh((1.5 + tanh(((max(x_t * W_3, x_{t-2} * V_1)) / (1.5 + square(h_{t-1} * U_1^T)))))^1.7);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((softsign(h_{t-1} * U_1^T)) * U_0);
        h_t = tanh(((x_{t-1} * V_0) / (1.5 + square(x_{t-1} * V_3)))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random7(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        U_0: [H, H];
        V_2: [I, H];
        V_1: [I, H];
        V_0: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        a = tanh(β_1 * (x_{t-2} * V_2));
        d = tanh(((x_{t-3} * V_0) * U_3^T - mean((x_{t-3} * V_0) * U_3^T)) / sqrt(1 + square(norm(h_{t-2}))));
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh((x_{t-1} * V_1) * U_3), tanh(x_{t-3} * V_0));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((sigmoid(clamp(S_{t-1} * tanh(h_{t-2}), -0.4, 0.6)) .* (S_{t-1} * tanh(h_{t-2}))));
        h_t = tanh((where(a < h_{t-3} * U_2, u_2 .* h_{t-1}, S_{t-1} * tanh(h_{t-1}))) * U_0) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random8(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        h_0 ~ trainable;
        a = tanh((sigmoid(C_{t-1}) .* (h_{t-1} * U_1^T)));
        p_0 = tanh(max(C_{t-1}, u_3 .* h_{t-1}));
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((sigmoid((h_{t-3} * U_0) * U_2^T) .* (a)));
        h_t = tanh((tanh((tanh(max(h_{t-1} * U_1^T)) * (u_3 .* h_{t-2}))) .* tanh((tanh(max(h_{t-1} * U_1^T)) * (u_3 .* h_{t-2}))) - (tanh(max(h_{t-1} * U_1^T)) * (u_3 .* h_{t-2})))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random9(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_1: [H, H];
        V_0: [I, H];
        W_2: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        h_0 ~ trainable;
        p_0 = tanh((1.5 + tanh(x_{t-1} * V_0))^1.7);
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((sigmoid(where(h_{t-3} * U_3 <= x_t * W_2, u_1 .* h_{t-1}, x_t * W_1)) .* ((h_{t-1} + b_1))));
        h_t = tanh(Q * [h_{t-2}, C_{t-1}] + h_{t-1} * U_1^T) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random10(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh(exp(0.4 * tanh((tanh(max(x_t * W_0)) * (C_{t-1})))) - log(2 + tanh(h_{t-1} * U_1^T)));
        d = tanh(Q * [h_{t-1}, C_{t-1}] + max((h_{t-3}) * U_1, a));
        r = tanh(sin(softmax((u_0 .* h_{t-1} + b_0))));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(abs(silu(h_{t-1})));
        h_t = tanh(selu(Q * [h_{t-2}, C_{t-1}] + x_{t-1} * V_3)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random11(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        V_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        h_0 ~ trainable;
        a = tanh((tanh(hard_tanh(h_{t-2} * U_1)) - mean(tanh(hard_tanh(h_{t-2} * U_1)))) / sqrt(1 + square(norm(h_{t-1} * U_0))));
        d = tanh(((h_{t-1} + b_0)) * U_0);
        p_0 = tanh((1.5 + tanh(h_{t-2}))^1.7);
        for k in 1..=2 { p_k = sigmoid(p_{k-1} * R_k) .* p_{k-1}; }
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(min((h_{t-1} * U_0 + (h_{t-1} * U_1^T)), exp(0.4 * tanh(u_2 .* h_{t-2})) - log(2 + tanh(p_2))));
        h_t = tanh((x_{t-1} * V_2) * U_2) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random12(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_0: [H, H];
        V_2: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        a = tanh((tanh(dot((x_t * W_0 + (x_{t-3} * V_3)), x_t * W_1)) * (h_{t-3})));
        d = tanh(rms_norm(u_2 .* h_{t-1}, g_0));
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh((h_{t-1} * U_2 - mean(h_{t-1} * U_2)) / sqrt(1 + square(norm(x_t * W_3)))), tanh(C_{t-1}));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((sigmoid((sigmoid(x_{t-2} * V_2) .* (h_{t-2} * U_0))) .* ((x_t * W_1 + b_2))));
        h_t = tanh(((tanh(C_t) .* tanh(C_t) - C_t) - (h_{t-1}))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random13(x_t) -> h_t {
        γ = 0.3;
        U_2: [H, H];
        U_1: [H, H];
        V_0: [I, H];
        W_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh(rms_norm(Q * [h_{t-2}, C_{t-1}] + ((h_{t-1} * U_1^T) / (1.5 + square(h_{t-1} * U_1^T))), g_1));
        d = tanh(max(max(x_t * W_2, x_{t-3} * V_0), selu(x_t * W_3)));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(layer_norm((u_3 .* h_{t-3}) * U_2, g_1, c_1));
        h_t = tanh(exp(0.4 * tanh(u_1 .* h_{t-2})) - log(2 + tanh(C_{t-1}))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random14(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_1: [H, H];
        U_0: [H, H];
        V_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        a = tanh((x_{t-2} * V_1) * U_3^T);
        d = tanh(elu(((sigmoid(a) .* (S_{t-1} * tanh(h_{t-2}))) + b_1)));
        r = tanh(max(abs(S_{t-1} * tanh(h_{t-1})), d));
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh((sigmoid(h_{t-2} * U_0) .* (u_3 .* h_{t-1}))), tanh(C_{t-1}));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(layer_norm((h_{t-1} * U_1) * U_0, g_1, c_1));
        h_t = tanh(rms_norm(u_1 .* h_{t-3}, g_0)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random15(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_0: [H, H];
        V_2: [I, H];
        W_2: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        a = tanh((sigmoid(u_1 .* h_{t-3}) .* (x_{t-1} * V_2)));
        d = tanh(((tanh(sum(C_{t-1})) * (S_{t-1} * tanh(h_{t-3})))) * U_0);
        r = tanh(hard_sigmoid((sigmoid(x_t * W_2) .* (h_{t-2}))));
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh(layer_norm(x_t * W_1, g_0, c_0)), tanh(x_t * W_2));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(where(h_{t-1} > r, (sigmoid(u_3 .* h_{t-2}) .* (S_{t-1} * tanh(h_{t-1}))), (C_{t-1}) * U_3));
        h_t = tanh((C_t + (h_{t-1} * U_3))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random16(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        h_0 ~ trainable;
        a = tanh(log_sigmoid((h_{t-1}) * U_1));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(α * (clamp(h_{t-2}, -0.4, 0.6)));
        h_t = tanh((x_t * W_0) * U_1) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random17(x_t) -> h_t {
        γ = 0.3;
        ε: hyper = 0.7;
        U_3: [H, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        S_t: [H, H];
        S_t = 0.6 * S_{t-1} + 0.4 * outer(tanh(Q * [h_{t-2}, C_{t-1}] + x_t * W_0), tanh(x_t * W_1));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((max(x_t * W_1, x_t * W_3)) * U_3);
        h_t = tanh((ε * (x_t * W_3) - mean(ε * (x_t * W_3))) / sqrt(1 + square(norm(x_t * W_1)))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random18(x_t) -> h_t {
        γ = 0.3;
        U_3: [H, H];
        U_2: [H, H];
        U_0: [H, H];
        V_2: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((sigmoid((h_{t-1} * U_0) * U_0) .* ((h_{t-1} * U_0) * U_2)));
        h_t = tanh((leaky_relu(x_{t-3} * V_2) + ((sigmoid(x_t * W_0) .* (h_{t-3} * U_3))))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random19(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        U_0: [H, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(min((sigmoid(x_t * W_0) .* (x_{t-2} * V_3)), h_{t-1} * U_0));
        h_t = tanh(min(h_{t-1} * U_1^T, x_t * W_3)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random20(x_t) -> h_t {
        γ = 0.3;
        U_1: [H, H];
        V_2: [I, H];
        V_1: [I, H];
        V_0: [I, H];
        W_1: [I, H];
        W_0: [I, H];
        x_t: [I];
        h_t: [H];
        C_t: [H];
        a = tanh(exp(0.4 * tanh((x_{t-2} * V_1 - (x_{t-2} * V_2)))) - log(2 + tanh(u_1 .* h_{t-3})));
        d = tanh(rms_norm(a, g_0));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((sigmoid(leaky_relu(h_{t-1} * U_1^T)) .* (exp(0.4 * tanh(x_{t-3} * V_0)) - log(2 + tanh(x_t * W_1)))));
        h_t = tanh(((h_{t-2} + (C_{t-1})) + b_1)) + 0.1 * C_t .* (x_t * W_0);
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
