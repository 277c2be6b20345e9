//! Layers within a step beside steps in time.

use gate_runtime::cell_from_docs;

/// $$ \mathbf{s}_\ell^{[t]} = \mathbf{h}_\ell^{[t]} \cdot \mathbf{t}_\ell^{[t]} + \mathbf{s}_{\ell-1}^{[t]} $$
#[cell_from_docs]
pub struct Highway;

fn main() {}
