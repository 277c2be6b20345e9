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
    ) -> Walk<A, I, O> = walk
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
        // Sums over lines have one order; their columns would be torn apart.
        let lines_alone = F::GIVES
            .iter()
            .all(|per| matches!(per, Per::Element | Per::Line));
        if lines_alone && self.team.is_none_or(|team| self.rows < 4 * team.count) {
            let part = self.share(size.0, 1);
            self.matrix_lines::<F, I, O>(size, (part.start, part.end), inputs, outputs);
            return self.meet();
        }
        self.by_rows(|k| k.matrix_lines::<F, I, O>(size, (0, size.0), inputs, outputs));
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
            std::array::from_fn(|o| self.whole(outputs[o], F::GIVES[o].count(all, columns)));
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
                // SAFETY: `whole` checked that all rows lie in their buffers; these are apart, or
                // the same.
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
        let now = &self.now();
        let from: [_; I] = std::array::from_fn(|i| {
            self.whole(inputs[i], F::TAKES[i].count(all, columns))
                .rows(now)
        });
        let to: [_; O] = std::array::from_fn(|o| self.whole(outputs[o], all * columns).target(now));
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
            // SAFETY: the buffers hold all rows of all lines.
            unsafe { map_sum::<A, F, I, O>(self.isa, self.rows, columns, &operands, &targets) }
        }
        self.meet();
    }
}
