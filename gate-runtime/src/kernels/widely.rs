//! Loops over plain numbers, compiled for each instruction set.
//!
//! Takes: work that has no vectors in it, an optimiser's step or a norm. Gives: the same with as
//! wide registers as the processor has. It is the same arithmetic in the same order, and the same
//! result.

use super::isa::Isa;

/// Work for [`widely`].
pub(crate) trait Work {
    /// What it gives.
    type Result;

    /// Does it. It has to be `#[inline(always)]`, with all that it calls small enough to be inlined.
    fn run(self) -> Self::Result;
}

/// Does some work with the processor's instruction set.
pub(crate) fn widely<W: Work>(work: W) -> W::Result {
    /// # Safety
    /// The processor has AVX-512.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]
    unsafe fn avx512<W: Work>(work: W) -> W::Result {
        work.run()
    }
    /// # Safety
    /// The processor has AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn avx2<W: Work>(work: W) -> W::Result {
        work.run()
    }
    match Isa::detect() {
        // SAFETY: `detect` gives what the processor has.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => unsafe { avx512(work) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => unsafe { avx2(work) },
        _ => work.run(),
    }
}
