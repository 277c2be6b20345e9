//! After a mistake the type goes on to exist: its uses give no messages of their own.

use gate_runtime::{Cell, CellGrads, Tape, cell, cell_from_docs};

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

cell! {
    /// Breaks off.
    pub struct Unfinished {
        f   = sigmoid(x_t * W_x^(f) + h_{t-1} * W_h^(f) + );
        h_t = f .* tanh(x_t * W);
    }
}

cell! {
    /// Sizes that differ.
    pub struct Conflict {
        x_t: [I];
        h_t: [H];
        h_t = sigmoid(x_t * W + h_{t-1} * U) .* x_t;
    }
}

cell! {
    pub trait NoStruct {
        h_t = tanh(x_t * W);
    }
}

#[cell_from_docs(section = 3)]
pub struct NoSection;

fn train<C: Cell<Scalar = f32>>(cell: &C, x: &ndarray::Array3<f32>) -> usize {
    cell.forward(x).unwrap().output().len()
}

fn others(mut rng: impl rand::Rng) -> Result<(), gate_runtime::Error> {
    let x = ndarray::Array3::<f32>::zeros((1, 2, 3));
    let cell = Unfinished::<f32>::new(3, 4, &mut rng)?;
    let (mut tape, mut grads) = (Tape::new(), cell.zero_grads());
    cell.record(&x, &mut tape)?;
    cell.backward(&mut tape, &x, &mut grads)?;
    let (rows, columns) = grads.W_x_f().dim();
    let run = cell.forward(&x)?;
    assert_eq!(run.state.h.nrows(), rows + columns + cell.W_h_f().nrows());
    let mut conflict = Conflict::<f32>::new(3, 4, &mut rng)?;
    conflict.W_mut().fill(0.5);
    conflict.stream(2)?.step(&x)?;
    train(&conflict, &x);
    let none = NoStruct::<f32>::new(1, &mut rng)?;
    let section = NoSection::<f32>::new(1, &mut rng)?;
    train(&none, &x);
    train(&section, &x);
    Ok(())
}

fn inside(mut rng: impl rand::Rng) {
    cell! {
        struct Local {
            h_t = tahn(x_t * W + h_{t-1} * U);
        }
    }
    let local = Local::<f32>::new(1, 2, &mut rng).unwrap();
    let state: LocalState = local.zero_state(3);
    let _ = (local.W().nrows(), state.h.sum());
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
