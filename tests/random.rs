//! Cells that nobody wrote: from the generator of `gate-macros`' random gradients, through the
//! whole compiler, against what all cells have to satisfy.

// A random cell computes this and that for nothing.
#![allow(deprecated)]
#![allow(confusable_idents, mixed_script_confusables)]

mod proof;

use gate_runtime::cell;

cell! {
    /// Random.
    pub struct Random1(x_t) -> h_t {
        γ = 0.3;
        x_t: [I];
        h_t: [H];
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((sigmoid((sigmoid(h_{t-2}) .* (x_{t-2} * V_3))) .* ((h_{t-1} * U_2) * U_1)));
        h_t = tanh((sigmoid(u_3 .* h_{t-2}) .* (h_{t-1}))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random2(x_t) -> h_t {
        γ = 0.3;
        x_t: [I];
        h_t: [H];
        a = tanh(sigmoid((sigmoid((h_{t-1} * U_0) * U_2) .* ((h_{t-1} * U_0) * U_3))));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((a + (x_t * W_1)) - mean((a + (x_t * W_1)))) / sqrt(1 + square(norm(h_{t-1}))));
        h_t = tanh((u_2 .* h_{t-2} - (h_{t-1} * U_3))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random3(x_t) -> h_t {
        γ = 0.3;
        x_t: [I];
        h_t: [H];
        a = tanh((x_t * W_1 - (u_3 .* h_{t-1})));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(α * ((x_t * W_2) * U_0));
        h_t = tanh((softmax(C_{t-1}) + b_1)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random4(x_t) -> h_t {
        γ = 0.3;
        x_t: [I];
        h_t: [H];
        a = tanh((tanh(((x_t * W_2 + (x_{t-3} * V_0)) + b_0)) .* tanh(((x_t * W_2 + (x_{t-3} * V_0)) + b_0)) - ((x_t * W_2 + (x_{t-3} * V_0)) + b_0)));
        d = tanh((x_{t-3} * V_2) * U_1);
        r = tanh(silu(sigmoid(β_1 * (h_{t-3} * U_3))));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(softplus((tanh(dot(x_t * W_2, x_{t-1} * V_2)) * (C_{t-1}))));
        h_t = tanh(((1 - γ) * (h_{t-3})) * U_2) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random5(x_t) -> h_t {
        γ = 0.3;
        x_t: [I];
        h_t: [H];
        a = tanh(((tanh(h_{t-2}) .* tanh(h_{t-2}) - h_{t-2})) * U_3);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(gelu((h_{t-2}) * U_3));
        h_t = tanh(((sigmoid(u_3 .* h_{t-2}) .* (C_t))) * U_0) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random6(x_t) -> h_t {
        γ = 0.3;
        x_t: [I];
        h_t: [H];
        a = tanh((tanh(sigmoid((tanh(dot(C_{t-1}, x_{t-1} * V_2)) * (h_{t-2})))) .* tanh(sigmoid((tanh(dot(C_{t-1}, x_{t-1} * V_2)) * (h_{t-2})))) - sigmoid((tanh(dot(C_{t-1}, x_{t-1} * V_2)) * (h_{t-2})))));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((softplus(h_{t-1}) + b_1));
        h_t = tanh((C_t + b_0)) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random7(x_t) -> h_t {
        γ = 0.3;
        x_t: [I];
        h_t: [H];
        a = tanh(((h_{t-3} * U_2 - (x_t * W_3)) + b_1));
        d = tanh(α * (C_{t-1}));
        r = tanh((gelu(x_t * W_1)) * U_1);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(α * (sin(h_{t-1})));
        h_t = tanh(((C_{t-1} + (h_{t-2})) - (u_3 .* h_{t-1}))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random8(x_t) -> h_t {
        γ = 0.3;
        x_t: [I];
        h_t: [H];
        a = tanh(((h_{t-1} * U_0 - (h_{t-3})) - mean((h_{t-1} * U_0 - (h_{t-3})))) / sqrt(1 + square(norm(C_{t-1}))));
        d = tanh((a + b_1));
        r = tanh(tanh(x_t * W_3));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((1 - γ) * (u_2 .* h_{t-3}) - (silu(x_{t-2} * V_0))));
        h_t = tanh(((softmax(h_{t-1})) / (1.5 + square((x_t * W_0 + (x_{t-1} * V_2)))))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random9(x_t) -> h_t {
        γ = 0.3;
        x_t: [I];
        h_t: [H];
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((1 - γ) * ((tanh(dot(h_{t-1} * U_2, x_t * W_1)) * (h_{t-1} * U_0))));
        h_t = tanh(((x_t * W_0 - mean(x_t * W_0)) / sqrt(1 + square(norm(x_t * W_2)))) * U_2) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random10(x_t) -> h_t {
        γ = 0.3;
        x_t: [I];
        h_t: [H];
        a = tanh((u_1 .* h_{t-2}) * U_3);
        d = tanh((((C_{t-1}) * U_0 - (x_{t-1} * V_1))) * U_3);
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(((u_1 .* h_{t-1} + b_2) - mean((u_1 .* h_{t-1} + b_2))) / sqrt(1 + square(norm(h_{t-3} * U_2))));
        h_t = tanh((sigmoid(d) .* (x_t * W_1))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random11(x_t) -> h_t {
        γ = 0.3;
        x_t: [I];
        h_t: [H];
        a = tanh(((((softplus(x_{t-2} * V_2)) / (1.5 + square(tanh(x_{t-3} * V_2))))) / (1.5 + square(softplus(u_1 .* h_{t-3})))));
        d = tanh((tanh(dot(silu(softmax(h_{t-2})), h_{t-1})) * (a)));
        C_t = 0.5 * C_{t-1} + 0.5 * tanh(0.5 * (β_1 * (x_{t-2} * V_1)));
        h_t = tanh(((sigmoid(u_1 .* h_{t-1}) .* (d)) + ((C_{t-1} + (x_{t-3} * V_2))))) + 0.1 * C_t .* (x_t * W_0);
    }
}

cell! {
    /// Random.
    pub struct Random12(x_t) -> h_t {
        γ = 0.3;
        x_t: [I];
        h_t: [H];
        C_t = 0.5 * C_{t-1} + 0.5 * tanh((silu(x_{t-1} * V_2) - mean(silu(x_{t-1} * V_2))) / sqrt(1 + square(norm(x_{t-2} * V_2))));
        h_t = tanh(α * (x_t * W_0)) + 0.1 * C_t .* (x_t * W_0);
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
