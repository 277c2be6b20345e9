//! What looks alike and is not.

use super::{pair, pair_with};

#[test]
fn label_or_power() {
    pair(
        r"f_t = \sigma(W^{1} x_t + b^{1}) \\ h_t = f_t^2 \odot h_{t-1} + W^{2} x_t",
        "f_t = sigmoid(W^(1) * x_t + b^(1)); h_t = f_t^2 .* h_{t-1} + W^(2) * x_t;",
    );
}

#[test]
fn label_or_step() {
    pair(
        r"z_n = \sigma(W_{z} x_n + b_{z}) \\ h_n = \tanh(W_{n} x_n + b_{n} + z_n \odot h_{n-1})",
        "z_t = sigmoid(W_z * x_t + b_z); h_t = tanh(W_n * x_t + b_n + z_t .* h_{t-1});",
    );
}

#[test]
fn value_or_function() {
    pair_with(
        "f = softsign",
        r"g(t) = \sigma(W x(t)) \\ h(t) = f(g(t) \circ h(t-1))",
        "struct Test { g_t = sigmoid(W * x_t); h_t = softsign(g_t .* h_{t-1}); }",
    );
}

#[test]
fn three_symbols_of_delta() {
    pair(
        r"\Delta t_t = \Delta t \, \sigma(W^{1} x_t) \\
          \overline{\Delta t}_t = \Delta t \, \sigma(W^{2} x_t) \\
          h_t = \Delta t_t \odot h_{t-1} + \overline{\Delta t}_t",
        "Δt_t = Δt * sigmoid(W^(1) * x_t); Δ̄t̄_t = Δt * sigmoid(W^(2) * x_t);
         h_t = Δt_t .* h_{t-1} + Δ̄t̄_t;",
    );
}

#[test]
fn no_sign_before_a_bracket() {
    pair(
        r"z_t = \sigma(V x_t) \\ h_t = z_t h_{t-1} + (1 - z_t)(W x_t + b)",
        "z_t = sigmoid(V * x_t); h_t = z_t .* h_{t-1} + (1 - z_t) .* (W * x_t + b);",
    );
}

#[test]
fn wrapped_before_the_sign_of_a_product() {
    pair(
        r"\begin{aligned} h_t &= \sigma(A x_t) \\ &\quad \odot \tanh(B x_t + C h_{t-1}) \end{aligned}",
        "h_t = sigmoid(A * x_t) .* tanh(B * x_t + C * h_{t-1});",
    );
}

#[test]
fn one_section_of_an_article() {
    pair_with(
        r#"section = "Leaky cell""#,
        "# Cells\n\n## Plain cell\n\n$$h_t = \\tanh(W x_t + U h_{t-1})$$\n\n\
         ## Leaky cell\n\n$$h_t = \\mu h_{t-1} + (1 - \\mu) \\tanh(W x_t)$$\n",
        "struct Test { h_t = μ * h_{t-1} + (1 - μ) * tanh(W * x_t); }",
    );
}

#[test]
fn arguments_that_the_text_reads() {
    pair_with(
        "φ_h = tanh, φ(u) = u .* sigmoid(β * u), β = 2, d = 3, h_0 ~ 1, W ~ orthogonal, b_h = 0.5",
        r"a_t = \phi(W x_t + b_h) \\ h_t = \phi_h(a_t + U h_{t-d})",
        "struct Test { φ_h = tanh; φ(u) = u .* sigmoid(β * u); β = 2; d = 3; h_0 ~ 1;
         W ~ orthogonal; b_h = 0.5; a_t = φ(W * x_t + b_h); h_t = φ_h(a_t + U * h_{t-d}); }",
    );
}

#[test]
fn displays_with_backslashes_escaped() {
    pair_with(
        "",
        "Text of $k$ units.\n\n\\\\[ a_t = \\tanh(W x_t) \\\\]\n\nand \\\\( h_t = a_t h_{t-1} \\\\), \\\\(k\\\\).",
        "struct Test { a_t = tanh(W * x_t); h_t = a_t .* h_{t-1}; }",
    );
}

#[test]
fn one_of_two_definitions() {
    pair_with(
        "definition = 2",
        r"n_t = \tanh(W x_t) \\ n_t = \sigma(W x_t) \\ h_t = n_t \odot h_{t-1}",
        "struct Test { n_t = sigmoid(W * x_t); h_t = n_t .* h_{t-1}; }",
    );
}

#[test]
fn inline_prose_and_fences() {
    pair_with(
        "",
        "A unit with $k$ features, $x_t \\in \\mathbb{R}^K$ at each step.\n\n\
         ```math\np_t = \\tanh(W x_t)\n```\n\nmixed by $h_t = p_t \\odot h_{t-1}$ at the end.",
        "struct Test { x_t: [K]; p_t = tanh(W * x_t); h_t = p_t .* h_{t-1}; }",
    );
}

/// TensorFlow's GRUBlockCell: names of programs, names side by side.
#[test]
fn half_a_program() {
    let text = r"xh = [x, h_prev]
[r_bar u_bar] = xh * w_r_u + b_ru
c = tanh(u_bar)
h = (1-r_bar) \circ c + r_bar \circ h_prev";
    pair_with(
        "w_r_u: [N, 2M]",
        text,
        "struct Test(x_t) { w_r_u: [N, 2M]; xh = [x_t, h_{t-1}]; (r_bar, u_bar) = xh * w_r_u + b_ru;
         c = tanh(u_bar); h_t = (1 - r_bar) .* c + r_bar .* h_{t-1}; }",
    );
    let codes = |text| super::text_codes(text);
    let comma = "x_h = [x h_prev]\nh = tanh(W * x_h)";
    assert_eq!(codes(comma), ["forgotten_comma"]);
    let over = "f = W x_t\nf = tanh(f)\ni = V x_t\ni = tanh(i)\nh_t = f ⊙ i ⊙ h_{t-1}";
    assert_eq!(codes(over), ["written_over"]);
    assert_eq!(
        codes("a = b = 0\nh_t = tanh(a + b + W x_t + h_{t-1})"),
        [""; 0]
    );
    assert_eq!(
        codes("u_{t+1} = α u_t + W x_{t+1} - R(α u_t + W x_{t+1})"),
        ["unknown_function"]
    );
    assert_eq!(
        codes("a^{[l]<t>} = \\tanh(W a^{[l]<t-1>} + U a^{[l-1]<t>})"),
        ["layers"]
    );
    assert_eq!(
        codes("o_t = a_{t-1} + x_t\na_t = 0.5 a_{t-1} + x_t"),
        ["output_unread"]
    );
}
