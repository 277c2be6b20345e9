//! After a mistake the type goes on to exist: its uses give no messages of their own.

use gate_runtime::{Cell, cell};

cell! {
    pub struct Wrong {
        h_t = tahn(x_t * W + h_{t-1} * U);
    }
}

struct Layer<C: Cell> {
    cell: C,
    state: C::State,
}

pub struct Model {
    layer: Layer<Wrong<f64>>,
    state: WrongState<f64>,
    grads: WrongGrads,
}

fn rows(cell: &Wrong) -> usize {
    cell.W().nrows()
}

fn main() {
    let mut rng = 1;
    let cell = Wrong::<f32>::new(1, 2, &mut rng).unwrap();
    let state = cell.zero_state(3);
    let sum = state.h.sum() + cell.params().len();
    let _ = (rows(&cell), sum, Wrong::<f64>::INFO.name);
}
