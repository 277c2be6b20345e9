//! Packing: its ways into memory, and as a team.

use super::super::pieces::{Piece, Pieces};
use super::super::{
    Aligned, Float, Grid, Isa, Onto, Order, Packed, Part, pack_together, piece, product,
};
use super::numbers;

/// A matrix of `depth` rows and `columns` columns, whose columns or rows stand `gap` elements
/// further apart than they need, in pieces; through the caches or past them.
pub(super) fn in_pieces<A: Float>(
    depth: usize,
    columns: usize,
    gap: usize,
    transposed: bool,
    past: bool,
) {
    let width = piece::<A>();
    let (inner, outer) = if transposed {
        (depth, columns)
    } else {
        (columns, depth)
    };
    let source = numbers::<A>(outer * (inner + gap), 3);
    let (k_stride, n_stride) = if transposed {
        (1, inner + gap)
    } else {
        (inner + gap, 1)
    };
    let part = Part {
        ptr: source.as_ptr(),
        k_offset: 0,
        n_offset: 0,
        k_len: depth,
        n_len: columns,
        k_stride,
        n_stride,
    };
    let mut packed = Aligned::default();
    packed.resize(columns.div_ceil(width) * depth * width);
    let mut pieces = Pieces::new(&part, packed.start(), past);
    let most = pieces.columns();
    for column in (0..columns).step_by(most) {
        let piece = Piece {
            column,
            columns: most.min(columns - column),
            offset: column / width * depth * width + column % width,
            stride: width,
        };
        // SAFETY: the part is the source's, and the piece lies in it and in the packed memory.
        unsafe { pieces.add(piece) }
    }
    // SAFETY: as above.
    unsafe { pieces.finish() }
    for (at, &found) in packed.iter().enumerate() {
        let (block, k, column) = (at / width / depth, at / width % depth, at % width);
        let column = block * width + column;
        let expected = match column < columns {
            true => source[k * k_stride + column * n_stride],
            false => A::ZERO,
        };
        assert_eq!(
            found, expected,
            "{depth} × {columns} transposed {transposed} past {past}: {k}, {column}"
        );
    }
}

#[test]
fn pieces_come_to_their_places() {
    for transposed in [false, true] {
        for past in [false, true] {
            for (depth, columns, gap) in [
                (1, 1, 0),
                (3, 16, 0),
                (16, 16, 5),
                (17, 33, 0),
                (40, 7, 1),
                (50, 2100, 0),
                (1024, 24, 0),
            ] {
                in_pieces::<f32>(depth, columns, gap, transposed, past);
                in_pieces::<f64>(depth, columns, gap, transposed, past);
            }
        }
    }
}

/// Two matrices over each other, the second transposed, packed by so many threads.
fn by<A: Float>(threads: usize, source: &[A], depth: usize, width: usize) -> Packed<A> {
    let upper = depth / 3;
    let grid = |k_offset: usize, k: usize, transposed: bool| Grid {
        slot: 0,
        start: k_offset * 4 * width,
        k_offset,
        n_offset: 0,
        k,
        n: 4 * width,
        k_stride: if transposed { 1 } else { 4 * width },
        n_stride: if transposed { k } else { 1 },
    };
    let grids = [grid(0, upper, false), grid(upper, depth - upper, true)];
    let mut weights = [Packed::default(), Packed::default()];
    weights[1].prepare(Order::Apart, depth, 1, 4 * width, depth * 4 * width);
    pack_together(&mut weights, &[1], threads, |_| {
        grids.iter().map(|grid| (source, grid))
    });
    std::mem::take(&mut weights[1])
}

/// The last is more than the caches keep.
#[test]
fn a_team_packs_what_one_packs() {
    for (depth, width) in [(1, 1), (9, 5), (30, 33), (64, 48), (2050, 520)] {
        let source = numbers::<f32>(depth * 4 * width, 5);
        let (row, n) = (depth.min(40), 4 * width);
        let products = [1, 2, 3, 7].map(|threads| {
            let packed = by(threads, &source, depth, width);
            let mut out = vec![0.0; row * n];
            let mut left = vec![0.0; row * depth];
            for (r, line) in left.chunks_mut(depth).enumerate() {
                line[(r * 53) % depth] = 1.0;
            }
            // SAFETY: `row` rows of `depth` and of `n` elements.
            unsafe {
                product(
                    Isa::detect(),
                    row,
                    left.as_ptr(),
                    depth,
                    &packed,
                    out.as_mut_ptr(),
                    n,
                    Onto::Nothing,
                )
            };
            out
        });
        let upper = depth / 3;
        for (r, line) in products[0].chunks(n).enumerate() {
            let k = (r * 53) % depth;
            let expected = |column: usize| match k < upper {
                true => source[k * n + column],
                false => source[upper * n + column * (depth - upper) + k - upper],
            };
            let expected: Vec<f32> = (0..n).map(expected).collect();
            assert_eq!(line, expected, "{depth} × 4 · {width}: row {k}");
        }
        assert!(products.iter().all(|other| *other == products[0]));
    }
}
