//! The parts of a stored tensor, each in the form of its target.

use ndarray::{ArrayD, Axis, IxDyn, Slice};

use super::super::tensors::Tensor;
use super::{Matrices, Source};

/// How tensors are cut out of their source.
pub(super) struct Fit<'r> {
    pub(super) matrices: Matrices,
    pub(super) source: &'r Source,
}

/// What does not fit in words, with the name of the target.
type Named<'t, T> = Result<T, (&'t str, String)>;

impl Fit<'_> {
    /// An array for each target, of its shape.
    pub(super) fn parts<'t, A>(
        &self,
        value: &ArrayD<f64>,
        targets: &[&'t Tensor<'_, A>],
    ) -> Named<'t, Vec<ArrayD<f64>>> {
        if let (true, Some(&number)) = (self.source.expr.is_number(), value.first()) {
            let filled = |t: &&Tensor<'_, A>| ArrayD::from_elem(IxDyn(&t.shape), number);
            return Ok(targets.iter().map(filled).collect());
        }
        let (mut parts, mut start) = (Vec::new(), 0);
        for (k, target) in targets.iter().enumerate() {
            let transposes = self.transposes(target)?;
            let mut stored = target.shape.clone();
            if transposes {
                stored.reverse();
            }
            let (axis, last) = (
                self.matrices.split_axis(stored.len()),
                k + 1 == targets.len(),
            );
            let part = match (stored.get(axis), targets.len()) {
                (Some(&length), 2..) => {
                    let there = value.shape().get(axis).copied().unwrap_or(0);
                    let end = start + length;
                    if end > there || (last && end < there) {
                        let reason = share(value, axis, end);
                        return Err((&target.name, reason));
                    }
                    let part = value.slice_axis(Axis(axis), Slice::from(start..end));
                    start = end;
                    part.to_owned()
                }
                _ => value.clone(),
            };
            if part.shape() != stored {
                let reason = self.other_shape(target, part.shape(), &stored, targets.len() > 1);
                return Err((&target.name, reason));
            }
            parts.push(if transposes {
                part.reversed_axes()
            } else {
                part
            });
        }
        Ok(parts)
    }

    /// Whether the file's axes are exchanged for a target.
    fn transposes<'t, A>(&self, target: &'t Tensor<'_, A>) -> Named<'t, bool> {
        let of_file = self.matrices.outputs_axis();
        match (self.source.transposed, target.outputs) {
            _ if target.shape.len() < 2 => Ok(false),
            _ if self.source.contradicts => Err((
                &target.name,
                "one summand is said to be `transposed`, another to be `as_stored`; say either of \
                 the sum"
                    .to_owned(),
            )),
            (Some(transposed), _) => Ok(transposed),
            (None, Some(axis)) => Ok(axis != of_file),
            (None, None) => Err((
                &target.name,
                "the equations do not say which axis of this matrix is that of outputs; say \
                 `transposed` or `as_stored` of its source"
                    .to_owned(),
            )),
        }
    }

    /// What to say about a part of the wrong shape.
    fn other_shape<A>(
        &self,
        target: &Tensor<'_, A>,
        found: &[usize],
        stored: &[usize],
        split: bool,
    ) -> String {
        let part = if split { "its part" } else { "that" };
        let turned = if stored == target.shape {
            ""
        } else {
            ", transposed"
        };
        let exchanged: Vec<usize> = found.iter().rev().copied().collect();
        let advice = if stored != found && exchanged == stored {
            "; see `Matrices`, or say `transposed` or `as_stored` of its source"
        } else if found.len() > stored.len() {
            "; take one index of the first axis by `at`"
        } else {
            OTHER_SIZES
        };
        format!(
            "{part} has shape {found:?}, but must have {stored:?}, as the model's {:?}{turned}{advice}",
            target.shape
        )
    }
}

/// What to do where a model was made with other sizes than the file's.
pub(super) const OTHER_SIZES: &str = "; make the model with the sizes of the file";

/// What to say about targets that share an axis, but not as much as there is.
fn share(value: &ArrayD<f64>, axis: usize, end: usize) -> String {
    let shape = value.shape();
    format!(
        "the targets up to it share axis {axis} and need {end} of it, but the shape is {shape:?}; \
         make the model with the sizes of the file, and name all of its parts"
    )
}
