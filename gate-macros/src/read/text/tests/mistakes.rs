//! Mistakes: each is reported, with the fragment.

use super::*;

#[test]
fn one_message_for_each_mistake() {
    for (source, code) in [
        ("h = \\foo x", "unknown_command"),
        ("h = \\sum_k x_k", "sum_over_index"),
        ("h = \\sum_{k=1}^{t} x_k", "all_past_states"),
        ("h = \\sum_t x_t", "sum_over_index"),
        ("h = \\sum_{t=1}^{T} x_t", "sum_over_index"),
        ("h = \\sum_{k=1}^{t-1} x_k", "all_past_states"),
        ("h = \\sum_{k \\in C(j)} h_t", "sum_over_index"),
        ("h = x § y", "unknown_glyph"),
        ("h = \\mathbb{E}[x]", "expectation"),
        (
            "h = \\begin{diagram} x \\end{diagram}",
            "unknown_environment",
        ),
        ("\\begin{aligned} h = x", "environment_pair"),
        ("h = x \\end{aligned}", "environment_pair"),
        ("\\begin{aligned} h = x \\end{cases}", "environment_pair"),
        ("h = \\mathbf{x + y", "unclosed_group"),
        ("h = x + \\text{prose without end", "unclosed_group"),
        ("h = \\tilde", "missing_argument"),
        ("h = \\tilde}", "missing_argument"),
        ("h = \\overline{a + b}", "accent_target"),
        ("h = \\sqrt[3]{x}", "root_degree"),
        ("h = \\text{pre-activation}(x)", "text_in_equation"),
        ("h = (x \\text{ of the input})", "text_in_equation"),
        ("h = x \\text{ if } x > 0", "text_in_equation"),
        ("h = x, \\text{ if x is small}", "text_in_equation"),
        (
            "h = \\begin{cases} x & \\text{maybe not} \\end{cases}",
            "text_in_equation",
        ),
        (
            "h = \\begin{bmatrix} a & b \\\\ c & d \\end{bmatrix}",
            "mixed_separators",
        ),
        ("h = a . b", "dot_in_text"),
        ("h = \\alpha pq", "unclear_letters"),
        ("h = \\alpha W_hr", "unclear_mark"),
        ("h = tanh(W_hh_{t-1})", "unclear_mark"),
        ("y = h_t-1", "unclear_step"),
        ("y = 1e999", "number_too_large"),
        ("y = \u{303}", "unknown_glyph"),
    ] {
        let codes = codes(source);
        assert_eq!(codes.first(), Some(&code), "{source}: {codes:?}");
    }
}

#[test]
fn the_rest_is_still_read() {
    let (tokens, diagnostics) = read(
        "```math\na = \\foo x \\\\ b = x \\\\ c = § \\\\ d = b\n```",
        None,
    );
    assert_eq!(diagnostics.list().len(), 2);
    assert_eq!(show(&tokens), "a = ? x\nb = x\nc = ?\nd = b");
}

#[test]
fn the_same_command_is_reported_once() {
    let codes = codes("a = \\foo x + \\foo y + \\baz z");
    assert_eq!(codes, ["unknown_command"; 2]);
}

#[test]
fn an_open_bracket_costs_one_equation() {
    let (tokens, diagnostics) = read("```math\na = (x \\\\ b = x\n```", None);
    assert!(!diagnostics.any());
    assert_eq!(show(&tokens), "a = ( x ; b = x ;");
}

#[test]
fn unclosed_mathematics() {
    let (_, diagnostics) = read("prose $$ a = b\n\nprose", None);
    assert_eq!(diagnostics.list()[0].code, "unclosed_math");
}

#[test]
fn deep_nesting_is_reported_once() {
    let deep = format!("y = {}x{}", "\\mathbf{".repeat(500), "}".repeat(500));
    let codes = codes(&deep);
    assert_eq!(codes.iter().filter(|code| **code == "too_deep").count(), 1);
}

#[test]
fn fragments_are_quoted() {
    let (_, diagnostics) = read("```math\nh = \\foo x\n```", None);
    assert!(diagnostics.list()[0].text.contains("`\\foo`"));
    let (_, diagnostics) = read("```math\n\\alpha = pq\n```", None);
    assert!(diagnostics.list()[0].text.contains("`p q`"));
}
