//! RMSprop.

use crate::error::Error;
use crate::kernels::Float;

use super::group::{
    Group, Kept, Optimiser, check_next, kept_for, make_room, match_groups, not_negative, plenty,
    setting, within,
};

/// Gradients over the root of their mean square (Tieleman and Hinton 2012): `s ← α s + (1 − α) g²`,
/// `p ← p − η g / (√s + ε)`. The same as `RMSprop` of PyTorch; Keras has `√(s + ε)`.
#[derive(Clone, Debug, PartialEq)]
pub struct RmsProp<A> {
    pub(crate) settings: Settings,
    pub(crate) steps: u64,
    /// Mean square, mean and velocity of each group.
    pub(crate) kept: Vec<Kept<A>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    pub(crate) learning_rate: f64,
    pub(crate) smoothing: f64,
    pub(crate) epsilon: f64,
    pub(crate) momentum: f64,
    pub(crate) centred: bool,
    pub(crate) weight_decay: f64,
}

impl<A: Float> RmsProp<A> {
    /// With PyTorch's `α = 0.99`, `ε = 1e-8`, without momentum and decay.
    pub fn new(learning_rate: f64) -> Self {
        let settings = Settings {
            learning_rate,
            smoothing: 0.99,
            epsilon: 1e-8,
            momentum: 0.0,
            centred: false,
            weight_decay: 0.0,
        };
        RmsProp {
            settings,
            steps: 0,
            kept: Vec::new(),
        }
    }

    /// The share `α` of the mean square that a step keeps, in `0..1`.
    #[must_use]
    pub fn smoothing(mut self, smoothing: f64) -> Self {
        self.settings.smoothing = smoothing;
        self
    }

    /// `ε`, added to the root, above 0.
    #[must_use]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.settings.epsilon = epsilon;
        self
    }

    /// Momentum `μ`, in `0..1`: `v ← μ v + g / (√s + ε)`, `p ← p − η v`.
    #[must_use]
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.settings.momentum = momentum;
        self
    }

    /// Takes the square of the mean gradient from the mean square, so that its variance is left
    /// (Graves 2013).
    #[must_use]
    pub fn centred(mut self) -> Self {
        self.settings.centred = true;
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
        make_room(&mut self.kept, groups, MOMENTS);
    }
}

/// All that may be kept, so that settings can change between steps.
const MOMENTS: usize = 3;

/// What is kept for an element: mean square, mean, velocity.
type Moments<A> = [A; MOMENTS];

impl Settings {
    fn check(&self) -> Result<(), Error> {
        let part = |v: f64| (0.0..1.0).contains(&v);
        let (rate, epsilon, decay) = (self.learning_rate, self.epsilon, self.weight_decay);
        let range = "finite, 0 or above";
        setting("the learning rate", rate, range, not_negative(rate))?;
        setting("α", self.smoothing, "in 0..1", part(self.smoothing))?;
        let positive = not_negative(epsilon) && epsilon > 0.0;
        setting("ε", epsilon, "finite, above 0", positive)?;
        setting(
            "the momentum",
            self.momentum,
            "in 0..1",
            part(self.momentum),
        )?;
        setting("the weight decay", decay, range, not_negative(decay))
    }

    /// An element and what is kept for it, after a gradient.
    fn next<A: Float>(&self, p: A, g: A, moments: Moments<A>) -> (A, Moments<A>) {
        let [square, mean, velocity] = moments.map(Float::to_f64);
        let (p, a) = (p.to_f64(), self.smoothing);
        let g = g.to_f64() + self.weight_decay * p;
        let square = a * square + (1.0 - a) * g * g;
        let mean = a * mean + (1.0 - a) * g;
        // A variance, which rounding may leave just below zero.
        let spread = match self.centred {
            true => (square - mean * mean).max(0.0),
            false => square,
        };
        let velocity = self.momentum * velocity + g / (spread.sqrt() + self.epsilon);
        let moments = [square, mean, velocity].map(A::from_f64);
        (A::from_f64(p - self.learning_rate * velocity), moments)
    }

    /// Whether a step on a group leaves numbers.
    fn check_group<A: Float>(&self, group: &Group<'_, A>, kept: &Kept<A>) -> Result<(), Error> {
        if self.is_small(group, kept) {
            return Ok(());
        }
        let numbers = group.params.iter().zip(group.grads.iter());
        for (index, (&p, &g)) in numbers.enumerate() {
            let own = std::array::from_fn(|kind| kept.moments[kind][index]);
            let (place, (p, [square, _, velocity])) = ((&*group.name, index), self.next(p, g, own));
            check_next("mean square", place, square)?;
            check_next("velocity", place, velocity)?;
            check_next("value", place, p)?;
        }
        Ok(())
    }

    /// Whether no number of a group is so large that a step could leave none.
    fn is_small<A: Float>(&self, group: &Group<'_, A>, kept: &Kept<A>) -> bool {
        let plenty = plenty::<A>();
        let velocity = plenty / self.learning_rate.max(1.0);
        let gradient = (velocity * self.epsilon).min(plenty.sqrt()) / 2.0;
        let param = plenty.min(gradient / self.weight_decay);
        within(group.params, -param, param)
            && within(group.grads, -gradient, gradient)
            && within(&kept.moments[0], 0.0, plenty)
            && within(&kept.moments[1], -gradient, gradient)
            && within(&kept.moments[2], -velocity, velocity)
    }
}

impl<A: Float> Optimiser<A> for RmsProp<A> {
    fn step(&mut self, groups: &mut [Group<'_, A>]) -> Result<(), Error> {
        let settings = self.settings;
        settings.check()?;
        match_groups(&mut self.kept, groups, MOMENTS, |group, kept| {
            settings.check_group(group, kept)
        })?;
        self.steps = self.steps.saturating_add(1);
        for group in groups {
            let kept = kept_for(&mut self.kept, &group.name);
            let [square, mean, velocity] = &mut kept.moments[..] else {
                continue;
            };
            let moments = square.iter_mut().zip(mean).zip(velocity);
            let numbers = group.params.iter_mut().zip(group.grads.iter());
            for ((p, &g), ((s, m), v)) in numbers.zip(moments) {
                (*p, [*s, *m, *v]) = settings.next(*p, g, [*s, *m, *v]);
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
