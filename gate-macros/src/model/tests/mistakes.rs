//! One test for each message.

mod declarations;
mod definitions;
mod functions;
mod readings;

use super::{codes, resolved};
use crate::diag::Diagnostics;
use crate::model::resolve;
use crate::read::{Kind, read_tokens};
use crate::syntax::{parse_cell, parse_header};

/// Checks that a body gives these messages and no others.
fn gives(body: &str, expected: &[&str]) {
    assert_eq!(codes("struct Test", body), expected, "{body}");
}

#[test]
fn unknown_function() {
    let body = "h_t = tahn(x_t) + φ(x_t) + s(x_t) + σ_g(x_t) + foo(x_t, x_t) + FOO(x_t);";
    gives(body, &["unknown_function"; 6]);
    let (_, diagnostics) = resolved("struct Test", body);
    let texts = super::texts(&diagnostics);
    assert!(texts[0].contains("did you mean `tanh`?"), "{}", texts[0]);
    assert!(texts[1].contains("`φ(u) = tanh(u);`"), "{}", texts[1]);
    assert!(texts[2].contains("`s * (…)`"), "{}", texts[2]);
    assert!(texts[3].contains("did you mean `σ`?"), "{}", texts[3]);
}

#[test]
fn functions_of_other_libraries() {
    for (call, code) in [
        ("concat(x_t, h_{t-1})", "foreign_function"),
        ("relu6(x_t)", "foreign_function"),
        ("Attention(x_t, x_t, x_t)", "function_outside"),
        ("conv1d(x_t)", "function_outside"),
        ("BN(x_t)", "function_outside"),
    ] {
        gives(&format!("h_t = {call} + h_{{t-1}};"), &[code]);
    }
}

#[test]
fn past_by_label() {
    gives("h_t = tanh(x_t * W + h_prev * U);", &["past_by_label"]);
    gives("h_t = tanh(x_t * W + h^(old) * U);", &["past_by_label"]);
    for name in [
        "h_t_1",
        "h_t_minus_1",
        "h_tm_1",
        "prev_h",
        "hprev",
        "ht1",
        "H_t_1",
    ] {
        gives(
            &format!("h_t = tanh(x_t * W + {name} * U);"),
            &["past_by_label"],
        );
    }
    let (_, diagnostics) = resolved("struct Test", "h_t = x_t * W + h_t_2 + x_t_1 * V;");
    let texts = super::texts(&diagnostics);
    assert!(texts[0].contains("`h_t_2` is an input"), "{}", texts[0]);
    assert!(texts[0].contains("write `h_{t-2}`"), "{}", texts[0]);
    assert!(texts[1].contains("write `x_{t-1}`"), "{}", texts[1]);
    for body in [
        "h_t_1: [H]; h_t = tanh(x_t * W + h_t_1);",
        "y_t = x_t_1 * W + x_t_2 * V + y_{t-1};",
        "f = x_t * W; h_t = f .* flag_t + hold .* h_{t-1};",
    ] {
        super::cell(body);
    }
    super::cell("h_prev: [H]; h_t = tanh(x_t * W) + h_prev;");
    super::cell("h_t = tanh(x_t * W_prev);");
}

#[test]
fn definitions_that_are_no_step() {
    for (body, code) in [
        ("h_t = x_t + sum_{k=1}^{t} h_k;", "all_past_states"),
        (
            "h_t = softmax(q_t * K_{1:t}^T) * V_{1:t};",
            "all_past_states",
        ),
        ("h_t = x_t + h_{<t};", "all_past_states"),
        ("h_t = x_t + max_{k <= t} x_k;", "all_past_states"),
        ("h_t = x_t + sum_i x_i;", "sum_over_index"),
        ("h_j = x_j + sum_{k = 1} h_k;", "sum_over_index"),
        (
            "h_{i,j} = W * h_{i-1,j} + U * h_{i,j-1} + V * x_{i,j};",
            "two_dimensional",
        ),
        (
            "h_{i,j} = W * h_{i-1,j-1} + V * x_{i,j};",
            "two_dimensional",
        ),
        (
            "h_t = W * x_t + U * h_{left} + V * h_{right};",
            "tree_structured",
        ),
        ("h_t = W * x_t + U * h^(l) + V * h^(r);", "tree_structured"),
        ("ḣ = W * x_t + U * h;", "differential_equation"),
    ] {
        gives(body, &[code]);
    }
    // Steps with labels, and a sum of the user's own.
    for body in [
        "h_{t,k} = tanh(x_t * W + h_{t-1,k} * U);",
        "h_t^(l) = tanh(x_t * W + h_{t-1}^(l) * U);",
        "sum_all(u) = sum(u); h_t = x_t * sum_all(x_t) + h_{t-1};",
        "h^(left)_t = x_t + h^(left)_{t-1}; y_t = h^(left);",
    ] {
        super::cell(body);
    }
}

#[test]
fn letters_of_one_name() {
    gives(
        "s_t = x_t * B + s_{t-1}; y_t = s_t + S_t;",
        &["input_by_case"],
    );
    gives("y_t = x_t * B + X_t;", &["input_by_case"]);
    super::cell("x_t = tanh(X_t * V); h_t = x_t + h_{t-1};");
    super::cell("S_t: [H]; s_t = x_t * B + s_{t-1}; y_t = s_t + S_t;");
    super::cell_of("struct T(x_t, X_t)", "y_t = x_t * B + X_t;");
    for body in [
        "θ_t = x_t * W; h_t = theta_t + h_{t-1} + θ_t;",
        "h_t = epsilon * h_{t-1} + ε * x_t;",
        "h_t = epsilon * h_{t-1} + ϵ * x_t;",
        "h_t = tanh(x_t * W_θ + b_θ + h_{t-1} * W_theta);",
        "ξ_t = x_t * W + xi_{t-1};",
    ] {
        gives(body, &["spelled_letter"]);
    }
    super::cell("h_t = epsilon * h_{t-1} + varepsilon * x_t;");
}

#[test]
fn one_mistake_is_one_message() {
    // A capital would be a matrix, which says nothing of what is meant.
    gives("h_t = tanh(x_t * W + H_tm1 * U);", &["past_by_label"]);
    gives(
        "a_t = a^(2 * x_t); a = σ(Λ); h_t = a_t + h_{t-1};",
        &["duplicate_definition"],
    );
    let body = "β = σ(W * x_t); S_t = S_{t-1} * (I - β * k_t * k_t^T) + β * v_t * k_t^T;";
    gives(body, &["product_needs_brackets"]);
    let body = "S_t: [K, V]; M_t: [V, K]; S_t = S_{t-1} + outer(M_{t-1} * k_t, k_t);
        M_t = M_{t-1} + S_t; y_t = M_t * q_t;";
    gives(body, &["size_conflict"]);
    let both = "x_t: [I]; h_t: [H]; W: [H, I]; U: [I, H]; h_t = tanh(x_t * W + h_{t-1} * U);";
    gives(both, &["size_conflict"; 2]);
}

#[test]
fn comparison_as_value() {
    gives("h_t = (x_t > 0) + x_t;", &["comparison_as_value"]);
}

#[test]
fn condition_not_comparison() {
    gives("h_t = where(x_t, 1, 0);", &["condition_not_comparison"]);
}

#[test]
fn kinds_differ() {
    gives("h_t = W x_t + outer(x_t, x_t);", &["kinds_differ"]);
}

#[test]
fn argument_kind() {
    gives(
        "h_t = dot(C, x_t) + W * x_t; C: [H, H];",
        &["argument_kind"],
    );
    gives(
        "h_t = x_t ⊗ C; C: [H, H];"
            .replace('⊗', "* x_t^T + outer(x_t, C) *")
            .as_str(),
        &["argument_kind"],
    );
}

#[test]
fn concat_of_no_vector() {
    gives("C: [2, 2]; h_t = W [x_t, C];", &["concat_of_no_vector"]);
}

#[test]
fn left_kind() {
    gives("h_t: scalar; h_t = W x_t;", &["left_kind"]);
    gives("γ: [H]; γ = 0.5; h_t = γ .* x_t;", &["left_kind"]);
}

#[test]
fn product_needs_brackets() {
    gives("h_t = x_t W h_{t-1};", &["product_needs_brackets"]);
    gives("h_t = W * x_t * h_{t-1};", &["product_needs_brackets"]);
}

#[test]
fn time_as_value() {
    gives("h_t = t * x_t + h_{t-1};", &["time_as_value"]);
    super::cell("t ~ 1; h_t = t * x_t + h_{t-1};");
    super::cell("h_t = W^(t) * x_t + b_t + h_{t-1};");
}

#[test]
fn size_or_identity() {
    gives(
        "x_t: [I]; h_t = 2 * I * x_t + h_{t-1};",
        &["size_or_identity"],
    );
    super::cell("h_t = 2 * I * x_t + h_{t-1};");
    super::cell("I: [H]; x_t: [I]; h_t = I .* h_{t-1} + x_t * W;");
}

#[test]
fn power_of_matrix() {
    gives("h_t = W^{-1} x_t + (W * W)^2 x_t;", &["power_of_matrix"; 2]);
}

#[test]
fn probability_not_fixed() {
    gives("h_t = dropout(p, x_t);", &["probability_not_fixed"]);
}

#[test]
fn size_conflict() {
    let body = "x_t: [I]; h_t: [H]; h_t = x_t + h_{t-1};";
    gives(body, &["size_conflict"]);
    let (_, diagnostics) = resolved("struct Test", body);
    let message = &diagnostics.list()[0];
    assert!(
        message.text.contains("`x_t` and `h_{t-1}` are added"),
        "{}",
        message.text
    );
    assert!(message.text.contains("`I` against `H`"), "{}", message.text);
    assert_eq!(message.others.len(), 1);
    let body = "x_t: [I]; h_t: [H]; a = x_t .* b; c = a + d; h_t = c + h_{t-1};";
    let (_, diagnostics) = resolved("struct Test", body);
    let text = &diagnostics.list()[0].text;
    let chain = "\n`I` is declared for `x` and reaches `c` through\n  a = x_t .* b\n  c = a + d\n\
                 `H` is declared for `h`\n";
    assert!(text.contains(chain), "{text}");
    let (_, diagnostics) = resolved(
        "struct Test",
        "x_t: [Hi]; b: [Hidden]; c: [Hiden]; h_t = W x_t + b + c;",
    );
    let text = &diagnostics.list()[0].text;
    assert!(text.contains("did you mean `Hidden` in both?"), "{text}");
    gives(
        "h_t = W [h_{t-1}, x_t] + [h_{t-1}, x_t];",
        &["size_conflict"],
    );
    gives(
        "x_t: [4]; h_t: [H]; h_t = x_t .* h_{t-1};",
        &["size_conflict"],
    );
    gives("x_t: [4]; u_t: [5]; h_t = x_t + u_t;", &["size_conflict"]);
}

#[test]
fn sizes_open() {
    gives(
        "h_t = [a_t, b_t, x_t] + [c_t, d_t]; a_t = W x_t; b_t = V x_t; c_t = U x_t; d_t = R x_t;",
        &["sizes_open"],
    );
    // The rest of `h` would be one less than `H`.
    gives(
        "h_t: [H]; h_t = tanh(W x_t + [h_{t-1}[1..], h_{t-1}[0..1]]);",
        &["sizes_open"],
    );
}

#[test]
fn mistakes_do_not_cascade() {
    gives(
        "f = foo(x_t); g = f .* x_t + W f; h_t = g + f / g;",
        &["unknown_function"],
    );
}

#[test]
fn cases_without_otherwise() {
    let mut diagnostics = Diagnostics::default();
    let source = "struct T { h_t = begin x_t align x_t > 0 row 1 align x_t > 1 end; }";
    let stream = source.parse().expect("Rust tokens");
    let (header, body) = parse_header(stream, &mut diagnostics).expect("a struct line");
    let mut tokens = read_tokens(body, &mut diagnostics);
    // `cases` exists in text only.
    for token in &mut tokens {
        let Kind::Word(word) = &token.kind else {
            continue;
        };
        token.kind = match word.as_str() {
            "begin" => Kind::CasesBegin,
            "align" => Kind::Align,
            "row" => Kind::Row,
            "end" => Kind::CasesEnd,
            _ => continue,
        };
    }
    let definition = parse_cell(header, &tokens, &mut diagnostics);
    resolve(definition, &mut diagnostics);
    let codes: Vec<&str> = diagnostics.list().iter().map(|d| d.code).collect();
    assert_eq!(codes, ["cases_without_otherwise"]);
}

#[test]
fn function_not_given() {
    let body = "f_t = f(W_f x_t + U_f h_{t-1}); i_t = f(W_i x_t); h_t = f_t .* h_{t-1} + i_t;";
    gives(body, &["function_not_given"]);
    super::cell(&format!("f(u) = sigmoid(u); {body}"));
    super::cell("f = sigmoid(W x_t); h_t = f (h_{t-1} + x_t);");
}

#[test]
fn small_transpose() {
    gives("h_t = U^t x_t + h_{t-1};", &["small_transpose"]);
    super::cell("h_t = U^(t) x_t + h_{t-1};");
    super::cell("U^t: [H, X]; h_t = U^t x_t + h_{t-1};");
}

#[test]
fn forgotten_comma() {
    gives("h_t = W [x_t h_{t-1}];", &["forgotten_comma"]);
    super::cell("h_t = W [x_t, h_{t-1}];");
    super::cell("h_t = W [V x_t] + [U h_{t-1}];");
}

#[test]
fn element() {
    let (_, diagnostics) = super::parsed("h_t = x_t[0] * h_{t-1};");
    assert_eq!(diagnostics.codes(), ["element"]);
}

#[test]
fn what_hangs_on_a_cycle_is_not_reported_too() {
    gives(
        "a = b * W + x_t; b = a * U; h_t = a .* V + b + h_{t-1} * R;",
        &["cycle"],
    );
}

#[test]
fn attention_is_told_that_and_nothing_else() {
    gives("h_t = Attention(Q, K, V);", &["function_outside"]);
}
