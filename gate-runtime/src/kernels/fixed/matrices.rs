//! Reductions, and matrices that are values, not weights. Row by row, without gaps.

use super::super::matrix::{Area, walk};
use super::super::{MatrixMap, Mode, Number, Per};

/// Partial sums, so that a sum is no single chain: as many as a vector of `f32` has elements.
const LANES: usize = 16;

/// Adds up partial sums, by halves.
#[inline(always)]
fn total<A: Number>(mut sums: [A; LANES]) -> A {
    let mut half = LANES / 2;
    while half > 0 {
        for l in 0..half {
            sums[l] += sums[l + half];
        }
        half /= 2;
    }
    sums[0]
}

/// Σ x[i] · y[i].
#[inline(always)]
fn dot<M: Mode, A: Number, const N: usize>(x: &[A; N], y: &[A]) -> A {
    let mut sums = [A::default(); LANES];
    for n in 0..N {
        sums[n % LANES] = M::mul_add(x[n], y[n], sums[n % LANES]);
    }
    total(sums)
}

/// Sum of the elements.
#[inline(always)]
pub fn sum<A: Number, const N: usize>(of: &[A; N]) -> [A; 1] {
    let mut sums = [A::default(); LANES];
    for n in 0..N {
        sums[n % LANES] += of[n];
    }
    [total(sums)]
}

/// The largest of the elements; NaN if one of them is.
#[inline(always)]
#[allow(clippy::eq_op)]
pub fn largest<A: Number, const N: usize>(of: &[A; N]) -> [A; 1] {
    let mut most = A::convert(f64::NEG_INFINITY);
    for n in 0..N {
        // Once NaN, no comparison is true.
        let is_nan = of[n] != of[n];
        most = if of[n] > most || is_nan { of[n] } else { most };
    }
    [most]
}

/// Each element with all before it added, or with all after it.
#[inline(always)]
pub fn cumsum<A: Number, const N: usize>(of: &[A; N], reversed: bool) -> [A; N] {
    let mut out = [A::default(); N];
    let mut sum = A::default();
    for k in 0..N {
        let n = if reversed { N - 1 - k } else { k };
        sum += of[n];
        out[n] = sum;
    }
    out
}

/// `left rightᵀ`, of L elements.
#[inline(always)]
pub fn outer<A: Number, const M: usize, const N: usize, const L: usize>(
    left: &[A; M],
    right: &[A; N],
) -> [A; L] {
    let mut out = [A::default(); L];
    for m in 0..M {
        for n in 0..N {
            out[m * N + n] = left[m] * right[n];
        }
    }
    out
}

/// A matrix of M rows and N columns times a vector.
#[inline(always)]
pub fn mat_vec<M: Mode, A: Number, const R: usize, const N: usize, const L: usize>(
    matrix: &[A; L],
    vector: &[A; N],
) -> [A; R] {
    let mut out = [A::default(); R];
    for r in 0..R {
        out[r] = dot::<M, A, N>(vector, &matrix[r * N..(r + 1) * N]);
    }
    out
}

/// The transpose of a matrix of R rows and N columns times a vector.
#[inline(always)]
pub fn mat_vec_transposed<M: Mode, A: Number, const R: usize, const N: usize, const L: usize>(
    matrix: &[A; L],
    vector: &[A; R],
) -> [A; N] {
    let mut out = [A::default(); N];
    for r in 0..R {
        for n in 0..N {
            out[n] = M::mul_add(vector[r], matrix[r * N + n], out[n]);
        }
    }
    out
}

/// An operand of a function of matrices.
#[derive(Clone, Copy, Debug)]
pub enum Operand<'a, A> {
    /// A value.
    Of(&'a [A]),
    /// What stands in the place of a result, element by element, before it is replaced.
    Replaced(usize),
}

/// A fused function of matrices of so many lines and columns, with sums of its results.
///
/// # Panics
/// If a value has fewer numbers than its place in the function asks for, or what is replaced is not
/// taken and given element by element.
#[inline(always)]
pub fn by_elements<M: Mode, A: Number, F: MatrixMap<I, O>, const I: usize, const O: usize>(
    (lines, columns): (usize, usize),
    inputs: [Operand<'_, A>; I],
    outputs: [&mut [A]; O],
) {
    // Then no number of elements overflows.
    assert!(
        lines.checked_mul(columns).is_some(),
        "a matrix of some size"
    );
    let (mut from, mut to) = ([core::ptr::null(); I], [core::ptr::null_mut(); O]);
    for o in 0..O {
        let count = F::GIVES[o].count(lines, columns);
        assert!(outputs[o].len() >= count, "a result's size");
        to[o] = outputs[o].as_mut_ptr();
    }
    let mut apart = true;
    for i in 0..I {
        from[i] = match inputs[i] {
            Operand::Of(values) => {
                let count = F::TAKES[i].count(lines, columns);
                assert!(values.len() >= count, "an operand's size");
                values.as_ptr()
            }
            Operand::Replaced(o) => {
                let elements = [F::TAKES[i], F::GIVES[o]];
                assert!(
                    elements == [Per::Element; 2],
                    "an element in an element's place"
                );
                apart = false;
                to[o].cast_const()
            }
        };
    }
    let area = Area {
        lines: (0, lines),
        columns,
        apart,
    };
    // SAFETY: the sizes were checked; results are borrowed for writing, and so apart from all other
    // values; what is replaced is read at the same element, before it is written. The processor has
    // `M`'s registers, because `dispatch` chose it, or they are the `Narrow` ones, the only ones that
    // other crates can name.
    unsafe { walk::<A, M::Vector<A>, F, I, O>(&area, &from, &to) }
}

/// A product of two matrices, of R rows, of `inner`, of N columns.
#[inline(always)]
pub fn mat_mat<M: Mode, A: Number, const P: usize, const Q: usize, const L: usize>(
    left: &[A; P],
    right: &[A; Q],
    (inner, columns): (usize, usize),
) -> [A; L] {
    let mut out = [A::default(); L];
    for i in 0..L {
        let (r, c) = (i / columns, i % columns);
        for k in 0..inner {
            out[i] = M::mul_add(left[r * inner + k], right[k * columns + c], out[i]);
        }
    }
    out
}

/// The transpose of a matrix with so many columns.
#[inline(always)]
pub fn transpose<A: Number, const L: usize>(of: &[A; L], columns: usize) -> [A; L] {
    let mut out = [A::default(); L];
    let rows = L / columns;
    for i in 0..L {
        out[i] = of[i % rows * columns + i / rows];
    }
    out
}

/// The identity.
#[inline(always)]
pub fn identity<A: Number, const L: usize>(columns: usize) -> [A; L] {
    let mut out = [A::default(); L];
    for i in 0..columns {
        out[i * columns + i] = A::convert(1.0);
    }
    out
}

/// Columns of a matrix of `columns` columns, from one of them on.
#[inline(always)]
pub fn take_columns<A: Number, const P: usize, const L: usize>(
    of: &[A; P],
    (columns, from, width): (usize, usize, usize),
) -> [A; L] {
    let mut out = [A::default(); L];
    for i in 0..L {
        out[i] = of[i / width * columns + from + i % width];
    }
    out
}

/// Puts a matrix of `width` columns into one of `columns` columns, from one of them on.
#[inline(always)]
pub fn put_columns<A: Number, const P: usize, const L: usize>(
    mut to: [A; L],
    of: &[A; P],
    (columns, from, width): (usize, usize, usize),
) -> [A; L] {
    for i in 0..P {
        to[i / width * columns + from + i % width] = of[i];
    }
    to
}
