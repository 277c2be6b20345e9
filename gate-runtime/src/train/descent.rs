//! What optimisers have in common.
//!
//! Takes: a [`Rule`], which says what a step makes of one element. Gives: a [`Descent`], which keeps
//! what the rule needs for each group of parameters, and steps on all groups or on none.

use crate::error::Error;
use crate::file::SettingMut;
use crate::kernels::{Float, widely};
use crate::parts::in_parts;

use super::group::{BLOCK, Group, check_finite, within};
use super::update::{Change, Ranges, Update};

/// What sets an optimiser apart: its settings, and what becomes of an element, for which up to `N`
/// numbers are kept.
pub(crate) trait Rule<const N: usize>: Copy {
    /// The optimiser's name in files.
    const NAME: &'static str;
    /// What may be kept: its name in files, and in words.
    const KEPT: [(&'static str, &'static str); N];
    /// Whether a file has numbers of steps as tensors, that of all steps among them.
    const COUNTED: bool;

    /// All settings, under their names in files.
    fn settings(&mut self) -> Vec<(&'static str, SettingMut<'_>)>;
    /// The learning rate.
    fn learning_rate(&mut self) -> &mut f64;
    /// What these settings need of what may be kept.
    fn needs(&self) -> [bool; N];
    /// Whether it matters how many steps a group has taken.
    fn counts(&self) -> bool;
    /// Whether all settings are in their range.
    fn check<A: Float>(&self) -> Result<(), Error>;
    /// The sizes up to which a group's step, counted from 1, is sure to leave numbers.
    fn reach<A: Float>(&self, step: u64) -> Reach<N>;
    /// What a group's step, counted from 1, makes of a parameter, from its gradient and what is
    /// kept for it; what is not needed is zero.
    fn change<A: Float>(&self, step: u64) -> impl Change<A, N>;
}

/// Sizes of a parameter and its gradient, lowest and highest values of what is kept.
pub(crate) struct Reach<const N: usize> {
    pub(crate) param: f64,
    pub(crate) gradient: f64,
    pub(crate) kept: [(f64, f64); N],
}

/// What an optimiser keeps for a group.
#[derive(Clone, Debug)]
pub(crate) struct Kept<A, const N: usize> {
    pub(crate) group: String,
    /// Steps that the group took part in.
    pub(crate) steps: u64,
    pub(crate) length: usize,
    /// As long as the group where the settings need it, else empty.
    pub(crate) moments: [Vec<A>; N],
    /// Of the moments, as the last step left them; unknown where something else has changed them.
    pub(crate) ranges: Option<Ranges<A, N>>,
}

/// Whatever is known of the moments.
impl<A: PartialEq, const N: usize> PartialEq for Kept<A, N> {
    fn eq(&self, other: &Self) -> bool {
        (&self.group, self.steps, self.length, &self.moments)
            == (&other.group, other.steps, other.length, &other.moments)
    }
}

/// An optimiser.
#[derive(Clone, Debug)]
pub(crate) struct Descent<A, R, const N: usize> {
    pub(crate) rule: R,
    pub(crate) steps: u64,
    pub(crate) kept: Vec<Kept<A, N>>,
    /// Whether the groups are those of a file, and no step has been made since.
    pub(crate) loaded: bool,
}

/// Equal ones go on equally.
impl<A: PartialEq, R: PartialEq, const N: usize> PartialEq for Descent<A, R, N> {
    fn eq(&self, other: &Self) -> bool {
        (&self.rule, self.steps, &self.kept) == (&other.rule, other.steps, &other.kept)
    }
}

impl<A: Float, const N: usize> Kept<A, N> {
    pub(crate) fn new(group: String, length: usize) -> Self {
        Kept {
            group,
            steps: 0,
            length,
            moments: std::array::from_fn(|_| Vec::new()),
            ranges: None,
        }
    }

    /// Zeros for what is needed and was not, nothing for what is not needed.
    pub(crate) fn fit(&mut self, needs: [bool; N]) {
        self.ranges = None;
        for (moment, needed) in self.moments.iter_mut().zip(needs) {
            match needed {
                true => moment.resize(self.length, A::ZERO),
                false => *moment = Vec::new(),
            }
        }
    }
}

impl<A: Float, const N: usize> Kept<A, N> {
    /// Whether the moments are in these ranges, as far as that is known, or else as they are.
    fn within(&self, reach: [(f64, f64); N]) -> bool {
        match &self.ranges {
            Some(ranges) => ranges
                .0
                .iter()
                .zip(reach)
                .all(|(range, (low, high))| low <= range.0.to_f64() && range.1.to_f64() <= high),
            None => {
                let mut all = self.moments.iter().zip(reach);
                all.all(|(moment, (low, high))| within(moment, low, high))
            }
        }
    }
}

impl<A: Float, R: Rule<N>, const N: usize> Descent<A, R, N> {
    pub(crate) fn new(rule: R) -> Self {
        Descent {
            rule,
            steps: 0,
            kept: Vec::new(),
            loaded: false,
        }
    }

    /// The same with other settings, and what these need.
    pub(crate) fn set(mut self, change: impl FnOnce(&mut R)) -> Self {
        change(&mut self.rule);
        self.fit();
        self
    }

    /// Keeps what the settings need for all groups.
    pub(crate) fn fit(&mut self) {
        let needs = self.rule.needs();
        self.kept.iter_mut().for_each(|kept| kept.fit(needs));
    }

    /// Makes room for groups that are not kept yet.
    pub(crate) fn prepare(&mut self, groups: &[Group<'_, A>]) {
        let new = self.fresh(groups);
        self.keep(new);
    }

    /// What is kept for a group.
    fn kept(&self, group: &Group<'_, A>) -> Option<&Kept<A, N>> {
        self.kept.iter().find(|k| k.group == *group.name)
    }

    /// What groups begin with that are not kept yet.
    fn fresh(&self, groups: &[Group<'_, A>]) -> Vec<Kept<A, N>> {
        let new = groups.iter().filter(|group| self.kept(group).is_none());
        new.map(|group| {
            let mut kept = Kept::new(group.name.to_string(), group.params.len());
            kept.fit(self.rule.needs());
            kept
        })
        .collect()
    }

    /// Takes on new groups. The order is that of their names, however they came.
    pub(crate) fn keep(&mut self, new: Vec<Kept<A, N>>) {
        self.kept.extend(new);
        self.kept.sort_unstable_by(|a, b| a.group.cmp(&b.group));
    }

    /// A step on all groups, or on none.
    pub(crate) fn step(&mut self, groups: &mut [Group<'_, A>]) -> Result<(), Error> {
        let rule = self.rule;
        rule.check::<A>()?;
        for index in 0..groups.len() {
            self.check_group(groups, index)?;
        }
        self.check_loaded(groups)?;
        let new = self.fresh(groups);
        self.check_steps(groups, &new)?;
        self.keep(new);
        self.loaded = false;
        self.steps = self.steps.saturating_add(1);
        for group in groups {
            let kept = self.kept.iter_mut().find(|k| k.group == *group.name);
            let kept = kept.expect("every group is kept by now");
            kept.steps = kept.steps.saturating_add(1);
            let whole = Update {
                params: &mut *group.params,
                grads: &*group.grads,
                moments: kept.moments.each_mut().map(|moment| &mut moment[..]),
                change: rule.change(kept.steps),
            };
            let parts = in_parts(whole, BLOCK, |_, part| widely(part));
            kept.ranges = Some(parts.into_iter().fold(Ranges::default(), Ranges::and));
        }
        Ok(())
    }

    /// Whether the next step leaves numbers, with what is kept and what is new. Nearly always their
    /// ranges say so, which spares looking at each.
    fn check_steps(&self, groups: &[Group<'_, A>], new: &[Kept<A, N>]) -> Result<(), Error> {
        let kept = |group: &Group<'_, A>| {
            let fresh = || new.iter().find(|k| k.group == *group.name);
            let kept = self.kept(group).or_else(fresh);
            kept.expect("what is not kept is new")
        };
        let sure = |group: &&Group<'_, A>| in_reach(&self.rule, group, kept(group));
        if groups.iter().all(|group| sure(&group)) {
            return Ok(());
        }
        check_finite(groups)?;
        let mut rest = groups.iter().filter(|group| !sure(group));
        rest.try_for_each(|group| check_step(&self.rule, group, kept(group)))
    }

    /// Whether groups of a file are those of the model, or some of them.
    fn check_loaded(&self, groups: &[Group<'_, A>]) -> Result<(), Error> {
        match (self.loaded, self.kept.first(), groups.first()) {
            (true, Some(kept), Some(group)) if groups.iter().all(|g| self.kept(g).is_none()) => {
                Err(Error::OtherGroups {
                    loaded: kept.group.clone(),
                    given: group.name.to_string(),
                })
            }
            _ => Ok(()),
        }
    }

    /// Whether a group has a name of its own, and as many gradients and numbers kept as parameters.
    fn check_group(&self, groups: &[Group<'_, A>], index: usize) -> Result<(), Error> {
        let group = &groups[index];
        if groups[..index].iter().any(|g| g.name == group.name) {
            return Err(Error::GroupTwice {
                group: group.name.to_string(),
            });
        }
        let parameters = group.params.len();
        let kept = self.kept(group).map_or(parameters, |k| k.length);
        for (other, found) in [
            ("gradients have", group.grads.len()),
            ("optimiser state has", kept),
        ] {
            if found != parameters {
                return Err(Error::Group {
                    group: group.name.to_string(),
                    parameters,
                    other,
                    found,
                });
            }
        }
        Ok(())
    }
}

/// Whether the ranges of a group's numbers say that its next step leaves numbers.
fn in_reach<A: Float, R: Rule<N>, const N: usize>(
    rule: &R,
    group: &Group<'_, A>,
    kept: &Kept<A, N>,
) -> bool {
    let reach = rule.reach::<A>(kept.steps.saturating_add(1));
    within(group.params, -reach.param, reach.param)
        && within(group.grads, -reach.gradient, reach.gradient)
        && kept.within(reach.kept)
}

/// Whether the next step on a group leaves numbers.
fn check_step<A: Float, R: Rule<N>, const N: usize>(
    rule: &R,
    group: &Group<'_, A>,
    kept: &Kept<A, N>,
) -> Result<(), Error> {
    let step = kept.steps.saturating_add(1);
    let (change, needs) = (rule.change::<A>(step), rule.needs());
    for (index, (&p, &g)) in group.params.iter().zip(&*group.grads).enumerate() {
        let own = |k: usize| kept.moments[k].get(index).copied().unwrap_or(A::ZERO);
        let (p, after) = change(p, g, std::array::from_fn(own));
        let kept = R::KEPT.iter().zip(after).zip(needs);
        let kept = kept.filter_map(|((&(_, what), next), needed)| needed.then_some((what, next)));
        for (what, next) in kept.chain([("value", p)]) {
            if !next.is_finite() {
                return Err(Error::NotFinite {
                    what: format!("the next {what} of element {index} of `{}`", group.name),
                    value: next.to_f64(),
                });
            }
        }
    }
    Ok(())
}

/// What every optimiser has: a step and counts.
macro_rules! optimiser {
    ($name:ident) => {
        impl<A: $crate::kernels::Float> $name<A> {
            /// Number of steps so far, as a [`Schedule`](super::Schedule) takes it.
            pub fn steps(&self) -> u64 {
                self.0.steps
            }

            /// Makes room for the state of groups, which the first step does as well. A file that is
            /// loaded then must be of the same groups; without it the groups are those of the file.
            pub fn prepare(&mut self, groups: &[$crate::train::Group<'_, A>]) {
                self.0.prepare(groups);
            }
        }

        impl<A: $crate::kernels::Float> $crate::train::Optimiser<A> for $name<A> {
            fn step(
                &mut self,
                groups: &mut [$crate::train::Group<'_, A>],
            ) -> Result<(), $crate::error::Error> {
                self.0.step(groups)
            }

            fn learning_rate(&self) -> f64 {
                let mut rule = self.0.rule;
                *rule.learning_rate()
            }

            fn set_learning_rate(&mut self, rate: f64) {
                *self.0.rule.learning_rate() = rate;
            }
        }
    };
}
pub(super) use optimiser;
