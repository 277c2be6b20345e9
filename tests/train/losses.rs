//! Losses of elements.

use ndarray::{Array, Array2, Array3, Dimension, arr1, arr2};

use gate_runtime::Error;
use gate_runtime::train::{
    SigmoidLoss, SoftmaxLoss, huber, mean_absolute_error, mean_squared_error,
    sigmoid_cross_entropy, valid_steps,
};

use super::{assert_close, differences, generator, numbers};

/// Where a loss is smooth; what the mask leaves out is NaN.
fn check(
    targets: impl Fn(f64) -> f64,
    loss: impl Fn(&Array3<f64>, &Array3<f64>, &Array3<bool>) -> (f64, Array3<f64>),
) {
    let mut rng = generator(5);
    let p = numbers((4, 2, 3), &mut rng) * 4.0;
    let mut t = numbers((4, 2, 3), &mut rng).mapv(targets);
    let mask = valid_steps(&[4, 2], 4, 3).unwrap();
    t[[3, 1, 0]] = f64::NAN;
    let (_, gradient) = loss(&p, &t, &mask);
    assert_close(&gradient, &differences(&p, |p| loss(p, &t, &mask).0), 1e-9);
    assert!(gradient.iter().filter(|&&g| g != 0.0).count() == 18);
}

#[test]
fn gradients_equal_differences_within_the_mask() {
    check(
        |t| t,
        |p, t, m| mean_absolute_error(p.view(), t.view(), Some(m.view())).unwrap(),
    );
    for delta in [0.5, 2.0] {
        check(
            |t| t,
            |p, t, m| huber(p.view(), t.view(), delta, Some(m.view())).unwrap(),
        );
    }
    check(f64::abs, |z, t, m| {
        sigmoid_cross_entropy(z.view(), t.view(), Some(m.view())).unwrap()
    });
}

#[test]
fn known_values() {
    let (p, t) = (arr1(&[1.0, -3.0, 0.5]), arr1(&[0.0, 0.0, 0.5]));
    let (loss, gradient) = mean_absolute_error(p.view(), t.view(), None).unwrap();
    assert_close(&[loss], &[4.0 / 3.0], 1e-15);
    assert_close(&gradient, &[1.0 / 3.0, -1.0 / 3.0, 0.0], 1e-15);
    let (loss, gradient) = huber(p.view(), t.view(), 2.0, None).unwrap();
    assert_close(&[loss], &[(0.5 + 2.0 * 2.0) / 3.0], 1e-15);
    assert_close(&gradient, &[1.0 / 3.0, -2.0 / 3.0, 0.0], 1e-15);
    let (loss, gradient) =
        sigmoid_cross_entropy(arr1(&[0.0]).view(), arr1(&[1.0]).view(), None).unwrap();
    assert_close(&[loss], &[2.0_f64.ln()], 1e-15);
    assert_close(&gradient, &[-0.5], 1e-15);
}

/// The gradient belongs to the element of its index, however the arrays lie in memory.
#[test]
fn arrays_may_lie_in_memory_as_they_like() {
    let (p, t) = (arr2(&[[1.0, 5.0], [2.0, -7.0]]), Array2::zeros((2, 2)));
    let expected = mean_absolute_error(p.view(), t.view(), None).unwrap();
    let across = p.t().as_standard_layout().into_owned();
    let found = mean_absolute_error(across.t(), t.view(), None).unwrap();
    assert_eq!(found, expected);
}

#[test]
fn large_logits_are_finite() {
    let (z, t) = (
        arr1(&[1e4_f32, -1e4, 1e4, -1e4]),
        arr1(&[1.0, 0.0, 0.0, 1.0]),
    );
    let (loss, gradient) = sigmoid_cross_entropy(z.view(), t.view(), None).unwrap();
    assert_eq!((loss, gradient), (5e3, arr1(&[0.0, 0.0, 0.25, -0.25])));
}

/// A row of weight 2 is two rows; what weighs nothing may be anything.
#[test]
fn weights_count_rows_and_elements_as_often() {
    let once = arr2(&[[0.3, -1.0, 2.0], [1.0, 0.5, -0.7], [f64::NAN; 3]]);
    let twice = arr2(&[[0.3, -1.0, 2.0], [1.0, 0.5, -0.7], [1.0, 0.5, -0.7]]);
    let classes = [1.0, 5.0, 0.5];
    let base = SoftmaxLoss::new()
        .class_weights(&classes)
        .label_smoothing(0.2);
    let weighted = base.row_weights(&[1.0, 2.0, 0.0]);
    let (loss, gradient, correct) = weighted.of(once.view(), &[1, 0, 9]).unwrap();
    let (expected, slopes, _) = base.of(twice.view(), &[1, 0, 0]).unwrap();
    assert_close(&[loss], &[expected], 1e-15);
    let both = &slopes.row(1) + &slopes.row(2);
    assert_close(gradient.row(1), &both, 1e-15);
    assert_eq!((gradient.row(2).sum(), correct), (0.0, 1));
    let loss = |z: &Array2<f64>| weighted.of(z.view(), &[1, 0, 9]).unwrap().0;
    let numeric = differences(&once.slice(ndarray::s![..2, ..]).to_owned(), |z| {
        let mut all = once.clone();
        all.slice_mut(ndarray::s![..2, ..]).assign(z);
        loss(&all)
    });
    assert_close(gradient.iter().take(6), &numeric, 1e-9);

    let (p, t) = (arr1(&[1.0, -3.0, f64::NAN]), arr1(&[0.0; 3]));
    let weights = arr1(&[1.0, 3.0, 0.0]);
    let (loss, gradient) = mean_squared_error(p.view(), t.view(), weights.view()).unwrap();
    assert_close(&[loss], &[7.0], 1e-15);
    assert_close(&gradient, &[0.5, -4.5, 0.0], 1e-15);
}

#[test]
fn positive_weights_go_along_the_last_axis() {
    let (z, t) = (
        arr2(&[[0.0, 0.0], [0.0, 0.0]]),
        arr2(&[[1.0, 0.0], [0.0, 1.0]]),
    );
    let loss = SigmoidLoss::new().positive_weights(&[2.0, 6.0]);
    let (loss, gradient) = loss.of(z.view(), t.view(), None).unwrap();
    assert_close(&[loss], &[10.0 * 2.0_f64.ln() / 4.0], 1e-15);
    assert_close(&gradient, &[-0.25, 0.125, 0.125, -0.75], 1e-15);
    let all = SigmoidLoss::new().positive_weights(&[2.0]);
    let (loss, _) = all.of(z.view(), t.view(), None).unwrap();
    assert_close(&[loss], &[6.0 * 2.0_f64.ln() / 4.0], 1e-15);
}

#[test]
fn weights_that_are_none_are_named() {
    let z = arr2(&[[0.0, 1.0]]);
    let text = |loss: SoftmaxLoss| loss.of(z.view(), &[0]).unwrap_err().to_string();
    let base = SoftmaxLoss::new();
    assert_eq!(
        text(base.class_weights(&[1.0, -2.0])),
        "the weight at index 1 of softmax_cross_entropy is -2, but must be finite, 0 or above"
    );
    assert!(text(base.class_weights(&[1.0])).contains("`class_weights` of softmax_cross_entropy"));
    assert!(text(base.row_weights(&[])).contains("`row_weights` of softmax_cross_entropy"));
    assert!(text(base.class_weights(&[0.0, 1.0])).contains("mask and weights keep none"));
    assert_eq!(
        text(base.label_smoothing(1.5)),
        "the label smoothing is 1.5, but must be from 0 to 1"
    );
    // A mean divides by the sum of the weights.
    let huge = [1e200, 1.0];
    let product = text(base.class_weights(&huge).row_weights(&[1e200]));
    assert_eq!(product, "the sum of the weights is inf, but must be finite");
    let t = arr2(&[[1.0, 0.0]]);
    let both = arr2(&[[f64::MAX; 2]]);
    let error = mean_squared_error(z.view(), t.view(), both.view()).unwrap_err();
    assert_eq!(error.to_string(), product);
    let three = SigmoidLoss::new().positive_weights(&[1.0; 3]);
    let error = three.of(z.view(), t.view(), None).unwrap_err().to_string();
    assert!(
        error.starts_with("`positive_weights` of sigmoid_cross_entropy must have shape [2]"),
        "{error}"
    );
    let bad = arr2(&[[f64::INFINITY, 1.0]]);
    let error = mean_squared_error(z.view(), t.view(), bad.view()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the weight at index 0 of mean_squared_error is inf")
    );
}

#[test]
fn what_does_not_fit_is_named() {
    fn text<D: Dimension>(result: Result<(f64, Array<f64, D>), Error>) -> String {
        result.unwrap_err().to_string()
    }
    let (z, t) = (arr1(&[0.0, 0.0]), arr1(&[0.5, 2.0]));
    let error = text(sigmoid_cross_entropy(z.view(), t.view(), None));
    assert!(
        error.starts_with(
            "the target at index 1 of sigmoid_cross_entropy is 2, but must be from 0 to 1; "
        ),
        "{error}"
    );
    let mask = arr1(&[true, false]);
    sigmoid_cross_entropy(z.view(), t.view(), Some(mask.view())).unwrap();
    let error = text(sigmoid_cross_entropy(
        z.view(),
        arr1(&[1.0, f64::NAN]).view(),
        None,
    ));
    assert!(
        error.starts_with("the target at index 1 of sigmoid_cross_entropy is NaN"),
        "{error}"
    );
    let error = text(huber(z.view(), t.view(), 0.0, None));
    assert_eq!(
        error,
        "the Huber loss's delta is 0, but must be finite, above 0"
    );
    let error = text(mean_absolute_error(z.view(), arr1(&[1.0]).view(), None));
    assert!(
        error.contains("`targets` of mean_absolute_error must have shape [2]"),
        "{error}"
    );
    let error = text(mean_absolute_error(
        arr1(&[f64::INFINITY, 0.0]).view(),
        t.view(),
        None,
    ));
    assert!(
        error.starts_with("the mean absolute error is inf"),
        "{error}"
    );
    let none = arr1(&[false, false]);
    let error = text(huber(z.view(), t.view(), 1.0, Some(none.view())));
    assert!(error.starts_with("no element counts for huber"), "{error}");
}
