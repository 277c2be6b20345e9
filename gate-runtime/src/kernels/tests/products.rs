//! Products, packing and weight gradients.

use super::super::{
    Base, Float, Isa, Onto, Order, Packed, Part, Rows, TargetPart, Workspace, gradient, product,
    product_columns,
};
use super::{assert_near, numbers, sets, tolerance};

fn part<A>(
    ptr: *const A,
    k: (usize, usize),
    n: (usize, usize),
    strides: (usize, usize),
) -> Part<A> {
    let ((k_offset, k_len), (n_offset, n_len), (k_stride, n_stride)) = (k, n, strides);
    Part {
        ptr,
        k_offset,
        n_offset,
        k_len,
        n_len,
        k_stride,
        n_stride,
    }
}

/// A matrix K × N given as two blocks: columns 0 … n/3 plain, the others transposed.
fn pack_two<A: Float>(
    order: Order,
    weights: &[A],
    k: usize,
    n: usize,
    packed: &mut Packed<A>,
) -> Vec<f64> {
    let m = n / 3;
    let (plain, transposed) = weights.split_at(k * m);
    let parts = [
        part(plain.as_ptr(), (0, k), (0, m), (m, 1)),
        part(transposed.as_ptr(), (0, k), (m, n - m), (1, k)),
    ];
    // SAFETY: the parts are those of `weights`.
    unsafe { packed.pack(order, k, n, &parts) };
    let element = |k_: usize, n_: usize| {
        if n_ < m {
            plain[k_ * m + n_]
        } else {
            transposed[(n_ - m) * k + k_]
        }
    };
    (0..k * n).map(|i| element(i / n, i % n).to_f64()).collect()
}

/// What a product is added to: nothing, its result, or numbers of each row or of all rows.
#[derive(Clone, Copy, Debug)]
enum Below {
    Nothing,
    Result,
    Rows,
    Shared,
}

impl Below {
    /// From row `r` on.
    fn onto<A: Float>(self, other: &[A], row: usize, r: usize) -> Onto<A> {
        let base = |row: usize| {
            Onto::Base(Base {
                ptr: other[1 + r * row..].as_ptr(),
                row,
            })
        };
        match self {
            Below::Nothing => Onto::Nothing,
            Below::Result => Onto::Result,
            Below::Rows => base(row),
            Below::Shared => base(0),
        }
    }
}

pub(super) fn check_product<A: Float>(
    isa: Isa,
    rows: usize,
    k: usize,
    n: usize,
    packed: &mut Packed<A>,
) {
    let row = k + 1;
    let left = numbers::<A>(rows * row + 1, 3);
    let numbers_of_weights = numbers::<A>(k * n, 4);
    let gap = n + 3;
    let before = numbers::<A>(rows * gap + 1, 5);
    let other = numbers::<A>(rows * gap + n, 6);
    let each = [Below::Nothing, Below::Result, Below::Rows, Below::Shared];
    let cases = [Order::Together, Order::Apart].map(|order| each.map(|below| (order, below)));
    for (order, below) in cases.into_iter().flatten() {
        let weights = pack_two(order, &numbers_of_weights, k, n, packed);
        let mut out = before.clone();
        let onto = below.onto(&other, gap, 0);
        // SAFETY: the buffers hold these rows.
        unsafe {
            product(
                isa,
                rows,
                left[1..].as_ptr(),
                row,
                packed,
                out[1..].as_mut_ptr(),
                gap,
                onto,
            )
        };
        for r in 0..rows {
            for c in 0..gap {
                let at = 1 + r * gap + c;
                if c >= n {
                    assert_eq!(out[at].to_f64(), before[at].to_f64());
                    continue;
                }
                let term = |j: usize| left[1 + r * row + j].to_f64() * weights[j * n + c];
                let start = match below {
                    Below::Nothing => 0.0,
                    Below::Result => before[at].to_f64(),
                    Below::Rows => other[at].to_f64(),
                    Below::Shared => other[1 + c].to_f64(),
                };
                let expected = start + (0..k).map(term).sum::<f64>();
                assert_near(
                    out[at],
                    expected,
                    tolerance::<A>(k),
                    (isa, order, rows, k, n, below, r, c),
                );
            }
        }
        check_splits(
            isa,
            (rows, k, n),
            &left,
            packed,
            (&before, &out),
            (below, &other),
        );
    }
}

/// The same bits in other pieces: each row alone, and columns in two ranges.
fn check_splits<A: Float>(
    isa: Isa,
    (rows, k, n): (usize, usize, usize),
    left: &[A],
    packed: &Packed<A>,
    (before, whole): (&[A], &[A]),
    (below, other): (Below, &[A]),
) {
    let (row, gap) = (k + 1, n + 3);
    let mut out = before.to_vec();
    for r in 0..rows {
        let onto = below.onto(other, gap, r);
        let (left, out) = (
            left[1 + r * row..].as_ptr(),
            out[1 + r * gap..].as_mut_ptr(),
        );
        // SAFETY: one row of the buffers above.
        unsafe { product(isa, 1, left, row, packed, out, gap, onto) };
    }
    assert_eq!(out, whole);
    let mut out = before.to_vec();
    let middle = packed.granule().min(n);
    let onto = below.onto(other, gap, 0);
    for columns in [0..middle, middle..n] {
        let (left, out) = (left[1..].as_ptr(), out[1..].as_mut_ptr());
        // SAFETY: the buffers are those of the whole product.
        unsafe { product_columns(isa, rows, left, row, packed, columns, out, gap, onto) };
    }
    assert_eq!(out, whole);
}

#[test]
fn products_of_odd_sizes() {
    for isa in sets() {
        let (mut single, mut double) = (Packed::default(), Packed::default());
        for rows in [0, 1, 5, 31] {
            for n in [1, 3, 17, 33, 50, 100] {
                for k in [0, 1, 7, 33] {
                    check_product::<f32>(isa, rows, k, n, &mut single);
                    check_product::<f64>(isa, rows, k, n, &mut double);
                }
            }
        }
        // Blocks of rows and of the inner dimension.
        check_product::<f32>(isa, 123, 1500, 70, &mut single);
        check_product::<f64>(isa, 123, 700, 70, &mut double);
    }
}

/// Sub-blocks stacked along both dimensions, with a hole.
#[test]
fn packing_takes_blocks_along_both_dimensions() {
    let (k, n) = (9, 20);
    let blocks = [numbers::<f32>(4 * 20, 1), numbers::<f32>(5 * 7, 2)];
    let parts = [
        part(blocks[0].as_ptr(), (0, 4), (0, 20), (20, 1)),
        part(blocks[1].as_ptr(), (4, 5), (13, 7), (1, 5)),
    ];
    let mut packed = Packed::default();
    // What is left of an earlier packing must not shine through.
    let ones = vec![1.0f32; k * n];
    // SAFETY: the parts are those of the blocks.
    unsafe {
        packed.pack(
            Order::Together,
            k,
            n,
            &[part(ones.as_ptr(), (0, k), (0, n), (n, 1))],
        );
        packed.pack(Order::Apart, k, n, &parts);
    }
    for isa in sets() {
        for j in 0..k {
            let mut left = vec![0.0; k];
            left[j] = 1.0;
            let mut out = vec![0.0; n];
            // SAFETY: one row of k elements, one of n.
            unsafe {
                product(
                    isa,
                    1,
                    left.as_ptr(),
                    k,
                    &packed,
                    out.as_mut_ptr(),
                    n,
                    Onto::Nothing,
                )
            };
            for (c, &found) in out.iter().enumerate() {
                let expected = match (j, c) {
                    (0..4, _) => blocks[0][j * 20 + c],
                    (_, 13..) => blocks[1][(c - 13) * 5 + j - 4],
                    _ => 0.0,
                };
                assert_eq!(found, expected, "{isa:?} {j} {c}");
            }
        }
    }
}

#[test]
#[should_panic(expected = "outside of the matrix")]
fn packing_refuses_a_part_outside_of_the_matrix() {
    let weights = [0.0f32; 4];
    let outside = part(weights.as_ptr(), (1, 2), (0, 2), (2, 1));
    // SAFETY: the part has four elements.
    unsafe { Packed::default().pack(Order::Apart, 2, 2, &[outside]) };
}

/// How the targets of a gradient lie: plain, transposed, or with gaps in both directions.
#[derive(Clone, Copy, Debug)]
pub(super) enum Layout {
    Plain,
    Transposed,
    Gaps,
}

pub(super) fn check_gradient<A: Float>(isa: Isa, rows: usize, k: usize, n: usize, layout: Layout) {
    let (left_row, right_row) = (k + 2, n + 1);
    let [other, left] = [9, 1].map(|seed| numbers::<A>(rows * left_row + 1, seed));
    let right = numbers::<A>(rows * right_row + 1, 2);
    let (k_stride, n_stride) = match layout {
        Layout::Plain => (n, 1),
        Layout::Transposed => (1, k),
        Layout::Gaps => (2 * n, 2),
    };
    let before = numbers::<A>(2 * k * n, 3);
    let mut results = Vec::new();
    // Two parts along n, and along an even k; the columns at once, and split.
    let (l, m) = (k / 2 * (1 - k % 2), n / 2);
    for cut in [0, n / 3] {
        let mut target = before.clone();
        // The workspace has seen other numbers at the same place.
        let (mut workspace, mut place) = (Workspace::default(), other.clone());
        for (columns, numbers) in [(0..n, &other), (0..cut, &left), (cut..n, &left)] {
            place.copy_from_slice(numbers);
            if columns.start == 0 {
                target.copy_from_slice(&before);
            }
            let base = target.as_mut_ptr();
            let part = |(k_offset, k_len): (usize, usize), (n_offset, n_len)| TargetPart {
                ptr: base.wrapping_add(k_offset * k_stride + n_offset * n_stride),
                k_offset,
                n_offset,
                k_len,
                n_len,
                k_stride,
                n_stride,
            };
            let halves = [(0, l), (l, k - l)];
            let parts = halves.map(|half| [part(half, (0, m)), part(half, (m, n - m))]);
            let parts = parts.as_flattened();
            let left = Rows {
                ptr: place[1..].as_ptr(),
                row: left_row,
            };
            let right = Rows {
                ptr: right[1..].as_ptr(),
                row: right_row,
            };
            // SAFETY: the buffers hold these rows and targets.
            unsafe { gradient(isa, rows, left, right, parts, columns, &mut workspace) };
        }
        results.push(target);
    }
    assert!(
        results[0] == results[1],
        "columns split: {:?}",
        (isa, rows, k, n, layout)
    );
    let mut expected: Vec<f64> = before.iter().map(|x| x.to_f64()).collect();
    for at in 0..k * n {
        let term = |r: usize| {
            left[1 + r * left_row + at / n].to_f64() * right[1 + r * right_row + at % n].to_f64()
        };
        expected[at / n * k_stride + at % n * n_stride] += (0..rows).map(term).sum::<f64>();
    }
    for (i, (&found, expected)) in results[0].iter().zip(expected).enumerate() {
        let tolerance = tolerance::<A>(rows);
        assert_near(found, expected, tolerance, (isa, rows, k, n, layout, i));
    }
}

#[test]
fn gradients_of_odd_sizes() {
    for isa in sets() {
        for layout in [Layout::Plain, Layout::Transposed, Layout::Gaps] {
            for rows in [0, 1, 31] {
                for (k, n) in [(1, 1), (3, 17), (17, 3), (33, 100), (1, 40), (40, 1)] {
                    check_gradient::<f32>(isa, rows, k, n, layout);
                    check_gradient::<f64>(isa, rows, k, n, layout);
                }
            }
        }
        // Blocks of rows, packed left operands, several panels.
        check_gradient::<f32>(isa, 500, 70, 30, Layout::Plain);
        check_gradient::<f32>(isa, 9, 600, 20, Layout::Plain);
        check_gradient::<f32>(isa, 9, 20, 600, Layout::Transposed);
        check_gradient::<f64>(isa, 400, 300, 20, Layout::Plain);
        // A packed left operand of several blocks and targets.
        check_gradient::<f64>(isa, 1000, 300, 50, Layout::Plain);
        // Panels: one tile, several, and packed left operands; blocks of rows.
        check_gradient::<f32>(isa, 40, 6, 150, Layout::Plain);
        check_gradient::<f32>(isa, 1, 7, 150, Layout::Plain);
        check_gradient::<f32>(isa, 1000, 23, 200, Layout::Plain);
        check_gradient::<f32>(isa, 60, 521, 140, Layout::Plain);
        check_gradient::<f64>(isa, 1000, 13, 140, Layout::Plain);
        check_gradient::<f64>(isa, 60, 261, 260, Layout::Plain);
    }
}

#[test]
fn gradients_take_blocks_of_the_left_operand() {
    let (rows, k, n) = (5, 6, 4);
    let (left, right) = (numbers::<f64>(rows * k, 1), numbers::<f64>(rows * n, 2));
    for isa in sets() {
        let mut target = [0.0; 2 * 3];
        let part = TargetPart {
            ptr: target.as_mut_ptr(),
            k_offset: 3,
            n_offset: 1,
            k_len: 2,
            n_len: 3,
            k_stride: 3,
            n_stride: 1,
        };
        let [left_rows, right_rows] = [(&left, k), (&right, n)].map(|(x, row)| Rows {
            ptr: x.as_ptr(),
            row,
        });
        let mut workspace = Workspace::default();
        // SAFETY: the buffers hold these rows, and the target its part.
        unsafe {
            gradient(
                isa,
                rows,
                left_rows,
                right_rows,
                &[part],
                0..n,
                &mut workspace,
            )
        };
        for (i, &found) in target.iter().enumerate() {
            let term = |r: usize| left[r * k + 3 + i / 3] * right[r * n + 1 + i % 3];
            assert_near(found, (0..rows).map(term).sum(), 1e-14, (isa, i));
        }
    }
}
