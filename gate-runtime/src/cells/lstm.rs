//! LSTM and its kin.

use crate::cell;

cell! {
    /// LSTM without a forget gate (Hochreiter and Schmidhuber 1997).
    pub struct OriginalLstm {
        i   = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
        g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
        o   = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
        C_t = C_{t-1} + i .* g;
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate by Gers et al. 2000).
    pub struct Lstm {
        b^(f) ~ 1;
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
        i   = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
        g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
        o   = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
        C_t = f .* C_{t-1} + i .* g;
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// LSTM whose gates see the memory (Gers, Schraudolph and Schmidhuber 2002).
    pub struct PeepholeLstm {
        b^(f) ~ 1;
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + p^(f) .* C_{t-1} + b^(f));
        i   = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + p^(i) .* C_{t-1} + b^(i));
        g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
        C_t = f .* C_{t-1} + i .* g;
        o   = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + p^(o) .* C_t + b^(o));
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// LSTM with coupled gates (Greff et al. 2015, arXiv 1503.04069).
    pub struct CoupledLstm {
        b^(f) ~ 1;
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
        g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
        o   = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
        C_t = f .* C_{t-1} + (1 - f) .* g;
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// LSTM without an output gate (Greff et al. 2015, arXiv 1503.04069).
    pub struct NoOutputGateLstm {
        b^(f) ~ 1;
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
        i   = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
        g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
        C_t = f .* C_{t-1} + i .* g;
        h_t = tanh(C_t);
    }
}

cell! {
    /// LSTM whose gates feed back into the gates (Greff et al. 2015, arXiv 1503.04069); the
    /// recurrences among gates are diagonal.
    pub struct FullGateLstm {
        f_t = sigmoid(x_t * W^(f) + h_{t-1} * U^(f) + r^(f) .* f_{t-1} + s^(f) .* i_{t-1} + q^(f) .* o_{t-1} + b^(f));
        i_t = sigmoid(x_t * W^(i) + h_{t-1} * U^(i) + r^(i) .* f_{t-1} + s^(i) .* i_{t-1} + q^(i) .* o_{t-1} + b^(i));
        o_t = sigmoid(x_t * W^(o) + h_{t-1} * U^(o) + r^(o) .* f_{t-1} + s^(o) .* i_{t-1} + q^(o) .* o_{t-1} + b^(o));
        g   = tanh(x_t * W^(g) + h_{t-1} * U^(g) + b^(g));
        C_t = f_t .* C_{t-1} + i_t .* g;
        h_t = o_t .* tanh(C_t);
    }
}

cell! {
    /// LSTM with a projection (Sak, Senior and Beaufays 2014, arXiv 1402.1128).
    pub struct ProjectedLstm {
        b^(f) ~ 1;
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
        i   = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
        g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
        o   = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
        C_t = f .* C_{t-1} + i .* g;
        h_t = (o .* tanh(C_t)) * W_p;
    }
}

cell! {
    /// Layer-normalised LSTM (Ba, Kiros and Hinton 2016, arXiv 1607.06450), as Haste computes it.
    pub struct LayerNormLstm {
        b^(f) ~ 1;
        α^(f): [H] ~ 1; α^(i): [H] ~ 1; α^(g): [H] ~ 1; α^(o): [H] ~ 1;
        β^(f): [H] ~ 1; β^(i): [H] ~ 1; β^(g): [H] ~ 1; β^(o): [H] ~ 1;
        γ: [H] ~ 1; δ: [H] ~ 0;
        f   = sigmoid(layer_norm(x_t * W^(f), α^(f)) + layer_norm(h_{t-1} * U^(f), β^(f)) + b^(f));
        i   = sigmoid(layer_norm(x_t * W^(i), α^(i)) + layer_norm(h_{t-1} * U^(i), β^(i)) + b^(i));
        g   = tanh(layer_norm(x_t * W^(g), α^(g)) + layer_norm(h_{t-1} * U^(g), β^(g)) + b^(g));
        o   = sigmoid(layer_norm(x_t * W^(o), α^(o)) + layer_norm(h_{t-1} * U^(o), β^(o)) + b^(o));
        C_t = f .* C_{t-1} + i .* g;
        h_t = o .* tanh(layer_norm(C_t, γ, δ));
    }
}

cell! {
    /// Multiplicative LSTM (Krause et al. 2016, arXiv 1609.07959).
    pub struct MultiplicativeLstm {
        m   = (x_t * W^(m)) .* (h_{t-1} * U^(m));
        f   = sigmoid(x_t * W^(f) + m * V^(f) + b^(f));
        i   = sigmoid(x_t * W^(i) + m * V^(i) + b^(i));
        g   = tanh(x_t * W^(g) + m * V^(g) + b^(g));
        o   = sigmoid(x_t * W^(o) + m * V^(o) + b^(o));
        C_t = f .* C_{t-1} + i .* g;
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// Residual LSTM (Kim, El-Khamy and Lee 2017, arXiv 1701.03360).
    pub struct ResidualLstm {
        f   = sigmoid(x_t * W^(f) + h_{t-1} * U^(f) + p^(f) .* C_{t-1} + b^(f));
        i   = sigmoid(x_t * W^(i) + h_{t-1} * U^(i) + p^(i) .* C_{t-1} + b^(i));
        g   = tanh(x_t * W^(g) + h_{t-1} * U^(g) + b^(g));
        C_t = f .* C_{t-1} + i .* g;
        o   = sigmoid(x_t * W^(o) + h_{t-1} * U^(o) + p^(o) .* C_t + b^(o));
        h_t = o .* (tanh(C_t) * W_p + x_t * W_r);
    }
}

cell! {
    /// LSTM with a diagonal recurrence (Gonnet and Deselaers 2019, arXiv 1903.08023).
    pub struct IndyLstm {
        b^(f) ~ 1;
        f   = sigmoid(x_t * W^(f) + u^(f) .* h_{t-1} + b^(f));
        i   = sigmoid(x_t * W^(i) + u^(i) .* h_{t-1} + b^(i));
        g   = tanh(x_t * W^(g) + u^(g) .* h_{t-1} + b^(g));
        o   = sigmoid(x_t * W^(o) + u^(o) .* h_{t-1} + b^(o));
        C_t = f .* C_{t-1} + i .* g;
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// Diagonal, coupled, with peepholes (ParaRNN, 2025, arXiv 2510.21450).
    pub struct ParaLstm {
        f   = sigmoid(x_t * W^(f) + u^(f) .* h_{t-1} + p^(f) .* C_{t-1} + b^(f));
        g   = tanh(x_t * W^(g) + u^(g) .* h_{t-1} + b^(g));
        C_t = f .* C_{t-1} + (1 - f) .* g;
        o   = sigmoid(x_t * W^(o) + u^(o) .* h_{t-1} + p^(o) .* C_t + b^(o));
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// LSTM with element-wise recurrence for exact online learning (Irie, Gopalakrishnan and
    /// Schmidhuber 2023, arXiv 2305.19044).
    pub struct ElementwiseLstm {
        f   = sigmoid(x_t * W^(f) + w^(f) .* c_{t-1} + b^(f));
        z   = tanh(x_t * W^(z) + w^(z) .* c_{t-1} + b^(z));
        c_t = f .* c_{t-1} + (1 - f) .* z;
        o   = sigmoid(x_t * W^(o) + c_t * V + b^(o));
        h_t = o .* c_t;
    }
}

cell! {
    /// Cell found by architecture search (Zoph and Le 2017, arXiv 1611.01578). torchrecurrent
    /// adds in the fourth node, where the paper multiplies.
    pub struct Nas {
        p_1 = sigmoid(x_t * W_1 + h_{t-1} * U_1);
        p_2 = relu(x_t * W_2 + h_{t-1} * U_2);
        p_3 = sigmoid(x_t * W_3 + h_{t-1} * U_3);
        p_4 = relu((x_t * W_4) .* (h_{t-1} * U_4));
        p_5 = tanh(x_t * W_5 + h_{t-1} * U_5);
        p_6 = sigmoid(x_t * W_6 + h_{t-1} * U_6);
        p_7 = tanh(x_t * W_7 + h_{t-1} * U_7);
        p_8 = sigmoid(x_t * W_8 + h_{t-1} * U_8);
        l_1 = tanh(p_1 .* p_2);
        l_2 = tanh(p_3 + p_4);
        l_3 = tanh(p_5 .* p_6);
        l_4 = sigmoid(p_7 + p_8);
        l_5 = tanh(l_1 + c_{t-1});
        c_t = l_5 .* l_2;
        l_6 = tanh(l_3 + l_4);
        h_t = tanh(c_t .* l_6);
    }
}

cell! {
    /// Working memory connections (Landi et al. 2021, arXiv 2109.00020).
    pub struct WorkingMemoryLstm {
        f   = sigmoid(x_t * W^(f) + h_{t-1} * U^(f) + tanh(C_{t-1} * V^(f)) + b^(f));
        i   = sigmoid(x_t * W^(i) + h_{t-1} * U^(i) + tanh(C_{t-1} * V^(i)) + b^(i));
        g   = tanh(x_t * W^(g) + h_{t-1} * U^(g) + b^(g));
        C_t = f .* C_{t-1} + i .* g;
        o   = sigmoid(x_t * W^(o) + h_{t-1} * U^(o) + tanh(C_t * V^(o)) + b^(o));
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// Subtractive gates (Costa et al. 2017, arXiv 1711.02448).
    pub struct SubLstm {
        z   = sigmoid(x_t * W^(z) + h_{t-1} * U^(z) + b^(z));
        i   = sigmoid(x_t * W^(i) + h_{t-1} * U^(i) + b^(i));
        f   = sigmoid(x_t * W^(f) + h_{t-1} * U^(f) + b^(f));
        o   = sigmoid(x_t * W^(o) + h_{t-1} * U^(o) + b^(o));
        C_t = f .* C_{t-1} + z - i;
        h_t = sigmoid(C_t) - o;
    }
}

cell! {
    /// Time-aware LSTM: the memory's short-term part decays with the elapsed time (Baytas et al.
    /// 2017).
    pub struct TimeAwareLstm(x_t, d_t) -> h_t {
        d_t: [1];
        s   = tanh(C_{t-1} * W_d + b_d);
        p   = (C_{t-1} - s) + s * (1 / log(2.718281828459045 + sum(d_t)));
        f   = sigmoid(x_t * W^(f) + h_{t-1} * U^(f) + b^(f));
        i   = sigmoid(x_t * W^(i) + h_{t-1} * U^(i) + b^(i));
        g   = tanh(x_t * W^(g) + h_{t-1} * U^(g) + b^(g));
        o   = sigmoid(x_t * W^(o) + h_{t-1} * U^(o) + b^(o));
        C_t = f .* p + i .* g;
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// LSTM with zoneout of state and memory (Krueger et al. 2016, arXiv 1606.01305).
    pub struct ZoneoutLstm {
        p: hyper = 0.1;
        q: hyper = 0.05;
        f   = sigmoid(x_t * W^(f) + h_{t-1} * U^(f) + b^(f));
        i   = sigmoid(x_t * W^(i) + h_{t-1} * U^(i) + b^(i));
        g   = tanh(x_t * W^(g) + h_{t-1} * U^(g) + b^(g));
        o   = sigmoid(x_t * W^(o) + h_{t-1} * U^(o) + b^(o));
        C_t = zoneout(p, f .* C_{t-1} + i .* g, C_{t-1});
        h_t = zoneout(q, o .* tanh(f .* C_{t-1} + i .* g), h_{t-1});
    }
}

cell! {
    /// Recurrent dropout without memory loss (Semeniuta, Severyn and Barth 2016, arXiv
    /// 1603.05118).
    pub struct RecurrentDropoutLstm {
        p: hyper = 0.25;
        f   = sigmoid(x_t * W^(f) + h_{t-1} * U^(f) + b^(f));
        i   = sigmoid(x_t * W^(i) + h_{t-1} * U^(i) + b^(i));
        g   = tanh(x_t * W^(g) + h_{t-1} * U^(g) + b^(g));
        o   = sigmoid(x_t * W^(o) + h_{t-1} * U^(o) + b^(o));
        C_t = f .* C_{t-1} + i .* dropout(p, g);
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// Scalar memory with exponential gates, kept in range by a running maximum (Beck et al.
    /// 2024, arXiv 2405.04517); one head.
    pub struct SLstm {
        ĩ   = x_t * W^(i) + h_{t-1} * R^(i) + b^(i);
        f̃   = x_t * W^(f) + h_{t-1} * R^(f) + b^(f);
        z   = tanh(x_t * W^(z) + h_{t-1} * R^(z) + b^(z));
        o   = sigmoid(x_t * W^(o) + h_{t-1} * R^(o) + b^(o));
        l   = log_sigmoid(f̃);
        m_t = max(l + m_{t-1}, ĩ);
        f   = exp(l + m_{t-1} - m_t);
        i   = exp(ĩ - m_t);
        c_t = f .* c_{t-1} + i .* z;
        n_t = f .* n_{t-1} + i;
        h_t = o .* (c_t / n_t);
    }
}

cell! {
    /// Memory controller: gates read a state `v` with a gate of its own, never the output (Intel,
    /// workshop of NIPS 2017), as torchrecurrent and RecurrentLayers.jl compute it.
    pub struct MemoryControllerLstm(x_t) -> h_t {
        f   = sigmoid(x_t * W^(f) + v_{t-1} * U^(f) + b^(f));
        i   = sigmoid(x_t * W^(i) + v_{t-1} * U^(i) + b^(i));
        o   = sigmoid(x_t * W^(o) + v_{t-1} * U^(o) + b^(o));
        m   = sigmoid(x_t * W^(m) + v_{t-1} * U^(m) + b^(m));
        n   = tanh(x_t * W^(n) + v_{t-1} * U^(n) + b^(n));
        C_t = f .* C_{t-1} + i .* n;
        v_t = m .* tanh(C_t);
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// LSTM whose units are ordered: two master gates, cumulative sums of a softmax, erase and
    /// write ranges of them; four units share a place in the order (Shen et al. 2019, arXiv
    /// 1810.09536).
    pub struct OnLstm {
        h_t: [4 * N];
        p   = cumax(x_t * W^(p) + h_{t-1} * U^(p) + b^(p));
        q   = cumax(x_t * W^(q) + h_{t-1} * U^(q) + b^(q));
        f̃   = [p, p, p, p];
        ĩ   = 1 - [q, q, q, q];
        ω   = f̃ .* ĩ;
        f   = sigmoid(x_t * W^(f) + h_{t-1} * U^(f) + b^(f));
        i   = sigmoid(x_t * W^(i) + h_{t-1} * U^(i) + b^(i));
        g   = tanh(x_t * W^(g) + h_{t-1} * U^(g) + b^(g));
        o   = sigmoid(x_t * W^(o) + h_{t-1} * U^(o) + b^(o));
        C_t = (f .* ω + (f̃ - ω)) .* C_{t-1} + (i .* ω + (ĩ - ω)) .* g;
        h_t = o .* tanh(C_t);
    }
}
