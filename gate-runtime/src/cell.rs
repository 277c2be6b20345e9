//! The trait that layers, training and files are written against.

use ndarray::{Array2, Array3, ArrayD, ArrayView2, ArrayView3, ArrayViewD, ArrayViewMutD, IxDyn};

use crate::checks;
use crate::error::Error;
use crate::exec::{self, Layout, Program};
use crate::info::{CellInfo, RoleInfo};
use crate::instance::Instance;
use crate::kernels::Float;
use crate::sequence::{Run, Seeds, Sequence};
use crate::stream::Stream;
use crate::tape::Tape;

/// A recurrent cell. The macros implement it; everything here is the same for every cell.
pub trait Cell: Clone + std::fmt::Debug + Send + Sync + Sized + 'static {
    /// `f32` or `f64`.
    type Scalar: Float;
    /// What one step hands to the next.
    type State: CellState<Scalar = Self::Scalar>;
    /// Gradients.
    type Grads: CellGrads<Scalar = Self::Scalar, State = Self::State>;
    /// The compiled program.
    #[doc(hidden)]
    type Code: Program<Self::Scalar>;
    /// Equations, symbols, shapes, cost.
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
    /// If the number of sizes is wrong, or one of them is zero or does not fit.
    fn with_sizes<R: rand::Rng + ?Sized>(sizes: &[usize], rng: &mut R) -> Result<Self, Error> {
        Ok(Self::from_instance(Instance::new::<Self, R>(sizes, rng)?))
    }

    /// Its sizes, in the order of `INFO.sizes`.
    fn sizes(&self) -> &[usize] {
        &self.instance().layout.sizes
    }

    /// All parameters, in the order of `INFO.symbols`, row-major each.
    fn params(&self) -> &[Self::Scalar] {
        &self.instance().params
    }

    /// All parameters, to change.
    fn params_mut(&mut self) -> &mut [Self::Scalar] {
        &mut self.instance_mut().params
    }

    /// Values of the hyper-parameters, in the order of `INFO.symbols`.
    fn hypers(&self) -> &[Self::Scalar] {
        &self.instance().hypers
    }

    /// Features of the `i`-th input.
    fn input_width(&self, i: usize) -> usize {
        let layout = &self.instance().layout;
        layout.width(layout.tables.inputs[i])
    }

    /// Features of the `i`-th output.
    fn output_width(&self, i: usize) -> usize {
        let layout = &self.instance().layout;
        layout.width(layout.tables.outputs[i])
    }

    /// Bytes that the tape keeps per step and row.
    fn tape_bytes(&self) -> usize {
        self.instance().layout.tape_width() * std::mem::size_of::<Self::Scalar>()
    }

    /// The state that a sequence starts from unless another is given.
    fn zero_state(&self, batch: usize) -> Self::State {
        let instance = self.instance();
        Self::State::from_fields(fields(
            &instance.layout,
            batch,
            &initial_states(instance, batch),
        ))
    }

    /// Gradients, all zero.
    fn zero_grads(&self) -> Self::Grads {
        let inputs = vec![Array3::zeros((0, 0, 0)); self.instance().layout.tables.inputs.len()];
        let mut state = self.zero_state(0);
        state
            .fields_mut()
            .iter_mut()
            .for_each(|f| f.fill(Self::Scalar::ZERO));
        Self::Grads::from_parts(self.instance().zeros_like(), inputs, state)
    }

    /// Runs over a sequence, time-major `[T, B, features]`.
    ///
    /// # Errors
    ///
    /// If inputs, lengths or state do not fit the cell or one another.
    fn forward<'a>(
        &self,
        inputs: impl Into<Sequence<'a, Self::Scalar>>,
    ) -> Result<Run<Self>, Error> {
        let mut tape = Tape::new();
        self.record(inputs, &mut tape)?;
        Ok(tape.into_run())
    }

    /// Runs over a sequence and keeps on the tape what [`Cell::backward`] needs. A tape that is
    /// used again keeps its large buffers.
    ///
    /// # Errors
    ///
    /// As [`Cell::forward`].
    fn record<'a>(
        &self,
        inputs: impl Into<Sequence<'a, Self::Scalar>>,
        tape: &mut Tape<Self>,
    ) -> Result<(), Error> {
        let sequence = inputs.into();
        let instance = self.instance();
        let layout = &instance.layout;
        let (steps, batch) = checks::sequence(layout, &sequence)?;
        let states = match &sequence.state {
            Some(fields) => checks::states(layout, batch, fields)?,
            None => initial_states(instance, batch),
        };
        let task = exec::Task {
            params: &instance.params,
            hypers: &instance.hypers,
            inputs: &sequence.inputs,
            lengths: sequence.lengths,
            states: &states,
            training: sequence.training,
        };
        exec::forward::<Self::Scalar, Self::Code>(layout, &task, &mut tape.recording);
        tape.finish(layout, steps, batch, sequence.state.is_some());
        Ok(())
    }

    /// Goes back over a recorded sequence. Adds to the gradients of parameters; replaces those
    /// of inputs and of the initial state.
    ///
    /// # Errors
    ///
    /// If nothing was recorded, the recording was gone over already or belongs to a cell of
    /// other sizes, or the gradients' shapes do not fit.
    fn backward<'a>(
        &self,
        tape: &mut Tape<Self>,
        seeds: impl Into<Seeds<'a, Self::Scalar>>,
        grads: &mut Self::Grads,
    ) -> Result<(), Error> {
        let seeds = seeds.into();
        let layout = &self.instance().layout;
        let (steps, batch) = tape.ready(layout)?;
        checks::seeds(layout, steps, batch, &seeds)?;
        let states = seeds
            .state
            .as_ref()
            .map(|s| checks::states(layout, batch, s))
            .transpose()?;
        checks::gradients(layout, &grads.parts().0.layout)?;
        let mut outputs: Vec<Option<ArrayView3<'_, Self::Scalar>>> =
            seeds.outputs.iter().map(|g| Some(g.view())).collect();
        outputs.resize(layout.tables.outputs.len(), None);
        let task = exec::BackTask {
            outputs: &outputs,
            states: states.as_ref(),
            inputs: seeds.inputs,
        };
        let found = exec::backward::<Self::Scalar, Self::Code>(layout, tape.take(), &task);
        let (instance, inputs, state) = grads.parts_mut();
        for (sum, &g) in instance
            .params
            .iter_mut()
            .zip(&tape.recording.shared.gradients)
        {
            *sum += g;
        }
        if !tape.state_given {
            initial_gradients(layout, &found.states, batch, &mut instance.params);
        }
        *inputs = found.inputs;
        *state = Self::State::from_fields(fields(layout, batch, &found.states));
        Ok(())
    }

    /// Steps one by one, for `batch` rows, on memory of its own: no allocation per step.
    fn stream(&self, batch: usize) -> Stream<Self> {
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
        let views: Vec<ArrayView3<'_, Self::Scalar>> = inputs
            .iter()
            .map(|x| x.view().insert_axis(ndarray::Axis(0)))
            .collect();
        let mut sequence = Sequence {
            inputs: views,
            lengths: None,
            state: None,
            training: None,
        };
        sequence = sequence.state(state);
        let run = self.forward(sequence)?;
        *state = run.state;
        Ok(run
            .outputs
            .into_iter()
            .map(|y| y.index_axis_move(ndarray::Axis(0), 0))
            .collect())
    }
}

/// The state of a cell, a field per state symbol.
pub trait CellState: Clone + std::fmt::Debug + Send + Sync + 'static {
    /// `f32` or `f64`.
    type Scalar: Float;
    #[doc(hidden)]
    fn from_fields(fields: Vec<ArrayD<Self::Scalar>>) -> Self;
    /// Each state, `[B, units]`, `[B, rows, columns]` for a matrix; a leading axis for a history
    /// of several steps, newest first.
    fn fields(&self) -> Vec<ArrayViewD<'_, Self::Scalar>>;
    /// The same, to change.
    fn fields_mut(&mut self) -> Vec<ArrayViewMutD<'_, Self::Scalar>>;
}

/// Gradients of a cell.
pub trait CellGrads: Clone + std::fmt::Debug + Send + Sync + 'static {
    /// `f32` or `f64`.
    type Scalar: Float;
    /// Gradients of the initial state.
    type State;
    #[doc(hidden)]
    fn from_parts(
        instance: Instance<Self::Scalar>,
        inputs: Vec<Array3<Self::Scalar>>,
        state: Self::State,
    ) -> Self;
    #[doc(hidden)]
    #[allow(clippy::type_complexity)]
    fn parts(
        &self,
    ) -> (
        &Instance<Self::Scalar>,
        &[Array3<Self::Scalar>],
        &Self::State,
    );
    #[doc(hidden)]
    #[allow(clippy::type_complexity)]
    fn parts_mut(
        &mut self,
    ) -> (
        &mut Instance<Self::Scalar>,
        &mut Vec<Array3<Self::Scalar>>,
        &mut Self::State,
    );

    /// Gradients of all parameters, in their flat order.
    fn params(&self) -> &[Self::Scalar] {
        &self.parts().0.params
    }

    /// The same, to change.
    fn params_mut(&mut self) -> &mut [Self::Scalar] {
        &mut self.parts_mut().0.params
    }

    /// Gradient of the `i`-th input, `[T, B, features]`; empty before the first backward pass.
    fn input(&self, i: usize) -> ArrayView3<'_, Self::Scalar> {
        self.parts().1[i].view()
    }

    /// Gradient of the initial state.
    fn state(&self) -> &Self::State {
        self.parts().2
    }

    /// Zeroes the gradients of the parameters.
    fn zero(&mut self) {
        self.params_mut().fill(Self::Scalar::ZERO);
    }
}

/// The definition's initial states, flat: a constant, or a trained parameter.
pub(crate) fn initial_states<A: Float>(instance: &Instance<A>, batch: usize) -> exec::States<A> {
    let layout = &instance.layout;
    let mut out = Vec::new();
    for (state, &slot) in layout.info.graph.states.iter().zip(layout.tables.states) {
        let rows = state.depth * batch;
        out.push(match layout.info.symbols[state.symbol].role {
            RoleInfo::TrainedState(parameter) => {
                let (start, length) = layout.parameters[parameter];
                instance.params[start..start + length].repeat(rows)
            }
            RoleInfo::State(value) => vec![A::from_f64(value); rows * layout.width(slot)],
            _ => vec![A::ZERO; rows * layout.width(slot)],
        });
    }
    out
}

/// Gradients of trained initial states: sums over rows.
fn initial_gradients<A: Float>(
    layout: &Layout,
    states: &exec::States<A>,
    batch: usize,
    params: &mut [A],
) {
    for (state, gradients) in layout.info.graph.states.iter().zip(states) {
        if let RoleInfo::TrainedState(parameter) = layout.info.symbols[state.symbol].role {
            let (start, length) = layout.parameters[parameter];
            for row in gradients
                .chunks_exact(length.max(1))
                .take(state.depth * batch)
            {
                for (sum, &g) in params[start..start + length].iter_mut().zip(row) {
                    *sum += g;
                }
            }
        }
    }
}

/// Flat states as arrays.
pub(crate) fn fields<A: Float>(
    layout: &Layout,
    batch: usize,
    states: &exec::States<A>,
) -> Vec<ArrayD<A>> {
    let shapes = (0..states.len()).map(|i| state_shape(layout, i, batch));
    let arrays = shapes
        .zip(states)
        .map(|(shape, values)| ArrayD::from_shape_vec(IxDyn(&shape), values.clone()));
    arrays
        .map(|a| a.expect("a state has its shape's length"))
        .collect()
}

/// The shape of a state's field.
pub(crate) fn state_shape(layout: &Layout, index: usize, batch: usize) -> Vec<usize> {
    let state = &layout.info.graph.states[index];
    let own = layout.info.symbols[state.symbol].shape;
    let mut shape = Vec::new();
    if state.depth > 1 {
        shape.push(state.depth);
    }
    shape.push(batch);
    match own {
        [] => shape.push(1),
        _ => shape.extend(own.iter().map(|e| e.of(&layout.sizes))),
    }
    shape
}
