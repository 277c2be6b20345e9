//! Operands of element-wise functions, which move from step to step.

use super::Float;
use super::map::Operand;
use super::plan::{Moving, Now};

/// An operand.
#[derive(Clone, Copy)]
pub(super) struct Input<A> {
    pub(super) place: Moving<A>,
    /// 1, or 0 for one scalar per row.
    pub(super) unit: usize,
}

impl<A: Float> Input<A> {
    pub(super) const NONE: Input<A> = Input {
        place: Moving::NONE,
        unit: 0,
    };

    /// From a unit on.
    #[inline(always)]
    pub(super) fn operand(&self, now: &Now, unit: usize) -> Operand<A> {
        Operand {
            ptr: self.at(now, unit),
            row: self.place.row(),
            unit: self.unit,
        }
    }

    /// The place of a unit of the first row.
    #[inline(always)]
    pub(super) fn at(&self, now: &Now, unit: usize) -> *const A {
        let place = self.place.at(now).cast_const();
        place.wrapping_add(unit * self.unit)
    }

    /// Whether no result is an input.
    pub(super) fn apart(inputs: &[Input<A>], results: &[Moving<A>]) -> bool {
        let read = |result: &Moving<A>| inputs.iter().any(|input| input.place.same(result));
        !results.iter().any(read)
    }
}
