//! Messages about definitions that are no step in time.

use crate::diag::messages::message::message;
use crate::diag::{Diagnostic, Place};

/// What a cell is, as the help of each of these begins.
const STEP: &str = "a cell is one step, from a fixed number of earlier steps to the present one";

/// `h_{1:t}`, `sum_{k=1}^{t} h_k`
pub(crate) fn all_past_states(place: Place, name: &str) -> Diagnostic {
    let what = format!(
        "`{name}` runs over all earlier steps here: attention over the past is outside of a cell"
    );
    let help = format!(
        "{STEP}; a sum over the past is a state of its own: `s_t = s_{{t-1}} + k_t;` (linear \
         attention keeps `S_t = S_{{t-1}} + outer(v_t, k_t)`)"
    );
    message("all_past_states", place, what, &help)
}

/// `sum_{k \in C(j)} h_k`, `sum_i x_i`
pub(crate) fn sum_over_index(place: Place, name: &str) -> Diagnostic {
    let what = format!("`{name}` runs over an index here, and a cell has no index but time");
    let help = "write whole vectors: `W v` for the sum of `W_{ij} v_j`, `dot(u, v)` of `u_j v_j`, \
                `sum(v)` of `v_j`; where an index counts terms, both bounds are said, as in \
                `sum_{k=1}^{3}`; sums over the children of a node or over steps, as in a loss, are \
                outside of a cell";
    message("sum_over_index", place, what, help)
}

/// `h_{i-1,j}` and `h_{i,j-1}`
pub(crate) fn two_dimensional(
    place: Place,
    name: &str,
    (first, second): (&str, &str),
    other: Place,
) -> Diagnostic {
    let what = format!(
        "`{name}` steps along `{first}` and along `{second}`: a recurrence on a grid is outside \
         of a cell"
    );
    let help = format!(
        "{STEP}, along one index; run one cell along `{first}` and another along `{second}`"
    );
    let d = message("two_dimensional", place, what, &help);
    d.and(other, &format!("a step along `{second}`"))
}

/// `s_{\ell-1}^{[t]}`
pub(crate) fn layers(place: Place, name: &str, letter: &str) -> Diagnostic {
    let what =
        format!("`{name}` steps along `t` above, and along `{letter}` within each step below");
    let help = format!(
        "{STEP}: write the layers out, each with names of its own, `{name}_1 = …`, `{name}_2 = …`, \
         or in tokens with `for k in 1..=3 {{ … }}`"
    );
    message("layers", place, what, &help)
}

/// `h_{left}`, `h_{child}`
pub(crate) fn tree_structured(place: Place, name: &str, label: &str) -> Diagnostic {
    let what = format!(
        "`{name}` with the label `{label}` reads a neighbour in a tree, and a tree is outside of a \
         cell"
    );
    let help = format!(
        "{STEP}; if `{label}` is a label of a parameter or an input, declare it, or use another \
         word"
    );
    message("tree_structured", place, what, &help)
}

/// `\dot{h} = …`, `\frac{dh}{dt} = …`
pub(crate) fn differential_equation(place: Place, name: &str, letter: &str) -> Diagnostic {
    let what = "a differential equation is outside of a cell, which has steps".to_owned();
    let help = format!(
        "write the step of a solver, Euler's being `{name}_{letter} = {name}_{{{letter}-1}} + Δt * \
         (…)`"
    );
    message("differential_equation", place, what, &help)
}

/// `Attention(Q, K, V)`, `conv(x)`: a function of a whole sequence, image or batch.
pub(crate) fn function_outside(place: Place, name: &str, why: &str) -> Diagnostic {
    let what = format!("`{name}` is outside of a cell: {why}");
    message(
        "function_outside",
        place,
        what,
        &format!("{STEP}, row by row of the batch"),
    )
}
