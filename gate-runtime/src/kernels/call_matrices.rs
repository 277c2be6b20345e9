//! Functions of matrices on slots, and their instances for each instruction set.

use super::Float;
use super::call::Kernel;
use super::isa::instances;
use super::map::{Operand, Target, map_sum};
use super::matrix::{Area, MatrixMap, Per, walk};
use super::plan::{Moving, Now};
use crate::info::Extent;

/// A compiled function of one row's matrix.
///
/// # Safety
/// As [`walk`], for the instruction set.
type Walk<A, const I: usize, const O: usize> = unsafe fn(&Area, &[*const A; I], &[*mut A; O]);

instances! {
    /// The instance for an instruction set.
    pub(super) fn instance<A, F: MatrixMap, I, O>(
        area: &Area, inputs: &[*const A; I], outputs: &[*mut A; O]
    ) -> Walk<A, I, O> = walk with Half
}

impl<A: Float> Kernel<'_, A> {
    /// A fused function of matrices of so many lines and columns, with sums of its results.
    pub fn matrix<F: MatrixMap<I, O>, const I: usize, const O: usize>(
        &mut self,
        lines: Extent,
        columns: Extent,
        inputs: &[usize; I],
        outputs: &[usize; O],
    ) {
        let size = (lines.of(self.sizes), columns.of(self.sizes));
        // Then no number of elements overflows.
        assert!(
            size.0.checked_mul(size.1).is_some(),
            "a matrix of some size"
        );
        // Sums over lines have one order; their columns would be torn apart.
        let lines_alone = F::GIVES
            .iter()
            .all(|per| matches!(per, Per::Element | Per::Line));
        if lines_alone && self.team.is_none_or(|team| self.rows < 4 * team.count) {
            self.expect_lines_apart::<F, I, O>(inputs, outputs);
            let part = self.share(size.0, 1);
            self.matrix_lines::<F, I, O>(size, (part.start, part.end), inputs, outputs);
            return self.meet();
        }
        self.by_rows(|k| k.matrix_lines::<F, I, O>(size, (0, size.0), inputs, outputs));
    }

    /// [`Kernel::expect_apart`], of workers that share the lines: all read all of what columns have.
    fn expect_lines_apart<F: MatrixMap<I, O>, const I: usize, const O: usize>(
        &self,
        inputs: &[usize; I],
        outputs: &[usize; O],
    ) {
        let of_lines = |per: Per| matches!(per, Per::Element | Per::Line);
        let each = || inputs.iter().zip(F::TAKES);
        let own = each().filter(|&(_, per)| of_lines(per));
        let whole = each().filter(|&(_, per)| !of_lines(per));
        self.expect_apart(
            outputs,
            own.map(|(slot, _)| slot),
            whole.map(|(slot, _)| slot),
        );
    }

    /// Some lines of a function of matrices.
    fn matrix_lines<F: MatrixMap<I, O>, const I: usize, const O: usize>(
        &mut self,
        (all, columns): (usize, usize),
        lines: (usize, usize),
        inputs: &[usize; I],
        outputs: &[usize; O],
    ) {
        let given: [Moving<A>; I] =
            std::array::from_fn(|i| self.whole(inputs[i], F::TAKES[i].count(all, columns)));
        let results: [Moving<A>; O] =
            std::array::from_fn(|o| self.whole_result(outputs[o], F::GIVES[o].count(all, columns)));
        let run = instance::<A, F, I, O>(self.isa);
        self.issue(move |now: &Now| {
            let from: [_; I] = std::array::from_fn(|i| given[i].rows(now));
            let to: [_; O] = std::array::from_fn(|o| results[o].target(now));
            let read = |target: &Target<A>| from.iter().any(|x| x.ptr == target.ptr.cast_const());
            let area = Area {
                lines,
                columns,
                apart: !to.iter().any(read),
            };
            for row in 0..now.rows {
                let inputs = from.map(|x| x.ptr.wrapping_add(row * x.row));
                let outputs = to.map(|y| y.ptr.wrapping_add(row * y.row));
                // SAFETY: `whole` checked sizes and places; the lines are this worker's. For the
                // rest see `Kernel`.
                unsafe { run(&area, &inputs, &outputs) }
            }
        });
    }

    /// The same, its results added up over rows; the workers share the lines.
    pub fn matrix_sum<F: MatrixMap<I, O>, const I: usize, const O: usize>(
        &mut self,
        lines: Extent,
        columns: Extent,
        inputs: &[usize; I],
        outputs: &[usize; O],
    ) {
        if self.refuse() {
            return;
        }
        let (all, columns) = (lines.of(self.sizes), columns.of(self.sizes));
        assert!(all.checked_mul(columns).is_some(), "a matrix of some size");
        self.expect_lines_apart::<F, I, O>(inputs, outputs);
        let now = &self.now();
        let from: [_; I] = std::array::from_fn(|i| {
            self.whole(inputs[i], F::TAKES[i].count(all, columns))
                .rows(now)
        });
        let to: [_; O] = std::array::from_fn(|o| self.summed(outputs[o], all * columns));
        for line in self.share(all, 1) {
            let operands = std::array::from_fn(|i| Operand {
                ptr: from[i].ptr.wrapping_add(F::TAKES[i].first(line, columns)),
                row: from[i].row,
                unit: match F::TAKES[i] {
                    Per::Element | Per::Column => 1,
                    Per::Line | Per::Matrix => 0,
                },
            });
            let targets = to.map(|y| Target {
                ptr: y.ptr.wrapping_add(line * columns),
                row: y.row,
            });
            // SAFETY: `whole` and `summed` checked sizes and places; the lines are this worker's.
            // For the rest see `Kernel`.
            unsafe { map_sum::<A, F, I, O>(self.isa, self.rows, columns, &operands, &targets) }
        }
        self.meet();
    }
}
