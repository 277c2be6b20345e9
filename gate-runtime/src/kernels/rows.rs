//! Operations within each row on small matrices, and copies.
//!
//! Matrices are row-major without gaps. Sums have a fixed order that depends on sizes alone.

// Iterators' adapters and closures would be compiled without the target's features; every body
// has a mode, as `for_each_isa` asks.
#![allow(clippy::needless_range_loop, clippy::extra_unused_type_parameters)]

use super::LINE;
use super::float::Float;
use super::isa::for_each_isa;
use super::map::Target;
use super::real::Mode;
use super::reduce::reduce;

/// An operand with one vector or matrix per row.
#[derive(Clone, Copy, Debug)]
pub struct Rows<A> {
    /// Its first element.
    pub ptr: *const A,
    /// Elements between rows; 0 where all rows share one.
    pub row: usize,
}

/// A block to copy: rows of `height` lines of `width` elements.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// Lines of the source.
    pub height: usize,
    /// Elements of a line of the source.
    pub width: usize,
    /// Elements from one line of the source to the next.
    pub from_line: usize,
    /// Elements from one line of the target to the next.
    pub to_line: usize,
    /// Lines of the target; those that the source lacks become 0.
    pub to_height: usize,
    /// Elements of a line of the target; those that the source lacks become 0.
    pub to_width: usize,
}

impl Block {
    /// One line of so many elements, as it is.
    pub(super) fn line(width: usize) -> Block {
        Block {
            height: 1,
            width,
            from_line: width,
            to_line: width,
            to_height: 1,
            to_width: width,
        }
    }
}

/// `to[i] += factor · x[i]`.
///
/// # Safety
/// `x` is readable, `to` readable and writable at n elements; they do not overlap.
#[inline(always)]
unsafe fn add_scaled<A: Float, M: Mode>(n: usize, factor: A, x: *const A, to: *mut A) {
    let mut i = 0;
    // SAFETY: i stays below n.
    unsafe {
        while i + LINE <= n {
            let a = *x.add(i).cast::<[A; LINE]>();
            let mut y = *to.add(i).cast::<[A; LINE]>();
            for l in 0..LINE {
                y[l] = M::mul_add(factor, a[l], y[l]);
            }
            *to.add(i).cast::<[A; LINE]>() = y;
            i += LINE;
        }
        while i < n {
            *to.add(i) = M::mul_add(factor, *x.add(i), *to.add(i));
            i += 1;
        }
    }
}

/// # Safety
/// `to` is writable at n elements.
#[inline(always)]
unsafe fn fill<A: Float>(n: usize, value: A, to: *mut A) {
    for i in 0..n {
        // SAFETY: `to` has n elements.
        unsafe { *to.add(i) = value };
    }
}

for_each_isa! {
    /// `out[row][i][j] = u[row][i] · v[row][j]`, an m × n matrix per row.
    ///
    /// # Safety
    /// The processor has `isa`; operands and `out` exist at `rows` rows, and do not overlap.
    pub unsafe fn outer(rows: usize, m: usize, n: usize, u: Rows<A>, v: Rows<A>, out: Target<A>)
        for A = outer_body
}

/// # Safety
/// As [`outer`].
#[inline(always)]
unsafe fn outer_body<A: Float, M: Mode>(
    rows: usize,
    m: usize,
    n: usize,
    u: Rows<A>,
    v: Rows<A>,
    out: Target<A>,
) {
    for r in 0..rows {
        for i in 0..m {
            // SAFETY: row r exists, with m, n and m · n elements.
            unsafe {
                let factor = *u.ptr.add(r * u.row + i);
                let v = v.ptr.add(r * v.row);
                let out = out.ptr.add(r * out.row + i * n);
                for j in 0..n {
                    *out.add(j) = factor * *v.add(j);
                }
            }
        }
    }
}

for_each_isa! {
    /// `out[row][i] = Σⱼ matrix[row][i][j] · x[row][j]`, an m × n matrix per row.
    ///
    /// # Safety
    /// The processor has `isa`; operands and `out` exist at `rows` rows, and do not overlap.
    pub unsafe fn matrix_vector(
        rows: usize, m: usize, n: usize, matrix: Rows<A>, x: Rows<A>, out: Target<A>,
    ) for A = matrix_vector_body
}

/// # Safety
/// As [`matrix_vector`].
#[inline(always)]
unsafe fn matrix_vector_body<A: Float, M: Mode>(
    rows: usize,
    m: usize,
    n: usize,
    matrix: Rows<A>,
    x: Rows<A>,
    out: Target<A>,
) {
    for r in 0..rows {
        for i in 0..m {
            // SAFETY: row r exists, with m · n, n and m elements.
            unsafe {
                let line = matrix.ptr.add(r * matrix.row + i * n);
                let sum = reduce::<A, M>(n, line, Some(x.ptr.add(r * x.row)));
                *out.ptr.add(r * out.row + i) = sum;
            }
        }
    }
}

for_each_isa! {
    /// `out[row][j] = Σᵢ matrix[row][i][j] · x[row][i]`, an m × n matrix per row.
    ///
    /// # Safety
    /// The processor has `isa`; operands and `out` exist at `rows` rows, and do not overlap.
    pub unsafe fn matrix_vector_transposed(
        rows: usize, m: usize, n: usize, matrix: Rows<A>, x: Rows<A>, out: Target<A>,
    ) for A = matrix_vector_transposed_body
}

/// # Safety
/// As [`matrix_vector_transposed`].
#[inline(always)]
unsafe fn matrix_vector_transposed_body<A: Float, M: Mode>(
    rows: usize,
    m: usize,
    n: usize,
    matrix: Rows<A>,
    x: Rows<A>,
    out: Target<A>,
) {
    for r in 0..rows {
        // SAFETY: row r exists, with m · n, m and n elements.
        unsafe {
            let out = out.ptr.add(r * out.row);
            fill(n, A::ZERO, out);
            for i in 0..m {
                let factor = *x.ptr.add(r * x.row + i);
                add_scaled::<A, M>(n, factor, matrix.ptr.add(r * matrix.row + i * n), out);
            }
        }
    }
}

for_each_isa! {
    /// `out[row][j][i] = x[row][i][j]` for an m × n matrix per row.
    ///
    /// # Safety
    /// The processor has `isa`; `x` and `out` exist at `rows` rows, and do not overlap.
    pub unsafe fn transpose(rows: usize, m: usize, n: usize, x: Rows<A>, out: Target<A>)
        for A = transpose_body
}

/// # Safety
/// As [`transpose`].
#[inline(always)]
unsafe fn transpose_body<A: Float, M: Mode>(
    rows: usize,
    m: usize,
    n: usize,
    x: Rows<A>,
    out: Target<A>,
) {
    for r in 0..rows {
        for j in 0..n {
            for i in 0..m {
                // SAFETY: row r exists, with m · n elements.
                unsafe {
                    let element = *x.ptr.add(r * x.row + i * n + j);
                    *out.ptr.add(r * out.row + j * m + i) = element;
                }
            }
        }
    }
}

/// `out[row]` becomes the n × n identity.
///
/// # Safety
/// `out` is writable at `rows` rows of n² elements.
pub unsafe fn identity<A: Float>(rows: usize, n: usize, out: Target<A>) {
    for r in 0..rows {
        // SAFETY: row r exists, with n² elements.
        unsafe {
            let out = out.ptr.add(r * out.row);
            fill(n * n, A::ZERO, out);
            for i in 0..n {
                *out.add(i * n + i) = A::ONE;
            }
        }
    }
}

/// Copies a block in each row, cut or padded with zeros to the target's size. Where they overlap,
/// what is read may have been written before.
///
/// # Safety
/// `from` is readable and `to` writable at `rows` rows of such blocks.
pub unsafe fn copy_block<A: Float>(rows: usize, block: Block, from: Rows<A>, to: Target<A>) {
    let width = block.width.min(block.to_width);
    for r in 0..rows {
        for line in 0..block.to_height {
            // SAFETY: the line exists in the target, and in the source where it is read.
            unsafe {
                let to = to.ptr.add(r * to.row + line * block.to_line);
                if line < block.height {
                    let from = from.ptr.add(r * from.row + line * block.from_line);
                    std::ptr::copy(from, to, width);
                    fill(block.to_width - width, A::ZERO, to.add(width));
                } else {
                    fill(block.to_width, A::ZERO, to);
                }
            }
        }
    }
}
