//! Cells, stacks and bidirectional layers, through the trait that they share.

use ndarray::{Array1, Array2, Array3, s};

use crate::Error;
use crate::cell::Cell;
use crate::cells::{Gru, GruD, Lstm, Rnn};
use crate::sequence::Sequence;
use crate::train::{
    Adam, Bidirectional, Classifier, Layer, Optimiser, Pooling, Stacked, clip_groups,
};

use super::{assert_close, differences, generator, numbers};

const STEPS: usize = 4;
const LENGTHS: [usize; 3] = [2, 4, 3];

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
    layer
        .infer(Sequence::new(x.view()).lengths(&LENGTHS), None)
        .unwrap()
        .0
}

/// Parameters and gradients of all groups side by side.
fn flat<L: Layer<Scalar = f64>>(layer: &L, grads: &L::Grads) -> (Array1<f64>, Array1<f64>) {
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

fn check_gradients<L: Layer<Scalar = f64>>(layer: &L) {
    let mut rng = generator(11);
    let x = numbers((STEPS, 3, layer.input_features().unwrap()), &mut rng);
    let dy = numbers((STEPS, 3, layer.output_features()), &mut rng);
    let (mut tape, mut grads) = (L::Tape::default(), layer.new_grads());
    layer
        .trace(Sequence::new(x.view()).lengths(&LENGTHS), None, &mut tape)
        .unwrap();
    let (output, _) = layer
        .infer(Sequence::new(x.view()).lengths(&LENGTHS), None)
        .unwrap();
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
    layer
        .trace(Sequence::new(x.view()).lengths(&LENGTHS), None, &mut tape)
        .unwrap();
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
        .map(|g| g.name.into_owned())
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

#[test]
fn layers_that_do_not_fit_are_refused() {
    let rng = &mut generator(1);
    let text = |error: Error| error.to_string();
    let layers = vec![
        Rnn::<f64>::new(2, 3, rng).unwrap(),
        Rnn::new(2, 3, rng).unwrap(),
    ];
    let error = text(Stacked::from_layers(layers).unwrap_err());
    assert!(
        error.starts_with(
            "layer 1 of the stack of Rnn reads 2 feature(s), but the layer below gives 3"
        ),
        "{error}"
    );
    assert!(
        text(Stacked::<Rnn<f64>>::new(&[2, 3], 0, rng).unwrap_err()).contains("at least one layer")
    );
    let pair = (
        Rnn::<f64>::new(2, 3, rng).unwrap(),
        Rnn::new(2, 4, rng).unwrap(),
    );
    assert!(
        text(Bidirectional::from_layers(pair.0, pair.1).unwrap_err())
            .contains("must have shape [2, 3], but has [2, 4]")
    );
    let several = GruD::<f64>::with_sizes(&vec![2; GruD::<f64>::INFO.sizes.len()], rng).unwrap();
    let error = text(Classifier::new(several, Pooling::Last, 2, rng).unwrap_err());
    assert!(error.starts_with("GruD has 3 inputs; a layer"), "{error}");
    let stack = Stacked::<Rnn<f64>>::new(&[2, 3], 2, rng).unwrap();
    let x = Array3::<f64>::zeros((2, 1, 2));
    let state = stack.layers()[0].zero_state(1);
    assert!(
        text(
            stack
                .forward(Sequence::new(x.view()).state(&state), None)
                .unwrap_err()
        )
        .contains("second argument")
    );
    assert!(text(stack.forward(&x, Some(&[state])).unwrap_err()).contains("2 field(s), but 1"));
    assert!(matches!(
        stack.last_state(&Default::default()),
        Err(Error::NotRecorded { .. })
    ));
    assert!(matches!(
        stack.layers()[0].last_state(&Default::default()),
        Err(Error::NotRecorded { .. })
    ));
}

#[test]
fn a_recording_that_failed_is_not_gone_back_over() {
    let layer = Bidirectional::<Rnn<f64>>::new(&[2, 3], &mut generator(1)).unwrap();
    let (mut tape, mut grads) = (Default::default(), layer.new_grads());
    let (x, dy) = (
        Array3::<f64>::zeros((2, 1, 2)),
        Array3::<f64>::zeros((2, 1, 6)),
    );
    layer.record(&x, None, &mut tape).unwrap();
    assert!(
        layer
            .record(&Array3::zeros((2, 1, 3)), None, &mut tape)
            .is_err()
    );
    assert!(tape.output().is_none() && layer.last_state(&tape).is_err());
    assert!(matches!(
        layer.backward(&mut tape, dy.view(), true, &mut grads),
        Err(Error::NotRecorded { .. })
    ));
    layer.record(&x, None, &mut tape).unwrap();
    let error = layer
        .backward(&mut tape, dy.slice(s![.., .., ..5]), true, &mut grads)
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`gradient` of Bidirectional must have shape [2, 1, 6], but has [2, 1, 5]"),
        "{error}"
    );
}

/// Gradients of a model of another shape are refused, not matched as far as they go.
#[test]
fn groups_of_other_gradients_are_refused() {
    let rng = &mut generator(1);
    let mut stack = Stacked::<Rnn<f64>>::new(&[2, 3], 2, rng).unwrap();
    for layers in [1, 3] {
        let other = Stacked::<Rnn<f64>>::new(&[2, 3], layers, rng).unwrap();
        let error = stack.groups(&mut other.new_grads()).unwrap_err();
        let text = format!("`grads` of Stacked must have shape [2], but has [{layers}]");
        assert!(error.to_string().contains(&text), "{error}");
    }
    let wide = |rng| Bidirectional::<Rnn<f64>>::new(&[2, 4], rng).unwrap();
    let mut both = Bidirectional::<Rnn<f64>>::new(&[2, 3], rng).unwrap();
    let error = both.groups(&mut wide(rng).new_grads()).unwrap_err();
    assert!(error.to_string().contains("sizes [2, 4]"), "{error}");
    let mut model = Classifier::new(both, Pooling::Ends, 2, rng).unwrap();
    let other = Classifier::new(model.layer.clone(), Pooling::Ends, 3, rng).unwrap();
    let error = model.groups(&mut other.workspace()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`grads` of Linear must have shape [14], but has [21]"),
        "{error}"
    );
}

/// What does not fit leaves gradients and recording as they were: another try may fit.
#[test]
fn a_refused_gradient_does_not_use_up_a_recording() {
    fn check<L: Layer<Scalar = f64>>(layer: L, other: L) {
        let (mut tape, mut grads) = (L::Tape::default(), layer.new_grads());
        let x = numbers((STEPS, 3, 2), &mut generator(2));
        layer.trace((&x).into(), None, &mut tape).unwrap();
        let dy = Array3::ones(L::traced(&tape).dim());
        let mut refused = |dy: &Array3<f64>, grads: &mut L::Grads| {
            let before = flat(&other, &other.new_grads()).1;
            let result = layer.pull_back(&mut tape, dy.view(), true, grads);
            assert!(result.is_err_and(|e| !matches!(e, Error::NotRecorded { .. })));
            before
        };
        refused(&Array3::ones((STEPS, 3, 1)), &mut grads);
        let mut others = other.new_grads();
        let zeros = refused(&dy, &mut others);
        assert_eq!(flat(&other, &others).1, zeros);
        layer
            .pull_back(&mut tape, dy.view(), true, &mut grads)
            .unwrap();
        assert!(flat(&layer, &grads).1.iter().any(|&g| g != 0.0));
    }
    let mut rng = generator(1);
    let mut rnn = |x, h| Rnn::<f64>::new(x, h, &mut rng).unwrap();
    // The layer that goes back first fits; it must wait for the other.
    let mut stack = |x| Stacked::from_layers(vec![rnn(x, 2), rnn(2, 2)]).unwrap();
    check(stack(2), stack(5));
    let both = Bidirectional::from_layers(rnn(2, 2), rnn(2, 2)).unwrap();
    let mut uneven = both.clone();
    *uneven.layers_mut()[1] = rnn(2, 3);
    check(both, uneven);
}

#[test]
fn directions_that_no_longer_fit_are_refused() {
    let mut rng = generator(1);
    let mut rnn = |h| Rnn::<f64>::new(2, h, &mut rng).unwrap();
    let mut layer = Bidirectional::from_layers(rnn(3), rnn(3)).unwrap();
    let (mut tape, x) = (Default::default(), Array3::zeros((2, 1, 2)));
    layer.record(&x, None, &mut tape).unwrap();
    let mut grads = layer.new_grads();
    for side in [0, 1] {
        let mut other = layer.clone();
        *other.layers_mut()[side] = rnn(4);
        let error = other.forward(&x, None).unwrap_err().to_string();
        let sizes = [["[2, 4]", "[2, 3]"], ["[2, 3]", "[2, 4]"]][side];
        let text = format!(
            "`backward` of Bidirectional must have shape {}, but has {}",
            sizes[0], sizes[1]
        );
        assert!(error.contains(&text), "{error}");
        assert!(other.record(&x, None, &mut Default::default()).is_err());
        let dy = Array3::zeros((2, 1, 6));
        assert!(
            other
                .backward(&mut tape, dy.view(), true, &mut grads)
                .is_err()
        );
    }
    for side in layer.layers_mut() {
        *side = rnn(7);
    }
    let dy = Array3::zeros((2, 1, 6));
    let error = layer.backward(&mut tape, dy.view(), true, &mut grads);
    assert!(matches!(error, Err(Error::OtherSizes { .. })));
    assert!(layer.forward(&x, None).is_ok());
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
