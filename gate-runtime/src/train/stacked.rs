//! Layers on top of one another.

use ndarray::{Array3, ArrayView3};
use rand::Rng;
use smallvec::smallvec;

use crate::cell::Cell;
use crate::error::Error;
use crate::kernels::Float;
use crate::sequence::{Sequence, Start};

use super::bidirectional::Bidirectional;
use super::layer::{Groups, Layer, Output, reading, single};

/// Each layer reads the output of the one below.
#[derive(Clone, Debug)]
pub struct Stacked<L> {
    layers: Vec<L>,
}

/// What a recording of a stack leaves.
#[derive(Debug)]
pub struct StackedTape<L: Layer> {
    tapes: Vec<L::Tape>,
    /// Whether all layers have recorded the same sequence.
    recorded: bool,
    /// Whether a backward pass may follow.
    ready: bool,
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
            recorded: false,
            ready: false,
        }
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
    /// If there is no layer, the cell has several inputs, or the sizes do not fit.
    pub fn new<R: Rng + ?Sized>(
        sizes: &[usize],
        layers: usize,
        rng: &mut R,
    ) -> Result<Self, Error> {
        let mut all: Vec<C> = Vec::new();
        for _ in 0..layers {
            let sizes = all.last().map_or(sizes.to_vec(), |below| {
                reading(C::INFO, sizes, below.output_features())
            });
            all.push(C::with_sizes(&sizes, rng)?);
        }
        if all.is_empty() {
            return Err(Error::NoLayers { cell: C::INFO.name });
        }
        Stacked::from_layers(all)
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
        let mut all: Vec<Bidirectional<C>> = Vec::new();
        for _ in 0..layers {
            let sizes = all.last().map_or(sizes.to_vec(), |below| {
                reading(C::INFO, sizes, below.output_features())
            });
            all.push(Bidirectional::new(&sizes, rng)?);
        }
        if all.is_empty() {
            return Err(Error::NoLayers { cell: C::INFO.name });
        }
        Stacked::from_layers(all)
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
        for (layer, pair) in layers.windows(2).enumerate() {
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
        Ok(Stacked { layers })
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

    /// Runs over a sequence `[T, B, features]`; gives the top layer's output and every layer's
    /// final state, the lowest first. Without states it starts from the definitions'.
    ///
    /// # Errors
    ///
    /// If sequence, lengths or states do not fit the layers or one another.
    pub fn forward<'a>(
        &self,
        inputs: impl Into<Sequence<'a, L::Scalar>>,
        states: Option<&[L::State]>,
    ) -> Result<Output<Self>, Error> {
        let sequence = inputs.into();
        let input = single("Stacked", &sequence)?;
        self.check_states(states)?;
        let mut last = Vec::with_capacity(self.layers.len());
        let mut output: Option<Array3<L::Scalar>> = None;
        for (k, layer) in self.layers.iter().enumerate() {
            let view = match &output {
                Some(below) => below.view(),
                None => input.view(),
            };
            let (y, state) = layer.infer(of_layer(view, &sequence, k), states.map(|s| &s[k]))?;
            last.push(state);
            output = Some(y);
        }
        Ok((output.expect("a stack has a layer"), last))
    }

    /// Runs over a sequence and keeps what [`Stacked::backward`] needs.
    ///
    /// # Errors
    ///
    /// As [`Stacked::forward`].
    pub fn record<'a>(
        &self,
        inputs: impl Into<Sequence<'a, L::Scalar>>,
        states: Option<&[L::State]>,
        tape: &mut StackedTape<L>,
    ) -> Result<(), Error> {
        let sequence = inputs.into();
        (tape.recorded, tape.ready) = (false, false);
        let input = single("Stacked", &sequence)?;
        self.check_states(states)?;
        tape.tapes.resize_with(self.layers.len(), L::Tape::default);
        for (k, layer) in self.layers.iter().enumerate() {
            let (below, own) = tape.tapes.split_at_mut(k);
            let view = match below.last() {
                Some(below) => L::traced(below),
                None => input.view(),
            };
            layer.trace(
                of_layer(view, &sequence, k),
                states.map(|s| &s[k]),
                &mut own[0],
            )?;
        }
        (tape.recorded, tape.ready) = (true, true);
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
        inputs: smallvec![view],
        lengths: whole.lengths,
        start: Start::Definition,
        training,
    }
}

impl<L: Layer> Layer for Stacked<L> {
    type Scalar = L::Scalar;
    type State = Vec<L::State>;
    type Tape = StackedTape<L>;
    type Grads = StackedGrads<L>;

    fn name(&self) -> &'static str {
        self.layers[0].name()
    }

    fn input_features(&self) -> Result<usize, Error> {
        self.layers[0].input_features()
    }

    fn output_features(&self) -> usize {
        self.layers[self.layers.len() - 1].output_features()
    }

    fn infer(
        &self,
        sequence: Sequence<'_, L::Scalar>,
        state: Option<&Self::State>,
    ) -> Result<Output<Self>, Error> {
        self.forward(sequence, state.map(Vec::as_slice))
    }

    fn trace(
        &self,
        sequence: Sequence<'_, L::Scalar>,
        state: Option<&Self::State>,
        tape: &mut Self::Tape,
    ) -> Result<(), Error> {
        self.record(sequence, state.map(Vec::as_slice), tape)
    }

    fn traced(tape: &Self::Tape) -> ArrayView3<'_, L::Scalar> {
        tape.output()
            .expect("a tape has an output once something was recorded")
    }

    fn last_state(&self, tape: &Self::Tape) -> Result<Self::State, Error> {
        if !tape.recorded || tape.tapes.len() != self.layers.len() {
            return Err(Error::NotRecorded { cell: "Stacked" });
        }
        self.layers
            .iter()
            .zip(&tape.tapes)
            .map(|(layer, tape)| layer.last_state(tape))
            .collect()
    }

    fn pull_back_both(
        &self,
        tape: &mut Self::Tape,
        gradient: ArrayView3<'_, L::Scalar>,
        states: Option<&Self::State>,
        inputs: bool,
        grads: &mut Self::Grads,
    ) -> Result<(), Error> {
        self.check_pull_back(tape, gradient.dim().into(), grads)?;
        if let Some(states) = states {
            self.check_state(gradient.dim().1, states)?;
        }
        tape.ready = false;
        for (k, layer) in self.layers.iter().enumerate().rev() {
            let (own, above) = grads.layers.split_at_mut(k + 1);
            let gradient = above.first().map_or(gradient.view(), L::input_gradient);
            let (tape, state) = (&mut tape.tapes[k], states.map(|s| &s[k]));
            layer.pull_back_both(tape, gradient, state, inputs || k > 0, &mut own[k])?;
        }
        Ok(())
    }

    fn check_pull_back(
        &self,
        tape: &Self::Tape,
        gradient: [usize; 3],
        grads: &Self::Grads,
    ) -> Result<(), Error> {
        if !tape.ready || tape.tapes.len() != self.layers.len() {
            return Err(Error::NotRecorded { cell: "Stacked" });
        }
        self.check_count(grads)?;
        let tapes = tape.tapes.iter().zip(&grads.layers);
        for (k, (layer, (tape, grads))) in self.layers.iter().zip(tapes).enumerate() {
            let gradient = match k + 1 == self.layers.len() {
                true => gradient,
                false => L::traced(tape).dim().into(),
            };
            layer.check_pull_back(tape, gradient, grads)?;
        }
        Ok(())
    }

    fn check_state(&self, batch: usize, state: &Self::State) -> Result<(), Error> {
        self.check_states(Some(state))?;
        let mut pairs = self.layers.iter().zip(state);
        pairs.try_for_each(|(layer, state)| layer.check_state(batch, state))
    }

    fn check_grads(&self, grads: &Self::Grads) -> Result<(), Error> {
        self.check_count(grads)?;
        let mut pairs = self.layers.iter().zip(&grads.layers);
        pairs.try_for_each(|(layer, grads)| layer.check_grads(grads))
    }

    fn new_grads(&self) -> Self::Grads {
        StackedGrads {
            layers: self.layers.iter().map(L::new_grads).collect(),
        }
    }

    fn clear(grads: &mut Self::Grads) {
        grads.layers.iter_mut().for_each(L::clear);
    }

    fn input_gradient(grads: &Self::Grads) -> ArrayView3<'_, L::Scalar> {
        L::input_gradient(&grads.layers[0])
    }

    fn initial_gradient(grads: &Self::Grads) -> Self::State {
        grads.layers.iter().map(L::initial_gradient).collect()
    }

    fn groups<'a>(&'a mut self, grads: &'a mut Self::Grads) -> Groups<'a, L::Scalar> {
        self.check_count(grads)?;
        let mut all = Vec::new();
        for (k, (layer, grads)) in self.layers.iter_mut().zip(&mut grads.layers).enumerate() {
            let groups = layer.groups(grads)?.into_iter();
            all.extend(groups.map(|g| g.within(&k.to_string())));
        }
        Ok(all)
    }
}
