//! Blocks with mistakes, each with everything that the user then reads: `mistakes.txt`.
//!
//! `UPDATE_GOLDEN=1 cargo test -p gate-macros mistakes` writes the file anew; read the difference.

use std::path::Path;

use super::from_docs;

/// Attribute arguments and a block.
const MISTAKES: &[(&str, &str)] = &[
    ("", r"h_t = \tanh(W x_t + \weird h_{t-1})"),
    ("", r"p_t = (p_{t-1} + s) \bmod \tau \\ h_t = p_t x_t"),
    (
        "",
        r"p_t = \mathrm{mod}(p_{t-1} + s, \tau) \\ h_t = p_t x_t",
    ),
    (
        "",
        r"e_n = d_n - w_{n-1}^\top x_n \\ w_n = w_{n-1} + \mu e_n x_n",
    ),
    ("", r"h_k = h_{k-1} + \Delta T x_k"),
    ("", r"a_t = a^{r_t} \\ r_t = W x_t + a_{t-1}"),
    (
        "",
        r"h_t = \sum_{i=0}^{1} \sum_{j=0}^{1} a_{ij} \odot x_{t-j} + h_{t-1}",
    ),
    ("", r"h_{t|T} = A h_{t-1|T} + B x_t"),
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
    ("", r"h_t = \tanh(\mathbf{W} x_t + \mathcal{W} h_{t-1})"),
    (
        "",
        r"k_t = \frac{1}{\sqrt{d}} W x_t + b \\ h_t = k_t \odot h_{t-1}",
    ),
    ("", r"z_n = z_{n-1} + W u_n - \epsilon z_{\bar n}"),
    ("", r"S_t = \gamma S_{t-1} + k_t^\top v_t \\ o_t = q_t S_t"),
    (
        "S_t: [K, V]",
        r"S_t = S_{t-1} + \beta_t k_t^\top v_t \\ o_t = q_t S_t",
    ),
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
    (
        "",
        r"z_t = \sigma(\text{Linear}_{d_h}(x_t)) \\ h_t = z_t \odot h_{t-1}",
    ),
    ("", r"h_t = \tanh(\mathrm{MLP}_1(x_t) + U h_{t-1})"),
    ("", r"h_t = f_\theta(x_t) + U h_{t-1}"),
    (
        "",
        r"f_t = \exp(W x_t) \text{ OR } \sigma(W x_t) \\ h_t = f_t \odot h_{t-1}",
    ),
    ("", r"S_t = S_{t-1} (I - \beta_t k_t k_t^\top)"),
    ("", r"S_t = (1 - \beta_t) S_{t-1} k_t k_t^\top"),
    (
        "",
        r"l = \tanh(W x_t) \\ l = \tanh(l + c_{t-1}) \\ c_t = l \odot c_{t-1}",
    ),
    (
        "",
        r"h^{(0)} = p \\ h^{(t)} = \tanh(W x^{(t)} + U h^{(t-1)})",
    ),
    ("", r"h_t = W x_t = V x_t + h_{t-1}"),
    ("", r"h_t = \tanh(W x_t + h_{t-1}) \in (-1, 1)^n"),
    ("", r"h_t = x_t W U h_{t-1}"),
    ("", r"W \sim trainable \\ h_t = W x_t"),
    ("", r"b ~ orthogonal \\ h_t = W x_t + b"),
    ("", r"h_{t-d} = W x_t \\ y_t = h_{t-k}"),
    ("", r"h_t = () W x_t"),
    ("section = GRU", r"h_t = W x_t"),
    ("definition = two", r"h_t = W x_t"),
    ("", r"g_t = W x_t \\ h_t = \sigma(g_i(t)) \odot h_{t-1}"),
    ("", r"f_t, i_t = \mathrm{chunk}_3(W x_t) \\ h_t = f_t + i_t"),
    ("", r"h_t = W x_{1:t} + h_{t-1}"),
    (
        "definition = 3",
        r"n_t = W x_t \\ n_t = V x_t \\ h_t = n_t + h_{t-1}",
    ),
    ("definition = 2", r"h_t = W x_t + h_{t-1}"),
    ("h_t = tanh(x_t)", r"h_t = W x_t + h_{t-1}"),
    ("otuput = h_t", r"h_t = W x_t + h_{t-1} \\ y_t = V h_t"),
    ("sectoin = \"GRU\", definiton = 2", r"h_t = W x_t + h_{t-1}"),
    ("name = \"GRU\"", r"h_t = W x_t + h_{t-1}"),
    ("", r"h_t = \sum_{k=0}^{K-1} W_k x_{t-k} + h_{t-1}"),
    ("", r"h_t = \sum_{k=1}^{3} W_{hk} h_{t-k} + x_t"),
    ("", r"h_{t,i} = \tanh(\sum_{j=1}^{n} W_{ij} x_{t,j})"),
    ("", r"h_t = R(\theta_t) h_{t-1} + W x_t"),
    ("", r"h_t = W^\dagger h_{t-1} + V^H x_t"),
    ("", r"h_t = e^{A \Delta} h_{t-1} + B x_t"),
    ("", r"h_t = \exp(\Delta_t A) \odot h_{t-1} + x_t"),
    ("", r"h_t = \tanh(W x_t + m_t \odot x_{t'} + h_{t-1})"),
    ("", r"h_t = f_H(W x_t + U h_{t-1})"),
    (
        "",
        r"i_t = \sigma(W_{xi} * \mathcal{X}_t + W_{hi} * \mathcal{H}_{t-1}) \\
          \mathcal{H}_t = i_t \circ \tanh(W_{hc} * \mathcal{H}_{t-1})",
    ),
    ("", r"h_t = A_t h_{t-1} + B_t x_t \\ y_t = C_t^\top h_t"),
    (
        "",
        r"S_t = S_{t-1} - \beta_t (S_{t-1} k_t - v_t) k_t^\top \\ o_t = S_t q_t",
    ),
    (
        "",
        r"c_k = \left(I - \frac{A}{k}\right) c_{k-1} + \frac{1}{k} B f_k",
    ),
    ("", r"h_n = a_n h_{n-1} + k_n^\top v_n, \quad y_n = q_n h_n"),
    ("", r"M_t(i) = M_{t-1}(i) [1 - w_t(i) e_t] + w_t(i) a_t"),
    (
        "",
        r"\hat m_t = m_t / (1 - \beta_1^t) \\ m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t",
    ),
    (
        "",
        r"r_t = (1 - \alpha) r_{t-1} + \alpha \tanh(g W r_{t-1} + V x_t)",
    ),
    (
        "f = tanh, g = tanh",
        "x(n+1) = f(W x(n) + Win u(n+1))\ny(n+1) = g(Wout (u(n+1), x(n+1)))",
    ),
    ("f = tanh", "x(n+1) = f(W x(n) + Win u(n+1) + Wb m(n))"),
    (
        "",
        r"y_t = \phi_1 y_{t-1} + \cdots + \phi_p y_{t-p} + \epsilon_t",
    ),
    ("", r"h_t = \tanh(W [D(x_t), h_{t-1}])"),
    ("", "The gate `$z_t = \\sigma(W x_t)$`"),
];

/// What a block gives.
fn shown(arguments: &str, block: &str) -> String {
    let text = match block.contains('$') || block.contains('#') || block.is_empty() {
        true => block.to_owned(),
        false => format!("```math\n{block}\n```"),
    };
    let attribute = match arguments {
        "" => String::new(),
        arguments => format!("#[cell_from_docs({arguments})]\n"),
    };
    let messages = from_docs(arguments, &text).expect_err(block).join("\n\n");
    format!("==== {attribute}{block}\n\n{messages}\n")
}

#[test]
fn mistakes_have_the_messages_of_the_file() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/forms/mistakes.txt");
    let found: Vec<String> = MISTAKES.iter().map(|(a, block)| shown(a, block)).collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, found.join("\n")).expect("the file can be written");
    }
    let wanted = std::fs::read_to_string(&path).expect("the file of messages");
    for (found, wanted) in found.iter().zip(wanted.split("\n====")) {
        let strip = |text: &str| text.trim_start_matches("====").trim().to_owned();
        assert_eq!(strip(found), strip(wanted));
    }
    assert_eq!(found.len(), wanted.split("\n====").count());
}
