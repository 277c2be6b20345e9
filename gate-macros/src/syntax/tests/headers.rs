//! Struct lines.

use super::super::dump::name;
use super::super::{Header, parse_cell, parse_header};
use super::*;

fn header(source: &str) -> (Option<(Header, String)>, Vec<&'static str>) {
    let mut diagnostics = Diagnostics::default();
    let stream = source.parse().expect("lexes");
    let parsed = parse_header(stream, &mut diagnostics);
    let codes = diagnostics.list().iter().map(|d| d.code).collect();
    (
        parsed.map(|(header, body)| (header, body.to_string())),
        codes,
    )
}

fn names(list: &Option<Vec<super::super::Name>>) -> Vec<String> {
    list.iter().flatten().map(name).collect()
}

#[test]
fn a_keyword_is_no_name_of_a_type() {
    let guess = |source: &str| crate::syntax::guess_header(source.parse().expect("tokens"));
    assert!(guess("pub struct Self { h_t = x_t; }").is_none());
    assert!(guess("pub enum Kind { h_t = x_t; }").is_some());
}

#[test]
fn everything_at_once() {
    let source = "/// One.\n /// Two.\n #[derive(Clone)] pub(crate) struct Cell(x_t, m_{t}) \
                  -> (h_t, y_t) { h_t = x_t; }";
    let (parsed, codes) = header(source);
    assert!(codes.is_empty(), "{codes:?}");
    let (header, body) = parsed.expect("a header");
    assert_eq!(header.docs, [" One.", " Two."]);
    assert_eq!(
        header.attributes.to_string().replace(' ', ""),
        "#[derive(Clone)]"
    );
    assert_eq!(header.visibility.to_string().replace(' ', ""), "pub(crate)");
    assert_eq!(header.name, "Cell");
    assert_eq!(names(&header.inputs), ["x_{t}", "m_{t}"]);
    assert_eq!(names(&header.outputs), ["h_{t}", "y_{t}"]);
    assert_eq!(body, "h_t = x_t ;");
}

#[test]
fn shorter_forms() {
    let (parsed, codes) = header("struct Tt { a = b; }");
    assert!(codes.is_empty());
    let (short, _) = parsed.expect("a header");
    assert!(short.inputs.is_none() && short.outputs.is_none() && short.visibility.is_empty());
    for (source, outputs) in [
        ("pub struct Tt -> h_t { a = b; }", "h_{t}"),
        ("pub struct Tt -> h_{t} { a = b; }", "h_{t}"),
        ("pub struct Tt -> h^{k} { a = b; }", "h^{k}"),
        ("pub struct Tt() -> h(t) { a = b; }", "h[t]"),
    ] {
        let (parsed, codes) = header(source);
        assert!(codes.is_empty(), "{source}: {codes:?}");
        let (header, body) = parsed.expect("a header");
        assert_eq!(names(&header.outputs), [outputs]);
        assert_eq!(body, "a = b ;");
    }
    let (parsed, codes) = header("#[doc = \"One.\\nTwo.\"] #[doc(hidden)] pub struct Gru;");
    assert!(codes.is_empty());
    let (unit, body) = parsed.expect("a header");
    assert_eq!((unit.docs.len(), body.as_str()), (2, ""));
    assert!(unit.attributes.to_string().contains("hidden"));
}

#[test]
fn mistakes() {
    for (source, expected) in [
        ("", "not_a_struct"),
        ("pub enum A { a = b; }", "not_a_struct"),
        ("a = b;", "not_a_struct"),
        ("struct Tt<T> { a = b; }", "generic_cell"),
        ("struct Tt<T>(x_t) -> h_t { a = b; }", "generic_cell"),
        ("struct Tt", "no_body"),
        ("struct Tt => h { a = b; }", "signature"),
        ("struct Tt(x_t h_t) { a = b; }", "signature"),
        ("struct Tt(2) { a = b; }", "signature"),
        ("struct Tt -> h_t; y_t { a = b; }", "after_body"),
        ("struct Tt -> { a = b; }", "missing_value"),
        ("struct Tt { a = b; } struct B { a = b; }", "after_body"),
    ] {
        assert_eq!(header(source).1, [expected], "{source}");
    }
}

#[test]
fn a_cell_without_equations_is_none() {
    let (parsed, _) = header("struct Tt { }");
    let (header, _) = parsed.expect("a header");
    let mut diagnostics = Diagnostics::default();
    let definition = parse_cell(header.clone(), &[], &mut diagnostics);
    assert_eq!(
        (definition.items.len(), diagnostics.list()[0].code),
        (0, "no_equations")
    );
    // Silent where something else is the cause.
    parse_cell(header, &text_tokens("a +"), &mut diagnostics);
    assert_eq!(diagnostics.list().len(), 2);
}
