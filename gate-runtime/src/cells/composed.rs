//! Variants of other cells, and cells made of cells.

use super::{Lstm, PeepholeLstm};
use crate::cell;

cell! {
    /// LSTM with peepholes and no input gate (Greff et al. 2015, arXiv 1503.04069).
    pub struct NoInputGateLstm = PeepholeLstm with { C_t = f .* C_{t-1} + g; }
}

cell! {
    /// LSTM with peepholes and no forget gate (Greff et al. 2015, arXiv 1503.04069).
    pub struct NoForgetGateLstm = PeepholeLstm with { C_t = C_{t-1} + i .* g; }
}

cell! {
    /// LSTM with peepholes and no activation of the input (Greff et al. 2015, arXiv 1503.04069).
    pub struct NoInputActivationLstm = PeepholeLstm with {
        g   = x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g);
    }
}

cell! {
    /// LSTM with peepholes and no activation of the output (Greff et al. 2015, arXiv
    /// 1503.04069).
    pub struct NoOutputActivationLstm = PeepholeLstm with { h_t = o .* C_t; }
}

cell! {
    /// LSTM whose memory is an LSTM (Moniz and Krueger 2018, arXiv 1801.10308).
    pub struct NestedLstm = Lstm with {
        inner: Lstm;
        C_t = inner(i .* g, h_{t-1} = f .* C_{t-1});
    }
}

cell! {
    /// LSTM that reads its state of four steps ago (Chang et al. 2017, arXiv 1710.02224).
    pub struct DilatedLstm {
        inner: Lstm;
        h_t = inner(x_t, h_{t-1} = h_{t-4}, C_{t-1} = C_{t-4}^(inner));
    }
}

cell! {
    /// Two fast cells hand one state on, a slow one between them sees every second update
    /// (Mujika, Meier and Steger 2017, arXiv 1705.08639).
    pub struct FastSlowLstm {
        first: Lstm;
        second: Lstm;
        slow: Lstm;
        p   = first(x_t, h_{t-1} = h_{t-1}, C_{t-1} = C_{t-1}^(second));
        h_t = second(slow(p), h_{t-1} = p, C_{t-1} = C_t^(first));
    }
}

cell! {
    /// Input and state gate each other before the LSTM, in four rounds (Melis, Kočiský and
    /// Blunsom 2020, arXiv 1909.01792).
    pub struct MogrifierLstm {
        inner: Lstm;
        x_1 = 2 * (sigmoid(h_{t-1} * Q_1) .* x_t);
        h_1 = 2 * (sigmoid(x_1 * R_1) .* h_{t-1});
        x_2 = 2 * (sigmoid(h_1 * Q_2) .* x_1);
        h_2 = 2 * (sigmoid(x_2 * R_2) .* h_1);
        h_t = inner(x_2, h_{t-1} = h_2);
    }
}

cell! {
    /// LSTM that learns at which steps to update; the choice is rounded, its gradient is not
    /// (Campos et al. 2018, arXiv 1708.06834).
    pub struct SkipLstm -> h_t {
        inner: Lstm;
        p: scalar;
        p_0 ~ 1;
        u   = p_{t-1} + stop_gradient(where(p_{t-1} >= 0.5, 1, 0) - p_{t-1});
        n   = inner(x_t, h_{t-1} = h_{t-1}, C_{t-1} = C_{t-1});
        C_t = u * C_t^(inner) + (1 - u) * C_{t-1};
        h_t = u * n + (1 - u) * h_{t-1};
        d   = sigmoid(dot(w, C_t) + β);
        p_t = u * d + (1 - u) * (p_{t-1} + min(d, 1 - p_{t-1}));
    }
}

cell! {
    /// A small LSTM scales the rows of a large one's matrices at every step (Ha, Dai and Le
    /// 2017, arXiv 1609.09106).
    pub struct HyperLstm {
        small: Lstm;
        e   = small([h_{t-1}, x_t]);
        for k in 1..=4 {
            Z_k: [E, N]; D_k: [N, H]; Y_k: [E, N]; E_k: [N, H]; V_k: [E, N]; B_k: [N, H];
            g_k ~ 1;
            p_k = ((e * Z_k + z_k) * D_k) .* (h_{t-1} * U_k);
            q_k = ((e * Y_k + y_k) * E_k) .* (x_t * W_k);
            a_k = layer_norm(p_k + q_k + (e * V_k) * B_k + b_k, g_k, c_k);
        }
        C_t = sigmoid(a_1) .* C_{t-1} + sigmoid(a_2) .* tanh(a_3);
        g ~ 1;
        h_t = sigmoid(a_4) .* tanh(layer_norm(C_t, g, c));
    }
}

cell! {
    /// LSTM with one dropout mask a sequence on the input, and one on the state (Gal and
    /// Ghahramani 2016, arXiv 1512.05287).
    pub struct VariationalLstm(x_t) -> h_t {
        ρ: hyper = 0.25;
        inner: Lstm;
        n: scalar;
        n_t = n_{t-1} + 1;
        u_t = where(n_t < 1.5, dropout(ρ, 1 + 0 * x_t), u_{t-1});
        v_t = where(n_t < 1.5, dropout(ρ, 1 + 0 * h_{t-1}), v_{t-1});
        h_t = inner(u_t .* x_t, h_{t-1} = v_t .* h_{t-1});
    }
}
