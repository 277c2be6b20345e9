//! Sums over an index, inner products, indicators.

use super::{from_docs, pair, pair_with, text_codes};

#[test]
fn a_sum_with_numbers_for_bounds_is_written_out() {
    pair(
        r"h_t = \tanh\left(\sum_{k=0}^{2} W_k x_{t-k} + b\right) \odot h_{t-1}",
        "h_t = tanh(W_0 * x_t + W_1 * x_{t-1} + W_2 * x_{t-2} + b) .* h_{t-1};",
    );
    pair(
        r"h_t = \sum\limits_{i=1}^2 \left( u_i \odot h_{t-i} + W^{(i)} x_t \right)",
        "h_t = u_1 .* h_{t-1} + W^(1) * x_t + (u_2 .* h_{t-2} + W^(2) * x_t);",
    );
    pair(
        "y(n) = ∑_{k=0}^{1} b_k x(n-k) + \\sum^{2}_{k=1} a_k y(n-k)",
        "y_n = b_0 * x_n + b_1 * x_{n-1} + (a_1 * y_{n-1} + a_2 * y_{n-2});",
    );
}

#[test]
fn tokens_have_the_same_sums() {
    pair(
        r"h_t = W x_t + \sum_{k=1}^{2} U_k h_{t-k}",
        "h_t = W * x_t + sum_{k=1}^{2} U_k * h_{t-k};",
    );
}

#[test]
fn the_attribute_gives_a_bound() {
    let cell = "struct Test { h_t = W_0 * x_t + W_1 * x_{t-1} + U * h_{t-1}; }";
    pair_with(
        "K = 2",
        r"h_t = \sum_{k=0}^{K-1} W_k x_{t-k} + U h_{t-1}",
        cell,
    );
    pair_with(
        "n_h = 1",
        r"h_t = \sum_{k=0}^{n_h} W_k x_{t-k} + U h_{t-1}",
        cell,
    );
    let text = "```math\nh_t = \\sum_{k=0}^{K} W_k x_{t-k} + h_{t-1}\n```";
    let sum = from_docs("K = 1", text).expect("a cell");
    assert!(sum.notes.is_empty(), "{:?}", sum.notes);
}

#[test]
fn a_product_takes_one_factor() {
    pair(
        r"g_1 = \sigma(W_1 x_t) \\ g_2 = \sigma(W_2 x_t) \\
          h_t = \prod_{k=1}^{2} g_k \odot h_{t-1} + x_t",
        "g_1 = sigmoid(W_1 * x_t); g_2 = sigmoid(W_2 * x_t); h_t = g_1 * g_2 .* h_{t-1} + x_t;",
    );
}

#[test]
fn inner_products() {
    pair(
        r"\alpha_t = \langle W_q x_t, h_{t-1} \rangle \\ h_t = \alpha_t h_{t-1} + U x_t",
        "α_t = dot(W_q * x_t, h_{t-1}); h_t = α_t * h_{t-1} + U * x_t;",
    );
    pair(
        "g_t = σ(⟨w, x_t⟩ + b)\nh_t = g_t h_{t-1} + (1 - g_t) U x_t",
        "g_t = sigmoid(dot(w, x_t) + b); h_t = g_t * h_{t-1} + (1 - g_t) * (U * x_t);",
    );
    pair(
        r"h^{\langle t \rangle} = \tanh(W x^{\langle t \rangle} + U h^{\langle t-1 \rangle})",
        "h_t = tanh(W * x_t + U * h_{t-1});",
    );
}

#[test]
fn indicators() {
    let spellings = [
        r"\mathbb{1}_{u_t > \theta}",
        r"\mathbb{1}_{\{u_t > \theta\}}",
        r"\mathbf{1}\left\{u_t > \theta\right\}",
        r"\mathbb{I}[u_t > \theta]",
        r"\mathds{1}(u_t > \theta)",
        r"[[u_t > \theta]]",
        r"\left[u_t > \theta\right]",
    ];
    for indicator in spellings {
        pair(
            &format!(r"u_t = \alpha u_{{t-1}} + W x_t - s_{{t-1}} \\ s_t = {indicator}"),
            "u_t = α * u_{t-1} + W * x_t - s_{t-1}; s_t = where(u_t > θ, 1, 0);",
        );
    }
}

#[test]
fn a_condition_in_brackets_is_one() {
    pair(
        r"h_t = \begin{cases} h_{t-1} + x_t, & [x_t > 0] \\ x_t & \text{otherwise} \end{cases}",
        "h_t = where(x_t > 0, h_{t-1} + x_t, x_t);",
    );
}

#[test]
fn sums_in_sums() {
    pair(
        r"h_t = \tanh(\sum_{i=0}^{1} \sum_{j=0}^{1} W_{i,j} x_{t-i} + U h_{t-1})",
        "h_t = tanh(W_{0,0} * x_t + W_{0,1} * x_t + (W_{1,0} * x_{t-1} + W_{1,1} * x_{t-1})
             + U * h_{t-1});",
    );
    // The inner one has as many terms as the outer one says.
    pair(
        r"y_t = W x_t + \sum_{i=1}^{2} \sum_{j=1}^{i} A_{i,j} y_{t-j}",
        "y_t = W * x_t + (A_{1,1} * y_{t-1} + (A_{2,1} * y_{t-1} + A_{2,2} * y_{t-2}));",
    );
    // Components have no bounds.
    assert_eq!(
        text_codes(r"h_t = \tanh(\sum_{j=1}^{3} W_{i,j} x_t + U h_{t-1})"),
        ["sum_over_index"]
    );
}
