//! Products of two matrices of each row: of parameters alone, once per sequence.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use super::float::Float;
use super::isa::for_each_isa;
use super::map::Target;
use super::real::Mode;
use super::rows::Rows;
use super::vector::Vector;

/// Lines of a tile.
const LINES: usize = 4;

for_each_isa! {
    /// `out[row] = a[row] · b[row]` for matrices of m × k and k × n elements. Every sum has the
    /// order of k.
    ///
    /// # Safety
    /// The processor has `isa`; operands and `out` exist at `rows` rows, and do not overlap.
    pub unsafe fn matrix_matrix(
        rows: usize, m: usize, k: usize, n: usize, a: Rows<A>, b: Rows<A>, out: Target<A>,
    ) for A = matrix_matrix_body
}

/// # Safety
/// As [`matrix_matrix`].
#[inline(always)]
unsafe fn matrix_matrix_body<A: Float, M: Mode>(
    rows: usize,
    m: usize,
    k: usize,
    n: usize,
    a: Rows<A>,
    b: Rows<A>,
    out: Target<A>,
) {
    for r in 0..rows {
        // SAFETY: row r exists, with m · k, k · n and m · n elements.
        unsafe {
            let (a, b, out) = (
                a.ptr.add(r * a.row),
                b.ptr.add(r * b.row),
                out.ptr.add(r * out.row),
            );
            let mut i = 0;
            while i + LINES <= m {
                lines::<A, M, LINES>(k, n, a.add(i * k), b, out.add(i * n));
                i += LINES;
            }
            while i < m {
                lines::<A, M, 1>(k, n, a.add(i * k), b, out.add(i * n));
                i += 1;
            }
        }
    }
}

/// R lines of the result.
///
/// # Safety
/// As [`matrix_matrix`], of R lines of `a` and `out`.
#[inline(always)]
unsafe fn lines<A: Float, M: Mode, const R: usize>(
    k: usize,
    n: usize,
    a: *const A,
    b: *const A,
    out: *mut A,
) {
    let lanes = M::Vector::<A>::LANES;
    // So many registers of each line as there is room for their sums.
    const {
        assert!(
            matches!(M::Vector::<A>::SUMS, 8 | 16),
            "a tile for as many sums"
        )
    };
    let wide = M::Vector::<A>::SUMS / LINES * lanes;
    let mut j = 0;
    // SAFETY: j stays within the columns.
    unsafe {
        while j + wide <= n {
            match const { M::Vector::<A>::SUMS } {
                16 => tile::<M::Vector<A>, R, 4>((k, n), a, b.add(j), out.add(j)),
                _ => tile::<M::Vector<A>, R, 2>((k, n), a, b.add(j), out.add(j)),
            }
            j += wide;
        }
        while j + lanes <= n {
            tile::<M::Vector<A>, R, 1>((k, n), a, b.add(j), out.add(j));
            j += lanes;
        }
        while j < n {
            for r in 0..R {
                let mut sum = A::ZERO;
                for p in 0..k {
                    sum = M::mul_add(*a.add(r * k + p), *b.add(p * n + j), sum);
                }
                *out.add(r * n + j) = sum;
            }
            j += 1;
        }
    }
}

/// R lines and W registers of columns of the result.
///
/// # Safety
/// As [`lines`]; the columns exist, and the processor has `V`'s instruction set.
#[inline(always)]
unsafe fn tile<V: Vector, const R: usize, const W: usize>(
    (k, n): (usize, usize),
    a: *const V::Number,
    b: *const V::Number,
    out: *mut V::Number,
) {
    let mut sums = [[V::all(V::Number::default()); W]; R];
    // SAFETY: the caller's lines and columns exist.
    unsafe {
        for p in 0..k {
            let mut row = [V::all(V::Number::default()); W];
            for w in 0..W {
                row[w] = V::load(b.add(p * n + w * V::LANES));
            }
            for r in 0..R {
                let factor = V::all(*a.add(r * k + p));
                for w in 0..W {
                    sums[r][w] = factor.mul_add(row[w], sums[r][w]);
                }
            }
        }
        for r in 0..R {
            for w in 0..W {
                sums[r][w].store(out.add(r * n + w * V::LANES));
            }
        }
    }
}
