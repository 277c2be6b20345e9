//! Models with their optimisers, and files in memory.

use safetensors::tensor::Dtype;

use super::{generator, numbers, place, refused, rewrite, saved_lstm};
use crate::cell::Cell;
use crate::cells::{Lstm, Rnn};
use crate::file::{
    Parts, Reader, Tensors, load, load_bytes, load_model, load_model_bytes, save, save_bytes,
};
use crate::train::{
    Adam, Bidirectional, Classifier, Group, Layer, Linear, Optimiser, Pooling, RmsProp, Stacked,
};

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
        error.contains("holds the parts `model`, `adam`, but is read into a classifier with")
            && error.contains("load it by `Parts::new().with(\"model\", …)`, or make it by"),
        "{error}"
    );
    // What is in a part of a part is named as well, and loaded so.
    let error = refused(&path, &mut other.layer);
    assert!(
        error.contains("is read into a stack of 2 layers (stack)")
            && error.contains("`Parts::new().with(\"model.layer\", …)`"),
        "{error}"
    );
    let mut single = Stacked::<Lstm<f32>>::new(&[3, 4], 1, &mut generator(1)).unwrap();
    let error = refused(&path, &mut single);
    assert!(error.contains("into a stack of 1 layer (stack)"), "{error}");
    let part = Parts::new().with("model.layer", &mut other.layer);
    load(&path, &mut part.unwrap()).unwrap();
    let twice = Parts::<f32>::new().with("a", &mut fresh).unwrap();
    let error = twice.with("a", &mut adam).unwrap_err().to_string();
    assert!(
        error.starts_with("two parts of the file are named `a`"),
        "{error}"
    );
}

/// The model can do without its optimiser, and the other way round; but each must be whole.
#[test]
fn one_of_several_parts_is_loaded() {
    let (_folder, path) = place();
    let (mut model, mut adam) = trained(1, 3);
    save(&path, &parts(&mut model, &mut adam)).unwrap();
    let (mut other, mut fresh) = trained(2, 0);
    let only = Parts::new().with("model", &mut other);
    load(&path, &mut only.unwrap()).unwrap();
    assert_eq!(numbers(&other), numbers(&model));
    let only = Parts::new().with("adam", &mut fresh);
    load(&path, &mut only.unwrap()).unwrap();
    assert_eq!(fresh, adam);

    rewrite(&path, |tensors| {
        let one = (Dtype::F32, vec![1], vec![0; 4]);
        tensors.push((
            "model.layer.odd".to_owned(),
            one.0,
            one.1.clone(),
            one.2.clone(),
        ));
        tensors.push(("modelling.odd".to_owned(), one.0, one.1, one.2));
    });
    let error = refused(&path, &mut Parts::new().with("model", &mut other).unwrap());
    assert!(
        error.contains("has a tensor `model.layer.odd` that the model has no place for; load it"),
        "{error}"
    );
    load(&path, &mut Parts::new().with("adam", &mut fresh).unwrap()).unwrap();
    let error = refused(&path, &mut Parts::new().with("mode", &mut other).unwrap());
    assert!(error.contains("holds the parts `model`, `adam`"), "{error}");
}

#[test]
fn an_optimiser_takes_the_groups_of_the_file_unless_it_has_its_own() {
    let (_folder, path) = place();
    let (mut model, mut adam) = trained(1, 3);
    save(&path, &parts(&mut model, &mut adam)).unwrap();
    let (mut other, mut fresh) = trained(2, 0);
    let mut new = Adam::new(0.5);
    load(&path, &mut parts(&mut other, &mut new)).unwrap();
    assert_eq!((&new, numbers(&other)), (&adam, numbers(&model)));

    // Groups of another model are no continuation, whatever their lengths.
    let mut workspace = other.layer.new_grads();
    let mut groups = other.layer.groups(&mut workspace).unwrap();
    let error = new.step(&mut groups).unwrap_err().to_string();
    assert!(
        error.starts_with(
            "the optimiser was loaded for parameter groups such as `head`, but is given \
             `0.forward.cell` and none of those"
        ),
        "{error}"
    );
    assert_eq!(new, adam);
    let mut workspace = other.workspace();
    new.step(&mut other.groups(&mut workspace).unwrap()[..1])
        .unwrap();
    let mut workspace = other.layer.new_grads();
    new.step(&mut other.layer.groups(&mut workspace).unwrap())
        .unwrap();

    // What does not fit leaves a new one new.
    let mut new = Adam::new(0.5);
    let mut small = Stacked::<Rnn<f32>>::new(&[2, 3], 2, &mut generator(1)).unwrap();
    refused(&path, &mut parts(&mut small, &mut new));
    assert_eq!(new, Adam::new(0.5));
    let mut workspace = other.workspace();
    let groups = other.groups(&mut workspace).unwrap();
    new.prepare(&groups[1..]);
    let error = refused(&path, &mut Parts::new().with("adam", &mut new).unwrap());
    assert!(
        error.contains("has a tensor `adam.layer.0.backward.cell.first`")
            || error.contains("has a tensor `adam.layer.0.forward.cell.first`"),
        "{error}"
    );
    assert!(
        error.contains("the optimiser has the groups of another model"),
        "{error}"
    );

    save(&path, &parts(&mut model, &mut Adam::new(0.01))).unwrap();
    let error = refused(&path, &mut parts(&mut other, &mut fresh));
    assert!(
        error.contains("has no tensor `adam.") && error.contains("saved before its first step"),
        "{error}"
    );
    let only = Parts::new().with("model", &mut other);
    load(&path, &mut only.unwrap()).unwrap();
}

/// Files had three vectors of RMSprop and one of gradient descent, whatever the settings.
#[test]
fn moments_that_the_settings_do_not_need_are_left_in_the_file() {
    let (_folder, path) = place();
    let (mut p, mut g) = ([1.0_f32, 2.0], [0.5, 0.25]);
    let mut rms = RmsProp::new(0.1).momentum(0.5);
    rms.step(&mut [Group::new("p", &mut p, &mut g)]).unwrap();
    save(&path, &rms).unwrap();
    let names: Vec<String> = rms.tensors().into_iter().map(|t| t.name).collect();
    assert_eq!(names, ["p.square", "p.velocity"]);
    rewrite(&path, |tensors| {
        tensors.push(("p.mean".to_owned(), Dtype::F32, vec![2], vec![0; 8]));
    });
    let mut other = RmsProp::<f32>::new(0.1);
    load(&path, &mut other).unwrap();
    assert_eq!(other, rms);
}

/// The metadata could not be read back.
#[test]
fn names_of_parts_are_one_line() {
    let (_folder, path) = place();
    let (mut model, _) = trained(1, 0);
    for name in ["a = b", "a\nb", "a\r"] {
        let error = save(&path, &Parts::new().with(name, &mut model).unwrap()).unwrap_err();
        let text = format!("the model cannot be saved: `{name}.pooling` must be one line");
        assert!(error.to_string().starts_with(&text), "{error}");
    }
    assert!(!path.exists());
    save(&path, &Parts::new().with("a=b, c", &mut model).unwrap()).unwrap();
    load(&path, &mut Parts::new().with("a=b, c", &mut model).unwrap()).unwrap();
}

#[test]
fn bytes_are_what_a_file_holds() {
    let (_folder, path, lstm) = saved_lstm();
    let bytes = save_bytes(&lstm).unwrap();
    assert_eq!(bytes, std::fs::read(&path).unwrap());
    let mut other = Lstm::<f32>::new(3, 4, &mut generator(2)).unwrap();
    load_bytes(&bytes, &mut other).unwrap();
    assert_eq!(other.params(), lstm.params());
    let error = load_bytes(&bytes[..60], &mut other)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("the byte slice is not a readable model file: it has 60 bytes"),
        "{error}"
    );
    let mut wide = Lstm::<f32>::new(3, 5, &mut generator(2)).unwrap();
    let error = load_bytes(&bytes, &mut wide).unwrap_err().to_string();
    assert!(
        error.starts_with("the byte slice holds Lstm of sizes"),
        "{error}"
    );
    let wide = Lstm::<f64>::new(3, 4, &mut generator(3)).unwrap();
    let bytes = save_bytes(&wide).unwrap();
    Reader::new()
        .narrowing()
        .load_bytes(&bytes, &mut other)
        .unwrap();
    assert_eq!(other.params()[0], wide.params()[0] as f32);
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
fn a_file_says_how_large_its_cell_is() {
    let (_folder, path, lstm) = saved_lstm();
    let whole: Lstm<f32> = load_model(&path).unwrap();
    assert_eq!(
        (whole.sizes(), whole.params()),
        (lstm.sizes(), lstm.params())
    );
    let bytes = save_bytes(&lstm).unwrap();
    let wide: Lstm<f64> = load_model_bytes(&bytes).unwrap();
    assert_eq!(wide.sizes(), lstm.sizes());
    let error = load_model::<Rnn<f32>>(&path).unwrap_err().to_string();
    assert!(error.contains("Rnn") && error.contains("Lstm"), "{error}");
    let mut both = (lstm.clone(), lstm);
    let parts = Parts::new().with("a", &mut both.0).unwrap();
    let bytes = save_bytes(&parts.with("b", &mut both.1).unwrap()).unwrap();
    let error = load_model_bytes::<Lstm<f32>>(&bytes).unwrap_err();
    let text = "holds the parts `a`, `b`, but is read into Lstm (cell); the file has such a part";
    assert!(error.to_string().contains(text), "{error}");
    let sizes = String::from_utf8_lossy(&bytes).into_owned();
    assert!(sizes.contains("a.sizes = Lstm of sizes x"), "{sizes}");
}

/// Whatever is made of cells is made with the sizes and settings that it was saved with.
#[test]
fn a_file_says_how_large_its_model_is() {
    let (_folder, path) = place();
    let (mut model, mut adam) = trained(1, 3);
    model.layer.set_dropout(0.25);
    save(&path, &model).unwrap();
    let whole: Model = load_model(&path).unwrap();
    assert_eq!(numbers(&whole), numbers(&model));
    assert_eq!(
        (whole.pooling, whole.layer.dropout()),
        (Pooling::Ends, 0.25)
    );
    let error = load_model::<Stacked<Rnn<f32>>>(&path)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("holds a classifier with pooling Ends, but is read into a stack (stack)"),
        "{error}"
    );
    let error = load_model::<Classifier<Stacked<Rnn<f32>>>>(&path)
        .unwrap_err()
        .to_string();
    assert!(error.contains("is read into Rnn (layer.0.cell)"), "{error}");

    save(&path, &parts(&mut model, &mut adam)).unwrap();
    let part: Model = Reader::new().load_part(&path, "model").unwrap();
    assert_eq!(numbers(&part), numbers(&model));
    let head: Linear<f32> = Reader::new().load_part(&path, "model.head").unwrap();
    assert_eq!(head, model.head);
    let error = Reader::new()
        .load_part::<Linear<f32>>(&path, "adam")
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("is read into a head Linear (adam.head)"),
        "{error}"
    );
}

#[test]
fn a_cell_whose_sizes_are_all_fixed_is_loaded_whole() {
    crate::cell! {
        struct Fixed { x_t: [2]; h_t: [3]; h_t = tanh(W * x_t + U * h_{t-1}); }
    }
    let cell = Fixed::<f32>::new(&mut generator(1)).unwrap();
    let other: Fixed<f32> = load_model_bytes(&save_bytes(&cell).unwrap()).unwrap();
    assert_eq!(other.params(), cell.params());
}
