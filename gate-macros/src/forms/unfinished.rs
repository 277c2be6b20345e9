//! Unfinished and wrong definitions: an editor is given the types with their methods all the
//! same, so that names complete while the rest is being typed.

use quote::quote;

use super::{documented, tokens_definition};
use crate::diag::Diagnostics;
use crate::emit::{Paths, sketch};
use crate::model;
use crate::syntax::Definition;

/// What an editor is given, and how many mistakes there were.
fn sketched(definition: Definition, mut diagnostics: Diagnostics) -> (String, usize) {
    if !diagnostics.any() {
        model::resolve(definition.clone(), &mut diagnostics);
    }
    let paths = Paths::new(quote!(gate_runtime));
    let tokens = sketch(&model::sketch(definition), &paths).to_string();
    (tokens, diagnostics.list().len())
}

/// Checks that a body with mistakes gives these methods.
#[track_caller]
fn gives(body: &str, methods: &[&str]) {
    let mut diagnostics = Diagnostics::default();
    let source = format!("pub struct Unfinished {{ {body} }}");
    let definition = tokens_definition(source.parse().expect("Rust tokens"), &mut diagnostics);
    let (tokens, mistakes) = sketched(definition.expect("a struct line"), diagnostics);
    assert!(mistakes > 0, "{body}");
    for method in methods {
        assert!(
            tokens.contains(method),
            "no `{method}` for {body}\n{tokens}"
        );
    }
}

const VIEW: &str = "(& self) -> gate_runtime :: __private :: ArrayView2";

#[test]
fn an_equation_breaks_off() {
    let body = "f = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + ); h_t = f .* h_{t-1};";
    gives(
        body,
        &[
            "fn W_x_f (& self)",
            "fn W_h_f_mut (& mut self)",
            "pub h : gate_runtime :: __private :: Array2",
            "pub struct UnfinishedState",
            "pub struct UnfinishedGrads",
        ],
    );
    gives("f = sigmoid(x_t * W_f); h_t = ;", &["fn W_f (& self)"]);
    gives("f = sigmoid(x_t * W_f); h_t", &["fn W_f (& self)"]);
    gives(
        "f = x_t * W @ V; h_t = f + b;",
        &["fn b (& self)", "fn W (& self)"],
    );
}

#[test]
fn a_function_is_unknown() {
    let body = "f = sigmod(x_t * W_f); h_t = tanh(x_t * W + h_{t-1} * U) .* f;";
    let arguments =
        "(x : :: core :: primitive :: usize , h : :: core :: primitive :: usize , rng :";
    gives(body, &[&format!("fn W {VIEW}"), "fn W_f", arguments]);
}

#[test]
fn shapes_conflict() {
    let body = "x_t: [I]; h_t: [H]; f = sigmoid(x_t * W + h_{t-1} * U); h_t = f .* x_t;";
    let arguments =
        "(i : :: core :: primitive :: usize , h : :: core :: primitive :: usize , rng :";
    gives(
        body,
        &[&format!("fn W {VIEW}"), &format!("fn U {VIEW}"), arguments],
    );
}

#[test]
fn nothing_is_known_yet() {
    gives("", &["pub struct Unfinished", "fn new"]);
    gives("for", &["fn new"]);
    gives("h_{i,j} = h_{i-1,j} + h_{i,j-1};", &["fn new"]);
}

#[test]
fn fixed_types() {
    let mut diagnostics = Diagnostics::default();
    let source =
        "#[fixed(Tiny, x = 3, h = 4)] #[fixed(Small, x = 2)] pub struct Unfinished -> h_t {
        f = sigmod(h_{t-1}); h_t = tanh(x_t * W + h_{t-1} * U); }";
    let definition = tokens_definition(source.parse().expect("Rust tokens"), &mut diagnostics);
    let (tokens, mistakes) = sketched(definition.expect("a struct line"), diagnostics);
    assert!(mistakes > 0);
    for part in [
        "pub struct Tiny <",
        "pub W : [[A ; 4usize] ; 3usize]",
        "pub h : [A ; 4usize]",
        "pub const fn new (params : & TinyParams < A >)",
        "pub fn step (& self , x : & [A ; 3usize] , state : & mut TinyState < A >) -> ([A ; 4usize])",
        "TryFrom < & Unfinished < A >> for TinyParams < A >",
        "pub W : [[A ; 1usize] ; 2usize]",
    ] {
        assert!(tokens.contains(part), "no `{part}` in\n{tokens}");
    }
}

#[test]
fn texts_too() {
    let text = "```math\nf = σ(W_f x_t + U_f h_{t-1}\nh_t = f ⊙ h_{t-1} + \\tanh(W x_t)\n```";
    let (definition, diagnostics) = documented("", text);
    let (tokens, mistakes) = sketched(definition.expect("a struct"), diagnostics);
    assert!(mistakes > 0);
    for method in [&format!("fn W {VIEW}")[..], "pub h :"] {
        assert!(tokens.contains(method), "{tokens}");
    }
}
