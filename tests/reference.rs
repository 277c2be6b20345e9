//! Ready-made cells against other implementations: outputs, final states, gradients.
//!
//! The files and the conventions behind them come from `reference/make_reference.py` (PyTorch,
//! ONNX Runtime), `reference/make_libraries.py` and `make_lmu.py` (libraries of cells) and
//! `make_sources.py` (published sources, written anew). Where a library departs from the paper,
//! the paper is followed; what the library computes is then a variant here, whose documentation
//! says what differs.

// Cells use the Greek letters of their papers.
#![allow(confusable_idents, mixed_script_confusables)]

#[path = "reference/variants.rs"]
mod variants;

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
/// ONNX Runtime computes in `f32`, with approximations of its own for sigmoid and tanh; Keras
/// multiplies matrices in `f32`, and the slope of PyTorch's hard sigmoid is one.
const SINGLE: f64 = 1e-6;

/// Computed in `f32`, compared with our `f64`.
const ROUGH: f64 = 1e-5;

/// A file of reference numbers.
struct Reference {
    name: &'static str,
    /// What the names of its tensors begin with.
    case: &'static str,
    bytes: Vec<u8>,
    tolerance: f64,
}

impl Reference {
    fn open(name: &'static str, case: &'static str, tolerance: f64) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/reference")
            .join(format!("{name}.safetensors"));
        let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Reference {
            name,
            case,
            bytes,
            tolerance,
        }
    }

    fn file(&self) -> SafeTensors<'_> {
        SafeTensors::deserialize(&self.bytes).expect("a file of tensors")
    }

    fn has(&self, tensor: &str) -> bool {
        self.file().tensor(&self.full(tensor)).is_ok()
    }

    fn full(&self, tensor: &str) -> String {
        match self.case {
            "" => tensor.to_owned(),
            case => format!("{case}/{tensor}"),
        }
    }

    fn get(&self, tensor: &str) -> ArrayD<f64> {
        let file = self.file();
        let view = file
            .tensor(&self.full(tensor))
            .unwrap_or_else(|_| panic!("{} has no tensor {}", self.name, self.full(tensor)));
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
        let view = file.tensor(&self.full("lengths")).ok()?;
        let length = |b: &[u8]| {
            usize::try_from(i64::from_le_bytes(b.try_into().expect("8 bytes"))).expect("a length")
        };
        Some(view.data().chunks_exact(8).map(length).collect())
    }

    /// Equal up to rounding, relative to the largest number of the tensor.
    fn equals(&self, ours: ArrayViewD<'_, f64>, tensor: &str) {
        let theirs = self.get(tensor);
        let tensor = self.full(tensor);
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
                    sizes[size] = length - extent.constant;
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
        .filter(|n| n.starts_with(&reference.full("param.")))
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

/// The name of the `i`-th input, output or weight of the loss.
fn numbered(letter: &str, i: usize) -> String {
    match i {
        0 => letter.to_owned(),
        i => format!("{letter}.{i}"),
    }
}

fn agrees<C: Cell<Scalar = f64>>(name: &'static str, case: &'static str, tolerance: f64) {
    let reference = Reference::open(name, case, tolerance);
    let cell: C = load(&reference);
    let symbols = C::INFO.symbols.iter();
    let inputs = symbols.filter(|s| s.role == RoleInfo::Input).count();
    let inputs: Vec<Array3<f64>> = (0..inputs)
        .map(|i| reference.sequence(&numbered("x", i)))
        .collect();
    let lengths = reference.lengths();
    let mut state = cell.zero_state(inputs[0].dim().1);
    for (mut field, letter) in state.fields_mut().into_iter().zip(states::<C>()) {
        if reference.has(&format!("{letter}_0")) {
            field.assign(&reference.get(&format!("{letter}_0")));
        }
    }
    let mut sequence = Sequence::new(inputs[0].view()).state(&state);
    for input in &inputs[1..] {
        sequence = sequence.with(input.view());
    }
    if let Some(lengths) = &lengths {
        sequence = sequence.lengths(lengths);
    }
    let mut tape = Tape::new();
    cell.record(sequence, &mut tape).expect("a recording");
    for i in 0..C::INFO.outputs.len() {
        reference.equals(tape.output(i).into_dyn(), &numbered("y", i));
    }
    for (field, letter) in tape.state().fields().into_iter().zip(states::<C>()) {
        if reference.has(&format!("{letter}_T")) {
            reference.equals(field, &format!("{letter}_T"));
        }
    }
    if reference.has("G") {
        gradients_agree(&reference, &cell, &mut tape);
    }
}

fn gradients_agree<C: Cell<Scalar = f64>>(reference: &Reference, cell: &C, tape: &mut Tape<C>) {
    let weights: Vec<Array3<f64>> = (0..C::INFO.outputs.len())
        .map(|i| reference.sequence(&numbered("G", i)))
        .collect();
    let mut last = cell.zero_state(weights[0].dim().1);
    for (mut field, letter) in last.fields_mut().into_iter().zip(states::<C>()) {
        if reference.has(&format!("G_{letter}")) {
            field.assign(&reference.get(&format!("G_{letter}")));
        }
    }
    let views: Vec<_> = weights.iter().map(|w| w.view()).collect();
    let mut grads = cell.zero_grads();
    cell.backward(tape, Seeds::outputs(&views).state(&last), &mut grads)
        .expect("a backward pass");
    for i in (0..).take_while(|&i| reference.has(&numbered("x", i))) {
        let name = format!("grad.{}", numbered("x", i));
        reference.equals(grads.input(i).into_dyn(), &name);
    }
    for (field, letter) in grads.state().fields().into_iter().zip(states::<C>()) {
        if reference.has(&format!("grad.{letter}_0")) {
            reference.equals(field, &format!("grad.{letter}_0"));
        }
    }
    for (symbol, range) in parameters::<C>(cell.sizes()) {
        // What has no counterpart has no gradient; `make_libraries.py` names each.
        let name = format!("grad.param.{}", symbol.ident);
        if reference.has(&name) || reference.case.is_empty() {
            let shape: Vec<usize> = symbol.shape.iter().map(|e| e.of(cell.sizes())).collect();
            let ours = ArrayViewD::from_shape(shape, &grads.params()[range])
                .expect("as many as the shape says");
            reference.equals(ours, &name);
        }
    }
}

#[test]
fn torch_lstm() {
    agrees::<Lstm<f64>>("torch_lstm", "", DOUBLE);
}

#[test]
fn torch_lstm_of_different_lengths() {
    agrees::<Lstm<f64>>("torch_lstm_lengths", "", DOUBLE);
}

#[test]
fn torch_lstm_with_projection() {
    agrees::<ProjectedLstm<f64>>("torch_lstm_projected", "", DOUBLE);
}

#[test]
fn torch_gru() {
    agrees::<GruResetAfter<f64>>("torch_gru", "", DOUBLE);
}

#[test]
fn torch_gru_of_different_lengths() {
    agrees::<GruResetAfter<f64>>("torch_gru_lengths", "", DOUBLE);
}

#[test]
fn torch_rnn() {
    agrees::<Rnn<f64>>("torch_rnn", "", DOUBLE);
}

#[test]
fn onnx_lstm_with_peepholes() {
    agrees::<PeepholeLstm<f64>>("onnx_lstm_peephole", "", SINGLE);
}

#[test]
fn onnx_gru_reset_before_the_product() {
    agrees::<Gru<f64>>("onnx_gru_reset_before", "", SINGLE);
}

#[test]
fn onnx_gru_reset_after_the_product() {
    agrees::<GruResetAfter<f64>>("onnx_gru_reset_after", "", SINGLE);
}

#[test]
fn onnx_rnn() {
    agrees::<Rnn<f64>>("onnx_rnn", "", SINGLE);
}

/// The comparison sees a difference of one part in a thousand million.
#[test]
#[should_panic(expected = "torch_rnn: y at 0")]
fn a_small_difference_is_seen() {
    let reference = Reference::open("torch_rnn", "", DOUBLE);
    let y = reference.get("y") + 1e-9;
    reference.equals(y.view(), "y");
}

/// A module per library, a test per cell.
macro_rules! libraries {
    ($($library:ident($tolerance:ident): $($cell:ident)*;)*) => {
        $(#[allow(non_snake_case, unused_imports)]
        mod $library {
            use super::variants::*;
            use gate_runtime::cells::*;
            $(#[test]
            fn $cell() {
                super::agrees::<$cell<f64>>(stringify!($library), stringify!($cell), super::$tolerance);
            })*

            /// Every case of the file is compared.
            #[test]
            fn all_cases() {
                let reference = super::Reference::open(stringify!($library), "", 0.0);
                for name in reference.file().names() {
                    let case = name.split('/').next().expect("a name");
                    assert!([$(stringify!($cell)),*].contains(&case), "{case} has no test");
                }
            }
        })*
    };
}

libraries! {
    torchrecurrent(DOUBLE):
        AntisymmetricRnn Atr Brc Cfn CoRnn FastGrnn FastRnn GatedAntisymmetricRnn IndRnn
        IntersectionRnn Janet LemDelayed LiGru LightRu MemoryControllerLstm Mgu MiRu1 MiRu2 MinimalRnn
        MultiplicativeLstm Mut1 Mut2 Mut3 NasSum Nbrc OriginalLstm PeepholeLstm Ran ResidualLstm
        ScrnOutput Sgrn Star TGru TLstm TRnn TauGru Ugrnn Unicornn WorkingMemoryLstm;
    torch_hard(SINGLE): Dsgu Sgu;
    keras(SINGLE): Gru GruResetAfter Lstm Rnn;
    flax(DOUBLE): GruResetAfter Lstm MguResetAfter;
    ncps(DOUBLE): Cfc LtcSynapses;
    xlstm(DOUBLE): MLstm SLstm;
    fla(ROUGH):
        DeltaNet GatedDeltaNet GatedLinearAttention Hgrn Hgrn2 Mamba2 RetNet RetNetHead Rwkv7;
    min_gru(DOUBLE): MinGruPositive MinLstmPositive;
    sru(DOUBLE): Sru;
    keras_lmu(DOUBLE): Lmu;
    sources(DOUBLE):
        DelayedMemoryUnit Ltc McLstm Nru OnLstm Qrnn ShufflingRnn StatisticalRnn SuRnn;
}
