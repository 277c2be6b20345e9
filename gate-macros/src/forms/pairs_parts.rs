//! Parts of vectors: several left sides, columns, families, slices.

use super::{pair, pair_with};

#[test]
fn chunks_with_a_count_below() {
    pair(
        r"u_t, v_t = \mathrm{chunk}_2(W x_t + U h_{t-1} + b) \\
          h_t = \sigma(u_t) \odot h_{t-1} + \tanh(v_t)",
        "(u_t, v_t) = chunk(W * x_t + U * h_{t-1} + b, 2);
         h_t = sigmoid(u_t) .* h_{t-1} + tanh(v_t);",
    );
}

#[test]
fn chunks_with_a_gap() {
    pair(
        r"[a_0,\dots,a_3] &= \text{chunk}_4(W x_t), \\ h_t &= a_0 \odot h_{t-1} + a_1 a_2 - a_3",
        "(a_0, .., a_3) = chunk(W * x_t); h_t = a_0 .* h_{t-1} + a_1 .* a_2 - a_3;",
    );
}

#[test]
fn chunks_with_labels_above() {
    pair(
        r"z^1_t, \ldots, z^3_t = \operatorname{split}_3\bigl(W x_t + U h_{t-1}\bigr) \\
          h_t = z^1_t \odot z^2_t + z^3_t",
        "z_t^(1), z_t^(2), z_t^(3) = chunk(W * x_t + U * h_{t-1});
         h_t = z_t^(1) .* z_t^(2) + z_t^(3);",
    );
}

#[test]
fn chunks_inside_a_function() {
    pair(
        r"(r_t, s_t) = \sigma(\mathrm{chunk}(W x_t, 2) + \mathrm{chunk}(U h_{t-1}, 2)) \\
          h_t = r_t \odot h_{t-1} + s_t",
        "r_t = sigmoid(chunk(W * x_t, 2)[0] + chunk(U * h_{t-1}, 2)[0]);
         s_t = sigmoid(chunk(W * x_t, 2)[1] + chunk(U * h_{t-1}, 2)[1]);
         h_t = r_t .* h_{t-1} + s_t;",
    );
}

#[test]
fn a_column_of_names_and_one_of_functions() {
    pair(
        r"\begin{bmatrix} p_t \\ q_t \\ s_t \end{bmatrix} =
          \begin{bmatrix} \sigma \\ \sigma \\ \tanh \end{bmatrix}
          W \begin{bmatrix} x_t \\ h_{t-1} \end{bmatrix} \\
          h_t = p_t \odot h_{t-1} + q_t \odot s_t",
        "[p_t; q_t; s_t] = [sigmoid; sigmoid; tanh] * (W * [x_t, h_{t-1}]);
         h_t = p_t .* h_{t-1} + q_t .* s_t;",
    );
}

#[test]
fn a_column_in_an_array() {
    pair(
        r"\left(\begin{array}{c} p \\ q \end{array}\right)
          = M \left(\begin{array}{c} x_t \\ h_{t-1} \end{array}\right) \\
          h_t = \sigma(p) \odot h_{t-1} + q",
        "(p, q) = M * [x_t, h_{t-1}]; h_t = sigmoid(p) .* h_{t-1} + q;",
    );
}

#[test]
fn names_side_by_side_may_differ_in_size() {
    pair(
        r"x_t \in \mathbb{R}^I, d_t \in \mathbb{R}^D \\ (d_t, e_t) = W x_t + U h_{t-1} \\
          h_t = e_t \odot h_{t-1} + V d_t",
        "x_t: [I]; d_t: [D]; d_t = (W * x_t + U * h_{t-1})[0..D];
         e_t = (W * x_t + U * h_{t-1})[D..]; h_t = e_t .* h_{t-1} + V * d_t;",
    );
}

#[test]
fn a_value_for_each_name() {
    pair(
        r"[a_t, b_t] = [W x_t, U h_{t-1}] \\ h_t = \tanh(a_t + b_t)",
        "a_t = W * x_t; b_t = U * h_{t-1}; h_t = tanh(a_t + b_t);",
    );
}

/// As minLSTM prints its normalised gates.
#[test]
fn a_value_for_each_name_without_brackets() {
    pair(
        r"\hat f_t, \hat i_t \gets \frac{f_t}{f_t + i_t}, \frac{i_t}{f_t + i_t} \\
          (f_t, i_t) = (\sigma(F x_t), \sigma(G x_t)) \\ h_t = \hat f_t \odot h_{t-1} + \hat i_t \odot W x_t",
        "f̂_t = f_t / (f_t + i_t); î_t = i_t / (f_t + i_t);
         f_t = sigmoid(F * x_t); i_t = sigmoid(G * x_t);
         h_t = f̂_t .* h_{t-1} + î_t .* W * x_t;",
    );
}

#[test]
fn a_family_of_equations() {
    pair(
        r"[g_1, \dots, g_3] = \mathrm{chunk}_3(W x_t + U h_{t-1}) \\
          o_k(t) = \begin{cases} \sigma(g_k), & k\in\{1, 3\}, \\ \tanh(g_k), & k = 2, \end{cases} \\
          h(t) = o_1(t) \circ h(t-1) + o_2(t) \circ o_3(t)",
        "(g_1, g_2, g_3) = chunk(W * x_t + U * h_{t-1});
         o_1 = sigmoid(g_1); o_3 = sigmoid(g_3); o_2 = tanh(g_2);
         h_t = o_1 .* h_{t-1} + o_2 .* o_3;",
    );
}

#[test]
fn slices_counted_from_one() {
    pair(
        r"h_t \in \mathbb{R}^{n} \\ g_t = W x_t + U h_{t-1} \\
          h_t = \sigma([g_t]_{1:n}) \odot h_{t-1} + \tanh(g_{t,n+1:2n})",
        "h_t: [n]; g_t = W * x_t + U * h_{t-1};
         h_t = sigmoid(g_t[..n]) .* h_{t-1} + tanh(g_t[n..2n]);",
    );
}

#[test]
fn slices_of_inputs_and_states() {
    pair_with(
        "x_t: [2K + 1], h_t: [H]",
        "h_t = tanh(W (x_t)_{1:2K} + V x_t[2K..2K + 1] + U h_{t-1})",
        "struct Test { x_t: [2K + 1]; h_t: [H];
         h_t = tanh(W * x_t[..2K] + V * x_t_{2K+1:} + U * h_{t-1}); }",
    );
}

#[test]
fn parts_named_by_the_attribute() {
    pair_with(
        "(g_i, g_o) = chunk(g_t)",
        r"g(t) = W x(t) + U h(t-1) \\ i(t) = \sigma(g_i(t)) \\ h(t) = i(t) \circ \tanh(g_o(t))",
        "struct Test { (g_i, g_o) = chunk(g_t); g_t = W * x_t + U * h_{t-1};
         i_t = sigmoid(g_i); h_t = i_t .* tanh(g_o); }",
    );
}

#[test]
fn scalars_beside_vectors() {
    pair(
        r"x_n = (1 - \mu) x_{n-1} + \mu \tanh(W^{in} [1; u_n] + W x_{n-1})",
        "x_t = (1 - μ) * x_{t-1} + μ * tanh(W^(in) * [1, u_t] + W * x_{t-1});",
    );
}
