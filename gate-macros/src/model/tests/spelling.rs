//! Identifiers, LaTeX, and near misses of words.

use super::{cell, has_lines};
use crate::spelling::nearest;

/// Identifier, plain text and LaTeX of the symbol that the body's first equation defines.
fn spelled(name: &str) -> [String; 3] {
    let cell = cell(&format!("{name} = x_t; h_t = {name} + h_{{t-1}};"));
    let id = cell.equations[0].left;
    let symbol = &cell.symbols[id];
    [
        symbol.ident.clone(),
        symbol.printed.clone(),
        symbol.latex.clone(),
    ]
}

#[test]
fn spellings_of_names() {
    for (name, expected) in [
        ("W_x^{(f)}", ["W_x_f", "W_x^(f)", "W_x^{(f)}"]),
        ("b_{hh}^{f}", ["b_hh_f", "b_hh^(f)", "b_{hh}^{(f)}"]),
        ("h̃", ["h̃", "h̃", r"\tilde{h}"]),
        ("ŷ_out", ["ŷ_out", "ŷ_out", r"\hat{y}_{\mathrm{out}}"]),
        ("Δt", ["Δt", "Δt", r"\Delta t"]),
        ("alpha_1", ["alpha_1", "alpha_1", r"\alpha_1"]),
        (
            "gate^{(φ)}",
            ["gate_φ", "gate^(φ)", r"\mathrm{gate}^{(\varphi)}"],
        ),
        ("g_q", ["g_prime", "g'", "g'"]),
        ("c_{x,2}", ["c_x_2", "c_{x,2}", "c_{x,2}"]),
        ("a_{-1}", ["a_minus1", "a_{-1}", "a_{-1}"]),
        ("loop", ["loop_", "loop", r"\mathrm{loop}"]),
    ] {
        assert_eq!(spelled(name), expected, "{name}");
    }
}

/// An `e` with a label is that symbol where an equation or a declaration says so.
#[test]
fn a_label_on_e_is_no_exponent() {
    has_lines(
        "h_t: [H]; e^(f) = tanh(x_t * W); h_t = e^(f) .* h_{t-1};",
        &["let e_f [H]"],
    );
    has_lines(
        "h_t: [H]; e^(f): [H]; h_t = x_t * W + e^(f) .* h_{t-1};",
        &["param(1) e_f [H]"],
    );
    has_lines(
        "h_t: [H]; f: [H]; h_t = x_t * W + e^(f) .* h_{t-1};",
        &["param(0) f [H]"],
    );
}

#[test]
fn near_words() {
    let words = || ["tanh", "sigmoid", "abs"].into_iter();
    assert_eq!(nearest("tahn", words()), Some("tanh"));
    assert_eq!(nearest("Sigmoidd", words()), Some("sigmoid"));
    assert_eq!(nearest("as", words()), None);
}
