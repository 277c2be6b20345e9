//! Cells without gates, or with a light one.

use crate::cell;

cell! {
    /// Simple recurrent network (Elman 1990).
    pub struct Rnn {
        h_t = tanh(x_t * W_x + h_{t-1} * W_h + b);
    }
}

cell! {
    /// Jordan network: the output feeds back (Jordan 1986).
    pub struct Jordan {
        h   = tanh(x_t * W_x + y_{t-1} * W_y + b);
        y_t = sigmoid(h * V + c);
    }
}

cell! {
    /// Rectified units that start at the identity (Le, Jaitly and Hinton 2015, arXiv 1504.00941).
    pub struct Irnn {
        W_h ~ identity;
        h_t = relu(x_t * W_x + h_{t-1} * W_h + b);
    }
}

cell! {
    /// Layer-normalised simple network (Ba, Kiros and Hinton 2016, arXiv 1607.06450).
    pub struct LayerNormRnn {
        g ~ 1;
        h_t = tanh(layer_norm(x_t * W_x + h_{t-1} * W_h, g, b));
    }
}

cell! {
    /// Independently recurrent network (Li et al. 2018, arXiv 1803.04831).
    pub struct IndRnn {
        u ~ uniform(-1, 1);
        h_t = relu(x_t * W + u .* h_{t-1} + b);
    }
}

cell! {
    /// IndRNN with layer normalisation of the input, as Haste computes it.
    pub struct LayerNormIndRnn {
        u ~ uniform(-1, 1);
        g ~ 1;
        h_t = tanh(layer_norm(x_t * W, g, b) + u .* h_{t-1});
    }
}

cell! {
    /// Multiplicative integration (Wu et al. 2016, arXiv 1606.06630).
    pub struct MultiplicativeIntegration {
        a ~ 1;
        c ~ 0.5;
        d ~ 0.5;
        p   = x_t * W;
        q   = h_{t-1} * U;
        h_t = tanh(a .* p .* q + c .* q + d .* p + b);
    }
}

cell! {
    /// Multiplicative network (Sutskever, Martens and Hinton 2011).
    pub struct MultiplicativeRnn {
        m   = (x_t * W_m) .* (h_{t-1} * U_m);
        h_t = tanh(x_t * W + m * V + b);
    }
}

cell! {
    /// Antisymmetric network (Chang et al. 2019, arXiv 1902.09689).
    pub struct AntisymmetricRnn {
        γ: hyper = 0.01;
        ε: hyper = 0.1;
        M ~ normal(0, 0.1);
        h_t = h_{t-1} + ε * tanh(V * x_t + (M - M^T - γ * I) * h_{t-1} + b);
    }
}

cell! {
    /// Antisymmetric network with a gate (Chang et al. 2019, arXiv 1902.09689).
    pub struct GatedAntisymmetricRnn {
        γ: hyper = 0.01;
        ε: hyper = 0.1;
        M ~ normal(0, 0.1);
        A   = M - M^T - γ * I;
        z   = sigmoid(V_z * x_t + A * h_{t-1} + b_z);
        h_t = h_{t-1} + ε * (z .* tanh(V_h * x_t + A * h_{t-1} + b_h));
    }
}

cell! {
    /// Lipschitz network (Erichson et al. 2021, arXiv 2006.12070).
    pub struct LipschitzRnn {
        β: hyper = 0.75;
        γ: hyper = 0.001;
        ε: hyper = 0.05;
        A   = (1 - β) * (M_A + M_A^T) + β * (M_A - M_A^T) - γ * I;
        B   = (1 - β) * (M_B + M_B^T) + β * (M_B - M_B^T) - γ * I;
        h_t = h_{t-1} + ε * (A * h_{t-1}) + ε * tanh(B * h_{t-1} + V * x_t + b);
    }
}

cell! {
    /// FastRNN: a residual with two trained weights (Kusupati et al. 2018, arXiv 1901.02358).
    pub struct FastRnn {
        α: scalar ~ -3;
        β: scalar ~ 3;
        h̃   = tanh(x_t * W + h_{t-1} * U + b);
        h_t = sigmoid(α) * h̃ + sigmoid(β) * h_{t-1};
    }
}

cell! {
    /// Structurally constrained network (Mikolov et al. 2015, arXiv 1412.7753). The paper carries
    /// `h` and `s`; libraries carry `y`.
    pub struct Scrn {
        α: hyper = 0.95;
        s_t = (1 - α) * (x_t * B) + α * s_{t-1};
        h_t = sigmoid(s_t * P + x_t * A + h_{t-1} * R);
        y_t = h_t * U + s_t * V;
    }
}

cell! {
    /// Coupled oscillators (Rusch and Mishra 2021, arXiv 2010.00951).
    pub struct CoRnn {
        δ: hyper = 0.1;
        γ: hyper = 1.0;
        ε: hyper = 1.0;
        z_t = z_{t-1} + δ * (tanh(x_t * V + h_{t-1} * W + z_{t-1} * W_z + b) - γ * h_{t-1} - ε * z_{t-1});
        h_t = h_{t-1} + δ * z_t;
    }
}

cell! {
    /// Undamped independent oscillators (Rusch and Mishra 2021, arXiv 2103.05487).
    pub struct Unicornn {
        δ: hyper = 0.1;
        α: hyper = 1.0;
        w ~ uniform(0, 1);
        c ~ uniform(-0.1, 0.1);
        z_t = z_{t-1} - δ * (sigmoid(c) .* (tanh(w .* h_{t-1} + x_t * V + b) + α * h_{t-1}));
        h_t = h_{t-1} + δ * (sigmoid(c) .* z_t);
    }
}

cell! {
    /// Long expressive memory (Rusch et al. 2022, arXiv 2110.04744). torchrecurrent reads
    /// `z_{t-1}` where the paper's second equation reads `z_t`.
    pub struct Lem {
        δ: hyper = 1.0;
        d   = δ * sigmoid(x_t * V_1 + h_{t-1} * W_1 + b_1);
        e   = δ * sigmoid(x_t * V_2 + h_{t-1} * W_2 + b_2);
        z_t = (1 - d) .* z_{t-1} + d .* tanh(x_t * V_z + h_{t-1} * W_z + b_z);
        h_t = (1 - e) .* h_{t-1} + e .* tanh(x_t * V_h + z_t * W_h + b_h);
    }
}

cell! {
    /// Leaky echo state (Jaeger 2001); here its matrices are trained like any others.
    pub struct LeakyEcho {
        a: hyper = 0.3;
        h_t = (1 - a) * h_{t-1} + a * tanh(x_t * W + h_{t-1} * U + b);
    }
}

cell! {
    /// Recurrent highway of three layers a step (Zilly et al. 2017, arXiv 1607.03474).
    pub struct RecurrentHighway {
        s_1 = tanh(x_t * W_h + h_{t-1} * R_1 + b_1) .* sigmoid(x_t * W_g + h_{t-1} * T_1 + d_1)
            + h_{t-1} .* (1 - sigmoid(x_t * W_g + h_{t-1} * T_1 + d_1));
        for k in 2..=3 {
            g_k = sigmoid(s_{k-1} * T_k + d_k);
            s_k = tanh(s_{k-1} * R_k + b_k) .* g_k + s_{k-1} .* (1 - g_k);
        }
        h_t = s_3;
    }
}

cell! {
    /// Piecewise linear network with a diagonal memory; the other matrix has no diagonal
    /// (Schmidt et al. 2021, doi 10.1371/journal.pcbi.1007263).
    pub struct Plrnn {
        a ~ 0.9;
        h_t = a .* h_{t-1} + relu(h_{t-1}) * (W - W .* I) + x_t * C + b;
    }
}

cell! {
    /// Shuffling network: units hand their values on in a ring, all weights are the input's
    /// (Rotman and Wolf 2021, arXiv 2007.07324). torchrecurrent's ring turns the other way. The size
    /// `N` is the number of units less one.
    pub struct ShufflingRnn {
        x_t: [I];
        u: [D];
        h_t: [N + 1];
        u   = relu(x_t * W_u + b_u);
        d   = (u * W_d + b_d) .* sigmoid(x_t * W_g + b_g);
        h_t = relu([h_{t-1}[1..], h_{t-1}[0..1]] + d);
    }
}

cell! {
    /// Statistical unit: averages of one statistic over five horizons, the shortest of which is
    /// the step itself (Oliva, Póczos and Schneider 2017, arXiv 1703.00381).
    pub struct StatisticalRnn {
        r   = relu(a_{t-1} * R_a + m_{t-1} * R_m + n_{t-1} * R_n + p_{t-1} * R_p + q_{t-1} * R_q + b_r);
        a_t = relu(r * U + x_t * V + b_a);
        m_t = 0.5 * m_{t-1} + 0.5 * a_t;
        n_t = 0.9 * n_{t-1} + 0.1 * a_t;
        p_t = 0.99 * p_{t-1} + 0.01 * a_t;
        q_t = 0.999 * q_{t-1} + 0.001 * a_t;
        y_t = relu(a_t * O_a + m_t * O_m + n_t * O_n + p_t * O_p + q_t * O_q + b_y);
    }
}
