//! One step after the other, without allocation.

use std::sync::Arc;

use ndarray::{ArrayView2, ArrayViewMut2};

use crate::cell::{Cell, CellState};
use crate::checks;
use crate::error::Error;
use crate::exec::{self, Stepper};
use crate::states::{fields, initial_states, write_state};

/// A cell that runs step by step on memory of its own. The parameters are those at the time it
/// was made.
///
/// A clone stands where the stream does and goes on by itself. It shares parameters and packed
/// weights with it: a hundred voices cost the memory of a hundred states.
///
/// ```
/// use gate_runtime::{Cell, cells::Gru};
/// use ndarray::Array2;
/// # use rand::SeedableRng;
///
/// let gru = Gru::<f32>::new(1, 8, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))?;
/// let mut stream = gru.stream(1); // one row
/// let (mut x, mut h) = (Array2::<f32>::zeros((1, 1)), Array2::zeros((1, 8)));
/// for sample in [0.1, 0.5, -0.3] {
///     x.fill(sample);
///     stream.step(&[x.view()], &mut [h.view_mut()])?; // allocates nothing
/// }
/// assert_eq!(stream.state().h, h);
/// stream.reset();
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Debug)]
pub struct Stream<C: Cell> {
    cell: Arc<C>,
    stepper: Stepper<C::Scalar>,
    /// The definition's states, flat.
    initial: Arc<exec::States<C::Scalar>>,
    /// Whether what dropout and zoneout take for probabilities is such.
    chances: bool,
    /// Room for states on their way in and out.
    states: exec::States<C::Scalar>,
}

impl<C: Cell> Clone for Stream<C> {
    fn clone(&self) -> Self {
        let layout = &self.cell.instance().layout;
        Stream {
            cell: self.cell.clone(),
            stepper: self.stepper.copy(layout),
            initial: self.initial.clone(),
            chances: self.chances,
            states: self.states.clone(),
        }
    }
}

impl<C: Cell> Stream<C> {
    pub(crate) fn new(cell: &C, batch: usize) -> Self {
        let instance = cell.instance();
        let mut initial = Vec::new();
        initial_states(instance, batch, &mut initial);
        let mut stream = Stream {
            cell: Arc::new(cell.clone()),
            stepper: Stepper::new::<C::Code>(&instance.layout, &instance.numbers, batch),
            chances: checks::chances(instance).is_ok(),
            states: initial.clone(),
            initial: Arc::new(initial),
        };
        stream.reset();
        stream
    }

    /// One step: inputs `[B, features]`, in the order of the definition; outputs
    /// `[B, features]`, written in place. Allocates nothing.
    ///
    /// # Errors
    ///
    /// If an array does not fit the cell, or a hyper-parameter that is a probability is none.
    pub fn step(
        &mut self,
        inputs: &[ArrayView2<'_, C::Scalar>],
        outputs: &mut [ArrayViewMut2<'_, C::Scalar>],
    ) -> Result<(), Error> {
        let layout = &self.cell.instance().layout;
        let dims = (
            inputs.iter().map(|x| x.dim()),
            outputs.iter().map(|y| y.dim()),
        );
        if !self.stepper.fits(dims.0, dims.1) {
            checks::step(layout, self.stepper.frame.rows, inputs, outputs)?;
        }
        self.check_chances()?;
        self.advance(inputs);
        for (i, output) in outputs.iter_mut().enumerate() {
            self.give(i, output.view_mut());
        }
        Ok(())
    }

    /// Whether what dropout and zoneout take for probabilities is such.
    pub(crate) fn check_chances(&self) -> Result<(), Error> {
        match self.chances {
            true => Ok(()),
            false => checks::chances(self.cell.instance()),
        }
    }

    /// A step on inputs that fit.
    pub(crate) fn advance(&mut self, inputs: &[ArrayView2<'_, C::Scalar>]) {
        if self.stepper.frame.rows == 0 {
            return;
        }
        let layout = &self.cell.instance().layout;
        for (i, input) in inputs.iter().enumerate() {
            self.stepper.set_input(i, input.view());
        }
        self.stepper.step(layout);
    }

    /// Writes the `i`-th output of the last step where it fits.
    pub(crate) fn give(&self, i: usize, output: ArrayViewMut2<'_, C::Scalar>) {
        let layout = &self.cell.instance().layout;
        self.stepper.output(layout, i, output);
    }

    /// Goes back to the state that the definition starts from. Allocates nothing.
    pub fn reset(&mut self) {
        let layout = &self.cell.instance().layout;
        let all = 0..self.stepper.frame.rows;
        self.stepper.set_states(layout, &self.initial, all);
    }

    /// The same for one row; the others go on. Allocates nothing.
    ///
    /// # Errors
    ///
    /// If the stream has no such row.
    pub fn reset_row(&mut self, row: usize) -> Result<(), Error> {
        let rows = self.stepper.frame.rows;
        if row >= rows {
            return Err(Error::NoSuchRow { row, rows });
        }
        let layout = &self.cell.instance().layout;
        self.stepper.set_states(layout, &self.initial, row..row + 1);
        Ok(())
    }

    /// The present state.
    pub fn state(&self) -> C::State {
        let (layout, mut states) = (&self.cell.instance().layout, Vec::new());
        self.stepper.states(layout, &mut states);
        C::State::from_fields(fields(layout, self.stepper.frame.rows, &states))
    }

    /// Writes the present state into another, which gets the shapes of this cell and batch.
    /// Allocates nothing if it has them.
    pub fn read_state(&mut self, out: &mut C::State) {
        let (layout, rows) = (&self.cell.instance().layout, self.stepper.frame.rows);
        self.stepper.states(layout, &mut self.states);
        write_state(layout, rows, &self.states, out);
    }

    /// Whether a state fits the cell and the number of rows.
    pub(crate) fn check_state(&self, state: &C::State) -> Result<(), Error> {
        let layout = &self.cell.instance().layout;
        checks::state(layout, self.stepper.frame.rows, state)
    }

    /// Continues from another state. Allocates nothing.
    ///
    /// # Errors
    ///
    /// If the state does not fit the cell and the number of rows.
    pub fn set_state(&mut self, state: &C::State) -> Result<(), Error> {
        let (layout, rows) = (&self.cell.instance().layout, self.stepper.frame.rows);
        checks::states(layout, rows, state, &mut self.states)?;
        self.stepper.set_states(layout, &self.states, 0..rows);
        Ok(())
    }
}
