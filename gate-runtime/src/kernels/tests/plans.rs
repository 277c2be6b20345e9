//! Products of one row, and planned calls: bit for bit what the general ways give.

use std::ptr::null;

use super::super::plan::{Now, Plan, Span};
use super::super::row::{Ends, RowProduct};
use super::super::team::together;
use super::super::{
    Base, Float, Isa, Kernel, LINE, Map, Onto, Order, Packed, Part, Place, Real, Writes, product,
};
use super::{assert_near, numbers, sets, tolerance};

fn packed<A: Float>(
    order: Order,
    weights: &[A],
    depth: usize,
    groups: usize,
    width: usize,
) -> Packed<A> {
    let columns = groups * width;
    let part = Part {
        ptr: weights.as_ptr(),
        k_offset: 0,
        n_offset: 0,
        k_len: depth,
        n_len: columns,
        k_stride: columns,
        n_stride: 1,
    };
    let mut packed = Packed::default();
    // SAFETY: the part is all of the weights.
    unsafe { packed.pack_groups(order, depth, groups, width, &[part]) };
    packed
}

pub(super) fn check_row<A: Float>(
    isa: Isa,
    order: Order,
    depth: usize,
    groups: usize,
    width: usize,
) {
    let (left, weights) = (
        numbers::<A>(depth + 1, 1),
        numbers::<A>(depth * groups * width + 1, 2),
    );
    let columns = groups * width;
    let mut expected = vec![A::ZERO; columns];
    let plain = packed(order, &weights, depth, 1, columns);
    let grouped = packed(order, &weights, depth, groups, width);
    let row = RowProduct::new(isa, &grouped, 0..grouped.width());
    // Every second group has a base.
    let base = numbers::<A>(columns + row.group(), 3);
    let own = |group: usize| (group % 2 == 1).then(|| base[group * width..].as_ptr());
    let bases: Vec<*const A> = (0..groups).map(|g| own(g).unwrap_or(null())).collect();
    let both: Vec<A> = (0..columns)
        .map(|c| own(c / width).map_or(A::ZERO, |_| base[c]))
        .collect();
    for (from, back) in [
        (null(), false),
        (both.as_ptr(), false),
        (null(), true),
        (both.as_ptr(), true),
    ] {
        let mut found = vec![A::ONE; row.elements()];
        let onto = match from.is_null() {
            true => Onto::Nothing,
            false => Onto::Base(Base { ptr: from, row: 0 }),
        };
        let ends = Ends {
            left: left.as_ptr(),
            bases: if from.is_null() {
                null()
            } else {
                bases.as_ptr()
            },
            units: width,
            out: found.as_mut_ptr(),
            back,
        };
        let (left, out) = (left.as_ptr(), expected.as_mut_ptr());
        // SAFETY: the buffers have these sizes.
        unsafe {
            product(isa, 1, left, depth, &plain, out, columns, onto);
            row.run(&ends);
        }
        for group in 0..groups {
            // A part of a line is the caller's to add.
            let part = match from.is_null() {
                true => width,
                false => width / LINE * LINE,
            };
            for u in part..width {
                let at = group * row.group() + u;
                found[at] += both[group * width + u];
            }
            let found = &found[group * row.group()..][..width];
            let expected = &expected[group * width..][..width];
            let place = (isa, depth, groups, width, group);
            if grouped.chains(isa) == plain.chains(isa) {
                assert_eq!(found, expected, "{place:?}");
            }
            for (a, b) in found.iter().zip(expected) {
                assert_near(*a, b.to_f64(), tolerance::<A>(depth), place);
            }
        }
    }
}

#[test]
fn a_row_alone() {
    for isa in sets() {
        for groups in [1, 2, 3, 4, 5, 8, 11] {
            for width in [1, 16, 17, 40, 100, 150] {
                for depth in [0, 1, 33, 100] {
                    for order in [Order::Together, Order::Apart] {
                        check_row::<f32>(isa, order, depth, groups, width);
                        check_row::<f64>(isa, order, depth, groups, width);
                    }
                }
            }
        }
    }
}

/// Two groups of a product, the state one and two steps ago, a scalar.
struct Update;
impl Map<5, 2> for Update {
    #[inline(always)]
    fn eval<V: Real>([a, b, one, two, s]: [V; 5]) -> [V; 2] {
        let h = a.tanh() * one + b * two;
        [h, h * s]
    }
}

/// The same without products.
struct Next;
impl Map<2, 1> for Next {
    #[inline(always)]
    fn eval<V: Real>([a, b]: [V; 2]) -> [V; 1] {
        [a - b]
    }
}

const STEPS: usize = 7;
const SPAN: Span = Span {
    steps: STEPS,
    block: 0,
};
/// Slots.
const H: usize = 0;
const H1: usize = 1;
const H2: usize = 2;
const C: usize = 3;
const C1: usize = 4;
const Y: usize = 5;
const S: usize = 6;
const Z: usize = 7;

/// `h` in a ring of three steps, `c` in one of two, `y` at every step, a scalar `s` of each
/// row, and `z`, twice as wide, of every step.
fn places<A: Float>(memory: &mut [A], rows: usize, width: usize) -> Vec<Place<A>> {
    let value = rows * width;
    let sizes = [3 * value, 2 * value, STEPS * value, rows, STEPS * 2 * value];
    let base = memory.as_mut_ptr();
    let mut start = 0;
    let bases = sizes.map(|size| {
        start += size;
        base.wrapping_add(start - size)
    });
    let place = |buffer: usize, shift: isize, ring: usize| Place {
        base: bases[buffer],
        length: sizes[buffer],
        time: value,
        shift,
        ring,
        row: width,
        width,
        window: 0,
    };
    let mut out = vec![
        place(0, 2, 3),
        place(0, 1, 3),
        place(0, 0, 3),
        place(1, 1, 2),
        place(1, 0, 2),
        place(2, 0, 0),
        place(3, 0, 0),
        place(4, 0, 0),
    ];
    (out[S].time, out[S].row, out[S].width) = (0, 1, 1);
    (out[Z].time, out[Z].row, out[Z].width) = (2 * value, 2 * width, 2 * width);
    out
}

fn section<A: Float>(k: &mut Kernel<'_, A>) {
    k.stage::<Update, 5, 2>(&[(H1, 0)], &[], &[H1, H2, S], &[H, Y]);
    k.map::<Next, 2, 1>(&[H, C1], &[C]);
    k.product(C, 1, Z, None);
    k.sum(C, S);
}

pub(super) fn check_plan<A: Float>(isa: Isa, rows: usize, width: usize) {
    let weights = [
        packed(
            Order::Together,
            &numbers::<A>(2 * width * width, 3),
            width,
            2,
            width,
        ),
        packed(
            Order::Apart,
            &numbers::<A>(2 * width * width, 4),
            width,
            1,
            2 * width,
        ),
    ];
    let start = numbers::<A>(((5 + 3 * STEPS) * width + 1) * rows, 5);
    let mut direct = start.clone();
    let slots = places(&mut direct, rows, width);
    let mut k = Kernel::new(isa, &slots, &weights, &[], &[]);
    for time in 0..STEPS {
        (k.time, k.rows) = (time, rows);
        section(&mut k);
    }
    for workers in 1..=3 {
        let mut planned = start.clone();
        let slots = places(&mut planned, rows, width);
        together(workers, &|worker| {
            let mut k = Kernel::new(isa, &slots, &weights, &[], &[]);
            (k.rows, k.team) = (rows, Some(worker));
            let mut plan = Plan::default();
            k.record(&mut plan, 6, SPAN, section);
            assert!(plan.usable());
            let (within, first) = (0, 0);
            for time in 0..STEPS {
                let now = Now {
                    time,
                    within,
                    first,
                    rows,
                    back: time % 2 == 1,
                };
                k.replay(&plan, time % 6, &now);
            }
        });
        assert!(
            direct == planned,
            "{isa:?}: {rows} rows of {width}, {workers} workers"
        );
    }
}

#[test]
fn planned_calls() {
    for isa in sets() {
        for rows in [1, 4, 13] {
            for width in [1, 5, 16, 40, 300, 1100] {
                check_plan::<f32>(isa, rows, width);
                check_plan::<f64>(isa, rows, width);
            }
        }
    }
}

#[test]
#[should_panic(expected = "outside of its buffer")]
fn a_plan_for_more_steps_than_there_are() {
    let weights = [
        packed(Order::Together, &numbers::<f32>(32, 3), 4, 2, 4),
        packed(Order::Apart, &numbers::<f32>(32, 4), 4, 1, 8),
    ];
    let mut memory = numbers::<f32>((5 + 3 * STEPS) * 4 + 1, 5);
    let slots = places(&mut memory, 1, 4);
    let mut k = Kernel::new(Isa::Baseline, &slots, &weights, &[], &[]);
    k.rows = 1;
    let steps = STEPS + 1;
    k.record(&mut Plan::default(), 6, Span { steps, ..SPAN }, section);
}

#[test]
fn what_cannot_be_planned_is_noted() {
    let mut memory = numbers::<f32>((5 + 3 * STEPS) * 4 + 1, 5);
    let slots = places(&mut memory, 1, 4);
    let (mut k, mut plan) = (
        Kernel::new(Isa::Baseline, &slots, &[], &[], &[]),
        Plan::default(),
    );
    (k.rows, k.writes) = (1, Writes::All);
    k.record(&mut plan, 1, SPAN, |k| k.add(C1, C));
    assert!(!plan.usable());
    k.record(&mut plan, 1, SPAN, |k| k.copy(C1, C));
    assert!(plan.usable());
}
