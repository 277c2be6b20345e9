//! Cells, stacks and bidirectional layers, through the trait that they share.

use ndarray::{Array1, Array2, Array3, s};

use gate_runtime::Cell;
use gate_runtime::Error;
use gate_runtime::Sequence;
use gate_runtime::cells::{Gru, Lstm, Rnn};
use gate_runtime::train::{
    Adam, Bidirectional, Classifier, Layer, Optimiser, Pooling, Stacked, clip_groups,
};

use super::{assert_close, differences, generator, numbers};

pub(super) const STEPS: usize = 4;
pub(super) const LENGTHS: [usize; 3] = [2, 4, 3];

/// Rows of different lengths, with masks where something is dropped.
fn training(x: &Array3<f64>) -> Sequence<'_, f64> {
    Sequence::new(x.view()).lengths(&LENGTHS).training(3)
}

/// The output for other parameters, all groups side by side.
fn with_params<L: Layer<Scalar = f64>>(
    layer: &L,
    params: &Array1<f64>,
    x: &Array3<f64>,
) -> Array3<f64> {
    let (mut layer, mut grads) = (layer.clone(), layer.new_grads());
    let mut source = params.iter();
    for group in layer.groups(&mut grads).unwrap() {
        group
            .params
            .iter_mut()
            .zip(&mut source)
            .for_each(|(p, v)| *p = *v);
    }
    layer.infer(training(x), None).unwrap().0
}

/// Parameters and gradients of all groups side by side.
pub(super) fn flat<L: Layer<Scalar = f64>>(
    layer: &L,
    grads: &L::Grads,
) -> (Array1<f64>, Array1<f64>) {
    let (mut layer, mut grads) = (layer.clone(), grads.clone());
    let groups = layer.groups(&mut grads).unwrap();
    let params = groups
        .iter()
        .flat_map(|g| g.params.iter().copied())
        .collect();
    (
        params,
        groups
            .iter()
            .flat_map(|g| g.grads.iter().copied())
            .collect(),
    )
}

pub(super) fn check_gradients<L: Layer<Scalar = f64>>(layer: &L) {
    let mut rng = generator(11);
    let x = numbers((STEPS, 3, layer.input_features().unwrap()), &mut rng);
    let dy = numbers((STEPS, 3, layer.output_features()), &mut rng);
    let (mut tape, mut grads) = (L::Tape::default(), layer.new_grads());
    layer.trace(training(&x), None, &mut tape).unwrap();
    let (output, _) = layer.infer(training(&x), None).unwrap();
    assert_eq!(L::traced(&tape), output);
    layer
        .pull_back(&mut tape, dy.view(), true, &mut grads)
        .unwrap();
    let (params, found) = flat(layer, &grads);
    assert_close(
        &found,
        &differences(&params, |p| (with_params(layer, p, &x) * &dy).sum()),
        1e-8,
    );
    let numeric = differences(&x, |x| (with_params(layer, &params, x) * &dy).sum());
    assert_close(L::input_gradient(&grads), &numeric, 1e-8);
    assert!(found.iter().filter(|g| **g != 0.0).count() > params.len() / 2);

    // A second pass adds up; without the input's gradient the others stay the same.
    layer.trace(training(&x), None, &mut tape).unwrap();
    layer
        .pull_back(&mut tape, dy.view(), false, &mut grads)
        .unwrap();
    assert_close(&flat(layer, &grads).1, &(found * 2.0), 1e-12);
    L::clear(&mut grads);
    assert!(flat(layer, &grads).1.iter().all(|&g| g == 0.0));
    assert!(matches!(
        layer.pull_back(&mut tape, dy.view(), true, &mut grads),
        Err(Error::NotRecorded { .. })
    ));
}

/// Each row of a padded batch does what it does alone, whatever the padding holds.
fn check_lengths<L: Layer<Scalar = f64>>(layer: &L) {
    let mut rng = generator(12);
    let mut x = numbers((STEPS, 3, layer.input_features().unwrap()), &mut rng);
    let dy = numbers((STEPS, 3, layer.output_features()), &mut rng);
    for (row, &length) in LENGTHS.iter().enumerate() {
        x.slice_mut(s![length.., row, ..]).fill(f64::NAN);
    }
    let (mut tape, mut grads) = (L::Tape::default(), layer.new_grads());
    layer
        .trace(Sequence::new(x.view()).lengths(&LENGTHS), None, &mut tape)
        .unwrap();
    let output = L::traced(&tape).to_owned();
    layer
        .pull_back(&mut tape, dy.view(), true, &mut grads)
        .unwrap();
    let whole = flat(layer, &grads).1;
    let dx = L::input_gradient(&grads).to_owned();
    let mut alone = layer.new_grads();
    for (row, &length) in LENGTHS.iter().enumerate() {
        let own = |a: &Array3<f64>| a.slice(s![..length, row..row + 1, ..]).to_owned();
        layer
            .trace(Sequence::new(own(&x).view()), None, &mut tape)
            .unwrap();
        assert_close(L::traced(&tape), &own(&output), 1e-14);
        assert!(
            output
                .slice(s![length.., row, ..])
                .iter()
                .all(|&y| y == 0.0)
        );
        layer
            .pull_back(&mut tape, own(&dy).view(), true, &mut alone)
            .unwrap();
        assert_close(L::input_gradient(&alone), &own(&dx), 1e-13);
        assert!(dx.slice(s![length.., row, ..]).iter().all(|&g| g == 0.0));
    }
    assert_close(&flat(layer, &alone).1, &whole, 1e-12);
}

#[test]
fn gradients_of_a_cell() {
    check_gradients(&Lstm::<f64>::new(3, 4, &mut generator(1)).unwrap());
}

#[test]
fn gradients_of_a_stack() {
    check_gradients(&Stacked::<Gru<f64>>::new(&[3, 4], 3, &mut generator(2)).unwrap());
}

#[test]
fn gradients_of_both_directions() {
    check_gradients(&Bidirectional::<Lstm<f64>>::new(&[3, 2], &mut generator(3)).unwrap());
}

#[test]
fn gradients_of_a_bidirectional_stack() {
    check_gradients(
        &Stacked::<Bidirectional<Rnn<f64>>>::new(&[3, 2], 2, &mut generator(4)).unwrap(),
    );
}

#[test]
fn padded_rows_do_what_they_do_alone() {
    let rng = &mut generator(5);
    check_lengths(&Rnn::<f64>::new(3, 4, rng).unwrap());
    check_lengths(&Stacked::<Lstm<f64>>::new(&[3, 4], 2, rng).unwrap());
    check_lengths(&Bidirectional::<Gru<f64>>::new(&[3, 2], rng).unwrap());
    check_lengths(&Stacked::<Bidirectional<Rnn<f64>>>::new(&[3, 2], 2, rng).unwrap());
}

#[test]
fn the_second_direction_reads_from_each_rows_end() {
    let layer = Bidirectional::<Rnn<f64>>::new(&[2, 3], &mut generator(6)).unwrap();
    let x = numbers((STEPS, 3, 2), &mut generator(7));
    let (output, (_, last)) = layer
        .forward(Sequence::new(x.view()).lengths(&LENGTHS), None)
        .unwrap();
    let back = layer.layers()[1];
    for (row, &length) in LENGTHS.iter().enumerate() {
        let reversed = x.slice(s![..length;-1, row..row + 1, ..]);
        let run = back.forward(reversed).unwrap();
        for time in 0..length {
            assert_close(
                output.slice(s![time, row, 3..]),
                run.output().slice(s![length - 1 - time, 0, ..]),
                1e-15,
            );
        }
        assert_close(last.h.row(row), run.state.h.row(0), 1e-15);
    }
}

#[test]
fn a_stack_continues_from_its_states() {
    let stack = Stacked::<Lstm<f64>>::new(&[2, 3], 2, &mut generator(8)).unwrap();
    let x = numbers((6, 2, 2), &mut generator(9));
    let (whole, last) = stack.forward(&x, None).unwrap();
    let (_, half) = stack.forward(x.slice(s![..3, .., ..]), None).unwrap();
    let (rest, end) = stack
        .forward(x.slice(s![3.., .., ..]), Some(&half))
        .unwrap();
    assert_close(whole.slice(s![3.., .., ..]), &rest, 1e-15);
    assert_close(&last[1].h, &end[1].h, 1e-15);
    let mut tape = Default::default();
    stack
        .record(x.slice(s![3.., .., ..]), Some(&half), &mut tape)
        .unwrap();
    assert_eq!(tape.output().unwrap(), rest);
    assert_eq!(stack.last_state(&tape).unwrap(), end);
}

#[test]
fn names_of_groups_say_where_they_are() {
    let mut stack = Stacked::<Bidirectional<Rnn<f64>>>::new(&[2, 3], 2, &mut generator(1)).unwrap();
    let mut grads = stack.new_grads();
    let names: Vec<String> = stack
        .groups(&mut grads)
        .unwrap()
        .into_iter()
        .map(|g| g.name.to_string())
        .collect();
    assert_eq!(
        names,
        [
            "0.forward.cell",
            "0.backward.cell",
            "1.forward.cell",
            "1.backward.cell"
        ]
    );
}

/// Sequences whose class is the sign of their first number: it has to be remembered.
fn task(seed: u64) -> (Array3<f64>, Vec<usize>) {
    let x = numbers((5, 16, 1), &mut generator(seed));
    let labels = x
        .slice(s![0, .., 0])
        .iter()
        .map(|&v| usize::from(v > 0.0))
        .collect();
    (x, labels)
}

fn learns<L: Layer<Scalar = f64>>(layer: L, pooling: Pooling) {
    let mut model = Classifier::new(layer, pooling, 2, &mut generator(20)).unwrap();
    let (mut workspace, mut adam) = (model.workspace(), Adam::new(0.02));
    let mut losses = Vec::new();
    for step in 0..150 {
        let (x, labels) = task(step);
        losses.push(model.gradients(&x, &labels, &mut workspace).unwrap().loss);
        let mut groups = model.groups(&mut workspace).unwrap();
        clip_groups(&mut groups, 1.0).unwrap();
        adam.step(&mut groups).unwrap();
    }
    let (x, labels) = task(1000);
    let logits: Array2<f64> = model.logits(&x).unwrap();
    let right = logits
        .outer_iter()
        .zip(&labels)
        .filter(|(row, label)| usize::from(row[1] > row[0]) == **label)
        .count();
    assert!(
        right >= 14,
        "{right} of 16, losses {} to {}",
        losses[0],
        losses[149]
    );
    let score = model.gradients(&x, &labels, &mut workspace).unwrap();
    assert_eq!(score.correct, right);
    assert!(score.loss < losses[0] / 2.0);
}

#[test]
fn classifiers_learn() {
    let rng = &mut generator(21);
    learns(Lstm::<f64>::new(1, 8, rng).unwrap(), Pooling::Last);
    learns(
        Stacked::<Gru<f64>>::new(&[1, 6], 2, rng).unwrap(),
        Pooling::Mean,
    );
    learns(
        Bidirectional::<Gru<f64>>::new(&[1, 6], rng).unwrap(),
        Pooling::Ends,
    );
}

#[test]
fn gradients_of_several_batches_add_up() {
    let layer = Rnn::<f64>::new(1, 3, &mut generator(25)).unwrap();
    let mut model = Classifier::new(layer, Pooling::Last, 2, &mut generator(26)).unwrap();
    let (mut workspace, batches) = (model.workspace(), [task(1), task(2)]);
    let mut whole = model.workspace();
    let both = ndarray::concatenate![ndarray::Axis(1), batches[0].0, batches[1].0];
    let labels = [&batches[0].1[..], &batches[1].1].concat();
    model.gradients(&both, &labels, &mut whole).unwrap();
    for (x, labels) in &batches {
        model.accumulate(x, labels, &mut workspace).unwrap();
    }
    let numbers = |model: &mut Classifier<Rnn<f64>>, workspace: &mut _| {
        let groups = model.groups(workspace).unwrap();
        let all: Array1<f64> = groups.iter().flat_map(|g| g.grads.to_vec()).collect();
        all
    };
    let sums = numbers(&mut model, &mut workspace);
    assert_close(&sums, &(numbers(&mut model, &mut whole) * 2.0), 1e-14);
    let (x, mut labels) = task(3);
    labels[2] = 2;
    assert!(model.accumulate(&x, &labels, &mut workspace).is_err());
    assert_eq!(numbers(&mut model, &mut workspace), sums);
    let other = Classifier::new(model.layer.clone(), Pooling::Last, 5, &mut generator(1));
    let refused = model.accumulate(&x, &task(3).1, &mut other.unwrap().workspace());
    assert!(refused.is_err());
}

#[test]
fn the_gradient_of_a_classifier_equals_differences() {
    let layer = Stacked::<Bidirectional<Rnn<f64>>>::new(&[1, 2], 2, &mut generator(22)).unwrap();
    let mut model = Classifier::new(layer, Pooling::Ends, 3, &mut generator(23)).unwrap();
    let x = numbers((STEPS, 3, 1), &mut generator(24));
    let labels = [2, 0, 1];
    let mut workspace = model.workspace();
    let sequence = || Sequence::new(x.view()).lengths(&LENGTHS);
    model
        .gradients(sequence(), &labels, &mut workspace)
        .unwrap();
    let groups = model.groups(&mut workspace).unwrap();
    let params: Array1<f64> = groups
        .iter()
        .flat_map(|g| g.params.iter().copied())
        .collect();
    let found: Array1<f64> = groups
        .iter()
        .flat_map(|g| g.grads.iter().copied())
        .collect();
    let loss = |params: &Array1<f64>| {
        let (mut model, mut source) = (model.clone(), params.iter());
        let mut workspace = model.workspace();
        for group in model.groups(&mut workspace).unwrap() {
            group
                .params
                .iter_mut()
                .zip(&mut source)
                .for_each(|(p, v)| *p = *v);
        }
        model
            .gradients(sequence(), &labels, &mut workspace)
            .unwrap()
            .loss
    };
    assert_close(&found, &differences(&params, loss), 1e-8);
}
