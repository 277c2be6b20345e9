//! Warnings and notes of sound cells.

use super::{codes_of_notes, resolved};
use crate::diag::Level;

/// Checks that a body is a cell with these warnings and notes and no others.
#[track_caller]
fn gives(body: &str, expected: &[&str]) {
    assert_eq!(codes_of_notes("struct Test", body), expected, "{body}");
}

#[test]
fn sound_cells_have_none() {
    for body in [
        "h_t = tanh(x_t * W + h_{t-1} * U + b);",
        "f = σ(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f)); h_t = f .* h_{t-1} + (1 - f) .* x_t;",
        "φ(u) = u .* σ(u); γ = 0.5; d = 2; h_t = φ(x_t * W) + γ * h_{t-d};",
        "c_t = f .* c_{t-1} + x_t * W; f = σ(V * x_t); h_t = tanh(c_t);",
    ] {
        gives(body, &[]);
    }
}

#[test]
fn values_that_nothing_reads() {
    gives("g = tanh(x_t * W); h_t = tanh(x_t * V);", &["unused_value"]);
    // One message for a chain, at its end.
    gives(
        "a = x_t * W; b = tanh(a); h_t = tanh(x_t * V);",
        &["unused_value"],
    );
    let listed = codes_of_notes(
        "struct T -> (h_t, g)",
        "g = tanh(x_t * W); h_t = tanh(x_t * V);",
    );
    assert!(listed.is_empty(), "{listed:?}");
}

#[test]
fn definitions_that_nothing_uses() {
    gives("γ = 0.5; h_t = x_t * W;", &["unused_definition"]);
    gives("φ(u) = 2 u; h_t = x_t * W;", &["unused_definition"]);
    gives("γ = 0.5; δ = 2 * γ; h_t = x_t * W * δ;", &[]);
}

#[test]
fn states_that_reach_no_output() {
    gives(
        "m_t = m_{t-1} + x_t; h_t = tanh(x_t * W);",
        &["unused_state"],
    );
    gives(
        "m_t = m_{t-1} + x_t; h_t = tanh(x_t * W + m_{t-1} * U);",
        &[],
    );
}

#[test]
fn parameters_without_a_gradient() {
    gives("h_t = where(x_t > b, x_t, 0) * W;", &["never_trained"]);
    gives("h_t = sign(a) .* tanh(x_t * W);", &["never_trained"]);
    gives("h_t = tanh(x_t * stop_gradient(W) + b);", &["frozen"]);
    // Read elsewhere too.
    gives("h_t = where(x_t > b, x_t, b) * W;", &[]);
    // Through a value that only a comparison reads.
    gives(
        "m = x_t * V; h_t = where(m > 0, x_t * W, 0);",
        &["never_trained"],
    );
    // What nothing reads is said of its value alone.
    gives("m = x_t * V; h_t = x_t * W;", &["unused_value"]);
}

#[test]
fn parameters_that_do_the_work_of_one() {
    gives(
        "h_t = tanh(x_t * W + b_1 + h_{t-1} * U + b_2);",
        &["added_together"],
    );
    gives(
        "h_t = tanh(x_t * W + b_1 + b_2 + b_3);",
        &["added_together"; 2],
    );
    gives("h_t = tanh(x_t * (W + V));", &["added_together"]);
    // One of them is needed elsewhere.
    gives(
        "r = σ(U * x_t + c); h_t = tanh(x_t * W + b + r .* (V * h_{t-1} + c));",
        &[],
    );
    gives("h_t = tanh(x_t * W + b - c);", &[]);
    // GRU, reset after the product: one bias is inside.
    gives(
        "r = σ(x_t * R); h_t = tanh(x_t * W + b + r .* (h_{t-1} * U + c));",
        &[],
    );
}

#[test]
fn the_output_goes_on() {
    let body = "h_t = (1 - z) .* h_{t-1} + z .* tanh(x_t * W); z = σ(x_t * V);";
    gives(body, &["output_found"]);
    let ends_in = |body: &str| crate::model::dump(&super::cell(body)).ends_with("out h");
    assert!(ends_in(body));
    assert!(codes_of_notes("struct T -> h_t", body).is_empty());
    // A state is what a step is for, and of two ends none is meant.
    let state = "m_t = max(h_t); h_t = tanh(h_{t-1} + x_t * W);";
    gives(state, &["output_unclear"]);
    assert!(ends_in(state));
    // An output is called so.
    let output = "y = s_1 * V + s_2; s_1 = tanh(s_{1,t-1} + x_t * W); s_2 = s_1 + s_{2,t-1};";
    gives(output, &["output_found"]);
    assert!(crate::model::dump(&super::cell(output)).ends_with("out y"));
    let two = "h_t = z .* h_{t-1} + x_t; c_t = z .* c_{t-1} + x_t; z = σ(x_t * V);";
    gives(two, &["output_unclear", "unused_state", "unused_state"]);
}

#[test]
fn only_what_nobody_wants_is_a_warning() {
    let body = "h_t = tanh(x_t * W + b_1 + b_2 + h_{t-1} * stop_gradient(U)); \
                m_t = m_{t-1} + x_t; y_t = h_t * V;";
    let (cell, diagnostics) = resolved("struct Test", body);
    assert_eq!(diagnostics.notes().len(), 3);
    assert!(diagnostics.notes().iter().all(|d| d.level == Level::Note));
    let cell = cell.expect("a cell");
    assert_eq!(
        cell.notes[0].sentence(),
        "the state `m` reaches no output: it is carried from step to step, and only who looks at \
         the state sees it"
    );
}

#[test]
fn both_sides() {
    let notes = |body| codes_of_notes("struct Test -> (h_t, z_t)", body);
    assert_eq!(
        notes("h_t = tanh(x_t * W + h_{t-1}); z_t = tanh(W * x_t);"),
        ["both_sides"]
    );
    let transposed = "h_t = tanh(x_t * W + U * h_{t-1}); z_t = tanh(W^T * x_t);";
    assert!(notes(transposed).is_empty());
}
