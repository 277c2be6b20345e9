//! Predictions of layers, which are recordings without a way back.

use ndarray::Array3;

use super::layers::{LENGTHS, STEPS, flat};
use super::{generator, numbers};
use gate_runtime::Error;
use gate_runtime::Sequence;
use gate_runtime::cells::{Gru, Lstm};
use gate_runtime::train::{Bidirectional, Layer, Stacked};

fn of_lengths<'a>(x: &'a Array3<f64>, lengths: Option<&'a [usize]>) -> Sequence<'a, f64> {
    let whole = Sequence::new(x.view()).training(4);
    match lengths {
        Some(lengths) => whole.lengths(lengths),
        None => whole,
    }
}

/// What is predicted, on a tape or without, is what is recorded, to the bit, however the input lies
/// in memory and whatever was predicted before; there is nothing to go back over.
fn check_predictions<L: Layer<Scalar = f64>>(layer: &L) {
    let (mut rng, features) = (generator(13), layer.input_features().unwrap());
    let (mut recorded, mut tape) = (L::Tape::default(), L::Tape::default());
    let mut grads = layer.new_grads();
    for steps in [STEPS, 2 * STEPS, STEPS - 1] {
        let x = numbers((steps, 3, features), &mut rng);
        let dy = numbers((steps, 3, layer.output_features()), &mut rng);
        let lengths = LENGTHS.map(|length| length.min(steps));
        let strided = x.view().permuted_axes([2, 0, 1]);
        let strided = strided.as_standard_layout().to_owned();
        let strided = strided.permuted_axes([1, 2, 0]);
        for lengths in [None, Some(&lengths[..])] {
            let sequence = |x| of_lengths(x, lengths);
            layer.trace(sequence(&x), None, &mut recorded).unwrap();
            for x in [&x, &strided] {
                layer.infer_on(sequence(x), None, &mut tape).unwrap();
                assert_eq!(L::traced(&tape), L::traced(&recorded));
                assert_eq!(layer.infer(sequence(x), None).unwrap().0, L::traced(&tape));
                let back = layer.pull_back(&mut tape, dy.view(), true, &mut grads);
                assert!(matches!(back, Err(Error::NotRecorded { .. })));
            }
            let states = [&recorded, &tape].map(|tape| layer.last_state(tape).unwrap());
            let [expected, found] = states.map(|state| format!("{state:?}"));
            assert_eq!(found, expected);
            assert!(L::tape_memory(&tape) > 0);
        }
    }
}

#[test]
fn predictions_are_recordings_without_a_way_back() {
    let mut rng = generator(14);
    check_predictions(&Lstm::<f64>::new(2, 3, &mut rng).unwrap());
    check_predictions(&Stacked::<Gru<f64>>::new(&[2, 3], 3, &mut rng).unwrap());
    check_predictions(&Bidirectional::<Lstm<f64>>::new(&[2, 3], &mut rng).unwrap());
    let stack = Stacked::<Bidirectional<Gru<f64>>>::new(&[2, 3], 2, &mut rng).unwrap();
    check_predictions(&stack.with_dropout(0.3));
}

/// Lengths of rows that are all whole change no bit.
#[test]
fn whole_rows_need_no_lengths() {
    let mut rng = generator(15);
    let layers = Stacked::<Bidirectional<Lstm<f64>>>::new(&[2, 3], 2, &mut rng).unwrap();
    let (x, dy) = (numbers((5, 3, 2), &mut rng), numbers((5, 3, 6), &mut rng));
    let [(y, params, dx), other] = [None, Some(&[5, 5, 5][..])].map(|lengths| {
        let (mut tape, mut grads) = (Default::default(), layers.new_grads());
        let sequence = of_lengths(&x, lengths);
        layers.record(sequence, None, &mut tape).unwrap();
        let y = tape.output().unwrap().to_owned();
        layers
            .backward(&mut tape, dy.view(), true, &mut grads)
            .unwrap();
        let dx = Stacked::<Bidirectional<_>>::input_gradient(&grads).to_owned();
        (y, flat(&layers, &grads).1, dx)
    });
    assert_eq!((y, params, dx), other);
}
