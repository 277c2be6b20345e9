//! A stack as a layer.

use ndarray::ArrayView3;
use tinyvec::TinyVec;

use crate::error::Error;
use crate::sequence::Sequence;
use crate::train::inner::check_back;
use crate::train::layer::{Groups, Layer, Output};

use super::{Stacked, StackedGrads, StackedTape};

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

    fn infer_on(
        &self,
        sequence: Sequence<'_, L::Scalar>,
        state: Option<&Self::State>,
        tape: &mut Self::Tape,
    ) -> Result<(), Error> {
        self.predict(sequence, state.map(Vec::as_slice), tape)
    }

    fn tape_memory(tape: &Self::Tape) -> usize {
        let between = tape
            .between
            .iter()
            .map(|v| v.len() * size_of::<L::Scalar>());
        let layers = tape.tapes.iter().map(L::tape_memory);
        layers.chain(between).max().unwrap_or(0)
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
        check_back(self, tape, gradient.dim().into(), states, grads)?;
        tape.ready = false;
        for (k, layer) in self.layers.iter().enumerate().rev() {
            let (own, above) = grads.layers.split_at_mut(k + 1);
            let gradient = match (above.first(), tape.dropout) {
                (None, _) => gradient.view(),
                (Some(above), None) => L::input_gradient(above),
                (Some(above), Some(dropout)) => {
                    dropout.apply(k, L::input_gradient(above), &mut tape.between[k])
                }
            };
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

    fn check_continued(&self) -> Result<(), Error> {
        self.layers.iter().try_for_each(L::check_continued)
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
        let mut all = TinyVec::new();
        for (k, (layer, grads)) in self.layers.iter_mut().zip(&mut grads.layers).enumerate() {
            let groups = layer.groups(grads)?.into_iter();
            all.extend(groups.map(|g| g.within(k)));
        }
        Ok(all)
    }
}
