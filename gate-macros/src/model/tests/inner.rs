//! Cells inside cells as the cells that they mean.

use super::super::{Cell, Role, dump};
use super::variants::{compiled, means, message, source, variant};

#[test]
fn an_inner_cell_is_its_equations() {
    let rnn = source("struct Rnn { h_t = tanh(x_t * W + h_{t-1} * U + b); }", &[]);
    let cell = compiled(&source(
        "struct Outer { r: Rnn; b^(r) ~ 2; y_t = 2 * r(x_{t-1}, h_{t-1} = h_{t-3}^(r)); }",
        &[("Rnn", &rnn)],
    ));
    means(
        &cell.expect("a cell"),
        "struct Outer { b^(r) ~ 2; h_t^(r) = tanh(x_{t-1} * W^(r) + h_{t-3}^(r) * U^(r) + b^(r));
         y_t = 2 * h_t^(r); }",
    );
}

#[test]
fn an_inner_cell_has_its_own_sizes_as_numbers() {
    let rnn = source(
        "struct Rnn { h_t: [H]; h_t = tanh(x_t * W / H + h_{t-1} * U); }",
        &[],
    );
    let cell = compiled(&source(
        "struct Outer { h_t: [H]; r: Rnn; h_t = r(x_t) * V / H; }",
        &[("Rnn", &rnn)],
    ));
    let cell = cell.expect("a cell");
    let (inner, outer) = (&cell.equations[0].printed, &cell.equations[1].printed);
    assert!(inner.contains("W^(r)) / H_R"), "{inner}");
    assert!(outer.ends_with("/ H"), "{outer}");
}

#[test]
fn an_inner_cell_is_called_again_with_the_same_weights() {
    let rnn = source("struct Rnn { h_t = tanh(x_t * W + h_{t-1} * U); }", &[]);
    let cell = compiled(&source(
        "struct Outer { r: Rnn; y_t = r(x_t, h_{t-1} = r(x_t, h_{t-1} = 0.5 * y_{t-1})); }",
        &[("Rnn", &rnn)],
    ));
    let cell = cell.expect("a cell");
    let parameters = cell.with_role(|role| matches!(role, Role::Parameter(_)));
    assert_eq!(parameters.count(), 2, "{}", dump(&cell));
}

const INNER: &str =
    "struct Inner -> (h_t, B_t) { h_0 ~ trainable; B_t = x_t * V; f = σ(x_t * W + b);
    h_t = tanh(f .* B_t + h_{t-1} * U); }";

/// A definition that may refer to `Inner`, to `Two` with two of them, and to a variant of that.
pub(super) fn among(text: &str) -> Result<Cell, Vec<&'static str>> {
    let inner = source(INNER, &[]);
    let two = source(
        "struct Two { low: Inner; high: Inner; y_t = high(low(x_t)); }",
        &[("Inner", &inner)],
    );
    compiled(&source(text, &[("Inner", &inner), ("Two", &two)]))
}

#[track_caller]
pub(super) fn has(text: &str, lines: &[&str], lacks: &[&str]) {
    let cell = among(text).unwrap_or_else(|codes| panic!("{text}: {codes:?}"));
    let dump = dump(&cell);
    for line in lines {
        assert!(dump.contains(line), "no `{line}` in {dump}");
    }
    for line in lacks {
        assert!(!dump.contains(line), "`{line}` in {dump}");
    }
}

#[test]
fn symbols_of_an_inner_cell_are_what_they_are_in_it() {
    // A vector stays one where a number or a scalar is given.
    let codes = |text: &str| among(text).err();
    let kind = Some(vec!["given_kind"]);
    assert_eq!(
        codes("struct T { a: Inner; y_t = a(x_t, h_{t-1} = 0.5); }"),
        kind
    );
    assert_eq!(codes("struct T { a: Inner; y_t = a(1) + x_t; }"), kind);
    assert_eq!(codes("struct T { a: Inner; y_t = a(sum(x_t)); }"), kind);
    has(
        "struct T { a: Inner; y_t = a(x_t, h_{t-1} = v); }",
        &["param(glorot) U_a [Y, Y]", "param(1) v [Y]"],
        &[],
    );
    // Of the state's size, whatever it is: a value here, of a cell on another level, a matrix.
    let given = "struct M { a: Inner; m_t = a(x_t, h_{t-1} = tanh(x_t * P)); }";
    has(given, &["P [X, M]"], &[]);
    let sizes = Some(vec!["size_conflict"]);
    assert_eq!(
        codes("struct T { a: Inner; v: [3]; h^(a): [4]; y_t = a(x_t, h_{t-1} = v); }"),
        sizes
    );
}

#[test]
fn one_name_is_another_size_in_each_cell() {
    let low = source(
        "struct Low { h_t: [H]; h_t = tanh(x_t * W + h_{t-1} * U) / H; }",
        &[],
    );
    let middle = source(
        "struct Middle { low: Low; y_t: [H]; y_t = low(x_t) * V / H; }",
        &[("Low", &low)],
    );
    let outer = source(
        "struct Outer { a: Middle; z_t: [H]; z_t = a(x_t) * V / H; }",
        &[("Middle", &middle)],
    );
    let cell = compiled(&outer).expect("a cell");
    let printed: Vec<&str> = cell.equations.iter().map(|e| &*e.printed).collect();
    let divisors: Vec<&str> = printed
        .iter()
        .filter_map(|p| p.rsplit(' ').next())
        .collect();
    assert_eq!(divisors, ["H_LOW_A", "Y_A", "H"], "{printed:?}");
}

#[test]
fn what_is_said_of_an_inner_cell_goes_before_what_it_says() {
    let text = "struct T { a: Inner; h_0^(a) ~ 0.5; b^(a) ~ 2; y_t = a(x_t) * M; }";
    has(text, &["state(0.5) h_a", "param(2) b_a"], &["h_0_a"]);
}

#[test]
fn names_of_inner_cells_have_underscores() {
    let text = "struct T { in_ner: Inner; for k in 1..=2 { a_k: Inner; }
        y_t = in_ner(x_t) * M + a_1(x_t) + a_2(x_t) + B_{t-1}^(in_ner) * N + h_{t-1}^(a_2); }";
    has(
        text,
        &["state B_in_ner", "state(h_0_a_2) h_a_2"],
        &["innner"],
    );
}

#[test]
fn what_an_inner_cell_lacks_is_no_input() {
    let codes = |text: &str| among(text).err();
    let of = |code: &'static str| Some(vec![code]);
    let with = |term: &str| format!("struct T {{ a: Inner; y_t = a(x_t) + {term}; }}");
    assert_eq!(codes(&with("q_t^(a)")), of("no_inner_value"));
    assert_eq!(codes(&with("q_{t-1}^(a)")), of("no_inner_value"));
    assert_eq!(codes(&with("b_t^(a)")), of("inner_without_time"));
    assert_eq!(codes(&with("h_t^(b)")), of("inner_label"));
    // Labels of this cell's own.
    has(
        &with("x_t * W^(f) + u_t^(b)"),
        &["input u_b", "W_f [X, U_B]"],
        &[],
    );
}

#[test]
fn a_state_with_several_labels_is_one_state() {
    let low = source("struct Low { h_t = tanh(x_t * W + h_{t-1} * U); }", &[]);
    let middle = source(
        "struct Middle { low: Low; y_t = low(x_t); }",
        &[("Low", &low)],
    );
    let top = source(
        "struct Top { mid: Middle; y_t = mid(x_t); }",
        &[("Middle", &middle)],
    );
    let outer = source(
        "struct Outer { a: Top; y_t = a(x_t, q_{t-1} = x_t); }",
        &[("Top", &top)],
    );
    let text = message(&outer);
    assert!(text.contains("its state is `h^(low,mid)`, given"), "{text}");
}

#[test]
fn calls_in_arguments_come_first() {
    let text = "struct T { a: Inner; y_t = a(a(x_t) * M, h_{t-1} = y_{t-1}); }";
    has(text, &["state(h_0_a) h_a [", "let h_a_2"], &[]);
}

#[test]
fn further_outputs_of_inner_cells_are_no_slips() {
    // `B` is an output of the inner cell, no slip of its `b`.
    has(
        "struct T { a: Inner; y_t = a(x_t) * M; }",
        &["let B_a"],
        &[],
    );
    has(
        "struct T { left: Inner; right: Inner; h_t = left(x_t) + right(x_t) + h_{t-1}^(left) \
         + 0.1 * h_{t-1}; }",
        &["state(h_0_left) h_left"],
        &[],
    );
}

#[test]
fn states_and_values_of_an_inner_cell_have_its_names() {
    let mean_the_same = |text: &str, other: &str| {
        let dumps = [text, other]
            .map(|body| dump(&variant(&format!("struct Outer {{ inner: Lstm; {body} }}"))));
        assert_eq!(dumps[0], dumps[1], "{text}");
    };
    for short in [
        "h_t = inner(x_t, h_{t-1}) + x_t;",
        "h_t = inner(h_{t-1}, x_t) + x_t;",
    ] {
        mean_the_same(short, "h_t = inner(x_t, h_{t-1} = h_{t-1}) + x_t;");
    }
    for both in ["(h_t, C_t) = inner(x_t);", "h_t, C_t = inner(x_t);"] {
        mean_the_same(both, "C_t = C_t^(inner); h_t = inner(x_t);");
    }
    mean_the_same(
        "(h_t, C_t) = inner(x_t, h_{t-1}, C_{t-1});",
        "C_t = C_t^(inner); h_t = inner(x_t, h_{t-1} = h_{t-1}, C_{t-1} = C_{t-1});",
    );
    // One value is the input, whatever it is called.
    let cell = variant("struct Outer { inner: Lstm; h_t = inner(h_{t-1}) + x_t; }");
    assert!(dump(&cell).contains("state h_inner"), "{}", dump(&cell));
}
