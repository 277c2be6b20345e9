//! Both directions as a layer.

use ndarray::{Array3, ArrayView3, s};

use crate::error::Error;
use crate::sequence::Sequence;
use crate::train::inner::check_back;
use crate::train::layer::{Groups, Layer, Output};

use super::reverse::{add, reversed};
use super::{Bidirectional, BidirectionalGrads, BidirectionalTape};

impl<L: Layer> Layer for Bidirectional<L> {
    type Scalar = L::Scalar;
    type State = (L::State, L::State);
    type Tape = BidirectionalTape<L>;
    type Grads = BidirectionalGrads<L>;

    fn name(&self) -> &'static str {
        self.forward.name()
    }

    fn input_features(&self) -> Result<usize, Error> {
        self.forward.input_features()
    }

    fn output_features(&self) -> usize {
        2 * self.forward.output_features()
    }

    fn infer(
        &self,
        sequence: Sequence<'_, L::Scalar>,
        state: Option<&Self::State>,
    ) -> Result<Output<Self>, Error> {
        self.forward(sequence, state)
    }

    fn infer_on(
        &self,
        sequence: Sequence<'_, L::Scalar>,
        state: Option<&Self::State>,
        tape: &mut Self::Tape,
    ) -> Result<(), Error> {
        self.predict(sequence, state, tape)
    }

    fn tape_memory(tape: &Self::Tape) -> usize {
        let own = (tape.reversed.len() + tape.output.len()) * size_of::<L::Scalar>();
        let cells = [&tape.forward, &tape.backward].map(L::tape_memory);
        cells.into_iter().fold(own, usize::max)
    }

    fn trace(
        &self,
        sequence: Sequence<'_, L::Scalar>,
        state: Option<&Self::State>,
        tape: &mut Self::Tape,
    ) -> Result<(), Error> {
        self.record(sequence, state, tape)
    }

    fn traced(tape: &Self::Tape) -> ArrayView3<'_, L::Scalar> {
        tape.output()
            .expect("a tape has an output once something was recorded")
    }

    fn last_state(&self, tape: &Self::Tape) -> Result<Self::State, Error> {
        if !tape.recorded {
            return Err(Error::NotRecorded {
                cell: "Bidirectional",
            });
        }
        Ok((
            self.forward.last_state(&tape.forward)?,
            self.backward.last_state(&tape.backward)?,
        ))
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
        let half = self.forward.output_features();
        let lengths = (!tape.lengths.is_empty()).then_some(&*tape.lengths);
        let second = gradient.slice(s![.., .., half..]);
        let second = reversed(second, lengths, &mut tape.reversed);
        self.forward.pull_back_both(
            &mut tape.forward,
            gradient.slice(s![.., .., ..half]),
            states.map(|s| &s.0),
            inputs,
            &mut grads.forward,
        )?;
        self.backward.pull_back_both(
            &mut tape.backward,
            second,
            states.map(|s| &s.1),
            inputs,
            &mut grads.backward,
        )?;
        if inputs {
            add(
                L::input_gradient(&grads.forward),
                L::input_gradient(&grads.backward),
                lengths,
                &mut grads.input,
            );
        }
        Ok(())
    }

    fn check_pull_back(
        &self,
        tape: &Self::Tape,
        gradient: [usize; 3],
        grads: &Self::Grads,
    ) -> Result<(), Error> {
        if !tape.ready {
            return Err(Error::NotRecorded {
                cell: "Bidirectional",
            });
        }
        if gradient != <[usize; 3]>::from(tape.output.dim()) {
            return Err(Error::Shape {
                cell: "Bidirectional",
                symbol: "gradient",
                expected: tape.output.shape().to_vec(),
                found: gradient.to_vec(),
            });
        }
        let half = L::traced(&tape.forward).dim().into();
        self.forward
            .check_pull_back(&tape.forward, half, &grads.forward)?;
        self.backward
            .check_pull_back(&tape.backward, half, &grads.backward)
    }

    fn check_state(&self, batch: usize, state: &Self::State) -> Result<(), Error> {
        self.forward.check_state(batch, &state.0)?;
        self.backward.check_state(batch, &state.1)
    }

    fn check_grads(&self, grads: &Self::Grads) -> Result<(), Error> {
        self.forward.check_grads(&grads.forward)?;
        self.backward.check_grads(&grads.backward)
    }

    fn check_continued(&self) -> Result<(), Error> {
        Err(Error::ContinuedBackwards { cell: self.name() })
    }

    fn new_grads(&self) -> Self::Grads {
        let (forward, backward) = (self.forward.new_grads(), self.backward.new_grads());
        BidirectionalGrads {
            forward,
            backward,
            input: Array3::zeros((0, 0, 0)),
        }
    }

    fn clear(grads: &mut Self::Grads) {
        L::clear(&mut grads.forward);
        L::clear(&mut grads.backward);
    }

    fn input_gradient(grads: &Self::Grads) -> ArrayView3<'_, L::Scalar> {
        grads.input.view()
    }

    fn initial_gradient(grads: &Self::Grads) -> Self::State {
        let (forward, backward) = (&grads.forward, &grads.backward);
        (L::initial_gradient(forward), L::initial_gradient(backward))
    }

    fn groups<'a>(&'a mut self, grads: &'a mut Self::Grads) -> Groups<'a, L::Scalar> {
        let there = self.forward.groups(&mut grads.forward)?.into_iter();
        let back = self.backward.groups(&mut grads.backward)?.into_iter();
        let there = there.map(|g| g.within("forward"));
        Ok(there.chain(back.map(|g| g.within("backward"))).collect())
    }
}
