//! Texts that leave open which value is the output.

use gate_runtime::cell_from_docs;

// output_unread: RWKV, whose states are brought up to date behind the output.
/// ```math
/// o_t = \frac{a_{t-1} + e^{u + k_t} \odot v_t}{b_{t-1} + e^{u + k_t}} \\
/// a_t = e^{-w} \odot a_{t-1} + e^{k_t} \odot v_t \\
/// b_t = e^{-w} \odot b_{t-1} + e^{k_t}
/// ```
#[cell_from_docs]
pub struct Rwkv;

// output_unclear: MC-LSTM, whose gates stand behind the output.
/// ```math
/// m_t = c_{t-1} + i_t \odot x_t \\
/// c_t = (1 - o_t) \odot m_t \\
/// h_t = o_t \odot m_t \\
/// i_t = \mathrm{softmax}(W_i x_t + U_i c_{t-1} + b_i) \\
/// o_t = \sigma(W_o x_t + U_o c_{t-1} + b_o)
/// ```
#[cell_from_docs]
pub struct McLstm;

/// The same, said.
///
/// ```math
/// c_t = (1 - o_t) \odot c_{t-1} + x_t \\
/// h_t = o_t \odot c_t \\
/// o_t = \sigma(W_o x_t + U_o c_{t-1} + b_o)
/// ```
#[cell_from_docs(output = h_t)]
pub struct Said;

fn main() {}
