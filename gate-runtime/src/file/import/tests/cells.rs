//! Models of the sizes of a file.

use rand::SeedableRng;
use safetensors::tensor::{Dtype, TensorView};

use super::super::{Import, Matrices, Source};
use super::{Shaped, file, gates, lstm, lstm_file, lstm_rules};
use crate as gate_runtime;
use crate::cell::Cell;
use crate::cells::{Lstm, ProjectedLstm, Rnn};
use crate::train::{Bidirectional, Classifier, Linear, Pooling, Stacked};

#[test]
fn sizes_follow_from_the_shapes_of_what_is_taken() {
    let (bytes, mut model) = (lstm_file(), lstm());
    lstm_rules().load_bytes(&bytes, &mut model).unwrap();
    let made: Lstm<f32> = lstm_rules().load_model_bytes(&bytes).unwrap();
    assert_eq!(made.sizes(), model.sizes());
    assert_eq!(made.params(), model.params());

    // The same the other way round, of a file on disk.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rnn.safetensors");
    std::fs::write(
        &path,
        file(&[("W_x", &[4, 6]), ("W_h", &[6, 6]), ("b", &[6])]),
    )
    .unwrap();
    let made: Rnn<f64> = Import::new(Matrices::InputsFirst)
        .load_model(&path)
        .unwrap();
    assert_eq!(made.sizes(), [4, 6]);
    let turned = Import::new(Matrices::OutputsFirst);
    let turned = turned.take("W_x", Source::new("W_x").as_stored());
    let made: Rnn<f64> = turned.load_model(&path).unwrap();
    assert_eq!(made.sizes(), [4, 6]);
}

#[test]
fn a_size_may_follow_from_others() {
    let shapes: [(&str, &[usize]); 4] = [
        ("weight_ih", &[28, 3]),
        ("weight_hh", &[28, 2]),
        ("bias", &[28]),
        ("weight_hr", &[2, 7]),
    ];
    let import = Import::new(Matrices::OutputsFirst)
        .split("weight_ih", gates("W_x"))
        .split("weight_hh", gates("W_h"))
        .split("bias", gates("b"))
        .take("W_p", "weight_hr");
    let made: ProjectedLstm<f32> = import.load_model_bytes(&file(&shapes)).unwrap();
    let size = |name: &str| {
        let index = ProjectedLstm::<f32>::INFO
            .sizes
            .iter()
            .position(|s| s.argument == name);
        made.sizes()[index.unwrap()]
    };
    assert_eq!((size("x"), size("h")), (3, 2));
    assert_eq!(made.sizes().iter().sum::<usize>(), 12);
}

gate_runtime::cell! {
    /// One matrix over both vectors.
    struct Joined {
        h_t = tanh(W * [h_{t-1}, x_t] + b);
    }
}

gate_runtime::cell! {
    /// Whose only parameter is longer than its size.
    struct Longer {
        x_t: [H];
        v: [2H + 1];
        h_t = tanh(x_t .* v[0..H] + h_{t-1});
    }
}

gate_runtime::cell! {
    /// Whose only parameter is half of its size.
    struct Halves {
        x_t: [H];
        w: [H/2];
        (a, b) = chunk(x_t, 2);
        h_t = tanh([w .* a, b] + h_{t-1});
    }
}

#[test]
fn a_tensor_that_several_cells_share_gives_its_other_axis() {
    let of = |direction: &str, symbol: &str| {
        let name = |gate: String| format!("{direction}.{gate}");
        gates(symbol).map(name)
    };
    let shapes: [(&str, &[usize]); 4] = [
        ("weight_ih", &[40, 3]),
        ("weight_hh", &[20, 5]),
        ("weight_hh_reverse", &[20, 5]),
        ("bias", &[40]),
    ];
    let both = |symbol: &str| [of("forward", symbol), of("backward", symbol)].concat();
    let import = Import::new(Matrices::OutputsFirst)
        .split("weight_ih", both("W_x"))
        .split("weight_hh", of("forward", "W_h"))
        .split("weight_hh_reverse", of("backward", "W_h"))
        .split("bias", both("b"));
    let made: Bidirectional<Lstm<f32>> = import.load_model_bytes(&file(&shapes)).unwrap();
    assert!(made.layers().iter().all(|layer| layer.sizes() == [3, 5]));
}

#[test]
fn lengths_may_be_sums_of_sizes() {
    let bytes = file(&[("W", &[5, 9]), ("b", &[5])]);
    let made: Joined<f32> = Import::new(Matrices::OutputsFirst)
        .load_model_bytes(&bytes)
        .unwrap();
    let mut sizes = made.sizes().to_vec();
    sizes.sort_unstable();
    assert_eq!(sizes, [4, 5]);
    let import = Import::new(Matrices::InputsFirst);
    let made: Longer<f32> = import.load_model_bytes(&file(&[("v", &[7])])).unwrap();
    assert_eq!((made.sizes(), made.params().len()), (&[3][..], 7));
    let made: Halves<f32> = import.load_model_bytes(&file(&[("w", &[3])])).unwrap();
    assert_eq!((made.sizes(), made.params().len()), (&[6][..], 3));
}

#[test]
fn tensors_that_contradict_each_other_are_not_said_to_need_another_size() {
    let shapes: [(&str, &[usize]); 3] = [("W_x", &[3, 5]), ("W_h", &[5, 5]), ("b", &[5])];
    let import = Import::new(Matrices::OutputsFirst);
    let error = import.load_model_bytes::<Rnn<f32>>(&file(&shapes));
    let error = error.unwrap_err().to_string();
    assert!(error.contains("that follow from other tensors"), "{error}");
    assert!(!error.contains("make the model with"), "{error}");
    let mut model = Rnn::<f32>::new(3, 6, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1)).unwrap();
    let import = Import::new(Matrices::InputsFirst);
    let error = import.load_bytes(&file(&shapes), &mut model).unwrap_err();
    assert!(error.to_string().ends_with("the sizes of the file"));
}

#[test]
fn whole_numbers_are_refused_with_the_type_of_the_model() {
    let numbers = TensorView::new(Dtype::I64, vec![5], &[0; 40]).unwrap();
    let bytes = safetensors::serialize([("b", numbers)], None).unwrap();
    let import = Import::new(Matrices::OutputsFirst).take("v", "b");
    let error = import.load_model_bytes::<Longer<f32>>(&bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "tensor `b` of the byte slice holds i64, but the model f32; convert it before it is saved"
    );
}

#[test]
fn what_does_not_follow_is_named() {
    let import = Import::new(Matrices::OutputsFirst).take("W", 0.0);
    let text = |import: &Import, bytes: &[u8]| {
        let made = import.load_model_bytes::<Joined<f32>>(bytes);
        made.unwrap_err().to_string()
    };
    let error = text(&import, &file(&[("b", &[5])]));
    assert!(
        error.starts_with(
            "the size `x` of Joined does not follow from what is taken of the byte slice"
        ),
        "{error}"
    );
    // 2H + 1 is never 6.
    let import = Import::new(Matrices::OutputsFirst);
    let error = import.load_model_bytes::<Longer<f32>>(&file(&[("v", &[6])]));
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("the size `h` of Longer does not follow"),
        "{error}"
    );
    // What does not fit is refused as by any import.
    let error = text(&import, &file(&[("W", &[5, 9]), ("b", &[6])]));
    assert!(error.contains("shape"), "{error}");
    let error = text(&import, &file(&[("W", &[5, 9]), ("b", &[5]), ("c", &[5])]));
    assert!(error.contains("has a tensor `c`"), "{error}");
    let error = text(
        &import.take("b", "none"),
        &file(&[("W", &[5, 9]), ("c", &[5])]),
    );
    assert!(error.contains("the file has no tensor `none`"), "{error}");
}

/// PyTorch's `nn.RNN(4, 3, num_layers=2, bidirectional=True)` with a head.
const DEEP: [Shaped; 14] = [
    ("weight_ih_l0", &[3, 4]),
    ("weight_hh_l0", &[3, 3]),
    ("bias_l0", &[3]),
    ("weight_ih_l0_reverse", &[3, 4]),
    ("weight_hh_l0_reverse", &[3, 3]),
    ("bias_l0_reverse", &[3]),
    ("weight_ih_l1", &[3, 6]),
    ("weight_hh_l1", &[3, 3]),
    ("bias_l1", &[3]),
    ("weight_ih_l1_reverse", &[3, 6]),
    ("weight_hh_l1_reverse", &[3, 3]),
    ("bias_l1_reverse", &[3]),
    ("head.weight", &[5, 6]),
    ("head.bias", &[5]),
];

fn deep() -> Import {
    let mut import = Import::new(Matrices::OutputsFirst);
    for k in 0..2 {
        for (direction, suffix) in [("forward", ""), ("backward", "_reverse")] {
            let own = |symbol: &str| format!("layer.{k}.{direction}.{symbol}");
            import = import
                .take(own("W_x"), format!("weight_ih_l{k}{suffix}"))
                .take(own("W_h"), format!("weight_hh_l{k}{suffix}"))
                .take(own("b"), format!("bias_l{k}{suffix}"));
        }
    }
    import
}

type Deep = Classifier<Stacked<Bidirectional<Rnn<f32>>>>;

#[test]
fn sizes_of_all_layers_and_of_the_head_follow() {
    let import = deep().pooling(Pooling::Ends);
    let made: Deep = import.load_model_bytes(&file(&DEEP)).unwrap();
    let layers = made.layer.layers().iter().flat_map(Bidirectional::layers);
    let sizes: Vec<&[usize]> = layers.map(Cell::sizes).collect();
    assert_eq!(sizes, [[4, 3], [4, 3], [6, 3], [6, 3]]);
    assert_eq!((made.head.inputs(), made.head.outputs()), (6, 5));
    assert_eq!(made.pooling, Pooling::Ends);
    let top = made.layer.layers()[1].layers()[1];
    assert_eq!(top.W_x()[[5, 2]], 17.0);

    let head = file(&DEEP[12..]);
    let names = Import::new(Matrices::OutputsFirst);
    let names = names
        .take("weight", "head.weight")
        .take("bias", "head.bias");
    let made: Linear<f32> = names.load_model_bytes(&head).unwrap();
    assert_eq!((made.inputs(), made.outputs()), (6, 5));
}

/// Numbers of the other library's names are not those of layers.
#[test]
fn a_stack_has_the_layers_that_are_taken() {
    let tensors: [Shaped; 5] = [
        ("4.W_x", &[3, 2]),
        ("5.W_h", &[3, 3]),
        ("6.b", &[3]),
        ("7.b", &[3]),
        ("8.b", &[3]),
    ];
    let import = Import::new(Matrices::OutputsFirst)
        .take("0.W_x", "4.W_x")
        .take("0.W_h", Source::new("5.W_h").times(2.0))
        .take("0.b", Source::new("6.b").plus("7.b"))
        .ignore("8.");
    let made: Stacked<Rnn<f32>> = import.load_model_bytes(&file(&tensors)).unwrap();
    assert_eq!(made.layers().len(), 1);
    assert_eq!(made.layers()[0].sizes(), [2, 3]);
}

#[test]
fn what_does_not_follow_of_a_model_is_named_with_its_part() {
    let text = |import: &Import, tensors: &[Shaped]| {
        let made = import.load_model_bytes::<Deep>(&file(tensors));
        made.unwrap_err().to_string()
    };
    let error = text(&deep(), &DEEP);
    assert!(
        error.starts_with("`pooling` cannot be taken from") && error.contains("`Import::pooling`"),
        "{error}"
    );
    let import = deep().pooling(Pooling::Ends);
    let error = text(&import, &DEEP[..13]);
    assert!(error.contains("has no tensor `head.bias`"), "{error}");
    let plain = Import::new(Matrices::OutputsFirst).pooling(Pooling::Last);
    let error = text(&plain, &DEEP);
    assert!(
        error.starts_with("the size `layers` of Stacked (`layer`) does not follow"),
        "{error}"
    );
    let third = import.clone().take("layer.2.forward.b", 0.0);
    let error = text(&third, &DEEP);
    assert!(
        error.starts_with("the size `x` of Rnn (`layer.2.forward`) does not follow"),
        "{error}"
    );
    // Sizes that contradict one another.
    let with = |at: usize, shape: &'static [usize]| {
        let mut tensors = DEEP;
        tensors[at].1 = shape;
        text(&import, &tensors)
    };
    let narrow = [with(6, &[3, 5]), with(9, &[3, 5])];
    assert!(
        narrow[0].contains("`backward` of Bidirectional must have shape [5, 3]"),
        "{}",
        narrow[0]
    );
    assert!(
        narrow[1].contains("`backward` of Bidirectional must have shape [6, 3]"),
        "{}",
        narrow[1]
    );
    let error = with(12, &[5, 7]);
    assert!(
        error.contains("`layer.head.weight`") || error.contains("`head.weight`"),
        "{error}"
    );
    assert!(
        error.contains("[5, 7]") && error.contains("[5, 6]"),
        "{error}"
    );
    let error = with(1, &[4, 4]);
    assert!(
        error.contains("shape") || error.contains("[4, 4]"),
        "{error}"
    );
}
