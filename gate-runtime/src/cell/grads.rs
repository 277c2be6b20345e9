//! The gradients of a cell.

use ndarray::{Array3, ArrayView3};

use crate::instance::Instance;
use crate::kernels::Float;

use super::nth;

/// The gradients of a cell: by its parameters, its inputs, and the state that a sequence started
/// from.
///
/// [`Cell::zero_grads`](crate::Cell::zero_grads) makes them,
/// [`Cell::backward`](crate::Cell::backward) adds to those of the parameters and replaces the others.
/// The type itself, `LstmGrads`, has a view of each parameter's and input's gradient too, under its
/// name in the equations.
pub trait CellGrads: Clone + std::fmt::Debug + Send + Sync + 'static {
    /// `f32` or `f64`.
    type Scalar: Float;
    /// Gradients of the initial state.
    type State;
    #[doc(hidden)]
    fn from_parts(
        instance: Instance<Self::Scalar>,
        inputs: Vec<Array3<Self::Scalar>>,
        state: Self::State,
    ) -> Self;
    #[doc(hidden)]
    #[allow(clippy::type_complexity)]
    fn parts(
        &self,
    ) -> (
        &Instance<Self::Scalar>,
        &[Array3<Self::Scalar>],
        &Self::State,
    );
    #[doc(hidden)]
    #[allow(clippy::type_complexity)]
    fn parts_mut(
        &mut self,
    ) -> (
        &mut Instance<Self::Scalar>,
        &mut Vec<Array3<Self::Scalar>>,
        &mut Self::State,
    );

    /// Gradients of all parameters, in the order of [`Cell::params`](crate::Cell::params).
    fn params(&self) -> &[Self::Scalar] {
        self.parts().0.numbers.params()
    }

    /// The same, to change.
    fn params_mut(&mut self) -> &mut [Self::Scalar] {
        self.parts_mut().0.numbers.params_mut()
    }

    /// Gradient of the `i`-th input, counted from 0, `[T, B, features]`; empty before the first
    /// backward pass, and after one [without inputs](crate::Seeds::without_inputs).
    ///
    /// # Panics
    ///
    /// If there is no such input.
    #[track_caller]
    fn input(&self, i: usize) -> ArrayView3<'_, Self::Scalar> {
        let (instance, inputs, _) = self.parts();
        nth(instance.layout.info.name, "input", inputs, i).view()
    }

    /// Gradient of the initial state.
    fn state(&self) -> &Self::State {
        self.parts().2
    }

    /// Zeroes the gradients of the parameters.
    fn zero(&mut self) {
        self.params_mut().fill(Self::Scalar::ZERO);
    }
}
