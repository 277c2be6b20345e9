//! One step after the other.
//!
//! Takes: a layout and parameters. Gives: a [`Stepper`] that owns all memory that a step needs;
//! after it is made, a step allocates nothing.

use crate::kernels::{Float, Place};

use super::Program;
use super::frame::{Frame, Mode};
use super::layout::Layout;
use super::run::{Alone, States, kernel, once};
use super::shared::Shared;

/// Steps of a fixed number of rows.
#[derive(Debug)]
pub(crate) struct Stepper<A> {
    pub(crate) frame: Frame<A>,
    shared: Shared<A>,
    places: Vec<Place<A>>,
    /// Number of steps done, kept small: only its position in the rings matters.
    time: usize,
    turn: usize,
}

impl<A: Float> Stepper<A> {
    pub(crate) fn new<P: Program<A>>(
        layout: &Layout,
        params: &[A],
        hypers: &[A],
        rows: usize,
    ) -> Stepper<A> {
        let (mut frame, mut shared, mut places) = (Frame::new(), Shared::new(), Vec::new());
        frame.prepare(layout, Mode::Stream, 1, rows);
        shared.prepare(layout, params, hypers);
        once::<A>(layout, &mut shared, &mut Alone::new(), P::forward_once);
        shared.pack(layout, 0);
        frame.places(layout, &mut shared, &mut places);
        let turn = layout
            .info
            .graph
            .states
            .iter()
            .map(|s| s.depth + 1)
            .product::<usize>()
            .max(1);
        Stepper {
            frame,
            shared,
            places,
            time: 0,
            turn,
        }
    }

    /// Sets the states, `[depth][rows][width]` each, newest first.
    pub(crate) fn set_states(&mut self, layout: &Layout, states: &States<A>) {
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
                for row in 0..self.frame.rows {
                    let start = (back * self.frame.rows + row) * width;
                    let time = self.time as isize - 1 - back as isize;
                    self.frame
                        .row_mut(layout, slot, time, row)
                        .copy_from_slice(&values[start..start + width]);
                }
            }
        }
    }

    /// The states.
    pub(crate) fn states(&self, layout: &Layout) -> States<A> {
        let mut out = Vec::new();
        for (info, &slot) in layout.info.graph.states.iter().zip(layout.tables.states) {
            let mut values = Vec::with_capacity(info.depth * self.frame.rows * layout.width(slot));
            for back in 0..info.depth {
                for row in 0..self.frame.rows {
                    let time = self.time as isize - 1 - back as isize;
                    values.extend_from_slice(self.frame.row(layout, slot, time, row));
                }
            }
            out.push(values);
        }
        out
    }

    /// The memory of an input's row, to be filled before [`Stepper::step`].
    pub(crate) fn input(&mut self, layout: &Layout, input: usize, row: usize) -> &mut [A] {
        let time = self.time as isize;
        self.frame
            .row_mut(layout, layout.tables.inputs[input], time, row)
    }

    /// An output's row after [`Stepper::step`].
    pub(crate) fn output(&self, layout: &Layout, output: usize, row: usize) -> &[A] {
        let slot = &layout.slots[layout.tables.outputs[output]];
        match self.shared.slice(layout, slot) {
            Some(values) => values,
            None => self.frame.row(
                layout,
                layout.tables.outputs[output],
                self.time as isize - 1,
                row,
            ),
        }
    }

    /// One step.
    pub(crate) fn step<P: Program<A>>(&mut self, layout: &Layout) {
        let mut k = kernel(layout, &self.shared, &self.places);
        k.rows = self.frame.rows;
        k.time = self.time;
        P::forward_before(&mut k);
        P::forward_step(&mut k);
        P::forward_after(&mut k);
        self.time += 1;
        // The rings' positions repeat after `turn` steps: stay near zero, for ever.
        if self.time >= 2 * self.turn {
            self.time -= self.turn;
        }
    }
}
