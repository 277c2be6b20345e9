//! Products and element-wise functions, a vector at a time.
//!
//! The last vector of an array of any size overlaps the one before, so that no element is left to
//! scalar code. Which loop runs depends on constants alone: the others are not even compiled.

use super::super::{Map, Mode, Number, Scalar};

/// Rows of weights at a time, where the sums are too many for registers.
const ROWS: usize = 4;

/// Elements of a vector: those of the widest, or as many as fit into n.
const fn lanes<A>(n: usize) -> usize {
    let mut lanes = 64 / size_of::<A>();
    while lanes > n && lanes > 1 {
        lanes /= 2;
    }
    lanes
}

/// Where a vector of an array of n elements begins.
const fn place(vector: usize, lanes: usize, n: usize) -> usize {
    let last = n.saturating_sub(lanes);
    if vector * lanes > last {
        last
    } else {
        vector * lanes
    }
}

#[inline(always)]
fn load<A: Copy, const N: usize, const L: usize>(of: &[A; N], at: usize) -> [A; L] {
    match of[at..].first_chunk() {
        Some(vector) => *vector,
        None => panic!("a vector of the array"),
    }
}

/// `left · weights`: each sum one chain in ascending order, as the kernels on slices have it.
#[inline(always)]
pub fn product<M: Mode, A: Number, const K: usize, const N: usize>(
    left: &[A; K],
    weights: &[[A; N]; K],
) -> [A; N] {
    product_add::<M, A, K, N>([A::default(); N], left, weights)
}

/// `sums + left · weights`.
#[inline(always)]
pub fn product_add<M: Mode, A: Number, const K: usize, const N: usize>(
    sums: [A; N],
    left: &[A; K],
    weights: &[[A; N]; K],
) -> [A; N] {
    match const { lanes::<A>(N) } {
        16 => product_by::<M, A, K, N, 16>(sums, left, weights),
        8 => product_by::<M, A, K, N, 8>(sums, left, weights),
        4 => product_by::<M, A, K, N, 4>(sums, left, weights),
        2 => product_by::<M, A, K, N, 2>(sums, left, weights),
        _ => product_by::<M, A, K, N, 1>(sums, left, weights),
    }
}

#[inline(always)]
fn product_by<M: Mode, A: Number, const K: usize, const N: usize, const L: usize>(
    sums: [A; N],
    left: &[A; K],
    weights: &[[A; N]; K],
) -> [A; N] {
    macro_rules! in_registers {
        ($($vectors:literal)*) => {
            match const { N.div_ceil(L) } {
                $($vectors => vectors::<M, A, K, N, L, $vectors>(sums, left, weights),)*
                _ => rows::<M, A, K, N>(sums, left, weights),
            }
        };
    }
    in_registers!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)
}

/// A product whose sums are `V` vectors.
#[inline(always)]
fn vectors<M: Mode, A: Number, const K: usize, const N: usize, const L: usize, const V: usize>(
    mut out: [A; N],
    left: &[A; K],
    weights: &[[A; N]; K],
) -> [A; N] {
    // Places from an array: were they computed in the loop, the compiler would gather elements of
    // several vectors.
    let mut at = [0; V];
    let mut sums = [[A::default(); L]; V];
    for v in 0..V {
        at[v] = place(v, L, N);
        sums[v] = load(&out, at[v]);
    }
    for k in 0..K {
        for v in 0..V {
            let row: [A; L] = load(&weights[k], at[v]);
            for l in 0..L {
                sums[v][l] = M::mul_add(left[k], row[l], sums[v][l]);
            }
        }
    }
    for v in 0..V {
        out[at[v]..at[v] + L].copy_from_slice(&sums[v]);
    }
    out
}

/// A product with more sums than registers hold.
#[inline(always)]
fn rows<M: Mode, A: Number, const K: usize, const N: usize>(
    mut sums: [A; N],
    left: &[A; K],
    weights: &[[A; N]; K],
) -> [A; N] {
    let (left, left_rest) = left.as_chunks::<ROWS>();
    let (rows, rows_rest) = weights.as_chunks::<ROWS>();
    for i in 0..left.len() {
        add_rows::<M, A, N, ROWS>(&mut sums, &left[i], &rows[i]);
    }
    for i in 0..left_rest.len() {
        add_rows::<M, A, N, 1>(&mut sums, &[left_rest[i]], &[rows_rest[i]]);
    }
    sums
}

/// Adds R rows, each times its factor.
#[inline(always)]
fn add_rows<M: Mode, A: Number, const N: usize, const R: usize>(
    sums: &mut [A; N],
    factors: &[A; R],
    rows: &[[A; N]; R],
) {
    for n in 0..N {
        let mut sum = sums[n];
        for r in 0..R {
            sum = M::mul_add(factors[r], rows[r][n], sum);
        }
        sums[n] = sum;
    }
}

/// A fused element-wise function at N positions.
#[inline(always)]
pub fn map<M: Mode, A: Number, F: Map<I, O>, const I: usize, const O: usize, const N: usize>(
    inputs: [&[A; N]; I],
) -> [[A; N]; O] {
    let mut outputs = [[A::default(); N]; O];
    match const { lanes::<A>(N) } {
        16 => map_by::<M, A, F, I, O, N, 16>(inputs, &mut outputs),
        8 => map_by::<M, A, F, I, O, N, 8>(inputs, &mut outputs),
        4 => map_by::<M, A, F, I, O, N, 4>(inputs, &mut outputs),
        2 => map_by::<M, A, F, I, O, N, 2>(inputs, &mut outputs),
        _ => map_by::<M, A, F, I, O, N, 1>(inputs, &mut outputs),
    }
    outputs
}

#[inline(always)]
fn map_by<
    M: Mode,
    A: Number,
    F: Map<I, O>,
    const I: usize,
    const O: usize,
    const N: usize,
    const L: usize,
>(
    inputs: [&[A; N]; I],
    outputs: &mut [[A; N]; O],
) {
    // At fixed places, so that a few vectors never leave the registers.
    macro_rules! unrolled {
        ($($vector:literal)*) => {
            $(if const { $vector * L < N } {
                map_at::<M, A, F, I, O, N, L>(inputs, outputs, const { place($vector, L, N) });
            })*
        };
    }
    unrolled!(0 1 2 3);
    for v in 4..N.div_ceil(L) {
        map_at::<M, A, F, I, O, N, L>(inputs, outputs, place(v, L, N));
    }
}

#[inline(always)]
fn map_at<
    M: Mode,
    A: Number,
    F: Map<I, O>,
    const I: usize,
    const O: usize,
    const N: usize,
    const L: usize,
>(
    inputs: [&[A; N]; I],
    outputs: &mut [[A; N]; O],
    at: usize,
) {
    let mut x = [[A::default(); L]; I];
    for i in 0..I {
        x[i] = load(inputs[i], at);
    }
    let mut y = [[A::default(); L]; O];
    for l in 0..L {
        let mut v = [M::Scalar::<A>::new(A::default()); I];
        for i in 0..I {
            v[i] = M::Scalar::<A>::new(x[i][l]);
        }
        let w = F::eval(v);
        for o in 0..O {
            y[o][l] = w[o].get();
        }
    }
    for o in 0..O {
        outputs[o][at..at + L].copy_from_slice(&y[o]);
    }
}
