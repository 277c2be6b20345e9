//! Copying columns of a matrix into packed memory.
//!
//! Takes: a part of a matrix, and where pieces of its columns belong. Rows of the part are read
//! as far as they go before the next ones; columns that run along its rows are transposed in
//! squares. What no cache holds until it is used is written past the caches.

use super::float::Float;
use super::pack::Part;
use super::piece;

/// Bytes from one line of memory to the next in the same set of the first cache.
const SET: usize = 4096;
/// Bytes of packed weights that the caches do not keep.
const PAST: usize = 16 << 20;
/// Pieces whose rows are copied together.
const TOGETHER: usize = 64;
/// Rows of a piece that are copied before those of the next.
const ROWS: usize = 16;

/// Some columns of a part that stand in one piece of the packed memory.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Piece {
    /// The first of them, in the part.
    pub(super) column: usize,
    /// How many.
    pub(super) columns: usize,
    /// Where the first one's first element belongs.
    pub(super) offset: usize,
    /// Elements from one k to the next.
    pub(super) stride: usize,
}

/// Whether so many elements are written past the caches.
pub(super) fn past_caches<A>(elements: usize) -> bool {
    cfg!(target_arch = "x86_64") && elements * size_of::<A>() >= PAST
}

/// Pieces of one part on their way.
#[derive(Debug)]
pub(super) struct Pieces<'a, A> {
    part: &'a Part<A>,
    to: *mut A,
    past: bool,
    /// Those whose rows wait for each other.
    waiting: [Piece; TOGETHER],
    count: usize,
}

impl<'a, A: Float> Pieces<'a, A> {
    /// Pieces of a part, for the packed memory that begins at `to`, on the boundary of a cache
    /// line.
    pub(super) fn new(part: &'a Part<A>, to: *mut A, past: bool) -> Pieces<'a, A> {
        Pieces {
            part,
            to,
            past,
            waiting: [Piece::default(); TOGETHER],
            count: 0,
        }
    }

    /// Columns that are copied together: a piece, but half of one of `f32` where as many columns
    /// lie in one set of the first cache and would drive each other out.
    pub(super) fn columns(&self) -> usize {
        let bytes = self.part.n_stride * size_of::<A>();
        match !self.past && self.part.k_stride == 1 && bytes.is_multiple_of(SET) {
            true => 8,
            false => piece::<A>(),
        }
    }

    /// Copies a piece, at the latest when all are finished.
    ///
    /// # Safety
    /// The part is readable; the piece lies in it and, at all its k, in the packed memory, which
    /// nobody else reads or writes there. A whole piece begins on the boundary of a cache line.
    pub(super) unsafe fn add(&mut self, piece: Piece) {
        if self.part.n_stride != 1 {
            // SAFETY: the caller's contract is the same.
            return unsafe { self.copy(piece, 0, self.part.k_len) };
        }
        if self.count == TOGETHER {
            // SAFETY: the caller's contract held for all of them.
            unsafe { self.copy_waiting() }
        }
        self.waiting[self.count] = piece;
        self.count += 1;
    }

    /// Copies what waits still.
    ///
    /// # Safety
    /// As [`Pieces::add`], for every piece.
    pub(super) unsafe fn finish(mut self) {
        // SAFETY: the caller's contract is the same.
        unsafe { self.copy_waiting() }
        #[cfg(target_arch = "x86_64")]
        if self.past {
            // SAFETY: every x86-64 processor has it. Other threads read what was written here.
            unsafe { std::arch::x86_64::_mm_sfence() }
        }
    }

    /// # Safety
    /// As [`Pieces::add`], for every piece that waits.
    unsafe fn copy_waiting(&mut self) {
        let rows = if self.past { 1 } else { ROWS };
        for k in (0..self.part.k_len).step_by(rows) {
            for piece in &self.waiting[..self.count] {
                // SAFETY: the caller's contract is the same.
                unsafe { self.copy(*piece, k, rows.min(self.part.k_len - k)) }
            }
        }
        self.count = 0;
    }

    /// Copies `rows` rows of a piece, from k on.
    ///
    /// # Safety
    /// As [`Pieces::add`]; the part has these rows.
    #[inline(always)]
    unsafe fn copy(&self, piece: Piece, k: usize, rows: usize) {
        // SAFETY: the caller's contract is the same.
        unsafe {
            match piece.columns {
                16 if size_of::<A>() == 4 => self.copy_whole::<16>(piece, k, rows),
                8 => self.copy_whole::<8>(piece, k, rows),
                _ => self.copy_single(piece, k, rows),
            }
        }
    }

    /// The same of `N` columns.
    ///
    /// # Safety
    /// As [`Pieces::copy`].
    #[inline(always)]
    unsafe fn copy_whole<const N: usize>(&self, piece: Piece, first: usize, rows: usize) {
        let part = self.part;
        let mut done = 0;
        // SAFETY: `done + N` stays below `rows`, and the piece has `N` columns.
        unsafe {
            let from = part.ptr.add(piece.column * part.n_stride);
            let to = self.to.add(piece.offset);
            if part.n_stride == 1 {
                for k in first..first + rows {
                    let line = *from.add(k * part.k_stride).cast::<[A; N]>();
                    self.store(&line, to.add(k * piece.stride));
                }
                return;
            }
            while part.k_stride == 1 && rows - done >= N {
                let k = first + done;
                let to = to.add(k * piece.stride);
                if self.past {
                    let mut square = [[A::ZERO; N]; N];
                    transpose::<A, N>(from.add(k), part.n_stride, square.as_mut_ptr().cast(), N);
                    for (row, line) in square.iter().enumerate() {
                        self.store(line, to.add(row * piece.stride));
                    }
                } else {
                    transpose::<A, N>(from.add(k), part.n_stride, to, piece.stride);
                }
                done += N;
            }
            self.copy_single(piece, first + done, rows - done);
        }
    }

    /// The same, element by element.
    ///
    /// # Safety
    /// As [`Pieces::copy`].
    unsafe fn copy_single(&self, piece: Piece, first: usize, rows: usize) {
        let part = self.part;
        for k in first..first + rows {
            for column in 0..piece.columns {
                // SAFETY: the piece lies in the part and in the packed memory.
                unsafe {
                    let at = k * part.k_stride + (piece.column + column) * part.n_stride;
                    let to = self.to.add(piece.offset + k * piece.stride + column);
                    *to = *part.ptr.add(at);
                }
            }
        }
    }

    /// Writes neighbouring elements; a cache line of them past the caches if so it shall be.
    ///
    /// # Safety
    /// `to` is writable at `N` elements; a cache line of them begins on its boundary.
    #[inline(always)]
    unsafe fn store<const N: usize>(&self, line: &[A; N], to: *mut A) {
        #[cfg(target_arch = "x86_64")]
        if self.past && N * size_of::<A>() == 64 {
            use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_stream_si128};
            for part in 0..4 {
                // SAFETY: four times 16 bytes, on both sides; every x86-64 processor has this.
                unsafe {
                    let from = line.as_ptr().cast::<__m128i>().add(part);
                    _mm_stream_si128(to.cast::<__m128i>().add(part), _mm_loadu_si128(from));
                }
            }
            return;
        }
        // SAFETY: the caller's contract is the same.
        unsafe { *to.cast::<[A; N]>() = *line }
    }
}

/// Transposes `N` rows of `N` elements, in squares that stay in registers.
///
/// # Safety
/// `from` is readable and `to` writable at so many rows; they do not overlap. 4 divides `N`.
#[inline(always)]
unsafe fn transpose<A: Float, const N: usize>(
    from: *const A,
    from_row: usize,
    to: *mut A,
    to_row: usize,
) {
    let side = square::<A>();
    for column in (0..N).step_by(side) {
        for k in (0..N).step_by(side) {
            // SAFETY: the square lies in both.
            unsafe {
                let from = from.add(column * from_row + k);
                let to = to.add(k * to_row + column);
                #[cfg(target_arch = "x86_64")]
                match size_of::<A>() {
                    4 => transpose_four(from.cast(), from_row, to.cast(), to_row),
                    _ => transpose_two(from.cast(), from_row, to.cast(), to_row),
                }
                #[cfg(not(target_arch = "x86_64"))]
                transpose_square(from, from_row, to, to_row);
            }
        }
    }
}

/// Rows and columns of a square that stays in registers.
const fn square<A>() -> usize {
    match cfg!(target_arch = "x86_64") {
        true => 16 / size_of::<A>(),
        false => 4,
    }
}

/// # Safety
/// As [`transpose`] with `N` = 4.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
unsafe fn transpose_four(from: *const f32, from_row: usize, to: *mut f32, to_row: usize) {
    use std::arch::x86_64::*;
    // SAFETY: the rows exist, and every x86-64 processor has these instructions.
    unsafe {
        let row = |i: usize| _mm_loadu_ps(from.add(i * from_row));
        let [mut a, mut b, mut c, mut d] = [row(0), row(1), row(2), row(3)];
        _MM_TRANSPOSE4_PS(&mut a, &mut b, &mut c, &mut d);
        for (i, row) in [a, b, c, d].into_iter().enumerate() {
            _mm_storeu_ps(to.add(i * to_row), row);
        }
    }
}

/// # Safety
/// As [`transpose`] with `N` = 2.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
unsafe fn transpose_two(from: *const f64, from_row: usize, to: *mut f64, to_row: usize) {
    use std::arch::x86_64::*;
    // SAFETY: the rows exist, and every x86-64 processor has these instructions.
    unsafe {
        let (a, b) = (_mm_loadu_pd(from), _mm_loadu_pd(from.add(from_row)));
        _mm_storeu_pd(to, _mm_unpacklo_pd(a, b));
        _mm_storeu_pd(to.add(to_row), _mm_unpackhi_pd(a, b));
    }
}

/// # Safety
/// As [`transpose`] with `N` = 4.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
unsafe fn transpose_square<A: Float>(from: *const A, from_row: usize, to: *mut A, to_row: usize) {
    // SAFETY: the rows exist.
    unsafe {
        let row = |i: usize| *from.add(i * from_row).cast::<[A; 4]>();
        let [a, b, c, d] = [row(0), row(1), row(2), row(3)];
        for i in 0..4 {
            *to.add(i * to_row).cast::<[A; 4]>() = [a[i], b[i], c[i], d[i]];
        }
    }
}
