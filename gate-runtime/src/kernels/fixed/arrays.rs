//! Parts of arrays, and values side by side.

use super::super::Number;

/// The N elements from `FROM` on.
///
/// # Panics
/// If there are fewer.
#[inline(always)]
pub fn part<A, const FROM: usize, const N: usize>(of: &[A]) -> &[A; N] {
    match of.get(FROM..).and_then(<[A]>::first_chunk) {
        Some(part) => part,
        None => panic!("a part of its value"),
    }
}

/// Sets the N elements from `FROM` on.
///
/// # Panics
/// If there are fewer.
#[inline(always)]
pub fn put<A: Copy, const FROM: usize, const N: usize>(to: &mut [A], values: &[A; N]) {
    to[FROM..FROM + N].copy_from_slice(values);
}

/// The same with the N elements from `FROM` on set; for constants too.
#[must_use]
pub const fn placed<A: Copy, const FROM: usize, const N: usize, const L: usize>(
    mut to: [A; L],
    values: &[A; N],
) -> [A; L] {
    let mut i = 0;
    while i < N {
        to[FROM + i] = values[i];
        i += 1;
    }
    to
}

/// A scalar at N positions.
#[inline(always)]
pub fn spread<A: Copy, const N: usize>(of: &[A; 1]) -> [A; N] {
    [of[0]; N]
}

/// Elements as the rows of a matrix.
#[inline(always)]
pub fn matrix<A: Number, const L: usize, const M: usize, const N: usize>(
    of: &[A; L],
) -> [[A; N]; M] {
    let mut out = [[A::default(); N]; M];
    out.as_flattened_mut().copy_from_slice(of);
    out
}

/// Puts the newest of several past values in front; the oldest is forgotten.
#[inline(always)]
pub fn shift<T, const D: usize>(past: &mut [T; D], newest: T) {
    past.rotate_right(1);
    past[0] = newest;
}

/// Where a block of weights comes from and goes to: the place in each, its size, and whether its
/// rows are the source's columns.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// The first element in the source.
    pub start: usize,
    /// Elements from one row to the next in the source.
    pub k_stride: usize,
    /// Elements from one column to the next in the source.
    pub n_stride: usize,
    /// First row.
    pub k_offset: usize,
    /// First column.
    pub n_offset: usize,
    /// Rows.
    pub k: usize,
    /// Columns.
    pub n: usize,
}

/// Weights with a block copied in from a matrix of R rows and C columns; for constants too.
#[must_use]
pub const fn packed<A: Copy, const R: usize, const C: usize, const K: usize, const N: usize>(
    mut to: [[A; N]; K],
    from: &[[A; C]; R],
    cut: Cut,
) -> [[A; N]; K] {
    let mut k = 0;
    while k < cut.k {
        let mut n = 0;
        while n < cut.n {
            let i = cut.start + k * cut.k_stride + n * cut.n_stride;
            to[cut.k_offset + k][cut.n_offset + n] = from[i / C][i % C];
            n += 1;
        }
        k += 1;
    }
    to
}

/// The elements of a matrix, row by row; for constants too.
#[must_use]
pub const fn flat<A: Copy, const M: usize, const N: usize, const L: usize>(
    of: &[[A; N]; M],
) -> [A; L] {
    assert!(M * N == L, "as many elements as the matrix has");
    let mut out = [of[0][0]; L];
    let mut i = 0;
    while i < L {
        out[i] = of[i / N][i % N];
        i += 1;
    }
    out
}
