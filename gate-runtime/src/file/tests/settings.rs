//! What a file gives back beside its tensors.

use std::fmt::Debug;
use std::path::Path;

use safetensors::tensor::SafeTensors;

use super::{generator, numbers, place};
use crate::cells::Gru;
use crate::file::{ENTRY, Parts, Tensors, load, save};
use crate::sequence::Sequence;
use crate::train::{Adam, Classifier, Group, Optimiser, Pooling, RmsProp, Sgd, Stacked, Workspace};

type Model = Classifier<Stacked<Gru<f32>>>;

fn model(seed: u64) -> (Model, Workspace<Stacked<Gru<f32>>>) {
    let mut rng = generator(seed);
    let layer = Stacked::<Gru<f32>>::new(&[2, 5], 2, &mut rng).unwrap();
    let model = Classifier::new(layer, Pooling::Mean, 3, &mut rng).unwrap();
    let workspace = model.workspace();
    (model, workspace)
}

fn train<O: Optimiser<f32>>(
    (model, workspace): &mut (Model, Workspace<Stacked<Gru<f32>>>),
    optimiser: &mut O,
    steps: std::ops::Range<u64>,
) {
    let x = ndarray::Array3::from_shape_fn((3, 2, 2), |(t, b, i)| (t + 2 * b) as f32 - i as f32);
    for step in steps {
        let sequence = Sequence::new(x.view()).training(step);
        model.gradients(sequence, &[2, 1], workspace).unwrap();
        let mut groups = model.groups(workspace).unwrap();
        optimiser.step(&mut groups).unwrap();
    }
}

/// The same training in one go, and in two that only a file joins. `made` makes the optimiser with
/// the settings of the one or the other program.
fn goes_on<O>(made: impl Fn(bool) -> O, prepare: impl Fn(&mut O, &[Group<'_, f32>]))
where
    O: Optimiser<f32> + Tensors<Scalar = f32> + PartialEq + Debug,
{
    goes_on_from(&made, |_, _| {});
    goes_on_from(made, prepare);
}

fn goes_on_from<O>(made: impl Fn(bool) -> O, prepare: impl Fn(&mut O, &[Group<'_, f32>]))
where
    O: Optimiser<f32> + Tensors<Scalar = f32> + PartialEq + Debug,
{
    let (_folder, path) = place();
    let (mut whole, mut optimiser) = (model(1), made(true));
    whole.0.layer.set_dropout(0.4);
    train(&mut whole, &mut optimiser, 0..3);
    optimiser.set_learning_rate(0.017);
    let parts = Parts::new().with("model", &mut whole.0).unwrap();
    save(&path, &parts.with("optimiser", &mut optimiser).unwrap()).unwrap();
    train(&mut whole, &mut optimiser, 3..6);

    let (mut second, mut loaded) = (model(2), made(false));
    prepare(&mut loaded, &second.0.groups(&mut second.1).unwrap());
    let parts = Parts::new().with("model", &mut second.0).unwrap();
    load(&path, &mut parts.with("optimiser", &mut loaded).unwrap()).unwrap();
    train(&mut second, &mut loaded, 3..6);
    assert_eq!(second.0.layer.dropout(), 0.4);
    assert_eq!(numbers(&second.0), numbers(&whole.0));
    assert_eq!(loaded, optimiser);
    assert_eq!(loaded.learning_rate(), 0.017);
}

/// The settings are those of the file, whatever the program says that loads it.
#[test]
fn a_training_that_is_saved_and_loaded_goes_on_bit_for_bit() {
    let adam = |first: bool| match first {
        true => Adam::new(0.1 / 3.0)
            .betas(0.7, 0.9)
            .epsilon(1e-3)
            .weight_decay(0.2)
            .coupled_weight_decay(0.3),
        false => Adam::new(0.1),
    };
    goes_on(adam, Adam::prepare);
    let largest = |first: bool| match first {
        true => Adam::new(0.03).betas(0.7, 0.6).amsgrad(),
        false => Adam::new(0.1),
    };
    goes_on(largest, Adam::prepare);
    let dampened = |first: bool| match first {
        true => Sgd::new(0.1).momentum(0.9).dampening(0.4),
        false => Sgd::new(0.3),
    };
    goes_on(dampened, Sgd::prepare);
    let sgd = |first: bool| match first {
        true => Sgd::new(0.1).momentum(0.9).nesterov().weight_decay(0.01),
        false => Sgd::new(0.3),
    };
    goes_on(sgd, Sgd::prepare);
    let rms = |first: bool| match first {
        true => RmsProp::new(0.01)
            .smoothing(0.9)
            .epsilon(1e-3)
            .momentum(0.5)
            .weight_decay(0.01),
        false => RmsProp::new(0.3).centred(),
    };
    goes_on(rms, RmsProp::prepare);
}

/// Writes the metadata of a file again, changed.
fn rewrite_entries(path: &Path, change: impl Fn(&str) -> String) {
    let bytes = std::fs::read(path).unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let mut metadata = header.metadata().clone().unwrap();
    metadata.insert(ENTRY.to_owned(), change(&metadata[ENTRY]));
    let tensors = SafeTensors::deserialize(&bytes).unwrap().tensors();
    let bytes = safetensors::serialize(tensors, Some(metadata)).unwrap();
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_file_without_settings_leaves_them_as_they_are() {
    let (_folder, path) = place();
    let (mut p, mut g) = ([1.0_f32], [0.5]);
    let mut adam = Adam::new(0.1);
    adam.step(&mut [Group::new("p", &mut p, &mut g)]).unwrap();
    save(&path, &adam).unwrap();
    rewrite_entries(&path, |text| {
        assert!(
            text.contains("\nlearning_rate = 0.1\nbeta_1 = 0.9\n"),
            "{text}"
        );
        let kept = ["format", "optimiser"];
        let lines = text
            .lines()
            .filter(|l| kept.iter().any(|k| l.starts_with(k)));
        lines.map(|line| format!("{line}\n")).collect()
    });
    let mut other = Adam::new(0.7).betas(0.5, 0.6);
    other.prepare(&[Group::new("p", &mut p, &mut g)]);
    load(&path, &mut other).unwrap();
    assert_eq!((other.steps(), other.learning_rate()), (1, 0.7));
    let expected = Adam::<f32>::new(0.7).betas(0.5, 0.6);
    assert_eq!(other.0.rule, expected.0.rule);
}

/// What a later version wrote would not be done as it says.
#[test]
fn a_setting_that_is_not_known_is_refused_by_its_name() {
    let (_folder, path) = place();
    save(&path, &Sgd::<f32>::new(0.1)).unwrap();
    rewrite_entries(&path, |text| format!("{text}warp = 3\n"));
    let mut other = Sgd::<f32>::new(0.7);
    let error = load(&path, &mut other).unwrap_err().to_string();
    assert!(
        error.contains("has `warp = 3`, which this version of the model does not know"),
        "{error}"
    );
    assert_eq!(other, Sgd::new(0.7));

    let (mut model, _) = model(1);
    let mut adam = Adam::new(0.1);
    let parts = Parts::new().with("model", &mut model).unwrap();
    save(&path, &parts.with("adam", &mut adam).unwrap()).unwrap();
    rewrite_entries(&path, |text| {
        format!("{text}model.layer.highway = true\nelse.x = 1\n")
    });
    let mut only = Parts::new().with("model", &mut model).unwrap();
    let error = load(&path, &mut only).unwrap_err().to_string();
    assert!(
        error.contains("has `model.layer.highway = true`, which"),
        "{error}"
    );
    load(&path, &mut Parts::new().with("adam", &mut adam).unwrap()).unwrap();
}

#[test]
fn settings_that_are_none_are_refused() {
    let (_folder, path) = place();
    let sgd = Sgd::<f32>::new(0.1).momentum(0.5).nesterov();
    for (line, wrong, kind) in [
        ("learning_rate = 0.1", "a", "a number"),
        ("momentum = 0.5", "inf", "a number"),
        ("nesterov = true", "yes", "`true` or `false`"),
        ("steps = 0", "-1", "a count"),
    ] {
        save(&path, &sgd).unwrap();
        let (key, value) = line.split_once(" = ").unwrap();
        rewrite_entries(&path, |text| {
            assert!(text.contains(line), "{text}");
            text.replace(line, &format!("{key} = {wrong}"))
        });
        let mut other = Sgd::<f32>::new(0.7);
        let error = load(&path, &mut other).unwrap_err().to_string();
        let expected = format!("its setting `{key}` is `{wrong}`, but must be {kind}");
        assert!(error.ends_with(&expected), "{error} of {value}");
        assert_eq!(other, Sgd::new(0.7));
    }
    let error = save(&path, &Sgd::<f32>::new(f64::NAN)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the model cannot be saved: its setting `learning_rate` is NaN"
    );
}

/// Another kind of optimiser is named, as is what it is read into.
#[test]
fn another_optimiser_is_refused() {
    let (_folder, path) = place();
    save(&path, &Sgd::<f32>::new(0.1)).unwrap();
    let error = load(&path, &mut RmsProp::<f32>::new(0.1)).unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("holds Sgd, but is read into RmsProp (optimiser)"),
        "{error}"
    );
}
