//! Functions of other libraries: how their meaning is written here, or why it cannot be.

use crate::diag;

/// Words of a name in lower case, without underscores, and how it is written here.
const WRITTEN: &[(&[&str], &str)] = &[
    (
        &[
            "concat",
            "cat",
            "concatenate",
            "hstack",
            "vstack",
            "append",
            "stack",
        ],
        "`[a, b]` puts vectors side by side",
    ),
    (
        &["matmul", "mm", "bmm", "einsum"],
        "a product with a matrix is `x_t * W` or `W * x_t`",
    ),
    (
        &["linear", "dense", "affine", "fc"],
        "write it out: `x_t * W + b`",
    ),
    (
        &["mul", "multiply", "hadamard"],
        "element by element is `a .* b`",
    ),
    (
        &["add", "sub", "subtract", "div", "divide"],
        "the operators are `+ - * /`",
    ),
    (&["pow", "power"], "a power is `u^2`, or `(a + b)^n`"),
    (&["transpose", "permute"], "a transpose is `W^T`"),
    (
        &["argmax", "argmin"],
        "which element is the largest has no gradient; `softmax(v)` weighs them",
    ),
    (&["relu6"], "write `clamp(u, 0, 6)`"),
    (&["mish"], "write `u .* tanh(softplus(u))`"),
    (&["sinh"], "write `(exp(u) - exp(-u)) / 2`"),
    (&["cosh"], "write `(exp(u) + exp(-u)) / 2`"),
    (
        &["arctan", "atan"],
        "the inverse of the tangent is not part of the language; `tanh(u)` and `softsign(u)` have \
         its shape",
    ),
    (&["tan"], "write `sin(u) / cos(u)`"),
    (&["maximum"], "write `max(a, b)`"),
    (&["minimum"], "write `min(a, b)`"),
    (
        &["heaviside", "step"],
        "write `where(u > 0, 1, 0)`, which has no gradient",
    ),
    (
        &["detach", "stopgradient", "sg"],
        "write `stop_gradient(u)`",
    ),
    (
        &["round", "binarize", "hardthreshold"],
        "write `where(u > 0.5, 1, 0)`, which has no gradient; with that of `u`, `u + \
         stop_gradient(where(u > 0.5, 1, 0) - u)`",
    ),
    (&["clip", "hardclip"], "write `clamp(u, least, most)`"),
    (&["inner", "innerproduct"], "write `dot(u, v)`"),
    (&["ifelse", "select", "cond"], "write `where(a > b, u, v)`"),
    (
        &["zeros", "ones", "randn", "rand", "full", "eye"],
        "a number stands for a vector of it; a parameter starts as its declaration says: \
         `W ~ orthogonal;`",
    ),
];

/// Parts of names, and why there is no such function.
const OUTSIDE: &[(&[&str], &str)] = &[
    (
        &["attention", "attn", "multihead"],
        "attention over the past needs all earlier steps",
    ),
    (
        &["conv"],
        "a convolution works on neighbours in space or time, a cell on vectors",
    ),
    (
        &["batchnorm"],
        "statistics of a batch are no part of a step; `layer_norm(v, g, b)` is",
    ),
    (&["fft"], "a transform over time needs all steps"),
];

/// Whole names, and the same.
const OUTSIDE_WORDS: &[(&[&str], &str)] = &[
    (
        &["mod", "fmod", "remainder", "floor", "frac"],
        diag::REMAINDER,
    ),
    (&["bn"], OUTSIDE[2].1),
    (
        &["re", "im", "real", "imag"],
        "cells compute with real numbers; a complex state is two, its real and its imaginary part",
    ),
];

fn bare(name: &str) -> String {
    name.to_lowercase().replace('_', "")
}

/// How a function of another library is written here.
pub(super) fn written(name: &str) -> Option<&'static str> {
    let name = bare(name);
    WRITTEN
        .iter()
        .find(|(words, _)| words.contains(&name.as_str()))
        .map(|(_, here)| *here)
}

/// Why a function cannot be part of a cell.
pub(super) fn outside(name: &str) -> Option<&'static str> {
    let name = bare(name);
    let part = |(parts, _): &&(&[&str], &str)| parts.iter().any(|part| name.contains(part));
    let whole = |(words, _): &&(&[&str], &str)| words.contains(&name.as_str());
    let found = OUTSIDE.iter().find(part);
    let found = found.or_else(|| OUTSIDE_WORDS.iter().find(whole));
    found.map(|(_, why)| *why)
}
