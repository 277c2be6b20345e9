use std::path::{Path, PathBuf};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::cell::Cell;
use crate::cells::{AntisymmetricRnn, Gru, Lstm, Rnn};
use crate::train::{
    Adam, Bidirectional, Classifier, Group, Linear, Optimiser, Pooling, Sgd, Stacked,
};

use super::{ENTRY, Parts, Reader, Tensors, load, save};

fn generator(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// A folder that goes away, and a file in it.
fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    (folder, path)
}

/// All numbers of a model.
fn numbers<T: Tensors>(model: &T) -> Vec<f64> {
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
            "holds Lstm, but is read into Gru (cell); load it into a model of the same kind"
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
        error.contains("(equations)") && error.contains("Reader::other_equations"),
        "{error}"
    );
    Reader::new()
        .other_equations()
        .load(&path, &mut cell)
        .unwrap();
    assert_eq!(cell.params(), other.params());
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
    for length in [0, 7, 100, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..length]).unwrap();
        let error = refused(&path, &mut lstm);
        assert!(error.contains("is not a readable model file"), "{error}");
    }
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
fn a_save_that_fails_leaves_the_old_file() {
    let (folder, path, mut lstm) = saved_lstm();
    let bytes = std::fs::read(&path).unwrap();
    lstm.params_mut()[2] = f32::NAN;
    let error = save(&path, &lstm).unwrap_err().to_string();
    assert!(
        error.contains("tensor `W_x_f`") && error.contains("NaN at index 2"),
        "{error}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    lstm.params_mut()[2] = 0.0;
    let error = save(folder.path().join("none/model"), &lstm)
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("cannot write"), "{error}");
    // A file cannot take the place of a folder, whoever asks; nothing is left behind.
    std::fs::create_dir(folder.path().join("taken")).unwrap();
    assert!(
        save(folder.path().join("taken"), &lstm)
            .unwrap_err()
            .to_string()
            .starts_with("cannot write")
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

/// A folder without permission to write; a superuser may write anyway.
#[cfg(unix)]
#[test]
fn an_unwritable_folder_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path, lstm) = saved_lstm();
    let before = std::fs::read(&path).unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o555)).unwrap();
    let may_write = std::fs::write(folder.path().join("probe"), []).is_ok();
    let outcome = save(&path, &lstm);
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    match outcome {
        Ok(()) => assert!(may_write),
        Err(error) => assert!(
            !may_write && error.to_string().starts_with("cannot write"),
            "{error}"
        ),
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

type Model = Classifier<Stacked<Bidirectional<Rnn<f32>>>>;

/// A model and its optimiser after some steps.
fn trained(seed: u64, steps: usize) -> (Model, Adam<f32>) {
    let layer = Stacked::<Bidirectional<Rnn<f32>>>::new(&[2, 3], 2, &mut generator(seed)).unwrap();
    let mut model = Classifier::new(layer, Pooling::Ends, 4, &mut generator(seed)).unwrap();
    let (mut workspace, mut adam) = (model.workspace(), Adam::new(0.01));
    adam.prepare(&model.groups(&mut workspace).unwrap());
    let x = ndarray::Array3::from_shape_fn((3, 2, 2), |(t, b, i)| (t + 2 * b) as f32 - i as f32);
    for _ in 0..steps {
        model.gradients(&x, &[3, 1], &mut workspace).unwrap();
        adam.step(&mut model.groups(&mut workspace).unwrap())
            .unwrap();
    }
    (model, adam)
}

fn parts<'a>(model: &'a mut dyn Tensors<Scalar = f32>, adam: &'a mut Adam<f32>) -> Parts<'a, f32> {
    Parts::new()
        .with("model", model)
        .unwrap()
        .with("adam", adam)
        .unwrap()
}

#[test]
fn a_model_and_its_optimiser_are_one_file() {
    let (_folder, path) = place();
    let (mut model, mut adam) = trained(1, 3);
    save(&path, &parts(&mut model, &mut adam)).unwrap();
    let (mut other, mut fresh) = trained(2, 0);
    load(&path, &mut parts(&mut other, &mut fresh)).unwrap();
    assert_eq!(numbers(&other), numbers(&model));
    assert_eq!((fresh.steps(), &fresh), (3, &adam));

    let error = refused(&path, &mut other);
    assert!(
        error.contains("no such entry (but: format, model.pooling, model.layer.stack"),
        "{error}"
    );
    let error = load(&path, &mut parts(&mut other, &mut Adam::new(0.01)))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("has a tensor `adam.") && error.contains("no place for"),
        "{error}"
    );
    assert!(
        Parts::<f32>::new()
            .with("a", &mut fresh)
            .unwrap()
            .with("a", &mut adam)
            .is_err()
    );
}

/// Files had one number of steps for all groups.
#[test]
fn an_optimiser_of_an_earlier_version_comes_back() {
    let (_folder, path) = place();
    let (_, mut adam) = trained(1, 3);
    save(&path, &Parts::new().with("adam", &mut adam).unwrap()).unwrap();
    rewrite(&path, |tensors| {
        tensors.retain(|t| t.0 == "adam.steps" || !t.0.ends_with(".steps"));
        assert_eq!(tensors.len(), 11);
    });
    let (_, mut fresh) = trained(2, 0);
    load(&path, &mut Parts::new().with("adam", &mut fresh).unwrap()).unwrap();
    assert_eq!(fresh, adam);
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
    assert!(refused(&path, &mut other).contains("no such entry (but: format, optimiser)"));
}
