//! Operands of element-wise functions, which move from step to step.

use super::Float;
use super::lanes::View;
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
            ptr: self.place.at(now).wrapping_add(unit * self.unit),
            row: self.place.row(),
            unit: self.unit,
        }
    }

    #[inline(always)]
    pub(super) fn view(&self, now: &Now, unit: usize) -> View<A> {
        let Operand { ptr, row, unit } = self.operand(now, unit);
        View {
            ptr: ptr.cast_mut(),
            row,
            unit,
        }
    }
}
