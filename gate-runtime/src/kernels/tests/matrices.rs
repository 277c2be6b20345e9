//! Functions of matrices, with operands and results of every sort.

#![allow(clippy::needless_range_loop)]

use super::super::call_matrices::instance;
use super::super::matrix::{Area, MatrixMap, Per};
use super::super::{Float, Isa, Map, Real};
use super::{assert_near, numbers, sets, tolerance};

struct Function;

impl Map<4, 5> for Function {
    #[inline(always)]
    fn eval<V: Real>([e, l, c, m]: [V; 4]) -> [V; 5] {
        // Where there is no number, each of these is one all the same: it must not reach a sum.
        let one = V::num(1.0);
        [m / e, l * c + one, e * c + one, e * l + one, e - c]
    }
}

impl MatrixMap<4, 5> for Function {
    const TAKES: [Per; 4] = [Per::Element, Per::Line, Per::Column, Per::Matrix];
    const GIVES: [Per; 5] = [
        Per::Element,
        Per::Line,
        Per::Column,
        Per::Matrix,
        Per::Element,
    ];
}

/// Guards after each result, which nothing may touch.
const GUARD: f64 = 7.0;

pub(super) fn check<A: Float>(isa: Isa, lines: usize, columns: usize, apart: bool) {
    let all = lines * columns;
    let (element, of_lines, of_columns, one) = (
        numbers::<A>(all, 1),
        numbers::<A>(lines, 2),
        numbers::<A>(columns, 3),
        numbers::<A>(1, 4),
    );
    let guard = A::from_f64(GUARD);
    let mut given = element.clone();
    let place = |n: usize| vec![guard; n + 1];
    let mut whole = place(all);
    let (mut line, mut column, mut sum, mut last) =
        (place(lines), place(columns), place(1), place(all));
    let out = match apart {
        true => whole.as_mut_ptr(),
        false => given.as_mut_ptr(),
    };
    let area = Area {
        lines: (0, lines),
        columns,
        apart,
    };
    let inputs = [
        given.as_ptr(),
        of_lines.as_ptr(),
        of_columns.as_ptr(),
        one.as_ptr(),
    ];
    let outputs = [
        out,
        line.as_mut_ptr(),
        column.as_mut_ptr(),
        sum.as_mut_ptr(),
        last.as_mut_ptr(),
    ];
    // SAFETY: every value has its numbers; the first result is another value, or the first operand.
    unsafe { instance::<A, Function, 4, 5>(isa)(&area, &inputs, &outputs) };
    let at = |i: usize, j: usize| element[i * columns + j].to_f64();
    let (l, c, m) = (
        |i: usize| of_lines[i].to_f64(),
        |j: usize| of_columns[j].to_f64(),
        one[0].to_f64(),
    );
    let near = |found: A, expected: f64, terms: usize, what: &str| {
        let place = (what, isa, lines, columns, apart);
        assert_near(found, expected, tolerance::<A>(terms), place);
    };
    let whole = if apart { &whole } else { &given };
    for i in 0..lines {
        for j in 0..columns {
            let k = i * columns + j;
            let scale = 1.0f64.max((m / at(i, j)).abs());
            near(
                A::from_f64(whole[k].to_f64() / scale),
                m / at(i, j) / scale,
                1,
                "element",
            );
            near(last[k], at(i, j) - c(j), 1, "last");
        }
        let terms = (0..columns).map(|j| l(i) * c(j) + 1.0);
        near(line[i], terms.sum(), 4 * columns * columns, "line");
    }
    for j in 0..columns {
        let terms = (0..lines).map(|i| at(i, j) * c(j) + 1.0);
        near(column[j], terms.sum(), 4 * lines * lines, "column");
    }
    let terms = (0..all).map(|k| at(k / columns, k % columns) * l(k / columns) + 1.0);
    near(sum[0], terms.sum(), 4 * all * all, "matrix");
    for (values, n) in [(&line, lines), (&column, columns), (&sum, 1), (&last, all)] {
        assert_eq!(values[n].to_f64(), GUARD, "{isa:?} {lines} {columns}");
    }
}

#[test]
fn every_operand_and_result_is_right_at_any_size() {
    for isa in sets() {
        for lines in [1, 3, 4, 9] {
            for columns in [1, 2, 3, 7, 8, 15, 16, 17, 33] {
                for apart in [true, false] {
                    check::<f32>(isa, lines, columns, apart);
                    check::<f64>(isa, lines, columns, apart);
                }
            }
        }
    }
}
