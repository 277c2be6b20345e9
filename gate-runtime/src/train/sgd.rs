//! Stochastic gradient descent.

use crate::error::Error;
use crate::kernels::Float;

use super::group::{
    Group, Kept, Optimiser, check_next, kept_for, make_room, match_groups, plenty, setting, within,
};

/// Gradient descent with momentum: `v ← μ v + g`, `p ← p − η v` (Polyak 1964).
#[derive(Clone, Debug, PartialEq)]
pub struct Sgd<A> {
    learning_rate: f64,
    momentum: f64,
    pub(crate) kept: Vec<Kept<A>>,
}

impl<A: Float> Sgd<A> {
    /// Without momentum.
    pub fn new(learning_rate: f64) -> Self {
        Sgd {
            learning_rate,
            momentum: 0.0,
            kept: Vec::new(),
        }
    }

    /// Momentum `μ`, in `0..1`.
    #[must_use]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = momentum;
        self
    }

    /// Makes room for the state of groups, before a file is loaded into it. The file has no
    /// settings: to go on exactly, make the optimiser with those that it had.
    pub fn prepare(&mut self, groups: &[Group<'_, A>]) {
        for group in groups {
            make_room(&mut self.kept, &group.name, group.params.len(), 1);
        }
    }
}

impl<A: Float> Optimiser<A> for Sgd<A> {
    fn step(&mut self, groups: &mut [Group<'_, A>]) -> Result<(), Error> {
        let rate = self.learning_rate;
        setting(
            "the learning rate",
            rate,
            "finite in the parameters' number type, 0 or above",
            rate >= 0.0 && A::from_f64(rate).is_finite(),
        )?;
        setting(
            "the momentum",
            self.momentum,
            "in 0..1",
            (0.0..1.0).contains(&self.momentum),
        )?;
        let (rate, momentum) = (A::from_f64(rate), A::from_f64(self.momentum));
        let next = |p: A, g: A, v: A| {
            let v = momentum * v + g;
            (p - rate * v, v)
        };
        let small = plenty::<A>() / self.learning_rate.max(1.0);
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
        self.learning_rate
    }

    fn set_learning_rate(&mut self, rate: f64) {
        self.learning_rate = rate;
    }
}
