//! Layers on top of one another.

mod dropout;
mod layer;
mod stream;

use ndarray::ArrayView3;
use rand::Rng;

use crate::cell::Cell;
use crate::error::Error;
use crate::info::CellInfo;
use crate::kernels::Float;
use crate::sequence::{Sequence, Start};
use crate::spare::{Memory, Spare};

use super::bidirectional::Bidirectional;
use super::inner::{reading, run, single};
use super::layer::{Layer, Output};
use dropout::Dropout;
pub use stream::StackedStream;

/// Each layer reads the output of the one below.
///
/// ```
/// use gate_runtime::cells::Lstm;
/// use gate_runtime::train::{Bidirectional, Layer, Stacked, StackedTape};
/// use ndarray::Array3;
/// # use rand::SeedableRng;
///
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// // Sizes of the lowest layer; the others read what the one below gives.
/// let stack = Stacked::<Lstm<f32>>::new(&[3, 8], 2, &mut rng)?.with_dropout(0.2);
/// let (x, dy) = (Array3::<f32>::ones((6, 2, 3)), Array3::ones((6, 2, 8)));
///
/// let (output, states) = stack.forward(&x, None)?;
/// assert_eq!((output.dim(), states.len()), ((6, 2, 8), 2));
///
/// let (mut tape, mut grads) = (StackedTape::default(), stack.new_grads());
/// stack.record(&x, None, &mut tape)?;
/// let of_input = true;
/// stack.backward(&mut tape, dy.view(), of_input, &mut grads)?;
///
/// // Both directions in every layer.
/// let both = Stacked::<Bidirectional<Lstm<f32>>>::new(&[3, 8], 2, &mut rng)?;
/// assert_eq!(both.forward(&x, None)?.0.dim(), (6, 2, 16));
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Stacked<L: Layer> {
    layers: Vec<L>,
    dropout: f64,
    /// What the last [`Stacked::forward`] worked with.
    spare: Spare<StackedTape<L>>,
}

/// What a recording of a stack leaves.
#[derive(Debug)]
pub struct StackedTape<L: Layer> {
    tapes: Vec<L::Tape>,
    /// The one that was recorded with.
    dropout: Option<Dropout>,
    /// What each layer but the lowest has read of the one below, where something was dropped;
    /// later the gradient of that one's output.
    between: Vec<Vec<L::Scalar>>,
    /// Whether all layers have recorded the same sequence.
    recorded: bool,
    /// Whether a backward pass may follow.
    ready: bool,
    /// Whether the states of all layers are those after the same step, to go on from.
    together: bool,
}

/// Gradients of a stack, layer by layer.
#[derive(Clone, Debug)]
pub struct StackedGrads<L: Layer> {
    /// Gradients of each layer, the lowest first.
    pub layers: Vec<L::Grads>,
}

impl<L: Layer> Default for StackedTape<L> {
    fn default() -> Self {
        StackedTape {
            tapes: Vec::new(),
            dropout: None,
            between: Vec::new(),
            recorded: false,
            ready: false,
            together: false,
        }
    }
}

impl<L: Layer> Memory for StackedTape<L> {
    fn values(&self) -> usize {
        Stacked::<L>::tape_memory(self)
    }
}

impl<L: Layer> StackedTape<L> {
    /// The output of the top layer, `[T, B, features]`; `None` if nothing was recorded.
    pub fn output(&self) -> Option<ArrayView3<'_, L::Scalar>> {
        self.tapes.last().filter(|_| self.recorded).map(L::traced)
    }
}

impl<C: Cell> Stacked<C> {
    /// So many cells of one type. `sizes` are the lowest cell's, in the order of `INFO.sizes`; the
    /// others have the same but read the output of the one below.
    ///
    /// # Errors
    ///
    /// If there is no layer, or no memory for so many, the cell has several inputs, or the sizes do
    /// not fit.
    pub fn new<R: Rng + ?Sized>(
        sizes: &[usize],
        layers: usize,
        rng: &mut R,
    ) -> Result<Self, Error> {
        pile(C::INFO, sizes, layers, |sizes| C::with_sizes(sizes, rng))
    }
}

impl<C: Cell> Stacked<Bidirectional<C>> {
    /// So many bidirectional layers of one type of cell. `sizes` are those of the lowest layer's
    /// cells; the others have the same but read both directions of the one below.
    ///
    /// # Errors
    ///
    /// As for a stack of cells.
    pub fn new<R: Rng + ?Sized>(
        sizes: &[usize],
        layers: usize,
        rng: &mut R,
    ) -> Result<Self, Error> {
        pile(C::INFO, sizes, layers, |sizes| {
            Bidirectional::new(sizes, rng)
        })
    }
}

impl<L: Layer> Stacked<L> {
    /// A stack of given layers, the lowest first.
    ///
    /// # Errors
    ///
    /// If there is no layer, one has several inputs, or one cannot read what the one below gives.
    pub fn from_layers(layers: Vec<L>) -> Result<Self, Error> {
        let Some(first) = layers.first() else {
            return Err(Error::NoLayers {
                cell: "given layers",
            });
        };
        first.input_features()?;
        let stack = Stacked {
            layers,
            dropout: 0.0,
            spare: Spare::default(),
        };
        stack.check_widths()?;
        Ok(stack)
    }

    /// Whether each layer reads as much as the one below gives.
    fn check_widths(&self) -> Result<(), Error> {
        for (layer, pair) in self.layers.windows(2).enumerate() {
            let (expected, found) = (pair[1].input_features()?, pair[0].output_features());
            if expected != found {
                return Err(Error::LayerWidth {
                    cell: pair[1].name(),
                    layer: layer + 1,
                    expected,
                    found,
                });
            }
        }
        Ok(())
    }

    /// The same stack with dropout between its layers (Zaremba, Sutskever and Vinyals 2014): while
    /// training, each number that goes from a layer to the next is zero with this chance, from 0 to
    /// below 1, else divided by one minus it. As `dropout` of PyTorch's `nn.LSTM`, the output of the
    /// top layer stays whole.
    ///
    /// A pass trains whose sequence says [`training`](Sequence::training). Its seed decides what is
    /// dropped: of each step and row for itself, whatever the others are. Without it all numbers
    /// pass as they are. A file keeps the chance, and gives it back.
    #[must_use]
    pub fn with_dropout(mut self, chance: f64) -> Self {
        self.dropout = chance;
        self
    }

    /// The chance of dropout between layers, 0 without it.
    pub fn dropout(&self) -> f64 {
        self.dropout
    }

    /// Sets the chance of dropout between layers for the passes to come.
    pub fn set_dropout(&mut self, chance: f64) {
        self.dropout = chance;
    }

    /// The layers, the lowest first.
    pub fn layers(&self) -> &[L] {
        &self.layers
    }

    /// The layers, to change. Their sizes must stay as they are: a layer of other sizes is refused
    /// at the next run.
    pub fn layers_mut(&mut self) -> &mut [L] {
        &mut self.layers
    }

    /// The layers and the chance of dropout, to change.
    pub(crate) fn parts_mut(&mut self) -> (&mut [L], &mut f64) {
        (&mut self.layers, &mut self.dropout)
    }

    /// Runs over a sequence `[T, B, features]`; gives the top layer's output and every layer's
    /// final state, the lowest first. Without states it starts from the definitions'.
    /// Like a cell, the stack keeps the memory that it took for the next time; a clone does not.
    ///
    /// # Errors
    ///
    /// If sequence, lengths or states do not fit the layers or one another, or the chance of dropout
    /// is not one.
    pub fn forward<'a>(
        &self,
        inputs: impl Into<Sequence<'a, L::Scalar>>,
        states: Option<&[L::State]>,
    ) -> Result<Output<Self>, Error> {
        let mut tape = self.spare.take();
        // There is nothing that a run by itself could go on from.
        tape.together = false;
        let done = self.predict(inputs, states, &mut tape);
        let run = done.and_then(|()| Ok((Self::traced(&tape).to_owned(), self.last_state(&tape)?)));
        self.spare.give(tape);
        run
    }

    /// Runs over a sequence and leaves output and final states on the tape, nothing else: faster than
    /// [`Stacked::record`], and on a tape that is used again without allocation. It is continued as a
    /// recording is.
    ///
    /// # Errors
    ///
    /// As [`Stacked::record`].
    pub fn predict<'a>(
        &self,
        inputs: impl Into<Sequence<'a, L::Scalar>>,
        states: Option<&[L::State]>,
        tape: &mut StackedTape<L>,
    ) -> Result<(), Error> {
        self.run(&inputs.into(), states, tape, false)
    }

    /// Runs over a sequence and keeps what [`Stacked::backward`] needs. One that is
    /// [`continued`](Sequence::continued) goes on in every layer from the state that the last
    /// recording on the tape ended in; layers of two directions cannot.
    ///
    /// # Errors
    ///
    /// As [`Stacked::forward`], or if there is nothing on the tape to go on from.
    pub fn record<'a>(
        &self,
        inputs: impl Into<Sequence<'a, L::Scalar>>,
        states: Option<&[L::State]>,
        tape: &mut StackedTape<L>,
    ) -> Result<(), Error> {
        self.run(&inputs.into(), states, tape, true)
    }

    fn run(
        &self,
        sequence: &Sequence<'_, L::Scalar>,
        states: Option<&[L::State]>,
        tape: &mut StackedTape<L>,
        keep: bool,
    ) -> Result<(), Error> {
        (tape.recorded, tape.ready) = (false, false);
        let input = single("Stacked", sequence)?;
        self.check_states(states)?;
        if matches!(sequence.start, Start::Continued) {
            self.check_continued()?;
            if !tape.together || tape.tapes.len() != self.layers.len() {
                return Err(Error::NothingToContinue { cell: self.name() });
            }
        }
        tape.dropout = Dropout::new(self.dropout, sequence.training)?;
        tape.tapes.resize_with(self.layers.len(), L::Tape::default);
        tape.between.resize_with(self.layers.len() - 1, Vec::new);
        for (k, layer) in self.layers.iter().enumerate() {
            let (below, own) = tape.tapes.split_at_mut(k);
            let view = match (below.last(), tape.dropout) {
                (None, _) => input.view(),
                (Some(below), None) => L::traced(below),
                (Some(below), Some(dropout)) => {
                    dropout.apply(k - 1, L::traced(below), &mut tape.between[k - 1])
                }
            };
            let (own, state) = (&mut own[0], states.map(|s| &s[k]));
            run(layer, of_layer(view, sequence, k), state, own, keep)?;
            tape.together = k + 1 == self.layers.len();
        }
        (tape.recorded, tape.ready) = (true, keep);
        Ok(())
    }

    /// Goes back over a recording, from the gradient of the top layer's output `[T, B,
    /// features]`. Adds to the gradients of the parameters; where `inputs` says so it replaces
    /// that of the input. Gradients of final states go in by [`Layer::pull_back_both`].
    ///
    /// # Errors
    ///
    /// If nothing was recorded, or gradient, tape or gradients do not fit the stack; the recording
    /// may then be gone over with others.
    pub fn backward(
        &self,
        tape: &mut StackedTape<L>,
        gradient: ArrayView3<'_, L::Scalar>,
        inputs: bool,
        grads: &mut StackedGrads<L>,
    ) -> Result<(), Error> {
        self.pull_back_both(tape, gradient, None, inputs, grads)
    }

    fn check_count(&self, grads: &StackedGrads<L>) -> Result<(), Error> {
        let (expected, found) = (self.layers.len(), grads.layers.len());
        if expected == found {
            return Ok(());
        }
        Err(Error::Shape {
            cell: "Stacked",
            symbol: "grads",
            expected: vec![expected],
            found: vec![found],
        })
    }

    fn check_states(&self, states: Option<&[L::State]>) -> Result<(), Error> {
        match states.map(<[_]>::len) {
            Some(found) if found != self.layers.len() => Err(Error::StackStates {
                cell: self.name(),
                layers: self.layers.len(),
                found,
            }),
            _ => Ok(()),
        }
    }
}

/// So many layers made of one type of cell, each of which reads the output of the one below.
fn pile<L: Layer>(
    info: &'static CellInfo,
    sizes: &[usize],
    layers: usize,
    mut make: impl FnMut(&[usize]) -> Result<L, Error>,
) -> Result<Stacked<L>, Error> {
    let cell = info.name;
    let mut all: Vec<L> = Vec::new();
    if all.try_reserve_exact(layers).is_err() {
        return Err(Error::TooManyLayers { cell, layers });
    }
    for _ in 0..layers {
        let sizes = all.last().map_or(sizes.to_vec(), |below| {
            reading(info, sizes, below.output_features())
        });
        all.push(make(&sizes)?);
    }
    if all.is_empty() {
        return Err(Error::NoLayers { cell });
    }
    Stacked::from_layers(all)
}

/// The sequence for one layer. Each draws random masks of its own.
fn of_layer<'v, 'w: 'v, A: Float>(
    view: ArrayView3<'v, A>,
    whole: &Sequence<'w, A>,
    layer: usize,
) -> Sequence<'v, A> {
    let training = whole
        .training
        .map(|seed| seed.wrapping_add((layer as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    Sequence {
        inputs: [view].into_iter().collect(),
        lengths: whole.lengths,
        start: match whole.start {
            Start::Continued => Start::Continued,
            _ => Start::Definition,
        },
        training,
    }
}
