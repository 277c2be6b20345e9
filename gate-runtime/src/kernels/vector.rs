//! Vectors of each instruction set, for the products' micro-kernels.
//!
//! Written with intrinsics: loops over arrays left the choice of registers to the compiler, which
//! on AVX2 took a quarter of the speed. Everything is inlined into functions that have the
//! instruction set's features.

/// A vector register.
pub(super) trait Vector<A>: Copy {
    /// Elements in it.
    const LANES: usize;

    /// Zeros.
    ///
    /// # Safety
    /// Of every method here: the processor has the instruction set, and the elements exist.
    unsafe fn zero() -> Self;
    /// Elements in memory, at any address.
    unsafe fn load(from: *const A) -> Self;
    /// Writes them.
    unsafe fn store(self, to: *mut A);
    /// One number everywhere.
    unsafe fn splat(value: A) -> Self;
    /// `self · by + sum`, rounded once, or twice where there is no fused instruction.
    unsafe fn mul_add(self, by: Self, sum: Self) -> Self;
}

/// A vector type by its intrinsics: zero, load, store, splat, and `(a, b, c) → a · b + c`.
macro_rules! vector {
    ($type:ty, $scalar:ident, $lanes:literal,
     $zero:expr, $load:expr, $store:expr, $splat:expr, |$a:ident, $b:ident, $c:ident| $mul_add:expr) => {
        impl Vector<$scalar> for $type {
            const LANES: usize = $lanes;

            #[inline(always)]
            unsafe fn zero() -> Self {
                // SAFETY: the caller's contract is the same.
                unsafe { $zero }
            }

            #[inline(always)]
            unsafe fn load(from: *const $scalar) -> Self {
                // SAFETY: the caller's contract is the same.
                unsafe { $load(from) }
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut $scalar) {
                // SAFETY: the caller's contract is the same.
                unsafe { $store(to, self) }
            }

            #[inline(always)]
            unsafe fn splat(value: $scalar) -> Self {
                // SAFETY: the caller's contract is the same.
                unsafe { $splat(value) }
            }

            #[inline(always)]
            unsafe fn mul_add(self, by: Self, sum: Self) -> Self {
                let ($a, $b, $c) = (self, by, sum);
                // SAFETY: the caller's contract is the same.
                unsafe { $mul_add }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    use std::arch::x86_64::*;

    use super::Vector;

    vector!(
        __m512,
        f32,
        16,
        _mm512_setzero_ps(),
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_set1_ps,
        |a, b, c| _mm512_fmadd_ps(a, b, c)
    );
    vector!(
        __m512d,
        f64,
        8,
        _mm512_setzero_pd(),
        _mm512_loadu_pd,
        _mm512_storeu_pd,
        _mm512_set1_pd,
        |a, b, c| _mm512_fmadd_pd(a, b, c)
    );
    vector!(
        __m256,
        f32,
        8,
        _mm256_setzero_ps(),
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        _mm256_set1_ps,
        |a, b, c| _mm256_fmadd_ps(a, b, c)
    );
    vector!(
        __m256d,
        f64,
        4,
        _mm256_setzero_pd(),
        _mm256_loadu_pd,
        _mm256_storeu_pd,
        _mm256_set1_pd,
        |a, b, c| _mm256_fmadd_pd(a, b, c)
    );
    // Every x86-64 processor has these.
    vector!(
        __m128,
        f32,
        4,
        _mm_setzero_ps(),
        _mm_loadu_ps,
        _mm_storeu_ps,
        _mm_set1_ps,
        |a, b, c| _mm_add_ps(_mm_mul_ps(a, b), c)
    );
    vector!(
        __m128d,
        f64,
        2,
        _mm_setzero_pd(),
        _mm_loadu_pd,
        _mm_storeu_pd,
        _mm_set1_pd,
        |a, b, c| _mm_add_pd(_mm_mul_pd(a, b), c)
    );

    pub(in super::super) type Wide32 = __m512;
    pub(in super::super) type Wide64 = __m512d;
    pub(in super::super) type Half32 = __m256;
    pub(in super::super) type Half64 = __m256d;
    pub(in super::super) type Narrow32 = __m128;
    pub(in super::super) type Narrow64 = __m128d;
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86_64::{Half32, Half64, Narrow32, Narrow64, Wide32, Wide64};

#[cfg(target_arch = "aarch64")]
mod aarch64 {
    use std::arch::aarch64::*;

    use super::Vector;

    vector!(
        float32x4_t,
        f32,
        4,
        vdupq_n_f32(0.0),
        vld1q_f32,
        vst1q_f32,
        vdupq_n_f32,
        |a, b, c| vfmaq_f32(c, a, b)
    );
    vector!(
        float64x2_t,
        f64,
        2,
        vdupq_n_f64(0.0),
        vld1q_f64,
        vst1q_f64,
        vdupq_n_f64,
        |a, b, c| vfmaq_f64(c, a, b)
    );

    pub(in super::super) type Neon32 = float32x4_t;
    pub(in super::super) type Neon64 = float64x2_t;
}

#[cfg(target_arch = "aarch64")]
pub(super) use aarch64::{Neon32, Neon64};

/// Vectors of no known instruction set.
#[cfg(not(target_arch = "x86_64"))]
mod plain {
    use super::Vector;

    macro_rules! array {
        ($scalar:ident, $lanes:literal) => {
            vector!(
                [$scalar; $lanes],
                $scalar,
                $lanes,
                [0.0; $lanes],
                |from: *const $scalar| *from.cast(),
                |to: *mut $scalar, value| *to.cast() = value,
                |value| [value; $lanes],
                |a, b, c| std::array::from_fn(|l| a[l] * b[l] + c[l])
            );
        };
    }

    array!(f32, 4);
    array!(f64, 2);

    pub(in super::super) type Narrow32 = [f32; 4];
    pub(in super::super) type Narrow64 = [f64; 2];
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) use plain::{Narrow32, Narrow64};
