//! Notation of published equations that no other notation of the language has.

use super::{pair, pair_with, text_codes};

#[test]
fn the_identity_beside_a_vector() {
    for identity in [r"\mathbf{I}", r"\mathbb{I}", "I"] {
        pair(
            &format!(r"h_t = \tanh({identity} h_{{t-1}} + W x_t)"),
            "h_t = tanh(I * h_{t-1} + W * x_t);",
        );
        pair(
            &format!(r"h_t = ({identity} - A) h_{{t-1}} + W x_t"),
            "h_t = (I - A) * h_{t-1} + W * x_t;",
        );
    }
}

#[test]
fn ones_in_an_outer_product() {
    for (scale, product) in [
        (
            r"(\alpha_t^\top \mathbf{1}) \odot S_{t-1}",
            "diag(α_t) * S_{t-1}",
        ),
        (
            r"S_{t-1} \odot (\mathbf{1}^\top \alpha_t)",
            "S_{t-1} * diag(α_t)",
        ),
    ] {
        pair(
            &format!(
                r"S_t = {scale} + k_t^\top v_t \\ o_t = q_t S_t \\ S_t \in \mathbb{{R}}^{{K \times V}}"
            ),
            &format!("S_t = {product} + k_t^T * v_t; o_t = q_t * S_t; S_t: [K, V];"),
        );
    }
    for (scale, product) in [
        (r"(\alpha_t \mathbf{1}^\top)", "diag(α_t) * S_{t-1}"),
        (r"(\mathbf{1} \alpha_t^\top)", "S_{t-1} * diag(α_t)"),
    ] {
        pair(
            &format!(r"S_t = {scale} \odot S_{{t-1}} + v_t k_t^\top \\ o_t = S_t q_t"),
            &format!("S_t = {product} + v_t * k_t^T; o_t = S_t * q_t;"),
        );
    }
}

#[test]
fn states_that_start_alike() {
    for initial in ["h_0 = c_0 = 0", "h_0, c_0 = 0", r"h_0 = c_0 = \vec{0}"] {
        pair(
            &format!(r"{initial} \\ c_t = c_{{t-1}} + W x_t \\ h_t = \tanh(c_t + U h_{{t-1}})"),
            "c_0 = 0; h_0 = 0; c_t = c_{t-1} + W * x_t; h_t = tanh(c_t + U * h_{t-1});",
        );
    }
}

#[test]
fn steps_that_an_equation_is_for() {
    for steps in [
        r", \quad t \ge 1",
        ", t > 0",
        r", \quad 1 \le t \le T",
        r"\quad t = 1, \dots, T",
        r" \qquad \forall t \in \{1, \dots, T\}",
        r", \quad t \in [1, T]",
        r", \quad t \in \mathbb{N}.",
        r", \quad t \ge 1, \quad h_0 = 0",
    ] {
        pair(
            &format!(r"h_t = \tanh(W x_t + U h_{{t-1}}){steps}"),
            "h_t = tanh(W * x_t + U * h_{t-1});",
        );
    }
    // What counts no steps is a condition.
    let codes = text_codes(r"h_t = \tanh(\alpha W x_t + h_{t-1}), \quad \alpha > 0");
    assert_eq!(codes, ["unexpected"]);
}

#[test]
fn columns_side_by_side() {
    for values in [
        r"[x_t^\top, h_{t-1}^\top]^\top",
        r"[x_t, h_{t-1}]^\top",
        r"[x_t \| h_{t-1}]",
        r"(x_t \| h_{t-1})",
        "(x_t ‖ h_{t-1})",
        "[x_t || h_{t-1}]",
    ] {
        pair(
            &format!(r"h_t = \tanh(W {values} + b)"),
            "h_t = tanh(W * [x_t, h_{t-1}] + b);",
        );
    }
    pair(
        r"k_t = V x_t \\ h_t = \tanh(W [x_t \| k_t \| h_{t-1}])",
        "k_t = V * x_t; h_t = tanh(W * [x_t, k_t, h_{t-1}]);",
    );
}

#[test]
fn bars_around_a_value() {
    for norm in [
        r"\|W x_t\|",
        r"\lVert W x_t \rVert_2",
        "||W x_t||",
        "‖W x_t‖",
    ] {
        pair(
            &format!(r"h_t = \frac{{W x_t}}{{{norm}}} + h_{{t-1}}"),
            "h_t = (W * x_t) / norm(W * x_t) + h_{t-1};",
        );
    }
    pair(r"h_t = |x_t||h_{t-1}|", "h_t = abs(x_t) .* abs(h_{t-1});");
}

#[test]
fn the_logarithm_of_a_left_side() {
    for left in [r"\log a_t", r"\ln a_t", r"\log(a_t)"] {
        pair(
            &format!(
                r"{left} = -c \, \mathrm{{softplus}}(\Lambda) \odot \sigma(W x_t), \quad c = 8 \\ h_t = a_t \odot h_{{t-1}} + x_t"
            ),
            "a_t = exp(-c * softplus(Λ) .* sigmoid(W * x_t)); c = 8; h_t = a_t .* h_{t-1} + x_t;",
        );
    }
}

#[test]
fn powers_with_an_exponent_of_the_step() {
    pair(
        r"r_t = \sigma(W x_t) \\ a_t = p^{c r_t} \\ h_t = a_t \odot h_{t-1} + x_t \\ c = 8",
        "r_t = sigmoid(W * x_t); a_t = p^{c * r_t}; h_t = a_t .* h_{t-1} + x_t; c = 8;",
    );
}

#[test]
fn steps_of_spiking_neurons() {
    pair_with(
        "Θ(u) = where(u > 0, 1, 0)",
        r"u_t = \beta u_{t-1} + W x_t \\ s_t = \Theta(u_t - \vartheta)",
        "struct Test { u_t = β * u_{t-1} + W * x_t; s_t = where(u_t - θ > 0, 1, 0); }",
    );
    pair(
        r"u_t = \beta u_{t-1} + W x_t \\ s_t = \Theta \cdot (u_t - v)",
        "u_t = β * u_{t-1} + W * x_t; s_t = Θ * (u_t - v);",
    );
}

#[test]
fn units_with_weights_of_their_own() {
    pair_with(
        "w: [I, H]",
        r"h_t = \tanh(w^\top x_t + r h_{t-1} + b)",
        "struct Test { h_t = tanh(w^T * x_t + r .* h_{t-1} + b); w: [I, H]; }",
    );
}

#[test]
fn equations_of_one_component() {
    let gru = "h_t = (1 - z_t) .* h_{t-1} + z_t .* h̃_t; z_t = sigmoid(W_z * x_t + U_z * h_{t-1});
         h̃_t = tanh(W * x_t + U * h_{t-1});";
    pair(
        r"h_t^j = (1 - z_t^j) h_{t-1}^j + z_t^j \tilde{h}_t^j \\
          z_t^j = \sigma(W_z \mathbf{x}_t + U_z \mathbf{h}_{t-1})^j \\
          \tilde{h}_t^j = \tanh(W \mathbf{x}_t + U \mathbf{h}_{t-1})^j",
        gru,
    );
    pair_with(
        "input = x",
        r"h_j^{\langle t\rangle} = (1 - z_j) h_j^{\langle t-1\rangle} + z_j \tilde{h}_j^{\langle t\rangle} \\
          z_j = \sigma([\mathbf{W}_z \mathbf{x}]_j + [\mathbf{U}_z \mathbf{h}_{\langle t-1\rangle}]_j) \\
          \tilde{h}_j^{\langle t\rangle} = \tanh([\mathbf{W}\mathbf{x}]_j + [\mathbf{U} \mathbf{h}_{\langle t-1\rangle}]_j)",
        &format!("struct Test(x_t) {{ {gru} }}"),
    );
    pair(
        r"h_{t,j} = \tanh(W x_t + U h_{t-1})_j",
        "h_t = tanh(W * x_t + U * h_{t-1});",
    );
    // A power where the letter is a value.
    pair(
        r"h_t = (W x_t)^n \odot h_{t-1}, \quad n = 2",
        "h_t = (W * x_t)^n .* h_{t-1}; n = 2;",
    );
}

#[test]
fn time_above() {
    let plain = "struct Test -> y_t { y_t = tanh(W * x_t + U * y_{t-1}); z_t = V * y_t; }";
    // Arguments write it below all the same.
    pair_with(
        "output = y_t",
        r"y^t = \tanh(W x^t + U y^{t-1}) \\ z^t = V y^t",
        plain,
    );
    // Above and below in one text.
    pair_with(
        "output = y_t",
        r"y^{(t)} = \tanh(W x^{(t)} + U y_{(t-1)}) \\ z^{(t)} = V y^{(t)}",
        plain,
    );
}

#[test]
fn left_sides_in_a_transposed_row() {
    for transposed in ["^T", r"^\top", r"^{\mathsf{T}}"] {
        pair(
            &format!(
                r"[f_t, i_t]{transposed} = \sigma(W x_t + R h_{{t-1}}) \\ h_t = f_t \odot h_{{t-1}} + i_t"
            ),
            "(f_t, i_t) = chunk(sigmoid(W * x_t + R * h_{t-1}), 2); h_t = f_t .* h_{t-1} + i_t;",
        );
    }
}
