//! Products and element-wise functions, a register at a time.
//!
//! The last register of an array overlaps the one before, so that no element is left to scalar
//! code. Which loop runs depends on constants alone: the others are not even compiled. Arrays
//! that are shorter than a register are left to the compiler.

use core::hint::black_box;

use super::super::vector::Vector;
use super::super::{CARRIED, Map, Mode, Number, Real, Scalar};

/// Rows of weights at a time, where the sums are too many for registers.
const ROWS: usize = 8;
/// Bytes of weights that stay in the first cache.
const NEAR: usize = 32 * 1024;
/// From so many vectors on the halves of a map overlap; of fewer all are under way at once.
const OVERLAP: usize = 8;

/// Where a register of an array of n elements begins.
const fn place(register: usize, lanes: usize, n: usize) -> usize {
    let last = n.saturating_sub(lanes);
    if register * lanes > last {
        last
    } else {
        register * lanes
    }
}

/// Elements of an array from a place on, as many as a register has.
#[inline(always)]
fn load<V: Vector, const N: usize>(of: &[V::Number; N], at: usize) -> V {
    let elements = &of[at..at + V::LANES];
    // SAFETY: the slice has as many elements.
    unsafe { V::load(elements.as_ptr()) }
}

#[inline(always)]
fn store<V: Vector, const N: usize>(value: V, to: &mut [V::Number; N], at: usize) {
    let elements = &mut to[at..at + V::LANES];
    // SAFETY: the slice has as many elements.
    unsafe { value.store(elements.as_mut_ptr()) }
}

/// `left · weights`. Sums of few registers are in several chains (see `last_strip`).
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
    mut sums: [A; N],
    left: &[A; K],
    weights: &[[A; N]; K],
) -> [A; N] {
    let few = const { N.div_ceil(M::Vector::<A>::LANES) <= M::Vector::<A>::SUMS };
    if const { N < M::Vector::<A>::LANES } {
        for k in 0..K {
            for n in 0..N {
                sums[n] = M::mul_add(left[k], weights[k][n], sums[n]);
            }
        }
    } else if few || const { K * N * size_of::<A>() <= NEAR } {
        return strips::<M::Vector<A>, K, N>(&sums, left, weights);
    } else {
        rows::<M, A, K, N>(&mut sums, left, weights);
    }
    sums
}

/// As many sums at a time as fit into registers.
#[inline(always)]
fn strips<V: Vector, const K: usize, const N: usize>(
    sums: &[V::Number; N],
    left: &[V::Number; K],
    weights: &[[V::Number; N]; K],
) -> [V::Number; N] {
    let mut near = Near(*sums);
    let out = &mut near.0;
    let whole = const { N.div_ceil(V::LANES) / V::SUMS };
    for strip in 0..whole {
        match const { V::SUMS } {
            16 => strip_of::<V, K, N, 16, 1>((sums, &mut *out), left, weights, strip * 16),
            _ => strip_of::<V, K, N, 8, 1>((sums, &mut *out), left, weights, strip * 8),
        }
        // Finished sums go to memory: the compiler would put some of the next ones there instead,
        // in the middle of their chain.
        black_box(&mut *out);
    }
    macro_rules! last {
        ($($registers:literal in $chains:literal)*) => {
            $(if const { matches!(last_strip(N, V::LANES, V::SUMS), ($registers, $chains)) } {
                let all = (sums, &mut *out);
                strip_of::<V, K, N, $registers, $chains>(all, left, weights, whole * V::SUMS);
            })*
        };
    }
    last!(1 in 8 2 in 4 3 in 2 4 in 2 5 in 2 6 in 2 7 in 2);
    last!(1 in 1 2 in 1 3 in 1 4 in 1 5 in 1 6 in 1 7 in 1 8 in 1);
    last!(9 in 1 10 in 1 11 in 1 12 in 1 13 in 1 14 in 1 15 in 1);
    if const { is_moved(K, N.div_ceil(V::LANES) % V::SUMS) } {
        black_box(&mut *out);
    }
    near.0
}

/// Whether the compiler, which unrolls loops of up to some 280 instructions, would move the sums of a
/// strip to where they are read, behind the loop of the next product. Its weights, loaded before that
/// loop and more than registers hold, would wait on the stack (GRU of 16 features and 32 units: 112 ns
/// a step for 67).
const fn is_moved(k: usize, registers: usize) -> bool {
    registers >= 4 && k * (2 * registers + 1) <= 280
}

/// On the boundary of a cache line: registers that lie across two take twice the time.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Near<T>(T);

/// Registers of the last strip, and the chains of each. Where no other strip fills the gaps, some
/// chains do, as far as there are registers.
const fn last_strip(n: usize, lanes: usize, sums: usize) -> (usize, usize) {
    let registers = n.div_ceil(lanes);
    let chains = match registers {
        1 => 8,
        2 => 4,
        3 | 4 => 2,
        5..=7 if sums == 16 => 2,
        _ => 1,
    };
    (registers % sums, chains)
}

/// R registers of sums, from one of them on, in C chains each, with every C-th term in one of them:
/// a single chain for each of a few would wait for every multiplication. They begin with what was
/// there before all strips: the last register may overlap one of another strip.
#[inline(always)]
fn strip_of<V: Vector, const K: usize, const N: usize, const R: usize, const C: usize>(
    (sums, out): (&[V::Number; N], &mut [V::Number; N]),
    left: &[V::Number; K],
    weights: &[[V::Number; N]; K],
    first: usize,
) {
    let mut held = [[V::all(V::Number::default()); R]; C];
    for r in 0..R {
        held[0][r] = load(sums, place(first + r, V::LANES, N));
    }
    for k in (0..K - K % C).step_by(C) {
        for c in 0..C {
            add_term::<V, N, R>(&mut held[c], left[k + c], &weights[k + c], first);
        }
    }
    for k in K - K % C..K {
        add_term::<V, N, R>(&mut held[0], left[k], &weights[k], first);
    }
    let mut half = C / 2;
    while half > 0 {
        for c in 0..half {
            for r in 0..R {
                held[c][r] = held[c][r] + held[c + half][r];
            }
        }
        half /= 2;
    }
    for r in 0..R {
        store(held[0][r], out, place(first + r, V::LANES, N));
    }
}

/// Adds a number times R registers of a row of weights.
#[inline(always)]
fn add_term<V: Vector, const N: usize, const R: usize>(
    sums: &mut [V; R],
    factor: V::Number,
    row: &[V::Number; N],
    first: usize,
) {
    let factor = V::all(factor);
    for r in 0..R {
        let row = load::<V, N>(row, place(first + r, V::LANES, N));
        sums[r] = factor.mul_add(row, sums[r]);
    }
}

/// A product with more sums than registers hold, and weights from afar: these are read in order.
#[inline(always)]
fn rows<M: Mode, A: Number, const K: usize, const N: usize>(
    sums: &mut [A; N],
    left: &[A; K],
    weights: &[[A; N]; K],
) {
    let (left, left_rest) = left.as_chunks::<ROWS>();
    let (rows, rows_rest) = weights.as_chunks::<ROWS>();
    for i in 0..left.len() {
        add_rows::<M, A, N, ROWS>(sums, &left[i], &rows[i]);
    }
    for i in 0..left_rest.len() {
        add_rows::<M, A, N, 1>(sums, &[left_rest[i]], &[rows_rest[i]]);
    }
}

/// Adds R rows, each times its factor.
#[inline(always)]
fn add_rows<M: Mode, A: Number, const N: usize, const R: usize>(
    sums: &mut [A; N],
    factors: &[A; R],
    rows: &[[A; N]; R],
) {
    let lanes = const { M::Vector::<A>::LANES };
    let mut spread = [M::Vector::<A>::all(A::default()); R];
    for r in 0..R {
        spread[r] = M::Vector::<A>::all(factors[r]);
    }
    let whole = N - N % lanes;
    for at in (0..whole).step_by(lanes) {
        let mut sum: M::Vector<A> = load(sums, at);
        for r in 0..R {
            sum = spread[r].mul_add(load(&rows[r], at), sum);
        }
        store(sum, sums, at);
    }
    for n in whole..N {
        for r in 0..R {
            sums[n] = M::mul_add(factors[r], rows[r][n], sums[n]);
        }
    }
}

/// The inputs of a fused function; some are sums, and stand on bases.
#[derive(Clone, Copy)]
struct Inputs<'a, A, const I: usize, const N: usize> {
    of: [&'a [A; N]; I],
    bases: [Option<&'a [A; N]>; I],
}

/// A fused element-wise function at N positions; some inputs are sums, and stand on bases.
#[inline(always)]
pub fn map<M: Mode, A: Number, F: Map<I, O>, const I: usize, const O: usize, const N: usize>(
    inputs: [&[A; N]; I],
    bases: [Option<&[A; N]>; I],
) -> [[A; N]; O] {
    let inputs = Inputs { of: inputs, bases };
    let mut near = Near([[A::default(); N]; O]);
    let outputs = &mut near.0;
    if const { N < M::Vector::<A>::LANES } {
        one_by_one::<M, A, F, I, O, N>(inputs, outputs);
        return near.0;
    }
    // Two registers at a time, unless that makes one more.
    if const { suits(N, M::Maps::<A>::LANES, M::Vector::<A>::LANES) } {
        map_all::<M::Maps<A>, F, I, O, N>(inputs, outputs);
    } else {
        map_all::<M::Vector<A>, F, I, O, N>(inputs, outputs);
    }
    near.0
}

/// Whether vectors of so many elements suit N positions as well as smaller ones.
const fn suits(n: usize, lanes: usize, smaller: usize) -> bool {
    n >= lanes && n.next_multiple_of(lanes) == n.next_multiple_of(smaller)
}

/// The same at no fewer positions than a vector has.
#[inline(always)]
fn map_all<V: Vector + Real, F: Map<I, O>, const I: usize, const O: usize, const N: usize>(
    inputs: Inputs<'_, V::Number, I, N>,
    outputs: &mut [[V::Number; N]; O],
) {
    let halves = const { F::LATE != 0 && N.div_ceil(V::LANES) >= OVERLAP };
    let mut pending = halves.then_some(None);
    // At fixed places, so that a few registers are never written to memory.
    macro_rules! unrolled {
        ($($register:literal)*) => {
            $(if const { $register * V::LANES < N } {
                let at = const { place($register, V::LANES, N) };
                map_at::<V, F, I, O, N>(inputs, outputs, at, &mut pending);
            })*
        };
    }
    unrolled!(0 1 2 3);
    for register in 4..N.div_ceil(V::LANES) {
        let at = place(register, V::LANES, N);
        map_at::<V, F, I, O, N>(inputs, outputs, at, &mut pending);
    }
    if let Some(pending) = pending {
        finish::<V, F, I, O, N>(pending, outputs);
    }
}

/// What the second half of a register's results needs, and where they go.
type Pending<V> = Option<([V; CARRIED], usize)>;

/// A register of results; where it comes in halves, the first, and the second of `pending`.
#[inline(always)]
fn map_at<V: Vector + Real, F: Map<I, O>, const I: usize, const O: usize, const N: usize>(
    inputs: Inputs<'_, V::Number, I, N>,
    outputs: &mut [[V::Number; N]; O],
    at: usize,
    pending: &mut Option<Pending<V>>,
) {
    let mut x = [V::num(0.0); I];
    for i in 0..I {
        x[i] = load(inputs.of[i], at);
        if let Some(base) = inputs.bases[i] {
            x[i] = x[i] + load(base, at);
        }
    }
    let Some(pending) = pending else {
        let y = F::eval(x);
        for o in 0..O {
            store(y[o], &mut outputs[o], at);
        }
        return;
    };
    let (y, carried) = F::first(x);
    for o in 0..O {
        if !is_late::<F, I, O>(o) {
            store(y[o], &mut outputs[o], at);
        }
    }
    finish::<V, F, I, O, N>(*pending, outputs);
    *pending = Some((carried, at));
}

/// The second half, if one is left.
#[inline(always)]
fn finish<V: Vector + Real, F: Map<I, O>, const I: usize, const O: usize, const N: usize>(
    pending: Pending<V>,
    outputs: &mut [[V::Number; N]; O],
) {
    if let Some((carried, at)) = pending {
        let y = F::second(carried);
        for o in 0..O {
            if is_late::<F, I, O>(o) {
                store(y[o], &mut outputs[o], at);
            }
        }
    }
}

#[inline(always)]
fn is_late<F: Map<I, O>, const I: usize, const O: usize>(output: usize) -> bool {
    output < 64 && F::LATE >> output & 1 == 1
}

#[inline(always)]
fn one_by_one<M: Mode, A: Number, F: Map<I, O>, const I: usize, const O: usize, const N: usize>(
    inputs: Inputs<'_, A, I, N>,
    outputs: &mut [[A; N]; O],
) {
    for n in 0..N {
        let mut x = [M::Scalar::<A>::new(A::default()); I];
        for i in 0..I {
            x[i] = M::Scalar::<A>::new(match inputs.bases[i] {
                Some(base) => inputs.of[i][n] + base[n],
                None => inputs.of[i][n],
            });
        }
        let y = F::eval(x);
        for o in 0..O {
            outputs[o][n] = y[o].get();
        }
    }
}
