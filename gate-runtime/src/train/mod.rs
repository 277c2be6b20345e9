//! Training: layers, heads, losses, optimisers.
//!
//! A [`Layer`] is a cell, a [`Stacked`] or [`Bidirectional`] one; a [`Classifier`] is a layer, a
//! [`Pooling`] over time and a [`Linear`] head. Parameters and gradients meet in [`Group`]s, which
//! [`clip_groups`] and the [`Optimiser`]s work on:
//!
//! ```
//! # use gate_runtime::cells::Gru;
//! # use gate_runtime::train::{Adam, Classifier, Optimiser, Pooling, clip_groups};
//! # use rand::SeedableRng;
//! # let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
//! # let mut model = Classifier::new(Gru::<f32>::new(3, 8, &mut rng)?, Pooling::Last, 2, &mut rng)?;
//! # let (mut workspace, mut adam) = (model.workspace(), Adam::new(0.01));
//! # let (inputs, labels) = (ndarray::Array3::ones((6, 2, 3)), [0, 1]);
//! let score = model.gradients(&inputs, &labels, &mut workspace)?;
//! let mut groups = model.groups(&mut workspace)?;
//! clip_groups(&mut groups, 1.0)?;
//! adam.step(&mut groups)?;
//! # assert!(score.loss > 0.0);
//! # Ok::<(), gate_runtime::Error>(())
//! ```
//!
//! With a head at every step, or another loss, the parts are put together by hand. What ends in `_into`
//! takes arrays that are used again, so that no step after the first allocates anything:
//!
//! ```
//! # use gate_runtime::train::{Linear, SoftmaxLoss};
//! # use gate_runtime::{Cell, Tape, cells::Gru};
//! # use ndarray::Array3;
//! # use rand::SeedableRng;
//! # let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
//! # let (cell, head) = (Gru::<f32>::new(3, 8, &mut rng)?, Linear::new(8, 2, &mut rng)?);
//! # let (mut tape, mut grads, mut head_grads) = (Tape::new(), cell.zero_grads(), head.zero_grads());
//! # let (mut logits, mut dlogits, mut dsteps) = Default::default();
//! # let (inputs, labels) = (Array3::ones((3, 2, 3)), [0, 1, 1, 0, 0, 1]);
//! cell.record(&inputs, &mut tape)?;
//! head.forward_into(tape.output(0), &mut logits)?;
//! let (loss, correct) = SoftmaxLoss::new().of_into(logits.view(), &labels, &mut dlogits)?;
//! head.backward_into(tape.output(0), dlogits.view(), &mut head_grads, &mut dsteps)?;
//! cell.backward(&mut tape, &dsteps, &mut grads)?;
//! # assert!(loss > 0.0 && correct <= 6);
//! # Ok::<(), gate_runtime::Error>(())
//! ```
//!
//! Where a layer starts from the final state of another, as a decoder from its encoder's, the
//! gradient goes the same way back: [`Layer::initial_gradient`] of the one into
//! [`Layer::pull_back_both`] of the other.
//!
//! Nothing here changes a parameter before everything that it was given fits.

mod adam;
mod bidirectional;
mod cell;
mod classifier;
mod descent;
mod group;
mod inner;
mod layer;
mod linear;
mod loss;
mod pooling;
mod rmsprop;
mod room;
mod schedule;
mod sgd;
mod stacked;
mod update;

pub use adam::Adam;
pub use bidirectional::{Bidirectional, BidirectionalGrads, BidirectionalTape};
pub use classifier::{Classifier, Score, Workspace};
pub(crate) use descent::{Descent, Kept, Rule};
pub(crate) use group::join;
pub use group::{Group, Optimiser, clip_groups, clip_norm};
pub use layer::{Groups, Layer, Output};
pub use linear::{Linear, LinearGrads};
pub use loss::{
    SigmoidLoss, SoftmaxLoss, Weights, huber, huber_into, mean_absolute_error,
    mean_absolute_error_into, mean_squared_error, mean_squared_error_into, sigmoid_cross_entropy,
    softmax_cross_entropy,
};
pub use pooling::{Pooling, valid_steps};
pub use rmsprop::RmsProp;
pub use schedule::{Decay, Schedule};
pub use sgd::Sgd;
pub use stacked::{Stacked, StackedGrads, StackedStream, StackedTape};
