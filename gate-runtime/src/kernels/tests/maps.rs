//! Maps in all layouts.

use super::super::{CARRIED, Float, Isa, Map, Operand, Real, Target, map, map_sum};
use super::{assert_near, numbers, sets, tolerance};

/// Three inputs, two outputs.
pub(super) struct Blend;
impl Map<3, 2> for Blend {
    #[inline(always)]
    fn eval<V: Real>([z, a, b]: [V; 3]) -> [V; 2] {
        [z * a + (V::num(1.0) - z) * b, a - b]
    }
}

/// The same in two halves.
pub(super) struct Halves;
impl Map<3, 2> for Halves {
    const LATE: u64 = 1;

    #[inline(always)]
    fn eval<V: Real>(inputs: [V; 3]) -> [V; 2] {
        Blend::eval(inputs)
    }

    #[inline(always)]
    fn first<V: Real>([z, a, b]: [V; 3]) -> ([V; 2], [V; CARRIED]) {
        let zero = V::num(0.0);
        let mut carried = [zero; CARRIED];
        carried[..3].copy_from_slice(&[z, a, b]);
        ([zero, a - b], carried)
    }

    #[inline(always)]
    fn second<V: Real>([z, a, b, ..]: [V; CARRIED]) -> [V; 2] {
        [Blend::eval([z, a, b])[0], V::num(0.0)]
    }
}

fn blend(z: f64, a: f64, b: f64) -> [f64; 2] {
    [z * a + (1.0 - z) * b, a - b]
}

/// (row, unit) strides of an operand.
type Strides = (usize, usize);

fn element<A: Float>(x: &[A], (row, unit): Strides, r: usize, u: usize) -> f64 {
    x[1 + r * row + u * unit].to_f64()
}

pub(super) fn check_map<A: Float, M: Map<3, 2>>(
    isa: Isa,
    rows: usize,
    width: usize,
    strides: [Strides; 3],
) {
    // One element in front of each, so that nothing is aligned.
    let x = [1, 2, 3].map(|seed| numbers::<A>(1 + (rows + 1) * (width + 3), seed));
    let gap = width + 2;
    let mut y = vec![A::from_f64(7.0); 2 + 2 * (rows * gap + 1)];
    let (first, second) = (1, 2 + rows * gap);
    let inputs = [0, 1, 2].map(|i| {
        let (row, unit) = strides[i];
        Operand {
            ptr: x[i][1..].as_ptr(),
            row,
            unit,
        }
    });
    let base = y.as_mut_ptr();
    let outputs = [first, second].map(|at| Target {
        ptr: base.wrapping_add(at),
        row: gap,
    });
    // SAFETY: the buffers hold `rows` rows of `width` units at these strides.
    unsafe { map::<A, M, 3, 2>(isa, rows, width, &inputs, &outputs) };
    let mut sums = vec![A::from_f64(0.25); 2 * width];
    let base = sums.as_mut_ptr();
    let outputs = [0, width].map(|at| Target {
        ptr: base.wrapping_add(at),
        row: 0,
    });
    // SAFETY: as above; the targets have one row.
    unsafe { map_sum::<A, M, 3, 2>(isa, rows, width, &inputs, &outputs) };
    for u in 0..width {
        let mut expected_sums = [0.25; 2];
        for r in 0..rows {
            let [z, a, b] = [0, 1, 2].map(|i| element(&x[i], strides[i], r, u));
            let place = (isa, rows, width, strides, r, u);
            for (o, expected) in blend(z, a, b).into_iter().enumerate() {
                let found = y[[first, second][o] + r * gap + u];
                assert_near(found, expected, tolerance::<A>(1), place);
                expected_sums[o] += expected;
            }
        }
        for (o, expected) in expected_sums.into_iter().enumerate() {
            let place = (isa, rows, width, strides, u);
            assert_near(
                sums[o * width + u],
                expected,
                tolerance::<A>(4 * rows),
                place,
            );
        }
    }
    // Nothing is written between the rows.
    for r in 0..rows {
        assert_eq!(y[first + r * gap + width].to_f64(), 7.0);
    }
}

#[test]
fn maps_of_all_layouts() {
    for isa in sets() {
        for rows in [0, 1, 5, 31] {
            for width in [1, 3, 16, 17, 33, 100] {
                for strides in [
                    [(width, 1), (width, 1), (width, 1)],
                    [(0, 1), (width + 2, 1), (width, 1)],
                    [(1, 0), (0, 0), (width, 1)],
                    [(0, 0), (width + 1, 1), (2, 0)],
                ] {
                    check_map::<f32, Blend>(isa, rows, width, strides);
                    check_map::<f64, Blend>(isa, rows, width, strides);
                    check_map::<f32, Halves>(isa, rows, width, strides);
                    check_map::<f64, Halves>(isa, rows, width, strides);
                }
            }
        }
    }
}

/// Scalars stand in lines, for which there is room for fewer than these rows.
#[test]
fn maps_of_scalars_and_many_rows() {
    for isa in sets() {
        for rows in [63, 64, 65, 129, 200] {
            for width in [16, 17, 32] {
                for strides in [
                    [(1, 0), (2, 0), (width, 1)],
                    [(1, 0), (0, 0), (width, 1)],
                    [(0, 0), (width, 1), (3, 0)],
                ] {
                    check_map::<f32, Blend>(isa, rows, width, strides);
                    check_map::<f64, Halves>(isa, rows, width, strides);
                }
            }
        }
    }
}

/// Too many scalars for the lines of all of them.
#[test]
fn maps_of_many_scalars() {
    const ALL: usize = 140;
    struct Sum;
    impl Map<ALL, 1> for Sum {
        #[inline(always)]
        fn eval<V: Real>(x: [V; ALL]) -> [V; 1] {
            [x.into_iter().fold(V::num(0.0), |sum, x| sum + x)]
        }
    }
    let (rows, width) = (2, 53);
    let x = numbers::<f32>(rows * ALL, 1);
    let units = numbers::<f32>(width, 2);
    for isa in sets() {
        let mut y = vec![0.0; rows * width];
        let inputs = std::array::from_fn(|i| match i {
            0 => Operand {
                ptr: units.as_ptr(),
                row: 0,
                unit: 1,
            },
            _ => Operand {
                ptr: x[i..].as_ptr(),
                row: ALL,
                unit: 0,
            },
        });
        let outputs = [Target {
            ptr: y.as_mut_ptr(),
            row: width,
        }];
        // SAFETY: scalars have two rows, the units one for all, the result two.
        unsafe { map::<f32, Sum, ALL, 1>(isa, rows, width, &inputs, &outputs) };
        for (r, row) in y.chunks(width).enumerate() {
            let scalars = &x[r * ALL + 1..(r + 1) * ALL];
            let sum: f64 = scalars.iter().map(|&x| f64::from(x)).sum();
            for (u, &found) in row.iter().enumerate() {
                assert_near(found, sum + f64::from(units[u]), 1e-4, (isa, r, u));
            }
        }
    }
}

#[test]
fn maps_without_gaps_are_the_same() {
    for isa in sets() {
        for (rows, width) in [(31, 3), (5, 17), (40, 1)] {
            let x = [1, 2, 3].map(|seed| numbers::<f32>(rows * width, seed));
            let mut y = vec![0.0; 2 * rows * width];
            let inputs = [0, 1, 2].map(|i| Operand {
                ptr: x[i].as_ptr(),
                row: width,
                unit: 1,
            });
            let base = y.as_mut_ptr();
            let outputs = [0, 1].map(|o| Target {
                ptr: base.wrapping_add(o * rows * width),
                row: width,
            });
            // SAFETY: the buffers hold `rows · width` elements.
            unsafe { map::<f32, Blend, 3, 2>(isa, rows, width, &inputs, &outputs) };
            for i in 0..rows * width {
                let [z, a, b] = [0, 1, 2].map(|k| f64::from(x[k][i]));
                assert_near(y[i], blend(z, a, b)[0], 1e-6, (isa, i));
                assert_near(y[rows * width + i], blend(z, a, b)[1], 1e-6, (isa, i));
            }
        }
    }
}

#[test]
fn maps_in_place() {
    overwrite_inputs::<Blend>();
    overwrite_inputs::<Halves>();
}

/// Both outputs overwrite inputs.
fn overwrite_inputs<M: Map<3, 2>>() {
    for isa in sets() {
        for (rows, width, row) in [
            (1, 100, 100),
            (5, 17, 20),
            (31, 1, 1),
            (31, 1, 3),
            (2, 64, 64),
        ] {
            let z = numbers::<f32>(rows * row, 1);
            let before = [2, 3].map(|seed| numbers::<f32>(rows * row, seed));
            let mut after = before.clone();
            let [a, b] = after.each_mut().map(|x| x.as_mut_ptr());
            let inputs = [z.as_ptr(), a, b].map(|ptr| Operand { ptr, row, unit: 1 });
            let outputs = [a, b].map(|ptr| Target { ptr, row });
            // SAFETY: the outputs are inputs at the same positions.
            unsafe { map::<f32, M, 3, 2>(isa, rows, width, &inputs, &outputs) };
            for i in 0..rows * row {
                let [z, a, b] = [z[i], before[0][i], before[1][i]].map(f64::from);
                let inside = i % row < width;
                let expected = if inside { blend(z, a, b) } else { [a, b] };
                assert_near(after[0][i], expected[0], 1e-6, (isa, rows, i));
                assert_near(after[1][i], expected[1], 1e-6, (isa, rows, i));
            }
        }
    }
}

/// More inputs and outputs than there are registers.
struct Wide;
impl Map<40, 40> for Wide {
    #[inline(always)]
    fn eval<V: Real>(x: [V; 40]) -> [V; 40] {
        let mut y = x;
        for i in 1..40 {
            y[i] = y[i - 1] + x[i].tanh();
        }
        y
    }
}

#[test]
fn maps_of_forty_operands() {
    for isa in sets() {
        let x = numbers::<f32>(40 * 33, 1);
        let mut y = vec![0.0; 40 * 33];
        let base = y.as_mut_ptr();
        let inputs = std::array::from_fn(|i| Operand {
            ptr: x[33 * i..].as_ptr(),
            row: 33,
            unit: 1,
        });
        let outputs = std::array::from_fn(|o| Target {
            ptr: base.wrapping_add(33 * o),
            row: 33,
        });
        // SAFETY: each has one row of 33 elements.
        unsafe { map::<f32, Wide, 40, 40>(isa, 1, 33, &inputs, &outputs) };
        for u in 0..33 {
            let sum = (1..40)
                .map(|i| f64::from(x[33 * i + u]).tanh())
                .sum::<f64>();
            assert_near(y[33 * 39 + u], f64::from(x[u]) + sum, 1e-5, (isa, u));
        }
    }
}
