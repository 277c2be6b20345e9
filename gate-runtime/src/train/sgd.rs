//! Stochastic gradient descent.

use crate::error::Error;
use crate::kernels::Float;

use super::group::{
    Group, Kept, Optimiser, check_next, kept_for, make_room, match_groups, not_negative, plenty,
    setting, within,
};

/// Gradient descent with momentum: `v ← μ v + g`, `p ← p − η v` (Polyak 1964), or a step ahead of
/// it (Nesterov 1983). The same as `SGD` of PyTorch without dampening.
#[derive(Clone, Debug, PartialEq)]
pub struct Sgd<A> {
    pub(crate) settings: Settings,
    pub(crate) steps: u64,
    pub(crate) kept: Vec<Kept<A>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    pub(crate) learning_rate: f64,
    pub(crate) momentum: f64,
    pub(crate) nesterov: bool,
    pub(crate) weight_decay: f64,
}

impl<A: Float> Sgd<A> {
    /// Without momentum and decay.
    pub fn new(learning_rate: f64) -> Self {
        let settings = Settings {
            learning_rate,
            momentum: 0.0,
            nesterov: false,
            weight_decay: 0.0,
        };
        Sgd {
            settings,
            steps: 0,
            kept: Vec::new(),
        }
    }

    /// Momentum `μ`, in `0..1`.
    #[must_use]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.settings.momentum = momentum;
        self
    }

    /// Nesterov's momentum, in the form of Sutskever et al. 2013: `p ← p − η (g + μ v)`. It needs a
    /// [`momentum`](Sgd::momentum) above 0.
    #[must_use]
    pub fn nesterov(mut self) -> Self {
        self.settings.nesterov = true;
        self
    }

    /// Decay `λ`, 0 or above, that goes into the gradient: `g ← g + λ p`.
    #[must_use]
    pub fn weight_decay(mut self, decay: f64) -> Self {
        self.settings.weight_decay = decay;
        self
    }

    /// Number of steps so far, as a [`Schedule`](super::Schedule) takes it.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Makes room for the state of groups, before a file is loaded into it. The settings become
    /// those of the file, if it has any: change them afterwards.
    pub fn prepare(&mut self, groups: &[Group<'_, A>]) {
        make_room(&mut self.kept, groups, 1);
    }
}

impl Settings {
    fn check<A: Float>(&self) -> Result<(), Error> {
        let (rate, momentum) = (self.learning_rate, self.momentum);
        setting(
            "the learning rate",
            rate,
            "finite in the parameters' number type, 0 or above",
            rate >= 0.0 && A::from_f64(rate).is_finite(),
        )?;
        let part = (0.0..1.0).contains(&momentum);
        setting("the momentum", momentum, "in 0..1", part)?;
        let ahead = !self.nesterov || momentum > 0.0;
        setting("the momentum", momentum, "above 0 for Nesterov's", ahead)?;
        let decay = self.weight_decay;
        setting(
            "the weight decay",
            decay,
            "finite in the parameters' number type, 0 or above",
            not_negative(decay) && A::from_f64(decay).is_finite(),
        )
    }

    /// How a step changes an element and its velocity.
    fn change<A: Float>(&self) -> impl Fn(A, A, A) -> (A, A) + use<A> {
        let [rate, momentum, decay] =
            [self.learning_rate, self.momentum, self.weight_decay].map(A::from_f64);
        let ahead = self.nesterov;
        move |p, g, v| {
            let g = g + decay * p;
            let v = momentum * v + g;
            let way = if ahead { g + momentum * v } else { v };
            (p - rate * way, v)
        }
    }
}

impl<A: Float> Optimiser<A> for Sgd<A> {
    fn step(&mut self, groups: &mut [Group<'_, A>]) -> Result<(), Error> {
        self.settings.check::<A>()?;
        let next = self.settings.change::<A>();
        let small = plenty::<A>()
            / (self.settings.learning_rate.max(1.0) * (1.0 + self.settings.weight_decay));
        match_groups(&mut self.kept, groups, 1, |group, kept| {
            let all = [&*group.params, &*group.grads, &kept.moments[0]];
            if all.iter().all(|numbers| within(numbers, -small, small)) {
                return Ok(());
            }
            let numbers = group.params.iter().zip(group.grads.iter());
            for (index, ((&p, &g), &v)) in numbers.zip(&kept.moments[0]).enumerate() {
                let (place, (p, v)) = ((&*group.name, index), next(p, g, v));
                check_next("velocity", place, v)?;
                check_next("value", place, p)?;
            }
            Ok(())
        })?;
        self.steps = self.steps.saturating_add(1);
        for group in groups {
            let velocity = &mut kept_for(&mut self.kept, &group.name).moments[0];
            let numbers = group.params.iter_mut().zip(group.grads.iter());
            for ((p, &g), v) in numbers.zip(velocity) {
                (*p, *v) = next(*p, g, *v);
            }
        }
        Ok(())
    }

    fn learning_rate(&self) -> f64 {
        self.settings.learning_rate
    }

    fn set_learning_rate(&mut self, rate: f64) {
        self.settings.learning_rate = rate;
    }
}
