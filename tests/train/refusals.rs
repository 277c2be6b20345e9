//! What layers refuse, and that it leaves them as they were.

use ndarray::{Array3, s};

use gate_runtime::Cell;
use gate_runtime::Error;
use gate_runtime::Sequence;
use gate_runtime::cells::{GruD, Rnn};
use gate_runtime::train::{Bidirectional, Classifier, Layer, Pooling, Stacked};

use super::layers::{STEPS, flat};
use super::{generator, numbers, refused};

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
            "layer 1 of the stack of Rnn reads 2 features, but the layer below gives 3"
        ),
        "{error}"
    );
    assert!(
        text(Stacked::<Rnn<f64>>::new(&[2, 3], 0, rng).unwrap_err()).contains("at least one layer")
    );
    let many = [
        Stacked::<Rnn<f64>>::new(&[2, 3], usize::MAX, rng).err(),
        Stacked::<Bidirectional<Rnn<f64>>>::new(&[2, 3], usize::MAX, rng).err(),
    ];
    for error in many {
        let expected = format!(
            "{} layers of Rnn do not fit in memory; use fewer",
            usize::MAX
        );
        assert_eq!(text(error.expect("a refusal")), expected);
    }
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
    let error = text(stack.forward(&x, Some(&[state])).unwrap_err());
    assert!(
        error.starts_with("a stack of 2 layers of Rnn starts from a state for each, but 1 was"),
        "{error}"
    );
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
    refused(
        layer.record(&Array3::zeros((2, 1, 3)), None, &mut tape),
        "must have shape [2, 1, 2], but has [2, 1, 3]",
    );
    assert!(tape.output().is_none());
    refused(layer.last_state(&tape), "is recorded on this tape");
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
        refused(other.record(&x, None, &mut Default::default()), &text);
        let dy = Array3::zeros((2, 1, 6));
        let back = other.backward(&mut tape, dy.view(), true, &mut grads);
        refused(
            back,
            "by Rnn of sizes [2, 3], but this one has sizes [2, 4]",
        );
    }
    for side in layer.layers_mut() {
        *side = rnn(7);
    }
    let dy = Array3::zeros((2, 1, 6));
    let error = layer.backward(&mut tape, dy.view(), true, &mut grads);
    assert!(matches!(error, Err(Error::OtherSizes { .. })));
    let (output, _) = layer.forward(&x, None).unwrap();
    assert_eq!(output.dim(), (2, 1, 14));
}
