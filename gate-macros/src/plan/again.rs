//! Memories that are matrices, computed again by the backward pass.
//!
//! Takes: the schedule of both passes. Gives: the part of the forward loop that gives a carried
//! matrix once more from what it was some steps before, so that the tape of a long sequence need
//! not hold the matrices of all steps. What the backward pass does with them is then part of its
//! loop, which goes through a block of time row by row; or, in a cell whose loop multiplies by
//! weights, with all rows together.

use super::schedule::{Instr, Kind, Schedule, SlotId};

/// Sets [`Schedule::again`] and what goes with it, where that can be.
pub(crate) fn compute_again(schedule: &mut Schedule) {
    let Some(found) = Search(schedule).all() else {
        return;
    };
    let Found { again, after, kept } = found;
    let together = loops(schedule).any(Instr::multiplies);
    schedule.together = together;
    let step = &schedule.forward.step;
    schedule.again = again.into_iter().map(|i| step[i].clone()).collect();
    for buffer in kept {
        schedule.buffers[buffer].kind = Kind::Tape;
    }
    for buffer in &mut schedule.buffers {
        if let Kind::Carried(depth) = buffer.kind {
            buffer.kind = Kind::Again(depth);
        }
    }
    let backward = &mut schedule.backward;
    let last = take(&mut backward.after, &after);
    backward.step.extend(last);
}

/// What both passes do at every step.
fn loops(schedule: &Schedule) -> impl Iterator<Item = &Instr> {
    schedule.forward.step.iter().chain(&schedule.backward.step)
}

/// Takes the instructions at these places out of a section.
fn take(section: &mut Vec<Instr>, places: &[usize]) -> Vec<Instr> {
    let mut taken = Vec::new();
    let mut rest = Vec::new();
    for (place, instr) in std::mem::take(section).into_iter().enumerate() {
        let to = match places.contains(&place) {
            true => &mut taken,
            false => &mut rest,
        };
        to.push(instr);
    }
    *section = rest;
    taken
}

/// Places of instructions.
struct Found {
    /// In the forward loop: what gives the matrices.
    again: Vec<usize>,
    /// In the backward pass after its loop: what has to be in it.
    after: Vec<usize>,
    /// Buffers that the tape has to keep.
    kept: Vec<usize>,
}

struct Search<'a>(&'a Schedule);

impl Search<'_> {
    /// All of it; `None` where the matrices have to stay on the tape.
    fn all(&self) -> Option<Found> {
        let (forward, backward) = (&self.0.forward, &self.0.backward);
        let carries = |b: &super::Buffer| matches!(b.kind, Kind::Carried(_));
        if !self.0.buffers.iter().any(carries) {
            return None;
        }
        let elsewhere = [
            &forward.before,
            &forward.after,
            &backward.before,
            &backward.reduce,
            &backward.rows,
            &backward.finish,
        ];
        if elsewhere.into_iter().flatten().any(|i| self.touches(i)) {
            return None;
        }
        let (again, kept) = self.again()?;
        let found = Found {
            again,
            after: self.after()?,
            kept,
        };
        Some(found)
    }

    fn kind(&self, slot: SlotId) -> Kind {
        self.0.buffers[self.0.slots[slot].buffer].kind
    }

    /// Whether an instruction reads or writes a carried matrix.
    fn touches(&self, instr: &Instr) -> bool {
        let slots = instr.reads().into_iter().chain(instr.writes());
        slots
            .into_iter()
            .any(|s| matches!(self.kind(s), Kind::Carried(_)))
    }

    /// Whether one of some slots has elements in common with one of others.
    fn meet(&self, a: &[SlotId], b: &[SlotId]) -> bool {
        a.iter().any(|&a| b.iter().any(|&b| self.0.overlap(a, b)))
    }

    /// The part of the forward loop that gives the matrices, and the buffers that it reads and
    /// that do not outlast a step. What it reads of the same step is computed again if it is a
    /// matrix, and kept if it is not.
    fn again(&self) -> Option<(Vec<usize>, Vec<usize>)> {
        let step = &self.0.forward.step;
        let (mut again, mut kept) = (Vec::new(), Vec::new());
        let mut wanted: Vec<SlotId> = Vec::new();
        for (place, instr) in step.iter().enumerate().rev() {
            let writes = instr.writes();
            let carried = writes
                .iter()
                .any(|&s| matches!(self.kind(s), Kind::Carried(_)));
            if !carried && !self.meet(&writes, &wanted) {
                continue;
            }
            if matches!(instr, Instr::Mask { .. }) || instr.multiplies() {
                return None;
            }
            again.push(place);
            for slot in instr.reads() {
                let buffer = self.0.slots[slot].buffer;
                let own = &self.0.buffers[buffer];
                match own.kind {
                    Kind::Step | Kind::Block if own.areas.iter().all(|a| a.len() < 2) => {
                        kept.push(buffer)
                    }
                    Kind::Step => wanted.push(slot),
                    Kind::Block => return None,
                    _ => {}
                }
            }
        }
        again.reverse();
        Some((again, kept))
    }

    /// What reads the matrices after the backward loop, and what that needs.
    fn after(&self) -> Option<Vec<usize>> {
        let section = &self.0.backward.after;
        let (mut moved, mut wanted) = (Vec::new(), Vec::new());
        for (place, instr) in section.iter().enumerate().rev() {
            if self.touches(instr) || self.meet(&instr.writes(), &wanted) {
                moved.push(place);
                wanted.extend(instr.reads());
            }
        }
        let stay = moved.iter().any(|&place| section[place].multiplies());
        (!stay).then_some(moved)
    }
}
