//! Random token sequences: nothing panics, and nothing is lost without a message.

use super::*;

/// A linear congruential generator, so that failures repeat.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

const WORDS: &[&str] = &[
    "W",
    "x",
    "t",
    "n",
    "σ",
    "tanh",
    "max",
    "for",
    "in",
    "T",
    "R",
    "ℝ",
    "scalar",
    "hyper",
    "zeros",
    "if",
    "otherwise",
    "2",
    "0.5",
    "_",
    "_",
    "^",
    "^",
    "'",
    "⊤",
    "+",
    "-",
    "-",
    "*",
    ".*",
    "⊗",
    "/",
    "frac",
    "=",
    "=",
    "=",
    "~",
    ":",
    ",",
    ";",
    ";",
    ";",
    "->",
    "..=",
    "..",
    "∈",
    ">",
    "<",
    ">=",
    "<=",
    "|",
    "cases",
    "endcases",
    "&",
    "row",
    "(",
    "(",
    "(",
    ")",
    ")",
    ")",
    "[",
    "]",
    "{",
    "{",
    "}",
    "}",
];

fn kind_of(word: &str) -> Kind {
    match word {
        ".*" => Kind::Hadamard,
        "⊗" => Kind::Outer,
        "'" => Kind::Prime(2),
        other => text_kind(other),
    }
}

#[test]
fn any_kinds_in_any_order() {
    let kinds: Vec<Kind> = WORDS.iter().map(|word| kind_of(word)).collect();
    let mut random = Random(1);
    let (mut sound, mut mistaken) = (0, 0);
    for round in 0..30_000 {
        let length = 1 + random.below(if round % 10 == 0 { 200 } else { 12 });
        // Every other one begins like an equation.
        let begin = if round % 2 == 0 {
            vec![text_kind("x"), Kind::Equals]
        } else {
            Vec::new()
        };
        let tokens: Vec<Token> = (0..length)
            .map(|column| {
                let kind = begin
                    .get(column)
                    .unwrap_or(&kinds[random.below(kinds.len())])
                    .clone();
                let line = random.below(3) as u32;
                let place = Place {
                    line,
                    column: column as u32,
                    width: 1,
                    ..Place::of(Span::call_site())
                };
                Token { kind, place }
            })
            .collect();
        let mut diagnostics = Diagnostics::new(vec!["a".repeat(200)]);
        let items = parse_items(&tokens, &mut diagnostics);
        dump(&items);
        diagnostics.render();
        sound += usize::from(!diagnostics.any() && !items.is_empty());
        mistaken += usize::from(diagnostics.any());
        let silent = tokens.iter().all(|token| token.kind == Kind::Semi);
        assert_eq!(silent, items.is_empty() && !diagnostics.any(), "{tokens:?}");
    }
    assert!(sound > 400 && mistaken > 20_000, "{sound} {mistaken}");
}

#[test]
fn any_rust_tokens_in_any_order() {
    let pieces = [
        "W_x", "h_", "_", "__", "σ", "odot", "2z", "1.", "1e-3", "0x", "0xG", "\"s\"", "'a'",
        "'a ", "b'x'", ".", "*", "..=", "->", "@", "#", "$", "(", ")", "[", "]", "{", "}", "W·x",
        "fʘ", "r#in", "=", ";", "^", "~", ":", ",", "|", "<", ">", "!", "?", "&", "%", "1_",
        "1__e",
    ];
    let mut random = Random(2);
    let mut lexed = 0;
    for _ in 0..30_000 {
        let mut source = String::new();
        for _ in 0..1 + random.below(10) {
            source += pieces[random.below(pieces.len())];
            source += if random.below(3) == 0 { "" } else { " " };
        }
        let Ok(stream) = source.parse() else { continue };
        lexed += 1;
        let mut diagnostics = Diagnostics::default();
        let tokens = read_tokens(stream, &mut diagnostics);
        let opened = tokens
            .iter()
            .filter(|t| matches!(t.kind, Kind::Open(_)))
            .count();
        let closed = tokens
            .iter()
            .filter(|t| matches!(t.kind, Kind::Close(_)))
            .count();
        assert_eq!(opened, closed, "{source}");
        parse_items(&tokens, &mut diagnostics);
    }
    assert!(lexed > 5_000, "{lexed}");
}
