//! What lowering makes of products, states and constants.

use crate::ir::{Compare, Op, dump, lower, simplify};
use crate::model::ExprKind;
use crate::syntax::Comparison;

use super::{cell, close, count, results, values};

fn simple(source: &str) -> String {
    let cell = cell(source);
    dump(&simplify(lower(&cell)), &cell)
}

#[test]
fn a_simple_cell_in_the_row_convention() {
    let text = simple("struct Rnn { h_t = tanh(x_t * W + h_{t-1} * U + b); }");
    let expected = "\
%0 = input x : [X]
%1 = param W : [X, H]
%2 = matvec_t %1 %0 : [H]
%3 = prev h 1 : [H]
%4 = param U : [H, H]
%5 = matvec_t %4 %3 : [H]
%6 = add %2 %5 : [H]
%7 = param b : [H]
%8 = add %6 %7 : [H]
%9 = tanh %8 : [H]
state h = %9, depth 1
output h = %9
h = %9
";
    assert_eq!(text, expected);
}

#[test]
fn a_product_over_a_concatenation_is_split() {
    let text = simple("struct F { h_t = tanh(W * [h_{t-1}, x_t] + b); }");
    let expected = "\
%0 = prev h 1 : [H]
%1 = input x : [X]
%2 = param W : [H, X+H]
%3 = slice 1 0 %2 : [H, H]
%4 = matvec %3 %0 : [H]
%5 = slice 1 H %2 : [H, X]
%6 = matvec %5 %1 : [H]
%7 = add %4 %6 : [H]
%8 = param b : [H]
%9 = add %7 %8 : [H]
%10 = tanh %9 : [H]
state h = %10, depth 1
output h = %10
h = %10
";
    assert_eq!(text, expected);
}

#[test]
fn a_low_rank_is_not_multiplied_out() {
    let source = "struct F { V: [H, R]; U: [H, R]; h_t = tanh(W * x_t + V * U^T * h_{t-1}); }";
    let graph = simplify(lower(&cell(source)));
    assert_eq!(count(&graph, |op| *op == Op::MatMat), 0);
    assert_eq!(
        count(&graph, |op| matches!(op, Op::MatVec { transposed: true })),
        1
    );
    assert_eq!(count(&graph, |op| matches!(op, Op::MatVec { .. })), 3);
    assert_eq!(count(&graph, |op| *op == Op::Transpose), 0);
}

#[test]
fn a_sum_of_parameters_stays_one_matrix() {
    let source =
        "struct F { γ: scalar ~ 0.1; h_t = h_{t-1} + tanh((W - W^T - γ I) * h_{t-1} + V * x_t); }";
    let graph = simplify(lower(&cell(source)));
    assert_eq!(count(&graph, |op| matches!(op, Op::MatVec { .. })), 2);
    assert_eq!(count(&graph, |op| *op == Op::Identity), 1);
}

#[test]
fn an_update_by_an_outer_product_forms_no_product_of_matrices() {
    let source = "struct Delta { C_t: [D, D]; k = W * x_t; v = V * x_t; b = sigmoid(dot(w, x_t));
        C_t = C_{t-1} * (I - b * outer(k, k)) + b * outer(v, k); y_t = C_t * k; }";
    let cell = cell(source);
    let graph = lower(&cell);
    assert_eq!(count(&graph, |op| *op == Op::MatMat), 0);
    assert!(
        results(&graph, 5)
            .iter()
            .zip(results(&simplify(graph.clone()), 5))
            .all(|(a, b)| super::close(a, &b))
    );
}

#[test]
fn a_matrix_that_differs_between_rows_is_applied_term_by_term() {
    let source = "struct F { s = sigmoid(dot(w, x_t)); h_t = (A + s * B) * h_{t-1} + V * x_t; }";
    let graph = simplify(lower(&cell(source)));
    assert_eq!(count(&graph, |op| matches!(op, Op::MatVec { .. })), 3);
    let matrices = graph
        .nodes
        .iter()
        .filter(|n| matches!(n.shape, crate::model::Shape::Matrix(..)));
    assert_eq!(matrices.count(), 3, "only the parameters are matrices");
}

#[test]
fn delays_read_the_past_of_states_and_inputs() {
    let text = simple("struct F { h_t = tanh(h_{t-3} + h_{t-1}) .* x_{t-2} + x_t; }");
    let expected = "\
%0 = prev h 3 : [X]
%1 = prev h 1 : [X]
%2 = add %0 %1 : [X]
%3 = tanh %2 : [X]
%4 = prev x 2 : [X]
%5 = mul %3 %4 : [X]
%6 = input x : [X]
%7 = add %5 %6 : [X]
state x = %6, depth 2
state h = %7, depth 3
output h = %7
h = %7
";
    assert_eq!(text, expected);
}

#[test]
fn constants_become_numbers_and_origins_are_kept() {
    let cell = cell("struct F { γ = 0.5; ε: hyper = 0.1; z = γ * x_t; h_t = h_{t-1} + ε * z; }");
    let graph = lower(&cell);
    assert_eq!(count(&graph, |op| *op == Op::Number(0.5)), 1);
    assert_eq!(count(&graph, |op| matches!(op, Op::Hyper(_))), 1);
    assert_eq!(count(&graph, |op| matches!(op, Op::Param(_))), 0);
    let origins: Vec<Option<usize>> = graph
        .nodes
        .iter()
        .filter(|n| !n.args.is_empty())
        .map(|n| n.origin)
        .collect();
    assert_eq!(origins, [Some(0), Some(1), Some(1)]);
}

#[test]
fn a_matrix_chain_has_the_value_of_its_definition() {
    // y = (A Bᵀ)ᵀ x, z = x (A Bᵀ), which are equal.
    let source = "struct F(x_t) -> (y_t, z_t) { A: [N, M]; B: [K, M]; x_t: [N]; y_t = (A * B^T)^T * x_t; z_t = x_t * (A * B^T); }";
    let graph = lower(&cell(source));
    let found = results(&graph, 9);
    assert!(super::close(&found[0], &found[1]));
    let all = values(&graph, 9);
    let leaf = |wanted: &dyn Fn(&Op) -> bool, nth: usize| {
        let mut at = graph
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, n)| wanted(&n.op));
        let (id, node) = at.nth(nth).expect("a leaf");
        (
            all[id].clone(),
            crate::ir::eval::extent(&node.shape, &super::SIZES),
        )
    };
    let (x, _) = leaf(&|op| matches!(op, Op::Input(_)), 0);
    let (a, (n, m)) = leaf(&|op| matches!(op, Op::Param(_)), 0);
    let (b, (k, _)) = leaf(&|op| matches!(op, Op::Param(_)), 1);
    let product = |i: usize, j: usize| (0..m).map(|l| a[i * m + l] * b[j * m + l]).sum::<f64>();
    let expected: Vec<f64> = (0..k)
        .map(|j| (0..n).map(|i| product(i, j) * x[i]).sum())
        .collect();
    assert!(super::close(&found[0], &expected));
}

/// Each definition computes one value twice: in one expression, and through matrices with names,
/// which are formed.
#[test]
fn products_in_another_order_have_the_same_values() {
    for source in [
        "struct F(x_t) -> (y_t, z_t) { C_t: [D, D]; k = W * x_t; v = V * x_t; C_t = outer(k, v) + C_{t-1};
         M_t = I - 2 * outer(k, v); y_t = (C_{t-1} * M_t) * x_t; N = C_{t-1} * (I - 2 * outer(k, v)); z_t = N * x_t; }",
        "struct F(x_t) -> (y_t, z_t) { C_t: [D, D]; k = W * x_t; v = V * x_t; C_t = outer(k, v) + C_{t-1};
         M_t = (I / 3 - outer(k, v) * 2)^T; N = M_t * C_{t-1}; L = (I / 3 - outer(k, v) * 2)^T * C_{t-1}; y_t = N * x_t; z_t = L * x_t; }",
        "struct F(x_t) -> (y_t, z_t) { k = W * x_t; v = V * x_t; M = outer(k, v); y_t = M^T * x_t; z_t = outer(k, v)^T * x_t; }",
        "struct F(x_t) -> (y_t, z_t) { s = sum(x_t); M = (A - s * B) / s + (-A) * s; y_t = M^T * x_t; z_t = ((A - s * B) / s + (-A) * s)^T * x_t; }",
        "struct F(x_t) -> (y_t, z_t) { C_t: [D, D]; C_t = outer(x_t, x_t) + C_{t-1}; M = A * C_t; y_t = M * x_t; z_t = A * C_t * x_t; }",
    ] {
        let graph = lower(&cell(source));
        for seed in 1..4 {
            let found = results(&graph, seed);
            assert!(super::close(&found[0], &found[1]), "{source}: {:?}, {:?}", found[0], found[1]);
        }
    }
}

#[test]
fn matrices_with_names_are_looked_through() {
    let source = "struct F { M = A * B^T; N = M^T; h_t = tanh(N * x_t + x_t * N) + h_{t-1}; }";
    let cell = cell(source);
    let graph = lower(&cell);
    let used = |op: &Op| matches!(op, Op::MatVec { .. });
    for node in graph.nodes.iter().filter(|n| used(&n.op)) {
        let matrix = &graph.nodes[node.args[0]].op;
        assert!(matches!(matrix, Op::Param(_)), "{}", dump(&graph, &cell));
    }
    assert_eq!(count(&graph, used), 4);
}

#[test]
fn a_structured_factor_forms_no_product_of_matrices() {
    for source in [
        "struct F { C_t: [D, D]; C_t = (I - outer(x_t, x_t) / 2)^T * C_{t-1}; y_t = C_t * x_t; }",
        "struct F { C_t: [D, D]; C_t = C_{t-1} * -(2 * outer(x_t, u)); y_t = C_t * x_t; }",
        "struct F { C_t: [D, D]; C_t = (I - outer(x_t, x_t)) * diag(x_t) * C_{t-1}; y_t = C_t * x_t; }",
        "struct F { C_t: [D, D]; C_t = C_{t-1} * (diag(x_t) - outer(x_t, u)); y_t = C_t * x_t; }",
    ] {
        assert_eq!(
            count(&lower(&cell(source)), |op| *op == Op::MatMat),
            0,
            "{source}"
        );
    }
    let full =
        "struct F { C_t: [D, D]; C_t = (I - W) * C_{t-1} + outer(x_t, x_t); y_t = C_t * x_t; }";
    assert_eq!(count(&lower(&cell(full)), |op| *op == Op::MatMat), 1);
}

#[test]
fn a_divided_matrix_is_not_formed() {
    let source = "struct F { C_t: [D, D]; C_t = C_{t-1} + outer(x_t, x_t); y_t = (C_{t-1} / sum(x_t)) * x_t; }";
    let graph = lower(&cell(source));
    assert_eq!(
        count(&graph, |op| *op == Op::Binary(crate::ir::Binary::Div)),
        1
    );
    let divided = graph
        .nodes
        .iter()
        .find(|n| n.op == Op::Binary(crate::ir::Binary::Div));
    assert!(divided.is_some_and(|n| matches!(n.shape, crate::model::Shape::Vector(_))));
}

#[test]
fn comparisons_the_other_way_round_swap_their_sides() {
    let source = "struct F(x_t, u_t) -> y_t { x_t: [H]; u_t: [H]; y_t = where(x_t > u_t, 1 * x_t, 2 * u_t); }";
    for (comparison, op, swapped) in [
        (Comparison::Greater, Compare::Greater, false),
        (Comparison::GreaterEq, Compare::GreaterEq, false),
        (Comparison::Less, Compare::Greater, true),
        (Comparison::LessEq, Compare::GreaterEq, true),
    ] {
        let mut cell = cell(source);
        let ExprKind::Select(old, _) = &mut cell.equations[0].right.kind else {
            panic!("no selection")
        };
        *old = comparison;
        let graph = lower(&cell);
        let node = &graph.nodes[super::output(&graph)];
        let first = &graph.nodes[node.args[0]].op;
        assert_eq!(node.op, Op::Select(op));
        let x = matches!(first, Op::Input(symbol) if cell.symbols[*symbol].ident == "x");
        assert_eq!(x, !swapped, "{comparison:?}");
    }
}

#[test]
fn long_chains_have_the_values_of_short_ones() {
    let pairs = [
        ("- b + 2 * x_t ", "301 * x_t - 150 * b"),
        ("+ sin(b) ", "x_t + 150 * sin(b)"),
        (".* cos(b) ", "x_t .* cos(b)^150"),
        ("* cos(κ) ", "x_t * cos(κ)^150"),
    ];
    for (term, short) in pairs {
        let of = |right: &str| {
            lower(&cell(&format!(
                "struct S {{ h_t = 0 * h_{{t-1}} + {right}; }}"
            )))
        };
        let (long, short) = (of(&format!("x_t {}", term.repeat(150))), of(short));
        let [long, short] = [long, short].map(|graph| results(&graph, 7));
        assert!(long.iter().zip(&short).all(|(a, b)| close(a, b)), "{term}");
    }
}
