//! Adam and AdamW.

use crate::error::Error;
use crate::kernels::Float;

use super::group::{Group, Kept, Optimiser, kept_for, make_room, match_groups, setting};

/// Adam with bias correction (Kingma and Ba 2015); with a weight decay it is AdamW (Loshchilov and
/// Hutter 2019).
#[derive(Clone, Debug, PartialEq)]
pub struct Adam<A> {
    learning_rate: f64,
    betas: (f64, f64),
    epsilon: f64,
    weight_decay: f64,
    pub(crate) steps: u64,
    pub(crate) kept: Vec<Kept<A>>,
}

impl<A: Float> Adam<A> {
    /// With the paper's `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`.
    pub fn new(learning_rate: f64) -> Self {
        Adam {
            learning_rate,
            betas: (0.9, 0.999),
            epsilon: 1e-8,
            weight_decay: 0.0,
            steps: 0,
            kept: Vec::new(),
        }
    }

    /// Decay rates of the two moments, each in `0..1`.
    #[must_use]
    pub fn betas(mut self, first: f64, second: f64) -> Self {
        self.betas = (first, second);
        self
    }

    /// Added to the root of the second moment, above 0.
    #[must_use]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.epsilon = epsilon;
        self
    }

    /// Decay that is decoupled from the gradient: each step takes `learning rate · decay` of each
    /// parameter away.
    #[must_use]
    pub fn weight_decay(mut self, decay: f64) -> Self {
        self.weight_decay = decay;
        self
    }

    /// Number of steps so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Makes room for the state of groups, before a file is loaded into it.
    pub fn prepare(&mut self, groups: &[Group<'_, A>]) {
        for group in groups {
            make_room(&mut self.kept, &group.name, group.params.len(), 2);
        }
    }

    fn check(&self) -> Result<(), Error> {
        let part = |v: f64| (0.0..1.0).contains(&v);
        let not_negative = |v: f64| (0.0..f64::INFINITY).contains(&v);
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
        )
    }
}

impl<A: Float> Optimiser<A> for Adam<A> {
    fn step(&mut self, groups: &mut [Group<'_, A>]) -> Result<(), Error> {
        self.check()?;
        match_groups(&mut self.kept, groups, 2)?;
        self.steps += 1;
        let (b1, b2) = self.betas;
        let power = self.steps as f64;
        let (first_bias, second_bias) = (1.0 - b1.powf(power), 1.0 - b2.powf(power));
        let decay = 1.0 - self.learning_rate * self.weight_decay;
        for group in groups {
            let [first, second] = kept_for(&mut self.kept, &group.name) else {
                continue;
            };
            let numbers = group
                .params
                .iter_mut()
                .zip(group.grads.iter())
                .zip(first)
                .zip(second);
            for (((p, g), m), v) in numbers {
                let g = g.to_f64();
                let (mean, square) = (
                    b1 * m.to_f64() + (1.0 - b1) * g,
                    b2 * v.to_f64() + (1.0 - b2) * g * g,
                );
                let change = (mean / first_bias) / ((square / second_bias).sqrt() + self.epsilon);
                *p = A::from_f64(p.to_f64() * decay - self.learning_rate * change);
                (*m, *v) = (A::from_f64(mean), A::from_f64(square));
            }
        }
        Ok(())
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn set_learning_rate(&mut self, rate: f64) {
        self.learning_rate = rate;
    }
}
