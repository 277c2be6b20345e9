//! What primitives refuse: calls that would leave their buffers, or meet another worker in them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use ndarray::Array2;

use super::super::plan::{Now, Plan, Span};
use super::super::team::together;
use super::super::{
    Dense, Grid, Isa, Kernel, Map, MatrixMap, Onto, Order, Packed, Part, Per, Place, PlainMode,
    Real, Way, Writes, fixed, product,
};
use super::numbers;
use crate::info::Extent;

const ROWS: usize = 2;
/// Slots: a row of eight elements, and parts of it; a row of another buffer, and a part; what all
/// rows share; nothing at all; a row of a worker's own memory, of which the second half is the next
/// worker's.
const ALL: usize = 0;
const LOW: usize = 1;
const HIGH: usize = 2;
const MIDDLE: usize = 3;
const OTHER: usize = 4;
const OTHER_LOW: usize = 5;
const SHARED: usize = 6;
const NONE: usize = 7;
const OWN: usize = 8;
const TOO_LONG: usize = 9;

fn places(memory: &mut [f32; 56]) -> [Place<f32>; 10] {
    let memory = memory.as_mut_ptr();
    let place = |start: usize, end: usize, width: usize, row: usize| Place {
        base: memory.wrapping_add(start),
        length: end - start,
        time: 0,
        shift: 0,
        ring: 0,
        row,
        width,
        window: 0,
    };
    let own = |width: usize| Place {
        ring: 1,
        window: 8,
        ..place(40, 56, width, 0)
    };
    [
        place(0, 16, 8, 8),
        place(0, 16, 4, 8),
        place(4, 16, 4, 8),
        place(2, 16, 4, 8),
        place(16, 32, 8, 8),
        place(16, 32, 4, 8),
        place(32, 40, 8, 0),
        place(40, 40, 0, 0),
        own(8),
        own(9),
    ]
}

fn length(constant: usize) -> Extent {
    Extent {
        terms: &[],
        constant,
        divisor: 1,
    }
}

struct Same;
impl Map<1, 1> for Same {
    #[inline(always)]
    fn eval<V: Real>(inputs: [V; 1]) -> [V; 1] {
        inputs
    }
}
impl MatrixMap<1, 1> for Same {
    const TAKES: [Per; 1] = [Per::Element];
    const GIVES: [Per; 1] = [Per::Element];
}

/// The sums of a product alone.
struct Both;
impl Map<2, 1> for Both {
    #[inline(always)]
    fn eval<V: Real>([a, b]: [V; 2]) -> [V; 1] {
        [a + b]
    }
}

fn weights() -> [Packed<f32>; 1] {
    let matrix = numbers::<f32>(64, 1);
    let part = Part {
        ptr: matrix.as_ptr(),
        k_offset: 0,
        n_offset: 0,
        k_len: 8,
        n_len: 8,
        k_stride: 8,
        n_stride: 1,
    };
    let mut packed = Packed::default();
    // SAFETY: the part is all of the matrix.
    unsafe { packed.pack(Order::Together, 8, 8, &[part]) };
    [packed]
}

/// A section with one call.
type Call = dyn Fn(&mut Kernel<'_, f32>) + Sync;

fn message(panic: Box<dyn std::any::Any + Send>) -> String {
    let text = panic.downcast::<String>().map(|text| *text);
    text.unwrap_or_else(|other| match other.downcast::<&str>() {
        Ok(text) => text.to_string(),
        Err(_) => "another panic".to_owned(),
    })
}

/// What a section is refused for, by a kernel of one worker, or each of two that share units.
fn refused(
    (workers, writes): (usize, Writes),
    grids: &[Vec<Grid>],
    section: impl Fn(&mut Kernel<'_, f32>) + Sync,
) -> Option<String> {
    let weights = weights();
    loop {
        let mut memory = [1.0; 56];
        let slots = places(&mut memory);
        let met = AtomicBool::new(false);
        let work = || {
            together(workers, &|worker| {
                if worker.count < workers {
                    return;
                }
                met.store(true, Ordering::Relaxed);
                let mut k = Kernel::new(Isa::detect(), &slots, &weights, grids, &[]);
                (k.rows, k.team, k.writes) = (ROWS, Some(worker), writes);
                section(&mut k);
            });
        };
        let done = catch_unwind(AssertUnwindSafe(work));
        // Another test may have had the team.
        if met.load(Ordering::Relaxed) {
            return done.err().map(message);
        }
    }
}

#[track_caller]
fn assert_refused(
    scope: (usize, Writes),
    expected: &str,
    section: impl Fn(&mut Kernel<'_, f32>) + Sync,
) {
    let found = refused(scope, &[], section);
    // Whoever waits for the one that panicked panics too.
    let other = "another thread of the team panicked";
    let fits = found
        .as_deref()
        .is_some_and(|m| m.contains(expected) || m == other);
    assert!(fits, "{found:?} instead of {expected}");
}

#[track_caller]
fn assert_done(scope: (usize, Writes), section: impl Fn(&mut Kernel<'_, f32>) + Sync) {
    assert_eq!(refused(scope, &[], section), None);
}

#[test]
fn what_all_rows_share_is_written_where_it_may_be() {
    let (rows, sums, all) = ((1, Writes::Rows), (1, Writes::Sums), (1, Writes::All));
    let shared = "a result that all rows share";
    for scope in [rows, sums] {
        assert_refused(scope, shared, |k| k.zero(SHARED));
        assert_refused(scope, shared, |k| k.copy(OTHER, SHARED));
        assert_refused(scope, shared, |k| k.map::<Same, 1, 1>(&[OTHER], &[SHARED]));
        assert_refused(scope, shared, |k| k.product(ALL, 0, SHARED, None));
        assert_refused(scope, "not added once", |k| k.add(OTHER, SHARED));
    }
    assert_refused(rows, "over some of the rows", |k| {
        k.map_sum::<Same, 1, 1>(&[OTHER], &[SHARED]);
    });
    for scope in [sums, all] {
        assert_done(scope, |k| k.map_sum::<Same, 1, 1>(&[OTHER], &[SHARED]));
    }
    assert_done(all, |k| {
        k.zero(SHARED);
        k.add(OTHER, SHARED);
    });
}

#[test]
fn workers_that_share_units_do_not_meet_in_a_value() {
    let (alone, team) = ((1, Writes::Rows), (2, Writes::Rows));
    let used = "a result that other workers use";
    let calls: [&Call; 5] = [
        &|k| k.map::<Same, 1, 1>(&[MIDDLE], &[LOW]),
        &|k| k.product(ALL, 0, ALL, None),
        &|k| k.product(OTHER, 0, ALL, Some(ALL)),
        &|k| k.stage::<Both, 2, 1>(&[(ALL, 0)], &[], &[OTHER], &[ALL]),
        &|k| k.matrix::<Same, 1, 1>(length(2), length(2), &[MIDDLE], &[LOW]),
    ];
    for (index, call) in calls.into_iter().enumerate() {
        assert_done(alone, call);
        match index {
            2 => assert_done(team, call),
            _ => assert_refused(team, used, call),
        }
    }
    assert_done(team, |k| {
        k.map::<Same, 1, 1>(&[LOW], &[LOW]);
        k.map::<Same, 1, 1>(&[HIGH], &[LOW]);
        k.stage::<Both, 2, 1>(&[(OTHER, 0)], &[], &[ALL], &[ALL]);
        k.matrix::<Same, 1, 1>(length(2), length(2), &[LOW], &[LOW]);
    });
}

/// Lengths whose products come out small because they overflow.
#[test]
fn sizes_that_overflow_are_refused() {
    let scope = (1, Writes::All);
    let (long, longer) = (length(1 << 32), length((1 << 63) + 1));
    assert_refused(scope, "an identity's size", |k| k.identity(long, NONE));
    let beyond = length(usize::MAX);
    assert_refused(scope, "columns of a matrix", |k| {
        k.take_columns(ALL, length(8), beyond, length(1), NONE);
    });
    assert_refused(scope, "a matrix of some size", |k| {
        k.matrix::<Same, 1, 1>(longer, length(2), &[NONE], &[NONE]);
    });
    assert_refused(scope, "a matrix of some size", |k| {
        k.matrix_sum::<Same, 1, 1>(longer, length(2), &[NONE], &[NONE]);
    });
    let by_elements = || {
        let (from, mut to) = ([1.0_f32; 2], [0.0; 2]);
        let inputs = [fixed::Operand::Of(&from)];
        let size = (longer.constant, 2);
        fixed::by_elements::<PlainMode, _, Same, 1, 1>(size, inputs, [&mut to]);
    };
    let failed = catch_unwind(by_elements).map_err(message);
    assert_eq!(failed, Err("a matrix of some size".to_owned()));
    // SAFETY: there are no parts to read.
    let pack = || unsafe {
        Packed::<f32>::default().pack_groups(Order::Together, 1 << 61, 8, 16, &[]);
    };
    let failed = catch_unwind(pack).map_err(message);
    assert_eq!(failed, Err("weights that can be counted".to_owned()));
}

#[test]
fn a_gradient_stays_in_its_matrix() {
    let grid = |start: usize, k: usize, k_stride: usize| {
        vec![Grid {
            slot: SHARED,
            start,
            k_offset: 0,
            n_offset: 0,
            k,
            n: 4,
            k_stride,
            n_stride: 1,
        }]
    };
    let grids = [
        grid(0, 2, 4),
        grid(1, 2, 4),
        grid(0, 5, 1),
        grid(0, 4, usize::MAX / 2),
    ];
    let with = |index: usize, writes: Writes| {
        refused((1, writes), &grids, move |k| {
            k.grad_product(LOW, OTHER_LOW, index);
        })
    };
    assert_eq!(with(0, Writes::Sums), None);
    for index in 1..4 {
        assert_eq!(
            with(index, Writes::All).as_deref(),
            Some("a gradient's size")
        );
    }
    let early = with(0, Writes::Rows);
    assert_eq!(early.as_deref(), Some("a sum over some of the rows"));
}

#[test]
fn a_worker_stays_in_its_window() {
    let scope = (1, Writes::Rows);
    assert_done(scope, |k| {
        k.rows = 1;
        k.zero(OWN);
        k.worker = 1;
        k.zero(OWN);
    });
    for worker in 0..3 {
        assert_refused(scope, "outside of its buffer", |k| {
            (k.rows, k.worker) = (1, worker);
            k.zero(TOO_LONG);
        });
    }
}

#[test]
fn a_plan_is_for_its_steps_and_rows() {
    let mut memory = [1.0; 56];
    let (slots, mut plan) = (places(&mut memory), Plan::default());
    let mut k = Kernel::new(Isa::detect(), &slots, &[], &[], &[]);
    k.rows = ROWS;
    let span = Span { steps: 3, block: 2 };
    k.record(&mut plan, 1, span, |k| k.zero(ALL));
    let mut run = |time: usize, within: usize, first: usize| {
        let now = Now {
            time,
            within,
            first,
            rows: 1,
            back: false,
        };
        catch_unwind(AssertUnwindSafe(|| k.replay(&plan, 0, &now))).is_ok()
    };
    assert!(run(2, 1, 1));
    assert!(!run(3, 1, 1) && !run(2, 2, 1) && !run(2, 1, 2));
}

/// It is nobody's wish, but moves elements and does nothing else.
#[test]
fn a_copy_onto_itself_is_one() {
    let mut memory = [0.0; 56];
    for (i, element) in memory.iter_mut().enumerate() {
        *element = i as f32;
    }
    let slots = places(&mut memory);
    let mut k = Kernel::new(Isa::detect(), &slots, &[], &[], &[]);
    k.rows = ROWS;
    k.copy(ALL, ALL);
    k.copy(LOW, MIDDLE);
    assert_eq!(memory[..8], [0.0, 1.0, 0.0, 1.0, 2.0, 3.0, 6.0, 7.0]);
    assert_eq!(memory[8..16], [8.0, 9.0, 8.0, 9.0, 10.0, 11.0, 14.0, 15.0]);
}

#[test]
fn a_base_without_numbers_is_none() {
    let (left, weights) = (numbers::<f32>(8, 2), weights());
    let (mut plain, mut based) = ([0.0; 8], [1.0; 8]);
    for (out, onto) in [
        (&mut plain, Onto::Nothing),
        (&mut based, Onto::Base(super::super::Base::ZERO)),
    ] {
        let (from, to) = (left.as_ptr(), out.as_mut_ptr());
        // SAFETY: one row of eight, on both sides.
        unsafe { product(Isa::detect(), 1, from, 8, &weights[0], to, 8, onto) };
    }
    assert_eq!(plain, based);
}

#[test]
fn a_packed_matrix_is_of_its_size() {
    let mut dense = Dense::<f32>::default();
    let mut product = |width: usize| {
        let (matrix, rows) = (Array2::ones((4, width)), Array2::ones((2, width)));
        let (way, mut out) = (Way::Forward, [0.0; 8]);
        dense.product(way, matrix.view(), rows.view(), None, &mut out, 1);
        out
    };
    assert_eq!(product(3), [3.0; 8]);
    let failed = catch_unwind(AssertUnwindSafe(|| product(5))).map_err(message);
    assert_eq!(failed, Err("a matrix of another size".to_owned()));
}
