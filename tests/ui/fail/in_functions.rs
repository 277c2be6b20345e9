//! A mistake in a function's body is one message too.

use gate_runtime::{Cell, cell, cell_from_docs};

fn tokens(mut rng: impl rand::Rng) -> Result<(), gate_runtime::Error> {
    cell! {
        /// Nothing else fails in this file's own module.
        struct Local {
            h_t = tahn(x_t * W + h_{t-1} * U);
        }
    }
    struct Model {
        cell: Local,
        state: LocalState,
    }
    let cell = Local::<f32>::new(1, 2, &mut rng)?;
    let state: LocalState = cell.zero_state(3);
    let run = cell.forward(&ndarray::Array3::<f32>::zeros((1, 2, 3)))?;
    println!("{} {} {}", cell.W().nrows(), state.h.sum(), run.output().sum());
    Ok(())
}

fn text() {
    /// ```math
    /// h_t = \tanh(W x_t + U h_{t-1}
    /// ```
    #[cell_from_docs]
    struct FromDocs;
    let _ = FromDocs::<f64>::INFO.name;
}

fn main() {}
