//! Cells that are linear in their state: no product in the loop.

use crate::cell;

cell! {
    /// Strongly typed network (Balduzzi and Ghifary 2016, arXiv 1602.02218).
    pub struct TRnn {
        z   = x_t * W;
        f   = sigmoid(x_t * V + b);
        h_t = f .* h_{t-1} + (1 - f) .* z;
    }
}

cell! {
    /// Strongly typed GRU (Balduzzi and Ghifary 2016, arXiv 1602.02218).
    pub struct TGru {
        z   = x_t * W_z + x_{t-1} * V_z + b_z;
        f   = sigmoid(x_t * W_f + x_{t-1} * V_f + b_f);
        o   = tanh(x_t * W_o + x_{t-1} * V_o + b_o);
        h_t = f .* h_{t-1} + z .* o;
    }
}

cell! {
    /// Strongly typed LSTM (Balduzzi and Ghifary 2016, arXiv 1602.02218).
    pub struct TLstm {
        z   = x_t * W_z + x_{t-1} * V_z + b_z;
        f   = sigmoid(x_t * W_f + x_{t-1} * V_f + b_f);
        o   = tanh(x_t * W_o + x_{t-1} * V_o + b_o);
        c_t = f .* c_{t-1} + (1 - f) .* z;
        h_t = c_t .* o;
    }
}

cell! {
    /// Quasi-recurrent network, a window of two, fo-pooling (Bradbury et al. 2017, arXiv
    /// 1611.01576).
    pub struct Qrnn {
        z   = tanh(x_t * W_z + x_{t-1} * V_z);
        f   = sigmoid(x_t * W_f + x_{t-1} * V_f);
        o   = sigmoid(x_t * W_o + x_{t-1} * V_o);
        c_t = f .* c_{t-1} + (1 - f) .* z;
        h_t = o .* c_t;
    }
}

cell! {
    /// Simple recurrent unit (Lei et al. 2018, arXiv 1709.02755); the input is added without a
    /// matrix, hence it has the state's size.
    pub struct Sru {
        α: hyper = 1.0;
        f   = sigmoid(x_t * W_f + v_f .* c_{t-1} + b_f);
        r   = sigmoid(x_t * W_r + v_r .* c_{t-1} + b_r);
        c_t = f .* c_{t-1} + (1 - f) .* (x_t * W);
        h_t = r .* c_t + (1 - r) .* (α * x_t);
    }
}

cell! {
    /// Minimal GRU (Feng et al. 2024, arXiv 2410.01201). minGRU-pytorch has no biases, and keeps
    /// candidates positive as the paper's form in logarithms does.
    pub struct MinGru {
        z   = sigmoid(x_t * W^(z) + b^(z));
        h̃_t = x_t * W^(h) + b^(h);
        h_t = (1 - z) .* h_{t-1} + z .* h̃_t;
    }
}

cell! {
    /// Minimal LSTM (Feng et al. 2024, arXiv 2410.01201); minGRU-pytorch differs as for
    /// [`MinGru`].
    pub struct MinLstm {
        f   = sigmoid(x_t * W^(f) + b^(f));
        i   = sigmoid(x_t * W^(i) + b^(i));
        g   = f / (f + i);
        h_t = g .* h_{t-1} + (1 - g) .* (x_t * W^(h) + b^(h));
    }
}

cell! {
    /// Linear recurrent unit in real form: pairs of states turn and shrink (Orvieto et al. 2023,
    /// arXiv 2303.06349).
    pub struct Lru {
        ν: [H] ~ uniform(-3, 0);
        θ: [H] ~ uniform(-3, 0);
        γ: [H] ~ 0;
        d ~ 1;
        r   = exp(-exp(ν));
        p   = r .* cos(exp(θ));
        q   = r .* sin(exp(θ));
        a_t = p .* a_{t-1} - q .* b_{t-1} + exp(γ) .* (x_t * B_a);
        b_t = q .* a_{t-1} + p .* b_{t-1} + exp(γ) .* (x_t * B_b);
        y_t = a_t * C_a - b_t * C_b + d .* x_t;
    }
}

cell! {
    /// Real-gated linear unit (De et al. 2024, arXiv 2402.19427).
    pub struct RgLru {
        Λ: [H] ~ uniform(-2, 2);
        r   = sigmoid(x_t * W_r + b_r);
        i   = sigmoid(x_t * W_i + b_i);
        l   = -8 * (softplus(Λ) .* r);
        h_t = exp(l) .* h_{t-1} + sqrt(1 - exp(2 * l)) .* (i .* x_t);
    }
}

cell! {
    /// Hierarchically gated network, one layer with a trained lower bound (Qin, Yang and Zhong
    /// 2023, arXiv 2311.04823).
    pub struct Hgrn {
        γ: [H] ~ -1;
        l   = sigmoid(γ);
        f   = l + (1 - l) .* sigmoid(x_t * W_f + b_f);
        h_t = f .* h_{t-1} + (1 - f) .* silu(x_t * W_c + b_c);
    }
}

cell! {
    /// Weighted average over all steps so far, with weights kept in range by a running maximum
    /// (Ostmeyer and Cowell 2017, arXiv 1703.01253).
    pub struct Rwa {
        m_0 ~ -30;
        h_0 ~ trainable;
        u   = x_t * W_u + b_u;
        g   = x_t * W_g + h_{t-1} * U_g + b_g;
        a   = x_t * W_a + h_{t-1} * U_a;
        z   = u .* tanh(g);
        m_t = max(m_{t-1}, a);
        n_t = n_{t-1} .* exp(m_{t-1} - m_t) + z .* exp(a - m_t);
        d_t = d_{t-1} .* exp(m_{t-1} - m_t) + exp(a - m_t);
        h_t = tanh(n_t / d_t);
    }
}

cell! {
    /// Time mixing of RWKV-4, kept in range by a running maximum (Peng et al. 2023, arXiv
    /// 2305.13048).
    pub struct Rwkv {
        p_0 ~ -30;
        μ_r: [I] ~ 0.5; μ_k: [I] ~ 0.5; μ_v: [I] ~ 0.5;
        w: [H] ~ uniform(-5, 1);
        u: [H] ~ 0.3;
        r   = sigmoid((μ_r .* x_t + (1 - μ_r) .* x_{t-1}) * W_r);
        k   = (μ_k .* x_t + (1 - μ_k) .* x_{t-1}) * W_k;
        v   = (μ_v .* x_t + (1 - μ_v) .* x_{t-1}) * W_v;
        q   = max(p_{t-1}, u + k);
        e   = exp(p_{t-1} - q);
        f   = exp(u + k - q);
        c   = (e .* a_{t-1} + f .* v) / (e .* b_{t-1} + f);
        p_t = max(p_{t-1} - exp(w), k);
        a_t = exp(p_{t-1} - exp(w) - p_t) .* a_{t-1} + exp(k - p_t) .* v;
        b_t = exp(p_{t-1} - exp(w) - p_t) .* b_{t-1} + exp(k - p_t);
        y_t = (r .* c) * W_o;
    }
}
