//! Cells that stretch the language: each uses something that the others do not.

use gate_runtime::cell;

cell! {
    /// A projection: the output is narrower than the memory (LSTMP, Sak et al. 2014).
    #[fixed(FixedProjected, x = 3, h = 4, c = 5)]
    pub struct Projected {
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + b^(f));
        i   = sigmoid(x_t * W_x^(i) + h_{t-1} * W_h^(i) + b^(i));
        g   = tanh(x_t * W_x^(g) + h_{t-1} * W_h^(g) + b^(g));
        o   = sigmoid(x_t * W_x^(o) + h_{t-1} * W_h^(o) + b^(o));
        C_t = f .* C_{t-1} + i .* g;
        h_t = (o .* tanh(C_t)) * W_p;
    }
}

cell! {
    /// The column convention, one matrix over values side by side.
    #[fixed(FixedColumn, x = 3, h = 17)]
    pub struct Column {
        z   = sigmoid(W_z * [h_{t-1}, x_t] + b_z);
        n   = tanh(W_n * [z .* h_{t-1}, x_t] + b_n);
        h_t = (1 - z) .* h_{t-1} + z .* n;
    }
}

cell! {
    /// Delays of a state and of an input.
    #[fixed(FixedDelayed, x = 2, h = 5)]
    pub struct Delayed {
        u   = tanh(x_t * W + x_{t-2} * V + b);
        h_t = 0.5 * u .* h_{t-1} + tanh(h_{t-3} * U + u);
    }
}

cell! {
    /// Two inputs, two outputs, one of which is no state; declared order of both.
    #[fixed(FixedTwoByTwo, u = 2, x = 3, y = 4, h = 5)]
    pub struct TwoByTwo(u_t, x_t) -> (y_t, h_t) {
        h_t = tanh(x_t * W_x + u_t * W_u + h_{t-1} * W_h + b);
        y_t = softplus(h_t * V + c) .* exp(-square(h_t * V));
    }
}

cell! {
    /// A diagonal recurrence (IndRNN) with a declared vector and an unusual activation.
    #[fixed(FixedDiagonal, x = 1, h = 16)]
    pub struct Diagonal {
        u: [H] ~ uniform(-0.9, 0.9);
        h_t = gelu(x_t * W + u .* h_{t-1} + b) - elu(0.3 * h_{t-1});
    }
}

cell! {
    /// A matrix expression of parameters, a trained scalar, a hyper-parameter.
    #[fixed(FixedAntisymmetric, x = 3, h = 6)]
    pub struct Antisymmetric {
        γ: scalar ~ 0.1;
        ε: hyper = 0.3;
        h_t = h_{t-1} + ε * tanh(V * x_t + (W - W^T - γ * I) * h_{t-1} + b);
    }
}

cell! {
    /// Trained scalars through activations (FastRNN), trained and constant initial states.
    #[fixed(FixedFast, x = 1, y = 33)]
    pub struct Fast {
        α: scalar ~ -1;
        β: scalar ~ 1.5;
        h_0 ~ trainable;
        m_0 ~ 0.25;
        n   = tanh(x_t * W + h_{t-1} * U + b);
        h_t = sigmoid(α) * n + sigmoid(β) * h_{t-1};
        m_t = 0.9 * m_{t-1} + 0.1 * square(h_t);
        y_t = h_t / sqrt(square(m_t) + 0.01);
    }
}

cell! {
    /// Functions of the user's own, constants, nothing recurrent but a leak.
    #[fixed(FixedLeaky, x = 4, h = 3)]
    pub struct Leaky {
        τ = 2.5;
        λ = 1 - 1 / τ;
        swish(v, k) = v .* sigmoid(k * v);
        a   = swish(x_t * W + b, 1.702);
        h_t = λ * h_{t-1} + (1 - λ) * a;
    }
}

cell! {
    /// Reductions, softmax and normalisation; a size as a number.
    #[fixed(FixedNormed, x = 3, h = 7)]
    pub struct Normed {
        h_t: [H];
        p   = layer_norm(x_t * W + h_{t-1} * U, g, b);
        q   = softmax(h_{t-1} * V / sqrt(H));
        s   = dot(q, p) + mean(p) - 0.1 * norm(h_{t-1} + 1) + 0.05 * max(p);
        h_t = tanh(rms_norm(p, r) + s * q) + 0.1 * sum(q .* q);
    }
}

cell! {
    /// Cumulative sums: along a state's softmax, of parameters, one of another.
    #[fixed(FixedCumulative, x = 3, h = 7)]
    pub struct Cumulative {
        f   = cumax(x_t * W^(f) + h_{t-1} * U^(f) + b^(f));
        i   = 1 - cumax(x_t * W^(i) + h_{t-1} * U^(i) + b^(i));
        s   = tanh(cumsum(cumsum(h_{t-1}) .* v) + cumsum(u));
        h_t = f .* h_{t-1} + 0.5 * (i .* s);
    }
}

cell! {
    /// A matrix-valued state: an associative memory with a delta rule.
    #[fixed(FixedMemory, x = 3, y = 4, s = 5)]
    #[fixed(FixedWideMemory, x = 2, y = 6, s = 19)]
    pub struct Memory {
        k   = x_t * W_k;
        v   = tanh(x_t * W_v);
        q   = x_t * W_q;
        β   = sigmoid(dot(w, x_t));
        S_t = S_{t-1} + β * outer(v - S_{t-1} * k, k);
        y_t = S_t * q;
    }
}

cell! {
    /// Exponential gates kept in range by a running maximum (sLSTM).
    #[fixed(FixedStabilised, x = 2, h = 9)]
    pub struct Stabilised {
        ĩ   = x_t * W_i + h_{t-1} * U_i + b_i;
        f̃   = x_t * W_f + h_{t-1} * U_f + b_f;
        z   = tanh(x_t * W_z + h_{t-1} * U_z + b_z);
        o   = sigmoid(x_t * W_o + h_{t-1} * U_o + b_o);
        l   = log_sigmoid(f̃);
        m_t = max(l + m_{t-1}, ĩ);
        f   = exp(l + m_{t-1} - m_t);
        i   = exp(ĩ - m_t);
        c_t = f .* c_{t-1} + i .* z;
        n_t = f .* n_{t-1} + i;
        h_t = o .* (c_t / max(n_t, 0.001));
    }
}

cell! {
    /// A product of two thin matrices, never multiplied out.
    #[fixed(FixedLowRank, x = 2, h = 6, r = 2)]
    pub struct LowRank {
        V_1: [H, R];
        V_2: [H, R];
        h_t = tanh(W * x_t + V_1 * V_2^T * h_{t-1} + b);
    }
}

cell! {
    /// Selections, powers, absolute values, sines.
    #[fixed(FixedPiecewise, x = 2, h = 18)]
    pub struct Piecewise {
        a   = x_t * W + h_{t-1} * U + b;
        c   = where(a > 0.1, sin(a), cos(h_{t-1}));
        d   = clamp(a, -0.5, 0.5) + min(abs(a), 0.7) .* sign(a) - relu(a) + leaky_relu(a);
        h_t = tanh(c + d .* (1 + a^2)) / (1 + abs(h_{t-1}))^1.5;
    }
}

cell! {
    /// Three products in a row at one step, and a gate of a gate.
    #[fixed(FixedDeep, x = 2, a = 4, h = 5)]
    pub struct Deep {
        a   = tanh(x_t * W_1 + h_{t-1} * U_1);
        b   = tanh(a * W_2 + b_2);
        c   = sigmoid(b * W_3 + h_{t-1} * U_3);
        h_t = c .* b + (1 - c) .* h_{t-1};
    }
}

cell! {
    /// Layers inside a step, counted at compile time (a recurrent highway).
    #[fixed(FixedHighway, x = 2, h = 6)]
    pub struct Highway {
        s_0 = h_{t-1} + x_t * W;
        for k in 1..=3 {
            p_k = sigmoid(s_{k-1} * T_k + b_k);
            s_k = p_k .* tanh(s_{k-1} * R_k) + (1 - p_k) .* s_{k-1};
        }
        h_t = s_3;
    }
}

cell! {
    /// No recurrence at all.
    #[fixed(FixedFeed, x = 3, y = 4)]
    pub struct Feed {
        y_t = tanh(x_t * W + b) .* selu(x_t * V);
    }
}

cell! {
    /// A recurrence without products that feeds a readout after the loop.
    #[fixed(FixedReadout, x = 3, y = 2, s = 4, v = 5)]
    pub struct Readout {
        a   = sigmoid(x_t * W_a + b_a);
        s_t = a .* s_{t-1} + (1 - a) .* (x_t * W_s);
        y_t = tanh(s_t * V + c) * V_2;
    }
}

cell! {
    /// What stops a gradient, and a state that is an input's copy.
    #[fixed(FixedStopped, x = 3, w = 4)]
    pub struct Stopped {
        e   = x_t - stop_gradient(h_{t-1});
        h_t = h_{t-1} + silu(e * W) * U;
        m_t = 0.5 * m_{t-1} + softsign(h_t) .* hard_sigmoid(m_{t-1}) + hard_tanh(h_{t-1});
    }
}

cell! {
    /// Trained matrices in expressions: a scaled sum and a product of matrices.
    #[fixed(FixedCombined, x = 2, h = 4, v = 3)]
    pub struct Combined {
        s: scalar ~ 0.7;
        A   = s * W + V * V^T;
        h_t = tanh(A * h_{t-1} + U * x_t);
    }
}

cell! {
    /// Gates as parts of one product, a part of an input, a part of a state.
    #[fixed(FixedChunked, k = 3, h = 5)]
    pub struct Chunked {
        x_t: [2K + 1];
        (f, i, g) = chunk(W * x_t + U * h_{t-1} + b, 3);
        (p, q)    = chunk(x_t[..2K]);
        h_t = sigmoid(f) .* h_{t-1} + sigmoid(i) .* tanh(g) + V * (p .* q) * sum(x_t[2K..]);
    }
}

cell! {
    /// Scalars beside vectors.
    pub struct Beside {
        s   = sigmoid(dot(w, x_t) + b);
        h_t = tanh(W * [1, x_t, s] + U * [h_{t-1}; s] + s * h_{t-1});
    }
}

cell! {
    /// Parts of different sizes, functions in a column, slices of a state and of a bias.
    pub struct Shared {
        d_t: [D];
        h_t: [H];
        b: [D + H];
        [a; e]     = [tanh; sigmoid] * (x_t * W + h_{t-1} * U + b);
        (d_t, m_t) = a * V + b;
        h_t = e .* h_{t-1} + m_t + A * h_{t-1}_{1:1} + B * [d_t, x_t]_{D+1:};
    }
}

cell! {
    /// States that are copies: of an input read late, of each other, of a parameter.
    pub struct Copies {
        h_t = x_t;
        m_t = h_{t-1};
        p_t = c;
        c ~ 0.5;
        y_t = h_{t-1} * W + h_{t-2} * V + x_{t-1} * U + m_{t-2} * R + p_{t-1} .* (m_{t-1} * S);
    }
}

cell! {
    /// States that are parts: of a product, of an input, of another state. Gradients that are: of
    /// states side by side.
    #[fixed(FixedParts, k = 2, q = 2)]
    pub struct Parts(x_t) -> (y_t, m_t) {
        x_t: [2K];
        h_t: [Q + 1];
        (f, h_t) = chunk(W * x_t + U * tanh(h_{t-1}) + b, 2);
        (p, m_t) = chunk(x_t, 2);
        (a, c_t) = chunk(tanh([h_{t-1}, c_{t-1}] .* v + [f, h_t]), 2);
        q_t = h_{t-1}[1..];
        y_t = a + V * (p .* m_{t-2}) + R * q_{t-1} + sum(q_t) * c_t;
    }
}

cell! {
    /// Names with labels in every place that may get something above it.
    pub struct Labelled {
        W^(1): [H, X];
        a^(1) = W^(1) * x_t;
        b^(1) = rms_norm(V^(2) * a^(1) + U^(1) * h_{t-1});
        c     = outer(a^(1), b^(1)) * b^(1) + (2 + tanh(b^(1)))^1.5 / (1 + square(b^(1)));
        h_t   = tanh(c + p^(3) .* (V^(2) - V^(2)^T) * b^(1));
    }
}

cell! {
    /// Names that Rust, or every cell, has a use for.
    pub struct Taken(in_t) -> (forward, new_t) {
        step ~ 0.3;
        type: hyper = 0.5;
        record = tanh(in_t * params + step);
        forward = record .* new_{t-1} + state;
        new_t = type * forward + (1 - type) * new_{t-1} * self;
    }
}

cell! {
    /// Diagonals: of values and of parameters, on either side, with others in one factor, alone.
    #[fixed(FixedDiagonals, x = 3, y = 4)]
    pub struct Diagonals {
        a   = sigmoid(x_t * W_a);
        k   = tanh(x_t * W_k);
        S_t = diag(a) * S_{t-1} * (diag(g) - outer(0.3 * k, k)) + outer(a, k);
        T_t = 0.5 * exp(0.1 * diag(a)) .* T_{t-1}^T + diag(k) + 0.2 * diag(c) * S_{t-1};
        y_t = S_t * diag(g) * k + T_t * a + U * diag(a) * k;
    }
}

cell! {
    /// Matrices with dropout, delays and a trained start; a state read two steps late alone.
    pub struct Matrices {
        p: hyper = 0.3;
        S_0 ~ trainable;
        k   = x_t * W_k;
        v   = tanh(x_t * W_v);
        G   = sigmoid(outer(v, k));
        S_t = G .* S_{t-1} + 0.3 * S_{t-2} + dropout(p, outer(v, k)) + 0.1 * A * S_{t-1};
        y_t = S_t * k + zoneout(0.2, v, y_{t-2});
    }
}

cell! {
    /// Scalars as states and outputs, a clock, sizes with factors, delays in a loop.
    pub struct Scalars(x_t, d_t) -> (h_t, s_t) {
        d_t: scalar;
        W: [X, 2H]; U: [2H, H];
        α ~ 0.3;
        s_0 ~ trainable;
        n_t = n_{t-1} + 1;
        s_t = tanh(dot(w, x_t) + α * s_{t-3} + 0.1 * n_t);
        a_0 = x_t * W * U;
        for k in 1..=3 { a_k = a_{k-1} + h_{t-k} .* sin(k * u_k + x_{t-k} * V_k); }
        h_t = tanh(a_3 + s_t * exp(-d_t) * u);
    }
}

cell! {
    /// What flows back to these states at a step is what the next step sends, and nothing else:
    /// a sum that the output reads two steps late, and a memory with a trained part.
    pub struct Late {
        c_t = 0.5 * c_{t-2} + x_t * W_c + b;
        k   = tanh(x_t * W_k);
        S_t = P + 0.5 * S_{t-1} + outer(u, w);
        y_t = S_t * k + tanh(c_{t-2}) * U;
    }
}

cell! {
    /// An output that all rows share: the rate of a leak.
    pub struct Common -> (h_t, k) {
        b: [H];
        k = sigmoid(b);
        h_t = (1 - k) .* h_{t-1} + k .* tanh(x_t * W);
    }
}
