//! Layout: rows, environments, sizes of brackets, spaces, punctuation, wrapped formulas.

use super::{pair, pair_with};

#[test]
fn aligned_rows_with_stops() {
    pair(
        r"\begin{aligned}
            u_t &= \sigma(W_{iu} x_t + b_{iu} + W_{hu} h_{t-1} + b_{hu}), \\
            h_t &= u_t \circ h_{t-1} + (1 - u_t) \circ \tanh(W_{ic} x_t + b_{ic}).
        \end{aligned}",
        "u_t = sigmoid(W_iu * x_t + b_iu + W_hu * h_{t-1} + b_hu);
         h_t = u_t .* h_{t-1} + (1 - u_t) .* tanh(W_ic * x_t + b_ic);",
    );
}

#[test]
fn array_ll() {
    pair(
        r"\begin{array}{ll}
        s = \sigma(V x_t) \\
        h_t = \tanh(s * h_{t-1}) \\
        \end{array}",
        "s = sigmoid(V * x_t); h_t = tanh(s .* h_{t-1});",
    );
}

#[test]
fn bare_rows() {
    pair(
        r"m_t &= \sigma(A x_t + B m_{t-1}) \\
          y_t &= C m_t",
        "m_t = sigmoid(A * x_t + B * m_{t-1}); y_t = C * m_t;",
    );
}

#[test]
fn wrapped_in_mid_sum() {
    pair(
        r"\begin{align}
        h_t = \tanh\bigl( & W_{ih} x_t
            + b_{ih} \\
            & + W_{hh} h_{t-1} \bigr)
        \end{align}",
        "h_t = tanh(W_ih * x_t + b_ih + W_hh * h_{t-1});",
    );
}

#[test]
fn wrapped_without_rows() {
    pair(
        "h_t = tanh(W x_t
             + U h_{t−1}
             + b)
         y_t = σ(V h_t
             + c)",
        "h_t = tanh(W * x_t + U * h_{t-1} + b); y_t = sigmoid(V * h_t + c);",
    );
}

#[test]
fn brackets_and_spaces_of_all_sizes() {
    pair(
        r"\mathbf{h}(t) = \tanh\Bigl(\mathbf{W}\,\mathbf{x}(t) \;+\; \left(\mathbf{U}\!\left[
          \mathbf{h}(t-1) \right]\right)\Bigr)~.",
        "h_t = tanh(W * x_t + U * h_{t-1});",
    );
}

#[test]
fn two_equations_of_a_row() {
    pair(
        r"f_t = \sigma(W_f x_t), \quad g_t = \tanh(W_g x_t) \\ h_t = f_t h_{t-1} + g_t",
        "f_t = sigmoid(W_f * x_t); g_t = tanh(W_g * x_t); h_t = f_t .* h_{t-1} + g_t;",
    );
}

#[test]
fn ends_in_prose() {
    pair_with(
        "",
        r"The state leaks:

$$h_t = \lambda h_{t-1} + W x_t \quad \text{for every step of the sequence} \tag{3}$$

where $W$ is trained.",
        "struct Test { h_t = λ * h_{t-1} + W * x_t; }",
    );
}

#[test]
fn environments_and_labels() {
    pair(
        r"\begin{equation}\label{eq:mix}\begin{split}
        q_t &= \sigma(W_q x_t)\nonumber\\[2pt]
        h_t &= q_t\odot h_{t-1}+(1-q_t)\odot x_t\end{split}\end{equation}",
        "q_t = sigmoid(W_q * x_t); h_t = q_t .* h_{t-1} + (1 - q_t) .* x_t;",
    );
}

#[test]
fn ascii_indices() {
    pair_with(
        "f = sigmoid, g = tanh",
        "zt = f(Xt*(Wz^T) + Ht-1*(Rz^T) + Wbz + Rbz)
         ht = g(Xt*(Wh^T) + Wbh)
         Ht = (1 - zt) (.) ht + zt (.) Ht-1",
        "struct Test {
            z_t = sigmoid(X_t * Wz^T + H_{t-1} * Rz^T + Wbz + Rbz);
            h_t = tanh(X_t * Wh^T + Wbh);
            H_t = (1 - z_t) .* h_t + z_t .* H_{t-1};
        }",
    );
}

#[test]
fn inline_formulas_with_spaces() {
    pair_with(
        "",
        "- **Reset**: $ r_t = \\sigma(W_r x_t + U_r h_{t-1}) $\n\
         - **Update**: $ z_t = \\sigma(W_z x_t + U_z h_{t-1})$\n\
         - It costs $ 5 a = b $ or so.\n\n\
         $h_t = z_t \\odot h_{t-1} + r_t \\odot \\tanh(W x_t) $",
        "struct Test { r_t = sigmoid(W_r * x_t + U_r * h_{t-1});
         z_t = sigmoid(W_z * x_t + U_z * h_{t-1});
         h_t = z_t .* h_{t-1} + r_t .* tanh(W * x_t); }",
    );
}

#[test]
fn prose_and_another_equation_behind_a_wide_space() {
    pair(
        r"f_t = \sigma(W_f x_t) where the gate is open, \quad h_t = f_t \odot h_{t-1} + W x_t",
        "f_t = sigmoid(W_f * x_t); h_t = f_t .* h_{t-1} + W * x_t;",
    );
}

#[test]
fn where_a_value_lies() {
    pair(
        r"S_t = a_t S_{t-1} + v_t k_t^\top \in \mathbb{R}^{d_v \times d_k}, \qquad
          o_t = S_t q_t \in \mathbb{R}^{d_v}, \quad a_t \in \mathbb{R}",
        "S_t: [d_v, d_k]; o_t: [d_v]; a_t: scalar;
         S_t = a_t * S_{t-1} + outer(v_t, k_t); o_t = S_t * q_t;",
    );
}

#[test]
fn one_of_two_right_sides() {
    let text = r"$$ S_t = S_{t-1} - \beta_t (S_{t-1} k_t - v_t) k_t^\top
        = S_{t-1} (I - \beta_t k_t k_t^\top) + \beta_t v_t k_t^\top $$";
    pair_with(
        "definition = 1, β_t: scalar",
        text,
        "struct Test { β_t: scalar; S_t = S_{t-1} - β_t * outer(S_{t-1} * k_t - v_t, k_t); }",
    );
    pair_with(
        "definition = 2, β_t: scalar",
        text,
        "struct Test { β_t: scalar;
         S_t = S_{t-1} * (I - β_t * outer(k_t, k_t)) + β_t * outer(v_t, k_t); }",
    );
}

#[test]
fn script_letters_with_products() {
    pair(
        r"\mathcal{H}_t = \tanh(W \mathcal{X}_t + U \cdot \mathcal{H}_{t-1}) \circ \mathcal{X}_t",
        "H_t = tanh(W * X_t + U * H_{t-1}) .* X_t;",
    );
    pair(
        r"\mathcal{H}_t = \tanh(W * \mathcal{X}_t + U * \mathcal{H}_{t-1})",
        "H_t = tanh(W * X_t + U * H_{t-1});",
    );
}
