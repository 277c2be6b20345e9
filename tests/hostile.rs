//! Files that were damaged, or made to do harm, and rules that do not fit: each is read or refused,
//! nothing panics or asks for more memory than a file of that size can mean, and what is refused
//! leaves the model as it was.

use std::panic::{AssertUnwindSafe, catch_unwind};

use gate_runtime::Cell;
use gate_runtime::cells::{Gru, Lstm};
use gate_runtime::file::{
    FromFile, Import, Matrices, Parts, Reader, Source, Tensors, Values, load_bytes, save_bytes,
};
use gate_runtime::train::{Adam, Bidirectional, Classifier, Group, Optimiser, Pooling, Stacked};
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use safetensors::tensor::{Dtype, TensorView};

type Model = Classifier<Stacked<Bidirectional<Gru<f32>>>>;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn lstm() -> Lstm<f32> {
    Lstm::new(3, 2, &mut rng(1)).expect("sizes")
}

fn model() -> Model {
    let layers = Stacked::<Bidirectional<Gru<f32>>>::new(&[3, 2], 2, &mut rng(1)).expect("sizes");
    Classifier::new(layers, Pooling::Ends, 3, &mut rng(2)).expect("sizes")
}

/// A cell beside its optimiser.
fn training() -> (Lstm<f32>, Adam<f32>) {
    let (mut lstm, mut adam) = (lstm(), Adam::new(0.01).amsgrad());
    let mut gradients = vec![0.5; lstm.params().len()];
    let group = Group::new("lstm", lstm.params_mut(), &mut gradients);
    adam.step(&mut [group]).expect("a step");
    (lstm, adam)
}

/// All numbers of a model as bits.
fn bits<T: Tensors + ?Sized>(model: &T) -> Vec<u64> {
    let of = |values: Values<'_, T::Scalar>| -> Vec<u64> {
        use gate_runtime::Float;
        match values {
            Values::Numbers(numbers) => numbers.iter().map(|v| v.to_f64().to_bits()).collect(),
            Values::Counts(counts) => counts.to_vec(),
        }
    };
    let tensors = model.tensors().into_iter();
    tensors.flat_map(|tensor| of(tensor.values)).collect()
}

/// Reads into a model: it becomes finite, or stays as it was with a text that says why.
fn into<T: Tensors + ?Sized>(
    model: &mut T,
    read: impl FnOnce(&mut T) -> Result<(), gate_runtime::Error>,
) -> bool {
    let before = bits(model);
    match read(model) {
        Ok(()) => {
            save_bytes(model).expect("finite numbers");
            true
        }
        Err(error) => {
            assert!(error.to_string().len() > 20, "{error}");
            assert!(bits(model) == before, "changed in spite of: {error}");
            false
        }
    }
}

fn made<M: FromFile>(made: Result<M, gate_runtime::Error>) {
    match made {
        Ok(model) => drop(save_bytes(&model).expect("finite numbers")),
        Err(error) => assert!(error.to_string().len() > 20, "{error}"),
    }
}

/// Every way to read bytes.
fn read_all(bytes: &[u8]) {
    let reader = Reader::new().narrowing().other_equations();
    let import = Import::new(Matrices::InputsFirst).pooling(Pooling::Last);
    into(&mut lstm(), |m| load_bytes(bytes, m));
    into(&mut model(), |m| reader.load_bytes(bytes, m));
    into(&mut lstm(), |m| import.load_bytes(bytes, m));
    let (mut lstm, mut adam) = training();
    let mut both = Parts::new();
    both = both.with("model", &mut lstm).expect("a name");
    both = both.with("adam", &mut adam).expect("a name");
    into(&mut both, |m| load_bytes(bytes, m));
    into(&mut both, |m| import.load_bytes(bytes, m));
    into(&mut Adam::<f32>::new(0.1), |m| load_bytes(bytes, m));
    made(reader.load_model_bytes::<Lstm<f32>>(bytes));
    made(reader.load_model_bytes::<Model>(bytes));
    made(import.load_model_bytes::<Lstm<f32>>(bytes));
    made(import.load_model_bytes::<Model>(bytes));
}

/// The same, and which bytes they were where one panics.
fn survives(what: &str, bytes: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| read_all(bytes))).is_err() {
        panic!("{what}: {}", String::from_utf8_lossy(bytes));
    }
}

fn files() -> Vec<Vec<u8>> {
    let (mut lstm, mut adam) = training();
    let mut both = Parts::new();
    both = both.with("model", &mut lstm).expect("a name");
    both = both.with("adam", &mut adam).expect("a name");
    let both = save_bytes(&both).expect("a file");
    vec![
        save_bytes(&self::lstm()).expect("a file"),
        save_bytes(&model()).expect("a file"),
        both,
    ]
}

/// The text before the numbers, without its length.
fn header(bytes: &[u8]) -> String {
    let length = u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes")) as usize;
    String::from_utf8(bytes[8..8 + length].to_vec()).expect("text")
}

/// A file with another header.
fn with_header(header: &str, bytes: &[u8]) -> Vec<u8> {
    let start = 8 + self::header(bytes).len();
    let length = (header.len() as u64).to_le_bytes();
    [&length, header.as_bytes(), &bytes[start..]].concat()
}

#[test]
fn truncated_and_flipped_files() {
    let rng = &mut rng(3);
    for bytes in files() {
        for _ in 0..40 {
            survives("cut", &bytes[..rng.random_range(0..bytes.len())]);
        }
        let head = 8 + header(&bytes).len();
        for _ in 0..300 {
            let mut bytes = bytes.clone();
            for _ in 0..rng.random_range(1..=2) {
                let end = if rng.random_bool(0.8) {
                    head
                } else {
                    bytes.len()
                };
                bytes[rng.random_range(0..end)] ^= 1 << rng.random_range(0..8);
            }
            survives("flipped", &bytes);
        }
    }
}

/// Lengths, offsets, sizes and counts become others; names become those of other tensors.
#[test]
fn headers_with_other_numbers_and_names() {
    const NUMBERS: [&str; 9] = [
        "0",
        "1",
        "2",
        "7",
        "4097",
        "65536",
        "99999999",
        "4611686018427387904",
        "18446744073709551615",
    ];
    let rng = &mut rng(4);
    for bytes in files() {
        let text = header(&bytes);
        for _ in 0..300 {
            let mut text = text.clone();
            for _ in 0..rng.random_range(1..=3) {
                let other = match rng.random_bool(0.8) {
                    true => NUMBERS.choose(rng).expect("some").to_string(),
                    false => ["x", "null", "[]", "-1", "1e99", "1.5", ""][rng.random_range(0..7)]
                        .to_owned(),
                };
                replace_number(&mut text, &other, rng);
            }
            survives("numbers", &with_header(&text, &bytes));
        }
        let names: Vec<&str> = text.split('"').skip(1).step_by(2).collect();
        for _ in 0..150 {
            let (from, to) = (
                names.choose(rng).expect("some"),
                names.choose(rng).expect("some"),
            );
            survives("names", &with_header(&text.replace(from, to), &bytes));
        }
    }
}

/// Replaces one run of digits.
fn replace_number(text: &mut String, other: &str, rng: &mut impl Rng) {
    let digit = |&(_, c): &(usize, char)| c.is_ascii_digit();
    let starts: Vec<usize> = text
        .char_indices()
        .filter(digit)
        .map(|(at, _)| at)
        .collect();
    let Some(&at) = starts.choose(rng) else {
        return;
    };
    let before = text[..at]
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .len();
    let rest = text[at..]
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .len();
    text.replace_range(before..text.len() - rest, other);
}

/// Sizes whose parameters nothing in the file bears out, in one that is small.
#[test]
fn a_small_file_takes_little_memory() {
    let (bytes, sizes) = (save_bytes(&lstm()).expect("a file"), "x 3, h 2");
    for other in [
        "x 3, h 20000",
        "x 20000, h 20000",
        "x 9999999999, h 9999999999",
    ] {
        let text = header(&bytes).replace(sizes, other);
        let error = Reader::new().load_model_bytes::<Lstm<f32>>(&with_header(&text, &bytes));
        let error = error.expect_err("no such tensors").to_string();
        assert!(error.contains("no tensor is as large as `W_"), "{error}");
    }
    // By shapes that contradict one another.
    let wide: Vec<u8> = vec![0; 4 * 40_000];
    let view = |shape: &[usize]| TensorView::new(Dtype::F32, shape.to_vec(), &wide).expect("shape");
    let one = TensorView::new(Dtype::F32, vec![1, 1], &wide[..4]).expect("a shape");
    let gates = ["f", "i", "g", "o"];
    let mut tensors: Vec<(String, TensorView)> = Vec::new();
    for gate in gates {
        tensors.push((format!("W_x_{gate}"), view(&[1, 40_000])));
        tensors.push((format!("W_h_{gate}"), one.clone()));
        tensors.push((format!("b_{gate}"), view(&[40_000])));
    }
    let bytes = safetensors::serialize(tensors, None).expect("a file");
    let import = Import::new(Matrices::InputsFirst);
    let error = import
        .load_model_bytes::<Lstm<f32>>(&bytes)
        .expect_err("no model");
    let error = error.to_string();
    assert!(error.contains("larger than any tensor"), "{error}");
}

/// A shape of no elements whose steps nobody can count.
#[test]
fn shapes_that_no_array_has() {
    let bytes = save_bytes(&lstm()).expect("a file");
    let entry = r#""none":{"dtype":"F32","shape":[0,4611686018427387904,8],"data_offsets":[0,0]},"#;
    let text = format!("{{{entry}{}", &header(&bytes)[1..]);
    let bytes = with_header(&text, &bytes);
    survives("a shape", &bytes);
    let import = Import::new(Matrices::InputsFirst).take("W_x_f", "none");
    let error = import
        .load_bytes(&bytes, &mut lstm())
        .expect_err("no such array");
    assert!(error.to_string().contains("no array can have"), "{error}");
}

// ---- rules ----------------------------------------------------------------------------------

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
