//! A cell as a layer.

use ndarray::ArrayView3;
use std::iter;

use crate::cell::{Cell, CellGrads};
use crate::checks;
use crate::error::Error;
use crate::info::RoleInfo;
use crate::sequence::{Seeds, Sequence, Start};
use crate::tape::Tape;

use super::group::Group;
use super::layer::{Groups, Layer, Output};

impl<C: Cell> Layer for C {
    type Scalar = C::Scalar;
    type State = C::State;
    type Tape = Tape<C>;
    type Grads = C::Grads;

    fn name(&self) -> &'static str {
        C::INFO.name
    }

    fn input_features(&self) -> Result<usize, Error> {
        match C::INFO
            .symbols
            .iter()
            .filter(|s| s.role == RoleInfo::Input)
            .count()
        {
            1 => Ok(self.input_width(0)),
            inputs => Err(Error::NotALayer {
                cell: C::INFO.name,
                inputs,
            }),
        }
    }

    fn output_features(&self) -> usize {
        self.output_width(0)
    }

    fn infer(
        &self,
        sequence: Sequence<'_, C::Scalar>,
        state: Option<&C::State>,
    ) -> Result<Output<C>, Error> {
        let mut run = self.forward(from::<C>(sequence, state)?)?;
        Ok((run.outputs.swap_remove(0), run.state))
    }

    fn infer_on(
        &self,
        sequence: Sequence<'_, C::Scalar>,
        state: Option<&C::State>,
        tape: &mut Tape<C>,
    ) -> Result<(), Error> {
        self.predict(from::<C>(sequence, state)?, tape)
    }

    fn tape_memory(tape: &Tape<C>) -> usize {
        tape.bytes()
    }

    fn trace(
        &self,
        sequence: Sequence<'_, C::Scalar>,
        state: Option<&C::State>,
        tape: &mut Tape<C>,
    ) -> Result<(), Error> {
        self.record(from::<C>(sequence, state)?, tape)
    }

    fn traced(tape: &Tape<C>) -> ArrayView3<'_, C::Scalar> {
        tape.output(0)
    }

    fn last_state(&self, tape: &Tape<C>) -> Result<C::State, Error> {
        if tape.recording.steps() == 0 {
            return Err(Error::NotRecorded { cell: C::INFO.name });
        }
        Ok(tape.state().clone())
    }

    fn pull_back_both(
        &self,
        tape: &mut Tape<C>,
        gradient: ArrayView3<'_, C::Scalar>,
        state: Option<&C::State>,
        inputs: bool,
        grads: &mut C::Grads,
    ) -> Result<(), Error> {
        let mut seeds = Seeds::outputs(&[gradient]);
        if let Some(state) = state {
            seeds = seeds.state(state);
        }
        if !inputs {
            seeds = seeds.without_inputs();
        }
        self.backward(tape, seeds, grads)
    }

    fn check_pull_back(
        &self,
        tape: &Tape<C>,
        gradient: [usize; 3],
        grads: &C::Grads,
    ) -> Result<(), Error> {
        let instance = self.instance();
        checks::seed(&instance.layout, tape.ready(instance)?, 0, &gradient)?;
        self.check_grads(grads)
    }

    fn check_state(&self, batch: usize, state: &C::State) -> Result<(), Error> {
        checks::state(&self.instance().layout, batch, state)
    }

    fn check_grads(&self, grads: &C::Grads) -> Result<(), Error> {
        checks::gradients(&self.instance().layout, &grads.parts().0.layout)
    }

    fn new_grads(&self) -> C::Grads {
        self.zero_grads()
    }

    fn clear(grads: &mut C::Grads) {
        grads.zero();
    }

    fn input_gradient(grads: &C::Grads) -> ArrayView3<'_, C::Scalar> {
        grads.input(0)
    }

    fn initial_gradient(grads: &C::Grads) -> C::State {
        grads.state().clone()
    }

    fn groups<'a>(&'a mut self, grads: &'a mut C::Grads) -> Groups<'a, C::Scalar> {
        self.check_grads(grads)?;
        let group = Group::new("cell", self.params_mut(), grads.params_mut());
        Ok(iter::once(group).collect())
    }
}

/// A sequence that starts from a state, if one is given.
fn from<'s, 'a: 's, C: Cell>(
    sequence: Sequence<'a, C::Scalar>,
    state: Option<&'s C::State>,
) -> Result<Sequence<'s, C::Scalar>, Error> {
    match (state, sequence.start) {
        (Some(state), Start::Definition) => Ok(sequence.state(state)),
        (Some(_), _) => Err(Error::TwoStates { cell: C::INFO.name }),
        (None, start) => Ok(sequence.starting(start)),
    }
}
