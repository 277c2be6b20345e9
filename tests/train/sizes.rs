//! Losses of all sizes around those of the blocks they are computed in, against one element after
//! the other.

use ndarray::{Array1, Array2};

use gate_runtime::train::{
    SigmoidLoss, SoftmaxLoss, huber, mean_absolute_error, mean_squared_error,
};

/// Numbers between -2 and 2.
fn numbers(count: usize, seed: usize) -> Array1<f64> {
    Array1::from_shape_fn(count, |i| 2.0 * ((i * 7 + seed * 13 + 1) as f64).sin())
}

fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-12 * (1.0 + expected.abs())
}

#[test]
fn losses_of_elements_are_means_of_single_ones() {
    type One = fn(f64, f64) -> (f64, f64);
    let squared: One = |p, t| ((p - t).powi(2), 2.0 * (p - t));
    let absolute: One = |p, t| ((p - t).abs(), (p - t).signum());
    let far: One = |p, t| match p - t {
        d if d.abs() > 0.5 => (0.5 * (d.abs() - 0.25), 0.5 * d.signum()),
        d => (0.5 * d * d, d),
    };
    let binary: One = |z, t| {
        let share = 1.0 / (1.0 + (-z).exp());
        let loss = -t * share.ln() - (1.0 - t) * (1.0 - share).ln();
        (loss, share - t)
    };
    for count in (1..100).chain([4096, 4097, 5003]) {
        let (mut p, t) = (numbers(count, 1), numbers(count, 2).mapv(|t| t.abs() / 2.0));
        let weights = numbers(count, 3).mapv(|w| if w > 0.0 { w } else { 0.0 });
        let mask = weights.mapv(|w| w > 0.0);
        let sigmoid = SigmoidLoss::new();
        for (one, all) in [
            (squared, mean_squared_error(p.view(), t.view(), None)),
            (absolute, mean_absolute_error(p.view(), t.view(), None)),
            (far, huber(p.view(), t.view(), 0.5, None)),
            (binary, sigmoid.of(p.view(), t.view(), None)),
        ] {
            check(one, &p, &t, &Array1::ones(count), all.unwrap());
        }
        if !mask.iter().any(|&counts| counts) {
            continue;
        }
        let first = mask.iter().position(|counts| !counts);
        first.into_iter().for_each(|first| p[first] = f64::NAN);
        let ones = mask.mapv(f64::from);
        for (one, masked, weighed) in [
            (
                squared,
                mean_squared_error(p.view(), t.view(), Some(mask.view())),
                mean_squared_error(p.view(), t.view(), weights.view()),
            ),
            (
                binary,
                sigmoid.of(p.view(), t.view(), Some(mask.view())),
                sigmoid.of(p.view(), t.view(), weights.view()),
            ),
        ] {
            check(one, &p, &t, &ones, masked.unwrap());
            check(one, &p, &t, &weights, weighed.unwrap());
        }
    }
}

fn check(
    one: fn(f64, f64) -> (f64, f64),
    p: &Array1<f64>,
    t: &Array1<f64>,
    weights: &Array1<f64>,
    (loss, gradient): (f64, Array1<f64>),
) {
    let (total, mut sum) = (weights.sum(), 0.0);
    for (index, &weight) in weights.iter().enumerate() {
        let (own, slope) = one(p[index], t[index]);
        let expected = if weight > 0.0 {
            weight * slope / total
        } else {
            0.0
        };
        assert!(
            close(gradient[index], expected),
            "element {index} of {}",
            p.len()
        );
        sum += if weight > 0.0 { weight * own } else { 0.0 };
    }
    assert!(close(loss, sum / total), "{loss} of {} elements", p.len());
}

#[test]
fn positive_weights_meet_their_labels() {
    let logits = Array2::from_shape_vec((3, 41), numbers(123, 5).to_vec()).unwrap();
    let targets = logits.mapv(|z| z.cos().abs());
    let positive: Vec<f64> = (0..41).map(f64::from).collect();
    let loss = SigmoidLoss::new().positive_weights(&positive);
    let (_, gradient) = loss.of(logits.view(), targets.view(), None).unwrap();
    for ((row, label), &found) in gradient.indexed_iter() {
        let at = |values: &Array2<f64>| Array1::from_elem(1, values[[row, label]]);
        let loss = SigmoidLoss::new().positive_weights(&positive[label..=label]);
        let one = loss.of(at(&logits).view(), at(&targets).view(), None);
        assert!(
            close(found * 123.0, one.unwrap().1[0]),
            "row {row}, label {label}"
        );
    }
}

#[test]
fn softmax_losses_are_means_of_single_rows() {
    for (rows, classes) in (1..70).map(|k| (1 + k % 35, k)).chain([(300, 40)]) {
        let logits = numbers(rows * classes, 4);
        let logits = Array2::from_shape_vec((rows, classes), logits.to_vec()).unwrap();
        let labels: Vec<usize> = (0..rows).map(|row| row * 5 % classes).collect();
        let of_rows: Vec<f64> = (0..rows).map(|row| (row % 3) as f64).collect();
        let of_classes: Vec<f64> = (0..classes).map(|c| 0.5 + (c % 4) as f64).collect();
        let loss = SoftmaxLoss::new();
        softmax(
            &logits,
            &labels,
            (&vec![1.0; rows], &vec![1.0; classes]),
            0.0,
            loss,
        );
        let loss = loss.class_weights(&of_classes).label_smoothing(0.1);
        softmax(&logits, &labels, (&vec![1.0; rows], &of_classes), 0.1, loss);
        if rows > 1 {
            let loss = loss.row_weights(&of_rows);
            softmax(&logits, &labels, (&of_rows, &of_classes), 0.1, loss);
        }
    }
}

fn softmax(
    logits: &Array2<f64>,
    labels: &[usize],
    (of_rows, of_classes): (&[f64], &[f64]),
    smoothing: f64,
    loss: SoftmaxLoss<'_>,
) {
    let (loss, gradient, _) = loss.of(logits.view(), labels).unwrap();
    let classes = of_classes.len();
    let total: f64 = labels
        .iter()
        .zip(of_rows)
        .map(|(&y, v)| v * of_classes[y])
        .sum();
    let mut sum = 0.0;
    for (row, logits) in logits.rows().into_iter().enumerate() {
        let exponentials = logits.mapv(f64::exp);
        let shares = &exponentials / exponentials.sum();
        let target = |c: usize| {
            let own = if c == labels[row] {
                1.0 - smoothing
            } else {
                0.0
            };
            of_rows[row] * of_classes[c] * (own + smoothing / classes as f64)
        };
        let all: f64 = (0..classes).map(target).sum();
        for c in 0..classes {
            sum -= target(c) * shares[c].ln();
            let expected = (all * shares[c] - target(c)) / total;
            let found = gradient[[row, c]];
            assert!(
                close(found, expected),
                "row {row}, class {c} of {classes}: {found}"
            );
        }
    }
    assert!(close(loss, sum / total), "{loss} of {classes} classes");
}
