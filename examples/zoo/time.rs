//! Measured times of a cell.

use std::time::{Duration, Instant};

use gate_runtime::cells::ALL;
use gate_runtime::{Cell, CellGrads, Error, RoleInfo, Seeds, Sequence, Tape};
use ndarray::{Array3, ArrayView3};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What is measured: sizes in the order of the definition, rows and steps.
pub struct Shape {
    pub sizes: Vec<usize>,
    pub batch: usize,
    pub steps: usize,
    /// How long each cell is measured.
    pub budget: Duration,
}

/// Seconds for one step of all rows: minima over repetitions.
#[derive(Clone, Copy)]
pub struct Times {
    pub forward: f64,
    pub both: f64,
}

/// Measures a cell of a certain type.
pub type Measure = fn(&Shape) -> Result<Times, Error>;

macro_rules! measures {
    ($($family:ident $cell:ident $title:literal;)*) => {
        &[$(measure::<gate_runtime::cells::$cell<f32>>),*]
    };
}

/// In the order of [`ALL`].
static MEASURES: &[Measure] = gate_runtime::for_each_cell!(measures);

/// What measures the cell at a place of [`ALL`].
pub fn of(index: usize) -> Measure {
    debug_assert_eq!(MEASURES.len(), ALL.len());
    MEASURES[index]
}

fn measure<C: Cell<Scalar = f32>>(shape: &Shape) -> Result<Times, Error> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let cell = C::with_sizes(&shape.sizes, &mut rng)?;
    let mut array = |width: usize| {
        let dim = (shape.steps, shape.batch, width);
        Array3::from_shape_simple_fn(dim, || rng.random::<f32>() - 0.5)
    };
    let count = C::INFO
        .symbols
        .iter()
        .filter(|s| s.role == RoleInfo::Input)
        .count();
    let inputs: Vec<Array3<f32>> = (0..count).map(|i| array(cell.input_width(i))).collect();
    let outputs = C::INFO.outputs.len();
    let seeds: Vec<Array3<f32>> = (0..outputs).map(|i| array(cell.output_width(i))).collect();
    let seeds: Vec<ArrayView3<'_, f32>> = seeds.iter().map(|a| a.view()).collect();
    let (mut tape, mut grads) = (Tape::new(), cell.zero_grads());
    let mut best = Times {
        forward: f64::INFINITY,
        both: f64::INFINITY,
    };
    let begin = Instant::now();
    let mut rounds = 0;
    while rounds < 3 || begin.elapsed() < shape.budget {
        let mut views = inputs.iter().map(|a| a.view());
        let Some(first) = views.next() else { break };
        let sequence = views.fold(Sequence::new(first), Sequence::with);
        let start = Instant::now();
        cell.record(sequence, &mut tape)?;
        let middle = start.elapsed().as_secs_f64();
        grads.zero();
        cell.backward(&mut tape, Seeds::outputs(&seeds), &mut grads)?;
        let end = start.elapsed().as_secs_f64();
        best.forward = best.forward.min(middle / shape.steps as f64);
        best.both = best.both.min(end / shape.steps as f64);
        rounds += 1;
    }
    Ok(best)
}
