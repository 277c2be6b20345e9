//! The primitives that emitted code calls, on slots instead of pointers.
//!
//! Takes: the places of a program's slots at the present step. Gives: safe methods; each checks
//! that what it reads and writes lies in the slot's buffer, and then calls a kernel. Here is what
//! all of them stand on, and the gradients of weights; `call_maps`, `call_matrices`,
//! `call_products` and `call_rows` have the other primitives.

use std::iter;
use std::ops::Range;

use super::gradient::{TargetPart, Workspace, gradient};
use super::input::Input;
use super::map::Target;
use super::pack::Packed;
use super::place::{self, Chance, Place, Writes};
use super::plan::{Moving, Now, Plan, Span};
use super::team::Worker;
use super::{Float, Isa, LINE};

/// The most products in one stage; the planner keeps to it.
pub(super) const PRODUCTS: usize = 16;

/// The primitives at one step (or over all rows of some steps), as one worker of a team calls
/// them.
///
/// A team shares the rows, and then its workers never meet; or it shares the units of each
/// result, and then they meet after every primitive.
///
/// What every primitive's `SAFETY` stands on:
/// - A place is one of `exec`'s, of memory that nothing else borrows while primitives run, and that
///   stands still until its plan is made anew. `moving` checks that the rows of a slot, at the steps
///   of the call, lie in its own buffer; the primitive's assertions, that slots have the sizes that
///   its function reads and writes.
/// - No two workers are at the same element, one of them writing. Rows are apart, because a slot is no
///   wider than a row of its buffer (`Layout`). What all rows share is written only where `Writes`
///   says that it may be. Where a team shares the units of a result, no other worker reads it before
///   they meet: `expect_apart` checks that it is none of the primitive's operands, but element by
///   element.
/// - All workers of a team make the same calls in the same order: those of one list (`exec`'s `Calls`).
#[derive(Debug)]
pub struct Kernel<'a, A> {
    pub(super) isa: Isa,
    places: &'a [Place<A>],
    pub(super) weights: &'a [Packed<A>],
    grids: &'a [Vec<place::Grid>],
    pub(super) sizes: &'a [usize],
    pub(crate) workspace: Workspace<A>,
    /// Where calls go instead of being run, and the steps that they may run at.
    plan: Option<(Plan, Span)>,
    /// Whether calls on the plan are for this worker's part of the rows.
    part: bool,
    pub(crate) time: usize,
    /// The first row, and how many.
    pub(crate) first: usize,
    pub(crate) rows: usize,
    /// Which worker this is, where each has memory of its own.
    pub(crate) worker: usize,
    /// The team that shares units; `None` where this worker does all of its rows.
    pub(crate) team: Option<Worker<'a>>,
    meetings: usize,
    pub(crate) chance: Chance<'a>,
    /// What may be written of the values that all rows share.
    pub(crate) writes: Writes,
}

impl<'a, A: Float> Kernel<'a, A> {
    pub(crate) fn new(
        isa: Isa,
        places: &'a [Place<A>],
        weights: &'a [Packed<A>],
        grids: &'a [Vec<place::Grid>],
        sizes: &'a [usize],
    ) -> Self {
        Kernel {
            isa,
            places,
            weights,
            grids,
            sizes,
            workspace: Workspace::default(),
            plan: None,
            part: false,
            time: 0,
            first: 0,
            rows: 0,
            worker: 0,
            team: None,
            meetings: 0,
            chance: Chance::default(),
            writes: Writes::Rows,
        }
    }

    /// Where the slots are.
    pub(crate) fn places(&self) -> &'a [Place<A>] {
        self.places
    }

    /// Runs a section for each phase, and keeps its calls on the plan instead of doing them. They
    /// hold for the rows that are set now, the steps of `span`, and this worker of its team.
    pub(crate) fn record(
        &mut self,
        plan: &mut Plan,
        phases: usize,
        span: Span,
        section: impl Fn(&mut Self),
    ) {
        plan.begin(span, self.first + self.rows);
        for phase in 0..phases {
            self.time = phase;
            self.plan = Some((std::mem::take(plan), span));
            section(self);
            if let Some((calls, _)) = self.plan.take() {
                *plan = calls;
            }
            plan.end_phase();
        }
    }

    /// Runs the calls that [`Kernel::record`] kept for a phase.
    #[inline]
    pub(crate) fn replay(&mut self, plan: &Plan, phase: usize, now: &Now) {
        plan.run(phase, now, self.team, &mut self.meetings);
    }

    /// Runs a call now, or keeps it on the plan.
    #[inline]
    pub(super) fn issue(&mut self, call: impl Fn(&Now) + Copy + 'static) {
        match &mut self.plan {
            Some((plan, _)) => plan.push(call, self.part),
            None => call(&self.now()),
        }
    }

    /// Notes, while a plan is made, that the present call cannot be on it.
    pub(super) fn refuse(&mut self) -> bool {
        if let Some((plan, _)) = &mut self.plan {
            plan.fail();
        }
        self.plan.is_some()
    }

    /// A slot at the present step, or at all steps of a plan, once it is clear that `rows` rows
    /// of it lie in its buffer.
    #[inline]
    pub(super) fn moving(&self, slot: usize) -> Moving<A> {
        self.moving_at(&self.places[slot], self.time)
    }

    /// The same of a place, at a step.
    #[inline]
    pub(super) fn moving_at(&self, place: &Place<A>, time: usize) -> Moving<A> {
        let rows = self.first + self.rows;
        let span = self.plan.as_ref().map(|(_, span)| *span);
        Moving::new(place, time, span, (self.worker, rows))
    }

    /// A slot as an operand of an element-wise function of `width` units.
    #[inline]
    pub(super) fn input(&self, slot: usize, width: usize) -> Input<A> {
        let own = self.width(slot);
        assert!(own == width || own == 1, "operands of one width");
        Input {
            place: self.moving(slot),
            unit: usize::from(own == width),
        }
    }

    /// A slot as a value of `width` units.
    #[inline]
    pub(super) fn whole(&self, slot: usize, width: usize) -> Moving<A> {
        assert!(self.width(slot) == width, "values of one width");
        self.moving(slot)
    }

    /// A slot as a result, of which this worker writes some rows or units.
    #[inline]
    pub(super) fn result(&self, slot: usize) -> Moving<A> {
        let own = !self.places[slot].shared() || self.writes == Writes::All;
        assert!(own, "a result that all rows share");
        self.moving(slot)
    }

    /// The same of `width` units.
    #[inline]
    pub(super) fn whole_result(&self, slot: usize, width: usize) -> Moving<A> {
        assert!(self.width(slot) == width, "results of one width");
        self.result(slot)
    }

    /// A slot of `width` elements to which sums over all rows are added.
    #[inline]
    pub(super) fn summed(&self, slot: usize, width: usize) -> Target<A> {
        assert!(self.width(slot) == width, "results of one width");
        assert!(self.writes >= Writes::Sums, "a sum over some of the rows");
        self.moving(slot).target(&self.now())
    }

    /// The present step; without a plan places are those of that step.
    #[inline]
    pub(super) fn now(&self) -> Now {
        Now {
            time: 0,
            within: 0,
            first: self.first,
            rows: self.rows,
            back: false,
        }
    }

    /// Number of elements of a slot.
    #[inline]
    pub(super) fn width(&self, slot: usize) -> usize {
        self.places[slot].width
    }

    /// Checks that no worker of a team that shares units writes what another one uses: a result may
    /// be an operand, whose units are shared likewise, but has nothing in common with values that
    /// every worker reads all of.
    #[inline]
    pub(super) fn expect_apart<'s>(
        &self,
        results: &'s [usize],
        operands: impl Iterator<Item = &'s usize> + Clone,
        whole: impl Iterator<Item = &'s usize> + Clone,
    ) {
        if self.team.is_none_or(|team| team.count == 1) {
            return;
        }
        let rows = self.first + self.rows;
        let at = |slot: usize| &self.places[slot];
        let apart = |a: usize, b: usize| at(a).apart(at(b), rows);
        let alike = |a: usize, b: usize| at(a).same_columns(at(b)) || apart(a, b);
        for &result in results {
            let mut used = results.iter().chain(operands.clone());
            let fits = used.all(|&other| alike(result, other))
                && whole.clone().all(|&other| apart(result, other));
            assert!(fits, "a result that other workers use");
        }
    }

    /// This worker's part of some columns, cut at multiples of `granule`.
    pub(super) fn share(&self, columns: usize, granule: usize) -> Range<usize> {
        self.team
            .map_or(0..columns, |team| team.share(columns, granule))
    }

    /// Waits for the others of a team that shares units.
    pub(crate) fn meet(&mut self) {
        match (&mut self.plan, self.team) {
            (Some((plan, _)), Some(team)) if team.count > 1 => plan.push_meeting(),
            (None, Some(team)) => team.meet(&mut self.meetings),
            _ => {}
        }
    }

    /// Does something that works row by row on this worker's part of the rows.
    pub(super) fn by_rows(&mut self, work: impl FnOnce(&mut Self)) {
        if self.plan.is_some() {
            self.part = true;
            work(self);
            self.part = false;
        } else {
            let all = self.now();
            let part = all.part(self.team);
            (self.first, self.rows) = (part.first, part.rows);
            if self.rows > 0 {
                work(self);
            }
            (self.first, self.rows) = (all.first, all.rows);
        }
        self.meet();
    }

    /// Gradients of weights: `Σ leftᵀ right` over rows, added block by block.
    pub fn grad_product(&mut self, left: usize, right: usize, grid: usize) {
        if self.refuse() {
            return;
        }
        let (columns, now) = (self.share(self.width(right), LINE), &self.now());
        let mut workspace = std::mem::take(&mut self.workspace);
        let (u, v) = (self.moving(left).rows(now), self.moving(right).rows(now));
        let (height, width) = (self.width(left), self.width(right));
        let (places, blocks) = (self.places, &self.grids[grid]);
        assert!(self.writes >= Writes::Sums, "a sum over some of the rows");
        for (index, block) in blocks.iter().enumerate() {
            let place = &places[block.slot];
            // Other columns of this block may be the same elements of the matrix as a worker's of an
            // earlier one.
            let apart = |earlier: &place::Grid| places[earlier.slot].apart(place, 0);
            if !blocks[..index].iter().all(apart) {
                self.meet();
            }
            self.expect_apart(&[block.slot], iter::empty(), [left, right].iter());
            let inside = block.end().is_some_and(|end| end <= place.length);
            assert!(inside && block.within(height, width), "a gradient's size");
            let part = TargetPart {
                ptr: place.base.wrapping_add(block.start),
                k_offset: block.k_offset,
                n_offset: block.n_offset,
                k_len: block.k,
                n_len: block.n,
                k_stride: block.k_stride,
                n_stride: block.n_stride,
            };
            // SAFETY: `moving` checked the operands' rows, the assertion the target; workers take
            // different columns, whose elements differ (`Layout`). For the rest see `Kernel`.
            unsafe {
                gradient(
                    self.isa,
                    self.rows,
                    u,
                    v,
                    &[part],
                    columns.clone(),
                    &mut workspace,
                )
            }
        }
        self.workspace = workspace;
        self.meet();
    }
}
