//! The registers of x86-64: AVX-512, AVX2 with FMA, and SSE2, which every processor has.

use core::arch::x86_64::*;
use core::ops::{Add, Div, Mul, Sub};

use super::Vector;
use super::register::{Register, register};

/// Σ of a register's elements.
///
/// # Safety
/// The processor has SSE2.
#[inline(always)]
unsafe fn total_of_four(a: __m128) -> f32 {
    // SAFETY: the caller's contract.
    unsafe {
        let pairs = _mm_add_ps(a, _mm_movehl_ps(a, a));
        _mm_cvtss_f32(_mm_add_ss(pairs, _mm_shuffle_ps::<1>(pairs, pairs)))
    }
}

/// Σ of a register's elements.
///
/// # Safety
/// The processor has SSE2.
#[inline(always)]
unsafe fn total_of_two(a: __m128d) -> f64 {
    // SAFETY: the caller's contract.
    unsafe { _mm_cvtsd_f64(_mm_add_sd(a, _mm_unpackhi_pd(a, a))) }
}

/// Σ of a register's elements.
///
/// # Safety
/// The processor has AVX.
#[inline(always)]
unsafe fn total_of_eight(a: __m256) -> f32 {
    // SAFETY: the caller's contract.
    unsafe {
        total_of_four(_mm_add_ps(
            _mm256_castps256_ps128(a),
            _mm256_extractf128_ps::<1>(a),
        ))
    }
}

/// Σ of a register's elements.
///
/// # Safety
/// The processor has AVX.
#[inline(always)]
unsafe fn total_of_four_wide(a: __m256d) -> f64 {
    // SAFETY: the caller's contract.
    unsafe {
        total_of_two(_mm_add_pd(
            _mm256_castpd256_pd128(a),
            _mm256_extractf128_pd::<1>(a),
        ))
    }
}

register! {
    __m512, f32, u32, __m512i, __mmask16, 16, 16, true;
    memory: _mm512_loadu_ps _mm512_storeu_ps,
    arithmetic: _mm512_set1_ps _mm512_add_ps _mm512_sub_ps _mm512_mul_ps _mm512_div_ps _mm512_sqrt_ps,
    mul_add: |a, b, c| _mm512_fmadd_ps(a, b, c),
    lesser: |a, b| _mm512_min_ps(a, b),
    greater: |a, b| _mm512_max_ps(a, b),
    compare: |a, b| _mm512_cmp_ps_mask::<_CMP_GT_OQ>(a, b), _mm512_cmp_ps_mask::<_CMP_GE_OQ>(a, b), _mm512_cmp_ps_mask::<_CMP_EQ_OQ>(a, b),
    pick: |m, y, n| _mm512_mask_blend_ps(m, n, y),
    whole: |m| _mm512_mask2int(m) == 0xffff,
    total: |a| total_of_eight(_mm256_add_ps(_mm512_castps512_ps256(a), _mm512_castps512_ps256(_mm512_shuffle_f32x4::<0b1110>(a, a)))),
    casts: _mm512_castps_si512 _mm512_castsi512_ps,
    word: |w| _mm512_set1_epi32(w.cast_signed()),
    integers: _mm512_add_epi32 _mm512_sub_epi32 _mm512_and_si512 _mm512_or_si512 _mm512_xor_si512,
    shifts: |a| _mm512_slli_epi32::<23>(a), _mm512_srli_epi32::<23>(a), _mm512_srli_epi32::<1>(a), _mm512_slli_epi32::<31>(a)
}

register! {
    __m512d, f64, u64, __m512i, __mmask8, 8, 16, true;
    memory: _mm512_loadu_pd _mm512_storeu_pd,
    arithmetic: _mm512_set1_pd _mm512_add_pd _mm512_sub_pd _mm512_mul_pd _mm512_div_pd _mm512_sqrt_pd,
    mul_add: |a, b, c| _mm512_fmadd_pd(a, b, c),
    lesser: |a, b| _mm512_min_pd(a, b),
    greater: |a, b| _mm512_max_pd(a, b),
    compare: |a, b| _mm512_cmp_pd_mask::<_CMP_GT_OQ>(a, b), _mm512_cmp_pd_mask::<_CMP_GE_OQ>(a, b), _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(a, b),
    pick: |m, y, n| _mm512_mask_blend_pd(m, n, y),
    whole: |m| _mm512_mask2int(m.into()) == 0xff,
    total: |a| total_of_four_wide(_mm256_add_pd(_mm512_castpd512_pd256(a), _mm512_extractf64x4_pd::<1>(a))),
    casts: _mm512_castpd_si512 _mm512_castsi512_pd,
    word: |w| _mm512_set1_epi64(w.cast_signed()),
    integers: _mm512_add_epi64 _mm512_sub_epi64 _mm512_and_si512 _mm512_or_si512 _mm512_xor_si512,
    shifts: |a| _mm512_slli_epi64::<52>(a), _mm512_srli_epi64::<52>(a), _mm512_srli_epi64::<1>(a), _mm512_slli_epi64::<63>(a)
}

register! {
    __m256, f32, u32, __m256i, __m256, 8, 8, true;
    memory: _mm256_loadu_ps _mm256_storeu_ps,
    arithmetic: _mm256_set1_ps _mm256_add_ps _mm256_sub_ps _mm256_mul_ps _mm256_div_ps _mm256_sqrt_ps,
    mul_add: |a, b, c| _mm256_fmadd_ps(a, b, c),
    lesser: |a, b| _mm256_min_ps(a, b),
    greater: |a, b| _mm256_max_ps(a, b),
    compare: |a, b| _mm256_cmp_ps::<_CMP_GT_OQ>(a, b), _mm256_cmp_ps::<_CMP_GE_OQ>(a, b), _mm256_cmp_ps::<_CMP_EQ_OQ>(a, b),
    pick: |m, y, n| _mm256_blendv_ps(n, y, m),
    whole: |m| _mm256_movemask_ps(m) == 0xff,
    total: |a| total_of_eight(a),
    casts: _mm256_castps_si256 _mm256_castsi256_ps,
    word: |w| _mm256_set1_epi32(w.cast_signed()),
    integers: _mm256_add_epi32 _mm256_sub_epi32 _mm256_and_si256 _mm256_or_si256 _mm256_xor_si256,
    shifts: |a| _mm256_slli_epi32::<23>(a), _mm256_srli_epi32::<23>(a), _mm256_srli_epi32::<1>(a), _mm256_slli_epi32::<31>(a)
}

register! {
    __m256d, f64, u64, __m256i, __m256d, 4, 8, true;
    memory: _mm256_loadu_pd _mm256_storeu_pd,
    arithmetic: _mm256_set1_pd _mm256_add_pd _mm256_sub_pd _mm256_mul_pd _mm256_div_pd _mm256_sqrt_pd,
    mul_add: |a, b, c| _mm256_fmadd_pd(a, b, c),
    lesser: |a, b| _mm256_min_pd(a, b),
    greater: |a, b| _mm256_max_pd(a, b),
    compare: |a, b| _mm256_cmp_pd::<_CMP_GT_OQ>(a, b), _mm256_cmp_pd::<_CMP_GE_OQ>(a, b), _mm256_cmp_pd::<_CMP_EQ_OQ>(a, b),
    pick: |m, y, n| _mm256_blendv_pd(n, y, m),
    whole: |m| _mm256_movemask_pd(m) == 0xf,
    total: |a| total_of_four_wide(a),
    casts: _mm256_castpd_si256 _mm256_castsi256_pd,
    word: |w| _mm256_set1_epi64x(w.cast_signed()),
    integers: _mm256_add_epi64 _mm256_sub_epi64 _mm256_and_si256 _mm256_or_si256 _mm256_xor_si256,
    shifts: |a| _mm256_slli_epi64::<52>(a), _mm256_srli_epi64::<52>(a), _mm256_srli_epi64::<1>(a), _mm256_slli_epi64::<63>(a)
}

register! {
    __m128, f32, u32, __m128i, __m128, 4, 8, false;
    memory: _mm_loadu_ps _mm_storeu_ps,
    arithmetic: _mm_set1_ps _mm_add_ps _mm_sub_ps _mm_mul_ps _mm_div_ps _mm_sqrt_ps,
    mul_add: |a, b, c| _mm_add_ps(_mm_mul_ps(a, b), c),
    lesser: |a, b| _mm_min_ps(a, b),
    greater: |a, b| _mm_max_ps(a, b),
    compare: |a, b| _mm_cmpgt_ps(a, b), _mm_cmpge_ps(a, b), _mm_cmpeq_ps(a, b),
    pick: |m, y, n| _mm_or_ps(_mm_and_ps(m, y), _mm_andnot_ps(m, n)),
    whole: |m| _mm_movemask_ps(m) == 0xf,
    total: |a| total_of_four(a),
    casts: _mm_castps_si128 _mm_castsi128_ps,
    word: |w| _mm_set1_epi32(w.cast_signed()),
    integers: _mm_add_epi32 _mm_sub_epi32 _mm_and_si128 _mm_or_si128 _mm_xor_si128,
    shifts: |a| _mm_slli_epi32::<23>(a), _mm_srli_epi32::<23>(a), _mm_srli_epi32::<1>(a), _mm_slli_epi32::<31>(a)
}

register! {
    __m128d, f64, u64, __m128i, __m128d, 2, 8, false;
    memory: _mm_loadu_pd _mm_storeu_pd,
    arithmetic: _mm_set1_pd _mm_add_pd _mm_sub_pd _mm_mul_pd _mm_div_pd _mm_sqrt_pd,
    mul_add: |a, b, c| _mm_add_pd(_mm_mul_pd(a, b), c),
    lesser: |a, b| _mm_min_pd(a, b),
    greater: |a, b| _mm_max_pd(a, b),
    compare: |a, b| _mm_cmpgt_pd(a, b), _mm_cmpge_pd(a, b), _mm_cmpeq_pd(a, b),
    pick: |m, y, n| _mm_or_pd(_mm_and_pd(m, y), _mm_andnot_pd(m, n)),
    whole: |m| _mm_movemask_pd(m) == 0x3,
    total: |a| total_of_two(a),
    casts: _mm_castpd_si128 _mm_castsi128_pd,
    word: |w| _mm_set1_epi64x(w.cast_signed()),
    integers: _mm_add_epi64 _mm_sub_epi64 _mm_and_si128 _mm_or_si128 _mm_xor_si128,
    shifts: |a| _mm_slli_epi64::<52>(a), _mm_srli_epi64::<52>(a), _mm_srli_epi64::<1>(a), _mm_slli_epi64::<63>(a)
}

#[cfg(feature = "std")]
pub(in super::super) type Wide32 = Register<__m512>;
#[cfg(feature = "std")]
pub(in super::super) type Wide64 = Register<__m512d>;
#[cfg(feature = "std")]
pub(in super::super) type Half32 = Register<__m256>;
#[cfg(feature = "std")]
pub(in super::super) type Half64 = Register<__m256d>;
pub(in super::super) type Narrow32 = Register<__m128>;
pub(in super::super) type Narrow64 = Register<__m128d>;
