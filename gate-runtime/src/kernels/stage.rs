//! A fused stage: products, and a map on their results before they leave the cache.

use std::ops::Range;

use super::LINE;
use super::float::Float;
use super::isa::Isa;
use super::lanes::{Grid, Room, Spaces, View, Walk, apart};
use super::map::{Operand, Target};
use super::multiply::{Base, Multiply};
use super::pack::Packed;
use super::real::Map;
use super::scratch::Scratch;
use super::whole::{Compiled, kernel};

/// Bytes of scratch for the products' results.
const SCRATCH: usize = 32 * 1024;
/// Bytes of weights that several tiles of rows share.
const WEIGHTS: usize = 256 * 1024;
/// Rows of a tile.
const TILE: usize = 24;
/// The most groups of a stage.
const GROUPS: usize = 64;

/// One product of a stage.
#[derive(Clone, Copy, Debug)]
pub struct StageProduct<'a, A> {
    /// The left operand, [rows, K].
    pub left: *const A,
    /// Elements from one row of it to the next.
    pub left_row: usize,
    /// The weights, packed in as many groups of the stage's width as the map has inputs from
    /// this product.
    pub weights: &'a Packed<A>,
    /// What the sums of each group stand on; empty if it is nothing.
    pub bases: &'a [Base<A>],
}

/// Products, and a map of their results and of further operands.
///
/// The first inputs of the map are the groups of the products in order, each on its base;
/// `inputs` are the rest.
///
/// # Panics
/// If the number of inputs is not `I`, or weights have another width or other groups than bases, or
/// there are more than 64 groups.
///
/// # Safety
/// The processor has `isa`. Every left operand is readable at `rows` rows of K elements; operands
/// and bases and targets as in [`super::map()`]. No target overlaps a left operand: a stage writes
/// its first units before it reads the left operands for the next.
pub unsafe fn stage<A: Float, M: Map<I, O>, const I: usize, const O: usize>(
    isa: Isa,
    rows: usize,
    width: usize,
    products: &[StageProduct<'_, A>],
    inputs: &[Operand<A>],
    outputs: &[Target<A>; O],
) {
    // SAFETY: the caller's contract is the same.
    unsafe {
        let kernel = (isa, kernel::<A, M, I, O>(isa));
        stage_units::<A, I, O>(kernel, (rows, width), 0..width, products, inputs, outputs);
    }
}

/// The units `units` of the [`stage`] of a kernel; operands and targets are still the places of
/// unit 0.
///
/// # Panics
/// As [`stage`], and if `units` does not start at a multiple of every [`Packed::granule`] and
/// end at one or at `width`.
///
/// # Safety
/// As [`stage`], for these units; the kernel is of a map with `I` inputs and `O` outputs.
pub(super) unsafe fn stage_units<A: Float, const I: usize, const O: usize>(
    (isa, kernel): (Isa, Compiled<A>),
    (rows, width): (usize, usize),
    units: Range<usize>,
    products: &[StageProduct<'_, A>],
    inputs: &[Operand<A>],
    outputs: &[Target<A>; O],
) {
    let mut input_views = [View::EMPTY; I];
    let mut output_views = [View::EMPTY; O];
    for (view, output) in output_views.iter_mut().zip(outputs) {
        *view = View {
            ptr: output.ptr,
            row: output.row,
            unit: 1,
        };
    }
    let stage = Stage {
        isa,
        rows,
        width,
        products,
        kernel,
        groups: I - inputs.len(),
    };
    let mut room = Room::<A, I, O>::new();
    let views = (&mut input_views[..], &output_views[..]);
    // SAFETY: the caller's contract is the same.
    unsafe { run(&stage, units, inputs, views, &mut room.spaces()) }
}

/// A stage without the numbers of its operands.
struct Stage<'a, A> {
    isa: Isa,
    rows: usize,
    width: usize,
    products: &'a [StageProduct<'a, A>],
    kernel: Compiled<A>,
    /// Groups of all products.
    groups: usize,
}

impl<A: Float> Stage<'_, A> {
    /// Units at which the stage can be split, in blocks of `LINE`.
    fn granule(&self) -> usize {
        self.products
            .iter()
            .map(|product| product.weights.panel_blocks())
            .max()
            .unwrap_or(1)
    }

    /// Rows of a tile, and blocks of units that are computed at once.
    fn blocking(&self) -> (usize, usize) {
        let granule = self.granule();
        let block = self.groups.max(1) * LINE * size_of::<A>();
        let rows = TILE.min(SCRATCH / (block * granule)).min(self.rows);
        let fit = SCRATCH / (block * rows);
        let blocks = if rows == self.rows {
            fit
        } else {
            let depth = self
                .products
                .iter()
                .map(|p| p.weights.depth() * p.weights.groups());
            let weights = depth.sum::<usize>() * LINE * size_of::<A>();
            fit.min(WEIGHTS / weights.max(1))
        };
        (rows, (blocks - blocks % granule).max(granule))
    }

    fn check(&self, units: &Range<usize>, views: usize, inputs: usize) {
        let groups: usize = self
            .products
            .iter()
            .map(|product| product.weights.groups())
            .sum();
        assert_eq!(groups + inputs, views, "a stage's inputs");
        assert!(
            self.products
                .iter()
                .all(|p| p.weights.width() == self.width),
            "a stage's width"
        );
        let each =
            |p: &StageProduct<'_, A>| p.bases.is_empty() || p.bases.len() == p.weights.groups();
        assert!(self.products.iter().all(each), "a stage's bases");
        assert!(self.groups <= GROUPS, "a stage of more than 64 groups");
        let granule = self.granule() * LINE;
        assert!(units.start.is_multiple_of(granule) && units.end <= self.width);
        assert!(units.end.is_multiple_of(granule) || units.end == self.width);
    }
}

/// Runs a stage on some units.
///
/// # Safety
/// As [`stage_units`], of which these are the operands; `output_views` are those of its targets,
/// and there are as many views, and room for as many, as `stage.kernel` takes.
unsafe fn run<A: Float>(
    stage: &Stage<'_, A>,
    units: Range<usize>,
    inputs: &[Operand<A>],
    (input_views, output_views): (&mut [View<A>], &[View<A>]),
    room: &mut Spaces<'_, A>,
) {
    if stage.rows == 0 || units.is_empty() {
        return;
    }
    stage.check(&units, input_views.len(), inputs.len());
    for (view, input) in input_views[stage.groups..].iter_mut().zip(inputs) {
        *view = View {
            ptr: input.ptr.cast_mut(),
            row: input.row,
            unit: input.unit,
        };
    }
    // The products' results stand by themselves.
    let apart = apart(&input_views[stage.groups..], output_views);
    // Rows without gaps are walked as one long row.
    let dense = |view: &View<A>| match view.unit {
        0 => view.row == 0,
        _ => view.row == stage.width,
    };
    let dense = stage.width.is_multiple_of(LINE)
        && input_views[stage.groups..].iter().all(dense)
        && output_views.iter().all(dense);
    let (tile_rows, tile_blocks) = stage.blocking();
    let mut scratch = Scratch::<SCRATCH>::new();
    let scratch = scratch.as_mut_ptr::<A>();
    let mut unit = units.start;
    while unit < units.end {
        let end = units.end.min(unit + tile_blocks * LINE);
        let blocks = (end - unit).div_ceil(LINE);
        for row in (0..stage.rows).step_by(tile_rows) {
            let rows = tile_rows.min(stage.rows - row);
            // SAFETY: `blocking` chose a tile for which the scratch has room.
            unsafe {
                multiply_tile(
                    stage,
                    (row, rows),
                    (unit / LINE, blocks),
                    scratch,
                    input_views,
                );
                let (mut rows, mut units) = ((row, row + rows), (unit, end));
                if dense && end - unit == stage.width {
                    (rows, units) = ((0, 1), (rows.0 * stage.width, rows.1 * stage.width));
                }
                let grid = Grid {
                    rows,
                    units,
                    adjacent: true,
                    sum: false,
                    apart,
                };
                A::walk(&mut Walk {
                    kernel: stage.kernel,
                    grid,
                    inputs: input_views,
                    outputs: output_views,
                    room,
                });
            }
        }
        unit = end;
    }
}

/// The products of a tile, one after the other in the scratch, each as
/// `[group][row][unit]`; and the views of their groups.
///
/// # Safety
/// As [`stage_units`], for these rows and blocks; the scratch has room for as many whole lines of
/// every group, and overlaps nothing.
unsafe fn multiply_tile<A: Float>(
    stage: &Stage<'_, A>,
    (row, rows): (usize, usize),
    (block, blocks): (usize, usize),
    scratch: *mut A,
    views: &mut [View<A>],
) {
    let mut at = scratch;
    let mut first = 0;
    let out_row = blocks * LINE;
    let out_group = rows * out_row;
    for product in stage.products {
        let weights = product.weights;
        let groups = weights.groups();
        let panel_blocks = weights.panel_blocks();
        let (full, rest) = (blocks / panel_blocks, blocks % panel_blocks);
        let columns = panel_blocks * groups * LINE;
        let (right_k, right_piece) = weights.strides(panel_blocks * groups);
        let mut job = Multiply {
            rows,
            depth: weights.depth(),
            left: product.left.wrapping_add(row * product.left_row),
            left_row: product.left_row,
            left_k: 1,
            right: weights.panel(block),
            right_k,
            right_piece,
            right_far: weights.far(),
            panels: full,
            right_panel: weights.depth() * columns,
            lines: panel_blocks * groups,
            out: at,
            out_row,
            groups,
            out_group,
            chains: weights.chains(stage.isa),
            add: false,
            bases: std::ptr::null(),
            base_row: row,
            base_unit: block * LINE,
            base_units: out_row.min(stage.width - block * LINE),
        };
        if !product.bases.is_empty() {
            job.bases = product.bases.as_ptr();
        }
        // SAFETY: the scratch has room for these lines; the left operand and the bases are the
        // caller's.
        unsafe {
            A::multiply(stage.isa, &job);
            if rest > 0 {
                let (right_k, right_piece) = weights.strides(rest * groups);
                let done = full * panel_blocks;
                let rest = Multiply {
                    right: weights.panel(block + done),
                    right_k,
                    right_piece,
                    panels: 1,
                    lines: rest * groups,
                    out: at.add(done * LINE),
                    base_unit: job.base_unit + done * LINE,
                    base_units: job.base_units - done * LINE,
                    ..job
                };
                A::multiply(stage.isa, &rest);
            }
            if job.base_units < out_row {
                add_last_line(&job, product.bases);
            }
        }
        // Views count rows and units from those of the operands.
        let origin = at.wrapping_sub(row * out_row).wrapping_sub(block * LINE);
        for (group, view) in views[first..first + groups].iter_mut().enumerate() {
            *view = View {
                ptr: origin.wrapping_add(group * out_group),
                row: out_row,
                unit: 1,
            };
        }
        at = at.wrapping_add(groups * out_group);
        first += groups;
    }
}

/// Adds bases to the last line of a job's result, of which they have a part.
///
/// # Safety
/// As [`Multiply`] says of a result that is there already; bases are readable at all `base_units`.
unsafe fn add_last_line<A: Float>(job: &Multiply<A>, bases: &[Base<A>]) {
    let units = job.base_units % LINE;
    let first = job.base_units - units;
    for (group, base) in bases.iter().enumerate().filter(|(_, b)| !b.ptr.is_null()) {
        for r in 0..job.rows {
            let at = (job.base_row + r) * base.row + job.base_unit + first;
            let to = group * job.out_group + r * job.out_row + first;
            // SAFETY: a base has these units in each row, and the result whole lines.
            unsafe { add_units(units, base.ptr.add(at), job.out.add(to)) };
        }
    }
}

/// `to[u] += from[u]`.
///
/// # Safety
/// `from` is readable, `to` readable and writable at `units` elements.
pub(super) unsafe fn add_units<A: Float>(units: usize, from: *const A, to: *mut A) {
    for u in 0..units {
        // SAFETY: the caller's places have these units.
        unsafe { *to.add(u) = *to.add(u) + *from.add(u) };
    }
}
