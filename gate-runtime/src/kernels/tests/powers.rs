//! Powers: all pairs of special and of some ordinary numbers, side by side in registers.

use super::super::{Float, Map, Operand, Real, Target, map};
use super::accuracy::sets;

struct Power;
impl Map<2, 1> for Power {
    #[inline(always)]
    fn eval<V: Real>([x, y]: [V; 2]) -> [V; 1] {
        [x.pow(y)]
    }
}

/// Numbers at which powers are special, their neighbours, and some others, of both signs.
/// `whole` is the first number from which on all are whole.
fn special(whole: f64, epsilon: f64, [least, subnormal, most]: [f64; 3]) -> Vec<f64> {
    let mut sizes = vec![0.0, f64::INFINITY, 1.0 - epsilon, 1.0 + epsilon];
    sizes.extend([subnormal, 3.0 * subnormal, least, most]);
    sizes.extend([0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 1e-9, 0.3, 7.0, 33.5, 1001.0]);
    // The last halves and the last odd numbers.
    sizes.extend([0.5 * whole - 0.5, 0.5 * whole - 1.0, whole - 1.0]);
    sizes.extend([whole + 1.0, 2.0 * whole - 1.0, 2.0 * whole]);
    let both = sizes.into_iter().flat_map(|size| [size, -size]);
    both.chain([f64::NAN]).collect()
}

/// All pairs against the library's powers; `margin` is relative.
fn check<A: Float>(numbers: &[f64], margin: f64, power: impl Fn(A, A) -> A) {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for &a in numbers {
        x.extend(numbers.iter().map(|_| A::from_f64(a)));
        y.extend(numbers.iter().map(|&b| A::from_f64(b)));
    }
    for isa in sets() {
        let mut z = vec![A::ZERO; x.len()];
        let row = x.len();
        let inputs = [&x, &y].map(|of| Operand {
            ptr: of.as_ptr(),
            row,
            unit: 1,
        });
        let ptr = z.as_mut_ptr();
        // SAFETY: one row of as many elements everywhere, and the processor has the set.
        unsafe { map::<A, Power, 2, 1>(isa, 1, row, &inputs, &[Target { ptr, row }]) };
        for ((&x, &y), &z) in x.iter().zip(&y).zip(&z) {
            let (exact, found) = (power(x, y).to_f64(), z.to_f64());
            let (x, y) = (x.to_f64(), y.to_f64());
            let same = exact == found && exact.is_sign_negative() == found.is_sign_negative();
            let close = (found - exact).abs() <= margin * exact.abs() && exact.is_finite();
            let both_nan = exact.is_nan() && found.is_nan();
            assert!(
                same || close || both_nan,
                "{x:e}^{y:e} = {found:e}, not {exact:e} on {isa:?}"
            );
        }
    }
}

#[test]
fn special_cases_are_those_of_ieee_754() {
    let ends = [f32::MIN_POSITIVE, f32::from_bits(1), f32::MAX].map(f64::from);
    let numbers = special(f64::from(1 << 23), f64::from(f32::EPSILON), ends);
    check::<f32>(&numbers, 3e-7, f32::powf);
    let ends = [f64::MIN_POSITIVE, f64::from_bits(1), f64::MAX];
    let numbers = special((1_u64 << 52) as f64, f64::EPSILON, ends);
    check::<f64>(&numbers, 1e-14, f64::powf);
}
