//! Products, brackets, fractions, powers and selections.

use super::{pair, pair_with};

#[test]
fn matrix_beside_a_bracket() {
    pair(
        r"r = \sigma(W_r x_t) \\ h_t = \tanh(W(r \odot h_{t-1}) + V x_t)",
        "r = sigmoid(W_r * x_t); h_t = tanh(W * (r .* h_{t-1}) + V * x_t);",
    );
}

#[test]
fn value_of_a_function_beside_a_vector() {
    pair(
        r"h_t = \sigma(\gamma) h_{t-1} + \tanh(\rho) W x_t",
        "h_t = sigmoid(γ) * h_{t-1} + tanh(ρ) * (W * x_t);",
    );
}

#[test]
fn function_left_of_a_product() {
    pair(
        r"c_t = \sigma(W_c x_t) c_{t-1} + \tanh(V x_t) \\ h_t = \sigma(W_o x_t) \tanh(c_t)",
        "c_t = sigmoid(W_c * x_t) .* c_{t-1} + tanh(V * x_t);
         h_t = sigmoid(W_o * x_t) .* tanh(c_t);",
    );
}

#[test]
fn star_between_vectors() {
    pair(
        r"n_t = \tanh(W_n x_t) \\ h_t = (1 - n_t) * h_{t-1} + n_t * x_t",
        "n_t = tanh(W_n * x_t); h_t = (1 - n_t) .* h_{t-1} + n_t .* x_t;",
    );
}

#[test]
fn input_without_a_matrix() {
    pair(
        r"h_t = \tanh(x_t + R h_{t-1} + b)",
        "h_t = tanh(x_t + R * h_{t-1} + b);",
    );
}

#[test]
fn transposes() {
    pair(
        r"h_t = \tanh(W^T x_t + U^\top h_{t-1} + V^{\intercal} x_t)",
        "h_t = tanh(W^T * x_t + U^T * h_{t-1} + V^T * x_t);",
    );
}

#[test]
fn concatenation() {
    pair(
        r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f) \\ h_t = f_t \odot h_{t-1}",
        "f_t = sigmoid(W_f * [h_{t-1}, x_t] + b_f); h_t = f_t .* h_{t-1};",
    );
}

#[test]
fn concatenation_as_a_column() {
    pair(
        r"h_t = \tanh(W \begin{bmatrix} x_t \\ h_{t-1} \end{bmatrix} + b)",
        "h_t = tanh(W * [x_t, h_{t-1}] + b);",
    );
}

#[test]
fn square_brackets_that_group() {
    pair(
        r"h_t = \tanh[W x_t + \alpha [U h_{t-1} + b]]",
        "h_t = tanh(W * x_t + α * (U * h_{t-1} + b));",
    );
}

#[test]
fn matrix_expression() {
    pair(
        r"h_t = h_{t-1} + \epsilon \tanh((W - W^\top - \gamma I) h_{t-1} + V x_t + b)",
        "h_t = h_{t-1} + ε * tanh((W - W^T - γ * I) * h_{t-1} + V * x_t + b);",
    );
}

#[test]
fn one_plus_tanh() {
    pair(
        r"a_t = 1 + \tanh(U_a x_t + w_a \odot h_{t-1}) \\ h_t = \tanh(U x_t + a_t \odot h_{t-1})",
        "a_t = 1 + tanh(U_a * x_t + w_a .* h_{t-1}); h_t = tanh(U * x_t + a_t .* h_{t-1});",
    );
}

#[test]
fn fractions() {
    pair(
        r"h_t = h_{t-1} + \frac{1}{\tau}\left(-h_{t-1} + \tanh(W x_t)\right) \\
          y_t = \frac{h_t}{1 + \sigma(h_t)}",
        "h_t = h_{t-1} + 1 / τ * (-h_{t-1} + tanh(W * x_t)); y_t = h_t / (1 + sigmoid(h_t));",
    );
}

#[test]
fn powers_and_exponentials() {
    pair(
        r"g_t = e^{-W x_t} \\ h_t = g_t^2 \odot h_{t-1} + x_t^{2}",
        "g_t = exp(-(W * x_t)); h_t = g_t^2 .* h_{t-1} + x_t^2;",
    );
}

#[test]
fn element_wise_powers() {
    pair(
        r"a_t = W x_t^{\odot 2} \\ h_t = a_t^{\circ 2} \odot (U h_{t-1} + 1)^{\odot 3}",
        "a_t = W * x_t^2; h_t = a_t^2 .* (U * h_{t-1} + 1)^3;",
    );
}

#[test]
fn cases_environment() {
    pair(
        r"u_t = W x_t + h_{t-1} \\
          h_t = \begin{cases} u_t & \text{if } u_t > 0 \\ 0.1 u_t & \text{otherwise} \end{cases}",
        "u_t = W * x_t + h_{t-1}; h_t = where(u_t > 0, u_t, 0.1 * u_t);",
    );
}

/// The openness of phased LSTM.
#[test]
fn two_comparisons_of_one_condition() {
    pair(
        r"u_t = W x_t + h_{t-1} \\
          h_t = \begin{cases} \frac{2 u_t}{r_{on}}, & \text{if } u_t < \frac{1}{2} r_{on} \\
          2 - \frac{2 u_t}{r_{on}}, & \text{if } \frac{1}{2} r_{on} \leq u_t < r_{on} \\
          \alpha u_t, & \text{otherwise} \end{cases}",
        "u_t = W * x_t + h_{t-1};
         h_t = where(u_t < 1 / 2 * r_on, 2 * u_t / r_on, where(
             where(1 / 2 * r_on <= u_t, where(u_t < r_on, 1, 0), 0) > 0,
             2 - 2 * u_t / r_on, α * u_t));",
    );
}

#[test]
fn two_conditions_joined_by_a_word() {
    pair(
        r"h_t = \begin{cases} x_t & \text{if } x_t < 0 \text{ and } h_{t-1} > 1 \\
          h_{t-1} & \text{otherwise} \end{cases}",
        "h_t = where(where(x_t < 0, where(h_{t-1} > 1, 1, 0), 0) > 0, x_t, h_{t-1});",
    );
}

#[test]
fn bars_and_norms() {
    pair(
        r"h_t = |W x_t| + \frac{h_{t-1}}{1 + \|h_{t-1}\|}",
        "h_t = abs(W * x_t) + h_{t-1} / (1 + norm(h_{t-1}));",
    );
}

#[test]
fn roots_and_maxima() {
    pair(
        r"a_t = \max(W x_t, h_{t-1}) \\ h_t = \sqrt{1 + a_t^2} \times a_t",
        "a_t = max(W * x_t, h_{t-1}); h_t = sqrt(1 + a_t^2) .* a_t;",
    );
}

#[test]
fn matrix_states() {
    pair(
        r"k_t = W_k x_t \\ S_t = \lambda S_{t-1} + k_t x_t^\top \\ y_t = S_t x_t",
        "k_t = W_k * x_t; S_t = λ * S_{t-1} + outer(k_t, x_t); y_t = S_t * x_t;",
    );
}

/// A declared matrix that is a sum with `kᵀ v` says that vectors are rows.
#[test]
fn outer_products_of_rows() {
    pair_with(
        "S_t: [K, V]",
        r"S_n = \gamma S_{n-1} + K_n^\top V_n \\ O_n = Q_n S_n",
        "struct Test { S_t: [K, V]; S_t = γ * S_{t-1} + outer(K_t, V_t); O_t = Q_t * S_t; }",
    );
    pair_with(
        "s_t: [K, V]",
        r"$$ p_t = \mathrm{diag}(u) \cdot k_t^\mathrm{T} \cdot v_t + s_{t-1} $$
          $$ s_t = \mathrm{diag}(w) \cdot s_{t-1} + k_t^\mathrm{T} \cdot v_t $$
          $$ k_t = x_t W_k, \quad v_t = V x_t, \quad o_t = r_t \cdot p_t $$",
        "struct Test { s_t: [K, V]; p_t = outer(diag(u) * k_t, v_t) + s_{t-1};
         s_t = diag(w) * s_{t-1} + outer(k_t, v_t);
         k_t = x_t * W_k; v_t = V * x_t; o_t = r_t * p_t; }",
    );
    pair_with(
        "S_t: [V, K]",
        r"S_t = S_{t-1} \left( \mathrm{diag}(w_t) - \hat\kappa_t^T (a_t \odot \hat\kappa_t) \right)
          + v_t^T \tilde{k}_t \\ p_t = r_t S_t^T",
        "struct Test { S_t: [V, K];
         S_t = S_{t-1} * (diag(w_t) - outer(κ̂_t, a_t .* κ̂_t)) + outer(v_t, k̃_t);
         p_t = r_t * S_t^T; }",
    );
}

#[test]
fn dot_products_that_are_declared_numbers() {
    pair_with(
        "s_t: scalar",
        r"s_t = \gamma s_{t-1} + k_t^\top v_t \\ o_t = s_t q_t",
        "struct Test { s_t: scalar; s_t = γ * s_{t-1} + dot(k_t, v_t); o_t = s_t * q_t; }",
    );
}

#[test]
fn vectors_of_ones() {
    pair(
        r"h_t = \alpha \tanh(W x_t + \mu \mathbf 1) + (\boldsymbol{1} - \alpha) h_{t-1}",
        "h_t = α * tanh(W * x_t + μ * 1) + (1 - α) * h_{t-1};",
    );
}

#[test]
fn diagonal_matrices() {
    pair_with(
        "β_t: scalar",
        r"$$ S_t = (I - \beta_t k_t k_t^\top)\,\mathrm{Diag}(\alpha_t)\,S_{t-1} + \beta_t k_t v_t^\top,
             \qquad o_t = S_t^\top q_t $$",
        "struct Test { β_t: scalar;
         S_t = (I - β_t * outer(k_t, k_t)) * diag(α_t) * S_{t-1} + β_t * outer(k_t, v_t);
         o_t = q_t * S_t; }",
    );
    pair(
        r"S_t = S_{t-1} (\operatorname{diag}(w_t) - \hat\kappa_t (a_t \odot \hat\kappa_t)^\top)
          + v_t \tilde{k}_t^\top",
        "S_t = S_{t-1} * (diag(w_t) - outer(κ̂_t, a_t .* κ̂_t)) + outer(v_t, k̃_t);",
    );
    pair(
        r"h_t = \text{diag}(\lambda) h_{t-1} + W x_t",
        "h_t = diag(λ) * h_{t-1} + W * x_t;",
    );
    pair(
        r"\alpha_t = \sigma(W_\alpha x_t) \\
          S_t = S_{t-1} \mathrm{Diag}(\alpha_t) + v_t k_t^\top \\
          v_t = V x_t \\ k_t = K x_t \\
          y_t = S_t \operatorname{diag}(g) x_t",
        "α_t = sigmoid(W_α * x_t); S_t = S_{t-1} * diag(α_t) + outer(v_t, k_t);
         v_t = V * x_t; k_t = K * x_t; y_t = S_t * diag(g) * x_t;",
    );
}

#[test]
fn one_number_of_a_matrix_with_one_row() {
    pair_with(
        "β_t: scalar, W_β: [1, X]",
        r"$$ S_t = S_{t-1} (I - \beta_t k_t k_t^\top) + \beta_t v_t k_t^\top $$
          $$ \beta_t = \sigma(W_\beta x_t) $$ $$ y_t = S_t q_t $$",
        "struct Test { β_t: scalar; W_β: [1, X];
         S_t = S_{t-1} * (I - β_t * outer(k_t, k_t)) + β_t * outer(v_t, k_t);
         β_t = sum(sigmoid(W_β * x_t)); y_t = S_t * q_t; }",
    );
}

/// As RWKV, LRU and multiplicative integration print them.
#[test]
fn a_greek_letter_beside_a_vector_and_the_circled_dot_is_a_vector() {
    pair(
        r"r_t = W_r (\mu_r \odot x_t + (1 - \mu_r) \odot x_{t-1}) \\ h_t = \sigma(r_t) \odot h_{t-1}",
        "μ_r: [X]; x_t: [X]; r_t = W_r * (μ_r .* x_t + (1 - μ_r) .* x_{t-1});
         h_t = sigmoid(r_t) .* h_{t-1};",
    );
    pair(
        r"h_t = \lambda \odot h_{t-1} + \gamma \odot B u_t",
        "λ: [H]; γ: [H]; h_t: [H]; h_t = λ .* h_{t-1} + γ .* (B * u_t);",
    );
    pair(
        r"h_t = \tanh(\alpha \odot W x_t \odot U h_{t-1} + \beta_1 \odot U h_{t-1}
          + \beta_2 \odot W x_t + b)",
        "α: [H]; β_1: [H]; β_2: [H]; h_t: [H];
         h_t = tanh(α .* (W * x_t) .* (U * h_{t-1}) + β_1 .* (U * h_{t-1})
             + β_2 .* (W * x_t) + b);",
    );
    // One number for a memory that is a matrix, or without the dot, as before.
    pair(
        r"S_t = \gamma \odot S_{t-1} + v_t k_t^\top \\ h_t = \alpha S_t q_t + h_{t-1} / \tau",
        "γ: scalar; α: scalar; τ: scalar; S_t = γ * S_{t-1} + outer(v_t, k_t);
         h_t = α * S_t * q_t + h_{t-1} / τ;",
    );
}

#[test]
fn a_diagonal_of_a_function_has_a_vector_in_it() {
    pair(
        r"\Lambda = \mathrm{diag}(\exp(-\exp(\nu))) \\ h_t = \Lambda h_{t-1} + B x_t",
        "Λ = diag(exp(-exp(ν))); ν: [H]; h_t = Λ * h_{t-1} + B * x_t;",
    );
}
