//! Simplification: fewer nodes, the same values.

use crate::ir::{Build, Graph, Op, Rewriter, dump, lower, simplify};
use crate::model::{Dim, Shape};

use super::{cell, close, count, odd_graph, results, shape};

/// The simplified right side of `y_t`, in the vectors `x_t`, `u_t`.
fn simple(expression: &str) -> String {
    let source = format!(
        "struct F(x_t, u_t) -> y_t {{ x_t: [H]; u_t: [H]; z_t = x_t + u_t; y_t = {expression}; }}"
    );
    let cell = cell(&source);
    let graph = simplify(lower(&cell));
    let text = dump(&graph, &cell);
    let lines = text.lines().skip(3).take_while(|l| l.starts_with('%'));
    lines.collect::<Vec<_>>().join("; ") + &format!(" -> %{}", graph.outputs[0].1)
}

#[test]
fn rules() {
    for (expression, expected) in [
        ("x_t * 1 + 0", " -> %0"),
        ("x_t - 0", " -> %0"),
        ("0 + x_t / 1", " -> %0"),
        ("-(-x_t)", " -> %0"),
        ("x_t + u_t", " -> %2"),
        ("u_t + x_t", " -> %2"),
        ("x_t + (-u_t)", "%3 = sub %0 %1 : [H] -> %3"),
        ("x_t - (-u_t)", " -> %2"),
        ("-x_t + u_t", "%3 = sub %1 %0 : [H] -> %3"),
        ("-(x_t - u_t)", "%3 = sub %1 %0 : [H] -> %3"),
        ("(-x_t) .* (-u_t)", "%3 = mul %0 %1 : [H] -> %3"),
        (
            "x_t .* (-u_t)",
            "%3 = mul %0 %1 : [H]; %4 = neg %3 : [H] -> %4",
        ),
        ("2 * (3 * x_t)", "%3 = number 6; %4 = mul %3 %0 : [H] -> %4"),
        ("(2 - 1) * x_t", " -> %0"),
        ("x_t .* x_t", "%3 = square %0 : [H] -> %3"),
        ("1 / x_t", "%3 = recip %0 : [H] -> %3"),
        ("(x_t)^2", "%3 = square %0 : [H] -> %3"),
        (
            "(x_t)^3",
            "%3 = square %0 : [H]; %4 = mul %3 %0 : [H] -> %4",
        ),
        ("(x_t)^0.5", "%3 = sqrt %0 : [H] -> %3"),
        ("(x_t)^(-1)", "%3 = recip %0 : [H] -> %3"),
        ("max(x_t, x_t)", " -> %0"),
        ("where(x_t > u_t, x_t, x_t)", " -> %0"),
        ("where(2 > 1, x_t, u_t)", " -> %0"),
        (
            "where(x_t > u_t, x_t, 0) + where(x_t > u_t, 0, x_t)",
            " -> %0",
        ),
        (
            "where(x_t > u_t, 0, x_t) + where(x_t > u_t, u_t, 0)",
            "%3 = select_gt %0 %1 %1 %0 : [H] -> %3",
        ),
        (
            "where(x_t > u_t, x_t, 0) + where(x_t > u_t, u_t, 0)",
            "%3 = number 0; %4 = select_gt %0 %1 %2 %3 : [H] -> %4",
        ),
        (
            "where(x_t > u_t, u_t, x_t) + where(x_t > u_t, 0, z_t)",
            "%3 = add %0 %2 : [H]; %4 = select_gt %0 %1 %1 %3 : [H] -> %4",
        ),
        (
            "where(x_t > u_t, x_t, 0) + where(x_t >= u_t, 0, x_t)",
            "%3 = number 0; %4 = select_gt %0 %1 %0 %3 : [H]; %5 = select_ge %0 %1 %3 %0 : [H]; %6 = add %4 %5 : [H] -> %6",
        ),
        (
            "sum(x_t[0..1]) * u_t + max(x_t[1..2])",
            "%3 = slice 0 0 %0; %4 = mul %3 %1 : [H]; %5 = slice 0 1 %0; %6 = add %4 %5 : [H] -> %6",
        ),
        (
            "sum(-x_t) * x_t",
            "%3 = sum %0; %4 = mul %3 %0 : [H]; %5 = neg %4 : [H] -> %5",
        ),
        (
            "sum(dot(x_t, u_t) * x_t) * x_t",
            "%3 = mul %0 %1 : [H]; %4 = sum %3; %5 = sum %0; %6 = mul %4 %5; %7 = mul %6 %0 : [H] -> %7",
        ),
        (
            "sigmoid(x_t) + sigmoid(x_t)",
            "%3 = sigmoid %0 : [H]; %4 = add %3 %3 : [H] -> %4",
        ),
    ] {
        assert_eq!(simple(expression), expected, "{expression}");
    }
}

#[test]
fn odd_graphs_keep_their_values() {
    let graph = odd_graph();
    let after = simplify(graph.clone());
    for seed in 1..6 {
        for (i, (a, b)) in results(&graph, seed)
            .iter()
            .zip(results(&after, seed))
            .enumerate()
        {
            assert!(close(a, &b), "{i}: {a:?}, then {b:?}");
        }
    }
    let of_rows = |op: &Op| matches!(op, Op::Outer | Op::Transpose | Op::Spread);
    assert_eq!(
        count(&after, of_rows),
        1,
        "only the named product of parameters is transposed"
    );
    assert_eq!(count(&after, |op| *op == Op::MatMat), 1);
}

#[test]
fn values_of_different_shapes_stay_apart() {
    let mut b = Rewriter::over(&[]);
    let s = b.make(Op::Input(0), Vec::new(), Shape::Scalar);
    let (short, long) = (b.spread(s, &shape(&[0])), b.spread(s, &shape(&[1])));
    assert_ne!(short, long);
    assert_eq!(b.spread(s, &shape(&[1])), long);
}

/// Definitions from which random values are taken before and after.
const CELLS: &[&str] = &[
    "struct Lstm { f = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f)); i = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
      g = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g)); o = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
      C_t = f .* C_{t-1} + i .* g; h_t = o .* tanh(C_t); }",
    "struct F { h_t = (1 - 1) * h_{t-1} - (-tanh(2 * (0.5 * (W^T)^T * x_t))) .* (-(-h_{t-1})); }",
    "struct F { a = softmax(W * x_t + h_{t-1}); h_t = layer_norm(a, g, b) * norm(a) + mean(a) - max(a); }",
    "struct F { h_t: [H]; h_t = (W - W^T) * [h_{t-1}]  + rms_norm(x_t)^3 + 2^(x_t) - (abs(x_t))^1.7; }",
];

#[test]
fn values_stay() {
    for source in CELLS {
        let graph = lower(&cell(source));
        let after = simplify(graph.clone());
        for seed in 1..6 {
            for (a, b) in results(&graph, seed).iter().zip(results(&after, seed)) {
                assert!(close(a, &b), "{source}: {a:?}, then {b:?}");
            }
        }
    }
}

#[test]
fn simplification_settles_and_keeps_what_is_named() {
    for source in CELLS {
        let graph = lower(&cell(source));
        let once = simplify(graph.clone());
        let twice = simplify(once.clone());
        assert_eq!(once.nodes, twice.nodes);
        assert_eq!(once.states.len(), graph.states.len());
        let symbols = |g: &Graph| g.named.iter().map(|n| n.0).collect::<Vec<_>>();
        assert_eq!(symbols(&once), symbols(&graph));
        for (id, node) in once.nodes.iter().enumerate() {
            assert!(node.args.iter().all(|&a| a < id));
        }
    }
}

#[test]
fn dead_nodes_go_and_not_a_number_settles() {
    let mut graph = Graph::default();
    let x = graph.push(Op::Input(0), Vec::new(), shape(&[0]), None);
    let nan = graph.push(Op::Number(f64::NAN), Vec::new(), Shape::Scalar, None);
    graph.push(Op::Sum, vec![x], Shape::Scalar, None);
    let y = graph.push(
        Op::Binary(crate::ir::Binary::Mul),
        vec![x, nan],
        shape(&[0]),
        None,
    );
    graph.outputs.push((1, y));
    let simple = simplify(graph);
    assert_eq!(simple.nodes.len(), 3);
    assert_eq!(simple.outputs, [(1, 2)]);
}

#[test]
fn what_scalars_become_is_computed_as_scalars() {
    let mut b = Rewriter::over(&[]);
    let x = b.make(Op::Input(0), Vec::new(), shape(&[0]));
    let s = b.sum(x);
    let wide = b.spread(s, &shape(&[0]));
    let sigmoid = b.unary(crate::ir::Unary::Sigmoid, wide);
    let product = b.mul(x, sigmoid);
    let graph = b.finish();
    assert_eq!(graph.nodes[sigmoid].op, Op::Spread);
    assert_eq!(
        graph.nodes[graph.nodes[product].args[1]].shape,
        Shape::Scalar
    );
    assert_eq!(count(&graph, |op| matches!(op, Op::Unary(_))), 1);
}

#[test]
fn slices_of_concatenations_and_of_slices() {
    let mut b = Rewriter::over(&[]);
    let (x, u) = (
        b.make(Op::Input(0), Vec::new(), shape(&[0])),
        b.make(Op::Input(1), Vec::new(), shape(&[0])),
    );
    let both = Shape::Vector(Dim {
        terms: vec![(0, 2)],
        constant: 0,
        divisor: 1,
    });
    let joined = b.make(Op::Concat, vec![x, u], both.clone());
    assert_eq!(b.slice(joined, 0, Dim::size(0), shape(&[0])), u);
    assert_eq!(b.slice(joined, 0, Dim::number(0), both.clone()), joined);
    let wide = b.make(Op::Param(2), Vec::new(), both.clone());
    let half = b.slice(wide, 0, Dim::size(0), shape(&[0]));
    let one = b.slice(half, 0, Dim::number(1), Shape::Vector(Dim::number(1)));
    let from = Dim {
        terms: vec![(0, 1)],
        constant: 1,
        divisor: 1,
    };
    assert_eq!(b.graph().nodes[one].op, Op::Slice { axis: 0, from });
    let (left, right) = (
        b.pad(x, 0, Dim::number(0), both.clone()),
        b.pad(u, 0, Dim::size(0), both.clone()),
    );
    assert_eq!(b.total(&[right, left]), Some(joined));
}
