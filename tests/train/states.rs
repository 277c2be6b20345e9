//! What flows back through final states.

use ndarray::{Array1, Array3};

use super::layers::flat;
use super::{assert_close, differences, generator, numbers};
use gate_runtime::Cell;
use gate_runtime::Sequence;
use gate_runtime::cells::{Gru, Lstm};
use gate_runtime::train::{Bidirectional, Layer, Stacked};

const LENGTHS: [usize; 3] = [2, 4, 3];

/// The decoder's output, from the final state of an encoder with other parameters.
fn decoded<L: Layer<Scalar = f64>>(
    pair: (&L, &L),
    params: &Array1<f64>,
    (x, u): (&Array3<f64>, &Array3<f64>),
) -> Array3<f64> {
    let (mut encoder, mut grads) = (pair.0.clone(), pair.0.new_grads());
    let mut source = params.iter();
    for group in encoder.groups(&mut grads).unwrap() {
        let pairs = group.params.iter_mut().zip(&mut source);
        pairs.for_each(|(p, v)| *p = *v);
    }
    let sequence = Sequence::new(x.view()).lengths(&LENGTHS);
    let state = encoder.infer(sequence, None).unwrap().1;
    let run = pair.1.infer(Sequence::new(u.view()), Some(&state));
    run.unwrap().0
}

/// The gradient of a decoder's loss by what its encoder has and reads.
fn check_pair<L: Layer<Scalar = f64>>(encoder: &L, decoder: &L) {
    let mut rng = generator(30);
    let features = encoder.input_features().unwrap();
    let (x, u) = (
        numbers((4, 3, features), &mut rng),
        numbers((2, 3, features), &mut rng),
    );
    let dy = numbers((2, 3, decoder.output_features()), &mut rng);
    let (mut first, mut second) = (L::Tape::default(), L::Tape::default());
    let sequence = Sequence::new(x.view()).lengths(&LENGTHS);
    encoder.trace(sequence, None, &mut first).unwrap();
    let state = encoder.last_state(&first).unwrap();
    let run = Sequence::new(u.view());
    decoder.trace(run, Some(&state), &mut second).unwrap();
    let mut grads = decoder.new_grads();
    decoder
        .pull_back(&mut second, dy.view(), false, &mut grads)
        .unwrap();
    let back = L::initial_gradient(&grads);
    let (mut grads, none) = (encoder.new_grads(), Array3::zeros(L::traced(&first).dim()));
    assert!(encoder.check_state(3, &back).is_ok() && encoder.check_state(2, &back).is_err());
    encoder
        .pull_back_both(&mut first, none.view(), Some(&back), true, &mut grads)
        .unwrap();
    let (params, found) = flat(encoder, &grads);
    let loss = |params: &_, x: &_| (decoded((encoder, decoder), params, (x, &u)) * &dy).sum();
    assert_close(&found, &differences(&params, |p| loss(p, &x)), 1e-8);
    let numeric = differences(&x, |x| loss(&params, x));
    assert_close(L::input_gradient(&grads), &numeric, 1e-8);
    assert!(found.iter().filter(|g| **g != 0.0).count() > params.len() / 2);
}

#[test]
fn a_decoder_trains_its_encoder_through_the_state() {
    let rng = &mut generator(31);
    let cell = |rng: &mut _| Lstm::<f64>::new(2, 3, rng).unwrap();
    check_pair(&cell(rng), &cell(rng));
    let stack = |rng: &mut _| Stacked::<Lstm<f64>>::new(&[2, 3], 2, rng).unwrap();
    check_pair(&stack(rng), &stack(rng));
    let both = |rng: &mut _| Bidirectional::<Gru<f64>>::new(&[2, 3], rng).unwrap();
    check_pair(&both(rng), &both(rng));
    let all = |rng: &mut _| Stacked::<Bidirectional<Lstm<f64>>>::new(&[2, 2], 2, rng).unwrap();
    check_pair(&all(rng), &all(rng));
}

/// Nothing is gone over, in any layer, if one of the states does not fit.
#[test]
fn a_gradient_of_a_state_that_does_not_fit_leaves_the_recording() {
    let stack = Stacked::<Lstm<f64>>::new(&[2, 3], 2, &mut generator(32)).unwrap();
    let x = numbers((4, 3, 2), &mut generator(33));
    let (mut tape, mut grads) = (Default::default(), stack.new_grads());
    stack.record(&x, None, &mut tape).unwrap();
    let mut wrong = stack.last_state(&tape).unwrap();
    wrong[0] = stack.layers()[0].zero_state(2);
    let dy = numbers((4, 3, 3), &mut generator(34));
    let error = stack
        .pull_back_both(&mut tape, dy.view(), Some(&wrong), true, &mut grads)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("must have shape [3, 3], but has [2, 3]"),
        "{error}"
    );
    wrong.pop();
    let error = stack.pull_back_both(&mut tape, dy.view(), Some(&wrong), true, &mut grads);
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("a stack of 2 layers")
    );
    assert!(flat(&stack, &grads).1.iter().all(|&g| g == 0.0));
    stack
        .backward(&mut tape, dy.view(), true, &mut grads)
        .unwrap();
}
