//! Numbers of a foreign file: `f64`, `f32` and both halves.

use ndarray::{ArrayD, IxDyn};
use safetensors::tensor::{Dtype, TensorView};

use super::super::read::words;

/// The elements of a tensor, exact; `None` if its type holds no such numbers.
pub(super) fn numbers(view: &TensorView<'_>) -> Option<ArrayD<f64>> {
    let elements: Vec<f64> = match view.dtype() {
        Dtype::F64 => words(view).map(f64::from_le_bytes).collect(),
        Dtype::F32 => words(view).map(|b| f32::from_le_bytes(b).into()).collect(),
        Dtype::F16 => words(view).map(|b| half(u16::from_le_bytes(b))).collect(),
        Dtype::BF16 => words(view).map(|b| brain(u16::from_le_bytes(b))).collect(),
        _ => return None,
    };
    ArrayD::from_shape_vec(IxDyn(view.shape()), elements).ok()
}

/// A `bfloat16` is the upper half of an `f32`.
fn brain(bits: u16) -> f64 {
    f32::from_bits(u32::from(bits) << 16).into()
}

/// An IEEE half: a sign, five bits of exponent, ten of fraction.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2_f64.powi(exponent - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::{brain, half};

    #[test]
    fn halves_are_what_ieee_says() {
        let known = [
            (0x3C00, 1.0),
            (0xC000, -2.0),
            (0x7BFF, 65504.0),
            (0x0001, 2_f64.powi(-24)),
            (0x0400, 2_f64.powi(-14)),
            (0x3555, 0.333_251_953_125),
            (0xFC00, f64::NEG_INFINITY),
        ];
        assert!(known.iter().all(|&(bits, value)| half(bits) == value));
        assert!(half(0x7E00).is_nan());
        assert_eq!((brain(0x3F80), brain(0xC049)), (1.0, -3.140_625));
    }
}
