//! What is said about cells from their graphs, against what the interpreter and the emitted
//! code do.

#![allow(confusable_idents, mixed_script_confusables)]

mod cells;

use gate_runtime::cells::ALL;
use gate_runtime::interpret::{Inputs, Interpreter, OutputSeeds};
use gate_runtime::{
    Bound, Cell, CellInfo, JacobianBlock, Recurrence, RoleInfo, Sequence, Structure, Tape,
    elements, set_threads, share_small_runs,
};
use ndarray::{Array2, Array3, ArrayD, IxDyn};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Sizes that no two values share by chance.
const SIZES: [usize; 5] = [6, 7, 3, 4, 5];

/// Every ready-made cell, and those that stretch the language.
fn every() -> Vec<&'static CellInfo> {
    use cells::*;
    let mut all: Vec<&'static CellInfo> = ALL.iter().map(|e| e.info).collect();
    all.extend([
        Projected::<f64>::INFO,
        Column::<f64>::INFO,
        Delayed::<f64>::INFO,
        TwoByTwo::<f64>::INFO,
        Diagonal::<f64>::INFO,
        Antisymmetric::<f64>::INFO,
        Fast::<f64>::INFO,
        Leaky::<f64>::INFO,
        Normed::<f64>::INFO,
        Cumulative::<f64>::INFO,
        Memory::<f64>::INFO,
        Stabilised::<f64>::INFO,
        LowRank::<f64>::INFO,
        Piecewise::<f64>::INFO,
        Deep::<f64>::INFO,
        Highway::<f64>::INFO,
        Feed::<f64>::INFO,
        Readout::<f64>::INFO,
        Stopped::<f64>::INFO,
        Combined::<f64>::INFO,
    ]);
    all
}

#[test]
fn blocks_of_jacobians_are_what_they_are_said_to_be() {
    for info in every() {
        let step = Step::new(info, 1);
        for block in info.jacobian() {
            step.check(&block);
        }
    }
}

#[test]
fn a_linear_block_does_not_change_with_the_state() {
    for info in every() {
        let (a, b) = (Step::new(info, 1), Step::new(info, 2));
        for block in info.jacobian() {
            let same = a.numbers(&block) == b.numbers(&block);
            if block.linear {
                let near = (a.numbers(&block) - b.numbers(&block)).mapv(f64::abs);
                assert!(near.iter().all(|d| *d < 1e-12), "{}: {block:?}", info.name);
            } else if !piecewise(info) {
                assert!(!same, "{}: {block:?} is linear after all", info.name);
            }
        }
    }
}

#[test]
fn the_tape_is_as_wide_as_its_areas() {
    macro_rules! compare {
        ($($family:ident $cell:ident $title:literal;)*) => {
            $({
                type C = gate_runtime::cells::$cell<f32>;
                let sizes = &SIZES[..C::INFO.sizes.len()];
                let cell = C::with_sizes(sizes, &mut ChaCha8Rng::seed_from_u64(0)).expect("sizes");
                assert_eq!(4 * C::INFO.cost(sizes).tape, cell.tape_bytes(), stringify!($cell));
            })*
        };
    }
    gate_runtime::for_each_cell!(compare);
}

/// Counted by hand for four gates of `[I, H]` and `[H, H]`.
#[test]
fn the_cost_of_an_lstm() {
    let cost = gate_runtime::cells::Lstm::<f32>::INFO.cost(&[6, 7]);
    assert_eq!(cost.parameters, 4 * (6 * 7 + 7 * 7 + 7));
    assert_eq!(cost.multiply_adds, 4 * (6 * 7 + 7 * 7));
    assert_eq!(cost.backward_multiply_adds, 2 * cost.multiply_adds);
    assert_eq!(cost.activations, 5 * 7);
    // Two sums for each gate; three products and a sum at the end.
    assert_eq!(cost.elementwise, (4 * 2 + 4) * 7);
    // h W, + x W, + b, σ, f C, + i g, tanh, o tanh.
    assert_eq!(cost.chain, 8);
}

#[test]
fn kinds_of_recurrence() {
    let of = |name: &str| {
        let entry = ALL.iter().find(|e| e.info.name == name);
        entry.expect("a ready-made cell").info.recurrence()
    };
    assert_eq!(of("Lstm"), Recurrence::Dense);
    assert_eq!(of("IndRnn"), Recurrence::Diagonal);
    assert_eq!(of("MinGru"), Recurrence::LinearDiagonal);
    assert_eq!(of("DeltaNet"), Recurrence::LinearRows);
    assert_eq!(cells::Feed::<f64>::INFO.recurrence(), Recurrence::None);
    assert_eq!(
        cells::LowRank::<f64>::INFO.recurrence(),
        Recurrence::LowRank
    );
}

/// Whether an operation of the step has pieces, on each of which it is simpler than on the whole.
fn piecewise(info: &CellInfo) -> bool {
    let mut nodes = info.graph.nodes.iter();
    nodes.any(|n| {
        use gate_runtime::OpInfo::*;
        matches!(
            n.op,
            Relu | Abs | Sign | Min | Max | SelectGreater | SelectGreaterEq | Largest
        )
    })
}

/// The Jacobian of one step in numbers.
struct Step {
    info: &'static CellInfo,
    sizes: Vec<usize>,
    params: Vec<f64>,
    inputs: Vec<Array3<f64>>,
    states: Vec<ArrayD<f64>>,
}

impl Step {
    /// Parameters and inputs are the same for every seed, states are not.
    fn new(info: &'static CellInfo, seed: u64) -> Step {
        let sizes = SIZES[..info.sizes.len()].to_vec();
        let mut fixed = ChaCha8Rng::seed_from_u64(0);
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let of = |wanted: fn(&RoleInfo) -> bool| {
            let symbols = info.symbols.iter().filter(move |s| wanted(&s.role));
            symbols.map(|s| elements(s.shape, &sizes))
        };
        let count: usize = of(|r| matches!(r, RoleInfo::Parameter(_))).sum();
        let params = (0..count).map(|_| fixed.random::<f64>() - 0.4).collect();
        let inputs = of(|r| *r == RoleInfo::Input)
            .map(|n| Array3::from_shape_simple_fn((1, 1, n), || fixed.random::<f64>() + 0.1))
            .collect();
        let states = info.graph.states.iter().map(|state| {
            let symbol = &info.symbols[state.symbol];
            let mut shape = if state.depth > 1 {
                vec![state.depth, 1]
            } else {
                vec![1]
            };
            shape.extend(symbol.shape.iter().map(|e| e.of(&sizes)));
            if symbol.shape.is_empty() {
                shape.push(1);
            }
            let rng = if symbol.role == RoleInfo::Input {
                &mut fixed
            } else {
                &mut random
            };
            ArrayD::from_shape_simple_fn(IxDyn(&shape), || rng.random::<f64>() + 0.2)
        });
        let states = states.collect();
        Step {
            info,
            params,
            inputs,
            states,
            sizes,
        }
    }

    /// `[elements of the later state, elements of the earlier one]`
    fn numbers(&self, block: &JacobianBlock) -> Array2<f64> {
        let width = |state: usize| {
            let symbol = self.info.graph.states[state].symbol;
            elements(self.info.symbols[symbol].shape, &self.sizes)
        };
        let (rows, columns) = (width(block.of), width(block.by));
        let interpreter = Interpreter::new(self.info, &self.sizes).expect("sizes");
        let views: Vec<_> = self.inputs.iter().map(|x| x.view()).collect();
        let inputs = Inputs::new(&self.params, &views).states(self.states.clone());
        let mut out = Array2::zeros((rows, columns));
        for row in 0..rows {
            let zeros = self.states.iter().map(|s| ArrayD::zeros(s.raw_dim()));
            let mut seeds = OutputSeeds {
                states: zeros.collect(),
                ..OutputSeeds::default()
            };
            seeds.states[block.of].as_slice_mut().expect("contiguous")[row] = 1.0;
            let found = interpreter.gradients(&inputs, &seeds).expect("gradients");
            let by = found.states[block.by].as_slice().expect("contiguous");
            let start = (block.delay - 1) * columns;
            for (k, value) in by[start..start + columns].iter().enumerate() {
                out[[row, k]] = *value;
            }
        }
        out
    }

    /// Whether a block's numbers have its structure, and no simpler one.
    fn check(&self, block: &JacobianBlock) {
        let numbers = self.numbers(block);
        let what = format!("{}: {block:?}\n{numbers:.3}", self.info.name);
        let zero = |test: &dyn Fn(usize, usize) -> bool| {
            let mut all = numbers.indexed_iter();
            all.all(|((r, c), v)| !test(r, c) || v.abs() < 1e-12)
        };
        let diagonal = zero(&|r, c| r != c);
        let first = numbers.first().copied().unwrap_or_default();
        let equal = numbers.diag().iter().all(|v| (v - first).abs() < 1e-12);
        match &block.structure {
            Structure::Zero => assert!(zero(&|_, _| true), "{what}"),
            Structure::Identity => assert!(diagonal && equal && first == 1.0, "{what}"),
            Structure::Scaled => assert!(
                diagonal && equal && (first != 1.0 || piecewise(self.info)),
                "{what}"
            ),
            Structure::Diagonal => assert!(diagonal && (!equal || piecewise(self.info)), "{what}"),
            Structure::Shifted => assert!(numbers.rows().into_iter().all(|r| count(r.iter()) <= 1)),
            Structure::Aligned(from, to) => {
                let index = |state: usize, axis: usize, at: usize| {
                    let symbol = self.info.graph.states[state].symbol;
                    match self.info.symbols[symbol].shape {
                        [_, columns] if axis == 0 => at / columns.of(&self.sizes),
                        [_, columns] => at % columns.of(&self.sizes),
                        _ => at,
                    }
                };
                let apart = |r, c| index(block.of, *to, r) != index(block.by, *from, c);
                assert!(zero(&apart), "{what}");
                assert!(!diagonal || piecewise(self.info), "{what}");
            }
            Structure::Column => assert_eq!(numbers.ncols(), 1, "{what}"),
            Structure::Row => assert_eq!(numbers.nrows(), 1, "{what}"),
            Structure::LowRank(bounds) => {
                assert!(rank(&numbers) <= self.bound(bounds), "{what}");
                assert!(!diagonal || piecewise(self.info), "{what}");
            }
            Structure::DiagonalAndLowRank(bounds) => {
                let half = numbers.nrows() / 2;
                let corner = numbers.slice(ndarray::s![..half, half..]).to_owned();
                assert!(rank(&corner) <= self.bound(bounds), "{what}");
                assert!(!diagonal || piecewise(self.info), "{what}");
            }
            Structure::Dense => assert!(
                !diagonal || numbers.dim().0 == 1 || piecewise(self.info),
                "{what}"
            ),
        }
    }

    fn bound(&self, bounds: &[Bound]) -> usize {
        bounds.iter().map(|b| b.of(&self.sizes)).sum()
    }
}

fn count<'a>(values: impl Iterator<Item = &'a f64>) -> usize {
    values.filter(|v| v.abs() > 1e-12).count()
}

/// The rank, by elimination with complete pivoting.
fn rank(matrix: &Array2<f64>) -> usize {
    let mut rest = matrix.clone();
    let scale = rest.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    for rank in 0..rest.nrows().min(rest.ncols()) {
        let pivot = rest
            .indexed_iter()
            .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        let Some(((r, c), &value)) = pivot.filter(|p| p.1.abs() > 1e-9 * scale) else {
            return rank;
        };
        let (row, column) = (rest.row(r).to_owned(), rest.column(c).to_owned());
        for ((i, j), v) in rest.indexed_iter_mut() {
            *v -= column[i] * row[j] / value;
        }
    }
    rest.nrows().min(rest.ncols())
}

/// The card that the README shows.
#[test]
fn the_readme_shows_the_card_of_an_lstm() {
    let card = gate_runtime::cells::Lstm::<f32>::INFO
        .card(&[6, 7])
        .to_string();
    let readme = include_str!("../README.md");
    let shown = readme
        .split("```text\nrecognised as")
        .nth(1)
        .expect("a card");
    let shown = shown.split("```").next().expect("its end");
    for line in format!("recognised as{shown}").lines() {
        assert!(card.lines().any(|own| own == line), "{line}\nin\n{card}");
    }
}

/// What is said before a recording is what the tape holds after it, with matrices that are computed
/// again and without, for any number of threads.
#[test]
fn the_tape_is_as_long_as_is_said() {
    macro_rules! compare {
        ($($family:ident $cell:ident $title:literal;)*) => {
            $({
                type C = gate_runtime::cells::$cell<f32>;
                let cell = C::with_sizes(&SIZES[..C::INFO.sizes.len()], &mut ChaCha8Rng::seed_from_u64(0)).expect("sizes");
                let inputs = C::INFO.symbols.iter().filter(|s| s.role == RoleInfo::Input).count();
                for (steps, batch, threads) in [(1, 1, 1), (50, 3, 1), (40, 26, 3)] {
                    set_threads(threads);
                    let said = cell.recorded_bytes(steps, batch).expect("a number");
                    let inputs: Vec<Array3<f32>> = (0..inputs).map(|i| Array3::zeros((steps, batch, cell.input_width(i)))).collect();
                    let mut sequence = Sequence::new(inputs[0].view());
                    for input in &inputs[1..] {
                        sequence = sequence.with(input.view());
                    }
                    let mut tape = Tape::new();
                    cell.record(sequence, &mut tape).expect("a recording");
                    assert_eq!(tape.bytes(), said, "{} of {steps} steps", stringify!($cell));
                }
                for (steps, batch) in [(usize::MAX, 1), (1, usize::MAX), (usize::MAX, usize::MAX), (1 << 40, 1 << 30)] {
                    assert_eq!(cell.recorded_bytes(steps, batch), None);
                }
            })*
        };
    }
    share_small_runs(true);
    gate_runtime::for_each_cell!(compare);
    set_threads(0);
    // A matrix at every step, and one in sixteen.
    type C = gate_runtime::cells::GatedLinearAttention<f32>;
    let sizes = &[128; 5][..C::INFO.sizes.len()];
    let cell = C::with_sizes(sizes, &mut ChaCha8Rng::seed_from_u64(0)).expect("sizes");
    let of_step = |steps| cell.recorded_bytes(steps, 1).expect("a number") / steps;
    let (short, long, own) = (of_step(100), of_step(10_000), cell.tape_bytes());
    assert!(short >= own && long < own / 4, "{short}, {long} of {own}");
    assert!(
        C::INFO
            .card(sizes)
            .to_string()
            .contains("; long sequences keep")
    );
}
