//! States of cells inside cells, given and taken as papers write it.

use gate_runtime::cell;

cell! { pub struct Lstm { f = sigmoid(x_t * W_f + h_{t-1} * U_f); C_t = f .* C_{t-1} + x_t * W; h_t = tanh(C_t); } }

// cell_inputs: states by position, of another name
cell! { pub struct Position { inner: Lstm; c_t = 0.5 * c_{t-1} + x_t * V; h_t = inner(x_t, h_{t-1}, c_{t-1}); } }

// values_of_call: names that the cell has not, and another order
cell! { pub struct Pair { inner: Lstm; (h_t, c_t) = inner(x_t, h_{t-1}, c_{t-1}); } }
cell! { pub struct Order { inner: Lstm; (C_t, h_t) = inner(x_t); } }

// state_of_inner
cell! { pub struct Bare { inner: Lstm; h_t = inner(x_t, h_{t-1}, C_{t-1}); } }

// state_one_ago
cell! { pub struct Present { inner: Lstm; y_t = inner(x_t, h = y_{t-1}); } }
cell! { pub struct Labelled { inner: Lstm; y_t = inner(x_t, h_{t-1}^(inner) = y_{t-1}); } }

// state_given_twice
cell! { pub struct Twice { inner: Lstm; h_t = inner(x_t, h_{t-1}, h_{t-1} = x_t * V); } }

// inner_label, for an earlier value once
cell! { pub struct Label { inner: Lstm; y_t = inner(x_t) + h_{t-1}^(b); } }

fn main() {}
