//! Texts whose equations are no step in time are refused by name.

use gate_runtime::cell_from_docs;

/// ```math
/// c_t = \sum_{k=1}^{t-1} \alpha_k h_k + W x_t
/// ```
#[cell_from_docs]
pub struct Attention;

/// Tree-LSTM, child-sum.
///
/// ```math
/// \tilde{h}_j = \sum_{k \in C(j)} h_k \\
/// h_j = \tanh(W x_j + U \tilde{h}_j)
/// ```
#[cell_from_docs]
pub struct Tree;

/// ```math
/// h_{i,j} = \tanh(W x_{i,j} + U h_{i-1,j} + V h_{i,j-1})
/// ```
#[cell_from_docs]
pub struct Grid;

/// ```math
/// \frac{dh}{dt} = -h + \tanh(W x)
/// ```
#[cell_from_docs]
pub struct Fraction;

/// ```math
/// \dot{h} = -h + \tanh(W x)
/// ```
#[cell_from_docs]
pub struct Dot;

/// ```math
/// h_t = \tanh(W x_t + U h_{t+1})
/// ```
#[cell_from_docs]
pub struct Future;

fn main() {}
