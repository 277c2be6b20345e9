//! Operations within rows.

use super::super::{
    Block, Float, Isa, Rows, Target, copy_block, cumsum, identity, largest, matrix_matrix,
    matrix_vector, matrix_vector_transposed, outer, sum, transpose,
};
use super::{assert_near, numbers, sets, tolerance};

const ROWS: usize = 3;

/// A buffer of rows, one element apart; shared by all rows if `shared`.
struct Data<A> {
    elements: Vec<A>,
    row: usize,
}

impl<A: Float> Data<A> {
    fn new(n: usize, shared: bool, seed: u64) -> Self {
        let row = if shared { 0 } else { n + 1 };
        Data {
            elements: numbers(ROWS * (n + 1), seed),
            row,
        }
    }

    fn rows(&self) -> Rows<A> {
        Rows {
            ptr: self.elements.as_ptr(),
            row: self.row,
        }
    }

    fn target(&mut self) -> Target<A> {
        Target {
            ptr: self.elements.as_mut_ptr(),
            row: self.row,
        }
    }

    fn at(&self, r: usize, i: usize) -> f64 {
        self.elements[r * self.row + i].to_f64()
    }
}

fn check<A: Float>(
    out: &Data<A>,
    n: usize,
    terms: usize,
    place: impl std::fmt::Debug,
    expected: impl Fn(usize, usize) -> f64,
) {
    for r in 0..ROWS {
        for i in 0..n {
            let found = out.elements[r * out.row + i];
            assert_near(found, expected(r, i), tolerance::<A>(terms), (&place, r, i));
        }
    }
}

pub(super) fn check_vectors<A: Float>(isa: Isa, n: usize) {
    for shared in [false, true] {
        let x = Data::<A>::new(n, shared, 1);
        let mut out = Data::<A>::new(1, false, 2);
        // SAFETY: every buffer has `ROWS` rows.
        unsafe { sum(isa, ROWS, n, x.rows(), out.target()) };
        check(&out, 1, n, ("sum", isa, n), |r, _| {
            (0..n).map(|i| x.at(r, i)).sum()
        });
        // SAFETY: as above.
        unsafe { largest(isa, ROWS, n, x.rows(), out.target()) };
        let most = |r: usize| (0..n).map(|i| x.at(r, i)).fold(f64::NEG_INFINITY, f64::max);
        check(&out, 1, 0, ("largest", isa, n), |r, _| most(r));
        let mut out = Data::<A>::new(n, false, 3);
        for reversed in [false, true] {
            // SAFETY: as above.
            unsafe { cumsum(isa, ROWS, n, reversed, x.rows(), out.target()) };
            let part = |i: usize| if reversed { i..n } else { 0..i + 1 };
            check(&out, n, n, ("cumsum", isa, n, reversed), |r, i| {
                part(i).map(|j| x.at(r, j)).sum()
            });
        }
    }
}

pub(super) fn check_matrices<A: Float>(isa: Isa, m: usize, n: usize) {
    for shared in [false, true] {
        let (a, u, v) = (
            Data::<A>::new(m * n, shared, 1),
            Data::<A>::new(m, false, 2),
            Data::<A>::new(n, shared, 3),
        );
        let place = (isa, m, n, shared);
        let (mut out_mn, mut out_m, mut out_n) = (
            Data::<A>::new(m * n, false, 4),
            Data::<A>::new(m, false, 5),
            Data::<A>::new(n, false, 6),
        );
        // SAFETY: every buffer has `ROWS` rows of its size.
        unsafe { outer(isa, ROWS, m, n, u.rows(), v.rows(), out_mn.target()) };
        check(&out_mn, m * n, 1, place, |r, i| {
            u.at(r, i / n) * v.at(r, i % n)
        });
        // SAFETY: as above.
        unsafe { transpose(isa, ROWS, m, n, a.rows(), out_mn.target()) };
        check(&out_mn, m * n, 0, place, |r, i| a.at(r, i % m * n + i / m));
        // SAFETY: as above.
        unsafe { matrix_vector(isa, ROWS, m, n, a.rows(), v.rows(), out_m.target()) };
        let dot = |r: usize, i: usize| (0..n).map(|j| a.at(r, i * n + j) * v.at(r, j)).sum();
        check(&out_m, m, n, place, dot);
        // SAFETY: as above.
        unsafe { matrix_vector_transposed(isa, ROWS, m, n, a.rows(), u.rows(), out_n.target()) };
        let dot = |r: usize, j: usize| (0..m).map(|i| a.at(r, i * n + j) * u.at(r, i)).sum();
        check(&out_n, n, m, place, dot);
        for columns in [1, 5, 16, 77] {
            let b = Data::<A>::new(n * columns, false, 7);
            let mut out = Data::<A>::new(m * columns, false, 8);
            let (left, right, to) = (a.rows(), b.rows(), out.target());
            // SAFETY: as above.
            unsafe { matrix_matrix(isa, ROWS, m, n, columns, left, right, to) };
            check(&out, m * columns, n, (place, columns), |r, at| {
                let (i, c) = (at / columns, at % columns);
                let terms = (0..n).map(|j| a.at(r, i * n + j) * b.at(r, j * columns + c));
                terms.sum()
            });
        }
    }
}

#[test]
fn vectors_and_matrices_in_rows() {
    for isa in sets() {
        for n in [0, 1, 3, 17, 33, 100] {
            check_vectors::<f32>(isa, n);
            check_vectors::<f64>(isa, n);
        }
        for (m, n) in [(1, 1), (3, 17), (33, 3), (17, 33), (4, 0)] {
            check_matrices::<f32>(isa, m, n);
            check_matrices::<f64>(isa, m, n);
        }
    }
}

#[test]
fn the_largest_of_nan_is_nan() {
    const N: usize = 37;
    for isa in sets() {
        for at in 0..N {
            let mut x = [1.0f32; N];
            x[at] = f32::NAN;
            let mut y = 0.0;
            let out = Target {
                ptr: &raw mut y,
                row: 1,
            };
            // SAFETY: one row of so many elements.
            unsafe {
                largest(
                    isa,
                    1,
                    N,
                    Rows {
                        ptr: x.as_ptr(),
                        row: N,
                    },
                    out,
                )
            };
            assert!(y.is_nan(), "{isa:?} {at}");
        }
    }
}

#[test]
fn identities() {
    let mut out = Data::<f64>::new(9, false, 1);
    // SAFETY: `ROWS` rows of nine elements.
    unsafe { identity(ROWS, 3, out.target()) };
    check(
        &out,
        9,
        0,
        "identity",
        |_, i| if i % 4 == 0 { 1.0 } else { 0.0 },
    );
}

#[test]
fn blocks_are_cut_and_padded() {
    let x = Data::<f32>::new(12, false, 1);
    // The upper left 2 × 3 of 3 × 4, to 3 × 4 in lines of 5; then 3 × 4 cut to 2 × 2.
    for (size, to) in [((2, 3), (3, 4)), ((3, 4), (2, 2))] {
        let mut out = Data::<f32>::new(15, false, 2);
        let before = Data::<f32>::new(15, false, 2);
        let block = Block {
            height: size.0,
            width: size.1,
            from_line: 4,
            to_line: 5,
            to_height: to.0,
            to_width: to.1,
        };
        // SAFETY: both have room for their blocks.
        unsafe { copy_block(ROWS, block, x.rows(), out.target()) };
        check(&out, 15, 0, (size, to), |r, at| {
            let (line, column) = (at / 5, at % 5);
            if line >= to.0 || column >= to.1 {
                before.at(r, at)
            } else if line < size.0 && column < size.1 {
                x.at(r, line * 4 + column)
            } else {
                0.0
            }
        });
    }
}
