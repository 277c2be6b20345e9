//! Parameters with their gradients, clipping, and what an optimiser is.

use std::borrow::Cow;

use crate::error::Error;
use crate::kernels::Float;

/// A slice of parameters with the slice of its gradients. The name ties it to the state that an
/// optimiser keeps for it.
#[derive(Debug)]
pub struct Group<'a, A> {
    /// `layer.cell`, `layer.1.forward.cell`, `head`.
    pub name: Cow<'a, str>,
    /// Parameters.
    pub params: &'a mut [A],
    /// Their gradients.
    pub grads: &'a mut [A],
}

/// Changes parameters by their gradients.
pub trait Optimiser<A: Float> {
    /// One step. The first one makes room for each group's state.
    ///
    /// # Errors
    ///
    /// If a gradient is not finite, or a parameter or the optimiser's state would not be after the
    /// step, or a group, its gradients and the state differ in length; nothing is changed then.
    fn step(&mut self, groups: &mut [Group<'_, A>]) -> Result<(), Error>;

    /// The learning rate.
    fn learning_rate(&self) -> f64;

    /// Sets the learning rate of the steps to come.
    fn set_learning_rate(&mut self, rate: f64);
}

impl<'a, A> Group<'a, A> {
    /// A group.
    pub fn new(name: impl Into<Cow<'a, str>>, params: &'a mut [A], grads: &'a mut [A]) -> Self {
        Group {
            name: name.into(),
            params,
            grads,
        }
    }

    /// The same group as a part of something: `layer.` before its name.
    pub(super) fn within(mut self, whole: &str) -> Self {
        self.name = Cow::Owned(join(whole, &self.name));
        self
    }
}

/// A name of a part: `layer.0`.
pub(crate) fn join(whole: &str, part: &str) -> String {
    format!("{whole}.{part}")
}

/// Scales gradients down so that their norm over all slices is at most `limit` (Pascanu, Mikolov
/// and Bengio 2013). Gives the norm before.
///
/// It multiplies by `limit / norm`. PyTorch's `clip_grad_norm_` multiplies by `limit / (norm + 1e-6)`
/// if that is below 1, which leaves a norm less by a share of `1e-6 / norm`.
///
/// # Errors
///
/// If the norm is not finite, or the limit is not positive; nothing is changed then.
pub fn clip_norm<A: Float>(grads: &mut [&mut [A]], limit: f64) -> Result<f64, Error> {
    if limit.is_nan() || limit <= 0.0 {
        return Err(Error::Setting {
            what: "the limit of the gradient norm",
            value: limit,
            range: "above 0",
        });
    }
    let views: Vec<&[A]> = grads.iter().map(|g| &**g).collect();
    let norm = norm(&views);
    if !norm.is_finite() {
        let bad = views.iter().position(|g| g.iter().any(|v| !v.is_finite()));
        let place = bad.map_or(String::new(), |slice| format!(" (slice {slice})"));
        return Err(Error::NotFinite {
            what: format!("the norm of the gradients{place}"),
            value: norm,
        });
    }
    if norm > limit {
        let scale = A::from_f64(limit / norm);
        grads
            .iter_mut()
            .flat_map(|g| g.iter_mut())
            .for_each(|g| *g *= scale);
    }
    Ok(norm)
}

/// [`clip_norm`] over the gradients of groups.
///
/// # Errors
///
/// As [`clip_norm`]; the text names the group.
pub fn clip_groups<A: Float>(groups: &mut [Group<'_, A>], limit: f64) -> Result<f64, Error> {
    check_finite(groups)?;
    let mut slices: Vec<&mut [A]> = groups.iter_mut().map(|group| &mut *group.grads).collect();
    clip_norm(&mut slices, limit)
}

/// Euclidean norm over all slices, without overflow; not finite if an element is not.
fn norm<A: Float>(slices: &[&[A]]) -> f64 {
    let elements = || slices.iter().flat_map(|s| s.iter()).map(|v| v.to_f64());
    let largest = elements().fold(0.0, |m: f64, v| {
        if v.is_nan() {
            v
        } else if m.is_nan() {
            m
        } else {
            m.max(v.abs())
        }
    });
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest
        * elements()
            .map(|v| (v / largest) * (v / largest))
            .sum::<f64>()
            .sqrt()
}

/// Whether all gradients are numbers.
fn check_finite<A: Float>(groups: &[Group<'_, A>]) -> Result<(), Error> {
    for group in groups {
        if let Some(index) = group.grads.iter().position(|g| !g.is_finite()) {
            let what = format!("element {index} of the gradient of `{}`", group.name);
            return Err(Error::NotFinite {
                what,
                value: group.grads[index].to_f64(),
            });
        }
    }
    Ok(())
}

/// What an optimiser keeps for a group: some numbers for each parameter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept<A> {
    pub(crate) group: String,
    /// Steps that the group took part in, where the optimiser counts them.
    pub(crate) steps: u64,
    /// One vector as long as the group for each kind of moment.
    pub(crate) moments: Vec<Vec<A>>,
}

/// Whether groups fit what is kept, and `check` finds nothing against a step of any of them; makes
/// room for new ones only then.
pub(super) fn match_groups<A: Float>(
    kept: &mut Vec<Kept<A>>,
    groups: &[Group<'_, A>],
    moments: usize,
    check: impl Fn(&Group<'_, A>, &Kept<A>) -> Result<(), Error>,
) -> Result<(), Error> {
    for (index, group) in groups.iter().enumerate() {
        if groups[..index].iter().any(|g| g.name == group.name) {
            return Err(Error::GroupTwice {
                group: group.name.to_string(),
            });
        }
        let mismatch = |other, found| {
            Err(Error::Group {
                group: group.name.to_string(),
                parameters: group.params.len(),
                other,
                found,
            })
        };
        if group.grads.len() != group.params.len() {
            return mismatch("gradients have", group.grads.len());
        }
        let own = kept.iter().find(|k| k.group == group.name);
        match own.map(|k| k.moments[0].len()) {
            Some(found) if found != group.params.len() => {
                return mismatch("optimiser state has", found);
            }
            _ => {}
        }
    }
    check_finite(groups)?;
    let known = kept.len();
    make_room(kept, groups, moments);
    for group in groups {
        if let Err(error) = check(group, kept_for(kept, &group.name)) {
            kept.truncate(known);
            return Err(error);
        }
    }
    Ok(())
}

/// Zeros for groups that are not kept yet.
pub(super) fn make_room<A: Float>(
    kept: &mut Vec<Kept<A>>,
    groups: &[Group<'_, A>],
    moments: usize,
) {
    for group in groups {
        if !kept.iter().any(|k| k.group == *group.name) {
            kept.push(Kept {
                group: group.name.to_string(),
                steps: 0,
                moments: vec![vec![A::ZERO; group.params.len()]; moments],
            });
        }
    }
}

/// What is kept for a group that has been matched.
pub(super) fn kept_for<'k, A>(kept: &'k mut [Kept<A>], group: &str) -> &'k mut Kept<A> {
    let own = kept.iter_mut().find(|k| k.group == group);
    own.expect("a group has been matched")
}

/// Whether all numbers lie in a range, which NaN never does. It takes a small part of a step's
/// time, and nearly always spares looking at each.
pub(super) fn within<A: Float>(numbers: &[A], low: f64, high: f64) -> bool {
    let (low, high) = (A::from_f64(low), A::from_f64(high));
    let both = |inside, &n: &A| inside & (n >= low) & (n <= high);
    numbers.iter().fold(true, both)
}

/// So much that some of it added up is still a number.
pub(super) fn plenty<A: Float>() -> f64 {
    let largest = match size_of::<A>() {
        4 => f64::from(f32::MAX),
        _ => f64::MAX,
    };
    largest / 8.0
}

/// Whether what a step would leave of an element of a group is a number.
pub(super) fn check_next<A: Float>(
    what: &str,
    (group, index): (&str, usize),
    next: A,
) -> Result<(), Error> {
    if next.is_finite() {
        return Ok(());
    }
    Err(Error::NotFinite {
        what: format!("the next {what} of element {index} of `{group}`"),
        value: next.to_f64(),
    })
}

/// Whether a number is one, and 0 or above.
pub(super) fn not_negative(value: f64) -> bool {
    (0.0..f64::INFINITY).contains(&value)
}

/// Whether a setting is in its range.
pub(super) fn setting(
    what: &'static str,
    value: f64,
    range: &'static str,
    holds: bool,
) -> Result<(), Error> {
    if holds {
        Ok(())
    } else {
        Err(Error::Setting { what, value, range })
    }
}
