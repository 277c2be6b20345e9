//! The forward pass over a sequence.
//!
//! Takes: a layout, parameters, inputs `[T, B, features]`, initial states. Gives: a
//! [`Recording`]: frames that hold every value the backward pass needs, outputs and states.

use ndarray::{Array3, ArrayView3};

use crate::kernels::{Chance, Float, Isa, Kernel, Place, Workspace};
use crate::threads;

use super::Program;
use super::frame::{Frame, Mode};
use super::layout::Layout;
use super::rows::{Rows, parts, sort};
use super::shared::Shared;

/// What a forward pass leaves. It is reused by the next one, which then allocates nothing unless
/// it needs more than any before.
#[derive(Debug)]
pub(crate) struct Recording<A> {
    pub(crate) shared: Shared<A>,
    pub(crate) parts: Vec<Part<A>>,
    /// Parts of larger batches.
    spare: Vec<Part<A>>,
    /// For sections that work on shared values alone.
    pub(super) alone: Part<A>,
    pub(super) workers: Vec<Worker<A>>,
    /// The rows of the batch as the parts take them.
    order: Vec<usize>,
    /// The states before the first step.
    pub(crate) states: States<A>,
    /// Gradients of the final states, then those of the initial ones.
    pub(crate) flows: States<A>,
    pub(crate) batch: usize,
    pub(crate) steps: usize,
    /// Seed of the random masks while training.
    pub(crate) training: Option<u64>,
}

/// A frame with the rows that it works on, and where everything is in it.
#[derive(Debug)]
pub(crate) struct Part<A> {
    pub(crate) frame: Frame<A>,
    pub(crate) rows: Rows,
    pub(super) places: Vec<Place<A>>,
}

/// What one thread needs to sum over rows.
#[derive(Debug, Default)]
pub(super) struct Worker<A> {
    pub(super) index: usize,
    pub(super) workspace: Workspace<A>,
}

impl<A: Float> Part<A> {
    pub(super) fn new() -> Part<A> {
        Part {
            frame: Frame::new(),
            rows: Rows::default(),
            places: Vec::new(),
        }
    }
}

/// A state's values before the first step, `[depth][B][width]` flat, newest first.
pub(crate) type States<A> = Vec<Vec<A>>;

/// What a forward pass works on.
pub(crate) struct Task<'a, A> {
    pub(crate) params: &'a [A],
    pub(crate) hypers: &'a [A],
    pub(crate) inputs: &'a [ArrayView3<'a, A>],
    pub(crate) lengths: Option<&'a [usize]>,
    pub(crate) training: Option<u64>,
}

impl<A: Float> Recording<A> {
    pub(crate) fn new() -> Recording<A> {
        Recording {
            shared: Shared::new(),
            parts: Vec::new(),
            spare: Vec::new(),
            alone: Part::new(),
            workers: Vec::new(),
            order: Vec::new(),
            states: Vec::new(),
            flows: Vec::new(),
            batch: 0,
            steps: 0,
            training: None,
        }
    }

    /// Makes room for so many parts, and keeps those that are too many.
    fn split(&mut self, count: usize) {
        while self.parts.len() > count {
            self.spare.extend(self.parts.pop());
        }
        while self.parts.len() < count {
            self.parts.push(self.spare.pop().unwrap_or_else(Part::new));
        }
    }

    /// Copies a slot's value of all rows and steps; rows past their length get zeros.
    pub(crate) fn copy(&self, layout: &Layout, slot: usize, out: &mut Array3<A>) {
        let width = layout.width(slot);
        let shared = self.shared.slice(layout, &layout.slots[slot]);
        let Some(out) = out.as_slice_mut() else {
            return;
        };
        for part in &self.parts {
            let plain = shared.is_none() && part.rows.plain(self.batch);
            let whole = plain
                .then(|| part.frame.whole(layout, slot, self.steps))
                .flatten();
            if let Some(values) = whole {
                out.copy_from_slice(values);
                continue;
            }
            for (row, &index) in part.rows.index.iter().enumerate() {
                for time in 0..self.steps {
                    let target = &mut out[(time * self.batch + index) * width..][..width];
                    match shared {
                        _ if time >= part.rows.lengths[row] => target.fill(A::ZERO),
                        Some(values) => target.copy_from_slice(values),
                        None => {
                            target.copy_from_slice(part.frame.row(layout, slot, time as isize, row))
                        }
                    }
                }
            }
        }
    }
}

/// Runs the forward pass from `recording.states` and keeps what the backward pass needs.
pub(crate) fn forward<A: Float, P: Program<A>>(
    layout: &Layout,
    task: &Task<'_, A>,
    recording: &mut Recording<A>,
) {
    let (steps, batch, _) = task.inputs.first().map_or((0, 0, 0), |x| x.dim());
    recording.batch = batch;
    recording.steps = steps;
    recording.training = task.training;
    let count = parts(batch);
    recording.split(count);
    sort(&mut recording.order, batch, steps, task.lengths);
    let shared = &mut recording.shared;
    shared.prepare(layout, task.params, task.hypers);
    for (index, part) in recording.parts.iter_mut().enumerate() {
        part.rows
            .assign(&recording.order, (index, count), steps, task.lengths);
        part.frame
            .prepare(layout, Mode::Sequence, steps, part.rows.count());
        fill(layout, task, &recording.states, part);
    }
    once::<A>(layout, shared, &mut recording.alone, P::forward_once);
    shared.pack(layout, 0);
    for part in &mut recording.parts {
        part.frame.places(layout, shared, &mut part.places);
    }
    let shared = &recording.shared;
    let training = task.training;
    threads::each(&mut recording.parts, |part| {
        let mut k = kernel(layout, shared, &part.places);
        k.chance = Chance {
            seed: training,
            batch: &part.rows.index,
        };
        over_rows(&mut k, &part.rows, P::forward_before);
        for time in 0..steps {
            k.time = time;
            k.rows = part.rows.active(time);
            P::forward_step(&mut k);
        }
        over_rows(&mut k, &part.rows, P::forward_after);
    });
}

/// Runs a section that works on shared values.
pub(super) fn once<A: Float>(
    layout: &Layout,
    shared: &mut Shared<A>,
    alone: &mut Part<A>,
    section: fn(&mut Kernel<'_, A>),
) {
    alone.frame.prepare(layout, Mode::Sequence, 0, 0);
    alone.frame.places(layout, shared, &mut alone.places);
    let mut k = kernel(layout, shared, &alone.places);
    k.rows = 1;
    section(&mut k);
}

/// Runs a section over all rows of all steps: at once where no row is over early.
pub(super) fn over_rows<'a, A: Float>(
    k: &mut Kernel<'a, A>,
    rows: &Rows,
    section: fn(&mut Kernel<'a, A>),
) {
    if rows.even {
        k.time = 0;
        k.rows = rows.count() * rows.steps;
        section(k);
        return;
    }
    for time in 0..rows.steps {
        k.time = time;
        k.rows = rows.active(time);
        section(k);
    }
}

/// The primitives for one frame.
pub(super) fn kernel<'a, A: Float>(
    layout: &'a Layout,
    shared: &'a Shared<A>,
    places: &'a [Place<A>],
) -> Kernel<'a, A> {
    Kernel::new(
        Isa::detect(),
        places,
        shared.weights(),
        &layout.grids,
        &layout.sizes,
    )
}

/// Copies inputs and initial states into a frame.
fn fill<A: Float>(layout: &Layout, task: &Task<'_, A>, states: &States<A>, part: &mut Part<A>) {
    let Part { frame, rows, .. } = part;
    for (input, &slot) in task.inputs.iter().zip(layout.tables.inputs) {
        let whole = frame.whole_mut(layout, slot, rows.steps);
        if let (Some(target), Some(source), true) =
            (whole, input.as_slice(), rows.plain(input.dim().1))
        {
            target.copy_from_slice(source);
            continue;
        }
        for time in 0..rows.steps {
            for row in 0..rows.active(time) {
                let source = input.slice(ndarray::s![time, rows.index[row], ..]);
                let target = frame.row_mut(layout, slot, time as isize, row);
                match source.as_slice() {
                    Some(source) => target.copy_from_slice(source),
                    None => target.iter_mut().zip(source).for_each(|(t, s)| *t = *s),
                }
            }
        }
    }
    for ((state, &slot), values) in layout
        .info
        .graph
        .states
        .iter()
        .zip(layout.tables.states)
        .zip(states)
    {
        let width = layout.width(slot);
        let batch = values.len() / (state.depth * width).max(1);
        for back in 0..state.depth {
            for (row, &index) in rows.index.iter().enumerate() {
                let start = (back * batch + index) * width;
                let target = frame.row_mut(layout, slot, -1 - back as isize, row);
                target.copy_from_slice(&values[start..start + width]);
            }
        }
    }
}

/// The states after the last step of each row.
pub(crate) fn final_states<A: Float>(
    layout: &Layout,
    recording: &Recording<A>,
    out: &mut States<A>,
) {
    resize_states(layout, recording.batch, out);
    let states = layout.info.graph.states.iter().zip(layout.tables.states);
    for ((state, &slot), values) in states.zip(out) {
        let width = layout.width(slot);
        for part in &recording.parts {
            for (row, (&index, &length)) in
                part.rows.index.iter().zip(&part.rows.lengths).enumerate()
            {
                for back in 0..state.depth {
                    let time = length as isize - 1 - back as isize;
                    let start = (back * recording.batch + index) * width;
                    values[start..start + width]
                        .copy_from_slice(part.frame.row(layout, slot, time, row));
                }
            }
        }
    }
}

/// Zeros for the states of so many rows.
pub(crate) fn resize_states<A: Float>(layout: &Layout, batch: usize, out: &mut States<A>) {
    let states = layout.info.graph.states.iter().zip(layout.tables.states);
    out.resize_with(layout.tables.states.len(), Vec::new);
    for ((state, &slot), values) in states.zip(out) {
        values.clear();
        values.resize(state.depth * batch * layout.width(slot), A::ZERO);
    }
}
