//! Documentation text: what is taken over chance.

use gate_runtime::cell_from_docs;

/// $$ h_t = \mathbb{E}[x_t] + h_{t-1} $$
#[cell_from_docs]
pub struct Mean;

fn main() {}
