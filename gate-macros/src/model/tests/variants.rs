//! Variants, and cells inside cells, as the cells that they mean.

use super::super::{Cell, dump, resolve};
use crate::diag::Diagnostics;
use crate::load::{Loaded, load};
use crate::source::{Form, Source};

const LSTM: &str = "struct Lstm { b^(f) ~ 1;
    f = σ(x_t * W^(f) + h_{t-1} * U^(f) + b^(f)); i = σ(x_t * W^(i) + h_{t-1} * U^(i) + b^(i));
    C_t = f .* C_{t-1} + i .* tanh(x_t * W); h_t = tanh(C_t); }";

fn source(text: &str, cells: &[(&str, &Source)]) -> Source {
    let tokens = text.parse().expect("Rust tokens");
    let cells = cells
        .iter()
        .map(|(path, cell)| ((*path).to_owned(), (*cell).clone()));
    Source {
        cells: cells.collect(),
        ..Source::new(Form::Tokens(tokens))
    }
}

fn lstm() -> Source {
    source(LSTM, &[])
}

fn compiled(source: &Source) -> Result<Cell, Vec<&'static str>> {
    let mut diagnostics = Diagnostics::default();
    let Loaded::Definition(definition) = load(source, &mut diagnostics) else {
        panic!("not loaded: {:?}", diagnostics.list());
    };
    resolve(*definition, &mut diagnostics)
        .ok_or_else(|| diagnostics.list().iter().map(|d| d.code).collect())
}

/// The first message about a definition.
fn message(source: &Source) -> String {
    let mut diagnostics = Diagnostics::default();
    let Loaded::Definition(definition) = load(source, &mut diagnostics) else {
        panic!("not loaded: {:?}", diagnostics.list());
    };
    assert!(resolve(*definition, &mut diagnostics).is_none());
    diagnostics.list()[0].text.clone()
}

fn variant(text: &str) -> Cell {
    let cell = compiled(&source(text, &[("Lstm", &lstm())]));
    cell.unwrap_or_else(|codes| panic!("{text}: {codes:?}"))
}

/// Checks that a definition means what another one says.
#[track_caller]
fn means(cell: &Cell, text: &str) {
    let other = compiled(&source(text, &[])).unwrap_or_else(|codes| panic!("{text}: {codes:?}"));
    assert_eq!(dump(cell), dump(&other));
}

#[test]
fn a_variant_is_the_edited_parent() {
    let cell = variant("struct Cifg = Lstm with { i = 1 - f; }");
    means(
        &cell,
        "struct Cifg { b^(f) ~ 1; f = σ(x_t * W^(f) + h_{t-1} * U^(f) + b^(f)); i = 1 - f;
         C_t = f .* C_{t-1} + i .* tanh(x_t * W); h_t = tanh(C_t); }",
    );
    let change = cell.change.expect("a variant");
    assert_eq!(change.replaced, ["i"]);
    assert_eq!(change.left_out, ["W^(i)", "U^(i)", "b^(i)"]);
    assert!(change.added.is_empty());
}

#[test]
fn declarations_and_starts_are_overridden() {
    let cell = variant("struct V = Lstm with { b^(f) ~ 3; h_0 ~ trainable; W^(f): [4, H]; }");
    let text = dump(&cell);
    for line in ["param(3) b_f", "state(h_0) h", "param(glorot) W_f"] {
        assert!(text.contains(line), "no `{line}` in {text}");
    }
}

#[test]
fn an_initial_value_makes_a_parameter_of_an_equation() {
    let cell = variant("struct V = Lstm with { i ~ 0.5; }");
    assert!(dump(&cell).contains("param(0.5) i"), "{}", dump(&cell));
    assert_eq!(cell.change.expect("a variant").left_out.len(), 3);
    let listed = variant("struct V(x_t, i_t) = Lstm with {}");
    assert!(dump(&listed).contains("input i"), "{}", dump(&listed));
}

#[test]
fn what_the_parent_never_needed_stays() {
    let parent = source(
        "struct P -> h_t { n_t = 0.5 * n_{t-1} + x_t; a = x_t * W; h_t = tanh(a) .* h_{t-1}; }",
        &[],
    );
    let cell = compiled(&source(
        "struct V = P with { h_t = h_{t-1} + x_t; }",
        &[("P", &parent)],
    ));
    let text = dump(&cell.expect("a cell"));
    assert!(
        text.contains("state n") && !text.contains("let a"),
        "{text}"
    );
}

#[test]
fn a_variant_that_says_nothing_is_reported() {
    let codes = |text: &str| compiled(&source(text, &[("Lstm", &lstm())])).err();
    let of = |code: &'static str| Some(vec![code]);
    assert_eq!(
        codes("struct V = Lstm with {}"),
        of("variant_changes_nothing")
    );
    assert_eq!(
        codes("struct V = Lstm with { h_t = tanh(C_t); }"),
        of("variant_same")
    );
    assert_eq!(
        codes("struct V = Lstm with { b^(f) ~ 1; }"),
        of("variant_same")
    );
    assert_eq!(
        codes("struct V = Lstm with { q = 1 - f; }"),
        of("variant_unknown")
    );
}

#[test]
fn no_cell_is_in_itself() {
    for text in [
        "struct Foo = Foo with { i = 1 - f; }",
        "struct Foo { inner: Foo; h_t = inner(x_t); }",
        "struct Foo = Lstm with { m: Foo; C_t = m(i); }",
    ] {
        let mut diagnostics = Diagnostics::default();
        load(&source(text, &[("Lstm", &lstm())]), &mut diagnostics);
        assert_eq!(diagnostics.codes(), ["cell_in_itself"], "{text}");
    }
}

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
    let parameters = cell.with_role(|role| matches!(role, super::super::Role::Parameter(_)));
    assert_eq!(parameters.count(), 2, "{}", dump(&cell));
}

#[test]
fn a_parent_may_stand_in_its_variant() {
    let cell = variant("struct N = Lstm with { m: Lstm; C_t = m(i, h_{t-1} = f .* C_{t-1}); }");
    let text = dump(&cell);
    assert!(
        text.contains("state C_m") && text.contains("let f_m"),
        "{text}"
    );
}

const INNER: &str =
    "struct Inner -> (h_t, B_t) { h_0 ~ trainable; B_t = x_t * V; f = σ(x_t * W + b);
    h_t = tanh(f .* B_t + h_{t-1} * U); }";

/// A definition that may refer to `Inner`, to `Two` with two of them, and to a variant of that.
fn among(text: &str) -> Result<Cell, Vec<&'static str>> {
    let inner = source(INNER, &[]);
    let two = source(
        "struct Two { low: Inner; high: Inner; y_t = high(low(x_t)); }",
        &[("Inner", &inner)],
    );
    compiled(&source(text, &[("Inner", &inner), ("Two", &two)]))
}

#[track_caller]
fn has(text: &str, lines: &[&str], lacks: &[&str]) {
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
fn variants_of_cells_with_inner_cells() {
    // The argument alone is another one.
    has(
        "struct V = Two with { y_t = high(x_t); }",
        &["W_high [X, Y]"],
        &["_low"],
    );
    // An output that an inner cell computes needs the call.
    has(
        "struct V -> f_t^(low) = Two with {}",
        &["out f_low", "W_low"],
        &[],
    );
    assert_eq!(
        among("struct V = Two with { y_t = high(low(x_t)); }").err(),
        Some(vec!["variant_same"])
    );
    assert_eq!(
        among("struct V = Two with { f^(low) = σ(x_t); }").err(),
        Some(vec!["inner_equation"])
    );
    // What is called twice is reported, and not what the lost call would have read.
    assert_eq!(
        among("struct V = Two with { y_t = high(high(x_t)); }").err(),
        Some(vec!["cell_called_twice"])
    );
}

#[test]
fn a_path_may_lead_a_variant_and_its_parent_to_two_cells() {
    let own = |weights: &str| {
        let text = format!("struct Rnn {{ h_t = tanh(x_t * {weights} + h_{{t-1}} * U); }}");
        source(&text, &[])
    };
    let (first, second, third) = (own("P"), own("Q"), own("R"));
    let parent = source(
        "struct Base { a: m::Rnn; y_t = a(x_t); }",
        &[("m::Rnn", &first)],
    );
    let middle = source(
        "struct Middle = Base with { b: m::Rnn; y_t = a(x_t) + b(x_t); }",
        &[("Base", &parent), ("m::Rnn", &second)],
    );
    let cells = [("Middle", &middle), ("m::Rnn", &third)];
    let cell = compiled(&source(
        "struct Last = Middle with { c: m::Rnn; y_t = a(x_t) + b(x_t) + c(x_t); }",
        &cells,
    ));
    means(
        &cell.expect("a cell"),
        "struct Last { h_t^(a) = tanh(x_t * P^(a) + h_{t-1}^(a) * U^(a));
         h_t^(b) = tanh(x_t * Q^(b) + h_{t-1}^(b) * U^(b));
         h_t^(c) = tanh(x_t * R^(c) + h_{t-1}^(c) * U^(c));
         y_t = h_t^(a) + h_t^(b) + h_t^(c); }",
    );
    // A message names the path as the parent wrote it.
    let wrong = source(
        "struct Wrong = Middle with { y_t = a(x_t, q_{t-1} = x_t) + b(x_t); }",
        &cells,
    );
    let text = message(&wrong);
    assert!(text.contains("`a: m::Rnn`"), "{text}");
}

#[test]
fn a_start_goes_with_the_state() {
    let text = "struct V = Inner with { h_t = tanh(B_t); }";
    has(text, &["let h"], &["h_0"]);
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
