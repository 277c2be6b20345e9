//! One step after the other, without allocation.

use ndarray::{ArrayView2, ArrayViewMut2};

use crate::cell::{Cell, CellState};
use crate::checks;
use crate::error::Error;
use crate::exec::Stepper;
use crate::states::{fields, initial_states};

/// A cell that runs step by step on memory of its own. The parameters are those at the time it
/// was made.
#[derive(Debug)]
pub struct Stream<C: Cell> {
    cell: C,
    stepper: Stepper<C::Scalar>,
}

impl<C: Cell> Stream<C> {
    pub(crate) fn new(cell: &C, batch: usize) -> Self {
        let instance = cell.instance();
        let mut stepper = Stepper::new::<C::Code>(&instance.layout, &instance.numbers, batch);
        let mut states = Vec::new();
        initial_states(instance, batch, &mut states);
        stepper.set_states(&instance.layout, &states);
        Stream {
            cell: cell.clone(),
            stepper,
        }
    }

    /// One step: inputs `[B, features]`, in the order of the definition; outputs
    /// `[B, features]`, written in place. Allocates nothing.
    ///
    /// # Errors
    ///
    /// If an array does not fit the cell.
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
        if self.stepper.frame.rows == 0 {
            return Ok(());
        }
        for (i, input) in inputs.iter().enumerate() {
            self.stepper.set_input(layout, i, input.view());
        }
        self.stepper.step::<C::Code>(layout);
        for (i, output) in outputs.iter_mut().enumerate() {
            self.stepper.output(layout, i, output.view_mut());
        }
        Ok(())
    }

    /// The present state.
    pub fn state(&self) -> C::State {
        let layout = &self.cell.instance().layout;
        C::State::from_fields(fields(
            layout,
            self.stepper.frame.rows,
            &self.stepper.states(layout),
        ))
    }

    /// Continues from another state.
    ///
    /// # Errors
    ///
    /// If the state does not fit the cell and the number of rows.
    pub fn set_state(&mut self, state: &C::State) -> Result<(), Error> {
        let layout = &self.cell.instance().layout;
        let mut states = Vec::new();
        checks::states(layout, self.stepper.frame.rows, state, &mut states)?;
        self.stepper.set_states(layout, &states);
        Ok(())
    }
}
