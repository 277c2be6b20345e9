//! Element-wise functions on slots.

use std::iter;
use std::ops::Range;

use super::call::Kernel;
use super::input::Input;
use super::map::{Target, run};
use super::one_row::RowMap;
use super::plan::Moving;
use super::whole::{Compiled, kernel};
use super::{Float, LINE, Map};

impl<A: Float> Kernel<'_, A> {
    /// A fused element-wise function.
    pub fn map<M: Map<I, O>, const I: usize, const O: usize>(
        &mut self,
        inputs: &[usize; I],
        outputs: &[usize; O],
    ) {
        self.map_of(kernel::<A, M, I, O>(self.isa), inputs, outputs);
    }

    /// The one of a kernel. Nothing from here on depends on the function.
    fn map_of<const I: usize, const O: usize>(
        &mut self,
        kernel: Compiled<A>,
        inputs: &[usize; I],
        outputs: &[usize; O],
    ) {
        let Some(&first) = outputs.first() else {
            return;
        };
        let width = self.width(first);
        if self.team.is_some_and(|team| self.rows >= 4 * team.count) {
            return self.by_rows(|k| k.map_units(kernel, inputs, outputs, 0..width));
        }
        self.expect_apart(outputs, inputs.iter(), iter::empty());
        let units = self.share(width, LINE);
        self.map_units(kernel, inputs, outputs, units);
        self.meet();
    }

    /// The units `units` of a map.
    fn map_units<const I: usize, const O: usize>(
        &mut self,
        kernel: Compiled<A>,
        inputs: &[usize; I],
        outputs: &[usize; O],
        units: Range<usize>,
    ) {
        let width = outputs.first().map_or(0, |&first| self.width(first));
        let (start, count) = (units.start, units.len());
        let given: [Input<A>; I] = std::array::from_fn(|i| self.input(inputs[i], width));
        let results: [Moving<A>; O] = std::array::from_fn(|o| self.whole_result(outputs[o], width));
        let strides: [usize; I] = std::array::from_fn(|i| given[i].unit);
        let one = RowMap::new(kernel, count, strides, Input::apart(&given, &results));
        self.issue(move |now| {
            if now.rows == 1 && count > 0 {
                let from = std::array::from_fn(|i| given[i].at(now, start));
                let to: [_; O] = std::array::from_fn(|o| results[o].at(now).wrapping_add(start));
                // SAFETY: as below.
                return unsafe { one.run(&from, &to) };
            }
            let operands: [_; I] = std::array::from_fn(|i| given[i].operand(now, start));
            let targets: [_; O] = std::array::from_fn(|o| from_unit(results[o].target(now), start));
            // SAFETY: `input` and `whole_result` checked that rows and all units, of which these
            // are some, lie in the buffers; for the rest see `Kernel`.
            unsafe { run(kernel, (now.rows, count), &operands, &targets, false) }
        });
    }

    /// The same, its results added up over rows; the workers share the units.
    pub fn map_sum<M: Map<I, O>, const I: usize, const O: usize>(
        &mut self,
        inputs: &[usize; I],
        outputs: &[usize; O],
    ) {
        self.map_sum_of(kernel::<A, M, I, O>(self.isa), inputs, outputs);
    }

    /// The one of a kernel.
    fn map_sum_of<const I: usize, const O: usize>(
        &mut self,
        kernel: Compiled<A>,
        inputs: &[usize; I],
        outputs: &[usize; O],
    ) {
        let Some(&first) = outputs.first() else {
            return;
        };
        if self.refuse() {
            return;
        }
        self.expect_apart(outputs, inputs.iter(), iter::empty());
        let (width, now) = (self.width(first), &self.now());
        let units = self.share(width, LINE);
        let operands: [_; I] =
            std::array::from_fn(|i| self.input(inputs[i], width).operand(now, units.start));
        let targets: [_; O] =
            std::array::from_fn(|o| from_unit(self.summed(outputs[o], width), units.start));
        // SAFETY: `input` and `summed` checked that rows and all units, of which these are some,
        // lie in the buffers; workers add to different units. For the rest see `Kernel`.
        unsafe { run(kernel, (self.rows, units.len()), &operands, &targets, true) }
        self.meet();
    }
}

/// The place of a unit of a target.
#[inline]
fn from_unit<A>(target: Target<A>, unit: usize) -> Target<A> {
    Target {
        ptr: target.ptr.wrapping_add(unit),
        ..target
    }
}
