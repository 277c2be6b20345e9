//! Breaks every term of the emitted backward pass of every ready-made cell, one at a time: the
//! comparison with the interpreter has to notice each.
//!
//! The cells are compiled a second time, by `gate_macros::cell_with_mutants`: operands are
//! replaced and negated, functions and calls left out, terms of merged products taken away,
//! choices inverted, all while the code runs. `cargo test --test mutation -- --ignored` writes
//! `REPORT.md` beside this file.

#![allow(confusable_idents, mixed_script_confusables)]

mod hook;
#[path = "../proof/mod.rs"]
mod proof;

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

#[allow(unused_imports)] // `CellInfo` is for the sources of the cells.
use gate_runtime::{Cell, CellGrads, CellInfo, CellState, Tape};

macro_rules! cell {
    ($($definition:tt)*) => {
        gate_macros::cell_with_mutants! { crate::hook; ::gate_runtime; $($definition)* }
    };
}
#[allow(unused_imports)] // The cells below find the macro in either way.
pub(crate) use cell;

/// The sources of the ready-made cells, with the `cell!` of this file.
#[path = "../../gate-runtime/src/cells/mod.rs"]
#[allow(dead_code, missing_docs, unused_imports)]
mod cells;

/// Broken terms that change no gradient: how many of a cell, what they are, and why.
const EQUIVALENT: &[(&str, usize, &str, &str)] = &[
    (
        "Clockwork",
        4,
        "operand 3 replaced by 1",
        "what stands in the place of a value that is not taken is multiplied by a gradient of zero",
    ),
    (
        "ExpRnn",
        1,
        "relu(): function left out",
        "a rectified value is above zero where the value itself is",
    ),
    (
        "HyperLstm",
        1,
        "negated",
        "the kept memory less its mean is read twice, by two factors of one product: signs cancel",
    ),
    (
        "HyperLstm",
        8,
        "k.zero",
        "the zeros beside a part of a gradient stand in memory that is zero and has no other use",
    ),
    (
        "LayerNormLstm",
        1,
        "negated",
        "the kept memory less its mean is read twice, by two factors of one product: signs cancel",
    ),
    (
        "Nru",
        4,
        "abs(): function left out",
        "the fourth power of it is read, which has no sign",
    ),
    (
        "Rwkv",
        4,
        "q = p_prev.max(d26)",
        "the maximum cancels from the quotient that it scales: its gradient is zero",
    ),
    (
        "Rwkv",
        2,
        "result 1, d26",
        "the maximum cancels from the quotient that it scales: its gradient is zero",
    ),
    (
        "Rwkv",
        14,
        "d91",
        "the maximum cancels from the quotient that it scales: its gradient is zero",
    ),
    (
        "Rwkv",
        2,
        "d94 = d87 + d93",
        "the maximum cancels from the quotient that it scales: its gradient is zero",
    ),
    (
        "Rwkv",
        2,
        "d96 = d95 + d92",
        "the maximum cancels from the quotient that it scales: its gradient is zero",
    ),
    (
        "PhasedLstm",
        3,
        "d95 = V :: select_gt(d9, s",
        "where this choice takes its zero, the next one, on a longer interval, takes neither",
    ),
    (
        "PhasedLstm",
        3,
        "operand 3 replaced by 1",
        "what stays zero across a slope is never exactly zero here; `tests/choices.rs` has such zeros",
    ),
    (
        "SuRnn",
        3,
        "negated",
        "the kept angles of the waves are read by a cosine alone",
    ),
];

/// What became of the mutants of a cell.
struct Outcome {
    cell: &'static str,
    mutants: usize,
    equivalent: usize,
    unnoticed: Vec<&'static str>,
}

/// Breaks the terms of a cell.
fn mutate<C: Cell<Scalar = f64> + hook::Mutants>() -> Outcome {
    // One thread: the broken term is this thread's.
    gate_runtime::set_threads(1);
    hook::set(None);
    let problems: Vec<_> = proof::problems::<C>().chain(proof::rough::<C>()).collect();
    let slow: Vec<_> = problems.iter().map(proof::against::gradients).collect();
    let mut random = problems[0].copy();
    random.seed = Some(7);
    let whole = random.gradients();
    let wrong = || {
        let plain = problems.iter().zip(&slow).any(|(problem, slow)| {
            // What is added instead of written shows in memory that was used before.
            let mut tape = Tape::new();
            let mut differ =
                |_| proof::against::differ::<C>(&problem.gradients_on(&mut tape), slow).is_err();
            (0..2).any(&mut differ)
        });
        // The interpreter draws no masks; `masks.rs` holds the whole code against differences.
        plain || apart(&flat::<C>(&random.gradients()), &flat::<C>(&whole))
    };
    let noticed = || catch_unwind(AssertUnwindSafe(wrong)).unwrap_or(true);
    assert!(!noticed(), "{}: nothing is broken", C::INFO.name);
    let mut unnoticed = Vec::new();
    for (mutant, what) in C::MUTANTS.iter().enumerate() {
        hook::set(Some(mutant));
        if !noticed() {
            unnoticed.push(*what);
        }
    }
    hook::set(None);
    let mut out = Outcome {
        cell: C::INFO.name,
        mutants: C::MUTANTS.len(),
        equivalent: 0,
        unnoticed,
    };
    for (_, count, what, _) in EQUIVALENT.iter().filter(|e| e.0 == C::INFO.name) {
        let before = out.unnoticed.len();
        let mut left = *count;
        out.unnoticed.retain(|mutant| {
            let known = left > 0 && mutant.contains(what);
            left -= usize::from(known);
            !known
        });
        out.equivalent += before - out.unnoticed.len();
    }
    out
}

/// Whether numbers differ by more than rounding can make of a gradient that is zero.
fn apart(a: &[f64], b: &[f64]) -> bool {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 * (1.0 + b.abs());
    a.len() != b.len() || !a.iter().zip(b).all(near)
}

/// All gradients, one after the other.
fn flat<C: Cell<Scalar = f64>>(grads: &C::Grads) -> Vec<f64> {
    let mut out = grads.params().to_vec();
    for i in 0..proof::inputs_of::<C>() {
        out.extend(grads.input(i));
    }
    let state = grads.state();
    for field in state.fields() {
        out.extend(field);
    }
    out
}

macro_rules! list {
    ($($family:ident $cell:ident $title:literal;)*) => {
        &[$((stringify!($family), mutate::<cells::$cell<f64>>)),*]
    };
}

type Mutate = fn() -> Outcome;

/// All ready-made cells with their families.
const CELLS: &[(&str, Mutate)] = gate_runtime::for_each_cell!(list);

/// One test per family.
macro_rules! families {
    ($($family:ident),*) => {
        $(#[test]
        fn $family() {
            every_broken_term_is_noticed(stringify!($family));
        })*

        const FAMILIES: &[&str] = &[$(stringify!($family)),*];
    };
}
families!(
    plain, gru, lstm, linear, memory, composed, clocks, orthogonal
);

#[test]
fn no_family_is_left_out() {
    let known = |family: &str| FAMILIES.contains(&family);
    assert!(CELLS.iter().all(|(family, _)| known(family)));
}

fn every_broken_term_is_noticed(family: &str) {
    let mut unnoticed = String::new();
    for (_, mutate) in CELLS.iter().filter(|(name, _)| *name == family) {
        let outcome = mutate();
        assert!(outcome.mutants > 0, "{}: nothing to break", outcome.cell);
        let listed = EQUIVALENT.iter().filter(|e| e.0 == outcome.cell);
        let listed: usize = listed.map(|e| e.1).sum();
        assert_eq!(outcome.equivalent, listed, "{}", outcome.cell);
        for what in outcome.unnoticed {
            writeln!(unnoticed, "{}: {what}", outcome.cell).expect("text");
        }
    }
    assert!(unnoticed.is_empty(), "not noticed:\n{unnoticed}");
}

#[test]
#[ignore = "writes tests/mutation/REPORT.md"]
fn report() {
    let mut table = String::new();
    let (mut cells, mut mutants, mut equivalent, mut unnoticed) = (0, 0, 0, 0);
    for (family, mutate) in CELLS {
        let outcome = mutate();
        let missed = outcome.unnoticed.len();
        let seen = outcome.mutants - outcome.equivalent - missed;
        writeln!(
            table,
            "| {family} | {} | {} | {seen} | {} | {missed} |",
            outcome.cell, outcome.mutants, outcome.equivalent
        )
        .expect("text");
        cells += 1;
        mutants += outcome.mutants;
        equivalent += outcome.equivalent;
        unnoticed += missed;
    }
    let mut text = format!(
        "# Mutation check of the emitted backward pass\n\n\
         Written by `cargo test --test mutation -- --ignored`. In the backward code of each cell \
         every term was broken in turn (an operand replaced by 0 or 1, or negated; a function, a \
         call, a result, a term of a merged product or a block of a weight gradient left out; a \
         choice inverted; writing swapped with adding), and the gradients compared with the \
         interpreter's.\n\n\
         {cells} cells, {mutants} broken terms, {} noticed, {equivalent} that change no gradient, \
         {unnoticed} not noticed.\n\n\
         | family | cell | broken terms | noticed | change nothing | not noticed |\n\
         |---|---|---:|---:|---:|---:|\n{table}\n\
         What changes nothing, and why:\n\n",
        mutants - equivalent - unnoticed
    );
    for (cell, count, what, why) in EQUIVALENT {
        writeln!(text, "- {cell}, {count} {what}: {why}.").expect("text");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mutation/REPORT.md");
    std::fs::write(path, text).expect("the report can be written");
}
