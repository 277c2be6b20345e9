//! Mistakes of names, times, and of what is defined or listed.

use super::super::{cell, codes, parsed, resolved, texts};
use super::gives;

#[test]
fn loop_over_time() {
    let (_, diagnostics) = parsed("for t in 1..=3 { h_t = x_t; }");
    assert_eq!(diagnostics.codes(), ["loop_over_time"]);
}

#[test]
fn loop_too_long() {
    let body = "for k in 1..=900 { a_k = x_t; b_k = x_t; c_k = x_t; d_k = x_t; g_k = x_t; }";
    gives(body, &["loop_too_long"]);
}

#[test]
fn too_large() {
    let body = "f(u) = u + u; g(u) = f(f(f(f(f(f(f(f(u)))))))); h_t = g(g(g(x_t)));";
    gives(body, &["too_large"]);
}

#[test]
fn nested_too_deeply() {
    let nested = |function: &str, times: usize, inner: &str| {
        let (open, close) = (format!("{function}(").repeat(times), ")".repeat(times));
        format!("{open}{inner}{close}")
    };
    let f = nested("tanh", 30, "u");
    let body = format!("f(u) = {f}; h_t = {};", nested("f", 20, "x_t"));
    gives(&body, &["nested_too_deeply"]);
    let matrices = " * W".repeat(500);
    gives(&format!("h_t = x_t{matrices};"), &["nested_too_deeply"]);
}

#[test]
fn two_time_indices() {
    gives("h_t = x_{t-1}(t);", &["two_time_indices"]);
}

#[test]
fn delay_not_number() {
    gives("h_t = x_{t-d} + h_{t-1};", &["delay_not_number"]);
}

#[test]
fn delay_no_count() {
    for delay in ["1000000", "1.5", "d"] {
        gives(
            &format!("d = 10000000; h_t = x_t + h_{{t-{delay}}} + d;"),
            &["delay_no_count"],
        );
    }
}

#[test]
fn chunk_count() {
    gives("h_t = chunk(x_t, n)[0] + h_{t-1};", &["chunk_count"]);
    gives(
        "n = 2; (a, b) = chunk(x_t, n); h_t = a + b;",
        &["chunk_count"],
    );
    cell("for k in 2..=2 { (a_k, b_k) = chunk(x_t, k); } h_t = a_2 + b_2;");
}

#[test]
fn numbers_agree_with_nouns() {
    for (body, expected) in [
        ("(a, b) = chunk(x_t, 1); h_t = a;", "there is one part\n"),
        ("(a, b) = chunk(x_t, 3); h_t = a;", "there are 3 parts\n"),
        ("h_t = h_{t+2} + x_t;", "`h` 2 steps ahead"),
        ("h_t = h_{t+1} + x_t;", "`h` one step ahead"),
        ("h_t = tanh(x_t, x_t);", "takes one argument, not 2"),
    ] {
        let (_, diagnostics) = resolved("struct Test", body);
        let texts = texts(&diagnostics);
        assert!(texts.iter().any(|t| t.contains(expected)), "{texts:?}");
    }
}

#[test]
fn index_form() {
    for index in ["t--1", "-t", "1-t", "t*2", "t-1+0", "t-2*1", "t/2", "2*t"] {
        gives(&format!("h_t = x_t * W + h_{{{index}}};"), &["index_form"]);
    }
    gives("h_{t*2} = x_t;", &["index_form"]);
    gives("h^(t) = x^(t) + h^(t-1) + h^{t--1};", &["index_form"]);
    gives("h_n = x_n + h_{n-1} + h_{2*n};", &["index_form"]);
    cell("h_t = W_{xt} x_t + W_{x-t1} x_t + W^{t*} h_{t-1} + b_{*};");
}

#[test]
fn index_letter() {
    gives("h_t = x_t + h_{n-1};", &["index_letter"]);
}

#[test]
fn future_value() {
    gives("h_t = x_t + h_{t+1};", &["future_value"]);
    gives("h_t = x_{t+1} + h_{t-1};", &["future_value"]);
}

#[test]
fn duplicate_definition() {
    gives("h_t = x_t; h = tanh(x_t);", &["duplicate_definition"]);
}

#[test]
fn duplicate_function() {
    gives("f(u) = u; f = tanh; h_t = f(x_t);", &["duplicate_function"]);
}

#[test]
fn duplicate_declaration() {
    gives(
        "W: [I, H]; W: [H, H]; h_t = x_t W;",
        &["duplicate_declaration"],
    );
    cell("W: [I, H]; W ~ he; h_t = x_t W;");
}

#[test]
fn unused_declaration() {
    gives("W_hx: [I, H]; h_t = W_xh x_t;", &["unused_declaration"]);
    let (_, diagnostics) = resolved("struct Test", "W_hx: [I, H]; h_t = W_xh x_t;");
    assert!(diagnostics.list()[0].text.contains("did you mean `W_xh`?"));
}

#[test]
fn transpose_on_left() {
    gives("W^T = x_t; h_t = x_t;", &["transpose_on_left"]);
}

#[test]
fn only_constants() {
    gives("γ = 0.1;", &["only_constants"]);
}

#[test]
fn not_finite() {
    gives("γ = 1/0; h_t = γ x_t;", &["not_finite"]);
}

#[test]
fn number_not_finite() {
    for number in [
        "sqrt(-1)",
        "log(0)",
        "(-8)^{1/3}",
        "(2 + exp(1000))",
        "log(γ)",
        "10^400 .* 2",
        "f(0)",
    ] {
        let body = format!("γ = 0; f(u) = log(u); h_t = {number} * x_t + f(x_t) + h_{{t-1}} + γ;");
        gives(&body, &["number_not_finite"]);
    }
    gives("h_t = 0/0 * x_t + h_{t-1};", &["division_by_zero"]);
    gives("γ = log(0); h_t = γ * x_t + h_{t-1};", &["not_finite"]);
    cell("h_t = sqrt(2) * x_t + (-8)^3 * h_{t-1} + exp(-1000);");
}

#[test]
fn cycle() {
    let body = "f = g * x_t; g = tanh(i); i = f + h_{t-1}; h_t = f;";
    gives(body, &["cycle"]);
    let (_, diagnostics) = resolved("struct Test", body);
    let drawn = "\n  f = g * x_t\n    ↓ needs `g`\n  g = tanh(i)\n    ↓ needs `i`\n  i = f + h_{t-1}\n    ↓ needs `f`\n  f = g * x_t\nhelp: ";
    assert!(
        diagnostics.list()[0].text.contains(drawn),
        "{}",
        diagnostics.list()[0].text
    );
    gives("h_t = h_t + x_t;", &["cycle"]);
    let body = "z_t = x_t * W + h_t; h_t = z_t .* h_{t-1};";
    let (_, diagnostics) = resolved("struct Test", body);
    assert!(diagnostics.list()[0].text.ends_with("here: `h_{t-1}`"));
}

#[test]
fn same_identifier() {
    gives("h_t = W_x^(f) x_t + W_x_f;", &["same_identifier"]);
    gives(
        "h_0 ~ trainable; h_t = h_{t-1} + x_t; h^{(0)} = x_t;",
        &["same_identifier"],
    );
}

#[test]
fn listed_twice() {
    assert_eq!(
        codes("struct T(x_t, x_t) -> h_t", "h_t = x_t;"),
        ["listed_twice"]
    );
}

#[test]
fn input_defined() {
    assert_eq!(
        codes("struct T(h_t, x_t) -> h_t", "h_t = x_t;"),
        ["input_defined"]
    );
}

#[test]
fn input_never_read() {
    assert_eq!(
        codes("struct T(x_t, u_t) -> h_t", "h_t = x_t;"),
        ["input_never_read"]
    );
}

#[test]
fn input_not_listed() {
    assert_eq!(
        codes("struct T(x_t) -> h_t", "h_t = x_t + u_t;"),
        ["input_not_listed"]
    );
}

#[test]
fn no_input() {
    gives("h_t = W x + U h_{t-1} + b;", &["no_input"]);
    gives("h_t = U h_{t-1} + b;", &["no_input"]);
}

#[test]
fn output_not_defined() {
    assert_eq!(
        codes("struct T -> (H_t, hidden_t)", "h_t = x_t;"),
        ["output_not_defined"; 2]
    );
    assert_eq!(
        codes("struct T -> x_t", "h_t = x_t;"),
        ["output_not_defined"]
    );
}

#[test]
fn listed_with_delay() {
    let body = "C_t = 0.5 * C_{t-1} + x_t; h_t = tanh(C_t);";
    for line in ["-> (h_t, C_{t-1})", "(x_{t-1}) -> h_t", "-> h_{t+1}"] {
        assert_eq!(
            codes(&format!("struct T {line}"), body),
            ["listed_with_delay"]
        );
    }
    for line in [
        "-> h_{t+1}",
        "(x_{t+1}) -> h",
        "(x_t) -> h_t",
        "(x) -> h_{t+1}",
    ] {
        let body = "h_{t+1} = tanh(W x_{t+1} + h_t);";
        super::super::cell_of(&format!("struct T{line}"), body);
    }
}

#[test]
fn state_never_defined() {
    gives("C_t = x_t * W + c_{t-1};", &["state_never_defined"]);
    gives("c̃_t = x_t * W + c_{t-1};", &["state_never_defined"]);
    gives("h_t = x_t * W + s_{t-1};", &["state_never_defined"]);
    gives(
        "memory_t = x_t * W + memry_{t-1}; h_t = memory_t;",
        &["state_never_defined"],
    );
    cell("s_t: [S]; h_t = x_t * W + s_{t-1};");
    cell("h_t = x_{t-1} * W;");
    gives(
        "h_0 ~ 1; y_t = x_t * W + h_{t-1};",
        &["state_never_defined"],
    );
    assert_eq!(
        codes("struct T(x_t) -> s_t", "h_t = x_t + s_{t-1};"),
        ["state_never_defined"]
    );
}

#[test]
fn misspelled_word() {
    gives(
        "forget = σ(x_t * W); h_t = forgt .* h_{t-1} + (1 - forget) .* x_t;",
        &["misspelled_word"],
    );
    gives(
        "inner = σ(x_t * W); h_t = inner .* h_{t-1} + innre_t;",
        &["misspelled_word"],
    );
    for body in [
        "forgt: [H]; forget = σ(x_t * W); h_t = forgt .* h_{t-1} + (1 - forget) .* x_t;",
        "gate = σ(x_t * W); h_t = gate .* h_{t-1} + gates;",
        "zeta = σ(x_t * W); h_t = zeta .* h_{t-1} + beta;",
    ] {
        cell(body);
    }
}

#[test]
fn lookalike() {
    // Cyrillic `С`, Greek `Η`, Cyrillic `х` in a label.
    gives("С_t = x_t * W .* C_{t-1}; h_t = C_t;", &["lookalike"]);
    gives("Η_t = x_t + H_{t-1};", &["lookalike"]);
    gives("h_t = x_t * W_x + h_{t-1} * W_х;", &["lookalike"]);
    cell("С_t = x_t * W + С_{t-1};");
    cell("ν_t = x_t * W; v_t = ν_t + v_{t-1};");
}

#[test]
fn start_of_other_shape() {
    let body = "x_t: [I]; h_t: [H]; h_0: [I] ~ 1; h_t = tanh(x_t * W + h_{t-1} * U);";
    gives(body, &["start_of_other_shape"]);
    cell("h_t: [H]; h_0: [H] ~ 1; h_t = tanh(x_t * W + h_{t-1} * U);");
}

#[test]
fn the_shortest_cycle_is_shown() {
    let (_, diagnostics) = resolved(
        "struct Test",
        "f = σ(x_t * W + h); h = f .* h + (1 - f) .* x_t;",
    );
    let texts = super::super::texts(&diagnostics);
    assert!(texts[0].contains("`h` needs its own value"), "{}", texts[0]);
    assert!(texts[0].contains("`h_{t-1}`"), "{}", texts[0]);
}

#[test]
fn help_names_what_was_meant() {
    for (body, help) in [
        (
            "b_f ~ 1; h_t = x_t + h_{t-1} + b^(f);",
            "did you mean `b^(f)`?",
        ),
        (
            "f = x_t; f = x_t + 1; h_t = f + h_{t-1};",
            "a label if they belong together: `f^(2)`",
        ),
        (
            "φ(u, v) = u .* v; h_t = φ(x_t + h_{t-1});",
            "it is defined as `φ(u, v)`",
        ),
    ] {
        let (_, diagnostics) = resolved("struct Test", body);
        let texts = super::super::texts(&diagnostics);
        assert!(texts[0].contains(help), "{}", texts[0]);
    }
}

/// Numbers are no word in which a letter may be a slip.
#[test]
fn names_of_one_letter_and_a_number_are_no_slips() {
    let body = "a1000_t = tanh(x_t * W1000); h_t = 0.5 * h_{t-1} + x_t * U;";
    gives(body, &[]);
    let body = "gate1_t = tanh(x_t * W); h_t = 0.5 * h_{t-1} .* gats1;";
    gives(body, &["misspelled_value"]);
}
