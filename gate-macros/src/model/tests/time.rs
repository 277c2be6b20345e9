//! Time indices, and what marks on names mean.

use super::{cell, has_lines};

#[test]
fn every_way_to_write_time() {
    let plain = "h_t = tanh(W x_t + U h_{t-1});";
    let expected = super::dump(&cell(plain));
    for body in [
        "h_{t} = tanh(W x_{t} + U h_{(t-1)});",
        "h(t) = tanh(W x(t) + U h(t-1));",
        "h[t] = tanh(W x[t] + U h[t-1]);",
        "h_{t+1} = tanh(W x_{t+1} + U h_t);",
        "h_{n} = tanh(W x_{n} + U h_{n-1});",
        "h_{n+1} = tanh(W x_{n+1} + U h_n);",
        "h^{(t)} = tanh(W x^{(t)} + U h^{(t-1)});",
        "h^{t} = tanh(W x^{t} + U h^{t-1});",
        "h_{t+1} = tanh(W x_t + U h_t);",
        "h_q = tanh(W x + U h);",
    ] {
        assert_eq!(super::dump(&cell(body)), expected, "{body}");
    }
}

#[test]
fn latest_index_on_a_left_side_is_now() {
    let body = "U[t+1] = β U[t] + W x[t+1] - ϑ * S[t]; S[t] = σ(U[t] - ϑ);";
    has_lines(
        body,
        &[
            "U_t = β * U_{t-1} + W * x_t - ϑ * S_{t-1}",
            "S_t = σ(U_t - ϑ)",
        ],
    );
}

#[test]
fn inputs_behind_the_left_sides_are_the_inputs_of_this_step() {
    let body = "z_t = σ(W x_t + U h_t); h_{t+1} = (1 - z_t) .* h_t + z_t;";
    has_lines(
        body,
        &[
            "z_t = σ(W * x_t + U * h_{t-1})",
            "h_t = (1 - z_t) .* h_{t-1} + z_t",
        ],
    );
    let body = "y_t = C * h_t + D * x_t; h_{t+1} = A * h_t + B * x_t;";
    has_lines(
        body,
        &["y_t = C * h_{t-1} + D * x_t", "h_t = A * h_{t-1} + B * x_t"],
    );
}

#[test]
fn delays() {
    has_lines(
        "h_t = W x_t + U h_{t-3} + V x_{t-2};",
        &["state h [H] back 3", "input x [X] back 2"],
    );
    has_lines("h_t = W x_t + U h_{t-d}; d = 4;", &["state h [H] back 4"]);
    has_lines("h_t = W x_t + U h(t-d); d = 4;", &["state h [H] back 4"]);
}

#[test]
fn one_symbol_with_and_without_index() {
    // The index that some read has is printed everywhere.
    has_lines(
        "f = σ(W x_t); h_t = f_t .* h_{t-1} + f;",
        &["h_t = f_t .* h_{t-1} + f_t"],
    );
}

#[test]
fn bare_letter_is_a_label_where_others_have_labels() {
    let body = "h_{n+1} = h_n + Δt * tanh(W h_n + V u_{n+1} + b_n) - b_z;";
    has_lines(body, &["input u [U]", "param(0) b_n [H]", "param(1) Δt"]);
    has_lines(
        "n_t = tanh(W_n x_t + b_n); h_t = n_t + h_{t-1};",
        &["param(0) b_n [H]"],
    );
}

#[test]
fn labels_and_powers() {
    let body = "
        c_t = γ^2 * x_t^{(1)} + x_t^{(2)} .* W^{1} + κ^{r_t} + α^{0.5};
        r_t = σ(x_t^{(2)} - c_{t-1}^2); h_t = e^{-c_t^2} + h_{t-1}; γ: scalar; κ: scalar;";
    has_lines(
        body,
        &[
            "input x_1 [X_1]",
            "input x_2 [X_1]",
            "param(1) W_1 [X_1]",
            "c_t = γ^2 * x_t^(1) + x_t^(2) .* W^(1) + (κ)^(r_t) + (α)^(0.5)",
            "r_t = σ(x_t^(2) - c_{t-1}^2)",
            "h_t = exp(-c_t^2) + h_{t-1}",
        ],
    );
}

#[test]
fn labels_beside_time() {
    let body = "h_{1,t} = x_{in,t} + h_{1,t-1} + h_{2,t-1}^{(f)}; h_{2,t}^{(f)} = h_{1,t};";
    has_lines(
        body,
        &[
            "input x_in [X_IN]",
            "state h_2_f [X_IN]",
            "h_1_t = x_in_t + h_1_{t-1} + h_2_{t-1}^(f)",
        ],
    );
}

#[test]
fn transposes() {
    has_lines(
        "h_t = x_t * W^T + h_{t-1} * U_h^{T} + (x_t * V)^T;",
        &[
            "param(glorot) W [H, X]",
            "param(glorot) V [X, H]",
            "h_t = x_t * W^T + h_{t-1} * U_h^T + x_t * V",
        ],
    );
}

#[test]
fn latex_of_names() {
    let body = "
        h̃_t = tanh(W_{ih}^{(f)} x_t^{(in)} + b_cand) + α .* Δt + gain .* ñ_{t-1};
        ñ_t = h̃_t; h_t = gamma * ñ_t .* h_{t-1};";
    let cell = cell(body);
    let latex: Vec<&str> = cell.equations.iter().map(|e| e.latex.as_str()).collect();
    let expected = r"\tilde{h}_t = \tanh(W_{ih}^{(f)}\,x_t^{(in)} + b_{\mathrm{cand}}) + \alpha \odot \Delta t + \mathrm{gain} \odot \tilde{n}_{t-1}";
    assert_eq!(latex[0], expected);
    assert_eq!(latex[2], r"h_t = \gamma\,\tilde{n}_t \odot h_{t-1}");
}

#[test]
fn identifiers_are_no_keywords() {
    has_lines(
        "h_t = x_t .* in + x_t .* W_{type} - h_{t-1}^{(-)} + b^{(+)}; h_t^{(-)} = x_t;",
        &[
            "param(1) in_ [X]",
            "state h_minus [X]",
            "param(0) b_plus [X]",
            "param(1) W_type [X]",
        ],
    );
    has_lines(
        "None_t = sigmoid(x_t * W) .* Some; Ok = None_t + Err * x_t; h_t = Ok + h_{t-1};",
        &["let None_ [H]", "let Ok_ [H]"],
    );
}

#[test]
fn layers_in_superscripts_are_labels() {
    has_lines(
        "h_t^l = tanh(W^l h_t^{l-1} + U^l h_{t-1}^l);",
        &[
            "input h_lminus1 [H_LMINUS1]",
            "state h_l [H_L]",
            "h_t^(l) = tanh(W^(l) * h_t^(l-1) + U^(l) * h_{t-1}^(l))",
        ],
    );
}
