//! Losses, with their gradients.

mod differences;
mod elements;
mod sigmoid;
mod softmax;
mod weights;

use crate::error::Error;
use crate::kernels::Float;

pub use differences::{
    huber, huber_into, mean_absolute_error, mean_absolute_error_into, mean_squared_error,
    mean_squared_error_into,
};
pub use sigmoid::{SigmoidLoss, sigmoid_cross_entropy};
pub use softmax::{SoftmaxLoss, softmax_cross_entropy};
pub use weights::Weights;
use weights::{above_zero, check_weights};

/// A loss in the number type of the caller, which may hold less than `f64`.
fn finite<A: Float>(loss: f64, what: impl Fn() -> String) -> Result<A, Error> {
    let rounded = A::from_f64(loss);
    if rounded.is_finite() {
        return Ok(rounded);
    }
    Err(Error::NotFinite {
        what: what(),
        value: rounded.to_f64(),
    })
}
