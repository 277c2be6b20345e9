//! Cells that keep time: clocks, rhythms, delay lines.

use crate::cell;

cell! {
    /// Three groups of units that update at every step, every second and every fourth one;
    /// faster groups read slower ones (Koutník et al. 2014, arXiv 1402.3511).
    pub struct Clockwork(x_t) -> y_t {
        p: scalar; q: scalar;
        p_0 ~ -1; q_0 ~ -1;
        p_t = where(p_{t-1} > 0.5, 0, p_{t-1} + 1);
        q_t = where(q_{t-1} > 2.5, 0, q_{t-1} + 1);
        a_t = tanh(x_t * W_a + a_{t-1} * U_a + b_{t-1} * U_b + c_{t-1} * U_c + d_a);
        b_t = where(p_t < 0.5, tanh(x_t * W_b + b_{t-1} * V_b + c_{t-1} * V_c + d_b), b_{t-1});
        c_t = where(q_t < 0.5, tanh(x_t * W_c + c_{t-1} * R_c + d_c), c_{t-1});
        y_t = [a_t, b_t, c_t];
    }
}

cell! {
    /// LSTM whose units are open in a rhythm of their own: the input, and the time since the
    /// last step, which is to be shorter than any period `exp(τ)` (Neil, Pfeiffer and Liu 2016,
    /// arXiv 1610.09513). `s_0` holds where in its period each unit begins.
    pub struct PhasedLstm(x_t, d_t) -> h_t {
        α: hyper = 0.001;
        ρ: hyper = 0.05;
        d_t: [1];
        τ: [H] ~ uniform(1, 4);
        s_0 ~ trainable;
        b^(f) ~ 1;
        s_t = where(q >= 1, q - 1, where(q < 0, q + 1, q));
        q   = s_{t-1} + sum(d_t) / exp(τ);
        k   = where(s_t < 0.5 * ρ, 2 * s_t / ρ, where(s_t < ρ, 2 - 2 * s_t / ρ, α * s_t));
        f   = sigmoid(x_t * W^(f) + h_{t-1} * U^(f) + w^(f) .* C_{t-1} + b^(f));
        i   = sigmoid(x_t * W^(i) + h_{t-1} * U^(i) + w^(i) .* C_{t-1} + b^(i));
        c̃   = f .* C_{t-1} + i .* tanh(x_t * W^(g) + h_{t-1} * U^(g) + b^(g));
        o   = sigmoid(x_t * W^(o) + h_{t-1} * U^(o) + w^(o) .* c̃ + b^(o));
        C_t = k .* c̃ + (1 - k) .* C_{t-1};
        h_t = k .* (o .* tanh(c̃)) + (1 - k) .* h_{t-1};
    }
}

cell! {
    /// Simple network each of whose units updates where a trained rhythm of three waves is
    /// positive (Yin et al. 2026, arXiv 2603.02226). Units share the frequencies; the step's
    /// gradient is that of a sigmoid (torchrecurrent's is zero).
    pub struct SuRnn {
        n: scalar;
        n_t = n_{t-1} + 1;
        s_0 = b_s;
        for k in 1..=3 {
            α_k: [H] ~ normal(0, 1); ω_k: scalar ~ uniform(0, 3.14); φ_k: [H] ~ uniform(0, 3.14);
            s_k = s_{k-1} + α_k .* sin(ω_k * n_t + φ_k);
        }
        p   = sigmoid(s_3);
        g   = p + stop_gradient(where(s_3 > 0, 1, 0) - p);
        h_t = h_{t-1} + g .* (tanh(x_t * W + h_{t-1} * U + b) - h_{t-1});
    }
}

cell! {
    /// Delayed memory: a gate with a state of its own shares each candidate out among this step
    /// and the next two, beside what it is itself (Sun et al. 2023, arXiv 2310.14982; as the
    /// authors' code, which takes the delays for given by `delay_dim`).
    pub struct DelayedMemoryUnit(x_t) -> h_t {
        d_t: [3];
        n   = tanh(x_t * W + h_{t-1} * U + b);
        d_t = tanh(x_t * W_d + d_{t-1} * U_d + b_d);
        p   = softmax(d_t);
        m_0 = sum(p[0..1]) * n;
        m_1 = sum(p[1..2]) * n;
        m_2 = sum(p[2..3]) * n;
        h_t = n + m_{0,t} + m_{1,t-1} + m_{2,t-2};
    }
}
