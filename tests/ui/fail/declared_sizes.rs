//! Sizes that are declared as other languages do.

use gate_runtime::cell;

// size_declared
cell! { pub struct Size { H: [64]; h_t: [H]; h_t = tanh(x_t * W + h_{t-1} * U); } }
cell! { pub struct Start { H ~ 64; h_t: [H]; h_t = tanh(x_t * W + h_{t-1} * U); } }
cell! { pub struct Hyper { H: hyper = 64; h_t: [H]; h_t = tanh(x_t * W + h_{t-1} * U); } }

// declared_number: a size, a value, the start of a parameter
cell! { pub struct Number { H: 64; h_t: [H]; h_t = tanh(x_t * W + h_{t-1} * U); } }
cell! { pub struct Value { h_t: 64; h_t = tanh(x_t * W + h_{t-1} * U); } }
cell! { pub struct Bias { b: 0; h_t = tanh(x_t * W + h_{t-1} * U + b); } }

// declared_without_brackets
cell! { pub struct Bare { h_t: H; h_t = tanh(x_t * W + h_{t-1} * U); } }
cell! { pub struct Times { W: I x H; h_t = tanh(x_t * W + h_{t-1} * U); } }
cell! { pub struct Round { W: (I, H); h_t = tanh(x_t * W + h_{t-1} * U); } }

// declared_size
cell! { pub struct Semicolon { W: [I; H]; h_t = tanh(x_t * W + h_{t-1} * U); } }
cell! { pub struct Equals { h_t: [H = 64]; h_t = tanh(x_t * W + h_{t-1} * U); } }

fn main() {}
