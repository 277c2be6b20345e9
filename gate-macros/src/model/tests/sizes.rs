//! Sizes: unification, names, order.

use super::has_lines;

#[test]
fn names_come_from_declarations_then_inputs_outputs_states() {
    has_lines(
        "c_t = o_t .* c_{t-1}; o_t = σ(W x_t + U h_{t-1}); h_t = W_p (o_t .* tanh(c_t));",
        &["sizes X(x) H(h) C(c)", "param(glorot) W_p [H, C]"],
    );
    has_lines(
        "x_t: [I]; h_t: [type]; h_t = W x_t + h_{t-1};",
        &["sizes I(i) type(type_)"],
    );
    has_lines(
        "m_t = W_m x_t; h_t = tanh(m_t U) + h_{t-1};",
        &["sizes X(x) H(h) M(m)"],
    );
    has_lines(
        "h_t = W_1 W_2 x_t + h_{t-1};",
        &["sizes X(x) H(h) W_1(w_1)", "param(glorot) W_2 [W_1, X]"],
    );
    has_lines(
        "x_t: [i]; h_t: [I]; h_t = W x_t + h_{t-1};",
        &["sizes i(i) I(i2)"],
    );
    has_lines(
        "x_t: [P]; p_t = tanh(W x_t + U p_{t-1});",
        &["sizes P(p) P_SIZE(p_size)"],
    );
}

#[test]
fn numbers_and_sums() {
    has_lines(
        "x_t: [4]; h_t = [x_t, h̃_t]; h̃_t = x_t W; W: [4, K];",
        &["sizes K(k)", "let h [K+4]", "param(glorot) W [4, K]"],
    );
    has_lines(
        "x_t: [3]; h_t: [10]; h_t = [x_t, a_t]; a_t = W x_t;",
        &["let a [7]"],
    );
    has_lines(
        "h_t: [2H + 1]; x_t: [I]; y_t: [H]; h_t = W x_t + h_{t-1}; y_t = V h_t;",
        &["state h [2H+1]", "param(glorot) V [H, 2H+1]"],
    );
}

#[test]
fn sizes_as_numbers() {
    has_lines(
        "h_t: [H]; h_t = x_t * W / sqrt(H) + H^2 * h_{t-1};",
        &[
            "sizes X(x) H(h)",
            "h_t = (x_t * W) / sqrt(H) + (H)^2 * h_{t-1}",
        ],
    );
    has_lines(
        "x_t: [d_x]; y_t: [2 d_x]; y_t = [x_t, x_t] / d_x; h_t = y_t + h_{t-1};",
        &["y_t = [x_t, x_t] / d_x"],
    );
    // The identity, and a parameter of that name.
    has_lines(
        "x_t: [I]; h_t = x_t / I + (U - γ * I) * h_{t-1};",
        &["h_t = x_t / I + (U - γ * I) * h_{t-1}"],
    );
    has_lines(
        "x_t: [D]; D: [D, D]; h_t = D * x_t + h_{t-1};",
        &["param(glorot) D [D, D]"],
    );
}

#[test]
fn constants_are_sizes() {
    has_lines(
        "N = 4; x_t: [N]; h_t = x_t * W + h_{t-1};",
        &["sizes H(h)", "input x [4]", "param(glorot) W [4, H]"],
    );
    let body = "N = 2; d_x = 2^2; x_t: [d_x + N]; h_t = N * x_t[0..N] + h_{t-1};";
    has_lines(
        body,
        &[
            "input x [6]",
            "const(2) N",
            "h_t = N * chunk(x_t, 3)[0] + h_{t-1}",
        ],
    );
    let notes = super::codes_of_notes("struct T", "N = 4; x_t: [N]; h_t = x_t + h_{t-1};");
    assert!(notes.is_empty(), "{notes:?}");
}

#[test]
fn quotients() {
    has_lines(
        "h_t: [H/4]; x_t: [H]; h_t = W x_t + h_{t-1};",
        &["state h [(H)/4]"],
    );
    has_lines(
        "h_t: [H]; h_t = [a_t, a_t] + h_{t-1}; a_t = W x_t;",
        &["let a [(H)/2]"],
    );
}

#[test]
fn sums_agree_part_by_part() {
    let body =
        "h_t = [a_t, b_t] .* [u_t, d_t] + s_t; a_t = W x_t; b_t = V x_t; d_t = U x_t; s_t = S x_t;";
    has_lines(
        body,
        &["let a [U]", "let b [B]", "let d [B]", "input u [U]"],
    );
}

#[test]
fn one_matrix_over_vectors_in_either_order() {
    has_lines(
        "h_t = W [x_t, h_{t-1}] + W [h_{t-1}, x_t];",
        &["param(glorot) W [H, X+H]"],
    );
}
