//! Whole cells.

use super::{cell, cell_of, dump, has_lines};

const LSTM: &str = "
    f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
    i   = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
    g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
    o   = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
    C_t = f .* C_{t-1} + i .* g;
    h_t = o .* tanh(C_t);";

#[test]
fn lstm() {
    let expected = "\
sizes X(x) H(h)
input x [X]
state h [H]
state C [H]
let f [H]
let i [H]
let g [H]
let o [H]
param(glorot) W_x_f [X, H]
param(glorot) W_h_f [H, H]
param(0) b_f [H]
param(glorot) W_x_i [X, H]
param(glorot) W_h_i [H, H]
param(0) b_i [H]
param(glorot) W_x_g [X, H]
param(glorot) W_h_g [H, H]
param(0) b_g [H]
param(glorot) W_x_o [X, H]
param(glorot) W_h_o [H, H]
param(0) b_o [H]
f = σ(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f))
i = σ(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i))
g = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g))
o = σ(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o))
C_t = f .* C_{t-1} + i .* g
h_t = o .* tanh(C_t)
out h";
    assert_eq!(dump(&cell(LSTM)), expected);
}

#[test]
fn gru_sorts_its_equations() {
    let body = "
        h_t = (1 - z) .* h_{t-1} + z .* h̃_t;
        h̃_t = tanh(x_t * W_x + (r .* h_{t-1}) * W_h + b);
        r   = sigmoid(x_t * W_x^{(r)} + h_{t-1} * W_h^{(r)} + b^{(r)});
        z   = sigmoid(x_t * W_x^{(z)} + h_{t-1} * W_h^{(z)} + b^{(z)});";
    let expected = "\
sizes X(x) H(h)
input x [X]
state h [H]
let z [H]
let h̃ [H]
let r [H]
param(glorot) W_x [X, H]
param(glorot) W_h [H, H]
param(0) b [H]
param(glorot) W_x_r [X, H]
param(glorot) W_h_r [H, H]
param(0) b_r [H]
param(glorot) W_x_z [X, H]
param(glorot) W_h_z [H, H]
param(0) b_z [H]
r = σ(x_t * W_x^(r) + h_{t-1} * W_h^(r) + b^(r))
h̃_t = tanh(x_t * W_x + (r .* h_{t-1}) * W_h + b)
z = σ(x_t * W_x^(z) + h_{t-1} * W_h^(z) + b^(z))
h_t = (1 - z) .* h_{t-1} + z .* h̃_t
out h";
    assert_eq!(dump(&cell_of("struct Gru(x_t) -> h_t", body)), expected);
}

#[test]
fn column_convention_and_concatenation() {
    let body = "
        i_t = σ(W_i [x_t, h_{t-1}] + b_i);
        g_t = φ(W_g · [x_t, h_{t-1}] + b_g);
        c_t = (1 - i_t) .* c_{t-1} + i_t .* g_t;
        h_t = φ(c_t);
        φ = tanh;";
    let body = body.replace('·', "*");
    has_lines(
        &body,
        &[
            "sizes X(x) H(h)",
            "param(glorot) W_g [H, X+H]",
            "h_t = tanh(c_t)",
        ],
    );
}

#[test]
fn primed_state_of_a_definition_without_time() {
    let body = "
        r = σ(W_{ir} x + b_{ir} + W_{hr} h + b_{hr});
        n = tanh(W_{in} x + b_{in} + r .* (W_{hn} h + b_{hn}));
        h_q = (1 - r) .* n + r .* h;";
    has_lines(
        body,
        &[
            "input x [X]",
            "state h [H]",
            "param(glorot) W_in [H, X]",
            "n = tanh(W_in * x_t + b_in + r .* (W_hn * h_{t-1} + b_hn))",
            "h_t = (1 - r) .* n + r .* h_{t-1}",
            "out h",
        ],
    );
}

#[test]
fn primed_reads_are_new_values() {
    let body = "
        i = σ(W_{ii} x + W_{hi} h);
        c_q = i .* c + (1 - i) .* x;
        h_q = i .* tanh(c_q);";
    has_lines(
        body,
        &[
            "state c [X]",
            "h_t = i .* tanh(c_t)",
            "c_t = i .* c_{t-1} + (1 - i) .* x_t",
        ],
    );
}

#[test]
fn prime_is_part_of_a_name_where_the_unprimed_name_is_defined() {
    let body = "
        f_t = σ(W x_t); i_t = σ(V x_t);
        f_q_t = f_t / (f_t + i_t);
        h_t = f_q_t .* h_{t-1} + (1 - f_q_t) .* (U x_t);";
    has_lines(
        body,
        &["let f_prime [H]", "let f [H]", "f'_t = f_t / (f_t + i_t)"],
    );
}

#[test]
fn matrices_of_parameters() {
    let body = "
        A = W_{hh} - W_{hh}^T - γ I;
        h_t = h_{t-1} + ε * tanh(W_{ih} x_t + b_{ih} + A h_{t-1} + b_{hh});
        γ = 0.01;
        ε: hyper = 0.1;";
    has_lines(
        body,
        &[
            "const(0.01) γ",
            "hyper(0.1) ε",
            "let A [H, H]",
            "A = W_hh - W_hh^T - γ * I",
        ],
    );
}

#[test]
fn matrix_valued_state() {
    let body = "
        q_t = W_q x_t; k_t = W_k x_t; v_t = W_v x_t;
        i_t = exp(w_i^T x_t + b_i);
        f_t = sigmoid(dot(w_f, x_t) + b_f);
        C_t = f_t * C_{t-1} + i_t v_t k_t^T;
        n_t = f_t * n_{t-1} + i_t * k_t;
        h_t = (C_t q_t) / max(|dot(n_t, q_t)|, 1);";
    has_lines(
        body,
        &[
            "state C [H, C]",
            "state n [C]",
            "let i",
            "param(0) b_i",
            "param(1) w_f [X]",
            "C_t = f_t * C_{t-1} + i_t * outer(v_t, k_t)",
            "h_t = (C_t * q_t) / max(abs(dot(n_t, q_t)), 1)",
        ],
    );
}

#[test]
fn loops_are_written_out() {
    let body = "
        s_0 = h_{t-1};
        for k in 1..=2 {
            g_k = tanh(where(k < 2, W_g * x_t, 0) + R_{g,k} * s_{k-1} + b_{g,k} / k);
            s_k = g_k .* s_{k-1};
        }
        h_t = s_2;";
    has_lines(
        body,
        &[
            "param(glorot) R_g_2 [H, H]",
            "g_1 = tanh(W_g * x_t + R_{g,1} * s_0 + b_{g,1} / 1)",
            "g_2 = tanh(0 + R_{g,2} * s_1 + b_{g,2} / 2)",
            "s_2 = g_2 .* s_1",
        ],
    );
}

#[test]
fn loops_over_delays() {
    let body = "for k in 0..=2 { m_k = W_k x_{t-k}; } h_t = (m_0 + m_1 + m_2) .* h_{t-1};";
    has_lines(body, &["input x [X] back 2", "m_2 = W_2 * x_{t-2}"]);
}

#[test]
fn functions_of_the_user() {
    let body = "φ(u) = u .* σ(1.7 * u); ψ(u, v) = φ(u)^2 - v^T W; h_t = ψ(x_t, φ(h_{t-1}));";
    has_lines(
        body,
        &[
            "param(glorot) W [X, X]",
            "h_t = (x_t .* σ(1.7 * x_t))^2 - (h_{t-1} .* σ(1.7 * h_{t-1})) * W",
        ],
    );
}

#[test]
fn a_letter_may_be_function_and_indexed_value() {
    let body = "f = sigmoid; f_t = f(x_t W + b); h_t = f_t .* h_{t-1};";
    has_lines(body, &["f_t = σ(x_t * W + b)", "h_t = f_t .* h_{t-1}"]);
}

#[test]
fn brackets_behind_a_parameter_are_a_product() {
    let body = "h_t = tanh(W_{hh}^{h}(f_t .* h_{t-1}) + V (x_t)^2); f_t = σ(x_t);";
    has_lines(
        body,
        &["h_t = tanh(W_hh^(h) * (f_t .* h_{t-1}) + V * x_t^2)"],
    );
}

#[test]
fn initial_values() {
    let body = "
        h_t = tanh(W x_t + U h_{t-1} + b) + C_{t-1}; C_t = α * C_{t-1} + u .* h_t + D_{t-1};
        D_t = h_t; h_0 ~ trainable; C_0 ~ 1; D_0 = 0.5;
        u: [H] ~ uniform(0, 1); α: scalar ~ 0.1; W ~ orthogonal; U ~ normal(0.2); b ~ 1;";
    has_lines(
        body,
        &[
            "state(h_0) h [H]",
            "state(1) C [H]",
            "state(0.5) D [H]",
            "param(0) h_0 [H]",
            "param(uniform 0 1) u [H]",
            "param(0.1) α",
            "param(orthogonal) W [H, X]",
            "param(normal 0 0.2) U [H, H]",
            "param(1) b [H]",
        ],
    );
}

#[test]
fn initial_values_follow_from_use() {
    let body = "
        h_t = tanh(a .* x_t + b - 2 * c) + layer_norm(W x_t, g, s) + σ(α) * h_{t-1} / d;";
    has_lines(
        body,
        &[
            "param(1) a [X]",
            "param(0) b [X]",
            "param(0) c [X]",
            "param(1) g [X]",
            "param(0) s [X]",
            "param(0) α",
            "param(1) d [X]",
            "param(glorot) W [X, X]",
        ],
    );
}

#[test]
fn default_output_is_the_last_value_that_moves() {
    has_lines("h_t = A x_t + h_{t-1}; A = M - M^T; γ = 0.1;", &["out h"]);
    has_lines("h_t = x_t + h_{t-1}; y_t = V h_t;", &["out y"]);
}

#[test]
fn several_outputs_in_their_order() {
    let dump = dump(&cell_of(
        "struct Two(x_t, u_t) -> (y_t, h_t)",
        "h_t = u_t + x_t; y_t = V h_t;",
    ));
    assert!(
        dump.ends_with("out y h") && dump.contains("input x [X]\ninput u [X]"),
        "{dump}"
    );
}

#[test]
fn every_symbol_says_what_it_was_taken_for() {
    let body = "h_t = tanh(W x_t + b) + α * h_{t-1} + c .* γ; c: [H]; γ = 0.5;";
    for symbol in cell(body).symbols {
        let expected = match symbol.ident.as_str() {
            "x" => "vector: an input, for nothing defines it and it has a time index",
            "h" => "vector: a state, for an equation defines it and an earlier value is read",
            "W" => "matrix: a capital letter in a product",
            "b" => "vector: a lower-case letter",
            "c" => "vector: declared",
            "α" => "scalar: a lower-case Greek letter",
            "γ" => "scalar: an equation of numbers",
            other => panic!("{other}"),
        };
        assert_eq!(symbol.taken_for, expected);
    }
}
