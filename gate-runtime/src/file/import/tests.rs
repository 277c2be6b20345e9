use safetensors::tensor::{Dtype, TensorView};

use super::super::tests::{generator, numbers};
use super::super::{Tensors, load_bytes, save_bytes};
use super::{Import, Matrices, Source};
use crate::cell::Cell;
use crate::cells::{AntisymmetricRnn, Lstm, Rnn};
use crate::train::Linear;

mod cells;
mod formats;
mod parts;

type Shaped<'s> = (&'s str, &'s [usize]);

/// A file of `f32` whose elements count up from 0 in each tensor.
fn file(tensors: &[Shaped]) -> Vec<u8> {
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .map(|(_, shape)| {
            let count = shape.iter().product::<usize>();
            (0..count).flat_map(|k| (k as f32).to_le_bytes()).collect()
        })
        .collect();
    let views = tensors.iter().zip(&bytes).map(|(&(name, shape), bytes)| {
        let view = TensorView::new(Dtype::F32, shape.to_vec(), bytes);
        (name, view.expect("as many bytes as the shape says"))
    });
    safetensors::serialize(views, None).expect("a file")
}

fn lstm_file() -> Vec<u8> {
    file(&[("W", &[8, 3]), ("U", &[8, 2]), ("b", &[8]), ("c", &[8])])
}

fn gates(symbol: &str) -> [String; 4] {
    ["i", "f", "g", "o"].map(|gate| format!("{symbol}_{gate}"))
}

fn lstm_rules() -> Import {
    Import::new(Matrices::OutputsFirst)
        .split("W", gates("W_x"))
        .split("U", gates("W_h"))
        .split(Source::new("b").plus("c"), gates("b"))
}

fn lstm() -> Lstm<f32> {
    Lstm::new(3, 2, &mut generator(1)).expect("sizes")
}

/// An error with all these parts, that leaves the model as it was.
#[track_caller]
fn refused<T: Tensors>(import: &Import, bytes: &[u8], model: &mut T, parts: &[&str]) {
    let before = numbers(model);
    let error = import.load_bytes(bytes, model).unwrap_err().to_string();
    assert_eq!(numbers(model), before);
    for part in parts {
        assert!(error.contains(part), "no `{part}` in: {error}");
    }
}

#[test]
fn gates_are_cut_and_transposed_and_biases_added() {
    let mut model = lstm();
    lstm_rules().load_bytes(&lstm_file(), &mut model).unwrap();
    // The second gate of the file begins at row 2.
    assert_eq!(
        model.W_x_f(),
        ndarray::arr2(&[[6.0, 9.0], [7.0, 10.0], [8.0, 11.0]])
    );
    assert_eq!(model.W_h_o(), ndarray::arr2(&[[12.0, 14.0], [13.0, 15.0]]));
    assert_eq!(model.b_g(), ndarray::arr1(&[8.0, 10.0]));
}

#[test]
fn tensors_that_are_not_accounted_for_are_named() {
    let (bytes, mut model) = (lstm_file(), lstm());
    let rules = Import::new(Matrices::OutputsFirst).split("W", gates("W_x"));
    let parts = [
        "no tensor `W_h_f` (of shape [2, 2])",
        "`take` or `split`",
        "`keep`",
    ];
    refused(&rules, &bytes, &mut model, &parts);
    let mut kept = rules;
    for target in ["W_h", "b"].iter().flat_map(|symbol| gates(symbol)) {
        kept = kept.keep(target);
    }
    refused(
        &kept,
        &bytes,
        &mut model,
        &["has a tensor `U`", "`ignore` it"],
    );
    let before = model.W_h_f().to_owned();
    let kept = kept.ignore("U").ignore("b").ignore("c");
    kept.load_bytes(&bytes, &mut model).unwrap();
    assert_eq!((model.W_h_f(), model.W_x_f()[[0, 0]]), (before.view(), 6.0));
}

#[test]
fn rules_that_do_not_fit_say_what_does_not() {
    let (bytes, mut model) = (lstm_file(), lstm());
    let none = lstm_rules().take("W_x_z", "W");
    refused(
        &none,
        &bytes,
        &mut model,
        &[
            "`W_x_z` cannot be taken from `W` of the byte slice",
            "but: W_x_f, W_x_g, W_x_i, W_x_o, ",
            "and 4 more",
        ],
    );
    let twice = lstm_rules().take("b_i", 0.0);
    refused(&twice, &bytes, &mut model, &["`b_i`", "two rules"]);
    let empty = lstm_rules().split("b", [""; 0]);
    refused(
        &empty,
        &bytes,
        &mut model,
        &["`nothing`", "`b`", "names no tensor"],
    );
    let large = Import::new(Matrices::OutputsFirst).split(1e300, gates("b"));
    let large = large.split("W", gates("W_x")).split("U", gates("W_h"));
    refused(
        &large,
        &bytes,
        &mut model,
        &["`b_i`", "from 1e300 of", "too large for f32"],
    );
    let base = || Import::new(Matrices::OutputsFirst).split("U", gates("W_h"));
    let other = base().split("W", gates("W_x")).split("d", gates("b"));
    refused(
        &other,
        &bytes,
        &mut model,
        &["`b_i` cannot", "no tensor `d`, but: U, W, b, c"],
    );
    let turned = base().split(Source::new("W").as_stored(), gates("W_x"));
    refused(
        &turned.split("b", gates("b")).ignore("c"),
        &bytes,
        &mut model,
        &["`W_x_i`", "[3, 2]"],
    );
    let three = base().split("W", ["W_x_i", "W_x_f", "W_x_g"]).keep("W_x_o");
    let parts = ["`W_x_g`", "need 6 of it", "[8, 3]", "all of its parts"];
    refused(
        &three.split("b", gates("b")).ignore("c"),
        &bytes,
        &mut model,
        &parts,
    );
}

#[test]
fn a_matrix_is_turned_as_the_file_stores_it_or_refused() {
    // Of the shape that `Linear` has, [outputs, inputs].
    let bytes = file(&[("fc.weight", &[2, 3]), ("fc.bias", &[2])]);
    let mut head = Linear::<f32>::new(3, 2, &mut generator(1)).unwrap();
    let rules = |matrices| {
        let import = Import::new(matrices).take("weight", "fc.weight");
        import.take("bias", Source::new("fc.bias").times(2.0))
    };
    rules(Matrices::OutputsFirst)
        .load_bytes(&bytes, &mut head)
        .unwrap();
    assert_eq!(head.params(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 0.0, 2.0]);
    let parts = ["`weight`", "[2, 3]", "[3, 2]", "`Matrices`"];
    refused(&rules(Matrices::InputsFirst), &bytes, &mut head, &parts);

    // `W - Wᵀ` does not say.
    let mut cell = AntisymmetricRnn::<f32>::new(2, 2, &mut generator(1)).unwrap();
    let names: Vec<_> = cell
        .tensors()
        .into_iter()
        .map(|t| (t.name, t.shape))
        .collect();
    let tensors: Vec<Shaped> = names
        .iter()
        .map(|(n, s)| (n.as_str(), s.as_slice()))
        .collect();
    let plain = Import::new(Matrices::OutputsFirst);
    let bytes = file(&tensors);
    refused(&plain, &bytes, &mut cell, &["`transposed` or `as_stored`"]);
}

#[test]
fn another_number_of_axes_and_numbers_that_are_none() {
    let bytes = file(&[("W_x", &[2, 2]), ("W_h", &[1, 2, 2]), ("b", &[2])]);
    let mut rnn = Rnn::<f32>::new(2, 2, &mut generator(1)).unwrap();
    let import = Import::new(Matrices::InputsFirst);
    refused(&import, &bytes, &mut rnn, &["`W_h`", "[1, 2, 2]", "`at`"]);
    let beyond = import.clone().take("W_h", Source::new("W_h").at(1));
    refused(&beyond, &bytes, &mut rnn, &["`W_h`", "no index 1"]);
    let part = Source::new("b").slice(0, 1..3);
    refused(
        &import.clone().take("b", part),
        &bytes,
        &mut rnn,
        &["`b`", "from 1 to 3"],
    );
    let infinite = import.take("W_h", Source::new("W_h").at(0).times(f64::INFINITY));
    refused(&infinite, &bytes, &mut rnn, &["`W_h`", "NaN at index 0"]);
}

#[test]
fn halves_widen_and_doubles_are_rounded_if_asked_for() {
    let mut rnn = Rnn::<f32>::new(1, 1, &mut generator(1)).unwrap();
    let one: [(&str, Dtype, &[u8]); 3] = [
        ("W_x", Dtype::F16, &[0x00, 0x3C]),
        ("W_h", Dtype::BF16, &[0x80, 0x3F]),
        ("b", Dtype::F64, &1.0_f64.to_le_bytes()),
    ];
    let views = one.iter().map(|&(name, dtype, bytes)| {
        let shape = if name == "b" { vec![1] } else { vec![1, 1] };
        (name, TensorView::new(dtype, shape, bytes).unwrap())
    });
    let bytes = safetensors::serialize(views, None).unwrap();
    let import = Import::new(Matrices::InputsFirst);
    refused(
        &import,
        &bytes,
        &mut rnn,
        &["tensor `b`", "holds f64, but the model f32", "`Import`"],
    );
    import.narrowing().load_bytes(&bytes, &mut rnn).unwrap();
    assert_eq!(rnn.params(), [1.0; 3]);
}

/// A definition whose symbols were renamed still reads what it saved before.
#[test]
fn files_of_this_crate_are_read_under_other_names() {
    let saved = save_bytes(&Rnn::<f32>::new(3, 2, &mut generator(1)).unwrap()).unwrap();
    use crate as gate_runtime;
    gate_runtime::cell! {
        struct Renamed {
            h_t = tanh(x_t * V + h_{t-1} * W_h + b);
        }
    }
    let mut renamed = Renamed::<f32>::new(3, 2, &mut generator(2)).unwrap();
    let import = Import::new(Matrices::InputsFirst).take("V", "W_x");
    import.load_bytes(&saved, &mut renamed).unwrap();
    let mut rnn = Rnn::<f32>::new(3, 2, &mut generator(3)).unwrap();
    load_bytes(&saved, &mut rnn).unwrap();
    assert_eq!(renamed.V(), rnn.W_x());
    assert_eq!(renamed.W_h(), rnn.W_h());
}

#[test]
fn a_file_of_another_library_is_pointed_at_the_import() {
    let error = load_bytes(&lstm_file(), &mut lstm())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("no entry `gate`") && error.contains("`Import`"),
        "{error}"
    );
}
