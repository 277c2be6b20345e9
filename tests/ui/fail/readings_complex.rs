//! Complex numbers, which no cell computes with.

use gate_runtime::cell_from_docs;

/// $$ \lambda = \exp(-\exp(\nu) + i \exp(\theta)), \qquad h_t = \lambda \odot h_{t-1} + B x_t $$
#[cell_from_docs(output = h_t)]
pub struct Linear;

/// $$ h_t = A h_{t-1} + B x_t, \qquad y_t = \mathrm{Re}(C h_t) $$
#[cell_from_docs]
pub struct RealPart;

fn main() {}
