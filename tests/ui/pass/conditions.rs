//! A condition on a definition holds for all that it gives.

#![deny(warnings)]
#![allow(clippy::non_minimal_cfg)]

use gate_runtime::{Cell, cell, cell_from_docs};

cell! {
    /// Never there: another of its name is.
    #[cfg(any())]
    pub struct Step { h_t = tanh(x_t * W); }
}

cell! {
    #[cfg(all())]
    #[fixed(Small, x = 1, h = 2)]
    pub struct Step { h_t = tanh(x_t * W + h_{t-1} * U); }
}

/// ```math
/// h_t = \tanh(W x_t)
/// ```
#[cell_from_docs]
#[cfg(any())]
pub struct Text;

/// ```math
/// h_t = \tanh(W x_t + U h_{t-1})
/// ```
#[cell_from_docs(output = h_t, crate = ::gate_runtime)]
#[cfg(all())]
pub struct Text;

fn main() {
    cell! {
        #[cfg(any())]
        struct Local { h_t = x_t; }
    }
    cell! {
        #[cfg(all())]
        struct Local { h_t = x_t + h_{t-1}; }
    }
    assert_eq!(Step::<f32>::INFO.symbols.len(), 4);
    assert_eq!(Text::<f32>::INFO.symbols.len(), 4);
    assert_eq!(Local::<f32>::INFO.name, "Local");
    let _ = core::marker::PhantomData::<Small<f32>>;
}
