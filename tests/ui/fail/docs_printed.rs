//! What articles print and leave to their reader: the last step, components, sums without bounds,
//! derivatives, remarks.

use gate_runtime::cell_from_docs;

/// $$h_t = \tanh(W x_t + U h_{t-1})$$
///
/// $$\hat{y} = \sigma(V h_T)$$
#[cell_from_docs]
struct LastStep;

/// $$h_t = \tanh(W_{ij} h_j + x_t)$$
#[cell_from_docs]
struct Component;

/// $$V[t] = \beta V[t-1] + X[t] - V_{th} \odot S[t-1]$$
///
/// $$S[t] = \sigma(V[t] + V_{reset} X[t])$$
#[cell_from_docs]
struct CapitalOfValue;

/// ```math
/// h(t+1) = tanh(Σ W_ij h(t) + x(t))
/// ```
#[cell_from_docs]
struct SumOrMatrix;

/// ```math
/// h(t+1) = h(t) + delta_t*k
/// ```
#[cell_from_docs]
struct StepSize;

/// $$h'(t) = A h(t) + B x(t)$$
#[cell_from_docs]
struct Derivative;

/// ```math
/// f_t = σ(W x_t + U h_{t-1}) forget gate
/// h_t = f_t ⊙ h_{t-1}
/// ```
#[cell_from_docs]
struct Words;

/// $$c_t = f_t c_{t-1} \\ x_t$$
#[cell_from_docs]
struct Row;

/// $$f_t = \sigma(s_f(x_t)) \\ h_t = f_t h_{t-1}$$
#[cell_from_docs]
struct Function;

/// $$\ell_t = \alpha y_t + (1 - \alpha) \ell_{t-1}$$
///
/// $$\hat{y}_{t+h|t} = \ell_t$$
#[cell_from_docs]
struct Forecast;

/// $$z_t = \sigma(W [h^{<t_0>}, x_t])$$
///
/// $$h'^{<t_1>} = z_t h^{<t_0>}$$
#[cell_from_docs]
struct OtherSteps;

/// $$M_t(i) = M_{t-1}(i) (1 - w_t(i) e_t) + w_t(i) a_t$$
#[cell_from_docs]
struct Rows;

fn main() {}
