//! Parts of vectors: sizes, and a test for each message.

use super::{codes, from_tokens, text_codes};
use crate::model;

/// Checks that a body gives these messages and no others.
#[track_caller]
fn gives(body: &str, expected: &[&str]) {
    assert_eq!(
        codes(&format!("struct Test {{ {body} }}")),
        expected,
        "{body}"
    );
}

/// Whether a line stands in the dump of a body's cell.
#[track_caller]
fn holds(body: &str, line: &str) {
    let cell = from_tokens(&format!("struct Test {{ {body} }}"));
    let text = model::dump(&cell.unwrap_or_else(|e| panic!("{}", e.join("\n"))));
    assert!(text.lines().any(|own| own == line), "{line}\n{text}");
}

#[test]
fn sizes_of_equal_parts() {
    let body = "(f, i) = chunk(W * x_t + U * h_{t-1}); h_t = sigmoid(f) .* h_{t-1} + i;";
    holds(body, "param(glorot) W [2H, X]");
    holds(body, "f = chunk(W * x_t + U * h_{t-1}, 2)[0]");
}

#[test]
fn sizes_of_slices() {
    let body = "h_t: [H]; g_t: [3H]; g_t = W * x_t;
                h_t = g_t[..H] .* h_{t-1} + g_t[H..2H] + g_t_{2H+1:};";
    holds(
        body,
        "h_t = chunk(g_t, 3)[0] .* h_{t-1} + chunk(g_t, 3)[1] + chunk(g_t, 3)[2]",
    );
    let body = "x_t: [I]; h_t = tanh(W * x_t[1..=2] + h_{t-1});";
    holds(body, "h_t = tanh(W * x_t[1..3] + h_{t-1})");
}

#[test]
fn divided_sizes() {
    let body = "h_t: [H]; (a, b) = chunk(h_{t-1}); h_t = tanh(W * x_t + U * (a .* b));";
    holds(body, "let a [(H)/2]");
    holds(body, "param(glorot) U [H, (H)/2]");
}

#[test]
fn left_sides() {
    gives("(a, b) = chunk(x_t, 3); h_t = a + b;", &["left_sides"]);
    gives(
        "(a, b) = [x_t, h_{t-1}, x_t]; h_t = a + b;",
        &["left_sides"],
    );
    gives("(a, b + c) = x_t; h_t = a;", &["unexpected"]);
    gives("(a, 2) = x_t; h_t = a;", &["left_side"]);
    gives("(a, a) = chunk(x_t); h_t = a;", &["duplicate_definition"]);
}

#[test]
fn gap_in_lefts() {
    for lefts in [
        "a_0, .., b_3",
        "a_3, .., a_0",
        "a, .., b",
        ".., a_3",
        "a_0, ..",
        "a_0^1, .., a_1^2",
    ] {
        gives(
            &format!("({lefts}) = chunk(x_t); h_t = x_t;"),
            &["gap_in_lefts"],
        );
    }
}

#[test]
fn chunk_as_value() {
    gives("h_t = chunk(x_t, 2) + h_{t-1};", &["chunk_as_value"]);
    gives("h_t = chunk(x_t, 2, 3)[0] + h_{t-1};", &["chunk_as_value"]);
}

#[test]
fn chunk_index() {
    gives("h_t = chunk(x_t, 2)[2] + h_{t-1};", &["chunk_index"]);
    gives("h_t = chunk(x_t, 2)_{0} + h_{t-1};", &["chunk_index"]);
    assert_eq!(
        codes("struct Test { h_t = chunk(x_t, 2)_{2} + h_{t-1}; }"),
        [""; 0]
    );
}

#[test]
fn slice_brackets() {
    gives("h_t = x_t[0:2] + h_{t-1};", &["slice_brackets"]);
}

#[test]
fn slice_start() {
    gives("x_t: [2N]; h_t = x_t_{N:2N} + h_{t-1};", &["slice_start"]);
}

#[test]
fn all_past_states() {
    gives("h_t = x_{1:t} + h_{t-1};", &["all_past_states"]);
}

#[test]
fn slice_length() {
    gives("h_t = x_t[3..2] + h_{t-1};", &["slice_length"]);
    gives("x_t: [N]; h_t = x_t[1..N] + h_{t-1};", &["slice_length"]);
    gives("x_t: [N]; h_t = x_t[2..2] + h_{t-1};", &["slice_length"]);
}

#[test]
fn slice_beyond() {
    gives("x_t: [2N]; h_t = x_t[N..3N] + h_{t-1};", &["slice_beyond"]);
    gives("x_t: [2]; h_t = x_t[0..3] + h_{t-1};", &["slice_beyond"]);
}

#[test]
fn slice_of_name() {
    gives("h_{1:n} = x_t + h_{t-1};", &["slice_of_name"]);
}

#[test]
fn share_of_no_vector() {
    gives(
        "s_t: scalar; (s_t, h_t) = W * x_t + U * h_{t-1};",
        &["share_of_no_vector"],
    );
}

#[test]
fn family_left() {
    let text = r"h_t = \begin{cases} x_t & k ∈ \{0, 1\} \end{cases}";
    assert_eq!(text_codes(text), ["family_left"]);
}

#[test]
fn member_outside() {
    let text = r"h_t = h_{t-1} + \begin{cases} x_t & k = 1 \\ 0 & \text{otherwise} \end{cases}";
    assert_eq!(text_codes(text), ["member_outside"]);
    let text = r"h_t = \begin{cases} x_t & k = 1 \\ 0 & x_t > 0 \\ 1 & k = 2 \end{cases}";
    assert_eq!(text_codes(text), ["member_outside"]);
}

#[test]
fn part_not_defined() {
    let body = "g_t = W * x_t; i_t = sigmoid(g_i(t)); h_t = i_t .* h_{t-1};";
    gives(body, &["part_not_defined"]);
    assert_eq!(
        codes(&format!("struct Test(x_t, g_i) {{ {body} }}")),
        [""; 0]
    );
    let read = "g_t = W * x_t; h_t = sigmoid(g_i(t)) .* h_{t-1} + g_t;";
    assert_eq!(codes(&format!("struct Test {{ {read} }}")), [""; 0]);
}
