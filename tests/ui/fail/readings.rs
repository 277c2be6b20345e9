//! What a text leaves to its reader.

use gate_runtime::{cell, cell_from_docs};

cell! {
    pub struct Attention -> o_t {
        k_t = x_t * W_k;
        v_t = x_t * W_v;
        S_t = 0.9 * S_{t-1} + k_t^T * v_t;
        o_t = (x_t * W_q) * S_t;
    }
}

/// $$ S_n = \gamma S_{n-1} + K_n^\top V_n, \qquad O_n = Q_n S_n $$
#[cell_from_docs]
pub struct Retention;

cell! {
    pub struct Scaled {
        k_t = x_t * W / sqrt(d);
        h_t = k_t .* h_{t-1};
    }
}

/// $$ k_t = \frac{1}{\sqrt{d}} W x_t, \qquad h_t = k_t \odot h_{t-1} $$
#[cell_from_docs]
pub struct Keys;

/// $$ z_n = z_{n-1} + \sigma(\mathbf{W} z_{n-1} + \mathcal{W} y_n) - \epsilon z_{\bar n} $$
#[cell_from_docs]
pub struct Oscillators;

fn main() {}
