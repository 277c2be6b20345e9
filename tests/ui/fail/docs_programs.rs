//! Texts that are half a program: names with several underscores, lists without commas.

use gate_runtime::cell_from_docs;

// forgotten_comma: TensorFlow's GRUBlockCell, and nothing else is said of its names.
/// ```math
/// x_h_prev = [x, h_prev]
///
/// [r_bar u_bar] = x_h_prev * w_ru + b_ru
///
/// r = sigmoid(r_bar)
/// u = sigmoid(u_bar)
///
/// h_prevr = h_prev \circ r
///
/// x_h_prevr = [x h_prevr]
///
/// c_bar = x_h_prevr * w_c + b_c
/// c = tanh(c_bar)
///
/// h = (1-u) \circ c + u \circ h_prev
/// ```
#[cell_from_docs]
pub struct GruBlock;

// unknown_function: a reset, which is no matrix.
/// ```math
/// U[t+1] = βU[t] + W X[t+1] - R(βU[t] + W X[t+1])
/// ```
#[cell_from_docs(β: scalar)]
pub struct Leaky;

fn main() {}
