//! What one step of a cell hands to the next.

use ndarray::{ArrayD, ArrayViewD, ArrayViewMutD};

use crate::kernels::Float;

/// The state of a cell, what one step hands to the next: an array for each state symbol.
///
/// The type itself, `LstmState`, has them as public fields; this is for code that is generic over
/// cells. [`Cell::zero_state`](crate::Cell::zero_state) makes one.
pub trait CellState: Clone + std::fmt::Debug + Send + Sync + 'static {
    /// `f32` or `f64`.
    type Scalar: Float;
    #[doc(hidden)]
    fn from_fields(fields: Vec<ArrayD<Self::Scalar>>) -> Self;
    #[doc(hidden)]
    fn visit<'s>(&'s self, see: &mut dyn FnMut(ArrayViewD<'s, Self::Scalar>));
    #[doc(hidden)]
    fn remake(&mut self, make: &mut dyn FnMut(ArrayD<Self::Scalar>) -> ArrayD<Self::Scalar>);
    #[doc(hidden)]
    fn visit_mut<'s>(&'s mut self, see: &mut dyn FnMut(ArrayViewMutD<'s, Self::Scalar>));

    /// Each state, `[B, units]`, `[B, rows, columns]` for a matrix; a leading axis for a history
    /// of several steps, newest first.
    fn fields(&self) -> Vec<ArrayViewD<'_, Self::Scalar>> {
        let mut out = Vec::new();
        self.visit(&mut |field| out.push(field));
        out
    }

    /// The same, to change.
    fn fields_mut(&mut self) -> Vec<ArrayViewMutD<'_, Self::Scalar>> {
        let mut out = Vec::new();
        self.visit_mut(&mut |field| out.push(field));
        out
    }
}

/// A state of some cell, to read.
pub(crate) trait Fields<A>: std::fmt::Debug + Sync {
    /// Shows every field.
    fn each(&self, see: &mut dyn FnMut(ArrayViewD<'_, A>));
}

impl<S: CellState> Fields<S::Scalar> for S {
    fn each(&self, see: &mut dyn FnMut(ArrayViewD<'_, S::Scalar>)) {
        self.visit(&mut |field| see(field));
    }
}
