//! Scalars, vectors, matrices, and what products mean.

use super::super::names::letters::{Letter, command, letter};
use super::{cell, dump, has_lines};

#[test]
fn letters_suggest_kinds() {
    let body =
        "h_t = tanh(B + x_t * W + P .* h_{t-1} + w .* h_{t-1} + exp(Λ) + α * b) + h_{t-1} / τ;";
    has_lines(
        body,
        &[
            "param(0) B [H]",
            "param(glorot) W [X, H]",
            "param(1) P [H]",
            "param(1) w [H]",
            "param(0) Λ [H]",
            "param(1) α",
            "param(1) b [H]",
            "param(1) τ",
        ],
    );
}

#[test]
fn matrices_show_in_sums_that_multiply() {
    has_lines(
        "h_t = (A + B) * h_{t-1} + x_t;",
        &["param(glorot) A [X, X]", "param(glorot) B [X, X]"],
    );
    has_lines(
        "h_t = (I - W) h_{t-1} + x_t;",
        &["param(glorot) W [X, X]", "h_t = (I - W) * h_{t-1} + x_t"],
    );
    has_lines(
        "A = V + W; h_t = A h_{t-1} + x_t;",
        &["let A [X, X]", "param(glorot) V [X, X]"],
    );
    has_lines(
        "W = V_1 V_2^T; h_t = W x_t; V_1: [H, 4];",
        &["param(glorot) V_2 [X, 4]"],
    );
}

#[test]
fn capital_i_is_a_vector_among_vectors() {
    has_lines("h_t = W x_t + I + h_{t-1};", &["param(0) I [H]"]);
}

#[test]
fn the_identity_as_a_factor() {
    has_lines(
        "h_t = tanh(I h_{t-1} + W x_t);",
        &[
            "param(glorot) W [H, X]",
            "h_t = tanh(I * h_{t-1} + W * x_t)",
        ],
    );
    has_lines(
        "h_t = (α * I) h_{t-1} + W I x_t;",
        &["h_t = (α * I) * h_{t-1} + W * (I * x_t)"],
    );
    let dump = dump(&cell("h_t = tanh(I h_{t-1} + W x_t);"));
    assert!(!dump.contains("param(glorot) I"), "{dump}");
    has_lines(
        "h_t = I h_{t-1} + x_t; I: [H, H];",
        &["param(glorot) I [H, H]"],
    );
}

#[test]
fn chains() {
    has_lines(
        "h_t = W_1 W_2 x_t + x_t V_1 V_2 + α x_t * h_{t-1};",
        &["h_t = W_1 * (W_2 * x_t) + (x_t * V_1) * V_2 + α * x_t .* h_{t-1}"],
    );
    has_lines(
        "S_t = S_{t-1} (I - β k_t k_t^T); k_t = W x_t; h_t = S_t x_t;",
        &["S_t = S_{t-1} * (I - β * outer(k_t, k_t))"],
    );
    has_lines(
        "h_t = x_t^T W x_t * h_{t-1} + v^T x_t * h_{t-1}; v: [I]; h_t: [H];",
        &["h_t = dot(x_t, W * x_t) * h_{t-1} + dot(v, x_t) * h_{t-1}"],
    );
    has_lines(
        "h_t = (q_t^T S_{t-1}) x_t .* x_t + q_t; S_t = q_t x_t^T; q_t = W x_t;",
        &["h_t = dot(q_t * S_{t-1}, x_t) * x_t + q_t"],
    );
}

#[test]
fn reductions_give_scalars() {
    let body = "h_t = sum(x_t) * h_{t-1} + max(x_t) * max(x_t, h_{t-1}) / norm(x_t) - mean(x_t) * softmax(x_t);";
    has_lines(body, &["state h [X]"]);
}

#[test]
fn vectors_that_functions_ask_for() {
    has_lines(
        "h_t = layer_norm(x_t, γ, β) + rms_norm(h_{t-1}, ζ) + dot(α, x_t) * [x_t];",
        &[
            "param(1) γ [X]",
            "param(0) β [X]",
            "param(1) ζ [X]",
            "param(1) α [X]",
        ],
    );
    has_lines(
        "h_t = dropout(p, x_t) + zoneout(0.1, x_t, h_{t-1}); p: hyper = 0.2;",
        &["hyper(0.2) p"],
    );
}

#[test]
fn bias_of_a_scalar_is_a_scalar() {
    has_lines(
        "f_t = σ(dot(w, x_t) + b); h_t = f_t * h_{t-1} + x_t;",
        &["param(0) b", "let f"],
    );
    has_lines(
        "f_t = σ(dot(w, x_t) + b) .* b; h_t = f_t .* h_{t-1} + x_t;",
        &["param(1) b [X]"],
    );
}

#[test]
fn states_are_vectors_unless_equations_say_otherwise() {
    has_lines(
        "h_t = 0.9 * h_{t-1} + 1; y_t = x_t .* h_t;",
        &["state h [X]"],
    );
    has_lines(
        "n_t = n_{t-1} + sum(x_t); y_t = x_t / n_t;",
        &["state n [X]"],
    );
    has_lines(
        "n_t: scalar; n_t = n_{t-1} + sum(x_t); y_t = x_t / n_t;",
        &["state n"],
    );
    has_lines(
        "S_t: [D, K]; S_t = 0.9 * S_{t-1} + outer(x_t, u_t); y_t = S_t u_t;",
        &["state S [D, K]"],
    );
}

#[test]
fn cases_and_comparisons() {
    has_lines(
        "h_t = where(x_t < h_{t-1}, x_t, 0) + where(1 <= 2, x_t, u_t);",
        &["h_t = where(h_{t-1} > x_t, x_t, 0) + x_t"],
    );
}

#[test]
fn the_identity_cuts_out_a_diagonal() {
    let body = "h_t = x_t * C + h_{t-1} * (W - W .* I);";
    let text = super::dump(&cell(body));
    assert!(!text.contains(" I ["), "{text}");
    let body = "h_t = x_t * C + h_{t-1} * (W - W .* I); I: [H, H];";
    has_lines(body, &["param(glorot) I [H, H]"]);
}

/// A Greek letter is one in every notation, also where it is rare.
#[test]
fn greek_words_are_letters() {
    for (word, glyph) in [("varpi", 'ϖ'), ("varkappa", 'ϰ'), ("omicron", 'ο')] {
        assert_eq!(letter(word), Letter::LowerGreek, "{word}");
        assert_eq!(command(glyph), Some(word));
    }
}
