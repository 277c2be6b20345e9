//! One step after the other.
//!
//! Takes: a layout and parameters. Gives: a [`Stepper`] that has all memory that a step needs;
//! after it is made, a step allocates nothing.

use std::sync::Arc;

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut2};

use crate::kernels::{Float, Kernel, Now, Place, Plan, Span};
use crate::numbers::Numbers;

use super::Program;
use super::calls::Sections;
use super::copies::copy;
use super::frame::{Frame, Mode, Port};
use super::layout::Layout;
use super::run::{Alone, States, kernel, once};
use super::shared::Shared;
use super::steps::phases;

/// Steps of a fixed number of rows.
#[derive(Debug)]
pub(crate) struct Stepper<A> {
    sections: Arc<Sections<A>>,
    pub(crate) frame: Frame<A>,
    /// What steps only read, copies of this stepper too.
    shared: Arc<Shared<A>>,
    places: Vec<Place<A>>,
    /// Where each input and each output is; of an output its slot too, if all rows share it.
    inputs: Vec<Port>,
    outputs: Vec<(Port, Option<usize>)>,
    /// The calls of a step, where delays let its rings return soon.
    plan: Plan,
    /// Number of steps done, kept small: only its position in the rings matters.
    time: usize,
    /// The number of steps after which all rings stand where they stood.
    turn: usize,
    /// Whether the next step takes weights from the end.
    back: bool,
}

/// One step.
fn one<A: Float>(sections: &Sections<A>, k: &mut Kernel<'_, A>) {
    sections.forward_before.make(k);
    sections.forward_step.make(k);
    sections.forward_after.make(k);
}

impl<A: Float> Stepper<A> {
    pub(crate) fn new<P: Program<A>>(
        layout: &Layout,
        numbers: &Numbers<A>,
        rows: usize,
    ) -> Stepper<A> {
        let sections = Arc::new(Sections::of::<P>());
        let mut shared = Shared::new();
        shared.prepare(layout, numbers, rows);
        once(
            layout,
            &mut shared,
            &mut Alone::new(),
            &sections.forward_once,
        );
        shared.pack(layout, 0, 1);
        Stepper::on(layout, sections, Arc::new(shared), rows)
    }

    /// Another one with the same weights, which stands where this one does.
    pub(crate) fn copy(&self, layout: &Layout) -> Stepper<A> {
        let (sections, shared) = (self.sections.clone(), self.shared.clone());
        let mut copy = Stepper::on(layout, sections, shared, self.frame.rows);
        // Both are of one layout and as many rows: the copy's memory stays where it is.
        copy.frame.arena.copy_from_slice(&self.frame.arena);
        (copy.time, copy.back) = (self.time, self.back);
        copy
    }

    fn on(
        layout: &Layout,
        sections: Arc<Sections<A>>,
        shared: Arc<Shared<A>>,
        rows: usize,
    ) -> Stepper<A> {
        let (mut frame, mut places) = (Frame::new(), Vec::new());
        frame.prepare(layout, Mode::Stream, 1, rows);
        frame.places(layout, &shared, &mut places);
        let (mut plan, turn) = (Plan::default(), phases(&places, 0));
        if let (Some(turn), 1..) = (turn, rows) {
            let mut k = kernel(layout, &shared, &places);
            k.rows = rows;
            let span = Span { steps: 1, block: 0 };
            k.record(&mut plan, turn, span, |k| one(&sections, k));
        }
        let depths = layout.info.graph.states.iter().map(|s| s.depth + 1);
        let slots = layout.tables;
        let inputs = slots.inputs.iter().map(|&slot| frame.port(layout, slot));
        let outputs = slots.outputs.iter().map(|&slot| {
            let common = shared.slice(layout, &layout.slots[slot]).map(|_| slot);
            (frame.port(layout, slot), common)
        });
        let (inputs, outputs) = (inputs.collect(), outputs.collect());
        Stepper {
            sections,
            frame,
            shared,
            places,
            inputs,
            outputs,
            plan,
            time: 0,
            turn: turn.unwrap_or_else(|| depths.product()),
            back: false,
        }
    }

    /// Sets some rows of the states, `[depth][rows][width]` each, newest first.
    pub(crate) fn set_states(
        &mut self,
        layout: &Layout,
        states: &States<A>,
        some: std::ops::Range<usize>,
    ) {
        for ((info, &slot), values) in layout
            .info
            .graph
            .states
            .iter()
            .zip(layout.tables.states)
            .zip(states)
        {
            let width = layout.width(slot);
            for back in 0..info.depth {
                for row in some.clone() {
                    let start = (back * self.frame.rows + row) * width;
                    let time = self.time as isize - 1 - back as isize;
                    self.frame
                        .row_mut(layout, slot, time, row)
                        .copy_from_slice(&values[start..start + width]);
                }
            }
        }
    }

    /// Writes down the states.
    pub(crate) fn states(&self, layout: &Layout, out: &mut States<A>) {
        out.resize_with(layout.info.graph.states.len(), Vec::new);
        let states = layout.info.graph.states.iter().zip(layout.tables.states);
        for ((info, &slot), values) in states.zip(out) {
            values.clear();
            for back in 0..info.depth {
                for row in 0..self.frame.rows {
                    let time = self.time as isize - 1 - back as isize;
                    values.extend_from_slice(self.frame.row(layout, slot, time, row));
                }
            }
        }
    }

    /// Whether arrays of these dimensions are those of a step.
    pub(crate) fn fits(
        &self,
        inputs: impl ExactSizeIterator<Item = (usize, usize)>,
        outputs: impl ExactSizeIterator<Item = (usize, usize)>,
    ) -> bool {
        let rows = self.frame.rows;
        inputs.len() == self.inputs.len()
            && outputs.len() == self.outputs.len()
            && inputs
                .zip(&self.inputs)
                .all(|(dim, port)| dim == (rows, port.width))
            && outputs
                .zip(&self.outputs)
                .all(|(dim, (port, _))| dim == (rows, port.width))
    }

    /// Takes over the rows of an input, before [`Stepper::step`].
    pub(crate) fn set_input(&mut self, input: usize, rows: ArrayView2<'_, A>) {
        let port = self.inputs[input];
        let start = port.at(self.time as isize);
        let target = &mut self.frame.arena[start..];
        match rows.as_slice() {
            Some(all) if port.row == port.width => target[..all.len()].copy_from_slice(all),
            _ => {
                for (source, target) in rows.outer_iter().zip(target.chunks_mut(port.row)) {
                    copy(&source, &mut target[..port.width]);
                }
            }
        }
    }

    /// Hands out the rows of an output, after [`Stepper::step`].
    pub(crate) fn output(&self, layout: &Layout, output: usize, mut rows: ArrayViewMut2<'_, A>) {
        let (port, common) = self.outputs[output];
        if let Some(slot) = common {
            let values = self.shared.slice(layout, &layout.slots[slot]);
            let values = ArrayView1::from(values.expect("a slot that all rows share"));
            return rows
                .outer_iter_mut()
                .for_each(|mut row| row.assign(&values));
        }
        let source = &self.frame.arena[port.at(self.time as isize - 1)..];
        match rows.as_slice_mut() {
            Some(all) if port.row == port.width => all.copy_from_slice(&source[..all.len()]),
            _ => {
                for (target, source) in rows.outer_iter_mut().zip(source.chunks(port.row)) {
                    target.into_iter().zip(source).for_each(|(t, s)| *t = *s);
                }
            }
        }
    }

    /// One step.
    pub(crate) fn step(&mut self, layout: &Layout) {
        let rows = self.frame.rows;
        if self.plan.usable() {
            let now = Now {
                time: 0,
                within: 0,
                first: 0,
                rows,
                back: self.back,
            };
            self.back = !self.back;
            self.plan.run(self.time, &now, None, &mut 0);
        } else {
            let mut k = kernel(layout, &self.shared, &self.places);
            k.rows = rows;
            k.time = self.time;
            one(&self.sections, &mut k);
        }
        // The rings' positions repeat after `turn` steps: stay near zero, for ever.
        self.time += 1;
        if self.time == self.turn {
            self.time = 0;
        }
    }
}
