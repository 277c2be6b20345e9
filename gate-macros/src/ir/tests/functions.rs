//! Each function of the table against its formula.

use crate::functions::{FUNCTIONS, Function};
use crate::ir::eval::erf;
use crate::ir::{Op, lower, simplify};

use super::{cell, close, output, values};

type Formula = fn(&[f64], &[f64]) -> Vec<f64>;

fn map(v: &[f64], f: impl Fn(f64) -> f64) -> Vec<f64> {
    v.iter().map(|&x| f(x)).collect()
}

fn zip(u: &[f64], v: &[f64], f: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    u.iter().zip(v).map(|(&x, &y)| f(x, y)).collect()
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn elu(x: f64, alpha: f64) -> f64 {
    if x > 0.0 { x } else { alpha * x.exp_m1() }
}

fn mean(v: &[f64]) -> f64 {
    v.iter().sum::<f64>() / v.len() as f64
}

fn normal(v: &[f64], centre: f64) -> Vec<f64> {
    let centred = map(v, |x| x - centre);
    let variance = mean(&map(&centred, |x| x * x));
    map(&centred, |x| x / (variance + 1e-5).sqrt())
}

fn cumsum(v: &[f64]) -> Vec<f64> {
    (1..=v.len()).map(|end| v[..end].iter().sum()).collect()
}

fn largest(v: &[f64]) -> f64 {
    v.iter().copied().fold(f64::MIN, f64::max)
}

/// Function, expression of the vectors `x_t` (spread over -4..4) and `u_t`, formula.
const CASES: &[(Function, &str, Formula)] = &[
    (Function::Sigmoid, "sigmoid(3 * x_t)", |x, _| {
        map(x, |x| sigmoid(3.0 * x))
    }),
    (Function::Tanh, "tanh(x_t)", |x, _| map(x, f64::tanh)),
    (Function::Relu, "relu(x_t)", |x, _| map(x, |x| x.max(0.0))),
    (Function::LeakyRelu, "leaky_relu(x_t)", |x, _| {
        map(x, |x| if x > 0.0 { x } else { 0.01 * x })
    }),
    (Function::LeakyRelu, "leaky_relu(x_t, 0.3)", |x, _| {
        map(x, |x| if x > 0.0 { x } else { 0.3 * x })
    }),
    (Function::Elu, "elu(x_t)", |x, _| map(x, |x| elu(x, 1.0))),
    (Function::Elu, "elu(x_t, 0.5)", |x, _| {
        map(x, |x| elu(x, 0.5))
    }),
    (Function::Selu, "selu(x_t)", |x, _| {
        map(x, |x| {
            1.050_700_987_355_480_5 * elu(x, 1.673_263_242_354_377_2)
        })
    }),
    (Function::Silu, "silu(x_t)", |x, _| {
        map(x, |x| x * sigmoid(x))
    }),
    (Function::Gelu, "gelu(x_t)", |x, _| {
        map(x, |x| x / 2.0 * (1.0 + erf(x / 2f64.sqrt())))
    }),
    (Function::Softplus, "softplus(x_t)", |x, _| {
        map(x, |x| (1.0 + x.exp()).ln())
    }),
    (Function::Softsign, "softsign(x_t)", |x, _| {
        map(x, |x| x / (1.0 + x.abs()))
    }),
    (Function::HardSigmoid, "hard_sigmoid(5 * x_t)", |x, _| {
        map(x, |x| (5.0 * x / 6.0 + 0.5).clamp(0.0, 1.0))
    }),
    (Function::HardTanh, "hard_tanh(2 * x_t)", |x, _| {
        map(x, |x| (2.0 * x).clamp(-1.0, 1.0))
    }),
    (Function::Exp, "exp(x_t)", |x, _| map(x, f64::exp)),
    (Function::Log, "log(x_t + 2)", |x, _| {
        map(x, |x| (x + 2.0).ln())
    }),
    (Function::Sqrt, "sqrt(x_t + 2)", |x, _| {
        map(x, |x| (x + 2.0).sqrt())
    }),
    (Function::Square, "square(x_t)", |x, _| map(x, |x| x * x)),
    (Function::Abs, "abs(x_t)", |x, _| map(x, f64::abs)),
    (Function::Sign, "sign(x_t)", |x, _| map(x, f64::signum)),
    (Function::Sin, "sin(x_t)", |x, _| map(x, f64::sin)),
    (Function::Cos, "cos(x_t)", |x, _| map(x, f64::cos)),
    (Function::Min, "min(x_t, u_t)", |x, u| zip(x, u, f64::min)),
    (Function::Max, "max(x_t, 0)", |x, _| map(x, |x| x.max(0.0))),
    (Function::Max, "x_t * max(u_t)", |x, u| {
        map(x, |x| x * largest(u))
    }),
    (Function::Min, "x_t * min(u_t)", |x, u| {
        map(x, |x| x * -largest(&map(u, |u| -u)))
    }),
    (Function::Clamp, "clamp(x_t, -0.3, 0.2)", |x, _| {
        map(x, |x| x.clamp(-0.3, 0.2))
    }),
    (Function::LogSigmoid, "log_sigmoid(x_t)", |x, _| {
        map(x, |x| sigmoid(x).ln())
    }),
    (Function::Where, "where(x_t > 0, u_t, 2)", |x, u| {
        zip(x, u, |x, u| if x > 0.0 { u } else { 2.0 })
    }),
    (Function::Where, "where(x_t <= u_t, x_t, 2)", |x, u| {
        zip(x, u, |x, u| if x <= u { x } else { 2.0 })
    }),
    (Function::StopGradient, "stop_gradient(x_t)", |x, _| {
        x.to_vec()
    }),
    (Function::Dot, "x_t * dot(x_t, u_t)", |x, u| {
        map(x, |y| y * zip(x, u, |a, b| a * b).iter().sum::<f64>())
    }),
    (Function::Sum, "x_t * sum(u_t)", |x, u| {
        map(x, |x| x * u.iter().sum::<f64>())
    }),
    (Function::Mean, "x_t * mean(u_t)", |x, u| {
        map(x, |x| x * mean(u))
    }),
    (Function::Norm, "x_t * norm(u_t)", |x, u| {
        map(x, |x| x * map(u, |u| u * u).iter().sum::<f64>().sqrt())
    }),
    (Function::Softmax, "softmax(x_t)", |x, _| {
        let sum: f64 = x.iter().map(|x| x.exp()).sum();
        map(x, |x| x.exp() / sum)
    }),
    (Function::CumSum, "cumsum(x_t)", |x, _| cumsum(x)),
    (Function::Cumax, "cumax(x_t)", |x, _| {
        let sum: f64 = x.iter().map(|x| x.exp()).sum();
        cumsum(&map(x, |x| x.exp() / sum))
    }),
    (Function::LayerNorm, "layer_norm(x_t)", |x, _| {
        normal(x, mean(x))
    }),
    (Function::LayerNorm, "layer_norm(x_t, u_t)", |x, u| {
        zip(&normal(x, mean(x)), u, |x, u| x * u)
    }),
    (Function::LayerNorm, "layer_norm(x_t, u_t, x_t)", |x, u| {
        zip(&zip(&normal(x, mean(x)), u, |n, u| n * u), x, |n, x| n + x)
    }),
    (Function::RmsNorm, "rms_norm(x_t)", |x, _| normal(x, 0.0)),
    (Function::RmsNorm, "rms_norm(x_t, u_t)", |x, u| {
        zip(&normal(x, 0.0), u, |x, u| x * u)
    }),
    (Function::Outer, "outer(x_t, u_t) * x_t", |x, u| {
        map(x, |y| y * zip(u, x, |a, b| a * b).iter().sum::<f64>())
    }),
    (Function::Diag, "diag(u_t) * x_t", |x, u| {
        zip(x, u, |x, u| x * u)
    }),
    // The matrix itself, and what is added to it.
    (Function::Diag, "exp(diag(x_t)) * u_t", |x, u| {
        let others: f64 = u.iter().sum();
        zip(x, u, |x, u| (x.exp() - 1.0) * u + others)
    }),
    (
        Function::Diag,
        "(exp(diag(x_t)) * diag(u_t)) * x_t",
        |x, u| {
            let terms = zip(u, x, |u, x| u * x);
            let others: f64 = terms.iter().sum();
            zip(x, &terms, |x, term| (x.exp() - 1.0) * term + others)
        },
    ),
    (
        Function::Diag,
        "(diag(u_t) * exp(diag(x_t))^T) * x_t",
        |x, u| {
            let others: f64 = x.iter().sum();
            let whole = map(x, |x| (x.exp() - 1.0) * x + others);
            zip(u, &whole, |u, y| u * y)
        },
    ),
];

#[test]
fn functions_have_the_values_of_their_formulas() {
    for &(function, expression, formula) in CASES {
        let source = format!(
            "struct F(x_t, u_t) -> y_t {{ x_t: [H]; u_t: [H]; y_t = {expression} + 0 * u_t; }}"
        );
        let cell = cell(&source);
        let graph = lower(&cell);
        for graph in [graph.clone(), simplify(graph)] {
            for seed in 1..4 {
                let values = values(&graph, seed);
                let input = |name: &str| {
                    let is = |op: &Op| matches!(op, Op::Input(s) if cell.symbols[*s].ident == name);
                    let at = graph
                        .nodes
                        .iter()
                        .position(|n| is(&n.op))
                        .expect("an input");
                    values[at].clone()
                };
                let (x, u) = (input("x"), input("u"));
                let found = &values[output(&graph)];
                let expected = formula(&x, &u);
                assert!(
                    close(found, &expected),
                    "{function:?}: {expression}: {found:?}, not {expected:?}"
                );
            }
        }
    }
}

#[test]
fn every_function_is_tested() {
    let masks = [Function::Dropout, Function::Zoneout];
    for entry in FUNCTIONS {
        let tested =
            CASES.iter().any(|case| case.0 == entry.function) || masks.contains(&entry.function);
        assert!(tested, "{:?}", entry.function);
    }
}

#[test]
fn masks_multiply_and_have_indices_of_their_own() {
    let source = "struct F(x_t) -> h_t { p: hyper = 0.5; h_t: [H]; x_t: [H];
        h_t = zoneout(0.3, dropout(p, x_t), h_{t-1}) + dropout(p, x_t); }";
    let cell = cell(source);
    let graph = lower(&cell);
    let indices: Vec<usize> = graph
        .nodes
        .iter()
        .filter_map(|n| match n.op {
            Op::Mask { index, .. } => Some(index),
            _ => None,
        })
        .collect();
    assert_eq!(indices, [0, 1, 2]);
    let simple = simplify(graph.clone());
    for graph in [graph, simple] {
        let values = values(&graph, 7);
        let find = |wanted: &dyn Fn(&Op) -> bool| {
            let at = graph
                .nodes
                .iter()
                .position(|n| wanted(&n.op))
                .expect("a leaf");
            values[at].clone()
        };
        let mask = |i: usize| find(&move |op| matches!(op, Op::Mask { index, .. } if *index == i));
        let (x, old) = (
            find(&|op| matches!(op, Op::Input(_))),
            find(&|op| matches!(op, Op::Prev { .. })),
        );
        let (first, keep, second) = (mask(0), mask(1), mask(2));
        let at = |i: usize| keep[i] * old[i] + (1.0 - keep[i]) * x[i] * first[i] + x[i] * second[i];
        let expected: Vec<f64> = (0..x.len()).map(at).collect();
        assert!(close(&values[output(&graph)], &expected));
    }
}

#[test]
fn large_arguments_do_not_overflow() {
    for (expression, expected) in [
        ("softmax(1000 * x_t)", None),
        ("softplus(1000 * x_t)", None),
        ("elu(1000 * abs(x_t)) / 1000 - abs(x_t)", Some(0.0)),
        (
            "sigmoid(-1000 * abs(x_t)) + log_sigmoid(1000 * abs(x_t))",
            Some(0.0),
        ),
    ] {
        let source = format!("struct F(x_t) -> y_t {{ x_t: [H]; y_t = {expression}; }}");
        let graph = lower(&cell(&source));
        let values = values(&graph, 3);
        for &value in &values[output(&graph)] {
            let right = expected.map_or(value.is_finite(), |e: f64| (value - e).abs() < 1e-9);
            assert!(right, "{expression} gives {value}");
        }
    }
}
