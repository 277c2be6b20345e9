//! Definitions as long as a program would write them.

use proc_macro2::{TokenStream, TokenTree};

use crate::diag::Diagnostics;
use crate::pipeline;

/// The code of a definition without mistakes.
fn code(source: &str) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let source = format!("gate_runtime; {source}").parse();
    let code = pipeline::compile_tokens(source.expect("Rust tokens"), &mut diagnostics);
    let messages: Vec<String> = diagnostics.render().into_iter().map(|(_, t)| t).collect();
    assert!(messages.is_empty(), "{}", messages.join("\n"));
    code
}

/// Levels of brackets.
fn depth(code: TokenStream) -> usize {
    let each = code.into_iter().map(|tree| match tree {
        TokenTree::Group(group) => 1 + depth(group.stream()),
        _ => 0,
    });
    each.max().unwrap_or(0)
}

/// Each level of brackets is a level of the compiler's stack.
#[test]
fn a_long_chain_of_operations_is_no_deep_expression() {
    let mut chain = "struct Long { a_0 = tanh(x_t + h_{t-1}); ".to_owned();
    for i in 1..300 {
        chain += &format!("a_{i} = tanh(a_{}) + 0.1; ", i - 1);
    }
    let depth = depth(code(&(chain + "h_t = a_299; }")));
    assert!(depth < 200, "{depth}");
}
