//! Where the equations of a longer text stand.

use super::*;

#[test]
fn fences_and_dollars() {
    let text = "A cell with x = 1 in its prose.\n\n```math\na = 1\n```\n\n```rust\nlet b = 1;\n```\n~~~latex\nc = 1\n~~~\n$$\nd = 1\n$$ and $$e = 1$$ and $f = 1$, $g$, `$h = 1$`, \\$i = 1\\$,\n5$ and k = 6$.\n\\[ l = 1 \\]\n\\begin{align}\nm = 1\n\\end{align}\n";
    assert_eq!(
        shown(text),
        "a = 1\nc = 1\nd = 1\ne = 1\nf = 1\nl = 1\nm = 1"
    );
}

#[test]
fn inline_mathematics() {
    let text = "With $x_t \\in \\mathbb{R}^I$ and $z_t \\in (0, 1)$, $b \\sim 1$, $\\sum_{k=1}$, $t = 1, \\dots, T$, $= 3$ and\n$h_t = x_t$.";
    assert_eq!(shown(text), "x _ t ∈ ℝ ^ I\nb ~ 1\nh _ t = x _ t");
}

#[test]
fn dollars_of_money_and_blank_lines() {
    assert_eq!(
        shown("costs $5 and y = 6$7 or $a = 1\n\nb = 2$ but $c = 3$"),
        "c = 3"
    );
    assert_eq!(shown("```math\na = 1\n\nb = 2\n```"), "a = 1\nb = 2");
}

#[test]
fn a_whole_text_of_equations() {
    assert_eq!(
        shown("a_t &= x_t, \\\\\nb_t &= a_t"),
        "a _ t = x _ t\nb _ t = a _ t"
    );
    assert_eq!(shown(" Equations:\n * a = x\n * b = a"), "a = x\nb = a");
    assert_eq!(shown("# comment\na = x"), "a = x");
    let (tokens, diagnostics) = read("A cell.\nIt has no equations: see a = b.", None);
    assert!(tokens.is_empty());
    assert_eq!(diagnostics.list()[0].code, "no_equations_in_text");
}

#[test]
fn quoted_and_indented_fences() {
    assert_eq!(
        shown("> note\n> ```math\n> a = x\n>   + b\n> ```"),
        "a = x + b"
    );
    assert_eq!(shown("- item\n  ```math\n  a = x\n  ```"), "a = x");
    assert_eq!(shown("````tex\na = x\n```\n````"), "a = x");
    assert_eq!(shown("```math\na = x"), "a = x");
}

const ARTICLE: &str = "# Cells\n$p = 0$\n## LSTM\n$a = 1$\n### Gates\n$b = 2$\n## GRU\n$c = 3$\n\nMinimal\n-------\n$d = 4$\n# Other\n$e = 5$\n```sh\n# GRU\n```\n";

#[test]
fn sections() {
    let section = |name: &str| {
        let (tokens, diagnostics) = read(ARTICLE, Some(name));
        assert!(!diagnostics.any(), "{:?}", diagnostics.list());
        show(&tokens)
    };
    assert_eq!(section("LSTM"), "a = 1\nb = 2");
    assert_eq!(section("Gates"), "b = 2");
    assert_eq!(section("gru"), "c = 3");
    assert_eq!(section("Minimal"), "d = 4");
    assert_eq!(section("Other"), "e = 5");
    assert_eq!(section("Cells"), "p = 0\na = 1\nb = 2\nc = 3\nd = 4");
}

#[test]
fn a_section_that_is_not_there() {
    let (tokens, diagnostics) = read(ARTICLE, Some("MGU"));
    assert!(tokens.is_empty());
    assert_eq!(diagnostics.list()[0].code, "section_missing");
    assert!(
        diagnostics.list()[0]
            .text
            .contains("Cells, LSTM, Gates, GRU, Minimal, Other")
    );
    let (_, diagnostics) = read("# A\n$a = 1$\n# A\n$b = 1$", Some("A"));
    assert_eq!(diagnostics.list()[0].code, "section_twice");
    let (_, diagnostics) = read("# A\ntext", Some("A"));
    assert_eq!(diagnostics.list()[0].code, "no_equations_in_text");
}

#[test]
fn places_are_those_of_the_text() {
    let (tokens, _) = read("prose\n```math\n a_t &= \\tilde{h}\n```", None);
    let places: Vec<_> = tokens
        .iter()
        .map(|t| (t.place.line, t.place.column, t.place.width))
        .collect();
    // a _ t = h̃ ;
    assert_eq!(
        places,
        [
            (3, 1, 1),
            (3, 2, 1),
            (3, 3, 1),
            (3, 6, 1),
            (3, 8, 9),
            (3, 8, 9)
        ]
    );
    let (_, diagnostics) = read("```math\nh = §\n```", None);
    let (_, text) = &diagnostics.render()[0];
    assert!(text.ends_with("2 | h = §\n  |     ^"), "{text}");
}
