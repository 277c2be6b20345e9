//! What a cell runs on, and what comes out.

use ndarray::{Array3, ArrayView3};

use crate::cell::{Cell, CellState, Fields};
use crate::views::Views;

/// Where a run starts from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start<'a, A> {
    /// The definition's initial states.
    Definition,
    /// A state of the caller's.
    Given(&'a dyn Fields<A>),
    /// The final state on the tape.
    Continued,
}

/// Inputs of a run, time-major `[T, B, features]`, with what goes with them.
///
/// A `&Array3` or `ArrayView3` turns into one by itself; an array of views where the cell has
/// several inputs, in the order of its definition.
///
/// ```
/// use gate_runtime::{Cell, Sequence, Tape, cells::Gru};
/// use ndarray::{Array3, s};
/// # use rand::SeedableRng;
///
/// let gru = Gru::<f32>::new(3, 8, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))?;
/// let x = Array3::<f32>::ones((6, 2, 3)); // six steps of two rows
///
/// // Rows of different lengths: what is behind the ends of the shorter does not matter.
/// let run = gru.forward(Sequence::from(&x).lengths(&[6, 4]))?;
/// assert!(run.output().slice(s![4.., 1, ..]).iter().all(|&h| h == 0.0));
///
/// // From a state; the parts of a long sequence one after the other.
/// let (first, second) = (x.slice(s![..3, .., ..]), x.slice(s![3.., .., ..]));
/// let half = gru.forward(first)?;
/// let rest = gru.forward(Sequence::new(second).state(&half.state))?;
///
/// // The same while training, on one tape: truncated back-propagation.
/// let mut tape = Tape::new();
/// gru.record(first, &mut tape)?;
/// gru.record(Sequence::new(second).continued(), &mut tape)?;
/// assert_eq!(tape.output(0), rest.output());
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sequence<'a, A> {
    pub(crate) inputs: Views<'a, A>,
    pub(crate) lengths: Option<&'a [usize]>,
    pub(crate) start: Start<'a, A>,
    pub(crate) training: Option<u64>,
}

impl<'a, A: Clone> Sequence<'a, A> {
    /// A sequence of the first input, `[T, B, features]`.
    pub fn new(first: ArrayView3<'a, A>) -> Self {
        Sequence::of([first].into_iter().collect())
    }

    /// A sequence of these inputs.
    pub(crate) fn of(inputs: Views<'a, A>) -> Self {
        Sequence {
            inputs,
            lengths: None,
            start: Start::Definition,
            training: None,
        }
    }

    /// Adds the next input.
    #[must_use]
    pub fn with(mut self, next: ArrayView3<'a, A>) -> Self {
        self.inputs.push(next);
        self
    }

    /// The number of steps of each row, at least 1 and at most `T`. Outputs beyond are zero, the
    /// final state is the one after the last step, and gradients see nothing beyond.
    #[must_use]
    pub fn lengths(mut self, lengths: &'a [usize]) -> Self {
        self.lengths = Some(lengths);
        self
    }

    /// The state before the first step; the definition's initial state without it.
    #[must_use]
    pub fn state<S: CellState<Scalar = A>>(self, state: &'a S) -> Self {
        self.starting(Start::Given(state))
    }

    /// The same sequence from another start.
    pub(crate) fn starting(mut self, start: Start<'a, A>) -> Self {
        self.start = start;
        self
    }

    /// Goes on from the state that the last recording on the same tape ended in, of a stack in every
    /// layer: truncated back-propagation, without a copy of the state.
    #[must_use]
    pub fn continued(mut self) -> Self {
        self.start = Start::Continued;
        self
    }

    /// Training: dropout and zoneout draw their masks from this seed. Without it they act as
    /// their expectation.
    ///
    /// The masks depend on the seed and on a step's place in the recording: give another seed for
    /// every pass, and for every part of a sequence that goes on with [`continued`](Self::continued).
    #[must_use]
    pub fn training(mut self, seed: u64) -> Self {
        self.training = Some(seed);
        self
    }
}

impl<'a, A: Clone> From<ArrayView3<'a, A>> for Sequence<'a, A> {
    fn from(first: ArrayView3<'a, A>) -> Self {
        Sequence::new(first)
    }
}

impl<'a, A: Clone> From<&'a Array3<A>> for Sequence<'a, A> {
    fn from(first: &'a Array3<A>) -> Self {
        Sequence::new(first.view())
    }
}

impl<'a, A: Clone, const N: usize> From<[ArrayView3<'a, A>; N]> for Sequence<'a, A> {
    fn from(inputs: [ArrayView3<'a, A>; N]) -> Self {
        Sequence::of(inputs.into_iter().collect())
    }
}

impl<'a, A: Clone, const N: usize> From<[&'a Array3<A>; N]> for Sequence<'a, A> {
    fn from(inputs: [&'a Array3<A>; N]) -> Self {
        Sequence::of(inputs.iter().map(|x| x.view()).collect())
    }
}

/// What [`Cell::forward`] gives: every output at every step, and the final state.
#[derive(Clone, Debug)]
pub struct Run<C: Cell> {
    /// Each output, `[T, B, features]`, in the order of the definition.
    pub outputs: Vec<Array3<C::Scalar>>,
    /// The state after the last step of each row.
    pub state: C::State,
}

impl<C: Cell> Run<C> {
    /// The first output, `[T, B, features]`.
    pub fn output(&self) -> &Array3<C::Scalar> {
        &self.outputs[0]
    }
}

/// What [`Cell::backward`] starts from: the gradients of a loss by the outputs, and by the final
/// state if the loss depends on that.
///
/// A `&Array3` or `ArrayView3` of the first output's gradient turns into one by itself; [`Tape`] has
/// an example of both.
///
/// [`Tape`]: crate::Tape
#[derive(Clone, Debug)]
pub struct Seeds<'a, A> {
    pub(crate) outputs: Views<'a, A>,
    pub(crate) state: Option<&'a dyn Fields<A>>,
    pub(crate) inputs: bool,
}

impl<'a, A: Clone> Seeds<'a, A> {
    /// Gradients with respect to the outputs, `[T, B, features]` each, in order; those that are
    /// left out are zero.
    pub fn outputs(outputs: &[ArrayView3<'a, A>]) -> Self {
        Seeds {
            outputs: outputs.iter().copied().collect(),
            state: None,
            inputs: true,
        }
    }

    /// Gradient with respect to the final state.
    #[must_use]
    pub fn state<S: CellState<Scalar = A>>(mut self, state: &'a S) -> Self {
        self.state = Some(state);
        self
    }

    /// Leaves out the gradients of the inputs, which a first layer has no use for.
    #[must_use]
    pub fn without_inputs(mut self) -> Self {
        self.inputs = false;
        self
    }
}

impl<'a, A: Clone> From<ArrayView3<'a, A>> for Seeds<'a, A> {
    fn from(output: ArrayView3<'a, A>) -> Self {
        Seeds::outputs(&[output])
    }
}

impl<'a, A: Clone> From<&'a Array3<A>> for Seeds<'a, A> {
    fn from(output: &'a Array3<A>) -> Self {
        Seeds::outputs(&[output.view()])
    }
}
