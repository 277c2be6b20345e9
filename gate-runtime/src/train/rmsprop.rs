//! RMSprop.

use crate::error::Error;
use crate::file::SettingMut;
use crate::kernels::Float;

use super::descent::{Descent, Reach, Rule, optimiser};
use super::group::{above_zero, not_negative, parts, plenty, setting};
use super::update::Change;

/// Gradients over the root of their mean square (Tieleman and Hinton 2012): `s ← α s + (1 − α) g²`,
/// `p ← p − η g / (√s + ε)`. The same as `RMSprop` of PyTorch; Keras has `√(s + ε)`. It is
/// used as [`Adam`](super::Adam) is.
#[derive(Clone, Debug, PartialEq)]
pub struct RmsProp<A>(pub(crate) Descent<A, Settings, 3>);

optimiser!(RmsProp);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    learning_rate: f64,
    smoothing: f64,
    epsilon: f64,
    momentum: f64,
    centred: bool,
    weight_decay: f64,
}

impl<A: Float> RmsProp<A> {
    /// With PyTorch's `α = 0.99`, `ε = 1e-8`, without momentum and decay.
    pub fn new(learning_rate: f64) -> Self {
        RmsProp(Descent::new(Settings {
            learning_rate,
            smoothing: 0.99,
            epsilon: 1e-8,
            momentum: 0.0,
            centred: false,
            weight_decay: 0.0,
        }))
    }

    /// The share `α` of the mean square that a step keeps, in `0..1`.
    #[must_use]
    pub fn smoothing(self, smoothing: f64) -> Self {
        RmsProp(self.0.set(|s| s.smoothing = smoothing))
    }

    /// `ε`, added to the root, above 0.
    #[must_use]
    pub fn epsilon(self, epsilon: f64) -> Self {
        RmsProp(self.0.set(|s| s.epsilon = epsilon))
    }

    /// Momentum `μ`, in `0..1`: `v ← μ v + g / (√s + ε)`, `p ← p − η v`. Above 0 it keeps one number
    /// more for each parameter.
    #[must_use]
    pub fn momentum(self, momentum: f64) -> Self {
        RmsProp(self.0.set(|s| s.momentum = momentum))
    }

    /// Takes the square of the mean gradient from the mean square, so that its variance is left
    /// (Graves 2013). It keeps one number more for each parameter.
    #[must_use]
    pub fn centred(self) -> Self {
        RmsProp(self.0.set(|s| s.centred = true))
    }

    /// Decay `λ`, 0 or above, that goes into the gradient: `g ← g + λ p`.
    #[must_use]
    pub fn weight_decay(self, decay: f64) -> Self {
        RmsProp(self.0.set(|s| s.weight_decay = decay))
    }
}

impl Rule<3> for Settings {
    const NAME: &'static str = "RmsProp";
    const KEPT: [(&'static str, &'static str); 3] = [
        ("square", "mean square"),
        ("mean", "mean gradient"),
        ("velocity", "velocity"),
    ];
    const COUNTED: bool = false;

    fn settings(&mut self) -> Vec<(&'static str, SettingMut<'_>)> {
        vec![
            ("learning_rate", SettingMut::Number(&mut self.learning_rate)),
            ("smoothing", SettingMut::Number(&mut self.smoothing)),
            ("epsilon", SettingMut::Number(&mut self.epsilon)),
            ("momentum", SettingMut::Number(&mut self.momentum)),
            ("centred", SettingMut::Switch(&mut self.centred)),
            ("weight_decay", SettingMut::Number(&mut self.weight_decay)),
        ]
    }

    fn learning_rate(&mut self) -> &mut f64 {
        &mut self.learning_rate
    }

    fn needs(&self) -> [bool; 3] {
        [true, self.centred, self.momentum != 0.0]
    }

    fn counts(&self) -> bool {
        false
    }

    fn check<A: Float>(&self) -> Result<(), Error> {
        let part = |what, value| setting(what, value, "in 0..1", (0.0..1.0).contains(&value));
        let above = |what, value| setting(what, value, "finite, 0 or above", not_negative(value));
        above("the learning rate", self.learning_rate)?;
        part("α", self.smoothing)?;
        above_zero::<A>("ε", self.epsilon)?;
        part("the momentum", self.momentum)?;
        above("the weight decay", self.weight_decay)
    }

    fn reach<A: Float>(&self, _step: u64) -> Reach<3> {
        let plenty = plenty::<A>();
        let velocity = plenty / self.learning_rate.max(1.0);
        let gradient = (velocity * self.epsilon).min(plenty.sqrt()) / 2.0;
        Reach {
            param: plenty.min(gradient / self.weight_decay),
            gradient,
            kept: [(0.0, plenty), (-gradient, gradient), (-velocity, velocity)],
        }
    }

    fn change<A: Float>(&self, _step: u64) -> impl Change<A, 3> {
        let (centred, a) = (self.centred, parts::<A>(self.smoothing));
        let numbers = [self.learning_rate, self.momentum, self.epsilon];
        let [rate, momentum, epsilon] = numbers.map(A::from_f64);
        let decay = A::from_f64(self.weight_decay);
        move |p, g, [square, mean, velocity]| {
            let g = g + decay * p;
            let square = a.0 * square + a.1 * g * g;
            let mean = a.0 * mean + a.1 * g;
            // A variance, which rounding may leave just below zero.
            let spread = match square - mean * mean {
                _ if !centred => square,
                spread if spread < A::ZERO => A::ZERO,
                spread => spread,
            };
            let velocity = momentum * velocity + g / (spread.sqrt() + epsilon);
            (p - rate * velocity, [square, mean, velocity])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{Group, Optimiser, Sgd};

    fn step(optimiser: &mut impl Optimiser<f64>, params: &mut [f64], gradients: &[f64]) {
        let mut gradients = gradients.to_vec();
        let mut groups = [Group::new("p", params, &mut gradients)];
        optimiser.step(&mut groups).unwrap();
    }

    /// What the settings have no use for takes no memory, and what they come to need begins at zero.
    #[test]
    fn as_much_is_kept_as_the_settings_need() {
        let lengths = |rms: &RmsProp<f64>| rms.0.kept[0].moments.clone().map(|m| m.len());
        let mut rms = RmsProp::new(0.1);
        let mut p = [1.0, 2.0];
        step(&mut rms, &mut p, &[1.0, 1.0]);
        assert_eq!(lengths(&rms), [2, 0, 0]);
        let mut rms = rms.momentum(0.9);
        assert_eq!(lengths(&rms), [2, 0, 2]);
        step(&mut rms, &mut p, &[1.0, 1.0]);
        assert!(rms.0.kept[0].moments[2][0] > 0.0);
        assert_eq!(lengths(&rms.momentum(0.0).centred()), [2, 2, 0]);
        let mut sgd = Sgd::new(0.1);
        step(&mut sgd, &mut p, &[1.0, 1.0]);
        assert!(sgd.0.kept[0].moments[0].is_empty());
    }
}
