//! Two layers that read a sequence in both directions.

mod layer;
mod reverse;

use ndarray::{Array3, ArrayView3};
use rand::Rng;

use crate::cell::Cell;
use crate::error::Error;
use crate::sequence::{Sequence, Start};
use crate::spare::{Memory, Spare};

use super::inner::{run, single};
use super::layer::{Layer, Output};
use super::pooling::check_lengths;
use reverse::{join, reversed};

/// One layer reads forwards, one backwards (Schuster and Paliwal 1997). The output has the
/// features of both, side by side, each at the step that it belongs to. The second reads each row
/// from its own last step.
///
/// ```
/// use gate_runtime::Sequence;
/// use gate_runtime::cells::Gru;
/// use gate_runtime::train::Bidirectional;
/// use ndarray::{Array3, s};
/// # use rand::SeedableRng;
///
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// let both = Bidirectional::<Gru<f32>>::new(&[3, 8], &mut rng)?;
/// let x = Array3::<f32>::ones((6, 2, 3));
/// let (output, (_, backwards)) = both.forward(Sequence::from(&x).lengths(&[6, 4]), None)?;
/// assert_eq!(output.dim(), (6, 2, 16));
/// assert_eq!(output.slice(s![0, .., 8..]), backwards.h); // read to the end at the first step
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Bidirectional<L: Layer> {
    forward: L,
    backward: L,
    /// What the last [`Bidirectional::forward`] worked with.
    spare: Spare<BidirectionalTape<L>>,
}

/// What a recording of both directions leaves.
#[derive(Debug)]
pub struct BidirectionalTape<L: Layer> {
    forward: L::Tape,
    backward: L::Tape,
    /// The input in reverse, where rows differ in length; later the gradient of the output of the
    /// second direction.
    reversed: Array3<L::Scalar>,
    output: Array3<L::Scalar>,
    /// None where all rows are whole.
    lengths: Vec<usize>,
    /// Whether both directions have recorded the same sequence.
    recorded: bool,
    /// Whether a backward pass may follow.
    ready: bool,
}

/// Gradients of both directions.
#[derive(Clone, Debug)]
pub struct BidirectionalGrads<L: Layer> {
    /// Of the layer that reads forwards.
    pub forward: L::Grads,
    /// Of the layer that reads backwards.
    pub backward: L::Grads,
    input: Array3<L::Scalar>,
}

impl<L: Layer> Default for BidirectionalTape<L> {
    fn default() -> Self {
        let empty = || Array3::zeros((0, 0, 0));
        let (forward, backward) = (L::Tape::default(), L::Tape::default());
        BidirectionalTape {
            forward,
            backward,
            reversed: empty(),
            output: empty(),
            lengths: Vec::new(),
            recorded: false,
            ready: false,
        }
    }
}

impl<L: Layer> Memory for BidirectionalTape<L> {
    fn values(&self) -> usize {
        Bidirectional::<L>::tape_memory(self)
    }
}

impl<L: Layer> BidirectionalTape<L> {
    /// Both outputs side by side, `[T, B, features]`; `None` if nothing was recorded.
    pub fn output(&self) -> Option<ArrayView3<'_, L::Scalar>> {
        self.recorded.then(|| self.output.view())
    }
}

impl<C: Cell> Bidirectional<C> {
    /// Two new cells of the same sizes, in the order of `INFO.sizes`.
    ///
    /// # Errors
    ///
    /// If the cell has several inputs, or the sizes do not fit.
    pub fn new<R: Rng + ?Sized>(sizes: &[usize], rng: &mut R) -> Result<Self, Error> {
        Bidirectional::from_layers(C::with_sizes(sizes, rng)?, C::with_sizes(sizes, rng)?)
    }
}

impl<L: Layer> Bidirectional<L> {
    /// Given layers, of equal sizes.
    ///
    /// # Errors
    ///
    /// If one has several inputs, or their inputs or outputs differ in size.
    pub fn from_layers(forward: L, backward: L) -> Result<Self, Error> {
        let both = Bidirectional {
            forward,
            backward,
            spare: Spare::default(),
        };
        both.check_layers()?;
        Ok(both)
    }

    /// Whether both read and give as much.
    fn check_layers(&self) -> Result<(), Error> {
        let widths = |layer: &L| -> Result<[usize; 2], Error> {
            Ok([layer.input_features()?, layer.output_features()])
        };
        let (expected, found) = (widths(&self.forward)?, widths(&self.backward)?);
        if expected == found {
            return Ok(());
        }
        Err(Error::Shape {
            cell: "Bidirectional",
            symbol: "backward",
            expected: expected.to_vec(),
            found: found.to_vec(),
        })
    }

    /// The layers: the one that reads forwards, the one that reads backwards.
    pub fn layers(&self) -> [&L; 2] {
        [&self.forward, &self.backward]
    }

    /// The layers, to change. Their sizes must stay as they are: a layer of other sizes than its
    /// companion is refused at the next run.
    pub fn layers_mut(&mut self) -> [&mut L; 2] {
        [&mut self.forward, &mut self.backward]
    }

    /// Runs over a sequence `[T, B, features]`; gives both outputs side by side and both final
    /// states. Without states it starts from the definitions'.
    /// Like a cell, the layer keeps the memory that it took for the next time; a clone does not.
    ///
    /// # Errors
    ///
    /// If sequence, lengths or states do not fit the layers or one another.
    pub fn forward<'a>(
        &self,
        inputs: impl Into<Sequence<'a, L::Scalar>>,
        states: Option<&(L::State, L::State)>,
    ) -> Result<Output<Self>, Error> {
        let mut tape = self.spare.take();
        let done = self.predict(inputs, states, &mut tape);
        let run = done.and_then(|()| {
            let last = self.last_state(&tape)?;
            Ok((std::mem::take(&mut tape.output), last))
        });
        tape.recorded = false;
        self.spare.give(tape);
        run
    }

    /// Runs over a sequence and leaves output and final states on the tape, nothing else: faster than
    /// [`Bidirectional::record`], and on a tape that is used again without allocation.
    ///
    /// # Errors
    ///
    /// As [`Bidirectional::forward`].
    pub fn predict<'a>(
        &self,
        inputs: impl Into<Sequence<'a, L::Scalar>>,
        states: Option<&(L::State, L::State)>,
        tape: &mut BidirectionalTape<L>,
    ) -> Result<(), Error> {
        self.run(&inputs.into(), states, tape, false)
    }

    /// Runs over a sequence and keeps what [`Bidirectional::backward`] needs.
    ///
    /// # Errors
    ///
    /// As [`Bidirectional::forward`].
    pub fn record<'a>(
        &self,
        inputs: impl Into<Sequence<'a, L::Scalar>>,
        states: Option<&(L::State, L::State)>,
        tape: &mut BidirectionalTape<L>,
    ) -> Result<(), Error> {
        self.run(&inputs.into(), states, tape, true)
    }

    fn run(
        &self,
        sequence: &Sequence<'_, L::Scalar>,
        states: Option<&(L::State, L::State)>,
        tape: &mut BidirectionalTape<L>,
        keep: bool,
    ) -> Result<(), Error> {
        (tape.recorded, tape.ready) = (false, false);
        let input = self.input(sequence)?;
        let (first, second) = (states.map(|s| &s.0), states.map(|s| &s.1));
        // First, as it says whether there is memory for so long a sequence.
        let whole = sequence.clone();
        run(&self.forward, whole, first, &mut tape.forward, keep)?;
        let reversed = reversed(input, sequence.lengths, &mut tape.reversed);
        let back = self.second(reversed, sequence);
        run(&self.backward, back, second, &mut tape.backward, keep)?;
        tape.lengths.clear();
        tape.lengths.extend(sequence.lengths.unwrap_or_default());
        join(
            L::traced(&tape.forward),
            L::traced(&tape.backward),
            sequence.lengths,
            &mut tape.output,
        );
        (tape.recorded, tape.ready) = (true, keep);
        Ok(())
    }

    /// Goes back over a recording, from the gradient of both outputs side by side. Adds to the
    /// gradients of the parameters; where `inputs` says so it replaces that of the input.
    ///
    /// # Errors
    ///
    /// If nothing was recorded, or gradient, tape or gradients do not fit the layers; the recording
    /// may then be gone over with others.
    pub fn backward(
        &self,
        tape: &mut BidirectionalTape<L>,
        gradient: ArrayView3<'_, L::Scalar>,
        inputs: bool,
        grads: &mut BidirectionalGrads<L>,
    ) -> Result<(), Error> {
        self.pull_back_both(tape, gradient, None, inputs, grads)
    }

    /// The input, once lengths fit it.
    fn input<'a>(
        &self,
        sequence: &Sequence<'a, L::Scalar>,
    ) -> Result<ArrayView3<'a, L::Scalar>, Error> {
        self.check_layers()?;
        if matches!(sequence.start, Start::Continued) {
            self.check_continued()?;
        }
        let input = single("Bidirectional", sequence)?;
        let (steps, batch, _) = input.dim();
        check_lengths("Bidirectional", steps, batch, sequence.lengths)?;
        Ok(input)
    }

    /// The sequence for the second direction, which draws random masks of its own.
    fn second<'v, 'w: 'v>(
        &self,
        reversed: ArrayView3<'v, L::Scalar>,
        whole: &Sequence<'w, L::Scalar>,
    ) -> Sequence<'v, L::Scalar> {
        let training = whole.training.map(|seed| !seed);
        Sequence {
            inputs: [reversed].into_iter().collect(),
            lengths: whole.lengths,
            start: Start::Definition,
            training,
        }
    }
}
