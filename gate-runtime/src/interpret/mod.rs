//! The independent reading of a cell: its graph, one scalar operation after the other, in `f64`.
//!
//! Takes: a [`CellInfo`], sizes, parameters, inputs. Gives: outputs, states, every intermediate,
//! and gradients by a list of scalar operations with local derivatives of its own. It shares no
//! code with the compiler's derivation of gradients, nor with the kernels, and is there to hold
//! them against: slow and plain.
//!
//! ```
//! use gate_runtime::interpret::{Inputs, Interpreter, OutputSeeds};
//! use gate_runtime::{Cell, cells::Gru};
//! use ndarray::Array3;
//! # use rand::SeedableRng;
//!
//! let gru = Gru::<f64>::new(3, 4, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))?;
//! let x = Array3::from_shape_fn((5, 2, 3), |(t, b, i)| (t + b + i) as f64 / 9.0);
//! let slow = Interpreter::new(Gru::<f64>::INFO, gru.sizes())?;
//! let (views, fast) = ([x.view()], gru.forward(&x)?);
//! let inputs = Inputs::new(gru.params(), &views);
//!
//! let trace = slow.run(&inputs)?;
//! assert!(trace.outputs[0].iter().zip(fast.output()).all(|(a, b)| (a - b).abs() < 1e-12));
//! let update = trace.get("z").expect("a symbol of the equations");
//! assert_eq!(update.dim(), (5, 2, 4));
//!
//! let seeds = OutputSeeds { outputs: vec![Array3::ones((5, 2, 4))], ..OutputSeeds::default() };
//! assert_eq!(slow.gradients(&inputs, &seeds)?.params.len(), gru.params().len());
//! # Ok::<(), gate_runtime::Error>(())
//! ```
//!
//! `wengert` is the list, `step` evaluates one step on it, `border` checks and shapes arrays.

mod border;
mod chances;
mod differences;
mod intermediate;
mod step;
#[cfg(test)]
mod tests;
mod wengert;

use ndarray::{Array3, ArrayD, ArrayView3};

use crate::error::Error;
use crate::info::{CellInfo, RoleInfo};

pub(crate) use chances::chances;
pub use differences::check_gradients;
pub(crate) use intermediate::intermediate;

use step::{Masks, Step, Value, symbols};
use wengert::{Var, Wengert};

/// A cell of certain sizes, read slowly.
#[derive(Clone, Debug)]
pub struct Interpreter<'i> {
    info: &'i CellInfo,
    sizes: Vec<usize>,
}

/// What a run is given. Arrays are time-major `[T, B, features]`.
#[derive(Clone)]
pub struct Inputs<'a> {
    params: &'a [f64],
    sequences: Vec<ArrayView3<'a, f64>>,
    hypers: Option<Vec<f64>>,
    states: Option<Vec<ArrayD<f64>>>,
    lengths: Option<Vec<usize>>,
    masks: Option<&'a Masks<'a>>,
}

/// Gradients of a loss: it is `Σ dy · outputs + Σ ds · final states`.
#[derive(Clone, Debug, Default)]
pub struct OutputSeeds {
    /// One for each output, `[T, B, features]`; those left out are zero.
    pub outputs: Vec<Array3<f64>>,
    /// One for each state, shaped as [`Trace::states`]; those left out are zero.
    pub states: Vec<ArrayD<f64>>,
}

/// Everything that a run computes.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Each output, `[T, B, elements]`; zero beyond a row's length.
    pub outputs: Vec<Array3<f64>>,
    /// Each entry of the graph's states after the last step of each row: `[B, units]`,
    /// `[B, rows, columns]` for a matrix, `[B, 1]` for a scalar; with a leading axis for a history
    /// of several steps, newest first.
    pub states: Vec<ArrayD<f64>>,
    /// Each symbol that an equation defines: identifier and values `[T, B, elements]`; zero beyond
    /// a row's length.
    pub named: Vec<(&'static str, Array3<f64>)>,
}

/// Gradients of the loss that [`OutputSeeds`] says.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// By all parameters, in their flat order. A trained initial state has its share where no
    /// state was given.
    pub params: Vec<f64>,
    /// By each input, `[T, B, features]`.
    pub inputs: Vec<Array3<f64>>,
    /// By the initial states, shaped as [`Trace::states`].
    pub states: Vec<ArrayD<f64>>,
}

impl std::fmt::Debug for Inputs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inputs")
            .field("params", &self.params.len())
            .field("sequences", &self.sequences)
            .finish_non_exhaustive()
    }
}

impl<'a> Inputs<'a> {
    /// Parameters flat, in the order of the symbols with that role, row-major each; the inputs in
    /// the order of the definition.
    pub fn new(params: &'a [f64], sequences: &[ArrayView3<'a, f64>]) -> Self {
        Inputs {
            params,
            sequences: sequences.to_vec(),
            hypers: None,
            states: None,
            lengths: None,
            masks: None,
        }
    }

    /// Values of the hyper-parameters instead of their defaults.
    #[must_use]
    pub fn hypers(mut self, hypers: &[f64]) -> Self {
        self.hypers = Some(hypers.to_vec());
        self
    }

    /// The states before the first step, shaped as [`Trace::states`], instead of the
    /// definition's.
    #[must_use]
    pub fn states(mut self, states: Vec<ArrayD<f64>>) -> Self {
        self.states = Some(states);
        self
    }

    /// The number of steps of each row.
    #[must_use]
    pub fn lengths(mut self, lengths: &[usize]) -> Self {
        self.lengths = Some(lengths.to_vec());
        self
    }

    /// Multipliers of dropout and zoneout, from the index of the mask, the step, the row and the
    /// element. Without them dropout multiplies by 1 and zoneout by its probability.
    #[must_use]
    pub fn masks(mut self, masks: &'a dyn Fn(usize, usize, usize, usize) -> f64) -> Self {
        self.masks = Some(masks);
        self
    }
}

impl Trace {
    /// The values of a symbol that an equation defines, `[T, B, elements]`.
    pub fn get(&self, ident: &str) -> Option<&Array3<f64>> {
        self.named
            .iter()
            .find(|(name, _)| *name == ident)
            .map(|(_, values)| values)
    }
}

/// One row on a list: what it started from and what it computed.
struct Row {
    list: Wengert,
    params: Vec<Value>,
    /// `[input][step]`
    inputs: Vec<Vec<Value>>,
    /// `[state][delay - 1]`, before the first step.
    first: Vec<Vec<Value>>,
    /// The same after the last step.
    last: Vec<Vec<Value>>,
    /// Every node at every step.
    steps: Vec<Vec<Value>>,
}

impl<'i> Interpreter<'i> {
    /// A cell with sizes in the order of its definition.
    ///
    /// # Errors
    ///
    /// If the number of sizes is wrong, or one of them is zero or does not fit.
    pub fn new(info: &'i CellInfo, sizes: &[usize]) -> Result<Self, Error> {
        crate::sizes::check(info, sizes)?;
        Ok(Interpreter {
            info,
            sizes: sizes.to_vec(),
        })
    }

    /// Values only.
    ///
    /// # Errors
    ///
    /// If inputs, lengths, states or parameters do not fit the cell or one another, a
    /// hyper-parameter that is a probability is none, or there is no memory for so long a sequence.
    /// A probability that a graph by hand computes from parameters stays the caller's.
    pub fn run(&self, inputs: &Inputs<'_>) -> Result<Trace, Error> {
        let (steps, batch) = self.check(inputs)?;
        let mut trace = self.empty_trace(steps, batch);
        for row in 0..batch {
            let run = self.row(inputs, row, false);
            self.collect(&run, row, &mut trace);
        }
        Ok(trace)
    }

    /// Gradients of `Σ dy · outputs + Σ ds · final states`.
    ///
    /// # Errors
    ///
    /// As [`Interpreter::run`], or if the seeds do not fit.
    pub fn gradients(&self, inputs: &Inputs<'_>, seeds: &OutputSeeds) -> Result<Gradients, Error> {
        let (steps, batch) = self.check(inputs)?;
        self.check_seeds(seeds, steps, batch)?;
        let mut gradients = self.empty_gradients(inputs, batch);
        for row in 0..batch {
            let run = self.row(inputs, row, true);
            let adjoints = run.list.adjoints(&self.results(&run, seeds, row));
            let by = |value: &Value| value.iter().map(|&v| adjoints.of(v)).collect::<Vec<f64>>();
            let flat = run.params.iter().flatten();
            gradients
                .params
                .iter_mut()
                .zip(flat)
                .for_each(|(sum, &p)| *sum += adjoints.of(p));
            for (input, values) in gradients.inputs.iter_mut().zip(&run.inputs) {
                for (time, value) in values.iter().enumerate() {
                    border::put(input, time, row, &by(value));
                }
            }
            for (state, history) in gradients.states.iter_mut().zip(&run.first) {
                for (back, value) in history.iter().enumerate() {
                    border::put_state(state, back, row, batch, &by(value));
                }
            }
        }
        Ok(gradients)
    }

    /// All steps of one row.
    fn row(&self, inputs: &Inputs<'_>, row: usize, recording: bool) -> Row {
        let mut list = Wengert::new(recording);
        let mut known: Vec<Value> = vec![Vec::new(); self.info.symbols.len()];
        let params = self.place_params(&mut list, inputs, &mut known);
        let length = self.length(inputs, row);
        let first = self.first_states(&mut list, inputs, row, &known);
        let places = symbols(self.info, |role| *role == RoleInfo::Input);
        let mut run = Row {
            list,
            params,
            inputs: vec![Vec::new(); places.len()],
            last: first.clone(),
            first,
            steps: Vec::new(),
        };
        for time in 0..length {
            for (i, (&symbol, sequence)) in places.iter().zip(&inputs.sequences).enumerate() {
                let features = sequence.dim().2;
                let value: Value = (0..features)
                    .map(|k| run.list.leaf(sequence[[time, row, k]]))
                    .collect();
                known[symbol].clone_from(&value);
                run.inputs[i].push(value);
            }
            let (info, sizes) = (self.info, self.sizes.as_slice());
            let step = Step {
                info,
                sizes,
                symbols: &known,
                states: &run.last,
                masks: inputs.masks,
                time,
                row,
            };
            let values = step.evaluate(&mut run.list);
            for (state, history) in info.graph.states.iter().zip(&mut run.last) {
                history.rotate_right(1);
                history[0].clone_from(&values[state.value]);
            }
            run.steps.push(values);
        }
        run
    }

    /// Parameters as leaves, hyper-parameters as constants; both under their symbols too.
    fn place_params(
        &self,
        list: &mut Wengert,
        inputs: &Inputs<'_>,
        known: &mut [Value],
    ) -> Vec<Value> {
        let mut hypers = inputs.hypers.iter().flatten();
        let mut flat = inputs.params.iter();
        let mut params = Vec::new();
        for (symbol, place) in self.info.symbols.iter().zip(known) {
            match symbol.role {
                RoleInfo::Parameter(_) => {
                    let count = crate::info::elements(symbol.shape, &self.sizes);
                    *place = flat.by_ref().take(count).map(|&p| list.leaf(p)).collect();
                    params.push(place.clone());
                }
                RoleInfo::Hyper(default) => {
                    let value = hypers.next().copied().unwrap_or(default);
                    *place = vec![Var::constant(value)];
                }
                _ => {}
            }
        }
        params
    }

    /// The states before the first step: given, trained, or a constant.
    fn first_states(
        &self,
        list: &mut Wengert,
        inputs: &Inputs<'_>,
        row: usize,
        known: &[Value],
    ) -> Vec<Vec<Value>> {
        let mut out = Vec::new();
        for (index, state) in self.info.graph.states.iter().enumerate() {
            let symbol = &self.info.symbols[state.symbol];
            let count = crate::info::elements(symbol.shape, &self.sizes);
            let history = (0..state.depth).map(|back| match (&inputs.states, symbol.role) {
                (Some(given), _) => {
                    let values =
                        border::take_state(&given[index], back, row, self.batch(inputs), count);
                    values.into_iter().map(|v| list.leaf(v)).collect()
                }
                (None, RoleInfo::TrainedState(parameter)) => {
                    known[parameter].iter().map(|&p| list.copy(p)).collect()
                }
                (None, RoleInfo::State(value)) => (0..count).map(|_| list.leaf(value)).collect(),
                (None, _) => (0..count).map(|_| list.leaf(0.0)).collect(),
            });
            out.push(history.collect());
        }
        out
    }

    /// The numbers that the loss sums, with their weights.
    fn results(&self, run: &Row, seeds: &OutputSeeds, row: usize) -> Vec<(Var, f64)> {
        let mut results = Vec::new();
        for (seed, &(_, node)) in seeds.outputs.iter().zip(self.info.graph.outputs) {
            for (time, values) in run.steps.iter().enumerate() {
                results.extend(
                    values[node]
                        .iter()
                        .enumerate()
                        .map(|(k, &v)| (v, seed[[time, row, k]])),
                );
            }
        }
        for (seed, history) in seeds.states.iter().zip(&run.last) {
            for (back, value) in history.iter().enumerate() {
                let batch = seed.len() / history.iter().map(Vec::len).sum::<usize>().max(1);
                let weights = border::take_state(seed, back, row, batch, value.len());
                results.extend(value.iter().copied().zip(weights));
            }
        }
        results
    }

    /// Copies a row's values into the arrays of all rows.
    fn collect(&self, run: &Row, row: usize, trace: &mut Trace) {
        let graph = &self.info.graph;
        let numbers = |value: &Value| value.iter().map(|v| v.value).collect::<Vec<f64>>();
        for (time, values) in run.steps.iter().enumerate() {
            for (output, &(_, node)) in trace.outputs.iter_mut().zip(graph.outputs) {
                border::put(output, time, row, &numbers(&values[node]));
            }
            for ((_, named), &(_, node)) in trace.named.iter_mut().zip(graph.named) {
                border::put(named, time, row, &numbers(&values[node]));
            }
        }
        for (state, history) in trace.states.iter_mut().zip(&run.last) {
            for (back, value) in history.iter().enumerate() {
                let batch = state.len() / history.iter().map(Vec::len).sum::<usize>().max(1);
                border::put_state(state, back, row, batch, &numbers(value));
            }
        }
    }
}
