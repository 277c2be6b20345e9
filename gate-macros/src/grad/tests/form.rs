//! The form of adjoints: what the planner relies on.

use crate::grad::{Adjoint, differentiate};
use crate::ir::tests::cell;
use crate::ir::{Op, dump, lower, simplify};
use crate::model::Cell;

fn adjoint(source: &str) -> (Cell, Adjoint) {
    let cell = cell(source);
    let adjoint = differentiate(&simplify(lower(&cell)));
    (cell, adjoint)
}

/// The nodes of the adjoint as text, and what it gives.
fn text(source: &str) -> String {
    let (cell, adjoint) = adjoint(source);
    let name = |symbol: usize| cell.symbols[symbol].printed.clone();
    let nodes = dump(&adjoint.graph, &cell);
    let lines = nodes
        .lines()
        .skip(adjoint.forward)
        .take_while(|l| l.starts_with('%'));
    let mut out: Vec<String> = lines.map(str::to_owned).collect();
    out.extend(
        adjoint
            .shared
            .iter()
            .map(|(value, id)| format!("shared %{value}: %{id}")),
    );
    out.extend(
        adjoint
            .once
            .iter()
            .map(|&(symbol, id)| format!("once {}: %{id}", name(symbol))),
    );
    out.extend(
        adjoint
            .inputs
            .iter()
            .map(|&(symbol, id)| format!("input {}: %{id}", name(symbol))),
    );
    out.extend(
        adjoint
            .states
            .iter()
            .map(|(state, delay, id)| format!("state {state} {delay}: %{id}")),
    );
    out.join("\n")
}

#[test]
fn of_a_simple_cell() {
    // 0 x, 1 W, 2 Wx, 3 h, 4 U, 5 Uh, 6 sum, 7 b, 8 sum, 9 tanh
    let expected = "\
%10 = seed h : [H]
%11 = future h 1 : [H]
%12 = add %10 %11 : [H]
%13 = number 1
%14 = square %9 : [H]
%15 = sub %13 %14 : [H]
%16 = mul %12 %15 : [H]
%17 = outer %3 %16 : [H, H]
%18 = matvec %4 %16 : [H]
%19 = outer %0 %16 : [X, H]
%20 = matvec %1 %16 : [X]
shared %1: %19
shared %4: %17
shared %7: %16
input x: %20
state 0 1: %18";
    assert_eq!(
        text("struct Rnn { h_t = tanh(x_t * W + h_{t-1} * U + b); }"),
        expected
    );
}

#[test]
fn through_a_matrix_of_parameters() {
    let text = text("struct F { γ: scalar; h_t = x_t + (W - W^T - γ I) * h_{t-1}; }");
    let last: Vec<&str> = text.lines().filter(|l| !l.starts_with('%')).collect();
    assert_eq!(last.len(), 5, "{text}");
    assert!(text.contains("total 0 : [X, X]"), "{text}");
    assert!(
        last[0].starts_with("shared") && last[1].starts_with("once") && last[2].starts_with("once"),
        "{text}"
    );
}

#[test]
fn a_slice_of_a_parameter_is_shared_itself() {
    let (_, adjoint) = adjoint("struct F { h_t = tanh(W * [h_{t-1}, x_t]); }");
    let ops: Vec<&Op> = adjoint
        .shared
        .iter()
        .map(|&(id, _)| &adjoint.graph.nodes[id].op)
        .collect();
    assert!(
        ops.len() == 2 && ops.iter().all(|op| matches!(op, Op::Slice { .. })),
        "{ops:?}"
    );
    for &(_, id) in &adjoint.shared {
        assert_eq!(adjoint.graph.nodes[id].op, Op::Outer);
    }
    let pads = adjoint
        .graph
        .nodes
        .iter()
        .filter(|n| matches!(n.op, Op::Pad { .. }))
        .count();
    assert_eq!((pads, adjoint.once.len()), (2, 1));
}

#[test]
fn what_has_no_gradient_gives_no_nodes() {
    let (_, adjoint) =
        adjoint("struct F { ε: hyper = 0.1; h_t = x_t + ε * stop_gradient(tanh(W * h_{t-1})); }");
    assert!(adjoint.shared.is_empty() && adjoint.states.is_empty() && adjoint.once.is_empty());
    assert_eq!(adjoint.inputs.len(), 1);
    let grown = adjoint.graph.nodes.len() - adjoint.forward;
    assert_eq!(grown, 3, "a seed, what comes from the future, their sum");
}

#[test]
fn matrices_get_sums_of_outer_products() {
    let (_, adjoint) = adjoint("struct F { h_t = tanh(W * x_t - W * h_{t-1}) + W^T * h_{t-1}; }");
    assert_eq!(adjoint.shared.len(), 1);
    let mut stack = vec![adjoint.shared[0].1];
    let mut outers = 0;
    while let Some(id) = stack.pop() {
        let node = &adjoint.graph.nodes[id];
        match node.op {
            Op::Outer => outers += 1,
            Op::Binary(crate::ir::Binary::Add) => stack.extend(&node.args),
            _ => panic!("{:?}", node.op),
        }
    }
    assert_eq!(outers, 3);
}

#[test]
fn forward_values_are_shared_with_the_adjoint() {
    // `1 - z` occurs in the equations; its derivative must not compute it again.
    let (_, adjoint) =
        adjoint("struct F { z = sigmoid(W * x_t); h_t = (1 - z) .* h_{t-1} + z .* x_t; }");
    let rest = adjoint.graph.nodes.iter().filter(|n| {
        n.op == Op::Binary(crate::ir::Binary::Sub)
            && matches!(adjoint.graph.nodes[n.args[0]].op, Op::Number(_))
    });
    assert_eq!(rest.count(), 1);
}
