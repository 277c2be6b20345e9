//! Gradients of cells that nobody wrote: texts from a small grammar of all operators, through
//! every stage up to the adjoint, and as LaTeX back into the first. The same generator writes the cells of `tests/random.rs`, which
//! go through the whole compiler.

mod composed;
mod writer;

use std::fmt::Write;
use std::path::Path;

use super::unrolled::check_directions;
use crate::forms::difference;
use crate::ir::tests::cell;
use crate::ir::{lower, simplify};
use writer::{Writer, ended};

/// So many, unless `FUZZ_ROUNDS` says otherwise.
fn rounds(usual: usize) -> usize {
    let rounds = std::env::var("FUZZ_ROUNDS").ok();
    rounds.and_then(|n| n.parse().ok()).unwrap_or(usual)
}

#[test]
fn random_cells() {
    let mut writer = Writer::new(5);
    for _ in 0..rounds(60) {
        let source = writer.cell();
        let cell = cell(&source);
        assert_eq!(difference(&cell, false), None, "{source}");
        let graph = lower(&cell);
        check_directions(&graph, &source);
        check_directions(&simplify(graph), &source);
    }
}

/// What the cells of `tests/random.rs` have to contain, together.
const OPERATORS: &[&str] = &[
    "tanh(",
    "sigmoid(",
    "softplus(",
    "gelu(",
    "silu(",
    "sin(",
    "cos(",
    "softmax(",
    "relu(",
    "leaky_relu(",
    "elu(",
    "selu(",
    "abs(",
    "hard_sigmoid(",
    "hard_tanh(",
    "softsign(",
    "log_sigmoid(",
    "max(",
    "min(",
    "clamp(",
    "where(",
    "layer_norm(",
    "rms_norm(",
    "exp(",
    "log(",
    "sqrt(",
    "square(",
    "dot(",
    "mean(",
    "norm(",
    "sum(",
    "outer(",
    "^T",
    "^1.7",
    "for k",
    "S_{t-1} *",
    "S_{t-1}^T *",
    ")) * S_{t-1}",
    "S_{t-2}",
    "S_t * ",
    "- S_{t-1} *",
    "Q * [",
    "P_{t-1}",
    "L_{t-1} + l",
    "L_{t-1} + x_t *",
    "L_{t-2}",
    "P_t) = chunk(",
    "h_{t-3}",
    "x_{t-2}",
    "~ trainable",
    "ε *",
];

/// `tests/random.rs` holds what this generator writes; `RANDOM_CELLS=write` writes it again.
#[test]
fn the_cells_of_the_whole_compiler() {
    let mut writer = Writer::new(4994);
    let (mut cells, mut tests) = (String::new(), String::new());
    for number in 1..=20 {
        let body: String = writer
            .statements()
            .into_iter()
            .map(|s| format!("        {}\n", ended(s).trim_end()))
            .collect();
        write!(
            cells,
            "cell! {{\n    /// Random.\n    pub struct Random{number}(x_t) -> h_t {{\n{body}    }}\n}}\n\n"
        )
        .expect("text");
        write!(
            tests,
            "\n#[test]\nfn random_{number}() {{\n    proof::prove::<Random{number}<f64>>();\n}}\n"
        )
        .expect("text");
    }
    let missing: Vec<_> = OPERATORS.iter().filter(|o| !cells.contains(**o)).collect();
    assert!(missing.is_empty(), "no cell has {missing:?}");
    golden(
        "random.rs",
        "Cells that nobody wrote, through the whole compiler, against what all cells have to\n\
         //! satisfy.",
        &(cells.trim_end_matches('\n').to_owned() + "\n" + &tests),
    );
}

/// Compares a file of `tests/` with what it has to hold, or writes it.
fn golden(file: &str, about: &str, body: &str) {
    let text = format!(
        "//! {about} Written by `gate-macros/src/grad/tests/random`, which says how.\n\n\
         // A random cell computes this and that for nothing.\n#![allow(deprecated)]\n\
         #![allow(confusable_idents, mixed_script_confusables)]\n\n\
         mod proof;\n\n\
         use gate_runtime::cell;\n\n{body}"
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests")
        .join(file);
    if std::env::var_os("RANDOM_CELLS").is_some_and(|v| v == "write") {
        std::fs::write(&path, &text).expect("the file can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "run with RANDOM_CELLS=write to write tests/{file} again"
    );
}
