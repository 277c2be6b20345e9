//! What articles print around their equations, and what they leave to the reader.

use super::{from_docs, from_tokens, pair, pair_with, plan_text, text_codes};

#[test]
fn words_far_behind_an_equation_are_prose() {
    for words in [
        "      forget gate",
        "    candidate",
        "   # update gate",
        "     (the new state)",
    ] {
        pair(
            &format!("f_t = σ(W x_t + U h_{{t-1}}){words}\nh_t = f_t ⊙ h_{{t-1}}{words}"),
            "f_t = sigmoid(W * x_t + U * h_{t-1}); h_t = f_t .* h_{t-1};",
        );
    }
    pair(
        r"f_t = \sigma(W x_t + U h_{t-1}) \quad candidate \\ h_t = f_t h_{t-1}",
        "f_t = sigmoid(W * x_t + U * h_{t-1}); h_t = f_t .* h_{t-1};",
    );
    // One blank does not tell.
    let codes = text_codes("f_t = σ(W x_t) forget gate\nh_t = f_t ⊙ h_{t-1}");
    assert_eq!(codes, ["words_behind_equation"]);
    // Symbols of the text are none.
    pair(
        "gain = σ(W x_t)\nh_t = gain h_{t-1} + tanh(V x_t)     gain",
        "gain = sigmoid(W * x_t); h_t = gain .* h_{t-1} + tanh(V * x_t) .* gain;",
    );
}

#[test]
fn rows_that_begin_with_a_value() {
    pair(
        r"c_t = f_t c_{t-1} + W x_t \\ c_t \text{: the memory of the unit} \\ h_t = \tanh(c_t) \\
          h_t \text{ is given on}",
        "c_t = f_t .* c_{t-1} + W * x_t; h_t = tanh(c_t);",
    );
    for text in [
        r"h_t = \tanh(W x_t + U h_{t-1}) \\ x_t",
        "h_t = tanh(W x_t + U h_{t-1})\nx_t",
    ] {
        assert_eq!(text_codes(text), ["row_without_sign"], "{text}");
    }
    // A line of LaTeX is no row, and an open bracket goes on.
    pair(
        "h_t = U\n  h_{t-1} \\odot (W \\\\ x_t)",
        "h_t = U * h_{t-1} .* (W * x_t);",
    );
}

#[test]
fn a_text_whose_displays_stand_in_brackets_has_prose() {
    let text = "\\[\nf_t = \\sigma(W x_t)\n\\]\n\\[\nh_t = f_t * h_{t-1}\n\\]\n\n\
                where:\n- \\( f_t \\): Forget gate";
    let docs = from_docs("", text).unwrap_or_else(|e| panic!("{}", e.join("\n")));
    let tokens = from_tokens("struct Test { f_t = sigmoid(W * x_t); h_t = f_t .* h_{t-1}; }");
    assert_eq!(
        Some(plan_text(&docs)),
        tokens.ok().map(|cell| plan_text(&cell))
    );
}

#[test]
fn the_last_step_and_components() {
    let text = r"h_t = \tanh(W x_t + U h_{t-1}) \\ y = V h_T";
    assert_eq!(text_codes(text), ["last_step"]);
    pair_with(
        "h_T = h_t",
        text,
        "struct Test { h_t = tanh(W * x_t + U * h_{t-1}); h_T = h_t; y_t = V * h_T; }",
    );
    let text = r"h_n = \tanh(W x_n + U h_{n-1}) \\ y = V h_N";
    assert_eq!(text_codes(text), ["last_step"]);
    let text = "h(t+1) = tanh(W_ij h_j + x(t))";
    assert_eq!(text_codes(text), ["component_of_value"]);
    // Labels of weights are labels.
    pair(
        r"i_t = \sigma(W_i x_t + w_i \odot i_{t-1} + b_i)",
        "i_t = sigmoid(W_i * x_t + w_i .* i_{t-1} + b_i);",
    );
}

#[test]
fn a_capital_that_a_value_has_too() {
    let text = r"V_t = \beta V_{t-1} + (1 - S_{t-1}) \odot X_t + V_{reset} S_{t-1} \\
                 S_t = \sigma(V_t - V_{th})";
    assert_eq!(text_codes(text), ["capital_of_value"]);
    let tokens = |size: &str| {
        format!(
            "struct Test {{ V_reset: {size}; V_t = β * V_{{t-1}} + (1 - S_{{t-1}}) .* X_t +
             V_reset * S_{{t-1}}; S_t = sigmoid(V_t - V_th); }}"
        )
    };
    for size in ["[H]", "scalar"] {
        pair_with(&format!("V_reset: {size}"), text, &tokens(size));
    }
}

#[test]
fn derivatives_with_primes() {
    for text in [
        r"h'(t) = A h(t) + B x(t) \\ y(t) = C h(t)",
        r"h'_t = A h_t + B x_t",
    ] {
        assert_eq!(text_codes(text)[0], "differential_equation", "{text}");
    }
    pair(
        r"h' = \tanh(W x + U h)",
        "h_t = tanh(W * x_t + U * h_{t-1});",
    );
}

#[test]
fn a_letter_of_a_sum_and_a_letter_of_a_step() {
    assert_eq!(
        text_codes("h(t+1) = tanh(Σ W_ij h(t) + x(t))"),
        ["sum_or_matrix"]
    );
    pair_with(
        "Σ: [H, H]",
        r"h_t = \tanh(\Sigma h_{t-1} + W x_t)",
        "struct Test { Σ: [H, H]; h_t = tanh(Σ * h_{t-1} + W * x_t); }",
    );
    let text = "h(t+1) = h(t) + delta_t*k(t)";
    assert_eq!(text_codes(text), ["step_size_or_input"]);
    pair_with(
        "delta_t = 0.1",
        text,
        "struct Test { delta = 0.1; h_t = h_{t-1} + delta * k_t; }",
    );
    // A selective step has an equation, and elsewhere steps stand below.
    pair(
        r"\Delta_t = \mathrm{softplus}(W x_t) \\ h_t = \Delta_t h_{t-1} + \delta_t \odot x_t",
        "Δ_t = softplus(W * x_t); h_t = Δ_t .* h_{t-1} + δ_t .* x_t;",
    );
}

#[test]
fn functions_of_one_value() {
    let text = r"\Delta_t = \mathrm{softplus}(s_\Delta(x_t)) \\ h_t = \Delta_t h_{t-1}";
    assert_eq!(text_codes(text), ["unknown_function"]);
    pair_with(
        "s_Δ(u) = V * u",
        text,
        "struct Test { Δ_t = softplus(V * x_t); h_t = Δ_t .* h_{t-1}; }",
    );
    // Numbers and step sizes multiply.
    pair(
        r"h_t = h_{t-1} + \Delta t (W x_t - h_{t-1})",
        "h_t = h_{t-1} + Δt * (W * x_t - h_{t-1});",
    );
}

#[test]
fn forecasts() {
    for left in [r"\hat{y}_{t+h|t}", r"\hat{y}_{t+h}"] {
        let text = format!(r"l_t = \alpha y_t + (1 - \alpha) l_{{t-1}} \\ {left} = l_t + h b");
        assert_eq!(text_codes(&text), ["delay_not_number"], "{left}");
        let name = match left.contains('|') {
            true => "ŷ_pred",
            false => "ŷ",
        };
        pair_with(
            "h = 1",
            &text,
            &format!(
                "struct Test {{ h = 1; l_t = α * y_t + (1 - α) * l_{{t-1}};
                 {name}_t = l_t + h * b; }}"
            ),
        );
    }
}

#[test]
fn names_with_a_label_and_a_step_in_brackets() {
    pair_with(
        "f = tanh",
        "x(n+1) = f(W*x(n) + W_in*u(n) + W_fb*y_teacher(n))",
        "struct Test { x_t = tanh(W * x_{t-1} + W_in * u_t + W_fb * y_teacher_t); }",
    );
    for text in [
        "u[k] = Kp*e[k] + Kd*(e[k]-e[k-1])",
        "u(k) = K_p e(k) + K_d (e(k)-e(k-1))",
    ] {
        let text = text.replace("Kp", "K_p").replace("Kd", "K_d");
        pair(&text, "u_t = K_p * e_t + K_d * (e_t - e_{t-1});");
    }
}

#[test]
fn weights_have_no_time_index() {
    for text in [
        r"h_t = \tanh(x_t W_h) \odot \sigma(x_t W_t + h_{t-1} T)",
        r"h_t = \tanh(W_h x_t) \odot \sigma(W_t x_t + T h_{t-1})",
    ] {
        assert_eq!(text_codes(text)[0], "matrix_as_input", "{text}");
    }
    let cell = from_docs("W_t: [X], x_t: [X]", r"$$h_t = x_t W_t + h_{t-1}$$");
    assert!(cell.is_ok());
}

#[test]
fn rows_of_a_batch() {
    let declared = r"$\mathbf{X}_t \in \mathbb{R}^{n \times d}$, $\mathbf{H}_{t-1} \in \mathbb{R}^{n \times h}$
        and once more $\mathbf{H}_t \in \mathbb{R}^{n \times h}$, $\mathbf{W}_{xh} \in \mathbb{R}^{d \times h}$,
        $\mathbf{b}_h \in \mathbb{R}^{1 \times h}$";
    let equation = r"$$\mathbf{H}_t = \tanh(\mathbf{X}_t \mathbf{W}_{xh} + \mathbf{H}_{t-1} \mathbf{W}_{hh} + \mathbf{b}_h)$$";
    pair_with(
        "",
        &format!("{declared}\n\n{equation}"),
        "struct Test { X_t: [d]; H_t: [h]; W_xh: [d, h]; b_h: [h];
         H_t = tanh(X_t * W_xh + H_{t-1} * W_hh + b_h); }",
    );
    // A graph has as many rows as its nodes, which its matrix joins.
    pair_with(
        "",
        r"$X_t \in \mathbb{R}^{N \times d}$ $A \in \mathbb{R}^{N \times N}$ $$H_t = \tanh(A X_t W + H_{t-1} U)$$",
        "struct Test { X_t: [N, d]; A: [N, N]; H_t = tanh(A * X_t * W + H_{t-1} * U); }",
    );
}

#[test]
fn ascii_of_programs() {
    pair(
        "h_t = tanh(x_t @ W_ih.T + h_{t-1} @ W_hh.T + b)",
        "h_t = tanh(x_t * W_ih^T + h_{t-1} * W_hh^T + b);",
    );
    pair(
        "ht = tanh(Wxt + Uht-1)\nyt = Vht",
        "h_t = tanh(W * x_t + U * h_{t-1}); y_t = V * h_t;",
    );
    pair(
        "v_t = v_{t-1} + dt * a_t\np_t = p_{t-1} + dt * v_{t-1} + (1/2) dt^2 * a_t",
        "dt: scalar; v_t = v_{t-1} + dt * a_t; p_t = p_{t-1} + dt * v_{t-1} + (1 / 2) * dt^2 * a_t;",
    );
    let text = "h = tanh(x @ W + h' @ U)";
    assert_eq!(text_codes(text), ["past_by_label"]);
    let text = "z = σ(x @ Wz + h @ Uz)\nh_next = z * h + (1 - z) * tanh(x @ W)";
    assert_eq!(text_codes(text), ["plain_beside_defined"]);
    pair_with(
        "h = h_next_{t-1}, input = x",
        text,
        "struct Test { h = h_next_{t-1}; z = sigmoid(x_t * Wz + h * Uz);
         h_next_t = z .* h + (1 - z) .* tanh(x_t * W); }",
    );
}

#[test]
fn steps_of_a_length() {
    for step in [r"\Delta t", r"\delta t"] {
        pair(
            &format!(r"x(t+{step}) = 2 x(t) - x(t-{step}) + a(t) h"),
            "x_t = 2 * x_{t-1} - x_{t-2} + a_t .* h;",
        );
    }
    pair(
        r"x(t + \Delta t) = x(t) + \Delta t (W x(t) + u(t))",
        "x_t = x_{t-1} + Δt * (W * x_{t-1} + u_t);",
    );
}

#[test]
fn operators_named_by_a_capital() {
    let text = r"h_t = \tanh(W [D(x_t), h_{t-1}])";
    assert_eq!(text_codes(text), ["unknown_function"]);
    pair_with(
        "D(u) = dropout(0.5, u)",
        text,
        "struct Test { h_t = tanh(W * [dropout(0.5, x_t), h_{t-1}]); }",
    );
    // Letters of weights are weights.
    pair(
        r"h_t = \tanh(W(x_t) + U(h_{t-1}))",
        "h_t = tanh(W * x_t + U * h_{t-1});",
    );
}

#[test]
fn line_breaks_of_other_documentation() {
    pair(
        "\\begin{array}{ll}<br>\n f_t = \\sigma(W x_t) \\\\<br>\n h_t = f_t * h_{t-1}<br/>\n\\end{array}",
        "f_t = sigmoid(W * x_t); h_t = f_t .* h_{t-1};",
    );
}
