//! Adam and AdamW.

use crate::error::Error;
use crate::kernels::Float;

use super::group::{
    Group, Kept, Optimiser, check_next, kept_for, make_room, match_groups, not_negative, plenty,
    setting, within,
};

/// Adam with bias correction (Kingma and Ba 2015); with a weight decay it is AdamW (Loshchilov and
/// Hutter 2019), with a coupled one what PyTorch's `Adam` is with its `weight_decay`.
#[derive(Clone, Debug, PartialEq)]
pub struct Adam<A> {
    pub(crate) settings: Settings,
    pub(crate) steps: u64,
    pub(crate) kept: Vec<Kept<A>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    pub(crate) learning_rate: f64,
    pub(crate) betas: (f64, f64),
    pub(crate) epsilon: f64,
    pub(crate) weight_decay: f64,
    pub(crate) coupled_decay: f64,
}

impl<A: Float> Adam<A> {
    /// With the paper's `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`.
    pub fn new(learning_rate: f64) -> Self {
        let settings = Settings {
            learning_rate,
            betas: (0.9, 0.999),
            epsilon: 1e-8,
            weight_decay: 0.0,
            coupled_decay: 0.0,
        };
        Adam {
            settings,
            steps: 0,
            kept: Vec::new(),
        }
    }

    /// Decay rates of the two moments, each in `0..1`.
    #[must_use]
    pub fn betas(mut self, first: f64, second: f64) -> Self {
        self.settings.betas = (first, second);
        self
    }

    /// Added to the root of the second moment, above 0.
    #[must_use]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.settings.epsilon = epsilon;
        self
    }

    /// Decay that is decoupled from the gradient: each step takes `learning rate · decay` of each
    /// parameter away, which may be all of it but not more.
    #[must_use]
    pub fn weight_decay(mut self, decay: f64) -> Self {
        self.settings.weight_decay = decay;
        self
    }

    /// Decay `λ`, 0 or above, that goes into the gradient and with it into both moments:
    /// `g ← g + λ p`. Parameters with large gradients decay less by it than by
    /// [`weight_decay`](Adam::weight_decay).
    #[must_use]
    pub fn coupled_weight_decay(mut self, decay: f64) -> Self {
        self.settings.coupled_decay = decay;
        self
    }

    /// Number of steps so far. The bias is corrected by each group's own, which are fewer for a
    /// group that came later or was left out.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Makes room for the state of groups, before a file is loaded into it. The settings become
    /// those of the file, if it has any: change them afterwards.
    pub fn prepare(&mut self, groups: &[Group<'_, A>]) {
        make_room(&mut self.kept, groups, 2);
    }
}

impl Settings {
    fn check(&self) -> Result<(), Error> {
        let part = |v: f64| (0.0..1.0).contains(&v);
        setting(
            "the learning rate",
            self.learning_rate,
            "finite, 0 or above",
            not_negative(self.learning_rate),
        )?;
        setting("β₁", self.betas.0, "in 0..1", part(self.betas.0))?;
        setting("β₂", self.betas.1, "in 0..1", part(self.betas.1))?;
        setting(
            "ε",
            self.epsilon,
            "finite, above 0",
            not_negative(self.epsilon) && self.epsilon > 0.0,
        )?;
        setting(
            "the weight decay",
            self.weight_decay,
            "finite, 0 or above",
            not_negative(self.weight_decay),
        )?;
        setting(
            "the coupled weight decay",
            self.coupled_decay,
            "finite, 0 or above",
            not_negative(self.coupled_decay),
        )?;
        let share = self.learning_rate * self.weight_decay;
        setting(
            "the share of each parameter that a step takes away, learning rate · weight decay,",
            share,
            "at most 1",
            share <= 1.0,
        )
    }

    /// Of a group's step, counted from 1.
    fn change(&self, step: u64) -> Change {
        let ((b1, b2), power) = (self.betas, step as f64);
        Change {
            settings: *self,
            biases: (1.0 - b1.powf(power), 1.0 - b2.powf(power)),
            decay: 1.0 - self.learning_rate * self.weight_decay,
        }
    }
}

/// How a step changes an element.
struct Change {
    settings: Settings,
    biases: (f64, f64),
    decay: f64,
}

impl Change {
    /// The moments after the gradient of a parameter.
    fn moments<A: Float>(&self, p: A, g: A, m: A, v: A) -> (f64, f64) {
        let (b1, b2) = self.settings.betas;
        let g = g.to_f64() + self.settings.coupled_decay * p.to_f64();
        let mean = b1 * m.to_f64() + (1.0 - b1) * g;
        (mean, b2 * v.to_f64() + (1.0 - b2) * g * g)
    }

    /// The parameter after a step.
    fn param<A: Float>(&self, p: A, (mean, square): (f64, f64)) -> A {
        let root = (square / self.biases.1).sqrt();
        let change = (mean / self.biases.0) / (root + self.settings.epsilon);
        A::from_f64(p.to_f64() * self.decay - self.settings.learning_rate * change)
    }

    /// Whether a step on a group leaves numbers.
    fn check<A: Float>(&self, group: &Group<'_, A>, kept: &Kept<A>) -> Result<(), Error> {
        if self.is_small(group, kept) {
            return Ok(());
        }
        let moments = kept.moments[0].iter().zip(&kept.moments[1]);
        let numbers = group.params.iter().zip(group.grads.iter()).zip(moments);
        for (index, ((&p, &g), (&m, &v))) in numbers.enumerate() {
            let (place, moments) = ((&*group.name, index), self.moments(p, g, m, v));
            check_next("second moment", place, A::from_f64(moments.1))?;
            check_next("value", place, self.param(p, moments))?;
        }
        Ok(())
    }

    /// Whether no number of a group is so large that a step could leave none.
    fn is_small<A: Float>(&self, group: &Group<'_, A>, kept: &Kept<A>) -> bool {
        let reach = self.settings.learning_rate / (self.biases.0 * self.settings.epsilon);
        let (plenty, mean) = (plenty::<A>(), plenty::<A>() / reach.max(1.0));
        let gradient = mean.min(plenty.sqrt()) / 2.0;
        let param = plenty.min(gradient / self.settings.coupled_decay);
        within(group.params, -param, param)
            && within(group.grads, -gradient, gradient)
            && within(&kept.moments[0], -mean, mean)
            && within(&kept.moments[1], 0.0, plenty)
    }
}

impl<A: Float> Optimiser<A> for Adam<A> {
    fn step(&mut self, groups: &mut [Group<'_, A>]) -> Result<(), Error> {
        let settings = self.settings;
        settings.check()?;
        match_groups(&mut self.kept, groups, 2, |group, kept| {
            settings
                .change(kept.steps.saturating_add(1))
                .check(group, kept)
        })?;
        self.steps = self.steps.saturating_add(1);
        for group in groups {
            let kept = kept_for(&mut self.kept, &group.name);
            kept.steps = kept.steps.saturating_add(1);
            let change = settings.change(kept.steps);
            let [first, second] = &mut kept.moments[..] else {
                continue;
            };
            let numbers = group
                .params
                .iter_mut()
                .zip(group.grads.iter())
                .zip(first)
                .zip(second);
            for (((p, g), m), v) in numbers {
                let (mean, square) = change.moments(*p, *g, *m, *v);
                *p = change.param(*p, (mean, square));
                (*m, *v) = (A::from_f64(mean), A::from_f64(square));
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
