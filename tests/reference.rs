//! Ready-made cells against PyTorch and ONNX Runtime: outputs, final states, gradients.
//!
//! The files and the conventions behind them come from `reference/make_reference.py`.

use std::path::Path;

use gate_runtime::cells::{Gru, GruResetAfter, Lstm, PeepholeLstm, ProjectedLstm, Rnn};
use gate_runtime::{
    Cell, CellGrads, CellState, RoleInfo, Seeds, Sequence, SymbolInfo, Tape, elements,
};
use ndarray::{Array3, ArrayD, ArrayViewD, Ix3, IxDyn};
use rand::SeedableRng;
use safetensors::SafeTensors;

/// PyTorch computes in `f64`: only the order of sums differs.
const DOUBLE: f64 = 1e-12;
/// ONNX Runtime computes in `f32`, with approximations of its own for sigmoid and tanh.
const SINGLE: f64 = 1e-6;

/// A file of reference numbers.
struct Reference {
    name: &'static str,
    bytes: Vec<u8>,
    tolerance: f64,
}

impl Reference {
    fn open(name: &'static str, tolerance: f64) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/reference")
            .join(format!("{name}.safetensors"));
        let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Reference {
            name,
            bytes,
            tolerance,
        }
    }

    fn file(&self) -> SafeTensors<'_> {
        SafeTensors::deserialize(&self.bytes).expect("a file of tensors")
    }

    fn has(&self, tensor: &str) -> bool {
        self.file().tensor(tensor).is_ok()
    }

    fn get(&self, tensor: &str) -> ArrayD<f64> {
        let file = self.file();
        let view = file
            .tensor(tensor)
            .unwrap_or_else(|_| panic!("{} has no tensor {tensor}", self.name));
        let values = view
            .data()
            .chunks_exact(8)
            .map(|b| f64::from_le_bytes(b.try_into().expect("8 bytes")));
        ArrayD::from_shape_vec(IxDyn(view.shape()), values.collect())
            .expect("as many numbers as the shape says")
    }

    fn sequence(&self, tensor: &str) -> Array3<f64> {
        self.get(tensor)
            .into_dimensionality::<Ix3>()
            .expect("[T, B, features]")
    }

    fn lengths(&self) -> Option<Vec<usize>> {
        let file = self.file();
        let view = file.tensor("lengths").ok()?;
        let length = |b: &[u8]| {
            usize::try_from(i64::from_le_bytes(b.try_into().expect("8 bytes"))).expect("a length")
        };
        Some(view.data().chunks_exact(8).map(length).collect())
    }

    /// Equal up to rounding, relative to the largest number of the tensor.
    fn equals(&self, ours: ArrayViewD<'_, f64>, tensor: &str) {
        let theirs = self.get(tensor);
        assert_eq!(ours.shape(), theirs.shape(), "{}: {tensor}", self.name);
        let scale = theirs.iter().fold(1.0_f64, |m, v| m.max(v.abs()));
        for (at, (a, b)) in ours.iter().zip(&theirs).enumerate() {
            let close = (a - b).abs() <= self.tolerance * scale;
            assert!(
                close,
                "{}: {tensor} at {at}: ours {a:e}, theirs {b:e}",
                self.name
            );
        }
    }
}

/// The symbols that the cell trains, each with its place in the flat parameters.
fn parameters<C: Cell>(sizes: &[usize]) -> Vec<(&'static SymbolInfo, std::ops::Range<usize>)> {
    let mut start = 0;
    let mut out = Vec::new();
    for symbol in C::INFO.symbols {
        if let RoleInfo::Parameter(_) = symbol.role {
            let end = start + elements(symbol.shape, sizes);
            out.push((symbol, start..end));
            start = end;
        }
    }
    out
}

/// The sizes that the parameters of the file have.
fn sizes<C: Cell>(reference: &Reference) -> Vec<usize> {
    let mut sizes = vec![0; C::INFO.sizes.len()];
    for symbol in C::INFO.symbols {
        if let RoleInfo::Parameter(_) = symbol.role {
            let tensor = reference.get(&format!("param.{}", symbol.ident));
            assert_eq!(
                tensor.ndim(),
                symbol.shape.len(),
                "{}: axes of {}",
                reference.name,
                symbol.ident
            );
            for (extent, &length) in symbol.shape.iter().zip(tensor.shape()) {
                if let &[(size, 1)] = extent.terms {
                    sizes[size] = length;
                }
            }
        }
    }
    sizes
}

/// A cell with the parameters of the file; every parameter of the file is one of the cell's.
fn load<C: Cell<Scalar = f64>>(reference: &Reference) -> C {
    let sizes = sizes::<C>(reference);
    let mut cell = C::with_sizes(&sizes, &mut rand_chacha::ChaCha8Rng::seed_from_u64(0))
        .expect("sizes of the file");
    let known = parameters::<C>(&sizes);
    let in_file = reference
        .file()
        .names()
        .into_iter()
        .filter(|n| n.starts_with("param."))
        .count();
    assert_eq!(
        known.len(),
        in_file,
        "{}: number of parameters",
        reference.name
    );
    for (symbol, range) in known {
        let values = reference.get(&format!("param.{}", symbol.ident));
        let shape: Vec<usize> = symbol.shape.iter().map(|e| e.of(&sizes)).collect();
        assert_eq!(
            values.shape(),
            shape,
            "{}: {}",
            reference.name,
            symbol.ident
        );
        let target = &mut cell.params_mut()[range];
        target.iter_mut().zip(&values).for_each(|(t, v)| *t = *v);
    }
    cell
}

/// The names of the states, in the order of the state's fields.
fn states<C: Cell>() -> Vec<&'static str> {
    C::INFO
        .graph
        .states
        .iter()
        .map(|s| C::INFO.symbols[s.symbol].ident)
        .collect()
}

fn agrees<C: Cell<Scalar = f64>>(name: &'static str, tolerance: f64) {
    let reference = Reference::open(name, tolerance);
    let cell: C = load(&reference);
    let x = reference.sequence("x");
    let lengths = reference.lengths();
    let mut state = cell.zero_state(x.dim().1);
    for (mut field, letter) in state.fields_mut().into_iter().zip(states::<C>()) {
        field.assign(&reference.get(&format!("{letter}_0")));
    }
    let mut sequence = Sequence::new(x.view()).state(&state);
    if let Some(lengths) = &lengths {
        sequence = sequence.lengths(lengths);
    }
    let mut tape = Tape::new();
    cell.record(sequence, &mut tape).expect("a recording");
    reference.equals(tape.output(0).into_dyn(), "y");
    for (field, letter) in tape.state().fields().into_iter().zip(states::<C>()) {
        reference.equals(field, &format!("{letter}_T"));
    }
    if reference.has("G") {
        gradients_agree(&reference, &cell, &mut tape);
    }
}

fn gradients_agree<C: Cell<Scalar = f64>>(reference: &Reference, cell: &C, tape: &mut Tape<C>) {
    let weights = reference.sequence("G");
    let mut last = cell.zero_state(weights.dim().1);
    for (mut field, letter) in last.fields_mut().into_iter().zip(states::<C>()) {
        field.assign(&reference.get(&format!("G_{letter}")));
    }
    let mut grads = cell.zero_grads();
    cell.backward(
        tape,
        Seeds::outputs(&[weights.view()]).state(&last),
        &mut grads,
    )
    .expect("a backward pass");
    reference.equals(grads.input(0).into_dyn(), "grad.x");
    for (field, letter) in grads.state().fields().into_iter().zip(states::<C>()) {
        reference.equals(field, &format!("grad.{letter}_0"));
    }
    for (symbol, range) in parameters::<C>(cell.sizes()) {
        let shape: Vec<usize> = symbol.shape.iter().map(|e| e.of(cell.sizes())).collect();
        let ours = ArrayViewD::from_shape(shape, &grads.params()[range])
            .expect("as many as the shape says");
        reference.equals(ours, &format!("grad.param.{}", symbol.ident));
    }
}

#[test]
fn torch_lstm() {
    agrees::<Lstm<f64>>("torch_lstm", DOUBLE);
}

#[test]
fn torch_lstm_of_different_lengths() {
    agrees::<Lstm<f64>>("torch_lstm_lengths", DOUBLE);
}

#[test]
fn torch_lstm_with_projection() {
    agrees::<ProjectedLstm<f64>>("torch_lstm_projected", DOUBLE);
}

#[test]
fn torch_gru() {
    agrees::<GruResetAfter<f64>>("torch_gru", DOUBLE);
}

#[test]
fn torch_gru_of_different_lengths() {
    agrees::<GruResetAfter<f64>>("torch_gru_lengths", DOUBLE);
}

#[test]
fn torch_rnn() {
    agrees::<Rnn<f64>>("torch_rnn", DOUBLE);
}

#[test]
fn onnx_lstm_with_peepholes() {
    agrees::<PeepholeLstm<f64>>("onnx_lstm_peephole", SINGLE);
}

#[test]
fn onnx_gru_reset_before_the_product() {
    agrees::<Gru<f64>>("onnx_gru_reset_before", SINGLE);
}

#[test]
fn onnx_gru_reset_after_the_product() {
    agrees::<GruResetAfter<f64>>("onnx_gru_reset_after", SINGLE);
}

#[test]
fn onnx_rnn() {
    agrees::<Rnn<f64>>("onnx_rnn", SINGLE);
}

/// The comparison sees a difference of one part in a thousand million.
#[test]
#[should_panic(expected = "torch_rnn: y at 0")]
fn a_small_difference_is_seen() {
    let reference = Reference::open("torch_rnn", DOUBLE);
    let y = reference.get("y") + 1e-9;
    reference.equals(y.view(), "y");
}
