//! Recovery: every mistake of a definition is reported, at its place.

use super::*;

/// What messages say first, for tests of what they quote.
fn heads(source: &str) -> Vec<String> {
    let (_, diagnostics) = parse(source);
    diagnostics
        .list()
        .iter()
        .filter_map(|d| d.text.lines().next().map(str::to_string))
        .collect()
}

#[test]
fn parsing_goes_on_behind_a_mistake() {
    let (items, diagnostics) = parse("a = b + ; c = d; e = * f; g = h;");
    assert_eq!(dump(&items), "(= c d)\n(= g h)");
    let codes: Vec<_> = diagnostics.list().iter().map(|d| d.code).collect();
    assert_eq!(codes, ["missing_value", "expected_value"]);
}

#[test]
fn the_offending_token_is_quoted() {
    assert_eq!(
        heads("a = b * / c;"),
        ["a value is expected here, found `/`"]
    );
    assert_eq!(heads("a = b -;"), ["a value is missing after `-`"]);
    assert_eq!(heads("a = b 2;"), ["`2` cannot stand here"]);
    assert_eq!(heads("a = ;"), ["a value is missing after `=`"]);
    assert_eq!(heads("a = (b + );"), ["a value is missing after `+`"]);
}

#[test]
fn powers_of_powers_need_brackets() {
    for value in ["2^3^2", "(x + 1)^2^3", "tanh(x)^2^{-1}", "(x)^2^3^4"] {
        let (_, diagnostics) = parse(&format!("a = {value} + 1"));
        assert_eq!(diagnostics.codes(), ["power_of_power"], "{value}");
    }
    let (_, diagnostics) = parse("a = (2^3)^2 + 2^{3^2} + [x^2]^3 + (W)^2^T");
    assert!(!diagnostics.any(), "{:?}", diagnostics.list());
}

#[test]
fn what_is_wrong_is_what_is_pointed_at() {
    for (source, code) in [
        ("a = 2^x_t + 1", "open_power"),
        ("a = (x + 1)^x_{t-1}", "open_power"),
        ("h_t, c_t = a, b, d", "values_for_names"),
        ("(h_t, c_t) = (a, b, d)", "values_for_names"),
        ("h = x[0..H-2]", "difference_in_slice"),
        ("h = x[H-1..]", "difference_in_slice"),
        ("h = x_{1:H-1}", "difference_in_slice"),
        ("h = chunk(x, 1000000)[3]", "chunk_count"),
        ("h = chunk(x, 0)[0]", "chunk_count"),
        ("(a, b) = chunk(x, 1.5)", "chunk_count"),
    ] {
        let (_, diagnostics) = parse(source);
        assert_eq!(diagnostics.codes(), [code], "{source}");
    }
    let (_, diagnostics) =
        parse("h = 2^x_{1:2} + (x)^{y_t}; (a, b) = [x, y]; a, b = f(x, y); (a, b) = (x, y)");
    assert!(!diagnostics.any(), "{:?}", diagnostics.list());
    let (_, diagnostics) = parse("h = 2^x_{t-1}; h_t, c_t = a, b, d");
    let helps: Vec<&str> = diagnostics.list().iter().map(|d| &d.text[..]).collect();
    assert!(helps[0].ends_with("`2^{x_{t-1}}`"), "{}", helps[0]);
    assert!(helps[1].contains("each of `h_t, c_t`"), "{}", helps[1]);
}

#[test]
fn a_forgotten_semicolon_costs_nothing_else() {
    let (items, diagnostics) = parse("f = σ(x)\n i = tanh(y)\n h(t) = f; g = + ; z = a");
    assert_eq!(
        dump(&items),
        "(= f (σ! x))\n(= i (tanh! y))\n(= h[t] f)\n(= z a)"
    );
    let codes: Vec<_> = diagnostics.list().iter().map(|d| d.code).collect();
    assert_eq!(
        codes,
        ["missing_semicolon", "missing_semicolon", "missing_value"]
    );
    assert_eq!(diagnostics.list()[0].others.len(), 1);
}

#[test]
fn a_semicolon_may_be_forgotten_before_any_statement() {
    for (source, expected) in [
        ("f = a  x_t: [I];", "(= f a)\n(declare x_{t} [\"1I\"])"),
        ("x_t: [I]  f = a;", "(declare x_{t} [\"1I\"])\n(= f a)"),
        (
            "α: scalar ~ 1  f_t = a;",
            "(declare α scalar ~constant[1.0])\n(= f_{t} a)",
        ),
        ("f = a  W ~ 1", "(= f a)\n(declare W ~constant[1.0])"),
        ("f = a  φ(u) = u;", "(= f a)\n(fn φ (u) u)"),
        ("f = a  b_f^(k) = c;", "(= f a)\n(= b_{f}^(k) c)"),
        (
            "f = a for k in 1..3 { g = b; }",
            "(= f a)\n(for k 1 2 (= g b))",
        ),
    ] {
        let (items, diagnostics) = parse(source);
        assert_eq!(dump(&items), expected, "{source}");
        assert_eq!(
            codes(source),
            ["missing_semicolon"],
            "{source}: {:?}",
            diagnostics.list()
        );
    }
}

#[test]
fn places_of_a_forgotten_semicolon() {
    let (_, diagnostics) = parse_text("f = a + b c = d");
    let message = &diagnostics.list()[0];
    assert_eq!(message.code, "missing_semicolon");
    assert_eq!((message.place.column, message.others[0].0.column), (8, 10));
}

#[test]
fn other_second_equals_signs_are_no_statements() {
    assert_eq!(codes("a = b = c;"), ["second_equals"]);
    assert_eq!(codes("a = b + c = d;"), ["second_equals"]);
    assert_eq!(codes("a == b;"), ["double_equals"]);
}

#[test]
fn statements_that_are_none() {
    assert_eq!(codes("a + b;"), ["not_a_statement"]);
    assert_eq!(codes("a + b = c;"), ["left_side"]);
    assert_eq!(codes("2 = c;"), ["left_side"]);
    assert_eq!(codes("= c;"), ["left_side"]);
    assert_eq!(codes("f(x)^2 = c;"), ["left_side"]);
    assert_eq!(codes("a = b -> c;"), ["unexpected"]);
    assert_eq!(codes("a += b; c .*= d;"), ["compound_assignment"; 2]);
}

#[test]
fn words_of_other_languages() {
    for source in [
        "let f = a;",
        "return a;",
        "f = if a > b { a } else { b };",
        "f = a if b > c;",
        "def f(x) = x;",
    ] {
        assert_eq!(codes(source), ["keyword"], "{source}");
    }
    // Only in their plain form.
    assert!(codes("let_t = return_2 + a;").is_empty());
}

#[test]
fn what_was_reported_has_no_followers() {
    assert_eq!(codes("a = b @ ; c = d;"), ["unknown_token"]);
    assert_eq!(codes("# the gate\n f = a; c = d;"), ["unknown_token"]);
}

#[test]
fn brackets_without_partner_cost_one_equation() {
    let (items, diagnostics) =
        parse_text("a = ( b ; c = [ d , e ; f = g ) ; h = [ u ; v ] ; i = j");
    assert_eq!(dump(&items), "(= h (concat u v))\n(= i j)");
    let codes: Vec<_> = diagnostics.list().iter().map(|d| d.code).collect();
    assert_eq!(
        codes,
        ["unclosed_bracket", "unclosed_bracket", "stray_bracket"]
    );
    assert_eq!(text_codes("a = ( b ] ; c = d"), ["stray_bracket"]);
    assert_eq!(text_codes("a = | b ; c = d"), ["unclosed_bracket"]);
    assert_eq!(text_codes("a = { b"), ["unclosed_bracket"]);
}

#[test]
fn nesting_is_limited() {
    let deep =
        |n: usize, open: &str, close: &str| format!("y = {}x{};", open.repeat(n), close.repeat(n));
    for (open, close) in [
        ("(", ")"),
        ("tanh ", ""),
        ("a^{", "}"),
        ("φ(", ")"),
        ("|a*", "|"),
    ] {
        let source = deep(3000, open, close);
        let codes = codes(&source);
        // An exponent is only tried: too deep, it is none.
        assert!(
            codes == ["too_deep"] || open == "a^{" && codes.is_empty(),
            "{open}: {codes:?}"
        );
        assert!(super::codes(&deep(30, open, close)).is_empty(), "{open}");
    }
    for operator in [" / x", " otimes x", " odot x otimes x"] {
        let source = format!("y = x{};", operator.repeat(3000));
        assert_eq!(codes(&source), ["too_deep"], "{operator}");
    }
    for operator in [" * x", " x"] {
        let source = format!("y = x{};", operator.repeat(30_000));
        assert_eq!(codes(&source), ["too_deep"], "{operator}");
    }
    assert!(codes(&format!("y = {}x;", "-".repeat(3000))).is_empty());
    for operator in [" + x", " - x", " odot x", " + x - x", " * x", " x"] {
        let source = format!("y = x{};", operator.repeat(3000));
        assert!(codes(&source).is_empty(), "{operator}");
    }
    let loops = "for k in 0..2 {".repeat(1000) + &"}".repeat(1000);
    assert_eq!(codes(&loops), ["too_deep"]);
}
