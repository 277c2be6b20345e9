//! Letters that are no others: capitals, and the names of Greek ones.

use gate_runtime::cell;

// input_by_case: beside a value, and beside an input
cell! { pub struct Value { s_t = B * x_t + s_{t-1}; h_t = tanh(P * s_t + R * h_{t-1}); y_t = U * h_t + V * S_t; } }
cell! { pub struct Input { z_t = sigmoid(W_z * X_t + U_z * h_{t-1}); h_t = z_t .* h_{t-1} + (1 - z_t) .* tanh(W * x_t); } }

// spelled_letter: an input, a parameter, a label, an earlier value
cell! { pub struct Gate { θ_t = sigmoid(U * h_{t-1} + V * x_t); h_t = theta_t .* tanh(h_{t-1}) + x_t; } }
cell! { pub struct Step { h_t = epsilon * h_{t-1} + ε * tanh(W * x_t); } }
cell! { pub struct Label { h_t = tanh(W_θ * x_t + U_theta * h_{t-1} + b_θ + b_theta); } }
cell! { pub struct Earlier { ξ_t = tanh(W * x_t + U * xi_{t-1}); } }

// cycle: another value is meant, and the output is not asked for
cell! { pub struct Accent { c̃ = tanh(W * x_t); c_t = 0.5 * c_{t-1} + 0.5 * c_t; h_t = tanh(c_t); } }

// One is made of the other: nothing is said.
cell! { pub struct Made { x_t = tanh(X_t * V); h_t = tanh(x_t * W + h_{t-1} * U); } }

fn main() {}
