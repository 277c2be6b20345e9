//! Cells whose memory is a matrix, or a filter of fixed structure.

use crate::cell;

cell! {
    /// Matrix memory with exponential gates (Beck et al. 2024, arXiv 2405.04517); one head.
    pub struct MLstm {
        m_t: scalar;
        q   = x_t * W_q + b_q;
        k   = (x_t * W_k) / sqrt(sum(1 + 0 * b_q)) + b_k;
        v   = x_t * W_v + b_v;
        o   = sigmoid(x_t * W_o + b_o);
        ĩ   = dot(w_i, x_t) + β_i;
        l   = log_sigmoid(dot(w_f, x_t) + β_f);
        m_t = max(l + m_{t-1}, ĩ);
        f   = exp(l + m_{t-1} - m_t);
        i   = exp(ĩ - m_t);
        C_t = f * C_{t-1} + i * outer(v, k);
        n_t = f * n_{t-1} + i * k;
        h_t = o .* ((C_t * q) / max(abs(dot(n_t, q)), exp(-m_t)));
    }
}

cell! {
    /// Linear attention with a gate per key (Yang et al. 2024, arXiv 2312.06635).
    pub struct GatedLinearAttention {
        α   = sigmoid(x_t * W_a + b_a);
        k   = x_t * W_k;
        v   = x_t * W_v;
        q   = x_t * W_q;
        S_t = outer(1 + 0 * v, α) .* S_{t-1} + outer(v, k);
        y_t = S_t * q;
    }
}

cell! {
    /// Retention with one trained decay (Sun et al. 2023, arXiv 2307.08621).
    pub struct RetNet {
        γ: scalar ~ 3;
        k   = x_t * W_k;
        v   = x_t * W_v;
        q   = x_t * W_q;
        S_t = sigmoid(γ) * S_{t-1} + outer(v, k);
        y_t = S_t * q;
    }
}

cell! {
    /// Delta rule (Yang et al. 2024, arXiv 2406.06484).
    pub struct DeltaNet {
        p   = x_t * W_k;
        k   = p / sqrt(dot(p, p) + 0.000001);
        v   = x_t * W_v;
        q   = x_t * W_q;
        β   = sigmoid(dot(w, x_t));
        S_t = S_{t-1} + β * outer(v - S_{t-1} * k, k);
        y_t = S_t * q;
    }
}

cell! {
    /// Gated delta rule (Yang, Kautz and Hatamizadeh 2024, arXiv 2412.06464).
    pub struct GatedDeltaNet {
        p   = x_t * W_k;
        k   = p / sqrt(dot(p, p) + 0.000001);
        v   = x_t * W_v;
        q   = x_t * W_q;
        α   = sigmoid(dot(u, x_t));
        β   = sigmoid(dot(w, x_t));
        S_t = α * S_{t-1} + β * outer(v - α * (S_{t-1} * k), k);
        y_t = S_t * q;
    }
}

cell! {
    /// Legendre memory (Voelker, Kajić and Eliasmith 2019); its two fixed matrices are trained
    /// here like any others.
    pub struct Lmu {
        u   = dot(e_x, x_t) + dot(e_h, h_{t-1}) + dot(e_m, m_{t-1});
        m_t = A * m_{t-1} + u * b_m;
        h_t = tanh(x_t * W_x + h_{t-1} * W_h + m_t * W_m);
    }
}

cell! {
    /// Liquid time constants: six semi-implicit Euler steps (Hasani et al. 2021, arXiv
    /// 2006.04439).
    pub struct Ltc {
        δ: hyper = 0.1666;
        τ: [H] ~ 1;
        v_0 = h_{t-1};
        for k in 1..=6 {
            f_k = sigmoid(x_t * W + v_{k-1} * U + b);
            v_k = (v_{k-1} + δ * (f_k .* a)) / (1 + δ * (1 / τ + f_k));
        }
        h_t = v_6;
    }
}

cell! {
    /// Closed form of liquid time constants (Hasani et al. 2022, arXiv 2106.13898): the input
    /// and the elapsed time.
    pub struct Cfc(x_t, d_t) -> h_t {
        d_t: [1];
        p   = tanh(x_t * W + h_{t-1} * U + b);
        f   = p * W_f + b_f;
        g   = tanh(p * W_g + b_g);
        q   = tanh(p * W_q + b_q);
        s   = sigmoid(-sum(d_t) * f);
        h_t = s .* g + (1 - s) .* q;
    }
}

cell! {
    /// Fast weights: a decaying memory of past states, looked up in one inner step (Ba et al.
    /// 2016, arXiv 1610.06258).
    pub struct FastWeights {
        λ: hyper = 0.95;
        η: hyper = 0.5;
        g ~ 1;
        A_t = λ * A_{t-1} + η * outer(h_{t-1}, h_{t-1});
        p   = x_t * W + h_{t-1} * U;
        h_t = relu(layer_norm(p + A_t * relu(p), g, b));
    }
}

cell! {
    /// Selective state space, the recurrence of S6 (Gu and Dao 2023, arXiv 2312.00752).
    pub struct Mamba {
        x_t: [D];
        A: [D, N] ~ uniform(0, 2);
        W_B: [D, N]; W_C: [D, N];
        V: [D, R]; U: [R, D];
        d: [D] ~ 1;
        δ   = softplus(x_t * V * U + b);
        δ: [D];
        B   = x_t * W_B;
        h_t = exp(-outer(δ, 1 + 0 * B) .* exp(A)) .* h_{t-1} + outer(δ .* x_t, B);
        y_t = h_t * (x_t * W_C) + d .* x_t;
    }
}

cell! {
    /// Mass-conserving LSTM: what enters, `m_t`, leaves through `h_t` or stays in `c_t` (Hoedt et
    /// al. 2021, arXiv 2101.05186). The redistribution of the memory is trained and the same at
    /// all steps; the paper lets the input change it.
    pub struct McLstm(m_t, a_t) -> h_t {
        m_t: [1];
        R: [H, H] ~ normal(0, 1);
        s   = c_{t-1} / (sum(c_{t-1}) + 0.001);
        i   = softmax(a_t * W_i + s * U_i + b_i);
        o   = sigmoid(a_t * W_o + s * U_o + b_o);
        q   = (1 + 0 * c_{t-1}) * sigmoid(R);
        p   = sigmoid(R) * (c_{t-1} / q) + sum(m_t) * i;
        c_t = (1 - o) .* p;
        h_t = o .* p;
    }
}
