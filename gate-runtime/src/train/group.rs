//! Parameters with their gradients, clipping, and what an optimiser is.

use std::fmt::Display;

use smol_str::{SmolStr, format_smolstr};

use crate::error::Error;
use crate::kernels::{Float, Work, widely};
use crate::parts::in_parts;

/// A slice of parameters with the slice of its gradients: what clipping and optimisers work on.
///
/// [`Layer::groups`](super::Layer::groups) and [`Classifier::groups`](super::Classifier::groups) make
/// them. The name ties a group to the state that an optimiser keeps for it; one of up to 23 bytes
/// allocates nothing.
#[derive(Debug, Default)]
pub struct Group<'a, A> {
    /// `layer.cell`, `layer.1.forward.cell`, `head`.
    pub name: SmolStr,
    /// Parameters.
    pub params: &'a mut [A],
    /// Their gradients.
    pub grads: &'a mut [A],
}

/// Changes parameters by their gradients: [`Adam`](super::Adam), [`Sgd`](super::Sgd),
/// [`RmsProp`](super::RmsProp).
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
    /// A group of this name. Parameters and gradients have to be of one length, which is checked
    /// where they are used.
    pub fn new(name: impl Into<SmolStr>, params: &'a mut [A], grads: &'a mut [A]) -> Self {
        Group {
            name: name.into(),
            params,
            grads,
        }
    }

    /// The same group as a part of something: `layer.` before its name.
    pub(super) fn within(mut self, whole: impl Display) -> Self {
        self.name = format_smolstr!("{whole}.{}", self.name);
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
    let norm = norm(grads.iter().map(|g| &**g), limit)?;
    if !norm.is_finite() {
        let bad = grads.iter().position(|g| g.iter().any(|v| !v.is_finite()));
        let place = bad.map_or(String::new(), |slice| format!(" (slice {slice})"));
        return Err(Error::NotFinite {
            what: format!("the norm of the gradients{place}"),
            value: norm,
        });
    }
    scale(grads.iter_mut().map(|g| &mut **g), limit / norm);
    Ok(norm)
}

/// [`clip_norm`] over the gradients of groups.
///
/// # Errors
///
/// As [`clip_norm`]; the text names the group.
pub fn clip_groups<A: Float>(groups: &mut [Group<'_, A>], limit: f64) -> Result<f64, Error> {
    let norm = norm(groups.iter().map(|group| &*group.grads), limit)?;
    if !norm.is_finite() {
        check_finite(groups)?;
        let what = "the norm of the gradients".to_owned();
        return Err(Error::NotFinite { what, value: norm });
    }
    scale(
        groups.iter_mut().map(|group| &mut *group.grads),
        limit / norm,
    );
    Ok(norm)
}

/// Euclidean norm over all slices, without overflow; not finite if an element is not. The limit is
/// what it will be held to.
fn norm<'g, A: Float>(
    slices: impl Iterator<Item = &'g [A]> + Clone,
    limit: f64,
) -> Result<f64, Error> {
    let what = "the limit of the gradient norm";
    setting(what, limit, "above 0", limit > 0.0)?;
    let squares: f64 = slices.clone().map(squares).sum();
    if squares.is_finite() && squares > LEAST {
        return Ok(squares.sqrt());
    }
    let elements = || slices.clone().flatten().map(|v| v.to_f64());
    let largest = elements().fold(0.0, |m: f64, v| match () {
        _ if v.is_nan() => v,
        _ if m.is_nan() => m,
        _ => m.max(v.abs()),
    });
    if largest == 0.0 || !largest.is_finite() {
        return Ok(largest);
    }
    let squares = elements().map(|v| (v / largest) * (v / largest));
    Ok(largest * squares.sum::<f64>().sqrt())
}

/// Elements that are worked on at a time.
pub(super) const BLOCK: usize = 32;

/// A sum of squares beside which those that underflow are nothing.
const LEAST: f64 = 1e-200;

/// The sum of the squares of a slice.
fn squares<A: Float>(slice: &[A]) -> f64 {
    sum(
        slice,
        #[inline(always)]
        |v| v * v,
    )
}

/// The sum of what numbers come to; `term` has to be `#[inline(always)]`.
pub(super) fn sum<A: Float>(slice: &[A], term: impl Fn(f64) -> f64 + Copy + Sync) -> f64 {
    let parts = in_parts(slice, BLOCK, |_, part| widely(Sum(part, term)));
    parts.iter().sum()
}

struct Sum<'s, A, F>(&'s [A], F);

impl<A: Float, F: Fn(f64) -> f64> Work for Sum<'_, A, F> {
    type Result = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let Sum(numbers, term) = self;
        let mut sums = [0.0; BLOCK];
        let (blocks, rest) = numbers.as_chunks::<BLOCK>();
        for block in blocks {
            for i in 0..BLOCK {
                sums[i] += term(block[i].to_f64());
            }
        }
        let rest = rest.iter().map(|v| term(v.to_f64()));
        sums.iter().sum::<f64>() + rest.sum::<f64>()
    }
}

/// Multiplies all elements by a factor below 1.
fn scale<'g, A: Float>(slices: impl Iterator<Item = &'g mut [A]>, factor: f64) {
    if factor < 1.0 {
        let factor = A::from_f64(factor);
        for slice in slices {
            in_parts(slice, BLOCK, |_, part| {
                part.iter_mut().for_each(|g| *g *= factor);
            });
        }
    }
}

/// Whether all gradients are numbers.
pub(super) fn check_finite<A: Float>(groups: &[Group<'_, A>]) -> Result<(), Error> {
    for group in groups {
        let most = 8.0 * plenty::<A>();
        if within(group.grads, -most, most) {
            continue;
        }
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

/// Whether all numbers lie in a range, which NaN never does. It takes a small part of a step's
/// time.
pub(super) fn within<A: Float>(numbers: &[A], low: f64, high: f64) -> bool {
    let (low, high) = (A::from_f64(low), A::from_f64(high));
    let outside = in_parts(numbers, BLOCK, |_, part| !widely(Within(part, low, high)));
    !outside.contains(&true)
}

struct Within<'n, A>(&'n [A], A, A);

impl<A: Float> Work for Within<'_, A> {
    type Result = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let Within(numbers, low, high) = self;
        let both = |inside, &n: &A| inside & (n >= low) & (n <= high);
        numbers.iter().fold(true, both)
    }
}

/// A part of a whole, and the rest of it.
pub(super) fn parts<A: Float>(part: f64) -> (A, A) {
    (A::from_f64(part), A::from_f64(1.0 - part))
}

/// So much that some of it added up is still a number.
pub(super) fn plenty<A: Float>() -> f64 {
    let largest = match size_of::<A>() {
        4 => f64::from(f32::MAX),
        _ => f64::MAX,
    };
    largest / 8.0
}

/// Whether a number is one, and 0 or above.
pub(super) fn not_negative(value: f64) -> bool {
    (0.0..f64::INFINITY).contains(&value)
}

/// Whether a setting that numbers are divided by is above 0 when it is one of theirs.
pub(super) fn above_zero<A: Float>(what: &'static str, value: f64) -> Result<(), Error> {
    let holds = not_negative(value) && A::from_f64(value) > A::ZERO;
    let range = "finite, above 0 in the parameters' number type";
    setting(what, value, range, holds)
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
