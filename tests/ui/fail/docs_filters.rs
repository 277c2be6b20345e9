//! Documentation text: filters and observers, whose notation may mean another cell.

use gate_runtime::cell_from_docs;

/// A position and a speed.
///
/// ```math
/// p_k = p_{k-1} + \Delta T v_{k-1}
/// v_k = v_{k-1} + \frac{\beta}{\Delta T} (x_k - p_k)
/// ```
#[cell_from_docs(output = p_k)]
pub struct AlphaBeta;

/// Least mean squares: the error is one number.
///
/// ```math
/// e(n) = d(n) - \langle w(n), x(n) \rangle
/// w(n+1) = w(n) + \mu e(n) x(n)
/// ```
#[cell_from_docs]
pub struct LeastSquares;

/// A unit of a layer.
///
/// ```math
/// h_t = \tanh(\langle w, x_t \rangle + U h_{t-1} + b)
/// ```
#[cell_from_docs]
pub struct Unit;

/// ```math
/// \phi_t = \frac{(p_t - s) \bmod \tau}{\tau}
/// h_t = \phi_t \odot h_{t-1}
/// ```
#[cell_from_docs]
pub struct Phase;

/// ```math
/// \phi_t = \mathrm{mod}(p_t - s, \tau)
/// h_t = \phi_t \odot h_{t-1}
/// ```
#[cell_from_docs]
pub struct Remainder;

/// A smoother needs the whole sequence.
///
/// ```math
/// \hat{x}_{t|T} = A \hat{x}_{t-1|T} + B u_t
/// ```
#[cell_from_docs]
pub struct Smoother;

/// ```math
/// r_t = \sigma(W x_t)
/// a_t = a^{c r_t}, \quad c = 8
/// h_t = a_t \odot h_{t-1} + x_t
/// ```
#[cell_from_docs]
pub struct Decay;

/// ```math
/// h_t = A h_{t-1} + B x_t
/// y_t = \Re[C h_t]
/// ```
#[cell_from_docs]
pub struct RealPart;

/// ```math
/// g_t = \sigma(w \cdot x_t + b)
/// h_t = g_t \odot h_{t-1}
/// ```
#[cell_from_docs]
pub struct Dot;

/// ```math
/// x^+ = A x + B u_t
/// ```
#[cell_from_docs]
pub struct Plus;

/// Volatility: its square is what has an equation.
///
/// ```math
/// r_t = \sigma_t z_t
/// \sigma_t^2 = \omega + \alpha r_{t-1}^2 + \beta \sigma_{t-1}^2
/// ```
#[cell_from_docs]
pub struct Volatility;

/// ```math
/// u_k = K_p e_k + K_i T s_k + \frac{K_d}{T} (e_k - e_{k-1}) + u_{k-1}
/// ```
#[cell_from_docs]
pub struct Controller;

fn main() {}
