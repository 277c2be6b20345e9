//! Reductions of each row: sums, largest elements, cumulative sums.
//!
//! Sums have a fixed order that depends on sizes alone.

// Iterators' adapters and closures would be compiled without the target's features; every body
// has a mode, as `for_each_isa` asks.
#![allow(clippy::needless_range_loop, clippy::extra_unused_type_parameters)]

use super::float::Float;
use super::isa::for_each_isa;
use super::map::Target;
use super::real::Mode;
use super::rows::Rows;
use super::vector::Vector;
use super::{LINE, copy_some};

/// Registers that a line takes at most.
const MOST: usize = LINE;

/// Some of a line, as registers; elements that are not there are 0.
///
/// # Safety
/// n ≤ `LINE` elements are readable; the processor has `V`'s instruction set.
#[inline(always)]
unsafe fn line<A: Float, V: Vector<Number = A>>(n: usize, from: *const A) -> [V; MOST] {
    let mut rest = [A::ZERO; LINE];
    let mut registers = [V::all(A::ZERO); MOST];
    // SAFETY: a whole line is readable at `from`, or in `rest`.
    unsafe {
        let mut from = from;
        if n < LINE {
            copy_some(from, rest.as_mut_ptr(), n);
            from = rest.as_ptr();
        }
        for v in 0..LINE / V::LANES {
            registers[v] = V::load(from.add(v * V::LANES));
        }
    }
    registers
}

/// Σ x[i] · y[i] or, without `y`, Σ x[i]: `LINE` partial sums, then halves.
///
/// # Safety
/// The operands are readable at n elements; the processor has `M`'s instruction set.
#[inline(always)]
pub(super) unsafe fn reduce<A: Float, M: Mode>(n: usize, x: *const A, y: Option<*const A>) -> A {
    let mut sums = [M::Vector::<A>::all(A::ZERO); MOST];
    let mut count = LINE / M::Vector::<A>::LANES;
    let mut i = 0;
    while i < n {
        let some = if n - i < LINE { n - i } else { LINE };
        // SAFETY: there are so many elements from i on.
        unsafe {
            let a = line::<A, M::Vector<A>>(some, x.add(i));
            if let Some(y) = y {
                let b = line::<A, M::Vector<A>>(some, y.add(i));
                for v in 0..count {
                    sums[v] = a[v].mul_add(b[v], sums[v]);
                }
            } else {
                for v in 0..count {
                    sums[v] = sums[v] + a[v];
                }
            }
        }
        i += LINE;
    }
    while count > 1 {
        count /= 2;
        for v in 0..count {
            sums[v] = sums[v] + sums[v + count];
        }
    }
    sums[0].total()
}

for_each_isa! {
    /// `out[row][0] = Σᵢ x[row][i]` over n units.
    ///
    /// # Safety
    /// The processor has `isa`; `x` and `out` exist at `rows` rows, and do not overlap.
    pub unsafe fn sum(rows: usize, n: usize, x: Rows<A>, out: Target<A>) for A = sum_body
}

/// # Safety
/// As [`sum`].
#[inline(always)]
unsafe fn sum_body<A: Float, M: Mode>(rows: usize, n: usize, x: Rows<A>, out: Target<A>) {
    for r in 0..rows {
        // SAFETY: row r exists.
        unsafe { *out.ptr.add(r * out.row) = reduce::<A, M>(n, x.ptr.add(r * x.row), None) };
    }
}

for_each_isa! {
    /// `out[row][0] = maxᵢ x[row][i]` over n units; NaN if one of them is; −∞ of none.
    ///
    /// # Safety
    /// The processor has `isa`; `x` and `out` exist at `rows` rows, and do not overlap.
    pub unsafe fn largest(rows: usize, n: usize, x: Rows<A>, out: Target<A>) for A = largest_body
}

/// # Safety
/// As [`largest`].
#[inline(always)]
unsafe fn largest_body<A: Float, M: Mode>(rows: usize, n: usize, x: Rows<A>, out: Target<A>) {
    let lanes = M::Vector::<A>::LANES;
    let least = A::from_f64(f64::NEG_INFINITY);
    for r in 0..rows {
        let mut most = M::Vector::<A>::all(least);
        let mut each = [least; LINE];
        // SAFETY: row r exists and has n units; a register is not longer than a line.
        unsafe {
            let x = x.ptr.add(r * x.row);
            let mut i = 0;
            while i + lanes <= n {
                most = larger(M::Vector::<A>::load(x.add(i)), most);
                i += lanes;
            }
            copy_some(x.add(i), each.as_mut_ptr(), n - i);
            most = larger(M::Vector::<A>::load(each.as_ptr()), most);
            most.store(each.as_mut_ptr());
            let mut most = each[0];
            for l in 1..lanes {
                most = larger_number(each[l], most);
            }
            *out.ptr.add(r * out.row) = most;
        }
    }
}

/// The larger of two numbers, NaN if one is.
#[inline(always)]
#[allow(clippy::eq_op)]
fn larger_number<A: Float>(a: A, b: A) -> A {
    // Nothing is above NaN.
    if a > b || a != a { a } else { b }
}

/// The same of each two.
#[inline(always)]
fn larger<V: Vector>(a: V, b: V) -> V {
    let above = V::pick(a.gt(b), a, b);
    V::pick(a.eq(a), above, a)
}

for_each_isa! {
    /// `out[row][i] = Σ x[row][..=i]`, or `Σ x[row][i..]` where reversed, over n units.
    ///
    /// # Safety
    /// The processor has `isa`; `x` and `out` exist at `rows` rows, and do not overlap.
    pub unsafe fn cumsum(rows: usize, n: usize, reversed: bool, x: Rows<A>, out: Target<A>)
        for A = cumsum_body
}

/// # Safety
/// As [`cumsum`].
#[inline(always)]
unsafe fn cumsum_body<A: Float, M: Mode>(
    rows: usize,
    n: usize,
    reversed: bool,
    x: Rows<A>,
    out: Target<A>,
) {
    for r in 0..rows {
        let mut sum = A::ZERO;
        for k in 0..n {
            let i = if reversed { n - 1 - k } else { k };
            // SAFETY: row r exists and has n units.
            unsafe {
                sum += *x.ptr.add(r * x.row + i);
                *out.ptr.add(r * out.row + i) = sum;
            }
        }
    }
}
