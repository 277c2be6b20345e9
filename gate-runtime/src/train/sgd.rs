//! Stochastic gradient descent.

use crate::error::Error;
use crate::file::SettingMut;
use crate::kernels::Float;

use super::descent::{Descent, Reach, Rule, optimiser};
use super::group::{not_negative, plenty, setting};
use super::update::Change;

/// Gradient descent with momentum: `v ← μ v + g`, `p ← p − η v` (Polyak 1964), or a step ahead of
/// it (Nesterov 1983). The same as `SGD` of PyTorch. Without momentum it keeps nothing. It is used as
/// [`Adam`](super::Adam) is.
#[derive(Clone, Debug, PartialEq)]
pub struct Sgd<A>(pub(crate) Descent<A, Settings, 1>);

optimiser!(Sgd);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    learning_rate: f64,
    momentum: f64,
    dampening: f64,
    nesterov: bool,
    weight_decay: f64,
}

impl<A: Float> Sgd<A> {
    /// Without momentum and decay.
    pub fn new(learning_rate: f64) -> Self {
        Sgd(Descent::new(Settings {
            learning_rate,
            momentum: 0.0,
            dampening: 0.0,
            nesterov: false,
            weight_decay: 0.0,
        }))
    }

    /// Momentum `μ`, in `0..1`.
    #[must_use]
    pub fn momentum(self, momentum: f64) -> Self {
        Sgd(self.0.set(|s| s.momentum = momentum))
    }

    /// Dampening `τ` of the momentum, from 0 to 1: `v ← μ v + (1 − τ) g`. The first gradient of a
    /// group is taken whole, as PyTorch does.
    #[must_use]
    pub fn dampening(self, dampening: f64) -> Self {
        Sgd(self.0.set(|s| s.dampening = dampening))
    }

    /// Nesterov's momentum, in the form of Sutskever et al. 2013: `p ← p − η (g + μ v)`. It needs a
    /// [`momentum`](Sgd::momentum) above 0, and no dampening.
    #[must_use]
    pub fn nesterov(self) -> Self {
        Sgd(self.0.set(|s| s.nesterov = true))
    }

    /// Decay `λ`, 0 or above, that goes into the gradient: `g ← g + λ p`.
    #[must_use]
    pub fn weight_decay(self, decay: f64) -> Self {
        Sgd(self.0.set(|s| s.weight_decay = decay))
    }
}

impl Rule<1> for Settings {
    const NAME: &'static str = "Sgd";
    const KEPT: [(&'static str, &'static str); 1] = [("velocity", "velocity")];
    const COUNTED: bool = false;

    fn settings(&mut self) -> Vec<(&'static str, SettingMut<'_>)> {
        vec![
            ("learning_rate", SettingMut::Number(&mut self.learning_rate)),
            ("momentum", SettingMut::Number(&mut self.momentum)),
            ("dampening", SettingMut::Number(&mut self.dampening)),
            ("nesterov", SettingMut::Switch(&mut self.nesterov)),
            ("weight_decay", SettingMut::Number(&mut self.weight_decay)),
        ]
    }

    fn learning_rate(&mut self) -> &mut f64 {
        &mut self.learning_rate
    }

    fn needs(&self) -> [bool; 1] {
        [self.momentum != 0.0]
    }

    fn counts(&self) -> bool {
        self.dampening != 0.0
    }

    fn check<A: Float>(&self) -> Result<(), Error> {
        let above = |what, value: f64| {
            let holds = not_negative(value) && A::from_f64(value).is_finite();
            let range = "finite in the parameters' number type, 0 or above";
            setting(what, value, range, holds)
        };
        let (momentum, dampening) = (self.momentum, self.dampening);
        above("the learning rate", self.learning_rate)?;
        let part = (0.0..1.0).contains(&momentum);
        setting("the momentum", momentum, "in 0..1", part)?;
        let part = (0.0..=1.0).contains(&dampening);
        setting("the dampening", dampening, "from 0 to 1", part)?;
        let ahead = !self.nesterov || momentum > 0.0;
        setting("the momentum", momentum, "above 0 for Nesterov's", ahead)?;
        let whole = !self.nesterov || dampening == 0.0;
        setting(
            "the dampening",
            dampening,
            "0 for Nesterov's momentum",
            whole,
        )?;
        above("the weight decay", self.weight_decay)
    }

    fn reach<A: Float>(&self, _step: u64) -> Reach<1> {
        let all = plenty::<A>() / (self.learning_rate.max(1.0) * (1.0 + self.weight_decay));
        Reach {
            param: all,
            gradient: all,
            kept: [(-all, all)],
        }
    }

    fn change<A: Float>(&self, step: u64) -> impl Change<A, 1> {
        let share = if step > 1 { 1.0 - self.dampening } else { 1.0 };
        let numbers = [self.learning_rate, self.momentum, share, self.weight_decay];
        let [rate, momentum, share, decay] = numbers.map(A::from_f64);
        let ahead = self.nesterov;
        move |p, g, [v]| {
            let g = g + decay * p;
            let v = momentum * v + share * g;
            let way = if ahead { g + momentum * v } else { v };
            (p - rate * way, [v])
        }
    }
}
