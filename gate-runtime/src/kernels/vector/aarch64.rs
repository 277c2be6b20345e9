//! The registers of 64-bit ARM, which every processor has.

use core::arch::aarch64::*;
use core::ops::{Add, Div, Mul, Sub};

use super::Vector;
use super::register::{Register, register};

register! {
    float32x4_t, f32, u32, uint32x4_t, uint32x4_t, 4, 16, true;
    memory: vld1q_f32 vst1q_f32,
    arithmetic: vdupq_n_f32 vaddq_f32 vsubq_f32 vmulq_f32 vdivq_f32 vsqrtq_f32,
    mul_add: |a, b, c| vfmaq_f32(c, a, b),
    // The instructions for minimum and maximum give NaN for NaN.
    lesser: |a, b| vbslq_f32(vcgtq_f32(b, a), a, b),
    greater: |a, b| vbslq_f32(vcgtq_f32(a, b), a, b),
    compare: |a, b| vcgtq_f32(a, b), vcgeq_f32(a, b), vceqq_f32(a, b),
    pick: |m, y, n| vbslq_f32(m, y, n),
    whole: |m| vminvq_u32(m) != 0,
    total: |a| vaddvq_f32(a),
    casts: vreinterpretq_u32_f32 vreinterpretq_f32_u32,
    word: |w| vdupq_n_u32(w),
    integers: vaddq_u32 vsubq_u32 vandq_u32 vorrq_u32 veorq_u32,
    shifts: |a| vshlq_n_u32::<23>(a), vshrq_n_u32::<23>(a), vshrq_n_u32::<1>(a), vshlq_n_u32::<31>(a)
}

register! {
    float64x2_t, f64, u64, uint64x2_t, uint64x2_t, 2, 16, true;
    memory: vld1q_f64 vst1q_f64,
    arithmetic: vdupq_n_f64 vaddq_f64 vsubq_f64 vmulq_f64 vdivq_f64 vsqrtq_f64,
    mul_add: |a, b, c| vfmaq_f64(c, a, b),
    // The instructions for minimum and maximum give NaN for NaN.
    lesser: |a, b| vbslq_f64(vcgtq_f64(b, a), a, b),
    greater: |a, b| vbslq_f64(vcgtq_f64(a, b), a, b),
    compare: |a, b| vcgtq_f64(a, b), vcgeq_f64(a, b), vceqq_f64(a, b),
    pick: |m, y, n| vbslq_f64(m, y, n),
    whole: |m| vminvq_u32(vreinterpretq_u32_u64(m)) != 0,
    total: |a| vaddvq_f64(a),
    casts: vreinterpretq_u64_f64 vreinterpretq_f64_u64,
    word: |w| vdupq_n_u64(w),
    integers: vaddq_u64 vsubq_u64 vandq_u64 vorrq_u64 veorq_u64,
    shifts: |a| vshlq_n_u64::<52>(a), vshrq_n_u64::<52>(a), vshrq_n_u64::<1>(a), vshlq_n_u64::<63>(a)
}

pub(in super::super) type Neon32 = Register<float32x4_t>;
pub(in super::super) type Neon64 = Register<float64x2_t>;
