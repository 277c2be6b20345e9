//! Heads, losses, pooling, schedules.

use ndarray::{Array1, Array2, Axis, arr1, arr2, s};

use gate_runtime::train::{
    Decay, Linear, Pooling, Schedule, mean_squared_error, softmax_cross_entropy, valid_steps,
};

use super::{assert_close, differences, generator, numbers};

#[test]
fn linear_computes_what_it_says() {
    let mut head = Linear::<f64>::new(2, 3, &mut generator(1)).unwrap();
    assert!(head.bias().iter().all(|&b| b == 0.0));
    head.weight_mut()
        .assign(&arr2(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]));
    head.bias_mut().assign(&arr1(&[0.5, 0.25, 0.0]));
    assert_eq!(
        head.forward(arr2(&[[1.0, -1.0]]).view()).unwrap(),
        arr2(&[[-0.5, -0.75, -1.0]])
    );
    assert_eq!(
        head.params(),
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.5, 0.25, 0.0]
    );
}

#[test]
fn linear_gradients_equal_differences_and_add_up() {
    let mut rng = generator(2);
    let head = Linear::<f64>::new(3, 4, &mut rng).unwrap();
    let (x, dy) = (numbers((5, 3), &mut rng), numbers((5, 4), &mut rng));
    let mut grads = head.zero_grads();
    head.backward(x.view(), dy.view(), &mut grads).unwrap();
    let dx = head.backward(x.view(), dy.view(), &mut grads).unwrap();
    let loss = |x: &Array2<f64>, params: &Array1<f64>| {
        let mut head = head.clone();
        head.params_mut()
            .copy_from_slice(params.as_slice().unwrap());
        (head.forward(x.view()).unwrap() * &dy).sum()
    };
    let params = Array1::from(head.params().to_vec());
    assert_close(&dx, &differences(&x, |x| loss(x, &params)), 1e-9);
    let twice = differences(&params, |params| 2.0 * loss(&x, params));
    assert_close(grads.params(), &twice, 1e-9);
    grads.zero();
    assert!(grads.params().iter().all(|&g| g == 0.0));
}

#[test]
fn linear_refuses_other_widths() {
    let head = Linear::<f32>::new(3, 4, &mut generator(1)).unwrap();
    let error = head.forward(Array2::zeros((5, 2)).view()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`x` of Linear must have shape [5, 3], but has [5, 2]: axis 1 is 2 instead of 3"
    );
    let mut grads = head.zero_grads();
    assert!(
        head.backward(
            Array2::zeros((5, 3)).view(),
            Array2::zeros((4, 4)).view(),
            &mut grads
        )
        .is_err()
    );
    assert!(Linear::<f32>::new(0, 4, &mut generator(1)).is_err());
}

#[test]
fn cross_entropy_of_known_scores() {
    let logits = arr2(&[[0.0, 0.0, 0.0], [2.0_f64.ln(), 0.0, 0.0]]);
    let (loss, gradient, correct) = softmax_cross_entropy(logits.view(), &[1, 0], None).unwrap();
    assert!((loss - (3.0_f64.ln() + 2.0_f64.ln()) / 2.0).abs() < 1e-15);
    let expected = arr2(&[[1.0 / 3.0, -2.0 / 3.0, 1.0 / 3.0], [-0.5, 0.25, 0.25]]) / 2.0;
    assert_close(&gradient, &expected, 1e-15);
    // Of equal scores the first counts.
    assert_eq!(correct, 1);
}

#[test]
fn cross_entropy_gradient_equals_differences() {
    let logits = numbers((4, 5), &mut generator(3)) * 3.0;
    let labels = [0, 4, 2, 2];
    let (_, gradient, _) = softmax_cross_entropy(logits.view(), &labels, None).unwrap();
    let numeric = differences(&logits, |z| {
        softmax_cross_entropy(z.view(), &labels, None).unwrap().0
    });
    assert_close(&gradient, &numeric, 1e-9);
}

#[test]
fn cross_entropy_of_large_scores_is_finite_and_nan_is_named() {
    let (loss, _, correct) =
        softmax_cross_entropy(arr2(&[[1e30_f32, -1e30]]).view(), &[0], None).unwrap();
    assert_eq!((loss, correct), (0.0, 1));
    let error = softmax_cross_entropy(arr2(&[[0.0, 0.0], [f64::NAN, 0.0]]).view(), &[0, 0], None)
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the softmax cross-entropy of row 1 is NaN"),
        "{error}"
    );
    let error =
        softmax_cross_entropy(Array2::<f64>::zeros((2, 3)).view(), &[0, 3], None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "row 1 has label 3, but there are 3 classes; labels count from 0"
    );
    assert!(softmax_cross_entropy(Array2::<f64>::zeros((2, 3)).view(), &[0], None).is_err());
    assert!(softmax_cross_entropy(Array2::<f64>::zeros((0, 3)).view(), &[], None).is_err());
}

/// A label at every step of rows of different lengths; the padding holds anything.
#[test]
fn cross_entropy_counts_the_steps_of_the_mask() {
    let mut logits = numbers((3, 2, 4), &mut generator(8));
    let mask = valid_steps(&[3, 1], 3, 1).unwrap();
    let mask = mask.as_slice().unwrap();
    logits.slice_mut(s![1.., 1, ..]).fill(f64::NAN);
    let labels = [0, 1, 2, 99, 3, 99];
    let rows = logits.to_shape((6, 4)).unwrap().to_owned();
    let (loss, gradient, correct) =
        softmax_cross_entropy(rows.view(), &labels, Some(mask)).unwrap();
    let kept = [0, 1, 2, 4];
    let (alone, own, right) =
        softmax_cross_entropy(rows.select(Axis(0), &kept).view(), &[0, 1, 2, 3], None).unwrap();
    assert_eq!((loss, correct), (alone, right));
    assert_eq!(gradient.select(Axis(0), &kept), own);
    assert!(gradient.select(Axis(0), &[3, 5]).iter().all(|&g| g == 0.0));
    let text = |mask: &[bool]| {
        let result = softmax_cross_entropy(rows.view(), &labels, Some(mask));
        result.unwrap_err().to_string()
    };
    assert!(text(&[false; 6]).starts_with("no element counts for softmax_cross_entropy: "));
    assert!(text(&[true; 5]).contains("`mask` of softmax_cross_entropy must have shape [6]"));
    assert!(text(&[true; 6]).contains("row 3 has label 99"));
}

/// Whatever is computed in `f64`, the loss is given in the caller's number type.
#[test]
fn losses_beyond_the_number_type_are_errors() {
    let error = mean_squared_error(arr1(&[1e30_f32]).view(), arr1(&[0.0]).view(), None);
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("the mean squared error is inf"),
        "{error}"
    );
    let error = softmax_cross_entropy(arr2(&[[3e38_f32, -3e38]]).view(), &[1], None);
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("the softmax cross-entropy of row 0 is inf"),
        "{error}"
    );
}

#[test]
fn squared_error_gradient_equals_differences_within_the_mask() {
    let mut rng = generator(4);
    let (p, mut t) = (numbers((4, 2, 3), &mut rng), numbers((4, 2, 3), &mut rng));
    let mask = valid_steps(&[4, 2], 4, 3).unwrap();
    t[[3, 1, 0]] = f64::NAN;
    let loss = |p: &ndarray::Array3<f64>| {
        mean_squared_error(p.view(), t.view(), Some(mask.view())).unwrap()
    };
    let (value, gradient) = loss(&p);
    let sum: f64 = p
        .indexed_iter()
        .filter(|((time, row, _), _)| *row == 0 || *time < 2)
        .map(|(i, p)| (p - t[i]).powi(2))
        .sum();
    assert!((value - sum / 18.0).abs() < 1e-15);
    assert_close(&gradient, &differences(&p, |p| loss(p).0), 1e-9);
    let error = mean_squared_error(p.view(), t.view(), None).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the mean squared error is NaN"),
        "{error}"
    );
    let nothing = mask.mapv(|_| false);
    assert!(mean_squared_error(p.view(), t.view(), Some(nothing.view())).is_err());
    let none = ndarray::Array3::<f64>::zeros((0, 2, 2));
    let error = mean_squared_error(none.view(), none.view(), None).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("there is none, or mask and weights"),
        "{error}"
    );
    assert!(mean_squared_error(p.view(), numbers((4, 2, 2), &mut rng).view(), None).is_err());
}

#[test]
fn pooling_takes_the_steps_it_says() {
    let steps = numbers((3, 2, 4), &mut generator(5));
    let lengths = [3, 2];
    let pool = |pooling: Pooling| pooling.forward(steps.view(), Some(&lengths)).unwrap();
    for unit in 0..4 {
        let at = |time: usize, row: usize| steps[[time, row, unit]];
        assert_eq!(pool(Pooling::Last)[[0, unit]], at(2, 0));
        assert_eq!(pool(Pooling::Last)[[1, unit]], at(1, 1));
        assert!((pool(Pooling::Mean)[[1, unit]] - (at(0, 1) + at(1, 1)) / 2.0).abs() < 1e-15);
        assert_eq!(
            pool(Pooling::Ends)[[1, unit]],
            if unit < 2 { at(1, 1) } else { at(0, 1) }
        );
    }
}

#[test]
fn pooling_gradients_equal_differences() {
    let mut rng = generator(6);
    let (steps, weights) = (numbers((3, 2, 4), &mut rng), numbers((2, 4), &mut rng));
    for lengths in [None, Some(&[3, 1][..])] {
        for pooling in [Pooling::Last, Pooling::Mean, Pooling::Ends] {
            let gradient = pooling.backward(weights.view(), 3, lengths).unwrap();
            let numeric = differences(&steps, |x| {
                (pooling.forward(x.view(), lengths).unwrap() * &weights).sum()
            });
            assert_close(&gradient, &numeric, 1e-9);
        }
    }
}

#[test]
fn pooling_refuses_lengths_that_do_not_fit() {
    let steps = numbers((3, 2, 3), &mut generator(7));
    let text = |pooling: Pooling, lengths: &[usize]| {
        pooling
            .forward(steps.view(), Some(lengths))
            .unwrap_err()
            .to_string()
    };
    assert!(text(Pooling::Last, &[3, 0]).contains("row 1 has length 0"));
    assert!(text(Pooling::Mean, &[4, 1]).contains("row 0 has length 4"));
    assert!(text(Pooling::Mean, &[1]).contains("1 length was given"));
    let ends = text(Pooling::Ends, &[3, 3]);
    assert!(
        ends.contains("one half of the features from the last step"),
        "{ends}"
    );
    assert!(
        ends.contains("there are 3 features; use it behind a bidirectional layer"),
        "{ends}"
    );
    for lengths in [[9, 2], [2, 0]] {
        let error = valid_steps(&lengths, 3, 1).unwrap_err().to_string();
        assert!(error.contains("must be between 1 and 3"), "{error}");
    }
    assert!(valid_steps(&[], 3, 1).is_err());
}

#[test]
fn more_steps_than_memory_holds_are_refused() {
    let vectors = ndarray::Array2::<f64>::zeros((2, 4));
    for steps in [usize::MAX, 1 << 60, 1 << 42] {
        let mask = valid_steps(&[1, 2], steps, 3).unwrap_err();
        let spread = Pooling::Mean.backward(vectors.view(), steps, None);
        for (what, error) in [("valid_steps", mask), ("Pooling", spread.unwrap_err())] {
            let expected = format!("a sequence of {steps} steps of 2 rows for {what} does not fit");
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
    }
    // Nor are those without features, of which an array counts the steps.
    assert!(valid_steps(&[1, 2], 1 << 62, 0).is_err());
}

#[test]
fn schedules_rise_and_fall() {
    let rate = |decay, step| {
        Schedule {
            base: 0.8,
            warmup: 4,
            decay,
        }
        .rate(step)
        .unwrap()
    };
    let constant: Vec<f64> = (0..6).map(|step| rate(Decay::Constant, step)).collect();
    assert_close(&constant, &[0.2, 0.4, 0.6, 0.8, 0.8, 0.8], 1e-15);
    let halves = Decay::Step {
        every: 10,
        factor: 0.5,
    };
    assert_eq!([13, 14, 24].map(|step| rate(halves, step)), [0.8, 0.4, 0.2]);
    let cosine = Decay::Cosine {
        steps: 10,
        floor: 0.2,
    };
    let rates = [4, 9, 14, 99].map(|step| rate(cosine, step));
    assert_close(&rates, &[0.8, 0.5, 0.2, 0.2], 1e-15);
}

#[test]
fn schedules_out_of_range_are_refused() {
    let refused = |base, decay| {
        let (warmup, step) = (2, 0);
        let schedule = Schedule {
            base,
            warmup,
            decay,
        };
        schedule.rate(step).unwrap_err().to_string()
    };
    for base in [f64::NAN, f64::INFINITY, -0.1] {
        let text = format!("the schedule's base is {base}, but must be finite, 0 or above");
        assert_eq!(refused(base, Decay::Constant), text);
    }
    for factor in [-0.5, 1.5, f64::NAN] {
        let text = format!("the schedule's factor is {factor}, but must be from 0 to 1");
        assert_eq!(refused(0.1, Decay::Step { every: 1, factor }), text);
    }
    for floor in [0.2, -0.1, f64::NAN] {
        let text = format!("the schedule's floor is {floor}, but must be from 0 to the base");
        assert_eq!(refused(0.1, Decay::Cosine { steps: 3, floor }), text);
    }
}
