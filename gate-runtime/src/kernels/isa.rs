//! Instruction sets: which ones the processor has, and how a body of code is compiled for each.

use std::sync::atomic::{AtomicU8, Ordering};

/// An instruction set that the kernels are compiled for. The fastest that the processor has is
/// chosen at run time; [`set_isa`] takes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isa {
    /// x86-64 with AVX-512 (F, DQ, VL, BW), AVX2 and FMA.
    Avx512,
    /// x86-64 with AVX2 and FMA.
    Avx2,
    /// 64-bit ARM.
    Neon,
    /// What the compiler's target guarantees, without fused multiply-add.
    Baseline,
}

impl Isa {
    /// Every instruction set, the fastest first.
    pub const ALL: [Isa; 4] = [Isa::Avx512, Isa::Avx2, Isa::Neon, Isa::Baseline];

    /// The fastest one that this processor has, or the one that [`set_isa`] chose.
    pub fn detect() -> Isa {
        match CHOSEN.load(Ordering::Relaxed) {
            NOT_CHOSEN => {
                let best = Isa::ALL.into_iter().find(|isa| isa.is_supported());
                let best = best.unwrap_or(Isa::Baseline);
                // Not over what `set_isa` chooses at this moment.
                let (from, to) = (NOT_CHOSEN, best as u8);
                let _ = CHOSEN.compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed);
                best
            }
            index => Isa::ALL[usize::from(index)],
        }
    }

    /// Whether this processor has it.
    pub fn is_supported(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => {
                Isa::Avx2.is_supported()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512bw")
            }
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => true,
            Isa::Baseline => true,
            #[allow(unreachable_patterns)]
            _ => false,
        }
    }
}

/// What the micro-kernels take at a time.
impl Isa {
    /// Rows of a tile.
    pub(super) fn rows(self) -> usize {
        match self {
            Isa::Baseline => 4,
            _ => 6,
        }
    }

    /// Bytes of the right operand's row.
    pub(super) fn tile_bytes(self) -> usize {
        match self {
            Isa::Avx512 => 256,
            Isa::Avx2 | Isa::Neon => 64,
            Isa::Baseline => 32,
        }
    }

    /// Bytes of a vector.
    pub(super) fn vector_bytes(self) -> usize {
        match self {
            Isa::Avx512 => 64,
            Isa::Avx2 => 32,
            Isa::Neon | Isa::Baseline => 16,
        }
    }

    /// Chains of the sums of a product of so many vectors. Without fused multiply-add there is no
    /// gain.
    pub(super) fn chains(self, vectors: usize) -> usize {
        match (self, vectors) {
            (Isa::Avx512 | Isa::Neon, 1 | 2) => 4,
            (Isa::Avx512 | Isa::Neon, 3 | 4) => 2,
            (Isa::Avx2, 2 | 4) => 2,
            _ => 1,
        }
    }
}

const NOT_CHOSEN: u8 = u8::MAX;

/// Index in [`Isa::ALL`].
static CHOSEN: AtomicU8 = AtomicU8::new(NOT_CHOSEN);

/// Makes [`Isa::detect`] give `isa` in the whole process; `None` returns to detection.
///
/// For tests and measurements. Gives `false`, and changes nothing, if the processor lacks it.
#[must_use]
pub fn set_isa(isa: Option<Isa>) -> bool {
    let index = match isa {
        None => NOT_CHOSEN,
        Some(isa) if isa.is_supported() => isa as u8,
        Some(_) => return false,
    };
    CHOSEN.store(index, Ordering::Relaxed);
    true
}

/// Compiles `$body::<A, mode>($arguments)` once for each instruction set and gives a function
/// that takes the set as its first argument.
///
/// `$body` has to be an `#[inline(always)]` unsafe function; closures in it would be compiled
/// without the features.
macro_rules! for_each_isa {
    ($(#[$attribute:meta])* $vis:vis unsafe fn $name:ident($($argument:ident: $type:ty),* $(,)?)
        for $float:ident = $body:ident) => {
        $(#[$attribute])*
        #[allow(clippy::too_many_arguments)]
        $vis unsafe fn $name<$float: $crate::kernels::Float>(
            isa: $crate::kernels::Isa,
            $($argument: $type),*
        ) {
            /// # Safety
            /// As for the function around it.
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]
            #[allow(clippy::too_many_arguments)]
            unsafe fn avx512<$float: $crate::kernels::Float>($($argument: $type),*) {
                // SAFETY: the caller keeps the contract of the outer function.
                unsafe { $body::<$float, $crate::kernels::real::WideMode>($($argument),*) }
            }
            /// # Safety
            /// As for the function around it.
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            #[allow(clippy::too_many_arguments)]
            unsafe fn avx2<$float: $crate::kernels::Float>($($argument: $type),*) {
                // SAFETY: the caller keeps the contract of the outer function.
                unsafe { $body::<$float, $crate::kernels::real::HalfMode>($($argument),*) }
            }
            debug_assert!(isa.is_supported());
            // SAFETY: `isa` is one that the processor has; the rest is the caller's contract.
            unsafe {
                match isa {
                    #[cfg(target_arch = "x86_64")]
                    $crate::kernels::Isa::Avx512 => avx512::<$float>($($argument),*),
                    #[cfg(target_arch = "x86_64")]
                    $crate::kernels::Isa::Avx2 => avx2::<$float>($($argument),*),
                    #[cfg(target_arch = "aarch64")]
                    $crate::kernels::Isa::Neon => {
                        $body::<$float, $crate::kernels::real::NeonMode>($($argument),*)
                    }
                    _ => $body::<$float, $crate::kernels::real::PlainMode>($($argument),*),
                }
            }
        }
    };
}
pub(crate) use for_each_isa;

/// Gives a function that takes an instruction set and gives the instance of
/// `$body::<number, vector, code, I, O>` for it; `$trait` is what emitted code of its sort is, and
/// `$half` whether a vector is one register of AVX2 or two.
///
/// `$body` has to be an `#[inline(always)]` unsafe function, as `$kernel` says.
macro_rules! instances {
    ($(#[$attribute:meta])* $vis:vis fn $name:ident<$float:ident, F: $trait:ident, I, O>
        ($($argument:ident: $type:ty),*) -> $kernel:ty = $body:ident with $half:ident) => {
        $(#[$attribute])*
        $vis fn $name<$float: $crate::kernels::Float, F: $trait<I, O>, const I: usize, const O: usize>(
            isa: $crate::kernels::Isa,
        ) -> $kernel {
            /// # Safety
            /// As the type that is given says.
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]
            unsafe fn avx512<$float: $crate::kernels::Float, F: $trait<I, O>, const I: usize, const O: usize>(
                $($argument: $type),*
            ) {
                // SAFETY: the caller's contract is the same.
                unsafe { $body::<$float, $crate::kernels::Register<$float::Wide>, F, I, O>($($argument),*) }
            }
            /// # Safety
            /// As the type that is given says.
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            unsafe fn avx2<$float: $crate::kernels::Float, F: $trait<I, O>, const I: usize, const O: usize>(
                $($argument: $type),*
            ) {
                // SAFETY: the caller's contract is the same.
                unsafe { $body::<$float, $crate::kernels::Register<$float::$half>, F, I, O>($($argument),*) }
            }
            /// # Safety
            /// As the type that is given says.
            unsafe fn plain<$float: $crate::kernels::Float, V, F: $trait<I, O>, const I: usize, const O: usize>(
                $($argument: $type),*
            )
            where
                V: $crate::kernels::vector::Vector<Number = $float> + $crate::kernels::Real,
            {
                // SAFETY: the caller's contract is the same.
                unsafe { $body::<$float, V, F, I, O>($($argument),*) }
            }
            debug_assert!(isa.is_supported());
            match isa {
                #[cfg(target_arch = "x86_64")]
                $crate::kernels::Isa::Avx512 => avx512::<$float, F, I, O>,
                #[cfg(target_arch = "x86_64")]
                $crate::kernels::Isa::Avx2 => avx2::<$float, F, I, O>,
                #[cfg(target_arch = "aarch64")]
                $crate::kernels::Isa::Neon => plain::<$float, $crate::kernels::Register<$float::Neon>, F, I, O>,
                _ => plain::<$float, $float::Narrow, F, I, O>,
            }
        }
    };
}
pub(crate) use instances;
