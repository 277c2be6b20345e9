//! What cells, stacks and bidirectional layers have in common.

use ndarray::{Array3, ArrayView3};
use std::fmt::Debug;
use tinyvec::TinyVec;

use crate::error::Error;
use crate::kernels::Float;
use crate::sequence::Sequence;

use super::group::Group;

/// What a layer gives: the output `[T, B, features]` and the final state.
pub type Output<L> = (Array3<<L as Layer>::Scalar>, <L as Layer>::State);

/// Parameters with their gradients, if these fit: a list, made by `collect()` from an iterator, of
/// which up to eight allocate nothing.
pub type Groups<'a, A> = Result<TinyVec<[Group<'a, A>; 8]>, Error>;

/// Something recurrent from one sequence to one sequence, both time-major `[T, B, features]`: a
/// cell, a [`Stacked`](super::Stacked) or a [`Bidirectional`](super::Bidirectional) layer.
///
/// Every cell with one input is a layer; of its outputs the first counts. The names differ from
/// those of [`Cell`](crate::Cell), so that both traits can be in scope. For code that is generic over layers:
///
/// ```
/// use gate_runtime::cells::Gru;
/// use gate_runtime::train::{Adam, Bidirectional, Layer, Optimiser, clip_groups, mean_squared_error};
/// use gate_runtime::{Error, Sequence};
/// use ndarray::Array3;
/// # use rand::SeedableRng;
///
/// /// A step of training on a whole sequence; gives the loss before it.
/// fn train<L: Layer<Scalar = f32>>(
///     layer: &mut L,
///     (tape, grads, adam): (&mut L::Tape, &mut L::Grads, &mut Adam<f32>),
///     (x, targets): (&Array3<f32>, &Array3<f32>),
/// ) -> Result<f32, Error> {
///     layer.trace(Sequence::from(x), None, tape)?;
///     let (loss, gradient) = mean_squared_error(L::traced(tape), targets.view(), None)?;
///     L::clear(grads);
///     layer.pull_back(tape, gradient.view(), false, grads)?; // not by the inputs
///     let mut groups = layer.groups(grads)?;
///     clip_groups(&mut groups, 1.0)?;
///     adam.step(&mut groups)?;
///     Ok(loss)
/// }
///
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// let mut layer = Bidirectional::<Gru<f32>>::new(&[3, 8], &mut rng)?;
/// let (x, targets) = (Array3::ones((6, 2, 3)), Array3::zeros((6, 2, 16)));
/// let (mut tape, mut grads, mut adam) = (Default::default(), layer.new_grads(), Adam::new(0.01));
/// let mut step = || train(&mut layer, (&mut tape, &mut grads, &mut adam), (&x, &targets));
/// let first = step()?;
/// assert!(step()? < first);
/// # Ok::<(), Error>(())
/// ```
pub trait Layer: Clone + Debug + Send + Sync + 'static {
    /// `f32` or `f64`.
    type Scalar: Float;
    /// What the last step leaves.
    type State: Clone + Debug + Send + Sync;
    /// What a recording leaves. It can be used again and then keeps its memory.
    type Tape: Default + Debug + Send;
    /// Gradients of parameters and of the input.
    type Grads: Clone + Debug + Send;

    /// The name of the cell, or of the cells in it.
    fn name(&self) -> &'static str;

    /// Features of a step of the input.
    ///
    /// # Errors
    ///
    /// If the cell has more or fewer than one input.
    fn input_features(&self) -> Result<usize, Error>;

    /// Features of a step of the output.
    fn output_features(&self) -> usize;

    /// Runs over a sequence; gives the output and the final state. Without a state it starts from
    /// the definition's.
    ///
    /// # Errors
    ///
    /// If sequence, lengths or state do not fit the layer or one another.
    fn infer(
        &self,
        sequence: Sequence<'_, Self::Scalar>,
        state: Option<&Self::State>,
    ) -> Result<Output<Self>, Error>;

    /// Runs over a sequence and leaves output and final state on a tape, nothing else; on one that is
    /// used again it allocates nothing. Unless a layer says otherwise, it is [`Layer::trace`].
    ///
    /// # Errors
    ///
    /// As [`Layer::infer`].
    fn infer_on(
        &self,
        sequence: Sequence<'_, Self::Scalar>,
        state: Option<&Self::State>,
        tape: &mut Self::Tape,
    ) -> Result<(), Error> {
        self.trace(sequence, state, tape)
    }

    /// Bytes that a tape holds for its next use, of the cell in it that holds most; 0 unless a layer
    /// says otherwise.
    fn tape_memory(_: &Self::Tape) -> usize {
        0
    }

    /// Runs over a sequence and keeps what [`Layer::pull_back`] needs.
    ///
    /// # Errors
    ///
    /// As [`Layer::infer`].
    fn trace(
        &self,
        sequence: Sequence<'_, Self::Scalar>,
        state: Option<&Self::State>,
        tape: &mut Self::Tape,
    ) -> Result<(), Error>;

    /// The output on a tape, `[T, B, features]`.
    ///
    /// # Panics
    ///
    /// If nothing was recorded.
    fn traced(tape: &Self::Tape) -> ArrayView3<'_, Self::Scalar>;

    /// The final state on a tape.
    ///
    /// # Errors
    ///
    /// If nothing was recorded.
    fn last_state(&self, tape: &Self::Tape) -> Result<Self::State, Error>;

    /// Goes back over a recording, from the gradient of the output. Adds to the gradients of the
    /// parameters; where `inputs` says so it replaces that of the input.
    ///
    /// # Errors
    ///
    /// If nothing was recorded, the gradient's shape is not that of the output, or tape or gradients
    /// are those of a layer of other sizes; the recording may then be gone over with others.
    fn pull_back(
        &self,
        tape: &mut Self::Tape,
        gradient: ArrayView3<'_, Self::Scalar>,
        inputs: bool,
        grads: &mut Self::Grads,
    ) -> Result<(), Error> {
        self.pull_back_both(tape, gradient, None, inputs, grads)
    }

    /// The same from the gradients of the output and of the final state, as of an encoder whose
    /// final state another layer starts from: there it is the [`Layer::initial_gradient`].
    ///
    /// # Errors
    ///
    /// As [`Layer::pull_back`], or if the gradient of the state has not its shape.
    fn pull_back_both(
        &self,
        tape: &mut Self::Tape,
        gradient: ArrayView3<'_, Self::Scalar>,
        state: Option<&Self::State>,
        inputs: bool,
        grads: &mut Self::Grads,
    ) -> Result<(), Error>;

    /// Whether [`Layer::pull_back`] would go over a tape from a gradient of the output of this
    /// shape. Nothing is used up.
    ///
    /// # Errors
    ///
    /// Those of [`Layer::pull_back`].
    fn check_pull_back(
        &self,
        tape: &Self::Tape,
        gradient: [usize; 3],
        grads: &Self::Grads,
    ) -> Result<(), Error>;

    /// Whether a state is one of this layer for so many rows.
    ///
    /// # Errors
    ///
    /// If it is not.
    fn check_state(&self, batch: usize, state: &Self::State) -> Result<(), Error>;

    /// Whether gradients are those of a layer of these sizes.
    ///
    /// # Errors
    ///
    /// If they are not.
    fn check_grads(&self, grads: &Self::Grads) -> Result<(), Error>;

    /// Whether a sequence may be [`continued`](Sequence::continued).
    ///
    /// # Errors
    ///
    /// If one direction is from the end.
    fn check_continued(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Gradients for [`Layer::pull_back`] to add to, all zero.
    fn new_grads(&self) -> Self::Grads;

    /// Zeroes the gradients of the parameters.
    fn clear(grads: &mut Self::Grads);

    /// The gradient of the input, `[T, B, features]`.
    fn input_gradient(grads: &Self::Grads) -> ArrayView3<'_, Self::Scalar>;

    /// The gradient of the state that the last recording gone over started from.
    fn initial_gradient(grads: &Self::Grads) -> Self::State;

    /// All parameters with their gradients, under names that stay the same.
    ///
    /// # Errors
    ///
    /// If the gradients are those of a layer of other sizes.
    fn groups<'a>(&'a mut self, grads: &'a mut Self::Grads) -> Groups<'a, Self::Scalar>;
}
