//! Where arrays come in and go out: checks, shapes, copies.

use ndarray::{Array3, ArrayD, IxDyn};

use crate::checks::probabilities;
use crate::error::Error;
use crate::info::{RoleInfo, elements};
use crate::sizes::memory_for;

use super::step::symbols;
use super::{Gradients, Inputs, Interpreter, OutputSeeds, Trace};

/// Writes the elements of one step and row.
pub(super) fn put(array: &mut Array3<f64>, time: usize, row: usize, values: &[f64]) {
    for (k, &value) in values.iter().enumerate() {
        array[[time, row, k]] = value;
    }
}

/// Writes one row of one entry of a state's history.
pub(super) fn put_state(
    array: &mut ArrayD<f64>,
    back: usize,
    row: usize,
    batch: usize,
    values: &[f64],
) {
    let start = (back * batch + row) * values.len();
    for (target, &value) in array.iter_mut().skip(start).zip(values) {
        *target = value;
    }
}

/// Reads what [`put_state`] writes.
pub(super) fn take_state(
    array: &ArrayD<f64>,
    back: usize,
    row: usize,
    batch: usize,
    count: usize,
) -> Vec<f64> {
    array
        .iter()
        .skip((back * batch + row) * count)
        .take(count)
        .copied()
        .collect()
}

impl Interpreter<'_> {
    /// Elements of a symbol.
    fn width(&self, symbol: usize) -> usize {
        elements(self.info.symbols[symbol].shape, &self.sizes)
    }

    /// The shape of a state in arrays.
    fn state_shape(&self, index: usize, batch: usize) -> Vec<usize> {
        let state = &self.info.graph.states[index];
        let mut shape = if state.depth > 1 {
            vec![state.depth, batch]
        } else {
            vec![batch]
        };
        let own = self.info.symbols[state.symbol].shape;
        shape.extend(own.iter().map(|e| e.of(&self.sizes)));
        if own.is_empty() {
            shape.push(1);
        }
        shape
    }

    pub(super) fn batch(&self, inputs: &Inputs<'_>) -> usize {
        inputs.sequences[0].dim().1
    }

    /// Number of steps of a row.
    pub(super) fn length(&self, inputs: &Inputs<'_>, row: usize) -> usize {
        inputs
            .lengths
            .as_ref()
            .map_or(inputs.sequences[0].dim().0, |lengths| lengths[row])
    }

    /// Whether everything fits; gives the number of steps and of rows.
    pub(super) fn check(&self, inputs: &Inputs<'_>) -> Result<(usize, usize), Error> {
        let cell = self.info.name;
        self.check_numbers(inputs)?;
        let places = symbols(self.info, |role| *role == RoleInfo::Input);
        if inputs.sequences.is_empty() || inputs.sequences.len() != places.len() {
            return Err(Error::InputCount {
                cell,
                expected: places.len(),
                found: inputs.sequences.len(),
            });
        }
        let (steps, batch, _) = inputs.sequences[0].dim();
        for (&symbol, sequence) in places.iter().zip(&inputs.sequences) {
            self.check_shape(
                symbol,
                &[steps, batch, self.width(symbol)],
                sequence.shape(),
            )?;
        }
        if steps == 0 || batch == 0 {
            return Err(Error::Empty { cell, steps, batch });
        }
        let lengths = inputs.lengths.as_deref().unwrap_or_default();
        if inputs.lengths.is_some() && lengths.len() != batch {
            return Err(Error::LengthCount {
                expected: batch,
                found: lengths.len(),
            });
        }
        if let Some(row) = lengths.iter().position(|l| !(1..=steps).contains(l)) {
            return Err(Error::LengthRange {
                row,
                length: lengths[row],
                steps,
            });
        }
        if let Some(states) = &inputs.states {
            let expected = self.info.graph.states.len();
            if states.len() != expected {
                return Err(Error::StateCount {
                    cell,
                    expected,
                    found: states.len(),
                });
            }
            self.check_states(states, batch)?;
        }
        self.check_room(steps, batch)?;
        self.check_chances(inputs)?;
        Ok((steps, batch))
    }

    /// Whether what dropout and zoneout take for probabilities is such.
    fn check_chances(&self, inputs: &Inputs<'_>) -> Result<(), Error> {
        let hypers = symbols(self.info, |role| matches!(role, RoleInfo::Hyper(_)));
        let given = |symbol: usize| {
            let at = hypers.iter().position(|&own| own == symbol)?;
            Some(inputs.hypers.as_ref()?[at])
        };
        probabilities(self.info, &self.sizes, |symbol| {
            match self.info.symbols[symbol].role {
                RoleInfo::Hyper(default) => given(symbol).unwrap_or(default),
                _ => f64::NAN,
            }
        })
    }

    /// Whether there is memory for the arrays of a trace.
    fn check_room(&self, steps: usize, batch: usize) -> Result<(), Error> {
        let named = self.info.graph.named.iter().map(|&(symbol, _)| symbol);
        let outputs = self.info.graph.outputs.iter().map(|&(symbol, _)| symbol);
        let widths: usize = named.chain(outputs).map(|symbol| self.width(symbol)).sum();
        let rows = steps.checked_mul(batch);
        match memory_for::<f64>(rows.and_then(|rows| rows.checked_mul(widths))) {
            true => Ok(()),
            false => Err(Error::SequenceTooLarge {
                cell: self.info.name,
                steps,
                batch,
            }),
        }
    }

    fn check_numbers(&self, inputs: &Inputs<'_>) -> Result<(), Error> {
        let cell = self.info.name;
        let params = symbols(self.info, |role| matches!(role, RoleInfo::Parameter(_)));
        let expected = params.iter().map(|&s| self.width(s)).sum();
        let found = inputs.params.len();
        if found != expected {
            return Err(Error::NumberCount {
                cell,
                what: "parameter",
                expected,
                found,
            });
        }
        let expected = symbols(self.info, |role| matches!(role, RoleInfo::Hyper(_))).len();
        match inputs.hypers.as_ref().map(Vec::len) {
            Some(found) if found != expected => Err(Error::NumberCount {
                cell,
                what: "hyper-parameter",
                expected,
                found,
            }),
            _ => Ok(()),
        }
    }

    fn check_shape(&self, symbol: usize, expected: &[usize], found: &[usize]) -> Result<(), Error> {
        if expected == found {
            return Ok(());
        }
        let symbol = self.info.symbols[symbol].printed;
        Err(Error::Shape {
            cell: self.info.name,
            symbol,
            expected: expected.to_vec(),
            found: found.to_vec(),
        })
    }

    fn check_states(&self, states: &[ArrayD<f64>], batch: usize) -> Result<(), Error> {
        for (index, state) in states.iter().enumerate() {
            self.check_shape(
                self.info.graph.states[index].symbol,
                &self.state_shape(index, batch),
                state.shape(),
            )?;
        }
        Ok(())
    }

    /// Whether seeds fit.
    pub(super) fn check_seeds(
        &self,
        seeds: &OutputSeeds,
        steps: usize,
        batch: usize,
    ) -> Result<(), Error> {
        let graph = &self.info.graph;
        if seeds.outputs.len() > graph.outputs.len() {
            return Err(Error::OutputCount {
                cell: self.info.name,
                expected: graph.outputs.len(),
                found: seeds.outputs.len(),
            });
        }
        for (seed, &(symbol, _)) in seeds.outputs.iter().zip(graph.outputs) {
            self.check_shape(symbol, &[steps, batch, self.width(symbol)], seed.shape())?;
        }
        if seeds.states.len() > graph.states.len() {
            return Err(Error::StateCount {
                cell: self.info.name,
                expected: graph.states.len(),
                found: seeds.states.len(),
            });
        }
        self.check_states(&seeds.states, batch)
    }

    /// Arrays of the right shapes, all zero.
    pub(super) fn empty_trace(&self, steps: usize, batch: usize) -> Trace {
        let graph = &self.info.graph;
        let zeros = |symbol: usize| Array3::zeros((steps, batch, self.width(symbol)));
        Trace {
            outputs: graph
                .outputs
                .iter()
                .map(|&(symbol, _)| zeros(symbol))
                .collect(),
            states: self.empty_states(batch),
            named: graph
                .named
                .iter()
                .map(|&(symbol, _)| (self.info.symbols[symbol].ident, zeros(symbol)))
                .collect(),
        }
    }

    /// Gradients of the right shapes, all zero.
    pub(super) fn empty_gradients(&self, inputs: &Inputs<'_>, batch: usize) -> Gradients {
        Gradients {
            params: vec![0.0; inputs.params.len()],
            inputs: inputs
                .sequences
                .iter()
                .map(|x| Array3::zeros(x.dim()))
                .collect(),
            states: self.empty_states(batch),
        }
    }

    fn empty_states(&self, batch: usize) -> Vec<ArrayD<f64>> {
        let count = self.info.graph.states.len();
        (0..count)
            .map(|index| ArrayD::zeros(IxDyn(&self.state_shape(index, batch))))
            .collect()
    }
}
