//! GRU and its kin.

use crate::cell;

cell! {
    /// Gated recurrent unit, the reset gate before the product (Cho et al. 2014, version 3).
    pub struct Gru {
        r   = sigmoid(x_t * W_x^(r) + h_{t-1} * W_h^(r) + b^(r));
        z   = sigmoid(x_t * W_x^(z) + h_{t-1} * W_h^(z) + b^(z));
        h̃_t = tanh(x_t * W_x + (r .* h_{t-1}) * W_h + b);
        h_t = (1 - z) .* h_{t-1} + z .* h̃_t;
    }
}

cell! {
    /// Gated recurrent unit, the reset gate after the product (Cho et al. 2014, version 1), as
    /// cuDNN and PyTorch compute it.
    pub struct GruResetAfter {
        r   = sigmoid(x_t * W_x^(r) + h_{t-1} * W_h^(r) + b^(r));
        z   = sigmoid(x_t * W_x^(z) + h_{t-1} * W_h^(z) + b^(z));
        n   = tanh(x_t * W_x^(n) + b^(n) + r .* (h_{t-1} * W_h^(n) + b_h^(n)));
        h_t = (1 - z) .* n + z .* h_{t-1};
    }
}

cell! {
    /// Layer-normalised GRU, as Haste computes it (after Ba, Kiros and Hinton 2016).
    pub struct LayerNormGru {
        g_x^(r) ~ 1; g_x^(z) ~ 1; g_x^(n) ~ 1;
        g_h^(r) ~ 1; g_h^(z) ~ 1; g_h^(n) ~ 1;
        r   = sigmoid(layer_norm(x_t * W^(r), g_x^(r)) + layer_norm(h_{t-1} * U^(r), g_h^(r)) + b^(r));
        z   = sigmoid(layer_norm(x_t * W^(z), g_x^(z)) + layer_norm(h_{t-1} * U^(z), g_h^(z)) + b^(z));
        n   = tanh(layer_norm(x_t * W^(n), g_x^(n)) + b^(n) + r .* (layer_norm(h_{t-1} * U^(n), g_h^(n)) + c));
        h_t = (1 - z) .* n + z .* h_{t-1};
    }
}

cell! {
    /// GRU1: gates without the input (Dey and Salem 2017, arXiv 1701.05923).
    pub struct Gru1 {
        r   = sigmoid(h_{t-1} * U^(r) + b^(r));
        z   = sigmoid(h_{t-1} * U^(z) + b^(z));
        n   = tanh(x_t * W + (r .* h_{t-1}) * U + b);
        h_t = (1 - z) .* h_{t-1} + z .* n;
    }
}

cell! {
    /// GRU2: gates of the state alone (Dey and Salem 2017, arXiv 1701.05923).
    pub struct Gru2 {
        r   = sigmoid(h_{t-1} * U^(r));
        z   = sigmoid(h_{t-1} * U^(z));
        n   = tanh(x_t * W + (r .* h_{t-1}) * U + b);
        h_t = (1 - z) .* h_{t-1} + z .* n;
    }
}

cell! {
    /// GRU3: gates that are biases alone (Dey and Salem 2017, arXiv 1701.05923).
    pub struct Gru3 {
        r   = sigmoid(b^(r));
        z   = sigmoid(b^(z));
        n   = tanh(x_t * W + (r .* h_{t-1}) * U + b);
        h_t = (1 - z) .* h_{t-1} + z .* n;
    }
}

cell! {
    /// Minimal gated unit (Zhou et al. 2016, arXiv 1603.09420). Flax resets after the product and
    /// keeps with the gate.
    pub struct Mgu {
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
        h̃_t = tanh(x_t * W_x + (f .* h_{t-1}) * W_h + b);
        h_t = (1 - f) .* h_{t-1} + f .* h̃_t;
    }
}

cell! {
    /// MGU1: a gate without the input (Heck and Salem 2017, arXiv 1701.03452).
    pub struct Mgu1 {
        f   = sigmoid(h_{t-1} * U^(f) + b^(f));
        n   = tanh(x_t * W + (f .* h_{t-1}) * U + b);
        h_t = (1 - f) .* h_{t-1} + f .* n;
    }
}

cell! {
    /// MGU2: a gate of the state alone (Heck and Salem 2017, arXiv 1701.03452).
    pub struct Mgu2 {
        f   = sigmoid(h_{t-1} * U^(f));
        n   = tanh(x_t * W + (f .* h_{t-1}) * U + b);
        h_t = (1 - f) .* h_{t-1} + f .* n;
    }
}

cell! {
    /// MGU3: a gate of a bias alone (Heck and Salem 2017, arXiv 1701.03452).
    pub struct Mgu3 {
        f   = sigmoid(b^(f));
        n   = tanh(x_t * W + (f .* h_{t-1}) * U + b);
        h_t = (1 - f) .* h_{t-1} + f .* n;
    }
}

cell! {
    /// First mutated unit (Jozefowicz, Zaremba and Sutskever 2015). The input enters the
    /// candidate without a matrix, hence it has the state's size.
    pub struct Mut1 {
        z   = sigmoid(x_t * W_z + b_z);
        r   = sigmoid(x_t * W_r + h_{t-1} * U_r + b_r);
        n   = tanh((r .* h_{t-1}) * U_h + tanh(x_t) + b_h);
        h_t = n .* z + h_{t-1} .* (1 - z);
    }
}

cell! {
    /// Second mutated unit (Jozefowicz, Zaremba and Sutskever 2015).
    pub struct Mut2 {
        z   = sigmoid(x_t * W_z + h_{t-1} * U_z + b_z);
        r   = sigmoid(x_t + h_{t-1} * U_r + b_r);
        n   = tanh((r .* h_{t-1}) * U_h + x_t * W_h + b_h);
        h_t = n .* z + h_{t-1} .* (1 - z);
    }
}

cell! {
    /// Third mutated unit (Jozefowicz, Zaremba and Sutskever 2015). Some libraries leave
    /// out the `tanh` of the update gate.
    pub struct Mut3 {
        z   = sigmoid(x_t * W_z + tanh(h_{t-1}) * U_z + b_z);
        r   = sigmoid(x_t * W_r + h_{t-1} * U_r + b_r);
        n   = tanh((r .* h_{t-1}) * U_h + x_t * W_h + b_h);
        h_t = n .* z + h_{t-1} .* (1 - z);
    }
}

cell! {
    /// Light GRU (Ravanelli et al. 2018, arXiv 1803.10225), without the batch normalisation.
    pub struct LiGru {
        z   = sigmoid(x_t * W_z + h_{t-1} * U_z);
        n   = relu(x_t * W_h + h_{t-1} * U_h);
        h_t = z .* h_{t-1} + (1 - z) .* n;
    }
}

cell! {
    /// Update gate network (Collins, Sohl-Dickstein and Sussillo 2017, arXiv 1611.09913).
    pub struct Ugrnn {
        c   = tanh(x_t * W_c + h_{t-1} * U_c + b_c);
        g   = sigmoid(x_t * W_g + h_{t-1} * U_g + b_g);
        h_t = g .* h_{t-1} + (1 - g) .* c;
    }
}

cell! {
    /// Intersection network (Collins, Sohl-Dickstein and Sussillo 2017, arXiv 1611.09913).
    pub struct IntersectionRnn(x_t) -> (y_t, h_t) {
        p   = relu(x_t * W_p + h_{t-1} * U_p + b_p);
        q   = tanh(x_t * W_q + h_{t-1} * U_q + b_q);
        g_y = sigmoid(x_t * W_y + h_{t-1} * U_y + b_y);
        g_h = sigmoid(x_t * W_h + h_{t-1} * U_h + b_h);
        y_t = g_y .* x_t + (1 - g_y) .* p;
        h_t = g_h .* h_{t-1} + (1 - g_h) .* q;
    }
}

cell! {
    /// Minimal network (Chen 2017, arXiv 1711.06788).
    pub struct MinimalRnn {
        z   = tanh(x_t * W + b_z);
        u   = sigmoid(h_{t-1} * U_h + z * U_z + b_u);
        h_t = u .* h_{t-1} + (1 - u) .* z;
    }
}

cell! {
    /// Chaos-free network (Laurent and von Brecht 2017, arXiv 1612.06212).
    pub struct Cfn {
        p   = sigmoid(x_t * V_p + h_{t-1} * U_p + b_p);
        q   = sigmoid(x_t * V_q + h_{t-1} * U_q + b_q);
        h_t = p .* tanh(h_{t-1}) + q .* tanh(x_t * W);
    }
}

cell! {
    /// Addition-subtraction twin gates (Zhang et al. 2018, arXiv 1810.12546).
    pub struct Atr {
        p   = x_t * W + b;
        q   = h_{t-1} * U;
        h_t = sigmoid(p + q) .* p + sigmoid(p - q) .* h_{t-1};
    }
}

cell! {
    /// Simple gated network (2020, doi 10.1049/gtd2.12056).
    pub struct Sgrn {
        p   = x_t * W;
        f   = sigmoid(p + h_{t-1} * U + b);
        h_t = tanh((1 - f) .* p + f .* h_{t-1});
    }
}

cell! {
    /// Stackable unit (Turkoglu et al. 2021, arXiv 1911.11033).
    pub struct Star {
        z   = tanh(x_t * W_z + b_z);
        k   = sigmoid(x_t * W_k + h_{t-1} * U_k + b_k);
        h_t = tanh((1 - k) .* h_{t-1} + k .* z);
    }
}

cell! {
    /// Forget gate alone (van der Westhuizen and Lasenby 2018, arXiv 1804.04849).
    pub struct Janet {
        β: hyper = 1.0;
        s   = x_t * W_f + h_{t-1} * U_f + b_f;
        c̃   = tanh(x_t * W_c + h_{t-1} * U_c + b_c);
        c_t = sigmoid(s) .* c_{t-1} + (1 - sigmoid(s - β)) .* c̃;
        h_t = c_t;
    }
}

cell! {
    /// Bistable cell (Vecoven, Ernst and Drion 2021, doi 10.1371/journal.pone.0252676).
    pub struct Brc {
        a   = 1 + tanh(x_t * W_a + w_a .* h_{t-1} + b_a);
        c   = sigmoid(x_t * W_c + w_c .* h_{t-1} + b_c);
        h_t = c .* h_{t-1} + (1 - c) .* tanh(x_t * W + a .* h_{t-1} + b);
    }
}

cell! {
    /// Neuromodulated bistable cell (Vecoven, Ernst and Drion 2021).
    pub struct Nbrc {
        a   = 1 + tanh(x_t * W_a + h_{t-1} * U_a + b_a);
        c   = sigmoid(x_t * W_c + h_{t-1} * U_c + b_c);
        h_t = c .* h_{t-1} + (1 - c) .* tanh(x_t * W + a .* h_{t-1} + b);
    }
}

cell! {
    /// FastGRNN: one pair of matrices for gate and candidate (Kusupati et al. 2018, arXiv
    /// 1901.02358).
    pub struct FastGrnn {
        ζ: scalar ~ 1;
        ν: scalar ~ -4;
        p   = x_t * W + h_{t-1} * U;
        z   = sigmoid(p + b_z);
        n   = tanh(p + b_h);
        h_t = (sigmoid(ζ) * (1 - z) + sigmoid(ν)) .* n + z .* h_{t-1};
    }
}

cell! {
    /// FastGRNN with matrices of low rank (Kusupati et al. 2018, arXiv 1901.02358).
    pub struct FastGrnnLowRank {
        ζ: scalar ~ 1;
        ν: scalar ~ -4;
        W_1: [I, R]; W_2: [R, H];
        U_1: [H, S]; U_2: [S, H];
        p   = x_t * W_1 * W_2 + h_{t-1} * U_1 * U_2;
        z   = sigmoid(p + b_z);
        n   = tanh(p + b_h);
        h_t = (sigmoid(ζ) * (1 - z) + sigmoid(ν)) .* n + z .* h_{t-1};
    }
}

cell! {
    /// Light unit (2024, doi 10.3390/electronics13163204).
    pub struct LightRu {
        n   = tanh(x_t * W_h + b_h);
        f   = sigmoid(x_t * W_f + h_{t-1} * U_f + b_f);
        h_t = (1 - f) .* h_{t-1} + f .* n;
    }
}

cell! {
    /// Recurrent additive network (Lee, Levy and Zettlemoyer 2017, arXiv 1705.07393).
    pub struct Ran {
        c̃   = x_t * W_c + b_c;
        i   = sigmoid(x_t * W_i + h_{t-1} * U_i + b_i);
        f   = sigmoid(x_t * W_f + h_{t-1} * U_f + b_f);
        c_t = i .* c̃ + f .* c_{t-1};
        h_t = tanh(c_t);
    }
}

cell! {
    /// RAN whose content is the input (Lee, Levy and Zettlemoyer 2017, arXiv 1705.07393).
    pub struct SimplifiedRan {
        i   = sigmoid(x_t * W_i + c_{t-1} * U_i + b_i);
        f   = sigmoid(x_t * W_f + c_{t-1} * U_f + b_f);
        c_t = i .* x_t + f .* c_{t-1};
    }
}

cell! {
    /// Minion unit with a reset gate (2025, arXiv 2503.06175).
    pub struct MiRu1 {
        λ: hyper = 0.5;
        r   = sigmoid(x_t * W_r + h_{t-1} * U_r + b_r);
        n   = tanh(x_t * W + (r .* h_{t-1}) * U + b);
        h_t = λ * h_{t-1} + (1 - λ) * n;
    }
}

cell! {
    /// Minion unit with a fixed reset (2025, arXiv 2503.06175).
    pub struct MiRu2 {
        λ: hyper = 0.5;
        θ: hyper = 0.5;
        n   = tanh(x_t * W + (θ * h_{t-1}) * U + b);
        h_t = λ * h_{t-1} + (1 - λ) * n;
    }
}

cell! {
    /// Simple gated unit (Gao and Glowacka 2016, arXiv 1604.02910).
    pub struct Sgu {
        g   = x_t * W_g + b_g;
        q   = tanh((g .* h_{t-1}) * U_q + b_q);
        o   = softplus(q .* h_{t-1});
        z   = hard_sigmoid(x_t * W_z + h_{t-1} * U_z + b_z);
        h_t = (1 - z) .* h_{t-1} + z .* o;
    }
}

cell! {
    /// Deep simple gated unit (Gao and Glowacka 2016, PMLR 63).
    pub struct Dsgu {
        g   = x_t * W_g + b_g;
        q   = tanh((g .* h_{t-1}) * U_q + b_q);
        o   = sigmoid((q .* h_{t-1}) * U_o + b_o);
        z   = hard_sigmoid(x_t * W_z + h_{t-1} * U_z + b_z);
        h_t = (1 - z) .* h_{t-1} + z .* o;
    }
}

cell! {
    /// GRU with a delayed state (Erichson, Lim and Mahoney 2022, arXiv 2212.00228); the delay is
    /// five steps.
    pub struct TauGru {
        u   = tanh(x_t * W_u + h_{t-1} * U_u + b_u);
        v   = tanh(x_t * W_v + h_{t-5} * U_v + b_v);
        g   = sigmoid(x_t * W_g + h_{t-1} * U_g + b_g);
        a   = sigmoid(x_t * W_a + h_{t-1} * U_a + b_a);
        h_t = (1 - g) .* h_{t-1} + g .* (u + a .* v);
    }
}

cell! {
    /// GRU with decay over missing values (Che et al. 2018, arXiv 1606.01865): the input, its
    /// mask (1 where it was observed), and the time since each was last seen.
    pub struct GruD(x_t, m_t, d_t) -> h_t {
        γ_x: [I]; γ_h: [H];
        μ: [I] ~ 0;
        l_t = m_t .* x_t + (1 - m_t) .* l_{t-1};
        γ_x = exp(-relu(w .* d_t + c));
        γ_h = exp(-relu(d_t * W_γ + b_γ));
        x̂   = m_t .* x_t + (1 - m_t) .* (γ_x .* l_{t-1} + (1 - γ_x) .* μ);
        p   = γ_h .* h_{t-1};
        r   = sigmoid(x̂ * W_r + p * U_r + m_t * V_r + b_r);
        z   = sigmoid(x̂ * W_z + p * U_z + m_t * V_z + b_z);
        n   = tanh(x̂ * W + (r .* p) * U + m_t * V + b);
        h_t = (1 - z) .* p + z .* n;
    }
}

cell! {
    /// GRU as a differential equation, one Euler step of `Δ` (De Brouwer et al. 2019, arXiv
    /// 1905.12374).
    pub struct GruOde {
        δ: hyper = 0.1;
        r   = sigmoid(x_t * W_r + h_{t-1} * U_r + b_r);
        z   = sigmoid(x_t * W_z + h_{t-1} * U_z + b_z);
        g   = tanh(x_t * W + (r .* h_{t-1}) * U + b);
        h_t = h_{t-1} + δ * ((1 - z) .* (g - h_{t-1}));
    }
}

cell! {
    /// GRU with a diagonal recurrence (ParaRNN, 2025, arXiv 2510.21450).
    pub struct ParaGru {
        r   = sigmoid(x_t * W_r + u_r .* h_{t-1} + b_r);
        z   = sigmoid(x_t * W_z + u_z .* h_{t-1} + b_z);
        n   = tanh(x_t * W + u .* (r .* h_{t-1}) + b);
        h_t = (1 - z) .* h_{t-1} + z .* n;
    }
}
