//! Dropout between the layers of a stack.

use ndarray::Array3;

use gate_runtime::Sequence;
use gate_runtime::cells::{Gru, Rnn};
use gate_runtime::train::{Bidirectional, Layer, Stacked, StackedTape};

use super::layers::check_gradients;
use super::{generator, numbers};

fn stack(layers: usize) -> Stacked<Gru<f64>> {
    Stacked::<Gru<f64>>::new(&[3, 40], layers, &mut generator(2)).unwrap()
}

fn input() -> Array3<f64> {
    numbers((5, 3, 3), &mut generator(3))
}

fn output(stack: &Stacked<Gru<f64>>, seed: Option<u64>) -> Array3<f64> {
    let x = input();
    let sequence = Sequence::new(x.view());
    let sequence = match seed {
        Some(seed) => sequence.training(seed),
        None => sequence,
    };
    stack.forward(sequence, None).unwrap().0
}

#[test]
fn gradients_through_dropout_equal_differences() {
    let gru = Stacked::<Gru<f64>>::new(&[3, 4], 3, &mut generator(2)).unwrap();
    check_gradients(&gru.with_dropout(0.4));
    let both = Stacked::<Bidirectional<Rnn<f64>>>::new(&[2, 3], 2, &mut generator(4)).unwrap();
    check_gradients(&both.with_dropout(0.6));
}

#[test]
fn seeds_decide_what_is_dropped_and_evaluation_drops_nothing() {
    let plain = stack(2);
    let drops = plain.clone().with_dropout(0.5);
    assert_eq!(output(&drops, None), output(&plain, None));
    assert_eq!(output(&drops, Some(1)), output(&drops, Some(1)));
    assert_ne!(output(&drops, Some(1)), output(&drops, Some(2)));
    assert_ne!(output(&drops, Some(1)), output(&drops, None));
    let mut off = drops;
    off.set_dropout(0.0);
    assert_eq!(output(&off, Some(1)), output(&plain, None));
}

/// A layer alone has none above it, and the top one gives its output whole.
#[test]
fn the_output_of_the_top_layer_stays_whole() {
    let one = stack(1).with_dropout(0.9);
    assert_eq!(output(&one, Some(1)), output(&one, None));
    let two = output(&stack(2).with_dropout(0.9), Some(1));
    assert!(two.iter().all(|&y| y != 0.0));
}

/// The gradient goes back through the masks of the recording, whatever is set since.
#[test]
fn a_recording_keeps_its_dropout() {
    let mut stack = stack(2).with_dropout(0.5);
    let (x, dy) = (input(), Array3::ones((5, 3, 40)));
    let mut gradient = |later: f64| {
        let (mut tape, mut grads) = (StackedTape::default(), stack.new_grads());
        stack.set_dropout(0.5);
        let sequence = Sequence::new(x.view()).training(1);
        stack.record(sequence, None, &mut tape).unwrap();
        stack.set_dropout(later);
        stack
            .backward(&mut tape, dy.view(), true, &mut grads)
            .unwrap();
        Stacked::<Gru<f64>>::input_gradient(&grads).to_owned()
    };
    assert_eq!(gradient(0.0), gradient(0.5));
}

#[test]
fn what_is_no_chance_is_refused() {
    let x = input();
    for chance in [1.0, -0.1, f64::NAN] {
        let stack = stack(2).with_dropout(chance);
        let error = stack.forward(&x, None).unwrap_err().to_string();
        assert_eq!(
            error,
            format!("the dropout between layers is {chance}, but must be in 0..1")
        );
        let mut tape = StackedTape::default();
        assert!(stack.record(&x, None, &mut tape).is_err() && tape.output().is_none());
    }
}
