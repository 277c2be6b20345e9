//! Documentation text: what articles do with matrices, and which value is the output.

use gate_runtime::cell_from_docs;

/// ```math
/// h_t = R(\theta_t) h_{t-1} + W x_t
/// ```
#[cell_from_docs]
pub struct Rotation;

/// ```math
/// h_t = W^\dagger h_{t-1} + V^H x_t
/// ```
#[cell_from_docs]
pub struct Conjugate;

/// ```math
/// h_{t+1} = \tanh(\exp(A) h_t + T x_{t+1})
/// ```
#[cell_from_docs]
pub struct Exponential;

/// Has a note: the matrix is declared, its elements get exponentials.
///
/// ```math
/// h_t = \bar{A} h_{t-1} + \bar{B} x_t, \quad \bar{A} = \exp(\Delta A), \quad A \in \mathbb{R}^{H \times H}
/// ```
#[cell_from_docs]
pub struct Elements;

/// Has a note: of two ends none is the output for sure.
///
/// ```math
/// h_t = z_t \odot h_{t-1} + x_t, \quad c_t = z_t \odot c_{t-1} + x_t
/// z_t = \sigma(V x_t)
/// ```
#[cell_from_docs]
pub struct Ends;

/// ```math
/// i_t = \sigma(W_{xi} * \mathcal{X}_t + W_{hi} * \mathcal{H}_{t-1} + b_i)
/// \mathcal{H}_t = i_t \circ \tanh(W_{hc} * \mathcal{H}_{t-1} + b_c)
/// ```
#[cell_from_docs]
pub struct Convolution;

/// ```math
/// h_t = A_t h_{t-1} + B_t x_t
/// y_t = C_t^\top h_t
/// ```
#[cell_from_docs]
pub struct Selective;

fn main() {}
