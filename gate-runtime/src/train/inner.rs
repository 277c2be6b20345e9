//! What layers of layers ask of those in them.

use ndarray::ArrayView3;

use crate::error::Error;
use crate::info::{CellInfo, Extent, RoleInfo};
use crate::kernels::Float;
use crate::sequence::{Sequence, Start};

use super::layer::Layer;

/// Sizes of a cell that reads `features` features, else as given. Sizes that the cell does not
/// have are left for the constructor to refuse.
pub(super) fn reading(info: &CellInfo, sizes: &[usize], features: usize) -> Vec<usize> {
    let mut sizes = sizes.to_vec();
    let input = info.symbols.iter().find(|s| s.role == RoleInfo::Input);
    let shape = input.map_or(&[][..], |s| s.shape);
    if let [
        Extent {
            terms: [(size, 1)],
            constant: 0,
            divisor: 1,
        },
    ] = shape
        && let Some(own) = sizes.get_mut(*size)
    {
        *own = features;
    }
    sizes
}

/// Runs a layer or a part of one, for a backward pass or without.
pub(super) fn run<L: Layer>(
    layer: &L,
    sequence: Sequence<'_, L::Scalar>,
    state: Option<&L::State>,
    tape: &mut L::Tape,
    keep: bool,
) -> Result<(), Error> {
    match keep {
        true => layer.trace(sequence, state, tape),
        false => layer.infer_on(sequence, state, tape),
    }
}

/// Whether layers of layers may go back over a tape: asked before the first of them does.
pub(super) fn check_back<L: Layer>(
    layer: &L,
    tape: &L::Tape,
    gradient: [usize; 3],
    state: Option<&L::State>,
    grads: &L::Grads,
) -> Result<(), Error> {
    layer.check_pull_back(tape, gradient, grads)?;
    state.map_or(Ok(()), |state| layer.check_state(gradient[1], state))
}

/// The only input of a sequence that brings no state.
pub(super) fn single<'a, A: Float>(
    layer: &'static str,
    sequence: &Sequence<'a, A>,
) -> Result<ArrayView3<'a, A>, Error> {
    if matches!(sequence.start, Start::Given(_)) {
        return Err(Error::StateElsewhere { layer });
    }
    match &*sequence.inputs {
        [input] => Ok(*input),
        inputs => Err(Error::InputCount {
            cell: layer,
            expected: 1,
            found: inputs.len(),
        }),
    }
}
