//! The tensors and settings of optimisers.

use crate::kernels::Float;
use crate::train::{Adam, Kept, RmsProp, Sgd, join};

use super::models::entry;
use super::settings::{Setting, SettingMut, named};
use super::tensors::{Tensor, TensorMut, Tensors};

/// Numbers of steps, of all and of each parameter group, and two moments for each group.
impl<A: Float> Tensors for Adam<A> {
    type Scalar = A;

    fn entries(&self) -> Vec<(String, String)> {
        vec![entry("optimiser", "Adam")]
    }

    fn tensors(&self) -> Vec<Tensor<'_, A>> {
        let mut tensors = vec![Tensor::count(STEPS, &self.steps)];
        for kept in &self.kept {
            let mut steps = Tensor::count(join(&kept.group, STEPS), &kept.steps);
            // Groups had no counts of their own.
            steps.earlier = Some(STEPS.to_owned());
            tensors.push(steps);
        }
        tensors.extend(moments(&self.kept, &["first", "second"]));
        tensors
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, A>> {
        let mut tensors = vec![TensorMut::count(STEPS, &mut self.steps)];
        let mut moments = Vec::new();
        for kept in &mut self.kept {
            tensors.push(TensorMut::count(join(&kept.group, STEPS), &mut kept.steps));
            moments.extend(of_group(
                &kept.group,
                &mut kept.moments,
                &["first", "second"],
            ));
        }
        tensors.extend(moments);
        tensors
    }

    fn settings(&self) -> Vec<(String, Setting)> {
        let s = &self.settings;
        named([
            ("learning_rate", Setting::Number(s.learning_rate)),
            ("beta_1", Setting::Number(s.betas.0)),
            ("beta_2", Setting::Number(s.betas.1)),
            ("epsilon", Setting::Number(s.epsilon)),
            ("weight_decay", Setting::Number(s.weight_decay)),
            ("coupled_weight_decay", Setting::Number(s.coupled_decay)),
        ])
    }

    fn settings_mut(&mut self) -> Vec<(String, SettingMut<'_>)> {
        let s = &mut self.settings;
        named([
            ("learning_rate", SettingMut::Number(&mut s.learning_rate)),
            ("beta_1", SettingMut::Number(&mut s.betas.0)),
            ("beta_2", SettingMut::Number(&mut s.betas.1)),
            ("epsilon", SettingMut::Number(&mut s.epsilon)),
            ("weight_decay", SettingMut::Number(&mut s.weight_decay)),
            (
                "coupled_weight_decay",
                SettingMut::Number(&mut s.coupled_decay),
            ),
        ])
    }

    fn unknown(&self, _tensor: &str) -> Option<&'static str> {
        Some(UNPREPARED)
    }

    fn missing(&self, _tensor: &str) -> &'static str {
        UNSTEPPED
    }
}

/// The name of a number of steps.
const STEPS: &str = "steps";

/// A velocity for each parameter group.
impl<A: Float> Tensors for Sgd<A> {
    type Scalar = A;

    fn entries(&self) -> Vec<(String, String)> {
        vec![entry("optimiser", "Sgd")]
    }

    fn tensors(&self) -> Vec<Tensor<'_, A>> {
        moments(&self.kept, &["velocity"])
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, A>> {
        moments_mut(&mut self.kept, &["velocity"])
    }

    fn settings(&self) -> Vec<(String, Setting)> {
        let s = &self.settings;
        named([
            ("learning_rate", Setting::Number(s.learning_rate)),
            ("momentum", Setting::Number(s.momentum)),
            ("nesterov", Setting::Switch(s.nesterov)),
            ("weight_decay", Setting::Number(s.weight_decay)),
            ("steps", Setting::Count(self.steps)),
        ])
    }

    fn settings_mut(&mut self) -> Vec<(String, SettingMut<'_>)> {
        let s = &mut self.settings;
        named([
            ("learning_rate", SettingMut::Number(&mut s.learning_rate)),
            ("momentum", SettingMut::Number(&mut s.momentum)),
            ("nesterov", SettingMut::Switch(&mut s.nesterov)),
            ("weight_decay", SettingMut::Number(&mut s.weight_decay)),
            ("steps", SettingMut::Count(&mut self.steps)),
        ])
    }

    fn unknown(&self, _tensor: &str) -> Option<&'static str> {
        Some(UNPREPARED)
    }

    fn missing(&self, _tensor: &str) -> &'static str {
        UNSTEPPED
    }
}

/// A mean square, a mean and a velocity for each parameter group.
impl<A: Float> Tensors for RmsProp<A> {
    type Scalar = A;

    fn entries(&self) -> Vec<(String, String)> {
        vec![entry("optimiser", "RmsProp")]
    }

    fn tensors(&self) -> Vec<Tensor<'_, A>> {
        moments(&self.kept, &OF_RMSPROP)
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, A>> {
        moments_mut(&mut self.kept, &OF_RMSPROP)
    }

    fn settings(&self) -> Vec<(String, Setting)> {
        let s = &self.settings;
        named([
            ("learning_rate", Setting::Number(s.learning_rate)),
            ("smoothing", Setting::Number(s.smoothing)),
            ("epsilon", Setting::Number(s.epsilon)),
            ("momentum", Setting::Number(s.momentum)),
            ("centred", Setting::Switch(s.centred)),
            ("weight_decay", Setting::Number(s.weight_decay)),
            ("steps", Setting::Count(self.steps)),
        ])
    }

    fn settings_mut(&mut self) -> Vec<(String, SettingMut<'_>)> {
        let s = &mut self.settings;
        named([
            ("learning_rate", SettingMut::Number(&mut s.learning_rate)),
            ("smoothing", SettingMut::Number(&mut s.smoothing)),
            ("epsilon", SettingMut::Number(&mut s.epsilon)),
            ("momentum", SettingMut::Number(&mut s.momentum)),
            ("centred", SettingMut::Switch(&mut s.centred)),
            ("weight_decay", SettingMut::Number(&mut s.weight_decay)),
            ("steps", SettingMut::Count(&mut self.steps)),
        ])
    }

    fn unknown(&self, _tensor: &str) -> Option<&'static str> {
        Some(UNPREPARED)
    }

    fn missing(&self, _tensor: &str) -> &'static str {
        UNSTEPPED
    }
}

/// What `RmsProp` keeps for a group, in order.
const OF_RMSPROP: [&str; 3] = ["square", "mean", "velocity"];

/// What to do about an optimiser without room for what a file holds.
const UNPREPARED: &str =
    "give the optimiser room by `prepare`, with the groups of the model it was saved with";

/// What to do about a file without what an optimiser has room for.
const UNSTEPPED: &str = "the optimiser was saved before its first step, or for another model: load the model alone, and begin with a new optimiser";

fn moments<'a, A>(kept: &'a [Kept<A>], names: &[&str]) -> Vec<Tensor<'a, A>> {
    let mut tensors = Vec::new();
    for group in kept {
        for (name, moment) in names.iter().zip(&group.moments) {
            tensors.push(Tensor::numbers(
                join(&group.group, name),
                &[moment.len()],
                moment,
            ));
        }
    }
    tensors
}

fn moments_mut<'a, A>(kept: &'a mut [Kept<A>], names: &[&str]) -> Vec<TensorMut<'a, A>> {
    let kept = kept.iter_mut();
    kept.flat_map(|k| of_group(&k.group, &mut k.moments, names))
        .collect()
}

/// The moments of a group.
fn of_group<'a, A>(
    group: &str,
    moments: &'a mut [Vec<A>],
    names: &[&str],
) -> impl Iterator<Item = TensorMut<'a, A>> {
    let pairs = names.iter().zip(moments);
    pairs.map(move |(name, moment)| TensorMut::numbers(join(group, name), moment))
}
