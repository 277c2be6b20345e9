//! The trait that layers, training and files are written against.

mod grads;
mod state;

use ndarray::{Array2, Array3, ArrayView2, Axis};

use crate::checks;
use crate::error::Error;
use crate::exec::{self, Program};
use crate::info::CellInfo;
use crate::instance::Instance;
use crate::kernels::Float;
use crate::sequence::{Run, Seeds, Sequence, Start};
use crate::sizes::memory_for;
use crate::states::{fields, initial_gradients, initial_states, write_state};
use crate::stream::Stream;
use crate::tape::Tape;
use crate::words::counted;

pub use grads::CellGrads;
pub use state::CellState;
pub(crate) use state::Fields;

/// A recurrent cell: its passes over sequences, its steps, its parameters as one slice.
///
/// [`cell!`](macro@crate::cell) and [`cell_from_docs`](macro@crate::cell_from_docs) implement it, and what
/// is here is the same for every cell, so that code can be generic over cells. What differs from
/// cell to cell, `new` with sizes by name and a view of each parameter, are methods of the type.
///
/// ```
/// use gate_runtime::cells::{Gru, Lstm};
/// use gate_runtime::{Cell, CellGrads, Error, Tape};
/// use ndarray::Array3;
/// # use rand::SeedableRng;
///
/// /// The largest gradient, by any parameter, of the sum of all outputs.
/// fn steepest<C: Cell<Scalar = f32>>(cell: &C, x: &Array3<f32>) -> Result<f32, Error> {
///     let (mut tape, mut grads) = (Tape::new(), cell.zero_grads());
///     cell.record(x, &mut tape)?;
///     let ones = Array3::ones(tape.output(0).raw_dim());
///     cell.backward(&mut tape, &ones, &mut grads)?;
///     Ok(grads.params().iter().fold(0.0, |most, g| g.abs().max(most)))
/// }
///
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// let x = Array3::ones((6, 2, 3)); // six steps of two rows with three features
/// assert!(steepest(&Gru::with_sizes(&[3, 8], &mut rng)?, &x)? > 0.0);
/// assert!(steepest(&Lstm::with_sizes(&[3, 8], &mut rng)?, &x)? > 0.0);
/// # Ok::<(), Error>(())
/// ```
pub trait Cell: Clone + std::fmt::Debug + Send + Sync + Sized + 'static {
    /// `f32` or `f64`.
    type Scalar: Float;
    /// What one step hands to the next: `LstmState`, with an array for each state symbol.
    type State: CellState<Scalar = Self::Scalar>;
    /// Gradients of parameters, inputs and the initial state: `LstmGrads`, with views under the
    /// names of the equations.
    type Grads: CellGrads<Scalar = Self::Scalar, State = Self::State>;
    /// The compiled program.
    #[doc(hidden)]
    type Code: Program<Self::Scalar>;
    /// What the definition says of itself: equations, symbols with their shapes, the step as a
    /// graph, and what follows from them.
    const INFO: &'static CellInfo;

    #[doc(hidden)]
    fn from_instance(instance: Instance<Self::Scalar>) -> Self;
    #[doc(hidden)]
    fn instance(&self) -> &Instance<Self::Scalar>;
    #[doc(hidden)]
    fn instance_mut(&mut self) -> &mut Instance<Self::Scalar>;

    /// A new cell; sizes in the order of `INFO.sizes`, parameters initialised as the definition
    /// says.
    ///
    /// # Errors
    ///
    /// If the number of sizes is wrong, one of them is zero or does not fit, or there is no memory
    /// for the parameters.
    fn with_sizes<R: rand::Rng + ?Sized>(sizes: &[usize], rng: &mut R) -> Result<Self, Error> {
        Ok(Self::from_instance(Instance::new::<Self, R>(sizes, rng)?))
    }

    /// Its sizes, in the order of `INFO.sizes`.
    fn sizes(&self) -> &[usize] {
        &self.instance().layout.sizes
    }

    /// All parameters, in the order of `INFO.symbols`, row-major each.
    fn params(&self) -> &[Self::Scalar] {
        self.instance().numbers.params()
    }

    /// All parameters, to change.
    fn params_mut(&mut self) -> &mut [Self::Scalar] {
        self.instance_mut().numbers.params_mut()
    }

    /// Values of the hyper-parameters, in the order of `INFO.symbols`.
    fn hypers(&self) -> &[Self::Scalar] {
        self.instance().numbers.hypers()
    }

    /// Values of the hyper-parameters, to change.
    fn hypers_mut(&mut self) -> &mut [Self::Scalar] {
        self.instance_mut().numbers.hypers_mut()
    }

    /// Features of the `i`-th input, counted from 0.
    ///
    /// # Panics
    ///
    /// If there is no such input.
    #[track_caller]
    fn input_width(&self, i: usize) -> usize {
        let layout = &self.instance().layout;
        layout.width(*nth(layout.info.name, "input", layout.tables.inputs, i))
    }

    /// Features of the `i`-th output, counted from 0.
    ///
    /// # Panics
    ///
    /// If there is no such output.
    #[track_caller]
    fn output_width(&self, i: usize) -> usize {
        let layout = &self.instance().layout;
        layout.width(*nth(layout.info.name, "output", layout.tables.outputs, i))
    }

    /// Bytes of the values that the tape keeps for one step of one row, beside the inputs: `tape` of
    /// [`CellInfo::cost`] in this number type. Of memories that are matrices long sequences keep
    /// fewer; [`recorded_bytes`](Cell::recorded_bytes) says all that a sequence takes.
    fn tape_bytes(&self) -> usize {
        self.instance().layout.tape_width() * std::mem::size_of::<Self::Scalar>()
    }

    /// Bytes that a tape will hold ([`Tape::bytes`]) when so many steps of so many rows are recorded
    /// by as many threads as there are now; `None` if they cannot be counted. Nothing is allocated.
    fn recorded_bytes(&self, steps: usize, batch: usize) -> Option<usize> {
        let elements = exec::recorded::<Self::Scalar>(&self.instance().layout, steps, batch)?;
        elements.checked_mul(std::mem::size_of::<Self::Scalar>())
    }

    /// The state that a sequence starts from unless another is given.
    ///
    /// # Panics
    ///
    /// If there is no memory for so many rows.
    fn zero_state(&self, batch: usize) -> Self::State {
        let (instance, mut states) = (self.instance(), Vec::new());
        expect_rows(instance, instance.layout.state_width(), batch);
        initial_states(instance, batch, &mut states);
        Self::State::from_fields(fields(&instance.layout, batch, &states))
    }

    /// Gradients for [`Cell::backward`] to add to, all zero.
    fn zero_grads(&self) -> Self::Grads {
        let inputs = vec![Array3::zeros((0, 0, 0)); self.instance().layout.tables.inputs.len()];
        let mut state = self.zero_state(0);
        state
            .fields_mut()
            .iter_mut()
            .for_each(|f| f.fill(Self::Scalar::ZERO));
        Self::Grads::from_parts(self.instance().zeros_like(), inputs, state)
    }

    /// Runs over a sequence, time-major `[T, B, features]`. The cell keeps the memory that it took
    /// (up to 64 MiB, and the packed weights) for the next time; a clone does not.
    ///
    /// # Errors
    ///
    /// If inputs, lengths or state do not fit the cell or one another, the sequence does not fit in
    /// memory, or a hyper-parameter that is a probability is none.
    fn forward<'a>(
        &self,
        inputs: impl Into<Sequence<'a, Self::Scalar>>,
    ) -> Result<Run<Self>, Error> {
        let spare = &self.instance().spare;
        let mut tape = Tape::on(*spare.take());
        let done = self.predict(inputs, &mut tape);
        let (run, recording) = tape.into_run();
        spare.give(Box::new(recording));
        done.map(|()| run.expect("a prediction gives a run"))
    }

    /// Runs over a sequence and leaves outputs and final state on the tape, nothing else: faster
    /// than [`Cell::record`], and on a tape that is used again without allocation. A tape may be
    /// used for both in turn.
    ///
    /// # Errors
    ///
    /// As [`Cell::forward`].
    fn predict<'a>(
        &self,
        inputs: impl Into<Sequence<'a, Self::Scalar>>,
        tape: &mut Tape<Self>,
    ) -> Result<(), Error> {
        run(self, &inputs.into(), tape, false)
    }

    /// Runs over a sequence and keeps on the tape what [`Cell::backward`] needs, the parameters
    /// among it: those may change before it. A tape that is used again keeps its memory: with one
    /// thread, neither pass allocates after the first time, unless it needs more than ever before.
    ///
    /// # Errors
    ///
    /// As [`Cell::forward`]; or if the sequence is to continue a recording of another cell. There is
    /// then nothing on the tape to go back over.
    fn record<'a>(
        &self,
        inputs: impl Into<Sequence<'a, Self::Scalar>>,
        tape: &mut Tape<Self>,
    ) -> Result<(), Error> {
        run(self, &inputs.into(), tape, true)
    }

    /// Goes back over a recorded sequence. Adds to the gradients of parameters, at the values
    /// that they had when it was recorded; replaces those of inputs and of the initial state.
    ///
    /// # Errors
    ///
    /// If nothing was recorded, the recording was gone over already or belongs to another cell
    /// (a clone's will do, and one of equal parameters), or the gradients' shapes do not fit.
    fn backward<'a>(
        &self,
        tape: &mut Tape<Self>,
        seeds: impl Into<Seeds<'a, Self::Scalar>>,
        grads: &mut Self::Grads,
    ) -> Result<(), Error> {
        let seeds = seeds.into();
        let layout = &self.instance().layout;
        let (steps, batch) = tape.ready(self.instance())?;
        checks::seeds(layout, steps, batch, &seeds)?;
        if let Some(state) = seeds.state {
            checks::states(layout, batch, state, &mut tape.recording.flows)?;
        }
        checks::gradients(layout, &grads.parts().0.layout)?;
        let (instance, inputs, state) = grads.parts_mut();
        let task = exec::BackTask {
            outputs: &seeds.outputs,
            states: seeds.state.is_some(),
        };
        let wanted = if seeds.inputs {
            Some(inputs.as_mut_slice())
        } else {
            inputs.fill(Array3::zeros((0, 0, 0)));
            None
        };
        let recording = tape.take();
        // The sums go on where they stand.
        let own = instance.numbers.params_memory();
        std::mem::swap(&mut recording.shared.gradients, own);
        exec::backward::<Self::Scalar, Self::Code>(layout, recording, &task, wanted);
        std::mem::swap(&mut recording.shared.gradients, own);
        write_state(layout, batch, &recording.flows, state);
        if !tape.state_given {
            initial_gradients(
                layout,
                &tape.recording.flows,
                batch,
                instance.numbers.params_mut(),
            );
        }
        Ok(())
    }

    /// Steps one by one, for `batch` rows, on memory of its own: no allocation per step.
    ///
    /// # Panics
    ///
    /// If there is no memory for so many rows.
    fn stream(&self, batch: usize) -> Stream<Self> {
        let layout = &self.instance().layout;
        expect_rows(self.instance(), layout.stream_width(), batch);
        Stream::new(self, batch)
    }

    /// One step: inputs `[B, features]`, the state replaced by the next. Allocates; a
    /// [`Stream`] does not.
    ///
    /// # Errors
    ///
    /// If inputs or state do not fit.
    fn step(
        &self,
        inputs: &[ArrayView2<'_, Self::Scalar>],
        state: &mut Self::State,
    ) -> Result<Vec<Array2<Self::Scalar>>, Error> {
        let views = inputs.iter().map(|x| x.view().insert_axis(Axis(0)));
        let sequence = Sequence::of(views.collect()).state(state);
        let run = self.forward(sequence)?;
        *state = run.state;
        Ok(run
            .outputs
            .into_iter()
            .map(|y| y.index_axis_move(Axis(0), 0))
            .collect())
    }
}

/// One of a cell's inputs or outputs; panics if there is none of that number.
#[track_caller]
pub(crate) fn nth<'s, E>(cell: &str, what: &str, all: &'s [E], i: usize) -> &'s E {
    let found = all.get(i);
    found.unwrap_or_else(|| {
        let count = counted(all.len(), what);
        panic!("{cell} has {count}, counted from 0, so no {what} {i}")
    })
}

/// Panics if there is no memory for so many rows of so many numbers.
fn expect_rows<A: Float>(instance: &Instance<A>, width: usize, rows: usize) {
    let cell = instance.layout.info.name;
    assert!(
        memory_for::<A>(width.checked_mul(rows)),
        "there is no memory for {} of {cell}; use fewer",
        counted(rows, "row")
    );
}

/// Runs over a sequence; `keep` says whether for a backward pass.
fn run<C: Cell>(
    cell: &C,
    sequence: &Sequence<'_, C::Scalar>,
    tape: &mut Tape<C>,
    keep: bool,
) -> Result<(), Error> {
    tape.forget();
    let instance = cell.instance();
    let layout = &instance.layout;
    let (steps, batch) = checks::sequence(layout, sequence)?;
    let recording = &mut tape.recording;
    let elements = layout.sequence_elements(steps, batch, keep);
    let there = elements.is_some_and(|elements| elements <= recording.frame.arena.len());
    if !there && !memory_for::<C::Scalar>(elements) {
        let cell = layout.info.name;
        return Err(Error::SequenceTooLarge { cell, steps, batch });
    }
    // What is there was checked by the run that left it.
    if layout.random && !recording.shared.same_hypers(layout, &instance.numbers) {
        checks::chances(instance)?;
    }
    match sequence.start {
        Start::Given(state) => checks::states(layout, batch, state, &mut recording.states)?,
        Start::Continued => tape.go_on(instance, batch)?,
        Start::Definition => initial_states(instance, batch, &mut recording.states),
    }
    let task = exec::Task {
        numbers: &instance.numbers,
        inputs: &sequence.inputs,
        lengths: sequence.lengths,
        training: sequence.training,
        keep,
    };
    exec::forward::<C::Scalar, C::Code>(layout, &task, &mut tape.recording);
    tape.finish(layout, !matches!(sequence.start, Start::Definition), keep);
    Ok(())
}
