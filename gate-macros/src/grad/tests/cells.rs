//! Gradients of cells of every kind.

use crate::ir::{Build, Graph, Op, Rewriter, State, Unary};
use crate::model::{Dim, Shape};

use super::unrolled::{check, check_graph};

#[test]
fn lstm() {
    check(
        "struct Lstm {
            f = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
            i = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
            g = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
            o = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
            C_t = f .* C_{t-1} + i .* g;
            h_t = o .* tanh(C_t);
        }",
    );
}

#[test]
fn gru_of_the_article() {
    check(
        "struct Gru {
            r = sigmoid(x_t * W_x^(r) + h_{t-1} * W_h^(r) + b^(r));
            z = sigmoid(x_t * W_x^(z) + h_{t-1} * W_h^(z) + b^(z));
            n = tanh(x_t * W_x + (r .* h_{t-1}) * W_h + b);
            h_t = (1 - z) .* h_{t-1} + z .* n;
        }",
    );
}

#[test]
fn gru_with_reset_after_the_product() {
    check(
        "struct Gru {
            r = sigmoid(W_ir * x_t + b_ir + W_hr * h_{t-1} + b_hr);
            z = sigmoid(W_iz * x_t + b_iz + W_hz * h_{t-1} + b_hz);
            n = tanh(W_in * x_t + b_in + r .* (W_hn * h_{t-1} + b_hn));
            h_t = (1 - z) .* n + z .* h_{t-1};
        }",
    );
}

#[test]
fn lstm_with_peepholes() {
    check(
        "struct Peephole {
            i = sigmoid(W_i * x_t + U_i * h_{t-1} + p_i .* C_{t-1});
            f = sigmoid(W_f * x_t + U_f * h_{t-1} + p_f .* C_{t-1});
            C_t = f .* C_{t-1} + i .* tanh(W_c * x_t + U_c * h_{t-1});
            o = sigmoid(W_o * x_t + U_o * h_{t-1} + p_o .* C_t);
            h_t = o .* tanh(C_t);
        }",
    );
}

#[test]
fn normalisation() {
    check("struct F { h_t = tanh(layer_norm(W * x_t + U * h_{t-1}, g, b)); }");
    check("struct F { h_t = tanh(rms_norm(W * x_t + U * h_{t-1}, g) + x_t * V); }");
}

#[test]
fn softmax_and_reductions() {
    check(
        "struct F { a = softmax(W * x_t + U * h_{t-1}); h_t = a .* tanh(x_t * V) + 0.5 * h_{t-1}; }",
    );
    check(
        "struct F { s = mean(h_{t-1}) + norm(x_t); h_t = tanh(W * x_t) * s + max(h_{t-1}) * v - min(h_{t-1}) * u; }",
    );
}

#[test]
fn a_matrix_without_its_diagonal() {
    check("struct F { h_t = x_t * C + a .* h_{t-1} + relu(h_{t-1} + b) * (W - W .* I); }");
}

#[test]
fn sizes_as_numbers() {
    check("struct F { h_t: [H]; h_t = tanh(x_t * W / sqrt(H) + h_{t-1} * H^{-1/2}); }");
    check(
        "struct F { x_t: [2 K]; n = K; s = x_t / (n + 1); h_t = s .* tanh(h_{t-1}) + K; y_t = n; }",
    );
}

#[test]
fn cumulative_sums() {
    check("struct F { h_t = tanh(cumsum(W * x_t + U * h_{t-1}) .* v + cumsum(b)); }");
    check(
        "struct F { f = cumax(W * x_t + U * h_{t-1}); i = 1 - cumax(V * x_t); h_t = f .* h_{t-1} + i .* tanh(x_t * A); }",
    );
    check(
        "struct F { a = cumsum(cumsum([x_t, h_{t-1}])); h_t = tanh(W * a + cumsum(tanh(a)) * B); }",
    );
}

#[test]
fn matrix_state() {
    check(
        "struct Mlstm {
            q = W_q * x_t; k = W_k * x_t; v = W_v * x_t;
            f = sigmoid(dot(w_f, x_t)); i = exp(dot(w_i, x_t));
            C_t: [D, D]; n_t: [D];
            C_t = f * C_{t-1} + i * outer(v, k);
            n_t = f * n_{t-1} + i * k;
            h_t = (C_t * q) / max(abs(dot(n_t, q)), 1);
        }",
    );
    check(
        "struct Delta {
            k = W * x_t; v = V * x_t; b = sigmoid(dot(w, x_t));
            C_t: [D, D];
            C_t = C_{t-1} * (I - b * outer(k, k)) + b * outer(v, k);
            y_t = C_t * k + C_{t-1}^T * v;
        }",
    );
    check(
        "struct F { C_t: [D, D]; C_t = A * C_{t-1} * B + outer(x_t, x_t) + P .* C_{t-1}^T; y_t = C_t * x_t; }",
    );
}

#[test]
fn delays() {
    check("struct F { h_t = tanh(W * h_{t-3} + U * h_{t-1} + V * x_{t-2} + x_t); }");
    check("struct F { h_t = tanh(u .* h_{t-2} + x_{t-1} * W + x_{t-3} * W); }");
}

#[test]
fn matrices_of_parameters() {
    check(
        "struct Antisymmetric { γ: scalar ~ 0.1; ε: hyper = 0.1; h_t = h_{t-1} + ε * tanh((W - W^T - γ I) * h_{t-1} + V * x_t + b); }",
    );
    check("struct LowRank { U: [H, R]; V: [H, R]; h_t = tanh(U * V^T * h_{t-1} + W * x_t); }");
    check(
        "struct F { α: scalar; h_t = tanh((α * W * W^T) * h_{t-1} + x_t + (A * B + W) * h_{t-1}); }",
    );
    check("struct F { s = sigmoid(dot(w, x_t)); h_t = tanh((A + s * B) * h_{t-1} + V * x_t); }");
    check("struct F { u = B * b; h_t = tanh(u .* h_{t-1} + A * u + x_t); }");
}

#[test]
fn concatenation() {
    check(
        "struct F { f = sigmoid(W_f * [h_{t-1}, x_t] + b_f); h_t = f .* h_{t-1} + (1 - f) .* tanh(W * [f .* h_{t-1}, x_t]); }",
    );
    check("struct F { v = [x_t, h_{t-1}]; w = softmax(v); h_t = tanh(v * W + w * U); }");
}

#[test]
fn several_inputs_and_outputs() {
    check(
        "struct F(x_t, u_t) -> (h_t, y_t, z_t) {
            h_t = tanh(W * x_t + U * h_{t-1} + V * u_t);
            y_t = softmax(A * h_t);
            z_t = dot(h_t, h_{t-1}) + mean(u_t);
        }",
    );
}

#[test]
fn kinks_and_choices() {
    check(
        "struct F { a = W * x_t; h_t = min(a, h_{t-1}) + max(a .* h_{t-1}, u) + clamp(a, -0.5, 0.5); }",
    );
    check(
        "struct F { a = W * x_t; h_t = where(a > h_{t-1}, a .* h_{t-1}, sin(h_{t-1})) + abs(a - h_{t-1}) + relu(a); }",
    );
    check(
        "struct F { α: scalar; h_t = where(x_t <= α, α, h_{t-1}) .* where(sum(x_t) > 0, x_t, α); }",
    );
    check(
        "struct F { h_t = elu(x_t .* h_{t-1}) + selu(x_t) + leaky_relu(h_{t-1}) + hard_sigmoid(h_{t-1}) .* gelu(x_t) + hard_tanh(x_t); }",
    );
}

#[test]
fn powers_and_elementary_functions() {
    check(
        "struct F { α: scalar; h_t = (1 + abs(h_{t-1}))^α + (2 + x_t)^1.7 + (x_t)^3 + 2^(x_t) + (1.5 + x_t)^(u); }",
    );
    check(
        "struct F { h_t = log(2 + x_t) + sqrt(2 + sin(h_{t-1})) + cos(h_{t-1}) / (2 + x_t) + square(x_t) + silu(h_{t-1}); }",
    );
    check(
        "struct F { h_t = softplus(h_{t-1}) + softsign(x_t) + log_sigmoid(x_t .* h_{t-1}) - exp(-x_t); }",
    );
}

#[test]
fn scalars() {
    check(
        "struct F { α: scalar; β: scalar; τ: scalar ~ 2; h_t = α * h_{t-1} + β * tanh(x_t) / (3 + τ) + α * β; }",
    );
    check(
        "struct F { s_t: scalar; s_t = 0.9 * s_{t-1} + sum(x_t); h_t = s_t * h_{t-1} / (4 + s_{t-1}^2) + x_t; }",
    );
}

#[test]
fn stopped_gradients_and_masks() {
    check("struct F { h_t = zoneout(0.3, tanh(W * dropout(0.5, x_t)), h_{t-1}); }");
    // Differences would see through it: the stopped value is a constant function here.
    check(
        "struct F { h_t = tanh(x_t) .* h_{t-1} + stop_gradient(sign(x_t)) .* h_{t-1} + sign(h_{t-1}); }",
    );
}

#[test]
fn an_output_of_parameters_only() {
    check("struct F(x_t) -> (h_t, y_t) { h_t = tanh(x_t + h_{t-1}); y_t = tanh(u) .* v; }");
}

/// `a = W x + b + U h`, gates as slices of `a`.
#[test]
fn slices_of_a_stacked_product() {
    let (h, x) = (Dim::size(0), Dim::size(1));
    let wide = Dim {
        terms: vec![(0, 2)],
        constant: 0,
        divisor: 1,
    };
    let mut b = Rewriter::over(&[]);
    let old = b.make(
        Op::Prev { state: 0, delay: 1 },
        Vec::new(),
        Shape::Vector(h.clone()),
    );
    let input = b.make(Op::Input(0), Vec::new(), Shape::Vector(x.clone()));
    let w = b.make(Op::Param(2), Vec::new(), Shape::Matrix(wide.clone(), x));
    let u = b.make(
        Op::Param(3),
        Vec::new(),
        Shape::Matrix(wide.clone(), h.clone()),
    );
    let bias = b.make(Op::Param(4), Vec::new(), Shape::Vector(wide));
    let (p, q) = (b.mat_vec(false, w, input), b.mat_vec(false, u, old));
    let sum = b.add(p, q);
    let a = b.add(sum, bias);
    let [first, second] =
        [Dim::number(0), h.clone()].map(|from| b.slice(a, 0, from, Shape::Vector(h.clone())));
    let gate = b.unary(Unary::Sigmoid, first);
    let candidate = b.unary(Unary::Tanh, second);
    let extra = b.slice(bias, 0, h.clone(), Shape::Vector(h));
    let change = b.sub(candidate, old);
    let change = b.mul(gate, change);
    let next = b.add(old, change);
    let value = b.add(next, extra);
    let mut graph: Graph = b.finish();
    graph.states.push(State {
        symbol: 1,
        value,
        depth: 1,
    });
    graph.outputs.push((1, value));
    check_graph(&graph, "slices");
    let adjoint = crate::grad::differentiate(&graph);
    let pads = adjoint
        .graph
        .nodes
        .iter()
        .filter(|n| matches!(n.op, Op::Pad { .. }))
        .count();
    let joined = adjoint
        .graph
        .nodes
        .iter()
        .filter(|n| n.op == Op::Concat)
        .count();
    assert_eq!(
        (pads, joined),
        (1, 1),
        "the adjoint of `a` is one concatenation, the slice of `b` is padded"
    );
}

#[test]
fn graphs_that_lowering_rarely_makes() {
    let graph = crate::ir::tests::odd_graph();
    check_graph(&graph, "as written");
    check_graph(&crate::ir::simplify(graph), "simplified");
}

#[test]
fn a_state_that_nothing_reads() {
    let mut graph = crate::ir::lower(&crate::ir::tests::cell(
        "struct F { h_t = tanh(x_t); y_t = x_t + 0 * h_{t-2}; }",
    ));
    let read = graph
        .nodes
        .iter()
        .position(|n| matches!(n.op, Op::Prev { .. }))
        .expect("a delay");
    graph.nodes[read].op = Op::Input(
        graph
            .nodes
            .iter()
            .find_map(|n| match n.op {
                Op::Input(symbol) => Some(symbol),
                _ => None,
            })
            .expect("an input"),
    );
    check_graph(&graph, "a gradient of the final state");
}

#[test]
fn the_norm_of_zero_has_a_gradient() {
    let graph = crate::ir::lower(&crate::ir::tests::cell(
        "struct F { h_t = x_t * norm(h_{t-1}); }",
    ));
    let adjoint = crate::grad::differentiate(&graph);
    let values = crate::ir::eval::eval(&adjoint.graph, &crate::ir::tests::SIZES, &|_, node| {
        let zero = matches!(node.op, Op::Prev { .. });
        vec![
            if zero { 0.0 } else { 1.0 };
            crate::ir::eval::elements(&node.shape, &crate::ir::tests::SIZES)
        ]
    });
    assert!(values[adjoint.states[0].2].iter().all(|&v| v == 0.0));
}
