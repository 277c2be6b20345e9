//! Rules of imports: random ones fit or are refused, and none is forgotten.

use std::panic::{AssertUnwindSafe, catch_unwind};

use gate_runtime::cells::Lstm;
use gate_runtime::file::{Import, Matrices, Parts, Source, Tensors};
use gate_runtime::train::Stacked;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use safetensors::tensor::{Dtype, TensorView};

use super::{into, lstm, made, rng, training};

/// A file of two layers of an LSTM, as PyTorch and as Keras would name them.
fn foreign() -> Vec<u8> {
    let shapes: [(&str, &[usize]); 7] = [
        ("w", &[8, 3]),
        ("u", &[8, 2]),
        ("b", &[8]),
        ("both", &[2, 8]),
        ("deep", &[1, 8, 3]),
        ("one", &[]),
        ("W_x_f", &[3, 2]),
    ];
    let count = |shape: &[usize]| shape.iter().product::<usize>();
    let numbers = |&(_, shape): &(&str, &[usize])| -> Vec<u8> {
        (0..count(shape))
            .flat_map(|k| (k as f32).to_le_bytes())
            .collect()
    };
    let numbers: Vec<Vec<u8>> = shapes.iter().map(numbers).collect();
    let views = shapes.iter().zip(&numbers).map(|(&(name, shape), bytes)| {
        let view = TensorView::new(Dtype::F32, shape.to_vec(), bytes);
        (name, view.expect("as many bytes as the shape says"))
    });
    safetensors::serialize(views, None).expect("a file")
}

fn source(rng: &mut ChaCha8Rng) -> Source {
    let names = ["w", "u", "b", "both", "deep", "one", "W_x_f", "nothing", ""];
    let mut source = match rng.random_range(0..8) {
        0 => Source::from([0.0, 1.5, f64::NAN, f64::INFINITY, 1e300][rng.random_range(0..5)]),
        _ => Source::new(*names.choose(rng).expect("some")),
    };
    for _ in 0..rng.random_range(0..4) {
        let (far, more) = ([0, 1, 2, 4, 8, usize::MAX], rng.random_range(0..3));
        let mut far = || *far.choose(rng).expect("some");
        source = match (far(), far(), far()) {
            (0, axis, at) => source.slice(axis.min(3), at..at.saturating_add(more)),
            (1, start, end) => source.slice(0, start..end),
            (2, at, _) => source.at(at),
            (4, 0, _) => source.transposed(),
            (4, ..) => source.as_stored(),
            (8, at, _) if at > 1 => source.plus(Source::new("b").slice(0, 0..at)),
            (8, ..) => source.plus(1.0),
            _ => source.times(-1.0),
        };
    }
    source
}

#[test]
fn random_rules() {
    let (bytes, mut rng) = (foreign(), rng(5));
    let gates = |symbol: &str| ["i", "f", "g", "o"].map(|gate| format!("{symbol}_{gate}"));
    let mut taken = 0;
    for _ in 0..2000 {
        let matrices = [Matrices::OutputsFirst, Matrices::InputsFirst][rng.random_range(0..2)];
        let mut import = Import::new(matrices).narrowing();
        for symbol in ["W_x", "W_h", "b"] {
            import = match rng.random_range(0..6) {
                0 => import.split(source(&mut rng), gates(symbol)),
                1 => import.take(format!("{symbol}_f"), source(&mut rng)),
                2 => import.keep(format!("{symbol}_o")),
                3 => import.split(source(&mut rng), [""; 0]),
                _ => {
                    let right = ["w", "u", "b"][["W_x", "W_h", "b"]
                        .iter()
                        .position(|s| *s == symbol)
                        .expect("one")];
                    import.split(right, gates(symbol))
                }
            };
        }
        for name in ["both", "deep", "one", "W_x_f", "w", "u", "b"] {
            if rng.random_bool(0.8) {
                import = import.ignore(name);
            }
        }
        let text = format!("{import:?}");
        let read = || {
            made(import.load_model_bytes::<Lstm<f32>>(&bytes));
            made(import.load_model_bytes::<Stacked<Lstm<f32>>>(&bytes));
            into(&mut lstm(), |m| import.load_bytes(&bytes, m))
        };
        let done = catch_unwind(AssertUnwindSafe(read));
        taken += usize::from(done.unwrap_or_else(|_| panic!("{text}")));
    }
    assert!(taken > 10, "{taken} of the rules fit");
}

/// What is said of a summand is said of the sum; two that say it differently are refused.
#[test]
fn summands_are_stored_alike() {
    let square: Vec<u8> = (0..4).flat_map(|k| (k as f32).to_le_bytes()).collect();
    let view = |shape: &[usize], bytes| {
        TensorView::new(Dtype::F32, shape.to_vec(), bytes).expect("a shape")
    };
    let tensors = [("a", view(&[2, 2], &square)), ("b", view(&[2, 2], &square))];
    let bytes = safetensors::serialize(tensors, None).expect("a file");
    let names = lstm()
        .tensors()
        .into_iter()
        .map(|t| t.name)
        .collect::<Vec<_>>();
    let rest = names.into_iter().filter(|name| name != "W_h_f");
    let import = rest.fold(Import::new(Matrices::InputsFirst), Import::keep);
    let loaded = |source: Source| {
        let mut lstm = lstm();
        let import = import.clone().take("W_h_f", source);
        import.load_bytes(&bytes, &mut lstm)?;
        Ok::<_, gate_runtime::Error>(lstm.W_h_f().iter().copied().collect::<Vec<f32>>())
    };
    let [a, b] = [Source::new("a"), Source::new("b")];
    let turned = [0.0, 4.0, 2.0, 6.0];
    assert_eq!(
        loaded(a.clone().plus(b.clone())).expect("a sum"),
        [0.0, 2.0, 4.0, 6.0]
    );
    assert_eq!(
        loaded(a.clone().plus(b.clone().transposed())).expect("a sum"),
        turned
    );
    assert_eq!(
        loaded(a.clone().transposed().plus(b.clone())).expect("a sum"),
        turned
    );
    let error =
        loaded(a.clone().as_stored().plus(b.clone().transposed())).expect_err("a contradiction");
    assert!(
        error.to_string().contains("say either of the sum"),
        "{error}"
    );
    let said = a.as_stored().plus(b.transposed()).transposed();
    assert_eq!(loaded(said).expect("a sum"), turned);
}

/// Steps of an optimiser are no numbers.
#[test]
fn counts_are_not_imported() {
    let (mut lstm, mut adam) = training();
    let mut both = Parts::new();
    both = both.with("model", &mut lstm).expect("a name");
    both = both.with("adam", &mut adam).expect("a name");
    let one: Vec<u8> = 1_f32.to_le_bytes().to_vec();
    let view = TensorView::new(Dtype::F32, vec![1], &one).expect("a shape");
    let mut import = Import::new(Matrices::InputsFirst);
    for tensor in both.tensors() {
        if tensor.name != "adam.steps" {
            import = import.keep(tensor.name);
        }
    }
    let bytes = safetensors::serialize([("adam.steps", view)], None).expect("a file");
    let error = import.load_bytes(&bytes, &mut both).expect_err("a count");
    assert!(
        error.to_string().contains("counts steps; `keep` it"),
        "{error}"
    );
}
