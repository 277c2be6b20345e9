//! Losses of elements.

use ndarray::{Array, Array2, Array3, Dimension, arr1, arr2};

use crate::error::Error;
use crate::train::{huber, mean_absolute_error, sigmoid_cross_entropy, valid_steps};

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
