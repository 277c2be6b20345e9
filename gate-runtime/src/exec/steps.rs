//! Steps on a plan.
//!
//! Takes: a section of a program, and the primitives for one worker. Gives: the section step
//! after step, with everything that the steps share settled before the first.

use crate::kernels::{Float, Kernel, Now, Place, Plan, Span};

use super::rows::Rows;
use super::run::at_step;
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

/// The steps of one worker.
pub(super) struct Steps<'p, 'a, A: Float> {
    /// The plan and its phases, where there is one.
    plan: Option<(&'p Plan, usize)>,
    rows: &'p Rows,
    crew: &'p Crew<'a>,
    section: fn(&mut Kernel<'a, A>),
}

impl<'p, 'a, A: Float> Steps<'p, 'a, A> {
    /// Plans a section in `memory`, unless it has but few steps.
    pub(super) fn new(
        k: &mut Kernel<'a, A>,
        memory: &'p mut Plan,
        (rows, crew): (&'p Rows, &'p Crew<'a>),
        block: usize,
        section: fn(&mut Kernel<'a, A>),
    ) -> Self {
        let phases = phases(k.places(), block);
        // A plan pays off once its calls run more than twice.
        let phases = phases.filter(|&phases| !crew.rows.is_empty() && rows.steps > 2 * phases);
        if let Some(phases) = phases {
            let steps = rows.steps;
            (k.first, k.rows) = (crew.rows.start, crew.rows.len());
            k.record(memory, phases, Span { steps, block }, section);
        }
        let memory: &Plan = memory;
        Steps {
            plan: phases
                .filter(|_| memory.usable())
                .map(|phases| (memory, phases)),
            rows,
            crew,
            section,
        }
    }

    /// Runs it at one step, the `within`-th of its block.
    pub(super) fn run(&self, k: &mut Kernel<'a, A>, within: usize, time: usize) {
        let Some((plan, phases)) = self.plan else {
            return at_step(k, self.rows, self.crew, time, self.section);
        };
        let first = self.crew.rows.start;
        let end = self.crew.rows.end.min(self.rows.active(time));
        if first < end {
            let now = Now {
                time,
                within,
                first,
                rows: end - first,
                back: time % 2 == 1,
            };
            k.replay(plan, time % phases, now);
        }
    }
}
