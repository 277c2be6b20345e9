//! Learning rates over the course of training.

use crate::error::Error;

use super::group::setting;

/// The learning rate of each step: a linear rise, then a decay.
///
/// ```
/// use gate_runtime::train::{Adam, Decay, Optimiser, Schedule};
///
/// let decay = Decay::Cosine { steps: 90, floor: 0.0 };
/// let schedule = Schedule { base: 0.01, warmup: 10, decay };
/// let mut adam = Adam::<f32>::new(schedule.rate(0)?);
/// for step in 0..100 {
///     adam.set_learning_rate(schedule.rate(step)?);
///     // … and a step of training.
/// }
/// assert_eq!(schedule.rate(4)?, 0.005);
/// assert_eq!(schedule.rate(10)?, 0.01);
/// assert!(schedule.rate(55)? < 0.006);
/// # Ok::<(), gate_runtime::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    /// The highest rate, 0 or above.
    pub base: f64,
    /// Steps of the rise; 0 for none.
    pub warmup: u64,
    /// What follows.
    pub decay: Decay,
}

/// How a learning rate falls, counted from the end of the rise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decay {
    /// Not at all.
    Constant,
    /// By `factor` every `every` steps.
    Step {
        /// Steps between two falls; 0 counts as 1.
        every: u64,
        /// What each multiplies by, from 0 to 1.
        factor: f64,
    },
    /// Along half a cosine to `floor` (Loshchilov and Hutter 2017).
    Cosine {
        /// Steps from the base to the floor.
        steps: u64,
        /// The rate from then on, at most the base.
        floor: f64,
    },
}

impl Schedule {
    /// The rate of a step, counted from 0.
    ///
    /// # Errors
    ///
    /// If base, factor or floor are out of their range.
    pub fn rate(&self, step: u64) -> Result<f64, Error> {
        self.check()?;
        if step < self.warmup {
            return Ok(self.base * (step + 1) as f64 / self.warmup as f64);
        }
        let step = step - self.warmup;
        Ok(match self.decay {
            Decay::Constant => self.base,
            Decay::Step { every, factor } => self.base * factor.powf((step / every.max(1)) as f64),
            Decay::Cosine { steps, floor } if step >= steps => floor,
            Decay::Cosine { steps, floor } => {
                let turn = std::f64::consts::PI * step as f64 / steps as f64;
                floor + (self.base - floor) * 0.5 * (1.0 + turn.cos())
            }
        })
    }

    fn check(&self) -> Result<(), Error> {
        let base = self.base;
        let range = (0.0..f64::INFINITY).contains(&base);
        setting("the schedule's base", base, "finite, 0 or above", range)?;
        match self.decay {
            Decay::Constant => Ok(()),
            Decay::Step { factor, .. } => {
                let range = (0.0..=1.0).contains(&factor);
                setting("the schedule's factor", factor, "from 0 to 1", range)
            }
            Decay::Cosine { floor, .. } => {
                let range = (0.0..=base).contains(&floor);
                setting("the schedule's floor", floor, "from 0 to the base", range)
            }
        }
    }
}
