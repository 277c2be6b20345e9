//! A stack step by step.

use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis};

use crate::cell::Cell;
use crate::error::Error;
use crate::sequence::Sequence;
use crate::stream::Stream;
use crate::train::layer::Layer;

use super::Stacked;

/// A stack of cells that runs step by step, on memory of its own: a [`Stream`] for each layer. The
/// parameters are those at the time it was made; nothing is dropped between the layers.
///
/// A clone stands where the stream does, goes on by itself, and shares the weights.
///
/// ```
/// use gate_runtime::{cells::Gru, train::Stacked};
/// use ndarray::Array2;
/// # use rand::SeedableRng;
///
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// let stack = Stacked::<Gru<f32>>::new(&[3, 8], 2, &mut rng)?;
/// let mut stream = stack.stream(1)?; // one row
/// let (x, mut h) = (Array2::ones((1, 3)), Array2::zeros((1, 8)));
/// for _ in 0..5 {
///     stream.step(x.view(), h.view_mut())?; // allocates nothing
/// }
/// assert_eq!(stream.state()[1].h, h);
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct StackedStream<C: Cell> {
    layers: Vec<Stream<C>>,
    /// Features of the input, and of the output of each layer.
    widths: Vec<usize>,
    /// What each layer but the lowest reads, `[B, features]`.
    between: Vec<Array2<C::Scalar>>,
    rows: usize,
}

impl<C: Cell> Stacked<C> {
    /// Steps one by one, for `batch` rows, on memory of its own: no allocation per step.
    ///
    /// # Errors
    ///
    /// If a layer was replaced by one that cannot read what the one below gives.
    ///
    /// # Panics
    ///
    /// If there is no memory for so many rows.
    pub fn stream(&self, batch: usize) -> Result<StackedStream<C>, Error> {
        self.check_widths()?;
        let outputs = self.layers.iter().map(C::output_features);
        let widths = std::iter::once(self.input_features()?).chain(outputs);
        let widths: Vec<usize> = widths.collect();
        let between = widths[1..self.layers.len()].iter();
        Ok(StackedStream {
            layers: self.layers.iter().map(|cell| cell.stream(batch)).collect(),
            between: between.map(|&w| Array2::zeros((batch, w))).collect(),
            widths,
            rows: batch,
        })
    }

    /// One step: the input `[B, features]`, the states of all layers replaced by the next. Gives the
    /// top layer's output, `[B, features]`. Allocates; a [`StackedStream`] does not.
    ///
    /// # Errors
    ///
    /// If input or states do not fit.
    pub fn step(
        &self,
        input: ArrayView2<'_, C::Scalar>,
        states: &mut Vec<C::State>,
    ) -> Result<Array2<C::Scalar>, Error> {
        let sequence = Sequence::new(input.insert_axis(Axis(0)));
        let (output, next) = self.forward(sequence, Some(states))?;
        *states = next;
        Ok(output.index_axis_move(Axis(0), 0))
    }

    /// The states that a sequence starts from unless others are given, the lowest layer's first.
    ///
    /// # Panics
    ///
    /// If there is no memory for so many rows.
    pub fn zero_state(&self, batch: usize) -> Vec<C::State> {
        self.layers.iter().map(|c| c.zero_state(batch)).collect()
    }
}

impl<C: Cell> StackedStream<C> {
    /// One step: the input `[B, features]`; the top layer's output `[B, features]`, written in place.
    /// Allocates nothing.
    ///
    /// # Errors
    ///
    /// If an array does not fit the stack, or a hyper-parameter that is a probability is none; no
    /// layer has stepped then.
    pub fn step(
        &mut self,
        input: ArrayView2<'_, C::Scalar>,
        mut output: ArrayViewMut2<'_, C::Scalar>,
    ) -> Result<(), Error> {
        let top = self.layers.len() - 1;
        self.check("input", self.widths[0], input.shape())?;
        self.check("output", self.widths[top + 1], output.shape())?;
        self.layers.iter().try_for_each(Stream::check_chances)?;
        for (k, layer) in self.layers.iter_mut().enumerate() {
            match k {
                0 => layer.advance(&[input.view()]),
                _ => layer.advance(&[self.between[k - 1].view()]),
            }
            match self.between.get_mut(k) {
                Some(between) => layer.give(0, between.view_mut()),
                None => layer.give(0, output.view_mut()),
            }
        }
        Ok(())
    }

    /// Goes back to the states that the definitions start from. Allocates nothing.
    pub fn reset(&mut self) {
        self.layers.iter_mut().for_each(Stream::reset);
    }

    /// The same for one row; the others go on. Allocates nothing.
    ///
    /// # Errors
    ///
    /// If the stream has no such row.
    pub fn reset_row(&mut self, row: usize) -> Result<(), Error> {
        let mut layers = self.layers.iter_mut();
        layers.try_for_each(|layer| layer.reset_row(row))
    }

    /// The present state of each layer, the lowest first.
    pub fn state(&self) -> Vec<C::State> {
        self.layers.iter().map(Stream::state).collect()
    }

    /// Writes the present states into others, which get the shapes of these layers and rows.
    /// Allocates nothing if they have them.
    ///
    /// # Errors
    ///
    /// If there is not one state for each layer.
    pub fn read_state(&mut self, out: &mut [C::State]) -> Result<(), Error> {
        self.check_count(out.len())?;
        for (layer, out) in self.layers.iter_mut().zip(out) {
            layer.read_state(out);
        }
        Ok(())
    }

    /// Continues from other states. Allocates nothing.
    ///
    /// # Errors
    ///
    /// If there is not one state for each layer, or one does not fit its cell and the number of rows;
    /// all layers stay as they are then.
    pub fn set_state(&mut self, states: &[C::State]) -> Result<(), Error> {
        self.check_count(states.len())?;
        for (layer, state) in self.layers.iter().zip(states) {
            layer.check_state(state)?;
        }
        for (layer, state) in self.layers.iter_mut().zip(states) {
            layer.set_state(state)?;
        }
        Ok(())
    }

    fn check(&self, symbol: &'static str, width: usize, found: &[usize]) -> Result<(), Error> {
        match found == [self.rows, width] {
            true => Ok(()),
            false => Err(Error::Shape {
                cell: "Stacked",
                symbol,
                expected: vec![self.rows, width],
                found: found.to_vec(),
            }),
        }
    }

    fn check_count(&self, found: usize) -> Result<(), Error> {
        match found == self.layers.len() {
            true => Ok(()),
            false => Err(Error::StackStates {
                cell: C::INFO.name,
                layers: self.layers.len(),
                found,
            }),
        }
    }
}
