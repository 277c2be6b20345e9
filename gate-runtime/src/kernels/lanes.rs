//! The kernel of maps and of stages: the loop over lanes, compiled for each instruction set.
//!
//! It is instantiated in users' crates, once per map and instruction set, and thus kept small.

// Iterators' adapters and closures would be compiled without the target's features.
#![allow(clippy::needless_range_loop)]

use std::mem::MaybeUninit;

use super::LINE;
use super::float::Float;
use super::isa::Isa;
use super::real::{FusedMode, Map, Mode, PlainMode, Scalar};

/// An operand or target as the kernel walks it: the element at (r, u) is at
/// `ptr + r · row + u · unit`, wrapping around.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<A> {
    pub(super) ptr: *mut A,
    pub(super) row: usize,
    pub(super) unit: usize,
}

impl<A> View<A> {
    pub(super) const EMPTY: View<A> = View {
        ptr: std::ptr::null_mut(),
        row: 0,
        unit: 0,
    };

    #[inline(always)]
    fn at(&self, row: usize, unit: usize) -> *mut A {
        let row = self.ptr.wrapping_add(row.wrapping_mul(self.row));
        row.wrapping_add(unit.wrapping_mul(self.unit))
    }
}

/// The positions that a kernel walks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) rows: (usize, usize),
    pub(super) units: (usize, usize),
    /// No operand has a unit stride above 1, and every target has 1.
    pub(super) adjacent: bool,
    /// Add to the outputs instead of setting them.
    pub(super) sum: bool,
    /// No output is an input: a position may be computed twice.
    pub(super) apart: bool,
}

/// Whether no output is an input; operands and targets either coincide or do not overlap.
pub(super) fn apart<A>(inputs: &[View<A>], outputs: &[View<A>]) -> bool {
    let read = |output: &View<A>| inputs.iter().any(|input| input.ptr == output.ptr);
    !outputs.iter().any(read)
}

/// Lines that are computed before they are stored.
const CHUNK: usize = 4;

/// A compiled map: grid, inputs, outputs.
pub(super) type Kernel<A> = unsafe fn(&Grid, *const View<A>, *const View<A>);

/// Local lines on boundaries of cache lines, so that no register is loaded from two of them.
#[repr(C, align(64))]
struct Lines<A, const N: usize>([[[A; LINE]; CHUNK]; N]);

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

/// Copies n ≤ `LINE` units of every input that has units to its own line; the rest is 0.
#[inline(never)]
unsafe fn stage_inputs<A: Float>(
    views: &[View<A>],
    (row, unit): (usize, usize),
    n: usize,
    lines: *mut [[A; LINE]; CHUNK],
) {
    for (i, view) in views.iter().enumerate().filter(|(_, view)| view.unit != 0) {
        let from = view.at(row, unit);
        // SAFETY: there are as many chunks of lines as views, and n units at this stride.
        unsafe {
            let line = lines.add(i).cast::<[A; LINE]>();
            *line = [A::ZERO; LINE];
            if view.unit == 1 && n < LINE {
                copy_some(from, line.cast(), n);
            } else {
                for l in 0..n {
                    *line.cast::<A>().add(l) = *from.wrapping_add(l * view.unit);
                }
            }
        }
    }
}

/// Writes n ≤ `LINE` units of every output, or adds them in ascending order.
#[inline(never)]
unsafe fn store_outputs<A: Float>(
    views: &[View<A>],
    (row, unit): (usize, usize),
    n: usize,
    sum: bool,
    lines: &[[A; LINE]],
) {
    for (view, line) in views.iter().zip(lines) {
        let to = view.at(row, unit);
        // SAFETY: there are n units at this stride.
        unsafe {
            if !sum && view.unit == 1 && n < LINE {
                copy_some(line.as_ptr(), to, n);
                continue;
            }
            for (l, &element) in line.iter().enumerate().take(n) {
                let to = to.wrapping_add(l * view.unit);
                *to = if sum { *to + element } else { element };
            }
        }
    }
}

/// The kernel: some lines at a time, all loads before the first store.
///
/// Whole lines of adjacent units are read where they are; everything else goes through `near`,
/// as do scalars of a row. What the loop over lanes writes is local, so that it is vectorised
/// without checks for overlap.
#[inline(always)]
unsafe fn lines<A: Float, M: Mode, F: Map<I, O>, const I: usize, const O: usize>(
    grid: &Grid,
    inputs: *const View<A>,
    outputs: *const View<A>,
) {
    // SAFETY: there are I and O views, and what they view exists on the grid.
    unsafe {
        let inputs = &*inputs.cast::<[View<A>; I]>();
        let outputs = &*outputs.cast::<[View<A>; O]>();
        let mut near = MaybeUninit::<Lines<A, I>>::uninit();
        let near = near.as_mut_ptr().cast::<[[A; LINE]; CHUNK]>();
        for r in grid.rows.0..grid.rows.1 {
            for i in 0..I {
                if inputs[i].unit == 0 {
                    *near.add(i) = [[*inputs[i].at(r, 0); LINE]; CHUNK];
                }
            }
            let mut u = grid.units.0;
            while u < grid.units.1 {
                // The last units in a whole line, some of it again, cost less than in pieces.
                if grid.apart
                    && grid.units.1 - u < LINE
                    && grid.units.1 - grid.units.0 > LINE
                    && grid.adjacent
                    && !grid.sum
                {
                    u = grid.units.1 - LINE;
                }
                let rest = grid.units.1 - u;
                let whole = rest >= LINE && grid.adjacent;
                let blocks = if whole && rest < CHUNK * LINE {
                    rest / LINE
                } else {
                    CHUNK
                };
                let blocks = if whole { blocks } else { 1 };
                let mut from = [std::ptr::null::<A>(); I];
                for i in 0..I {
                    let local = inputs[i].unit == 0 || !whole;
                    from[i] = if local {
                        near.add(i).cast()
                    } else {
                        inputs[i].at(r, u)
                    };
                }
                if !whole {
                    let n = if rest < LINE { rest } else { LINE };
                    stage_inputs(inputs, (r, u), n, near);
                }
                if whole {
                    for b in 0..blocks {
                        let y = evaluate::<A, M, F, I, O>(&from, b * LINE);
                        for o in 0..O {
                            store_line(&y[o], outputs[o].at(r, u + b * LINE), grid.sum);
                        }
                    }
                } else {
                    let y = evaluate::<A, M, F, I, O>(&from, 0);
                    let n = if rest < LINE { rest } else { LINE };
                    store_outputs(outputs, (r, u), n, grid.sum, &y);
                }
                u += blocks * LINE;
            }
        }
    }
}

/// The loop over a line of lanes from `first` on. What it reads and writes is local, so that it
/// becomes registers; a shorter loop would be unrolled before it is vectorised.
#[inline(always)]
unsafe fn evaluate<A: Float, M: Mode, F: Map<I, O>, const I: usize, const O: usize>(
    from: &[*const A; I],
    first: usize,
) -> [[A; LINE]; O] {
    let mut x = [[A::ZERO; LINE]; I];
    for i in 0..I {
        // SAFETY: a whole line of every input exists.
        x[i] = unsafe { *from[i].add(first).cast::<[A; LINE]>() };
    }
    let mut y = [[A::ZERO; LINE]; O];
    for l in 0..LINE {
        let mut v = [M::Scalar::<A>::new(A::ZERO); I];
        for i in 0..I {
            v[i] = M::Scalar::<A>::new(x[i][l]);
        }
        let w = F::eval(v);
        for o in 0..O {
            y[o][l] = w[o].get();
        }
    }
    y
}

/// Writes a whole line, or adds it.
#[inline(always)]
unsafe fn store_line<A: Float>(y: &[A; LINE], to: *mut A, sum: bool) {
    // SAFETY: the line exists.
    unsafe {
        let to = to.cast::<[A; LINE]>();
        let mut line = *y;
        if sum {
            let before = *to;
            for l in 0..LINE {
                line[l] = before[l] + line[l];
            }
        }
        *to = line;
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
