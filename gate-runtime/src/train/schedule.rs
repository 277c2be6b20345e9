//! Learning rates over the course of training.

/// The learning rate of each step: a linear rise, then a decay.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    /// The highest rate.
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
        /// What each multiplies by.
        factor: f64,
    },
    /// Along half a cosine to `floor` (Loshchilov and Hutter 2017).
    Cosine {
        /// Steps from the base to the floor.
        steps: u64,
        /// The rate from then on.
        floor: f64,
    },
}

impl Schedule {
    /// The rate of a step, counted from 0.
    pub fn rate(&self, step: u64) -> f64 {
        if step < self.warmup {
            return self.base * (step + 1) as f64 / self.warmup as f64;
        }
        let step = step - self.warmup;
        match self.decay {
            Decay::Constant => self.base,
            Decay::Step { every, factor } => self.base * factor.powf((step / every.max(1)) as f64),
            Decay::Cosine { steps, floor } if step >= steps => floor,
            Decay::Cosine { steps, floor } => {
                let turn = std::f64::consts::PI * step as f64 / steps as f64;
                floor + (self.base - floor) * 0.5 * (1.0 + turn.cos())
            }
        }
    }
}
