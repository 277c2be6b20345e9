//! Calls of primitives whose places and checks were settled once, for all steps.
//!
//! Takes: calls as closures over places that move from step to step. Gives: a [`Plan`] that runs
//! them in order. A plan trusts its maker (`exec`) that the memory stands still while it is run.

use std::mem::MaybeUninit;

use super::place::Place;
use super::team::Worker;
use super::{Float, Rows, Target};

/// The step that a call runs at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    pub(crate) time: usize,
    /// Steps since the beginning of the block of time.
    pub(crate) within: usize,
    /// The first row, and how many.
    pub(crate) first: usize,
    pub(crate) rows: usize,
    /// Whether products of one row take the weights from the end. Every second step does: it
    /// begins with what the step before took last, which is still near.
    pub(crate) back: bool,
}

impl Now {
    /// A worker's part of the rows.
    pub(super) fn part(&self, team: Option<Worker<'_>>) -> Now {
        let Some(team) = team else {
            return *self;
        };
        let own = team.share(self.rows, 1);
        Now {
            first: self.first + own.start,
            rows: own.len(),
            ..*self
        }
    }
}

/// The steps that a plan is for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Span {
    /// All of them.
    pub(crate) steps: usize,
    /// Those of a block of time: rings of this length are passed through once in each.
    pub(crate) block: usize,
}

/// Where a slot's value is, step by step.
#[derive(Debug)]
pub(super) struct Moving<A> {
    /// Its first element at step 0.
    ptr: *mut A,
    /// Elements from one step to the next.
    step: usize,
    /// Whether steps count from the beginning of the block of time.
    within: bool,
    /// Elements from one row to the next.
    row: usize,
}

impl<A> Clone for Moving<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Moving<A> {}

impl<A: Float> Moving<A> {
    pub(super) const NONE: Moving<A> = Moving {
        ptr: std::ptr::null_mut(),
        step: 0,
        within: false,
        row: 0,
    };

    /// Of a place at one step, or, for a plan, at all steps of a span; then `time` says where in
    /// the rings the step stands. `rows` counts from the first of all; the worker is the one whose
    /// memory it is, if each has its own.
    ///
    /// # Panics
    /// If some row of some step lies outside of the buffer.
    #[inline]
    pub(super) fn new(
        place: &Place<A>,
        time: usize,
        span: Option<Span>,
        (worker, rows): (usize, usize),
    ) -> Moving<A> {
        let stride = place.time;
        // The first step, elements to the next, whether in a block, and how many steps.
        let (first, step, within, steps) = match (span, place.ring) {
            (None, 0) => (time as isize + place.shift, 0, false, 1),
            (Some(span), 0) => (place.shift, stride, false, span.steps),
            (None, ring) if place.window > 0 => {
                let within = (time % ring) as isize;
                (within + place.shift, 0, false, 1)
            }
            (Some(span), ring) if place.in_block(span.block) => (place.shift, stride, true, ring),
            (_, ring) => {
                let turn = (time as isize + place.shift).rem_euclid(ring as isize);
                (turn, 0, false, 1)
            }
        };
        // Too large a product is outside of any buffer, not at its beginning again.
        let after =
            |start: usize, count: usize, each| start.saturating_add(count.saturating_mul(each));
        let start = after(worker.saturating_mul(place.window), first as usize, stride);
        let last = after(start, steps.saturating_sub(1), step);
        let end = after(last, rows.saturating_sub(1), place.row).saturating_add(place.width);
        let inside = (first >= 0 || stride == 0) && end <= place.room(worker);
        assert!(inside, "a slot outside of its buffer");
        Moving {
            ptr: place.base.wrapping_add(start),
            step,
            within,
            row: place.row,
        }
    }

    #[inline(always)]
    pub(super) fn at(&self, now: &Now) -> *mut A {
        let steps = if self.within { now.within } else { now.time };
        let at = self.ptr.wrapping_add(steps * self.step);
        // A call has many places, and a multiplication in each is felt with a single row.
        match now.first {
            0 => at,
            first => at.wrapping_add(first * self.row),
        }
    }

    /// Whether it is [`Moving::NONE`].
    #[inline(always)]
    pub(super) fn is_none(&self) -> bool {
        self.ptr.is_null()
    }

    /// Whether both are one value.
    pub(super) fn same(&self, other: &Moving<A>) -> bool {
        self.ptr == other.ptr
    }

    #[inline(always)]
    pub(super) fn row(&self) -> usize {
        self.row
    }

    #[inline(always)]
    pub(super) fn rows(&self, now: &Now) -> Rows<A> {
        Rows {
            ptr: self.at(now),
            row: self.row,
        }
    }

    #[inline(always)]
    pub(super) fn target(&self, now: &Now) -> Target<A> {
        Target {
            ptr: self.at(now),
            row: self.row,
        }
    }
}

/// Calls in order, for each phase of the rings. Reused, it does not allocate.
#[derive(Default)]
pub(crate) struct Plan {
    /// The closures' values, one after the other.
    words: Vec<MaybeUninit<u64>>,
    calls: Vec<Call>,
    /// Where the calls of each phase end.
    ends: Vec<usize>,
    /// The steps, and rows from the first of all, for which the places were checked.
    span: Span,
    rows: usize,
    /// Something cannot be planned.
    failed: bool,
}

#[derive(Clone, Copy)]
enum Call {
    /// A closure, and its first word.
    Run(unsafe fn(*const MaybeUninit<u64>, &Now), usize),
    /// One that each worker of a team calls for its part of the rows.
    RunRows(unsafe fn(*const MaybeUninit<u64>, &Now), usize),
    /// The workers of a team wait for each other.
    Meet,
}

// SAFETY: the closures are those of the primitives (`push` is for them alone). They hold places,
// which may be sent and shared as `Place` says, the addresses of packed weights, and numbers. A plan
// is run only by those who recorded it in the same call of `exec`, which lends out the weights as
// long, or by a `Stepper`, which owns them: nobody changes them meanwhile.
unsafe impl Send for Plan {}
// SAFETY: as above; running a plan does not change it.
unsafe impl Sync for Plan {}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plan of {} calls", self.calls.len())
    }
}

/// Calls a closure that was written to the words at `at`.
///
/// # Safety
/// An `F` stands there.
unsafe fn invoke<F: Fn(&Now)>(at: *const MaybeUninit<u64>, now: &Now) {
    // SAFETY: `Plan::push` wrote an `F` there.
    unsafe { (*at.cast::<F>())(now) }
}

impl Plan {
    /// Forgets all calls; the next ones are for these steps, and rows up to this one.
    pub(super) fn begin(&mut self, span: Span, rows: usize) {
        (self.span, self.rows) = (span, rows);
        self.words.clear();
        self.calls.clear();
        self.ends.clear();
        self.failed = false;
    }

    /// Adds a call to the present phase, for all rows or for the worker's part of them. What is
    /// copied has no destructor to run.
    pub(super) fn push<F: Fn(&Now) + Copy + 'static>(&mut self, call: F, part: bool) {
        assert!(
            align_of::<F>() <= align_of::<u64>(),
            "a closure of plain words"
        );
        let at = self.words.len();
        let end = at + size_of::<F>().div_ceil(size_of::<u64>());
        self.words.resize(end, MaybeUninit::uninit());
        // SAFETY: there is room for an `F` from word `at` on, and it is aligned to a word.
        unsafe { self.words.as_mut_ptr().add(at).cast::<F>().write(call) };
        self.calls.push(match part {
            false => Call::Run(invoke::<F>, at),
            true => Call::RunRows(invoke::<F>, at),
        });
    }

    /// Adds a meeting of the team.
    pub(super) fn push_meeting(&mut self) {
        self.calls.push(Call::Meet);
    }

    /// Notes that a call cannot be planned.
    pub(super) fn fail(&mut self) {
        self.failed = true;
    }

    /// Ends the present phase.
    pub(crate) fn end_phase(&mut self) {
        self.ends.push(self.calls.len());
    }

    /// Whether it holds every call.
    pub(crate) fn usable(&self) -> bool {
        !self.failed && !self.ends.is_empty()
    }

    /// Runs the calls of a phase, as one worker of the team that they were planned for.
    ///
    /// # Panics
    /// If they were planned for fewer steps or rows.
    #[inline]
    pub(crate) fn run(
        &self,
        phase: usize,
        now: &Now,
        team: Option<Worker<'_>>,
        meetings: &mut usize,
    ) {
        let steps = now.time < self.span.steps && now.within < self.span.block.max(1);
        let planned = steps && now.first + now.rows <= self.rows;
        assert!(planned, "a step that is not on the plan");
        let start = if phase == 0 { 0 } else { self.ends[phase - 1] };
        for call in &self.calls[start..self.ends[phase]] {
            let part;
            let (run, at, now) = match *call {
                Call::Run(run, at) => (run, at, now),
                Call::RunRows(run, at) => {
                    part = now.part(team);
                    (run, at, &part)
                }
                Call::Meet => {
                    if let Some(team) = team {
                        team.meet(meetings);
                    }
                    continue;
                }
            };
            if now.rows > 0 {
                // SAFETY: `push` made `run` for the closure that it wrote to the words at `at`.
                unsafe { run(self.words.as_ptr().add(at), now) }
            }
        }
    }
}
