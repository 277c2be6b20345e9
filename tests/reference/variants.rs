//! What libraries compute where they depart from the papers.

use gate_runtime::cell;

/// One head of retention, whose decay the paper fixes.
pub use gate_runtime::cells::RetNet as RetNetHead;

cell! {
    /// The liquid time constants of ncps: every synapse has a sigmoid of its own.
    pub struct LtcSynapses(x_t) -> h_t {
        x_t: [I];
        W_x: [I, H]; S_x: [I, H]; M_x: [I, H]; E_x: [I, H];
        W_h: [H, H]; S_h: [H, H]; M_h: [H, H]; E_h: [H, H];
        c: [H]; g: [H]; l: [H];
        i   = 1 + 0 * x_t;
        j   = 1 + 0 * h_{t-1};
        P   = W_x .* sigmoid(S_x .* (outer(x_t, j) - M_x));
        v_0 = h_{t-1};
        for k in 1..=6 {
            R_k = W_h .* sigmoid(S_h .* (outer(v_{k-1}, j) - M_h));
            n_k = 6 * c .* v_{k-1} + g .* l + j * (R_k .* E_h) + i * (P .* E_x);
            v_k = n_k / (6 * c + g + j * R_k + i * P + 0.00000001);
        }
        h_t = v_6;
    }
}

cell! {
    /// torchrecurrent's NAS cell adds where the paper's fourth node multiplies.
    pub struct NasSum {
        p_1 = sigmoid(x_t * W_1 + h_{t-1} * U_1);
        p_2 = relu(x_t * W_2 + h_{t-1} * U_2);
        p_3 = sigmoid(x_t * W_3 + h_{t-1} * U_3);
        p_4 = relu(x_t * W_4 + h_{t-1} * U_4);
        p_5 = tanh(x_t * W_5 + h_{t-1} * U_5);
        p_6 = sigmoid(x_t * W_6 + h_{t-1} * U_6);
        p_7 = tanh(x_t * W_7 + h_{t-1} * U_7);
        p_8 = sigmoid(x_t * W_8 + h_{t-1} * U_8);
        l_5 = tanh(tanh(p_1 .* p_2) + c_{t-1});
        c_t = l_5 .* tanh(p_3 + p_4);
        l_6 = tanh(tanh(p_5 .* p_6) + sigmoid(p_7 + p_8));
        h_t = tanh(c_t .* l_6);
    }
}

cell! {
    /// torchrecurrent's LEM reads the memory of the step before; the paper's second equation
    /// reads that of this step.
    pub struct LemDelayed {
        d   = sigmoid(x_t * V_1 + h_{t-1} * W_1 + b_1);
        e   = sigmoid(x_t * V_2 + h_{t-1} * W_2 + b_2);
        z_t = (1 - d) .* z_{t-1} + d .* tanh(x_t * V_z + h_{t-1} * W_z + b_z);
        h_t = (1 - e) .* h_{t-1} + e .* tanh(x_t * V_h + z_{t-1} * W_h + b_h);
    }
}

cell! {
    /// torchrecurrent's SCRN feeds back the output, through tanh; the paper's feeds back the
    /// hidden layer.
    pub struct ScrnOutput {
        s_t = 0.05 * (x_t * B) + 0.95 * s_{t-1};
        h   = sigmoid(s_t * P + x_t * A + y_{t-1} * R);
        y_t = tanh(h * U + s_t * V);
    }
}

cell! {
    /// Flax's MGU resets after the product, and keeps with the gate where the paper renews.
    pub struct MguResetAfter {
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
        n   = tanh(x_t * W_x + b + f .* (h_{t-1} * W_h + c));
        h_t = (1 - f) .* n + f .* h_{t-1};
    }
}

cell! {
    /// minGRU-pytorch has no biases, and keeps candidates positive, as the paper does for its
    /// form in logarithms.
    pub struct MinGruPositive {
        a   = x_t * W_h;
        z   = sigmoid(x_t * W_z);
        h_t = (1 - z) .* h_{t-1} + z .* where(a >= 0, a + 0.5, sigmoid(a));
    }
}

cell! {
    /// minGRU-pytorch's minLSTM, in the same way.
    pub struct MinLstmPositive {
        a   = x_t * W_h;
        f   = sigmoid(x_t * W_f);
        i   = sigmoid(x_t * W_i);
        g   = f / (f + i);
        h_t = g .* h_{t-1} + (1 - g) .* where(a >= 0, a + 0.5, sigmoid(a));
    }
}
