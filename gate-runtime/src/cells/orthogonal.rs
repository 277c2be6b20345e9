//! Cells that lose nothing: with an orthogonal recurrent matrix, or reversible.
//!
//! An orthogonal matrix is the exponential of an antisymmetric one: its series to the fifth term
//! on a sixteenth of the matrix, squared four times.

use crate::cell;

cell! {
    /// Orthogonal network (Lezcano-Casado and Martínez-Rubio 2019, arXiv 1901.08428).
    pub struct ExpRnn {
        M ~ normal(0, 0.5);
        A   = (M - M^T) / 16;
        O_0 = I + A * (I + A / 2 * (I + A / 3 * (I + A / 4 * (I + A / 5))));
        for k in 1..=4 { O_k = O_{k-1} * O_{k-1}; }
        a   = O_4 * h_{t-1} + W * x_t;
        h_t = sign(a) .* relu(abs(a) + b);
    }
}

cell! {
    /// Gated orthogonal unit (Jing et al. 2017, arXiv 1706.02761). The paper makes its orthogonal
    /// matrix of rotations.
    pub struct Goru {
        M ~ normal(0, 0.5);
        A   = (M - M^T) / 16;
        O_0 = I + A * (I + A / 2 * (I + A / 3 * (I + A / 4 * (I + A / 5))));
        for k in 1..=4 { O_k = O_{k-1} * O_{k-1}; }
        r   = sigmoid(W_r * x_t + U_r * h_{t-1} + b_r);
        z   = sigmoid(W_z * x_t + U_z * h_{t-1} + b_z);
        a   = W * x_t + r .* (O_4 * h_{t-1});
        h_t = z .* h_{t-1} + (1 - z) .* (sign(a) .* relu(abs(a) + b));
    }
}

cell! {
    /// Two coupled GRUs of which each reads the other's state, so that a step can be undone
    /// (MacKay et al. 2018, arXiv 1810.10999).
    pub struct RevGru(x_t) -> (h_t, k_t) {
        r^(1) = sigmoid(x_t * W_r^(1) + k_{t-1} * U_r^(1) + b_r^(1));
        z^(1) = sigmoid(x_t * W_z^(1) + k_{t-1} * U_z^(1) + b_z^(1));
        g^(1) = tanh(x_t * W^(1) + (r^(1) .* k_{t-1}) * U^(1) + b^(1));
        h_t   = z^(1) .* h_{t-1} + (1 - z^(1)) .* g^(1);
        r^(2) = sigmoid(x_t * W_r^(2) + h_t * U_r^(2) + b_r^(2));
        z^(2) = sigmoid(x_t * W_z^(2) + h_t * U_z^(2) + b_z^(2));
        g^(2) = tanh(x_t * W^(2) + (r^(2) .* h_t) * U^(2) + b^(2));
        k_t   = z^(2) .* k_{t-1} + (1 - z^(2)) .* g^(2);
    }
}
