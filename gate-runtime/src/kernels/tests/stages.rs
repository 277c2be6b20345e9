//! Stages: merged products whose sums go into a map.

use super::super::{
    Base, Float, Isa, Map, Operand, Order, Packed, Part, Real, StageProduct, Target, stage,
};
use super::super::{stage::stage_units, whole::kernel};
use super::{assert_near, numbers, sets, tolerance};

/// A stage's map: all groups of both products, one operand per unit and one per row.
struct Gates;
impl Map<7, 2> for Gates {
    #[inline(always)]
    fn eval<V: Real>(x: [V; 7]) -> [V; 2] {
        [x[0] * x[1] + x[2] * x[5], x[3] - x[4] + x[6]]
    }
}

struct StageData<A> {
    left: [Vec<A>; 2],
    depth: [usize; 2],
    weights: [Vec<A>; 2],
    packed: [Packed<A>; 2],
    unit: Vec<A>,
    row: Vec<A>,
    /// The bases of the first product: of each row for its first group, of all rows for the last.
    own: Vec<A>,
    shared: Vec<A>,
}

const GROUPS: [usize; 2] = [3, 2];

fn stage_data<A: Float>(rows: usize, width: usize, depth: [usize; 2]) -> StageData<A> {
    let left = [0, 1].map(|i| numbers(rows * depth[i] + 1, i as u64));
    let weights = [0, 1].map(|i| numbers(depth[i] * GROUPS[i] * width + 1, 5 + i as u64));
    let mut packed = [Packed::default(), Packed::default()];
    for (i, order) in [Order::Together, Order::Apart].into_iter().enumerate() {
        let columns = GROUPS[i] * width;
        let part = Part {
            ptr: weights[i].as_ptr(),
            k_offset: 0,
            n_offset: 0,
            k_len: depth[i],
            n_len: columns,
            k_stride: columns,
            n_stride: 1,
        };
        // SAFETY: the part is all of the weights.
        unsafe { packed[i].pack_groups(order, depth[i], GROUPS[i], width, &[part]) };
    }
    StageData {
        left,
        depth,
        weights,
        packed,
        unit: numbers(rows * width, 8),
        row: numbers(rows, 9),
        own: numbers(rows * width, 10),
        shared: numbers(width, 11),
    }
}

fn run_stage<A: Float>(
    isa: Isa,
    rows: usize,
    width: usize,
    data: &StageData<A>,
    split: bool,
) -> Vec<A> {
    let mut y = vec![A::ZERO; 2 * rows * width];
    let base = y.as_mut_ptr();
    let own = Base {
        ptr: data.own.as_ptr(),
        row: width,
    };
    let shared = Base {
        ptr: data.shared.as_ptr(),
        row: 0,
    };
    let bases = [own, Base::ZERO, shared];
    let products = [0, 1].map(|i| StageProduct {
        left: data.left[i].as_ptr(),
        left_row: data.depth[i],
        weights: &data.packed[i],
        bases: [&bases[..], &[]][i],
    });
    let inputs = [
        Operand {
            ptr: data.unit.as_ptr(),
            row: width,
            unit: 1,
        },
        Operand {
            ptr: data.row.as_ptr(),
            row: 1,
            unit: 0,
        },
    ];
    let outputs = [0, 1].map(|o| Target {
        ptr: base.wrapping_add(o * rows * width),
        row: width,
    });
    let granule = data.packed.iter().map(Packed::granule).max().unwrap_or(1);
    let middle = if split { granule.min(width) } else { 0 };
    // SAFETY: sizes are those of the buffers.
    unsafe {
        if split {
            let kernel = (isa, kernel::<A, Gates, 7, 2>(isa));
            for units in [0..middle, middle..width] {
                stage_units::<A, 7, 2>(kernel, (rows, width), units, &products, &inputs, &outputs);
            }
        } else {
            stage::<A, Gates, 7, 2>(isa, rows, width, &products, &inputs, &outputs);
        }
    }
    y
}

pub(super) fn check_stage<A: Float>(isa: Isa, rows: usize, width: usize, depth: [usize; 2]) {
    let data = stage_data::<A>(rows, width, depth);
    let y = run_stage(isa, rows, width, &data, false);
    for r in 0..rows {
        for u in 0..width {
            let mut x = Vec::new();
            for i in 0..2 {
                let columns = GROUPS[i] * width;
                x.extend((0..GROUPS[i]).map(|group| {
                    let term = |k: usize| {
                        let weight = data.weights[i][k * columns + group * width + u];
                        data.left[i][r * depth[i] + k].to_f64() * weight.to_f64()
                    };
                    (0..depth[i]).map(term).sum::<f64>()
                }));
            }
            x[0] += data.own[r * width + u].to_f64();
            x[2] += data.shared[u].to_f64();
            x.extend([data.unit[r * width + u].to_f64(), data.row[r].to_f64()]);
            let tolerance = tolerance::<A>(depth[0] + depth[1]) * 4.0;
            let place = (isa, rows, width, depth, r, u);
            assert_near(
                y[r * width + u],
                x[0] * x[1] + x[2] * x[5],
                tolerance,
                place,
            );
            assert_near(
                y[(rows + r) * width + u],
                x[3] - x[4] + x[6],
                tolerance,
                place,
            );
        }
    }
    assert_eq!(y, run_stage(isa, rows, width, &data, true), "units split");
    // Each row alone.
    for r in 0..rows.min(3) {
        let part = StageData {
            left: [0, 1].map(|i| data.left[i][r * depth[i]..(r + 1) * depth[i]].to_vec()),
            depth,
            weights: data.weights.clone(),
            packed: data.packed.clone(),
            unit: data.unit[r * width..(r + 1) * width].to_vec(),
            row: vec![data.row[r]],
            own: data.own[r * width..(r + 1) * width].to_vec(),
            shared: data.shared.clone(),
        };
        let alone = run_stage(isa, 1, width, &part, false);
        assert_eq!(alone[..width], y[r * width..(r + 1) * width]);
        assert_eq!(
            alone[width..],
            y[(rows + r) * width..(rows + r + 1) * width]
        );
    }
}

#[test]
fn stages() {
    for isa in sets() {
        for rows in [0, 1, 5, 31] {
            for width in [1, 3, 17, 33, 48, 64, 100] {
                for depth in [[width, 5], [0, 40]] {
                    check_stage::<f32>(isa, rows, width, depth);
                    check_stage::<f64>(isa, rows, width, depth);
                }
            }
        }
        // Several tiles of units.
        check_stage::<f32>(isa, 7, 300, [300, 90]);
    }
}
