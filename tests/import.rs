//! Weights under the names, orders and transposes of PyTorch, Keras and ONNX: outputs and
//! gradients are those of the library. The files come from `reference/make_import.py`.

#![allow(confusable_idents, mixed_script_confusables)]

use std::path::{Path, PathBuf};

use gate_runtime::cell;
use gate_runtime::cells::{Gru, GruResetAfter, Lstm, PeepholeLstm, ProjectedLstm};
use gate_runtime::file::{Import, Matrices, Source, Tensors, Values};
use gate_runtime::train::{Bidirectional, Layer, Stacked};
use gate_runtime::{Cell, Sequence};
use ndarray::Array3;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use safetensors::SafeTensors;

/// Features and units of all files.
const I: usize = 3;
const H: usize = 5;

/// PyTorch computes in `f64`; Keras multiplies matrices in `f32`, ONNX Runtime computes in it.
const DOUBLE: f64 = 1e-12;
const SINGLE: f64 = 1e-5;

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(1)
}

fn path(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    folder.join(format!("import_{name}.safetensors"))
}

/// The words of a tensor of a file, if it has that.
fn words(name: &str, tensor: &str) -> Option<(Vec<usize>, Vec<[u8; 8]>)> {
    let bytes = std::fs::read(path(name)).expect("a file of the repository");
    let file = SafeTensors::deserialize(&bytes).expect("a file of tensors");
    let view = file.tensor(tensor).ok()?;
    Some((view.shape().to_vec(), view.data().as_chunks().0.to_vec()))
}

/// `[T, B, features]` of a file.
fn sequence(name: &str, tensor: &str) -> Option<Array3<f64>> {
    let (shape, words) = words(name, tensor)?;
    let numbers = words.into_iter().map(f64::from_le_bytes).collect();
    let shape = (shape[0], shape[1], shape[2]);
    Some(Array3::from_shape_vec(shape, numbers).expect("as many numbers as the shape says"))
}

#[track_caller]
fn close<'a>(
    ours: impl IntoIterator<Item = &'a f64>,
    theirs: impl IntoIterator<Item = &'a f64>,
    tolerance: f64,
) {
    let (ours, theirs): (Vec<_>, Vec<_>) = (Vec::from_iter(ours), Vec::from_iter(theirs));
    assert_eq!(ours.len(), theirs.len());
    let scale = theirs.iter().fold(1.0_f64, |m, v| m.max(v.abs()));
    for (at, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!(
            (*a - b).abs() <= tolerance * scale,
            "at {at}: ours {a:e}, theirs {b:e}"
        );
    }
}

/// What a file calls its tensors: the weights, or their gradients.
#[derive(Clone, Copy)]
enum Names {
    Weights,
    Gradients,
}

impl Names {
    fn one(self, name: &str) -> Source {
        match self {
            Names::Weights => Source::new(name),
            Names::Gradients => Source::new(format!("case.grad.{name}")),
        }
    }

    /// The gradient of a sum is that of each term.
    fn sum(self, one: Source, other: Source) -> Source {
        match self {
            Names::Weights => one.plus(other),
            Names::Gradients => one,
        }
    }
}

/// Loads a model and compares what it computes.
fn agrees<L>(name: &str, mut model: L, tolerance: f64, rules: impl Fn(Names) -> Import)
where
    L: Layer<Scalar = f64> + Tensors<Scalar = f64>,
{
    let file = path(name);
    let import = rules(Names::Weights).ignore("case.");
    import
        .load(&file, &mut model)
        .expect("the library's weights");
    let lengths = words(name, "case.lengths").map(|(_, words)| {
        let lengths = words.into_iter().map(u64::from_le_bytes);
        lengths.map(|l| l as usize).collect::<Vec<_>>()
    });
    let x = sequence(name, "case.x").expect("an input");
    let mut run = Sequence::new(x.view());
    if let Some(lengths) = &lengths {
        run = run.lengths(lengths);
    }
    let mut tape = L::Tape::default();
    model.trace(run, None, &mut tape).expect("a recording");
    close(
        L::traced(&tape),
        &sequence(name, "case.y").expect("an output"),
        tolerance,
    );
    let Some(weights) = sequence(name, "case.G") else {
        return;
    };
    let mut grads = model.new_grads();
    model
        .pull_back(&mut tape, weights.view(), true, &mut grads)
        .expect("a backward pass");
    let theirs = sequence(name, "case.grad.x").expect("a gradient of the input");
    close(L::input_gradient(&grads), &theirs, tolerance);
    // Their gradients are taken by the same rules.
    let mut theirs = model.clone();
    let import = rules(Names::Gradients).ignore("");
    import
        .load(&file, &mut theirs)
        .expect("the library's gradients");
    let mut numbers: Vec<f64> = Vec::new();
    for tensor in theirs.tensors() {
        let Values::Numbers(own) = tensor.values else {
            continue;
        };
        numbers.extend(own);
    }
    let groups = model.groups(&mut grads).expect("gradients of the model");
    close(groups.iter().flat_map(|g| &*g.grads), &numbers, tolerance);
}

/// The tensors of four gates of a part: `0.forward.W_x_i`.
fn gates(part: &str, symbol: &str, order: &str) -> Vec<String> {
    order
        .chars()
        .map(|gate| format!("{part}{symbol}_{gate}"))
        .collect()
}

/// A layer or direction of `nn.LSTM`.
fn torch_lstm(import: Import, n: Names, part: &str, suffix: &str) -> Import {
    let one = |kind: &str| n.one(&format!("{kind}_{suffix}"));
    import
        .split(one("weight_ih"), gates(part, "W_x", "ifgo"))
        .split(one("weight_hh"), gates(part, "W_h", "ifgo"))
        .split(
            n.sum(one("bias_ih"), one("bias_hh")),
            gates(part, "b", "ifgo"),
        )
}

#[test]
fn torch_lstm_of_two_layers_in_both_directions_with_lengths() {
    let model = Stacked::<Bidirectional<Lstm<f64>>>::new(&[I, H], 2, &mut rng()).expect("sizes");
    agrees("torch_lstm", model, DOUBLE, |n| {
        let mut import = Import::new(Matrices::OutputsFirst);
        for k in 0..2 {
            import = torch_lstm(import, n, &format!("{k}.forward."), &format!("l{k}"));
            import = torch_lstm(
                import,
                n,
                &format!("{k}.backward."),
                &format!("l{k}_reverse"),
            );
        }
        import
    });
}

/// The sizes of a module follow from its file.
#[test]
fn a_cell_of_the_sizes_of_a_file() {
    let import = Import::new(Matrices::OutputsFirst)
        .take("W", "gate.weight")
        .take("b", "gate.bias")
        .take("V", "inner.weight")
        .take("A", Source::new("A").as_stored())
        .ignore("case.");
    let file = path("torch_custom");
    let made: Custom<f64> = import.load_model(&file).expect("the sizes of the file");
    let mut known = Custom::<f64>::new(I, H, &mut rng()).expect("sizes");
    import
        .load(&file, &mut known)
        .expect("the library's weights");
    assert_eq!(
        (made.sizes(), made.params()),
        (known.sizes(), known.params())
    );
}

#[test]
fn torch_lstm_with_a_projection() {
    let sizes = ProjectedLstm::<f64>::INFO.sizes.iter();
    let sizes: Vec<usize> = sizes
        .map(|size| match size.argument {
            "x" => I,
            "h" => 2,
            _ => H,
        })
        .collect();
    let model = Stacked::<ProjectedLstm<f64>>::new(&sizes, 2, &mut rng()).expect("sizes");
    agrees("torch_projected", model, DOUBLE, |n| {
        let mut import = Import::new(Matrices::OutputsFirst);
        for k in 0..2 {
            import = torch_lstm(import, n, &format!("{k}."), &format!("l{k}"))
                .take(format!("{k}.W_p"), n.one(&format!("weight_hr_l{k}")));
        }
        import
    });
}

#[test]
fn torch_gru() {
    let model = GruResetAfter::<f64>::new(I, H, &mut rng()).expect("sizes");
    agrees("torch_gru", model, DOUBLE, |n| {
        let (b, b_h) = (n.one("bias_ih_l0"), n.one("bias_hh_l0"));
        let both = |bias: &Source| bias.clone().slice(0, 0..2 * H);
        let last = |bias: &Source| bias.clone().slice(0, 2 * H..3 * H);
        Import::new(Matrices::OutputsFirst)
            .split(n.one("weight_ih_l0"), gates("", "W_x", "rzn"))
            .split(n.one("weight_hh_l0"), gates("", "W_h", "rzn"))
            .split(n.sum(both(&b), both(&b_h)), gates("", "b", "rz"))
            .take("b_n", last(&b))
            .take("b_h_n", last(&b_h))
    });
}

cell! {
    /// In the conventions of `make_import.py`'s `Custom`, matrices from the left and the right.
    struct Custom {
        z   = sigmoid(W * [h_{t-1}, x_t] + b);
        h_t = (1 - z) .* h_{t-1} + z .* tanh(V * x_t + h_{t-1} * A);
    }
}

cell! {
    /// The same, all from the right.
    struct Rows {
        z   = sigmoid([h_{t-1}, x_t] * W + b);
        h_t = (1 - z) .* h_{t-1} + z .* tanh(x_t * V + h_{t-1} * A);
    }
}

#[test]
fn a_module_of_torch_in_either_convention() {
    let rules = |n: Names| {
        Import::new(Matrices::OutputsFirst)
            .take("W", n.one("gate.weight"))
            .take("b", n.one("gate.bias"))
            .take("V", n.one("inner.weight"))
            .take("A", n.one("A").as_stored())
    };
    let custom = Custom::<f64>::new(I, H, &mut rng()).expect("sizes");
    agrees("torch_custom", custom, DOUBLE, rules);
    agrees(
        "torch_custom",
        Rows::<f64>::new(I, H, &mut rng()).expect("sizes"),
        DOUBLE,
        rules,
    );
}

#[test]
fn keras_lstm() {
    let model = Lstm::<f64>::new(I, H, &mut rng()).expect("sizes");
    agrees("keras_lstm", model, SINGLE, |n| {
        Import::new(Matrices::InputsFirst)
            .split(n.one("kernel"), gates("", "W_x", "ifgo"))
            .split(n.one("recurrent_kernel"), gates("", "W_h", "ifgo"))
            .split(n.one("bias"), gates("", "b", "ifgo"))
    });
}

/// Keras keeps with z, the article renews with it: the weights of z change sign.
#[test]
fn keras_gru_with_the_reset_gate_before_the_product() {
    let model = Gru::<f64>::new(I, H, &mut rng()).expect("sizes");
    agrees("keras_gru_before", model, SINGLE, |n| {
        let mut import = Import::new(Matrices::InputsFirst);
        let sources = [
            ("W_x", "kernel", 1),
            ("W_h", "recurrent_kernel", 1),
            ("b", "bias", 0),
        ];
        for (symbol, name, axis) in sources {
            let part = |k: usize| n.one(name).slice(axis, k * H..(k + 1) * H);
            import = import
                .take(format!("{symbol}_z"), part(0).times(-1.0))
                .take(format!("{symbol}_r"), part(1))
                .take(symbol, part(2));
        }
        import
    });
}

#[test]
fn keras_gru_with_the_reset_gate_after_the_product() {
    let model = GruResetAfter::<f64>::new(I, H, &mut rng()).expect("sizes");
    agrees("keras_gru_after", model, SINGLE, |n| {
        let (b, b_h) = (n.one("bias").at(0), n.one("bias").at(1));
        let both = |bias: &Source| bias.clone().slice(0, 0..2 * H);
        let last = |bias: &Source| bias.clone().slice(0, 2 * H..3 * H);
        Import::new(Matrices::InputsFirst)
            .split(n.one("kernel"), gates("", "W_x", "zrn"))
            .split(n.one("recurrent_kernel"), gates("", "W_h", "zrn"))
            .split(n.sum(both(&b), both(&b_h)), gates("", "b", "zr"))
            .take("b_n", last(&b))
            .take("b_h_n", last(&b_h))
    });
}

#[test]
fn onnx_lstm_with_peepholes() {
    let model = PeepholeLstm::<f64>::new(I, H, &mut rng()).expect("sizes");
    agrees("onnx_lstm", model, SINGLE, |n| {
        let bias = n.one("B").at(0);
        let (b, b_h) = (bias.clone().slice(0, 0..4 * H), bias.slice(0, 4 * H..8 * H));
        Import::new(Matrices::OutputsFirst)
            .split(n.one("W").at(0), gates("", "W_x", "iofg"))
            .split(n.one("R").at(0), gates("", "W_h", "iofg"))
            .split(n.sum(b, b_h), gates("", "b", "iofg"))
            .split(n.one("P").at(0), gates("", "p", "iof"))
    });
}
