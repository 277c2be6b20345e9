//! Training: layers, heads, losses, optimisers.
//!
//! A [`Layer`] is a cell, a [`Stacked`] or [`Bidirectional`] one; a [`Classifier`] is a layer, a
//! [`Pooling`] over time and a [`Linear`] head. Parameters and gradients meet in [`Group`]s, which
//! [`clip_groups`] and the [`Optimiser`]s work on:
//!
//! ```text
//! let score = model.gradients(sequence, &labels, &mut workspace)?;
//! let mut groups = model.groups(&mut workspace)?;
//! clip_groups(&mut groups, 1.0)?;
//! adam.step(&mut groups)?;
//! ```
//!
//! Where a layer starts from the final state of another, as a decoder from its encoder's, the
//! gradient goes the same way back: [`Layer::initial_gradient`] of the one into
//! [`Layer::pull_back_both`] of the other.
//!
//! Nothing here changes a parameter before everything that it was given fits.

mod adam;
mod bidirectional;
mod classifier;
mod descent;
mod group;
mod layer;
mod linear;
mod loss;
mod pooling;
mod reverse;
mod rmsprop;
mod schedule;
mod sgd;
mod stacked;
#[cfg(test)]
mod tests;

pub use adam::Adam;
pub use bidirectional::{Bidirectional, BidirectionalGrads, BidirectionalTape};
pub use classifier::{Classifier, Score, Workspace};
pub(crate) use descent::{Descent, Kept, Rule};
pub(crate) use group::join;
pub use group::{Group, Optimiser, clip_groups, clip_norm};
pub use layer::{Groups, Layer, Output};
pub use linear::{Linear, LinearGrads};
pub use loss::{
    SigmoidLoss, SoftmaxLoss, Weights, huber, mean_absolute_error, mean_squared_error,
    sigmoid_cross_entropy, softmax_cross_entropy,
};
pub use pooling::{Pooling, valid_steps};
pub use rmsprop::RmsProp;
pub use schedule::{Decay, Schedule};
pub use sgd::Sgd;
pub use stacked::{Stacked, StackedGrads, StackedStream, StackedTape};
