//! Linear heads and losses: against sums written out, on every instruction set, and the same bits
//! on any number of threads.

use gate_runtime::kernels::{Isa, set_isa};
use gate_runtime::train::{
    Adam, Group, Linear, Optimiser, SigmoidLoss, SoftmaxLoss, clip_groups, huber,
    mean_absolute_error, mean_squared_error,
};
use gate_runtime::{set_threads, share_small_runs};
use ndarray::{Array1, Array2, Array3, ArrayView2, Axis, s};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

type Numbers = Vec<Vec<f32>>;

fn numbers(rows: usize, columns: usize, rng: &mut ChaCha8Rng) -> Array2<f32> {
    Array2::from_shape_simple_fn((rows, columns), || rng.random_range(-1.0..1.0))
}

/// Does `work` on every instruction set with one, two and five threads, and gives what one thread
/// gave on each.
fn on_all(work: impl Fn() -> Numbers) -> Vec<Numbers> {
    share_small_runs(true);
    let mut each = Vec::new();
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_supported()) {
        assert!(set_isa(Some(isa)));
        let [one, two, five] = [1, 2, 5].map(|threads| {
            set_threads(threads);
            work()
        });
        assert!(one == two && one == five, "{isa:?}: threads change a bit");
        each.push(one);
    }
    assert!(set_isa(None));
    each
}

/// Σₖ a[i][k] · b[k][j] in `f64`.
fn product(a: ArrayView2<'_, f32>, b: ArrayView2<'_, f32>) -> Array2<f64> {
    a.mapv(f64::from).dot(&b.mapv(f64::from))
}

#[track_caller]
fn assert_near(found: &[f32], expected: impl IntoIterator<Item = f64>, terms: usize) {
    let expected: Vec<f64> = expected.into_iter().collect();
    assert_eq!(found.len(), expected.len());
    let tolerance = 3e-6 * (terms as f64).sqrt();
    for (k, (&a, b)) in found.iter().zip(expected).enumerate() {
        let distance = (f64::from(a) - b).abs();
        assert!(distance <= tolerance, "element {k}: {a} and {b}");
    }
}

/// One row and many, sizes that fill no panel, more terms than a block has.
#[test]
fn heads_and_losses_are_right_everywhere() {
    for (rows, inputs, outputs) in [
        (1, 1, 1),
        (1, 33, 70),
        (7, 3, 5),
        (31, 17, 100),
        (64, 64, 10),
        (5, 1100, 20),
        (3, 20, 1100),
        (800, 40, 70),
    ] {
        products(rows, inputs, outputs);
    }
    rows_may_lie_as_they_like();
    losses_are_the_same_everywhere();
    steps_are_the_same_everywhere();
}

fn products(rows: usize, inputs: usize, outputs: usize) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut head = Linear::<f32>::new(inputs, outputs, &mut rng).unwrap();
    let bias = numbers(1, outputs, &mut rng);
    head.bias_mut().assign(&bias.row(0));
    let (x, dy) = (
        numbers(rows, inputs, &mut rng),
        numbers(rows, outputs, &mut rng),
    );
    let each = on_all(|| {
        let mut grads = head.zero_grads();
        let y = head.forward(x.view()).unwrap();
        let mut back = || head.backward(x.view(), dy.view(), &mut grads).unwrap();
        let (_, dx) = (back(), back());
        [y, dx]
            .map(|a| a.into_raw_vec_and_offset().0)
            .into_iter()
            .chain([grads.params().to_vec()])
            .collect()
    });
    let (weight, bias) = (head.weight(), bias.mapv(f64::from));
    let y = product(x.view(), weight.t()) + &bias;
    let dx = product(dy.view(), weight);
    let dw = product(dy.t(), x.view()) * 2.0;
    let db = dy.mapv(f64::from).sum_axis(Axis(0)) * 2.0;
    for found in each {
        assert_near(&found[0], y.iter().copied(), inputs);
        assert_near(&found[1], dx.iter().copied(), outputs);
        let all = dw.iter().chain(&db).copied();
        assert_near(&found[2], all, 4 * rows);
    }
}

/// Steps, single rows, rows from the end, every other one, columns: the same numbers.
fn rows_may_lie_as_they_like() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let mut head = Linear::<f32>::new(6, 4, &mut rng).unwrap();
    let x = Array3::from_shape_simple_fn((5, 3, 6), || rng.random_range(-1.0_f32..1.0));
    let dy = Array3::from_shape_simple_fn((5, 3, 4), || rng.random_range(-1.0_f32..1.0));
    for (x, dy) in [
        (x.view(), dy.view()),
        (x.slice(s![..;-1, .., ..]), dy.slice(s![..;-1, .., ..])),
        (x.slice(s![..;2, .., ..]), dy.slice(s![..;2, .., ..])),
        (x.slice(s![.., 1..2, ..]), dy.slice(s![.., 1..2, ..])),
        (x.slice(s![..0, .., ..]), dy.slice(s![..0, .., ..])),
        (
            x.slice(s![.., .., ..;-1]),
            dy.view().permuted_axes([0, 1, 2]),
        ),
    ] {
        let (mut grads, mut expected) = (head.zero_grads(), head.zero_grads());
        let y = head.forward(x).unwrap();
        let dx = head.backward(x, dy, &mut grads).unwrap();
        let (mut all_y, mut all_dx) = (vec![], vec![]);
        for (x, dy) in x.outer_iter().zip(dy.outer_iter()) {
            for (x, dy) in x.outer_iter().zip(dy.outer_iter()) {
                let x: Array1<f32> = x.iter().copied().collect();
                all_y.extend(head.forward(x.view()).unwrap());
                all_dx.extend(head.backward(x.view(), dy, &mut expected).unwrap());
            }
        }
        assert_eq!(y.dim(), (x.dim().0, x.dim().1, 4));
        assert_near(y.as_slice().unwrap(), all_y.into_iter().map(f64::from), 6);
        assert_near(dx.as_slice().unwrap(), all_dx.into_iter().map(f64::from), 6);
        let expected = expected.params().iter().copied().map(f64::from);
        assert_near(grads.params(), expected, 15);
    }
    // Weights that changed are packed anew, however they were changed.
    let before = head.forward(x.view()).unwrap();
    for change in [
        |head: &mut Linear<f32>| head.weight_mut()[[0, 0]] += 1.0,
        |head: &mut Linear<f32>| head.params_mut()[1] += 1.0,
        |head: &mut Linear<f32>| head.bias_mut()[0] += 1.0,
    ] {
        let clone = head.clone();
        change(&mut head);
        let (now, old) = (head.forward(x.view()), clone.forward(x.view()));
        assert_ne!(now.unwrap(), old.unwrap());
        let both = |head: &Linear<f32>| {
            let dx = head.backward(x.view(), dy.view(), &mut head.zero_grads());
            (head.forward(x.view()).unwrap(), dx.unwrap())
        };
        assert_eq!(both(&head), both(&head.clone()));
    }
    assert_ne!(head.forward(x.view()).unwrap(), before);
}

/// Losses of many elements go to several threads, and their functions are the same everywhere.
fn losses_are_the_same_everywhere() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for (rows, classes) in [(1, 1), (2, 3), (5, 16), (200, 33), (3, 1000)] {
        let z = numbers(rows, classes, &mut rng) * 8.0;
        let t = numbers(rows, classes, &mut rng).mapv(f32::abs);
        let mask = t.mapv(|v| v < 0.8);
        let labels: Vec<usize> = (0..rows).map(|row| row * 7 % classes).collect();
        let weights: Vec<f64> = (0..classes).map(|c| 0.5 + c as f64 / 9.0).collect();
        let each = on_all(|| {
            let losses = [SoftmaxLoss::new(), SoftmaxLoss::new().label_smoothing(0.1)];
            let weighted = losses.map(|loss| loss.class_weights(&weights));
            let all = [losses, weighted].concat();
            let soft = all.iter().map(|loss| {
                let (loss, gradient, correct) = loss.of(z.view(), &labels).unwrap();
                (loss, gradient, correct as f32)
            });
            let binary = SigmoidLoss::new().positive_weights(&weights);
            let elements = [
                mean_squared_error(z.view(), t.view(), None),
                mean_absolute_error(z.view(), t.view(), t.view()),
                huber(z.view(), t.view(), 0.7, None),
                binary.of(z.view(), t.view(), None),
                binary.of(z.view(), t.view(), t.view()),
            ];
            let masked = mean_squared_error(z.view(), t.view(), Some(mask.view()));
            let masked = masked.into_iter().chain(elements.map(Result::unwrap));
            soft.chain(masked.map(|(loss, gradient)| (loss, gradient, 0.0)))
                .map(|(loss, gradient, correct)| {
                    [vec![loss, correct], gradient.iter().copied().collect()].concat()
                })
                .collect()
        });
        assert!(each.iter().all(|one| *one == each[0]), "{rows} · {classes}");
        let mut plain = each[0][0].iter().copied();
        let (loss, correct) = (plain.next().unwrap(), plain.next().unwrap());
        let mut mean = 0.0;
        let (mut expected, mut right) = (z.mapv(f64::from), 0);
        for (mut row, &label) in expected.outer_iter_mut().zip(&labels) {
            let sum: f64 = row.iter().map(|v| v.exp()).sum();
            mean += (sum.ln() - row[label]) / rows as f64;
            right += usize::from(row.iter().all(|&v| v <= row[label]));
            row.mapv_inplace(|v| v.exp() / sum / rows as f64);
            row[label] -= 1.0 / rows as f64;
        }
        assert_near(&[loss], [mean], 4);
        assert_eq!(correct, right as f32);
        assert_near(&plain.collect::<Vec<_>>(), expected, 1);
    }
}

/// Long groups are clipped and stepped on in parts.
fn steps_are_the_same_everywhere() {
    for length in [4095, 4097, 300_001] {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let start = numbers(2, length, &mut rng);
        let each = on_all(|| {
            let (mut adam, mut start) = (Adam::new(0.1), start.clone());
            let (mut params, mut grads) = start.multi_slice_mut((s![0, ..], s![1, ..]));
            let params = params.as_slice_mut().unwrap();
            let grads = grads.as_slice_mut().unwrap();
            for _ in 0..2 {
                let mut groups = [Group::new("all", &mut *params, &mut *grads)];
                clip_groups(&mut groups, 1.0).unwrap();
                adam.step(&mut groups).unwrap();
            }
            vec![params.to_vec(), grads.to_vec()]
        });
        assert!(each.iter().all(|one| *one == each[0]), "{length}");
        let norm: f64 = each[0][1].iter().map(|&g| f64::from(g).powi(2)).sum();
        assert!((norm - 1.0).abs() < 1e-5);
        // The first steps of Adam are as long as the learning rate, whatever the gradient.
        let moved = |k: usize| (start[[0, k]] - each[0][0][k]).abs();
        let sloped = (0..length).filter(|&k| start[[1, k]].abs() > 0.01);
        assert!(sloped.clone().count() > length / 2);
        assert!(sloped.into_iter().all(|k| (moved(k) - 0.2).abs() < 1e-2));
    }
}
