//! Names that no cell can have; nothing else is said of them.

use gate_runtime::cell;

cell! {
    pub struct A { h_t = tanh(x_t * W + h_{t-1} * U); }
}

cell! {
    pub struct Self { h_t = tanh(x_t * W + h_{t-1} * U); }
}

mod text {
    /// ```math
    /// h_t = W x_t
    /// ```
    #[gate_runtime::cell_from_docs]
    pub struct A;
}

fn uses(cell: &A<f64>) -> usize {
    cell.forward(&()).output().len()
}

fn main() {}
