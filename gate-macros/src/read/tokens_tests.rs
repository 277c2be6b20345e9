//! Tests of the token front end.

use super::*;

fn read(source: &str) -> (Vec<Token>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let tokens = read_tokens(source.parse().expect("lexes"), &mut diagnostics);
    (tokens, diagnostics)
}

/// The kinds of a source without mistakes.
fn kinds(source: &str) -> Vec<Kind> {
    let (tokens, diagnostics) = read(source);
    assert!(!diagnostics.any(), "{source}: {:?}", diagnostics.list());
    tokens.into_iter().map(|token| token.kind).collect()
}

fn codes(source: &str) -> Vec<&'static str> {
    read(source).1.list().iter().map(|d| d.code).collect()
}

fn word(text: &str) -> Kind {
    Kind::Word(text.to_string())
}

fn number(value: f64, text: &str) -> Kind {
    Kind::Number(value, text.to_string())
}

#[test]
fn identifiers_split_at_underscores() {
    use Kind::Sub;
    assert_eq!(kinds("W_x"), [word("W"), Sub, word("x")]);
    assert_eq!(
        kinds("b_hh_f"),
        [word("b"), Sub, word("hh"), Sub, word("f")]
    );
    assert_eq!(kinds("W_1"), [word("W"), Sub, number(1.0, "1")]);
    assert_eq!(kinds("h\u{303}_t"), [word("h\u{303}"), Sub, word("t")]);
    assert_eq!(
        kinds("_ __x h_"),
        [Sub, Sub, Sub, word("x"), word("h"), Sub]
    );
    assert_eq!(kinds("r#in"), [word("in")]);
}

#[test]
fn words_of_the_tables_stay_whole() {
    for source in [
        "leaky_relu",
        "stop_gradient",
        "glorot_uniform",
        "sigma",
        "alpha",
        "σ",
    ] {
        assert_eq!(kinds(source), [word(source)]);
    }
    assert_eq!(kinds("𝜎"), [word("σ")]);
}

#[test]
fn a_brace_group_after_an_underscore_is_a_subscript() {
    let expected = [
        word("h"),
        Kind::Sub,
        Kind::Open(Bracket::Brace),
        word("t"),
        Kind::Minus,
        number(1.0, "1"),
        Kind::Close(Bracket::Brace),
    ];
    assert_eq!(kinds("h_{t-1}"), expected);
}

#[test]
fn every_spelling_of_the_elementwise_product() {
    for source in ["f .* c", "f odot c", "f ʘ c", "fʘc", "f (.) c"] {
        assert_eq!(
            kinds(source),
            [word("f"), Kind::Hadamard, word("c")],
            "{source}"
        );
    }
    assert_eq!(kinds("W·x"), [word("W"), Kind::Star, word("x")]);
    assert_eq!(kinds("u otimes v"), [word("u"), Kind::Outer, word("v")]);
}

#[test]
fn numbers() {
    assert_eq!(kinds("1.*z"), [number(1.0, "1."), Kind::Star, word("z")]);
    assert_eq!(kinds("2z"), [number(2.0, "2"), word("z")]);
    assert_eq!(
        kinds("2W_x"),
        [number(2.0, "2"), word("W"), Kind::Sub, word("x")]
    );
    assert_eq!(
        kinds("1e-3 1_000"),
        [number(1e-3, "1e-3"), number(1000.0, "1_000")]
    );
    assert_eq!(
        kinds("0x1F 2.5E+2"),
        [number(31.0, "0x1F"), number(250.0, "2.5E+2")]
    );
    let made = TokenStream::from(TokenTree::from(Literal::f64_unsuffixed(-0.5)));
    let tokens = read_tokens(made, &mut Diagnostics::default());
    assert!(matches!(tokens[0].kind, Kind::Minus));
    assert_eq!(tokens[1].kind, number(0.5, "0.5"));
}

#[test]
fn signs() {
    use Kind::*;
    let expected = [
        Arrow, GreaterEq, LessEq, Greater, Less, Tilde, Colon, Semi, Comma, Bar, Sup,
    ];
    assert_eq!(kinds("-> >= <= > < ~ : ; , | ^"), expected);
    assert_eq!(
        kinds("1..=3"),
        [number(1.0, "1"), Range(true), number(3.0, "3")]
    );
    assert_eq!(
        kinds("1..3"),
        [number(1.0, "1"), Range(false), number(3.0, "3")]
    );
    assert_eq!(kinds("a=-b"), [word("a"), Equals, Minus, word("b")]);
    assert_eq!(kinds("a := b"), [word("a"), Equals, word("b")]);
}

#[test]
fn hidden_groups_vanish() {
    let inner = "a + b".parse().expect("lexes");
    let group = proc_macro2::Group::new(Delimiter::None, inner);
    let tokens = read_tokens(TokenTree::from(group).into(), &mut Diagnostics::default());
    assert_eq!(tokens.len(), 3);
}

#[test]
fn mistakes_are_reported_and_left_out() {
    assert_eq!(codes("f @ c @ d"), ["unknown_token"]);
    assert_eq!(codes("np.tanh(c)"), ["path_or_method"]);
    assert_eq!(codes("c.tanh() + W.T"), ["path_or_method"; 2]);
    assert_eq!(codes("f \"c\" 'x' b\"y\""), ["literal_in_equation"; 3]);
    assert_eq!(codes("'h"), ["prime_in_tokens"]);
    assert_eq!(codes("f . c"), ["lone_dot"]);
    assert_eq!(codes("f . * c"), ["lone_dot"]);
    assert_eq!(codes("1.0f32"), ["number_suffix"]);
    assert_eq!(codes("1e999"), ["number_too_large"]);
    assert_eq!(read("f @ 'h c").0.len(), 4);
}

#[test]
fn deep_nesting_needs_no_stack() {
    let mut stream = TokenStream::new();
    for _ in 0..50_000 {
        let group = proc_macro2::Group::new(Delimiter::Parenthesis, stream);
        stream = TokenTree::from(group).into();
    }
    assert_eq!(
        read_tokens(stream, &mut Diagnostics::default()).len(),
        100_000
    );
}
