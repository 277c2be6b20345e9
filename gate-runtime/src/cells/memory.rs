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
        S_t = S_{t-1} * diag(α) + outer(v, k);
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
        h_t = exp(-diag(δ) * exp(A)) .* h_{t-1} + outer(δ .* x_t, B);
        y_t = h_t * (x_t * W_C) + d .* x_t;
    }
}

cell! {
    /// Mass-conserving LSTM: what enters, `m_t`, leaves through `h_t` or stays in `c_t` (Hoedt et
    /// al. 2021, arXiv 2101.05186). The redistribution of the memory is a trained matrix with a
    /// normalised sigmoid, as `LinearRedistribution` of the authors' code; their default lets the
    /// input and the memory change it.
    pub struct McLstm(m_t, a_t) -> h_t {
        m_t: [1];
        R: [H, H] ~ identity;
        b_o ~ -3;
        s   = c_{t-1} / where(sum(c_{t-1}) > 0, sum(c_{t-1}), 1);
        i   = softmax(a_t * W_i + s * U_i + b_i);
        o   = sigmoid(a_t * W_o + s * U_o + b_o);
        q   = (1 + 0 * c_{t-1}) * sigmoid(R);
        p   = sigmoid(R) * (c_{t-1} / q) + sum(m_t) * i;
        c_t = (1 - o) .* p;
        h_t = o .* p;
    }
}

cell! {
    /// Non-saturating unit: two heads each write and erase directions of a flat memory (Chandar
    /// et al. 2019, arXiv 1902.06704), without rectifying them, as the authors' code by default.
    /// There the directions come out of outer products, to save parameters; here each has
    /// matrices of its own.
    pub struct Nru(x_t) -> h_t {
        h_t = relu(x_t * W_x + h_{t-1} * W_h + m_{t-1} * W_m + b);
        s_0 = m_{t-1};
        for k in 1..=2 {
            c_k: scalar; d_k: scalar;
            α_k = dot(p_k, h_t) + dot(q_k, m_{t-1}) + c_k;
            β_k = dot(r_k, h_t) + dot(g_k, m_{t-1}) + d_k;
            u_k = h_t * U_k + m_{t-1} * P_k + a_k;
            v_k = h_t * V_k + m_{t-1} * Q_k + e_k;
            f_k = u_k / (sum(abs(u_k)^5) + 0.000001)^0.2;
            l_k = v_k / (sum(abs(v_k)^5) + 0.000001)^0.2;
            s_k = s_{k-1} + α_k * f_k - β_k * l_k;
        }
        m_t = s_2;
    }
}

cell! {
    /// State space dual, Mamba-2: one decay for the whole state of a head (Dao and Gu 2024, arXiv
    /// 2405.21060).
    pub struct Mamba2 {
        x_t: [D];
        W_B: [D, N]; W_C: [D, N];
        α: scalar ~ uniform(0, 2);
        β: scalar;
        δ   = softplus(dot(w, x_t) + β);
        B   = x_t * W_B;
        h_t = exp(-δ * exp(α)) * h_{t-1} + outer(δ * x_t, B);
        y_t = h_t * (x_t * W_C) + d .* x_t;
        d ~ 1;
    }
}

cell! {
    /// Hierarchically gated network with a matrix memory, one head with a trained lower bound
    /// (Qin et al. 2024, arXiv 2404.07904).
    pub struct Hgrn2 {
        γ: [K] ~ -1;
        l   = sigmoid(γ);
        f   = l + (1 - l) .* sigmoid(x_t * W_f + b_f);
        v   = silu(x_t * W_v + b_v);
        q   = x_t * W_q + b_q;
        S_t = S_{t-1} * diag(f) + outer(v, 1 - f);
        y_t = S_t * q;
    }
}

cell! {
    /// Time mixing of RWKV-7, one head, up to its normalisation: a delta rule with a decay and a
    /// rate for each key (Peng et al. 2025, arXiv 2503.14456).
    pub struct Rwkv7 {
        x_t: [I];
        for g in 1..=5 { μ_g: [I] ~ 0.5; z_g = x_t + μ_g .* (x_{t-1} - x_t); }
        A_1: [I, R]; D_1: [I, R];
        ξ: [K] ~ 0.7; α: [K] ~ 1; ρ: [K] ~ uniform(-1, 1);
        r   = z_1 * W_r;
        w   = exp(-0.6065306597126334 * sigmoid(tanh(z_2 * D_1) * D_2 + b_w));
        k   = z_3 * W_k;
        v   = z_4 * W_v;
        a   = sigmoid(z_5 * A_1 * A_2 + b_a);
        κ   = k .* ξ;
        n   = κ / sqrt(dot(κ, κ) + 0.000001);
        p   = k .* (1 + (a - 1) .* α);
        S_t = S_{t-1} * (diag(w) - outer(n, a .* n)) + outer(v, p);
        y_t = S_t * r + dot(r, ρ .* p) * v;
    }
}
