//! A step of a stream allocates nothing. One test alone in its process: the count is global.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use gate_runtime::cells::{Gru, Lstm, MLstm, TauGru};
use gate_runtime::{Cell, Tape};
use ndarray::{Array2, Array3};
use rand::SeedableRng;

/// Counts what it hands on to the system's allocator.
struct Counting;

static COUNT: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: `pointer` came from `alloc` above, hence from the system.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        // SAFETY: `pointer` came from `alloc` above, hence from the system.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations during some work.
fn allocations(work: impl FnOnce()) -> usize {
    let before = COUNT.load(Ordering::Relaxed);
    work();
    COUNT.load(Ordering::Relaxed) - before
}

fn check<C: Cell<Scalar = f32>>() {
    let sizes = &[12, 20, 4][..C::INFO.sizes.len()];
    let cell = C::with_sizes(sizes, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1))
        .expect("sizes that fit");
    for rows in [1, 3] {
        let x = Array2::from_elem((rows, cell.input_width(0)), 0.5);
        let mut y = Array2::zeros((rows, cell.output_width(0)));
        let mut stream = cell.stream(rows);
        let count = allocations(|| {
            for _ in 0..20 {
                stream
                    .step(&[x.view()], &mut [y.view_mut()])
                    .expect("a step");
            }
        });
        assert_eq!(
            count,
            0,
            "{}: allocations in 20 steps of {rows} row(s)",
            C::INFO.name
        );
        assert!(
            y.iter().any(|&v| v != 0.0),
            "{}: the steps computed something",
            C::INFO.name
        );
    }
    println!(
        "{}: {} allocations in record and backward on a reused tape",
        C::INFO.name,
        training::<C>(&cell)
    );
}

/// Allocations of a second forward and backward pass on the tape and gradients of the first.
fn training<C: Cell<Scalar = f32>>(cell: &C) -> usize {
    let (mut tape, mut grads) = (Tape::new(), cell.zero_grads());
    let x = Array3::from_elem((10, 16, cell.input_width(0)), 0.5);
    let seeds = Array3::ones((10, 16, cell.output_width(0)));
    let mut pass = || {
        cell.record(&x, &mut tape).expect("a recording");
        cell.backward(&mut tape, &seeds, &mut grads)
            .expect("a backward pass");
    };
    pass();
    allocations(pass)
}

#[test]
fn a_step_allocates_nothing() {
    // The count sees an allocation.
    assert_eq!(
        allocations(|| drop(std::hint::black_box(Box::new(1_u64)))),
        1
    );
    gate_runtime::set_threads(1);
    check::<Lstm<f32>>();
    check::<Gru<f32>>();
    check::<TauGru<f32>>();
    check::<MLstm<f32>>();
}
