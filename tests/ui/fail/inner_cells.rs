//! Cells inside cells, called wrongly.

use gate_runtime::cell;

cell! { pub struct Gru { z = sigmoid(x_t * W_z + h_{t-1} * U_z); h_t = z .* h_{t-1} + (1 - z) .* tanh(x_t * W); } }

cell! { pub struct Lstm { f = sigmoid(x_t * W_f + h_{t-1} * U_f); C_t = f .* C_{t-1} + x_t * W; h_t = tanh(C_t); } }

cell! { pub struct Timed(x_t, d_t) -> h_t { d_t: [1]; h_t = tanh(x_t * W + sum(d_t) * h_{t-1}); } }

// cell_inputs
cell! { pub struct Inputs { inner: Timed; h_t = inner(x_t); } }

// no_such_state
cell! { pub struct State { inner: Lstm; h_t = inner(x_t, m_{t-1} = h_{t-1}); } }

// no_such_state
cell! { pub struct Present { inner: Gru; s_t = 0.5 * s_{t-1}; h_t = inner(x_t, h_t = s_t); } }

// cell_called_twice
cell! { pub struct Twice { inner: Gru; h_t = inner(inner(x_t)); } }

// cell_not_called
cell! { pub struct Uncalled { inner: Gru; h_t = tanh(x_t * W); } }

// cell_and_value
cell! { pub struct Value { f: Gru; f = sigmoid(x_t * W); h_t = f .* x_t; } }

// state_outside_cell
cell! { pub struct Outside { h_t = tanh(h_{t-1} = x_t); } }

// size_conflict: both places
cell! { pub struct Sizes { inner: Gru; x_t: [I]; h_t: [H]; h_t = inner(x_t) + inner_2(x_t); inner_2: Gru; h_t^(inner): [K]; } }

// declared_kind
cell! { pub struct Kind { α: scaler; h_t = tanh(α * x_t * W + h_{t-1}); } }

// inner_equation: an equation, and a start that would make a parameter of it
cell! { pub struct Equation { inner: Lstm; f_t^(inner) = sigmoid(x_t * V); h_t = inner(x_t); } }
cell! { pub struct Parameter { inner: Lstm; f^(inner) ~ 1; h_t = inner(x_t); } }

// no_inner_value, for an earlier value once
cell! { pub struct Lacks { inner_cell: Gru; h_t = inner_cell(x_t) + C_{t-1}^(inner_cell); } }

// inner_without_time
cell! { pub struct Timeless { inner: Lstm; h_t = inner(x_t) .* W_t^(inner); } }

// inner_label
cell! { pub struct Label { inner: Lstm; h_t = inner(x_t) + C_t^(iner); } }

// given_kind: a number, and a scalar
cell! { pub struct Number { inner: Gru; h_t = inner(x_t, h_{t-1} = 0); } }
cell! { pub struct OneNumber { inner: Gru; h_t = inner(sum(x_t)) + x_t; } }

// inner_path
cell! { pub struct Path { inner: Gru<f32>; h_t = inner(x_t); } }

// unknown_function: the type in the place of a cell
cell! { pub struct Type { h_t = tanh(Gru(x_t) * W); } }

// cell_and_value, and nothing about functions
cell! { pub struct Function { h: Gru; h_t = h(x_t); } }

// cell_called_twice, although the variant leaves nothing else of the step
cell! { pub struct Two { low: Gru; high: Gru; u = low(x_t); y_t = high(u); } }
cell! { pub struct Again = Two with { y_t = low(u); } }

// language_function
cell! { pub struct Outer { outer: Gru; h_t = outer(x_t); } }

// A cell that is nowhere.
cell! { pub struct Nowhere { inner: Lost; h_t = inner(x_t); } }

fn main() {}
