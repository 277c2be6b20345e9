use std::path::{Path, PathBuf};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::cell::Cell;
use crate::cells::{AntisymmetricRnn, Gru, Lstm, Rnn};
use crate::train::{Group, Linear, Optimiser, Sgd};

use super::{ENTRY, Reader, Tensors, load, save};

mod disk;
mod parts;
mod settings;

pub(super) fn generator(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// A folder that goes away, and a file in it.
fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    (folder, path)
}

/// All numbers of a model.
pub(super) fn numbers<T: Tensors>(model: &T) -> Vec<f64> {
    use crate::kernels::Float;
    let mut out = Vec::new();
    for tensor in model.tensors() {
        match tensor.values {
            super::Values::Numbers(numbers) => out.extend(numbers.iter().map(|v| v.to_f64())),
            super::Values::Counts(counts) => out.extend(counts.iter().map(|&c| c as f64)),
        }
    }
    out
}

/// Loads and expects a refusal that leaves the model as it was.
fn refused<T: Tensors>(path: &Path, model: &mut T) -> String {
    let before = numbers(model);
    let error = load(path, model).unwrap_err().to_string();
    assert_eq!(numbers(model), before);
    assert!(error.contains(&path.display().to_string()), "{error}");
    error
}

/// Name, number type, shape and bytes of a tensor.
type Stored = (String, Dtype, Vec<usize>, Vec<u8>);

/// Writes the tensors of a file again, changed.
fn rewrite(path: &Path, change: impl Fn(&mut Vec<Stored>)) {
    let bytes = std::fs::read(path).unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let own = |(name, view): (String, TensorView<'_>)| {
        (
            name,
            view.dtype(),
            view.shape().to_vec(),
            view.data().to_vec(),
        )
    };
    let mut tensors: Vec<_> = file.tensors().into_iter().map(own).collect();
    change(&mut tensors);
    let views = tensors.iter().map(|(name, dtype, shape, data)| {
        (name, TensorView::new(*dtype, shape.clone(), data).unwrap())
    });
    std::fs::write(
        path,
        safetensors::serialize(views, header.metadata().clone()).unwrap(),
    )
    .unwrap();
}

fn saved_lstm() -> (tempfile::TempDir, PathBuf, Lstm<f32>) {
    let (folder, path) = place();
    let lstm = Lstm::new(3, 4, &mut generator(1)).unwrap();
    save(&path, &lstm).unwrap();
    (folder, path, lstm)
}

#[test]
fn a_cell_comes_back_bit_for_bit() {
    let (_folder, path, lstm) = saved_lstm();
    let mut other = Lstm::<f32>::new(3, 4, &mut generator(2)).unwrap();
    assert_ne!(other.params(), lstm.params());
    load(&path, &mut other).unwrap();
    assert_eq!(other.params(), lstm.params());
    // Widening is exact.
    let mut wide = Lstm::<f64>::new(3, 4, &mut generator(2)).unwrap();
    load(&path, &mut wide).unwrap();
    assert!(
        wide.params()
            .iter()
            .zip(lstm.params())
            .all(|(&w, &n)| w == f64::from(n))
    );
}

#[test]
fn a_file_names_its_symbols_and_equations() {
    let (_folder, path, lstm) = saved_lstm();
    let bytes = std::fs::read(&path).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(file.tensor("W_x_f").unwrap().shape(), [3, 4]);
    assert_eq!(file.len(), 12);
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let text = &header.metadata().as_ref().unwrap()[ENTRY];
    assert!(
        text.starts_with("format = 1\ncell = Lstm\nsizes = Lstm of sizes x 3, h 4\nequations = "),
        "{text}"
    );
    assert_eq!(text.lines().count(), 4);
    let second = path.with_extension("again");
    save(&second, &lstm).unwrap();
    assert_eq!(std::fs::read(second).unwrap(), bytes);
}

#[test]
fn hyper_parameters_are_saved() {
    let (_folder, path) = place();
    let mut cell = AntisymmetricRnn::<f64>::new(2, 3, &mut generator(1)).unwrap();
    cell.set_ε(0.5);
    save(&path, &cell).unwrap();
    let mut other = AntisymmetricRnn::<f64>::new(2, 3, &mut generator(2)).unwrap();
    load(&path, &mut other).unwrap();
    assert_eq!((other.ε(), other.γ()), (0.5, 0.01));
    assert_eq!(other.params(), cell.params());
}

#[test]
fn another_cell_is_named() {
    let (_folder, path, _) = saved_lstm();
    let mut gru = Gru::<f32>::new(3, 4, &mut generator(1)).unwrap();
    let error = refused(&path, &mut gru);
    assert!(
        error.contains(
            "holds Lstm, but is read into Gru (cell); load it into the cell that it was saved from, or say \
             by `Import`"
        ),
        "{error}"
    );
}

#[test]
fn other_sizes_are_named() {
    let (_folder, path, _) = saved_lstm();
    let error = refused(
        &path,
        &mut Lstm::<f32>::new(3, 5, &mut generator(1)).unwrap(),
    );
    assert!(
        error.contains("holds Lstm of sizes x 3, h 4, but is read into Lstm of sizes x 3, h 5"),
        "{error}"
    );
}

#[test]
fn other_equations_are_refused_unless_asked_for() {
    use crate as gate_runtime;
    gate_runtime::cell! {
        struct Rnn {
            h_t = sigmoid(x_t * W_x + h_{t-1} * W_h + b);
        }
    }
    let (_folder, path) = place();
    let other = Rnn::<f32>::new(3, 4, &mut generator(3)).unwrap();
    save(&path, &other).unwrap();
    let mut cell = crate::cells::Rnn::<f32>::new(3, 4, &mut generator(4)).unwrap();
    let error = refused(&path, &mut cell);
    assert!(
        error.contains(
            "holds `h_t = σ(x_t * W_x + h_{t-1} * W_h + b)`, but is read into \
             `h_t = tanh(x_t * W_x + h_{t-1} * W_h + b)` (equations); load it into the same"
        ) && error.contains("Reader::other_equations"),
        "{error}"
    );
    Reader::new()
        .other_equations()
        .load(&path, &mut cell)
        .unwrap();
    assert_eq!(cell.params(), other.params());
}

/// Of long definitions only what differs is shown.
#[test]
fn definitions_that_differ_in_a_number_show_it_alone() {
    mod half {
        use crate as gate_runtime;
        gate_runtime::cell! {
            pub(super) struct Scaled {
                a_t = sigmoid(x_t * W_a + h_{t-1} * U_a + b_a);
                c_t = tanh(x_t * W_c + h_{t-1} * U_c + b_c);
                h_t = a_t .* h_{t-1} + (1 - a_t) .* (1 - a_t) .* c_t + 0.5 * (a_t .* c_t .* c_t - c_t .* h_{t-1});
            }
        }
    }
    mod quarter {
        use crate as gate_runtime;
        gate_runtime::cell! {
            pub(super) struct Scaled {
                a_t = sigmoid(x_t * W_a + h_{t-1} * U_a + b_a);
                c_t = tanh(x_t * W_c + h_{t-1} * U_c + b_c);
                h_t = a_t .* h_{t-1} + (1 - a_t) .* (1 - a_t) .* c_t + 0.25 * (a_t .* c_t .* c_t - c_t .* h_{t-1});
            }
        }
    }
    let (_folder, path) = place();
    let rng = &mut generator(1);
    save(&path, &half::Scaled::<f32>::new(2, 3, rng).unwrap()).unwrap();
    let error = refused(&path, &mut quarter::Scaled::<f32>::new(2, 3, rng).unwrap());
    for number in ["0.5", "0.25"] {
        let part = format!("+ {number} * (a_t");
        assert!(error.contains(&part), "{error}");
    }
    assert!(
        error.contains("holds `…") && error.contains("(equations)"),
        "{error}"
    );
    assert!(!error.contains("sigmoid"), "{error}");
}

#[test]
fn narrowing_is_asked_for() {
    let (_folder, path) = place();
    let wide = Rnn::<f64>::new(3, 4, &mut generator(1)).unwrap();
    save(&path, &wide).unwrap();
    let mut cell = Rnn::<f32>::new(3, 4, &mut generator(2)).unwrap();
    let error = refused(&path, &mut cell);
    assert!(error.contains("holds f64, but the model f32"), "{error}");
    Reader::new().narrowing().load(&path, &mut cell).unwrap();
    assert!(
        cell.params()
            .iter()
            .zip(wide.params())
            .all(|(&n, &w)| n == w as f32)
    );
    // What `f32` cannot hold is no number any more.
    rewrite(&path, |tensors| {
        let b = tensors.iter_mut().find(|t| t.0 == "b").unwrap();
        b.3[8..16].copy_from_slice(&1e300_f64.to_le_bytes());
    });
    let error = Reader::new()
        .narrowing()
        .load(&path, &mut cell)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("tensor `b`") && error.contains("inf at index 1"),
        "{error}"
    );
}

#[test]
fn damaged_tensors_are_named() {
    let (_folder, path, mut lstm) = saved_lstm();
    let bytes = std::fs::read(&path).unwrap();
    let mut after = |change: &dyn Fn(&mut Vec<Stored>)| {
        std::fs::write(&path, &bytes).unwrap();
        rewrite(&path, change);
        refused(&path, &mut lstm)
    };
    let place = |tensors: &[Stored]| tensors.iter().position(|t| t.0 == "W_h_o").unwrap();
    let missing = after(&|tensors| drop(tensors.remove(place(tensors))));
    assert!(
        missing.contains("has no tensor `W_h_o` (of shape [4, 4])"),
        "{missing}"
    );
    let extra = after(&|tensors| tensors.push(("W_y".to_owned(), Dtype::F32, vec![1], vec![0; 4])));
    assert!(
        extra.contains("has a tensor `W_y` that the model has no place for"),
        "{extra}"
    );
    let shape = after(&|tensors| {
        let k = place(tensors);
        tensors[k].2 = vec![2, 8];
    });
    assert!(
        shape.contains("tensor `W_h_o` of")
            && shape.contains("shape [2, 8], but the model's has [4, 4]"),
        "{shape}"
    );
    let nan = after(&|tensors| {
        let k = place(tensors);
        tensors[k].3[20..24].copy_from_slice(&f32::NAN.to_le_bytes());
    });
    assert!(
        nan.contains("tensor `W_h_o` of") && nan.contains("has NaN at index 5"),
        "{nan}"
    );
    let dtype = after(&|tensors| {
        let k = place(tensors);
        tensors[k].1 = Dtype::I32;
    });
    assert!(dtype.contains("holds i32, but the model f32"), "{dtype}");
}

#[test]
fn files_that_are_no_models_are_refused() {
    let (folder, path, mut lstm) = saved_lstm();
    let bytes = std::fs::read(&path).unwrap();
    for length in [7, 100, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..length]).unwrap();
        let error = refused(&path, &mut lstm);
        let text = format!("is not a readable model file: it has {length} bytes, not as many");
        assert!(error.contains(&text), "{error}");
        assert!(error.contains("truncated"), "{error}");
    }
    std::fs::write(&path, [&bytes[..], b"\n"].concat()).unwrap();
    assert!(refused(&path, &mut lstm).ends_with("or something was added to it"));
    std::fs::write(&path, []).unwrap();
    assert!(refused(&path, &mut lstm).ends_with("model file: it is empty"));
    std::fs::write(&path, "a text that stands where a model should").unwrap();
    assert!(refused(&path, &mut lstm).contains("not begin like a safetensors file"));
    let nothing: Vec<(String, TensorView<'_>)> = Vec::new();
    std::fs::write(&path, safetensors::serialize(nothing, None).unwrap()).unwrap();
    assert!(refused(&path, &mut lstm).contains("no entry `gate`"));
    let newer = String::from_utf8_lossy(&bytes).find("format = 1").unwrap();
    let mut changed = bytes.clone();
    changed[newer + 9] = b'2';
    std::fs::write(&path, &changed).unwrap();
    assert!(refused(&path, &mut lstm).contains("its format is 2, this version reads 1"));
    let error = refused(&folder.path().join("none"), &mut lstm);
    assert!(error.starts_with("cannot read"), "{error}");
}

#[test]
fn heads_and_momentum_come_back() {
    let (_folder, path) = place();
    let head = Linear::<f64>::new(3, 2, &mut generator(1)).unwrap();
    save(&path, &head).unwrap();
    let mut other = Linear::<f64>::new(3, 2, &mut generator(2)).unwrap();
    load(&path, &mut other).unwrap();
    assert_eq!(other, head);
    let error = refused(
        &path,
        &mut Linear::<f64>::new(2, 3, &mut generator(2)).unwrap(),
    );
    assert!(
        error.contains("tensor `weight` of")
            && error.contains("shape [2, 3], but the model's has [3, 2]"),
        "{error}"
    );

    let mut sgd = Sgd::<f64>::new(0.1).momentum(0.9);
    let (mut p, mut g) = ([1.0, 2.0], [0.5, 0.25]);
    sgd.step(&mut [Group::new("p", &mut p, &mut g)]).unwrap();
    save(&path, &sgd).unwrap();
    let mut fresh = Sgd::new(0.1).momentum(0.9);
    fresh.prepare(&[Group::new("p", &mut p, &mut g)]);
    load(&path, &mut fresh).unwrap();
    assert_eq!(fresh, sgd);
    assert!(
        refused(&path, &mut other).contains("holds Sgd, but is read into a head Linear (head)")
    );
}
