//! Ones and the identity, and numbers that would be trained.

use gate_runtime::{cell, cell_from_docs};

/// $$ h_t = (\mathbf{1} - A) h_{t-1} + V x_t $$
#[cell_from_docs]
pub struct Ones;

cell! {
    pub struct Scaled {
        h_t = (A - 0.5) * h_{t-1} + V * x_t;
    }
}

/// $$ z_t = \sigma(W x_t), \qquad h_t = (\mathbf{I} - z_t) \odot h_{t-1} $$
#[cell_from_docs]
pub struct Gate;

/// $$ h_t = h_{t-1} + \frac{1}{n} W x_t $$
#[cell_from_docs]
pub struct Mean;

fn main() {}
