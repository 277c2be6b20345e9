//! The step function of spiking neurons, which a capital letter would make a matrix.

use gate_runtime::{cell, cell_from_docs};

/// $$ u_t = \beta u_{t-1} + W x_t, \qquad s_t = \Theta(u_t - \vartheta) $$
#[cell_from_docs]
pub struct Integrate;

cell! {
    pub struct Fire {
        u_t = 0.9 * u_{t-1} + W * x_t;
        s_t = H(u_t - v);
    }
}

fn main() {}
