//! What every cell has to satisfy, whatever its equations.
//!
//! `prove` takes a cell in `f64` and checks: gradients against central differences, the emitted
//! code against the interpreter, steps against the sequence, a batch against its rows, padding
//! against truncation, halves against the whole, a sequence against itself reversed twice. `laws`
//! is the part that instruction sets can break; that threads change nothing stands apart, since
//! it changes settings of the process.

#![allow(dead_code)]

pub mod against;
pub mod isa;
pub mod latex;
pub mod laws;

use gate_runtime::interpret::Inputs;
use gate_runtime::{Cell, CellGrads, CellState, Seeds, Sequence, Tape};
use ndarray::{Array3, ArrayView3};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Steps and rows of the problems.
pub const STEPS: usize = 6;
pub const ROWS: usize = 3;

/// A cell with everything that a run needs.
pub struct Problem<C: Cell<Scalar = f64>> {
    pub cell: C,
    pub inputs: Vec<Array3<f64>>,
    pub lengths: Option<Vec<usize>>,
    /// Of random masks; `None` to have their expectation.
    pub seed: Option<u64>,
    /// `None`: the definition's own initial state.
    pub state: Option<C::State>,
    /// Weights of the loss: `Σ G · outputs + Σ S · final state`.
    pub outputs: Vec<Array3<f64>>,
    pub last: C::State,
}

/// Small sizes, neighbours different.
pub fn sizes<C: Cell>() -> &'static [usize] {
    &[3, 5, 4, 2, 6, 3, 2, 4, 5, 3, 2, 4, 3][..C::INFO.sizes.len()]
}

/// Wider than any register: lines, and what is left of them.
pub fn wide<C: Cell<Scalar = f64>>() -> Problem<C> {
    let sizes = &[19, 37, 20, 18, 34, 17, 21, 19, 36, 18, 20, 17, 19][..C::INFO.sizes.len()];
    Problem::with(sizes, 8, 2, 3, None, true)
}

/// What gradients are tested on.
pub fn problems<C: Cell<Scalar = f64>>() -> impl Iterator<Item = Problem<C>> {
    let problems = [
        (1, None, false),
        (2, Some(vec![6, 2, 4]), true),
        (3, Some(vec![1, 6, 5]), false),
    ];
    problems
        .into_iter()
        .map(|(seed, lengths, own)| Problem::new(sizes::<C>(), seed, lengths, own))
}

/// Large numbers, over all steps, and from many states over one: what is clamped, chosen or kept
/// off zero goes both ways, also where a clock leaves a threshold behind after its first step.
pub fn rough<C: Cell<Scalar = f64>>() -> impl Iterator<Item = Problem<C>> {
    [(5, STEPS, ROWS), (6, 1, 16)].map(large).into_iter()
}

fn large<C: Cell<Scalar = f64>>((seed, steps, rows): (u64, usize, usize)) -> Problem<C> {
    let mut problem = Problem::<C>::with(sizes::<C>(), seed, steps, rows, None, true);
    // Further inputs are masks and times, of which the sign may matter.
    problem.inputs[0] *= 4.0;
    for value in problem.cell.params_mut() {
        *value *= 1.5;
    }
    problem
}

/// Everything: called once per cell by its test.
pub fn prove<C: Cell<Scalar = f64>>() {
    latex::check(C::INFO);
    for problem in problems::<C>() {
        // What stops a gradient does not stop a difference: there the interpreter decides.
        if !C::INFO
            .graph
            .nodes
            .iter()
            .any(|n| n.op == gate_runtime::OpInfo::StopGradient)
            || stops_nothing::<C>()
        {
            problem.gradients_are_differences();
        }
    }
    laws::<C>();
    laws::reversed_twice_is_itself::<C>();
}

/// What has to hold on every instruction set.
pub fn laws<C: Cell<Scalar = f64>>() {
    for problem in problems::<C>().chain(rough::<C>()).chain([wide()]) {
        against::interpreter(&problem);
    }
    let problem = Problem::<C>::new(sizes::<C>(), 4, None, true);
    laws::steps_equal_the_sequence(&problem);
    laws::rows_equal_the_batch(&problem);
    laws::padding_equals_truncation::<C>(sizes::<C>());
    laws::halves_equal_the_whole(&problem);
}

/// Whether `stop_gradient` stands only where it changes no gradient: inside a softmax.
fn stops_nothing<C: Cell>() -> bool {
    !C::INFO
        .equations
        .iter()
        .any(|e| e.printed.contains("stop_gradient"))
}

fn random(rng: &mut ChaCha8Rng, scale: f64) -> f64 {
    scale * (rng.random::<f64>() * 2.0 - 1.0)
}

fn randomised<S: CellState<Scalar = f64>>(mut state: S, rng: &mut ChaCha8Rng) -> S {
    for mut field in state.fields_mut() {
        field.mapv_inplace(|_| random(rng, 0.8));
    }
    state
}

impl<C: Cell<Scalar = f64>> Problem<C> {
    pub fn new(sizes: &[usize], seed: u64, lengths: Option<Vec<usize>>, own_state: bool) -> Self {
        Self::with(sizes, seed, STEPS, ROWS, lengths, own_state)
    }

    pub fn with(
        sizes: &[usize],
        seed: u64,
        steps: usize,
        rows: usize,
        lengths: Option<Vec<usize>>,
        own_state: bool,
    ) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut cell = C::with_sizes(sizes, &mut rng).expect("sizes fit the definition");
        for value in cell.params_mut() {
            // Away from the initial values: a bias of zero would hide mistakes.
            *value = 0.6 * *value + random(&mut rng, 0.35);
        }
        for value in cell.hypers_mut() {
            // A factor of 1 would hide mistakes; chances of 0 stay.
            *value *= 0.9;
        }
        if C::INFO.name == "PhasedLstm" {
            // Its share of open phases: at the paper's value the step is too steep for differences.
            let symbols = C::INFO.symbols.iter();
            let mut hypers = symbols.filter(|s| matches!(s.role, gate_runtime::RoleInfo::Hyper(_)));
            let open = hypers.position(|s| s.ident == "ρ");
            cell.hypers_mut()[open.expect("a share of open phases")] = 0.6;
        }
        let array = |width: usize, scale: f64, rng: &mut ChaCha8Rng| {
            Array3::from_shape_fn((steps, rows, width), |_| random(rng, scale))
        };
        let inputs = (0..inputs_of::<C>())
            .map(|i| array(cell.input_width(i), 1.0, &mut rng))
            .collect();
        let outputs = (0..C::INFO.outputs.len())
            .map(|i| array(cell.output_width(i), 1.0, &mut rng))
            .collect();
        let state = own_state.then(|| randomised(cell.zero_state(rows), &mut rng));
        let last = randomised(cell.zero_state(rows), &mut rng);
        Problem {
            cell,
            inputs,
            lengths,
            seed: None,
            state,
            outputs,
            last,
        }
    }

    pub fn sequence(&self) -> Sequence<'_, f64> {
        let mut views = self.inputs.iter().map(|x| x.view());
        let mut sequence = Sequence::new(views.next().expect("a cell has an input"));
        for view in views {
            sequence = sequence.with(view);
        }
        if let Some(lengths) = &self.lengths {
            sequence = sequence.lengths(lengths);
        }
        if let Some(seed) = self.seed {
            sequence = sequence.training(seed);
        }
        match &self.state {
            Some(state) => sequence.state(state),
            None => sequence,
        }
    }

    /// The same for the interpreter.
    pub fn interpreted<'a>(&'a self, views: &[ArrayView3<'a, f64>]) -> Inputs<'a> {
        let mut inputs = Inputs::new(self.cell.params(), views).hypers(self.cell.hypers());
        if let Some(state) = &self.state {
            inputs = inputs.states(state.fields().iter().map(|f| f.to_owned()).collect());
        }
        match &self.lengths {
            Some(lengths) => inputs.lengths(lengths),
            None => inputs,
        }
    }

    /// The loss: a random linear function of outputs and final states.
    pub fn loss(&self) -> f64 {
        let run = self.cell.forward(self.sequence()).expect("a run");
        let outputs: f64 = run
            .outputs
            .iter()
            .zip(&self.outputs)
            .map(|(y, g)| (y * g).sum())
            .sum();
        let states: f64 = run
            .state
            .fields()
            .iter()
            .zip(self.last.fields())
            .map(|(s, g)| (s * &g).sum())
            .sum();
        outputs + states
    }

    /// Everything that a run and its backward pass give, each part with a name.
    pub fn results(&self) -> Vec<(String, Vec<f64>)> {
        let mut tape = Tape::new();
        let grads = self.gradients_on(&mut tape);
        let mut out = vec![(
            "gradients of parameters".to_owned(),
            grads.params().to_vec(),
        )];
        for i in 0..self.outputs.len() {
            let values = tape.output(i).iter().copied().collect();
            out.push((format!("output {i}"), values));
        }
        for i in 0..self.inputs.len() {
            let values = grads.input(i).iter().copied().collect();
            out.push((format!("gradient of input {i}"), values));
        }
        for (what, state) in [("final", tape.state()), ("gradient of", grads.state())] {
            for (i, field) in state.fields().iter().enumerate() {
                out.push((format!("{what} state {i}"), field.iter().copied().collect()));
            }
        }
        out
    }

    /// Derived gradients.
    pub fn gradients(&self) -> C::Grads {
        self.gradients_on(&mut Tape::new())
    }

    /// The same in memory that may have been used before.
    pub fn gradients_on(&self, tape: &mut Tape<C>) -> C::Grads {
        let mut grads = self.cell.zero_grads();
        self.cell
            .record(self.sequence(), tape)
            .expect("a recording");
        let views: Vec<ArrayView3<'_, f64>> = self.outputs.iter().map(|g| g.view()).collect();
        let seeds = Seeds::outputs(&views).state(&self.last);
        self.cell
            .backward(tape, seeds, &mut grads)
            .expect("a backward pass");
        grads
    }

    fn gradients_are_differences(&self) {
        let grads = self.gradients();
        let name = C::INFO.name;
        let mut changed = self.copy();
        for at in 0..self.cell.params().len() {
            let numeric = differences(&mut changed, |p, step| p.cell.params_mut()[at] += step);
            close(
                grads.params()[at],
                numeric,
                &format!("{name}: {}", parameter::<C>(&self.cell, at)),
            );
        }
        for i in 0..self.inputs.len() {
            for (at, &analytic) in grads.input(i).iter().enumerate() {
                let change = |p: &mut Self, step| {
                    p.inputs[i].as_slice_mut().expect("contiguous")[at] += step
                };
                close(
                    analytic,
                    differences(&mut changed, change),
                    &format!("{name}: input {i} at {at}"),
                );
            }
        }
        if self.state.is_some() {
            for (f, field) in grads.state().fields().iter().enumerate() {
                for (at, &analytic) in field.iter().enumerate() {
                    let change = |p: &mut Self, step: f64| {
                        let state = p.state.as_mut().expect("a state of its own");
                        *state.fields_mut()[f]
                            .iter_mut()
                            .nth(at)
                            .expect("an element") += step;
                    };
                    close(
                        analytic,
                        differences(&mut changed, change),
                        &format!("{name}: state {f} at {at}"),
                    );
                }
            }
        }
    }

    pub fn copy(&self) -> Self {
        Problem {
            cell: self.cell.clone(),
            inputs: self.inputs.clone(),
            lengths: self.lengths.clone(),
            seed: self.seed,
            state: self.state.clone(),
            outputs: self.outputs.clone(),
            last: self.last.clone(),
        }
    }
}

/// Number of inputs of a cell.
pub fn inputs_of<C: Cell>() -> usize {
    C::INFO
        .symbols
        .iter()
        .filter(|s| s.role == gate_runtime::RoleInfo::Input)
        .count()
}

/// Central difference of the loss.
fn differences<C: Cell<Scalar = f64>>(
    problem: &mut Problem<C>,
    change: impl Fn(&mut Problem<C>, f64),
) -> f64 {
    const STEP: f64 = 1e-5;
    change(problem, STEP);
    let above = problem.loss();
    change(problem, -2.0 * STEP);
    let below = problem.loss();
    change(problem, STEP);
    (above - below) / (2.0 * STEP)
}

/// The symbol that a flat parameter belongs to.
fn parameter<C: Cell>(cell: &C, mut at: usize) -> String {
    for symbol in C::INFO.symbols {
        if let gate_runtime::RoleInfo::Parameter(_) = symbol.role {
            let length = gate_runtime::elements(symbol.shape, cell.sizes());
            if at < length {
                return format!("{}[{at}]", symbol.printed);
            }
            at -= length;
        }
    }
    "beyond the parameters".to_owned()
}

/// Whether an analytic and a numeric derivative agree.
fn close(analytic: f64, numeric: f64, what: &str) {
    let scale = 1.0 + analytic.abs().max(numeric.abs());
    assert!(
        (analytic - numeric).abs() < 2e-7 * scale,
        "{what}: derived {analytic}, by differences {numeric}"
    );
}
