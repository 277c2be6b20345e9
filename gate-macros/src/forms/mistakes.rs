//! Blocks with mistakes, each with everything that the user then reads.

use super::from_docs;

/// Prints what a block gives.
fn show(arguments: &str, block: &str) {
    let text = match block.contains('$') || block.contains('#') || block.is_empty() {
        true => block.to_owned(),
        false => format!("```math\n{block}\n```"),
    };
    match from_docs(arguments, &text) {
        Ok(_) => println!("##### {block}\nNO MISTAKE\n"),
        Err(e) => println!("##### {block}\n{}\n", e.join("\n~~\n")),
    }
}

#[test]
fn all() {
    for (arguments, block) in [
        ("", r"h_t = \tanh(W x_t + \weird h_{t-1})"),
        ("", r"h_t = \phi(W x_t + U h_{t-1})"),
        ("", "h_t = tanh(W x_t + U h_{t-1}"),
        ("", "h_t = tanh(W x_t + U h_{t-1}))"),
        ("", r"\begin{aligned} h_t &= W x_t"),
        ("", r"h_t = W x_t \end{aligned}"),
        ("", r"\begin{tikzpicture} h_t = W x_t \end{tikzpicture}"),
        ("", "h_t = W x_t § h_{t-1}"),
        ("", "h_t = W x_t . h_{t-1}"),
        ("", r"h_t = W x_t + \mathbf{U h_{t-1}"),
        ("", r"h_t = W x_t + \tilde"),
        ("", r"h_t = \overline{W x_t + b}"),
        ("", r"h_t = \sqrt[3]{W x_t}"),
        ("", r"h_t = W x_t \text{ if } x_t > 0"),
        (
            "",
            r"\begin{aligned} h_t &= (x_t \text{ of the input}) W \end{aligned}",
        ),
        ("", r"y_t = \alpha pq x_t"),
        ("", r"h_t = \tanh(\alpha W_hr x_t)"),
        ("", "h_t = tanh(W x_t) + h_t-1"),
        ("", r"h_t = W x_t + \sum_k x_k"),
        ("", "h_t = W x_t +"),
        ("", r"h_t = \tanh(W x_t) \\ h_t = \sigma(V x_t)"),
        ("", r"a_t = \tanh(c_t) \\ c_t = a_t + W x_t"),
        ("", "h_t = W x_{t+1} + h_{t-1}"),
        ("output = y_t", r"h_t = \tanh(W x_t + h_{t-1})"),
        ("ψ = tanh", r"h_t = \phi(W x_t)"),
        ("section = \"GRU\"", "# LSTM\n\n$$h_t = W x_t$$"),
        ("", "$$h_t = W x_t"),
        ("", "# Only prose here"),
        ("", ""),
        (
            "",
            r"x_t \in \mathbb{R}^I, h_t \in \mathbb{R}^H \\ h_t = x_t + \tanh(h_{t-1})",
        ),
        (
            "",
            r"h_t = \begin{cases} x_t & \text{if } x_t > 0 \end{cases}",
        ),
        ("", r"h_t = \begin{cases} x_t & 1 \\ 2 x_t & 2 \end{cases}"),
        ("", r"h_t = x_t^-1 + h_{t-1}"),
        ("", "h_t = a x_t / b c"),
        ("", r"h_t = \frac{x_t}"),
        ("", r"a_t + b_t = W x_t"),
        ("", r"h_t = [x_t, h_{t-1}; b]"),
        ("", r"h_t = W^{-1} x_t"),
        ("", r"h_t = \tanh^2(W x_t)"),
        ("", r"h_t = \tanh + W x_t"),
        ("", r"h_t = \tanh(x_t, W)"),
        ("", r"h_t = x_t W U h_{t-1}"),
        ("", r"W \sim trainable \\ h_t = W x_t"),
        ("", r"b ~ orthogonal \\ h_t = W x_t + b"),
        ("", r"h_{t-d} = W x_t \\ y_t = h_{t-k}"),
        ("", r"h_t = () W x_t"),
        ("section = GRU", r"h_t = W x_t"),
        ("definition = two", r"h_t = W x_t"),
    ] {
        show(arguments, block);
    }
}
