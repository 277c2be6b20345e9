//! Documentation text: notation of articles that needs another one here.

use gate_runtime::cell_from_docs;

/// ```math
/// f_t = \sigma_g(W_f x_t + U_f h_{t-1})
/// i_t = \sigma_g(W_i x_t + U_i h_{t-1})
/// h_t = f_t \odot h_{t-1} + i_t \odot \phi(x_t, h_{t-1})
/// ```
#[cell_from_docs]
pub struct Labelled;

/// ```math
/// f_t = \sigma(W_f x_t + U_f h_{t-1})
/// h_t = f_t \otimes h_{t-1} + (1 - f_t) \otimes x_t
/// ```
#[cell_from_docs]
pub struct Outer;

/// ```math
/// h_t = \begin{bmatrix} W & U \end{bmatrix} \begin{bmatrix} x_t \\ h_{t-1} \end{bmatrix}
/// ```
#[cell_from_docs]
pub struct Blocks;

/// ```math
/// h_t = \tahn(W x_t) + {h_{t-1} \over 2}
/// ```
#[cell_from_docs]
pub struct Commands;

/// ```math
/// h_t = \mathrm{LSTM}(x_t)
/// ```
#[cell_from_docs]
pub struct Inner;

/// ```math
/// h_t = \tanh(W x_t + U \vec{h}_{t-1})
/// ```
#[cell_from_docs]
pub struct Arrow;

/// ```math
/// h_t = \tanh(W x_t + U h_{t-1}) \in (-1, 1)^n
/// ```
#[cell_from_docs]
pub struct Place;

/// ```math
/// W \sim \mathcal{N}(0, 1)
/// h_t = W x_t + \alpha h_{t-1}, \quad \alpha \in (0, 1)
/// ```
#[cell_from_docs]
pub struct Declared;

/// ```math
/// h_t = \mathrm{diag}(a) h_{t-1} + \argmax(x_t) + (x_t)_+
/// ```
#[cell_from_docs]
pub struct Elsewhere;

/// ```math
/// c_t = \arg\max(W x_t) + e^c_t
/// ```
#[cell_from_docs]
pub struct Largest;

/// ```math
/// f_t = \exp(W_f x_t) \text{ or } \sigma(W_f x_t)
/// l   = \tanh(W_l x_t)
/// l   = \tanh(l + h_{t-1})
/// h_t = f_t \odot l
/// ```
#[cell_from_docs]
pub struct Alternatives;

/// ```math
/// l   = \tanh(W_l x_t)
/// l   = \tanh(l + h_{t-1})
/// h_t = l \odot \text{Linear}_d(x_t)
/// ```
#[cell_from_docs]
pub struct Rewritten;

/// ```math
/// S_t = S_{t-1} (I - \beta_t k_t k_t^\top) + \beta_t v_t k_t^\top
/// ```
#[cell_from_docs]
pub struct Rates;

/// ```math
/// h_t = \bar{A} h_{t-1} + \bar{B} x_t, \quad \bar{A} = \exp(\Delta A), \quad y_t = C h_t
/// ```
#[cell_from_docs]
pub struct Space;

// unknown_glyph: a gradient
/// ```math
/// M_t = M_{t-1} - \eta ∇ℓ(M_{t-1}; x_t)
/// ```
#[cell_from_docs]
pub struct Gradient;

// transpose_on_left, and nothing else of it
/// ```math
/// C^S_{t-1} = \tanh(W_d C_{t-1} + b_d)
/// C^T_{t-1} = C_{t-1} - C^S_{t-1}
/// C_t = \sigma(W x_t) C^T_{t-1}
/// h_t = \tanh(C_t)
/// ```
#[cell_from_docs]
pub struct LongTerm;

// power_of_matrix, once
/// ```math
/// h_k = (I - A)^{-1} (I + A) h_{k-1} + (I - A)^{-1} B u_k
/// ```
#[cell_from_docs]
pub struct Bilinear;

fn main() {}
