//! Time: every way to write the step before, primes, delays, several time letters.

use super::{from_docs, pair, pair_with};
use crate::model;

#[test]
fn time_in_round_brackets() {
    pair(
        r"\mathbf{c}(t) = \mathbf{f}(t)\circ\mathbf{c}(t-1) \\
          \mathbf{f}(t) = \sigma(\mathbf{W}_{ih}^{f}\,\mathbf{x}(t) + \mathbf{b}_{hh}^{f}) \\
          \mathbf{h}(t) = \tanh(\mathbf{c}(t))",
        "c_t = f_t .* c_{t-1}; f_t = sigmoid(W_ih^(f) * x_t + b_hh^(f)); h_t = tanh(c_t);",
    );
}

#[test]
fn time_in_brackets_below() {
    pair(
        "h_{(t)} = σ(x_t ∗ W + h_{(t−1)} ∗ U)",
        "h_t = sigmoid(x_t * W + h_{t-1} * U);",
    );
}

#[test]
fn latest_index_is_now() {
    pair(
        r"I_{\rm syn}[t+1] = \alpha I_{\rm syn}[t] + V X[t+1] \\ U[t+1] = \beta U[t] + I_{\rm syn}[t+1]",
        "I_syn(t) = α * I_syn(t-1) + V * X_t; U_t = β * U_{t-1} + I_syn(t);",
    );
}

#[test]
fn primed_state() {
    pair_with(
        "input = x",
        r"z = \sigma(W_{iz} x + b_{iz} + W_{hz} h) \\ h' = (1 - z) * x + z * h",
        "struct Test(x_t) { z = sigmoid(W_iz * x_t + b_iz + W_hz * h_{t-1});
            h_t = (1 - z) .* x_t + z .* h_{t-1}; }",
    );
}

#[test]
fn step_n_with_delays() {
    pair(
        r"h_{n+1} = \tanh(W x_{n+1} + U h_{n} + V h_{n-1})",
        "h_t = tanh(W * x_t + U * h_{t-1} + V * h_{t-2});",
    );
}

/// What stands above or beside the letter of time makes no label of it.
#[test]
fn letters_of_time_below_transposes_powers_and_numbers() {
    pair_with(
        "s_t: scalar",
        r"s_n = \gamma s_{n-1} + k_n^\top v_n \\ o_n = q_n s_n",
        "struct Test { s_t: scalar; s_t = γ * s_{t-1} + dot(k_t, v_t); o_t = q_t * s_t; }",
    );
    pair(
        r"h_n = h_{n-1} + W x_n^2 + V u_{n,1} + U u_{n,2}",
        "h_t = h_{t-1} + W * x_t^2 + V * u_{t,1} + U * u_{t,2};",
    );
}

#[test]
fn delay_from_the_attribute() {
    pair_with(
        "d = 2",
        r"h_{n+1} = \tanh(W x_{n+1} + U h_{n-d})",
        "struct Test { d = 2; h_t = tanh(W * x_t + U * h_{t-3}); }",
    );
}

#[test]
fn delayed_inputs() {
    pair(
        r"h_t = \tanh(W_0 x_t + W_1 x_{t-1}) + w \odot h_{t-1}",
        "h_t = tanh(W_0 * x_t + W_1 * x_{t-1}) + w .* h_{t-1};",
    );
}

#[test]
fn step_size_is_one_symbol() {
    pair(
        r"h_t = h_{t-1} + \Delta t \tanh(W x_t + U h_{t-1})",
        "h_t = h_{t-1} + Δt * tanh(W * x_t + U * h_{t-1});",
    );
}

#[test]
fn defined_after_use() {
    pair(
        r"h_t = o_t \odot \tanh(c_t) \\ c_t = c_{t-1} + W x_t \\ o_t = \sigma(V x_t + p)",
        "h_t = o_t .* tanh(c_t); c_t = c_{t-1} + W * x_t; o_t = sigmoid(V * x_t + p);",
    );
}

#[test]
fn angles_around_steps() {
    let body = "a_t = tanh(W_aa * a_{t-1} + W_ax * x_t + b_a);";
    pair(
        "a^{<t>} = tanh(W_{aa} a^{<t-1>} + W_{ax} x^{<t>} + b_a)",
        body,
    );
    pair(
        r"a^{\langle t \rangle} = \tanh(W_{aa} a^{\langle t-1 \rangle} + W_{ax} x^{\langle t \rangle} + b_a)",
        body,
    );
    // Without braces, in either form.
    pair("a^<t> = tanh(W_{aa} a^<t-1> + W_{ax} x^<t> + b_a)", body);
    pair(r"a^<t>= \tanh(W_{aa} a^<t-1> + W_{ax} x^<t> + b_a)", body);
    pair(
        "a^{(t)} = tanh(W_{aa} a^{(t-1)} + W_{ax} x^{(t)} + b_a)",
        "a^<t> = tanh(W_aa * a^<t-1> + W_ax * x^<t> + b_a);",
    );
}

#[test]
fn a_course_on_memory_cells() {
    pair(
        r"\tilde c^{<t>} = \tanh(W_c[a^{<t-1>}, x^{<t>}] + b_c) \\
          \Gamma_u = \sigma(W_u[a^{<t-1>}, x^{<t>}] + b_u) \\
          \Gamma_f = \sigma(W_f[a^{<t-1>}, x^{<t>}] + b_f) \\
          \Gamma_o = \sigma(W_o[a^{<t-1>}, x^{<t>}] + b_o) \\
          c^{<t>} = \Gamma_u * \tilde c^{<t>} + \Gamma_f * c^{<t-1>} \\
          a^{<t>} = \Gamma_o * \tanh c^{<t>}",
        "c̃_t = tanh(W_c * [a_{t-1}, x_t] + b_c);
         Γ_u = sigmoid(W_u * [a_{t-1}, x_t] + b_u);
         Γ_f = sigmoid(W_f * [a_{t-1}, x_t] + b_f);
         Γ_o = sigmoid(W_o * [a_{t-1}, x_t] + b_o);
         c_t = Γ_u .* c̃_t + Γ_f .* c_{t-1};
         a_t = Γ_o .* tanh(c_t);",
    );
}

#[test]
fn the_step_before_by_its_word() {
    pair_with(
        "(a, i) = chunk(x)",
        r"c = \tanh(a) \odot \sigma(i) + \tfrac{1}{2} c_{\text{prev}} \\ h = \tanh(c) + h_{prev}",
        "struct Test { (a, i) = chunk(x_t); c_t = tanh(a) .* sigmoid(i) + 1 / 2 * c_{t-1};
         h_t = tanh(c_t) + h_{t-1}; }",
    );
}

#[test]
fn a_label_like_the_step_before_stays_one() {
    pair(
        r"h_{prev} = V x_t \\ h_t = \tanh(h_{prev} + W_{prev} h_{t-1})",
        "h_prev = V * x_t; h_t = tanh(h_prev + W_prev * h_{t-1});",
    );
}

#[test]
fn where_a_state_starts() {
    let tokens = "struct Test { h_0 ~ 1; h_t = tanh(W * x_t + U * h_{t-1}); }";
    for text in [
        r"h^{(0)} = 1 \\ h^{(t)} = \tanh(W x^{(t)} + U h^{(t-1)})",
        r"h^{\langle 0 \rangle} = 1 \\
          h^{\langle t \rangle} = \tanh(W x^{\langle t \rangle} + U h^{\langle t-1 \rangle})",
        r"h(0) = 1 \\ h(t) = \tanh(W x(t) + U h(t-1))",
    ] {
        pair_with("", text, tokens);
    }
}

#[test]
fn arguments_with_t_where_the_text_counts_by_another_letter() {
    pair_with(
        "output = y_t, x_t: [I]",
        r"y_n = \tanh(W x_n + U y_{n-1}) \\ z_n = y_n \odot z_{n-1}",
        "struct Test -> y_t { x_t: [I]; y_t = tanh(W * x_t + U * y_{t-1}); z_t = y_t .* z_{t-1}; }",
    );
}

#[test]
fn a_left_side_of_an_earlier_step_that_reads_this_one() {
    // GRU-D: the decayed state is that of the present gap.
    pair(
        r"\gamma_{h_t} = \exp(-\max(0, W_\gamma \delta_t)) \\ \hat{h}_{t-1} = \gamma_{h_t} \odot h_{t-1} \\
          h_t = \tanh(W x_t + U \hat{h}_{t-1})",
        "γ_ht = exp(-max(0, W_γ * δ_t)); ĥ_t = γ_ht .* h_{t-1}; h_t = tanh(W * x_t + U * ĥ_t);",
    );
    // T-LSTM: and all that is computed on the way.
    pair(
        r"s_{t-1} = \tanh(V c_{t-1}) \\ k_{t-1} = s_{t-1} \odot \exp(-x_t) \\ c_t = \tanh(W x_t + k_{t-1})",
        "s_t = tanh(V * c_{t-1}); k_t = s_t .* exp(-x_t); c_t = tanh(W * x_t + k_t);",
    );
    // What needs nothing of this step is a state.
    pair(
        r"u_{t+1} = \alpha u_t + W x_{t+1} - s_t \\ s_t = \tanh(u_t)",
        "u_t = α * u_{t-1} + W * x_t - s_{t-1}; s_t = tanh(u_t);",
    );
}

#[test]
fn a_prime_and_a_step_on_both_sides_are_two_symbols() {
    let text =
        r"$$i'_t = \exp(i_t - m_t)$$ $$m_t = \max(m_{t-1}, i_t)$$ $$c_t = i'_t z_t + c_{t-1}$$";
    let cell = from_docs("", text).expect("a cell");
    let dump = model::dump(&cell);
    let lines = ["input i [I]", "let i_prime [I]", "state m [I]"];
    assert!(lines.iter().all(|line| dump.contains(line)), "{dump}");
}
