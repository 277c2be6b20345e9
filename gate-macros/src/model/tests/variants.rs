//! Variants as the cells that they mean.

use super::super::{Cell, dump, resolve};
use super::inner::{among, has};
use crate::diag::Diagnostics;
use crate::load::{Loaded, load};
use crate::source::{Form, Source};

const LSTM: &str = "struct Lstm { b^(f) ~ 1;
    f = σ(x_t * W^(f) + h_{t-1} * U^(f) + b^(f)); i = σ(x_t * W^(i) + h_{t-1} * U^(i) + b^(i));
    C_t = f .* C_{t-1} + i .* tanh(x_t * W); h_t = tanh(C_t); }";

pub(super) fn source(text: &str, cells: &[(&str, &Source)]) -> Source {
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

pub(super) fn compiled(source: &Source) -> Result<Cell, Vec<&'static str>> {
    let mut diagnostics = Diagnostics::default();
    let Loaded::Definition(definition) = load(source, &mut diagnostics) else {
        panic!("not loaded: {:?}", diagnostics.list());
    };
    resolve(*definition, &mut diagnostics)
        .ok_or_else(|| diagnostics.list().iter().map(|d| d.code).collect())
}

/// The first message about a definition.
pub(super) fn message(source: &Source) -> String {
    let mut diagnostics = Diagnostics::default();
    let Loaded::Definition(definition) = load(source, &mut diagnostics) else {
        panic!("not loaded: {:?}", diagnostics.list());
    };
    assert!(resolve(*definition, &mut diagnostics).is_none());
    diagnostics.list()[0].text.clone()
}

pub(super) fn variant(text: &str) -> Cell {
    let cell = compiled(&source(text, &[("Lstm", &lstm())]));
    cell.unwrap_or_else(|codes| panic!("{text}: {codes:?}"))
}

/// Checks that a definition means what another one says.
#[track_caller]
pub(super) fn means(cell: &Cell, text: &str) {
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
fn a_parent_may_stand_in_its_variant() {
    let cell = variant("struct N = Lstm with { m: Lstm; C_t = m(i, h_{t-1} = f .* C_{t-1}); }");
    let text = dump(&cell);
    assert!(
        text.contains("state C_m") && text.contains("let f_m"),
        "{text}"
    );
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
