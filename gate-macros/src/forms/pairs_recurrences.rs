//! Notation of filters, observers and statistics, and what their texts share with cells.

use super::{from_docs, pair, pair_with, plan_text, text_codes};

#[test]
fn time_in_brackets_by_another_letter() {
    for text in [
        r"h(k+1) = A h(k) + L [y(k) - C h(k)]",
        r"h[k+1] = A h[k] + L (y[k] - C h[k])",
        r"h(k) = A h(k-1) + L (y(k) - C h(k-1))",
    ] {
        pair(text, "h_t = A * h_{t-1} + L * (y_t - C * h_{t-1});");
    }
    // A function that is defined is one.
    pair(
        r"\phi(u) = u \sigma(u - 1) \\ h_t = \phi(W x_t + U h_{t-1})",
        "φ(u) = u .* sigmoid(u - 1); h_t = φ(W * x_t + U * h_{t-1});",
    );
}

#[test]
fn sums_over_past_samples_in_brackets() {
    for text in [
        r"y[n] = \sum_{i=0}^{2} b_i x[n-i] - \sum_{j=1}^{2} a_j y[n-j]",
        r"y(n) = \sum_{i=0}^{2} b_i x(n-i) - \sum_{j=1}^{2} a_j y(n-j)",
        r"y_n = \sum_{i=0}^{2} b_i x_{n-i} - \sum_{j=1}^{2} a_j y_{n-j}",
    ] {
        pair(
            text,
            "y_t = b_0 .* x_t + b_1 .* x_{t-1} + b_2 .* x_{t-2} - (a_1 .* y_{t-1} + a_2 .* y_{t-2});",
        );
    }
}

#[test]
fn a_value_and_the_last_step_that_it_is_told_from() {
    for index in [["k|k-1", "k-1|k-1", "k|k"], [r"k \mid k-1", "k-1", "k"]] {
        let [predicted, before, now] = index;
        pair(
            &format!(
                r"h_{{{predicted}}} = F h_{{{before}}} + B u_k \\
                  h_{{{now}}} = h_{{{predicted}}} + K (z_k - H h_{{{predicted}}})"
            ),
            "h_pred_t = F * h_{t-1} + B * u_t; h_t = h_pred_t + K * (z_t - H * h_pred_t);",
        );
    }
    // Smoothed from what comes later.
    assert_eq!(
        text_codes(r"h_{t|T} = A h_{t-1|T} + B u_t")[0],
        "index_form"
    );
}

#[test]
fn a_symbol_with_and_without_time() {
    let tokens = "r_t = sigmoid(W * x_t); a_t = p^{c * r_t}; h_t = a_t .* h_{t-1} + x_t; c = 8;
                  p = sigmoid(Λ);";
    let text =
        r"r_t = \sigma(W x_t) \\ a_t = a^{c r_t} \\ h_t = a_t \odot h_{t-1} + x_t, \quad c = 8";
    for (arguments, text) in [
        ("", &*format!(r"{text} \\ a = \sigma(\Lambda)")),
        ("a = sigmoid(Λ)", text),
    ] {
        let cell = from_docs(arguments, &format!("```math\n{text}\n```"));
        let cell = cell.unwrap_or_else(|e| panic!("{}", e.join("\n")));
        assert!(
            plan_text(&cell).contains("let a_t "),
            "{}",
            plan_text(&cell)
        );
    }
    pair(
        &text
            .replace("a^", "p^")
            .replace("c = 8", r"c = 8 \\ p = \sigma(\Lambda)"),
        tokens,
    );
    // Nothing says what `a` is: the step before may be meant.
    assert_eq!(text_codes(text), ["cycle"]);
}

#[test]
fn a_greek_letter_in_a_sum_beside_the_circled_dot_is_a_vector() {
    for (left, shape) in [
        (
            r"\lambda_t = \gamma + (1 - \gamma) \odot \sigma(W x_t)",
            " [H]",
        ),
        (
            r"\lambda_t = \gamma + \sigma(W x_t) \odot (1 - \gamma)",
            " [H]",
        ),
        (r"\lambda_t = \gamma + (1 - \gamma) \sigma(W x_t)", ""),
    ] {
        let text = format!(
            "```math\n{left} \\\\ h_t = \\lambda_t \\odot h_{{t-1}} + (1 - \\lambda_t) \\odot V x_t\n```"
        );
        let cell = from_docs("", &text).unwrap_or_else(|e| panic!("{}", e.join("\n")));
        let plan = plan_text(&cell);
        assert!(plan.contains(&format!("param(0) γ{shape}\n")), "{plan}");
    }
}

#[test]
fn a_function_of_a_greek_letter_beside_the_circled_dot_is_a_vector() {
    for side in [
        r"\sigma(\gamma)",
        r"\exp(-\gamma)",
        r"e^{-e^{\gamma}}",
        r"\left(1 - \frac{1}{\gamma}\right)",
        r"\sqrt{1 - \gamma^2}",
        r"2 \gamma",
        r"\exp(-\Delta t / \gamma)",
    ] {
        let shape = |sign: &str| {
            let text = format!("$$h_t = {side} {sign} h_{{t-1}} + x_t$$");
            let cell = from_docs("", &text).unwrap_or_else(|e| panic!("{}", e.join("\n")));
            let plan = plan_text(&cell);
            assert!(!plan.contains(") Δt ["), "{plan}");
            plan.contains(") γ [X]\n")
        };
        assert!(shape(r"\odot"), "{side}");
        assert!(!shape(r"\,"), "{side}");
    }
    // The side is a vector by what else is in it.
    let text = r"$$h_t = \sigma(W x_t + \gamma) \odot h_{t-1}$$";
    let cell = from_docs("", text).unwrap_or_else(|e| panic!("{}", e.join("\n")));
    assert!(!plan_text(&cell).contains("γ ["));
}

#[test]
fn an_inner_product_that_may_be_a_layer() {
    for term in [r"\langle w, x_t \rangle", r"\langle x_t, w \rangle"] {
        let text = format!(r"h_t = \tanh({term} + U h_{{t-1}} + b)");
        assert_eq!(text_codes(&text), ["one_unit"]);
        pair_with(
            "w: [I, H]",
            &text,
            "struct Test { h_t = tanh(w^T * x_t + U * h_{t-1} + b); w: [I, H]; }",
        );
    }
    // Who writes the function means one number.
    pair(
        r"h_t = \tanh(\mathrm{dot}(w, x_t) + U h_{t-1} + b)",
        "h_t = tanh(dot(w, x_t) + U * h_{t-1} + b);",
    );
    // All of it is one.
    pair(
        r"g_t = \sigma(\langle w, x_t \rangle + b) \\ h_t = g_t h_{t-1} + V x_t",
        "g_t = sigmoid(dot(w, x_t) + b); b: scalar; h_t = g_t * h_{t-1} + V * x_t;",
    );
}

#[test]
fn a_product_of_values_that_is_added_to_a_vector() {
    let text = r"e_n = d_n - w_{n-1}^\top x_n \\ w_n = w_{n-1} + \mu e_n x_n";
    assert_eq!(text_codes(text), ["one_unit"]);
    let inner = text.replace(r"w_{n-1}^\top x_n", r"\langle w_{n-1}, x_n \rangle");
    assert_eq!(text_codes(&inner), ["one_unit"]);
    pair_with(
        "d_n: scalar",
        text,
        "struct Test(d_t, x_t) -> w_t { e_t = d_t - w_{t-1}^T * x_t; d_t: scalar; e_t: scalar;
         w_t = w_{t-1} + μ * e_t * x_t; }",
    );
}

#[test]
fn division_element_by_element() {
    pair(
        r"y_t = x_t \oslash (1 + h_{t-1}) \\ h_t = \tanh(y_t)",
        "y_t = x_t / (1 + h_{t-1}); h_t = tanh(y_t);",
    );
}

#[test]
fn a_step_size_that_looks_like_a_matrix() {
    let text =
        r"p_k = p_{k-1} + \Delta T v_{k-1} \\ v_k = v_{k-1} + \frac{\beta}{\Delta T} (x_k - p_k)";
    assert_eq!(text_codes(text), ["change_of_capital"]);
    pair(
        r"\bar{A} = \exp(\Delta A) \\ h_t = \bar{A} \odot h_{t-1} + \Delta B x_t",
        "Ā = exp(Δ * A); A: [H]; h_t = Ā .* h_{t-1} + Δ * (B * x_t);",
    );
}

#[test]
fn functions_before_square_brackets() {
    for function in [r"\Re", r"\mathrm{Re}", r"\operatorname{Im}"] {
        let text = format!(r"h_t = A h_{{t-1}} + B x_t \\ y_t = {function}[C h_t] + D x_t");
        assert_eq!(text_codes(&text), ["function_outside"]);
    }
    assert_eq!(
        text_codes(r"h_t = \tanh(\mathrm{MLP}[x_t, h_{t-1}])"),
        ["unknown_function"]
    );
}

#[test]
fn a_dot_between_weights_and_values() {
    for text in [
        r"h_t = \sigma(w \cdot x_t + b) \odot h_{t-1}",
        r"h_t = \tanh(W x_t) + \tanh(U h_{t-1}) \cdot u",
    ] {
        assert_eq!(text_codes(text), ["dot_of_weights"], "{text}");
    }
    pair_with(
        "w: [I]",
        r"h_t = \sigma(w \cdot x_t + b) \odot h_{t-1}",
        "struct Test { h_t = sigmoid(w .* x_t + b) .* h_{t-1}; w: [I]; }",
    );
    pair(
        r"f_t = \sigma(W \cdot x_t) \\ h_t = f_t \cdot h_{t-1} + \alpha \cdot x_t + w * x_t",
        "f_t = sigmoid(W * x_t); h_t = f_t .* h_{t-1} + α * x_t + w .* x_t;",
    );
}

#[test]
fn a_plain_name_beside_what_the_step_computes() {
    for text in [
        r"x^+ = A x + B u_t",
        r"x^{+} = A x + B u",
        r"h_{\text{new}} = \tanh(W x_t + U h)",
        r"r_t = \sigma_t z_t \\ \sigma_t^2 = \omega + \alpha r_{t-1}^2 + \beta \sigma_{t-1}^2",
    ] {
        assert_eq!(text_codes(text), ["plain_beside_defined"], "{text}");
    }
    assert_eq!(text_codes(r"h = \tanh(W x + U h_{-1})"), ["past_by_label"]);
    // Nothing reads `σ` but as a square.
    let cell = from_docs(
        "",
        r"$$\sigma_t^2 = \lambda \sigma_{t-1}^2 + (1 - \lambda) r_t^2$$",
    );
    let plan = plan_text(&cell.unwrap_or_else(|e| panic!("{}", e.join("\n"))));
    assert!(plan.contains("state σ_2 [R]"), "{plan}");
}

#[test]
fn capitals_that_are_numbers() {
    let text = r"u_k = K_p e_k + K_i T s_k + \frac{K_d}{T} (e_k - e_{k-1}) + u_{k-1}";
    assert_eq!(text_codes(text), ["divided_by_capital"]);
    pair_with(
        "T: scalar",
        text,
        "struct Test { u_t = K_p * e_t + K_i * T * s_t + (K_d / T) * (e_t - e_{t-1}) + u_{t-1}; T: scalar; }",
    );
    pair_with(
        "K = 3",
        r"y[n] = x[n] + \alpha y[n-K]",
        "struct Test { K = 3; y_t = x_t + α * y_{t-K}; }",
    );
}
