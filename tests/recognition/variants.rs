//! Cells that vary known ones.

use gate_runtime::cell;

cell! {
    /// PyTorch's: two biases, column convention, other names.
    pub struct Torch {
        i = sigmoid(W_ii * x_t + b_ii + W_hi * h_{t-1} + b_hi);
        f = sigmoid(W_if * x_t + b_if + W_hf * h_{t-1} + b_hf);
        g = tanh(W_ig * x_t + b_ig + W_hg * h_{t-1} + b_hg);
        o = sigmoid(W_io * x_t + b_io + W_ho * h_{t-1} + b_ho);
        c_t = f .* c_{t-1} + i .* g;
        h_t = o .* tanh(c_t);
    }
}

cell! {
    /// One matrix over values side by side, another order.
    pub struct Joined(x_t) -> y_t {
        y_t = k .* tanh(s_t);
        s_t = s_{t-1} .* u + e .* v;
        k = sigmoid(A * [y_{t-1}, x_t] + a);
        v = tanh(B * [y_{t-1}, x_t] + b);
        e = sigmoid(C * [y_{t-1}, x_t] + c);
        u = sigmoid(D * [y_{t-1}, x_t] + d);
    }
}

cell! {
    pub struct TorchGru {
        r = sigmoid(W_ir * x_t + b_ir + W_hr * h_{t-1} + b_hr);
        z = sigmoid(W_iz * x_t + b_iz + W_hz * h_{t-1} + b_hz);
        n = tanh(W_in * x_t + b_in + r .* (W_hn * h_{t-1} + b_hn));
        h_t = n + z .* (h_{t-1} - n);
    }
}

cell! {
    /// The update gate renews.
    pub struct RenewingGru {
        r = sigmoid(W_ir * x_t + W_hr * h_{t-1} + b_r);
        z = sigmoid(W_iz * x_t + W_hz * h_{t-1} + b_z);
        n = tanh(W_in * x_t + b_in + r .* (W_hn * h_{t-1} + b_hn));
        h_t = (1 - z) .* h_{t-1} + z .* n;
    }
}

cell! {
    /// The update gate keeps.
    pub struct Keeps {
        r = sigmoid(x_t * A + h_{t-1} * B + a);
        z = sigmoid(x_t * C + h_{t-1} * D + b);
        n = tanh(x_t * E + (r .* h_{t-1}) * F + c);
        h_t = z .* h_{t-1} + (1 - z) .* n;
    }
}

cell! {
    pub struct BareLstm {
        f = sigmoid(x_t * A + h_{t-1} * B);
        i = sigmoid(x_t * C + h_{t-1} * D);
        g = tanh(x_t * E + h_{t-1} * F);
        o = sigmoid(x_t * G + h_{t-1} * J);
        c_t = f .* c_{t-1} + i .* g;
        h_t = o .* tanh(c_t);
    }
}

cell! {
    /// Peepholes and zoneout of the memory.
    pub struct Both {
        p: hyper = 0.1;
        f = sigmoid(x_t * A + h_{t-1} * B + p_f .* c_{t-1} + b_f);
        i = sigmoid(x_t * C + h_{t-1} * D + p_i .* c_{t-1} + b_i);
        g = tanh(x_t * E + h_{t-1} * F + b_g);
        c_t = zoneout(p, f .* c_{t-1} + i .* g, c_{t-1});
        o = sigmoid(x_t * G + h_{t-1} * J + p_o .* c_t + b_o);
        h_t = o .* tanh(c_t);
    }
}

cell! {
    pub struct NormedPeephole {
        f = sigmoid(layer_norm(x_t * A + h_{t-1} * B, g_f) + p_f .* c_{t-1} + b_f);
        i = sigmoid(layer_norm(x_t * C + h_{t-1} * D, g_i) + p_i .* c_{t-1} + b_i);
        g = tanh(layer_norm(x_t * E + h_{t-1} * F, g_g) + b_g);
        c_t = f .* c_{t-1} + i .* g;
        o = sigmoid(layer_norm(x_t * G + h_{t-1} * J, g_o) + p_o .* c_t + b_o);
        h_t = o .* tanh(c_t);
    }
}

cell! {
    /// Old Keras.
    pub struct Hard {
        i = clamp(0.2 * (x_t * A + h_{t-1} * B + a) + 0.5, 0, 1);
        f = clamp(0.2 * (x_t * C + h_{t-1} * D + b) + 0.5, 0, 1);
        c_t = f .* c_{t-1} + i .* tanh(x_t * E + h_{t-1} * F + k);
        o = clamp(0.2 * (x_t * G + h_{t-1} * J + d) + 0.5, 0, 1);
        h_t = o .* tanh(c_t);
    }
}

cell! {
    pub struct ReluGru {
        r = sigmoid(x_t * A + h_{t-1} * B + a);
        z = sigmoid(x_t * C + h_{t-1} * D + b);
        n = relu(x_t * E + (r .* h_{t-1}) * F + c);
        h_t = (1 - z) .* h_{t-1} + z .* n;
    }
}

cell! {
    pub struct Conditioned(x_t, u_t) -> h_t {
        r = sigmoid(x_t * A + u_t * P + h_{t-1} * B + a);
        z = sigmoid(x_t * C + u_t * Q + h_{t-1} * D + b);
        n = tanh(x_t * E + u_t * R + (r .* h_{t-1}) * F + c);
        h_t = (1 - z) .* h_{t-1} + z .* n;
    }
}

cell! {
    /// A readout, a projection and coupled gates.
    pub struct Wide {
        f = sigmoid(x_t * A + h_{t-1} * B + a);
        o = sigmoid(x_t * C + h_{t-1} * D + b);
        c_t = f .* c_{t-1} + (1 - f) .* tanh(x_t * E + h_{t-1} * F + k);
        h_t = (o .* tanh(c_t)) * P;
        y_t = h_t * V + v;
    }
}

cell! {
    /// JANET, with the memory written first, and so the first of two equal states.
    pub struct ShownMemory(x_t) -> c_t {
        β: hyper = 1.0;
        c_t = sigmoid(s) .* c_{t-1} + (1 - sigmoid(s - β)) .* n;
        h_t = c_t;
        s = x_t * C + h_{t-1} * D + b;
        n = tanh(x_t * A + h_{t-1} * B + a);
    }
}

cell! {
    pub struct ForgetOne {
        i = sigmoid(x_t * A + h_{t-1} * B + a);
        f = sigmoid(x_t * C + h_{t-1} * D + b + 1);
        c_t = f .* c_{t-1} + i .* tanh(x_t * E + h_{t-1} * F + k);
        o = sigmoid(x_t * G + h_{t-1} * J + d);
        h_t = o .* tanh(c_t);
    }
}

cell! {
    /// Memory and state are shown.
    pub struct Shown(x_t) -> (c_t, h_t) {
        i = sigmoid(x_t * A + h_{t-1} * B + a);
        f = sigmoid(x_t * C + h_{t-1} * D + b);
        c_t = f .* c_{t-1} + i .* tanh(x_t * E + h_{t-1} * F + k);
        o = sigmoid(x_t * G + h_{t-1} * J + d);
        h_t = o .* tanh(c_t);
    }
}

cell! {
    /// A gate and a readout are shown.
    pub struct Watched(x_t) -> (z, y_t, h_t) {
        r = sigmoid(x_t * A + h_{t-1} * B + a);
        z = sigmoid(x_t * C + h_{t-1} * D + b);
        n = tanh(x_t * E + (r .* h_{t-1}) * F + c);
        h_t = (1 - z) .* h_{t-1} + z .* n;
        y_t = h_t * V + v;
    }
}

cell! {
    /// Nobody's.
    pub struct New {
        k = sigmoid(x_t * A + h_{t-1} * B + a);
        h_t = k .* sin(h_{t-1} * C) + exp(-square(x_t * D)) .* m_{t-1};
        m_t = 0.5 * m_{t-1} + h_t .* k;
    }
}

cell! {
    /// MUT1, its input through the matrix of a gate.
    pub struct TiedInput {
        z   = sigmoid(x_t * W_z + b_z);
        r   = sigmoid(x_t * W_r + h_{t-1} * U_r + b_r);
        n   = tanh((r .* h_{t-1}) * U_h + tanh(x_t * W_z) + b_h);
        h_t = n .* z + h_{t-1} .* (1 - z);
    }
}

cell! {
    /// LSTM, and a memory that it has not.
    pub struct OtherMemory(x_t) -> (h_t, s_t) {
        i = sigmoid(x_t * A + h_{t-1} * B + a);
        f = sigmoid(x_t * C + h_{t-1} * D + b);
        c_t = f .* c_{t-1} + i .* tanh(x_t * E + h_{t-1} * F + k);
        o = sigmoid(x_t * G + h_{t-1} * J + d);
        h_t = o .* tanh(c_t);
        s_t = 0.5 * s_{t-1} + h_t;
    }
}

cell! {
    /// Multiplicative LSTM, in whose product a parameter is added to no factor.
    pub struct HalfBias {
        m   = (x_t * W^(m)) .* (h_{t-1} * U^(m)) + a .* (x_t * P);
        f   = sigmoid(x_t * W^(f) + m * V^(f) + b^(f));
        i   = sigmoid(x_t * W^(i) + m * V^(i) + b^(i));
        g   = tanh(x_t * W^(g) + m * V^(g) + b^(g));
        o   = sigmoid(x_t * W^(o) + m * V^(o) + b^(o));
        C_t = f .* C_{t-1} + i .* g;
        h_t = o .* tanh(C_t);
    }
}

cell! {
    /// Antisymmetric network with a number where no hyper-parameter is.
    pub struct TwoFixed {
        h_t = h_{t-1} + 0.1 * tanh(2 * V * x_t + (M - M^T - 0.01 * I) * h_{t-1} + b);
    }
}
