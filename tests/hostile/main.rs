//! Files that were damaged, or made to do harm, and rules that do not fit: each is read or refused,
//! nothing panics or asks for more memory than a file of that size can mean, and what is refused
//! leaves the model as it was.

mod rules;

use std::panic::{AssertUnwindSafe, catch_unwind};

use gate_runtime::Cell;
use gate_runtime::cells::{Gru, Lstm};
use gate_runtime::file::{
    FromFile, Import, Matrices, Parts, Reader, Tensors, Values, load_bytes, save_bytes,
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
