//! What programs call the value of the step before.

use gate_runtime::cell;

// past_by_label: an input, and one of two steps ago
cell! { pub struct Behind { h_t = tanh(x_t * W + h_t_1 * U + b); } }
cell! { pub struct TwoBehind { h_t = tanh(x_t * W + h_t_2 * U + b); } }
cell! { pub struct Minus { h_t = tanh(x_t * W + h_t_minus_1 * U + b); } }
cell! { pub struct OfInput { h_t = tanh(x_t * W + x_t_1 * V + h_{t-1} * U); } }

// past_by_label: a parameter
cell! { pub struct Prefix { h_t = tanh(x_t * W + prev_h * U + b); } }
cell! { pub struct Glued { h_t = tanh(x_t * W + hprev * U + b); } }
cell! { pub struct GluedTime { ht = tanh(x_t * W + ht_1 * U + b); } }
cell! { pub struct OtherCase { h_t = tanh(x_t * W + H_tm1 * U + b); } }

// plain_beside_defined
cell! { pub struct NewValue { new_h = tanh(x_t * W + h * U + b); } }

// Two inputs, and a flag: nothing is said of these.
cell! { pub struct Inputs { f = sigmoid(flag_t * V); y_t = f .* (x_t_1 * W + x_t_2 * U) + y_{t-1}; } }

fn main() {}
