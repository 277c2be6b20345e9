//! Primitives on arrays, whose sizes the compiler knows: no heap, and `core` alone.
//!
//! Loops over registers: with sizes known they are unrolled, and a result of many stays there.
//! Everything is `#[inline(always)]`, so that it is compiled for the instruction set of the
//! `dispatch` around it.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

mod arrays;
mod lanes;
mod matrices;

pub use arrays::*;
pub use lanes::*;
pub use matrices::*;

use super::Mode;
#[cfg(feature = "std")]
use super::isa::Isa;
#[cfg(all(feature = "std", target_arch = "aarch64"))]
use super::real::NeonMode;
use super::real::PlainMode;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
use super::real::{HalfMode, WideMode};

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
    /// # Safety
    /// The processor has these features.
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]
    fn avx512<B: Body>(body: B) -> B::Output {
        body.run::<WideMode>()
    }
    /// # Safety
    /// The processor has these features.
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    #[target_feature(enable = "avx2,fma")]
    fn avx2<B: Body>(body: B) -> B::Output {
        body.run::<HalfMode>()
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
        Isa::Neon => body.run::<NeonMode>(),
        _ => body.run::<PlainMode>(),
    }
    #[cfg(not(feature = "std"))]
    body.run::<PlainMode>()
}
