//! Primitives on arrays, whose sizes the compiler knows: no heap, and `core` alone.
//!
//! Plain loops: with sizes known they are unrolled and vectorised, whatever the size, and a
//! result of many vectors stays in registers. Everything is `#[inline(always)]`, so that it is
//! compiled for the instruction set of the `dispatch` around it.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

mod arrays;
mod matrices;

pub use arrays::*;
pub use matrices::*;

#[cfg(feature = "std")]
use super::isa::Isa;
#[cfg(feature = "std")]
use super::real::FusedMode;
use super::real::PlainMode;
use super::{Map, Mode, Number, Scalar};

/// A piece of work that is compiled for several instruction sets. `run` is `#[inline(always)]`.
pub trait Body: Sized {
    /// What it gives.
    type Output;
    /// Does it.
    fn run<M: Mode>(self) -> Self::Output;
}

/// Runs a body with the best instructions: with `std`, those of this processor; without, those
/// that the target is compiled for.
#[inline]
pub fn dispatch<B: Body>(body: B) -> B::Output {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]
    fn avx512<B: Body>(body: B) -> B::Output {
        body.run::<FusedMode>()
    }
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    #[target_feature(enable = "avx2,fma")]
    fn avx2<B: Body>(body: B) -> B::Output {
        body.run::<FusedMode>()
    }
    #[cfg(feature = "std")]
    match Isa::detect() {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the processor has it.
        Isa::Avx512 => unsafe { avx512(body) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the processor has it.
        Isa::Avx2 => unsafe { avx2(body) },
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => body.run::<FusedMode>(),
        _ => body.run::<PlainMode>(),
    }
    #[cfg(not(feature = "std"))]
    body.run::<PlainMode>()
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
    mut sums: [A; N],
    left: &[A; K],
    weights: &[[A; N]; K],
) -> [A; N] {
    for k in 0..K {
        for n in 0..N {
            sums[n] = M::mul_add(left[k], weights[k][n], sums[n]);
        }
    }
    sums
}

/// A fused element-wise function at N positions.
#[inline(always)]
pub fn map<M: Mode, A: Number, F: Map<I, O>, const I: usize, const O: usize, const N: usize>(
    inputs: [&[A; N]; I],
) -> [[A; N]; O] {
    let mut outputs = [[A::default(); N]; O];
    for n in 0..N {
        let mut v = [M::Scalar::<A>::new(A::default()); I];
        for i in 0..I {
            v[i] = M::Scalar::<A>::new(inputs[i][n]);
        }
        let w = F::eval(v);
        for o in 0..O {
            outputs[o][n] = w[o].get();
        }
    }
    outputs
}
