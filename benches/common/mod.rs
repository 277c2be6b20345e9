//! The cells and shapes that benchmarks run, each with its data.

use gate_runtime::cells::{
    CoupledLstm, GatedLinearAttention, Gru, GruResetAfter, Lstm, Mgu, MinGru, Nas, PeepholeLstm,
    ProjectedLstm,
};
use gate_runtime::{Cell, CellGrads, Isa, RoleInfo, Seeds, Tape, elements, kernels};
use ndarray::Array3;
use rand::SeedableRng;

/// Input features, units, rows, steps.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub inputs: usize,
    pub units: usize,
    pub rows: usize,
    pub steps: usize,
}

/// The forward pass alone, for its outputs; or both passes, as training needs them.
#[derive(Clone, Copy, Debug)]
pub enum Pass {
    Forward,
    Both,
}

/// A cell at a size, on memory that is used again.
pub trait Case {
    /// Name and shape of every parameter, in the order of the flat buffer.
    fn params(&self) -> Vec<(&'static str, Vec<usize>)>;
    /// Features of the output.
    fn outputs(&self) -> usize;
    /// Floating-point operations of a pass, products alone.
    fn flops(&self, pass: Pass) -> f64;
    /// Sets parameters, inputs and the gradient of the outputs.
    fn set(&mut self, params: &[f32], x: &[f32], dy: &[f32]);
    /// Runs a pass.
    fn run(&mut self, pass: Pass);
    /// Output, gradient of the input, gradients of the parameters.
    fn results(&self) -> [Vec<f32>; 3];
}

/// Every cell of the benchmarks by its name.
pub const CELLS: [&str; 10] = [
    "Lstm",
    "GruResetAfter",
    "Gru",
    "PeepholeLstm",
    "CoupledLstm",
    "Mgu",
    "Nas",
    "ProjectedLstm",
    "MinGru",
    "GatedLinearAttention",
];

/// A cell by its name.
pub fn case(name: &str, shape: Shape) -> Option<Box<dyn Case>> {
    Some(match name {
        "Lstm" => Boxed::<Lstm>::make(shape),
        "GruResetAfter" => Boxed::<GruResetAfter>::make(shape),
        "Gru" => Boxed::<Gru>::make(shape),
        "PeepholeLstm" => Boxed::<PeepholeLstm>::make(shape),
        "CoupledLstm" => Boxed::<CoupledLstm>::make(shape),
        "Mgu" => Boxed::<Mgu>::make(shape),
        "Nas" => Boxed::<Nas>::make(shape),
        "ProjectedLstm" => Boxed::<ProjectedLstm>::make(shape),
        "MinGru" => Boxed::<MinGru>::make(shape),
        "GatedLinearAttention" => Boxed::<GatedLinearAttention>::make(shape),
        _ => return None,
    })
}

struct Boxed<C: Cell> {
    cell: C,
    shape: Shape,
    x: Array3<f32>,
    dy: Array3<f32>,
    tape: Tape<C>,
    grads: C::Grads,
}

impl<C: Cell<Scalar = f32>> Boxed<C> {
    fn make(shape: Shape) -> Box<dyn Case> {
        // The projection of a cell that has one gives half as many features as there are units.
        let size = |argument: &str| match argument {
            "x" => shape.inputs,
            "h" if C::INFO.sizes.len() > 2 => shape.units / 2,
            _ => shape.units,
        };
        let sizes: Vec<usize> = C::INFO.sizes.iter().map(|s| size(s.argument)).collect();
        let mut rng = rand_chacha::ChaCha8Rng::from_seed([1; 32]);
        let cell = C::with_sizes(&sizes, &mut rng).expect("sizes that fit");
        let wave = |scale: f32| {
            move |(t, b, i): (usize, usize, usize)| ((t * 7 + b * 3 + i) as f32).sin() * scale
        };
        let (steps, rows) = (shape.steps, shape.rows);
        let x = Array3::from_shape_fn((steps, rows, cell.input_width(0)), wave(0.5));
        let dy = Array3::from_shape_fn((steps, rows, cell.output_width(0)), wave(0.1));
        let (tape, grads) = (Tape::new(), cell.zero_grads());
        Box::new(Boxed {
            cell,
            shape,
            x,
            dy,
            tape,
            grads,
        })
    }
}

impl<C: Cell<Scalar = f32>> Case for Boxed<C> {
    fn params(&self) -> Vec<(&'static str, Vec<usize>)> {
        let sizes = self.cell.sizes();
        let symbols = C::INFO.symbols.iter();
        symbols
            .filter(|s| matches!(s.role, RoleInfo::Parameter(_)))
            .map(|s| {
                let shape = s.shape.iter().map(|e| e.of(sizes)).collect();
                debug_assert!(elements(s.shape, sizes) > 0);
                (s.ident, shape)
            })
            .collect()
    }

    fn outputs(&self) -> usize {
        self.cell.output_width(0)
    }

    fn flops(&self, pass: Pass) -> f64 {
        let multiply_adds = C::INFO.cost(self.cell.sizes()).multiply_adds;
        let passes = match pass {
            Pass::Forward => 1.0,
            Pass::Both => 3.0,
        };
        passes * 2.0 * (multiply_adds * self.shape.rows * self.shape.steps) as f64
    }

    fn set(&mut self, params: &[f32], x: &[f32], dy: &[f32]) {
        self.cell.params_mut().copy_from_slice(params);
        self.x.as_slice_mut().expect("its own").copy_from_slice(x);
        self.dy.as_slice_mut().expect("its own").copy_from_slice(dy);
    }

    fn run(&mut self, pass: Pass) {
        let Pass::Both = pass else {
            let predicted = self.cell.predict(&self.x, &mut self.tape);
            return predicted.expect("a forward pass");
        };
        // Training changes the weights before every pass: without this they would stay packed.
        let first = &mut self.cell.params_mut()[0];
        *first = f32::from_bits(first.to_bits() ^ 1);
        let recorded = self.cell.record(&self.x, &mut self.tape);
        recorded.expect("a forward pass");
        self.grads.zero();
        let seeds = Seeds::from(&self.dy);
        let gone = self.cell.backward(&mut self.tape, seeds, &mut self.grads);
        gone.expect("a backward pass");
    }

    fn results(&self) -> [Vec<f32>; 3] {
        [
            self.tape.output(0).iter().copied().collect(),
            self.grads.input(0).iter().copied().collect(),
            self.grads.params().to_vec(),
        ]
    }
}

/// GFLOP/s of multiply-adds that so many cores reach together on registers alone.
pub fn peak(threads: usize) -> f64 {
    let one = || kernels::peak::<f32>(Isa::detect());
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|t| t.join().expect("a peak")).sum()
    })
}
