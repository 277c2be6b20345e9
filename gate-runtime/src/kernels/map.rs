//! Maps: emitted scalar code at every position of an array.

use super::LINE;
use super::float::Float;
use super::isa::Isa;
use super::lanes::{Grid, Room, View, Walk, apart};
use super::real::Map;
use super::whole::{Compiled, kernel};

/// An input of a map.
#[derive(Clone, Copy, Debug)]
pub struct Operand<A> {
    /// The element at row 0, unit 0.
    pub ptr: *const A,
    /// Elements between rows; 0 where all rows share one.
    pub row: usize,
    /// Elements between units: 1, or 0 for one scalar per row.
    pub unit: usize,
}

/// An output of a map. Its units are adjacent.
#[derive(Clone, Copy, Debug)]
pub struct Target<A> {
    /// The element at row 0, unit 0.
    pub ptr: *mut A,
    /// Elements between rows.
    pub row: usize,
}

/// Fills in the views of a map and gives its grid.
///
/// One unit per row, and rows without gaps, are walked as one long row.
fn arrange<A: Float>(
    (rows, width): (usize, usize),
    (inputs, input_views): (&[Operand<A>], &mut [View<A>]),
    (outputs, output_views): (&[Target<A>], &mut [View<A>]),
    sum: bool,
) -> Grid {
    let column = width == 1 && rows > 1;
    let dense = !sum
        && outputs.iter().all(|output| output.row == width)
        && inputs
            .iter()
            .all(|x| (x.unit == 1 && x.row == width) || (x.unit == 0 && x.row == 0));
    for (view, input) in input_views.iter_mut().zip(inputs) {
        let unit = if column { input.row } else { input.unit };
        *view = View {
            ptr: input.ptr.cast_mut(),
            row: input.row,
            unit,
        };
    }
    for (view, output) in output_views.iter_mut().zip(outputs) {
        let row = if sum { 0 } else { output.row };
        *view = View {
            ptr: output.ptr,
            row,
            unit: if column { row } else { 1 },
        };
    }
    let (rows, units) = if column || dense {
        (1, rows * width)
    } else {
        (rows, width)
    };
    let adjacent = !column
        || input_views.iter().all(|view| view.unit <= 1)
            && output_views.iter().all(|view| view.unit == 1);
    Grid {
        rows: (0, rows),
        units: (0, units),
        adjacent,
        sum,
        apart: !units.is_multiple_of(LINE) && apart(input_views, output_views),
    }
}

/// `outputs[o][row][unit] = eval(inputs at row, unit)[o]` for every row and unit.
///
/// An output may be one of the inputs, at the same positions.
///
/// # Safety
/// The processor has `isa`. Every operand is readable, every target writable, at `rows` rows of
/// `width` units; targets overlap neither each other nor operands at other positions.
pub unsafe fn map<A: Float, M: Map<I, O>, const I: usize, const O: usize>(
    isa: Isa,
    rows: usize,
    width: usize,
    inputs: &[Operand<A>; I],
    outputs: &[Target<A>; O],
) {
    // SAFETY: the caller's contract is the same.
    unsafe {
        run(
            kernel::<A, M, I, O>(isa),
            (rows, width),
            inputs,
            outputs,
            false,
        )
    }
}

/// As [`map`], but adds up the rows: `outputs[o][unit] += Σ_row eval(…)[o]`, rows ascending.
///
/// # Safety
/// As [`map`]; targets have one row, and their stride is not used.
pub unsafe fn map_sum<A: Float, M: Map<I, O>, const I: usize, const O: usize>(
    isa: Isa,
    rows: usize,
    width: usize,
    inputs: &[Operand<A>; I],
    outputs: &[Target<A>; O],
) {
    // SAFETY: the caller's contract is the same.
    unsafe {
        run(
            kernel::<A, M, I, O>(isa),
            (rows, width),
            inputs,
            outputs,
            true,
        )
    }
}

/// The [`map`] of a kernel, or its [`map_sum`].
///
/// # Safety
/// As these; the kernel is of a map with `I` inputs and `O` outputs.
pub(super) unsafe fn run<A: Float, const I: usize, const O: usize>(
    kernel: Compiled<A>,
    (rows, width): (usize, usize),
    inputs: &[Operand<A>; I],
    outputs: &[Target<A>; O],
    sum: bool,
) {
    if rows == 0 || width == 0 {
        return;
    }
    let mut input_views = [View::EMPTY; I];
    let mut output_views = [View::EMPTY; O];
    let grid = arrange(
        (rows, width),
        (inputs, &mut input_views),
        (outputs, &mut output_views),
        sum,
    );
    let mut room = Room::<A, I, O>::new();
    let mut job = Walk {
        kernel,
        grid,
        inputs: &input_views,
        outputs: &output_views,
        room: &mut room.spaces(),
    };
    // SAFETY: the views cover what the caller promised.
    unsafe { A::walk(&mut job) }
}
