//! Names: marks, labels, fonts, Greek, accents, functions from the attribute.

use super::{pair, pair_with};

#[test]
fn labels_with_and_without_braces() {
    pair(
        r"a = \sigma(x_t W_x^{(a)} + h_{t-1} W_h^{a} + b^{(a)}) \\ h_t = a \odot h_{t-1} + W_x^c x_t",
        "a = sigmoid(x_t * W_x^(a) + h_{t-1} * W_h^(a) + b^(a)); h_t = a .* h_{t-1} + W_x^(c) * x_t;",
    );
}

#[test]
fn fonts() {
    pair(
        r"\mathbf h_t = \tanh(\boldsymbol{W}_{\rm in}\mathbf{x}_t + {\bf R}\mathbf{h}_{t-1} + b_{\text{rec}})",
        "h_t = tanh(W_in * x_t + R * h_{t-1} + b_rec);",
    );
}

#[test]
fn greek_scalars() {
    pair(
        r"v_t = \alpha v_{t-1} + (1 - \alpha) W x_t \\ y_t = \beta \tanh(v_t)",
        "v_t = α * v_{t-1} + (1 - α) * (W * x_t); y_t = β * tanh(v_t);",
    );
}

#[test]
fn accents() {
    pair(
        r"\tilde{h}_t = \tanh(W x_t) \\ \hat g_t = \sigma(\overline{V} x_t) \\
          h_t = \hat{g}_t \odot h_{t-1} + (1 - \hat g_t) \odot \tilde h_t",
        "h̃_t = tanh(W * x_t); ĝ_t = sigmoid(V̄ * x_t);
         h_t = ĝ_t .* h_{t-1} + (1 - ĝ_t) .* h̃_t;",
    );
}

#[test]
fn bar_of_overline() {
    pair(
        r"\bar{n}_t = \sigma(K x_t) \\ h_t = \bar n_t h_{t-1}",
        "n̄_t = sigmoid(K * x_t); h_t = n̄_t .* h_{t-1};",
    );
}

#[test]
fn function_letter_from_the_attribute() {
    pair_with(
        "φ = tanh",
        r"\begin{aligned} h_t &= \phi(W x_t + U h_{t-1} + b) \end{aligned}",
        "struct Test { h_t = tanh(W * x_t + U * h_{t-1} + b); }",
    );
}

#[test]
fn function_letter_with_a_label() {
    pair_with(
        "σ_g = sigmoid, σ_h = tanh",
        r"k_t = \sigma_g(W_k x_t) \\ h_t = \sigma_h(k_t \circ h_{t-1} + U x_t)",
        "struct Test { k_t = sigmoid(W_k * x_t); h_t = tanh(k_t .* h_{t-1} + U * x_t); }",
    );
}

#[test]
fn upright_functions() {
    pair(
        r"p_t = \mathrm{ReLU}(W x_t) \\ q_t = \operatorname{softplus}(V x_t) \\
          h_t = p_t \odot h_{t-1} + \text{SiLU}(q_t)",
        "p_t = relu(W * x_t); q_t = softplus(V * x_t); h_t = p_t .* h_{t-1} + silu(q_t);",
    );
}

#[test]
fn cumulative_functions() {
    pair(
        r"\hat{f}_t = \mathrm{cumax}(W x_t + U h_{t-1}) \\ a_t = \operatorname{cumsum}(V x_t) \\
          h_t = \hat{f}_t \odot h_{t-1} + (1 - \text{cumax}(\tanh(a_t))) \circ a_t",
        "f̂_t = cumax(W * x_t + U * h_{t-1}); a_t = cumsum(V * x_t);
         h_t = f̂_t .* h_{t-1} + (1 - cumax(tanh(a_t))) .* a_t;",
    );
}

#[test]
fn constant_from_the_attribute() {
    pair_with(
        "ε = 0.1",
        r"h_t = h_{t-1} + \epsilon \tanh(W x_t + U h_{t-1})",
        "struct Test { ε = 0.1; h_t = h_{t-1} + ε * tanh(W * x_t + U * h_{t-1}); }",
    );
}

#[test]
fn output_from_the_attribute() {
    pair_with(
        "output = h_t",
        r"h_t = \tanh(c_{t-1} + W x_t) \\ c_t = \sigma(V x_t) \odot h_t",
        "struct Test -> h_t { h_t = tanh(c_{t-1} + W * x_t); c_t = sigmoid(V * x_t) .* h_t; }",
    );
}

#[test]
fn declarations_of_text() {
    pair(
        r"x_t \in \mathbb{R}^I, h_t \in \mathbb{R}^H \\ w \in \mathbb{R} \\ b^{(g)} \sim 1 \\
          h_t = \tanh(w h_{t-1} + M x_t + b^{(g)})",
        "x_t: [I]; h_t: [H]; w: scalar; b^(g) ~ 1; h_t = tanh(w * h_{t-1} + M * x_t + b^(g));",
    );
}

#[test]
fn small_glyphs() {
    pair(
        "fₜ = σ(Wᶠ xₜ + bᶠ)\nhₜ = fₜ ⊙ hₜ₋₁ + (1 − fₜ) ∘ xₜ",
        "f_t = sigmoid(W^(f) * x_t + b^(f)); h_t = f_t .* h_{t-1} + (1 - f_t) .* x_t;",
    );
}

#[test]
fn step_times_matrix() {
    pair(
        r"h_t = \Delta A h_{t-1} + \Delta B x_t",
        "h_t = Δ * A * h_{t-1} + Δ * B * x_t;",
    );
    pair(
        r"\Delta W = \tanh(W) \\ h_t = \Delta W x_t + h_{t-1}",
        "ΔW = tanh(W); h_t = ΔW * x_t + h_{t-1};",
    );
}

#[test]
fn letters_of_a_mark_are_no_greek_letter() {
    let latex = |text: &str| {
        let cell = super::from_docs("", &format!("$$ {text} $$")).expect(text);
        cell.printed().remove(0).1
    };
    let printed = latex(r"h_t = W_{xi} x_t + W_{pi} h_{t-1}");
    assert!(
        printed.contains("W_{xi}") && printed.contains("W_{pi}"),
        "{printed}"
    );
    let printed = latex(r"h_t = W_{\xi} x_t + U_{beta} h_{t-1}");
    assert!(
        printed.contains(r"W_{\xi}") && printed.contains(r"U_{\beta}"),
        "{printed}"
    );
}

#[test]
fn a_step_in_a_mark_without_braces() {
    pair(
        r"\Delta_t = \mathrm{softplus}(W_\Delta x_t + b_\Delta) \\ h_t = \Delta_t \odot h_{t-1} + W x_t",
        "Δ_t = softplus(W_Δ * x_t + b_Δ); h_t = Δ_t .* h_{t-1} + W * x_t;",
    );
}

#[test]
fn vectors_as_matrices_of_one_row_or_column() {
    pair(
        r"f_t = \sigma(x_t W_f) \in \mathbb{R}^{1 \times d} \\ x_t \in \mathbb{R}^{d \times 1} \\
          h_t = f_t \odot h_{t-1} + x_t \in \mathbb{R}^{1 \times d}",
        "f_t = sigmoid(x_t * W_f); f_t: [d]; x_t: [d]; h_t = f_t .* h_{t-1} + x_t; h_t: [d];",
    );
}

#[test]
fn a_value_with_its_step_is_no_exponent_without() {
    // Masks of zoneout; `a^{c r_t}` and `a^{c_t}` are powers.
    pair(
        r"c_t = d^c_t \odot c_{t-1} + (1 - d^c_t) \odot \tanh(W x_t)",
        "c_t = d_t^(c) .* c_{t-1} + (1 - d_t^(c)) .* tanh(W * x_t);",
    );
    pair(
        r"c_t = \sigma(W x_t) \\ h_t = d_t^{c_t} h_{t-1}",
        "c_t = σ(W * x_t); h_t = d_t^{c_t} .* h_{t-1};",
    );
}
