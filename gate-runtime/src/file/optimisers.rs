//! The tensors and settings of optimisers.

use crate::kernels::Float;
use crate::train::{Adam, Descent, Kept, RmsProp, Rule, Sgd, join};

use super::contents::{Contents, Place};
use super::models::entry;
use super::settings::{Setting, SettingMut};
use super::tensors::{Tensor, TensorMut, Tensors};

/// The name of a number of steps.
const STEPS: &str = "steps";

/// What to do about an optimiser that has room for other groups than a file holds.
const OTHER_GROUPS: &str = "the optimiser has the groups of another model, by its steps or by `prepare`: load into a new \
     one, or into the one of the model it was saved with";

/// What to do about a file without what an optimiser has room for.
const UNSTEPPED: &str = "the optimiser was saved before its first step, or for another model: load the model alone, and begin with a new optimiser";

/// Moments of each parameter group, as far as the settings need them, and numbers of steps: of all,
/// and of each group where it matters.
impl<A: Float, R: Rule<N>, const N: usize> Tensors for Descent<A, R, N> {
    type Scalar = A;

    fn entries(&self) -> Vec<(String, String)> {
        vec![entry("optimiser", R::NAME)]
    }

    fn tensors(&self) -> Vec<Tensor<'_, A>> {
        let mut tensors = Vec::new();
        if R::COUNTED {
            tensors.push(Tensor::count(STEPS, &self.steps));
        }
        for kept in self.kept.iter().filter(|_| self.rule.counts()) {
            let mut steps = Tensor::count(join(&kept.group, STEPS), &kept.steps);
            // Groups had no counts of their own.
            steps.earlier = R::COUNTED.then(|| STEPS.to_owned());
            tensors.push(steps);
        }
        for kept in &self.kept {
            for ((name, _), moment) in R::KEPT.iter().zip(&kept.moments) {
                let shape = [moment.len()];
                tensors.push(Tensor::numbers(join(&kept.group, name), &shape, moment));
            }
        }
        tensors.retain(|tensor| tensor.shape != [0]);
        tensors
    }

    fn tensors_mut(&mut self) -> Vec<TensorMut<'_, A>> {
        let (mut tensors, mut moments) = (Vec::new(), Vec::new());
        if R::COUNTED {
            tensors.push(TensorMut::count(STEPS, &mut self.steps));
        }
        for kept in &mut self.kept {
            kept.ranges = None;
            let group = &kept.group;
            if self.rule.counts() {
                tensors.push(TensorMut::count(join(group, STEPS), &mut kept.steps));
            }
            for ((name, _), moment) in R::KEPT.iter().zip(&mut kept.moments) {
                if !moment.is_empty() {
                    moments.push(TensorMut::numbers(join(group, name), moment));
                }
            }
        }
        tensors.extend(moments);
        tensors
    }

    fn settings(&self) -> Vec<(String, Setting)> {
        let (mut rule, mut steps) = (self.rule, self.steps);
        let own = listed(&mut rule, &mut steps).into_iter();
        own.map(|(name, setting)| (name, setting.value())).collect()
    }

    fn settings_mut(&mut self) -> Vec<(String, SettingMut<'_>)> {
        listed(&mut self.rule, &mut self.steps)
    }

    /// Files of earlier versions have moments that the settings do not need.
    fn unknown(&self, tensor: &str) -> Option<&'static str> {
        let group = R::KEPT.iter().find_map(|(name, _)| of(tensor, name));
        let own = |group: &str| self.kept.is_empty() || self.kept.iter().any(|k| k.group == group);
        match group.is_some_and(own) {
            true => None,
            false => Some(OTHER_GROUPS),
        }
    }

    fn missing(&self, _tensor: &str) -> &'static str {
        UNSTEPPED
    }

    fn places(&self, contents: &Contents) -> Vec<Place> {
        let mut fitted = self.clone();
        fitted.make_room(contents);
        fitted.tensors().iter().map(Tensor::place).collect()
    }

    /// Without groups of its own it takes those of the file.
    fn make_room(&mut self, contents: &Contents) {
        for (name, own) in self.settings_mut() {
            contents.give(&name, own);
        }
        let needed = R::KEPT.iter().zip(self.rule.needs());
        let needed: Vec<&str> = needed.filter(|(_, n)| *n).map(|((k, _), _)| *k).collect();
        if let (true, Some(first)) = (self.kept.is_empty(), needed.first()) {
            let groups = contents.tensors().filter_map(|(tensor, shape)| {
                let group = of(tensor, first)?.to_owned();
                Some(Kept::new(group, shape.iter().product()))
            });
            self.keep(groups.collect());
            self.loaded = true;
        }
        for kept in self.kept.iter_mut().filter(|_| !self.rule.counts()) {
            kept.steps = self.steps;
        }
        self.fit();
    }
}

/// The settings of a rule, and the number of steps where that is one of them.
fn listed<'s, R: Rule<N>, const N: usize>(
    rule: &'s mut R,
    steps: &'s mut u64,
) -> Vec<(String, SettingMut<'s>)> {
    let steps = (!R::COUNTED).then_some((STEPS, SettingMut::Count(steps)));
    let own = rule.settings().into_iter().chain(steps);
    own.map(|(name, s)| (name.to_owned(), s)).collect()
}

/// The group that a tensor of this kind is of.
fn of<'t>(tensor: &'t str, kind: &str) -> Option<&'t str> {
    tensor.strip_suffix(kind)?.strip_suffix('.')
}

/// The public optimisers' place in files, which is that of what they are made of.
macro_rules! in_files {
    ($($name:ident)*) => {$(
        impl<A: Float> Tensors for $name<A> {
            type Scalar = A;

            fn entries(&self) -> Vec<(String, String)> {
                self.0.entries()
            }

            fn tensors(&self) -> Vec<Tensor<'_, A>> {
                self.0.tensors()
            }

            fn tensors_mut(&mut self) -> Vec<TensorMut<'_, A>> {
                self.0.tensors_mut()
            }

            fn settings(&self) -> Vec<(String, Setting)> {
                self.0.settings()
            }

            fn settings_mut(&mut self) -> Vec<(String, SettingMut<'_>)> {
                self.0.settings_mut()
            }

            fn unknown(&self, tensor: &str) -> Option<&'static str> {
                self.0.unknown(tensor)
            }

            fn missing(&self, tensor: &str) -> &'static str {
                self.0.missing(tensor)
            }

            fn places(&self, contents: &Contents) -> Vec<Place> {
                self.0.places(contents)
            }

            fn make_room(&mut self, contents: &Contents) {
                self.0.make_room(contents);
            }
        }
    )*};
}

in_files!(Adam RmsProp Sgd);
