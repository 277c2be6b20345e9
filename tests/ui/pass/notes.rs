//! Sound cells of the literature have notes at most: nothing that a crate which denies warnings
//! trips over.

#![deny(warnings)]

use gate_runtime::{Cell, cell, cell_from_docs};

cell! {
    /// As PyTorch has it, with two biases for each gate.
    pub struct Lstm {
        i   = sigmoid(x_t * W_ii + b_ii + h_{t-1} * W_hi + b_hi);
        f   = sigmoid(x_t * W_if + b_if + h_{t-1} * W_hf + b_hf);
        g   = tanh(x_t * W_ig + b_ig + h_{t-1} * W_hg + b_hg);
        o   = sigmoid(x_t * W_io + b_io + h_{t-1} * W_ho + b_ho);
        c_t = f .* c_{t-1} + i .* g;
        h_t = o .* tanh(c_t);
    }
}

cell! {
    /// An echo state network: the reservoir is not trained, a mean is carried along.
    pub struct Reservoir {
        h_t = tanh(x_t * stop_gradient(V) + h_{t-1} * stop_gradient(W));
        m_t = 0.9 * m_{t-1} + 0.1 * x_t;
        y_t = h_t * U;
    }
}

/// A text may define what nobody asked for.
///
/// ```math
/// h_t = \tanh(W x_t + U h_{t-1} + b_1 + b_2)
/// y_t = V h_t
/// ```
#[cell_from_docs(output = h_t)]
pub struct Elman;

cell! {
    pub struct BothSides -> (h_t, z_t) {
        h_t = tanh(x_t * W + h_{t-1});
        z_t = tanh(W * x_t);
    }
}

fn main() {
    let notes = Lstm::<f32>::INFO.notes;
    assert_eq!(notes.len(), 4, "{notes:?}");
    assert_eq!(
        notes[0],
        "`b_ii` and `b_hi` are only ever added together: one of them is enough: both receive the same gradient"
    );
    let notes = Reservoir::<f32>::INFO.notes;
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert!(
        notes[0].starts_with("the state `m` reaches no output"),
        "{notes:?}"
    );
    assert!(
        notes[1].starts_with("`V` keeps its initial value"),
        "{notes:?}"
    );
    let notes = Elman::<f32>::INFO.notes;
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(
        notes[0].starts_with("`y` is computed, but nothing reads it"),
        "{notes:?}"
    );
}
