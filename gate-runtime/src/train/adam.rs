//! Adam, AdamW and AMSGrad.

use crate::error::Error;
use crate::file::SettingMut;
use crate::kernels::Float;

use super::descent::{Descent, Reach, Rule, optimiser};
use super::group::{above_zero, not_negative, parts, plenty, setting};
use super::update::Change;

/// Adam with bias correction (Kingma and Ba 2015); with a weight decay it is AdamW (Loshchilov and
/// Hutter 2019), with a coupled one what PyTorch's `Adam` is with its `weight_decay`.
///
/// ```
/// use gate_runtime::train::{Adam, Layer, Optimiser, clip_groups};
/// use gate_runtime::{Cell, CellGrads, Tape, cells::Gru};
/// use ndarray::Array3;
/// # use rand::SeedableRng;
///
/// let mut gru = Gru::<f32>::new(3, 8, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))?;
/// let (mut tape, mut grads, mut adam) = (Tape::new(), gru.zero_grads(), Adam::new(0.001));
/// let (x, dy) = (Array3::<f32>::ones((6, 2, 3)), Array3::ones((6, 2, 8)));
/// let before = gru.params().to_vec();
///
/// grads.zero(); // else those of several batches add up
/// gru.record(&x, &mut tape)?;
/// gru.backward(&mut tape, &dy, &mut grads)?;
/// let mut groups = gru.groups(&mut grads)?; // parameters beside their gradients
/// clip_groups(&mut groups, 1.0)?;
/// adam.step(&mut groups)?;
/// assert_ne!(gru.params(), before);
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adam<A>(pub(crate) Descent<A, Settings, 3>);

optimiser!(Adam);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    learning_rate: f64,
    betas: (f64, f64),
    epsilon: f64,
    weight_decay: f64,
    coupled_decay: f64,
    amsgrad: bool,
}

impl<A: Float> Adam<A> {
    /// With the paper's `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`.
    pub fn new(learning_rate: f64) -> Self {
        Adam(Descent::new(Settings {
            learning_rate,
            betas: (0.9, 0.999),
            epsilon: 1e-8,
            weight_decay: 0.0,
            coupled_decay: 0.0,
            amsgrad: false,
        }))
    }

    /// Decay rates of the two moments, each in `0..1`.
    #[must_use]
    pub fn betas(self, first: f64, second: f64) -> Self {
        Adam(self.0.set(|s| s.betas = (first, second)))
    }

    /// Added to the root of the second moment, above 0.
    #[must_use]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Adam(self.0.set(|s| s.epsilon = epsilon))
    }

    /// Decay that is decoupled from the gradient: each step takes `learning rate · decay` of each
    /// parameter away, which may be all of it but not more.
    #[must_use]
    pub fn weight_decay(self, decay: f64) -> Self {
        Adam(self.0.set(|s| s.weight_decay = decay))
    }

    /// Decay `λ`, 0 or above, that goes into the gradient and with it into both moments:
    /// `g ← g + λ p`. Parameters with large gradients decay less by it than by
    /// [`weight_decay`](Adam::weight_decay).
    #[must_use]
    pub fn coupled_weight_decay(self, decay: f64) -> Self {
        Adam(self.0.set(|s| s.coupled_decay = decay))
    }

    /// Divides by the largest second moment so far in place of the present one (AMSGrad, Reddi, Kale
    /// and Kumar 2018), so that steps on a parameter do not grow again. It keeps one number more for
    /// each parameter.
    #[must_use]
    pub fn amsgrad(self) -> Self {
        Adam(self.0.set(|s| s.amsgrad = true))
    }
}

impl Settings {
    /// What the moments are divided by, since they begin at zero.
    fn biases(&self, step: u64) -> (f64, f64) {
        let ((b1, b2), power) = (self.betas, step as f64);
        (1.0 - b1.powf(power), 1.0 - b2.powf(power))
    }
}

impl Rule<3> for Settings {
    const NAME: &'static str = "Adam";
    const KEPT: [(&'static str, &'static str); 3] = [
        ("first", "first moment"),
        ("second", "second moment"),
        ("largest", "largest second moment"),
    ];
    const COUNTED: bool = true;

    fn settings(&mut self) -> Vec<(&'static str, SettingMut<'_>)> {
        vec![
            ("learning_rate", SettingMut::Number(&mut self.learning_rate)),
            ("beta_1", SettingMut::Number(&mut self.betas.0)),
            ("beta_2", SettingMut::Number(&mut self.betas.1)),
            ("epsilon", SettingMut::Number(&mut self.epsilon)),
            ("weight_decay", SettingMut::Number(&mut self.weight_decay)),
            (
                "coupled_weight_decay",
                SettingMut::Number(&mut self.coupled_decay),
            ),
            ("amsgrad", SettingMut::Switch(&mut self.amsgrad)),
        ]
    }

    fn learning_rate(&mut self) -> &mut f64 {
        &mut self.learning_rate
    }

    fn needs(&self) -> [bool; 3] {
        [true, true, self.amsgrad]
    }

    fn counts(&self) -> bool {
        true
    }

    fn check<A: Float>(&self) -> Result<(), Error> {
        let part = |v: f64| (0.0..1.0).contains(&v);
        let (range, epsilon) = ("finite, 0 or above", self.epsilon);
        let above = |what, value| setting(what, value, range, not_negative(value));
        above("the learning rate", self.learning_rate)?;
        setting("β₁", self.betas.0, "in 0..1", part(self.betas.0))?;
        setting("β₂", self.betas.1, "in 0..1", part(self.betas.1))?;
        above_zero::<A>("ε", epsilon)?;
        above("the weight decay", self.weight_decay)?;
        above("the coupled weight decay", self.coupled_decay)?;
        let share = self.learning_rate * self.weight_decay;
        setting(
            "the share of each parameter that a step takes away, learning rate · weight decay,",
            share,
            "at most 1",
            share <= 1.0,
        )
    }

    fn reach<A: Float>(&self, step: u64) -> Reach<3> {
        let rate = self.learning_rate / self.biases(step).0;
        let (plenty, per_mean) = (plenty::<A>(), rate.max(1.0) / self.epsilon);
        let mean = plenty / per_mean.max(1.0);
        let gradient = mean.min(plenty.sqrt()) / 2.0;
        Reach {
            param: plenty.min(gradient / self.coupled_decay),
            gradient,
            kept: [(-mean, mean), (0.0, plenty), (0.0, plenty)],
        }
    }

    fn change<A: Float>(&self, step: u64) -> impl Change<A, 3> {
        let (amsgrad, biases) = (self.amsgrad, self.biases(step));
        let left = A::from_f64(1.0 - self.learning_rate * self.weight_decay);
        // The biases of all elements at once: a division less for each is felt.
        let (rate, root) = (self.learning_rate / biases.0, 1.0 / biases.1.sqrt());
        let [rate, root, epsilon] = [rate, root, self.epsilon].map(A::from_f64);
        let (b1, b2) = (parts::<A>(self.betas.0), parts::<A>(self.betas.1));
        let decay = A::from_f64(self.coupled_decay);
        move |p, g, [mean, square, largest]| {
            let g = g + decay * p;
            let mean = b1.0 * mean + b1.1 * g;
            let square = b2.0 * square + b2.1 * g * g;
            let largest = if square > largest { square } else { largest };
            let divisor = if amsgrad { largest } else { square };
            let p = p * left - rate * (mean / (divisor.sqrt() * root + epsilon));
            (p, [mean, square, largest])
        }
    }
}
