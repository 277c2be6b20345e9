//! Functions of matrices, element by element, and sums of what they give: one matrix per row.
//!
//! Takes: emitted scalar code, with operands that have one number for each element, line or column,
//! or one for the whole matrix. Gives: matrices, and sums over lines, columns or all elements. An
//! outer product is two of the operands, a product with a vector an operand and a sum: everything
//! that reads or writes a matrix at one time is one pass over it. Sums have a fixed order that
//! depends on sizes and the instruction set alone.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use super::{LINE, copy_some};
use core::ops::Add;

use super::number::Number;
use super::real::{Map, Real};
use super::vector::Vector;

/// What a value has a number for, in a function of matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// For each element.
    Element,
    /// For each line; a result is the sum over its columns.
    Line,
    /// For each column; a result is the sum over its lines.
    Column,
    /// For all elements together; a result is the sum of them.
    Matrix,
}

impl Per {
    /// How many numbers that is, of so many lines and columns.
    pub(super) const fn count(self, lines: usize, columns: usize) -> usize {
        match self {
            Per::Element => lines * columns,
            Per::Line => lines,
            Per::Column => columns,
            Per::Matrix => 1,
        }
    }

    /// The number for the first element of a line.
    pub(super) const fn first(self, line: usize, columns: usize) -> usize {
        match self {
            Per::Element => line * columns,
            Per::Line => line,
            Per::Column | Per::Matrix => 0,
        }
    }
}

/// An emitted function of matrices: what its arguments and results have numbers for.
pub trait MatrixMap<const I: usize, const O: usize>: Map<I, O> {
    /// Of each argument.
    const TAKES: [Per; I];
    /// Of each result.
    const GIVES: [Per; O];
}

/// Lines that are taken together: they share what columns have, and their sums are independent.
const TILE: usize = 4;

/// The part of a matrix that is walked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) lines: (usize, usize),
    /// All of them.
    pub(super) columns: usize,
    /// No result is an argument: an element may be computed twice.
    pub(super) apart: bool,
}

/// The function at all elements of one row's matrix.
///
/// # Safety
/// Arguments are readable and results writable at as many numbers as they have by `TAKES` and
/// `GIVES`. A result of elements may be an argument of elements; else they overlap nothing. `apart`
/// is set only if it is true. The processor has `V`'s instruction set.
#[inline(always)]
pub(super) unsafe fn walk<A: Number, V, F: MatrixMap<I, O>, const I: usize, const O: usize>(
    area: &Area,
    inputs: &[*const A; I],
    outputs: &[*mut A; O],
) where
    V: Vector<Number = A> + Real,
{
    let zero = V::all(V::Number::default());
    let mut sums = [zero; O];
    let tail = Tail::<V>::of(area);
    // SAFETY: every line exists.
    unsafe {
        for o in 0..O {
            if matches!(F::GIVES[o], Per::Column) {
                for column in 0..area.columns {
                    *outputs[o].add(column) = V::Number::default();
                }
            }
        }
        let mut line = area.lines.0;
        while line + TILE <= area.lines.1 {
            lines::<V, F, I, O, TILE>(area, &tail, line, inputs, outputs, &mut sums);
            line += TILE;
        }
        while line < area.lines.1 {
            lines::<V, F, I, O, 1>(area, &tail, line, inputs, outputs, &mut sums);
            line += 1;
        }
        for o in 0..O {
            if matches!(F::GIVES[o], Per::Matrix) {
                *outputs[o] = sums[o].total();
            }
        }
    }
}

/// Some lines from one of them on.
///
/// # Safety
/// As [`walk`]; the lines exist.
#[inline(always)]
unsafe fn lines<V, F: MatrixMap<I, O>, const I: usize, const O: usize, const R: usize>(
    area: &Area,
    tail: &Tail<V>,
    line: usize,
    inputs: &[*const V::Number; I],
    outputs: &[*mut V::Number; O],
    sums: &mut [V; O],
) where
    V: Vector<Number: Add<Output = V::Number>> + Real,
{
    let zero = V::all(V::Number::default());
    let mut same = [[zero; I]; R];
    let mut from = [[core::ptr::null(); I]; R];
    let mut to = [[core::ptr::null_mut(); O]; R];
    let mut of_lines = [[zero; O]; R];
    // SAFETY: the numbers of these lines exist.
    unsafe {
        for r in 0..R {
            for i in 0..I {
                from[r][i] = inputs[i].add(F::TAKES[i].first(line + r, area.columns));
                if matches!(F::TAKES[i], Per::Line | Per::Matrix) {
                    same[r][i] = V::all(*from[r][i]);
                }
            }
            for o in 0..O {
                to[r][o] = outputs[o].add(F::GIVES[o].first(line + r, area.columns));
            }
        }
        let mut column = 0;
        while column + V::LANES <= area.columns {
            let mut of_columns = [zero; O];
            for o in 0..O {
                if matches!(F::GIVES[o], Per::Column) {
                    of_columns[o] = V::load(outputs[o].add(column));
                }
            }
            let mut across = [zero; I];
            for i in 0..I {
                if matches!(F::TAKES[i], Per::Column) {
                    across[i] = V::load(inputs[i].add(column));
                }
            }
            for r in 0..R {
                let mut x = same[r];
                for i in 0..I {
                    match F::TAKES[i] {
                        Per::Element => x[i] = V::load(from[r][i].add(column)),
                        Per::Column => x[i] = across[i],
                        Per::Line | Per::Matrix => {}
                    }
                }
                let y = F::eval(x);
                for o in 0..O {
                    match F::GIVES[o] {
                        Per::Element => y[o].store(to[r][o].add(column)),
                        Per::Line => of_lines[r][o] = of_lines[r][o] + y[o],
                        Per::Column => of_columns[o] = of_columns[o] + y[o],
                        Per::Matrix => sums[o] = sums[o] + y[o],
                    }
                }
            }
            for o in 0..O {
                if matches!(F::GIVES[o], Per::Column) {
                    of_columns[o].store(outputs[o].add(column));
                }
            }
            column += V::LANES;
        }
        for r in 0..R {
            for o in 0..O {
                if matches!(F::GIVES[o], Per::Line) {
                    *to[r][o] = of_lines[r][o].total();
                }
            }
        }
        if column < area.columns {
            for r in line..line + R {
                tail.finish::<F, I, O>(area, r, inputs, outputs, sums);
            }
        }
    }
}

/// The last columns of a line, fewer than a register holds.
struct Tail<V: Vector> {
    /// Where the register begins, and how many of its numbers are new.
    column: usize,
    count: usize,
    /// Columns before them are computed again; otherwise they are copied to a register's place.
    again: bool,
    /// Above 0 where a number is new.
    new: V,
}

impl<V: Vector + Real> Tail<V> {
    #[inline(always)]
    fn of(area: &Area) -> Self {
        let count = area.columns % V::LANES;
        let again = area.apart && area.columns >= V::LANES;
        let mut ones = [V::Number::default(); 3 * LINE];
        let first = match again {
            true => LINE + count - V::LANES,
            false => LINE + V::LANES - count,
        };
        // SAFETY: a register has at most `LINE` numbers.
        let new = unsafe {
            V::num(1.0).store(ones.as_mut_ptr().add(LINE));
            V::load(ones.as_ptr().add(first))
        };
        Tail {
            column: area.columns - if again { V::LANES } else { count },
            count,
            again,
            new,
        }
    }

    /// The function there; sums of the line are added to.
    ///
    /// # Safety
    /// As [`walk`]; the line exists.
    #[inline(always)]
    unsafe fn finish<F: MatrixMap<I, O>, const I: usize, const O: usize>(
        &self,
        area: &Area,
        line: usize,
        inputs: &[*const V::Number; I],
        outputs: &[*mut V::Number; O],
        sums: &mut [V; O],
    ) where
        V::Number: Add<Output = V::Number>,
    {
        let zero = V::all(V::Number::default());
        let mut near = [V::Number::default(); LINE];
        let near = near.as_mut_ptr();
        let mut x = [zero; I];
        // SAFETY: `again`: a register of numbers ends with the line; otherwise `count` numbers do,
        // and `near` holds a register.
        unsafe {
            for i in 0..I {
                let mut at = inputs[i].add(F::TAKES[i].first(line, area.columns));
                x[i] = match F::TAKES[i] {
                    Per::Line | Per::Matrix => V::all(*at),
                    Per::Element | Per::Column => {
                        at = at.add(self.column);
                        if !self.again {
                            copy_some(at, near, self.count);
                            at = near;
                        }
                        V::load(at)
                    }
                };
            }
            let y = F::eval(x);
            for o in 0..O {
                let new = V::pick(self.new.gt(zero), y[o], zero);
                let to = outputs[o].add(F::GIVES[o].first(line, area.columns));
                let at = to.wrapping_add(self.column);
                match F::GIVES[o] {
                    Per::Line => *to = *to + new.total(),
                    Per::Matrix => sums[o] = sums[o] + new,
                    Per::Element if self.again => y[o].store(at),
                    Per::Element => {
                        y[o].store(near);
                        copy_some(near, at, self.count);
                    }
                    Per::Column if self.again => (V::load(at) + new).store(at),
                    Per::Column => {
                        copy_some(at, near, self.count);
                        (V::load(near) + new).store(near);
                        copy_some(near, at, self.count);
                    }
                }
            }
        }
    }
}
