//! Sums over an index that cannot be written out.

use gate_runtime::{cell, cell_from_docs};

/// ```math
/// h_t = \sum_{k=0}^{K-1} W_k x_{t-k} + U h_{t-1}
/// ```
#[cell_from_docs]
pub struct Bound;

/// ```math
/// h_t = \sum_{k=3}^{1} W_k x_{t-k} + U h_{t-1}
/// ```
#[cell_from_docs]
pub struct Empty;

/// ```math
/// h_t = \sum_{k=1}^{3} x_t + U h_{t-1}
/// ```
#[cell_from_docs]
pub struct Constant;

/// ```math
/// h_t = \sum_{k=1}^{3} W_{hk} h_{t-k} + W x_t
/// ```
#[cell_from_docs]
pub struct Label;

/// ```math
/// h_t = \prod_{k=1}^{3} a_k b_k h_{t-1} + x_t
/// ```
#[cell_from_docs]
pub struct Reach;

/// ```math
/// h_{t,i} = \tanh\left(\sum_{j=1}^{n} W_{ij} x_{t,j}\right)
/// ```
#[cell_from_docs]
pub struct Component;

cell! {
    pub struct Tokens {
        h_t = sum_{k=1}^{n} W_k * x_{t-k} + U * h_{t-1};
    }
}

fn main() {}
