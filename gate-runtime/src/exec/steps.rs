//! Steps on a plan.
//!
//! Takes: a section of a program, and the primitives for one worker. Gives: the section step
//! after step, with everything that the steps share settled before the first.

use std::ops::Range;

use crate::kernels::{Float, Kernel, Now, Place, Plan, Span};

use super::calls::Calls;
use super::rows::Rows;
use super::split::Crew;

/// The most phases of a plan; delays without a common measure make many.
const PHASES: usize = 64;

/// After how many steps all rings stand where they stood, if that is soon. Rings that are one
/// block of time begin anew with each block.
pub(super) fn phases<A: Float>(places: &[Place<A>], block: usize) -> Option<usize> {
    let mut phases = 1;
    let rings = places.iter().filter(|p| !p.in_block(block));
    for ring in rings.map(Place::ring).filter(|ring| *ring > 0) {
        phases *= ring / greatest_common_divisor(phases, ring);
        if phases > PHASES {
            return None;
        }
    }
    Some(phases)
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

/// How a worker goes through its rows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Taken {
    /// Step by step, all of them.
    Together,
    /// Each through some steps before the next.
    OneByOne,
}

/// The steps of one worker.
pub(super) struct Steps<'p, 'a, A: Float> {
    /// The plan and its phases, where there is one.
    plan: Option<(&'p Plan, usize)>,
    rows: &'p Rows,
    crew: &'p Crew<'a>,
    taken: Taken,
    section: &'p Calls<A>,
}

impl<'p, 'a, A: Float> Steps<'p, 'a, A> {
    /// Plans a section in `memory`, unless it has but few steps.
    pub(super) fn new(
        k: &mut Kernel<'a, A>,
        memory: &'p mut Plan,
        (rows, crew): (&'p Rows, &'p Crew<'a>),
        (block, taken): (usize, Taken),
        section: &'p Calls<A>,
    ) -> Self {
        let phases = phases(k.places(), block);
        // A plan pays off once its calls run more than twice.
        let phases = phases.filter(|&phases| !crew.rows.is_empty() && rows.steps > 2 * phases);
        if let Some(phases) = phases {
            let steps = rows.steps;
            // Places are checked for all rows up to the last of these.
            (k.first, k.rows) = match taken {
                Taken::Together => (crew.rows.start, crew.rows.len()),
                Taken::OneByOne => (crew.rows.end - 1, 1),
            };
            k.record(memory, phases, Span { steps, block }, |k| section.make(k));
        }
        let memory: &Plan = memory;
        Steps {
            plan: phases
                .filter(|_| memory.usable())
                .map(|phases| (memory, phases)),
            rows,
            crew,
            taken,
            section,
        }
    }

    /// How its rows are taken.
    pub(super) fn taken(&self) -> Taken {
        self.taken
    }

    /// Runs it at the steps of a block of time, forward.
    pub(super) fn run_block(&self, k: &mut Kernel<'a, A>, times: Range<usize>) {
        match self.taken {
            Taken::Together => {
                for (within, time) in times.enumerate() {
                    self.run(k, within, time);
                }
            }
            Taken::OneByOne => {
                let end = self.crew.rows.end.min(self.rows.active(times.start));
                for row in self.crew.rows.start..end {
                    for time in times.start..times.end.min(self.rows.lengths[row]) {
                        self.run_rows(k, time - times.start, time, row..row + 1);
                    }
                }
            }
        }
    }

    /// Runs it at one step, the `within`-th of its block.
    #[inline]
    pub(super) fn run(&self, k: &mut Kernel<'a, A>, within: usize, time: usize) {
        let first = self.crew.rows.start;
        let end = self.crew.rows.end.min(self.rows.active(time));
        self.run_rows(k, within, time, first..end);
    }

    /// The same for rows of this worker that are not over.
    #[inline]
    pub(super) fn run_rows(
        &self,
        k: &mut Kernel<'a, A>,
        within: usize,
        time: usize,
        rows: Range<usize>,
    ) {
        if rows.is_empty() {
            return;
        }
        let Some((plan, phases)) = self.plan else {
            k.time = time;
            (k.first, k.rows) = (rows.start, rows.len());
            return self.section.make(k);
        };
        let now = Now {
            time,
            within,
            first: rows.start,
            rows: rows.len(),
            back: time % 2 == 1,
        };
        k.replay(plan, time % phases, &now);
    }
}
