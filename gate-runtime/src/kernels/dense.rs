//! Products of rows with one matrix, and their gradients: a layer without time.
//!
//! Takes: a matrix and rows as views whose rows' elements are adjacent, results as slices of their
//! size. Gives: the same numbers whatever the number of threads. It keeps the matrix packed until it
//! is told that the matrix has changed.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use ndarray::ArrayView2;

use super::LINE;
use super::float::Float;
use super::gradient::{TargetPart, Workspace, gradient};
use super::isa::Isa;
use super::multiply::Base;
use super::pack::{Order, Packed};
use super::packing::pack_together;
use super::place::Grid;
use super::product::{Onto, product_columns};
use super::rows::Rows;
use super::team::{Worker, together};
use super::widely::{Work, widely};

/// Rows that fill the tile of the product kernels.
const TILE: usize = 6;

/// Which product a matrix `W[N, K]` is packed for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// `x[R, K] · Wᵀ`.
    Forward,
    /// `y[R, N] · W`.
    Back,
}

/// A matrix `W[N, K]`, packed for its products, and memory for its gradient.
#[derive(Debug, Default)]
pub(crate) struct Dense<A> {
    packed: [Packed<A>; 2],
    fresh: [bool; 2],
    workspaces: Vec<Mutex<Workspace<A>>>,
}

/// A result of which threads write different elements.
struct Shared<A>(*mut A);

// SAFETY: an address. Both functions below give it to a team whose workers write different elements
// of what they have borrowed mutably, and only read what they have borrowed otherwise.
unsafe impl<A: Send + Sync> Sync for Shared<A> {}

/// Whether [`Dense`] takes rows as they are.
pub(crate) fn adjacent<A>(rows: &ArrayView2<'_, A>) -> bool {
    let strides = rows.strides();
    (strides[1] == 1 || rows.ncols() <= 1) && (strides[0] >= 0 || rows.nrows() <= 1)
}

impl<A: Float> Dense<A> {
    /// The matrix will be another one.
    pub(crate) fn changed(&mut self) {
        self.fresh = [false; 2];
    }

    /// On so many threads `out = x · Wᵀ + base`, or `out = y · W + base`, with the same base for
    /// every row.
    ///
    /// # Panics
    ///
    /// If a size is not that of the others, or the rows are not [`adjacent`].
    pub(crate) fn product(
        &mut self,
        way: Way,
        matrix: ArrayView2<'_, A>,
        rows: ArrayView2<'_, A>,
        base: Option<&[A]>,
        out: &mut [A],
        threads: usize,
    ) {
        let matrix = match way {
            Way::Forward => matrix.reversed_axes(),
            Way::Back => matrix,
        };
        let ((depth, width), count) = (matrix.dim(), rows.nrows());
        assert!(rows.ncols() == depth && adjacent(&rows), "rows of a matrix");
        assert!(out.len() == count * width, "a product's result");
        assert!(base.is_none_or(|base| base.len() == width), "a base");
        self.pack(way, matrix, count, threads);
        let weights = &self.packed[way as usize];
        let same = (weights.depth(), weights.width()) == (depth, width);
        assert!(same, "a matrix of another size");
        let (left, left_row) = (Shared(rows.as_ptr().cast_mut()), row_stride(&rows));
        let (out, isa) = (Shared(out.as_mut_ptr()), Isa::detect());
        together(threads, &|worker: Worker<'_>| {
            let (lines, columns) = part(&worker, count, width, weights.granule());
            let (left, out) = (&left, &out);
            let onto = base.map_or(Onto::Nothing, |base| {
                let ptr = base.as_ptr();
                Onto::Base(Base { ptr, row: 0 })
            });
            // SAFETY: the assertions above; rows and columns are this worker's alone. `out` is
            // borrowed mutably, so that it overlaps no operand.
            unsafe {
                product_columns(
                    isa,
                    lines.len(),
                    left.0.add(lines.start * left_row),
                    left_row,
                    weights,
                    columns,
                    out.0.add(lines.start * width),
                    width,
                    onto,
                );
            }
        });
    }

    /// On so many threads `dw[N, K] += dyᵀ · x`, `db[N] += Σ dy` over the rows.
    ///
    /// # Panics
    ///
    /// As [`Dense::product`].
    pub(crate) fn gradients(
        &mut self,
        x: ArrayView2<'_, A>,
        dy: ArrayView2<'_, A>,
        dw: &mut [A],
        db: &mut [A],
        threads: usize,
    ) {
        let (rows, depth, width) = (x.nrows(), x.ncols(), dy.ncols());
        assert!(adjacent(&x) && adjacent(&dy), "rows");
        assert!(
            dy.nrows() == rows && dw.len() == depth * width && db.len() == width,
            "a gradient's size"
        );
        if self.workspaces.len() < threads {
            self.workspaces.resize_with(threads, Mutex::default);
        }
        // The longer side is shared.
        let ((left, k_len, k_stride), (right, n_len, n_stride)) = match width < depth {
            true => ((&dy, width, depth), (&x, depth, 1)),
            false => ((&x, depth, 1), (&dy, width, depth)),
        };
        let operand = |of: &ArrayView2<'_, A>| (Shared(of.as_ptr().cast_mut()), row_stride(of));
        let (left, right) = (operand(left), operand(right));
        let (dw, own) = (Shared(dw.as_mut_ptr()), &self.workspaces);
        let db = Mutex::new(db);
        let isa = Isa::detect();
        together(threads, &|worker: Worker<'_>| {
            let ((left, right), dw) = ((&left, &right), &dw);
            let columns = worker.share(n_len, LINE);
            let target = TargetPart {
                ptr: dw.0,
                k_offset: 0,
                n_offset: 0,
                k_len,
                n_len,
                k_stride,
                n_stride,
            };
            let mut own = own[worker.index]
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            // SAFETY: operands and target have these sizes, by the assertions above; the target's
            // columns are this worker's alone, and it is borrowed mutably.
            unsafe {
                gradient(
                    isa,
                    rows,
                    Rows {
                        ptr: left.0.0,
                        row: left.1,
                    },
                    Rows {
                        ptr: right.0.0,
                        row: right.1,
                    },
                    &[target],
                    columns,
                    &mut own,
                );
            }
            if worker.index == 0 {
                let mut db = db.lock().unwrap_or_else(PoisonError::into_inner);
                widely(AddRows(dy, &mut db));
            }
        });
    }

    /// Packs a matrix `[depth, width]` unless it is.
    fn pack(&mut self, way: Way, matrix: ArrayView2<'_, A>, rows: usize, threads: usize) {
        if std::mem::replace(&mut self.fresh[way as usize], true) {
            return;
        }
        let (k, n) = matrix.dim();
        let elements = matrix.to_slice_memory_order().expect("a whole matrix");
        let order = Order::choose::<A>(Isa::detect(), rows, 1);
        self.packed[way as usize].prepare(order, k, 1, n, k * n);
        let grid = Grid {
            slot: 0,
            start: 0,
            k_offset: 0,
            n_offset: 0,
            k,
            n,
            k_stride: matrix.strides()[0].unsigned_abs(),
            n_stride: matrix.strides()[1].unsigned_abs(),
        };
        let part = |_| std::iter::once((elements, &grid));
        pack_together(&mut self.packed, &[way as usize], threads, part);
    }
}

/// Elements from one row to the next.
fn row_stride<A>(rows: &ArrayView2<'_, A>) -> usize {
    // Of a single row it says nothing, and may be negative.
    usize::try_from(rows.strides()[0]).unwrap_or(0)
}

/// A worker's rows and columns: rows of its own where there are many.
fn part(
    worker: &Worker<'_>,
    rows: usize,
    columns: usize,
    granule: usize,
) -> (Range<usize>, Range<usize>) {
    if rows >= 4 * TILE * worker.count {
        (worker.share(rows, TILE), 0..columns)
    } else {
        (0..rows, worker.share(columns, granule))
    }
}

/// Adds rows to a slice.
struct AddRows<'r, A>(ArrayView2<'r, A>, &'r mut [A]);

impl<A: Float> Work for AddRows<'_, A> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        let AddRows(rows, sums) = self;
        for row in rows.rows() {
            let row = row.to_slice().expect("rows that are adjacent");
            for (sum, &v) in sums.iter_mut().zip(row) {
                *sum += v;
            }
        }
    }
}
