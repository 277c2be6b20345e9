//! Optimisers, losses and clipping do what PyTorch's do. The numbers come from
//! `reference/make_training.py`, the settings are those that it lists.

use std::path::Path;

use gate_runtime::train::{
    Adam, Group, Optimiser, RmsProp, Sgd, SigmoidLoss, SoftmaxLoss, clip_norm, huber,
    mean_absolute_error, mean_squared_error, sigmoid_cross_entropy,
};
use gate_runtime::{Error, Isa, set_isa};
use ndarray::{Array2, Array3, ArrayView3};
use safetensors::SafeTensors;

/// The tensors of the file.
struct Numbers(Vec<u8>);

impl Numbers {
    fn read() -> Self {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/training.safetensors");
        Numbers(std::fs::read(path).expect("a file of the repository"))
    }

    fn bytes(&self, name: &str) -> &[u8] {
        let file = SafeTensors::deserialize(&self.0).expect("a file of tensors");
        file.tensor(name).expect(name).data()
    }

    fn of(&self, name: &str) -> Vec<f64> {
        let words = self.bytes(name).as_chunks().0.iter();
        words.map(|&word| f64::from_le_bytes(word)).collect()
    }

    /// One of the losses' arrays.
    fn cube(&self, name: &str) -> Array3<f64> {
        Array3::from_shape_vec((4, 3, 2), self.of(name)).expect("its shape")
    }
}

#[track_caller]
fn close<'a>(name: &str, ours: impl IntoIterator<Item = &'a f64>, theirs: &[f64]) {
    let ours: Vec<f64> = ours.into_iter().copied().collect();
    assert_eq!(ours.len(), theirs.len(), "{name}");
    for (at, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!(
            (a - b).abs() <= 1e-13,
            "{name} at {at}: ours {a:e}, theirs {b:e}"
        );
    }
}

fn follows(numbers: &Numbers, name: &str, mut optimiser: impl Optimiser<f64>) {
    let (mut p, gradients) = (numbers.of("p"), numbers.of("g"));
    let theirs = numbers.of(&format!("steps.{name}"));
    assert_eq!(theirs.len(), 6 * p.len());
    for (g, after) in gradients.chunks(p.len()).zip(theirs.chunks(p.len())) {
        let mut g = g.to_vec();
        optimiser
            .step(&mut [Group::new("p", &mut p, &mut g)])
            .expect("a step");
        close(name, &p, after);
    }
}

#[test]
fn optimisers_make_the_steps_of_pytorch() {
    let numbers = &Numbers::read();
    let sgd = || Sgd::new(0.1);
    follows(numbers, "sgd", sgd());
    follows(numbers, "sgd_momentum", sgd().momentum(0.9));
    follows(numbers, "sgd_nesterov", sgd().momentum(0.9).nesterov());
    let dampened = sgd().momentum(0.9).dampening(0.3).weight_decay(0.1);
    follows(numbers, "sgd_dampened", dampened);
    follows(numbers, "sgd_decay", sgd().weight_decay(0.1));
    follows(
        numbers,
        "sgd_all",
        sgd().momentum(0.9).nesterov().weight_decay(0.1),
    );
    let rms = || RmsProp::new(0.01);
    follows(numbers, "rmsprop", rms());
    follows(numbers, "rmsprop_momentum", rms().momentum(0.8));
    let centred = rms().smoothing(0.9).epsilon(1e-6).centred();
    follows(numbers, "rmsprop_centred", centred);
    let all = rms().momentum(0.8).centred().weight_decay(0.1);
    follows(numbers, "rmsprop_all", all);
    let adam = || Adam::new(0.01);
    follows(numbers, "adam", adam().betas(0.8, 0.95).epsilon(1e-6));
    follows(numbers, "adam_coupled", adam().coupled_weight_decay(0.1));
    follows(numbers, "adam_decoupled", adam().weight_decay(0.1));
    let largest = adam().betas(0.8, 0.7).amsgrad().coupled_weight_decay(0.1);
    follows(numbers, "adam_largest", largest);
}

/// Predictions, targets and mask.
type Given<'a> = (
    ArrayView3<'a, f64>,
    ArrayView3<'a, f64>,
    Option<ArrayView3<'a, bool>>,
);

fn equals(
    numbers: &Numbers,
    (name, targets, scale): (&str, &str, f64),
    loss: impl Fn(Given<'_>) -> Result<(f64, Array3<f64>), Error>,
) {
    let (x, y) = (numbers.cube("x"), numbers.cube(targets));
    let mask = numbers
        .bytes("mask")
        .iter()
        .map(|&byte| byte == 1)
        .collect();
    let mask = Array3::from_shape_vec((4, 3, 2), mask).expect("its shape");
    for (suffix, mask) in [("", None), ("_masked", Some(mask.view()))] {
        let (value, gradient) = loss((x.view(), y.view(), mask)).expect("a loss");
        let theirs = |kind: &str| numbers.of(&format!("{kind}.{name}{suffix}"));
        close(name, &[value / scale], &theirs("loss"));
        close(name, &gradient.mapv(|g| g / scale), &theirs("grad"));
    }
}

#[test]
fn losses_are_those_of_pytorch() {
    let numbers = &Numbers::read();
    equals(numbers, ("squared", "y", 1.0), |(x, y, m)| {
        mean_squared_error(x, y, m)
    });
    equals(numbers, ("absolute", "y", 1.0), |(x, y, m)| {
        mean_absolute_error(x, y, m)
    });
    equals(numbers, ("huber", "y", 1.0), |(x, y, m)| {
        huber(x, y, 0.7, m)
    });
    equals(numbers, ("smooth", "y", 0.7), |(x, y, m)| {
        huber(x, y, 0.7, m)
    });
    equals(numbers, ("sigmoid", "c", 1.0), |(x, c, m)| {
        sigmoid_cross_entropy(x, c, m)
    });
}

/// PyTorch divides by the number of elements where weights are those of elements.
#[test]
fn weighted_losses_are_those_of_pytorch() {
    let numbers = &Numbers::read();
    let [x, y, c, weights] = ["x", "y", "c", "weights"].map(|name| numbers.cube(name));
    let same = |name: &str, (value, gradient): (f64, Array3<f64>), scale: f64| {
        close(name, &[value * scale], &numbers.of(&format!("loss.{name}")));
        let gradient = gradient.mapv(|g| g * scale);
        close(name, &gradient, &numbers.of(&format!("grad.{name}")));
    };
    let squared = mean_squared_error(x.view(), y.view(), weights.view());
    same("squared_weighted", squared.expect("a loss"), 1.0);
    let sigmoid = sigmoid_cross_entropy(x.view(), c.view(), weights.view());
    let scale = weights.sum() / weights.len() as f64;
    same("sigmoid_weighted", sigmoid.expect("a loss"), scale);
    let positive = numbers.of("positive");
    let loss = SigmoidLoss::new().positive_weights(&positive);
    let loss = loss.of(x.view(), c.view(), None);
    same("sigmoid_positive", loss.expect("a loss"), 1.0);
}

#[test]
fn softmax_losses_are_those_of_pytorch() {
    let numbers = &Numbers::read();
    let z = Array2::from_shape_vec((11, 4), numbers.of("z")).expect("its shape");
    let labels: Vec<usize> = numbers.bytes("labels").iter().map(|&l| l.into()).collect();
    let mask: Vec<bool> = labels.iter().map(|&label| label < 4).collect();
    let classes = numbers.of("classes");
    let plain = SoftmaxLoss::new().mask(&mask);
    let weighted = plain.class_weights(&classes);
    for (name, loss) in [
        ("softmax", plain),
        ("softmax_classes", weighted),
        ("softmax_smooth", plain.label_smoothing(0.1)),
        ("softmax_all", weighted.label_smoothing(0.3)),
    ] {
        let (value, gradient, _) = loss.of(z.view(), &labels).expect("a loss");
        close(name, &[value], &numbers.of(&format!("loss.{name}")));
        close(name, &gradient, &numbers.of(&format!("grad.{name}")));
    }
}

/// PyTorch's norm comes out smaller by what it adds to the divisor.
#[test]
fn clipping_differs_from_pytorch_by_what_the_documentation_says() {
    let numbers = &Numbers::read();
    let (mut a, mut b) = (numbers.of("clip.0"), numbers.of("clip.1"));
    let norm = clip_norm(&mut [&mut a, &mut b], 0.5).expect("a norm");
    assert!(norm > 0.5);
    let theirs = |slice: &str| -> Vec<f64> {
        let clipped = numbers.of(slice).into_iter();
        clipped.map(|g| g * (norm + 1e-6) / norm).collect()
    };
    close("clip.0", &a, &theirs("clipped.0"));
    close("clip.1", &b, &theirs("clipped.1"));
}

/// Parameters after some steps, in groups of a size.
fn stepped(mut optimiser: impl Optimiser<f32>, size: usize) -> Vec<u32> {
    let at = |i: usize, k: usize| ((i * 37 + k * 11) % 101) as f32 / 50.0 - 1.0;
    let mut params: Vec<f32> = (0..100).map(|i| at(i, 0)).collect();
    for k in 1..5 {
        let mut grads: Vec<f32> = (0..100).map(|i| at(i, k) * 10_f32.powi(k as i32)).collect();
        let parts = params.chunks_mut(size).zip(grads.chunks_mut(size));
        let mut groups: Vec<_> = parts
            .enumerate()
            .map(|(i, (params, grads))| Group::new(format!("{i}"), params, grads))
            .collect();
        optimiser.step(&mut groups).expect("a step");
    }
    params.into_iter().map(f32::to_bits).collect()
}

/// Wide registers, and what they leave of a group, change no bit.
#[test]
fn a_step_is_the_same_on_every_instruction_set_and_in_groups_of_any_size() {
    let adam = || Adam::new(0.1).weight_decay(0.01).coupled_weight_decay(0.1);
    let sgd = || Sgd::new(0.01).momentum(0.9).weight_decay(0.1);
    let rms = || RmsProp::new(0.01).momentum(0.5).centred();
    let all = |size| {
        [
            stepped(adam(), size),
            stepped(adam().amsgrad(), size),
            stepped(sgd(), size),
            stepped(sgd().nesterov(), size),
            stepped(rms(), size),
            stepped(RmsProp::new(0.1), size),
        ]
    };
    assert!(set_isa(Some(Isa::Baseline)));
    let single = all(1);
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
        assert!(set_isa(Some(isa)));
        for size in [1, 31, 32, 33, 64, 100] {
            assert!(all(size) == single, "{isa:?}, groups of {size}");
        }
    }
    assert!(set_isa(None));
}
