//! Maps: emitted scalar code at every position of an array.

use std::mem::MaybeUninit;

use super::LINE;
use super::float::Float;
use super::isa::Isa;
use super::real::{FusedMode, Mode, PlainMode, Real, Scalar};

/// Emitted element-wise code: a type without values whose `eval` is `#[inline(always)]`.
pub trait Map<const I: usize, const O: usize> {
    /// The outputs at one position from the inputs there.
    fn eval<V: Real>(inputs: [V; I]) -> [V; O];
}

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

/// An operand or target as the kernel walks it: the element at (r, u) is at
/// `ptr + r · row + ⌊u / LINE⌋ · line + (u mod LINE) · unit`, wrapping around.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<A> {
    pub(super) ptr: *mut A,
    pub(super) row: usize,
    pub(super) line: usize,
    pub(super) unit: usize,
}

impl<A> View<A> {
    pub(super) const EMPTY: View<A> = View { ptr: std::ptr::null_mut(), row: 0, line: 0, unit: 0 };

    pub(super) fn new(ptr: *mut A, row: usize, unit: usize) -> Self {
        View { ptr, row, line: LINE * unit, unit }
    }

    /// `unit` is a multiple of `LINE`.
    #[inline(always)]
    fn at(&self, row: usize, unit: usize) -> *mut A {
        self.ptr.wrapping_add(row.wrapping_mul(self.row)).wrapping_add(unit / LINE * self.line)
    }
}

/// The positions that a kernel walks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) rows: (usize, usize),
    /// The first is a multiple of `LINE`.
    pub(super) units: (usize, usize),
    /// Add to the outputs instead of setting them.
    pub(super) sum: bool,
}

/// A compiled map: grid, inputs, outputs.
pub(super) type Kernel<A> = unsafe fn(&Grid, *const View<A>, *const View<A>);

/// Lines on boundaries of cache lines: a register's load from them is as fast as it can be.
#[repr(C, align(64))]
struct Lines<A, const N: usize>([[A; LINE]; N]);

/// Copies n < `LINE` elements by halves, without a call.
#[inline(always)]
unsafe fn copy_some<A: Copy>(from: *const A, to: *mut A, n: usize) {
    let mut done = 0;
    // SAFETY: the pieces add up to n.
    unsafe {
        if n & 8 != 0 {
            *to.cast::<[A; 8]>() = *from.cast::<[A; 8]>();
            done = 8;
        }
        if n & 4 != 0 {
            *to.add(done).cast::<[A; 4]>() = *from.add(done).cast::<[A; 4]>();
            done += 4;
        }
        if n & 2 != 0 {
            *to.add(done).cast::<[A; 2]>() = *from.add(done).cast::<[A; 2]>();
            done += 2;
        }
        if n & 1 != 0 {
            *to.add(done) = *from.add(done);
        }
    }
}

/// Reads n ≤ `LINE` elements; the rest is 0.
#[inline(always)]
unsafe fn load<A: Float>(from: *const A, unit: usize, n: usize, line: *mut [A; LINE]) {
    // SAFETY: n elements exist at this stride.
    unsafe {
        if unit == 1 && n == LINE {
            *line = *from.cast::<[A; LINE]>();
        } else if unit == 0 {
            *line = [*from; LINE];
        } else {
            *line = [A::ZERO; LINE];
            if unit == 1 {
                copy_some(from, line.cast(), n);
            } else {
                for l in 0..n {
                    (*line)[l] = *from.wrapping_add(l * unit);
                }
            }
        }
    }
}

/// Writes n ≤ `LINE` elements, or adds them in ascending order.
#[inline(always)]
unsafe fn store<A: Float>(line: &[A; LINE], to: *mut A, unit: usize, n: usize, sum: bool) {
    // SAFETY: n elements exist at this stride.
    unsafe {
        if sum || unit != 1 {
            for (l, &element) in line.iter().enumerate().take(n) {
                let to = to.wrapping_add(l * unit);
                *to = if sum { *to + element } else { element };
            }
        } else if n == LINE {
            *to.cast::<[A; LINE]>() = *line;
        } else {
            copy_some(line.as_ptr(), to, n);
        }
    }
}

/// The kernel: a line at a time, all loads before the first store.
#[inline(always)]
unsafe fn lines<A: Float, M: Mode, F: Map<I, O>, const I: usize, const O: usize>(
    grid: &Grid,
    inputs: *const View<A>,
    outputs: *const View<A>,
) {
    // SAFETY: there are I and O views, and what they view exists on the grid.
    unsafe {
        for r in grid.rows.0..grid.rows.1 {
            let mut u = grid.units.0;
            while u < grid.units.1 {
                let n = if grid.units.1 - u < LINE { grid.units.1 - u } else { LINE };
                let mut x = MaybeUninit::<Lines<A, I>>::uninit();
                for i in 0..I {
                    let view = &*inputs.add(i);
                    load(view.at(r, u), view.unit, n, x.as_mut_ptr().cast::<[A; LINE]>().add(i));
                }
                // Zeroing whole lines here would cost as much as a function does.
                let x = &x.assume_init_ref().0;
                let mut y = MaybeUninit::<Lines<A, O>>::uninit();
                let lanes = y.as_mut_ptr().cast::<A>();
                for l in 0..LINE {
                    let mut v = [M::Scalar::<A>::new(A::ZERO); I];
                    for i in 0..I {
                        v[i] = M::Scalar::<A>::new(x[i][l]);
                    }
                    let w = F::eval(v);
                    for o in 0..O {
                        *lanes.add(o * LINE + l) = w[o].get();
                    }
                }
                let y = &y.assume_init_ref().0;
                for o in 0..O {
                    let view = &*outputs.add(o);
                    store(&y[o], view.at(r, u), view.unit, n, grid.sum);
                }
                u += LINE;
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")]
unsafe fn avx512<A: Float, F: Map<I, O>, const I: usize, const O: usize>(
    grid: &Grid,
    inputs: *const View<A>,
    outputs: *const View<A>,
) {
    // SAFETY: the caller's contract is the same.
    unsafe { lines::<A, FusedMode, F, I, O>(grid, inputs, outputs) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2<A: Float, F: Map<I, O>, const I: usize, const O: usize>(
    grid: &Grid,
    inputs: *const View<A>,
    outputs: *const View<A>,
) {
    // SAFETY: the caller's contract is the same.
    unsafe { lines::<A, FusedMode, F, I, O>(grid, inputs, outputs) }
}

#[cfg(target_arch = "aarch64")]
unsafe fn neon<A: Float, F: Map<I, O>, const I: usize, const O: usize>(
    grid: &Grid,
    inputs: *const View<A>,
    outputs: *const View<A>,
) {
    // SAFETY: the caller's contract is the same.
    unsafe { lines::<A, FusedMode, F, I, O>(grid, inputs, outputs) }
}

unsafe fn baseline<A: Float, F: Map<I, O>, const I: usize, const O: usize>(
    grid: &Grid,
    inputs: *const View<A>,
    outputs: *const View<A>,
) {
    // SAFETY: the caller's contract is the same.
    unsafe { lines::<A, PlainMode, F, I, O>(grid, inputs, outputs) }
}

/// The instance of a map for an instruction set.
pub(super) fn kernel<A: Float, F: Map<I, O>, const I: usize, const O: usize>(
    isa: Isa,
) -> Kernel<A> {
    debug_assert!(isa.is_supported());
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => avx512::<A, F, I, O>,
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => avx2::<A, F, I, O>,
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => neon::<A, F, I, O>,
        _ => baseline::<A, F, I, O>,
    }
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
        && inputs.iter().all(|x| (x.unit == 1 && x.row == width) || (x.unit == 0 && x.row == 0));
    for (view, input) in input_views.iter_mut().zip(inputs) {
        let unit = if column { input.row } else { input.unit };
        *view = View::new(input.ptr.cast_mut(), input.row, unit);
    }
    for (view, output) in output_views.iter_mut().zip(outputs) {
        let row = if sum { 0 } else { output.row };
        *view = View::new(output.ptr, row, if column { row } else { 1 });
    }
    let (rows, units) = if column || dense { (1, rows * width) } else { (rows, width) };
    Grid { rows: (0, rows), units: (0, units), sum }
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
    unsafe { run::<A, M, I, O>(isa, rows, width, inputs, outputs, false) }
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
    unsafe { run::<A, M, I, O>(isa, rows, width, inputs, outputs, true) }
}

unsafe fn run<A: Float, M: Map<I, O>, const I: usize, const O: usize>(
    isa: Isa,
    rows: usize,
    width: usize,
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
    // SAFETY: the views cover what the caller promised.
    unsafe { kernel::<A, M, I, O>(isa)(&grid, input_views.as_ptr(), output_views.as_ptr()) }
}
