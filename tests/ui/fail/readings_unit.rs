//! The equations of one unit, whose weights are a vector.

use gate_runtime::{cell, cell_from_docs};

/// $$
/// c_t = f_t c_{t-1} + i_t z_t, \quad n_t = f_t n_{t-1} + i_t, \quad h_t = c_t / n_t \\
/// z_t = \tanh(w_z^\top x_t + r_z h_{t-1} + b_z) \\
/// i_t = \exp(w_i^\top x_t + r_i h_{t-1} + b_i) \\
/// f_t = \sigma(w_f^\top x_t + r_f h_{t-1} + b_f)
/// $$
#[cell_from_docs(output = h_t)]
pub struct Slstm;

cell! {
    pub struct Unit {
        f_t = sigmoid(w^T * x_t + b);
        c_t = f_t * c_{t-1} + f_t;
    }
}

fn main() {}
