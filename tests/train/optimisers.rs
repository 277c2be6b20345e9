//! Optimisers and clipping.

use gate_runtime::train::{Adam, Group, Optimiser, RmsProp, Sgd, clip_groups, clip_norm};

use super::assert_close;

/// One step on one group.
fn step(optimiser: &mut dyn Optimiser<f64>, params: &mut [f64], grads: &[f64]) {
    optimiser
        .step(&mut [Group::new("p", params, &mut grads.to_vec())])
        .unwrap();
}

#[test]
fn adam_makes_the_papers_steps() {
    let mut adam = Adam::new(0.1).betas(0.5, 0.75).epsilon(0.01);
    let mut p = [1.0, -2.0];
    step(&mut adam, &mut p, &[2.0, -0.5]);
    // m = g/2, v = g²/4; corrected: g and g².
    assert_close(
        &p,
        &[1.0 - 0.1 * 2.0 / 2.01, -2.0 + 0.1 * 0.5 / 0.51],
        1e-15,
    );
    let before = p;
    step(&mut adam, &mut p, &[1.0, 0.0]);
    let m = [0.5 * 1.0 + 0.5 * 1.0, 0.5 * -0.25];
    let v = [0.75 * 1.0 + 0.25, 0.75 * 0.0625];
    let change = |k: usize| 0.1 * (m[k] / 0.75) / ((v[k] / 0.4375_f64).sqrt() + 0.01);
    assert_close(&p, &[before[0] - change(0), before[1] - change(1)], 1e-15);
    assert_eq!(adam.steps(), 2);
}

#[test]
fn weight_decay_is_decoupled() {
    let mut plain = Adam::new(0.1);
    let mut decayed = Adam::new(0.1).weight_decay(0.5);
    let (mut p, mut q) = ([3.0], [3.0]);
    step(&mut plain, &mut p, &[0.7]);
    step(&mut decayed, &mut q, &[0.7]);
    assert_close(&q, &[p[0] - 0.1 * 0.5 * 3.0], 1e-15);
    assert!(q[0] != p[0]);
}

#[test]
fn sgd_gathers_momentum() {
    let mut sgd = Sgd::new(0.1).momentum(0.9);
    let mut p = [1.0];
    step(&mut sgd, &mut p, &[1.0]);
    assert_close(&p, &[0.9], 1e-15);
    step(&mut sgd, &mut p, &[1.0]);
    assert_close(&p, &[0.9 - 0.19], 1e-15);
    sgd.set_learning_rate(0.0);
    step(&mut sgd, &mut p, &[1.0]);
    assert_close(&p, &[0.71], 1e-15);
}

#[test]
fn groups_have_states_of_their_own() {
    let mut together = Adam::new(0.1);
    let mut alone = Adam::new(0.1);
    let (mut a, mut b, mut c) = ([1.0, 2.0], [3.0], [3.0]);
    for k in 1..4 {
        let (mut da, mut db) = ([0.1, -0.4], [f64::from(k)]);
        together
            .step(&mut [
                Group::new("a", &mut a, &mut da),
                Group::new("b", &mut b, &mut db),
            ])
            .unwrap();
        step(&mut alone, &mut c, &db);
    }
    assert_eq!(b, c);
}

/// The first step of a group is as long as the learning rate, whatever others did before.
#[test]
fn a_group_that_comes_late_starts_like_any_other() {
    let mut adam = Adam::new(0.1);
    let (mut early, mut late) = ([1.0], [1.0]);
    for _ in 0..50 {
        step(&mut adam, &mut early, &[1.0]);
    }
    adam.step(&mut [
        Group::new("p", &mut early, &mut [1.0]),
        Group::new("late", &mut late, &mut [1.0]),
    ])
    .unwrap();
    assert_close(&late, &[0.9], 1e-8);
    assert_eq!(adam.steps(), 51);
}

#[test]
fn a_step_that_would_leave_no_number_is_refused() {
    fn refused(mut optimiser: impl Optimiser<f32> + Clone + PartialEq + std::fmt::Debug) -> String {
        let before = optimiser.clone();
        let (mut p, mut q) = ([1.0], [2.0, 3.0]);
        let refused = optimiser.step(&mut [
            Group::new("cell", &mut p, &mut [0.5]),
            Group::new("head", &mut q, &mut [0.5, 1e25]),
        ]);
        assert_eq!((p, q, optimiser), ([1.0], [2.0, 3.0], before));
        refused.unwrap_err().to_string()
    }
    let adam = refused(Adam::new(0.1));
    assert!(
        adam.starts_with("the next second moment of element 1 of `head` is inf"),
        "{adam}"
    );
    let far = refused(Adam::new(1e300));
    assert!(
        far.starts_with("the next value of element 0 of `cell` is -inf"),
        "{far}"
    );
    let sgd = refused(Sgd::new(1e20));
    assert!(
        sgd.starts_with("the next value of element 1 of `head` is -inf"),
        "{sgd}"
    );
    let rms = refused(RmsProp::new(0.1));
    assert!(
        rms.starts_with("the next mean square of element 1 of `head` is inf"),
        "{rms}"
    );
    let decay = refused(Adam::new(0.1).coupled_weight_decay(1e30));
    assert!(
        decay.starts_with("the next second moment of element 0 of `cell` is inf"),
        "{decay}"
    );
    let decay = refused(RmsProp::new(0.1).weight_decay(1e30));
    assert!(
        decay.starts_with("the next mean square of element 0 of `cell` is inf"),
        "{decay}"
    );
    let decay = refused(Sgd::new(1e10).weight_decay(1e30));
    assert!(
        decay.starts_with("the next value of element 0 of `cell` is -inf"),
        "{decay}"
    );
    let rate = refused(Sgd::new(1e300));
    assert!(
        rate.ends_with("must be finite in the parameters' number type, 0 or above"),
        "{rate}"
    );
    // What is large but fits is done.
    let (mut p, mut g) = ([1.0_f32, f32::MAX], [1e20, 0.0]);
    let mut adam = Adam::new(0.1);
    adam.step(&mut [Group::new("p", &mut p, &mut g)]).unwrap();
    assert!((p[0] - 0.9).abs() < 1e-6 && p[1] == f32::MAX);
    let (mut p, mut g) = ([1.0_f32], [1e38]);
    Sgd::new(1.0)
        .step(&mut [Group::new("p", &mut p, &mut g)])
        .unwrap();
    assert_eq!(p, [-1e38]);
}

/// What is kept grows step by step until one more would be too much: of one element in a part of a
/// group, of either sign.
#[test]
fn what_is_kept_is_refused_once_it_would_be_no_number() {
    fn grown(mut optimiser: impl Optimiser<f32>, place: usize, gradient: f32) {
        let (mut p, mut g) = (vec![0.0_f32; 9000], vec![0.0; 9000]);
        g[place] = gradient;
        let error = (0..1000).find_map(|_| {
            let before = p.clone();
            let step = optimiser.step(&mut [Group::new("p", &mut p, &mut g)]);
            assert!(p.iter().all(|p| p.is_finite()), "element {place}");
            step.err().inspect(|_| assert!(p == before))
        });
        let error = error.expect("a velocity without end").to_string();
        let expected = format!("the next velocity of element {place} of `p` is ");
        assert!(error.starts_with(&expected), "{error}");
    }
    for place in [0, 40, 4100, 8191, 8999] {
        for gradient in [3e36, -3e36] {
            grown(Sgd::new(1e-3).momentum(0.999), place, gradient);
        }
    }
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let mut adam = Adam::new(0.1);
    let mut p = [1.0, 2.0];
    step(&mut adam, &mut p, &[1.0, 1.0]);
    let (before, state) = (p, adam.clone());
    let mut q = [0.5];
    let mut text = |groups: &mut [Group<'_, f64>]| adam.step(groups).unwrap_err().to_string();
    let shorter = text(&mut [Group::new("p", &mut q, &mut [1.0])]);
    assert!(
        shorter.starts_with("the parameter group `p` has 1 number, but its optimiser state has 2;"),
        "{shorter}"
    );
    let unequal = text(&mut [Group::new("q", &mut q, &mut [1.0, 1.0])]);
    assert!(
        unequal.contains("`q` has 1 number, but its gradients have 2"),
        "{unequal}"
    );
    let nan = text(&mut [
        Group::new("q", &mut q, &mut [1.0]),
        Group::new("p", &mut p, &mut [1.0, f64::NAN]),
    ]);
    assert!(
        nan.starts_with("element 1 of the gradient of `p` is NaN"),
        "{nan}"
    );
    let twice = text(&mut [
        Group::new("q", &mut q, &mut [1.0]),
        Group::new("q", &mut [0.0], &mut [1.0]),
    ]);
    assert!(
        twice.contains("two parameter groups are named `q`"),
        "{twice}"
    );
    assert_eq!((p, q, &adam), (before, [0.5], &state));
}

#[test]
fn settings_out_of_range_are_refused() {
    let refused =
        |mut optimiser: Box<dyn Optimiser<f64>>| optimiser.step(&mut []).unwrap_err().to_string();
    assert_eq!(
        refused(Box::new(Adam::new(f64::NAN))),
        "the learning rate is NaN, but must be finite, 0 or above"
    );
    assert_eq!(
        refused(Box::new(Adam::new(-1e300))),
        "the learning rate is -1e300, but must be finite, 0 or above"
    );
    assert_eq!(
        refused(Box::new(Adam::new(0.1).betas(0.9, 1.0))),
        "β₂ is 1, but must be in 0..1"
    );
    assert_eq!(
        refused(Box::new(Adam::new(0.1).epsilon(0.0))),
        "ε is 0, but must be finite, above 0 in the parameters' number type"
    );
    assert_eq!(
        refused(Box::new(Adam::new(1.0).weight_decay(3.0))),
        "the share of each parameter that a step takes away, learning rate · weight decay, is 3, but must be at most 1"
    );
    assert_eq!(
        refused(Box::new(Sgd::new(0.1).momentum(-0.1))),
        "the momentum is -0.1, but must be in 0..1"
    );
    assert_eq!(
        refused(Box::new(Sgd::new(0.1).nesterov())),
        "the momentum is 0, but must be above 0 for Nesterov's"
    );
    assert_eq!(
        refused(Box::new(Sgd::new(0.1).momentum(0.5).dampening(1.5))),
        "the dampening is 1.5, but must be from 0 to 1"
    );
    assert_eq!(
        refused(Box::new(
            Sgd::new(0.1).momentum(0.5).dampening(0.1).nesterov()
        )),
        "the dampening is 0.1, but must be 0 for Nesterov's momentum"
    );
    assert_eq!(
        refused(Box::new(Sgd::new(0.1).weight_decay(f64::NAN))),
        "the weight decay is NaN, but must be finite in the parameters' number type, 0 or above"
    );
    assert_eq!(
        refused(Box::new(RmsProp::new(0.1).smoothing(1.0))),
        "α is 1, but must be in 0..1"
    );
    assert_eq!(
        refused(Box::new(RmsProp::new(0.1).epsilon(-1.0))),
        "ε is -1, but must be finite, above 0 in the parameters' number type"
    );
    // Zero in `f32`.
    let mut small = Adam::<f32>::new(0.1).epsilon(1e-60);
    let step = small.step(&mut []);
    super::refused(
        step,
        "ε is 1e-60, but must be finite, above 0 in the parameters' number type",
    );
    assert_eq!(
        refused(Box::new(Adam::new(0.1).coupled_weight_decay(-1.0))),
        "the coupled weight decay is -1, but must be finite, 0 or above"
    );
}

/// Elements are worked on in blocks, and each for itself.
#[test]
fn a_long_group_is_as_many_short_ones() {
    fn check(mut long: impl Optimiser<f64> + Clone) {
        let mut short = long.clone();
        let mut p: Vec<f64> = (0..150).map(f64::from).collect();
        let mut q = p.clone();
        for turn in 1..4 {
            let mut g: Vec<f64> = p.iter().map(|p| (p * f64::from(turn)).sin()).collect();
            step(&mut long, &mut p, &g);
            let pairs = q.chunks_mut(1).zip(g.chunks_mut(1)).enumerate();
            let mut groups: Vec<_> = pairs
                .map(|(k, (q, g))| Group::new(k.to_string(), q, g))
                .collect();
            short.step(&mut groups).unwrap();
        }
        assert_eq!(p, q);
    }
    check(Adam::new(0.1).amsgrad());
    check(Sgd::new(0.1).momentum(0.9).dampening(0.2));
    check(RmsProp::new(0.1).momentum(0.9).centred());
}

#[test]
fn clipping_keeps_the_direction_over_all_slices() {
    let (mut a, mut b) = ([3.0, 0.0], [-4.0]);
    assert_eq!(clip_norm(&mut [&mut a, &mut b], 10.0).unwrap(), 5.0);
    assert_eq!((a, b), ([3.0, 0.0], [-4.0]));
    assert_eq!(clip_norm(&mut [&mut a, &mut b], 0.5).unwrap(), 5.0);
    assert_close(&a, &[0.3, 0.0], 1e-15);
    assert_close(&b, &[-0.4], 1e-15);
    let mut huge = [1e200, 1e200];
    assert!((clip_norm(&mut [&mut huge], 1.0).unwrap() / 1e200 - 2.0_f64.sqrt()).abs() < 1e-15);
    assert_eq!(clip_norm(&mut [&mut [0.0_f64; 2]], 1.0).unwrap(), 0.0);
}

#[test]
fn clipping_names_what_is_not_finite() {
    let (mut a, mut b) = ([1.0], [2.0, f64::INFINITY]);
    let error = clip_norm(&mut [&mut a, &mut b], 1.0).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the norm of the gradients (slice 1) is inf"),
        "{error}"
    );
    assert_eq!(a, [1.0]);
    let (mut p, mut nan) = ([0.0], [f64::NAN]);
    let error = clip_groups(&mut [Group::new("head", &mut p, &mut nan)], 1.0).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("element 0 of the gradient of `head` is NaN"),
        "{error}"
    );
    let none = clip_norm(&mut [&mut a], 0.0);
    super::refused(
        none,
        "the limit of the gradient norm is 0, but must be above 0",
    );
}

/// Numbers whose norm is none are left as they are, alone and in groups.
#[test]
fn clipping_refuses_a_norm_beyond_the_number_type() {
    let (mut p, mut large) = ([0.0; 4], [f64::MAX; 4]);
    assert!(clip_norm(&mut [&mut large], 1.0).is_err());
    let error = clip_groups(&mut [Group::new("head", &mut p, &mut large)], 1.0).unwrap_err();
    let expected = "the norm of the gradients is inf";
    assert!(error.to_string().starts_with(expected), "{error}");
    assert_eq!(large, [f64::MAX; 4]);
}
